"""The watched folder at the desk: paper comes by itself, once, in bearable bites, whatever the share does."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.scanning import FolderWatch
from claimdesk.scanning.watch import MOST_AT_ONCE
from claimdesk.ui.mailroom import Came, Mailroom, take_from, watched
from tests.services.paper_office import pdf
from tests.ui.inbox_office import InboxOffice, inbox_office


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        office.desk.settings.watch_folder = str(tmp_path / 'share')
        (tmp_path / 'share').mkdir()
        yield office


@pytest.fixture
def share(desk: InboxOffice, tmp_path: Path) -> Path:
    return tmp_path / 'share'


def looks(desk: InboxOffice, watch: FolderWatch, count: int = 3) -> list[Came]:
    return [take_from(desk.desk, watch, lambda *_a: None) for _look in range(count)]


def test_files_arrive_once_and_are_moved(desk: InboxOffice, share: Path) -> None:
    (share / 'a.pdf').write_bytes(pdf('a'))
    came = looks(desk, FolderWatch(share))
    assert [len(one.document_ids) for one in came] == [0, 1, 0]
    assert [one.source for one in desk.inbox()] == ['folder']
    assert [path.name for path in (share / 'done').iterdir()] == ['a.pdf']


def test_files_that_stay_are_remembered_over_a_restart(desk: InboxOffice, share: Path) -> None:
    desk.desk.settings.watch_after = 'leave'
    (share / 'a.pdf').write_bytes(pdf('a'))
    first = watched(desk.desk)
    assert first is not None
    looks(desk, first)
    (document,) = desk.inbox()
    desk.desk.documents.remove(desk.desk.signed_in, document.id, document.version)
    again = watched(desk.desk)
    assert again is not None
    assert [one.document_ids for one in looks(desk, again)] == [(), (), ()]
    assert [path.name for path in share.iterdir()] == ['a.pdf']
    (share / 'a.pdf').write_bytes(pdf('another'))
    assert [len(one.document_ids) for one in looks(desk, again)] == [0, 1, 0]


def test_the_same_file_sent_again_adds_nothing(desk: InboxOffice, share: Path) -> None:
    watch = FolderWatch(share)
    for name in ('a.pdf', 'a again.pdf'):
        (share / name).write_bytes(pdf('a'))
        last = looks(desk, watch)
    assert len(desk.inbox()) == 1
    assert sum(one.known for one in last) == 1
    assert sorted(path.name for path in (share / 'done').iterdir()) == ['a again.pdf', 'a.pdf']


def test_a_zip_of_a_mail_program_gives_its_papers(desk: InboxOffice, share: Path) -> None:
    with zipfile.ZipFile(share / 'mail.zip', 'w') as archive:
        archive.writestr('one.pdf', pdf('one'))
        archive.writestr('two.pdf', pdf('two'))
        archive.writestr('signature.vcf', b'x')
    came = looks(desk, FolderWatch(share))
    assert sorted(one.title for one in desk.inbox()) == ['one', 'two']
    assert len(came[1].document_ids) == 2
    assert not (share / 'mail.zip').exists()


def test_an_office_that_cannot_keep_it_now_gets_it_at_a_later_look(
    desk: InboxOffice, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (share / 'a.pdf').write_bytes(pdf('a'))
    watch = FolderWatch(share)

    def refuse(*_arguments: object) -> list[object]:
        raise Unavailable('The database does not answer.', 'Wait.')

    with monkeypatch.context() as patch:
        patch.setattr(desk.desk.documents, 'add', refuse)
        came = looks(desk, watch)
    assert any('does not answer' in problem for one in came for problem in one.problems)
    assert (share / 'a.pdf').exists()
    assert any(one.document_ids for one in looks(desk, watch))


def test_very_many_files_come_in_bites_and_are_told_of_once(
    desk: InboxOffice, share: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2 * MOST_AT_ONCE + 5
    for number in range(count):
        (share / f'{number:03}.pdf').write_bytes(pdf(f'{number}'))
    room = Mailroom(desk.desk, desk.shell)
    monkeypatch.setattr(room, 'read', lambda _ids: None)
    bites: list[int] = []
    room.arrived.connect(lambda ids: bites.append(len(ids)))
    room.look()
    room.look()
    qtbot.waitUntil(lambda: sum(bites) == count)
    room.stop()
    assert max(bites) == MOST_AT_ONCE
    assert [said for said in desk.said() if 'arrived' in said] == [
        f'{count} documents have arrived from the watched folder.'
    ]


def test_a_folder_that_is_gone_is_said_once(desk: InboxOffice, share: Path) -> None:
    share.rmdir()
    room = Mailroom(desk.desk, desk.shell)
    for _look in range(3):
        room.look()
    assert len([said for said in desk.said() if 'cannot be reached' in said]) == 1
    share.mkdir()
    room.look()
    assert 'there again' in desk.said()[-1]
    room.stop()
