"""What is taken down before a bulk load and put up again after it: indexes, foreign keys, SQLite's write-ahead log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from claimdesk.language import _
from claimdesk.models import Database
from claimdesk.models.sqlite_file import prepare
from claimdesk.progress import Progress

_SQLITE_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
_POSTGRES_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
      AND indexrelid NOT IN (SELECT conindid FROM pg_constraint)
    ORDER BY 1
"""
_POSTGRES_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""


class Scaffold:
    """The indexes and foreign keys of an office, inside the transaction that loads it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rebuild: list[str] = []

    def take_down(self) -> None:
        """Drop what would be kept up to date row by row. PostgreSQL's foreign keys are checked once, at the end."""
        run = self._connection.exec_driver_sql
        if self._connection.dialect.name == 'sqlite':
            run('PRAGMA cache_size = -64000')
            # Indexes of millions of rows are sorted on the disk; the connection is closed after the load.
            run('PRAGMA temp_store = FILE')
            for name, statement in run(_SQLITE_INDEXES).all():
                run(f'DROP INDEX "{name}"')
                self._rebuild.append(statement)
            return
        run("SET LOCAL maintenance_work_mem = '256MB'")
        for table, name, definition in self._connection.execute(text(_POSTGRES_KEYS)).all():
            run(f'ALTER TABLE {table} DROP CONSTRAINT {name}')
            self._rebuild.append(f'ALTER TABLE {table} ADD CONSTRAINT {name} {definition}')
        indexes = self._connection.execute(text(_POSTGRES_INDEXES)).all()
        for name, _definition in indexes:
            run(f'DROP INDEX {name}')
        self._rebuild[:0] = [definition for _name, definition in indexes]

    def put_up(self, progress: Progress) -> None:
        """Build everything again, one after the other."""
        for done, statement in enumerate(self._rebuild):
            progress(done, len(self._rebuild), _("Building indexes"))
            self._connection.exec_driver_sql(statement)


@contextmanager
def without_log(database: Database) -> Iterator[None]:
    """On SQLite, write straight into the empty file and not through the write-ahead log, which would grow as large."""
    if database.path is None:
        yield
        return
    _set_journal(database, 'delete')
    try:
        yield
    finally:
        database.close()
        prepare(database)


def _set_journal(database: Database, mode: str) -> None:
    database.close()
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute(f'PRAGMA journal_mode = {mode}')
