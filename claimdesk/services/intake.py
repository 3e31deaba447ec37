"""First notice of loss: find the policy, see similar cases, take the report in under a minute."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.identifiers import phone_ok, pinyin_initials, whole_plates
from claimdesk.language import N_, _
from claimdesk.models import (
    Accident,
    Account,
    Case,
    CaseMedical,
    CaseMotor,
    CaseParty,
    CaseProperty,
    PartyRecord,
    Policy,
)
from claimdesk.paths import resource
from claimdesk.rules.clocks import EventKind, Subject, step_due
from claimdesk.rules.duplicates import similar_losses
from claimdesk.rules.permissions import Permission
from claimdesk.services.assigning import choose_owner, job_of_report, weights_of
from claimdesk.services.checklist import create_for
from claimdesk.services.clockwork import record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.reserves import add_reserve
from claimdesk.services.sequences import case_number
from claimdesk.services.steps import open_step_task
from claimdesk.vocabulary import ClauseVersion, Line, Outcome, Party, Stage

LAST_CHARACTER = '\U0010ffff'
SIMILAR_WITHIN = dt.timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class CoverageView:
    """One cover of a policy; money in yuan, rates as shares."""

    id: int
    code: str
    name: str
    sum_insured: Decimal
    deductible: Decimal
    deductible_rate: Decimal
    benefit_ratio: Decimal
    insured_value: Decimal | None


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy as a handler on the phone needs it."""

    id: int
    number: str
    line: Line
    clause: ClauseVersion
    holder: str
    insured: str
    insured_phone: str
    insured_id_number: str
    plate: str
    vehicle_model: str
    insured_address: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    coverages: tuple[CoverageView, ...]
    open_cases: int


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A case on the same policy with a loss near the one being reported."""

    id: int
    number: str
    loss_at: dt.datetime
    stage: Stage
    cause: str
    place: str


@dataclass(frozen=True, slots=True)
class NewCase:
    """What the caller tells. `details` are the line's own fields, by column name of its table."""

    policy_id: int
    loss_at: dt.datetime
    place: str
    cause: str
    reporter_name: str
    reporter_phone: str
    description: str = ''
    injury: bool = False
    estimate: Decimal | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """The case as opened: its number, who has it and why, and which documents it needs."""

    case_id: int
    number: str
    owner: str
    assigned_why: str
    documents_needed: tuple[str, ...]


LINE_DETAILS: dict[Line, type[CaseMotor] | type[CaseMedical] | type[CaseProperty]] = {
    Line.MOTOR: CaseMotor,
    Line.MEDICAL: CaseMedical,
    Line.PROPERTY: CaseProperty,
}


class Intake:
    """Taking the first notice of loss."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def find_policies(self, actor: Actor, text: str, limit: int = 20) -> list[PolicyView]:
        """Policies whose number, plate, or whose insured's name, initials, identity number or phone fit `text`.

        A plate may be typed without its province.
        """
        wanted = text.strip()
        if not wanted:
            return []
        people = select(PartyRecord.id).where(
            or_(
                _begins(PartyRecord.name, wanted),
                PartyRecord.id_number == wanted.upper(),
                PartyRecord.phone == wanted,
                PartyRecord.pinyin == wanted.lower(),
            )
        )
        query = (
            select(Policy)
            .where(
                or_(
                    _begins(Policy.number, wanted),
                    Policy.plate.in_(whole_plates(wanted)),
                    Policy.insured_id.in_(people),
                    Policy.holder_id.in_(people),
                )
            )
            .order_by(Policy.ends_at.desc())
            .limit(limit)
        )
        with self._office.database.read() as session:
            return [policy_view(session, policy) for policy in session.scalars(query)]

    def policy(self, actor: Actor, policy_id: int) -> PolicyView:
        """One policy. Raises `NotFound`."""
        with self._office.database.read() as session:
            return policy_view(session, _policy(session, policy_id))

    def causes(self, actor: Actor, line: Line) -> list[str]:
        """Causes to offer for a line: those of the office's latest cases by frequency, then the usual ones."""
        latest = select(Case.cause).where(Case.line == line).order_by(Case.id.desc()).limit(2000).subquery()
        query = select(latest.c.cause).group_by(latest.c.cause).order_by(func.count().desc(), latest.c.cause).limit(30)
        with self._office.database.read() as session:
            used = [cause for cause in session.scalars(query) if cause]
        usual: list[str] = json.loads(resource('causes.json').read_text(encoding='utf-8'))[line.value]
        return [*used, *(cause for cause in usual if cause not in used)]

    def similar(self, actor: Actor, policy_id: int, loss_at: dt.datetime) -> list[SimilarCase]:
        """Cases of the same policy whose loss lies within 48 hours of `loss_at`: perhaps the same accident."""
        with self._office.database.read() as session:
            cases = session.scalars(select(Case).where(Case.policy_id == policy_id)).all()
        near = set(similar_losses(loss_at, {case.id: case.loss_at for case in cases}, within=SIMILAR_WITHIN))
        return [
            SimilarCase(case.id, case.number, case.loss_at, case.stage, case.cause, case.place)
            for case in cases
            if case.id in near
        ]

    def register(self, actor: Actor, new: NewCase, request_key: str) -> Registered:
        """Open a case from a report. The same `request_key` again returns the case that it opened the first time.

        Raises `NotAllowed`, `NotFound` for the policy, and `InvalidInput` by field.
        """
        require(actor, Permission.REGISTER_CASE)
        now = self._office.now()
        with self._office.write(actor, N_("took the report")) as session:
            done = session.scalar(select(Case).where(Case.request_key == request_key))
            if done is not None:
                return self._registered(session, done, ())
            policy = _policy(session, new.policy_id)
            _check(new, policy, now)
            case = self._open(session, actor, new, policy, request_key, now)
            if new.estimate is not None:
                add_reserve(session, case, new.estimate, '', actor, now)
            open_step_task(session, case, now)
            needed = create_for(session, case, self._office)
            for kind, at in ((EventKind.ACCIDENT, new.loss_at), (EventKind.REPORTED, now)):
                record_event(session, case, kind, at, actor, self._office)
            touch(session, case, self._office)
            return self._registered(session, case, tuple(needed))

    def _open(
        self, session: Session, actor: Actor, new: NewCase, policy: Policy, request_key: str, now: dt.datetime
    ) -> Case:
        accident = Accident(
            office_id=actor.office_id,
            happened_at=new.loss_at,
            place=new.place.strip(),
            cause=new.cause.strip(),
            description=new.description.strip(),
        )
        session.add(accident)
        session.flush()
        weights = weights_of(session, self._office, actor.office_id)
        job = job_of_report(
            policy, new.place, injury=new.injury, amount=new.estimate, reporter=new.reporter_name.strip(),
            phone=new.reporter_phone, weights=weights,
        )  # fmt: skip
        owner = choose_owner(session, self._office, Stage.REPORTED, policy.line, actor, job, weights)
        case = Case(
            office_id=actor.office_id,
            accident_id=accident.id,
            policy_id=policy.id,
            number=case_number(session, actor.office_id, now.astimezone(SHANGHAI).year),
            request_key=request_key,
            line=policy.line,
            compulsory=policy.clause is ClauseVersion.MOTOR_COMPULSORY,
            injury=new.injury,
            stage=Stage.REPORTED,
            outcome=Outcome.OPEN,
            owner_id=owner.user_id,
            team_id=session.scalar(select(Account.team_id).where(Account.id == owner.user_id)),
            assigned_why=owner.why,
            reported_at=now,
            loss_at=new.loss_at,
            stage_entered_at=now,
            step_due_at=step_due(
                Stage.REPORTED,
                now,
                self._office.calendar,
                Subject(policy.line, injury=new.injury),
                self._office.targets,
            ),
            last_activity_at=now,
            insured_name=policy.insured.name,
            plate=policy.plate,
            policy_number=policy.number,
            reporter_name=new.reporter_name.strip(),
            reporter_phone=new.reporter_phone.strip(),
            place=new.place.strip(),
            cause=new.cause.strip(),
            pinyin=pinyin_initials(policy.insured.name),
        )
        session.add(case)
        session.flush()
        session.add(LINE_DETAILS[policy.line](case_id=case.id, **_details(policy, new)))
        session.add(CaseParty(case_id=case.id, party_id=policy.insured_id, role=Party.INSURED))
        if policy.holder_id != policy.insured_id:
            session.add(CaseParty(case_id=case.id, party_id=policy.holder_id, role=Party.HOLDER))
        return case

    def _registered(self, session: Session, case: Case, needed: tuple[str, ...]) -> Registered:
        owner = session.get(Account, case.owner_id) if case.owner_id else None
        return Registered(case.id, case.number, owner.name if owner else '', case.assigned_why, needed)


def _begins(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whether a text that is sorted by code point begins with `words`: a range, which both databases find by index."""
    return and_(column >= words, column < words + LAST_CHARACTER)


def _policy(session: Session, policy_id: int) -> Policy:
    policy = session.get(Policy, policy_id)
    if policy is None:
        raise NotFound(_("This policy does not exist."), _("Search for it by number, name, plate or identity number."))
    return policy


def policy_view(session: Session, policy: Policy) -> PolicyView:
    """`policy` as a screen shows it."""
    open_cases = session.scalar(
        select(func.count()).select_from(Case).where(Case.policy_id == policy.id, Case.outcome == Outcome.OPEN)
    )
    return PolicyView(
        id=policy.id,
        number=policy.number,
        line=policy.line,
        clause=policy.clause,
        holder=policy.holder.name,
        insured=policy.insured.name,
        insured_phone=policy.insured.phone,
        insured_id_number=policy.insured.id_number,
        plate=policy.plate,
        vehicle_model=policy.vehicle_model,
        insured_address=policy.insured_address,
        starts_at=policy.starts_at,
        ends_at=policy.ends_at,
        coverages=tuple(
            CoverageView(
                cover.id,
                cover.code,
                cover.name,
                cover.sum_insured,
                cover.deductible,
                cover.deductible_rate,
                cover.benefit_ratio,
                cover.insured_value,
            )
            for cover in policy.coverages
        ),
        open_cases=open_cases or 0,
    )


def loss_time_problem(loss_at: dt.datetime, starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime) -> str:
    """Why a loss at that time cannot be on this policy, or '' if it can."""
    if loss_at > now:
        return _("The loss lies in the future.")
    if not starts_at <= loss_at < ends_at:
        return _("The loss lies outside the policy period ({start} to {end}).").format(
            start=starts_at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M'),
            end=ends_at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M'),
        )
    return ''


def _check(new: NewCase, policy: Policy, now: dt.datetime) -> None:
    wrong: dict[str, str] = {}
    problem = loss_time_problem(new.loss_at, policy.starts_at, policy.ends_at, now)
    if problem:
        wrong['loss_at'] = problem
    for name, value in (('place', new.place), ('cause', new.cause), ('reporter_name', new.reporter_name)):
        if not value.strip():
            wrong[name] = _("Enter this.")
    if not phone_ok(new.reporter_phone):
        wrong['reporter_phone'] = _("This is not a phone number.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _details(policy: Policy, new: NewCase) -> dict[str, Any]:
    known = {column.key for column in LINE_DETAILS[policy.line].__table__.columns} - {'case_id'}
    details = {name: value for name, value in new.details.items() if name in known}
    if policy.line is Line.MOTOR:
        details.setdefault('vehicle_model', policy.vehicle_model)
    if policy.line is Line.MEDICAL:
        details.setdefault('patient_name', policy.insured.name)
    if policy.line is Line.PROPERTY:
        details.setdefault('premises', policy.insured_address)
    return details
