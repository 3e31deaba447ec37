"""Small pictures are drawn once, found again by the next desk, and drawn anew where the kept one is damaged."""

import io
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from claimdesk.errors import Unreadable
from claimdesk.models import Database
from claimdesk.services.documents import Documents, NewFile, PageEdit
from claimdesk.services.files import FolderStore
from claimdesk.services.thumbnails import LOOK_AGAIN, Thumbnails
from tests.services.paper_office import paper_office, pdf

SHA = 'ab' + '0' * 62


class Pen:
    """Draws noise, which does not compress, and counts how often it was asked."""

    def __init__(self) -> None:
        self.drawn: list[tuple[str, int, int, int]] = []

    def __call__(self, sha256: str, page_index: int, rotation: int, width: int) -> bytes:
        self.drawn.append((sha256, page_index, rotation, width))
        out = io.BytesIO()
        Image.frombytes('RGB', (width, 40), os.urandom(width * 40 * 3)).save(out, 'PNG')
        return out.getvalue()


def pictures(folder: Path) -> list[Path]:
    return sorted(folder.glob('??/*'))


def test_a_page_is_drawn_once_and_found_by_the_next_start(tmp_path: Path) -> None:
    pen = Pen()
    first = Thumbnails(pen, tmp_path).thumbnail(SHA, 0, 0, 150)
    assert Thumbnails(pen, tmp_path).thumbnail(SHA, 0, 0, 150) == first
    assert pen.drawn == [(SHA, 0, 0, 150)]
    assert Image.open(io.BytesIO(first)).size == (150, 40)
    kept = pictures(tmp_path)[0].read_bytes()
    assert Image.open(io.BytesIO(kept)).size == (150, 40), 'the kept file itself is a picture'


def test_each_page_turn_and_size_has_its_own(tmp_path: Path) -> None:
    pen = Pen()
    small = Thumbnails(pen, tmp_path)
    for page, rotation, size in ((0, 0, 150), (1, 0, 150), (0, 90, 150), (0, 450, 150), (0, 0, 200), (0, 0, 9000)):
        small.thumbnail(SHA, page, rotation, size)
    assert pen.drawn == [(SHA, 0, 0, 150), (SHA, 1, 0, 150), (SHA, 0, 90, 150), (SHA, 0, 0, 200), (SHA, 0, 0, 512)]


@pytest.mark.parametrize('spoil', [lambda kept: kept[:40], lambda kept: b'', lambda kept: b'?' + kept[1:]])
def test_a_damaged_entry_is_drawn_again(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    pen = Pen()
    Thumbnails(pen, tmp_path).thumbnail(SHA, 0, 0, 150)
    (kept,) = pictures(tmp_path)
    kept.write_bytes(spoil(kept.read_bytes()))
    again = Thumbnails(pen, tmp_path).thumbnail(SHA, 0, 0, 150)
    assert len(pen.drawn) == 2
    assert kept.read_bytes().startswith(again)


def test_the_oldest_go_when_the_folder_is_full(tmp_path: Path) -> None:
    pen = Pen()
    one = len(Thumbnails(pen).thumbnail(SHA, 0, 0, 100)) + 13
    small = Thumbnails(pen, tmp_path, most_bytes=one * 8)
    for page in range(8):
        small.thumbnail(SHA, page, 0, 100)
    for path in pictures(tmp_path):
        age = 0 if path.name.startswith(f'{SHA}-3-') else 100
        os.utime(path, (time.time() - age, time.time() - age))
    for page in range(8, 12):
        small.thumbnail(SHA, page, 0, 100)
    left = {int(path.name.split('-')[1]) for path in pictures(tmp_path)}
    assert small.kept_bytes() <= one * 8
    assert {3, 11} <= left, 'what was looked at last stays'
    assert len(left) < 12


def test_what_another_desk_keeps_is_counted_as_well(tmp_path: Path) -> None:
    pen = Pen()
    one = len(Thumbnails(pen).thumbnail(SHA, 0, 0, 32)) + 13
    mine, theirs = (Thumbnails(pen, tmp_path, most_bytes=one * 30) for _desk in range(2))
    mine.thumbnail(SHA, 0, 0, 32)
    mine._news = LOOK_AGAIN
    for page in range(1, 30):
        theirs.thumbnail(SHA, page, 0, 32)
    for page in range(30, 33):
        mine.thumbnail(SHA, page, 0, 32)
    assert mine.kept_bytes() <= one * 30


def test_half_a_picture_of_a_killed_desk_goes_after_an_hour(tmp_path: Path) -> None:
    small = Thumbnails(Pen(), tmp_path)
    small.thumbnail(SHA, 0, 0, 150)
    old, young = (tmp_path / 'ab' / name for name in ('x.1.part', 'y.2.part'))
    for path, age in ((old, 4000), (young, 10)):
        path.write_bytes(b'half')
        os.utime(path, (time.time() - age, time.time() - age))
    assert small.kept_bytes() > 0
    assert (old.exists(), young.exists()) == (False, True)


def test_a_picture_comes_though_the_folder_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / 'file'
    blocked.write_bytes(b'')
    assert Thumbnails(Pen(), blocked / 'under').thumbnail(SHA, 0, 0, 150).startswith(b'\xff\xd8')


def test_a_page_that_cannot_be_drawn_keeps_nothing(tmp_path: Path) -> None:
    def torn(*_page: object) -> bytes:
        raise Unreadable("torn")

    with pytest.raises(Unreadable):
        Thumbnails(torn, tmp_path).thumbnail(SHA, 0, 0, 150)
    assert not pictures(tmp_path)


def test_thrown_away_they_are_drawn_again(tmp_path: Path) -> None:
    pen = Pen()
    small = Thumbnails(pen, tmp_path)
    small.thumbnail(SHA, 0, 0, 150)
    small.clear()
    assert small.kept_bytes() == 0
    small.thumbnail(SHA, 0, 0, 150)
    assert len(pen.drawn) == 2


def test_a_documents_small_picture_survives_the_loss_of_its_file(database: Database, tmp_path: Path) -> None:
    """What the pile shows comes from the workstation: the store is not asked again, not even after a new start."""
    office = paper_office(database, tmp_path)
    context = replace(office.context, cache=tmp_path / 'cache')
    documents = Documents(context)
    view = documents.add(office.clerk, [NewFile('a.pdf', pdf('one', 'two'), 'drop')], None, 'k')[0]
    shown = documents.page_image(office.clerk, view.id, 1, 150)
    pages = [PageEdit(page.sha256, page.page_index, 90) for page in view.pages]
    documents.set_pages(office.clerk, view.id, view.version, pages)
    turned = documents.page_image(office.clerk, view.id, 1, 150)
    assert Image.open(io.BytesIO(shown)).size != Image.open(io.BytesIO(turned)).size
    later = Documents(replace(context, files=FolderStore(tmp_path / 'gone'), draw=lambda *_page: b''))
    assert later.page_image(office.clerk, view.id, 1, 150) == turned
