"""What an invoice proves by itself: sums that add up, words and figures, rates, check digits of tax numbers."""

from __future__ import annotations

from decimal import Decimal

from claimdesk.identifiers import credit_code_ok, id_number_ok
from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate
from claimdesk.ocr.capitals import weigh_capital
from claimdesk.ocr.qr import VatCode
from claimdesk.ocr.reading import ItemReading
from claimdesk.ocr.sumcheck import (
    Settled,
    Sums,
    capital_value,
    item_sums,
    lines_confidence,
    rate_check,
    settle,
)
from claimdesk.ocr.taxnumber import mended
from claimdesk.ocr.values import decimal
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, DOUBT, EXACT, PROVEN, WITNESSED

SUMS = ('amount', 'tax', 'total', 'total_capital')


class InvoiceProof:
    """Weighs the fields of an invoice."""

    def __init__(self, weighing: Weighing) -> None:
        self.weighing = weighing
        self.out = weighing.out
        self.checks = weighing.checks
        self.look = weighing.look
        self.extracts = weighing.extracts

    def run(self, names: tuple[str, ...]) -> None:
        """Weigh the fields called `names`, and the lines."""
        weighing = self.weighing
        for name in names:
            if name not in SUMS:
                weighing.plain(name)
        weighing.with_code()
        for name in ('buyer_tax_id', 'seller_tax_id'):
            self._tax_number(name)
        number = self.out.get('invoice_number')
        self._money(weighing.lines_of(number.value if number else ''))
        weighing.items_confidence = lines_confidence(weighing.items, weighing.items_source, self.checks)
        self._number_and_date()

    def _tax_number(self, name: str) -> None:
        read = self.out.get(name)
        if read is None:
            return
        if len(read.value) != 18:
            if read.source not in EXACT and read.sure and len(read.value) not in (15, 20):
                self.weighing.doubt(name, _("A tax number has 15, 18 or 20 characters."))
            return
        if credit_code_ok(read.value) or id_number_ok(read.value):
            detail = _("The check digit of {value} is right.").format(value=read.value)
            self.weighing.check(name, True, detail, (name,))
            candidate = self.weighing.candidates(name)[0][1]
            # One misread character in 31 passes the check digit: it counts only on a clear reading, or for two readers.
            if read.source not in EXACT and (candidate.score >= 0.75 or self._seen_again(candidate)):
                self.weighing.set(name, read.value, max(read.confidence, 0.97), read.source)
            return
        # Where both readers see a wrong number, it is printed wrong: nothing is mended.
        once = read.source not in EXACT and read.confidence < WITNESSED
        repaired = self._repaired(name, read.value) if once else ''
        if repaired:
            detail = _("{before} was read; only {after} has a right check digit.").format(
                before=read.value, after=repaired
            )
            founds = [c.found for _e, c in self.weighing.candidates(name) if c.found is not None]
            seen = self.look is not None and any(self.look.confirms(found, repaired) > 0.3 for found in founds)
            self.weighing.set(name, repaired, WITNESSED if seen else ALONE, read.source, '' if seen else detail)
            self.weighing.check(name, True, detail, (name,))
            return
        detail = _("The check digit of {value} is wrong.").format(value=read.value)
        self.weighing.check(name, False, detail, (name,))
        self.weighing.doubt(name, detail, 0.9 if read.source in EXACT else DOUBT)

    def _seen_again(self, number: Candidate) -> bool:
        """Whether the second reader sees the same tax number; it too may take 0 for O and 1 for I."""
        if self.look is None or number.found is None:
            return False
        return number.value in self.look.text(number.found).translate(str.maketrans('OI', '01'))

    def _repaired(self, name: str, value: str) -> str:
        def seen(trial: str) -> bool:
            founds = [c.found for _e, c in self.weighing.candidates(name) if c.found is not None]
            return self.look is not None and any(self.look.confirms(found, trial) > 0 for found in founds)

        return mended(value, seen)

    def _money(self, items: tuple[ItemReading, ...]) -> None:
        if any(extract.goes_on for extract in self.extracts):
            return  # the sums stand on a later page
        sums = self._statements(items)
        settled = settle(sums)
        for name in ('amount', 'tax', 'total'):
            self.weighing.plain(name)
        if settled is not None and not self._overridden(settled):
            self._apply(settled, sums)
            detail = f'{settled.amount} + {settled.tax} = {settled.total}'
            self.weighing.check('sum', True, detail, ('amount', 'tax', 'total'))
        elif all(name in self.out for name in ('amount', 'tax', 'total')):
            self._sums_fail()
        weigh_capital(self.weighing, ('amount', 'tax', 'total'))
        lines, _taxes = item_sums(items)
        amount = decimal(self.out['amount'].value) if 'amount' in self.out else None
        if lines is not None and amount is not None:
            same = lines == amount
            sign = '=' if same else '≠'
            self.weighing.check('lines', same, f'{lines} {sign} {amount}', ('items',))
        rate = rate_check(items)
        if rate:
            self.checks.append(rate)

    def _statements(self, items: tuple[ItemReading, ...]) -> Sums:
        sums = Sums({}, {}, {})
        for extract in self.extracts:
            for name, said in (('amount', sums.amount), ('tax', sums.tax), ('total', sums.total)):
                found = extract.fields.get(name)
                value = decimal(found.value) if found else None
                if value is not None:
                    said.setdefault(value, set()).add(extract.source)
            capital = extract.fields.get('total_capital')
            value = capital_value(capital.value) if capital else None
            if value is not None:
                sums.total.setdefault(value, set()).add('capital')
        lines, taxes = item_sums(items)
        if lines is not None:
            sums.amount.setdefault(lines, set()).add('lines')
        if taxes is not None:
            sums.tax.setdefault(taxes, set()).add('lines')
        code = self.weighing.code
        if isinstance(code, VatCode) and code.amount is not None and not self.weighing.code_is_foreign():
            said = sums.total if code.amount_with_tax else sums.amount
            if code.amount not in said and code.amount in (sums.amount if said is sums.total else sums.total):
                said = sums.amount if said is sums.total else sums.total
            said.setdefault(code.amount, set()).add('qr')
        return sums

    def _apply(self, settled: Settled, sums: Sums) -> None:
        """Set the three sums. What the equation itself worked out proves nothing: then each needs its own witnesses."""
        checked = 0 not in settled.support
        proven = checked and settled.weight >= 4
        for name, value, said in (
            ('amount', settled.amount, sums.amount),
            ('tax', settled.tax, sums.tax),
            ('total', settled.total, sums.total),
        ):
            who = said.get(value, set())
            confidence, reason = self._worth(name, value, who, proven)
            self.weighing.set(name, self._written(name, value), confidence, '+'.join(sorted(who)) or 'sum', reason)
        # Two equal prints prove less than a sum of three different ones.
        if settled.tax == 0 and settled.weight < 4:
            for name in ('amount', 'total'):
                self.weighing.doubt(name, _("Only two equal amounts were read."), ALONE)

    def _overridden(self, settled: Settled) -> bool:
        """Whether a sum that was read differs from the worked-out one, and too little speaks for the other two."""
        names = ('amount', 'tax', 'total')
        odd = [name for name, support in zip(names, settled.support, strict=True) if not support and name in self.out]
        return bool(odd) and min(support for support in settled.support if support) < 2

    def _worth(self, name: str, value: Decimal, who: set[str], proven: bool) -> tuple[float, str]:
        """How sure a sum is that `who` say, `proven` by the equation or not; with the reason when it is unsure."""
        read = self.out.get(name)
        same = read is not None and decimal(read.value) == value
        if not who:
            return DOUBT + 0.25, _("Worked out from the other sums.")
        if name == 'tax' and value == 0 and not who & {e.source for e in self.extracts}:
            return ALONE, _("No tax was read; the total equals the amount.")
        if read is not None and not same and not proven and len(who) < 2:
            return DOUBT, _("The sums do not fit what was read.")
        if proven or (same and read is not None and read.source in EXACT):
            return PROVEN, ''
        if len(who) >= 2 or (same and read is not None and read.confidence >= WITNESSED):
            return WITNESSED, ''
        return ALONE, _("Read by one engine only.")

    def _written(self, name: str, value: Decimal) -> str:
        """`value` as a field; stars and words for 'no tax' stay as printed."""
        for extract in self.extracts:
            found = extract.fields.get(name)
            if found and decimal(found.value) == value:
                return found.value
        if name == 'tax' and value == 0:
            return '***'
        return str(value.quantize(Decimal('0.01')))

    def _sums_fail(self) -> None:
        values = {name: self.out[name].value for name in ('amount', 'tax', 'total')}
        detail = _("{amount} + {tax} is not {total}.").format(**values)
        self.weighing.check('sum', False, detail, ('amount', 'tax', 'total'))
        for name in values:
            self.weighing.doubt(name, detail)

    def _number_and_date(self) -> None:
        """Digital numbers begin with the year of issue; a code of 12 digits holds the year of its print."""
        number, date = self.out.get('invoice_number'), self.out.get('issue_date')
        if not number or not date or len(number.value) != 20 or number.source in EXACT:
            return
        ok = number.value[:2] == date.value[2:4]
        if not ok and not ('qr' in number.source and 'qr' in date.source):
            detail = _("A number that begins with {begin} does not belong to the year {year}.").format(
                begin=number.value[:2], year=date.value[:4]
            )
            self.weighing.check('number_year', False, detail, ('invoice_number', 'issue_date'))
            self.weighing.doubt('invoice_number', detail, ALONE)
            self.weighing.doubt('issue_date', detail, ALONE)
