"""What is dropped: folders with what systems leave in them, files that vanish, a place that fails; told in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.progress import quiet
from claimdesk.ui.pages.inbox.taking_in import find_files, new_key, take_in
from tests.services.paper_office import pdf
from tests.ui.inbox_office import InboxOffice, inbox_office


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path / 'office', qtbot) as office:
        yield office


def test_a_folder_gives_its_papers_and_nothing_that_systems_leave_in_it(tmp_path: Path) -> None:
    left = ('.DS_Store', 'Thumbs.db', '~$锁.pdf', '.git/x.pdf', '__MACOSX/._a.pdf', 'in/desktop.ini')
    for name in (*left, 'in/a.pdf', 'b.docx'):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(pdf('a'))
    found = find_files([tmp_path], quiet)
    assert [path.name for path in found.paths] == ['a.pdf']
    assert found.left_out == ('b.docx',)


def test_each_file_that_stays_out_is_named_and_spoils_none_of_the_others(desk: InboxOffice, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ('a.pdf', 'empty.pdf', 'gone.pdf', 'long.pdf')]
    for path, content in zip(files, (pdf('a'), b'', pdf('b'), pdf(*map(str, range(200)))), strict=True):
        path.write_bytes(content)
    found = find_files(files, quiet)
    files[2].unlink()
    taken = take_in(desk.desk, found.paths, None, 'drop', new_key(), quiet)
    assert [(one.title, len(one.pages)) for one in taken.documents] == [('a', 1), ('long', 200)]
    assert taken.problems == (
        'The file empty.pdf is empty. Scan or save it again.', 'gone.pdf has vanished from its folder meanwhile.',
    )  # fmt: skip
    assert len(desk.inbox()) == 2


def test_what_was_kept_before_the_place_failed_stays_and_it_is_said_where_to_go_on(
    desk: InboxOffice, tmp_path: Path
) -> None:
    files = [tmp_path / f'{number}.pdf' for number in range(4)]
    for path in files:
        path.write_bytes(pdf(path.name))
    place = tmp_path / 'office' / 'files'

    def progress(done: int, total: int, _sentence: str = '') -> None:
        if total == 4 and done == 2:
            place.rename(tmp_path / 'pulled out')
            place.touch()

    taken = take_in(desk.desk, files, None, 'drop', new_key(), progress)
    assert [one.title for one in taken.documents] == [one.title for one in desk.inbox()] == ['0', '1']
    assert taken.problems[1] == 'From 2.pdf on nothing was taken in.'
    with pytest.raises(Unavailable):
        take_in(desk.desk, files[2:], None, 'drop', new_key(), quiet)
