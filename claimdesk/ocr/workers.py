"""Warm worker processes that read, and that may crash, hang or be killed without harm to the desk."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import multiprocessing.connection
import queue
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from claimdesk import language
from claimdesk.errors import ClaimDeskError, Unavailable, Unreadable
from claimdesk.language import _
from claimdesk.memory_limit import limit_memory
from claimdesk.ocr.continued import whole_documents
from claimdesk.ocr.engines import EngineChoice
from claimdesk.ocr.photo_sight import PhotoSight
from claimdesk.ocr.reading import FieldReading, FileReading, PageReading
from claimdesk.progress import Progress, quiet
from claimdesk.vocabulary import DocumentKind

PAGE_SECONDS = 120.0
"""No page takes longer, even on a busy computer; what does is hanging."""
START_SECONDS = 180.0
MEMORY_BYTES = 6 * 1024**3
TICK = 0.2
"""Seconds between two looks whether the person has cancelled."""
MOST_LOST = 3
"""Pages of one file that may kill a worker before the rest of it is given up."""

Source = Path | bytes
Work = Callable[[Source, EngineChoice, Progress, int], Iterator[PageReading]]
"""What a worker does with a file, from the page on that the number names."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to be read again: page (from 1), box, the field it is to be, and how far the page is turned."""

    page: int
    box: tuple[float, float, float, float]
    field_name: str
    rotation: int


@dataclass(frozen=True, slots=True)
class PhotoPlace:
    """A photo to be measured: page (from 1), how far it is turned."""

    page: int
    rotation: int


Wanted = EngineChoice | Place | PhotoPlace
"""What a worker is asked for: to read whole files, one place again, or to measure a photo."""


def _read_pages(source: Source, choice: EngineChoice, progress: Progress, first: int) -> Iterator[PageReading]:
    from claimdesk.ocr.reader import read_pages

    yield from read_pages(source, choice, progress, first)


def _serve(pipe: multiprocessing.connection.Connection, work: Work, warm: bool, memory: int) -> None:
    """The life of a worker: load the engines, then read what comes until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    if warm:
        from claimdesk.ocr.sight import warm_up

        # An engine that is missing is told when a page needs it, not before.
        with contextlib.suppress(Unavailable):
            warm_up()
    with contextlib.suppress(EOFError, OSError, BrokenPipeError):
        pipe.send(('ready',))
        while True:
            source, wanted, first, tongue = pipe.recv()
            language.use(tongue)
            _serve_one(pipe, work, source, wanted, first)


def _serve_one(
    pipe: multiprocessing.connection.Connection, work: Work, source: Source, wanted: Wanted, first: int
) -> None:
    def progress(done: int, total: int, sentence: str = '') -> None:
        pipe.send(('progress', done, total, sentence))

    try:
        if isinstance(wanted, Place):
            from claimdesk.ocr.reader import reread

            again = reread(source, wanted.page, wanted.box, wanted.field_name, rotation=wanted.rotation)
            pipe.send(('field', again))
        elif isinstance(wanted, PhotoPlace):
            from claimdesk.ocr.photo_sight import look_at_photo

            pipe.send(('photo', look_at_photo(source, wanted.page, rotation=wanted.rotation)))
        else:
            for page in work(source, wanted, progress, first):
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
        process = context.Process(
            target=_serve, args=(theirs, *self._arguments), name='claimdesk-reader', daemon=True
        )
        process.start()
        self._process = process
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
    source: Source
    wanted: Wanted
    worker: _Worker
    deadline: float = 0.0
    first: int = 1
    total: int = 0
    pages: list[PageReading] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    found: FieldReading | PhotoSight | None = None
    refused: ClaimDeskError | None = None
    finished: bool = False
    sentence: str = ''

    def begin(self) -> None:
        """Hand the file to the worker, from page `first` on."""
        self.worker.start()
        self.deadline = time.monotonic() + START_SECONDS
        assert self.worker.pipe is not None
        try:
            self.worker.pipe.send((self.source, self.wanted, self.first, language.current()))
        except OSError:
            self.fail(_("The reader stopped unexpectedly."))

    def take(self, message: tuple[Any, ...], page_seconds: float) -> None:
        """Note what the worker says."""
        self.deadline = time.monotonic() + page_seconds
        match message:
            case ('progress', _done, int(total), str(sentence)):
                self.total, self.sentence = total, sentence
            case ('page', PageReading() as page):
                self.pages.append(page)
            case ('field' | 'photo', FieldReading() | PhotoSight() as again):
                self.found = again
            case ('done', str(sentence), str(advice)):
                if sentence:
                    self.refused = Unreadable(sentence, advice)
                self.finished = True
            case ('unavailable', str(sentence), str(advice)):
                self.refused = Unavailable(sentence, advice)
                self.finished = True

    def fail(self, sentence: str) -> None:
        """The worker is no more: one page is lost; the pages after it are read by a new worker."""
        self.worker.kill()
        page = len(self.pages) + len(self.lost) + 1
        if self.total > 1:
            sentence = _("Page {page}: {problem}").format(page=page, problem=sentence)
        self.problems.append(sentence)
        self.lost.append(page)
        if page < self.total and len(self.lost) < MOST_LOST and isinstance(self.wanted, EngineChoice):
            self.first = page + 1
            self.begin()
        else:
            self.finished = True

    def reading(self) -> FileReading:
        """What came of it: a page that was lost is there without fields, so that the others keep their numbers."""
        pages = self.pages
        if pages and self.lost:
            gone = [PageReading(page, DocumentKind.OTHER) for page in self.lost if page <= pages[-1].page]
            pages = sorted([*pages, *gone], key=lambda page: page.page)
        problems = list(self.problems)
        if problems:
            problems.append(_("What is missing can be entered by hand; or try a new scan."))
        if self.refused:
            problems.append(str(self.refused))
        return FileReading(self.name, whole_documents(pages), ' '.join(problems) or None)


class ReaderPool:
    """Reads files in `jobs` worker processes of its own; may be used from several threads.

    A page that crashes a worker, or takes longer than `page_seconds`, is lost alone: the worker is killed, started
    anew and goes on with the next page. When `progress` raises `Cancelled`, the running work is killed within a second.
    `warm` loads the engines as soon as a worker starts, instead of with the first picture.
    """

    def __init__(
        self,
        jobs: int = 1,
        *,
        warm: bool = True,
        page_seconds: float = PAGE_SECONDS,
        memory: int = MEMORY_BYTES,
        work: Work | None = None,
    ) -> None:
        self._jobs = max(1, jobs)
        self._page_seconds = page_seconds
        warm = warm and work is None
        self._workers = [_Worker(work or _read_pages, warm, memory) for _number in range(self._jobs)]
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
        return next(self.read_each([source], names=[name] if name else None, engine=engine, progress=progress))

    def reread(
        self,
        source: Source,
        page: int,
        box: tuple[float, float, float, float],
        field_name: str,
        *,
        rotation: int = 0,
        progress: Progress = quiet,
    ) -> FieldReading:
        """One place of a page again; see `claimdesk.ocr.reread`. Raises `Unreadable`, `Unavailable`, `Cancelled`."""
        (job,) = self._run([source], [''], Place(page, box, field_name, rotation), progress)
        if not isinstance(job.found, FieldReading):
            raise Unreadable(' '.join(job.problems), _("Enter the value by hand."))
        return job.found

    def look_at_photo(
        self, source: Source, page: int = 1, *, rotation: int = 0, progress: Progress = quiet
    ) -> PhotoSight:
        """Measure a photo; see `claimdesk.ocr.look_at_photo`. Raises `Unreadable`, `Unavailable`, `Cancelled`."""
        (job,) = self._run([source], [''], PhotoPlace(page, rotation), progress)
        if not isinstance(job.found, PhotoSight):
            raise Unreadable(' '.join(job.problems), _("Look at the photo yourself."))
        return job.found

    def read_each(
        self,
        sources: Sequence[Source],
        *,
        names: Sequence[str] | None = None,
        engine: EngineChoice | str = EngineChoice.AUTO,
        progress: Progress = quiet,
    ) -> Iterator[FileReading]:
        """Files in the order given, each as soon as it and those before it are read; as many at a time as there are
        workers. Raises `Unavailable` and `Cancelled`."""
        called = list(names) if names else [str(s) if isinstance(s, Path) else _("document") for s in sources]
        for job in self._run(sources, called, EngineChoice(engine), progress):
            yield job.reading()

    def close(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.kill()

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def _run(
        self, sources: Sequence[Source], names: Sequence[str], wanted: Wanted, progress: Progress
    ) -> Iterator[_Job]:
        done: dict[int, _Job] = {}
        running: list[_Job] = []
        begun = told = 0
        try:
            while told < len(sources):
                while begun < len(sources) and len(running) < self._jobs:
                    worker = self._borrow(block=not running)
                    if worker is None:
                        break
                    running.append(_Job(begun, names[begun], sources[begun], wanted, worker))
                    begun += 1
                    running[-1].begin()
                self._listen(running)
                for job in [job for job in running if job.finished]:
                    running.remove(job)
                    self._idle.put(job.worker)
                    if isinstance(job.refused, Unavailable) or (job.refused and not isinstance(wanted, EngineChoice)):
                        raise job.refused
                    done[job.index] = job
                progress(len(done) + told, len(sources), running[0].sentence if running else '')
                while told in done:
                    yield done.pop(told)
                    told += 1
        finally:
            # Left early, cancelled or worse: work that nobody waits for must not go on.
            for job in running:
                job.worker.kill()
                self._idle.put(job.worker)

    def _borrow(self, *, block: bool) -> _Worker | None:
        try:
            return self._idle.get(timeout=TICK) if block else self._idle.get_nowait()
        except queue.Empty:
            return None

    def _listen(self, running: list[_Job]) -> None:
        pipes = {job.worker.pipe: job for job in running if job.worker.pipe is not None and not job.finished}
        ready = multiprocessing.connection.wait(list(pipes), TICK) if pipes else []
        for pipe in ready:
            job = pipes[pipe]  # type: ignore[index]
            try:
                while not job.finished and job.worker.pipe is pipe and job.worker.pipe.poll():
                    job.take(job.worker.pipe.recv(), self._page_seconds)
            except (EOFError, OSError):
                job.fail(_("The reader stopped unexpectedly."))
        for job in running:
            if not job.finished and time.monotonic() > job.deadline:
                job.fail(_("Reading took too long and was stopped."))
