"""Worker processes: they crash, hang, eat memory and are cancelled, and the desk goes on."""

import multiprocessing
import threading
import time
from collections.abc import Iterator

import pytest

from claimdesk.errors import Cancelled, Unavailable, Unreadable
from claimdesk.ocr import FileReading, ReaderPool
from claimdesk.ocr.workers import MOST_LOST
from tests.ocr.faulty import work
from tests.ocr.paper import as_pdf, make


@pytest.fixture
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1, work=work, page_seconds=3.0, memory=2 * 1024**3) as pool:
        yield pool
    assert not [child for child in multiprocessing.active_children() if child.name == 'claimdesk-reader']


def seen(reading: FileReading) -> list[tuple[int, str]]:
    return [(page.page, page.text.partition(' ')[0]) for page in reading.pages]


def worker_of(reading: FileReading) -> str:
    return reading.pages[0].text.rpartition(' ')[2]


def test_pages_come_in_order_and_the_worker_stays_warm(pool: ReaderPool) -> None:
    first = pool.read(b'good good', name='a.pdf')
    second = pool.read(b'good')
    assert (first.file, first.error, seen(first)) == ('a.pdf', None, [(1, 'good'), (2, 'good')])
    assert worker_of(first) == worker_of(second)


@pytest.mark.parametrize('fault, sentence', [('crash', 'stopped unexpectedly'), ('hang', 'took too long')])
def test_a_page_that_kills_the_reader_is_lost_alone(pool: ReaderPool, fault: str, sentence: str) -> None:
    reading = pool.read(f'good {fault} good'.encode())
    assert seen(reading) == [(1, 'good'), (2, ''), (3, 'good')]
    assert reading.error is not None
    assert 'Page 2' in reading.error
    assert sentence in reading.error
    assert pool.read(b'good').error is None


def test_a_single_page_that_kills_the_reader_leaves_a_sentence(pool: ReaderPool) -> None:
    reading = pool.read(b'crash')
    assert (reading.pages, reading.error) == (
        (),
        'The reader stopped unexpectedly. What is missing can be entered by hand; or try a new scan.',
    )


def test_a_file_of_nothing_but_hostile_pages_is_given_up(pool: ReaderPool) -> None:
    reading = pool.read(b'crash ' * 20)
    assert reading.error is not None
    assert reading.error.count('stopped unexpectedly') == MOST_LOST


def test_memory_has_a_limit_and_the_worker_survives_it(pool: ReaderPool) -> None:
    reading = pool.read(b'good eat')
    assert seen(reading) == [(1, 'good')]
    assert reading.error is not None
    assert 'memory' in reading.error
    assert worker_of(pool.read(b'good')) == worker_of(reading)


def test_a_fault_of_our_own_is_told_as_one(pool: ReaderPool) -> None:
    assert 'fault of its own' in str(pool.read(b'bug').error)


def test_a_torn_file_says_why_and_the_next_is_read(pool: ReaderPool) -> None:
    torn, good = pool.read_each([b'torn', b'good'])
    assert torn.error == 'The page is torn. Scan again.'
    assert good.error is None


def test_a_missing_engine_is_raised(pool: ReaderPool) -> None:
    with pytest.raises(Unavailable, match='No engine') as caught:
        pool.read(b'missing')
    assert caught.value.advice == 'Install one.'
    assert pool.read(b'good').error is None


def test_cancelling_kills_the_work_within_a_second(pool: ReaderPool) -> None:
    pool.read(b'good')

    def progress(done: int, total: int, sentence: str = '') -> None:
        if sentence:
            raise Cancelled

    started = time.monotonic()
    with pytest.raises(Cancelled):
        pool.read(b'hang', progress=progress)
    assert time.monotonic() - started < 2.0
    assert pool.read(b'good').error is None


def test_leaving_early_stops_what_runs(pool: ReaderPool) -> None:
    readings = pool.read_each([b'good', b'hang'])
    assert next(readings).error is None
    readings.close()  # type: ignore[attr-defined]
    assert pool.read(b'good').error is None


def test_several_files_at_once_come_in_the_order_asked_for() -> None:
    with ReaderPool(2, work=work) as pool:
        readings = list(pool.read_each([b'slow', b'good', b'crash', b'good'], names=['a', 'b', 'c', 'd']))
    assert [(reading.file, reading.error is None) for reading in readings] == [
        ('a', True), ('b', True), ('c', False), ('d', True),
    ]  # fmt: skip


def test_several_threads_share_one_worker(pool: ReaderPool) -> None:
    readings: list[FileReading] = []
    threads = [threading.Thread(target=lambda: readings.append(pool.read(b'good slow'))) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [seen(reading) for reading in readings] == [[(1, 'good'), (2, 'slow')]] * 3


def test_real_work_and_a_place_read_again() -> None:
    """The whole way through a real worker, once: a text layer, then one box of the picture."""
    invoice = make(3, 'digital_normal')
    content = as_pdf(invoice)
    with ReaderPool(1, warm=False) as pool:
        page = pool.read(content).pages[0]
        assert page.fields['total'].value == f'{invoice.total:.2f}'
        box = page.fields['total'].box
        assert box is not None
        again = pool.reread(content, 1, (box.x, box.y, box.width, box.height), 'total')
        assert (again.value, again.name) == (f'{invoice.total:.2f}', 'total')
        with pytest.raises(Unreadable, match='no such page'):
            pool.reread(content, 7, (0, 0, 1, 1), 'total')
