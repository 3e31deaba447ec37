"""The office chooses where its documents are kept, and moves them there; on both databases, to a real S3 server."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from claimdesk.errors import Cancelled, Conflict, InvalidInput, NotAllowed, NotFound, Unavailable
from claimdesk.models import Case, Database, Document, FileContent, Letter, Office
from claimdesk.models.database import utc_now
from claimdesk.rules.letters import LetterText
from claimdesk.rules.storage import BucketStyle, Place, PlaceKind, place_from
from claimdesk.s3 import ObjectStore
from claimdesk.services.context import OfficeContext
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.files import digest, keep_file
from claimdesk.services.files_check import FilesCheck
from claimdesk.services.files_kept import _LOCK, KeptFiles
from claimdesk.services.files_move import FilesMove
from claimdesk.services.findings import Health
from claimdesk.services.letters import Letters
from claimdesk.services.notices import Notices
from claimdesk.services.page_copies import PageCopies
from claimdesk.services.sheet_cuts import SheetCuts
from claimdesk.services.storage import Storage
from claimdesk.vocabulary import LetterKind
from tests.reports.pages import texts
from tests.s3 import BUCKET, KEY, SECRET, BadLine, S3Server, s3_server
from tests.services.paper_office import PaperOffice, paper_office, pdf, picture

PAPERS = [pdf(f'paper {number}') for number in range(4)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[S3Server]:
    with s3_server(tmp_path / 's3') as running:
        yield running


@dataclass
class Keeping:
    """An office whose files follow its setting, and what this workstation knows of secrets."""

    office: PaperOffice
    context: OfficeContext
    secrets: dict[str, str]

    @property
    def storage(self) -> Storage:
        return Storage(self.context)

    @property
    def mover(self) -> FilesMove:
        return FilesMove(self.context)

    def take_in(self, *contents: bytes) -> None:
        for content in contents:
            file = NewFile('收据.pdf', content, 'drop')
            Documents(self.context).add(self.office.clerk, [file], None, digest(content)[:30])

    def change(self, place: Place, secret: str = '') -> None:
        version = self.storage.view(self.office.clerk).version
        self.storage.change(self.office.clerk, place, version, secret)

    def given_back(self) -> list[bool]:
        with self.context.database.read() as session:
            return [self.context.files.get(session, digest(content)) == content for content in PAPERS]

    def in_database(self) -> int:
        with self.context.database.read() as session:
            return session.scalar(select(func.count()).select_from(FileContent)) or 0

    def healths(self) -> list[tuple[str, Health]]:
        return [(one.part, one.health) for one in FilesCheck(self.context).check(self.office.auditor)]


@pytest.fixture
def keeping(database: Database, tmp_path: Path) -> Keeping:
    office = paper_office(database, tmp_path)
    secrets: dict[str, str] = {}
    return Keeping(office, context_of(office, database, tmp_path, secrets), secrets)


def context_of(office: PaperOffice, database: Database, folder: Path, secrets: dict[str, str]) -> OfficeContext:
    files = KeptFiles(database, folder / 'beside', lambda place: secrets.get(place.account, ''))
    return replace(office.context, files=files)


def bucket_of(server: S3Server, prefix: str = '') -> Place:
    return Place(PlaceKind.S3, endpoint=server.endpoint, bucket=BUCKET, prefix=prefix, key_id=KEY)


@pytest.fixture
def in_s3(keeping: Keeping, server: S3Server) -> Keeping:
    """The office with two papers in its first place and two in the bucket."""
    keeping.take_in(*PAPERS[:2])
    place = bucket_of(server, 'office/')
    keeping.secrets[place.account] = SECRET
    keeping.change(place)
    keeping.take_in(*PAPERS[2:])
    return keeping


def test_an_office_that_chose_nothing_keeps_files_as_ever(keeping: Keeping, tmp_path: Path) -> None:
    keeping.take_in(*PAPERS)
    view = keeping.storage.view(keeping.office.clerk)
    local = keeping.context.database.is_sqlite
    assert view.place.kind is (PlaceKind.FOLDER if local else PlaceKind.DATABASE)
    assert (view.files, view.bytes, view.former) == (4, sum(map(len, PAPERS)), ())
    assert len(list((tmp_path / 'beside').glob('??/*'))) == (4 if local else 0)
    assert all(keeping.given_back())


def test_a_place_is_tried_by_writing_reading_and_removing(keeping: Keeping, server: S3Server, tmp_path: Path) -> None:
    (tmp_path / 'share').mkdir()
    share = Place(PlaceKind.FOLDER, folder=str(tmp_path / 'share'))
    for place in (share, Place(PlaceKind.DATABASE), Place(PlaceKind.FOLDER), bucket_of(server)):
        assert keeping.storage.try_out(keeping.office.clerk, place, SECRET) >= 0
    assert not [path for path in (tmp_path / 'share').rglob('*') if path.is_file()]
    assert not [path for path in server.bucket.rglob('*') if path.is_file()]
    assert keeping.in_database() == 0
    assert keeping.storage.view(keeping.office.clerk).files == 0


def test_changing_the_place_moves_nothing_and_loses_nothing(in_s3: Keeping, server: S3Server) -> None:
    assert len(list((server.bucket / 'office').iterdir())) == 2
    assert all(in_s3.given_back())
    assert in_s3.mover.waiting(in_s3.office.clerk) == 2
    assert in_s3.healths() == [('file', Health.GOOD)]


def test_the_secret_is_not_in_the_office(in_s3: Keeping) -> None:
    with in_s3.context.database.engine.connect() as connection:
        dumped = str(connection.exec_driver_sql('SELECT * FROM office_setting').all())
        dumped += str(connection.exec_driver_sql('SELECT * FROM audit_entry').all())
    assert KEY in dumped
    assert SECRET not in dumped


def test_another_desk_follows_at_once(in_s3: Keeping, database: Database, tmp_path: Path) -> None:
    other = context_of(in_s3.office, database, tmp_path, dict(in_s3.secrets))
    with other.database.read() as session:
        assert other.files.get(session, digest(PAPERS[3])) == PAPERS[3]
    lost = context_of(in_s3.office, database, tmp_path, {})
    with lost.database.read() as session, pytest.raises(Unavailable, match='does not know the secret'):
        lost.files.get(session, digest(PAPERS[3]))


def test_the_place_stands_while_somebody_keeps_a_file(keeping: Keeping) -> None:
    database = keeping.context.database
    if database.is_sqlite:
        pytest.skip('SQLite has one writer at a time')
    content = pdf('being kept')
    with database.write('test') as writing:
        keep_file(writing, keeping.context.files, digest(content), content, 'x.pdf', keeping.office.watch())
        with database.read() as other:
            assert other.scalar(text('SELECT pg_try_advisory_xact_lock(:key)'), {'key': _LOCK}) is False
    with database.read() as other:
        assert other.scalar(text('SELECT pg_try_advisory_xact_lock(:key)'), {'key': _LOCK}) is True


def test_what_is_moved_is_verified_and_the_old_place_is_forgotten(in_s3: Keeping, server: S3Server) -> None:
    told: list[tuple[int, int]] = []
    moved = in_s3.mover.move(in_s3.office.clerk, lambda done, total, _sentence='': told.append((done, total)))
    assert (moved.files, moved.bytes, moved.left) == (2, len(PAPERS[0]) + len(PAPERS[1]), ())
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert sorted(path.name for path in (server.bucket / 'office').iterdir()) == sorted(map(digest, PAPERS))
    assert in_s3.in_database() == 0
    assert in_s3.storage.view(in_s3.office.clerk).former == ()
    assert all(in_s3.given_back())
    assert in_s3.mover.move(in_s3.office.clerk).files == 0


def test_back_into_the_database(in_s3: Keeping, server: S3Server) -> None:
    in_s3.mover.move(in_s3.office.clerk)
    in_s3.change(Place(PlaceKind.DATABASE))
    assert in_s3.mover.move(in_s3.office.clerk).files == 4
    assert in_s3.in_database() == 4
    assert not [path for path in server.bucket.rglob('*') if path.is_file()]
    server.stop()
    assert all(in_s3.given_back())


def test_a_move_that_is_stopped_goes_on_next_time(in_s3: Keeping) -> None:
    def stop(done: int, _total: int, _sentence: str = '') -> None:
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        in_s3.mover.move(in_s3.office.clerk, stop)
    assert in_s3.mover.waiting(in_s3.office.clerk) == 1
    assert all(in_s3.given_back())
    assert in_s3.mover.move(in_s3.office.clerk).files == 1
    assert in_s3.storage.view(in_s3.office.clerk).former == ()


def test_a_server_that_vanishes_in_the_middle_of_a_move_takes_nothing_along(
    in_s3: Keeping, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.s3.store.WAIT_SECONDS', 0.0)

    def vanish(done: int, _total: int, _sentence: str = '') -> None:
        if done == 1:
            server.stop()

    with pytest.raises(Unavailable, match='does not answer'):
        in_s3.mover.move(in_s3.office.clerk, vanish)
    server.start()
    assert all(in_s3.given_back())
    assert in_s3.mover.move(in_s3.office.clerk).files == 1
    assert all(in_s3.given_back())


def test_a_damaged_file_stays_where_it_is_and_is_named(keeping: Keeping, tmp_path: Path) -> None:
    first, second = tmp_path / 'first', tmp_path / 'second'
    for folder in (first, second):
        folder.mkdir()
    keeping.change(Place(PlaceKind.FOLDER, folder=str(first)))
    keeping.take_in(*PAPERS)
    harmed = first / digest(PAPERS[0])[:2] / digest(PAPERS[0])
    harmed.write_bytes(b'something else')
    keeping.change(Place(PlaceKind.FOLDER, folder=str(second)))
    moved = keeping.mover.move(keeping.office.clerk)
    assert (moved.files, [one.sha256 for one in moved.left]) == (3, [digest(PAPERS[0])])
    assert 'changed' in moved.left[0].sentence
    assert harmed.read_bytes() == b'something else'
    assert [one.folder for one in keeping.storage.view(keeping.office.clerk).former] == [str(first)]


def test_coming_back_to_a_former_place_makes_it_the_present_one(in_s3: Keeping) -> None:
    first = in_s3.storage.view(in_s3.office.clerk).former[0]
    in_s3.change(first)
    view = in_s3.storage.view(in_s3.office.clerk)
    assert (view.place, [one.kind for one in view.former]) == (first, [PlaceKind.S3])
    assert all(in_s3.given_back())


@pytest.mark.parametrize(
    'wrong, said',
    [
        ({'bucket': 'elsewhere'}, 'no bucket'),
        ({'key_id': 'nobody'}, 'does not accept the key'),
        ({'endpoint': 'http://127.0.0.1:9'}, 'does not answer'),
    ],
)
def test_a_place_that_does_not_work_is_not_taken(
    keeping: Keeping, server: S3Server, wrong: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.s3.store.WAIT_SECONDS', 0.0)
    with pytest.raises(Unavailable, match=said):
        keeping.change(replace(bucket_of(server), **wrong), SECRET)
    assert keeping.storage.view(keeping.office.clerk).version == 0


@pytest.mark.parametrize(
    'place, field',
    [
        (Place(PlaceKind.FOLDER, folder='relative/path'), 'folder'),
        (Place(PlaceKind.S3, endpoint='minio:9000', bucket='claims', key_id='k'), 'endpoint'),
        (Place(PlaceKind.S3, endpoint='https://k:secret@minio', bucket='claims', key_id='k'), 'endpoint'),
        (Place(PlaceKind.S3, endpoint='http://minio:99999', bucket='claims', key_id='k'), 'endpoint'),
        (Place(PlaceKind.S3, endpoint='http://minio', bucket='Claims', key_id='k'), 'bucket'),
        (Place(PlaceKind.S3, endpoint='http://minio', bucket='claims', key_id='k', prefix='../up/'), 'prefix'),
        (Place(PlaceKind.S3, endpoint='http://minio', bucket='claims', key_id=''), 'key_id'),
    ],
)
def test_what_makes_no_sense_is_told_by_field(keeping: Keeping, place: Place, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        keeping.storage.try_out(keeping.office.clerk, place, SECRET)
    assert field in caught.value.fields


def test_only_who_manages_the_office_chooses_and_a_lost_race_is_told(in_s3: Keeping, server: S3Server) -> None:
    auditor, clerk = in_s3.office.auditor, in_s3.office.clerk
    for forbidden in (
        lambda: in_s3.storage.change(auditor, bucket_of(server), 1, SECRET),
        lambda: in_s3.storage.try_out(auditor, bucket_of(server), SECRET),
        lambda: in_s3.mover.move(auditor),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
    in_s3.change(Place(PlaceKind.DATABASE))
    with pytest.raises(Conflict):
        in_s3.storage.change(clerk, bucket_of(server), 1, SECRET)


def test_paper_that_cannot_be_kept_is_not_recorded(
    in_s3: Keeping, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.s3.store.WAIT_SECONDS', 0.0)
    server.stop()
    with pytest.raises(Unavailable, match='Nothing was lost'):
        in_s3.take_in(pdf('too late'))
    with in_s3.context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 4


def test_missing_changed_and_forgotten_objects_are_found(in_s3: Keeping, server: S3Server) -> None:
    in_s3.mover.move(in_s3.office.clerk)
    folder = server.bucket / 'office'
    (folder / digest(PAPERS[0])).unlink()
    (folder / digest(PAPERS[1])).write_bytes(b'changed behind our back')
    for content, hours in ((b'old and forgotten', 30), (b'on its way', 2)):
        (folder / digest(content)).write_bytes(content)
        at = (in_s3.office.watch() - dt.timedelta(hours=hours)).timestamp()
        os.utime(folder / digest(content), (at, at))
    server.stop()
    server.start()  # it reads its folders anew
    found = FilesCheck(in_s3.context).check(in_s3.office.auditor)
    assert [one.health for one in found if one.part == 'file'] == [Health.BROKEN] * 2
    assert {'missing' in one.sentence or 'changed' in one.sentence for one in found if one.part == 'file'} == {True}
    assert [one.subject for one in found if one.part == 'left_over'] == [digest(b'old and forgotten')]
    assert FilesCheck(in_s3.context).sweep(in_s3.office.clerk) == 1
    assert not (folder / digest(b'old and forgotten')).exists()
    assert (folder / digest(b'on its way')).exists()


def test_a_check_against_a_server_that_is_gone_says_so_once(
    in_s3: Keeping, server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.s3.store.WAIT_SECONDS', 0.0)
    server.stop()
    with pytest.raises(Unavailable, match='does not answer'):
        FilesCheck(in_s3.context).check(in_s3.office.auditor)


def test_a_place_is_written_down_and_read_back() -> None:
    place = Place(PlaceKind.S3, '', 'https://oss.example', 'claims', 'a/', 'cn-east', BucketStyle.HOST, 'key')
    assert place.words() == 'In the store oss.example, bucket claims/a'
    for one in (place, Place(PlaceKind.DATABASE), Place(PlaceKind.FOLDER, folder='\\\\server\\claims')):
        assert place_from(one.as_json()) == one
        assert not one.problems()


def sending(desk: OfficeContext, office: PaperOffice) -> Callable[[], object]:
    with desk.database.read() as session:
        version = session.get_one(Case, office.case_id).version
    text = LetterText('报案记录', '已记录。', '')
    return lambda: Letters(desk).send(office.clerk, office.case_id, version, LetterKind.REPORT_RECORD, text)


def deed(desk: OfficeContext, office: PaperOffice, name: str) -> Callable[[], object]:
    """What puts bytes into the store that no person handed over."""
    if name == 'letter':
        return sending(desk, office)
    if name == 'notice':
        with desk.database.read() as session:
            version = session.get_one(Case, office.case_id).version
        return lambda: Notices(desk).send(office.clerk, office.case_id, version)
    one = Documents(desk).add(office.clerk, [NewFile('照片.jpg', picture(), 'drop')], None, name)[0]
    corners = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    if name == 'sheet':
        return lambda: SheetCuts(desk).cut(office.clerk, one.id, one.version, 0, [corners])
    return lambda: PageCopies(desk).cut_out(office.clerk, one.id, one.version, 0, corners)


@pytest.mark.parametrize('name', ['letter', 'notice', 'photo', 'sheet', 'move', 'sweep'])
def test_no_transaction_is_open_while_the_store_is_asked(
    in_s3: Keeping, server: S3Server, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, clerk = in_s3.context, in_s3.office.clerk
    if name == 'sweep':
        in_s3.mover.move(clerk)
        (server.bucket / 'office' / digest(b'forgotten')).write_bytes(b'forgotten')
        os.utime(server.bucket / 'office' / digest(b'forgotten'), (1e9, 1e9))
        server.stop()
        server.start()  # it reads its folders anew
        do: Callable[[], object] = lambda: FilesCheck(context).sweep(clerk)  # noqa: E731
    else:
        do = (lambda: in_s3.mover.move(clerk)) if name == 'move' else deed(context, in_s3.office, name)
    asked: list[bool] = []
    writing, write, ask = threading.Event(), Database.write, ObjectStore._ask

    @contextmanager
    def watched_write(database: Database, *words: Any) -> Iterator[Any]:
        with write(database, *words) as session:
            writing.set()
            try:
                yield session
            finally:
                writing.clear()

    def watched_ask(store: ObjectStore, *words: Any, **more: Any) -> Any:
        asked.append(writing.is_set())
        return ask(store, *words, **more)

    monkeypatch.setattr(Database, 'write', watched_write)
    monkeypatch.setattr(ObjectStore, '_ask', watched_ask)
    do()
    assert asked
    assert not any(asked)


def test_another_desk_saves_while_a_letter_is_on_its_way_to_a_slow_store(
    in_s3: Keeping, server: S3Server, database: Database, tmp_path: Path
) -> None:
    line = BadLine(server.port)
    try:
        place = replace(bucket_of(server, 'office/'), endpoint=line.endpoint)
        in_s3.secrets[place.account] = SECRET
        in_s3.change(place)
        line.mode, before = 'trickle', line.connections
        desk = context_of(in_s3.office, database, tmp_path, in_s3.secrets)
        with ThreadPoolExecutor(1) as other:
            sent = other.submit(sending(desk, in_s3.office))
            while line.connections == before and not sent.done():
                time.sleep(0.01)
            with database.write('test') as session:
                session.get_one(Office, in_s3.office.clerk.office_id).name = '另一张桌子'
                assert session.scalar(select(func.count()).select_from(Letter)) == 0, 'it waited for the letter'
            assert sent.result(30)
    finally:
        line.close()


def test_letters_sent_at_once_have_numbers_without_gaps_and_print_them(in_s3: Keeping, server: S3Server) -> None:
    office, context = in_s3.office, in_s3.context
    cases = [office.register(f'case {place}')[0] for place in range(4)]
    with ThreadPoolExecutor(4) as desks:
        sent = list(desks.map(lambda case_id: sending(context, replace(office, case_id=case_id))(), cases))
    letters = Letters(context)
    assert sorted(one.number for one in sent) == [f'CY2026-L{place:06d}' for place in range(1, 5)]
    for one in sent:
        assert one.number in ''.join(texts(letters.pdf(office.clerk, one.id)))


def test_what_is_wanted_anew_is_not_swept(in_s3: Keeping, server: S3Server) -> None:
    files, name = in_s3.context.files, digest(b'wanted')
    in_s3.context.files.bring(name, b'wanted')
    with in_s3.context.database.read() as session:
        files.remove(session, name, before=utc_now() - dt.timedelta(hours=1))
        assert files.get(session, name) == b'wanted'
        files.remove(session, name, before=utc_now() + dt.timedelta(hours=1))
        with pytest.raises(NotFound):
            files.get(session, name)
