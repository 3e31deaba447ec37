"""A report is in place whole or not at all: a full disk, a torn write or a wrong folder leaves the older file."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import BinaryIO

import pytest

from claimdesk.errors import Unavailable
from claimdesk.whole_file import write_whole


def fine(path: Path) -> None:
    assert path.read_bytes() == b'new'


def new(file: BinaryIO) -> None:
    file.write(b'new')


def full(file: BinaryIO) -> None:
    file.write(b'ne')
    raise OSError(errno.ENOSPC, 'No space left on device')


def torn(path: Path) -> None:
    raise ValueError('not a report')


def test_a_new_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / 'made' / 'report.pdf'
    write_whole(path, new, fine)
    write_whole(path, new, fine)
    assert path.read_bytes() == b'new'
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(('write', 'verify'), [(full, fine), (new, torn)])
def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path, write: object, verify: object) -> None:
    path = tmp_path / 'report.pdf'
    path.write_bytes(b'old')
    with pytest.raises(Unavailable):
        write_whole(path, write, verify)
    assert path.read_bytes() == b'old'
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_sync_counts_as_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'report.pdf'
    path.write_bytes(b'old')

    def fail(handle: int) -> None:
        raise OSError(errno.EIO, 'Input/output error')

    monkeypatch.setattr('os.fsync', fail)
    with pytest.raises(Unavailable, match='Input/output error'):
        write_whole(path, new, fine)
    assert path.read_bytes() == b'old'


def test_a_fault_of_the_program_is_not_hidden_as_a_full_disk(tmp_path: Path) -> None:
    def wrong(file: BinaryIO) -> None:
        raise KeyError('bug')

    with pytest.raises(KeyError):
        write_whole(tmp_path / 'report.pdf', wrong, fine)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / 'report.pdf').mkdir()
    with pytest.raises(Unavailable, match=r'report\.pdf'):
        write_whole(tmp_path / 'report.pdf', new, fine)


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / 'here').write_text('x')
    with pytest.raises(Unavailable):
        write_whole(tmp_path / 'here' / 'report.pdf', new, fine)
