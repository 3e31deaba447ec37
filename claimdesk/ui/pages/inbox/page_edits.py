"""Turning, sorting, splitting, merging and removing, one after the other, each with its way back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.services.documents import DocumentView, PageEdit

if TYPE_CHECKING:
    from claimdesk.scanning.sheet import Corners
    from claimdesk.ui.page import Page

Work = Callable[[], list[DocumentView]]
Undo = Callable[[list[DocumentView]], 'Work | None']


class PageEdits(QObject):
    """Runs edits of documents in the order in which they were asked for: a second turn waits for the first.

    Every edit begins from the newest version that this desk has seen; a version that another desk made is a conflict
    and is shown in the page's banner.
    """

    def __init__(self, page: Page, changed: Callable[[list[DocumentView]], object]) -> None:
        super().__init__(page)
        self._page = page
        self._changed = changed
        self._newest: dict[int, DocumentView] = {}
        self._waiting: deque[tuple[Work, str, Undo | None]] = deque()
        self._busy = False

    def note(self, documents: Sequence[DocumentView]) -> None:
        """These are the newest versions known, as read from the database."""
        for document in documents:
            known = self._newest.get(document.id)
            if known is None or document.version >= known.version:
                self._newest[document.id] = document

    def changed(self, documents: list[DocumentView]) -> None:
        """Documents were changed beside these edits."""
        self.note(documents)
        self._changed(documents)

    def turn(self, document: DocumentView, positions: Sequence[int], degrees: int) -> None:
        """Turn pages clockwise."""

        def turned(pages: list[PageEdit]) -> list[PageEdit]:
            return [
                replace(page, rotation=(page.rotation + degrees) % 360) if at in positions else page
                for at, page in enumerate(pages)
            ]

        self._set_pages(document, turned, '')

    def remove_pages(self, document: DocumentView, positions: Sequence[int]) -> None:
        """Leave pages out."""
        said = ngettext("The page is removed.", "{n} pages are removed.", len(positions)).format(n=len(positions))
        self._set_pages(document, lambda pages: [one for at, one in enumerate(pages) if at not in positions], said)

    def reorder(self, document: DocumentView, order: Sequence[int]) -> None:
        """Put the pages in the order of their old places."""
        said = _("The pages are in their new order.")
        self._set_pages(document, lambda pages: [pages[at] for at in order if at < len(pages)], said)

    def split(self, document: DocumentView, at: int) -> None:
        """Make two documents; the second begins with the page at `at`."""
        service, actor = self._page.desk.documents, self._page.desk.signed_in

        def work() -> list[DocumentView]:
            return list(service.split(actor, document.id, self._version(document), at))

        def undo(parts: list[DocumentView]) -> Work:
            return lambda: [service.merge(actor, [(part.id, self._version(part)) for part in parts])]

        self._do(work, _("The document is now two."), undo)

    def merge(self, documents: Sequence[DocumentView]) -> None:
        """Make one document of several, in their order."""
        service, actor = self._page.desk.documents, self._page.desk.signed_in
        first, others = documents[0], documents[1:]
        before = edits_of(first)

        def work() -> list[DocumentView]:
            merged = service.merge(actor, [(one.id, self._version(one)) for one in documents])
            return [merged, *(service.get(actor, other.id) for other in others)]

        def undo(done: list[DocumentView]) -> Work:
            return lambda: [
                *(service.restore(actor, other.id, other.version) for other in done[1:]),
                service.set_pages(actor, first.id, self._version(done[0]), before),
            ]

        said = ngettext("{n} document is merged.", "{n} documents are one now.", len(documents))
        self._do(work, said.format(n=len(documents)), undo)

    def remove(self, documents: Sequence[DocumentView]) -> None:
        """Take documents out of the pile."""
        service, actor = self._page.desk.documents, self._page.desk.signed_in

        def work() -> list[DocumentView]:
            return [service.remove(actor, one.id, self._version(one)) for one in documents]

        def undo(done: list[DocumentView]) -> Work:
            return lambda: [service.restore(actor, one.id, one.version) for one in done]

        said = ngettext("The document is removed.", "{n} documents are removed.", len(documents))
        self._do(work, said.format(n=len(documents)), undo)

    def cut_out(self, document: DocumentView, position: int, corners: Corners) -> None:
        """Put the flat sheet between `corners` in the place of the photo."""
        copies, service, actor = self._page.desk.page_copies, self._page.desk.documents, self._page.desk.signed_in
        before: list[PageEdit] = []

        def work() -> list[DocumentView]:
            newest = self._newest.get(document.id, document)
            before[:] = edits_of(newest)
            return [copies.cut_out(actor, document.id, newest.version, position, corners)]

        def undo(_done: list[DocumentView]) -> Work:
            kept = list(before)
            return lambda: [service.set_pages(actor, document.id, self._version(document), kept)]

        self._do(work, _("The sheet is cut out; the photo is kept."), undo)

    def cut_apart(self, document: DocumentView, position: int, pieces: Sequence[Corners]) -> None:
        """Make a document of each paper on the sheet."""
        cuts, actor = self._page.desk.sheet_cuts, self._page.desk.signed_in
        before: list[PageEdit] = []

        def work() -> list[DocumentView]:
            newest = self._newest.get(document.id, document)
            before[:] = edits_of(newest)
            return cuts.cut(actor, document.id, newest.version, position, pieces)

        def undo(parts: list[DocumentView]) -> Work:
            kept = list(before)
            return lambda: cuts.together(actor, [(part.id, self._version(part)) for part in parts], kept)

        said = ngettext(
            "{n} paper is cut out; the sheet is kept.", "{n} papers are cut apart; the sheet is kept.", len(pieces)
        )
        self._do(work, said.format(n=len(pieces)), undo)

    def whole_sheet(self, document: DocumentView) -> None:
        """Put the sheet together again that the document was cut out of."""
        cuts, actor = self._page.desk.sheet_cuts, self._page.desk.signed_in
        self._do(
            lambda: cuts.whole_sheet(actor, document.id, self._version(document)), _("The sheet is whole again."), None
        )

    def rename(self, document: DocumentView, title: str) -> None:
        """Give a document another title."""
        service, actor = self._page.desk.documents, self._page.desk.signed_in
        before = document.title

        def work(words: str) -> Work:
            return lambda: [service.set_title(actor, document.id, self._version(document), words)]

        self._do(work(title), _("The document has a new title."), lambda _done: work(before))

    def _set_pages(
        self, document: DocumentView, change: Callable[[list[PageEdit]], list[PageEdit]], said: str
    ) -> None:
        service, actor = self._page.desk.documents, self._page.desk.signed_in
        before: list[PageEdit] = []

        def work() -> list[DocumentView]:
            newest = self._newest.get(document.id, document)
            before[:] = edits_of(newest)
            return [service.set_pages(actor, document.id, newest.version, change(list(before)))]

        def undo(_done: list[DocumentView]) -> Work:
            kept = list(before)
            return lambda: [service.set_pages(actor, document.id, self._version(document), kept)]

        self._do(work, said, undo)

    def _version(self, document: DocumentView) -> int:
        return self._newest.get(document.id, document).version

    def _do(self, work: Work, said: str, undo: Undo | None) -> None:
        self._waiting.append((work, said, undo))
        if not self._busy:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        work, said, undo = self._waiting.popleft()
        self._busy = True
        self._page.run(
            lambda _progress: work(), lambda done: self._done(done, said, undo), self._failed
        )

    def _done(self, documents: list[DocumentView], said: str, undo: Undo | None) -> None:
        self._busy = False
        self.note(documents)
        self._changed(documents)
        if said:
            back = undo(documents) if undo is not None else None
            self._page.shell.toast(said, (lambda: self._do(back, '', None)) if back is not None else None)
        self._next()

    def _failed(self, error: ClaimDeskError) -> None:
        self._busy = False
        self._waiting.clear()
        self._page.show_error(error)
        self._changed([])


def edits_of(document: DocumentView) -> list[PageEdit]:
    """The pages of a document as they stand."""
    return [PageEdit(page.sha256, page.page_index, page.rotation) for page in document.pages]
