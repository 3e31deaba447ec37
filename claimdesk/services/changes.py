"""The feed of changes: what other desks have saved since this one last looked."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from sqlalchemy import func, select

from claimdesk.models import AuditEntry, CalendarDay, OfficeSetting
from claimdesk.services.context import OfficeContext

OVERLAP = 200
"""Ids are handed out before commit, so a late commit may appear behind the cursor: so many are read again."""

RULES = frozenset({CalendarDay.__tablename__, OfficeSetting.__tablename__})
"""What the office context keeps in memory, and reads anew once another desk has changed it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed: kinds are table names, `case_ids` the cases concerned."""

    kinds: frozenset[str]
    case_ids: frozenset[int]


@dataclass
class Changes:
    """A cursor over the audit trail, one per desk."""

    office: OfficeContext
    _cursor: int = -1
    _seen: deque[int] = field(default_factory=lambda: deque(maxlen=4 * OVERLAP))

    def poll(self) -> Changed:
        """What was saved since the last call, by anybody; the first call only sets the cursor."""
        with self.office.database.read() as session:
            newest = session.scalar(select(func.max(AuditEntry.id))) or 0
            if self._cursor < 0:
                self._seen.extend(
                    session.scalars(select(AuditEntry.id).where(AuditEntry.id > newest - OVERLAP))
                )
                self._cursor = newest
                return Changed(frozenset(), frozenset())
            rows = session.execute(
                select(AuditEntry.id, AuditEntry.kind, AuditEntry.case_id).where(
                    AuditEntry.id > max(0, self._cursor - OVERLAP)
                )
            ).all()
        seen = set(self._seen)
        fresh = [row for row in rows if row.id not in seen]
        self._seen.extend(row.id for row in fresh)
        self._cursor = max(self._cursor, newest)
        kinds = frozenset(row.kind for row in fresh)
        if kinds & RULES:
            self.office.forget_rules()
        return Changed(kinds, frozenset(row.case_id for row in fresh if row.case_id is not None))
