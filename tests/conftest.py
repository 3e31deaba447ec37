"""What every test stands on: folders of its own, a language, a real SQLite file and a real PostgreSQL server."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from claimdesk import language
from claimdesk.models.database import Database
from claimdesk.models.schema import upgrade
from scripts.translations import compile_catalogues
from tests.postgres import Server, make, start_or_join, stop_if_started

SERVER_FOLDER = 'CLAIMDESK_TEST_SERVER'
WORKER = 'PYTEST_XDIST_WORKER'
MEMORY = Path('/dev/shm')
ROOM = 4 * 2**30
"""So many bytes must be free in memory for the files of a test run to be kept there."""
KEPT = {SERVER_FOLDER, 'CLAIMDESK_SAMPLES'}

os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
# No test may reach the keyring of the person who runs it, nor wait for one to be unlocked.
os.environ['PYTHON_KEYRING_BACKEND'] = 'keyring.backends.fail.Keyring'


@pytest.fixture(scope='session', autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the tests out of the user's folders and free of the user's options."""
    home = tmp_path_factory.mktemp('home')
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith('CLAIMDESK_') and name not in KEPT]:
            patch.delenv(name)
        for kind in ('DATA', 'CONFIG', 'STATE', 'CACHE'):
            patch.setenv(f'XDG_{kind}_HOME', str(home / kind.lower()))
        patch.setenv('LOCALAPPDATA', str(home / 'local'))
        patch.setenv('APPDATA', str(home / 'roaming'))
        yield


@pytest.fixture(autouse=True)
def _plain_language() -> Iterator[None]:
    """Every test begins in English, the language of the source, whatever the one before switched to."""
    language.use('en')
    yield
    language.use('en')


@pytest.fixture
def chinese(_plain_language: None) -> None:
    """Run this test in Chinese."""
    language.use('zh_CN')


@pytest.fixture(autouse=True)
def _no_leftover_threads() -> Iterator[None]:
    """A thread that a test started must have ended with it; long-lived pools name themselves `claimdesk-...`."""
    before = set(threading.enumerate())
    yield
    left = _leftover(before)
    if left:
        gc.collect()
        for thread in left:
            thread.join(2)
        left = _leftover(before)
    assert not left, f'threads still running: {left}'


def _leftover(before: set[threading.Thread]) -> list[threading.Thread]:
    # A thread that Qt made shows up as a dummy for as long as Python remembers that it once ran code in it.
    return [
        thread
        for thread in threading.enumerate()
        if thread not in before
        and thread.is_alive()
        and not isinstance(thread, threading._DummyThread)
        and not thread.name.startswith('claimdesk-')
    ]


@pytest.fixture(scope='session')
def postgres_server() -> Server:
    """The PostgreSQL server of this test run, shared by its workers and stopped at the end of the run."""
    return start_or_join(Path(os.environ[SERVER_FOLDER]))


@pytest.fixture
def private_server() -> Iterator[Server]:
    """A PostgreSQL server for one test alone, which may stop and start it."""
    folder = Path(tempfile.mkdtemp(prefix='claimdesk-server-'))
    server = make(folder)
    yield server
    with suppress(subprocess.CalledProcessError):
        server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope='session')
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty office, migrated once, that each test on SQLite begins with a copy of."""
    path = tmp_path_factory.mktemp('template') / 'office.db'
    database = Database(f'sqlite:///{path}')
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope='session')
def _postgres_template(postgres_server: Server) -> str:
    """The same on the server: the name of a template database that this worker made."""
    name = f'template_{uuid4().hex[:12]}'
    postgres_server.create(name)
    database = Database(postgres_server.url(name))
    upgrade(database)
    database.close()
    return name


@pytest.fixture(params=['sqlite', 'postgresql'])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated office of its own: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == 'sqlite':
        path = tmp_path / 'office.db'
        shutil.copyfile(request.getfixturevalue('_sqlite_template'), path)
        yield f'sqlite:///{path}'
        return
    server: Server = request.getfixturevalue('postgres_server')
    name = f'office_{uuid4().hex[:12]}'
    server.create(name, template=request.getfixturevalue('_postgres_template'))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path, _sqlite_template: Path) -> str:
    """The address of an empty, migrated office in a SQLite file, for what does not depend on the database."""
    path = tmp_path / 'office.db'
    shutil.copyfile(_sqlite_template, path)
    return f'sqlite:///{path}'


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty, migrated office, open; on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def empty_postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of a database without any table, for tests of set-up and migrations."""
    name = f'empty_{uuid4().hex[:12]}'
    postgres_server.create(name)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(scope='session')
def samples() -> Path:
    """The folder of real sample papers with their truth; it lies beside a checkout, not in it."""
    beside = Path(__file__).parents[2] / 'shared' / 'samples'
    folder = Path(os.environ.get('CLAIMDESK_SAMPLES', beside))
    if not (folder / 'truth.json').is_file():
        pytest.skip('the folder of sample papers is not on this machine')
    return folder


def pytest_configure(config: pytest.Config) -> None:
    """Before the workers start: compile the translations and choose where the server will live."""
    if WORKER in os.environ:
        return
    compile_catalogues()
    root = _quick_folder()
    if root is not None:
        os.environ.setdefault('PYTEST_DEBUG_TEMPROOT', root)
    # A short path that another user may enter: PostgreSQL does not run as root, and a socket's path has 107 bytes.
    os.environ[SERVER_FOLDER] = tempfile.mkdtemp(prefix='claimdesk-server-', dir=root)


def _quick_folder() -> str | None:
    """A folder in memory with room: there every commit of thousands of tests is safe at once."""
    usable = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if usable else None


def pytest_unconfigure(config: pytest.Config) -> None:
    """After the workers ended, however they did: stop the server."""
    if WORKER not in os.environ and SERVER_FOLDER in os.environ:
        stop_if_started(Path(os.environ.pop(SERVER_FOLDER)))
