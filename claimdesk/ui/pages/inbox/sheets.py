"""Fetches what the bench shows, and ahead of time what it will show next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from claimdesk.ui.pages.inbox.sheet import Sheet, load
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.bench import Bench


class Sheets(QObject):
    """`loaded` with the `Sheet` that was asked for, at once if it was fetched ahead; `failed` with the error."""

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(self, page: Page, bench: Bench) -> None:
        super().__init__(page)
        self._page = page
        self._bench = bench
        self._ahead: dict[int, Sheet] = {}

    def load(self, document_id: int) -> None:
        """Fetch a document for the bench."""
        ahead = self._ahead.pop(document_id, None)
        if ahead is not None:
            self.loaded.emit(ahead)
            return
        desk = self._page.desk
        self._page.run(
            lambda _progress: load(desk, document_id), self.loaded.emit, self.failed.emit, latest='sheet'
        )

    def look_ahead(self, following: DocumentView) -> None:
        """Fetch the document that comes next, its reading and its picture, while this one is being checked."""
        if following.id in self._ahead or following.state is DocumentState.WAITING:
            return
        desk, document_id = self._page.desk, following.id
        self._page.run(lambda _progress: load(desk, document_id), self._came, lambda _error: None, latest='ahead')

    def keep(self, sheet: Sheet) -> None:
        """This one is at hand already."""
        self._ahead[sheet.document.id] = sheet

    def keep_only(self, documents: Sequence[DocumentView]) -> None:
        """Forget what has changed since it was fetched."""
        self._ahead = {key: sheet for key, sheet in self._ahead.items() if sheet.document in documents}

    def forget(self) -> None:
        """Forget everything that was fetched ahead."""
        self._ahead.clear()

    def _came(self, sheet: Sheet) -> None:
        self.keep(sheet)
        self._bench.pages.prepare(sheet.document)


def find(documents: Sequence[DocumentView], document_id: int) -> DocumentView | None:
    """The document of that id, or None."""
    return next((one for one in documents if one.id == document_id), None)


def after(
    document: DocumentView | None, before: Sequence[DocumentView], left: Sequence[DocumentView]
) -> DocumentView | None:
    """Which of `left` comes after `document` in the order of `before`: first those that are ready to be checked, from
    there on, then from the top."""
    ids = [one.id for one in before]
    at = ids.index(document.id) if document is not None and document.id in ids else -1
    places = {one: place for place, one in enumerate(ids)}
    ranked = sorted(left, key=lambda one: places.get(one.id, len(ids)) <= at)
    ready = [one for one in ranked if one.state is DocumentState.TO_CHECK]
    return next(iter(ready or ranked), None)
