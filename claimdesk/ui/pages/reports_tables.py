"""A table of the report on screen: its headings with units, typed cells, a footnote that defines them."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.reporting import Table
from claimdesk.ui import theme
from claimdesk.ui.pages.reports_words import NUMBERS, cell
from claimdesk.ui.widgets import DataTable, PlainLabel, plain_tip

Index = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class TableRows(QAbstractTableModel):
    """The rows of a `Table`, its total last; a click on a heading sorts the others by value, not by words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table: Table | None = None
        self._rows: list[tuple[object, ...]] = []
        self._total: list[tuple[object, ...]] = []

    def show(self, table: Table) -> None:
        """Show another table."""
        self.beginResetModel()
        self._table = table
        self._rows = list(table.rows)
        self._total = [table.total] if table.total else []
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows) + len(self._total)

    def columnCount(self, parent: Index | None = None) -> int:
        if self._table is None or (parent is not None and parent.isValid()):
            return 0
        return len(self._table.headings)

    def unit(self, column: int) -> str:
        """The unit of a column."""
        return self._table.headings[column][1] if self._table is not None else ''

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or self._table is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._table.headings[section][0]
        if role == Qt.ItemDataRole.TextAlignmentRole and self.unit(section) in NUMBERS:
            return _RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        words = cell(self.row(index.row())[index.column()], self.unit(index.column()))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(words)
        if role == Qt.ItemDataRole.TextAlignmentRole and self.unit(index.column()) in NUMBERS:
            return _RIGHT
        if role == Qt.ItemDataRole.FontRole and index.row() >= len(self._rows):
            bold = QFont()
            bold.setWeight(QFont.Weight.DemiBold)
            return bold
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < self.columnCount():
            return
        self.layoutAboutToBeChanged.emit()
        known = [row for row in self._rows if row[column] is not None]
        empty = [row for row in self._rows if row[column] is None]
        number = self.unit(column) in NUMBERS
        known.sort(
            key=lambda row: (0, row[column], '') if number else (0, 0, str(row[column])),
            reverse=order == Qt.SortOrder.DescendingOrder,
        )
        self._rows = known + empty
        self.layoutChanged.emit()

    def row(self, at: int) -> tuple[object, ...]:
        """The plain values of a row."""
        return self._rows[at] if at < len(self._rows) else self._total[0]


class ReportTable(QWidget):
    """The table with its footnote."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows = TableRows(self)
        self.table = DataTable(f'report-{name}')
        self.table.setProperty('cells', 'roomy')
        self.table.setModel(self.rows)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.horizontalHeader().setSortIndicatorShown(True)
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.empty_words = lambda: _("There is nothing to show for this month.")
        self._note = PlainLabel('', 'caption', wrap=True, selectable=True)
        self._note.setContentsMargins(theme.SPACE_12, theme.SPACE_8, theme.SPACE_12, theme.SPACE_8)
        self._laid_out = False
        column.addWidget(self.table, 1)
        column.addWidget(self._note)

    def show_table(self, table: Table) -> None:
        """Show `table`."""
        self.rows.show(table)
        self.table.setAccessibleName(table.name)
        self._note.setText(table.footnote)
        self._note.setVisible(bool(table.footnote))
        if not self._laid_out:
            self._laid_out = True
            metrics = self.table.fontMetrics()
            widths = [
                max(metrics.horizontalAdvance(heading) + 40, 136 if unit == 'money' else 96 if unit in NUMBERS else 120)
                for heading, unit in table.headings
            ]
            self.table.set_widths(*widths)
