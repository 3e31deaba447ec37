"""The one door for work that takes time: runs it off the UI thread and hands back what came of it.

One funnel outlives every page. A worker sends back nothing but an integer key through a single signal; closures,
results and exceptions stay in a dict of the UI thread, so that the last reference to a page always dies there.
Cyclic garbage is collected on a UI-thread timer only, for the same reason.
"""

from __future__ import annotations

import gc
import queue
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from claimdesk.errors import Cancelled, ClaimDeskError
from claimdesk.language import _
from claimdesk.progress import Progress

T = TypeVar('T')

MOST_WORKERS = 6
SWITCH_SECONDS = 0.001
"""How long a worker that computes may keep the interpreter while the UI thread waits for it. With Python's own 5 ms a
table of 400 cells takes 60 to 97 ms to paint beside one such worker, with 1 ms as long as without any."""
PROGRESS_EVERY = 0.05
SWEEP_EVERY_MS = 1000
FULL_SWEEP_EVERY = 60


class Job:
    """One piece of work: what to do, for whom, and what came of it. Lives in the UI thread's dict."""

    __slots__ = (
        '_told_at',
        'cancelled',
        'done',
        'error',
        'failed',
        'finished',
        'key',
        'latest',
        'notify',
        'owner',
        'progress',
        'report',
        'result',
        'title',
        'work',
    )

    def __init__(self, key: int, owner: QObject, work: Callable[[Progress], Any], notify: Callable[[int], None]):
        self.key = key
        self.owner: QObject | None = owner
        self.work: Callable[[Progress], Any] | None = work
        self.done: Callable[[Any], object] | None = None
        self.failed: Callable[[ClaimDeskError], object] | None = None
        self.progress: Callable[[int, int, str], object] | None = None
        self.latest: str | None = None
        self.title = ''
        self.report: tuple[int, int, str] = (0, 0, '')
        self.result: Any = None
        self.error: BaseException | None = None
        self.cancelled = False
        self.finished = False
        self.notify = notify
        self._told_at = 0.0

    def tell(self, done: int, total: int, sentence: str = '') -> None:
        """The `Progress` handed to the work: raises `Cancelled` once nobody wants the result."""
        if self.cancelled:
            raise Cancelled
        self.report = (done, total, sentence)
        now = time.monotonic()
        if now - self._told_at >= PROGRESS_EVERY or (total and done == total):
            self._told_at = now
            self.notify(self.key)

    def carry_out(self) -> None:
        """Do the work and keep what came of it; never raises."""
        work = self.work
        try:
            if self.cancelled or work is None:
                raise Cancelled
            self.result = work(self.tell)
        except BaseException as error:  # everything is handed to the UI thread, which sorts it
            self.error = error
        finally:
            # The frame stays alive inside the error's traceback: it must not be what keeps the page.
            del work, self


@dataclass(frozen=True)
class Running:
    """A piece of background work as the status bar shows it."""

    key: int
    title: str
    done: int
    total: int
    sentence: str


class Ticket:
    """What a page holds to stop its work."""

    def __init__(self, tasks: Tasks, key: int) -> None:
        self._tasks = tasks
        self._key = key

    def cancel(self) -> None:
        """Stop the work if it still runs; nothing will be delivered, nothing is said."""
        self._tasks.cancel(self._key)

    @property
    def running(self) -> bool:
        """Whether something may still be delivered."""
        return self._tasks.is_running(self._key)


class Tasks(QObject):
    """Runs work for pages. Make one per program, in the UI thread; every method is called from the UI thread.

    `changed` is emitted when named work starts, moves or ends (for the status bar).
    """

    changed = Signal()
    _arrived = Signal(int)

    def __init__(self, parent: QObject | None = None, *, threads: bool = True) -> None:
        super().__init__(parent)
        self._threads = threads
        if threads:
            sys.setswitchinterval(SWITCH_SECONDS)
        self._jobs: dict[int, Job] = {}
        self._latest: dict[tuple[int, str], int] = {}
        self._next = 1
        self._queue: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._workers: list[threading.Thread] = []
        self._idle = 0
        self._idle_lock = threading.Lock()
        self._closed = False
        self.fault: Callable[[BaseException], ClaimDeskError] = _unreported
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._sweeper = _Sweeper(self)

    @classmethod
    def synchronous(cls) -> Tasks:
        """An executor for tests: work is done at once, in place, and delivered before `run` returns."""
        return cls(threads=False)

    def run(
        self,
        owner: QObject,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[ClaimDeskError], object] | None = None,
        progress: Callable[[int, int, str], object] | None = None,
        *,
        latest: str | None = None,
        title: str = '',
    ) -> Ticket:
        """Do `work(progress)` off the UI thread for `owner`, then call `done(result)` in the UI thread.

        Nothing is delivered once `owner` is gone or the ticket is cancelled. With `latest`, a newer run of the same
        owner under the same name supersedes this one. Errors for the handler go to `failed`, or else to
        `owner.show_error`; anything unexpected is reported as a fault first. Work with a `title` shows in the status
        bar. `work` must not touch a widget.
        """
        job = Job(self._next, owner, work, self._notify)
        self._next += 1
        job.done, job.failed, job.progress, job.latest, job.title = done, failed, progress, latest, title
        if latest is not None:
            place = (id(owner), latest)
            self.cancel(self._latest.get(place, 0))
            self._latest[place] = job.key
        self._jobs[job.key] = job
        if title:
            self.changed.emit()
        ticket = Ticket(self, job.key)
        if self._closed:
            self.cancel(job.key)
            self._forget(job)
        elif self._threads:
            self._queue.put(job.key)
            self._ensure_worker()
        else:
            job.carry_out()
            job.finished = True
            self._deliver(job.key)
        return ticket

    def cancel(self, key: int) -> None:
        """Stop the work of this key, silently."""
        job = self._jobs.get(key)
        if job is None or job.cancelled:
            return
        job.cancelled = True
        job.done = job.failed = job.progress = job.owner = None
        if job.title:
            self.changed.emit()

    def cancel_all(self, owner: QObject | None = None) -> None:
        """Stop all work, or all work of one owner."""
        for key, job in list(self._jobs.items()):
            if owner is None or job.owner is owner:
                self.cancel(key)

    def is_running(self, key: int) -> bool:
        """Whether work of this key may still deliver something."""
        job = self._jobs.get(key)
        return job is not None and not job.cancelled

    def running(self) -> list[Running]:
        """The named work that is under way, oldest first."""
        return [
            Running(job.key, job.title, *job.report) for job in self._jobs.values() if job.title and not job.cancelled
        ]

    def close(self, seconds: float = 5.0) -> bool:
        """Stop everything and wait for the workers; True if all of them ended in time."""
        self._closed = True
        self.cancel_all()
        for _worker in self._workers:
            self._queue.put(0)
        deadline = time.monotonic() + seconds
        for worker in self._workers:
            worker.join(max(0.0, deadline - time.monotonic()))
        ended = not any(worker.is_alive() for worker in self._workers)
        if ended:
            self._jobs.clear()
            self._workers.clear()
        self._sweeper.stop()
        return ended

    def wait(self, seconds: float = 10.0) -> bool:
        """Let the UI thread turn until all work is delivered (for tests and for leaving); False if time ran out."""
        deadline = time.monotonic() + seconds
        while self._jobs and time.monotonic() < deadline:
            QCoreApplication.processEvents()
            time.sleep(0.002)
        QCoreApplication.processEvents()
        return not self._jobs

    def _deliver(self, key: int) -> None:
        job = self._jobs.get(key)
        if job is None:
            return
        if not job.finished:
            self._deliver_progress(job)
            return
        self._forget(job)
        owner, error = job.owner, job.error
        if job.cancelled or owner is None or not shiboken6.isValid(owner) or isinstance(error, Cancelled):
            return
        if error is None:
            if job.done is not None:
                job.done(job.result)
            return
        expected = isinstance(error, ClaimDeskError)
        told = error if isinstance(error, ClaimDeskError) else self.fault(error)
        if job.failed is not None:
            job.failed(told)
        elif expected and callable(show := getattr(owner, 'show_error', None)):
            show(told)

    def _deliver_progress(self, job: Job) -> None:
        if job.cancelled or job.owner is None or not shiboken6.isValid(job.owner):
            return
        if job.progress is not None:
            job.progress(*job.report)
        if job.title:
            self.changed.emit()

    def _forget(self, job: Job) -> None:
        self._jobs.pop(job.key, None)
        if job.latest is not None:
            for place, key in list(self._latest.items()):
                if key == job.key:
                    del self._latest[place]
        if job.title:
            self.changed.emit()

    def drop_orphans(self) -> None:
        """Cancel the work whose owner is gone, so that it stops early."""
        for key, job in list(self._jobs.items()):
            if job.owner is not None and not shiboken6.isValid(job.owner):
                self.cancel(key)

    def _notify(self, key: int) -> None:
        # A worker that outlives the program's last second finds the funnel gone.
        if shiboken6.isValid(self) and not self._closed:
            self._arrived.emit(key)

    def _ensure_worker(self) -> None:
        with self._idle_lock:
            if self._idle >= self._queue.qsize() or len(self._workers) >= MOST_WORKERS:
                return
        worker = threading.Thread(target=self._serve, name=f'task-{len(self._workers) + 1}', daemon=True)
        self._workers.append(worker)
        worker.start()

    def _serve(self) -> None:
        while True:
            with self._idle_lock:
                self._idle += 1
            key = self._queue.get()
            with self._idle_lock:
                self._idle -= 1
            if not key:
                return
            self._carry_out(key)
            self._notify(key)

    def _carry_out(self, key: int) -> None:
        # A function of its own: when it returns, this thread holds nothing of the job any more.
        job = self._jobs.get(key)
        if job is not None:
            job.carry_out()
            job.finished = True


class _Sweeper(QObject):
    """Collects cyclic garbage in the UI thread only, a little every second, everything once a minute."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._tasks = tasks
        self._beats = 0
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(SWEEP_EVERY_MS)
        self._timer.timeout.connect(self._sweep)
        self._timer.start()

    def _sweep(self) -> None:
        self._tasks.drop_orphans()
        self._beats += 1
        gc.collect(2 if self._beats % FULL_SWEEP_EVERY == 0 else 1)

    def stop(self) -> None:
        self._timer.stop()
        if self._was_enabled:
            gc.enable()


def _unreported(error: BaseException) -> ClaimDeskError:
    raise error


def unexpected(number: str) -> ClaimDeskError:
    """What a handler is told about a fault of the program, known in the log as `number`."""
    return ClaimDeskError(
        _("Something went wrong in the program (no. {number}).").format(number=number),
        _("Nothing that was saved is lost. Try again; if it happens again, send the log to your administrator."),
    )
