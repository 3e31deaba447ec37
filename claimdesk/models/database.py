"""The one door to the database: engine, short transactions, and errors in words a handler understands."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from claimdesk.errors import Conflict, Unavailable
from claimdesk.language import _

BUSY_SECONDS = 15
CONNECT_SECONDS = 8


def utc_now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


class Database:
    """An office's database: a SQLite file or a PostgreSQL server.

    `url` is `sqlite:///path/to/office.db` or `postgresql://user@host/name`. Nothing is opened until it is used.
    `now` is the clock of audit entries, replaced in tests.
    """

    def __init__(self, url: str, now: Callable[[], dt.datetime] = utc_now) -> None:
        self.url: URL = _with_driver(make_url(url))
        self.now = now
        self.engine: Engine = _engine(self.url)
        self._readers = sessionmaker(self.engine, expire_on_commit=False)
        self._writers = sessionmaker(self.engine.execution_options(claimdesk_writes=True), expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a local SQLite file (else a PostgreSQL server)."""
        return self.url.get_backend_name() == 'sqlite'

    @property
    def path(self) -> Path | None:
        """The SQLite file, or None for a server or a database in memory."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ':memory:' else None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session to look with; whatever it changed is thrown away. Raises `Unavailable`."""
        with in_plain_words(), self._readers() as session:
            yield session

    @contextmanager
    def write(self, action: str, actor_id: int | None = None, actor_name: str = '') -> Iterator[Session]:
        """One short transaction, committed at the end unless something was raised.

        `action` is what the person did, kept with each audit entry. On SQLite it is BEGIN IMMEDIATE: a transaction
        that reads first and writes later would ignore the busy time-out. Raises `Unavailable` and `Conflict`.
        """
        with in_plain_words(), self._writers() as session:
            session.info.update(now=self.now, action=action, actor_id=actor_id, actor_name=actor_name)
            with session.begin():
                yield session

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def _with_driver(url: URL) -> URL:
    backend = url.get_backend_name()
    if backend == 'postgresql':
        return url.set(drivername='postgresql+psycopg')
    if backend == 'sqlite':
        return url.set(drivername='sqlite+pysqlite')
    raise Unavailable(
        _("ClaimDesk cannot use a database of the kind '{kind}'.").format(kind=backend),
        _("Use an address that begins with sqlite:/// or postgresql://."),
    )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == 'sqlite':
        engine = create_engine(url, connect_args={'timeout': BUSY_SECONDS, 'check_same_thread': False})
        event.listen(engine, 'connect', _prepare_sqlite)
        event.listen(engine, 'begin', _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=4,
        max_overflow=4,
        connect_args={'connect_timeout': CONNECT_SECONDS, 'application_name': 'claimdesk'},
    )


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # The driver must not open transactions by itself: `_begin_sqlite` says which kind is wanted.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute('PRAGMA foreign_keys = ON')
    cursor.execute('PRAGMA synchronous = FULL')
    cursor.execute('PRAGMA temp_store = MEMORY')
    cursor.execute('PRAGMA cache_size = -16000')
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get('claimdesk_writes')
    connection.exec_driver_sql('BEGIN IMMEDIATE' if writes else 'BEGIN')


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turn what the database driver says into `Unavailable` or `Conflict`; anything else passes."""
    try:
        yield
    except StaleDataError as error:
        raise Conflict(
            _("Somebody else saved this at the same moment."), _("Look at the new state, then save again.")
        ) from error
    except OperationalError as error:
        raise _unavailable(error) from error
    except DBAPIError as error:
        # SQLite says of a damaged or foreign file only that it is a plain database error.
        if error.connection_invalidated or type(error) is DatabaseError:
            raise _unavailable(error) from error
        raise


def _unavailable(error: DBAPIError) -> Unavailable:
    reason = str(error.orig).strip()
    lowered = reason.lower()
    if 'locked' in lowered or 'busy' in lowered:
        return Unavailable(
            _("The database has been busy for too long."),
            _("Somebody else is saving much at once. Wait a moment and save again; nothing of yours is lost."),
        )
    if 'disk is full' in lowered or 'no space' in lowered or 'disk i/o' in lowered:
        return Unavailable(
            _("The disk of the database is full or cannot be written."),
            _("Free some space or call your administrator, then save again. Nothing was half-saved."),
        )
    if 'readonly' in lowered:
        return Unavailable(
            _("The database file may only be read."), _("Ask your administrator for the right to write to its folder.")
        )
    if 'password' in lowered or 'authentication' in lowered:
        return Unavailable(
            _("The database server refused the user name or password."), _("Check them in the settings.")
        )
    if 'malformed' in lowered or 'not a database' in lowered:
        return Unavailable(
            _("The database file is damaged or is not a ClaimDesk office."),
            _("Restore it from a backup, or choose another file in the settings."),
        )
    return Unavailable(
        _("The database does not answer."),
        _("Check the network and the server; what you entered stays here. ({reason})").format(
            reason=reason.splitlines()[0][:160] if reason else ''
        ),
    )
