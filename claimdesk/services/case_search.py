"""The search of the case list in SQL: the comparison itself, and the index of letter groups that finds the few."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import TextClause, func, or_, select, text
from sqlalchemy.orm import Session

from claimdesk.models import SEARCHED, Case
from claimdesk.models.search import as_match, as_numbers, fold, groups, like_pattern
from claimdesk.services.case_filters import Condition

ENOUGH = 4
"""So many groups of a term are looked up; what they let through is compared letter by letter anyway."""
SAMPLE = 100
"""In so many cases, spread over all, it is looked how common a group is."""


@dataclass
class Search:
    """The words of a search, on the database of `session`."""

    session: Session
    words: list[str]
    _groups: set[str] = field(init=False)
    _chosen: set[str] | None = None
    _seen: int = 0

    def __post_init__(self) -> None:
        self._groups = set().union(*map(_telling, self.words))

    @property
    def is_indexed(self) -> bool:
        """Whether the index can find anything: not two digits alone, and not nothing."""
        return bool(self._groups)

    @property
    def is_exact(self) -> bool:
        """Whether the index finds nothing but what the comparison finds: one group is all that is searched for."""
        return self._groups == {fold(''.join(self.words))}

    def likes(self) -> list[Condition]:
        """The comparison of each word with each searched column."""
        return [_like(word, self._postgres) for word in self.words]

    def hits(self) -> TextClause:
        """The condition that finds by the index the cases that have the groups of the words."""
        if self._postgres:
            return text(f'claim_case.id IN ({self._select()})')
        return text(f'claim_case.id IN ({self._select()})').bindparams(**self._match())

    def about(self, at_most: int) -> int:
        """How many cases these are: counted no further than `at_most` on SQLite, estimated on PostgreSQL.

        PostgreSQL takes the groups for independent of each other, so what some cases show counts too.
        """
        if self._postgres:
            return max(estimated(self.session, self._select()), self._seen)
        counted = text(f'SELECT count(*) FROM ({self._select()} LIMIT {at_most:d})')
        return int(self.session.execute(counted, self._match()).scalar_one())

    def _select(self) -> str:
        if self._postgres:
            numbers = ','.join(map(str, as_numbers(self._rarest())))
            return f"SELECT case_id FROM case_search WHERE pieces @> '{{{numbers}}}'::integer[]"
        return 'SELECT rowid FROM case_search WHERE case_search MATCH :groups'

    def _match(self) -> dict[str, str]:
        return {'groups': as_match(self._rarest())}

    @property
    def _postgres(self) -> bool:
        return self.session.get_bind().dialect.name == 'postgresql'

    def _rarest(self) -> set[str]:
        """The few groups that fewest cases have, as far as a look at some cases tells.

        A policy number is mostly the same few digits of year, line and branch: to intersect what a million cases share
        takes long and leaves out nothing.
        """
        if len(self._groups) <= ENOUGH:
            return self._groups
        if self._chosen is None:
            last = self.session.scalar(select(func.max(Case.id))) or 0
            columns = [getattr(Case, name) for name in SEARCHED]
            some = select(*columns).where(Case.id.in_(range(last, 0, -max(1, last // SAMPLE))))
            texts = [fold('\n'.join(filter(None, row))) for row in self.session.execute(some)]
            counts = {group: sum(group in words for words in texts) for group in self._groups}
            self._chosen = set(sorted(counts, key=lambda group: (counts[group], group))[:ENOUGH])
            self._seen = sum(all(group in words for group in self._chosen) for words in texts) * last // SAMPLE
        return self._chosen


def estimated(session: Session, statement: str) -> int:
    """How many rows PostgreSQL thinks that `statement` has."""
    plan = session.connection().exec_driver_sql(f'EXPLAIN (FORMAT JSON) {statement}').scalar_one()
    return int(plan[0]['Plan']['Plan Rows'])


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
