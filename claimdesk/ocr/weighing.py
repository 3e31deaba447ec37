"""Weighing the evidence: what each source says about a field, who else saw it, and how sure that makes us.

Confidence is earned. One engine alone never reaches `SURE`: a field needs a second witness (QR code, text layer,
another model), or what its kind of document proves (sums, words and figures, check digits). A witness that contradicts
takes confidence away, and the reason is kept in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claimdesk.forms import FieldType, type_of
from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate, Earlier, Extract, PaperCode
from claimdesk.ocr.reading import Box, Check, FieldReading, ItemReading
from claimdesk.ocr.values import flat, iso_dates, moment, money
from claimdesk.ocr.worth import ALONE, DOUBT, EXACT, WITNESSED

if TYPE_CHECKING:
    from claimdesk.ocr.evidence import SecondLook


LOOK_ALIKES = str.maketrans('梁粱赢嬴戌戍沾沽', '粱梁嬴赢戍戌沽沾')
"""Characters that readers take for each other alike, so that their agreement proves nothing."""
SHORT_NAME = 4
"""A name of so few characters is a person's, whose surname is 梁 and never 粱."""


@dataclass(slots=True)
class Fused:
    """The weighed fields, the lines with their confidence, and the checks."""

    fields: dict[str, FieldReading]
    items: tuple[ItemReading, ...]
    items_confidence: float
    items_source: str
    checks: tuple[Check, ...]


class Weighing:
    """The evidence about one page and what has been made of it so far; a kind of document adds its own proofs.

    `extracts` are the sources from the most to the least trusted, `code` what the QR code says, `look` who can look
    again at the last of the sources, `earlier` what the pages before left.
    """

    def __init__(
        self, extracts: list[Extract], code: PaperCode | None, look: SecondLook | None, earlier: Earlier | None = None
    ) -> None:
        self.extracts = extracts
        self.code = code
        self.look = look
        self.earlier = earlier or Earlier()
        self.out: dict[str, FieldReading] = {}
        self.checks: list[Check] = []
        self.items, self.items_source = self._items()
        self.items_confidence = 0.0

    def fused(self, names: Iterable[str]) -> Fused:
        """What came of it, the fields in the order of `names`."""
        ordered = {name: self.out[name] for name in names if name in self.out}
        return Fused(ordered, self.items, self.items_confidence, self.items_source, tuple(self.checks))

    def candidates(self, name: str) -> list[tuple[Extract, Candidate]]:
        """What each source says about a field, with the source."""
        return [(extract, extract.fields[name]) for extract in self.extracts if name in extract.fields]

    def plain(self, name: str) -> None:
        """Take the value of the most trusted source; who else saw it decides how sure it is."""
        candidates = self.candidates(name)
        if not candidates:
            return
        extract, best = candidates[0]
        box = next((e.boxes[name] for e, _c in candidates if name in e.boxes), None)
        others = tuple(dict.fromkeys(c.value for _e, c in candidates[1:] if c.value != best.value))
        if not best.firm:
            reason = _("The label beside it was read only in part.")
            self.out[name] = FieldReading(name, best.value, ALONE, extract.source, box, others, reason)
            return
        if extract.source in EXACT:
            self._printed(name, best, extract.source, box, candidates)
            return
        if self._printed_there(name, best):
            self.out[name] = FieldReading(name, best.value, 0.98, f'{extract.source}+text_layer', box, others)
            return
        witness = self._witness(name, best)
        sure = self._witnessed(name, best, witness)
        twin = _look_alike(best.value) if sure and type_of(name) is FieldType.NAME else ''
        if twin:
            reason = _("It may say {twin}: both characters look alike.").format(twin=twin)
            self.out[name] = FieldReading(name, best.value, ALONE, extract.source, box, (*others, twin), reason)
            return
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

    def _printed_there(self, name: str, best: Candidate) -> bool:
        """Whether a source that holds characters has the value in the same place, though it lacks the label."""
        found = best.found
        for extract in self.extracts:
            if found is None or extract.layout is None or extract.source not in EXACT:
                continue
            high = found.y1 - found.y0
            words = [
                span.text
                for span in sorted(extract.layout.spans, key=lambda span: span.x0)
                if span.x1 > found.x0 - high and span.x0 < found.x1 + high
                and abs((span.y0 + span.y1) - (found.y0 + found.y1)) < high
            ]  # fmt: skip
            text = flat(''.join(words))
            if type_of(name) is FieldType.DATE and best.value in iso_dates(text):
                return True
            if re.search(rf'(?<![\dA-Za-z.]){re.escape(flat(best.value))}(?![\dA-Za-z])', text.replace(',', '')):
                return True
        return False

    def _witness(self, name: str, best: Candidate) -> float:
        """How clearly the second reader sees the same value; 0 when it does not."""
        if self.look is None or best.found is None:
            return 0.0
        direct = self.look.confirms(best.found, best.value)
        if type_of(name) is FieldType.MONEY and direct and not self.sees_amount(best):
            return 0.0
        if direct or type_of(name) not in (FieldType.DATE, FieldType.MOMENT, FieldType.MONEY):
            return direct
        text = self.look.text(best.found)
        if type_of(name) is FieldType.DATE:
            same = best.value in iso_dates(text)
        elif type_of(name) is FieldType.MOMENT:
            same = best.value == moment(text)
        else:
            same = money(text.rpartition(')')[2]) == best.value or self.sees_amount(best)
        return self.look.clarity(best.found) if same else 0.0

    def sees_amount(self, said: Candidate) -> bool:
        """Whether the second reader sees that amount by itself, and not as a part of a longer one."""
        if self.look is None or said.found is None:
            return False
        seen = self.look.text(said.found).replace(',', '')
        return bool(re.search(rf'(?<![\d.]){re.escape(said.value)}(?!\d)', seen))

    def _witnessed(self, name: str, best: Candidate, witness: float) -> float:
        """The confidence that two readers who agree give, 0 when they do not or are not clear enough."""
        floor = 0.80 if type_of(name) is FieldType.NAME else 0.70
        if witness <= 0.0 or min(best.score, witness) < 0.45 or max(best.score, witness) < floor:
            return 0.0
        return WITNESSED

    def set(self, name: str, value: str, confidence: float, source: str, reason: str = '') -> None:
        """Put a value in place of what was read, which stays among the alternatives."""
        before = self.out.get(name)
        alternatives = before.alternatives if before else ()
        if before and before.value != value:
            alternatives = (before.value, *(other for other in alternatives if other != value))
        box = before.box if before else next((e.boxes[name] for e in self.extracts if name in e.boxes), None)
        self.out[name] = FieldReading(name, value, confidence, source, box, alternatives, reason)

    def doubt(self, name: str, reason: str, confidence: float = DOUBT) -> None:
        """Let a field be no surer than `confidence`, for that reason."""
        before = self.out.get(name)
        if before:
            self.out[name] = replace(before, confidence=min(before.confidence, confidence), reason=reason)

    def check(self, name: str, ok: bool, detail: str, fields: tuple[str, ...] = ()) -> bool:
        """Note a check; hands `ok` back."""
        self.checks.append(Check(name, ok, detail, fields))
        return ok

    def with_code(self) -> None:
        """Let the QR code speak about the fields that it states."""
        if self.code is None:
            return
        said = self.code.said
        foreign = self.code.is_of_another({name: read.value for name, read in self.out.items()})
        for name, value in said.items():
            read = self.out.get(name)
            if read is None:
                if not foreign:
                    self.set(name, value, 0.97, 'qr')
            elif read.value == value:
                self.set(name, value, 0.99, f'qr+{read.source}')
            elif foreign or read.source in EXACT:
                self.doubt(name, _("The QR code says {value}.").format(value=value))
            else:
                self.set(name, value, 0.97, 'qr')
        detail = (
            _("The QR code belongs to another document.") if foreign
            else _("QR code and print show the same document.")
        )  # fmt: skip
        self.check('qr', not foreign, detail, tuple(said))

    def code_is_foreign(self) -> bool:
        """Whether the QR code was found to belong to another document."""
        return any(check.name == 'qr' and not check.ok for check in self.checks)

    def doubt_all(self) -> None:
        """Two documents on one page: what was read may be of either."""
        reason = _("Several documents lie on this page: scan or photograph each by itself.")
        self.check('one_invoice', False, reason, tuple(self.out))
        for name in self.out:
            self.doubt(name, reason)

    def _items(self) -> tuple[tuple[ItemReading, ...], str]:
        for extract in self.extracts:
            if extract.items:
                return tuple(item for item, _score in extract.items), extract.source
        return (), ''

    def lines_of(self, number: str) -> tuple[ItemReading, ...]:
        """The lines of this page, after those of the pages before it where those are of the document `number` too."""
        return (*self.earlier.items, *self.items) if number and number == self.earlier.number else self.items


def _look_alike(name: str) -> str:
    """What a company's name may say instead where it holds a character that looks like another; '' where none does."""
    other = name.translate(LOOK_ALIKES)
    return other if other != name and len(name) > SHORT_NAME else ''
