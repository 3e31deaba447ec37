"""Keeps the document on the bench for this desk, and knows which ones other desks have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from claimdesk.errors import ClaimDeskError
from claimdesk.rules.permissions import Permission

if TYPE_CHECKING:
    from claimdesk.ui.page import Page

RENEW_MS = 25_000
"""How often this desk says that it still has the document; a hold lasts more than three times as long."""
Answer = tuple[int, str, dict[int, str]]


class Holding(QObject):
    """`answered` with a document's id and who else has it ('' for nobody); `changed` when others took or gave back.

    The document is given back when the page is left, and held again when it comes to the front.
    """

    answered = Signal(int, str)
    changed = Signal()

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._wanted = 0
        self._others: dict[int, str] = {}
        self._timer = QTimer(self, interval=RENEW_MS)
        self._timer.timeout.connect(self._ask)
        page.installEventFilter(self)

    def holder(self, document_id: int) -> str:
        """Who else has the document on the bench, or ''."""
        return self._others.get(document_id, '')

    def open(self, document_id: int) -> None:
        """This document is on the bench now, or none (0)."""
        if document_id != self._wanted:
            self._wanted = document_id
            self._ask()

    def close(self) -> None:
        """Give back what is held, before the page goes away."""
        self._timer.stop()
        if self._wanted:
            self._wanted = 0
            try:
                self._page.desk.holds.give_back(self._page.desk.signed_in)
            except ClaimDeskError:
                return  # it runs out by itself

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Hide:
            self._timer.stop()
            self._ask(leaving=True)
        elif watched is self._page and event.type() == QEvent.Type.Show:
            self._timer.start()
            self._ask()
        return False

    def _ask(self, *, leaving: bool = False) -> None:
        desk = self._page.desk
        if desk.actor is None or not desk.signed_in.may(Permission.CONFIRM_READING):
            return
        wanted = 0 if leaving else self._wanted

        def work(_progress: object) -> Answer:
            actor, name = desk.signed_in, ''
            if wanted:
                name = desk.holds.take(actor, wanted)
            else:
                desk.holds.give_back(actor)
            return wanted, name, desk.holds.of_others(actor)

        self._page.shell.tasks.run(self, work, self._came, lambda _error: None, latest='hold')

    def _came(self, answer: Answer) -> None:
        document_id, name, others = answer
        if others != self._others:
            self._others = others
            self.changed.emit()
        if document_id and document_id == self._wanted:
            self.answered.emit(document_id, name)
