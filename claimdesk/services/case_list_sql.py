"""The case list in SQL: filters as conditions, sorting as a few ordered pieces that indexes can walk, search by groups.

A sort by a word (stage, handler…) is answered piece by piece: all cases of the first stage by due time, then those of
the second. Each piece is one walk along an index, where sorting a million rows by a word's place would be none. Rows
without a value come last in either direction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.amounts import yuan
from claimdesk.models import NO_DUE, SEARCHED, Account, Case, Team
from claimdesk.models.search import as_match, as_numbers, groups, like_pattern
from claimdesk.rules.clocks import SOON
from claimdesk.services.case_query import CaseQuery
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import STAGES, DueState, Line, Outcome

COMMON = 8_000
"""A term with more hits than this is met so soon on a walk along the list that the walk is quicker than the index."""

Condition = ColumnElement[bool]

_WORDS: dict[str, tuple[InstrumentedAttribute[Any], Sequence[Any]]] = {
    'stage': (Case.stage, STAGES),
    'next_step': (Case.stage, STAGES),
    'line': (Case.line, tuple(Line)),
    'outcome': (Case.outcome, tuple(Outcome)),
}
_VALUES: dict[str, InstrumentedAttribute[Any]] = {
    'due': Case.due_at,
    'number': Case.number,
    'insured_name': Case.insured_name,
    'plate': Case.plate,
    'estimate': Case.estimate,
    'paid_amount': Case.paid_amount,
    'missing_documents': Case.missing_documents,
    'policy_number': Case.policy_number,
    'reporter_name': Case.reporter_name,
    'reporter_phone': Case.reporter_phone,
    'place': Case.place,
    'cause': Case.cause,
    'reported_at': Case.reported_at,
    'loss_at': Case.loss_at,
    'stage_entered_at': Case.stage_entered_at,
    'closed_at': Case.closed_at,
}
_MAY_BE_EMPTY = frozenset({'estimate', 'closed_at'})


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the list: the cases that fit `where`, ordered by `order`."""

    where: Condition
    order: tuple[ColumnElement[Any], ...]

    def select(self, *columns: Any, backwards: bool = False) -> Select[Any]:
        """The piece's `columns` in its order, or from its end."""
        order = [_reversed(one) for one in self.order] if backwards else list(self.order)
        return select(*columns).where(self.where).order_by(*order)


def pieces(session: Session, query: CaseQuery, now: dt.datetime) -> list[Piece]:
    """The list that `query` asks for, in its order."""
    where = condition(session, query, now)
    if query.sort in _VALUES:
        return _by_value(query, where)
    by_due: tuple[ColumnElement[Any], ...] = (Case.due_at.asc(), Case.id.asc())
    column, values = _WORDS.get(query.sort) or _people(session, query.sort)
    ordered = list(reversed(values)) if query.descending else list(values)
    wanted = _narrowed(query, ordered)
    found = [Piece(and_(where, column == value), by_due) for value in wanted]
    if query.sort in ('owner', 'team'):
        found.append(Piece(and_(where, column.is_(None)), by_due))
    return found


def condition(session: Session, query: CaseQuery, now: dt.datetime) -> Condition:
    """Everything that narrows the list."""
    return and_(true(), *_filters(query, now), *_search(session, query))


def _filters(query: CaseQuery, now: dt.datetime) -> Iterator[Condition]:
    """Every filter of `query` but the search."""
    for column, chosen in (
        (Case.line, query.lines),
        (Case.stage, query.stages),
        (Case.outcome, query.outcomes),
        (Case.owner_id, query.owner_ids),
        (Case.team_id, query.team_ids),
    ):
        if chosen:
            values = sorted(chosen)
            yield column == values[0] if len(values) == 1 else column.in_(values)
    if query.open_only and not query.outcomes:
        yield Case.outcome == Outcome.OPEN
    if query.due:
        yield or_(false(), *(due_is(state, now) for state in sorted(query.due)))
    if query.amount_from is not None:
        yield Case.estimate >= yuan(query.amount_from)
    if query.amount_to is not None:
        yield Case.estimate <= yuan(query.amount_to)
    if query.reported_from is not None:
        yield Case.reported_at >= _midnight(query.reported_from)
    if query.reported_to is not None:
        yield Case.reported_at < _midnight(query.reported_to + dt.timedelta(days=1))
    if query.missing_documents:
        yield Case.missing_documents > 0


def due_is(state: DueState, now: dt.datetime) -> Condition:
    """Whether a case is in that due state at `now`; what `rules.clocks.due_state` says of a row."""
    tomorrow = _midnight(now.astimezone(SHANGHAI).date() + dt.timedelta(days=1))
    soon = now + SOON
    opened = Case.outcome == Outcome.OPEN
    running = and_(opened, Case.paused_since.is_(None))
    return {
        DueState.DONE: Case.outcome != Outcome.OPEN,
        DueState.OVERDUE: and_(opened, Case.due_at < now),
        DueState.PAUSED: and_(opened, Case.paused_since.is_not(None), Case.due_at >= now),
        DueState.TODAY: and_(running, Case.due_at >= now, Case.due_at < min(tomorrow, soon)),
        DueState.SOON: and_(running, Case.due_at >= tomorrow, Case.due_at <= soon),
        DueState.ON_TIME: and_(running, Case.due_at > soon),
    }[state]


def search_words(query: CaseQuery) -> list[str]:
    """The words that must all be found, each in some searched column."""
    return query.text.split()


def _search(session: Session, query: CaseQuery) -> Iterator[Condition]:
    postgres = session.get_bind().dialect.name == 'postgresql'
    for number, word in enumerate(search_words(query)):
        yield _like(word, postgres)
        found = groups(word)
        if found and _hits(session, found, postgres) <= COMMON:
            yield Case.id.in_(_found(found, postgres, f'search_{number}'))


def _like(word: str, postgres: bool) -> Condition:
    # SQLite's LIKE takes no notice of the case of ASCII letters; PostgreSQL's ILIKE does the same at a price.
    pattern = like_pattern(word)
    blind = postgres and any(char.isascii() and char.isalpha() for char in word)
    columns = [getattr(Case, name) for name in SEARCHED]
    return or_(*(column.ilike(pattern, '\\') if blind else column.like(pattern, '\\') for column in columns))


def _found(found: set[str], postgres: bool, name: str) -> Any:
    if postgres:
        return text(f'SELECT case_id FROM case_search WHERE pieces @> :{name}').bindparams(
            bindparam(name, as_numbers(found))
        )
    return text(f'SELECT rowid FROM case_search WHERE case_search MATCH :{name}').bindparams(
        bindparam(name, as_match(found))
    )


def _hits(session: Session, found: set[str], postgres: bool) -> int:
    """How many cases have all these groups, counted no further than is needed to call the term common."""
    inside = _found(found, postgres, 'groups').text
    counted = text(f'SELECT count(*) FROM ({inside} LIMIT {COMMON + 1}) AS found')
    value = as_numbers(found) if postgres else as_match(found)
    return int(session.execute(counted, {'groups': value}).scalar_one())


def _by_value(query: CaseQuery, where: Condition) -> list[Piece]:
    column = _VALUES[query.sort]
    first: tuple[ColumnElement[Any], ...]
    if query.sort == 'missing_documents':
        first = (column.asc(), Case.due_at.asc())
    elif query.sort == 'insured_name':
        first = (Case.pinyin.asc(), column.asc())
    else:
        first = (column.asc(),)
    order = (*first, Case.id.asc())
    if query.descending:
        order = tuple(_reversed(one) for one in order)
    if query.sort == 'due' and query.descending:
        # What has no time limit is not the farthest away: it comes last here too.
        return [Piece(and_(where, Case.due_at < NO_DUE), order), Piece(and_(where, Case.due_at == NO_DUE), order)]
    if query.sort not in _MAY_BE_EMPTY:
        return [Piece(where, order)]
    by_id: tuple[ColumnElement[Any], ...] = (Case.id.asc(),)
    return [Piece(and_(where, column.is_not(None)), order), Piece(and_(where, column.is_(None)), by_id)]


def _narrowed(query: CaseQuery, values: Sequence[Any]) -> list[Any]:
    """Of the words that the list is sorted by, those that its filters let through."""
    chosen: frozenset[Any] = {
        'stage': query.stages,
        'next_step': query.stages,
        'line': query.lines,
        'outcome': query.outcomes or (frozenset({Outcome.OPEN}) if query.open_only else frozenset()),
        'owner': query.owner_ids,
        'team': query.team_ids,
    }[query.sort]
    return [value for value in values if not chosen or value in chosen]


def _people(session: Session, sort: str) -> tuple[InstrumentedAttribute[Any], list[int]]:
    if sort == 'team':
        return Case.team_id, list(session.scalars(select(Team.id).order_by(Team.name, Team.id)))
    return Case.owner_id, list(session.scalars(select(Account.id).order_by(Account.name, Account.id)))


def _reversed(order: ColumnElement[Any]) -> ColumnElement[Any]:
    from sqlalchemy.sql.elements import UnaryExpression
    from sqlalchemy.sql.operators import desc_op

    if isinstance(order, UnaryExpression):
        return order.element.asc() if order.modifier is desc_op else order.element.desc()
    return order.desc()


def count_of(where: Condition, at_most: int | None) -> Select[Any]:
    """How many cases fit `where`, counted no further than `at_most`."""
    if at_most is None:
        return select(func.count()).select_from(Case).where(where)
    return select(func.count()).select_from(select(Case.id).where(where).limit(at_most).subquery())


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).astimezone(dt.UTC)
