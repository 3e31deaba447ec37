"""Cutting at the bench: several receipts on a sheet, and the sheet in a photo, are shown before they are cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from claimdesk.language import _, ngettext
from claimdesk.ui.pages.inbox.cut_frame import CutFrame
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.progress import Progress
    from claimdesk.scanning.sheet import Corners
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.bench import Bench
    from claimdesk.ui.pages.inbox.page_edits import PageEdits

INSET: Corners = ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92))
"""Where the corners of a sheet begin that was not found."""
MOST_ONWARD = 40
"""Pages that are looked at for the next sheet."""
Place = tuple[str, int, int]


class Cutting(QObject):
    """Asks in the background what lies on the page in view, shows the boxes and cuts when a person says so."""

    def __init__(self, page: Page, bench: Bench, edits: PageEdits) -> None:
        super().__init__(page)
        self._page = page
        self._pages = bench.pages
        self._bench = bench
        self._edits = edits
        self._frame: CutFrame | None = None
        self._shown: tuple[int, Place] | None = None
        # Pages that a person wants to keep whole; asked about once in a session.
        self._whole: set[Place] = set()
        # The document of which a page was just cut or kept whole: its next sheet comes into view by itself.
        self._onward: int | None = None
        bench.pages.page_shown.connect(lambda _position: self.look())
        bench.shown.connect(self.look)
        bench.pages.notice.closed.connect(self.leave)

    @property
    def frame(self) -> CutFrame | None:
        """The boxes that are shown, or None."""
        return self._frame

    def look(self) -> None:
        """A page came into view: ask whether several papers lie on it; after a cut also on which page further on."""
        here = self._here()
        if here == self._shown and self._frame is not None:
            return
        self._drop()
        document = self._document()
        if here is None or document is None:
            return
        if document.state not in (DocumentState.TO_CHECK, DocumentState.UNREADABLE):
            return
        first = self._pages.position
        last = first + MOST_ONWARD if self._onward == document.id else first + 1
        positions = [
            place for place, page in enumerate(document.pages[:last])
            if place >= first and (page.sha256, page.page_index, page.rotation) not in self._whole
        ]  # fmt: skip
        desk = self._page.desk

        def work(_progress: Progress) -> tuple[int, tuple[Corners, ...]]:
            for position in positions:
                found = desk.sheet_cuts.proposed(desk.signed_in, document.id, position)
                if len(found) > 1:
                    return position, found
            return first, ()

        self._page.run(work, lambda found: self._propose(here, *found), lambda _error: None, latest='pieces')

    def _propose(self, here: tuple[int, Place], position: int, found: tuple[Corners, ...]) -> None:
        if here != self._here() or self._frame is not None:
            return
        self._onward = None
        if position != self._pages.position:
            self._pages.go_to(position)
        elif len(found) > 1 and here[1] not in self._whole:
            self._show_apart(found)

    def _show_apart(self, found: tuple[Corners, ...]) -> None:
        self._show(CutFrame(found, parent=self))
        self._say_apart()
        if self._frame is not None:
            self._frame.changed.connect(self._say_apart)

    def _say_apart(self) -> None:
        count = len(self._frame.boxes) if self._frame is not None else 0
        said = ngettext("{n} paper is marked on this sheet.", "{n} papers are marked on this sheet.", count)
        self._pages.notice.show_message(
            said.format(n=count),
            _("Drag a box where it is wrong. Draw one more or press N; Delete removes one. Esc keeps the sheet whole."),
            'notice', _("Cut apart (F7)"), self.accept,
        )  # fmt: skip

    def apart(self) -> None:
        """F7: cut as the boxes say; where there are none, show what may be papers and let a person draw."""
        if self._frame is not None and not self._frame.one:
            self.accept()
            return
        document, here = self._document(), self._here()
        if document is None or here is None:
            return
        self._drop()
        desk, position = self._page.desk, self._pages.position

        def shown(found: tuple[Corners, ...]) -> None:
            if here == self._here():
                self._show_apart(found)
                self._pages.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

        self._page.run(
            lambda _progress: desk.sheet_cuts.looked_for(desk.signed_in, document.id, position), shown,
            latest='pieces', title=_("Looking for papers on the sheet"),
        )  # fmt: skip

    def out(self) -> None:
        """Show the corners of the sheet in the photo; once more cuts it out."""
        if self._frame is not None and self._frame.one:
            self.accept()
            return
        document, here = self._document(), self._here()
        if document is None or here is None:
            return
        self._drop()
        desk, position = self._page.desk, self._pages.position

        def shown(found: Corners | None) -> None:
            if here != self._here():
                return
            self._show(CutFrame([found or INSET], one=True, parent=self))
            advice = _("Drag a corner or an edge where it is wrong; Enter cuts the sheet out, Esc leaves the photo.")
            said = _("This is the sheet in the photo.") if found else _("No sheet stands out: put the corners on it.")
            self._pages.notice.show_message(said, advice, 'notice', _("Cut out"), self.accept)
            self._pages.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

        self._page.run(
            lambda _progress: desk.page_copies.corners(desk.signed_in, document.id, position), shown,
            self._page.show_error, latest='pieces',
        )  # fmt: skip

    def accept(self) -> None:
        """Cut as the boxes say."""
        frame, document, here = self._frame, self._document(), self._here()
        if frame is None or document is None or here is None or not frame.boxes:
            return
        position, corners = self._pages.position, frame.corners()
        self._whole.add(here[1])
        self._drop()
        if frame.one:
            self._edits.cut_out(document, position, corners[0])
        else:
            self._onward = document.id
            self._edits.cut_apart(document, position, corners)

    def leave_or(self, otherwise: Callable[[], object]) -> None:
        """Esc: keep the page as it is; without boxes do what Esc does else."""
        if not self.leave():
            otherwise()

    def leave(self) -> bool:
        """Keep the page as it is; False where no boxes are shown."""
        if self._frame is None:
            return False
        here = self._here()
        kept = here is not None and not self._frame.one
        if here is not None and kept:
            self._whole.add(here[1])
            self._onward = here[0]
        self._drop()
        if self._pages.canvas.hasFocus():
            self._bench.begin()
        if kept:
            self.look()
        return True

    def _show(self, frame: CutFrame) -> None:
        self._frame, self._shown = frame, self._here()
        frame.accepted.connect(self.accept)
        frame.left.connect(self.leave)
        self._pages.canvas.set_frame(frame)
        self._pages.canvas.set_fit('page')

    def _drop(self) -> None:
        if self._frame is not None:
            frame, self._frame = self._frame, None
            self._pages.canvas.set_frame(None)
            self._pages.notice.clear()
            frame.deleteLater()
        self._shown = None

    def _document(self) -> DocumentView | None:
        sheet = self._bench.sheet
        return None if sheet is None or sheet.confirmed or self._bench.held_by else sheet.document

    def _here(self) -> tuple[int, Place] | None:
        """The document and the page in view."""
        document = self._document()
        if document is None or not 0 <= self._pages.position < len(document.pages):
            return None
        page = document.pages[self._pages.position]
        return document.id, (page.sha256, page.page_index, page.rotation)
