"""A reading as it is kept beside its document, and as the bench shows it: fields with their evidence, and checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.forms import form_of, invoice_values, label_of
from claimdesk.language import _, ngettext
from claimdesk.models import Document, ReadingRecord
from claimdesk.vocabulary import DocumentKind

if TYPE_CHECKING:
    from claimdesk.ocr import FieldReading, FileReading

NUMBERS = ('invoice_number', 'receipt_number')
"""What makes a paper one of its kind."""
SURE, CHECK, MISSING = 'sure', 'check', 'missing'
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as read. `status` is 'sure', 'check' or 'missing'; `box` is (x, y, width, height) as fractions of the
    upright page at position `page` (from 0); `reason` says in words why a person should look."""

    name: str
    label: str
    value: str
    confidence: float
    source: str
    box: Box | None
    page: int
    status: str
    reason: str = ''
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TotalPlace:
    """Where the amount of a paper stands: its field, the page (from 1), and the box on it; None for what is unknown."""

    field: str
    page: int | None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class CheckView:
    """One thing that must hold between `fields`, and the sum in figures."""

    name: str
    ok: bool
    detail: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """What was read from a document. `problem` says why nothing was; `items` are the invoice lines as printed."""

    document_id: int
    document_version: int
    kind: DocumentKind
    engine: str
    read_at: dt.datetime
    fields: tuple[FieldView, ...] = ()
    items: tuple[Mapping[str, str], ...] = ()
    items_confidence: float = 0.0
    checks: tuple[CheckView, ...] = ()
    text: str = ''
    problem: str = ''

    def least_certain_first(self) -> tuple[FieldView, ...]:
        """The fields in the order a handler checks them: unsure ones first, the least certain at the top.

        A missing field comes after the doubtful ones, for it has to be typed, not judged.
        """
        order = {CHECK: 0, MISSING: 1, SURE: 2}
        return tuple(sorted(self.fields, key=lambda field: (order[field.status], field.confidence)))

    def values(self) -> dict[str, str]:
        """The values as read, by field name; what a form begins with."""
        return {field.name: field.value for field in self.fields}

    def to_check(self) -> int:
        """How many fields a person has to look at."""
        return sum(1 for field in self.fields if field.status != SURE)


def reading_payload(reading: FileReading) -> dict[str, Any]:
    """The whole reading as JSON: what the command line prints, and with it reasons, alternatives and text."""
    return {
        'error': reading.error,
        'pages': [
            {
                'page': page.page,
                'kind': str(page.kind),
                'seconds': round(page.seconds, 3),
                'fields': [field_payload(field) for field in page.fields.values()],
                'items': [item.to_json() for item in page.items],
                'items_confidence': round(page.items_confidence, 3),
                'checks': [
                    {'name': check.name, 'ok': check.ok, 'detail': check.detail, 'fields': list(check.fields)}
                    for check in page.checks
                ],
                'text': page.text[:20_000],
            }
            for page in reading.pages
        ],
    }


def field_payload(field: FieldReading) -> dict[str, Any]:
    box = field.box
    return {
        'name': field.name,
        'value': field.value,
        'confidence': round(field.confidence, 3),
        'sure': field.sure,
        'source': field.source,
        'box': [round(side, 4) for side in (box.x, box.y, box.width, box.height)] if box else None,
        'alternatives': list(field.alternatives),
        'reason': field.reason,
    }


def pages_now(document: Document) -> list[list[Any]]:
    """What tells whether the pages of a document are still those that were read."""
    return [[page.sha256, page.page_index, page.rotation] for page in document.pages]


def latest_view(session: Session, document: Document) -> ReadingView | None:
    """The last reading of the document as its pages are now, or None when they changed since or none was made."""
    record = session.scalar(
        select(ReadingRecord)
        .where(ReadingRecord.document_id == document.id)
        .order_by(ReadingRecord.id.desc())
        .limit(1)
    )
    if record is None or record.payload['pages'] != pages_now(document):
        return None
    return reading_view(record, document)


def number_read(view: ReadingView) -> str:
    """The number of the paper as it was read, or ''."""
    return invoice_values(view.kind, view.values()).get('invoice_number', '')[:24]


def place_of_total(session: Session, document: Document) -> TotalPlace:
    """Where the amount of a paper stands, as far as anything tells."""
    view = latest_view(session, document)
    found = {field.name: field for field in view.fields if field.value} if view is not None else {}
    field = found.get('total') or found.get('amount')
    if field is not None:
        return TotalPlace(field.name, field.page + 1, field.box)
    return TotalPlace('total', 1 if len(document.pages) == 1 else None)


def reading_view(record: ReadingRecord, document: Document) -> ReadingView:
    """A kept reading as the bench shows it.

    Where the document holds several invoices, only the pages of the first one count, and a check says so.
    """
    payload = record.payload['reading']
    kind = DocumentKind(record.kind)
    pages: list[dict[str, Any]] = payload['pages']
    main = next((page for page in pages if page['kind'] == record.kind), None)
    numbers = dict.fromkeys(number for page in pages if (number := _number(page)))
    if main and _number(main):
        pages = [page for page in pages if _number(page) in ('', _number(main))]
    checks = [_stored_check(check) for page in pages for check in page['checks']]
    if len(numbers) > 1:
        checks.insert(0, _several(list(numbers)))
    # A list that explains a receipt repeats what the receipt sums up.
    listing = [page for page in pages if page['items'] and page['kind'] == record.kind]
    return ReadingView(
        document_id=document.id,
        document_version=document.version,
        kind=kind,
        engine=record.engine,
        read_at=record.read_at,
        fields=tuple(_in_order(kind, _fields_of([main, *pages]) if main else {})),
        items=tuple(item for page in listing for item in page['items']),
        items_confidence=min((page['items_confidence'] for page in listing), default=0.0),
        checks=tuple(dict.fromkeys(checks)),
        text='\n'.join(page['text'] for page in payload['pages']),
        problem=payload['error'] or '',
    )


def _fields_of(pages: Sequence[dict[str, Any]]) -> dict[str, FieldView]:
    """Each field from the first page that has it; from a later one where only that shows its place."""
    fields: dict[str, FieldView] = {}
    for page in pages:
        for stored in page['fields']:
            field = stored_field(stored, page['page'] - 1)
            known = fields.setdefault(field.name, field)
            if known.box is None and field.box is not None and known.value == field.value:
                fields[field.name] = field
    return fields


def _number(page: Mapping[str, Any]) -> str:
    return next((str(field['value']) for field in page['fields'] if field['name'] in NUMBERS), '')


def _several(numbers: Sequence[str]) -> CheckView:
    detail = ngettext(
        "Another invoice is in this document as well ({numbers}): split it, so that each is checked by itself.",
        "{count} other invoices are in this document as well ({numbers}): split it, so that each is checked by itself.",
        len(numbers) - 1,
    ).format(count=len(numbers) - 1, numbers=_(", ").join(numbers[1:]))
    return CheckView('one_invoice', False, detail, ('invoice_number',))


def _stored_check(check: Mapping[str, Any]) -> CheckView:
    return CheckView(check['name'], check['ok'], check['detail'], tuple(check['fields']))


def expected_fields(kind: DocumentKind) -> tuple[str, ...]:
    """The fields that a paper of `kind` always has, in the order of its form; none where only the text is kept."""
    form = form_of(kind)
    return tuple(name for name in form.names if name not in form.optional)


def missing_field(name: str, kind: DocumentKind | None = None) -> FieldView:
    """A field that was not read."""
    return FieldView(name, label_of(name, kind), '', 0.0, '', None, 0, MISSING, _("Not found on the page."))


def _in_order(kind: DocumentKind, fields: Mapping[str, FieldView]) -> Iterator[FieldView]:
    expected, names = expected_fields(kind), form_of(kind).names
    for name in names:
        if name in fields:
            yield replace(fields[name], label=label_of(name, kind))
        elif name in expected:
            yield missing_field(name, kind)
    yield from (field for name, field in fields.items() if name not in names)


def stored_field(stored: Mapping[str, Any], page: int) -> FieldView:
    return FieldView(
        name=stored['name'],
        label=label_of(stored['name']),
        value=stored['value'],
        confidence=stored['confidence'],
        source=stored['source'],
        box=tuple(stored['box']) if stored['box'] else None,
        page=page,
        status=MISSING if not stored['value'] else SURE if stored['sure'] else CHECK,
        reason=stored['reason'],
        alternatives=tuple(stored['alternatives']),
    )
