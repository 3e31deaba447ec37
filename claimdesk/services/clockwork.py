"""Time limits of a case: its events recorded, its clocks computed, the cached due time rebuilt from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound
from claimdesk.language import N_, _
from claimdesk.models import NO_DUE, Case, CaseEvent, ChecklistItem
from claimdesk.rules.clocks import CLOCK_RULES, Clock, Event, EventKind, due_state, due_words, run_clocks
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.vocabulary import ChecklistState, DueState, Outcome, Stage

STEP = 'step'
"""The `due_clock` of a case whose nearest limit is the office's own target for the current step."""


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock of a case, with its arithmetic in words. `mark` A: read in the law; B, C: the office's setting.

    `statutory` says whether the number itself is the law's, or the office's own for what the law calls prompt.
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


def clocks_of(session: Session, case: Case, office: OfficeContext, now: dt.datetime) -> tuple[Clock, ...]:
    """Every clock that has started on `case`."""
    recorded = session.execute(
        select(CaseEvent.kind, CaseEvent.happened_at).where(CaseEvent.case_id == case.id, CaseEvent.voided.is_(False))
    )
    events = tuple(Event(EventKind(kind), at) for kind, at in recorded)
    return run_clocks(CLOCK_RULES, events, office.calendar, now, line=case.line, compulsory=case.compulsory)


@dataclass(frozen=True, slots=True)
class DueCache:
    """What the list sorts by: the nearest limit, the clock it comes from ('' for none), and the pause that lasts."""

    due_at: dt.datetime
    due_clock: str
    paused_since: dt.datetime | None


def nearest_limit(stage: Stage, step_due_at: dt.datetime | None, clocks: Iterable[Clock]) -> DueCache:
    """The nearest limit of a case at `stage`; a pause hides what it holds and nothing that was missed before."""
    if stage is Stage.CLOSED:
        return DueCache(NO_DUE, '', None)
    running = tuple(clocks)
    paused_since = min((pause.start for clock in running for pause in clock.pauses if pause.end is None), default=None)
    limits = [
        (clock.due, clock.rule.id)
        for clock in running
        if clock.stopped_at is None and clock.state is not DueState.PAUSED
    ]
    if step_due_at is not None and not _held(step_due_at, paused_since):
        limits.append((step_due_at, STEP))
    due_at, due_clock = min(limits, default=(NO_DUE, ''))
    return DueCache(due_at, due_clock, paused_since)


def _held(step_due_at: dt.datetime, paused_since: dt.datetime | None) -> bool:
    """Whether a pause holds the office's target: not one that was missed before the pause began."""
    return paused_since is not None and step_due_at >= paused_since


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
    cache = nearest_limit(case.stage, case.step_due_at, clocks)
    case.missing_documents = missing or 0
    case.due_at, case.due_clock, case.paused_since = cache.due_at, cache.due_clock, cache.paused_since


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
        views = [_view(clock, now) for clock in clocks_of(session, case, self._office, now)]
        if case.step_due_at is not None and case.outcome is Outcome.OPEN:
            views.append(_step_view(case, case.step_due_at, now))
        return sorted(views, key=lambda view: (view.stopped_at is not None, view.due or NO_DUE))


def case_by_number(session: Session, number: str) -> Case:
    """The case with that number. Raises `NotFound`."""
    case = session.scalar(select(Case).where(Case.number == number.strip().upper()))
    if case is None:
        raise NotFound(
            _("There is no case {number}.").format(number=number), _("Check the number, or search for the name.")
        )
    return case


def _view(clock: Clock, now: dt.datetime) -> ClockView:
    paused_since = next((pause.start for pause in clock.pauses if pause.end is None), None)
    return ClockView(
        id=clock.rule.id,
        name=_(clock.rule.name),
        citation=clock.rule.citation,
        mark=clock.rule.mark,
        started_at=clock.started_at,
        pauses=tuple((pause.start, pause.end) for pause in clock.pauses),
        due=clock.due,
        internal_due=clock.internal_due,
        stopped_at=clock.stopped_at,
        state=clock.state,
        words=due_words(clock.state, clock.due, now, paused_since),
        provisional=clock.provisional,
        explanation=clock.explanation,
        statutory=clock.rule.statutory and clock.rule.mark == 'A',
    )


def _step_view(case: Case, step_due_at: dt.datetime, now: dt.datetime) -> ClockView:
    held = _held(step_due_at, case.paused_since)
    state = DueState.PAUSED if held else due_state(step_due_at, now)
    return ClockView(
        id=STEP,
        name=_("Target of this step"),
        citation=_("The office's own target, not a legal limit"),
        mark='C',
        started_at=case.stage_entered_at,
        pauses=((case.paused_since, None),) if case.paused_since else (),
        due=step_due_at,
        internal_due=step_due_at,
        stopped_at=None,
        state=state,
        words=due_words(state, step_due_at, now, case.paused_since),
        provisional=False,
        explanation=(_(N_("Counted in office time from when the case entered this stage.")),),
    )
