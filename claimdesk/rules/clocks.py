"""Time limits: when each clock of a case starts, pauses and stops, when it is due, and the arithmetic in words.

Clocks are computed from recorded events each time they are looked at; nothing is stored as a lone due date. Legal days
are local days: the day of the start is not counted, and a last day of rest moves to the next working day (Civil Code,
articles 201 and 203). A limit ends at 24:00 of its last day, given here as 23:59:59.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from claimdesk.language import N_, _, ngettext
from claimdesk.rules.calendar import Calendar
from claimdesk.vocabulary import DueState, Line, Word

LOCAL = ZoneInfo('Asia/Shanghai')
SOON = dt.timedelta(days=3)
Unit = Literal['day', 'workday', 'hour']


class EventKind(Word):
    """Something that happens on a case and that a clock may run by."""

    ACCIDENT = 'accident', N_("Loss occurred")
    REPORTED = 'reported', N_("Loss reported")
    ANSWERED = 'answered', N_("Procedure explained to the customer")
    CLAIM_RECEIVED = 'claim_received', N_("Claim and first documents received")
    DOCUMENTS_TOLD = 'documents_told', N_("Customer told in writing which documents are needed")
    NOTICE_ARRIVED = 'notice_arrived', N_("One-time notice of missing documents arrived")
    SUPPLEMENT_ARRIVED = 'supplement_arrived', N_("Missing documents arrived")
    DOCUMENTS_COMPLETE = 'documents_complete', N_("Documents complete")
    DECIDED = 'decided', N_("Claim decided")
    NOTIFIED = 'notified', N_("Customer told of the decision")
    AGREED = 'agreed', N_("Agreement on the payment")
    REFUSED_DECIDED = 'refused_decided', N_("Decided not to be covered")
    REFUSAL_SENT = 'refusal_sent', N_("Refusal notice sent")
    PAID = 'paid', N_("Paid")
    CLOSED = 'closed', N_("Closed")
    REOPENED = 'reopened', N_("Reopened")
    GATE_OVERRIDDEN = 'gate_overridden', N_("Closed with something left open, by permission")


K = EventKind


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` happened at `at` (aware)."""

    kind: EventKind
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A time limit. `statutory` says whether the number itself is the law's; else it is the office's own target
    for a duty that the law calls prompt. `mark`: A the text was read, B secondary, C the office's own."""

    id: str
    name: str
    limit: int
    unit: Unit
    start: EventKind
    stops: tuple[EventKind, ...]
    citation: str
    mark: str
    pauses: bool = False
    statutory: bool = True
    compulsory_only: bool = False


_ENDS = (K.REFUSED_DECIDED, K.CLOSED)
_ANSWERS = frozenset({K.SUPPLEMENT_ARRIVED, K.DOCUMENTS_COMPLETE})

CLOCK_RULES: tuple[ClockRule, ...] = (
    ClockRule(
        'L1',
        N_("One-time notice of missing documents"),
        1,
        'workday',
        K.CLAIM_RECEIVED,
        (K.NOTICE_ARRIVED, K.DOCUMENTS_COMPLETE, K.DECIDED, *_ENDS),
        '《保险法》第22条',
        'A',
        statutory=False,
    ),
    ClockRule(
        'L2',
        N_("Decision on the claim"),
        30,
        'day',
        K.CLAIM_RECEIVED,
        (K.DECIDED, *_ENDS),
        '《保险法》第23条；《保险法》司法解释（二）第15条',
        'A',
        pauses=True,
    ),
    ClockRule(
        'L4',
        N_("Payment after agreement"),
        10,
        'day',
        K.AGREED,
        (K.PAID, K.CLOSED),
        '《保险法》第23条',
        'A',
    ),
    ClockRule(
        'L5',
        N_("Refusal notice with reasons"),
        3,
        'day',
        K.REFUSED_DECIDED,
        (K.REFUSAL_SENT,),
        '《保险法》第24条',
        'A',
    ),
    ClockRule(
        'L6',
        N_("Advance payment of what is certain"),
        60,
        'day',
        K.CLAIM_RECEIVED,
        (K.PAID, *_ENDS),
        '《保险法》第25条',
        'A',
    ),
    ClockRule(
        'L9',
        N_("Tell in writing which documents are needed"),
        1,
        'day',
        K.CLAIM_RECEIVED,
        (K.DOCUMENTS_TOLD, K.NOTICE_ARRIVED, K.DOCUMENTS_COMPLETE, *_ENDS),
        '《机动车交通事故责任强制保险条例》第28条',
        'A',
        compulsory_only=True,
    ),
    ClockRule(
        'L10',
        N_("Decision on a compulsory motor claim"),
        5,
        'day',
        K.DOCUMENTS_COMPLETE,
        (K.DECIDED, *_ENDS),
        '《机动车交通事故责任强制保险条例》第29条',
        'A',
        compulsory_only=True,
    ),
    ClockRule(
        'L10P',
        N_("Payment of a compulsory motor claim"),
        10,
        'day',
        K.AGREED,
        (K.PAID, K.CLOSED),
        '《机动车交通事故责任强制保险条例》第29条',
        'A',
        compulsory_only=True,
    ),
    ClockRule(
        'L11',
        N_("Answer and explain the procedure"),
        2,
        'hour',
        K.REPORTED,
        (K.ANSWERED, K.CLAIM_RECEIVED, *_ENDS),
        '《机动车交通事故责任强制保险条例》第27条',
        'A',
        statutory=False,
        compulsory_only=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Pause:
    """A time that is not counted; `end` is None while it lasts."""

    start: dt.datetime
    end: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """One running, paused or stopped clock. `internal_due` is the day to aim at: never on a day of rest."""

    rule: ClockRule
    started_at: dt.datetime
    pauses: tuple[Pause, ...]
    due: dt.datetime
    internal_due: dt.datetime
    stopped_at: dt.datetime | None
    state: DueState
    provisional: bool
    explanation: tuple[str, ...]


def run_clocks(
    rules: Sequence[ClockRule],
    events: Iterable[Event],
    calendar: Calendar,
    now: dt.datetime,
    *,
    line: Line,
    compulsory: bool = False,
) -> tuple[Clock, ...]:
    """Every clock of `rules` that has started by the recorded `events`, in whatever order these were recorded."""
    past = sorted(events, key=lambda event: (event.at, event.kind))
    clocks = (
        _run(rule, past, calendar, now)
        for rule in rules
        if not rule.compulsory_only or (compulsory and line is Line.MOTOR)
    )
    return tuple(clock for clock in clocks if clock is not None)


def _run(rule: ClockRule, past: Sequence[Event], calendar: Calendar, now: dt.datetime) -> Clock | None:
    started = _start(rule, past)
    if started is None:
        return None
    stopped = next((event.at for event in past if event.kind in rule.stops and event.at >= started), None)
    pauses = pauses_of(past, started, stopped) if rule.pauses else ()
    due_day, lines, rolled_from = _due_day(rule, started, pauses, calendar, now)
    if rule.unit == 'hour':
        due = started + dt.timedelta(hours=rule.limit)
        internal = due
    else:
        due = _end_of(due_day)
        internal = _end_of(calendar.roll_back(rolled_from)) if rolled_from > _local_day(started) else due
    paused = bool(pauses) and pauses[-1].end is None and stopped is None
    provisional = not calendar.covers(due_day)
    if provisional:
        lines.append(
            _("The holidays of {year} are not published yet, so this day is provisional.").format(year=due_day.year)
        )
    if stopped is not None:
        lines.append(_("Met on {day}.") if stopped <= due else _("Ended late, on {day}."))
        lines[-1] = lines[-1].format(day=_day(_local_day(stopped)))
    state = due_state(due, now, paused=paused, done=stopped is not None)
    return Clock(rule, started, pauses, due, min(internal, due), stopped, state, provisional, tuple(lines))


def _start(rule: ClockRule, past: Sequence[Event]) -> dt.datetime | None:
    starts = [event.at for event in past if event.kind is rule.start]
    reopened = [event.at for event in past if event.kind is K.REOPENED]
    # A limit met before the case was reopened stays met, unless what starts it happens once more.
    again = [at for at in starts if reopened and at >= reopened[-1]]
    return next(iter(again or starts), None)


def pauses_of(past: Iterable[Event], since: dt.datetime, until: dt.datetime | None = None) -> tuple[Pause, ...]:
    """The times from the arrival of a notice to the arrival of the supplement, within `since` and `until`."""
    found: list[Pause] = []
    begun: dt.datetime | None = None
    for at, together in groupby(sorted(past, key=lambda one: one.at), key=lambda one: one.at):
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


def _due_day(
    rule: ClockRule, started: dt.datetime, pauses: Sequence[Pause], calendar: Calendar, now: dt.datetime
) -> tuple[dt.date, list[str], dt.date]:
    first = _local_day(started)
    lines = []
    if not rule.statutory:
        lines.append(_("The law says promptly and names no number; the office's own target applies."))
    if rule.unit == 'hour':
        due = started + dt.timedelta(hours=rule.limit)
        lines.append(
            ngettext("{hours} hour from {moment}.", "{hours} hours from {moment}.", rule.limit).format(
                hours=rule.limit, moment=started.astimezone(LOCAL).strftime('%Y-%m-%d %H:%M')
            )
        )
        return _local_day(due), lines, _local_day(due)
    lines.append(
        _("{event} on {day}; that day is not counted.").format(event=_(rule.start.label_source), day=_day(first))
    )
    if rule.unit == 'workday':
        last = calendar.add_workdays(first, rule.limit)
        lines.append(
            ngettext("{count} working day ends on {day}.", "{count} working days end on {day}.", rule.limit).format(
                count=rule.limit, day=_day(last)
            )
        )
        return last, lines, last
    waited = sum((_local_day(pause.end or max(now, pause.start)) - _local_day(pause.start)).days for pause in pauses)
    last = first + dt.timedelta(days=rule.limit + waited)
    lines.append(_("The limit is {count} days.").format(count=rule.limit))
    lines.extend(_pause_line(pause, now) for pause in pauses)
    rolled = calendar.roll_forward(last)
    if rolled != last:
        lines.append(_("{day} is a day of rest, so the last day is {next}.").format(day=_day(last), next=_day(rolled)))
    else:
        lines.append(_("The last day is {day}.").format(day=_day(last)))
    return rolled, lines, last


def _pause_line(pause: Pause, now: dt.datetime) -> str:
    if pause.end is None:
        days = (_local_day(max(now, pause.start)) - _local_day(pause.start)).days
        return ngettext(
            "{count} day of waiting for documents since {start} is not counted so far.",
            "{count} days of waiting for documents since {start} are not counted so far.",
            days,
        ).format(count=days, start=_day(_local_day(pause.start)))
    days = (_local_day(pause.end) - _local_day(pause.start)).days
    return ngettext(
        "{count} day of waiting for documents, {start} to {end}, is not counted.",
        "{count} days of waiting for documents, {start} to {end}, are not counted.",
        days,
    ).format(count=days, start=_day(_local_day(pause.start)), end=_day(_local_day(pause.end)))


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
    return DueState.TODAY if _local_day(due) == _local_day(now) else DueState.SOON


def due_words(
    state: DueState, due: dt.datetime | None, now: dt.datetime, paused_since: dt.datetime | None = None
) -> str:
    """A due state in words: '2 d overdue', 'today 17:00', '1 d 4 h left', 'waiting, 3 d so far'."""
    if state is DueState.DONE:
        return _("Done")
    if state is DueState.PAUSED:
        waited = (now - paused_since) if paused_since is not None else dt.timedelta()
        return _("Waiting, {span} so far").format(span=_span(waited, fine=False))
    if due is None:
        return '—'
    if state is DueState.OVERDUE:
        return _("{span} overdue").format(span=_span(now - due, fine=False))
    if state is DueState.TODAY:
        return _("today {time}").format(time=due.astimezone(LOCAL).strftime('%H:%M'))
    return _("{span} left").format(span=_span(due - now, fine=state is DueState.SOON))


def _span(length: dt.timedelta, *, fine: bool) -> str:
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        words = _("{days} d {hours} h") if fine and hours else _("{days} d")
        return words.format(days=days, hours=hours)
    return _("{hours} h").format(hours=hours) if hours else _("{minutes} min").format(minutes=minutes)


def _local_day(at: dt.datetime) -> dt.date:
    return at.astimezone(LOCAL).date()


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), LOCAL).astimezone(dt.UTC)


def _day(day: dt.date) -> str:
    names = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
    return f'{day.isoformat()} ({_(names[day.weekday()])})'
