"""Filters, sortings, searches and pairs of them over a million cases, beside the engine's own first page.

The engine's page is the same question as one plain statement through the bare driver, planned by the engine alone; a
search is asked of it both ways, by LIKE over the columns and by the index of letter groups, and the quicker one counts;
neither is waited for longer than ours took. Of the thousands of pairs some are drawn, the same ones in each run, and
LIKE over a million cases is asked for some of the terms, for it takes seconds.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median
from typing import Any

import psycopg
from sqlalchemy import and_, func, literal_column, select, true
from sqlalchemy.orm import Session

from benchmarks.measured import Measured, best_ms
from benchmarks.run import Run
from claimdesk.models import SEARCHED, Case, Database
from claimdesk.models.search import as_match, as_numbers
from claimdesk.services import case_search
from claimdesk.services.case_filters import IS_OPEN, filters, only_open
from claimdesk.services.case_list import COLUMNS, CaseList, CaseQuery
from claimdesk.services.case_rows import ROW_COLUMNS
from claimdesk.services.context import OfficeContext, command_line_actor
from claimdesk.services.files import DatabaseStore
from claimdesk.services.patience import TooLong, at_most
from claimdesk.vocabulary import DueState, Line, Outcome, Stage

PAGE = 50
FRAME_MS = 1000 / 60
"""What is quicker than a frame of the screen is not seen to be any quicker."""
ORDERS = {
    'due': ('due_at',),
    'owner': ('owner_id', 'due_at'),
    'team': ('team_id', 'due_at'),
    'line': ('line', 'due_at'),
    'stage': ('stage', 'due_at'),
    'next_step': ('stage', 'due_at'),
    'outcome': ('outcome', 'due_at'),
    'missing_documents': ('missing_documents', 'due_at'),
    'insured_name': ('pinyin', 'insured_name'),
}
"""What a plain statement is ordered by, so that an index can answer it; for other columns the column itself."""


@dataclass(frozen=True)
class Asked:
    """A question, and the kind it is counted under."""

    name: str
    kind: str
    more: dict[str, Any]

    def query(self) -> CaseQuery:
        """As the list asks it, of all cases, open and closed."""
        return replace(CaseQuery(open_only=False), **self.more)


class Office:
    """The list on one of the databases, and the bare driver beside it."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.list = CaseList(OfficeContext(self.database, DatabaseStore()))
        self.actor = command_line_actor(1)
        self.kind = 'SQLite' if self.database.is_sqlite else 'PostgreSQL'

    def ours(self, query: CaseQuery, times: int = 5) -> float:
        """Our first page in milliseconds."""
        return best_ms(lambda: self.list.first(self.actor, query, PAGE), times)[1]

    def engine(self, query: CaseQuery, times: int, patience: float) -> float:
        """The engine's own in milliseconds, by its quicker way; `patience` if it takes longer."""
        with self.database.read() as session:
            statements = [self._statement(session, query, by_index) for by_index in {False, bool(query.text)}]
            return min(self._bare(session, statement, times, patience) for statement in statements)

    def _bare(self, session: Session, statement: str, times: int, patience: float) -> float:
        cursor: Any = session.connection().connection.cursor()

        def page() -> list[Any]:
            cursor.execute(statement)
            rows: list[Any] = cursor.fetchall()
            return rows

        try:
            with at_most(session, round(patience) + 1):
                return min(best_ms(page, times)[1], patience)
        except (TooLong, sqlite3.OperationalError, psycopg.errors.QueryCanceled):
            return patience

    def hits(self, term: str) -> tuple[set[int], set[int]]:
        """The ids that the list finds for `term`, and those that LIKE finds in every case."""
        found = set(self.list.ids(self.actor, CaseQuery(text=term, open_only=False)))
        with self.database.read() as session:
            like = case_search._like(term, not self.database.is_sqlite)
            return found, set(session.scalars(select(Case.id).where(like)))

    def _statement(self, session: Session, query: CaseQuery, by_index: bool) -> str:
        conditions: list[Any] = [one.by_index() for one in filters(query, dt.datetime.now(dt.UTC))]
        if only_open(query):
            conditions.append(IS_OPEN)
        words = query.text.split()
        conditions += [case_search._like(word, not self.database.is_sqlite) for word in words]
        wanted: set[str] = set().union(*map(case_search._telling, words))
        if by_index and wanted:
            conditions.append(literal_column(self._indexed(wanted)))
        order = [getattr(Case, name) for name in ORDERS.get(query.sort, (query.sort,))]
        ordered = [one.desc() if query.descending else one.asc() for one in (*order, Case.id)]
        statement = select(*ROW_COLUMNS).where(and_(true(), *conditions)).order_by(*ordered).limit(PAGE)
        return str(statement.compile(session.get_bind(), compile_kwargs={'literal_binds': True}))

    def _indexed(self, wanted: set[str]) -> str:
        if self.database.is_sqlite:
            match = as_match(wanted).replace("'", "''")
            return f"id IN (SELECT rowid FROM case_search WHERE case_search MATCH '{match}')"
        numbers = ','.join(map(str, as_numbers(wanted)))
        return f"id IN (SELECT case_id FROM case_search WHERE pieces @> '{{{numbers}}}'::integer[])"


def questions(office: Office) -> list[Asked]:
    """Every filter, sorting and search by itself, taken from what the office holds."""
    with office.database.read() as session:
        busy = select(Case.owner_id).where(Case.owner_id.is_not(None)).group_by(Case.owner_id)
        owner = session.scalar(busy.order_by(func.count().desc()).limit(1))
        team = session.scalar(select(Case.team_id).where(Case.team_id.is_not(None)).limit(1))
        newest = session.scalar(select(func.max(Case.reported_at))) or dt.datetime.now(dt.UTC)
        terms = _terms(session)
    day = newest.date() - dt.timedelta(days=60)
    narrowing: dict[str, dict[str, Any]] = {
        'open': {'open_only': True},
        'owner': {'owner_ids': frozenset({owner})},
        'team': {'team_ids': frozenset({team})},
        'amounts': {'amount_from': Decimal(1_000), 'amount_to': Decimal(2_000)},
        'from 50,000': {'amount_from': Decimal(50_000)},
        'one day': {'reported_from': day, 'reported_to': day},
        'a month': {'reported_from': day, 'reported_to': day + dt.timedelta(days=30)},
        'missing': {'missing_documents': True},
        **{line.value: {'lines': frozenset({line})} for line in Line},
        **{stage.value: {'stages': frozenset({stage})} for stage in Stage},
        **{state.value: {'due': frozenset({state})} for state in DueState},
        **{f'outcome {outcome.value}': {'outcomes': frozenset({outcome})} for outcome in Outcome},
    }
    return [
        *(Asked(name, 'filter', more) for name, more in narrowing.items()),
        *(
            Asked(f'by {column}{" falling" * falling}', 'sorting', {'sort': column, 'descending': falling})
            for column in COLUMNS
            for falling in (False, True)
        ),
        *(Asked(f'「{term}」', 'search', {'text': term}) for term in terms),
    ]


def _terms(session: Session) -> list[str]:
    """Pieces of texts, of 1 to 20 characters, and some that are nowhere."""
    dice = random.Random(11)
    columns = [getattr(Case, name) for name in SEARCHED]
    last = session.scalar(select(func.max(Case.id))) or 1
    ids = [dice.randint(1, last) for _time in range(60)]
    texts = [word for row in session.execute(select(*columns).where(Case.id.in_(ids))) for word in row if word]
    found = ['龘', '没有这样的案件', '99999999999999999999']
    for length in range(1, 21):
        long = [one for one in texts if len(one) >= length and ' ' not in one]
        for text in dice.sample(long, min(2, len(long))):
            begin = dice.randint(0, len(text) - length)
            found.append(text[begin : begin + length])
    return list(dict.fromkeys(found))


def suite(run: Run) -> Iterator[Measured]:
    """Each question, then pairs of them, and whether the search finds what LIKE finds."""
    for url in (run.offices.sqlite, run.offices.postgres):
        office = Office(url)
        singles = questions(office)
        for kind in ('filter', 'sorting', 'search'):
            yield from _told(office, kind, [one for one in singles if one.kind == kind], run)
        pairs = [
            Asked(f'{one.name} and {other.name}', 'pair', {**one.more, **other.more})
            for one, other in itertools.combinations(singles, 2)
            if not set(one.more) & set(other.more)
        ]
        random.Random(3).shuffle(pairs)
        yield from _told(office, 'some pairs', pairs[: 30 if run.quick else 80], run)
        yield _equality(office, [one.more['text'] for one in singles if one.kind == 'search'][::3])
        office.database.close()


def _told(office: Office, kind: str, asked: Sequence[Asked], run: Run) -> Iterator[Measured]:
    times = 2 if run.quick else 5
    found = []
    for one in asked:
        ours = office.ours(one.query(), times)
        engine = office.engine(one.query(), min(times, 2), max(ours, FRAME_MS))
        found.append((ours / max(engine, FRAME_MS), ours, engine, one.name))
    count = len(found)
    ours, engine = median(row[1] for row in found), median(row[2] for row in found)
    title = f'{kind.capitalize()}, first {PAGE} rows ({office.kind})'
    yield Measured(f'{title}, median', ours, 'ms', "the engine's own", engine, ours / engine, None, count)
    ratio, slow, own, name = max(found)
    reference = "the engine's own, or one frame"
    yield Measured(f'{title}, worst: {name}', slow, 'ms', reference, max(own, FRAME_MS), ratio, 2.0, count)
    beyond = sum(row[0] > 2 for row in found)
    yield Measured(f'{title}, beyond twice', beyond, '', 'all of them', count, beyond / count, 0.0, count)
    ratio, slow, own, name = max(found, key=lambda row: row[1])
    yield Measured(f'{title}, slowest: {name}', slow, 'ms', "the engine's own", own, slow / own, None, count)


def _equality(office: Office, terms: Sequence[str]) -> Measured:
    unlike = most = 0
    for term in terms:
        found, like = office.hits(term)
        unlike += found != like
        most = max(most, len(like))
    title = f'Search unlike LIKE ({office.kind}), some terms of 1 to 20 characters, up to {most:,} hits'
    return Measured(title, unlike, '', 'all terms', len(terms), unlike / len(terms), 0.0, len(terms))

