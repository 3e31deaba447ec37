"""A table of rows by columns: each column says what it shows of a row, and one of them may show a time limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from claimdesk.language import _
from claimdesk.ui.widgets.labels import plain_tip
from claimdesk.ui.widgets.state import STATE_ROLE

Index = QModelIndex | QPersistentModelIndex
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Column:
    """One column: its heading (an English source string), its first width, and what it says of a row.

    `state` tells the state of the row's time limit, in the one column that shows it.
    """

    heading: str
    width: int
    words: Callable[[Any], str]
    amount: bool = False
    state: Callable[[Any], Any] | None = None


class ColumnRows(QAbstractTableModel):
    """The rows of one list."""

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Any] = []

    def show(self, rows: Sequence[Any]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self.columns[section].heading)
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].amount:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.words(row)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.amount:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.words(row))
        if role == STATE_ROLE and column.state is not None:
            return column.state(row)
        return None

    def state_column(self) -> int:
        """The column that shows the time limit, or -1."""
        return next((at for at, column in enumerate(self.columns) if column.state is not None), -1)

    def widths(self) -> list[int]:
        """The first widths of the columns."""
        return [column.width for column in self.columns]
