"""The pages of a document: which page of which file, how it is turned, and what they were before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import AuditEntry, Document, DocumentPage
from claimdesk.models.audit import note
from claimdesk.services.context import OfficeContext
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.scanning import PageRef

ROTATIONS = (0, 90, 180, 270)
DATA_WIDTH = 2000
"""Pixels across a page that is drawn from data: sharp on paper."""


@dataclass(frozen=True, slots=True)
class PageEdit:
    """A page as a document shall have it; the order of the edits is the order of the pages."""

    sha256: str
    page_index: int
    rotation: int = 0


def as_pdf(session: Session, office: OfficeContext, document: Document) -> bytes:
    """The pages of `document` as one PDF. Raises `NotFound`, `Unreadable`."""
    from claimdesk.scanning import write_pdf

    contents: dict[str, bytes] = {}
    for page in document.pages:
        if page.sha256 not in contents:
            contents[page.sha256] = office.files.get(session, page.sha256)
    return write_pdf([_page(contents[page.sha256], page) for page in document.pages])


def _page(content: bytes, page: DocumentPage) -> PageRef:
    """The page as it can be printed: what is data and no picture is drawn first."""
    from claimdesk.ocr import is_data, render
    from claimdesk.scanning import PageRef

    if is_data(content):
        return PageRef(render(content, page.page_index + 1, width=DATA_WIDTH), 0, page.rotation)
    return PageRef(content, page.page_index, page.rotation)


def edits_of(document: Document) -> list[PageEdit]:
    """The pages of `document` as edits that would leave it as it is."""
    return [PageEdit(page.sha256, page.page_index, page.rotation) for page in document.pages]


def pages_from(edits: Sequence[PageEdit]) -> list[DocumentPage]:
    """Rows for these pages, in their order."""
    return [
        DocumentPage(position=position, sha256=edit.sha256, page_index=edit.page_index, rotation=edit.rotation)
        for position, edit in enumerate(edits)
    ]


def sibling(document: Document, edits: Sequence[PageEdit]) -> Document:
    """A new document with these pages, which came together with `document` and lies where it lies."""
    return Document(
        office_id=document.office_id,
        case_id=document.case_id,
        title=document.title,
        source=document.source,
        added_by=document.added_by,
        added_at=document.added_at,
        checklist_code=document.checklist_code,
        cover=document.cover,
        pages=pages_from(edits),
    )


def replace_pages(session: Session, document: Document, edits: Sequence[PageEdit]) -> None:
    """Give `document` these pages. What was read before no longer fits, so it waits to be read again."""
    before = edits_of(document)
    document.pages = []
    session.flush()  # the old positions must be gone before the new ones come
    document.pages = pages_from(edits)
    document.state = DocumentState.WAITING
    document.problem = ''
    document.version += 1
    session.flush()
    changed = {'pages': [_spelled(before), _spelled(edits)]}
    note(session, 'document', document.id, document.case_id, 'update', changed)


def pages_before(session: Session, document: Document) -> set[str]:
    """The pages that the document had at some time, as the audit trail spells them."""
    changes = session.scalars(
        select(AuditEntry.changes).where(AuditEntry.kind == 'document', AuditEntry.row_id == document.id)
    )
    spelled = {page for change in changes for version in change.get('pages', ()) for page in version}
    return {page.partition('+')[0] for page in spelled}


def spelled_page(edit: PageEdit) -> str:
    """A page as the audit trail spells it, however it is turned."""
    return f'{edit.sha256[:12]}/{edit.page_index + 1}'


def _spelled(edits: Iterable[PageEdit]) -> list[str]:
    return [f'{spelled_page(edit)}+{edit.rotation}' for edit in edits]
