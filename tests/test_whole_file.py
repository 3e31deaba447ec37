"""A file is there whole, or the old one is; nothing is left beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from claimdesk import whole_file
from claimdesk.errors import Unavailable


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / 'reports' / 'monthly.pdf'
    path.parent.mkdir()
    path.write_bytes(b'the old one')
    return path


def beside(path: Path) -> list[str]:
    return sorted(one.name for one in path.parent.iterdir())


def test_it_takes_the_place_of_the_old_one(place: Path) -> None:
    whole_file.write_bytes(place, b'the new one')
    assert place.read_bytes() == b'the new one'
    assert beside(place) == ['monthly.pdf']


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    whole_file.write_bytes(tmp_path / 'a' / 'b' / 'c.pdf', b'x')
    assert (tmp_path / 'a' / 'b' / 'c.pdf').read_bytes() == b'x'


@pytest.mark.parametrize('failing', ['fsync', 'replace', 'write'])
def test_whatever_fails_the_old_one_stays(place: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    def fail(*_args: Any, **_more: Any) -> None:
        raise OSError(28, 'No space left on device')

    if failing == 'fsync':
        monkeypatch.setattr(os, 'fsync', fail)
    elif failing == 'replace':
        monkeypatch.setattr(Path, 'replace', fail)
    with pytest.raises(Unavailable, match='No space left'):
        whole_file.write_whole(place, fail if failing == 'write' else lambda file: file.write(b'the new one'))
    monkeypatch.undo()
    assert place.read_bytes() == b'the old one'
    assert beside(place) == ['monthly.pdf']


def test_what_cannot_be_read_back_never_takes_the_place(place: Path) -> None:
    def verify(_path: Path) -> None:
        raise ValueError('torn')

    with pytest.raises(Unavailable, match='could not be read back'):
        whole_file.write_whole(place, lambda file: file.write(b'torn'), verify)
    assert place.read_bytes() == b'the old one'
    assert beside(place) == ['monthly.pdf']


def test_a_fault_of_ours_leaves_nothing_either(place: Path) -> None:
    def broken(_file: Any) -> None:
        raise RuntimeError('our bug')

    with pytest.raises(RuntimeError, match='our bug'):
        whole_file.write_whole(place, broken)
    assert place.read_bytes() == b'the old one'
    assert beside(place) == ['monthly.pdf']


def test_a_file_in_the_way_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / 'reports').write_text('a file')
    with pytest.raises(Unavailable, match=r'x\.pdf could not be written'):
        whole_file.write_bytes(tmp_path / 'reports' / 'x.pdf', b'x')
