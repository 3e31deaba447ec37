"""Weighing the evidence: what each source says about a field, what the sums prove, and how sure that makes us.

Confidence is earned. One engine alone never reaches `SURE`: a field needs a second witness (QR code, text layer,
another model, the amount in capitals, the sums, the check digit). A witness that contradicts takes confidence away,
and the reason is kept in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from claimdesk.amounts import to_capital
from claimdesk.identifiers import credit_code_ok, id_number_ok
from claimdesk.language import _
from claimdesk.ocr.candidate import FIELDS, Candidate, Earlier, Extract
from claimdesk.ocr.qr import VatCode
from claimdesk.ocr.reading import Box, Check, FieldReading, ItemReading
from claimdesk.ocr.sumcheck import (
    Settled,
    Sums,
    bare_capital,
    capital_value,
    item_sums,
    lines_confidence,
    rate_check,
    settle,
)
from claimdesk.ocr.taxnumber import mended
from claimdesk.ocr.values import decimal, flat, iso_date, money
from claimdesk.ocr.worth import ALONE, DOUBT, EXACT, PROVEN, WITNESSED

if TYPE_CHECKING:
    from claimdesk.ocr.evidence import SecondLook

@dataclass(slots=True)
class Fused:
    """The weighed fields, the lines with their confidence, and the checks."""

    fields: dict[str, FieldReading]
    items: tuple[ItemReading, ...]
    items_confidence: float
    items_source: str
    checks: tuple[Check, ...]


def fuse(
    extracts: list[Extract], code: VatCode | None, look: SecondLook | None, earlier: Earlier | None = None
) -> Fused:
    """One reading out of all sources; `extracts` from the most to the least trusted, `look` for the last of them."""
    return _Fusion(extracts, code, look, earlier or Earlier()).run()


class _Fusion:
    def __init__(
        self, extracts: list[Extract], code: VatCode | None, look: SecondLook | None, earlier: Earlier
    ) -> None:
        self.extracts = extracts
        self.code = code
        self.look = look
        self.earlier = earlier
        self.out: dict[str, FieldReading] = {}
        self.checks: list[Check] = []

    def run(self) -> Fused:
        for name in FIELDS:
            if name not in ('amount', 'tax', 'total', 'total_capital'):
                self._plain(name)
        self._with_code()
        for name in ('buyer_tax_id', 'seller_tax_id'):
            self._tax_number(name)
        items, items_source = self._items()
        self._money(self._all_lines(items))
        confidence = lines_confidence(items, items_source, self.checks)
        self._number_and_date()
        if any(extract.several for extract in self.extracts):
            self._doubt_all()
        ordered = {name: self.out[name] for name in FIELDS if name in self.out}
        return Fused(ordered, items, confidence, items_source, tuple(self.checks))

    def _candidates(self, name: str) -> list[tuple[Extract, Candidate]]:
        return [(extract, extract.fields[name]) for extract in self.extracts if name in extract.fields]

    def _plain(self, name: str) -> None:
        candidates = self._candidates(name)
        if not candidates:
            return
        extract, best = candidates[0]
        box = next((e.boxes[name] for e, _c in candidates if name in e.boxes), None)
        others = tuple(dict.fromkeys(c.value for _e, c in candidates[1:] if c.value != best.value))
        if extract.source in EXACT:
            self._printed(name, best, extract.source, box, candidates)
            return
        witness = self._witness(name, best)
        sure = self._witnessed(name, best, witness)
        if sure and self.look:
            self.out[name] = FieldReading(name, best.value, sure, f'{extract.source}+{self.look.name}', box, others)
            return
        seen = self.look.text(best.found) if self.look and best.found else ''
        reason = _("The second reader saw “{text}”.").format(text=seen) if seen else _("Read by one engine only.")
        instead = self.look.instead_of(best.value, best.found) if self.look and best.found else ''
        others = tuple(dict.fromkeys((*others, instead))) if instead else others
        confidence = min(ALONE, 0.5 + 0.4 * best.score) if not seen else DOUBT + 0.25 * min(best.score, witness or 1.0)
        self.out[name] = FieldReading(name, best.value, confidence, extract.source, box, others, reason)

    def _printed(
        self, name: str, best: Candidate, source: str, box: Box | None, candidates: list[tuple[Extract, Candidate]]
    ) -> None:
        """A value that is text in the file; what another part of the file says against it makes it doubtful."""
        exact = {flat(said.value): said.value for one, said in candidates if one.source in EXACT}
        others = tuple(value for plain, value in exact.items() if plain != flat(best.value))
        reason = _("Another part of the file says “{value}”.").format(value=others[0]) if others else ''
        self.out[name] = FieldReading(name, best.value, ALONE if others else 0.99, source, box, others, reason)

    def _witness(self, name: str, best: Candidate) -> float:
        """How clearly the second reader sees the same value; 0 when it does not."""
        if self.look is None or best.found is None:
            return 0.0
        direct = self.look.confirms(best.found, best.value)
        if direct or name not in ('issue_date', 'amount', 'tax', 'total'):
            return direct
        text = self.look.text(best.found)
        same = iso_date(text) == best.value if name == 'issue_date' else money(text.rpartition(')')[2]) == best.value
        return self.look.clarity(best.found) if same else 0.0

    def _witnessed(self, name: str, best: Candidate, witness: float) -> float:
        """The confidence that two readers who agree give, 0 when they do not or are not clear enough."""
        floor = 0.80 if name.endswith('_name') else 0.70
        if witness <= 0.0 or min(best.score, witness) < 0.45 or max(best.score, witness) < floor:
            return 0.0
        return WITNESSED

    def _set(self, name: str, value: str, confidence: float, source: str, reason: str = '') -> None:
        before = self.out.get(name)
        alternatives = before.alternatives if before else ()
        if before and before.value != value:
            alternatives = (before.value, *(other for other in alternatives if other != value))
        box = before.box if before else next((e.boxes[name] for e in self.extracts if name in e.boxes), None)
        self.out[name] = FieldReading(name, value, confidence, source, box, alternatives, reason)

    def _doubt(self, name: str, reason: str, confidence: float = DOUBT) -> None:
        before = self.out.get(name)
        if before:
            self.out[name] = replace(before, confidence=min(before.confidence, confidence), reason=reason)

    def _with_code(self) -> None:
        if self.code is None:
            return
        number, date = self.out.get('invoice_number'), self.out.get('issue_date')
        foreign = number is not None and self.code.is_of_another(number.value, date.value if date else '')
        for name in ('invoice_code', 'invoice_number', 'issue_date', 'check_code'):
            said = getattr(self.code, name)
            if not said:
                continue
            read = self.out.get(name)
            if read is None:
                if not foreign:
                    self._set(name, said, 0.97, 'qr')
            elif read.value == said:
                self._set(name, said, 0.99, f'qr+{read.source}')
            elif foreign or read.source in EXACT:
                self._doubt(name, _("The QR code says {value}.").format(value=said))
            else:
                self._set(name, said, 0.97, 'qr')
        ok = not foreign
        detail = _("QR code and print show the same invoice.") if ok else _("The QR code belongs to another invoice.")
        self.checks.append(Check('qr', ok, detail, ('invoice_code', 'invoice_number', 'issue_date')))

    def _tax_number(self, name: str) -> None:
        read = self.out.get(name)
        if read is None:
            return
        if len(read.value) != 18:
            if read.source not in EXACT and read.confidence >= WITNESSED and len(read.value) not in (15, 17, 20):
                self._doubt(name, _("A tax number has 15, 18 or 20 characters."))
            return
        if credit_code_ok(read.value) or id_number_ok(read.value):
            detail = _("The check digit of {value} is right.").format(value=read.value)
            self.checks.append(Check(name, True, detail, (name,)))
            candidate = self._candidates(name)[0][1]
            # One misread character in 31 passes the check digit: it counts only on a clear reading, or for two readers.
            if read.source not in EXACT and (candidate.score >= 0.75 or self._seen_again(candidate)):
                self._set(name, read.value, max(read.confidence, 0.97), read.source)
            return
        # Where both readers see a wrong number, it is printed wrong: nothing is mended.
        once = read.source not in EXACT and read.confidence < WITNESSED
        repaired = self._repaired(name, read.value) if once else ''
        if repaired:
            detail = _("{before} was read; only {after} has a right check digit.").format(
                before=read.value, after=repaired
            )
            seen = self.look is not None and any(
                c.found is not None and self.look.confirms(c.found, repaired) > 0.3 for _e, c in self._candidates(name)
            )
            self._set(name, repaired, WITNESSED if seen else ALONE, read.source, '' if seen else detail)
            self.checks.append(Check(name, True, detail, (name,)))
            return
        detail = _("The check digit of {value} is wrong.").format(value=read.value)
        self.checks.append(Check(name, False, detail, (name,)))
        self._doubt(name, detail, 0.9 if read.source in EXACT else DOUBT)

    def _seen_again(self, number: Candidate) -> bool:
        """Whether the second reader sees the same tax number; it too may take 0 for O and 1 for I."""
        if self.look is None or number.found is None:
            return False
        return number.value in self.look.text(number.found).translate(str.maketrans('OI', '01'))

    def _repaired(self, name: str, value: str) -> str:
        def seen(trial: str) -> bool:
            founds = [c.found for _e, c in self._candidates(name) if c.found is not None]
            return self.look is not None and any(self.look.confirms(found, trial) > 0 for found in founds)

        return mended(value, seen)

    def _items(self) -> tuple[tuple[ItemReading, ...], str]:
        for extract in self.extracts:
            if extract.items:
                return tuple(item for item, _score in extract.items), extract.source
        return (), ''

    def _all_lines(self, items: tuple[ItemReading, ...]) -> tuple[ItemReading, ...]:
        """The lines of this page, after those of the pages before it where they are of the same invoice."""
        number = self.out.get('invoice_number')
        same = number is not None and number.value == self.earlier.number
        return (*self.earlier.items, *items) if same else items

    def _money(self, items: tuple[ItemReading, ...]) -> None:
        if any(extract.goes_on for extract in self.extracts):
            return  # the sums stand on a later page
        sums = self._statements(items)
        settled = settle(sums)
        capital = self._capital()
        for name in ('amount', 'tax', 'total'):
            self._plain(name)
        if settled is not None and not self._overridden(settled):
            self._apply(settled, sums)
            detail = f'{settled.amount} + {settled.tax} = {settled.total}'
            self.checks.append(Check('sum', True, detail, ('amount', 'tax', 'total')))
        elif all(name in self.out for name in ('amount', 'tax', 'total')):
            self._sums_fail()
        self._check_capital(capital)
        lines, _taxes = item_sums(items)
        amount = decimal(self.out['amount'].value) if 'amount' in self.out else None
        if lines is not None and amount is not None:
            same = lines == amount
            sign = '=' if same else '≠'
            self.checks.append(Check('lines', same, f'{lines} {sign} {amount}', ('items',)))
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
        if self.code is not None and self.code.amount is not None and not self._code_is_foreign():
            said = sums.total if self.code.amount_with_tax else sums.amount
            if self.code.amount not in said and self.code.amount in (sums.amount if said is sums.total else sums.total):
                said = sums.amount if said is sums.total else sums.total
            said.setdefault(self.code.amount, set()).add('qr')
        return sums

    def _code_is_foreign(self) -> bool:
        return any(check.name == 'qr' and not check.ok for check in self.checks)

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
            self._set(name, self._written(name, value), confidence, '+'.join(sorted(who)) or 'sum', reason)
        # Two equal prints prove less than a sum of three different ones.
        if settled.tax == 0 and settled.weight < 4:
            for name in ('amount', 'total'):
                self._doubt(name, _("Only two equal amounts were read."), ALONE)

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
        self.checks.append(Check('sum', False, detail, ('amount', 'tax', 'total')))
        for name in values:
            self._doubt(name, detail)

    def _capital(self) -> tuple[Extract, Candidate] | None:
        candidates = self._candidates('total_capital')
        return candidates[0] if candidates else None

    def _check_capital(self, capital: tuple[Extract, Candidate] | None) -> None:
        if capital is None:
            return
        self._plain('total_capital')
        extract, found = capital
        total = decimal(self.out['total'].value) if 'total' in self.out else None
        if total is None:
            self._doubt('total_capital', _("There is no total to compare it with."), ALONE)
            return
        if capital_value(found.value) != total and extract.source not in EXACT and self.out['total'].sure:
            self._mend_capital(found, total)
        text = self.out['total_capital'].value
        same = capital_value(text) == total
        detail = f'{text} = {total}' if same else _("{capital} is not {total}.").format(capital=text, total=total)
        self.checks.append(Check('capital', same, detail, ('total', 'total_capital')))
        if not same:
            self._doubt('total_capital', detail)
            # Digits that look alike are misread alike in all sums: where the words object, only a QR code overrules.
            for name in () if 'qr' in self.out['total'].source else ('amount', 'tax', 'total'):
                self._doubt(name, detail, ALONE)
        elif extract.source not in EXACT and text == found.value:
            canonical = bare_capital(text) == bare_capital(to_capital(abs(total)))
            if canonical or self.out['total_capital'].confidence >= WITNESSED:
                self._set('total_capital', text, PROVEN, self.out['total_capital'].source)

    def _mend_capital(self, found: Candidate, total: Decimal) -> None:
        """Words that differ from the sure total by a character or two were misread; the second reader may know."""
        right = to_capital(abs(total)).replace('元', '圆' if '圆' in found.value else '元')
        bare, read = bare_capital(right), bare_capital(found.value)
        swapped = len(bare) == len(read) and sum(a != b for a, b in zip(bare, read, strict=True)) <= 2
        seen = found.found is not None and self.look is not None and self.look.confirms(found.found, right.rstrip('整'))
        if swapped or seen:
            sign = re.match(r'[（(]?负数?[）)]?', found.value)
            self._set('total_capital', (sign[0] if sign else '') + right, WITNESSED, self.out['total_capital'].source)

    def _doubt_all(self) -> None:
        """Two invoices on one page: what was read may be of either."""
        reason = _("Several invoices lie on this page: scan or photograph each by itself.")
        self.checks.append(Check('one_invoice', False, reason, tuple(self.out)))
        for name in self.out:
            self._doubt(name, reason)

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
            self.checks.append(Check('number_year', False, detail, ('invoice_number', 'issue_date')))
            self._doubt('invoice_number', detail, ALONE)
            self._doubt('issue_date', detail, ALONE)
