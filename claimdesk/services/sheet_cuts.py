"""Several papers on one sheet become documents of their own, each cut out of the same page; and are put together again.

The page stays in the store as it came. What was cut out is a file beside it that knows where it lay on which page.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Document, DocumentPage, PieceOfPage
from claimdesk.models.rows import get, get_for_edit, insert_new
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.document_pages import PageEdit, edits_of, replace_pages, sibling
from claimdesk.services.document_views import DocumentView, document_views
from claimdesk.services.files import digest, keep_file
from claimdesk.vocabulary import DocumentKind, DocumentState

if TYPE_CHECKING:
    from claimdesk.scanning.sheet import Corners

LOOK_WIDTH = 1000
CUT_WIDTH = 2480
"""Pixels across a PDF page that is cut: 300 dpi on A4."""
MOST_PIECES = 40
CARDS = frozenset(
    {DocumentKind.ID_CARD, DocumentKind.BANK_CARD, DocumentKind.DRIVING_LICENCE, DocumentKind.VEHICLE_LICENCE}
)
"""Both sides of one on a sheet are one document."""
WHOLE = CARDS | {DocumentKind.PHOTO, DocumentKind.MEDICAL_LIST, DocumentKind.REPAIR_ESTIMATE}
"""Kinds of paper that are never proposed to be cut."""


class SheetCuts:
    """Finding the papers on a page, cutting them apart, putting them together."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._found = lru_cache(maxsize=64)(self._find)

    def proposed(self, actor: Actor, document_id: int, position: int) -> tuple[Corners, ...]:
        """The corners of the papers on that page where surely several lie on it; () for every other page.

        Both sides of a card are one paper; a piece that was cut out, a confirmed document and a page with a text layer
        are left alone. Raises `NotFound`.
        """
        from claimdesk.scanning.pieces import two_sides

        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            page = _page_at(document, position)
            kind, key = document.kind, (page.sha256, page.page_index, page.rotation)
            piece = session.get(PieceOfPage, page.sha256) is not None
            if document.state is DocumentState.CONFIRMED or kind in WHOLE or piece:
                return ()
            if not self._is_picture(session, page):
                return ()
        pieces, aspect = self._found(key, True)
        if kind is not DocumentKind.TRAIN_TICKET and two_sides(pieces, aspect):
            return ()
        return pieces

    def looked_for(self, actor: Actor, document_id: int, position: int) -> tuple[Corners, ...]:
        """What may be papers on that page, for a person who asked and looks at it; () where nothing stands out."""
        with self._office.database.read() as session:
            page = _page_at(get(session, Document, document_id), position)
            key = page.sha256, page.page_index, page.rotation
        return self._found(key, False)[0]

    def _is_picture(self, session: Session, page: DocumentPage) -> bool:
        """Whether the page is a picture alone: an electronic invoice says itself what it is."""
        from claimdesk.ocr import has_text, is_data

        try:
            content = self._office.files.get(session, page.sha256)
            return not is_data(content) and not has_text(content, page.page_index)
        except ClaimDeskError:
            return False

    def _find(self, key: tuple[str, int, int], surely: bool) -> tuple[tuple[Corners, ...], float]:
        """The papers on a page and how high it is by its width. A page that cannot be drawn has none."""
        import io

        from PIL import Image

        from claimdesk.scanning.pieces import find_pieces

        try:
            drawn = self._office.drawn_page(*key, LOOK_WIDTH)
        except ClaimDeskError:
            return (), 1.0
        with Image.open(io.BytesIO(drawn)) as image:
            aspect = image.height / image.width
        return find_pieces(drawn, surely=surely), aspect

    def cut(
        self,
        actor: Actor,
        document_id: int,
        version: int,
        position: int,
        pieces: Sequence[Corners],
        progress: Progress = quiet,
    ) -> list[DocumentView]:
        """Make a document of each of `pieces`, in their order, out of the page at `position`.

        Where the document had only this page it becomes the first piece; else it keeps its other pages and comes first
        in the answer. Raises `NotAllowed`, `Conflict`, `NotFound`, `Unreadable`, and `InvalidInput` for no piece, too
        many, or a confirmed document.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        if not 1 <= len(pieces) <= MOST_PIECES:
            raise InvalidInput(
                _("A sheet is cut into between 1 and {most} pieces.").format(most=MOST_PIECES),
                _("Draw a box around each paper."),
            )
        with self._office.database.read() as session:
            page = _page_at(get(session, Document, document_id), position)
            whole = PageEdit(page.sha256, page.page_index, page.rotation)
            content = self._office.files.get(session, page.sha256)
        made = self._made(content, whole, pieces, progress)
        for _corners, piece in made:
            self._office.files.bring(digest(piece), piece)
        with self._office.write(actor, N_("cut a sheet apart")) as session:
            document = get_for_edit(session, Document, document_id, version)
            _open(document)
            edits = [self._keep(session, document, whole, corners, content) for corners, content in made]
            rest = [edit for at, edit in enumerate(edits_of(document)) if at != position]
            parts = [document] if rest else []
            if rest:
                replace_pages(session, document, rest)
            else:
                replace_pages(session, document, edits[:1])
                document.kind = DocumentKind.OTHER
                parts = [document]
            for number, edit in enumerate(edits if rest else edits[1:], start=1 if rest else 2):
                part = sibling(document, [edit])
                part.title = f'{document.title[:190]} ({number})'
                session.add(part)
                parts.append(part)
            session.flush()
            return document_views(session, parts)

    def _made(
        self, content: bytes, whole: PageEdit, pieces: Sequence[Corners], progress: Progress
    ) -> list[tuple[Corners, bytes]]:
        from claimdesk.ocr import is_data
        from claimdesk.scanning.sheet import flattened

        index, rotation = whole.page_index, whole.rotation
        if b'%PDF-' in content[:1024] or is_data(content):
            content, index, rotation = self._office.draw(content, index + 1, CUT_WIDTH, rotation), 0, 0
        made = []
        for done, corners in enumerate(pieces):
            progress(done, len(pieces), _("Cutting the sheet apart"))
            made.append((corners, flattened(content, corners, rotation, index)))
        return made

    def _keep(
        self, session: Session, document: Document, whole: PageEdit, corners: Corners, content: bytes
    ) -> PageEdit:
        sha256 = digest(content)
        keep_file(session, self._office.files, sha256, content, document.title, self._office.now())
        session.execute(
            insert_new(session, PieceOfPage).values(
                sha256=sha256,
                from_sha256=whole.sha256,
                page_index=whole.page_index,
                rotation=whole.rotation,
                corners=[list(corner) for corner in corners],
            )
        )
        return PageEdit(sha256, 0)

    def together(
        self, actor: Actor, parts: Sequence[tuple[int, int]], pages: Sequence[PageEdit]
    ) -> list[DocumentView]:
        """Take a cut back: the first of `parts` (id, version) gets its `pages` again, the others are removed.

        Raises `NotAllowed`, `Conflict`, and `InvalidInput` where one of them was confirmed meanwhile.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("put a sheet together again")) as session:
            first, *others = [get_for_edit(session, Document, row, version) for row, version in parts]
            for one in (first, *others):
                _open(one)
            replace_pages(session, first, pages)
            for other in others:
                other.removed_at = self._office.now()
            session.flush()
            return document_views(session, [first, *others])

    def whole_sheet(self, actor: Actor, document_id: int, version: int) -> list[DocumentView]:
        """Put the sheet together again that the document was cut out of, also long after; the pieces are removed.

        Raises `NotAllowed`, `Conflict`, and `InvalidInput` where it is no piece or one of them is confirmed.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.database.read() as session:
            document = get(session, Document, document_id)
            origin = session.get(PieceOfPage, document.pages[0].sha256) if len(document.pages) == 1 else None
            if origin is None:
                raise InvalidInput(_("This document was not cut out of a sheet."))
            pieces = (
                select(DocumentPage.document_id)
                .join(PieceOfPage, PieceOfPage.sha256 == DocumentPage.sha256)
                .where(
                    PieceOfPage.from_sha256 == origin.from_sha256, PieceOfPage.page_index == origin.page_index
                )
            )  # fmt: skip
            same = (
                select(Document)
                .where(
                    Document.id.in_(pieces), Document.removed_at.is_(None), Document.added_at == document.added_at
                )
                .order_by(Document.id)
            )  # fmt: skip
            found = [one for one in session.scalars(same) if len(one.pages) == 1]
            parts = [(one.id, version if one.id == document_id else one.version) for one in found]
            page = PageEdit(origin.from_sha256, origin.page_index, origin.rotation)
        return self.together(actor, parts, [page])


def _open(document: Document) -> None:
    if document.state is DocumentState.CONFIRMED:
        raise InvalidInput(
            _("This document has been confirmed and stays as it is."), _("Take its confirmation back first.")
        )


def _page_at(document: Document, position: int) -> DocumentPage:
    page = next((page for page in document.pages if page.position == position), None)
    if page is None:
        raise NotFound(_("This page no longer exists."), _("Open the document again."))
    return page
