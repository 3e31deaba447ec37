"""What one source says about one field, before anything is weighed."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimdesk.ocr.layout import Found
from claimdesk.ocr.reading import Box, ItemReading
from claimdesk.vocabulary import DocumentKind

FIELDS = (
    'invoice_code',
    'invoice_number',
    'issue_date',
    'check_code',
    'buyer_name',
    'buyer_tax_id',
    'seller_name',
    'seller_tax_id',
    'amount',
    'tax',
    'total',
    'total_capital',
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value written down, the piece of the page it comes from, and the worst probability of its characters."""

    value: str
    found: Found | None = None
    score: float = 1.0


def candidate(value: str, found: Found | None, score: float | None = None) -> Candidate:
    """A candidate with the score of its piece unless another one is given."""
    return Candidate(value, found, score if score is not None else (found.score if found else 1.0))


@dataclass(slots=True)
class Extract:
    """All that one source says about a page; `boxes` where the source itself knows places, `several` whether more than
    one invoice lies there, `goes_on` whether its list of lines goes on on the next page."""

    source: str
    kind: DocumentKind | None = None
    fields: dict[str, Candidate] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    items: list[tuple[ItemReading, float]] = field(default_factory=list)
    text: str = ''
    several: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """The lines of an invoice that stand on the pages before, and its number."""

    number: str = ''
    items: tuple[ItemReading, ...] = ()
