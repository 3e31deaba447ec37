"""Warm worker processes that read, and that may crash, hang or be killed without harm to the desk."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import multiprocessing.connection
import queue
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimdesk import language
from claimdesk.errors import ClaimDeskError, Unavailable
from claimdesk.language import _
from claimdesk.ocr.engines import EngineChoice
from claimdesk.ocr.reading import FileReading, PageReading
from claimdesk.progress import Progress, quiet

PAGE_SECONDS = 120.0
"""No page takes longer, even on a busy computer; what does is hanging."""
START_SECONDS = 180.0
MEMORY_BYTES = 6 * 1024**3
TICK = 0.2
"""Seconds between two looks whether the person has cancelled."""

Source = Path | bytes
Work = Callable[[Source, EngineChoice, Progress], Iterator[PageReading]]


def _read_pages(source: Source, choice: EngineChoice, progress: Progress) -> Iterator[PageReading]:
    from claimdesk.ocr.reader import read_pages

    yield from read_pages(source, choice, progress)


def _serve(pipe: multiprocessing.connection.Connection, work: Work, warm: bool, memory: int) -> None:
    """The life of a worker: load the engines, then read what comes until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != 'win32':
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    if warm:
        from claimdesk.ocr.reader import warm_up

        # An engine that is missing is told when a page needs it, not before.
        with contextlib.suppress(Unavailable):
            warm_up()
    with contextlib.suppress(EOFError, OSError, BrokenPipeError):
        pipe.send(('ready',))
        while True:
            source, choice, tongue = pipe.recv()
            language.use(tongue)
            _serve_one(pipe, work, source, choice)


def _serve_one(pipe: multiprocessing.connection.Connection, work: Work, source: Source, choice: EngineChoice) -> None:
    def progress(done: int, total: int, sentence: str = '') -> None:
        pipe.send(('progress', done, total, sentence))

    try:
        for page in work(source, choice, progress):
            pipe.send(('page', page))
        pipe.send(('done', '', ''))
    except Unavailable as error:
        pipe.send(('unavailable', error.sentence, error.advice))
    except ClaimDeskError as error:
        pipe.send(('done', error.sentence, error.advice))
    except MemoryError:
        pipe.send(('done', _("The page needs more memory than a document may take."), _("Scan it again at 200 dpi.")))
    except OSError:
        raise
    except Exception:
        logging.getLogger(__name__).exception('fault while reading')
        pipe.send(('done', _("The reader met a fault of its own at this file."), _("Enter the fields by hand.")))


class _Worker:
    """One process with its pipe; started when first needed, and anew after it died."""

    def __init__(self, work: Work, warm: bool, memory: int) -> None:
        self._arguments = (work, warm, memory)
        self._process: Any = None
        self.pipe: multiprocessing.connection.Connection | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def start(self) -> None:
        if self.alive:
            return
        self.kill()
        context = multiprocessing.get_context('spawn')
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, *self._arguments), name='claimdesk-reader', daemon=True
        )
        self._process.start()
        theirs.close()

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
            self._process.close()
            self._process = None
        if self.pipe is not None:
            self.pipe.close()
            self.pipe = None


@dataclass(slots=True)
class _Job:
    """One file on its way through one worker."""

    index: int
    name: str
    worker: _Worker
    deadline: float
    pages: list[PageReading] = field(default_factory=list)
    error: str | None = None
    unavailable: Unavailable | None = None
    finished: bool = False
    sentence: str = ''

    def take(self, message: tuple[Any, ...], page_seconds: float) -> None:
        """Note what the worker says."""
        self.deadline = time.monotonic() + page_seconds
        match message:
            case ('progress', _done, _total, str(sentence)):
                self.sentence = sentence
            case ('page', PageReading() as page):
                self.pages.append(page)
            case ('done', str(sentence), str(advice)):
                self.error = f'{sentence} {advice}'.strip() or None
                self.finished = True
            case ('unavailable', str(sentence), str(advice)):
                self.unavailable = Unavailable(sentence, advice)
                self.finished = True

    def fail(self, sentence: str) -> None:
        """The worker is no more: what was read of the file is kept, the rest is said to be lost."""
        self.worker.kill()
        self.error = f'{sentence} {_("The page can be entered by hand; try a new scan.")}'
        self.finished = True


class ReaderPool:
    """Reads files in `jobs` worker processes of its own; may be used from several threads.

    A page that crashes a worker, or takes longer than `page_seconds`, spoils only its own file: the worker is killed
    and started anew. When `progress` raises `Cancelled`, the running work is killed within a second.
    """

    def __init__(
        self,
        jobs: int = 1,
        *,
        page_seconds: float = PAGE_SECONDS,
        memory: int = MEMORY_BYTES,
        work: Work | None = None,
    ) -> None:
        self._jobs = max(1, jobs)
        self._page_seconds = page_seconds
        self._workers = [_Worker(work or _read_pages, work is None, memory) for _number in range(self._jobs)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for worker in reversed(self._workers):
            self._idle.put(worker)

    def warm(self) -> None:
        """Start the first worker and let it load its engines; returns at once."""
        with contextlib.suppress(queue.Empty):
            worker = self._idle.get_nowait()
            try:
                worker.start()
            finally:
                self._idle.put(worker)

    def read(
        self,
        source: Source,
        *,
        name: str = '',
        engine: EngineChoice | str = EngineChoice.AUTO,
        progress: Progress = quiet,
    ) -> FileReading:
        """One file; see `claimdesk.ocr.read`. Raises `Unavailable` and `Cancelled`."""
        return self.read_many([source], names=[name] if name else None, engine=engine, progress=progress)[0]

    def read_many(
        self,
        sources: Sequence[Source],
        *,
        names: Sequence[str] | None = None,
        jobs: int | None = None,
        engine: EngineChoice | str = EngineChoice.AUTO,
        progress: Progress = quiet,
        finished: Callable[[FileReading], None] | None = None,
    ) -> list[FileReading]:
        """Files in the order given, up to `jobs` at a time; `finished` is called with each, in that order too."""
        called = list(names) if names else [str(s) if isinstance(s, Path) else _("document") for s in sources]
        results: dict[int, FileReading] = {}
        running: list[_Job] = []
        waiting = list(range(len(sources)))[::-1]
        most = min(jobs or self._jobs, self._jobs)
        told = 0
        try:
            while waiting or running:
                while waiting and len(running) < most:
                    worker = self._borrow(block=not running)
                    if worker is None:
                        break
                    index = waiting.pop()
                    running.append(self._begin(index, called[index], worker, sources[index], EngineChoice(engine)))
                self._listen(running)
                for job in [job for job in running if job.finished]:
                    running.remove(job)
                    self._idle.put(job.worker)
                    if job.unavailable:
                        raise job.unavailable
                    results[job.index] = FileReading(job.name, tuple(job.pages), job.error)
                while told in results:
                    if finished:
                        finished(results[told])
                    told += 1
                progress(len(results), len(sources), running[0].sentence if running else '')
        except BaseException:
            # Cancelled or worse: work that nobody waits for must not go on.
            for job in running:
                job.worker.kill()
                self._idle.put(job.worker)
            raise
        return [results[index] for index in range(len(sources))]

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.kill()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _borrow(self, *, block: bool) -> _Worker | None:
        try:
            return self._idle.get(timeout=TICK) if block else self._idle.get_nowait()
        except queue.Empty:
            return None

    def _begin(self, index: int, name: str, worker: _Worker, source: Source, choice: EngineChoice) -> _Job:
        worker.start()
        assert worker.pipe is not None
        job = _Job(index, name, worker, time.monotonic() + START_SECONDS)
        try:
            worker.pipe.send((source, choice, language.current()))
        except OSError:
            job.fail(_("The reader stopped unexpectedly."))
        return job

    def _listen(self, running: list[_Job]) -> None:
        pipes = {job.worker.pipe: job for job in running if job.worker.pipe is not None and not job.finished}
        ready = multiprocessing.connection.wait(list(pipes), TICK) if pipes else []
        for pipe in ready:
            job = pipes[pipe]  # type: ignore[index]
            try:
                while not job.finished and job.worker.pipe is not None and job.worker.pipe.poll():
                    job.take(job.worker.pipe.recv(), self._page_seconds)
            except (EOFError, OSError):
                job.fail(_("The reader stopped unexpectedly at this file."))
        for job in running:
            if not job.finished and time.monotonic() > job.deadline:
                job.fail(_("Reading this page took too long and was stopped."))


