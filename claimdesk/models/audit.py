"""The audit trail, written by a flush hook so that no service can forget it; it is also the feed of changes.

What a flush changed is noted at once and written when the transaction ends, so that the heads of the chains
(`models/audit_chain.py`) are locked for a moment only and after everything else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, event, insert, inspect
from sqlalchemy.orm import Mapped, Session, SessionTransaction, UOWTransaction, mapped_column

from claimdesk.models import audit_chain
from claimdesk.models.base import Base, HasId
from claimdesk.models.types import RowId

SECRET = frozenset({'password_hash', 'sealed_private_key'})
NOTED = 'audit_noted'
QUIET = frozenset({'version', 'last_activity_at', 'failed_attempts', 'locked_until', 'pinyin', 'request_key'})

CACHED: Mapping[str, frozenset[str]] = {
    'claim_case': frozenset({'due_at', 'due_clock', 'step_due_at', 'paused_since', 'missing_documents'}),
    'task': frozenset({'due_at'}),
    'reminder': frozenset({'seen_at', 'ended_at'}),
}
"""Columns that the program also rebuilds in bulk without telling: what they say follows from what is told."""
BULK = 'bulk'
"""The verb of the one entry that tells which rows were loaded without entries of their own."""


class AuditEntry(HasId, Base):
    """Who changed what and when: `changes` maps a column to [before, after]. Never updated, never deleted.

    `position` counts the entries of its chain without a gap, and `hash` covers the entry and the one before it.
    """

    __tablename__ = 'audit_entry'
    __table_args__ = (
        Index('ix_audit_entry_case', 'case_id', 'id'),
        Index('uq_audit_entry_chain', 'chain', 'position', unique=True),
        Index('ix_audit_entry_row', 'kind', 'row_id', 'id'),
    )

    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None] = mapped_column(RowId)
    actor_name: Mapped[str] = mapped_column(String(40), default='')
    action: Mapped[str] = mapped_column(String(80), default='')
    kind: Mapped[str] = mapped_column(String(24))
    row_id: Mapped[int] = mapped_column(RowId)
    case_id: Mapped[int | None] = mapped_column(RowId)
    verb: Mapped[str] = mapped_column(String(8))
    changes: Mapped[Any] = mapped_column(JSON)
    chain: Mapped[int]
    position: Mapped[int] = mapped_column(RowId)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


_INSERT = insert(AuditEntry.__table__)  # type: ignore[arg-type]


def plain(value: Any) -> Any:
    """`value` as JSON can hold it; money as text in yuan, times in ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _changes(row: Any, verb: str) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    state = inspect(row)
    for column in state.mapper.column_attrs:
        name = column.key
        if name in SECRET or name in QUIET or name == 'id':
            continue
        if verb == 'delete':
            found[name] = [plain(state.dict.get(name)), None]
            continue
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        before = history.deleted[0] if history.deleted else None
        after = history.added[0] if history.added else None
        if before != after:
            found[name] = [plain(before), plain(after)]
    return found


def note(session: Session, kind: str, row_id: int, case_id: int | None, verb: str, changes: dict[str, Any]) -> None:
    """Tell a change in the audit trail; it is written with the transaction, which says who acts and when."""
    info = session.info
    entry = {
        'at': info['now'](),
        'actor_id': info.get('actor_id'),
        'actor_name': info.get('actor_name', ''),
        'action': info.get('action', ''),
        'kind': kind,
        'row_id': row_id,
        'case_id': case_id,
        'verb': verb,
        'changes': changes,
    }
    if session.in_nested_transaction():
        _write(session, [entry])  # what a savepoint takes back must not be told
    else:
        info.setdefault(NOTED, []).append(entry)


def _place(row: Any) -> tuple[str, int]:
    return row.__tablename__, inspect(row).mapper.primary_key_from_instance(row)[0]


@event.listens_for(Session, 'after_flush')
def note_changes(session: Session, context: UOWTransaction) -> None:
    """Note each audited row of this flush."""
    # Changed rows come as a set: in whatever order they lie in memory.
    changed = sorted((row for row in session.dirty if getattr(row, 'audited', False)), key=_place)
    for verb, rows in (('insert', session.new), ('update', changed), ('delete', session.deleted)):
        for row in rows:
            if not getattr(row, 'audited', False):
                continue
            changes = _changes(row, verb)
            if verb == 'update' and not changes:
                continue
            kind, row_id = _place(row)
            note(session, kind, row_id, _case_of(session, row), verb, changes)


def _case_of(session: Session, row: Any) -> int | None:
    """The case that a row belongs to, also by the row that it is a part of."""
    if row.__tablename__ == 'claim_case':
        return int(row.id)
    if row.part_of is None:
        return getattr(row, 'case_id', None)
    column, table = row.part_of
    kinds = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    whole = session.get(kinds[table], getattr(row, column))
    return None if whole is None else _case_of(session, whole)


@event.listens_for(Session, 'before_commit')
def write_noted(session: Session) -> None:
    """Write the trail as the last thing of the transaction."""
    if not session.in_nested_transaction():
        session.flush()
        noted = session.info.pop(NOTED, None)
        if noted:
            _write(session, noted)


@event.listens_for(Session, 'after_soft_rollback')
def forget_noted(session: Session, ended: SessionTransaction) -> None:
    """What was taken back is not told."""
    if not ended.nested:
        session.info.pop(NOTED, None)


def _write(session: Session, entries: list[dict[str, Any]]) -> None:
    session.connection().execute(_INSERT, audit_chain.linked_in(session, entries))
