"""When somebody is reminded of a time limit, and of what: a dated rule of the office."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.rules.calendar import Calendar
from claimdesk.rules.clocks import Clock, Duty, end_of, local_day
from claimdesk.vocabulary import DueState, ReminderKind

REMINDERS_KEY = 'reminders'
_FAR = dt.timedelta(days=40)
_FIELDS = {'soon_hours': (1, 80), 'escalate_hours': (1, 80)}


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """Both numbers are office hours: how long before a limit its handler is told, and how long after it the lead is.

    `ask_reason`: an overdue step is finished only once somebody has said why it was late.
    """

    soon_hours: int = 12
    escalate_hours: int = 4
    ask_reason: bool = True


DEFAULT_REMINDERS = ReminderRules()
"""On the afternoon of the working day before, and half a day after (mark C: common practice)."""


def reminders_from(value: Any) -> ReminderRules:
    """The rules in a JSON object, as `reminders_as_json` writes them. Raises `InvalidInput` by field."""
    if value is None:
        return DEFAULT_REMINDERS
    wrong = {
        name: _("Enter a number from {least} to {most}.").format(least=least, most=most)
        for name, (least, most) in _FIELDS.items()
        if not isinstance(value, dict) or type(value.get(name)) is not int or not least <= value[name] <= most
    }
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
    return ReminderRules(value['soon_hours'], value['escalate_hours'], bool(value.get('ask_reason', True)))


def reminders_as_json(rules: ReminderRules) -> dict[str, Any]:
    """What `reminders_from` reads."""
    return asdict(rules)


def horizon(calendar: Calendar, now: dt.datetime, rules: ReminderRules) -> dt.datetime:
    """What is due later than this need not be looked at yet."""
    return max(end_of(local_day(now)), calendar.add_office_time(now, dt.timedelta(hours=rules.soon_hours)))


def reminder_of(clock: Clock, calendar: Calendar, now: dt.datetime, rules: ReminderRules) -> ReminderKind | None:
    """What the handler is to be told of `clock` at `now`; None for nothing.

    A limit that began today is only told of once it is overdue: whoever began it knows.
    """
    if not clock.running or clock.state is DueState.PAUSED or clock.rule.duty is not Duty.OFFICE:
        return None
    if not clock.rule.counts:
        return None
    return kind_of(clock.started_at, clock.due, calendar, now, rules)


def kind_of(
    started_at: dt.datetime, due: dt.datetime, calendar: Calendar, now: dt.datetime, rules: ReminderRules
) -> ReminderKind | None:
    """The same of any limit that runs from `started_at` to `due`."""
    if now > due:
        return ReminderKind.OVERDUE
    if local_day(started_at) >= local_day(now):
        return None
    if local_day(due) == local_day(now):
        return ReminderKind.DUE
    notice = dt.timedelta(hours=rules.soon_hours)
    return ReminderKind.SOON if due - now <= _FAR and calendar.office_time(now, due) <= notice else None


def escalates(due: dt.datetime, calendar: Calendar, now: dt.datetime, rules: ReminderRules) -> bool:
    """Whether a limit has been broken for so long that the team lead is told."""
    if now <= due:
        return False
    return now - due > _FAR or calendar.office_time(due, now) >= dt.timedelta(hours=rules.escalate_hours)
