"""What one source says about one field, before anything is weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from claimdesk.ocr.layout import Found, Layout
from claimdesk.ocr.reading import Box, ItemReading, TextRun
from claimdesk.vocabulary import DocumentKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value written down, the piece of the page it comes from, and the worst probability of its characters.

    It is not `firm` where the label beside it was only partly read: then nothing but a proof makes it sure.
    """

    value: str
    found: Found | None = None
    score: float = 1.0
    firm: bool = True


def candidate(value: str, found: Found | None, score: float | None = None) -> Candidate:
    """A candidate with the score of its piece unless another one is given."""
    return Candidate(value, found, score if score is not None else (found.score if found else 1.0))


@dataclass(slots=True)
class Extract:
    """All that one source says about a page.

    `boxes` where the source itself knows places, `rows` its text with places, `labelled` which fields have their label
    there, with a value or not, `layout` its words, `several` whether more than one document lies there, `goes_on`
    whether its list of lines goes on on the next page.
    """

    source: str
    kind: DocumentKind | None = None
    fields: dict[str, Candidate] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    items: list[tuple[ItemReading, float]] = field(default_factory=list)
    text: str = ''
    labelled: frozenset[str] = frozenset()
    layout: Layout | None = None
    several: bool = False
    goes_on: bool = False
    rows: tuple[tuple[TextRun, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the pages before said of a document that goes on: its number, its lines, its kind."""

    number: str = ''
    items: tuple[ItemReading, ...] = ()
    kind: DocumentKind | None = None


class PaperCode(Protocol):
    """What the QR code of a document says, taken apart by its kind."""

    @property
    def kind(self) -> DocumentKind | None:
        """The kind that the code itself tells."""

    @property
    def number(self) -> str:
        """What makes the document one of its kind: two codes of different number are of two documents."""

    @property
    def said(self) -> Mapping[str, str]:
        """The fields that the code states; sums that mean different things are left to the kind's own proofs."""

    def is_of_another(self, read: Mapping[str, str]) -> bool:
        """Whether the code is about another document than the one whose fields are `read`: they are far apart."""
