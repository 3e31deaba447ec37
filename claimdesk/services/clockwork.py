"""Time limits of a case: its events recorded, its clocks computed, the cached due time rebuilt from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound
from claimdesk.language import _
from claimdesk.models import NO_DUE, Case, CaseEvent, ChecklistItem, Complaint, Recovery, Task
from claimdesk.rules.clocks import (
    COMPLAINT_RULES,
    RECOVERY_RULE,
    STEP,
    Clock,
    Duty,
    Event,
    EventKind,
    Subject,
    case_clocks,
    due_words,
    explain,
    run_clocks,
)
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.vocabulary import ChecklistState, DueState, Outcome, RecoveryKind, Stage, TaskState

__all__ = ['STEP', 'ClockView', 'Clockwork', 'has_event', 'record_event', 'refresh_due', 'refused', 'touch']


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a case, with its arithmetic in words. `mark` A: read in the law; B, C: the office's setting.

    `statutory` says whether the number itself is the law's, or the office's own for what the law calls prompt. `duty`
    says who has to keep it, and `counts` whether the case is late when it is broken. `event` is what started it;
    `stops` are the events that would stop it.
    """

    id: str
    name: str
    citation: str
    mark: str
    started_at: dt.datetime
    pauses: tuple[tuple[dt.datetime, dt.datetime | None], ...]
    due: dt.datetime | None
    internal_due: dt.datetime | None
    stopped_at: dt.datetime | None
    state: DueState
    words: str
    provisional: bool
    explanation: tuple[str, ...]
    statutory: bool = False
    duty: Duty = Duty.OFFICE
    counts: bool = True
    remaining_seconds: int = 0
    event: EventKind = EventKind.REPORTED
    stops: tuple[EventKind, ...] = ()


def subject_of(case: Case) -> Subject:
    """What time limits must know of `case`."""
    return Subject(case.line, case.compulsory, case.injury, case.estimate, case.cause)


def events_of(session: Session, case_id: int) -> list[Event]:
    """What happened on a case; what was taken back does not count."""
    recorded = session.execute(
        select(CaseEvent.kind, CaseEvent.happened_at).where(CaseEvent.case_id == case_id, CaseEvent.voided.is_(False))
    )
    return [Event(EventKind(kind), at) for kind, at in recorded]


def clocks_of(session: Session, case: Case, office: OfficeContext, now: dt.datetime) -> tuple[Clock, ...]:
    """Every clock that has started on `case`, the target of its step among them."""
    events = events_of(session, case.id)
    return case_clocks(
        events, office.calendar, now, subject_of(case), office.targets, case.stage, case.stage_entered_at
    )


def matter_clocks(session: Session, case: Case, office: OfficeContext, now: dt.datetime) -> list[Clock]:
    """The clocks of what is beside the case: its complaints and its recoveries, each with a clock of its own."""
    found: list[Clock] = []
    for matter in session.scalars(select(Complaint).where(Complaint.case_id == case.id).order_by(Complaint.id)):
        events = [Event(EventKind.COMPLAINED, matter.received_at)]
        if matter.answered_at is not None:
            events.append(Event(EventKind.COMPLAINT_ANSWERED, matter.answered_at))
        rule = COMPLAINT_RULES[matter.complexity]
        found += run_clocks([rule], events, office.calendar, now, subject_of(case), office.targets)
    for recovery in session.scalars(select(Recovery).where(Recovery.case_id == case.id).order_by(Recovery.id)):
        if recovery.kind is RecoveryKind.SUBROGATION and recovery.acquired_on is not None:
            acquired = dt.datetime.combine(recovery.acquired_on, dt.time(12), SHANGHAI)
            events = [Event(EventKind.RIGHT_ACQUIRED, acquired)]
            if recovery.closed_at is not None:
                events.append(Event(EventKind.RECOVERY_ENDED, max(recovery.closed_at, acquired)))
            found += run_clocks([RECOVERY_RULE], events, office.calendar, now, subject_of(case), office.targets)
    return found


@dataclass(frozen=True, slots=True)
class DueCache:
    """What the list sorts by: the nearest limit, the clock it comes from ('' for none), and the pause that lasts."""

    due_at: dt.datetime
    due_clock: str
    paused_since: dt.datetime | None
    step_due_at: dt.datetime | None = None


def nearest_limit(stage: Stage, clocks: Iterable[Clock]) -> DueCache:
    """The nearest limit of a case at `stage`; a pause hides what it holds and nothing that was missed before."""
    if stage is Stage.CLOSED:
        return DueCache(NO_DUE, '', None)
    running = [clock for clock in clocks if clock.running]
    paused_since = min(
        (clock.counted[-1].start for clock in running if clock.state is DueState.PAUSED), default=None
    )
    limits = [
        (clock.due, clock.rule.id)
        for clock in running
        if clock.state is not DueState.PAUSED and clock.rule.counts and clock.rule.duty is Duty.OFFICE
    ]
    due_at, due_clock = min(limits, default=(NO_DUE, ''))
    step = next((clock.due for clock in running if clock.rule.id == STEP), None)
    return DueCache(due_at, due_clock, paused_since, step)


def refresh_due(session: Session, case: Case, office: OfficeContext) -> None:
    """Rebuild what the list sorts by: the nearest limit, the pause, the number of documents still missing."""
    session.flush()
    missing = session.scalar(
        select(func.count())
        .select_from(ChecklistItem)
        .where(
            ChecklistItem.case_id == case.id,
            ChecklistItem.required,
            ChecklistItem.state.in_([ChecklistState.MISSING, ChecklistState.REJECTED]),
        )
    )
    clocks = () if case.stage is Stage.CLOSED else clocks_of(session, case, office, office.now())
    cache = nearest_limit(case.stage, clocks)
    case.missing_documents = missing or 0
    case.due_at, case.due_clock, case.paused_since = cache.due_at, cache.due_clock, cache.paused_since
    if case.step_due_at != cache.step_due_at:
        case.step_due_at = cache.step_due_at
        step = (Task.case_id == case.id, Task.kind == case.stage.value, Task.state == TaskState.OPEN)
        session.execute(update(Task).where(*step).values(due_at=cache.step_due_at))


def touch(session: Session, case: Case, office: OfficeContext) -> None:
    """Note that something happened on `case`, and rebuild its due time."""
    case.last_activity_at = office.now()
    refresh_due(session, case, office)


def record_event(
    session: Session,
    case: Case,
    kind: EventKind,
    at: dt.datetime,
    actor: Actor,
    office: OfficeContext,
    note: str = '',
) -> None:
    """Record that `kind` happened at `at`; the clocks follow at the next `touch`."""
    session.add(
        CaseEvent(
            case_id=case.id,
            kind=kind.value,
            happened_at=at,
            recorded_at=office.now(),
            recorded_by=actor.id,
            note=note,
        )
    )


def has_event(session: Session, case_id: int, kind: EventKind) -> bool:
    """Whether `kind` has been recorded on the case."""
    return bool(
        session.scalar(
            select(CaseEvent.id)
            .where(CaseEvent.case_id == case_id, CaseEvent.kind == kind.value, CaseEvent.voided.is_(False))
            .limit(1)
        )
    )


def refused(session: Session, case_id: int) -> bool:
    """Whether the claim has been refused and not reopened since."""
    newest = session.scalar(
        select(CaseEvent.kind)
        .where(
            CaseEvent.case_id == case_id,
            CaseEvent.kind.in_([EventKind.REFUSED_DECIDED.value, EventKind.REOPENED.value]),
            CaseEvent.voided.is_(False),
        )
        .order_by(CaseEvent.happened_at.desc(), CaseEvent.id.desc())
        .limit(1)
    )
    return newest == EventKind.REFUSED_DECIDED.value


class Clockwork:
    """The time limits of a case, for screen, paper and command line."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def due(self, actor: Actor, case_id: int) -> list[ClockView]:
        """Every clock of the case, the nearest open one first, then the stopped ones."""
        with self._office.database.read() as session:
            case = session.get(Case, case_id)
            if case is None:
                raise NotFound(_("There is no such case."), _("Refresh the list."))
            return self.views(session, case)

    def due_by_number(self, actor: Actor, number: str) -> list[ClockView]:
        """The same, by case number."""
        with self._office.database.read() as session:
            return self.views(session, case_by_number(session, number))

    def views(self, session: Session, case: Case) -> list[ClockView]:
        """Every clock of `case`, shaped for reading."""
        now = self._office.now()
        clocks: Sequence[Clock] = (
            *clocks_of(session, case, self._office, now),
            *matter_clocks(session, case, self._office, now),
        )
        views = [clock_view(clock, now) for clock in clocks if _worth_showing(clock, case)]
        return sorted(views, key=_order)


def _order(view: ClockView) -> tuple[bool, bool, dt.datetime]:
    return view.stopped_at is not None, view.duty is not Duty.OFFICE or not view.counts, view.due or NO_DUE


def _worth_showing(clock: Clock, case: Case) -> bool:
    # The customer's limitation says nothing to a case whose claim has come, nor to one that has ended.
    return clock.rule.id != 'L7' or (clock.running and case.outcome is Outcome.OPEN)


def case_by_number(session: Session, number: str) -> Case:
    """The case with that number. Raises `NotFound`."""
    case = session.scalar(select(Case).where(Case.number == number.strip().upper()))
    if case is None:
        raise NotFound(
            _("There is no case {number}.").format(number=number), _("Check the number, or search for the name.")
        )
    return case


def clock_view(clock: Clock, now: dt.datetime) -> ClockView:
    """`clock` shaped for reading, in the language in use."""
    rule = clock.rule
    paused_since = next((pause.start for pause in clock.counted if pause.end is None), None)
    return ClockView(
        id=rule.id,
        name=_(rule.name),
        citation=rule.citation or _("The office's own target, not a legal limit"),
        mark=rule.mark,
        started_at=clock.started_at,
        pauses=tuple((pause.start, pause.end) for pause in clock.pauses),
        due=clock.due,
        internal_due=clock.internal_due,
        stopped_at=clock.stopped_at,
        state=clock.state,
        words=due_words(clock.state, clock.due, now, paused_since),
        provisional=clock.provisional,
        explanation=explain(clock),
        statutory=rule.statutory and rule.mark == 'A',
        duty=rule.duty,
        counts=rule.counts,
        remaining_seconds=int(clock.remaining.total_seconds()),
        event=rule.start,
        stops=rule.stops,
    )
