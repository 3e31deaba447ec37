"""Documents that wait to be read, in their order in the background, whoever looks at what meanwhile."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from claimdesk.errors import Cancelled, ClaimDeskError, Conflict, NotFound
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.ui.tasks import Tasks, Ticket
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.app import Desk


MOST_AT_ONCE = 4
"""Documents under way at the same time: more would leave no room for other work in the background."""
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
        # The workers take from the left, the UI thread adds: a deque is safe for all.
        self._waiting: deque[tuple[int, str]] = deque()
        self._reading: deque[int] = deque()
        self._done: deque[int] = deque()
        self._told = -1
        self._helpers: list[Ticket] = []
        self._ticket: Ticket | None = None
        self._over = False
        tasks.changed.connect(self._look)

    def warm(self) -> None:
        """Load the engine in the background, so that the first document does not wait for it."""
        desk = self._desk
        self._tasks.run(self, lambda _progress: desk.warm(), failed=lambda _error: None)

    def add(self, document_ids: Iterable[int], engine: str = 'auto', *, first: bool = False) -> None:
        """Read these documents too; with `first` before the others. What is queued already moves, if it must."""
        under_way = tuple(self._reading)
        wanted = [one for one in document_ids if one not in under_way]
        queued = {document_id for document_id, _engine in self._waiting}
        for document_id in wanted if not first else reversed(wanted):
            if document_id in queued:
                if not first:
                    continue
                self._forget(document_id)
            self._waiting.appendleft((document_id, engine)) if first else self._waiting.append((document_id, engine))
        if wanted and self._ticket is None:
            self._start()
        elif wanted:
            self._hire()
        self.moved.emit()

    @property
    def reading(self) -> int:
        """The document that is being read now (the one begun first, where several are), or 0."""
        return next(iter(tuple(self._reading)), 0)

    def waits(self, document_id: int) -> bool:
        """Whether the document is or will be read."""
        return document_id in tuple(self._reading) or any(one == document_id for one, _engine in self._waiting)

    def stop(self) -> None:
        """Read nothing more, silently."""
        self._waiting.clear()
        if self._ticket is not None:
            ticket, self._ticket = self._ticket, None
            ticket.cancel()
        self._dismiss()
        self._reading.clear()

    def _dismiss(self) -> None:
        """Stop those who read beside the first."""
        for helper in self._helpers:
            helper.cancel()
        self._helpers.clear()

    def _forget(self, document_id: int) -> None:
        for entry in list(self._waiting):
            if entry[0] == document_id:
                self._waiting.remove(entry)

    def _start(self) -> None:
        self._done.clear()
        self._told = -1
        self._ticket, self._over = None, False
        ticket = self._tasks.run(self, self._read_all, self._ended, self._broke, self._moved, title=_("Reading"))
        # Without threads the work is over before the ticket is there.
        self._ticket = ticket if ticket.running else None
        self._hire()

    def _hire(self) -> None:
        """Let as many documents be read at once as the workstation has reading processes."""
        self._helpers = [helper for helper in self._helpers if helper.running]
        at_once = min(self._desk.settings.ocr_jobs, MOST_AT_ONCE, len(self._waiting) + 1)
        beside = at_once - 1 - len(self._helpers)
        for _helper in range(beside if self._ticket is not None else 0):
            helper = self._tasks.run(self, self._help, lambda _done: self.moved.emit(), self._broke)
            self._helpers.append(helper)

    def _read_all(self, progress: Progress) -> int:
        try:
            done = self._read_each(progress)
        except Cancelled:
            raise
        except BaseException:
            self._over = True
            raise
        self._over = True
        return done

    def _help(self, progress: Progress) -> int:
        return self._read_each(progress, helping=True)

    def _read_each(self, progress: Progress, *, helping: bool = False) -> int:
        """Read what waits until nothing does; who only helps says nothing when he is stopped."""
        desk = self._desk
        while entry := self._next():
            document_id, engine = entry
            self._reading.append(document_id)
            try:
                self._within(progress)(0, 1)
                for part in self._sorted(desk, document_id, engine, self._within(progress)):
                    self._waiting.appendleft((part, engine))
                self._read_one(desk, document_id, engine, self._within(progress))
            except NotFound:
                pass
            except Cancelled:
                if not helping:
                    self._waiting.appendleft((document_id, engine))
                raise
            finally:
                with suppress(ValueError):
                    self._reading.remove(document_id)
            self._done.append(document_id)
            progress(len(self._done), len(self._done) + len(self._waiting), '')
        return len(self._done)

    def _next(self) -> tuple[int, str] | None:
        """The first that waits; others take from it too."""
        try:
            return self._waiting.popleft()
        except IndexError:
            return None

    def _within(self, progress: Progress) -> Progress:
        """The progress of one document as a part of them all."""

        def tell(done: int, total: int, sentence: str = '') -> None:
            before = len(self._done)
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
        self._dismiss()
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
            self._dismiss()
            self._reading.clear()
            if left:
                self.stopped.emit(left)
            self.moved.emit()

    def _settle(self) -> None:
        if self._ticket is not None and not self._ticket.running and self._over:
            self._ended(0)
