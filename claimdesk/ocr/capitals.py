"""Words and figures: a total in capitals and the total beside it prove each other, or make each other doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from claimdesk.amounts import to_capital
from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate
from claimdesk.ocr.sumcheck import bare_capital, capital_value
from claimdesk.ocr.values import decimal
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, EXACT, PROVEN, WITNESSED


def weigh_capital(weighing: Weighing, sums: Iterable[str]) -> None:
    """Weigh `total_capital` against the `total`; where they object, `sums` are doubted with it."""
    candidates = weighing.candidates('total_capital')
    if not candidates:
        return
    weighing.plain('total_capital')
    extract, found = candidates[0]
    total = decimal(weighing.out['total'].value) if 'total' in weighing.out else None
    if total is None:
        weighing.doubt('total_capital', _("There is no total to compare it with."), ALONE)
        return
    if capital_value(found.value) != total and extract.source not in EXACT and weighing.out['total'].sure:
        _mend(weighing, found, total)
    text = weighing.out['total_capital'].value
    same = capital_value(text) == total
    detail = f'{text} = {total}' if same else _("{capital} is not {total}.").format(capital=text, total=total)
    weighing.check('capital', same, detail, ('total', 'total_capital'))
    if not same:
        weighing.doubt('total_capital', detail)
        # Digits that look alike are misread alike in all sums: where the words object, only a QR code overrules.
        for name in () if 'qr' in weighing.out['total'].source else sums:
            weighing.doubt(name, detail, ALONE)
    elif weighing.out['total'].source == 'capital':
        # The total was taken from these words: it proves nothing about them.
        weighing.doubt('total_capital', _("There is no total to compare it with."), ALONE)
    elif extract.source not in EXACT and text == found.value:
        canonical = bare_capital(text) == bare_capital(to_capital(abs(total)))
        if canonical or weighing.out['total_capital'].confidence >= WITNESSED:
            weighing.set('total_capital', text, PROVEN, weighing.out['total_capital'].source)


def _mend(weighing: Weighing, found: Candidate, total: Decimal) -> None:
    """Words that differ from the sure total by a character or two were misread; the second reader may know."""
    right = to_capital(abs(total)).replace('元', '圆' if '圆' in found.value else '元')
    bare, read = bare_capital(right), bare_capital(found.value)
    swapped = len(bare) == len(read) and sum(a != b for a, b in zip(bare, read, strict=True)) <= 2
    look = weighing.look
    seen = found.found is not None and look is not None and look.confirms(found.found, right.rstrip('整'))
    if swapped or seen:
        sign = re.match(r'[（(]?负数?[）)]?', found.value)
        words = (sign[0] if sign else '') + right
        weighing.set('total_capital', words, WITNESSED, weighing.out['total_capital'].source)
