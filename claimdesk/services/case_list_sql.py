"""The case list in SQL: sorting as a few ordered pieces that indexes can walk, filters, and search by letter groups.

A sort by a word (stage, handler…) is answered piece by piece: all cases of the first stage by due time, then those of
the second. Each piece is one walk along an index, where sorting a million rows by a word's place would be none. Rows
without a value come last in either direction.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, and_, bindparam, case, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.models import NO_DUE, SEARCHED, Account, Case, Team
from claimdesk.models.search import as_match, as_numbers, groups, like_pattern
from claimdesk.services.case_filters import IS_OPEN, Condition, Unindexed, filters, narrow, only_open
from claimdesk.services.case_query import CaseQuery
from claimdesk.vocabulary import STAGES, Line, Outcome, Stage

COMMON = 4_000
"""A term with more hits than this is met so soon on a walk along the list that the walk is quicker than the index."""

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
            plain: Any = Unindexed(column) if self.gathered else column
            order.append(plain.desc() if falling is not backwards else plain.asc())
        return select(*columns).where(self.where).order_by(*order)


def pieces(session: Session, query: CaseQuery, now: dt.datetime) -> list[Piece]:
    """The list that `query` asks for, in its order."""
    if query.sort == 'outcome' and only_open(query):
        query = replace(query, sort='due', descending=False)
    if query.sort in _WORDS or query.sort in ('owner', 'team'):
        return _by_word(session, query, now)
    columns = _VALUES.get(query.sort) or (getattr(Case, query.sort),)
    where, gathered = _where(session, query, now, {column.key for column in columns})
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


def _by_word(session: Session, query: CaseQuery, now: dt.datetime) -> list[Piece]:
    column, values = _WORDS.get(query.sort) or _people(session, query.sort)
    where, gathered = _where(session, query, now, {column.key, Case.due_at.key})
    whole = Piece(where, _BY_DUE, gathered)
    ordered = _narrowed(query, reversed(values) if query.descending else values)
    if gathered and ordered:
        # The few cases are found once, not once for each word.
        rank = case(*((column == value, place) for place, value in enumerate(ordered)), else_=len(ordered))
        return [whole.only(true(), (rank, False), *_BY_DUE)]
    found = [whole.only(column == value) for value in ordered]
    return found if query.sort in _WORDS else [*found, whole.only(column.is_(None))]


def condition(session: Session, query: CaseQuery, now: dt.datetime) -> Condition:
    """Everything that narrows the list."""
    return _where(session, query, now, set())[0]


def count_of(where: Condition, at_most: int | None) -> Select[Any]:
    """How many cases fit `where`, counted no further than `at_most`."""
    if at_most is None:
        return select(func.count()).select_from(Case).where(where)
    return select(func.count()).select_from(select(Case.id).where(where).limit(at_most).subquery())


def _where(
    session: Session, query: CaseQuery, now: dt.datetime, walked: Collection[str]
) -> tuple[Condition, bool]:
    narrowing = list(filters(query, now))
    found = _search(session, query)
    if found.rare is not None and session.get_bind().dialect.name == 'sqlite':
        # The few cases of the search are looked up by id; no other index is of use.
        looked = (one.by_look() for one in narrowing)
        opened = [Unindexed(Case.stage) != Stage.CLOSED] if only_open(query) else []
        return and_(found.rare, *opened, *looked, *found.likes), True
    where, gathered = narrow(session, narrowing, only_open(query), walked)
    if found.rare is not None:
        return and_(where, found.rare, *found.likes), True
    return and_(where, *found.likes), gathered


@dataclass(frozen=True, slots=True)
class _Found:
    """A search: the condition that finds its few cases by the index, if they are few, and the comparison itself."""

    rare: TextClause | None
    likes: tuple[Condition, ...]


def _search(session: Session, query: CaseQuery) -> _Found:
    postgres = session.get_bind().dialect.name == 'postgresql'
    words = query.text.split()
    wanted: set[str] = set().union(*map(_telling, words))
    likes = tuple(_like(word, postgres) for word in words)
    ids = _hits(session, wanted, postgres) if wanted else None
    return _Found(None if ids is None else _among(ids, postgres), likes)


def _among(ids: list[int], postgres: bool) -> TextClause:
    # One value whatever their number, so that the statement is planned and cached once.
    inside = '= ANY(CAST(:ids AS bigint[]))' if postgres else 'IN (SELECT value FROM json_each(:ids))'
    return text(f'claim_case.id {inside}').bindparams(bindparam('ids', ids if postgres else json.dumps(ids)))


def _telling(word: str) -> set[str]:
    """The groups of a word without the single characters that a longer group holds."""
    found = groups(word)
    return {group for group in found if len(group) > 1} or found


def _like(word: str, postgres: bool) -> Condition:
    # SQLite's LIKE takes no notice of the case of ASCII letters; PostgreSQL's ILIKE does the same at a price.
    pattern = like_pattern(word)
    blind = postgres and any(char.isascii() and char.isalpha() for char in word)
    columns = [getattr(Case, name) for name in SEARCHED]
    return or_(*(column.ilike(pattern, '\\') if blind else column.like(pattern, '\\') for column in columns))


def _hits(session: Session, found: set[str], postgres: bool) -> list[int] | None:
    """The cases that have all these groups; None if they are so many that the term is common."""
    if postgres:
        wanted, value = 'SELECT case_id FROM case_search WHERE pieces @> CAST(:groups AS integer[])', as_numbers(found)
        rows = session.execute(text(f'{wanted} LIMIT {COMMON + 1}'), {'groups': value}).all()
    else:
        wanted = 'SELECT rowid FROM case_search WHERE case_search MATCH :groups'
        rows = session.execute(text(f'{wanted} LIMIT {COMMON + 1}'), {'groups': as_match(found)}).all()
    return [row[0] for row in rows] if len(rows) <= COMMON else None


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


def _people(session: Session, sort: str) -> tuple[InstrumentedAttribute[Any], list[int]]:
    if sort == 'team':
        return Case.team_id, list(session.scalars(select(Team.id).order_by(Team.name, Team.id)))
    return Case.owner_id, list(session.scalars(select(Account.id).order_by(Account.name, Account.id)))
