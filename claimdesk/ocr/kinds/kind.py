"""What a kind of document must say of itself, so that the reader can recognise, read, prove and join its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from claimdesk.forms import form_of
from claimdesk.ocr.candidate import Extract, PaperCode
from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import SURE, FieldReading, PageReading
from claimdesk.ocr.weighing import Fused, Weighing
from claimdesk.vocabulary import DocumentKind

_OTHER = re.compile(
    r'认定书|申请书|申请表|委托书|证明书|证明$|保险单(?![号代])|投保单(?!号)|批单(?!号)|登记证书|病历(?![号卡本编])|病案(?![号编])|出院小结'
    r'|出院记录|入院记录|处方(?![号编流])|报告单(?!号)|检验报告|检查报告|协议书|回单(?!号)|通知书|告知书|判决书|裁定书|调解书|笔录|条款'
)
"""Titles of papers that name people, vehicles and amounts, and are none of the kinds that are read."""
TITLE_ROWS, TITLE_LENGTH = 5, 24


class Strength(IntEnum):
    """How plainly a page says what it is; the plainest sign on it decides."""

    HINT = 1
    """Words that this kind uses, and others might."""
    FORM = 2
    """Several labels that only this form has."""
    TITLE = 3
    """Its title."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a page looks like, and how plainly; `kind` is None where only the family is known."""

    kind: DocumentKind | None
    strength: Strength


class PageWords:
    """The words of a page as signs are looked for: folded, without spaces, a row to a line."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @cached_property
    def whole(self) -> str:
        """All rows."""
        return '\n'.join(row.text for row in self.layout.rows)

    @cached_property
    def head(self) -> str:
        """The upper third, where titles stand; at least eight rows."""
        rows = [row.text for row in self.layout.rows]
        return '\n'.join(rows[: max(8, len(rows) // 3)])


    @cached_property
    def other(self) -> bool:
        """Whether its title says that it is a paper of another sort, which only speaks of what the families read."""
        titles = (row.text for row in self.layout.rows[:TITLE_ROWS])
        return any(len(title) <= TITLE_LENGTH and _OTHER.search(re.sub(r'\(.*?\)$', '', title)) for title in titles)


class Kind:
    """A family of documents that are read alike. One module holds one; the registry is `claimdesk.ocr.kinds.KINDS`."""

    kinds: tuple[DocumentKind, ...] = ()
    """The kinds of the family; `forms.FORMS` tells their fields."""
    needed: tuple[str, ...] = ()
    """While one of these fields is missing or unsure in a text layer, the picture is read as well."""
    sums: tuple[str, ...] = ()
    """The fields that stand only on the last page of a document of several pages."""

    def recognise(self, page: PageWords) -> Sign | None:
        """What the page looks like to this family; None for nothing of its own."""
        raise NotImplementedError

    def code(self, text: str) -> PaperCode | None:
        """The text of a QR code taken apart, or None when it is none of this family's."""
        return None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """What `layout` says, `kind` being what is known by then; the same for text layer, OFD and OCR."""
        return Extract(source, kind, text=layout.text())

    def complete(self, seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
        """Look for what a detector of text lines passes over; `seen` is filled in place."""

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """Weigh every field of the form; a family adds the proofs of its own."""
        for name in form_of(kind).names:
            weighing.plain(name)
        weighing.with_code()

    def names(self, kind: DocumentKind | None) -> tuple[str, ...]:
        """The fields in the order of the form."""
        return form_of(kind).names

    def enough(self, seen: Extract, fused: Fused) -> bool:
        """Whether a text layer told everything, so that the picture need not be read."""
        needed = [name for name in self.needed if not (seen.goes_on and name in self.sums)]
        return all(name in fused.fields and fused.fields[name].confidence >= SURE for name in needed)

    def number_of(self, page: PageReading) -> str:
        """What makes a document one of its kind, the same on all its pages; '' where pages are never joined."""
        return ''

    def ends(self, fields: Mapping[str, FieldReading]) -> bool:
        """Whether a page with those fields is the last one of its document."""
        return not self.sums or self.sums[0] in fields
