"""Leafing through the papers of a case: every page by needed document, searched and marked, in a window beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.case_file_pdf import FilePart
from claimdesk.ui import theme
from claimdesk.ui.pages.case.file_canvas import FileCanvas
from claimdesk.ui.pages.case.file_marks import FileMarks
from claimdesk.ui.pages.case.file_search import FileSearch
from claimdesk.ui.pages.case.file_shelf import Leaf, Shelf
from claimdesk.ui.pages.inbox.canvas import STEP
from claimdesk.ui.pages.inbox.pictures import Key, Pictures, sharp_width
from claimdesk.ui.widgets import Banner, Button, IconButton, PlainLabel, Skeleton, separator
from claimdesk.vocabulary import MarkKind

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

SIDE = 232


def leaf_through(page: CasePage, *, document_id: int = 0, position: int = 0, term: str = '') -> FileWindow:
    """Open the window at a page (by default the first), or at the first place where `term` stands."""
    window = FileWindow(page, document_id, position, term)
    window.show()
    window.load()
    return window


class FileWindow(QDialog):
    """Pages at the left, or the places that a search found; the page in hand at the right."""

    def __init__(self, page: CasePage, document_id: int = 0, position: int = 0, term: str = '') -> None:
        super().__init__(page, Qt.WindowType.Window)
        self._page, self._tasks = page, page.shell.tasks
        self._wanted = (document_id, position)
        self._place, self._width = -1, 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        number = page.file.case.number if page.file is not None else ''
        self.setWindowTitle(_("Case file {number}").format(number=number) + ' · ClaimDesk')
        room = self.screen().availableGeometry()
        self.resize(min(1280, room.width() - 60), min(960, room.height() - 60))
        self.setMinimumSize(960, 480)
        self.pictures = Pictures(page.desk, self._tasks, self)
        self.shelf, self.canvas = Shelf(self.pictures), FileCanvas()
        self.banner = Banner(self)
        self.search = FileSearch(page, term, self)
        self.marks = FileMarks(page, self.canvas, self)
        self._build()
        self._wire()
        self._keys()
        self.show_documents(())

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tools())
        column.addWidget(separator())
        column.addWidget(self.banner)
        self.side = QStackedWidget()
        for pane in (self.shelf, self.search.list):
            pane.setFrameShape(pane.Shape.NoFrame)
            self.side.addWidget(pane)
        left = QWidget()
        below = QVBoxLayout(left)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        self._told = PlainLabel('', 'caption', wrap=True)
        self._told.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_8)
        below.addWidget(self._told)
        self.read_button = Button(_("Read them now"), self._read, kind='link', icon='scan-text')
        self.read_button.hide()
        below.addWidget(self.read_button)
        below.addWidget(self.side, 1)
        right = QWidget()
        view = QVBoxLayout(right)
        view.setContentsMargins(0, 0, 0, 0)
        view.setSpacing(0)
        view.addWidget(self.canvas, 1)
        view.addWidget(separator())
        view.addWidget(self._foot())
        self._skeleton = Skeleton(right, theme.ROW_COMPACT)
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setHandleWidth(1)
        halves.setChildrenCollapsible(False)
        for half in (left, right):
            halves.addWidget(half)
        left.setMinimumWidth(SIDE)
        halves.setSizes([SIDE + 12, 1000])
        halves.setStretchFactor(1, 1)
        column.addWidget(halves, 1)

    def _tools(self) -> QWidget:
        bar, row = _bar(52)
        self.black_button = IconButton(
            'eye-off', _("Black out all places found (Ctrl+Shift+D)"), self.black_out_found, tone='red'
        )
        self.export_button = Button(_("Case file as PDF…"), self._export, icon='download', tip='Ctrl+Shift+E')
        for widget in (self.search.bar, self.black_button):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.marks.bar)
        row.addSpacing(theme.SPACE_12)
        row.addWidget(self.export_button)
        return bar

    def _foot(self) -> QWidget:
        bar, row = _bar(40)
        self._where = PlainLabel('', 'strong')
        self._back = IconButton('chevron-left', _("Page before (Page up)"), partial(self.step, -1))
        self._on = IconButton('chevron-right', _("Next page (Page down)"), partial(self.step, 1))
        self._number = PlainLabel('', 'secondary', tabular=True)
        canvas = self.canvas
        wide = Button(_("Width"), lambda: canvas.set_fit('width'), kind='quiet', tip=_("Fit the width"))
        whole = Button(_("Whole page"), lambda: canvas.set_fit('page'), kind='quiet', tip=_("Ctrl+0"))
        row.addWidget(self._where, 1)
        for widget in (
            IconButton('zoom-out', _("Smaller (Ctrl+-)"), lambda: canvas.zoom(1 / STEP)),
            IconButton('zoom-in', _("Larger (Ctrl++)"), lambda: canvas.zoom(STEP)),
            wide, whole, self._back, self._number, self._on,
        ):  # fmt: skip
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(widget)
        return bar

    def _wire(self) -> None:
        self.search.field.wanted_down.connect(lambda: self.side.currentWidget().setFocus())
        self.search.found.connect(self._searched)
        self.search.wanted.connect(self._to_hit)
        self.search.reading_changed.connect(self._offer_reading)
        self.shelf.chosen.connect(self.go_to)
        self.pictures.ready.connect(self._came)
        self.canvas.wants_width.connect(self._sharpen)
        self.marks.changed.connect(lambda: self.shelf.show_marked(self.marks.marked_pages()))

    def _keys(self) -> None:
        for keys, do in (
            ('PgUp', partial(self.step, -1)), ('PgDown', partial(self.step, 1)),
            ('Ctrl+Home', partial(self.go_to, 0)), ('Ctrl+End', lambda: self.go_to(len(self.shelf.leaves) - 1)),
            ('F3', partial(self.search.step, 1)), ('Shift+F3', partial(self.search.step, -1)),
            ('Ctrl+F', self.search.to_field), ('F5', self.load), ('Ctrl+Shift+D', self.black_out_found),
            ('Ctrl++', partial(self.canvas.zoom, STEP)), ('Ctrl+=', partial(self.canvas.zoom, STEP)),
            ('Ctrl+-', partial(self.canvas.zoom, 1 / STEP)), ('Ctrl+0', lambda: self.canvas.set_fit('page')),
            ('Ctrl+1', lambda: self.canvas.set_fit('width')), ('Ctrl+W', self.close),
            ('Ctrl+Shift+E', self._export),
        ):  # fmt: skip
            self.add_key(keys, do)

    def add_key(self, keys: str, do: Callable[[], object]) -> None:
        """Let `keys` do something while the window is in front."""
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: do())
        self.addAction(action)

    # Reading

    def load(self) -> None:
        """Read which papers there are."""
        actor, case_id, case_file = self._page.desk.signed_in, self._page.case_id, self._page.desk.case_file
        if not self.shelf.leaves:
            self._skeleton.start()
        self._tasks.run(
            self, lambda _progress: case_file.parts(actor, case_id), self.show_documents, self._failed, latest='file'
        )
        self.marks.load()

    def show_documents(self, parts: Sequence[FilePart]) -> None:
        """Show these papers, at the page that was in hand."""
        self._skeleton.stop()
        leaf = self.leaf
        wanted = self._wanted if leaf is None else (leaf.document.id, leaf.position)
        self.shelf.show_parts(parts)
        leaves = self.shelf.leaves
        self.export_button.setEnabled(bool(leaves))
        place = next(
            (at for at, one in enumerate(leaves) if (one.document.id, one.position) == wanted), 0 if leaves else -1
        )
        self._place = -1
        self.go_to(place)
        self._say()
        if self.search.term and leaves:
            self.search.find()

    def page_counts(self) -> dict[int, int]:
        """How many pages each document has."""
        return {leaf.document.id: len(leaf.document.pages) for leaf in self.shelf.leaves}

    @property
    def leaf(self) -> Leaf | None:
        """The page in hand."""
        return self.shelf.leaves[self._place] if 0 <= self._place < len(self.shelf.leaves) else None

    def _failed(self, error: ClaimDeskError) -> None:
        self._skeleton.stop()
        self.banner.show_error(error, _("Try again"), self.load)

    # Going from page to page

    def step(self, by: int) -> None:
        """The page before or after."""
        self.go_to(self._place + by)

    def go_to(self, place: int) -> None:
        """Show another page of the file."""
        if not 0 <= place < len(self.shelf.leaves) or place == self._place:
            return
        self._place = place
        self.shelf.go_to(place)
        leaf = self.shelf.leaves[place]
        self._width = sharp_width(max(self.canvas.viewport().width(), 600) * self.canvas.devicePixelRatioF())
        picture = self.pictures.get(leaf.document, leaf.position, self._width)
        picture = picture or self.pictures.nearest(leaf.document, leaf.position)
        if self.canvas.fit == '':
            self.canvas.set_fit('page')
        self.canvas.set_spots(())
        self.canvas.show_page(picture, self.pictures.problem(leaf.document, leaf.position, self._width))
        self._where.setText(leaf.words)
        self._number.setText(f'{place + 1} / {len(self.shelf.leaves)}')
        self._back.setEnabled(place > 0)
        self._on.setEnabled(place + 1 < len(self.shelf.leaves))
        self._light()

    def _came(self, key: Key) -> None:
        leaf = self.leaf
        if leaf is None or key != Pictures.key(leaf.document, leaf.position, self._width):
            return
        fresh = not self.canvas.has_picture
        picture = self.pictures.get(leaf.document, leaf.position, self._width)
        self.canvas.sharpen(picture, self.pictures.problem(leaf.document, leaf.position, self._width))
        if fresh and self.canvas.fit:
            self.canvas.set_fit(self.canvas.fit)
        if fresh:
            self._light()

    def _sharpen(self, pixels: float) -> None:
        leaf, wanted = self.leaf, sharp_width(pixels)
        if leaf is None or wanted <= self._width or not self.canvas.has_picture:
            return
        self._width = wanted
        picture = self.pictures.get(leaf.document, leaf.position, wanted)
        if picture is not None:
            self.canvas.sharpen(picture)

    # What is found and marked

    def _searched(self) -> None:
        self.side.setCurrentWidget(self.search.list if self.search.term else self.shelf)
        self._say()
        self._light()

    def _say(self) -> None:
        count = len(self.shelf.leaves)
        pages = ngettext("{count} page", "{count} pages", count).format(count=count)
        everything = pages if count else _("There is no document in this case yet.")
        self._told.setText(self.search.words() or everything)
        may = self._page.desk.signed_in.may(Permission.ATTACH_DOCUMENTS)
        self.black_button.setEnabled(may and bool(self.search.places()))
        self._offer_reading()

    def say(self, words: str) -> None:
        """Say something above the pages."""
        self._told.setText(words)

    def _offer_reading(self) -> None:
        may = self._page.desk.signed_in.may(Permission.ATTACH_DOCUMENTS)
        self.read_button.setVisible(may and (self.search.reading or self.search.unread > 0))
        self.read_button.set_text(_("Stop") if self.search.reading else _("Read them now"))

    def _read(self) -> None:
        if self.search.reading:
            self.search.stop_reading()
        else:
            self.search.read_unread()

    def _to_hit(self) -> None:
        """Show the page of the hit in hand, lit."""
        hit = self.search.hit
        if hit is None:
            return
        wanted = (hit.document_id, hit.position)
        places = (at for at, leaf in enumerate(self.shelf.leaves) if (leaf.document.id, leaf.position) == wanted)
        at = next(places, self._place)
        if at == self._place:
            self._light()
        else:
            self.go_to(at)

    def _light(self) -> None:
        """Show on the page in hand what was found and marked, and bring the hit in hand near."""
        leaf = self.leaf
        if leaf is None:
            return
        spots, lit = self.search.spots(leaf)
        self.canvas.set_spots(spots, lit)
        self.marks.show_leaf(leaf, self.search.boxes(leaf))
        current = next((spot for spot in spots if spot.name == lit), None)
        if current is not None and self.canvas.has_picture:
            self.canvas.approach(current.box)

    def black_out_found(self) -> None:
        """Mark every place that was found as to be blacked out."""
        if self.black_button.isEnabled():
            self.marks.add_places(MarkKind.BLACKOUT, self.search.places())

    # Leaving

    def reject(self) -> None:
        """Escape: first what is in hand is put down, then the search is cleared, then the window closes."""
        if self.marks.escape():
            return
        if self.search.term:
            self.search.field.clear()
            self.search.find()
        else:
            super().reject()

    def _export(self) -> None:
        from claimdesk.ui.pages.case.file_dialog import export_file

        if self.export_button.isEnabled():
            export_file(self._page, self)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.marks.show_leaf(None)
        for owner in (self, self.pictures, self.search):
            self._tasks.cancel_all(owner)
        super().closeEvent(event)


def _bar(height: int) -> tuple[QWidget, QHBoxLayout]:
    bar = QWidget()
    bar.setProperty('surface', 'bar')
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    bar.setFixedHeight(height)
    row = QHBoxLayout(bar)
    row.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_12, 0)
    row.setSpacing(theme.SPACE_4)
    return bar, row
