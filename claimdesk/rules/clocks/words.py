"""Clocks in words: how near a limit is, and how it was counted, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from claimdesk.language import N_, _, ngettext
from claimdesk.rules.clocks.limits import STEP, Duty, Unit
from claimdesk.rules.clocks.running import LOCAL, Clock, Pause, local_day
from claimdesk.vocabulary import DueState, label


def explain(clock: Clock) -> tuple[str, ...]:
    """The arithmetic of `clock`, sentence by sentence, in the language in use."""
    return tuple(_sentences(clock))


def _sentences(clock: Clock) -> Iterator[str]:
    rule = clock.rule
    if not rule.statutory and rule.mark == 'A' and rule.duty is Duty.OFFICE:
        yield _("The law says promptly and names no number; the office's own target applies.")
    yield from _moments(clock) if rule.unit in ('minute', 'hour', 'office_hour') else _days(clock)
    if len(clock.pauses) > len(clock.counted) and clock.pauses[-1] not in clock.counted:
        begun = clock.pauses[-1].start
        if local_day(begun) > local_day(clock.due):
            yield _("What began after the limit was broken holds nothing up.")
    if rule.aim is None and clock.internal_due < clock.due:
        yield _("Aim at {time}, before the days of rest.").format(time=_moment(clock.internal_due))
    if rule.aim is not None:
        yield _("The office looks at {moment}, before the limit ends.").format(moment=_moment(clock.internal_due))
    if clock.provisional:
        year = local_day(clock.due).year
        yield _("The holidays of {year} are not published yet, so this day is provisional.").format(year=year)
    if clock.stopped_at is not None:
        words = _("Met on {day}.") if clock.stopped_at <= clock.due else _("Ended late, on {day}.")
        yield words.format(day=_day(local_day(clock.stopped_at)))


def _moments(clock: Clock) -> Iterator[str]:
    rule, began = clock.rule, _moment(clock.started_at)
    if rule.unit == 'minute':
        words = ngettext("{minutes} minute from {moment}.", "{minutes} minutes from {moment}.", rule.limit)
    elif rule.unit == 'hour':
        words = ngettext("{hours} hour from {moment}.", "{hours} hours from {moment}.", rule.limit)
    else:
        words = ngettext(
            "{hours} office hour from {moment}; breaks, nights and days of rest are not counted.",
            "{hours} office hours from {moment}; breaks, nights and days of rest are not counted.",
            rule.limit,
        )
    yield words.format(minutes=rule.limit, hours=rule.limit, moment=began)
    for pause in clock.counted:
        if pause.end is None:
            yield _("The time of waiting for documents since {start} is not counted so far.").format(
                start=_moment(pause.start)
            )
        else:
            yield _("The time of waiting for documents, {start} to {end}, is not counted.").format(
                start=_moment(pause.start), end=_moment(pause.end)
            )


def _days(clock: Clock) -> Iterator[str]:
    rule, first = clock.rule, local_day(clock.started_at)
    if rule.id == STEP:
        yield _("The case came to this step on {day}; that day is not counted.").format(day=_day(first))
    else:
        yield _("{event} on {day}; that day is not counted.").format(event=label(rule.start), day=_day(first))
    last = local_day(clock.due)
    if rule.unit == 'workday':
        yield from (_pause_line(pause, clock.seen_at) for pause in clock.counted)
        yield ngettext("{count} working day ends on {day}.", "{count} working days end on {day}.", rule.limit).format(
            count=rule.limit, day=_day(last)
        )
        return
    if rule.unit == 'year':
        yield ngettext("The limit is {count} year.", "The limit is {count} years.", rule.limit).format(count=rule.limit)
    else:
        yield ngettext("The limit is {count} day.", "The limit is {count} days.", rule.limit).format(count=rule.limit)
    yield from (_pause_line(pause, clock.seen_at) for pause in clock.counted)
    if last != clock.unrolled:
        yield _("{day} is a day of rest, so the last day is {next}.").format(
            day=_day(clock.unrolled), next=_day(last)
        )
    else:
        yield _("The last day is {day}.").format(day=_day(last))


def _pause_line(pause: Pause, now: dt.datetime) -> str:
    if pause.end is None:
        days = (local_day(max(now, pause.start)) - local_day(pause.start)).days
        return ngettext(
            "{count} day of waiting for documents since {start} is not counted so far.",
            "{count} days of waiting for documents since {start} are not counted so far.",
            days,
        ).format(count=days, start=_day(local_day(pause.start)))
    days = (local_day(pause.end) - local_day(pause.start)).days
    return ngettext(
        "{count} day of waiting for documents, {start} to {end}, is not counted.",
        "{count} days of waiting for documents, {start} to {end}, are not counted.",
        days,
    ).format(count=days, start=_day(local_day(pause.start)), end=_day(local_day(pause.end)))


def length_in_words(limit: int, unit: Unit) -> str:
    """How long a limit is: '3 working days'."""
    words = {
        'minute': ngettext("{n} minute", "{n} minutes", limit),
        'hour': ngettext("{n} hour", "{n} hours", limit),
        'office_hour': ngettext("{n} office hour", "{n} office hours", limit),
        'day': ngettext("{n} day", "{n} days", limit),
        'workday': ngettext("{n} working day", "{n} working days", limit),
        'year': ngettext("{n} year", "{n} years", limit),
    }
    return words[unit].format(n=limit)


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


def _moment(at: dt.datetime) -> str:
    return at.astimezone(LOCAL).strftime('%Y-%m-%d %H:%M')


def _day(day: dt.date) -> str:
    names = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
    return f'{day.isoformat()} ({_(names[day.weekday()])})'
