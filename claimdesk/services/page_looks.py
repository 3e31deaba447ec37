"""What the pages of the office look like: noted when a page is read, and found again among a million others."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _
from claimdesk.models import Document, DocumentPage, PageLook
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require

DRAWN_WIDE = 800
EDGE = 0.004
BITE = 100
MOST_NEAR = 1_000
"""Pages that look alike and are handed on, the nearest first."""
PAGE = (DocumentPage.sha256, DocumentPage.page_index, DocumentPage.rotation)
BANDS = tuple(getattr(PageLook, f'band_{place}') for place in range(8))

PageKey = tuple[str, int, int]
"""SHA-256 of the file, page in it from 0, degrees that it is turned clockwise."""


@dataclass(frozen=True, slots=True)
class NearPage:
    """A page of another document that looks like one of ours: `difference` bits apart, `mine` ours by its place."""

    document_id: int
    position: int
    mine: int
    difference: int


class PageLooks:
    """Noting what pages look like, for those that were read before the office knew how."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def missing(self, actor: Actor) -> int:
        """How many pages nobody has looked at."""
        with self._office.database.read() as session:
            return len(set(session.execute(_without_look()).all()))

    def fill(self, actor: Actor, progress: Progress = quiet) -> int:
        """Look at all of them, as long as it takes; what is done stays done. Raises `NotAllowed`, `Cancelled`."""
        require(actor, Permission.ATTACH_DOCUMENTS)
        total, done = self.missing(actor), 0
        while True:
            with self._office.database.read() as session:
                some = [_key(row) for row in session.execute(_without_look().limit(BITE))]
            if not some:
                progress(done, done, _("Comparing pages"))
                return done
            for key in some:
                progress(done, max(total, done), _("Comparing pages"))
                note_looks(self._office, actor, [key])
                done += 1


def note_looks(office: OfficeContext, actor: Actor, keys: Iterable[PageKey]) -> None:
    """Note what these pages look like, unless it is known. A page that cannot be drawn is noted as having no look.

    Nothing of it is worth failing for: what goes wrong now is found by `PageLooks.fill`.
    """
    wanted = list(dict.fromkeys(keys))
    with office.database.read() as session:
        known = {_key(row) for row in session.execute(_known(wanted))} if wanted else set()
    rows = [_drawn(office, key) for key in wanted if key not in known]
    if rows:
        # Another desk may have read the same page meanwhile, and seen the same.
        with contextlib.suppress(IntegrityError, ClaimDeskError), office.write(actor, N_("compared pages")) as session:
            session.add_all(rows)


def near_pages(session: Session, document_id: int) -> list[NearPage]:
    """The pages of other documents that look like the pages of this one, the nearest first."""
    looks = list(_looks_of(session, document_id))
    found = [near for position, bits in looks for near in _near(session, document_id, position, bits)]
    best: dict[int, NearPage] = {}
    for near in sorted(found, key=lambda one: one.difference):
        best.setdefault(near.document_id, near)
    return list(best.values())


def _looks_of(session: Session, document_id: int) -> Iterator[tuple[int, bytes]]:
    """Place and look of each page of the document that has one."""
    rows = session.execute(
        select(DocumentPage.position, PageLook.bits)
        .join(PageLook, _same_page())
        .where(DocumentPage.document_id == document_id)
    )
    yield from ((position, bits) for position, bits in rows if bits is not None)


def _near(session: Session, document_id: int, position: int, bits: bytes) -> Iterator[NearPage]:
    from claimdesk.ocr import ALIKE, bands_of, difference, near_bands

    columns = (PageLook.sha256, PageLook.page_index, PageLook.rotation, PageLook.bits)
    bands = (column.in_(near_bands(band)) for column, band in zip(BANDS, bands_of(bits), strict=True))
    found = session.execute(select(*columns).where(or_(*bands)))
    alike = {_key(row): apart for row in found if row.bits and (apart := difference(bits, row.bits)) <= ALIKE}
    nearest = sorted(alike, key=alike.__getitem__)[:MOST_NEAR]
    rows = session.execute(
        select(*PAGE, Document.id, DocumentPage.position)
        .join(Document, Document.id == DocumentPage.document_id)
        .where(tuple_(*PAGE).in_(nearest), Document.removed_at.is_(None), Document.id != document_id)
    )
    for row in rows:
        yield NearPage(row.id, row.position, position, alike[_key(row)])


def _without_look() -> Select[str, int, int]:
    return (
        select(*PAGE)
        .distinct()
        .outerjoin(PageLook, _same_page())
        .where(PageLook.sha256.is_(None))
        .order_by(*PAGE)
    )


def _known(keys: Sequence[PageKey]) -> Select[str, int, int]:
    own = (PageLook.sha256, PageLook.page_index, PageLook.rotation)
    return select(*own).where(tuple_(*own).in_(keys))


def _key(row: Row[*tuple[Any, ...]]) -> PageKey:
    return row.sha256, row.page_index, row.rotation


def _drawn(office: OfficeContext, key: PageKey) -> PageLook:
    from claimdesk.ocr import bands_of, look_of

    try:
        look = look_of(_flat(office, key))
    except ClaimDeskError:
        look = None
    sha256, index, rotation = key
    return page_look(sha256, index, rotation, look, bands_of(look) if look else ())


def _flat(office: OfficeContext, key: PageKey) -> bytes:
    """The page as a picture; of a photo the sheet on it, where one stands out."""
    from claimdesk.ocr import is_data
    from claimdesk.scanning.sheet import find_sheet, flattened

    sha256, index, rotation = key
    with office.database.read() as session:
        content = office.files.get(session, sha256)
    if b'%PDF-' not in content[:1024] and not is_data(content):
        corners = find_sheet(content, rotation, index)
        # What reaches the edge of the picture is a scan with a crease or a frame, no sheet on a desk.
        if corners is not None and all(EDGE < side < 1 - EDGE for corner in corners for side in corner):
            return flattened(content, corners, rotation, index)
    return office.draw(content, index + 1, DRAWN_WIDE, rotation)


def page_look(sha256: str, index: int, rotation: int, look: bytes | None, bands: Sequence[int]) -> PageLook:
    """The row of a page."""
    row = PageLook(sha256=sha256, page_index=index, rotation=rotation, bits=look)
    for column, band in zip(BANDS, bands, strict=False):
        setattr(row, column.key, band)
    return row


def _same_page() -> ColumnElement[bool]:
    return and_(
        PageLook.sha256 == DocumentPage.sha256,
        PageLook.page_index == DocumentPage.page_index,
        PageLook.rotation == DocumentPage.rotation,
    )
