"""Where a paper belongs: cases found by a few words, cases that the paper points to, and what a case waits for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from claimdesk.identifiers import pinyin_initials, plates_in
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, ReadingRecord
from claimdesk.models.rows import get
from claimdesk.services.case_list import CaseList, CaseQuery
from claimdesk.services.checklist import ChecklistView, checklist_views, code_for_kind
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.vocabulary import DocumentKind, Line, LossKind, Stage

CASE_NUMBER = re.compile(r'(?<![0-9A-Z])[A-Z]{1,4}\d{4}-\d{6}(?!\d)')
POLICY_NUMBER = re.compile(r'(?<![0-9A-Z])[A-Z]{2,6}\d{12,22}(?!\d)')
MOST_SUGGESTED = 3
PERSONS = {
    'buyer_name': N_("The buyer is the insured."),
    'patient_name': N_("The patient is the insured."),
    'name': N_("The card is that of the insured."),
}
"""Fields that name whom a paper is about, and what is said where that is the insured."""
RECEIPTS = frozenset({DocumentKind.MEDICAL_OUTPATIENT, DocumentKind.MEDICAL_INPATIENT})
"""What hospitals are paid for is a medical expense, whatever the line."""

LOSS_KINDS = {
    Line.MOTOR: (
        LossKind.PARTS, LossKind.LABOUR, LossKind.MATERIALS, LossKind.TOWING, LossKind.MEDICAL, LossKind.LOST_INCOME,
        LossKind.NURSING, LossKind.THIRD_PARTY, LossKind.OTHER,
    ),
    Line.MEDICAL: (LossKind.MEDICAL, LossKind.NURSING, LossKind.LOST_INCOME, LossKind.OTHER),
    Line.PROPERTY: (LossKind.BUILDING, LossKind.CONTENTS, LossKind.THIRD_PARTY, LossKind.OTHER),
}  # fmt: skip
"""What a paper of a line can be claimed for; salvage is never on an invoice."""


@dataclass(frozen=True, slots=True)
class Place:
    """A case that a paper can go to; `why` says what on the paper points to it, '' where a person looked for it."""

    case_id: int
    number: str
    insured_name: str
    plate: str
    line: Line
    stage: Stage
    why: str = ''


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case as a paper meets it: its checklist, its kinds of loss, and what the paper answers of both."""

    place: Place
    checklist: tuple[ChecklistView, ...]
    answers: str
    loss_kinds: tuple[LossKind, ...]
    loss: LossKind | None = None


class Filing:
    """Finding the case that a paper belongs to."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._list = CaseList(office)

    def find(self, actor: Actor, words: str, limit: int = 8) -> list[Place]:
        """Open cases whose number, names, plate, policy, place or initials contain `words`, the urgent ones first."""
        if not words.strip():
            return []
        rows = self._list.first(actor, CaseQuery(text=words.strip(), open_only=True), limit)
        return [Place(row.id, row.number, row.insured_name, row.plate, row.line, row.stage) for row in rows]

    def suggest(self, actor: Actor, document_id: int) -> list[Place]:
        """Open cases whose number, policy, plate or insured stands on the paper or in its title, surest first.

        Empty where nothing points to a case. Raises `NotFound`.
        """
        with self._office.database.read() as session:
            title = get(session, Document, document_id).title
            record = session.scalar(
                select(ReadingRecord)
                .where(ReadingRecord.document_id == document_id)
                .order_by(ReadingRecord.id.desc())
                .limit(1)
            )
            pages = record.payload['reading']['pages'] if record is not None else []
            found: dict[int, Place] = {}
            for clue, why in _clues([title, *(page['text'] for page in pages)], _persons(pages)):
                for case in _open_cases(session, clue):
                    found.setdefault(case.id, replace(_place(case), why=why))
            return list(found.values())[:MOST_SUGGESTED]

    def wanted(self, actor: Actor, case_id: int, kind: DocumentKind) -> Wanted:
        """The case with its checklist, and the line of it that a paper of `kind` answers. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            return Wanted(
                _place(case), tuple(checklist_views(session, case)), code_for_kind(session, case, kind),
                LOSS_KINDS[case.line], _loss_of(kind, case.line),
            )  # fmt: skip


def _loss_of(kind: DocumentKind, line: Line) -> LossKind | None:
    """The kind of loss that a paper is surely for; None where a person must say."""
    return LossKind.MEDICAL if kind in RECEIPTS and LossKind.MEDICAL in LOSS_KINDS[line] else None


def _place(case: Case) -> Place:
    return Place(case.id, case.number, case.insured_name, case.plate, case.line, case.stage)


def _persons(pages: Iterable[dict[str, object]]) -> list[tuple[str, str]]:
    """Whom a paper is about, and the sentence that says so."""
    fields = [field for page in pages for field in page['fields']]  # type: ignore[attr-defined]
    return [(field['value'], PERSONS[field['name']]) for field in fields if field['name'] in PERSONS and field['value']]


def _clues(texts: Iterable[str], persons: Iterable[tuple[str, str]]) -> Iterator[tuple[ColumnElement[bool], str]]:
    words = '\n'.join(texts)
    if numbers := set(CASE_NUMBER.findall(words)):
        yield Case.number.in_(numbers), _("The paper names the case.")
    if policies := set(POLICY_NUMBER.findall(words)):
        yield Case.policy_number.in_(policies), _("The paper names the policy.")
    if plates := set(plates_in(words)):
        yield Case.plate.in_(plates), _("The paper names the plate.")
    for person, words in dict.fromkeys(persons):
        # The index begins with the initials.
        same = and_(Case.pinyin == pinyin_initials(person), Case.insured_name == person)
        yield same, _(words)


def _open_cases(session: Session, clue: ColumnElement[bool]) -> list[Case]:
    query = select(Case).where(clue, Case.stage != Stage.CLOSED).order_by(Case.id.desc()).limit(MOST_SUGGESTED)
    return list(session.scalars(query))
