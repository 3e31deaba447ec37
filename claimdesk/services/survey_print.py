"""The survey report as a letter prints it: where and by whom, what was found, the sketch, and the photos."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from claimdesk.errors import NotFound, Unavailable, Unreadable
from claimdesk.language import _
from claimdesk.models import Account, Case, Document, DocumentPage, SurveyReport
from claimdesk.services.context import SHANGHAI, OfficeContext
from claimdesk.sketch import from_json
from claimdesk.vocabulary import DocumentKind, label

if TYPE_CHECKING:
    from claimdesk.reports.letters import Part
    from claimdesk.reports.paper import Picture

PHOTO_WIDTH, MOST_PHOTOS = 900, 24
"""Pixels across (about 250 to the inch at a third of the page), and how many photos are printed."""


def survey_parts(session: Session, office: OfficeContext, case: Case) -> tuple[Part, ...]:
    """The parts of the printed survey report."""
    from claimdesk.reports.letters import Part
    from claimdesk.reports.paper import Fact

    row = session.scalars(select(SurveyReport).where(SurveyReport.case_id == case.id)).one()
    surveyor = session.get(Account, row.surveyor_id) if row.surveyor_id else None
    visited = f'{row.visited_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}' if row.visited_at else '–'
    facts = (
        Fact(_("Surveyor"), surveyor.name if surveyor else ''),
        Fact(_("Time of the visit"), visited),
        Fact(_("Share of fault"), label(row.liability)),
        Fact(_("Insured"), case.insured_name),
        Fact(_("Policy number"), case.policy_number),
        Fact(_("Plate"), case.plate),
        Fact(_("Place of the survey"), row.place, span=3),
    )
    sketch = from_json(row.sketch)
    photos = survey_photos(session, office, case)
    return (
        Part(_("The visit"), facts),
        *_answers(case, row),
        Part(_("Findings"), text=row.finding or '–'),
        Part(_("What those involved say"), text=row.statement),
        Part(_("Sketch"), sketch=sketch or None),
        Part(_("Photos"), pictures=tuple(photos), tall=150, columns=2),
    )


def _answers(case: Case, row: SurveyReport) -> tuple[Part, ...]:
    from claimdesk.reports.letters import Part
    from claimdesk.reports.paper import Fact
    from claimdesk.rules.survey_form import answer_words, form_for

    facts = [
        Fact(_(question.title), answer_words(question, row.answers[question.name]), span=question.span)
        for question in form_for(case.line, injury=case.injury)
        if row.answers.get(question.name) not in (None, '')
    ]
    return (Part(_("Checked on the spot"), tuple(facts)),) if facts else ()


def photo_documents(session: Session, case_id: int) -> list[Document]:
    """The photos of a case, in the order in which they came."""
    return list(
        session.scalars(
            select(Document)
            .where(
                Document.case_id == case_id, Document.removed_at.is_(None), Document.kind == DocumentKind.PHOTO
            )
            .order_by(Document.added_at, Document.id)
            .options(selectinload(Document.pages))
        )
    )


def survey_photos(session: Session, office: OfficeContext, case: Case) -> list[Picture]:
    """The photos of the case, small enough to print, with what their own data say about when and where."""
    from claimdesk.ocr import photo_facts
    from claimdesk.reports.paper import Picture

    pictures = []
    pages: list[tuple[Document, DocumentPage]] = [
        (document, page) for document in photo_documents(session, case.id) for page in document.pages
    ]
    for document, page in pages[:MOST_PHOTOS]:
        try:
            content = office.files.get(session, page.sha256)
            image = _small(content, page)
        except (NotFound, Unreadable, Unavailable):
            continue
        facts = photo_facts(content)
        taken = f'{facts.taken_at:%Y-%m-%d %H:%M}' if facts.taken_at else _("time not in the photo")
        pictures.append(Picture(image, f'{document.title} · {taken}'))
    return pictures


def _small(content: bytes, page: DocumentPage) -> bytes:
    from PIL import Image

    from claimdesk.ocr import render

    png = render(content, page.page_index + 1, width=PHOTO_WIDTH, rotation=page.rotation)
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert('RGB').save(out, 'JPEG', quality=82)
    return out.getvalue()
