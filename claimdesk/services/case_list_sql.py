"""The case list in SQL: sorting as a few ordered pieces that indexes can walk, filters, and search by letter groups.

A sort by a word (stage, handler…) is answered piece by piece: all cases of the first stage by due time, then those of
the second. Each piece is one walk along an index, where sorting a million rows by a word's place would be none. Rows
without a value come last in either direction.

How many cases fit is not known beforehand, and a walk may meet none of them for long. So a page is read in one way
after the other (`Listing.ways`), and each but the last is given up after its time.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.models import NO_DUE, Account, Case, Team
from claimdesk.services.case_filters import (
    IS_OPEN,
    LOOKS_OPEN,
    MANY,
    RARE,
    Condition,
    Unordered,
    counted,
    filters,
    narrow,
    only_closed,
    only_open,
)
from claimdesk.services.case_query import CaseQuery
from claimdesk.services.case_search import Search, estimated
from claimdesk.services.paper_search import papers_filter, split_scope
from claimdesk.vocabulary import STAGES, Line, Outcome, Stage

COMMON = 5_000
"""Fewer hits of a search than this are gathered sooner than a walk along the list meets them."""
FEW = 40_000
"""Where fewer cases fit the filters, and twice as many a search, the filters find them sooner."""
VERY_COMMON = 0.02
"""What so many of all cases have is met at once by a walk, if nothing is against it."""
SAMPLE = 500
"""In so many cases, spread over all, it is looked how common are those that a search wants."""
PAGE = 60
GLANCE_MS = 25
"""So long at least is tried whether a walk meets what a search is for."""
WALK_MS = {'sqlite': 80, 'postgresql': 25}
"""So long at least a walk is tried for a filter: SQLite does not know how many cases fit."""
_GATHERED_PER_MS = {'sqlite': 500, 'postgresql': 400}
"""So many cases are gathered in a millisecond; a walk is not tried for longer than that would take."""
_WALKED_PER_MS = 1_000

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
        about_cases, papers = split_scope(self.query.text)
        self._search = Search(self.session, about_cases.split())
        self._filters = [papers_filter(self.session, papers)] if papers else []
        self._filters += filters(self.query, self.now)
        self._dialect = self.session.get_bind().dialect.name

    def ways(self) -> Iterator[tuple[Way, int | None]]:
        """In which ways to try for a page, each with the milliseconds after which the next one is better."""
        if self._search.is_indexed:
            yield from self._searched()
        if self._filters:
            fitting = self._fitting(0)
            if fitting <= MANY:
                yield Way.WALK, max(WALK_MS[self._dialect], self._gathered_in(fitting))
                yield Way.FILTER, None
        yield Way.WALK, None

    def _searched(self) -> Iterator[tuple[Way, int | None]]:
        """The ways to the cases that a search is for, as long as one of them is better than without its index."""
        last = self.session.scalar(select(func.max(Case.id))) or 0
        common = self._common(last)
        if common > VERY_COMMON:
            yield Way.WALK, 2 * self._patience(int(common * last))
        few = self._fitting(FEW) if self._filters else MANY
        enough = min(MANY, 2 * few) if few <= FEW else MANY
        hits = max(self._search.about(enough + 1), int(common * last))
        if hits <= enough:
            walk = _walk_ms(hits / last if self._search.is_exact else common)
            if hits > COMMON and common <= VERY_COMMON and walk < self._gathered_in(hits) / 2:
                yield Way.WALK, self._patience(hits)
            yield Way.SEARCH, None
        elif few <= FEW and not common:
            yield Way.FILTER, None

    def whole(self) -> Way:
        """The way to find not a page but all of it."""
        return Way.SEARCH if self._search.is_indexed else Way.WALK

    def pieces(self, way: Way) -> Iterable[Piece]:
        """The list in its order."""
        query = self.query
        if only_open(query) and only_closed(query):
            return []
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

    def _common(self, last: int) -> float:
        """How common the cases are that fit (0..1), as some show that are spread over all up to the id `last`."""
        spread = ','.join(map(str, range(last, -1, -max(1, last // SAMPLE))))
        where = [one.by_look() for one in self._filters] + [LOOKS_OPEN] * only_open(self.query)
        some = select(func.count()).where(text(f'claim_case.id IN ({spread})'), *where, *self._search.likes())
        return (self.session.scalar(some) or 0) / min(SAMPLE, last or 1)

    def _patience(self, hits: int) -> int:
        """How long to try a walk for what can be gathered too."""
        return max(GLANCE_MS, self._gathered_in(hits) // 2)

    def _gathered_in(self, cases: int) -> int:
        return cases // _GATHERED_PER_MS[self._dialect]

    def _fitting(self, at_most: int) -> int:
        """How many cases fit the filters, as PostgreSQL estimates it; on SQLite those of the rarest filter.

        SQLite counts no further than `at_most`, for it counts again when it gathers.
        """
        if self._dialect == 'postgresql':
            return self._estimated
        opened = [IS_OPEN] * only_open(self.query)
        return counted(self.session, self._filters, and_(true(), *opened), at_most)[0] if at_most else 0

    @cached_property
    def _estimated(self) -> int:
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
            looked = [LOOKS_OPEN] * opened + [one.by_look() for one in self._filters]
            return and_(*hits, *looked, *likes), True
        rare = MANY if way is Way.FILTER else RARE
        where, gathered = narrow(self.session, self._filters, opened, walked, rare)
        return and_(where, *likes), gathered


def _walk_ms(common: float) -> float:
    """How long a walk takes that meets a page of what is so common (0..1), if that lies evenly."""
    return PAGE / common / _WALKED_PER_MS if common else math.inf


def _narrowed(query: CaseQuery, values: Iterable[Any]) -> list[Any]:
    """Of the words that the list is sorted by, those that its filters let through."""
    opened = only_open(query)
    stages = query.stages
    if not stages and opened:
        stages = frozenset(STAGES) - {Stage.CLOSED}
    elif not stages and only_closed(query):
        stages = frozenset({Stage.CLOSED})
    chosen: frozenset[Any] = {
        'stage': stages,
        'next_step': stages,
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
