"""The photos of a case: when, where and with what each says it was taken, and what about it should be looked at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound, Unavailable
from claimdesk.models import Case, Document, DocumentPage
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.rules.photos import Flag, PhotoClaim, flags_of, place_words
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.survey_print import photo_documents

if TYPE_CHECKING:
    from claimdesk.ocr import PhotoFacts


@dataclass(frozen=True, slots=True)
class PhotoView:
    """One photo; `taken_at` is the camera's local time. `other_cases` are numbers of cases that hold the same file."""

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


class Photos:
    """Looking at what photos say about themselves. A stored file never changes, so each is read once."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._facts = lru_cache(maxsize=2_000)(self._read)

    def of_case(self, actor: Actor, case_id: int, progress: Progress = quiet) -> list[PhotoView]:
        """The photos of the case, in the order in which they came. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            pages = [(one, page) for one in photo_documents(session, case_id) for page in one.pages]
            elsewhere = _elsewhere(session, case_id, {page.sha256 for _one, page in pages})
        found = []
        for done, (document, page) in enumerate(pages):
            progress(done, len(pages), document.title)
            found.append(self._view(case, document, page, elsewhere.get(page.sha256, ())))
        return found

    def _view(self, case: Case, document: Document, page: DocumentPage, others: tuple[str, ...]) -> PhotoView:
        facts = self._facts(page.sha256)
        taken, saved = _in_the_office(facts.taken_at), _in_the_office(facts.saved_at)
        claim = PhotoClaim(taken, saved, facts.has_place, facts.edited)
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
            flags=flags_of(claim, case.loss_at, self._office.now(), others),
            other_cases=others,
        )

    def _read(self, sha256: str) -> PhotoFacts:
        from claimdesk.ocr import PhotoFacts, photo_facts

        try:
            with self._office.database.read() as session:
                return photo_facts(self._office.files.get(session, sha256))
        except (NotFound, Unavailable):
            return PhotoFacts(readable=False)


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
