"""Rows on their way into an empty office, many at a time: driver-level inserts on SQLite, COPY on PostgreSQL.

A loader works inside one write transaction, so a load that is cancelled or fails leaves the office empty. Values are
given as the mapped columns take them and stored as the mapped columns would store them; defaults are filled in.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Connection, Date, Table

from claimdesk.models import SEARCHED, Base
from claimdesk.models.search import INSERT_SQLITE, as_document, as_numbers, groups
from claimdesk.models.types import Code, Money, Ratio, UtcTime

Row = dict[str, Any]
Store = Callable[[Any], Any]
PORTION = 20_000
"""How many rows wait in memory before they are sent."""


class JsonText(str):
    """The value of a JSON column that is written already."""

    __slots__ = ()


_groups = lru_cache(maxsize=20_000)(groups)


@lru_cache(maxsize=100_000)
def _as_indexed(group: str) -> str:
    return as_document((group,))


@dataclass
class _Shelf:
    """One table's columns, how each value is stored, and the rows that wait."""

    table: Table
    names: tuple[str, ...]
    defaults: Row
    stores: tuple[tuple[int, Store], ...]
    pick: Callable[[Row], tuple[Any, ...]]
    waiting: list[tuple[Any, ...]] = field(default_factory=list)


class Loader:
    """Takes rows for any table and sends them in portions, parents first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == 'sqlite'
        self._shelves = {table.name: _shelf(table, self._sqlite) for table in Base.metadata.sorted_tables}
        self._waiting = 0
        self._search: list[tuple[int, Any]] = []
        self._cursor: Any = connection.connection.cursor()

    @property
    def fraction(self) -> str:
        """What follows the seconds of a stored moment."""
        return '.000000' if self._sqlite else '+00'

    def add(self, table: str, row: Row) -> None:
        """Take a row; its columns that are not named get their defaults."""
        self.keeper(table)(self.stored(table, row))
        self.count(1)
        if table == 'claim_case':
            self.index(row['id'], [row.get(name) or '' for name in SEARCHED])

    def keeper(self, table: str) -> Callable[[tuple[Any, ...]], None]:
        """What takes rows of `table` whose values are as the database stores them; `count` must be told of them."""
        return self._shelves[table].waiting.append

    def count(self, rows: int) -> None:
        """So many rows have come; enough of them are sent."""
        self._waiting += rows
        if self._waiting >= PORTION:
            self.flush()

    def stored(self, table: str, row: Row) -> tuple[Any, ...]:
        """The values of a row as the database stores them."""
        shelf = self._shelves[table]
        values = list(shelf.pick({**shelf.defaults, **row}))
        for place, store in shelf.stores:
            if values[place] is not None:
                values[place] = store(values[place])
        return tuple(values)

    def index(self, case_id: int, texts: Iterable[str]) -> None:
        """Let a search find the case by these texts."""
        found: set[str] = set()
        for words in texts:
            if words:
                found |= _groups(words)
        self._search.append((case_id, ' '.join(map(_as_indexed, sorted(found))) if self._sqlite else as_numbers(found)))

    def flush(self) -> None:
        """Send everything that waits."""
        for shelf in self._shelves.values():
            if shelf.waiting:
                self._send(shelf.table.name, shelf.names, shelf.waiting)
                shelf.waiting.clear()
        if self._search and self._sqlite:
            self._cursor.executemany(INSERT_SQLITE, self._search)
        elif self._search:
            self._send('case_search', ('case_id', 'pieces'), self._search)
        self._search.clear()
        self._waiting = 0

    def finish(self) -> None:
        """Send the rest, and let the numbers of new rows go on behind those that were loaded."""
        self.flush()
        if self._sqlite:
            return
        for shelf in self._shelves.values():
            if 'id' in shelf.names:
                name = shelf.table.name
                self._cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "
                    f'coalesce((SELECT max(id) FROM {name}), 0) + 1, false)'
                )

    def _send(self, table: str, names: Iterable[str], rows: list[tuple[Any, ...]]) -> None:
        columns = ', '.join(f'"{name}"' for name in names)
        if self._sqlite:
            marks = ', '.join('?' * len(rows[0]))
            self._cursor.executemany(f'INSERT INTO {table} ({columns}) VALUES ({marks})', rows)
            return
        with self._cursor.copy(f'COPY {table} ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)


def _shelf(table: Table, sqlite: bool) -> _Shelf:
    names = tuple(column.name for column in table.columns)
    defaults: Row = dict.fromkeys(names)
    stores: list[tuple[int, Store]] = []
    for place, column in enumerate(table.columns):
        if column.default is not None and column.default.is_scalar:
            defaults[column.name] = column.default.arg  # type: ignore[attr-defined]
        store = _store(column.type, sqlite)
        if store is not None:
            stores.append((place, store))
    return _Shelf(table, names, defaults, tuple(stores), itemgetter(*names))


def _store(kind: Any, sqlite: bool) -> Store | None:
    """How a value of a column is stored, or None where it is stored as it is."""
    if isinstance(kind, Money):
        return _fen
    if isinstance(kind, Ratio):
        return _ten_thousandths
    if isinstance(kind, JSON):
        return _json
    if isinstance(kind, Code):
        return _plain
    if not sqlite:
        return None
    if isinstance(kind, UtcTime):
        return _moment
    if isinstance(kind, Date):
        return dt.date.isoformat
    return int if isinstance(kind, Boolean) else None


def _json(value: Any) -> str:
    return value if isinstance(value, JsonText) else json.dumps(value)


def _plain(value: str) -> str:
    return str.__str__(value)


def _fen(value: Decimal) -> int:
    return int(value.scaleb(2))


def _ten_thousandths(value: Decimal) -> int:
    return int(value.scaleb(4))


@lru_cache(maxsize=256)
def _moment(value: dt.datetime) -> str:
    return value.isoformat(' ', 'microseconds')[:26]
