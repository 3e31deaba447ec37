"""The clocks of a case, computed from its events each time they are looked at; no due date is kept as the truth.

Legal days are local days: the day of the start is not counted, and a last day of rest moves to the next working day
(Civil Code, articles 201 and 203). A limit of days ends at 24:00 of its last day, given here as 23:59:59.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from claimdesk.rules.calendar import Calendar
from claimdesk.rules.clocks.events import Event, EventKind
from claimdesk.rules.clocks.limits import CLOCK_RULES, PROMISES, STEP_RULE, ClockRule, Subject, Unit
from claimdesk.rules.clocks.targets import DEFAULT_BOOK, OWN_NUMBER, Book
from claimdesk.vocabulary import DueState, Stage

LOCAL = ZoneInfo('Asia/Shanghai')
SOON = dt.timedelta(days=3)
K = EventKind
_ANSWERS = frozenset({K.SUPPLEMENT_ARRIVED, K.DOCUMENTS_COMPLETE})
_LAST_SECOND = dt.time(23, 59, 59)

EVERY_RULE = (*CLOCK_RULES, *PROMISES)
"""What runs by the events of a case."""

Times = Mapping[EventKind, Sequence[dt.datetime]]


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that is not counted; `end` is None while it lasts."""

    start: dt.datetime
    end: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, paused or stopped clock, as it stood at `seen_at`; `words.explain` gives its arithmetic in words.

    `internal_due` is the day to aim at: never on a day of rest. `unrolled` is the last day before it moved over days
    of rest. `counted` are the pauses that hold the limit; one that began after the limit was broken does not.
    """

    rule: ClockRule
    started_at: dt.datetime
    pauses: tuple[Pause, ...]
    counted: tuple[Pause, ...]
    due: dt.datetime
    internal_due: dt.datetime
    unrolled: dt.date
    stopped_at: dt.datetime | None
    state: DueState
    provisional: bool
    seen_at: dt.datetime

    @property
    def running(self) -> bool:
        """Whether it has not been stopped."""
        return self.stopped_at is None

    @property
    def remaining(self) -> dt.timedelta:
        """How long until it is due; negative once it is broken, and what is left for a clock that was stopped."""
        return self.due - (self.seen_at if self.stopped_at is None else self.stopped_at)


def run_clocks(
    rules: Sequence[ClockRule],
    events: Iterable[Event],
    calendar: Calendar,
    now: dt.datetime,
    subject: Subject,
    book: Book = DEFAULT_BOOK,
) -> tuple[Clock, ...]:
    """Every clock of `rules` that has started by the recorded `events`, in whatever order these were recorded.

    Each limit runs by the office's number that was in force on the day on which it began.
    """
    past = sorted(events, key=lambda event: (event.at, event.kind))
    times = _by_kind(past)
    found = []
    for rule in rules:
        started = _start(rule, times) if rule.binds(subject) else None
        if started is not None and (numbered := _numbered(rule, rule.id, started, subject, book)) is not None:
            found.append(_run(numbered, past, times, started, calendar, now))
    return tuple(found)


def case_clocks(
    events: Sequence[Event],
    calendar: Calendar,
    now: dt.datetime,
    subject: Subject,
    book: Book,
    stage: Stage,
    entered_at: dt.datetime,
) -> tuple[Clock, ...]:
    """Every clock of a case that came to `stage` at `entered_at`, the target of that step among them."""
    clocks = run_clocks(EVERY_RULE, events, calendar, now, subject, book)
    step = None if stage is Stage.CLOSED else step_clock(stage, entered_at, events, calendar, now, subject, book)
    return clocks if step is None else (*clocks, step)


def step_clock(
    stage: Stage,
    entered_at: dt.datetime,
    events: Iterable[Event],
    calendar: Calendar,
    now: dt.datetime,
    subject: Subject,
    book: Book = DEFAULT_BOOK,
) -> Clock | None:
    """The office's target of the step that a case entered at `entered_at`; None where it has set none."""
    rule = _numbered(STEP_RULE, stage.value, entered_at, subject, book)
    if rule is None:
        return None
    past = sorted(events, key=lambda event: (event.at, event.kind))
    return _run(rule, past, {}, entered_at, calendar, now)


def step_due(
    stage: Stage, entered_at: dt.datetime, calendar: Calendar, subject: Subject, book: Book = DEFAULT_BOOK
) -> dt.datetime | None:
    """When the step that begins at `entered_at` should be done by the office's own target, before any pause."""
    clock = step_clock(stage, entered_at, (), calendar, entered_at, subject, book)
    return None if clock is None else clock.due


def _numbered(
    rule: ClockRule, what: str, started: dt.datetime, subject: Subject, book: Book
) -> ClockRule | None:
    if not rule.needs_target and rule.id not in OWN_NUMBER:
        return rule
    return book.on(local_day(started)).numbered(rule, what, subject)


def _by_kind(past: Iterable[Event]) -> dict[EventKind, list[dt.datetime]]:
    times: dict[EventKind, list[dt.datetime]] = {}
    for event in past:
        times.setdefault(event.kind, []).append(event.at)
    return times


def _start(rule: ClockRule, times: Times) -> dt.datetime | None:
    starts = times.get(rule.start)
    if not starts:
        return None
    reopened = times.get(K.REOPENED)
    # A limit met before the case was reopened stays met, unless what starts it happens once more.
    return next((at for at in starts if reopened and at >= reopened[-1]), starts[0])


def _run(
    rule: ClockRule,
    past: Sequence[Event],
    times: Times,
    started: dt.datetime,
    calendar: Calendar,
    now: dt.datetime,
) -> Clock:
    ends = [at for kind in rule.stops for at in times.get(kind, ()) if at >= started]
    stopped = min(ends) if ends else None
    pauses = pauses_of(past, started, stopped) if rule.pauses else ()
    count = _COUNTS[rule.unit](rule, started, calendar)
    counted = count.wait(pauses, now)
    due, internal, unrolled = count.ends()
    if rule.aim is not None:
        early = _COUNTS[rule.unit](rule, started, calendar, rule.aim)
        early.wait(pauses, now)
        internal = min(internal, early.ends()[0])
    paused = stopped is None and bool(counted) and counted[-1].end is None
    return Clock(
        rule=rule,
        started_at=started,
        pauses=pauses,
        counted=counted,
        due=due,
        internal_due=min(internal, due),
        unrolled=unrolled,
        stopped_at=stopped,
        state=due_state(due, now, paused=paused, done=stopped is not None),
        provisional=not calendar.covers(local_day(due)),
        seen_at=now,
    )


class _Moments:
    """A limit of minutes or hours by the clock on the wall, or of office hours."""

    def __init__(self, rule: ClockRule, started: dt.datetime, calendar: Calendar, limit: int | None = None) -> None:
        self.calendar, self.office = calendar, rule.unit == 'office_hour'
        minutes = (rule.limit if limit is None else limit) * (1 if rule.unit == 'minute' else 60)
        self.started, self.length = started, dt.timedelta(minutes=minutes)
        self.last = self._end()

    def _end(self) -> dt.datetime:
        if self.office:
            return self.calendar.add_office_time(self.started, self.length)
        return self.started + self.length

    def wait(self, pauses: Sequence[Pause], now: dt.datetime) -> tuple[Pause, ...]:
        """Leave the pauses out; those that count."""
        counted = []
        for pause in _joined(pauses):
            if pause.start > self.last:
                break
            end = pause.end or max(now, pause.start)
            self.length += self.calendar.office_time(pause.start, end) if self.office else end - pause.start
            self.last = self._end()
            counted.append(pause)
        return tuple(counted)

    def ends(self) -> tuple[dt.datetime, dt.datetime, dt.date]:
        """When the limit ends, what to aim at, and the last day before it moved."""
        return self.last, self.last, local_day(self.last)


class _Days:
    """A limit of days; the start day is not counted, and a last day of rest moves to the next working day."""

    def __init__(self, rule: ClockRule, started: dt.datetime, calendar: Calendar, limit: int | None = None) -> None:
        self.rule, self.calendar, self.first = rule, calendar, local_day(started)
        self.last = self._first_end(rule.limit if limit is None else limit)

    def _first_end(self, limit: int) -> dt.date:
        return self.first + dt.timedelta(days=limit)

    def _later(self, day: dt.date, start: dt.date, end: dt.date) -> dt.date:
        return day + (end - start)

    def wait(self, pauses: Sequence[Pause], now: dt.datetime) -> tuple[Pause, ...]:
        """Leave the pauses out; those that count."""
        counted = []
        for pause in _joined(pauses):
            start, end = local_day(pause.start), local_day(pause.end or max(now, pause.start))
            if start > self.calendar.roll_forward(self.last):
                break
            # A pause that begins while the end is being moved over days of rest holds the limit from there.
            self.last = self._later(max(self.last, start), start, end)
            counted.append(pause)
        return tuple(counted)

    def ends(self) -> tuple[dt.datetime, dt.datetime, dt.date]:
        """When the limit ends, what to aim at, and the last day before it moved."""
        rolled = self.calendar.roll_forward(self.last)
        if self.rule.ends_at_close:
            due = self.calendar.closing(rolled)
            return due, due, self.last
        due = end_of(rolled)
        early = end_of(self.calendar.roll_back(self.last)) if self.last > self.first else due
        return due, early, self.last


class _Workdays(_Days):
    """The same in working days: a pause leaves out the working days in it."""

    def _first_end(self, limit: int) -> dt.date:
        return self.calendar.add_workdays(self.first, limit)

    def _later(self, day: dt.date, start: dt.date, end: dt.date) -> dt.date:
        return self.calendar.add_workdays(day, self.calendar.workdays_between(start, end))


class _Years(_Days):
    """The same in years: it ends on the day of the same date, or on the last of February."""

    def _first_end(self, limit: int) -> dt.date:
        try:
            return self.first.replace(year=self.first.year + limit)
        except ValueError:
            return self.first.replace(year=self.first.year + limit, day=28)


_COUNTS: Mapping[Unit, type[_Moments | _Days]] = {
    'minute': _Moments,
    'hour': _Moments,
    'office_hour': _Moments,
    'day': _Days,
    'workday': _Workdays,
    'year': _Years,
}


def _joined(pauses: Iterable[Pause]) -> list[Pause]:
    """Pauses of which one begins when the other ends, as one."""
    found: list[Pause] = []
    for pause in pauses:
        if found and found[-1].end == pause.start:
            found[-1] = Pause(found[-1].start, pause.end)
        else:
            found.append(pause)
    return found


def pauses_of(past: Iterable[Event], since: dt.datetime, until: dt.datetime | None = None) -> tuple[Pause, ...]:
    """The times from the arrival of a notice to the arrival of the supplement, within `since` and `until`."""
    found: list[Pause] = []
    begun: dt.datetime | None = None
    relevant = sorted((e for e in past if e.kind is K.NOTICE_ARRIVED or e.kind in _ANSWERS), key=lambda one: one.at)
    for at, together in groupby(relevant, key=lambda one: one.at):
        kinds = [event.kind for event in together]
        told, answered = kinds.count(K.NOTICE_ARRIVED), sum(kind in _ANSWERS for kind in kinds)
        # Of a notice and an answer of one moment, the answer is to the notice before, if one waits, else to this one.
        while told if begun is None else answered:
            if begun is None:
                begun, told = max(at, since), told - 1
            else:
                if at >= begun:
                    found.append(Pause(begun, at))
                begun, answered = None, answered - 1
    if begun is not None:
        found.append(Pause(begun, None))
    kept = [pause for pause in found if until is None or pause.start <= until]
    return tuple(Pause(pause.start, min(pause.end, until) if pause.end and until else pause.end) for pause in kept)


def due_state(
    due: dt.datetime | None,
    now: dt.datetime,
    *,
    soon: dt.timedelta = SOON,
    paused: bool = False,
    done: bool = False,
) -> DueState:
    """How near `due` is. A pause hides a limit only while that limit has not been broken."""
    if done:
        return DueState.DONE
    if due is not None and now > due:
        return DueState.OVERDUE
    if paused:
        return DueState.PAUSED
    if due is None or due - now > soon:
        return DueState.ON_TIME
    return DueState.TODAY if local_day(due) == local_day(now) else DueState.SOON


def local_day(at: dt.datetime) -> dt.date:
    """The local day of `at`."""
    return at.astimezone(LOCAL).date()


def end_of(day: dt.date) -> dt.datetime:
    """The last second of a local day, in UTC."""
    return dt.datetime.combine(day, _LAST_SECOND, LOCAL).astimezone(dt.UTC)


