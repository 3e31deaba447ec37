"""Pages that stand in for others: the flat sheet cut out of a photo, the copy of a PDF without its password.

The file that came is kept as it is; `Documents.set_pages` puts its pages back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound, Unavailable
from claimdesk.language import N_, _
from claimdesk.models import Document, DocumentPage
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.document_pages import PageEdit, edits_of, replace_pages
from claimdesk.services.document_views import DocumentView, document_view
from claimdesk.services.files import digest, keep_file
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.scanning.sheet import Corners


class PageCopies:
    """Puts copies made by the machine in the place of pages. No transaction is open while they are made."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def corners(self, actor: Actor, document_id: int, position: int) -> Corners | None:
        """The corners of the sheet in the photo at `position`, None where none stands out.

        Raises `NotFound`, `Unreadable`, and `InvalidInput` for what is no photo.
        """
        with self._office.database.read() as session:
            page = _page_at(get(session, Document, document_id), position)
            content, index, rotation = self._office.files.get(session, page.sha256), page.page_index, page.rotation
        return _corners(content, index, rotation)

    def cut_out(
        self, actor: Actor, document_id: int, version: int, position: int, corners: Corners | None = None
    ) -> DocumentView:
        """Put the flat sheet in the place of the photo at `position`; `corners` are those that a person set.

        Raises `NotAllowed`, `Conflict`, `NotFound`, `Unreadable`, and `InvalidInput` where no sheet stands out or the
        document is confirmed.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.database.read() as session:
            page = _page_at(get(session, Document, document_id), position)
            content, index, rotation = self._office.files.get(session, page.sha256), page.page_index, page.rotation
        made = _cut_out(content, index, rotation, corners)
        sha256 = digest(made)
        self._office.files.bring(sha256, made)
        with self._office.write(actor, N_("cut the sheet out of a photo")) as session:
            document = _open(session, document_id, version)
            keep_file(session, self._office.files, sha256, made, document.title, self._office.now())
            edits = edits_of(document)
            edits[position] = PageEdit(sha256, 0)
            replace_pages(session, document, edits)
            return document_view(session, document)

    def unlock(self, actor: Actor, document_id: int, version: int, password: str) -> DocumentView:
        """Put copies without password in the place of the pages of a protected PDF. The password is not kept.

        Raises `NotAllowed`, `Conflict`, and `InvalidInput` for a wrong password or a document that needs none.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.database.read() as session:
            first = _page_at(get(session, Document, document_id), 0).sha256
            content = self._office.files.get(session, first)
        made, count = _unlocked(content, password)
        sha256 = digest(made)
        self._office.files.bring(sha256, made)
        with self._office.write(actor, N_("opened a protected PDF")) as session:
            document = _open(session, document_id, version)
            keep_file(session, self._office.files, sha256, made, document.title, self._office.now())
            others = [edit for edit in edits_of(document) if edit.sha256 != digest(content)]
            replace_pages(session, document, [*(PageEdit(sha256, index) for index in range(count)), *others])
            return document_view(session, document)

    def is_locked(self, actor: Actor, document_id: int) -> bool:
        """Whether the document is a PDF that opens only with a password; one whose file is gone is none."""
        from claimdesk.scanning import is_locked

        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            if document.state is not DocumentState.UNREADABLE:
                return False
            try:
                content = self._office.files.get(session, _page_at(document, 0).sha256)
            except (NotFound, Unavailable):
                return False
        return is_locked(content)


def _corners(content: bytes, index: int, rotation: int) -> Corners | None:
    from claimdesk.ocr import is_data
    from claimdesk.scanning.sheet import find_sheet

    if b'%PDF-' in content[:1024] or is_data(content):
        raise InvalidInput(_("Only a photo has a sheet to be cut out."), _("Scans and PDF files are flat already."))
    return find_sheet(content, rotation, index)


def _cut_out(content: bytes, index: int, rotation: int, corners: Corners | None) -> bytes:
    from claimdesk.scanning.sheet import flattened

    corners = corners or _corners(content, index, rotation)
    if corners is None:
        raise InvalidInput(
            _("No sheet stands out in this picture."),
            _("Photograph the paper on a darker ground, with all four corners in the picture."),
        )
    return flattened(content, corners, rotation, index)


def _unlocked(content: bytes, password: str) -> tuple[bytes, int]:
    from claimdesk.ocr import page_count
    from claimdesk.scanning import is_locked, unlocked

    if not is_locked(content):
        raise InvalidInput(_("This document opens without a password."), _("Read it again."))
    made = unlocked(content, password)
    return made, page_count(made)


def _page_at(document: Document, position: int) -> DocumentPage:
    page = next((page for page in document.pages if page.position == position), None)
    if page is None:
        raise NotFound(_("This page no longer exists."), _("Open the document again."))
    return page


def _open(session: Session, document_id: int, version: int) -> Document:
    document = get_for_edit(session, Document, document_id, version)
    if document.state is DocumentState.CONFIRMED:
        raise InvalidInput(
            _("This document has been confirmed and stays as it is."), _("Take its confirmation back first.")
        )
    return document
