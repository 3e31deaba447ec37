"""Marks on pages for copies: highlights, frames, notes, and places to be blacked out. Files stay as they came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Document, DocumentPage, PageMark
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.page_texts import Box, turned_box
from claimdesk.vocabulary import MarkKind

UNITS = 10_000
LEAST = 20
"""Of the page's width or height, in ten-thousandths: a smaller mark was made by mistake."""
MOST_AT_ONCE = 500
LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the page at `position` (from 0) of a document; `box` in fractions of the page as it stands there."""

    document_id: int
    position: int
    box: Box


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark; `box` in fractions of the page as it is stored, not turned."""

    id: int
    version: int
    sha256: str
    page_index: int
    kind: MarkKind
    box: Box
    note: str
    made_by: str

    def shown(self, rotation: int) -> Box:
        """Its place on the page turned clockwise by `rotation` degrees."""
        return turned_box(self.box, rotation)


class PageMarks:
    """Marking pages of a case. What is marked on a page holds wherever the page lies in that case, also once closed."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[Mark]:
        """The marks of a case in the order they were made."""
        with self._office.database.read() as session:
            return marks_of(session, case_id)

    def add(
        self, actor: Actor, case_id: int, kind: MarkKind, places: Sequence[Place], note: str = ''
    ) -> list[Mark]:
        """Mark places on pages of the case, all in one go.

        Raises `NotAllowed`, `NotFound`, and `InvalidInput` for a note without words, a place outside its page, or too
        many places.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        note = note.strip()[:LONGEST_NOTE]
        if kind is MarkKind.NOTE and not note:
            raise InvalidInput(_("A note needs words."), '', {'note': _("Enter this.")})
        if not 0 < len(places) <= MOST_AT_ONCE:
            raise InvalidInput(_("Between 1 and {most} places are marked at once.").format(most=MOST_AT_ONCE))
        with self._office.write(actor, N_("marked a page")) as session:
            get(session, Case, case_id)
            rows = [self._mark(session, actor, case_id, kind, place, note) for place in places]
            session.add_all(rows)
            session.flush()
            return [_view(row, actor.name) for row in rows]

    def change(
        self, actor: Actor, mark_id: int, version: int, *, box: Box | None = None, note: str | None = None
    ) -> Mark:
        """Put a mark elsewhere (`box` of the page as it is stored) or change its note.

        Raises `NotAllowed`, `NotFound`, `Conflict`, `InvalidInput`.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("changed a mark on a page")) as session:
            row = get_for_edit(session, PageMark, mark_id, version, note=note)
            if note is not None:
                if row.kind is MarkKind.NOTE and not note.strip():
                    raise InvalidInput(_("A note needs words."), '', {'note': _("Enter this.")})
                row.note = note.strip()[:LONGEST_NOTE]
            if box is not None:
                row.box = _units(box)
            session.flush()
            return _view(row, session.scalar(select(Account.name).where(Account.id == row.made_by)) or '')

    def remove(self, actor: Actor, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Take marks away, each (id, version); returns them with their new versions, for `restore`."""
        return self._set_removed(actor, marks, N_("removed a mark from a page"), removed=True)

    def restore(self, actor: Actor, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Bring removed marks back."""
        return self._set_removed(actor, marks, N_("brought a mark on a page back"), removed=False)

    def _set_removed(
        self, actor: Actor, marks: Sequence[tuple[int, int]], action: str, *, removed: bool
    ) -> list[tuple[int, int]]:
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, action) as session:
            rows = [get_for_edit(session, PageMark, mark_id, version) for mark_id, version in marks]
            for row in rows:
                row.removed_at = self._office.now() if removed else None
            session.flush()
            return [(row.id, row.version) for row in rows]

    def _mark(
        self, session: Session, actor: Actor, case_id: int, kind: MarkKind, place: Place, note: str
    ) -> PageMark:
        page = session.scalar(
            select(DocumentPage)
            .join(Document, Document.id == DocumentPage.document_id)
            .where(
                Document.id == place.document_id, Document.case_id == case_id, DocumentPage.position == place.position
            )
        )
        if page is None:
            raise NotFound(_("This page no longer exists."), _("Open the document again."))
        return PageMark(
            case_id=case_id,
            sha256=page.sha256,
            page_index=page.page_index,
            kind=kind,
            box=_units(turned_box(place.box, -page.rotation)),
            note=note,
            made_by=actor.id,
            made_at=self._office.now(),
        )


def marks_of(session: Session, case_id: int) -> list[Mark]:
    """The marks of a case that are not removed."""
    rows = session.execute(
        select(PageMark, Account.name)
        .join(Account, Account.id == PageMark.made_by)
        .where(PageMark.case_id == case_id, PageMark.removed_at.is_(None))
        .order_by(PageMark.id)
    )
    return [_view(row, name) for row, name in rows]


def _view(row: PageMark, name: str) -> Mark:
    x, y, wide, high = (side / UNITS for side in row.box)
    return Mark(row.id, row.version, row.sha256, row.page_index, row.kind, (x, y, wide, high), row.note, name)


def _units(box: Box) -> list[int]:
    """The box in ten-thousandths of the page, grown to whole ones so that no edge of what lies below peeps out."""
    x, y, wide, high = box
    # A turn may leave 0.30000000000000004; that is no whole step more.
    left, top = (max(0, math.floor(side * UNITS + 1e-6)) for side in (x, y))
    right, bottom = (min(UNITS, math.ceil(side * UNITS - 1e-6)) for side in (x + wide, y + high))
    if right - left < LEAST or bottom - top < LEAST:
        raise InvalidInput(_("This place is too small to be marked."), _("Draw a larger one."))
    return [left, top, right - left, bottom - top]
