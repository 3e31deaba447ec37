"""Who takes a case: the people, their loads and what each is owed, brought to `rules.assignment`, and kept after it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from claimdesk.language import _
from claimdesk.models import (
    Absence,
    Account,
    AccountRole,
    AuditEntry,
    Calculation,
    Case,
    CaseParty,
    Lawsuit,
    PartyRecord,
    Policy,
    SurveyReport,
    Task,
    WorkCredit,
    WorkProfile,
)
from claimdesk.models.rows import insert_new
from claimdesk.rules.assignment import (
    RULE_KEY,
    Candidate,
    Choice,
    Job,
    Skill,
    Weights,
    choose,
    difficulty,
    weights_from,
)
from claimdesk.rules.authority import LEVELS_KEY, levels_from, standing
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.office_rules import rule_at
from claimdesk.vocabulary import ApprovalState, Line, Outcome, Party, Role, Stage, TaskState

LONGEST_WHY = 200
BESIDE = (Party.VICTIM, Party.THIRD_PARTY)
HANDLED = (Stage.SURVEY.value, Stage.ASSESSMENT.value, Stage.ADJUSTMENT.value)
"""Who ended one of these steps does not approve what came of it."""


def weights_of(session: Session, office: OfficeContext, office_id: int) -> Weights:
    """What makes a case hard, by the office's rule of today."""
    return weights_from(rule_at(session, office_id, RULE_KEY, office.today(), None))


def job_of_report(policy: Policy, place: str, *, injury: bool, amount: Decimal | None, reporter: str, phone: str,
                  weights: Weights) -> Job:  # fmt: skip
    """The job that a new report brings."""
    people = {policy.insured, policy.holder}
    points, why = difficulty(
        policy.line, injury=injury, amount=amount, parties=0, litigation=False, weights=weights
    )
    return Job(
        points=points,
        why_hard=why,
        needs=needed(policy.line, injury, litigation=False),
        place=place,
        names=frozenset({reporter, *(one.name for one in people)}) - {''},
        phones=frozenset({phone, *(one.phone for one in people)}) - {''},
    )


def jobs_of(session: Session, cases: Sequence[Case], weights: Weights, stage: Stage | None = None) -> dict[int, Job]:
    """The job of each case at its stage, or at `stage`, by the case's id."""
    ids = [case.id for case in cases]
    people: dict[int, list[tuple[Party, str, str]]] = {}
    rows = session.execute(
        select(CaseParty.case_id, CaseParty.role, PartyRecord.name, PartyRecord.phone)
        .join(PartyRecord, PartyRecord.id == CaseParty.party_id)
        .where(CaseParty.case_id.in_(ids))
    )
    for case_id, role, name, phone in rows:
        people.setdefault(case_id, []).append((role, name, phone))
    sued = set(session.scalars(select(Lawsuit.case_id).where(Lawsuit.case_id.in_(ids), Lawsuit.closed_at.is_(None))))
    return {
        case.id: _job(session, case, people.get(case.id, []), case.id in sued, weights, stage or case.stage)
        for case in cases
    }


def _job(
    session: Session, case: Case, people: Iterable[tuple[Party, str, str]], sued: bool, weights: Weights, stage: Stage
) -> Job:
    known = list(people)
    beside = sum(role in BESIDE for role, _name, _phone in known)
    points, why = difficulty(
        case.line, injury=case.injury, amount=case.estimate, parties=beside, litigation=sued, weights=weights
    )
    return Job(
        points=points,
        why_hard=why,
        needs=needed(case.line, case.injury, litigation=sued),
        place=case.place,
        before=_did_before(session, case.id, stage),
        names=frozenset({case.insured_name, case.reporter_name, *(name for _role, name, _phone in known)}) - {''},
        phones=frozenset({case.reporter_phone, *(phone for _role, _name, phone in known)}) - {''},
        worked=handlers_of(session, case.id) if stage is Stage.APPROVAL else frozenset(),
    )


def needed(line: Line, injury: bool, *, litigation: bool) -> frozenset[Skill]:
    """The skills that a case asks for."""
    needs = {Skill(line.value)}
    if injury:
        needs.add(Skill.INJURY)
    if litigation:
        needs.add(Skill.LITIGATION)
    return frozenset(needs)


def _did_before(session: Session, case_id: int, stage: Stage) -> int | None:
    query = (
        select(Task.finished_by)
        .where(Task.case_id == case_id, Task.kind == stage.value, Task.state == TaskState.DONE)
        .order_by(Task.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def handlers_of(session: Session, case_id: int) -> frozenset[int]:
    """Everybody who surveyed, assessed or calculated the case: their steps, reports, loss items and calculations."""
    found: set[int | None] = set(
        session.scalars(
            select(Task.finished_by).where(
                Task.case_id == case_id, Task.kind.in_(HANDLED), Task.state == TaskState.DONE
            )
        )
    )
    found.update(session.scalars(select(SurveyReport.surveyor_id).where(SurveyReport.case_id == case_id)))
    found.update(session.scalars(select(Calculation.made_by).where(Calculation.case_id == case_id)))
    found.update(
        session.scalars(
            select(AuditEntry.actor_id)
            .where(AuditEntry.case_id == case_id, AuditEntry.kind.in_(['loss_item', 'survey_report']))
            .distinct()
        )
    )
    return frozenset(person for person in found if person)


def candidates_for(
    session: Session,
    office: OfficeContext,
    office_id: int,
    role: Role,
    *,
    line: Line | None = None,
    asked: Decimal | None = None,
    lock: bool = False,
) -> list[Candidate]:
    """Everybody active of `role`; with `asked`, the yuan to be approved on `line`, also whether they may.

    With `lock` what they are owed stays as it is until the transaction ends.
    """
    today = office.today()
    people = session.scalars(
        select(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == role, Account.active, Account.office_id == office_id)
        .order_by(Account.id)
    ).all()
    ids = [person.id for person in people]
    owed = _credits(session, role, ids, lock=lock)
    counts = open_counts(session, ids)
    away = dict(
        session.execute(
            select(Absence.account_id, Absence.substitute_id).where(
                Absence.starts_on <= today, Absence.ends_on >= today
            )
        ).all()
    )
    noted = session.scalars(select(WorkProfile).where(WorkProfile.account_id.in_(ids)))
    profiles = {one.account_id: one for one in noted}
    levels = levels_from(rule_at(session, office_id, LEVELS_KEY, today, None)) if asked is not None else ()
    found = []
    for person in people:
        profile = profiles.get(person.id)
        may = True
        if asked is not None and line is not None:
            stands = standing(levels, {one.role for one in person.roles}, person.login, line)
            may = stands.covers(asked) or stands.needs_head_office(asked)
        found.append(
            Candidate(
                user_id=person.id,
                name=person.name,
                open_cases=counts.get(person.id, 0),
                capacity=person.capacity,
                absent=person.id in away,
                phone=person.phone,
                substitute=away.get(person.id),
                hard_capacity=profile.hard_capacity if profile else None,
                weight=profile.weight if profile else 100,
                credit=owed.get(person.id, 0),
                skills=frozenset(map(Skill, profile.skills)) if profile else frozenset(),
                areas=tuple(profile.areas) if profile else (),
                authority=may,
            )
        )
    return found


def open_counts(session: Session, ids: Collection[int]) -> dict[int, int]:
    """How many open cases each of these people has."""
    query = (
        select(Case.owner_id, func.count())
        .where(Case.owner_id.in_(ids), Case.stage != Stage.CLOSED)
        .group_by(Case.owner_id)
    )
    return {owner: count for owner, count in session.execute(query) if owner is not None}


def choose_owner(
    session: Session, office: OfficeContext, stage: Stage, line: Line, fallback: Actor, job: Job, weights: Weights,
    asked: Decimal | None = None,
) -> Choice:  # fmt: skip
    """Who takes a case that enters `stage`, with what each is owed written down; `fallback` where nobody can."""
    role = STAGE_ROLE[stage]
    people = candidates_for(session, office, fallback.office_id, role, line=line, asked=asked, lock=True)
    choice = choose(people, job, weights)
    if choice is None:
        why = _("Nobody of this role can take it now, so it stays with {name}.").format(name=fallback.name)
        return Choice(fallback.id, why[:LONGEST_WHY])
    _keep_credits(session, role, choice.credits)
    why = choice.why if len(choice.why) <= LONGEST_WHY else choice.why[: LONGEST_WHY - 1] + '…'
    return Choice(choice.user_id, why)


def owner_of_next_step(
    session: Session, office: OfficeContext, case: Case, stage: Stage, fallback: Actor
) -> Choice:
    """Who takes `case` as it enters `stage`."""
    weights = weights_of(session, office, case.office_id)
    job = jobs_of(session, [case], weights, stage)[case.id]
    asked = _asked(session, case.id) if stage is Stage.APPROVAL else None
    return choose_owner(session, office, stage, case.line, fallback, job, weights, asked)


def _asked(session: Session, case_id: int) -> Decimal | None:
    return session.scalar(
        select(Calculation.payable)
        .where(Calculation.case_id == case_id, Calculation.state == ApprovalState.PENDING)
        .order_by(Calculation.number.desc())
        .limit(1)
    )


def _credits(session: Session, role: Role, ids: Sequence[int], *, lock: bool) -> dict[int, int]:
    query = (
        select(WorkCredit.account_id, WorkCredit.credit)
        .where(WorkCredit.role == role, WorkCredit.account_id.in_(ids))
        .order_by(WorkCredit.account_id)
    )
    if not lock:
        return dict(session.execute(query).all())
    found = dict(session.execute(query.with_for_update()).all())
    absent = [account_id for account_id in ids if account_id not in found]
    if absent:
        # Two desks may note the same newcomer at once: the second one waits, and then reads what the first wrote.
        rows = [{'account_id': account_id, 'role': role, 'credit': 0} for account_id in absent]
        session.execute(insert_new(session, WorkCredit), rows)
        found = dict(session.execute(query.with_for_update()).all())
    return found


def _keep_credits(session: Session, role: Role, owed: Mapping[int, int]) -> None:
    rows = [{'account_id': person, 'role': role, 'credit': credit} for person, credit in sorted(owed.items())]
    if rows:
        session.execute(update(WorkCredit), rows)


def unowned() -> Any:
    """The condition that nobody works on a case: it has no handler, or one who has left."""
    left = select(Account.id).where(~Account.active)
    return or_(Case.owner_id.is_(None), Case.owner_id.in_(left))


OPEN = Case.outcome == Outcome.OPEN
