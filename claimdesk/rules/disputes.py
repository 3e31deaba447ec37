"""Complaints, lawsuits and recoveries: how long an answer may take, until when a right can be claimed, root causes.

The days of a complaint come from a secondary source (mark B), the length of the limitation of a recovery is inferred
(mark C): both are the office's own settings, from a day on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.rules.calendar import Calendar
from claimdesk.vocabulary import Complexity

LOCAL = ZoneInfo('Asia/Shanghai')
KEY = 'disputes'
"""The office rule that holds the limits."""

ROOT_CAUSES: Mapping[str, str] = {
    'slow': N_("Slow handling"),
    'amount': N_("Amount disputed"),
    'papers': N_("Documents asked for again"),
    'explained': N_("Not explained clearly"),
    'manner': N_("Manner of speaking"),
    'repair': N_("Quality of the repair"),
    'payment': N_("Payment wrong or late"),
    'cover': N_("Cover misunderstood at the sale"),
    'other': N_("Other cause"),
}
"""What the program brings; the office's own causes are kept in its own words."""


@dataclass(frozen=True, slots=True)
class DisputeRules:
    """Days of the calendar for the answer to a complaint, and years in which a recovery can be claimed."""

    simple_days: int = 15
    complex_days: int = 30
    extra_days: int = 30
    limitation_years: int = 3
    root_causes: tuple[str, ...] = tuple(ROOT_CAUSES)


DEFAULT_RULES = DisputeRules()


def answer_due(
    received_at: dt.datetime, complexity: Complexity, *, extended: bool, rules: DisputeRules, calendar: Calendar
) -> dt.datetime:
    """Until when a complaint must be answered. Only a special one is longer, and only once that is granted.

    The day of receipt is not counted, and a last day of rest moves to the next working day.
    """
    days = rules.simple_days if complexity is Complexity.SIMPLE else rules.complex_days
    if complexity is Complexity.SPECIAL and extended:
        days += rules.extra_days
    return _end_of(calendar.roll_forward(received_at.astimezone(LOCAL).date() + dt.timedelta(days=days)))


def limitation_ends(acquired_on: dt.date, rules: DisputeRules, calendar: Calendar) -> dt.datetime:
    """Until when a recovery can be claimed in court: so many years after the right was acquired."""
    year = acquired_on.year + rules.limitation_years
    try:
        last = acquired_on.replace(year=year)
    except ValueError:
        last = dt.date(year, 2, 28)  # from 29 February of a leap year
    return _end_of(calendar.roll_forward(last))


def cause_words(cause: str) -> str:
    """A root cause in the language in use."""
    return _(ROOT_CAUSES[cause]) if cause in ROOT_CAUSES else cause


def cause_of(words: str) -> str:
    """The root cause that `cause_words` says as `words`; the office's own words stay as they are."""
    return next((cause for cause in ROOT_CAUSES if cause_words(cause) == words), words)


def as_value(rules: DisputeRules) -> dict[str, Any]:
    """The rules as plain JSON, for the office's rules."""
    return asdict(rules) | {'root_causes': list(rules.root_causes)}


def rules_from(value: Any) -> DisputeRules:
    """The rules that `as_value` made plain."""
    if not value:
        return DEFAULT_RULES
    return DisputeRules(**{**value, 'root_causes': tuple(value['root_causes'])})


def check_rules(rules: DisputeRules) -> None:
    """Raise `InvalidInput`, by field, where the rules make no sense."""
    wrong: dict[str, str] = {}
    for name in ('simple_days', 'complex_days', 'extra_days'):
        if not 1 <= getattr(rules, name) <= 365:
            wrong[name] = _("Enter 1 to 365 days.")
    if not wrong and rules.complex_days < rules.simple_days:
        wrong['complex_days'] = _("A complex complaint does not get less time than a simple one.")
    if not 1 <= rules.limitation_years <= 20:
        wrong['limitation_years'] = _("Enter 1 to 20 years.")
    if not rules.root_causes:
        wrong['root_causes'] = _("Name at least one root cause.")
    elif any(not 0 < len(cause) <= 40 for cause in rules.root_causes):
        wrong['root_causes'] = _("A root cause has 1 to 40 characters.")
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), '', wrong)


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(23, 59, 59), LOCAL).astimezone(dt.UTC)
