"""Drivers in a process of their own: they crash, hang, swallow memory and are stopped, and the desk goes on."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from claimdesk.errors import Cancelled, Unavailable
from claimdesk.scanning import ScanOptions, Source
from claimdesk.scanning.apart import Apart
from tests.scanning.faulty import Faulty

FEED = ScanOptions(source=Source.FEEDER)


@pytest.fixture
def apart() -> Iterator[Apart]:
    yield Apart(Faulty, page_seconds=3.0, list_seconds=20.0, memory=2 * 1024**3)
    assert not [child for child in multiprocessing.active_children() if child.name == 'claimdesk-scanner']


def came(apart: Apart, words: str) -> list[bytes]:
    """The pages that came before it failed, checked to have failed."""
    pages: list[bytes] = []
    with pytest.raises(Unavailable) as caught:
        pages.extend(apart.scan(words, FEED))
    assert caught.value.advice
    pages.append(caught.value.sentence.encode())
    return pages


def test_devices_are_looked_for_in_another_process(apart: Apart) -> None:
    (found,) = apart.devices()
    assert found.label != f'Faulty {os.getpid()}'


def test_pages_come_in_order(apart: Apart) -> None:
    assert list(apart.scan('page page page', FEED)) == [b'page 0', b'page 1', b'page 2']


def test_one_page_is_taken_from_the_glass(apart: Apart) -> None:
    assert list(apart.scan('page page page', ScanOptions())) == [b'page 0']


@pytest.mark.parametrize(
    'fault, sentence',
    [
        ('crash', b'stopped unexpectedly'),
        ('exit', b'stopped unexpectedly'),
        ('hang', b'does not answer'),
        ('jam', b'The paper is jammed.'),
        ('bug', b'refused: division by zero'),
        ('eat', b'ran out of memory'),
    ],
)
def test_a_driver_that_fails_costs_no_page_that_came(apart: Apart, fault: str, sentence: bytes) -> None:
    first, second, said = came(apart, f'page page {fault} page')
    assert (first, second) == (b'page 0', b'page 1')
    assert sentence in said


def test_a_feeder_that_gives_nothing_is_empty(apart: Apart) -> None:
    assert b'feeder is empty' in came(apart, 'nothing')[-1]


def test_cancelling_ends_a_driver_that_hangs(apart: Apart, tmp_path: Path) -> None:
    mark = tmp_path / 'pid'

    def progress(done: int, total: int, sentence: str = '') -> None:
        if mark.exists() and mark.read_text():
            raise Cancelled

    with pytest.raises(Cancelled):
        list(Apart(Faulty, page_seconds=60).scan(f'mark:{mark} hang', FEED, progress))
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_leaving_early_lets_the_driver_park_the_lamp(apart: Apart, tmp_path: Path) -> None:
    note = tmp_path / 'note'
    pages = apart.scan(f'park:{note}', FEED)
    assert list(islice(pages, 3)) == [b'page'] * 3
    pages.close()  # type: ignore[attr-defined]
    assert note.read_text() == 'parked'


def test_a_large_page_on_its_way_does_not_keep_it_from_stopping(apart: Apart) -> None:
    started = time.monotonic()
    pages = apart.scan('large large large large', FEED)
    assert len(next(pages)) == 40 * 1024 * 1024
    pages.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 20


def test_progress_is_passed_on(apart: Apart) -> None:
    said: list[str] = []
    list(apart.scan('page page', FEED, lambda done, total, sentence='': said.append(sentence)))
    assert said.count('page') == 2
