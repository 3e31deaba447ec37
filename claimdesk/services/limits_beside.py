"""Until when what is beside a case must be done: the answer to a complaint, the call after a payment, a recovery."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from claimdesk.models import Case
from claimdesk.rules.clocks import CLOCK_RULES, COMPLAINT_RULES, RECOVERY_RULE, ClockRule, Event, EventKind, run_clocks
from claimdesk.services.clockwork import subject_of
from claimdesk.services.context import SHANGHAI, OfficeContext
from claimdesk.vocabulary import Complexity, Line

_CALL = next(rule for rule in CLOCK_RULES if rule.stops == (EventKind.CALLED_BACK,))
CALL_RULE = replace(_CALL, lines=frozenset(Line))
"""The limit of the call after a payment is written for motor claims; the office calls its other customers as well."""


def answer_due(case: Case, received_at: dt.datetime, complexity: Complexity, office: OfficeContext) -> dt.datetime:
    """Until when a complaint must be answered."""
    return _due(COMPLAINT_RULES[complexity], EventKind.COMPLAINED, received_at, case, office)


def recovery_ends(case: Case, acquired_on: dt.date, office: OfficeContext) -> dt.datetime:
    """Until when a recovery can be claimed in court."""
    acquired_at = dt.datetime.combine(acquired_on, dt.time(12), SHANGHAI)
    return _due(RECOVERY_RULE, EventKind.RIGHT_ACQUIRED, acquired_at, case, office)


def call_due(case: Case, paid_at: dt.datetime, office: OfficeContext) -> dt.datetime:
    """Until when the customer is to be called."""
    return _due(CALL_RULE, EventKind.PAID, paid_at, case, office)


def _due(rule: ClockRule, start: EventKind, at: dt.datetime, case: Case, office: OfficeContext) -> dt.datetime:
    (clock,) = run_clocks([rule], [Event(start, at)], office.calendar, office.now(), subject_of(case), office.targets)
    return clock.due
