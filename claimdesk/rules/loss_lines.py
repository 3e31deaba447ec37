"""Lines of a loss out of the lines of a paper: what a garage, a shop or a hospital charges for, item by item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from claimdesk.amounts import uncounted, yuan
from claimdesk.rules.loss import LossLine, line_amount
from claimdesk.rules.loss_paste import kind_of, number
from claimdesk.vocabulary import MedicalClass

SLACK = Decimal('0.05')
"""By how much the lines of a paper may miss its total, in yuan: each is rounded for itself."""
_CLASSES = {
    MedicalClass.A: ('甲', '无自付'),
    MedicalClass.B: ('乙', '有自付'),
    MedicalClass.C: ('丙', '自费', '全自付'),
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A line as it stands on paper; `amount` in yuan with the tax that is on top of it."""

    name: str
    amount: Decimal
    quantity: str = ''
    unit: str = ''
    unit_price: str = ''
    medical_class: str = ''


def loss_lines(lines: Sequence[PaperLine], total: Decimal | None) -> tuple[LossLine, ...]:
    """The lines to claim one by one; empty where they do not make the `total` of the paper, so that some are missing.

    A discount lessens the line above it, and a kind of expense that only adds up the lines beneath it is left out.
    """
    sums = uncounted([(line.name, line.amount) for line in lines])
    kept: list[PaperLine] = []
    for place, line in enumerate(lines):
        if place in sums:
            continue
        if line.amount < 0 and kept and kept[-1].amount + line.amount >= 0:
            kept[-1] = replace(kept[-1], amount=kept[-1].amount + line.amount)
        else:
            kept.append(line)
    kept = [line for line in kept if line.amount]
    whole = total is None or abs(sum((line.amount for line in kept), Decimal(0)) - total) <= SLACK
    if not whole or any(line.amount < 0 or not line.name for line in kept):
        return ()
    return tuple(map(_line, kept))


def medical_class(words: str) -> MedicalClass | None:
    """The class that a hospital prints beside an expense: 甲, 乙, 丙, or how much of it the patient pays."""
    plain = re.sub(r'[\s类]', '', words)
    return next((known for known, marks in _CLASSES.items() if plain in marks), None)


def _line(line: PaperLine) -> LossLine:
    quantity, price = number(line.quantity), number(line.unit_price)
    if not quantity:
        quantity, price = Decimal(1), None
    exact = price is not None and yuan(price) == price and line_amount(quantity, price) == line.amount
    return LossLine(
        name=line.name[:80],
        claimed=line.amount,
        kind=kind_of(line.name),
        quantity=quantity,
        unit=line.unit,
        unit_price=price if exact else None,
        medical_class=medical_class(line.medical_class),
    )
