"""Notices which cases a save has changed a fact of that the risk rules look at, so that no service can forget them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session, UOWTransaction

EVERYTHING = frozenset({'*'})
LOOKED_AT: Mapping[str, frozenset[str]] = {
    'claim_case': frozenset({'loss_at', 'reported_at', 'cause', 'estimate', 'payable', 'plate', 'insured_name'}),
    'case_motor': frozenset({'garage', 'driver_licence', 'driver_name'}),
    'case_medical': EVERYTHING,
    'survey_report': frozenset({'suspicious', 'surveyor_id'}),
    'invoice': EVERYTHING,
    'document': frozenset({'case_id', 'removed_at'}),
    'payee_account': EVERYTHING,
    'payment': frozenset({'payee_name', 'account_number', 'state'}),
}
"""The tables and columns that `risk_facts` reads of the case itself."""

CHANGED = 'risk_changed'


@event.listens_for(Session, 'after_flush')
def notice(session: Session, context: UOWTransaction) -> None:
    """Remember the cases of this flush whose facts have changed."""
    for verb, rows in (('insert', session.new), ('update', session.dirty), ('delete', session.deleted)):
        for row in rows:
            columns = LOOKED_AT.get(getattr(row, '__tablename__', ''))
            if columns is None or (verb == 'update' and not _touched(row, columns)):
                continue
            case_id = row.id if row.__tablename__ == 'claim_case' else row.case_id
            if case_id is not None:
                session.info.setdefault(CHANGED, set()).add(case_id)


def _touched(row: Any, columns: frozenset[str]) -> bool:
    state = inspect(row)
    wanted = state.mapper.column_attrs.keys() if columns is EVERYTHING else columns
    return any(state.attrs[name].history.has_changes() for name in wanted)


def changed_cases(session: Session) -> set[int]:
    """The cases whose facts this transaction has changed so far."""
    session.flush()
    changed: set[int] = session.info.get(CHANGED, set())
    return changed
