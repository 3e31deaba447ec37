"""What the machine reads from a document, kept beside what people confirm; and reading files without an office."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from claimdesk.services.learned import remember_pointed, with_lessons
from claimdesk.services.page_looks import note_looks
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.services.reading_view import (
    Box,
    FieldView,
    ReadingView,
    field_payload,
    latest_view,
    number_read,
    pages_now,
    reading_payload,
    reading_view,
    stored_field,
)
from claimdesk.services.reversals import naming_reversed
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, DocumentState

if TYPE_CHECKING:
    from claimdesk.ocr import FileReading, PhotoSight, ReaderPool


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
            pages, title = pages_now(document), document.title
            try:
                content = _content(session, self._office, document)
            except ClaimDeskError as error:
                content, problem = b'', str(error)
        reading = self._engine(content, title, engine, progress) if content else _unread(title, problem)
        with self._office.write(actor, N_("read a document")) as session:
            document = get(session, Document, document_id)
            reading, as_read = remembered(session, reading, document.office_id, document.id), pages
            if pages_now(document) == pages:
                pages = _turn(document, reading)
                _judge(document, reading)
            record = _record(document, self._office, engine, pages, reading)
            session.add(record)
            keep_page_texts(session, as_read, reading.pages)
            view = reading_view(record, document)
            record.number = number_read(view)
            session.flush()
        note_looks(self._office, actor, [(page[0], page[1], page[2]) for page in pages])
        return view

    def again(self, actor: Actor, document_id: int, progress: Progress = quiet) -> ReadingView:
        """What the present reader says of a document, with what the office remembers from others. Nothing is kept.

        Raises `NotFound`, `Cancelled`, `Unreadable`, and `Unavailable` for a file that cannot be had.
        """
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            pages, title, content = pages_now(document), document.title, _content(session, self._office, document)
        reading = self._engine(content, title, 'auto', progress)
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            reading = remembered(session, reading, document.office_id, document.id)
            return reading_view(_record(document, self._office, 'auto', pages, reading), document)

    def latest(self, actor: Actor, document_id: int) -> ReadingView | None:
        """The last reading of the document as its pages are now, or None when they changed since or none was made."""
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            return latest_view(session, document)

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
        remember_pointed(self._office, document_id, field, (position, box, again.value))
        return stored_field(field_payload(again), position)

    def look_at_photo(self, content: bytes, page: int, rotation: int) -> PhotoSight:
        """Measure a photo in a worker process. Raises `Unreadable`, `Unavailable`."""
        return self._reader().look_at_photo(content, page, rotation=rotation)

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _engine(self, content: bytes, title: str, engine: str, progress: Progress) -> FileReading:
        return self._reader().read(content, name=title, engine=engine, progress=progress)

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


def remembered(session: Session, reading: FileReading, office_id: int, leave_out: int | None) -> FileReading:
    """The reading with what the office knows about its companies and the papers of its issuer, and the invoice that a
    credit note names. What the document `leave_out` itself taught does not count.
    """
    if not reading.pages:
        return reading
    from claimdesk.ocr import recalled

    known = known_companies(session, reading, leave_out)
    pages = (with_lessons(session, recalled(page, known), office_id, leave_out) for page in reading.pages)
    return replace(reading, pages=tuple(naming_reversed(page) for page in pages))


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


def _turn(document: Document, reading: FileReading) -> list[list[Any]]:
    """Turn pages that were read standing on their side or head; boxes refer to the upright page."""
    for page in reading.pages:
        if page.rotation and page.page <= len(document.pages):
            kept = document.pages[page.page - 1]
            kept.rotation = (kept.rotation + page.rotation) % 360
    return pages_now(document)


def _record(
    document: Document, office: OfficeContext, engine: str, pages: list[list[Any]], reading: FileReading
) -> ReadingRecord:
    return ReadingRecord(
        document_id=document.id,
        read_at=office.now(),
        engine=engine,
        kind=str(_kind(reading)),
        payload={'pages': pages, 'reading': reading_payload(reading)},
    )


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
