"""The desk under the hand: the longest time that the window did not answer while somebody types, scrolls and sorts.

    python -m benchmarks.desk URL     one office, as a line of JSON; the suite runs this in a process of its own
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.measured import Measured, beside, in_a_new_process
from benchmarks.run import Run
from claimdesk.app import Desk, connect
from claimdesk.services.case_list import CaseQuery
from claimdesk.services.context import Actor, command_line_actor
from claimdesk.settings import Settings
from claimdesk.ui.frame import make_application
from claimdesk.ui.pages.cases import CasesPage
from claimdesk.ui.start import Start, describe
from claimdesk.vocabulary import Role

GOAL_MS = 50.0
WORDS = ('张伟', '追尾', '1380013', 'zw')
REFERENCE = 'an answer within 50 ms'


class Gaps:
    """Counts how long the event loop did not turn, by a timer that wants to ring all the time."""

    def __init__(self) -> None:
        self.longest = self.busiest = 0.0
        self.rings = 0
        self._rang = self._busy = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._ring)

    @contextmanager
    def watch(self) -> Iterator[None]:
        """Count while the block runs."""
        self._rang, self._busy = time.perf_counter(), time.thread_time()
        self._timer.start()
        try:
            yield
        finally:
            self._timer.stop()

    def _ring(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        gap = (now - self._rang) * 1000
        self.rings += 1
        self.longest = max(self.longest, gap)
        self.busiest = max(self.busiest, (busy - self._busy) * 1000)
        self._rang, self._busy = now, busy


def turn(seconds: float) -> None:
    """Let the window live for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.0005)


def settle(start: Start, seconds: float = 0.4) -> None:
    """Let the window live until its work is done."""
    turn(seconds)
    while start.tasks.running() or not start.tasks.wait(30):
        turn(0.05)


def scroll(start: Start, page: CasesPage) -> None:
    """The wheel, then the whole way by the scroll bar, then End and Home."""
    bar = page.table.verticalScrollBar()
    for _step in range(40):
        bar.setValue(bar.value() + 300)
        turn(0.03)
    for step in range(30):
        bar.setValue(bar.maximum() * step // 30)
        turn(0.04)
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(page.table, key)
        settle(start)


def search(start: Start, page: CasesPage) -> None:
    """Each word letter by letter, as fast as a hand types."""
    for word in WORDS:
        for end in range(1, len(word) + 1):
            page.search.setText(word[:end])
            page.search.textEdited.emit(word[:end])
            turn(0.12)
        settle(start, 0.6)
    page.search.clear()
    settle(start, 0.6)


def sort(start: Start, page: CasesPage) -> None:
    """By four columns, both ways round."""
    for name in ('insured_name', 'estimate', 'owner', 'reported_at'):
        for _way in range(2):
            page.sort(name)
            settle(start)


def select_all(start: Start, page: CasesPage) -> None:
    """Everything at once, a million rows or more, and off again."""
    QTest.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settle(start)
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    settle(start)


def refresh(start: Start, page: CasesPage) -> None:
    """Other desks have saved: the rows that are seen come again in place, then the order."""
    for _time in range(5):
        page.refresh_rows(set(page.model.ids[:30]))
        turn(0.2)
    page.reader.read_order()
    settle(start)


ACTIONS: tuple[tuple[str, Callable[[Start, CasesPage], None]], ...] = (
    ('scrolling', scroll),
    ('typing a search', search),
    ('sorting', sort),
    ('selecting everything', select_all),
    ('refreshing in place', refresh),
)


def suite(run: Run) -> Iterator[Measured]:
    """The waits on both databases, beside what a hand does not feel."""
    for kind, url in (('SQLite', run.offices.sqlite), ('PostgreSQL', run.offices.postgres)):
        found = in_a_new_process('benchmarks.desk', url)
        for name in ('opening the list', 'showing all cases', *(name for name, _act in ACTIONS)):
            rings = int(found[f'rings {name}'])
            # The second figure is free of what else the machine does meanwhile.
            for what in ('wait', 'work'):
                words = f'Desk: longest {what} while {name} ({kind})'
                yield beside(words, found[f'{what} {name}'], 'ms', REFERENCE, GOAL_MS, 1.0, rings)


def measure(url: str) -> dict[str, float]:
    """Work through the list of all cases of the office at `url` in a real window: milliseconds by name."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        start = Start(make_application(), Settings(language='zh_CN', theme='light'))
        start.desk = connect(Settings(database_url=url))
        start._opened = describe(start.desk)
        start.window.resize(1366, 768)
        start.window.show()
        start._enter(_manager(start.desk))
        settle(start)
        # As the program does before somebody signs in: what is there now is never looked through again.
        gc.collect()
        gc.freeze()
        for name, gaps in _work(start):
            found |= {f'wait {name}': gaps.longest, f'work {name}': gaps.busiest, f'rings {name}': gaps.rings}
        start.window.close()
        start.close()
    return found


def _work(start: Start) -> Iterator[tuple[str, Gaps]]:
    gaps = Gaps()
    with gaps.watch():
        start.window.go('cases')
        settle(start)
    yield 'opening the list', gaps
    page = start.window.front()
    assert isinstance(page, CasesPage)
    gaps = Gaps()
    with gaps.watch():
        page.ask(CaseQuery(open_only=False))
        settle(start, 1)
    yield 'showing all cases', gaps
    for name, act in ACTIONS:
        gaps = Gaps()
        with gaps.watch():
            act(start, page)
        yield name, gaps


def _manager(desk: Desk) -> Actor:
    anybody = command_line_actor(desk.office.view().id)
    one = next(person for person in desk.accounts.people(anybody) if Role.MANAGER in person.roles)
    return Actor(one.id, one.name, one.login, anybody.office_id, one.team_id, frozenset(one.roles))


def main() -> None:
    """Measure the office whose address is the first argument."""
    os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
    print(json.dumps(measure(sys.argv[1])))


if __name__ == '__main__':
    main()
