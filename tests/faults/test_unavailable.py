"""The server goes away, the disk is full, the file is damaged: one clear sentence, and nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from claimdesk.errors import Unavailable
from claimdesk.models import Case, Database
from claimdesk.models.schema import upgrade
from claimdesk.services.context import OfficeContext
from claimdesk.services.files import FolderStore
from claimdesk.services.intake import Intake, NewCase
from tests.postgres import Server
from tests.services.paper_office import PaperOffice, paper_office, picture


def report(office: PaperOffice, place: str = '人民路 1 号') -> NewCase:
    return NewCase(
        policy_id=office.policy_id,
        loss_at=office.watch() - dt.timedelta(hours=3),
        place=place,
        cause='追尾',
        reporter_name='沈知远',
        reporter_phone='13800001234',
    )


def cases_in(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_server_that_stops_and_starts_again(private_server: Server, tmp_path: Path) -> None:
    private_server.create('office')
    database = Database(private_server.url('office'))
    upgrade(database)
    office = paper_office(database, tmp_path)
    intake = Intake(office.context)
    # The servers of these tests trade safety for speed: what was acknowledged is on the disk only now.
    with database.engine.connect() as connection:
        connection.exec_driver_sql('CHECKPOINT')
    private_server.stop()
    with pytest.raises(Unavailable) as caught:
        intake.register(office.clerk, report(office), 'after the power cut')
    assert caught.value.sentence
    assert caught.value.advice
    private_server.start()
    again = intake.register(office.clerk, report(office), 'after the power cut')
    once_more = intake.register(office.clerk, report(office), 'after the power cut')
    assert again.number == once_more.number
    assert cases_in(database) == 2
    database.close()


def test_a_full_disk_leaves_the_database_as_it_was(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    office = paper_office(database, tmp_path)
    intake = Intake(office.context)
    pages = {'limit': 0}

    def limit(connection: object, _record: object) -> None:
        if pages['limit']:
            connection.execute(f'PRAGMA max_page_count = {pages["limit"]}')  # type: ignore[attr-defined]

    event.listen(database.engine, 'connect', limit)
    with database.read() as session:
        pages['limit'] = session.connection().exec_driver_sql('PRAGMA page_count').scalar()
    database.engine.dispose()
    opened, refusal = _until_full(intake, office)
    assert 'full' in refusal.sentence
    assert cases_in(database) == 1 + opened
    pages['limit'] = 1_000_000
    database.engine.dispose()
    assert intake.register(office.clerk, report(office), f'case {opened}').number.endswith(f'{opened + 2:06d}')
    database.close()


def _until_full(intake: Intake, office: PaperOffice) -> tuple[int, Unavailable]:
    """Open cases until the disk is full: how many were opened, and what the desk said then."""
    for opened in range(500):
        try:
            intake.register(office.clerk, report(office, '很长的地点' * 30), f'case {opened}')
        except Unavailable as error:
            return opened, error
    raise AssertionError('the disk never filled')


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond 4 KiB, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_document_that_finds_no_room_leaves_nothing(
    sqlite_url: str, tmp_path: Path, small_files: None
) -> None:
    database = Database(sqlite_url)
    store = FolderStore(tmp_path / 'store')
    with pytest.raises(Unavailable) as caught, database.read() as session:
        store.put(session, 'ab' * 32, picture(size=(900, 900)) + bytes(100_000))
    assert caught.value.advice
    assert [path for path in (tmp_path / 'store').rglob('*') if path.is_file()] == []
    database.close()


@pytest.mark.parametrize('content', [b'not a database at all' * 300, b''.join([b'SQLite format 3\x00', bytes(8000)])])
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / 'office.db'
    path.write_bytes(content)
    database = Database(f'sqlite:///{path}')
    with pytest.raises(Unavailable) as caught:
        upgrade(database)
    assert caught.value.sentence
    assert caught.value.advice
    database.close()
    assert path.read_bytes() == content


def test_two_desks_at_once_number_without_gap_or_double(database_url: str, tmp_path: Path) -> None:
    first, second = Database(database_url), Database(database_url)
    office = paper_office(first, tmp_path)
    second.now = office.watch
    other = OfficeContext(second, office.context.files, office.watch)
    numbers: list[str] = []

    def work(context: OfficeContext, name: str) -> None:
        intake = Intake(context)
        numbers.extend(intake.register(office.clerk, report(office), f'{name}{count}').number for count in range(15))

    desks = [threading.Thread(target=work, args=pair) for pair in ((office.context, 'a'), (other, 'b'))]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(int(number[-6:]) for number in numbers) == list(range(2, 32))
    first.close()
    second.close()
