"""Sending surveyors: who goes where and when, whether they accept, their first contact, and the visit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.language import N_, _
from claimdesk.models import Absence, Account, AccountRole, Case, SurveyDispatch
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.rules.survey_form import kinds_for
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.reminder_targets import absent_for
from claimdesk.vocabulary import DispatchState, Role, Stage, SurveyKind, label

LIVE = (DispatchState.OFFERED, DispatchState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class DispatchView:
    """A surveyor sent to a case; `mine` says that it is the reader's own. Times are aware."""

    id: int
    version: int
    kind: SurveyKind
    state: DispatchState
    surveyor_id: int
    surveyor: str
    phone: str
    appointment_at: dt.datetime | None
    place: str
    note: str
    dispatched_by: str
    dispatched_at: dt.datetime
    answered_at: dt.datetime | None
    reason: str
    contacted_at: dt.datetime | None
    contact_note: str
    finished_at: dt.datetime | None
    mine: bool = False

    @property
    def live(self) -> bool:
        """Whether something is still to come of it."""
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class SurveyorChoice:
    """A surveyor who can be sent: how many open dispatches they have, and whether they are away today."""

    id: int
    name: str
    open: int
    absent: bool


class Dispatches:
    """Sending surveyors to a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[DispatchView]:
        """Everybody who was sent, the newest first."""
        with self._office.database.read() as session:
            return _views(session, case_id, self._whose(session, actor))

    def kinds(self, actor: Actor, case_id: int) -> tuple[SurveyKind, ...]:
        """What a surveyor can be sent for in this case."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            return kinds_for(case.line, injury=case.injury)

    def surveyors(self, actor: Actor) -> list[SurveyorChoice]:
        """Who can be sent: those present with the fewest open dispatches first."""
        today = self._office.today()
        with self._office.database.read() as session:
            busy: Counter[int] = Counter(
                dict(
                    session.execute(
                        select(SurveyDispatch.surveyor_id, func.count())
                        .where(SurveyDispatch.state.in_(LIVE))
                        .group_by(SurveyDispatch.surveyor_id)
                    ).all()
                )
            )
            away = set(
                session.scalars(select(Absence.account_id).where(Absence.starts_on <= today, Absence.ends_on >= today))
            )
            people = session.execute(
                select(Account.id, Account.name)
                .join(AccountRole, AccountRole.account_id == Account.id)
                .where(Account.office_id == actor.office_id, Account.active, AccountRole.role == Role.SURVEYOR)
            ).all()
        found = [SurveyorChoice(row_id, name, busy[row_id], row_id in away) for row_id, name in people]
        return sorted(found, key=lambda one: (one.absent, one.open, one.name))

    def send(
        self,
        actor: Actor,
        case_id: int,
        kind: SurveyKind,
        surveyor_id: int,
        appointment_at: dt.datetime | None = None,
        place: str = '',
        note: str = '',
    ) -> DispatchView:
        """Send a surveyor. Raises `NotAllowed`, and `InvalidInput` where somebody is on the way already."""
        require(actor, Permission.DISPATCH)
        with self._office.write(actor, N_("sent a surveyor")) as session:
            case = _open_case(session, case_id)
            surveyor = get(session, Account, surveyor_id)
            _check_surveyor(surveyor)
            if kind not in kinds_for(case.line, injury=case.injury):
                raise InvalidInput(_("This case needs no such survey: {kind}.").format(kind=label(kind)))
            live = session.scalar(
                select(SurveyDispatch).where(
                    SurveyDispatch.case_id == case.id, SurveyDispatch.kind == kind, SurveyDispatch.state.in_(LIVE)
                )
            )
            if live is not None:
                raise InvalidInput(
                    _("{name} is already on the way.").format(name=session.get_one(Account, live.surveyor_id).name),
                    _("Withdraw that first, or wait for the answer."),
                )
            now = self._office.now()
            row = SurveyDispatch(
                case_id=case.id,
                kind=kind,
                surveyor_id=surveyor.id,
                appointment_at=appointment_at,
                place=place.strip()[:200],
                note=note.strip()[:400],
                dispatched_by=actor.id,
                dispatched_at=now,
            )
            session.add(row)
            if not has_event(session, case.id, EventKind.DISPATCHED):
                record_event(session, case, EventKind.DISPATCHED, now, actor, self._office, surveyor.name)
            touch(session, case, self._office)
            session.flush()
            return _view(session, row, self._whose(session, actor))

    def accept(self, actor: Actor, dispatch_id: int, version: int) -> DispatchView:
        """The surveyor takes it. Raises `NotAllowed`, `Conflict`, `InvalidInput`."""
        return self._answer(actor, dispatch_id, version, DispatchState.ACCEPTED, '', N_("accepted the dispatch"))

    def decline(self, actor: Actor, dispatch_id: int, version: int, reason: str) -> DispatchView:
        """The surveyor cannot go, for a reason. Raises `NotAllowed`, `Conflict`, `InvalidInput`."""
        if not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        return self._answer(
            actor, dispatch_id, version, DispatchState.DECLINED, reason.strip()[:200], N_("declined the dispatch")
        )

    def withdraw(self, actor: Actor, dispatch_id: int, version: int, reason: str = '') -> DispatchView:
        """Call the surveyor back, for example to send another. Raises `NotAllowed`, `Conflict`, `InvalidInput`."""
        require(actor, Permission.DISPATCH)
        with self._office.write(actor, N_("called a surveyor back")) as session:
            row, case = self._live(session, dispatch_id, version)
            row.state, row.reason = DispatchState.WITHDRAWN, reason.strip()[:200]
            row.finished_at = self._office.now()
            return self._kept(session, row, case, actor)

    def appoint(
        self, actor: Actor, dispatch_id: int, version: int, appointment_at: dt.datetime | None, place: str
    ) -> DispatchView:
        """Agree on when and where. Raises `NotAllowed`, `Conflict`, `InvalidInput`."""
        with self._office.write(actor, N_("agreed on an appointment")) as session:
            row, case = self._live(session, dispatch_id, version)
            self._check_person(session, actor, row)
            row.appointment_at, row.place = appointment_at, place.strip()[:200]
            return self._kept(session, row, case, actor)

    def contacted(
        self, actor: Actor, dispatch_id: int, version: int, at: dt.datetime, note: str = ''
    ) -> DispatchView:
        """The surveyor reached the customer, or the injured person, for the first time at `at`.

        Raises `NotAllowed`, `Conflict`, and `InvalidInput` for a time that does not fit.
        """
        with self._office.write(actor, N_("contacted the customer")) as session:
            row, case = self._live(session, dispatch_id, version)
            self._check_person(session, actor, row)
            if at > self._office.now() or at < case.reported_at:
                sentence = _("This time lies in the future.")
                if at < case.reported_at:
                    sentence = _("This time lies before the case was reported.")
                raise InvalidInput(_("Some fields need your attention."), '', {'at': sentence})
            if row.state is DispatchState.OFFERED:
                row.state, row.answered_at = DispatchState.ACCEPTED, self._office.now()
            row.contacted_at, row.contact_note = at, note.strip()[:400]
            injured = row.kind is SurveyKind.INJURY
            for kind in (EventKind.INJURED_CONTACTED, EventKind.CONTACTED) if injured else (EventKind.CONTACTED,):
                if not has_event(session, case.id, kind):
                    record_event(session, case, kind, at, actor, self._office)
            return self._kept(session, row, case, actor)

    def finish(self, actor: Actor, dispatch_id: int, version: int) -> DispatchView:
        """The visit is over. Raises `NotAllowed`, `Conflict`, `InvalidInput`."""
        with self._office.write(actor, N_("finished a visit")) as session:
            row, case = self._live(session, dispatch_id, version)
            self._check_person(session, actor, row)
            row.state, row.finished_at = DispatchState.DONE, self._office.now()
            row.answered_at = row.answered_at or row.finished_at
            return self._kept(session, row, case, actor)

    def _answer(
        self, actor: Actor, dispatch_id: int, version: int, state: DispatchState, reason: str, action: str
    ) -> DispatchView:
        with self._office.write(actor, action) as session:
            row, case = self._live(session, dispatch_id, version)
            self._check_person(session, actor, row)
            if row.state is state:
                raise InvalidInput(_("This dispatch has been answered already."))
            row.state, row.reason, row.answered_at = state, reason, self._office.now()
            return self._kept(session, row, case, actor)

    def _live(self, session: Session, dispatch_id: int, version: int) -> tuple[SurveyDispatch, Case]:
        row = get_for_edit(session, SurveyDispatch, dispatch_id, version)
        if row.state not in LIVE:
            raise InvalidInput(_("This dispatch is over: {state}.").format(state=label(row.state)))
        return row, _open_case(session, row.case_id)

    def _kept(self, session: Session, row: SurveyDispatch, case: Case, actor: Actor) -> DispatchView:
        touch(session, case, self._office)
        session.flush()
        return _view(session, row, self._whose(session, actor))

    def _whose(self, session: Session, actor: Actor) -> frozenset[int]:
        """Whose dispatches this person answers: their own, and those of absent surveyors whom they replace."""
        if not actor.may(Permission.SURVEY):
            return frozenset({actor.id})
        return frozenset({actor.id}) | absent_for(session, actor, self._office.today())

    def _check_person(self, session: Session, actor: Actor, row: SurveyDispatch) -> None:
        """The surveyor or the substitute answers; whoever may dispatch may note it for them."""
        if not actor.may(Permission.DISPATCH) and row.surveyor_id not in self._whose(session, actor):
            raise NotAllowed(_("This dispatch is somebody else's."), refusal_sentence(Permission.DISPATCH))


def _check_surveyor(surveyor: Account) -> None:
    if not surveyor.active or Role.SURVEYOR not in {role.role for role in surveyor.roles}:
        raise InvalidInput(
            _("{name} cannot be sent.").format(name=surveyor.name), '', {'surveyor': _("Choose a surveyor.")}
        )


def _open_case(session: Session, case_id: int) -> Case:
    case = get(session, Case, case_id)
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("The case is closed."), _("Reopen it before changing the survey."))
    return case


def _views(session: Session, case_id: int, own: frozenset[int]) -> list[DispatchView]:
    rows = session.scalars(
        select(SurveyDispatch)
        .where(SurveyDispatch.case_id == case_id)
        .order_by(SurveyDispatch.dispatched_at.desc(), SurveyDispatch.id.desc())
    )
    return [_view(session, row, own) for row in rows]


def _view(session: Session, row: SurveyDispatch, own: frozenset[int]) -> DispatchView:
    surveyor = session.get_one(Account, row.surveyor_id)
    sender = session.get(Account, row.dispatched_by) if row.dispatched_by else None
    return DispatchView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        state=row.state,
        surveyor_id=row.surveyor_id,
        surveyor=surveyor.name,
        phone=surveyor.phone,
        appointment_at=row.appointment_at,
        place=row.place,
        note=row.note,
        dispatched_by=sender.name if sender is not None else '',
        dispatched_at=row.dispatched_at,
        answered_at=row.answered_at,
        reason=row.reason,
        contacted_at=row.contacted_at,
        contact_note=row.contact_note,
        finished_at=row.finished_at,
        mine=row.surveyor_id in own,
    )
