"""A watched folder: slow writers, half files, locks, duplicates, and a share that goes away."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from claimdesk.errors import Unavailable
from claimdesk.scanning import FolderWatch, TakenFiles
from claimdesk.scanning.watch import HELD_TOO_LONG, MOST_AT_ONCE, PATIENCE

PDF = b'%PDF-1.7\nsome pages\n%%EOF\n'


@pytest.fixture
def watch(tmp_path: Path) -> FolderWatch:
    return FolderWatch(tmp_path)


def names(watch: FolderWatch) -> list[str]:
    return [arrival.path.name for arrival in watch.poll()]


def test_a_file_counts_when_it_stood_still_between_two_looks(watch: FolderWatch) -> None:
    file = watch.folder / 'scan.pdf'
    file.write_bytes(b'%PDF-1.7\n')
    assert names(watch) == []
    file.write_bytes(PDF)
    assert names(watch) == []
    (arrival,) = watch.poll()
    assert (arrival.path, arrival.content) == (file, PDF)
    assert watch.poll() == []


def test_the_oldest_comes_first(watch: FolderWatch) -> None:
    for age, name in ((10, 'c.pdf'), (30, 'a.pdf'), (20, 'b.pdf')):
        (watch.folder / name).write_bytes(PDF)
        os.utime(watch.folder / name, (1_000_000 - age, 1_000_000 - age))
    watch.poll()
    assert names(watch) == ['a.pdf', 'b.pdf', 'c.pdf']


@pytest.mark.parametrize('name', ['.scan.pdf', '~$scan.pdf', 'scan.pdf.part', 'scan.crdownload', 'Thumbs.db', 'notes'])
def test_hidden_and_half_copied_files_and_no_documents_are_left_alone(watch: FolderWatch, name: str) -> None:
    (watch.folder / name).write_bytes(PDF)
    watch.poll()
    assert watch.poll() == []


def test_links_folders_and_empty_files_are_no_papers(
    watch: FolderWatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp('elsewhere') / 'secret.pdf'
    secret.write_bytes(PDF)
    (watch.folder / 'link.pdf').symlink_to(secret)
    (watch.folder / 'folder.pdf').mkdir()
    (watch.folder / 'empty.pdf').touch()
    watch.poll()
    assert watch.poll() == []


def test_a_writer_that_pauses_before_the_end_mark_is_waited_for(watch: FolderWatch) -> None:
    file = watch.folder / 'slow.pdf'
    file.write_bytes(PDF[:-6])
    for _look in range(3):
        assert watch.poll() == []
    file.write_bytes(PDF)
    watch.poll()
    assert names(watch) == ['slow.pdf']


def test_a_torn_file_comes_in_the_end_so_that_somebody_sees_it(watch: FolderWatch) -> None:
    (watch.folder / 'torn.jpg').write_bytes(b'\xff\xd8\xff half of it')
    looks = [names(watch) for _look in range(PATIENCE + 2)]
    assert [look for look in looks if look] == [['torn.jpg']]


def test_a_file_that_its_writer_holds_waits(watch: FolderWatch) -> None:
    file = watch.folder / 'held.pdf'
    file.write_bytes(PDF)
    with file.open('r+b') as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        watch.poll()
        assert watch.poll() == []
    assert names(watch) == ['held.pdf']


def test_done_moves_the_file_aside_and_never_over_another(watch: FolderWatch) -> None:
    for content in (PDF, PDF + b'other', PDF):
        (watch.folder / 'scan.pdf').write_bytes(content)
        watch.poll()
        (arrival,) = watch.poll()
        watch.done(arrival)
        assert watch.poll() == []
    kept = {path.name: path.read_bytes() for path in (watch.folder / 'done').iterdir()}
    assert kept == {'scan.pdf': PDF, 'scan (2).pdf': PDF + b'other', 'scan (3).pdf': PDF}


def test_done_twice_or_on_a_file_that_went_away_is_harmless(watch: FolderWatch) -> None:
    (watch.folder / 'scan.pdf').write_bytes(PDF)
    watch.poll()
    (arrival,) = watch.poll()
    watch.done(arrival)
    watch.done(arrival)
    assert [path.name for path in (watch.folder / 'done').iterdir()] == ['scan.pdf']


def test_a_file_replaced_after_it_was_handed_out_is_a_new_one(watch: FolderWatch) -> None:
    file = watch.folder / 'scan.pdf'
    file.write_bytes(PDF)
    watch.poll()
    (first,) = watch.poll()
    file.write_bytes(PDF + b'the second job\n')
    watch.done(first)
    assert file.exists()
    watch.poll()
    assert [arrival.content for arrival in watch.poll()] == [PDF + b'the second job\n']


def test_a_folder_that_is_gone_says_so_and_watching_goes_on_when_it_is_back(watch: FolderWatch) -> None:
    shutil.rmtree(watch.folder)
    with pytest.raises(Unavailable, match='cannot be reached') as caught:
        watch.poll()
    assert str(watch.folder) in str(caught.value)
    watch.folder.mkdir()
    (watch.folder / 'scan.pdf').write_bytes(PDF)
    watch.poll()
    assert names(watch) == ['scan.pdf']


def test_a_file_that_cannot_be_moved_says_so(watch: FolderWatch) -> None:
    (watch.folder / 'scan.pdf').write_bytes(PDF)
    (watch.folder / 'done').write_text('a file where the folder should be')
    watch.poll()
    (arrival,) = watch.poll()
    with pytest.raises(Unavailable, match='cannot be moved'):
        watch.done(arrival)
    assert watch.poll() == []


def test_not_too_many_are_handed_out_at_once(watch: FolderWatch) -> None:
    count = 2 * MOST_AT_ONCE + 3
    for number in range(count):
        (watch.folder / f'{number:03}.pdf').write_bytes(PDF)
    assert (watch.poll(), watch.more) == ([], False)
    bites = [len(watch.poll()) for _bite in range(3)]
    assert bites == [MOST_AT_ONCE, MOST_AT_ONCE, 3]
    assert not watch.more
    assert watch.poll() == []


def test_large_files_are_handed_out_one_by_one(watch: FolderWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.scanning.watch.BYTES_AT_ONCE', 10)
    for name in ('a.pdf', 'b.pdf'):
        (watch.folder / name).write_bytes(PDF)
    watch.poll()
    assert [len(watch.poll()), watch.more, len(watch.poll()), watch.more] == [1, True, 1, False]


def test_a_file_that_changes_while_others_are_handed_out_is_looked_at_anew(
    watch: FolderWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.scanning.watch.MOST_AT_ONCE', 1)
    for name in ('a.pdf', 'b.pdf'):
        (watch.folder / name).write_bytes(PDF)
    watch.poll()
    assert len(watch.poll()) == 1
    (watch.folder / 'b.pdf').write_bytes(PDF + PDF)
    assert watch.poll() == []
    watch.poll()
    assert [arrival.content for arrival in watch.poll()] == [PDF + PDF]


def test_what_stays_out_is_complained_about_once(watch: FolderWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.scanning.watch.MAX_BYTES', 100)
    (watch.folder / 'huge.pdf').write_bytes(PDF * 50)
    file = watch.folder / 'held.pdf'
    file.write_bytes(PDF)
    said: list[str] = []
    with file.open('r+b') as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for _look in range(HELD_TOO_LONG + 3):
            assert watch.poll() == []
            said += watch.complaints()
    assert [sentence.split()[0] for sentence in said] == ['huge.pdf', 'held.pdf']
    assert names(watch) == ['held.pdf']


def test_what_cannot_be_kept_now_comes_again(watch: FolderWatch) -> None:
    (watch.folder / 'scan.pdf').write_bytes(PDF)
    watch.poll()
    (arrival,) = watch.poll()
    watch.put_back(arrival)
    assert names(watch) == ['scan.pdf']


@pytest.mark.parametrize('text', ['', '[]', '{"folder": 1}', '{"folder": "x", "files": {"a": 1}}', 'no json'])
def test_a_damaged_memory_of_files_remembers_nothing(tmp_path: Path, text: str) -> None:
    memory = tmp_path / 'taken.json'
    memory.write_text(text)
    taken = TakenFiles.of(memory, Path('x'))
    assert not taken.holds(Path('a'), (1, 1))
    taken.add(Path('x/a.pdf'), (5, 6))
    taken.add(Path('x/gone.pdf'), (5, 6))
    taken.keep({'a.pdf'})
    again = TakenFiles.of(memory, Path('x'))
    assert again.holds(Path('elsewhere/a.pdf'), (5, 6))
    assert not again.holds(Path('x/gone.pdf'), (5, 6))
    assert not TakenFiles.of(memory, Path('y')).holds(Path('a.pdf'), (5, 6))
