"""Documents that wait to be read, one after the other in the background, whoever looks at what meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from claimdesk.errors import Cancelled, ClaimDeskError, Conflict, NotFound
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.ui.tasks import Tasks, Ticket
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.app import Desk


AGAIN = 'again'
"""The engine name for reading once more, with all engines, what has been read already."""


class ReadingQueue(QObject):
    """`moved` whenever a document was read or another one begins; `stopped` with how many were left when the handler
    cancelled; `failed` with an error that stops the reading of all."""

    moved = Signal()
    stopped = Signal(int)
    failed = Signal(object)

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        # The worker takes from the left, the UI thread adds: a deque is safe for both.
        self._waiting: deque[tuple[int, str]] = deque()
        self._reading: deque[int] = deque(maxlen=1)
        self._done = 0
        self._told = -1
        self._ticket: Ticket | None = None
        self._over = False
        tasks.changed.connect(self._look)

    def warm(self) -> None:
        """Load the engine in the background, so that the first document does not wait for it."""
        desk = self._desk
        self._tasks.run(self, lambda _progress: desk.warm(), failed=lambda _error: None)

    def add(self, document_ids: Iterable[int], engine: str = 'auto', *, first: bool = False) -> None:
        """Read these documents too; with `first` before the others. What is queued already moves, if it must."""
        wanted = [one for one in document_ids if one != self.reading]
        queued = {document_id for document_id, _engine in self._waiting}
        for document_id in wanted if not first else reversed(wanted):
            if document_id in queued:
                if not first:
                    continue
                self._forget(document_id)
            self._waiting.appendleft((document_id, engine)) if first else self._waiting.append((document_id, engine))
        if wanted and self._ticket is None:
            self._start()
        self.moved.emit()

    @property
    def reading(self) -> int:
        """The document that is being read now, or 0."""
        return self._reading[0] if self._reading else 0

    def waits(self, document_id: int) -> bool:
        """Whether the document is or will be read."""
        return document_id == self.reading or any(one == document_id for one, _engine in self._waiting)

    def stop(self) -> None:
        """Read nothing more, silently."""
        self._waiting.clear()
        if self._ticket is not None:
            ticket, self._ticket = self._ticket, None
            ticket.cancel()
        self._reading.clear()

    def _forget(self, document_id: int) -> None:
        for entry in list(self._waiting):
            if entry[0] == document_id:
                self._waiting.remove(entry)

    def _start(self) -> None:
        self._done, self._told = 0, -1
        self._ticket, self._over = None, False
        ticket = self._tasks.run(self, self._read_all, self._ended, self._broke, self._moved, title=_("Reading"))
        # Without threads the work is over before the ticket is there.
        self._ticket = ticket if ticket.running else None

    def _read_all(self, progress: Progress) -> int:
        try:
            return self._read_each(progress)
        except Cancelled:
            raise
        except BaseException:
            self._over = True
            raise

    def _read_each(self, progress: Progress) -> int:
        desk, done = self._desk, 0
        while self._waiting:
            document_id, engine = self._waiting.popleft()
            self._reading.append(document_id)
            total = done + 1 + len(self._waiting)
            try:
                progress(done, total, '')
                for part in self._sorted(desk, document_id, engine, self._within(progress, done)):
                    self._waiting.appendleft((part, engine))
                self._read_one(desk, document_id, engine, self._within(progress, done))
            except NotFound:
                pass
            except Cancelled:
                self._waiting.appendleft((document_id, engine))
                raise
            finally:
                self._reading.clear()
            done += 1
            progress(done, done + len(self._waiting), '')
        self._over = True
        return done

    def _within(self, progress: Progress, before: int) -> Progress:
        """The progress of one document as a part of them all, `before` of which are read."""

        def tell(done: int, total: int, sentence: str = '') -> None:
            progress(before, before + 1 + len(self._waiting), sentence)

        return tell

    @staticmethod
    def _sorted(desk: Desk, document_id: int, engine: str, progress: Progress) -> list[int]:
        """The further documents that the cover sheets in this one make of it, the last one first."""
        if engine != 'auto':
            return []
        try:
            parts = desk.cover_sheets.sort(desk.signed_in, document_id, progress)
        except Conflict:
            return []  # somebody is just changing its pages
        return [part for part in reversed(parts) if part != document_id]

    @staticmethod
    def _read_one(desk: Desk, document_id: int, engine: str, progress: Progress) -> None:
        actor = desk.signed_in
        document = desk.documents.get(actor, document_id)
        if document.removed or (engine == 'auto' and document.state is not DocumentState.WAITING):
            return  # another desk has read it meanwhile
        desk.readings.read(actor, document_id, progress, 'auto' if engine == AGAIN else engine)

    def _moved(self, done: int, _total: int, _sentence: str) -> None:
        if done != self._told:
            self._told = done
            self.moved.emit()

    def _ended(self, _done: int) -> None:
        self._ticket = None
        if self._waiting:
            self._start()
        self.moved.emit()

    def _broke(self, error: ClaimDeskError) -> None:
        self._ticket = None
        self._waiting.clear()
        self.failed.emit(error)
        self.moved.emit()

    def _look(self) -> None:
        """The status bar's Cancel says nothing to the owner of the work: see whether ours was stopped."""
        if self._ticket is None or self._ticket.running:
            return
        if self._over:
            # The end is about to be told, unless the work was cancelled in its last moment.
            QTimer.singleShot(0, self, self._settle)
        else:
            left = len(self._waiting) + len(self._reading)
            self._ticket = None
            self._waiting.clear()
            self._reading.clear()
            if left:
                self.stopped.emit(left)
            self.moved.emit()

    def _settle(self) -> None:
        if self._ticket is not None and not self._ticket.running and self._over:
            self._ended(0)
