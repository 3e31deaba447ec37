"""The timeline: the audit trail of a case in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Select, select

from claimdesk.models import AuditEntry
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.timeline_entries import TimelineEntry, entries_in_words
from claimdesk.services.timeline_export import write_trail


class Timelines:
    """Reading the audit trail."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int, limit: int = 500) -> list[TimelineEntry]:
        """What happened on the case, the newest first; entries of one save are told together."""
        query = select(AuditEntry).where(AuditEntry.case_id == case_id)
        return self._told(query.order_by(AuditEntry.id.desc()).limit(limit))

    def export(self, actor: Actor, path: Path, case_id: int | None = None, progress: Progress = quiet) -> int:
        """Write the trail of a case, or all that belongs to none, as a workbook, CSV or JSON lines; how many entries.

        Raises `NotAllowed`, `InvalidInput` for another end of the name, `Unavailable`, and `Cancelled`.
        """
        require(actor, Permission.VIEW_AUDIT if case_id is None else Permission.EXPORT)
        with self._office.database.read() as session:
            mine = AuditEntry.case_id.is_(None) if case_id is None else AuditEntry.case_id == case_id
            return write_trail(session, path, [mine], progress)

    def _told(self, query: Select[AuditEntry]) -> list[TimelineEntry]:
        with self._office.database.read() as session:
            rows = list(session.scalars(query))
            return _together(entries_in_words(session, rows))


def _together(entries: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """Entries of one save as one, the newest first."""
    told: list[TimelineEntry] = []
    for entry in entries:
        last = told[-1] if told else None
        if last is not None and _same_save(last, entry):
            told[-1] = TimelineEntry(
                last.id, last.at, last.who, last.action, entry.details + last.details, last.kinds | entry.kinds
            )
        else:
            told.append(entry)
    return told


def _same_save(newer: TimelineEntry, older: TimelineEntry) -> bool:
    together = (newer.at - older.at) < dt.timedelta(seconds=2)
    return together and newer.who == older.who and newer.action == older.action
