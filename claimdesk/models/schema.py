"""The schema's way from revision to revision, and the refusal of databases that this program must not touch.

Importing alembic takes a third of a second, so the revision is compared first, with one query, and alembic is imported
only where there is something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.models.database import Database, in_plain_words

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = '0024'
"""The newest revision in `migrations/versions`; a test compares it with the folder."""

MIGRATIONS = Path(__file__).resolve().parent / 'migrations'
VERSIONS = 'alembic_version'
UPGRADE_LOCK = 0x436C_6169_6D
OWN_PREFIXES = ('case_search', 'page_search')


def head() -> str:
    """The revision that this program works with."""
    return HEAD


def current(database: Database) -> str | None:
    """The revision of `database`; None for an empty one. Raises `Unavailable` for somebody else's database."""
    with in_plain_words(), database.engine.connect() as connection:
        return _current(connection)


def upgrade(database: Database) -> None:
    """Bring an empty or older database to the newest revision.

    Raises `Unavailable`, with nothing changed, for a database of a newer program or of another program, for a server
    that cannot tell Chinese characters apart, and for a shared folder without working locks.
    """
    with in_plain_words():
        if database.is_sqlite:
            from claimdesk.models.sqlite_file import prepare

            prepare(database)
        with database.engine.connect() as connection:
            _refuse_unfit_server(connection)
            revision = _current(connection)
        if revision != HEAD:
            _migrate(database, HEAD)


def downgrade(database: Database, revision: str) -> None:
    """Take the schema back to `revision` ('base' empties it); for tests and for an administrator with a backup."""
    with in_plain_words():
        _migrate(database, revision)


def check(database: Database) -> list[str]:
    """What in `database` differs from what this program expects, one sentence each; empty if nothing does."""
    with in_plain_words(), database.engine.connect() as connection:
        revision = _current(connection)
        if revision != HEAD:
            return [
                _("The database is at revision {revision}, the program at {head}.").format(
                    revision=revision or '-', head=HEAD
                )
            ]
        from alembic.autogenerate import compare_metadata
        from alembic.migration import MigrationContext

        from claimdesk.models import Base

        context = MigrationContext.configure(
            connection, opts={'compare_type': True, 'include_name': _ours, 'target_metadata': Base.metadata}
        )
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def describe(database: Database) -> str:
    """What answers at the address, in words. Raises `Unavailable` with what is wrong."""
    with in_plain_words(), database.engine.connect() as connection:
        _refuse_unfit_server(connection)
        revision = _current(connection)
        if database.is_sqlite:
            name = 'SQLite ' + str(connection.exec_driver_sql('SELECT sqlite_version()').scalar())
        else:
            name = 'PostgreSQL ' + str(connection.exec_driver_sql('SHOW server_version').scalar()).split()[0]
    if revision is None:
        return _("{server}, empty: a new office can be founded here.").format(server=name)
    return _("{server}, with a ClaimDesk office.").format(server=name)


def _current(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    revisions: list[str] = []
    if VERSIONS in tables:
        revisions = list(connection.execute(text(f'SELECT version_num FROM {VERSIONS}')).scalars())
    if not revisions:
        if tables - {VERSIONS}:
            raise Unavailable(
                _("This database belongs to another program."),
                _("Choose an empty database or a ClaimDesk office in the settings."),
            )
        return None
    if revisions != [HEAD] and not _known(revisions):
        raise Unavailable(
            _("This office was opened by a newer ClaimDesk (revision {revision}).").format(revision=revisions[0]),
            _("Update the program on this workstation. Nothing was changed."),
        )
    return revisions[0]


def _known(revisions: list[str]) -> bool:
    known = {path.name.split('_', 1)[0] for path in (MIGRATIONS / 'versions').glob('0*.py*')}
    return all(revision in known for revision in revisions)


def _refuse_unfit_server(connection: Connection) -> None:
    if connection.dialect.name != 'postgresql':
        return
    row = connection.execute(
        text('SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()')
    ).one()
    if row[0] != 'UTF8' or row[1] in ('C', 'POSIX'):
        raise Unavailable(
            _(
                "This database cannot tell Chinese characters apart (encoding {encoding}, character type {ctype})."
            ).format(encoding=row[0], ctype=row[1]),
            _("Ask the administrator to create it with ENCODING 'UTF8' and LC_CTYPE 'zh_CN.UTF-8' or 'C.UTF-8'."),
        )


def _migrate(database: Database, revision: str) -> None:
    from alembic import command

    writer = database.engine.execution_options(claimdesk_writes=True)
    with writer.begin() as connection:
        if connection.dialect.name == 'postgresql':
            connection.execute(text('SELECT pg_advisory_xact_lock(:key)'), {'key': UPGRADE_LOCK})
        found = _current(connection)
        if found == revision:
            return
        config = _config(connection)
        if revision == HEAD:
            command.upgrade(config, revision)
        else:
            command.downgrade(config, revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={'connection': connection})
    config.set_main_option('script_location', str(MIGRATIONS).replace('%', '%%'))
    return config


def _ours(name: str | None, kind: str, parents: object) -> bool:
    return not (kind == 'table' and name is not None and name.startswith((*OWN_PREFIXES, VERSIONS)))
