"""Looks every few seconds, in the background, for what other desks have saved, and tells the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from claimdesk.errors import ClaimDeskError
from claimdesk.ui.tasks import Tasks

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.changes import Changed

EVERY_MS = 3000
_LONGEST_MS = 15_000


class Feed(QObject):
    """`changed(kinds, case_ids)` when rows changed; `connection(answers)` when the database stops or starts again."""

    changed = Signal(set, set)
    connection = Signal(bool)

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._answers = True
        self._asking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, and from now on."""
        self.look()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._tasks.cancel_all(self)

    def look(self) -> None:
        """Ask once; a page may call it after saving, so that the others follow at once."""
        if self._asking:
            return
        self._asking = True
        self._timer.stop()
        self._tasks.run(self, lambda _progress: self._desk.changes.poll(), self._heard, self._failed)

    def _heard(self, what: Changed) -> None:
        self._asking = False
        if not self._answers:
            self._answers = True
            self.connection.emit(True)
        if what.kinds:
            self.changed.emit(set(what.kinds), set(what.case_ids))
        self._timer.start(EVERY_MS)

    def _failed(self, _error: ClaimDeskError) -> None:
        self._asking = False
        if self._answers:
            self._answers = False
            self.connection.emit(False)
        self._timer.start(min(_LONGEST_MS, max(EVERY_MS, self._timer.interval() * 2)))
