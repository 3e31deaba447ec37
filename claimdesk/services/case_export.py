"""The case list on its way into an Excel file: the shown columns only, converted column by column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from claimdesk.language import N_, _
from claimdesk.models import NO_DUE, Case
from claimdesk.reports.list_export import Kind, ListColumn
from claimdesk.rules.clocks import due_state, due_words
from claimdesk.services.case_list_sql import Piece
from claimdesk.services.case_rows import RowReader, refused_cases
from claimdesk.vocabulary import DueState, Line, Outcome, Stage, label

PORTION = 1_000

_SHEET: dict[str, tuple[str, Kind, float]] = {
    'due': (N_("Due"), 'text', 16),
    'number': (N_("Case number"), 'text', 16),
    'insured_name': (N_("Insured"), 'text', 16),
    'plate': (N_("Plate"), 'text', 12),
    'line': (N_("Line of business"), 'text', 14),
    'stage': (N_("Stage"), 'text', 14),
    'owner': (N_("Handler"), 'text', 12),
    'team': (N_("Team"), 'text', 14),
    'next_step': (N_("Next step"), 'text', 24),
    'estimate': (N_("Estimate"), 'money', 14),
    'paid_amount': (N_("Paid"), 'money', 14),
    'missing_documents': (N_("Missing"), 'count', 10),
    'policy_number': (N_("Policy number"), 'text', 26),
    'reporter_name': (N_("Reporter"), 'text', 12),
    'reporter_phone': (N_("Phone"), 'text', 15),
    'place': (N_("Place"), 'text', 36),
    'cause': (N_("Cause"), 'text', 20),
    'reported_at': (N_("Reported"), 'moment', 18),
    'loss_at': (N_("Time of the loss"), 'moment', 18),
    'stage_entered_at': (N_("In this stage since"), 'moment', 18),
    'closed_at': (N_("Closed on"), 'moment', 18),
    'outcome': (N_("Outcome"), 'text', 16),
}
_READ: dict[str, tuple[Any, ...]] = {
    'due': (Case.stage, Case.due_at, Case.paused_since),
    'owner': (Case.owner_id,),
    'team': (Case.team_id,),
    'next_step': (Case.id, Case.stage),
}
"""What is read of a case for a column that is not simply one of its own."""


def sheet_columns(names: Sequence[str]) -> list[ListColumn]:
    """The columns of the file, headed in the language in use."""
    return [ListColumn(_(_SHEET[name][0]), _SHEET[name][1], _SHEET[name][2]) for name in names]


@dataclass(frozen=True)
class SheetRows:
    """Reads the list in portions, one value for each of the columns `names`, as of `now`."""

    session: Session
    names: Sequence[str]
    now: dt.datetime

    def read(self, parts: Iterable[Piece]) -> Iterator[tuple[Any, ...]]:
        """Every row of these pieces."""
        needed = {name: _READ.get(name) or (getattr(Case, name),) for name in self.names}
        flat = [column for columns in needed.values() for column in columns]
        reader = RowReader(self.session, self.now)
        labels = {word: label(word) for words in (Line, Stage, Outcome) for word in words}
        for piece in parts:
            read = piece.select(*(column.label(f'c{at}') for at, column in enumerate(flat)))
            # Not as mapped columns: that would take a third more time.
            result = self.session.connection().execute(read, execution_options={'yield_per': PORTION})
            for portion in result.partitions():
                columns = iter(list(zip(*portion, strict=True)))
                cells = []
                for name, attributes in needed.items():
                    values = [next(columns) for _attribute in attributes]
                    cells.append(self._cells(name, values, reader, labels))
                yield from zip(*cells, strict=True)

    def _cells(
        self, name: str, values: list[tuple[Any, ...]], reader: RowReader, labels: dict[Any, str]
    ) -> Sequence[Any]:
        if name in ('line', 'stage', 'outcome'):
            return [labels[word] for word in values[0]]
        if name in ('owner', 'team'):
            names = reader.owners if name == 'owner' else reader.teams
            return [names.get(key, '') for key in values[0]]
        if name == 'next_step':
            closing = [key for key, stage in zip(*values, strict=True) if stage is Stage.CLOSING]
            refused = refused_cases(self.session, closing)
            return [reader.next_step(stage, key in refused) for key, stage in zip(*values, strict=True)]
        if name == 'due':
            done = due_words(DueState.DONE, None, self.now)
            cases = zip(*values, strict=True)
            return [done if case[0] is Stage.CLOSED else self._due(*case) for case in cases]
        return values[0]

    def _due(self, _stage: Stage, due_at: dt.datetime, paused_since: dt.datetime | None) -> str:
        due = None if due_at >= NO_DUE else due_at
        state = due_state(due, self.now, paused=paused_since is not None)
        return due_words(state, due, self.now, paused_since)
