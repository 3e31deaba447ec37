"""What the machine reads from a document, kept beside what people confirm; and reading files without an office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Document, ReadingRecord
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.document_pages import as_pdf
from claimdesk.services.known_companies import known_companies
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, DocumentState

if TYPE_CHECKING:
    from claimdesk.ocr import FieldReading, FileReading, ReaderPool

FIELD_LABELS = {
    'invoice_code': N_('Invoice code'),
    'invoice_number': N_('Invoice number'),
    'issue_date': N_('Date of issue'),
    'check_code': N_('Check code'),
    'buyer_name': N_('Buyer'),
    'buyer_tax_id': N_('Buyer tax number'),
    'seller_name': N_('Seller'),
    'seller_tax_id': N_('Seller tax number'),
    'amount': N_('Amount without tax'),
    'tax': N_('Tax'),
    'total': N_('Total with tax'),
    'total_capital': N_('Total in words'),
}
"""The fields of an invoice in the order in which a form shows them."""

PRINTED_ONLY = frozenset({'invoice_code', 'check_code'})
"""What a digital invoice does not have."""

DIGITAL = frozenset({DocumentKind.DIGITAL_SPECIAL, DocumentKind.DIGITAL_NORMAL})

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


class Readings:
    """Reading documents in worker processes, and keeping what was read."""

    def __init__(self, office: OfficeContext, pool_factory: Callable[[], ReaderPool] | None = None) -> None:
        self._office = office
        self._pool_factory = pool_factory or _local_pool
        self._pool: ReaderPool | None = None

    def warm(self) -> None:
        """Load the engine now, so that the first document does not wait for it."""
        self._reader().warm()

    def read(
        self, actor: Actor, document_id: int, progress: Progress = quiet, engine: str = 'auto'
    ) -> ReadingView:
        """Read a document as its pages stand, turn pages that lie on their side, and keep the reading.

        The document then waits to be checked, or says why it is unreadable. A confirmed document keeps its state. No
        transaction is open while the engine reads. Raises `NotAllowed`, `NotFound`, `Cancelled`, `Unavailable`.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            pages, title = _signature(document), document.title
            try:
                content = _content(session, self._office, document)
            except ClaimDeskError as error:
                content, problem = b'', str(error)
        if content:
            reading = self._reader().read(content, name=title, engine=engine, progress=progress)
        else:
            reading = _unread(title, problem)
        with self._office.write(actor, N_("read a document")) as session:
            document = get(session, Document, document_id)
            reading = _remembered(session, reading)
            if _signature(document) == pages:
                pages = _turn(document, reading)
                _judge(document, reading)
            record = ReadingRecord(
                document_id=document.id,
                read_at=self._office.now(),
                engine=engine,
                kind=str(_kind(reading)),
                payload={'pages': pages, 'reading': _to_payload(reading)},
            )
            session.add(record)
            session.flush()
            return _view(record, document)

    def latest(self, actor: Actor, document_id: int) -> ReadingView | None:
        """The last reading of the document as its pages are now, or None when they changed since or none was made."""
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            record = session.scalar(
                select(ReadingRecord)
                .where(ReadingRecord.document_id == document_id)
                .order_by(ReadingRecord.id.desc())
                .limit(1)
            )
            if record is None or record.payload['pages'] != _signature(document):
                return None
            return _view(record, document)

    def reread(self, actor: Actor, document_id: int, position: int, box: Box, field: str) -> FieldView:
        """Read one place of the page at `position` again, as the field of that name. Nothing is kept.

        Raises `NotFound`, `Unreadable`, `Unavailable`.
        """
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            page = next((page for page in document.pages if page.position == position), None)
            if page is None:
                raise NotFound(_("This page no longer exists."), _("Open the document again."))
            content = self._office.files.get(session, page.sha256)
            index, rotation = page.page_index, page.rotation
        again = self._reader().reread(content, index + 1, box, field, rotation=rotation)
        return _stored_field(_field_payload(again), position)

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _reader(self) -> ReaderPool:
        if self._pool is None:
            self._pool = self._pool_factory()
        return self._pool


def read_files(
    paths: Sequence[Path], engine: str = 'auto', jobs: int = 1, progress: Progress = quiet
) -> Iterator[dict[str, Any]]:
    """Read each file and hand out, in order, the object that `claimdesk read --json` prints for it.

    A file that cannot be read has its sentence under 'error'; the others are read all the same. With `jobs` above 1
    as many files are read at once. Reading happens in processes of its own, which a hostile file may kill.
    """
    from claimdesk.ocr import ReaderPool

    with ReaderPool(min(jobs, len(paths)), warm=False) as pool:
        for reading in pool.read_each(paths, engine=engine, progress=progress):
            yield reading.to_json()


def _remembered(session: Session, reading: FileReading) -> FileReading:
    """The reading with what the office knows about the companies on it."""
    if not reading.pages:
        return reading
    from claimdesk.ocr import recalled

    known = known_companies(session, reading)
    return replace(reading, pages=tuple(recalled(page, known) for page in reading.pages))


def _local_pool() -> ReaderPool:
    from claimdesk.ocr import ReaderPool

    return ReaderPool(1)


def _content(session: Session, office: OfficeContext, document: Document) -> bytes:
    """The bytes to read: the file itself where the document is one whole file as it came, else its pages as a PDF."""
    first = document.pages[0]
    untouched = all(
        page.sha256 == first.sha256 and page.page_index == place and page.rotation == 0
        for place, page in enumerate(document.pages)
    )
    if untouched:
        content = office.files.get(session, first.sha256)
        if len(document.pages) == _pages_in(content):
            return content
    return as_pdf(session, office, document)


def _pages_in(content: bytes) -> int:
    from claimdesk.ocr import page_count

    try:
        return page_count(content)
    except ClaimDeskError:
        return 1  # a structured invoice, or nothing that opens: the reader will say


def _signature(document: Document) -> list[list[Any]]:
    return [[page.sha256, page.page_index, page.rotation] for page in document.pages]


def _turn(document: Document, reading: FileReading) -> list[list[Any]]:
    """Turn pages that were read standing on their side or head; boxes refer to the upright page."""
    for page in reading.pages:
        if page.rotation and page.page <= len(document.pages):
            kept = document.pages[page.page - 1]
            kept.rotation = (kept.rotation + page.rotation) % 360
    return _signature(document)


def _judge(document: Document, reading: FileReading) -> None:
    if document.state is DocumentState.CONFIRMED:
        return
    if reading.error is not None and not any(page.fields for page in reading.pages):
        document.state, document.problem = DocumentState.UNREADABLE, reading.error[:400]
        return
    document.state, document.problem = DocumentState.TO_CHECK, (reading.error or '')[:400]
    kind = _kind(reading)
    if kind is not DocumentKind.OTHER or document.kind is DocumentKind.OTHER:
        document.kind = kind


def _kind(reading: FileReading) -> DocumentKind:
    kinds = [page.kind for page in reading.pages]
    known = [kind for kind in kinds if kind in INVOICE_KINDS] or [k for k in kinds if k is not DocumentKind.OTHER]
    return known[0] if known else DocumentKind.OTHER


def _unread(title: str, problem: str) -> FileReading:
    from claimdesk.ocr import FileReading

    return FileReading(title, (), problem)


def _to_payload(reading: FileReading) -> dict[str, Any]:
    """The whole reading as JSON: what the command line prints, and with it reasons, alternatives and text."""
    return {
        'error': reading.error,
        'pages': [
            {
                'page': page.page,
                'kind': str(page.kind),
                'seconds': round(page.seconds, 3),
                'fields': [_field_payload(field) for field in page.fields.values()],
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


def _field_payload(field: FieldReading) -> dict[str, Any]:
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


def _view(record: ReadingRecord, document: Document) -> ReadingView:
    payload = record.payload['reading']
    kind = DocumentKind(record.kind)
    pages: list[dict[str, Any]] = payload['pages']
    main = next((page for page in pages if page['kind'] == record.kind), None)
    fields: dict[str, FieldView] = {}
    for page in [main, *pages] if main else []:
        for stored in page['fields']:
            fields.setdefault(stored['name'], _stored_field(stored, page['page'] - 1))
    with_items = next((page for page in pages if page['items']), None)
    return ReadingView(
        document_id=document.id,
        document_version=document.version,
        kind=kind,
        engine=record.engine,
        read_at=record.read_at,
        fields=tuple(_in_order(kind, fields)),
        items=tuple(item for page in pages for item in page['items']),
        items_confidence=with_items['items_confidence'] if with_items else 0.0,
        checks=tuple(
            CheckView(check['name'], check['ok'], check['detail'], tuple(check['fields']))
            for page in pages
            for check in page['checks']
        ),
        text='\n'.join(page['text'] for page in pages),
        problem=payload['error'] or '',
    )


def expected_fields(kind: DocumentKind) -> tuple[str, ...]:
    """The fields that a paper of `kind` has, in the order of a form; none for what is no invoice."""
    expected = list(FIELD_LABELS) if kind in INVOICE_KINDS else []
    if kind in DIGITAL:
        expected = [name for name in expected if name not in PRINTED_ONLY]
    elif kind not in (DocumentKind.VAT_ELECTRONIC, DocumentKind.VAT_NORMAL):
        expected = [name for name in expected if name != 'check_code']
    return tuple(expected)


def missing_field(name: str) -> FieldView:
    """A field that was not read."""
    return FieldView(name, _(FIELD_LABELS[name]), '', 0.0, '', None, 0, MISSING, _("Not found on the page."))


def _in_order(kind: DocumentKind, fields: Mapping[str, FieldView]) -> Iterator[FieldView]:
    expected = expected_fields(kind)
    for name in expected:
        yield fields.get(name) or missing_field(name)
    yield from (field for name, field in fields.items() if name not in expected)


def _stored_field(stored: Mapping[str, Any], page: int) -> FieldView:
    return FieldView(
        name=stored['name'],
        label=_(FIELD_LABELS.get(stored['name'], stored['name'])),
        value=stored['value'],
        confidence=stored['confidence'],
        source=stored['source'],
        box=tuple(stored['box']) if stored['box'] else None,
        page=page,
        status=MISSING if not stored['value'] else SURE if stored['sure'] else CHECK,
        reason=stored['reason'],
        alternatives=tuple(stored['alternatives']),
    )
