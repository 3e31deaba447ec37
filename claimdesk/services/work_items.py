"""What stands on the workbench: groups by urgency, and in each the one thing to do with a case or beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from claimdesk.language import N_
from claimdesk.rules.clocks import due_state, due_words
from claimdesk.services.case_rows import CaseRow
from claimdesk.vocabulary import DueState, Word

MOST_ROWS = 100
"""So many rows of a group are shown; the others are counted."""
_FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


class Urgency(Word):
    """Why something is on the workbench; each case stands in the first group that it fits.

    Who leads sees the cases of everybody, so that nothing is late unseen.
    """

    RETURNED = 'returned', N_("Payments returned by the bank")
    UNOWNED = 'unowned', N_("Without a handler")
    DECISION = 'decision', N_("Waiting for my decision")
    OVERDUE = 'overdue', N_("Overdue")
    TODAY = 'today', N_("Due today")
    VISITS = 'visits', N_("Surveys to answer and visits")
    CUSTOMERS = 'customers', N_("Complaints, calls and courts")
    STANDING_IN = 'standing_in', N_("Standing in for others")
    NEXT_DAYS = 'next_days', N_("Due within 3 days")
    BANK = 'bank', N_("On the way to the bank")
    UNTOUCHED = 'untouched', N_("Untouched for 7 days")
    WAITING = 'waiting', N_("Waiting for the customer")


class Deed(Word):
    """What one key does with a row, without opening it first."""

    MOVE = 'move', N_("Make the next move")
    TAKE = 'take', N_("Take the case")
    ACCEPT = 'accept', N_("Accept the dispatch")
    OPEN = 'open', N_("Open")


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do, `action` in words; `note` says why it is here.

    `row` is the case that it belongs to, None for a batch of payments, and `number` the case's or the batch's. It is
    done on the tab `part` of the case, or on the rail's page `page`, to which `arguments` are handed. `deed` with
    `beside_id` (of a dispatch) and `version` is what one key does. `key` names the row.
    """

    key: str
    row: CaseRow | None
    number: str
    action: str
    part: str
    note: str
    due_state: DueState
    due_words: str
    due_at: dt.datetime | None = None
    deed: Deed = Deed.OPEN
    page: str = ''
    arguments: object = None
    beside_id: int = 0
    version: int = 0

    @property
    def case_id(self) -> int | None:
        """The case that it belongs to."""
        return self.row.id if self.row is not None else None


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """The first rows of a group, the most urgent on top, and how many there are."""

    urgency: Urgency
    items: tuple[WorkItem, ...]
    count: int

    @property
    def pressing(self) -> int:
        """How many of them cannot wait until tomorrow."""
        if self.urgency in _PRESSING:
            return self.count
        return sum(item.due_state in (DueState.OVERDUE, DueState.TODAY) for item in self.items)


_PRESSING = frozenset({Urgency.RETURNED, Urgency.UNOWNED, Urgency.OVERDUE, Urgency.TODAY})


def timed(due_at: dt.datetime | None, now: dt.datetime) -> tuple[DueState, str]:
    """How something beside a case stands in time, also in words."""
    state = due_state(due_at, now)
    return state, due_words(state, due_at, now, None)


def by_limit(items: Iterable[WorkItem]) -> list[WorkItem]:
    """The nearest limit first, what has none at the end; no more than are shown."""
    return sorted(items, key=lambda item: item.due_at or _FAR)[:MOST_ROWS]
