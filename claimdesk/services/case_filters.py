"""The filters of the case list as conditions on single columns, and the choice between walking the list and gathering.

A page of the list is found in one of two ways. To *walk*: go along the index of the sorting and test each case; quick
where many cases fit. To *gather*: take the cases of the rarest filter by its own index, test these few and sort them;
quick where few fit. SQLite knows nothing of how many cases fit, so what is rare is counted first, no further than
needed, and the other way is closed to its planner by a `+` before the column. PostgreSQL keeps statistics and chooses
by itself, until it turns out that it chose wrongly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from claimdesk.amounts import yuan
from claimdesk.models import Case
from claimdesk.rules.clocks import SOON
from claimdesk.services.case_query import CaseQuery
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import DueState, Outcome, Stage

Condition = ColumnElement[bool]
Column = InstrumentedAttribute[Any] | ColumnElement[Any]

RARE = 4_000
"""So many cases are gathered and sorted in the time that a page may take."""
MANY = 250_000
"""So many are still gathered where a walk has taken too long."""

IS_OPEN: Condition = Case.stage != literal_column("'closed'")
"""Said word for word as the indexes over the open cases say it, or they would not be used."""
_WAITING: Condition = Case.paused_since.is_not(None)


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A condition on one column, which can be named so that its index is used, or so that it is not."""

    column: InstrumentedAttribute[Any]
    test: Callable[[Column], Condition]
    one_value: bool = False

    def by_index(self) -> Condition:
        """The condition, by whatever index there is."""
        return self.test(self.column)

    def by_look(self) -> Condition:
        """The condition, tested on each case that something else finds."""
        return self.test(Unindexed(self.column))


class Unindexed(FunctionElement[Any]):
    """A column that SQLite looks up without thinking of its indexes; to PostgreSQL a column like any other."""

    inherit_cache = True

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self.type = column.type


class Unordered(Unindexed):
    """A column to sort by, of which neither database thinks that an index has it in order already."""

    inherit_cache = True


LOOKS_OPEN: Condition = Unindexed(Case.stage) != Stage.CLOSED
"""The same of cases that something else finds."""


@compiles(Unordered, 'postgresql')
def _beyond_indexes(element: Unordered, compiler: SQLCompiler, **how: Any) -> str:
    column = compiler.process(element.clauses, **how)
    return f'COALESCE({column}, {column})'


@compiles(Unindexed)
def _plain(element: Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(Unindexed, 'sqlite')
@compiles(Unordered, 'sqlite')
def _with_plus(element: Unindexed, compiler: SQLCompiler, **how: Any) -> str:
    return '+' + compiler.process(element.clauses, **how)


def only_open(query: CaseQuery) -> bool:
    """Whether no closed case can be in the list."""
    return (
        (query.open_only and not query.outcomes)
        or query.outcomes == {Outcome.OPEN}
        or bool(query.stages and Stage.CLOSED not in query.stages)
        or bool(query.due and DueState.DONE not in query.due)
    )


def only_closed(query: CaseQuery) -> bool:
    """Whether no open case can be in the list."""
    return bool(query.outcomes and Outcome.OPEN not in query.outcomes) or query.due == {DueState.DONE}


def filters(query: CaseQuery, now: dt.datetime) -> Iterator[Filter]:
    """Every filter of `query` but the search, and but that for open cases; the words from few cases to many."""
    chosen: tuple[tuple[InstrumentedAttribute[Any], frozenset[Any]], ...] = (
        (Case.owner_id, query.owner_ids),
        (Case.stage, query.stages),
        (Case.outcome, query.outcomes if query.outcomes != {Outcome.OPEN} else frozenset()),
        (Case.team_id, query.team_ids),
        (Case.line, query.lines),
    )
    yield from (Filter(column, _one_of(values), len(values) == 1) for column, values in chosen if values)
    if query.due:
        yield Filter(Case.due_at, lambda due_at: or_(*(_due_by(due_at, state, now) for state in sorted(query.due))))
    if query.amount_from is not None or query.amount_to is not None:
        low, high = (None if end is None else yuan(end) for end in (query.amount_from, query.amount_to))
        yield Filter(Case.estimate, lambda estimate: _between(estimate, low, high))
    if query.reported_from is not None or query.reported_to is not None:
        begin = midnight(query.reported_from) if query.reported_from else None
        end = midnight(query.reported_to + dt.timedelta(days=1)) if query.reported_to else None
        yield Filter(Case.reported_at, lambda reported_at: _between(reported_at, begin, None, before=end))
    if query.missing_documents:
        yield Filter(Case.missing_documents, lambda missing: missing > 0)


def due_is(
    state: DueState, now: dt.datetime, due_at: Column = Case.due_at, opened: Condition = IS_OPEN
) -> Condition:
    """Whether a case is in that due state at `now`: what `rules.clocks.due_state` says of it."""
    tomorrow = midnight(now.astimezone(SHANGHAI).date() + dt.timedelta(days=1))
    soon = now + SOON
    running = and_(opened, Unindexed(Case.paused_since).is_(None))
    return {
        DueState.DONE: not_(opened),
        DueState.OVERDUE: and_(opened, due_at < now),
        DueState.PAUSED: and_(opened, _WAITING, due_at >= now),
        DueState.TODAY: and_(running, due_at >= now, due_at < tomorrow),
        DueState.SOON: and_(running, due_at >= tomorrow, due_at <= soon),
        DueState.ON_TIME: and_(running, due_at > soon),
    }[state]


def _due_by(due_at: Column, state: DueState, now: dt.datetime) -> Condition:
    """The due state of what something else finds is looked up without any index, that of the stages too."""
    looked = isinstance(due_at, Unindexed)
    return due_is(state, now, due_at, LOOKS_OPEN if looked else IS_OPEN)


def narrow(
    session: Session, found: Sequence[Filter], opened: bool, walked: Collection[str], rare: int
) -> tuple[Condition, bool]:
    """On SQLite: the condition of all filters, and whether to gather by the rarest of them instead of walking.

    `walked` names the columns of the index that a walk goes along: a filter on one of them only shortens the walk, and
    for a walk by due time alone there is an index for each word. A filter is rare with no more than `rare` cases.
    """
    always = IS_OPEN if opened else true()
    on_the_way = [one for one in found if one.column.key in walked]
    if walked == {Case.due_at.key}:
        on_the_way += [one for one in found if one.one_value][:1]
    rarest = _rarest(session, [one for one in found if one not in on_the_way], always, rare)
    indexed = on_the_way if rarest is None else [rarest]
    return and_(always, *(one.by_index() if one in indexed else one.by_look() for one in found)), rarest is not None


def _rarest(session: Session, found: Sequence[Filter], always: Condition, rare: int) -> Filter | None:
    if not found:
        return None
    count, place = counted(session, found, always, rare)
    return found[place] if count <= rare else None


def counted(session: Session, found: Sequence[Filter], always: Condition, at_most: int) -> tuple[int, int]:
    """How many cases the rarest of these filters has, counted no further than `at_most` + 1, and which one it is."""
    counts = [
        select(func.count())
        .select_from(select(Case.id).where(always, one.by_index()).limit(at_most + 1).subquery())
        .scalar_subquery()
        for one in found
    ]
    row = session.execute(select(*counts)).one()
    return min((count, place) for place, count in enumerate(row))


def midnight(day: dt.date) -> dt.datetime:
    """When a local day begins."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(dt.UTC)


def _one_of(chosen: frozenset[Any]) -> Callable[[Column], Condition]:
    values = sorted(chosen)
    return lambda column: column == values[0] if len(values) == 1 else column.in_(values)


def _between(column: Column, low: Any, high: Any, *, before: Any = None) -> Condition:
    return and_(
        true(),
        *([column >= low] if low is not None else []),
        *([column <= high] if high is not None else []),
        *([column < before] if before is not None else []),
    )
