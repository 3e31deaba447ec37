"""The lines of an invoice as a small table that can be corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from claimdesk.language import N_, _
from claimdesk.ui import theme
from claimdesk.ui.pages.inbox.sheet import CELLS

COLUMNS = {
    'name': (N_('Goods or service'), 176), 'specification': (N_('Model'), 74), 'unit': (N_('Unit'), 56),
    'quantity': (N_('Quantity'), 76), 'unit_price': (N_('Unit price'), 84), 'amount': (N_('Amount'), 84),
    'tax_rate': (N_('Rate'), 60), 'tax': (N_('Tax'), 72), 'medical_class': (N_('Class'), 64),
}  # fmt: skip
RIGHT = frozenset({'quantity', 'unit_price', 'amount', 'tax_rate', 'tax'})
_LEAST_ROOM, _MOST_ROOM, _ROW = 6, 16, 28
_ABOVE_AND_BELOW = 560
"""Pixels of the window that the fields above the lines and the foot below them usually take."""


class ItemsTable(QTableWidget):
    """One row a line. Typing or Enter edits a cell, Tab leaves the table, Ctrl+Insert and Ctrl+Delete add and remove.

    `edited` whenever a cell was changed by hand.
    """

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(CELLS), parent)
        self._filling = False
        self._shut = False
        self.setProperty('framed', 'true')
        self.setProperty('cells', 'roomy')
        self.setAccessibleName(_("Lines of the invoice"))
        self.setHorizontalHeaderLabels([_(COLUMNS[name][0]) for name in CELLS])
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFont(theme.font(tabular=True))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, name in enumerate(CELLS):
            self.setColumnWidth(column, COLUMNS[name][1])
            if name in RIGHT:
                right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                self.horizontalHeaderItem(column).setTextAlignment(right)
        self.cellChanged.connect(self._cell_changed)
        self.show_lines(())

    def show_cells(self, cells: Sequence[str]) -> None:
        """Show only these cells of a line, those that its form has."""
        for column, name in enumerate(CELLS):
            self.setColumnHidden(column, name not in cells)
        self._widen_name()

    def show_lines(self, items: Sequence[Mapping[str, str]]) -> None:
        """Show these lines."""
        self._filling = True
        self.setRowCount(len(items))
        for row, item in enumerate(items):
            self._fill(row, item)
        self._filling = False
        self._fit()

    def lines(self) -> list[dict[str, str]]:
        """The lines as they stand, empty ones left out."""
        found = []
        for row in range(self.rowCount()):
            cells = {name: self._text(row, column) for column, name in enumerate(CELLS)}
            if any(cells.values()):
                found.append(cells)
        return found

    def set_read_only(self, shut: bool) -> None:
        """Whether the cells can be edited."""
        self._shut = shut
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(
            triggers.NoEditTriggers if shut else triggers.DoubleClicked | triggers.AnyKeyPressed
        )

    def add_line(self) -> None:
        """One more line, at the end, ready to be typed."""
        if self._shut:
            return
        self._filling = True
        row = self.rowCount()
        self.insertRow(row)
        self._fill(row, {})
        self._filling = False
        self._fit()
        self.setFocus()
        self.setCurrentCell(row, 0)
        self.edited.emit()

    def remove_line(self) -> None:
        """Take the current line away."""
        row = self.currentRow()
        if not self._shut and row >= 0:
            self.removeRow(row)
            self._fit()
            self.edited.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widen_name()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _widen_name(self) -> None:
        """What the other columns leave is the name's."""
        others = sum(self.columnWidth(column) for column in range(1, self.columnCount()))
        self.setColumnWidth(0, max(COLUMNS['name'][1], self.viewport().width() - others))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control and self.currentItem() is not None:
            if not self._shut and self.state() != QAbstractItemView.State.EditingState:
                self.editItem(self.currentItem())
        elif control and event.key() == Qt.Key.Key_Insert:
            self.add_line()
        elif control and event.key() == Qt.Key.Key_Delete:
            self.remove_line()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fill(self, row: int, item: Mapping[str, str]) -> None:
        for column, name in enumerate(CELLS):
            cell = QTableWidgetItem(str(item.get(name, '')))
            if name in RIGHT:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, cell)

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text().strip() if item is not None else ''

    def _cell_changed(self, _row: int, _column: int) -> None:
        if not self._filling:
            self.edited.emit()

    def _fit(self) -> None:
        room = (self.window().height() - _ABOVE_AND_BELOW) // _ROW
        rows = min(max(_LEAST_ROOM, min(room, _MOST_ROOM)), max(1, self.rowCount()))
        across = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(rows * _ROW + self.horizontalHeader().sizeHint().height() + across + 4)
