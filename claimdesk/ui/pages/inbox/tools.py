"""What the handler does to the paper itself: turn, remove, reorder and split pages; merge, remove, rename documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.language import _
from claimdesk.ui import dialogs
from claimdesk.ui.pages.inbox.cutting import Cutting
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.bench import Bench
    from claimdesk.ui.pages.inbox.page_edits import PageEdits
    from claimdesk.ui.pages.inbox.pile import PileView


class Tools(QObject):
    """Turns wishes about the document on the bench, or about the selected ones of the pile, into edits."""

    def __init__(self, page: Page, pile: PileView, bench: Bench, edits: PageEdits) -> None:
        super().__init__(page)
        self._page = page
        self._pile = pile
        self._bench = bench
        self.edits = edits
        self.cutting = Cutting(page, bench, edits)
        pages = bench.pages
        pages.turn_wanted.connect(self.turn)
        pages.remove_wanted.connect(self.remove_pages)
        pages.split_wanted.connect(self.split)
        pages.cut_out_wanted.connect(lambda _position: self.cut_out())
        pages.cut_apart_wanted.connect(self.cutting.apart)
        bench.unlock_wanted.connect(self.unlock)
        bench.twins.remove_document.connect(self.remove_shown)
        pages.reordered.connect(self.reorder)
        pile.merge_wanted.connect(self.merge)
        pile.remove_wanted.connect(self.remove)
        pile.rename_wanted.connect(self.rename)

    def turn(self, degrees: int) -> None:
        """Turn the page in view, or the marked pages."""
        document = self._editable()
        if document is not None:
            pages = self._bench.pages
            marked = pages.strip.marked() if len(document.pages) > 1 else []
            positions = marked if pages.position in marked else [pages.position]
            self.edits.turn(document, positions, degrees)

    def remove_pages(self, positions: list[int]) -> None:
        """Leave pages out; without its last page the document itself goes."""
        document = self._editable()
        if document is not None and positions:
            if len(positions) >= len(document.pages):
                self.edits.remove([document])
            else:
                self.edits.remove_pages(document, positions)

    def remove_blank(self) -> None:
        """Find blank pages, and take them out with a way back."""
        document = self._editable()
        if document is None:
            return
        desk = self._page.desk

        def found(positions: list[int]) -> None:
            if not positions:
                self._page.shell.toast(_("No page of this document is blank."))
            elif len(positions) == len(document.pages):
                self._page.shell.toast(_("Every page of this document is blank; remove it as a whole with Delete."))
            else:
                self.edits.remove_pages(document, positions)

        self._page.run(
            lambda progress: desk.blank_pages.of(desk.signed_in, document.id, progress), found,
            latest='blank', title=_("Looking for blank pages"),
        )  # fmt: skip

    def split(self, at: int) -> None:
        """Make two documents, the second beginning with the page at `at`."""
        document = self._editable()
        if document is not None and 0 < at < len(document.pages):
            self.edits.split(document, at)

    def cut_out(self) -> None:
        """Show where the sheet lies in the photo in view; once more puts the sheet alone, flat, in its place."""
        self.cutting.out()

    def whole_sheet(self) -> None:
        """Put the sheet together again that the document on the bench was cut out of."""
        document = self._editable()
        if document is not None:
            self.edits.whole_sheet(document)

    def unlock(self) -> None:
        """Ask for the password of the protected PDF on the bench."""
        from claimdesk.ui.pages.inbox.unlock_dialog import UnlockDialog

        document = self._editable()
        if document is not None:
            dialog = UnlockDialog(self._page, document)
            if dialog.run() and dialog.opened is not None:
                self.edits.changed([dialog.opened])
            dialog.deleteLater()

    def reorder(self, order: list[int]) -> None:
        """Put the pages in the order of their old places."""
        document = self._editable()
        if document is not None:
            self.edits.reorder(document, order)

    def move_page(self, by: int) -> None:
        """Move the page in view forward or back."""
        document = self._editable()
        here = self._bench.pages.position
        if document is None or not 0 <= here + by < len(document.pages):
            return
        order = list(range(len(document.pages)))
        order.insert(here + by, order.pop(here))
        self._bench.pages.position = here + by
        self.edits.reorder(document, order)

    def _editable(self) -> DocumentView | None:
        sheet = self._bench.sheet
        return None if sheet is None or sheet.confirmed else sheet.document

    def merge(self) -> None:
        """Ctrl+M: make one document of the selected ones."""
        chosen = self._pile.selected()
        if len(chosen) > 1:
            self.edits.merge(chosen)

    def remove(self) -> None:
        """Delete: take the selected documents out of the pile."""
        chosen = [one for one in self._pile.selected() if one.state is not DocumentState.CONFIRMED]
        if chosen:
            self.edits.remove(chosen)

    def remove_shown(self) -> None:
        """Take the document on the bench out of the pile."""
        document = self._editable()
        if document is not None:
            self.edits.remove([document])

    def rename(self) -> None:
        """Ask for another title of the selected document."""
        chosen = self._pile.selected()
        if chosen:
            title = dialogs.ask_text(
                self._page, _("Rename the document"), '', _("Rename"), label=_("Title"), value=chosen[0].title
            )
            if title:
                self.edits.rename(chosen[0], title)
