"""What a person asks the case list for, as a value that a saved view can keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from claimdesk.vocabulary import DueState, Line, Outcome, Stage, Word

COLUMNS = (
    'due', 'number', 'insured_name', 'plate', 'line', 'stage', 'owner', 'team', 'next_step', 'estimate', 'paid_amount',
    'missing_documents', 'policy_number', 'reporter_name', 'reporter_phone', 'place', 'cause', 'reported_at', 'loss_at',
    'stage_entered_at', 'closed_at', 'outcome',
)  # fmt: skip
"""The columns that the list can show, in their first order."""

_WORDS: Mapping[str, type[Word]] = {'lines': Line, 'stages': Stage, 'outcomes': Outcome, 'due': DueState}
_IDS = ('owner_ids', 'team_ids')
_AMOUNTS = ('amount_from', 'amount_to')
_DAYS = ('reported_from', 'reported_to')
_FLAGS = ('missing_documents', 'open_only', 'descending')


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What the list shows. Empty sets and None filter nothing; `text` is searched in every searched column.

    `sort` is one of `COLUMNS`; 'due' puts the overdue first. Amounts are the estimate in yuan, dates local days of the
    report, both bounds included. `open_only` hides closed cases unless `outcomes` asks for them.
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
        return {
            field.name: _plain(getattr(self, field.name))
            for field in fields(self)
            if getattr(self, field.name) != field.default
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> CaseQuery:
        """The query that `to_json` kept; what it does not know is passed over."""
        known: dict[str, Any] = {}
        for name, value in kept.items():
            try:
                known |= _understood(name, value)
            except (TypeError, ValueError, InvalidOperation):
                continue
        return cls(**known)


def _plain(value: Any) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _understood(name: str, value: Any) -> dict[str, Any]:
    if name in _WORDS:
        known = {word.value for word in _WORDS[name]}
        return {name: frozenset(_WORDS[name](word) for word in value if word in known)}
    if name in _IDS:
        return {name: frozenset(int(one) for one in value)}
    if name in _AMOUNTS:
        return {name: Decimal(value)}
    if name in _DAYS:
        return {name: dt.date.fromisoformat(value)}
    if name in _FLAGS:
        return {name: bool(value)}
    if name == 'text':
        return {name: str(value)}
    return {name: value} if name == 'sort' and value in COLUMNS else {}
