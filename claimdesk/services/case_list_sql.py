"""The case list in SQL: sorting as a few ordered pieces that indexes can walk, filters, and search by letter groups.

A sort by a word (stage, handler…) is answered piece by piece: all cases of the first stage by due time, then those of
the second. Each piece is one walk along an index, where sorting a million rows by a word's place would be none. Rows
without a value come last in either direction.

How many cases fit is not known beforehand, and a walk may meet none of them for long. So a page is read in one way
after the other (`Listing.ways`), and each but the last is given up after its time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.models import NO_DUE, Account, Case, Team
from claimdesk.services.case_filters import (
    IS_OPEN,
    MANY,
    RARE,
    Condition,
    Unindexed,
    Unordered,
    filters,
    narrow,
    only_open,
)
from claimdesk.services.case_query import CaseQuery
from claimdesk.services.case_search import Search, estimated
from claimdesk.vocabulary import STAGES, Line, Outcome, Stage

COMMON = 4_000
"""Fewer hits of a search than this are gathered sooner than a walk along the list meets them."""
GLANCE_MS, WALK_MS = 5, 80
"""So long is tried whether a walk meets a page full at once, and what a filter finds by a walk."""
_GATHERED_PER_MS = {'sqlite': 250, 'postgresql': 100}
"""So many cases are gathered in a millisecond; a walk is not tried for longer than that would take."""

Order = tuple[InstrumentedAttribute[Any] | ColumnElement[Any], bool]

_WORDS: dict[str, tuple[InstrumentedAttribute[Any], Sequence[Any]]] = {
    'stage': (Case.stage, STAGES),
    'next_step': (Case.stage, STAGES),
    'line': (Case.line, tuple(Line)),
    'outcome': (Case.outcome, tuple(Outcome)),
}
_VALUES: dict[str, tuple[InstrumentedAttribute[Any], ...]] = {
    'due': (Case.due_at,),
    'insured_name': (Case.pinyin, Case.insured_name),
    'missing_documents': (Case.missing_documents, Case.due_at),
}
_BY_DUE: tuple[Order, ...] = ((Case.due_at, False), (Case.id, False))


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the list: the cases that fit `where`, ordered by `order`, each with whether it falls.

    `gathered`: the cases are found by a filter and then sorted, so no index of the order is to be walked.
    """

    where: Condition
    order: tuple[Order, ...]
    gathered: bool = False

    def only(self, more: Condition, *order: Order) -> Piece:
        """The part of it that `more` is true of, in an `order` of its own if one is given."""
        return Piece(and_(self.where, more), order or self.order, self.gathered)

    def select(self, *columns: Any, backwards: bool = False) -> Select[Any]:
        """The piece's `columns` in its order, or from its end."""
        order = []
        for column, falling in self.order:
            plain: Any = Unordered(column) if self.gathered and isinstance(column, InstrumentedAttribute) else column
            order.append(plain.desc() if falling is not backwards else plain.asc())
        return select(*columns).where(self.where).order_by(*order)


class Way(Enum):
    """How the cases of a list are found."""

    WALK = 'along the index of the sorting, or by a filter that few cases fit'
    SEARCH = 'by the index of the search'
    FILTER = 'by the filter that fewest cases fit'


@dataclass
class Listing:
    """The list that `query` asks for at `now`, on the database of `session`."""

    session: Session
    query: CaseQuery
    now: dt.datetime

    def __post_init__(self) -> None:
        self._search = Search(self.session, self.query.text.split())
        self._filters = list(filters(self.query, self.now))
        self._dialect = self.session.get_bind().dialect.name

    def ways(self) -> Iterator[tuple[Way, int | None]]:
        """In which ways to try for a page, each with the milliseconds after which the next one is better."""
        if self._search.is_indexed:
            yield Way.WALK, GLANCE_MS
            hits = self._search.about(MANY + 1)
            if COMMON < hits <= MANY and self._search.is_promising():
                yield Way.WALK, self._gathered_in(hits)
            if hits <= MANY:
                yield Way.SEARCH, None
        if self._filters:
            fitting = self._fitting()
            if fitting <= MANY:
                yield Way.WALK, max(WALK_MS, self._gathered_in(fitting))
                yield Way.FILTER, None
        yield Way.WALK, None

    def whole(self) -> Way:
        """The way to find not a page but all of it."""
        return Way.SEARCH if self._search.is_indexed else Way.WALK

    def pieces(self, way: Way) -> Iterable[Piece]:
        """The list in its order."""
        query = self.query
        if query.sort == 'outcome' and only_open(query):
            query = replace(query, sort='due', descending=False)
        if query.sort in _WORDS or query.sort in ('owner', 'team'):
            return self._by_word(query.sort, way)
        columns = _VALUES.get(query.sort) or (getattr(Case, query.sort),)
        where, gathered = self._where({column.key for column in columns}, way)
        order: tuple[Order, ...] = tuple((column, query.descending) for column in (*columns, Case.id))
        whole = Piece(where, order, gathered)
        if query.sort == 'due' and query.descending:
            # What has no time limit is not the farthest away: it comes last here too.
            return [whole.only(Case.due_at < NO_DUE), whole.only(Case.due_at == NO_DUE)]
        if query.sort == 'estimate':
            empty = whole.only(Case.estimate.is_(None), (Case.id, False))
            return [whole.only(Case.estimate.is_not(None)), empty]
        if query.sort == 'closed_at':
            opened = whole.only(IS_OPEN, *_BY_DUE)
            return [opened] if only_open(query) else [whole.only(Case.closed_at.is_not(None)), opened]
        return [whole]

    def count(self, at_most: int | None) -> Select[Any]:
        """How many cases there are, counted no further than `at_most`."""
        where, _gathered = self._where(set(), self.whole())
        if at_most is None:
            return select(func.count()).select_from(Case).where(where)
        return select(func.count()).select_from(select(Case.id).where(where).limit(at_most).subquery())

    def _gathered_in(self, cases: int) -> int:
        return cases // _GATHERED_PER_MS[self._dialect]

    def _fitting(self) -> int:
        """How many cases fit the filters, as PostgreSQL estimates it; SQLite counts them when it gathers."""
        if self._dialect != 'postgresql':
            return 0
        opened = [IS_OPEN] * only_open(self.query)
        fitting = select(Case.id).where(*opened, *(one.by_index() for one in self._filters))
        plain = fitting.compile(self.session.get_bind(), compile_kwargs={'literal_binds': True})
        return estimated(self.session, str(plain))

    def _by_word(self, sort: str, way: Way) -> Iterable[Piece]:
        opened = only_open(self.query)
        column, values = _WORDS.get(sort) or _people(self.session, sort, opened)
        where, gathered = self._where({column.key, Case.due_at.key}, way)
        whole = Piece(where, _BY_DUE, gathered)
        ordered = _narrowed(self.query, reversed(values) if self.query.descending else values)
        if gathered and ordered:
            # The few cases are found once, not once for each word.
            rank = case(*((column == value, place) for place, value in enumerate(ordered)), else_=len(ordered))
            return [whole.only(true(), (rank, False), *_BY_DUE)]
        found = (column == value for value in ordered)
        # Each is put together when it is wanted: of hundreds of people the first few fill a page.
        return map(whole.only, found if sort in _WORDS else chain(found, [column.is_(None)]))

    def _where(self, walked: Collection[str], way: Way) -> tuple[Condition, bool]:
        """What narrows the list, and whether the cases are gathered by it; `walked` is what a walk is sorted by."""
        opened, likes = only_open(self.query), self._search.likes()
        hits = [self._search.hits()] if way is Way.SEARCH else []
        if self._dialect == 'postgresql':
            indexed = [IS_OPEN] * opened + [one.by_index() for one in self._filters]
            return and_(true(), *indexed, *hits, *likes), way is not Way.WALK
        if hits:
            # They are looked up by id; no other index is of use.
            looked = [Unindexed(Case.stage) != Stage.CLOSED] * opened + [one.by_look() for one in self._filters]
            return and_(*hits, *looked, *likes), True
        rare = MANY if way is Way.FILTER else RARE
        where, gathered = narrow(self.session, self._filters, opened, walked, rare)
        return and_(where, *likes), gathered


def _narrowed(query: CaseQuery, values: Iterable[Any]) -> list[Any]:
    """Of the words that the list is sorted by, those that its filters let through."""
    opened = only_open(query)
    chosen: frozenset[Any] = {
        'stage': query.stages or (frozenset(STAGES) - {Stage.CLOSED} if opened else frozenset()),
        'next_step': query.stages or (frozenset(STAGES) - {Stage.CLOSED} if opened else frozenset()),
        'line': query.lines,
        'outcome': query.outcomes or (frozenset({Outcome.OPEN}) if opened else frozenset()),
        'owner': query.owner_ids,
        'team': query.team_ids,
    }[query.sort]
    return [value for value in values if not chosen or value in chosen]


def _people(session: Session, sort: str, opened: bool) -> tuple[InstrumentedAttribute[Any], list[int]]:
    """The column of a sort by people or teams, and who has any cases, by name."""
    column, named = (Case.team_id, Team) if sort == 'team' else (Case.owner_id, Account)
    has_cases = exists().where(column == named.id, IS_OPEN if opened else true())
    return column, list(session.scalars(select(named.id).where(has_cases).order_by(named.name, named.id)))
