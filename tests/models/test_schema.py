"""The schema: revisions equal the models on both databases, go up and down with rows, and refuse what is not ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from claimdesk.errors import Unavailable
from claimdesk.models import Database, Office, schema
from tests.models.rows import BEGIN, a_case, an_office
from tests.postgres import Server


@pytest.fixture(params=['sqlite', 'postgresql'])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database without any table, on both."""
    if request.param == 'sqlite':
        return Database(f'sqlite:///{tmp_path / "empty.db"}')
    url: str = request.getfixturevalue('empty_postgres_url')
    return Database(url)


def test_head_equals_the_models(database: Database) -> None:
    assert schema.current(database) == schema.head()
    assert schema.check(database) == []


def test_a_missing_column_is_reported(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text('ALTER TABLE message DROP COLUMN with_whom'))
    assert any('with_whom' in sentence for sentence in schema.check(database))


def test_the_head_is_the_newest_revision_in_the_folder() -> None:
    names = sorted(path.name for path in (schema.MIGRATIONS / 'versions').glob('0*.py'))
    assert names[-1].startswith(f'{schema.head()}_')


def test_revisions_import_nothing_of_ours() -> None:
    for path in (schema.MIGRATIONS / 'versions').glob('*.py'):
        assert 'claimdesk' not in path.read_text(encoding='utf-8')


def test_up_and_down_with_rows(empty: Database) -> None:
    assert schema.current(empty) is None
    schema.upgrade(empty)
    with empty.write('test') as session:
        session.add(a_case(session))
    schema.downgrade(empty, 'base')
    assert set(inspect(empty.engine).get_table_names()) <= {schema.VERSIONS}
    schema.upgrade(empty)
    assert schema.check(empty) == []
    empty.close()


def test_an_upgrade_of_the_newest_changes_nothing_and_imports_no_alembic(sqlite_url: str) -> None:
    script = (
        'import sys; from claimdesk.models import Database; from claimdesk.models.schema import upgrade; '
        f'd = Database({sqlite_url!r}); upgrade(d); d.close(); sys.exit("alembic" in sys.modules)'
    )
    assert subprocess.run([sys.executable, '-c', script], check=False).returncode == 0


def test_a_newer_office_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable) as caught:
        schema.upgrade(database)
    assert '9999' in caught.value.sentence
    assert 'Update the program' in caught.value.advice


def test_a_foreign_database_is_refused_and_left_alone(empty: Database) -> None:
    with empty.engine.begin() as connection:
        connection.execute(text('CREATE TABLE recipes (name TEXT)'))
    with pytest.raises(Unavailable, match='another program'):
        schema.upgrade(empty)
    assert inspect(empty.engine).get_table_names() == ['recipes']
    empty.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / 'letter.db'
    path.write_bytes('不是数据库'.encode() * 1000)
    before = path.read_bytes()
    with pytest.raises(Unavailable, match='damaged'):
        schema.upgrade(Database(f'sqlite:///{path}'))
    assert path.read_bytes() == before


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match='does not exist'):
        schema.upgrade(Database(f'sqlite:///{tmp_path / "away" / "office.db"}'))


def test_a_server_with_character_type_c_is_refused(postgres_server: Server) -> None:
    url = postgres_server.url('postgres')
    maker = Database(url)
    with maker.engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
        connection.execute(text("CREATE DATABASE plain_c TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C'"))
        unfit = Database(postgres_server.url('plain_c'))
        with pytest.raises(Unavailable, match='Chinese'):
            schema.upgrade(unfit)
        unfit.close()
        connection.execute(text('DROP DATABASE plain_c'))
    maker.close()


def test_describe_says_what_is_there(empty: Database) -> None:
    assert 'empty' in schema.describe(empty)
    schema.upgrade(empty)
    with empty.write('test') as session:
        session.add(an_office())
    assert 'ClaimDesk office' in schema.describe(empty)
    with empty.read() as session:
        assert session.query(Office).one().created_at == BEGIN
    empty.close()
