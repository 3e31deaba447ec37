"""The case list of a million rows: filters, sorting and search in the database, rows only as far as they are shown."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from claimdesk.progress import Progress, quiet
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.vocabulary import DueState, Line, Outcome, Stage

COLUMNS = (
    'due', 'number', 'insured_name', 'plate', 'line', 'stage', 'owner', 'team', 'next_step', 'estimate', 'paid_amount',
    'missing_documents', 'policy_number', 'reporter_name', 'reporter_phone', 'place', 'cause', 'reported_at', 'loss_at',
    'stage_entered_at', 'closed_at', 'outcome',
)  # fmt: skip
"""The columns that the list can show, in their first order."""


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What the list shows. Empty sets and None filter nothing; `text` is searched in every searched column.

    `sort` is one of `COLUMNS`; 'due' puts the overdue first. Amounts are the estimate in yuan, dates local days of the
    report, both bounds included. `open_only` hides closed cases.
    """

    text: str = ''
    lines: frozenset[Line] = frozenset()
    stages: frozenset[Stage] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    owner_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    due: frozenset[DueState] = frozenset()
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    reported_from: dt.date | None = None
    reported_to: dt.date | None = None
    missing_documents: bool = False
    open_only: bool = True
    sort: str = 'due'
    descending: bool = False

    def to_json(self) -> dict[str, object]:
        """What a saved view keeps: only what differs from the empty query."""

    @classmethod
    def from_json(cls, kept: dict[str, object]) -> CaseQuery:
        """The query that `to_json` kept; what it does not know is passed over."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of the list, shaped for painting; `next_step` and `due_words` are in the language in use."""

    id: int
    number: str
    insured_name: str
    plate: str
    line: Line
    stage: Stage
    outcome: Outcome
    owner_id: int | None
    owner: str
    team: str
    next_step: str
    due_state: DueState
    due_words: str
    due_at: dt.datetime | None
    estimate: Decimal | None
    paid_amount: Decimal
    missing_documents: int
    policy_number: str
    reporter_name: str
    reporter_phone: str
    place: str
    cause: str
    reported_at: dt.datetime
    loss_at: dt.datetime
    stage_entered_at: dt.datetime
    closed_at: dt.datetime | None


class CaseList:
    """Reading the list."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def first(self, actor: Actor, query: CaseQuery, limit: int = 60) -> list[CaseRow]:
        """The first rows at once."""

    def last(self, actor: Actor, query: CaseQuery, limit: int = 60) -> list[CaseRow]:
        """The last rows, in the list's order, by the reversed query."""

    def ids(self, actor: Actor, query: CaseQuery, progress: Progress = quiet) -> array[int]:
        """The ids of all rows in the list's order, eight bytes each: the true length of the scroll bar."""

    def rows(self, actor: Actor, ids: Sequence[int]) -> list[CaseRow]:
        """The rows of these ids, in this order; a row that is gone is left out."""

    def count(self, actor: Actor, query: CaseQuery, at_most: int | None = None) -> int:
        """How many rows the query has; counted no further than `at_most` + 1."""

    def export(
        self, actor: Actor, query: CaseQuery, columns: Sequence[str], path: Path, progress: Progress = quiet
    ) -> int:
        """Write exactly what the list shows to an Excel file; returns the number of rows. Raises `Unavailable`."""
