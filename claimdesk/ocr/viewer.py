"""Drawing pages to look at, in a process that a hostile page may hang or kill without harm to the desk."""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing
import multiprocessing.connection
import queue
import signal
from collections import OrderedDict
from typing import Any

from claimdesk import language
from claimdesk.errors import ClaimDeskError, Unreadable
from claimdesk.language import _
from claimdesk.memory_limit import limit_memory
from claimdesk.ocr import pages

SECONDS = 20.0
"""No page that somebody looks at may take longer to draw."""
START_SECONDS = 60.0
MEMORY_BYTES = 3 * 1024**3
MOST_KEPT = 4
MOST_KEPT_BYTES = 300 * 1024 * 1024
"""Files that the process keeps open, so that the next page need not be sent the whole file again."""
_WANT = 'want'


class Viewer:
    """Draws as `claimdesk.ocr.render` does; may be used from several threads, which take turns.

    The process is started by the first page, or by `warm`, and anew after a page has killed it. A page that did so is
    not tried again.
    """

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: Any = None
        self._pipe: multiprocessing.connection.Connection | None = None
        self._turn: queue.Queue[None] = queue.Queue(1)
        self._turn.put(None)
        self._fatal: dict[tuple[str, int], str] = {}

    def render(self, content: bytes, page: int = 1, *, width: int = 1200, rotation: int = 0) -> bytes:
        """Page `page` (from 1) as PNG. Raises `Unreadable`, also for a page that cannot be drawn within the limits."""
        key = hashlib.sha256(content).hexdigest()
        self._turn.get()
        try:
            if (key, page) in self._fatal:
                raise _cannot_be_drawn(self._fatal[key, page])
            return self._ask(key, content, page, width, rotation)
        finally:
            self._turn.put(None)

    def warm(self) -> None:
        """Start the process before the first page is asked for; returns at once."""
        self._turn.get()
        try:
            self._start()
        finally:
            self._turn.put(None)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
            self._process.close()
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def _ask(self, key: str, content: bytes, page: int, width: int, rotation: int) -> bytes:
        try:
            fresh = self._start()
            assert self._pipe is not None
            self._pipe.send((key, page, width, rotation, language.current()))
            answer = self._answer(START_SECONDS if fresh else self._seconds)
            if answer == _WANT:
                self._pipe.send(content)
                answer = self._answer(self._seconds)
        except TimeoutError as error:
            raise self._lost(key, page, _("The page takes too long to draw.")) from error
        except (EOFError, OSError) as error:
            raise self._lost(key, page, _("The page cannot be drawn.")) from error
        if isinstance(answer, tuple):
            raise Unreadable(*answer)
        drawn: bytes = answer
        return drawn

    def _start(self) -> bool:
        """Whether the process had to be started."""
        if self._process is not None and self._process.is_alive():
            return False
        self.close()
        context = multiprocessing.get_context('spawn')
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._memory), name='claimdesk-viewer', daemon=True)
        process.start()
        self._process = process
        theirs.close()
        return True

    def _answer(self, seconds: float) -> Any:
        assert self._pipe is not None
        if not self._pipe.poll(seconds):
            raise TimeoutError
        return self._pipe.recv()

    def _lost(self, key: str, page: int, sentence: str) -> Unreadable:
        self.close()
        self._fatal[key, page] = sentence
        return _cannot_be_drawn(sentence)


def _cannot_be_drawn(sentence: str) -> Unreadable:
    return Unreadable(sentence, _("It is damaged or meant to do harm: do not open it elsewhere, ask for another copy."))


def _serve(pipe: multiprocessing.connection.Connection, memory: int) -> None:
    """The life of the process: draw what is asked for until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(memory)
    kept: OrderedDict[str, bytes] = OrderedDict()
    with contextlib.suppress(EOFError, OSError, BrokenPipeError):
        while True:
            key, page, width, rotation, tongue = pipe.recv()
            language.use(tongue)
            if key not in kept:
                pipe.send(_WANT)
                kept[key] = pipe.recv()
            kept.move_to_end(key)
            while len(kept) > 1 and (len(kept) > MOST_KEPT or sum(map(len, kept.values())) > MOST_KEPT_BYTES):
                kept.popitem(last=False)
            pipe.send(_drawn(kept[key], page, width, rotation))


def _drawn(content: bytes, page: int, width: int, rotation: int) -> bytes | tuple[str, str]:
    """The picture, or sentence and advice."""
    try:
        return pages.render(content, page, width=width, rotation=rotation)
    except ClaimDeskError as error:
        return error.sentence, error.advice
    except MemoryError:
        return _("The page needs more memory than a document may take."), _("Scan it again at 200 dpi.")

