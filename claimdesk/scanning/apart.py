"""Scanning in a process of its own: a driver may crash, hang or swallow memory there, and the desk goes on."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import multiprocessing.connection
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

from claimdesk import errors, language
from claimdesk.errors import Cancelled, ClaimDeskError, Unavailable
from claimdesk.memory_limit import limit_memory
from claimdesk.progress import Progress, quiet
from claimdesk.scanning import conditions
from claimdesk.scanning.scanner import MAX_PAGES, Device, ScannerBackend, ScanOptions

LIST_SECONDS = 60.0
PAGE_SECONDS = 180.0
"""No sheet takes longer, lamp warm-up included; a driver that is silent for so long hangs."""
PARTING_SECONDS = 4.0
"""How long a driver may take to park the lamp once it has been told to stop."""
MEMORY_BYTES = 4 * 1024**3
TICK = 0.1

Make = Callable[[], ScannerBackend]
"""Makes the way to scanners inside the other process; must be importable there."""


class Apart:
    """The same scanners as those that `make` gives, driven in a process that lives as long as one request."""

    def __init__(
        self, make: Make, *, list_seconds: float = LIST_SECONDS, page_seconds: float = PAGE_SECONDS,
        memory: int = MEMORY_BYTES,
    ) -> None:  # fmt: skip
        self._make = make
        self._list_seconds = list_seconds
        self._page_seconds = page_seconds
        self._memory = memory

    def devices(self, progress: Progress = quiet) -> list[Device]:
        """The scanners that answer now. Raises `Unavailable`, `Cancelled`."""
        found: list[Device] = []
        for kind, content in self._run(('devices',), self._list_seconds, progress):
            if kind == 'devices':
                found = content
        return found

    def scan(self, device: str, options: ScanOptions, progress: Progress = quiet) -> Iterator[bytes]:
        """Each page as soon as it is there. Raises `Unavailable` and `Cancelled`; pages that came before it stay."""
        pages = 0
        for kind, content in self._run(('scan', device, options), self._page_seconds, progress):
            if kind == 'page':
                pages += 1
                yield content
                if pages >= MAX_PAGES or not options.feeds:
                    return
        if not pages:
            raise conditions.feeder_empty() if options.feeds else conditions.no_answer()

    def _run(self, request: tuple[Any, ...], seconds: float, progress: Progress) -> Iterator[tuple[str, Any]]:
        """What the other process says, until it is done; it never outlives this."""
        context = multiprocessing.get_context('spawn')
        pipe, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, self._make, request, language.current(), self._memory),
            name='claimdesk-scanner', daemon=True,
        )  # fmt: skip
        process.start()
        theirs.close()
        deadline = time.monotonic() + seconds
        try:
            while True:
                if not pipe.poll(TICK):
                    progress(0, 0)
                    if time.monotonic() > deadline:
                        raise conditions.no_answer()
                    continue
                kind, *content = pipe.recv()
                deadline = time.monotonic() + seconds
                if kind == 'progress':
                    progress(*content)
                elif kind == 'refused':
                    raise _refusal(*content)
                elif kind == 'done':
                    return
                else:
                    yield kind, content[0]
        except (EOFError, OSError) as error:
            raise conditions.crashed() from error
        finally:
            _part(process, pipe)


def _part(process: Any, pipe: multiprocessing.connection.Connection) -> None:
    """Ask the other process to stop, let it park the lamp, and end it if it does not."""
    with contextlib.suppress(OSError):
        pipe.send('stop')
    deadline = time.monotonic() + PARTING_SECONDS
    with contextlib.suppress(EOFError, OSError):
        while process.is_alive() and time.monotonic() < deadline:
            if pipe.poll(TICK):
                pipe.recv()  # a page on its way must not keep it from hearing us
    process.join(0.2)
    if process.is_alive():
        process.kill()
        process.join(5)
    process.close()
    pipe.close()


def _refusal(kind: str, sentence: str, advice: str) -> ClaimDeskError:
    made = getattr(errors, kind, Unavailable)
    refusal: ClaimDeskError = made(sentence, advice)
    return refusal


def _serve(
    pipe: multiprocessing.connection.Connection, make: Make, request: tuple[Any, ...], tongue: str, memory: int
) -> None:
    """The life of the other process: one request."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    language.use(tongue)

    def progress(done: int, total: int, sentence: str = '') -> None:
        if pipe.poll():
            raise Cancelled
        pipe.send(('progress', done, total, sentence))

    with contextlib.suppress(Cancelled, BrokenPipeError, EOFError):
        try:
            backend = make()
            match request:
                case ('devices',):
                    pipe.send(('devices', backend.devices(progress)))
                case ('scan', device, options):
                    pages = backend.scan(device, options, progress)
                    try:
                        for page in pages:
                            pipe.send(('page', page))
                            if pipe.poll():
                                raise Cancelled
                    finally:
                        getattr(pages, 'close', lambda: None)()
            pipe.send(('done',))
        except ClaimDeskError as error:
            pipe.send(('refused', type(error).__name__, error.sentence, error.advice))
        except MemoryError:
            refusal = conditions.out_of_memory()
            pipe.send(('refused', 'Unavailable', refusal.sentence, refusal.advice))
        except (Cancelled, BrokenPipeError, EOFError):
            raise
        except Exception as error:
            logging.getLogger(__name__).exception('fault of a scanner driver')
            refusal = conditions.refused(error)
            pipe.send(('refused', 'Unavailable', refusal.sentence, refusal.advice))
