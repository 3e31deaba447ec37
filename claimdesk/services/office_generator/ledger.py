"""The rows of a story as it is told: what a service would have inserted and changed, with the audit trail it leaves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from claimdesk.models import Base
from claimdesk.models.audit import QUIET, SECRET, plain
from claimdesk.models.audit_chain import Links, as_text
from claimdesk.services.office_generator.load import JsonText
from claimdesk.services.office_generator.staff import Colleague

Row = dict[str, Any]
UNTOLD = QUIET | SECRET | {'id', 'due_at', 'due_clock', 'paused_since', 'missing_documents'}
"""Columns whose change the trail of a made-up case leaves out."""


@cache
def _editable() -> tuple[frozenset[str], frozenset[str]]:
    """The tables whose rows are audited, and those whose rows count their saves."""
    mappers = list(Base.registry.mappers)
    audited = {mapper.class_.__tablename__ for mapper in mappers if mapper.class_.audited}
    counted = {mapper.class_.__tablename__ for mapper in mappers if mapper.version_id_col is not None}
    return frozenset(audited), frozenset(counted)


class Ledger:
    """Hands out ids, keeps rows until their story is told, then passes them on to `keep`.

    `trail` says whether audit entries are written: an office for benchmarks goes without.
    """

    def __init__(self, keep: Callable[[str, Row], None], trail: bool) -> None:
        self._keep = keep
        self._trail = trail
        self._ids: Counter[str] = Counter()
        self._rows: list[tuple[str, Row]] = []
        self._entries: list[Row] = []
        self.links = Links({})
        self._audited, self._counted = _editable()
        self.at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        self.actor: Colleague | None = None
        self.action = ''

    def save(self, at: dt.datetime, actor: Colleague, action: str) -> None:
        """What follows belongs to one save of `actor` at `at`."""
        self.at, self.actor, self.action = at, actor, action

    def quietly(self) -> None:
        """What follows was there before the office's own work: it leaves no trail."""
        self.actor = None

    def next_id(self, table: str) -> int:
        """The id of the next row of `table`."""
        self._ids[table] += 1
        return self._ids[table]

    def next_ids(self, table: str, count: int) -> int:
        """The first of `count` ids in a row."""
        first = self._ids[table] + 1
        self._ids[table] += count
        return first

    def insert(self, table: str, **values: Any) -> Row:
        """A new row, with an id of its own."""
        row = {'id': self.next_id(table), **values}
        self._rows.append((table, row))
        self._tell(table, row, 'insert', values)
        return row

    def insert_part(self, table: str, **values: Any) -> Row:
        """A new row whose key is that of the row it belongs to."""
        self._rows.append((table, values))
        self._tell(table, values, 'insert', values)
        return values

    def update(self, table: str, row: Row, **values: Any) -> None:
        """Change columns of a row; what stays as it was is not told."""
        changed = {name: value for name, value in values.items() if row.get(name) != value}
        if self._trail and changed:
            told = {name: [plain(row.get(name)), plain(new)] for name, new in changed.items() if name not in UNTOLD}
            self._note(table, row, 'update', told)
            if table in self._counted:
                row['version'] = row.get('version', 1) + 1
        row.update(changed)

    def pass_on(self) -> None:
        """The story is told: its rows go on their way. Audit entries wait for `pass_on_trail`."""
        for table, row in self._rows:
            self._keep(table, row)
        self._rows.clear()

    def pass_on_trail(self) -> None:
        """Pass the audit entries of all stories on, in the order in which they happened, each chained to the last."""
        self._entries.sort(key=lambda entry: entry['at'])
        for entry in self._entries:
            linked = self.links.link(entry, entry['changes'])
            self._keep('audit_entry', {'id': self.next_id('audit_entry'), **linked})
        self._entries.clear()

    def _tell(self, table: str, row: Row, verb: str, values: Row) -> None:
        if self._trail:
            told = {name: [None, plain(new)] for name, new in values.items() if new is not None and name not in UNTOLD}
            self._note(table, row, verb, told)

    def _note(self, table: str, row: Row, verb: str, told: dict[str, list[Any]]) -> None:
        actor = self.actor
        if not told or actor is None or table not in self._audited:
            return
        self._entries.append(
            {
                'at': self.at,
                'actor_id': actor.id,
                'actor_name': actor.name,
                'action': self.action,
                'kind': table,
                'row_id': row['id'] if 'id' in row else row['case_id'],
                'case_id': row['id'] if table == 'claim_case' else row.get('case_id'),
                'verb': verb,
                'changes': JsonText(as_text(told)),
            }
        )
