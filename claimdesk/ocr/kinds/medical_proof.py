"""What a hospital's paper proves by itself: who paid adds up, words and figures, lines, the order of dates."""

from __future__ import annotations

import re
from decimal import Decimal

from claimdesk.language import _
from claimdesk.ocr.capitals import weigh_capital
from claimdesk.ocr.kinds.medical_table import line_sums, products_fit
from claimdesk.ocr.sumcheck import capital_value
from claimdesk.ocr.values import decimal
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, DOUBT, EXACT, PROVEN, WITNESSED

CLEAR = 0.9
"""The least probability of every character of a check code that two readers may be believed about."""
_PAYER = re.compile(r'([\u4e00-\u9fff]{2,10}(?:支付|救助|补助|基金))[:：\s]*(\d[\d,]*\.\d{2})(?!\d)')
_KNOWN_PAYER = re.compile('统筹|账户|帐户|个人|现金|自付|余额|累计|年度|范围')
SPLIT = ('insurance_fund_paid', 'other_paid', 'account_paid', 'cash_paid')
"""Who paid: together the total. Own share and items not covered divide the same money another way."""


class MedicalProof:
    """Weighs the fields of a hospital's paper."""

    def __init__(self, weighing: Weighing) -> None:
        self.weighing = weighing
        self.out = weighing.out
        self._worked_out = ''

    def run(self, names: tuple[str, ...]) -> None:
        """Weigh the fields called `names`, and the lines."""
        for name in names:
            if name != 'total_capital':
                self.weighing.plain(name)
        self.weighing.with_code()
        self._total()
        weigh_capital(self.weighing, ('total',))
        self._split()
        self._lines()
        self._dates()
        self._shapes()

    def _amount(self, name: str) -> Decimal | None:
        return decimal(self.out[name].value) if name in self.out else None

    def _witnesses(self, total: Decimal) -> set[str]:
        """Who else on the paper says the total: the words, the lines, the sum of who paid, the code."""
        who = set()
        words = self.weighing.candidates('total_capital')
        if words and capital_value(words[0][1].value) == total:
            who.add('capital')
        if total in line_sums(self.weighing.lines_of('')):
            who.add('lines')
        if self._split_sum() == total:
            who.add('split')
        if 'total' in self.out and 'qr' in self.out['total'].source:
            who.add('qr')
        return who

    def _split_sum(self) -> Decimal | None:
        """The sum of who paid; None unless at least the fund and the cash are there."""
        amounts = [amount for name in SPLIT if (amount := self._amount(name)) is not None]
        if 'cash_paid' not in self.out or 'insurance_fund_paid' not in self.out:
            return None
        return sum(amounts, Decimal(0))

    def _total(self) -> None:
        total = self._amount('total')
        if total is None:
            self._total_of_others()
            return
        who = self._witnesses(total)
        read = self.out['total']
        if who and read.source not in EXACT:
            sources = '+'.join(dict.fromkeys((read.source, *sorted(who))))
            self.weighing.set('total', read.value, PROVEN, sources)

    def _total_of_others(self) -> None:
        """A total that was not read itself, where two others say it."""
        words = self.weighing.candidates('total_capital')
        value = capital_value(words[0][1].value) if words else None
        if value is None:
            return
        who = self._witnesses(value)
        confidence = WITNESSED if len(who) > 1 else ALONE
        reason = '' if len(who) > 1 else _("Worked out from the other sums.")
        self.weighing.set('total', str(value.quantize(Decimal('0.01'))), confidence, '+'.join(sorted(who)), reason)

    def _split(self) -> None:
        self._last_payer()
        total, split = self._amount('total'), self._split_sum()
        if total is None or split is None:
            return
        there = [name for name in SPLIT if name in self.out]
        figures = ' + '.join(self.out[name].value for name in there)
        same = split == total
        detail = f'{figures} = {total}' if same else _("{sum} is not {total}.").format(sum=figures, total=total)
        self.weighing.check('split', same, detail, ('total', *there))
        if same:
            loose = [name for name in there if not self._firm(name)]
            for name in there if self.out['total'].sure and len(loose) < 2 else ():
                read = self.out[name]
                if name == self._worked_out:
                    continue
                if read.source not in EXACT or name in loose:
                    self.weighing.set(name, read.value, max(read.confidence, PROVEN), f'{read.source}+sum')
            return
        # Some forms print a payer of their own: then nothing is misread, and two readers or the file itself suffice.
        for name in there:
            if self.out[name].source not in EXACT:
                self.weighing.doubt(name, detail, ALONE)

    def _last_payer(self) -> None:
        """The one payer without a legible amount is what the others leave of the total.

        Its label must stand there, or that of a payer whom only a province knows, with this amount; on the electronic
        form, which has all four, it may be lost as well.
        """
        gone = [name for name in SPLIT if name not in self.out]
        total = self._amount('total')
        if len(gone) != 1 or total is None or not self.out['total'].sure:
            return
        rest = total - sum((self._amount(name) or Decimal(0) for name in SPLIT if name in self.out), Decimal(0))
        electronic = 'check_code' in self.out
        labelled = any(gone[0] in extract.labelled for extract in self.weighing.extracts)
        named = gone[0] == 'other_paid' and rest in self._other_payers()
        if rest >= 0 and (electronic or labelled or named):
            self._worked_out = gone[0]
            self.weighing.set(gone[0], f'{rest:.2f}', DOUBT + 0.25, 'sum', _("Worked out from the other sums."))

    def _other_payers(self) -> set[Decimal]:
        """The amounts beside labels of payers that no form we know has."""
        found = (match for extract in self.weighing.extracts for match in _PAYER.finditer(extract.text))
        amounts = (decimal(match[2].replace(',', '')) for match in found if not _KNOWN_PAYER.search(match[1]))
        return {amount for amount in amounts if amount is not None}

    def _firm(self, name: str) -> bool:
        candidates = self.weighing.candidates(name)
        return bool(candidates) and candidates[0][1].firm

    def _lines(self) -> None:
        items = self.weighing.items
        if not items:
            return
        sums, total = line_sums(self.weighing.lines_of(self._number())), self._amount('total')
        proven = False
        if sums and total is not None:
            proven = total in sums
            detail = f'{total} = {total}' if proven else f'{sums[-1]} ≠ {total}'
            self.weighing.check('lines', proven, detail, ('items',))
        wrong = next((item for item in items if not products_fit(item)), None)
        if wrong is not None:
            detail = _("{quantity} × {price} is not {amount}.").format(
                quantity=wrong.quantity, price=wrong.unit_price, amount=wrong.amount
            )
            self.weighing.check('products', False, detail, ('items',))
        exact = self.weighing.items_source in EXACT
        good = proven and wrong is None
        self.weighing.items_confidence = (0.99 if exact else ALONE) if good else (0.9 if exact else DOUBT)

    def _number(self) -> str:
        said = [self.out[name].value for name in ('patient_name', 'inpatient_number') if name in self.out]
        return '/'.join(said)

    def _dates(self) -> None:
        """Came, left, paid: in that order; a receipt is not issued before the visit."""
        stay = ('admission_date', 'discharge_date', 'issue_date')
        order: list[str] = [name for name in stay if name in self.out]
        if 'visit_date' in self.out and 'issue_date' in self.out:
            order = ['visit_date', 'issue_date']
        days = [self.out[name].value for name in order]
        if len(days) < 2:
            return
        ok = days == sorted(days)
        detail = ' ≤ '.join(days) if ok else _("These dates are not in order: {dates}.").format(dates=', '.join(days))
        self.weighing.check('dates', ok, detail, tuple(order))
        if not ok:
            for name in order:
                if self.out[name].source not in EXACT:
                    self.weighing.doubt(name, detail, ALONE)

    def _shapes(self) -> None:
        """An electronic receipt has a code of 8 digits, a number of 10 and a check code of 6 characters."""
        code, number, check = (self.out.get(name) for name in ('receipt_code', 'receipt_number', 'check_code'))
        if code is None or number is None or check is None:
            return
        for read, size in ((code, 8), (number, 10), (check, 6)):
            if len(read.value) != size and read.source not in EXACT and 'qr' not in read.source:
                reason = _("An electronic receipt has {size} characters here.").format(size=size)
                self.weighing.doubt(read.name, reason, ALONE)
        clear = min((c.score for _e, c in self.weighing.candidates('check_code')), default=0.0) >= CLEAR
        proven = check.source in EXACT or 'qr' in check.source
        if not proven and (re.search(r'[A-Za-z]', check.value) or not clear):
            # Letters and digits that look alike: no rule tells 0 from O here.
            self.weighing.doubt('check_code', _("Letters and digits look alike here."), ALONE)
