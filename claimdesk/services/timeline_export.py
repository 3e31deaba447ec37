"""The audit trail as a file: a workbook or CSV in plain words, or JSON lines with everything that the chains hash."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import AuditEntry
from claimdesk.models.audit_chain import HASHED
from claimdesk.progress import Progress, quiet
from claimdesk.reports.list_export import ListColumn, write_list
from claimdesk.services.context import SHANGHAI
from claimdesk.services.timeline_entries import entries_in_words
from claimdesk.services.timeline_words import THINGS
from claimdesk.whole_file import write_whole

PORTION = 2_000
FORMATS = ('.xlsx', '.csv', '.jsonl')
_COLUMNS = ((N_("Entry"), 'count', 10), (N_("Time"), 'moment', 18), (N_("Person"), 'text', 14),
            (N_("What was done"), 'text', 30), (N_("Of what"), 'text', 18), (N_("Changes"), 'text', 90),
            (N_("Chain"), 'count', 8), (N_("Position"), 'count', 10), (N_("Hash"), 'text', 66))  # fmt: skip
_FORMULA = ('=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠')


def write_trail(session: Session, path: Path, wanted: Sequence[Any], progress: Progress = quiet) -> int:
    """Write the entries that fulfil the conditions `wanted`, the oldest first; how many entries.

    The name's end says the format. Raises `InvalidInput` for another end, `Unavailable`, and `Cancelled`.
    """
    form = path.suffix.lower()
    if form not in FORMATS:
        raise InvalidInput(
            _("A trail is written as {formats}.").format(formats=_(", ").join(FORMATS)), _("Choose another name.")
        )
    total = session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted)) or 0
    portions = _portions(session, wanted, total, progress)
    if form == '.xlsx':
        columns = [ListColumn(_(title), kind, width) for title, kind, width in _COLUMNS]  # type: ignore[arg-type]
        write_list(path, _("Audit trail"), columns, (row for rows in portions for row in _told(session, rows)), total)
    elif form == '.csv':
        write_whole(path, lambda file: _write_csv(session, file, portions))
    else:
        write_whole(path, lambda file: _write_lines(file, portions))
    progress(total, total, _("Writing the audit trail"))
    return total


def _portions(
    session: Session, wanted: Sequence[Any], total: int, progress: Progress
) -> Iterator[Sequence[AuditEntry]]:
    after, done = 0, 0
    while True:
        progress(done, total, _("Writing the audit trail"))
        query = select(AuditEntry).where(*wanted, AuditEntry.id > after).order_by(AuditEntry.id).limit(PORTION)
        rows = session.scalars(query).all()
        if not rows:
            return
        yield rows
        after, done = rows[-1].id, done + len(rows)
        session.expunge_all()


def _told(session: Session, rows: Sequence[AuditEntry]) -> Iterator[tuple[Any, ...]]:
    for row, entry in zip(rows, entries_in_words(session, rows), strict=True):
        yield (
            row.id, row.at, entry.who, entry.action, _(THINGS.get(row.kind, row.kind)), '; '.join(entry.details),
            row.chain, row.position, row.hash.hex(),
        )  # fmt: skip


def _write_csv(session: Session, file: IO[bytes], portions: Iterator[Sequence[AuditEntry]]) -> None:
    text = io.TextIOWrapper(file, encoding='utf-8-sig', newline='')
    writer = csv.writer(text)
    writer.writerow([_(title) for title, _kind, _width in _COLUMNS])
    for rows in portions:
        writer.writerows([_safe(value) for value in told] for told in _told(session, rows))
    text.flush()
    text.detach()


def _safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; times as local time."""
    if isinstance(value, dt.datetime):
        return value.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M:%S')
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_lines(file: IO[bytes], portions: Iterator[Sequence[AuditEntry]]) -> None:
    for rows in portions:
        for row in rows:
            told = {name: getattr(row, name) for name in ('id', *HASHED)}
            told['at'] = row.at.astimezone(dt.UTC).isoformat(timespec='microseconds')
            told['hash'] = row.hash.hex()
            file.write(json.dumps(told, ensure_ascii=False).encode('utf-8', 'surrogatepass') + b'\n')
