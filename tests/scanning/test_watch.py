"""A watched folder: slow writers, half files, locks, duplicates, and a share that goes away."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from claimdesk.errors import Unavailable
from claimdesk.scanning import FolderWatch
from claimdesk.scanning.watch import PATIENCE

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
