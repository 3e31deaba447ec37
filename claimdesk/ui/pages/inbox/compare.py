"""Two papers side by side that may be one: their pages above, what stands on them below, differences first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.forms import label_of
from claimdesk.language import _
from claimdesk.services.duplicates import Duplicate
from claimdesk.ui import icons, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.inbox.canvas import STEP, PageCanvas
from claimdesk.ui.pages.inbox.pictures import Key, Pictures, sharp_width
from claimdesk.ui.pages.inbox.sheet import Sheet, load
from claimdesk.ui.widgets import IconButton, PlainLabel
from claimdesk.ui.widgets.small_table import small_table

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.page import Page

WIDE, HIGH, TABLE_HIGH = 1080, 700, 168


class PageSide(QWidget):
    """One of the two papers: where it is, its page, and the way to its other pages."""

    def __init__(self, pictures: Pictures, title: str) -> None:
        super().__init__()
        self._pictures = pictures
        self._document: DocumentView | None = None
        self._width = 0
        self.position = 0
        self.title = PlainLabel(title, 'strong', wrap=True)
        self.canvas = PageCanvas()
        self.canvas.setMinimumHeight(240)
        self._where = PlainLabel('', 'caption', tabular=True)
        self._back = IconButton('chevron-left', _("Page before"), lambda: self.step(-1))
        self._on = IconButton('chevron-right', _("Next page"), lambda: self.step(1))
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_4)
        head.addWidget(self.title, 1)
        for widget in (self._back, self._where, self._on):
            widget.setVisible(False)
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addLayout(head)
        column.addWidget(self.canvas, 1)
        pictures.ready.connect(self._came)
        self.canvas.wants_width.connect(self._sharpen)

    def show_document(self, document: DocumentView, position: int) -> None:
        """Show a document from one of its pages on."""
        self._document = document
        several = len(document.pages) > 1
        for widget in (self._back, self._where, self._on):
            widget.setVisible(several)
        self._show(min(position, max(0, len(document.pages) - 1)))

    def step(self, by: int) -> None:
        """The page before or after."""
        if self._document is not None and 0 <= self.position + by < len(self._document.pages):
            self._show(self.position + by)

    def _show(self, position: int) -> None:
        document = self._document
        if document is None or not document.pages:
            self.canvas.show_page(None, _("This document has no page."))
            return
        self.position = position
        self._where.setText(f'{position + 1} / {len(document.pages)}')
        self._width = sharp_width(max(self.canvas.viewport().width(), WIDE / 2) * self.canvas.devicePixelRatioF())
        picture = self._pictures.get(document, position, self._width) or self._pictures.nearest(document, position)
        self.canvas.show_page(picture, self._pictures.problem(document, position, self._width))

    def _sharpen(self, pixels: float) -> None:
        document, wanted = self._document, sharp_width(pixels)
        if document is not None and document.pages and wanted > self._width and self.canvas.has_picture:
            self._width = wanted
            picture = self._pictures.get(document, self.position, wanted)
            if picture is not None:
                self.canvas.sharpen(picture)

    def _came(self, key: Key) -> None:
        document = self._document
        if document is None or not document.pages or key != Pictures.key(document, self.position, self._width):
            return
        fresh = not self.canvas.has_picture
        picture = self._pictures.get(document, self.position, self._width)
        problem = self._pictures.problem(document, self.position, self._width)
        (self.canvas.show_page if fresh else self.canvas.sharpen)(picture, problem)


class CompareDialog(Dialog):
    """Shows itself with `run`, True when the other paper shall be opened. + and - enlarge both pages."""

    def __init__(self, page: Page, mine: DocumentView, values: Mapping[str, str], twin: Duplicate) -> None:
        super().__init__(
            page.window(), _("Compare"), twin.sentence, _("Open the other one"), cancel=_("Close"), width=640
        )
        room = page.window().size()
        self.resize(min(WIDE, room.width() - 48), min(HIGH, room.height() - 48))
        self._values = values
        pictures = Pictures(page.desk, page.shell.tasks, self)
        self.mine = PageSide(pictures, _("This paper: {title}").format(title=mine.title))
        self.other = PageSide(pictures, '')
        sides = QHBoxLayout()
        sides.setSpacing(theme.SPACE_12)
        sides.addWidget(self.mine, 1)
        sides.addWidget(self.other, 1)
        self.table = self._table()
        self.column.addLayout(sides, 1)
        self.column.addWidget(self.table)
        self._kind = mine.kind
        self.mine.show_document(mine, twin.mine)
        for keys, factor in (('+', STEP), ('=', STEP), ('-', 1 / STEP)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda factor=factor: self._zoom(factor))
        desk = page.desk
        page.shell.tasks.run(
            self, lambda _progress: load(desk, twin.document_id), lambda sheet: self._came(sheet, twin), self._failed
        )

    def _table(self) -> QTableWidget:
        names = (_("Field"), _("This paper"), _("The other one"))
        table = small_table(_("Compare"), names, {0: 190}, stretched=(1, 2))
        table.setFixedHeight(TABLE_HIGH)
        return table

    def _came(self, sheet: Sheet, twin: Duplicate) -> None:
        document = sheet.document
        if document.case_id is None:
            self.other.title.setText(_("In the inbox: {title}").format(title=document.title))
        else:
            words = _("Case {number}: {title}").format(number=document.case_number, title=document.title)
            self.other.title.setText(words)
        self.other.show_document(document, twin.page)
        self._fill({field.name: field.value for field in sheet.fields(document.kind)})

    def _fill(self, others: Mapping[str, str]) -> None:
        rows = [
            (name, self._values.get(name, ''), others.get(name, ''))
            for name in dict.fromkeys((*self._values, *others))
            if self._values.get(name) or others.get(name)
        ]
        rows.sort(key=lambda row: row[1] == row[2])
        self.table.setRowCount(len(rows))
        for place, (name, mine, other) in enumerate(rows):
            differs = mine != other
            for column, words in enumerate((label_of(name, self._kind), mine or '–', other or '–')):
                cell = QTableWidgetItem(words)
                cell.setForeground(theme.colour('orange' if differs and column else 'text'))
                if column == 0:
                    tip = _("Differs") if differs else _("The same")
                    picture = ('triangle-alert', 'orange') if differs else ('check', 'green')
                    cell.setIcon(icons.icon(*picture))
                    cell.setToolTip(tip)
                    cell.setData(Qt.ItemDataRole.AccessibleTextRole, f'{words}: {tip}')
                self.table.setItem(place, column, cell)
        self.table.setVisible(bool(rows))

    def _zoom(self, factor: float) -> None:
        for side in (self.mine, self.other):
            side.canvas.zoom(factor)

    def _failed(self, error: ClaimDeskError) -> None:
        self.banner.show_error(error)
