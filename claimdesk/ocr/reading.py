"""What came out of a paper: the fields with their confidence, source and place, the checks, and the whole as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claimdesk.vocabulary import DocumentKind

SURE = 0.95
"""From this confidence on a handler need not look at a field; nothing wrong may reach it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, upright as it is shown; all four as fractions (0..1) of the page's width and height."""

    x: float
    y: float
    width: float
    height: float

    def to_json(self) -> dict[str, float]:
        """The four numbers under their names, to four places."""
        return {
            'x': round(self.x, 4),
            'y': round(self.y, 4),
            'width': round(self.width, 4),
            'height': round(self.height, 4),
        }


@dataclass(frozen=True, slots=True)
class TextRun:
    """A run of text as printed, its place, and the fall of its base line (down for each step right, in page widths)."""

    text: str
    box: Box
    slope: float = 0.0


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field as read: `confidence` 0..1, `source` names the evidence, `reason` says in words why it is unsure."""

    name: str
    value: str
    confidence: float
    source: str
    box: Box | None = None
    alternatives: tuple[str, ...] = ()
    reason: str = ''

    @property
    def sure(self) -> bool:
        """Whether a handler may rely on it unseen."""
        return self.confidence >= SURE

    def to_json(self) -> dict[str, Any]:
        """The shape that `claimdesk read --json` prints for a field."""
        return {
            'value': self.value,
            'confidence': round(self.confidence, 3),
            'source': self.source,
            'box': self.box.to_json() if self.box else None,
        }


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One line of an invoice or list, each cell as printed (money without sign of currency and separators)."""

    name: str = ''
    specification: str = ''
    unit: str = ''
    quantity: str = ''
    unit_price: str = ''
    amount: str = ''
    tax_rate: str = ''
    tax: str = ''
    medical_class: str = ''
    box: Box | None = None

    def to_json(self) -> dict[str, str]:
        """The cells under their names; the class of a medical item only where there is one."""
        cells = {name: getattr(self, name) for name in ITEM_CELLS}
        return cells | ({'medical_class': self.medical_class} if self.medical_class else {})


ITEM_CELLS = ('name', 'specification', 'unit', 'quantity', 'unit_price', 'amount', 'tax_rate', 'tax')


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold between fields; `fields` are the ones it speaks about, `detail` the sum in figures."""

    name: str
    ok: bool
    detail: str
    fields: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The shape that `claimdesk read --json` prints for a check."""
        return {'name': self.name, 'ok': self.ok, 'detail': self.detail}


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page: its kind, fields by name, invoice lines, checks, whole text, and how far it had to be turned.

    `rows` is the text with its places, row by row from top to bottom, as `text_source` saw it; empty where nobody knows
    places.

    `page` counts from 1; `rotation` is the number of degrees clockwise that the page as stored must be turned to
    stand upright (0, 90, 180, 270); boxes refer to the upright page. `seconds` is the time the reading took.
    """

    page: int
    kind: DocumentKind
    seconds: float = 0.0
    fields: dict[str, FieldReading] = field(default_factory=dict)
    items: tuple[ItemReading, ...] = ()
    items_confidence: float = 0.0
    items_source: str = ''
    checks: tuple[Check, ...] = ()
    text: str = ''
    rotation: int = 0
    rows: tuple[tuple[TextRun, ...], ...] = ()
    text_source: str = ''

    def to_json(self) -> dict[str, Any]:
        """The shape that `claimdesk read --json` prints for a page; `items` is a field whose value is a list."""
        fields = {name: reading.to_json() for name, reading in self.fields.items()}
        if self.items:
            fields['items'] = {
                'value': [item.to_json() for item in self.items],
                'confidence': round(self.items_confidence, 3),
                'source': self.items_source,
                'box': None,
            }
        return {
            'page': self.page,
            'kind': str(self.kind),
            'seconds': round(self.seconds, 3),
            'fields': fields,
            'checks': [check.to_json() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file: its pages, or the sentence that says why it could not be read."""

    file: str
    pages: tuple[PageReading, ...] = ()
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `claimdesk read --json` prints for a file."""
        return {'file': self.file, 'pages': [page.to_json() for page in self.pages], 'error': self.error}
