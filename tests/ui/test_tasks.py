"""The funnel for work off the UI thread: who is told what, when the owner is gone, when a newer search wins."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from claimdesk.errors import Cancelled, ClaimDeskError, Unavailable
from claimdesk.progress import Progress
from claimdesk.ui.tasks import Tasks, unexpected


class Owner(QObject):
    """Somebody who wants something done, and remembers what was said."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[ClaimDeskError] = []

    def show_error(self, error: ClaimDeskError) -> None:
        self.errors.append(error)


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.close()


def test_work_runs_elsewhere_and_the_result_arrives_here(tasks: Tasks) -> None:
    owner, seen = Owner(), []
    tasks.run(owner, lambda _progress: threading.get_ident(), lambda ident: seen.append((ident, threading.get_ident())))
    assert tasks.wait()
    ((worked, told),) = seen
    assert told == threading.get_ident() != worked


def test_an_error_of_the_handler_goes_to_the_page_when_nobody_else_takes_it(tasks: Tasks) -> None:
    owner, taken = Owner(), []

    def fail(_progress: Progress) -> None:
        raise Unavailable('Gone.')

    tasks.run(owner, fail)
    tasks.run(owner, fail, failed=taken.append)
    assert tasks.wait()
    assert [error.sentence for error in owner.errors] == ['Gone.']
    assert [error.sentence for error in taken] == ['Gone.']


def test_a_fault_is_reported_once_and_told_in_words(tasks: Tasks) -> None:
    owner, reported, told = Owner(), [], []

    def report(error: BaseException) -> ClaimDeskError:
        reported.append(error)
        return unexpected('ABC123')

    tasks.fault = report
    tasks.run(owner, lambda _progress: 1 / 0, failed=told.append)
    assert tasks.wait()
    assert [type(error) for error in reported] == [ZeroDivisionError]
    assert 'ABC123' in told[0].sentence
    assert not owner.errors


def test_nothing_is_delivered_to_somebody_who_is_gone(tasks: Tasks, qapp: QApplication) -> None:
    gate, seen = threading.Event(), []
    owner = QWidget()
    tasks.run(owner, lambda _progress: gate.wait(5), seen.append)
    owner.deleteLater()
    qapp.sendPostedEvents(owner, 52)
    gate.set()
    assert tasks.wait()
    assert seen == []


def test_cancelled_work_stops_at_its_next_step_and_is_silent(tasks: Tasks) -> None:
    owner, seen, started, stopped = Owner(), [], threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        started.set()
        try:
            for step in range(10_000):
                progress(step, 10_000)
                time.sleep(0.001)
        except Cancelled:
            stopped.set()
            raise

    ticket = tasks.run(owner, work, seen.append, seen.append)
    assert started.wait(5)
    assert ticket.running
    ticket.cancel()
    assert not ticket.running
    assert tasks.wait()
    assert stopped.is_set()
    assert seen == [] == owner.errors


def test_the_latest_search_wins(tasks: Tasks) -> None:
    owner, seen, gate = Owner(), [], threading.Event()
    tasks.run(owner, lambda _progress: (gate.wait(5), 'old')[1], seen.append, latest='search')
    tasks.run(owner, lambda _progress: 'new', seen.append, latest='search')
    other = Owner()
    tasks.run(other, lambda _progress: "another page's", seen.append, latest='search')
    gate.set()
    assert tasks.wait()
    assert sorted(seen) == ["another page's", 'new']


def test_named_work_shows_with_its_progress_and_goes(tasks: Tasks, qapp: QApplication) -> None:
    owner, gate, shown = Owner(), threading.Event(), []

    def work(progress: Progress) -> None:
        progress(3, 30, 'page 3')
        gate.wait(5)

    tasks.changed.connect(lambda: shown.append(tasks.running()))
    tasks.run(owner, work, title='Reading')
    end = time.monotonic() + 5
    while not any(one and one[0].done == 3 for one in shown) and time.monotonic() < end:
        qapp.processEvents()
    assert any(one and (one[0].title, one[0].done, one[0].total, one[0].sentence) == ('Reading', 3, 30, 'page 3')
               for one in shown)  # fmt: skip
    gate.set()
    assert tasks.wait()
    assert tasks.running() == []


def test_cancel_all_stops_the_work_of_one_owner_only(tasks: Tasks) -> None:
    mine, other, seen, gate = Owner(), Owner(), [], threading.Event()
    tasks.run(mine, lambda _progress: (gate.wait(5), 'mine')[1], seen.append)
    tasks.run(other, lambda _progress: (gate.wait(5), 'other')[1], seen.append)
    tasks.cancel_all(mine)
    gate.set()
    assert tasks.wait()
    assert seen == ['other']


def test_after_the_end_nothing_starts_any_more(qapp: QApplication) -> None:
    tasks, seen = Tasks(), []
    assert tasks.close()
    tasks.run(Owner(), lambda _progress: 1, seen.append)
    qapp.processEvents()
    assert seen == []


def test_many_pages_come_and_go_while_work_runs(tasks: Tasks, qapp: QApplication) -> None:
    """The shape that crashed with one signal object for each task: owners die while workers answer."""
    delivered: list[int] = []
    started = 0
    for turn in range(60):
        pages = [QWidget() for _page in range(5)]
        for number, page in enumerate(pages):
            payload: list[Any] = [page]
            tasks.run(page, lambda progress, n=number: _busy(progress, n), lambda n, keep=payload: delivered.append(n),
                      latest='x' if number % 2 else None)  # fmt: skip
            started += 1
        for page in pages[: turn % 5]:
            page.deleteLater()
        del pages, page, payload
        qapp.processEvents()
        if turn % 10 == 0:
            gc.collect()
    assert tasks.wait(30)
    assert 0 < len(delivered) <= started


def _busy(progress: Progress, number: int) -> int:
    for step in range(5):
        progress(step, 5)
        time.sleep(0.0005)
    return number


def test_the_synchronous_executor_delivers_before_run_returns(qapp: QApplication) -> None:
    tasks, seen = Tasks.synchronous(), []
    tasks.run(Owner(), lambda _progress: 'here', seen.append)
    assert seen == ['here']
    tasks.close()
