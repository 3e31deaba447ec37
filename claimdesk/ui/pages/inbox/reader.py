"""Has the documents of the pile read: what waits by itself, what was asked for first, and says when it was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.ui.reading_queue import AGAIN
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.mailroom import Mailroom
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.bench import Bench
    from claimdesk.ui.pages.inbox.pile import PileView


class Reader(QObject):
    """Between the page and the desk's reading queue. `moved` when the queue went on."""

    moved = Signal()

    def __init__(self, page: Page, pile: PileView, bench: Bench, mailroom: Mailroom) -> None:
        super().__init__(page)
        self._page = page
        self._pile = pile
        self._bench = bench
        self._mailroom = mailroom
        # Documents whose reading was stopped or failed: they wait until it is asked for again.
        self._held: set[int] = set()
        self._shown: list[DocumentView] = []
        queue = mailroom.queue
        queue.moved.connect(self.moved)
        queue.stopped.connect(self._stopped)
        queue.failed.connect(self._failed)
        pile.read_wanted.connect(self.read_selected)
        bench.read_wanted.connect(self._read_shown)

    def read_waiting(self, documents: Sequence[DocumentView]) -> None:
        """Have everything read that waits and was not stopped."""
        self._shown = list(documents)
        waiting = [one.id for one in documents if one.state is DocumentState.WAITING and one.id not in self._held]
        self._mailroom.read([one for one in waiting if not self._mailroom.queue.waits(one)])

    def read(self, documents: Sequence[DocumentView], engine: str) -> None:
        """Read these now, also those that were read before."""
        wanted = [one.id for one in documents if one.state is not DocumentState.CONFIRMED]
        self._held -= set(wanted)
        before = any(one.state is not DocumentState.WAITING for one in documents)
        self._mailroom.read(wanted, first=True, engine=AGAIN if engine == 'auto' and before else engine)

    def read_selected(self, engine: str) -> None:
        """Read the selected documents again, with the chosen engine."""
        self.read(self._pile.selected(), engine)

    def _read_shown(self, engine: str) -> None:
        sheet = self._bench.sheet
        if sheet is not None:
            self.read([sheet.document], engine)

    def _failed(self, error: ClaimDeskError) -> None:
        self._hold()
        self._page.banner.show_error(error, _("Go on reading"), self._go_on)

    def _hold(self) -> None:
        self._held |= {one.id for one in self._shown if one.state is DocumentState.WAITING}

    def _stopped(self, left: int) -> None:
        self._hold()
        said = ngettext(
            "Reading was stopped; one document is not read.", "Reading was stopped; {n} documents are not read.", left
        )
        self._page.banner.show_message(said.format(n=left), '', 'notice', _("Go on reading"), self._go_on)
        sheet = self._bench.sheet
        if sheet is not None and sheet.document.id in self._held:
            self._bench.show_sheet(sheet)

    def _go_on(self) -> None:
        self._held.clear()
        self.read_waiting(self._shown)
