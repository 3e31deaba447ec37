"""Made-up papers that speak of cases of the demo office: of their people, vehicles and days."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.models import Case, CaseMedical, Document, DocumentPage, PartyRecord, Policy
from claimdesk.papers import everyday, medical
from claimdesk.papers.form import Form
from claimdesk.papers.made import Paper
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import DocumentKind, DocumentState, Line, Stage

LONGEST_NAME = 4
"""Signs in the name of a person; longer ones are companies, which have no identity card."""


@dataclass(frozen=True, slots=True)
class About:
    """What papers of a case say: whom they are about, the vehicle, the day of the loss and the hospital."""

    case_id: int
    name: str
    id_number: str
    plate: str
    vin: str
    day: dt.date
    hospital: str


def about(session: Session, line: Line) -> About | None:
    """The newest open case of a person in this line, first those that have a confirmed paper to compare with."""
    confirmed = (
        select(Document.id)
        .where(Document.case_id == Case.id, Document.state == DocumentState.CONFIRMED)
        .where(Document.kind == DocumentKind.DIGITAL_NORMAL)
        .exists()
    )
    row = session.execute(
        select(Case, PartyRecord.id_number, Policy.vin, CaseMedical.hospital)
        .join(Policy, Policy.id == Case.policy_id)
        .join(PartyRecord, PartyRecord.id == Policy.insured_id)
        .outerjoin(CaseMedical, CaseMedical.case_id == Case.id)
        .where(Case.line == line, Case.stage != Stage.CLOSED, func.length(Case.insured_name) <= LONGEST_NAME)
        .order_by(confirmed.desc(), Case.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    case, id_number, vin, hospital = row
    day = case.loss_at.astimezone(SHANGHAI).date()
    return About(case.id, case.insured_name, id_number, case.plate, vin, day, hospital or '')


def confirmed_invoice(session: Session, about: About) -> tuple[str, str] | None:
    """Title and SHA-256 of an invoice that was confirmed in a case other than this one."""
    row = session.execute(
        select(Document.title, DocumentPage.sha256)
        .join(DocumentPage, DocumentPage.document_id == Document.id)
        .where(Document.state == DocumentState.CONFIRMED, Document.kind == DocumentKind.DIGITAL_NORMAL)
        .where(Document.case_id != about.case_id)
        .order_by(Document.id.desc())
        .limit(1)
    ).first()
    return (row.title, row.sha256) if row is not None else None


def saved_again(content: bytes) -> bytes:
    """The same invoice as another program saved it: another file that shows and says the same."""
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.docinfo['/Producer'] = 'another program'
        opened.save(out, deterministic_id=True)
    return out.getvalue()


def everyday_paper(seed: int, kind: DocumentKind, told: About | None) -> Form:
    """A card, licence or ticket, about the insured and the vehicle as far as it names any."""
    named: Collection[str] = {'name'} if kind is DocumentKind.ID_CARD else ()
    papers = (everyday.make(number, kind) for number in itertools.count(seed))
    paper = next(one for one in papers if one.truth.keys() >= set(named))
    return paper.form if told is None else reworded(paper.form, _swaps(paper, told))


def medical_paper(seed: int, kind: DocumentKind, told: About | None, today: dt.date) -> list[Form]:
    """A receipt or list for the insured, on days after the loss."""
    paper = medical.make(seed, kind)
    if told is not None:
        stay = (paper.left_on - paper.visited_on).days
        left = min(told.day + dt.timedelta(days=stay), max(today, told.day))
        code = f'{paper.code[:-2]}{left:%y}' if paper.code else ''
        paper = replace(
            paper, patient=told.name, hospital=told.hospital or paper.hospital, visited_on=told.day, left_on=left,
            issued_on=left, code=code,
        )  # fmt: skip
    return medical.forms_of(paper)


def reworded(form: Form, swaps: Mapping[str, str]) -> Form:
    """The form with other words in some places."""
    texts = [
        (x, y, swaps.get(words, words), size, colour, align) for x, y, words, size, colour, align in form.texts
    ]
    return replace(form, texts=texts)


def vehicle_words(paper: Paper, told: About) -> dict[str, str]:
    """What a paper says of its vehicle, and what it is to say."""
    pairs = (('plate', told.plate), ('vin', told.vin))
    return {paper.truth[name]: value for name, value in pairs if value and paper.truth.get(name)}


def _swaps(paper: Paper, told: About) -> dict[str, str]:
    truth, swaps = paper.truth, dict[str, str]()
    for name in ('name', 'owner'):
        if truth.get(name):
            swaps[truth[name]] = told.name
    swaps |= vehicle_words(paper, told)
    number = told.id_number
    if truth.get('id_number') and len(number) == 18:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        before = dt.date.fromisoformat(truth['birth_date'])
        swaps |= {
            truth['id_number']: number, before.isoformat(): born.isoformat(), _spelled(before): _spelled(born),
            truth['sex']: '男' if int(number[16]) % 2 else '女',
        }  # fmt: skip
    return swaps


def _spelled(day: dt.date) -> str:
    return f'{day.year} 年 {day.month} 月 {day.day} 日'
