"""Paper on its way into a case: files taken in, pages turned and sorted, documents split, merged, attached, removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from sqlalchemy import and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from claimdesk.errors import InvalidInput, NotFound, Unreadable
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, DocumentPage
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.checklist import papers_arrived, tick, untick
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.document_pages import (
    ROTATIONS,
    PageEdit,
    as_pdf,
    edits_of,
    pages_before,
    replace_pages,
    sibling,
    spelled_page,
)
from claimdesk.services.document_views import DocumentView, PageView, SameFile, document_view, document_views
from claimdesk.services.files import digest, keep_file
from claimdesk.services.thumbnails import MOST_WIDE
from claimdesk.vocabulary import DocumentKind, DocumentState, Stage

__all__ = ['DocumentView', 'Documents', 'NewFile', 'PageEdit', 'PageView', 'SameFile']

UNPROCESSED = or_(
    Document.case_id.is_(None), and_(Document.cover != '', Document.state != DocumentState.CONFIRMED)
)
"""What lies in the inbox."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to take in; `origin` says how it came: 'scan', 'drop', 'paste', 'open' or 'folder'."""

    name: str
    content: bytes
    origin: str = 'open'


class Documents:
    """Taking paper in and keeping it in order. The original files are never altered."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._pictures = lru_cache(maxsize=12)(office.drawn_page)

    # Looking

    def inbox(self, actor: Actor) -> list[DocumentView]:
        """Documents that belong to no case yet or were filed by a cover sheet and not checked, the oldest first."""
        with self._office.database.read() as session:
            return document_views(session, _wanted(session, UNPROCESSED))

    def waiting(self, actor: Actor) -> int:
        """How many documents lie in the inbox."""
        here = (UNPROCESSED, Document.removed_at.is_(None))
        with self._office.database.read() as session:
            return session.scalar(select(func.count(Document.id)).where(*here)) or 0

    def of_case(self, actor: Actor, case_id: int) -> list[DocumentView]:
        """The documents of a case in the order they came, without removed ones."""
        with self._office.database.read() as session:
            return document_views(session, _wanted(session, Document.case_id == case_id))

    def removed_of_case(self, actor: Actor, case_id: int) -> list[DocumentView]:
        """Documents that were taken out of the case and can be restored."""
        rows = (
            select(Document)
            .where(Document.case_id == case_id, Document.removed_at.is_not(None))
            .order_by(Document.removed_at.desc())
        )
        with self._office.database.read() as session:
            return document_views(session, session.scalars(rows.options(selectinload(Document.pages))).all())

    def get(self, actor: Actor, document_id: int) -> DocumentView:
        """One document with its pages. Raises `NotFound`."""
        with self._office.database.read() as session:
            return document_view(session, get(session, Document, document_id))

    def page_image(self, actor: Actor, document_id: int, position: int, width: int = 1200) -> bytes:
        """The page at `position`, `width` pixels wide, turned as kept: PNG, or JPEG for a small picture (`thumbnails`).

        Raises `NotFound`, `Unavailable`, `Unreadable`.
        """
        with self._office.database.read() as session:
            page = session.scalar(
                select(DocumentPage).where(
                    DocumentPage.document_id == document_id, DocumentPage.position == position
                )
            )
        if page is None:
            raise NotFound(_("This page no longer exists."), _("Open the document again."))
        picture = self._office.thumbnails.thumbnail if width <= MOST_WIDE else self._pictures
        return picture(page.sha256, page.page_index, page.rotation, width)

    def content(self, actor: Actor, document_id: int) -> bytes:
        """The document as one PDF, its pages in order and upright. Raises `NotFound`, `Unreadable`."""
        with self._office.database.read() as session:
            return as_pdf(session, self._office, get(session, Document, document_id))

    def has_file(self, actor: Actor, content: bytes) -> bool:
        """Whether a document that is not removed holds a page of exactly this file."""
        wanted = select(DocumentPage.id).join(Document, Document.id == DocumentPage.document_id)
        with self._office.database.read() as session:
            held = wanted.where(DocumentPage.sha256 == digest(content), Document.removed_at.is_(None)).limit(1)
            return session.scalar(held) is not None

    # Taking in

    def add(
        self,
        actor: Actor,
        files: Sequence[NewFile],
        case_id: int | None,
        request_key: str,
        progress: Progress = quiet,
    ) -> list[DocumentView]:
        """Keep `files`, one document each, in a case or (None) in the inbox.

        The same `request_key` (up to 32 characters) again returns what it added the first time. A file that cannot be
        opened is kept all the same and its document says why. Raises `NotAllowed`, `InvalidInput` for an empty file.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        for file in files:
            if not file.content:
                raise InvalidInput(_("The file {name} is empty.").format(name=file.name), _("Scan or save it again."))
        counted = []
        for done, file in enumerate(files):
            progress(done, len(files), file.name)
            counted.append((file, digest(file.content), *_page_count(file.content)))
            self._office.files.bring(counted[-1][1], file.content)
        try:
            return self._add(actor, case_id, request_key, counted)
        except IntegrityError:
            return self._add(actor, case_id, request_key, counted)  # the same request came in at the same moment

    def _add(
        self, actor: Actor, case_id: int | None, request_key: str, counted: Sequence[tuple[NewFile, str, int, str]]
    ) -> list[DocumentView]:
        with self._office.write(actor, N_("added documents")) as session:
            keys = [f'{request_key}:{index}' for index in range(len(counted))]
            known = session.scalars(
                select(Document).where(Document.request_key.in_(keys)).order_by(Document.id)
            ).all()
            if known:
                return document_views(session, known)
            case = _open_case(session, case_id) if case_id is not None else None
            added = [
                self._keep(session, actor, case, key, *one) for key, one in zip(keys, counted, strict=True)
            ]
            if case is not None:
                touch(session, case, self._office)
            session.flush()
            return document_views(session, added)

    def _keep(
        self,
        session: Session,
        actor: Actor,
        case: Case | None,
        key: str,
        file: NewFile,
        sha256: str,
        count: int,
        problem: str,
    ) -> Document:
        now = self._office.now()
        name = PurePath(file.name.replace('\\', '/')).name.replace('\x00', '')[:255]
        keep_file(session, self._office.files, sha256, file.content, name, now)
        document = Document(
            office_id=actor.office_id,
            case_id=case.id if case else None,
            request_key=key,
            state=DocumentState.UNREADABLE if problem else DocumentState.WAITING,
            title=(PurePath(name).stem or _("Document"))[:200],
            source=file.origin,
            problem=problem[:400],
            added_by=actor.id,
            added_at=now,
        )
        document.pages = [DocumentPage(position=index, sha256=sha256, page_index=index) for index in range(count)]
        session.add(document)
        return document

    # Pages

    def set_pages(self, actor: Actor, document_id: int, version: int, pages: Sequence[PageEdit]) -> DocumentView:
        """Turn, leave out, bring back or reorder pages; what is left out stays in the stored file.

        Raises `NotAllowed`, `Conflict`, and `InvalidInput` for no page, a strange page or a confirmed document.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("changed the pages of a document")) as session:
            document = _unconfirmed(session, document_id, version)
            mine = {(page.sha256, page.page_index) for page in document.pages}
            if not pages:
                raise InvalidInput(_("A document keeps at least one page."), _("Remove the whole document instead."))
            strange = {spelled_page(page) for page in pages if (page.sha256, page.page_index) not in mine}
            if strange - pages_before(session, document) or any(page.rotation not in ROTATIONS for page in pages):
                raise InvalidInput(_("This page does not belong to the document."), _("Open the document again."))
            replace_pages(session, document, pages)
            return document_view(session, document)

    def split(self, actor: Actor, document_id: int, version: int, at: int) -> tuple[DocumentView, DocumentView]:
        """Make two documents of one; the second begins with the page at position `at` (1 or more)."""
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("split a document")) as session:
            document = _unconfirmed(session, document_id, version)
            pages = edits_of(document)
            if not 0 < at < len(pages):
                raise InvalidInput(_("A document is split between two of its pages."), _("Choose a later page."))
            second = sibling(document, pages[at:])
            session.add(second)
            replace_pages(session, document, pages[:at])
            first, other = document_views(session, [document, second])
            return first, other

    def merge(self, actor: Actor, documents: Sequence[tuple[int, int]]) -> DocumentView:
        """Append the pages of the later documents to the first; `documents` are (id, version).

        The others are removed and can be restored. Raises `NotAllowed`, `Conflict`, `InvalidInput`.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        if len({document_id for document_id, _version in documents}) < 2:
            raise InvalidInput(_("Choose at least two documents to merge."))
        with self._office.write(actor, N_("merged documents")) as session:
            first, *others = [_unconfirmed(session, row, version) for row, version in documents]
            if any(other.case_id != first.case_id for other in others):
                raise InvalidInput(
                    _("These documents belong to different cases."), _("Attach them to one case first.")
                )
            pages = [edit for document in (first, *others) for edit in edits_of(document)]
            replace_pages(session, first, pages)
            for other in others:
                other.removed_at = self._office.now()
            session.flush()
            return document_view(session, first)

    # Filing

    def attach(
        self, actor: Actor, document_id: int, version: int, case_id: int | None, checklist_code: str = ''
    ) -> DocumentView:
        """File a document in a case (None: back to the inbox), for the needed document `checklist_code` if given.

        Raises `NotAllowed`, `NotFound`, `Conflict`, `InvalidInput` for a closed case or a confirmed document.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("attached a document")) as session:
            document = _unconfirmed(session, document_id, version)
            before = session.get(Case, document.case_id) if document.case_id else None
            case = _open_case(session, case_id) if case_id is not None else None
            answered = document.checklist_code
            document.case_id = case.id if case else None
            document.checklist_code = checklist_code if case else ''
            session.flush()
            if before is not None and answered:
                untick(session, before, answered, actor, self._office)
            if case is not None and checklist_code:
                tick(session, case, checklist_code, actor, self._office)
                papers_arrived(session, case, document.added_at, actor, self._office)
            for touched in {row.id: row for row in (before, case) if row is not None}.values():
                touch(session, touched, self._office)
            session.flush()
            return document_view(session, document)

    def set_kind(self, actor: Actor, document_id: int, version: int, kind: DocumentKind) -> DocumentView:
        """Say what kind of paper it is."""
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("changed the kind of a document")) as session:
            document = _unconfirmed(session, document_id, version)
            document.kind = kind
            session.flush()
            return document_view(session, document)

    def set_title(self, actor: Actor, document_id: int, version: int, title: str) -> DocumentView:
        """Name a document. Raises `InvalidInput` for an empty name."""
        require(actor, Permission.ATTACH_DOCUMENTS)
        if not title.strip():
            raise InvalidInput(_("A document needs a title."), '', {'title': _("Enter this.")})
        with self._office.write(actor, N_("renamed a document")) as session:
            document = get_for_edit(session, Document, document_id, version, title=title)
            document.title = title.strip()[:200]
            session.flush()
            return document_view(session, document)

    def remove(self, actor: Actor, document_id: int, version: int) -> DocumentView:
        """Take a document out of sight; `restore` brings it back. A confirmed one is refused (`InvalidInput`)."""
        return self._set_removed(actor, document_id, version, N_("removed a document"), self._office.now())

    def restore(self, actor: Actor, document_id: int, version: int) -> DocumentView:
        """Bring a removed document back."""
        return self._set_removed(actor, document_id, version, N_("restored a document"), None)

    def _set_removed(
        self, actor: Actor, document_id: int, version: int, action: str, at: dt.datetime | None
    ) -> DocumentView:
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, action) as session:
            document = _unconfirmed(session, document_id, version)
            document.removed_at = at
            session.flush()
            case = session.get(Case, document.case_id) if document.case_id else None
            if case is not None:
                if document.checklist_code:
                    answer = tick if at is None else untick
                    answer(session, case, document.checklist_code, actor, self._office)
                touch(session, case, self._office)
            session.flush()
            return document_view(session, document)


def _page_count(content: bytes) -> tuple[int, str]:
    """How many pages `content` has (1 where nobody can tell), and why it cannot be opened."""
    from claimdesk.ocr import page_count

    try:
        return page_count(content), ''
    except Unreadable as error:
        return 1, str(error)


def _wanted(session: Session, condition: object) -> Sequence[Document]:
    return session.scalars(
        select(Document)
        .where(condition, Document.removed_at.is_(None))  # type: ignore[arg-type]
        .order_by(Document.added_at, Document.id)
        .options(selectinload(Document.pages))
    ).all()


def _open_case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    if case.stage is Stage.CLOSED:
        raise InvalidInput(
            _("Case {number} is closed; nothing is filed in it.").format(number=case.number), _("Reopen it first.")
        )
    return case


def _unconfirmed(session: Session, document_id: int, version: int) -> Document:
    document = get_for_edit(session, Document, document_id, version)
    if document.state is DocumentState.CONFIRMED:
        raise InvalidInput(
            _("This document has been confirmed and stays as it is."), _("Take its confirmation back first.")
        )
    return document
