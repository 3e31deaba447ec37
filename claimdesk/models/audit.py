"""The audit trail, written by a flush hook so that no service can forget it; it is also the feed of changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Index, String, event, insert, inspect
from sqlalchemy.orm import Mapped, Session, UOWTransaction, mapped_column

from claimdesk.models.base import Base, HasId
from claimdesk.models.types import RowId

SECRET = frozenset({'password_hash', 'sealed_private_key'})
QUIET = frozenset({'version', 'last_activity_at', 'failed_attempts', 'locked_until', 'pinyin', 'request_key'})


class AuditEntry(HasId, Base):
    """Who changed what and when: `changes` maps a column to [before, after]. Never updated, never deleted."""

    __tablename__ = 'audit_entry'
    __table_args__ = (Index('ix_audit_entry_case', 'case_id', 'id'),)

    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None] = mapped_column(RowId)
    actor_name: Mapped[str] = mapped_column(String(40), default='')
    action: Mapped[str] = mapped_column(String(80), default='')
    kind: Mapped[str] = mapped_column(String(24))
    row_id: Mapped[int] = mapped_column(RowId)
    case_id: Mapped[int | None] = mapped_column(RowId)
    verb: Mapped[str] = mapped_column(String(8))
    changes: Mapped[Any] = mapped_column(JSON)


def plain(value: Any) -> Any:
    """`value` as JSON can hold it; money as text in yuan, times in ISO 8601."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dt.datetime | dt.date):
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


@event.listens_for(Session, 'after_flush')
def write_audit(session: Session, context: UOWTransaction) -> None:
    """Write an entry for each audited row of this flush, in the same transaction."""
    entries = []
    info = session.info
    for verb, rows in (('insert', session.new), ('update', session.dirty), ('delete', session.deleted)):
        for row in rows:
            if not getattr(row, 'audited', False):
                continue
            changes = _changes(row, verb)
            if verb == 'update' and not changes:
                continue
            kind = row.__tablename__
            entries.append(
                {
                    'at': info['now'](),
                    'actor_id': info.get('actor_id'),
                    'actor_name': info.get('actor_name', ''),
                    'action': info.get('action', ''),
                    'kind': kind,
                    'row_id': inspect(row).mapper.primary_key_from_instance(row)[0],
                    'case_id': row.id if kind == 'claim_case' else getattr(row, 'case_id', None),
                    'verb': verb,
                    'changes': changes,
                }
            )
    if entries:
        session.execute(insert(AuditEntry), entries)
