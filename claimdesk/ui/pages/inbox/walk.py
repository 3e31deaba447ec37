"""Going through the pile: the next document, the one before, and what comes when somebody else has it on the bench."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from claimdesk.ui.pages.inbox.sheets import after
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.pages.inbox.page import InboxPage


class Walk:
    """`by_hand` while the handler walks on the pile itself, where the focus then stays."""

    def __init__(self, page: InboxPage) -> None:
        self._page = page
        self._going_on = False
        self.by_hand = False

    def to(self, document_id: int) -> None:
        """The handler chose a document on the pile."""
        self.by_hand, self._going_on = True, False
        self._page.choose(document_id)

    def step(self, by: int) -> None:
        """The next document of the pile, or the one before."""
        documents = self._page.model.documents
        row = self._page.model.row_of(self._page.pile.current_id()) + by
        if 0 <= row < len(documents):
            self._going_on = False
            self._page.choose(documents[row].id)

    def skip(self) -> None:
        """Leave this document as it is and go to the next one that has been read."""
        documents = self._page.model.documents
        row = self._page.model.row_of(self._page.pile.current_id())
        others = self.free([*documents[row + 1 :], *documents[: max(row, 0)]])
        ready = [one for one in others if one.state is not DocumentState.WAITING] or others
        if ready:
            self._going_on = True
            self._page.choose(ready[0].id)

    def escape(self) -> None:
        """Esc: first the marked place, then the document."""
        if not self._page.bench.pages.canvas.clear_selection():
            self.skip()

    def go_on(self, gone: DocumentView | None, before: Sequence[DocumentView], left: Sequence[DocumentView]) -> None:
        """Bring what comes after `gone`, which is dealt with, in the order of `before`."""
        self._going_on = True
        following = after(gone, before, self.free(left) or left)
        if following is not None:
            self._page.choose(following.id)

    def free(self, documents: Sequence[DocumentView]) -> list[DocumentView]:
        """Those that nobody else has on the bench."""
        return [one for one in documents if not self._page.holding.holder(one.id)]

    def hold_answered(self, document_id: int, name: str) -> None:
        """Another desk may have been faster: when the pile is worked through, the next one comes."""
        sheet = self._page.bench.sheet
        if sheet is None or sheet.document.id != document_id:
            return
        if name and self._going_on and self.free(self._page.model.documents):
            self.skip()
        else:
            self._page.bench.say_held(name)
