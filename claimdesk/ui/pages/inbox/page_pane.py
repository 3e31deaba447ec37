"""The left side of the bench: one page large, its tools under it, the other pages as a strip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.pages.inbox.canvas import STEP, PageCanvas, Spot
from claimdesk.ui.pages.inbox.pictures import Key, Pictures, sharp_width
from claimdesk.ui.pages.inbox.strip import PageStrip
from claimdesk.ui.widgets import Banner, Button, IconButton, PlainLabel, separator

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView


class PagePane(QWidget):
    """Shows the pages of a document. Wishes that change the document are only signalled."""

    turn_wanted = Signal(int)
    remove_wanted = Signal(list)
    split_wanted = Signal(int)
    cut_out_wanted = Signal(int)
    cut_apart_wanted = Signal()
    reordered = Signal(list)
    page_shown = Signal(int)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._document: DocumentView | None = None
        self._width = 0
        self.position = 0
        self.canvas = PageCanvas()
        self.strip = PageStrip(pictures)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.notice = Banner()
        column.addWidget(self.notice)
        column.addWidget(self.canvas, 1)
        column.addWidget(separator())
        column.addWidget(self.strip)
        column.addWidget(self._tools())
        pictures.ready.connect(self._came)
        self.canvas.wants_width.connect(self._sharpen)
        self.canvas.zoomed.connect(self._tick)
        self.strip.chosen.connect(self.go_to)
        self.strip.reordered.connect(self.reordered)
        self.strip.remove_wanted.connect(self.remove_wanted)

    def _tools(self) -> QWidget:
        bar = QWidget()
        bar.setProperty('surface', 'panel')
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.SPACE_8, theme.SPACE_4, theme.SPACE_8, theme.SPACE_4)
        row.setSpacing(theme.SPACE_4)
        canvas = self.canvas
        self._turn_left = IconButton('rotate-ccw', _("Turn left (Ctrl+Shift+R)"), lambda: self.turn_wanted.emit(-90))
        self._turn_right = IconButton('rotate-cw', _("Turn right (Ctrl+R)"), lambda: self.turn_wanted.emit(90))
        self._cut_out = IconButton(
            'crop', _("Cut the sheet out of the photo (Ctrl+Shift+X)"), lambda: self.cut_out_wanted.emit(self.position)
        )
        self._cut_apart = IconButton(
            'layout-dashboard', _("Cut several receipts on this sheet apart (F7)"), self.cut_apart_wanted.emit
        )
        self._split = IconButton('scissors', _("Split before this page"), lambda: self.split_wanted.emit(self.position))
        self._remove = IconButton('trash-2', _("Remove this page"), lambda: self.remove_wanted.emit([self.position]))
        self._fit_width = Button(_("Width"), lambda: canvas.set_fit('width'), kind='quiet', tip=_("Fit the width"))
        self._fit_page = Button(_("Whole page"), lambda: canvas.set_fit('page'), kind='quiet', tip=_("Ctrl+0"))
        self._back = IconButton('chevron-left', _("Page before (Page up)"), lambda: self.step(-1))
        self._on = IconButton('chevron-right', _("Next page (Page down)"), lambda: self.step(1))
        self._where = PlainLabel('', 'caption', tabular=True)
        for button in (self._fit_width, self._fit_page):
            button.setCheckable(True)
        before = (self._turn_left, self._turn_right, self._cut_out, self._cut_apart, self._split, self._remove)
        middle = (
            IconButton('zoom-out', _("Smaller (Ctrl+-)"), lambda: canvas.zoom(1 / STEP)),
            IconButton('zoom-in', _("Larger (Ctrl++)"), lambda: canvas.zoom(STEP)),
            self._fit_width,
            self._fit_page,
        )
        for widget in (*before, *middle):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(widget)
        row.addStretch(1)
        for part in (self._back, self._where, self._on):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(part)
        return bar

    def show_document(self, document: DocumentView | None, position: int = 0, *, editable: bool = True) -> None:
        """Show a document from the page at `position`; None clears."""
        same = (
            document is not None and self._document is not None and document.id == self._document.id
            and document.pages == self._document.pages and self.position == position
        )  # fmt: skip
        self._document = document
        self.strip.editable = editable
        self.strip.show_document(document, position)
        several = document is not None and len(document.pages) > 1
        for widget in (self._turn_left, self._turn_right, self._cut_out, self._cut_apart):
            widget.setEnabled(editable and document is not None)
        for widget in (self._split, self._remove):
            widget.setVisible(several)
            widget.setEnabled(editable)
        if not same:
            self.canvas.set_spots(())
            self._show(position)
        else:
            self._tell()

    def prepare(self, document: DocumentView) -> None:
        """Fetch the first page of a document that will be wanted next."""
        if document.pages:
            self._pictures.get(document, 0, self._width or sharp_width(self.canvas.covered_width()))

    def go_to(self, position: int) -> None:
        """Show another page."""
        if self._document is not None and position != self.position and 0 <= position < len(self._document.pages):
            self._show(position)

    def step(self, by: int) -> None:
        """The page before or after."""
        self.go_to(self.position + by)

    def light(self, spots: Sequence[Spot], name: str, *, approach: bool) -> None:
        """Mark the places of the fields on this page and bring the one called `name` near."""
        self.canvas.set_spots(spots, name)
        spot = next((spot for spot in spots if spot.name == name), None)
        if approach and spot is not None:
            self.canvas.approach(spot.box)

    def _show(self, position: int) -> None:
        self.position = position
        self.strip.go_to(position)
        self._tell()
        document = self._document
        if document is None or not document.pages:
            self.canvas.show_page(None)
            return
        self._width = sharp_width(max(self.canvas.viewport().width(), 600) * self.canvas.devicePixelRatioF())
        picture = self._pictures.get(document, position, self._width) or self._pictures.nearest(document, position)
        if self.canvas.fit == '':
            self.canvas.set_fit('page')
        self.canvas.show_page(picture, self._pictures.problem(document, position, self._width))
        self.page_shown.emit(position)

    def _sharpen(self, pixels: float) -> None:
        document = self._document
        wanted = sharp_width(pixels)
        if document is None or not document.pages or wanted <= self._width or not self.canvas.has_picture:
            return
        self._width = wanted
        picture = self._pictures.get(document, self.position, wanted)
        if picture is not None:
            self.canvas.sharpen(picture)

    def _came(self, key: Key) -> None:
        document = self._document
        if document is None or not document.pages or key != Pictures.key(document, self.position, self._width):
            return
        picture = self._pictures.get(document, self.position, self._width)
        fresh = not self.canvas.has_picture
        self.canvas.sharpen(picture, self._pictures.problem(document, self.position, self._width))
        if fresh and self.canvas.fit:
            self.canvas.set_fit(self.canvas.fit)
        if fresh:
            self.page_shown.emit(self.position)

    def _tell(self) -> None:
        count = len(self._document.pages) if self._document is not None else 0
        self._where.setText(f'{self.position + 1} / {count}' if count else '')
        for widget in (self._back, self._where, self._on):
            widget.setVisible(count > 1)
        self._back.setEnabled(self.position > 0)
        self._on.setEnabled(self.position + 1 < count)
        self._split.setEnabled(self.position > 0 and self.strip.editable)
        self._tick()

    def _tick(self) -> None:
        self._fit_width.setChecked(self.canvas.fit == 'width')
        self._fit_page.setChecked(self.canvas.fit == 'page')
