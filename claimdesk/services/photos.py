"""The photos of a case: what each says about itself, what was measured on it, and what about it should be looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound, Unavailable, Unreadable
from claimdesk.language import N_
from claimdesk.models import Case, Document, DocumentPage
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.rules.photos import (
    Flag,
    Known,
    PhotoClaim,
    PlateMatch,
    PlateRead,
    far_from_others,
    flags_of,
    match_plates,
    place_words,
)
from claimdesk.services.claim_sides import vehicles_of
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.page_texts import turned_box
from claimdesk.services.photo_measures import Look, Measured, PageKey, alike_elsewhere, keep_sight, measured_pages
from claimdesk.services.reading_view import Box
from claimdesk.services.survey_print import photo_documents

if TYPE_CHECKING:
    from claimdesk.ocr import PhotoFacts


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photo; `taken_at` is the camera's local time.

    `other_cases` are numbers of cases that hold the same file, `like_cases` of those with a photo that looks like it.
    `plates` are those read on it, `plate_boxes` their places on the upright photo, `match` and `matched` what they say
    of the vehicles of the case. `measured` is False until somebody has measured it.
    """

    document_id: int
    position: int
    title: str
    taken_at: dt.datetime | None
    place: str
    latitude: float | None
    longitude: float | None
    camera: str
    software: str
    flags: tuple[Flag, ...]
    other_cases: tuple[str, ...]
    like_cases: tuple[str, ...] = ()
    measured: bool = False
    plates: tuple[PlateRead, ...] = ()
    plate_boxes: tuple[Box, ...] = ()
    match: PlateMatch = PlateMatch.NONE
    matched: str = ''


@dataclass(frozen=True, slots=True)
class _Case:
    """What the photos of a case are looked at with."""

    row: Case
    vehicles: tuple[str, ...]
    measured: Mapping[PageKey, Measured]
    elsewhere: Mapping[str, tuple[str, ...]]
    alike: Mapping[PageKey, tuple[str, ...]]
    facts: Mapping[PageKey, PhotoFacts]


class Photos:
    """Looking at photos. A stored file never changes, so each is read once, and measured once in the whole office."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._facts = lru_cache(maxsize=2_000)(self._read)

    def of_case(self, actor: Actor, case_id: int, progress: Progress = quiet) -> list[PhotoView]:
        """The photos of the case, in the order in which they came. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            pages = [(one, page) for one in photo_documents(session, case_id) for page in one.pages]
            kept = measured_pages(session, {_key(page) for _one, page in pages})
            elsewhere = _elsewhere(session, case_id, {page.sha256 for _one, page in pages})
            alike = alike_elsewhere(session, case, {key: one.look for key, one in kept.items()})
            vehicles = vehicles_of(session, case)
        facts = {}
        for done, (document, page) in enumerate(pages):
            progress(done, len(pages), document.title)
            facts[_key(page)] = self._facts(page.sha256)
        known = _Case(case, vehicles, kept, elsewhere, alike, facts)
        return [self._view(known, document, page) for document, page in pages]

    def unmeasured(self, actor: Actor, case_id: int) -> int:
        """How many photos of the case nobody has measured."""
        with self._office.database.read() as session:
            return len(_unmeasured(session, case_id))

    def measure(self, actor: Actor, case_id: int, look: Look, progress: Progress = quiet) -> int:
        """Measure the photos of the case that nobody has measured, with `look`; how many there were.

        What is done stays done when it is cancelled. A file that is no picture is passed over. Raises `NotAllowed`,
        `Unavailable` where no engine can be loaded, `Cancelled`.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.database.read() as session:
            waiting = _unmeasured(session, case_id)
        for done, (document, page) in enumerate(waiting):
            progress(done, len(waiting), document.title)
            try:
                with self._office.database.read() as session:
                    content = self._office.files.get(session, page.sha256)
                sight = look(content, page.page_index + 1, page.rotation)
            except (NotFound, Unreadable):
                continue
            with self._office.write(actor, N_("measured photos")) as session:
                keep_sight(session, _key(page), page.rotation, sight)
        return len(waiting)

    def _view(self, case: _Case, document: Document, page: DocumentPage) -> PhotoView:
        key = _key(page)
        facts, kept = case.facts[key], case.measured.get(key)
        taken, saved = _in_the_office(facts.taken_at), _in_the_office(facts.saved_at)
        others = [place for other, one in case.facts.items() if other != key and (place := _place(one)) is not None]
        claim = PhotoClaim(
            taken, saved, facts.has_place, facts.edited, facts.made, far_from_others(_place(facts), others),
            kept.measures if kept is not None else None,
        )  # fmt: skip
        known = Known(
            case.row.loss_at, self._office.now(), case.vehicles, case.elsewhere.get(page.sha256, ()),
            case.alike.get(key, ()),
        )  # fmt: skip
        plates = kept.measures.plates if kept is not None else ()
        match, matched = match_plates(plates, case.vehicles)
        turn = page.rotation - kept.rotation if kept is not None else 0
        return PhotoView(
            document_id=document.id,
            position=page.position,
            title=document.title,
            taken_at=taken,
            place=place_words(facts.latitude, facts.longitude),
            latitude=facts.latitude,
            longitude=facts.longitude,
            camera=facts.camera,
            software=facts.software,
            flags=flags_of(claim, known),
            other_cases=tuple(known.other_cases),
            like_cases=tuple(known.like_cases),
            measured=kept is not None,
            plates=plates,
            plate_boxes=tuple(turned_box(box, turn) for box in kept.boxes) if kept is not None else (),
            match=match,
            matched=matched,
        )

    def _read(self, sha256: str) -> PhotoFacts:
        from claimdesk.ocr import PhotoFacts, photo_facts

        try:
            with self._office.database.read() as session:
                return photo_facts(self._office.files.get(session, sha256))
        except (NotFound, Unavailable):
            return PhotoFacts(readable=False)


def _unmeasured(session: Session, case_id: int) -> Sequence[tuple[Document, DocumentPage]]:
    get(session, Case, case_id)
    pages = [(one, page) for one in photo_documents(session, case_id) for page in one.pages]
    kept = measured_pages(session, {_key(page) for _one, page in pages})
    return [(document, page) for document, page in pages if _key(page) not in kept]


def _key(page: DocumentPage) -> PageKey:
    return page.sha256, page.page_index


def _place(facts: PhotoFacts) -> tuple[float, float] | None:
    if facts.latitude is None or facts.longitude is None:
        return None
    return facts.latitude, facts.longitude


def _in_the_office(at: dt.datetime | None) -> dt.datetime | None:
    """A camera's clock, taken as set to the office's time."""
    return None if at is None else at.replace(tzinfo=SHANGHAI)


def _elsewhere(session: Session, case_id: int, files: set[str]) -> dict[str, tuple[str, ...]]:
    """The numbers of other cases that hold one of these files."""
    if not files:
        return {}
    rows = session.execute(
        select(DocumentPage.sha256, Case.number)
        .join(Document, Document.id == DocumentPage.document_id)
        .join(Case, Case.id == Document.case_id)
        .where(DocumentPage.sha256.in_(files), Document.case_id != case_id, Document.removed_at.is_(None))
        .distinct()
        .order_by(Case.number)
    )
    found: dict[str, tuple[str, ...]] = {}
    for sha256, number in rows:
        found[sha256] = (*found.get(sha256, ()), number)
    return found
