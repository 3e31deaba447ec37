"""A table that the office fills in by hand or pastes from a spreadsheet: words, choices, and yes or no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QTableWidgetItem, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets import Button, Combo
from claimdesk.ui.widgets.small_table import small_table

NO = frozenset({'', '0', '否', '无', 'n', 'no', 'false', '×', 'x'})
"""What stands for no in a pasted cell."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `choices` (value → words) makes it a choice, `ticked` a box to tick; otherwise words are typed."""

    name: str
    heading: str
    width: int = 0
    choices: Mapping[str, str] = field(default_factory=dict)
    ticked: bool = False


class RowsTable(QWidget):
    """Rows with the cells of `columns`; `edited` whenever one was changed by hand. A column without width stretches."""

    edited = Signal()

    def __init__(self, name: str, columns: Sequence[Column], *, may: bool) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._filling = False
        widths = {place: one.width for place, one in enumerate(columns) if one.width}
        stretched = [place for place, one in enumerate(columns) if not one.width]
        headings = [one.heading for one in columns]
        self.table = small_table(
            name, headings, widths, stretched=stretched, row_height=theme.ROW_ROOMY, edited=may
        )
        self.table.setMinimumHeight(260)
        self.table.cellChanged.connect(self._touched)
        self.add_button = Button(_("Add a line"), self.add, icon='plus')
        self.remove_button = Button(_("Remove"), self.remove, icon='trash-2')
        self.paste_button = Button(_("Paste from a spreadsheet"), self.paste, icon='clipboard-paste')
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self.table)
        tools = QHBoxLayout()
        tools.setSpacing(theme.SPACE_8)
        for button in (self.add_button, self.remove_button, self.paste_button):
            button.setEnabled(may)
            tools.addWidget(button)
        tools.addStretch(1)
        column.addLayout(tools)
        self._may = may
        self.setFocusProxy(self.table)

    def rows(self) -> list[dict[str, Any]]:
        """The rows as they stand, empty ones left out: words stripped, a choice's value, True or False."""
        named = [
            {column.name: self._cell(row, place) for place, column in enumerate(self._columns)}
            for row in range(self.table.rowCount())
        ]
        typed = [one.name for one in self._columns if not one.choices and not one.ticked]
        return [row for row in named if any(row[name] for name in typed)]

    def show_rows(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Show these rows."""
        self._filling = True
        self.table.setRowCount(0)
        for row in rows:
            self._append([row[one.name] for one in self._columns])
        self._filling = False

    def add(self) -> None:
        """One more line, to be typed at once."""
        self._append([next(iter(one.choices), '') if not one.ticked else True for one in self._columns])
        last = self.table.rowCount() - 1
        self.table.setCurrentCell(last, 0)
        self.table.setFocus()
        if (first := self.table.item(last, 0)) is not None:
            self.table.editItem(first)
        self._touched()

    def remove(self) -> None:
        """Take the marked line away."""
        row = self.table.currentRow()
        if row >= 0:
            self.table.removeRow(row)
            self._touched()

    def paste(self) -> None:
        """Add the lines of the clipboard, cells in the order of the columns; what is missing is as in a new line."""
        for line in QGuiApplication.clipboard().text().splitlines():
            cells = line.split('\t')
            if any(cell.strip() for cell in cells):
                self._append([self._pasted(one, cells, place) for place, one in enumerate(self._columns)])
        self._touched()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._may and event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif self._may and event.key() == Qt.Key.Key_Delete:
            self.remove()
        else:
            super().keyPressEvent(event)

    def _pasted(self, column: Column, cells: Sequence[str], place: int) -> Any:
        words = cells[place].strip() if place < len(cells) else None
        if column.ticked:
            return words is None or words.lower() not in NO
        if column.choices:
            known = {label: value for value, label in column.choices.items()} | {one: one for one in column.choices}
            return known.get(words or '', next(iter(column.choices)))
        return words or ''

    def _append(self, cells: Sequence[Any]) -> None:
        row = self.table.rowCount()
        self.table.blockSignals(True)
        self.table.insertRow(row)
        for place, (column, value) in enumerate(zip(self._columns, cells, strict=True)):
            item = QTableWidgetItem('' if column.ticked or column.choices else str(value))
            if not self._may or column.ticked or column.choices:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            if column.ticked:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if value else Qt.CheckState.Unchecked)
            self.table.setItem(row, place, item)
            if column.choices:
                self.table.setCellWidget(row, place, self._choice(column, value))
        self.table.blockSignals(False)

    def _choice(self, column: Column, value: Any) -> Combo:
        choice = Combo(searchable=False)
        choice.setAccessibleName(column.heading)
        for one, words in column.choices.items():
            choice.add(one, words)
        choice.set_value(value)
        choice.setEnabled(self._may)
        choice.value_changed.connect(self._touched)
        return choice

    def _cell(self, row: int, place: int) -> Any:
        column, item = self._columns[place], self.table.item(row, place)
        if column.choices:
            choice = self.table.cellWidget(row, place)
            return choice.value() if isinstance(choice, Combo) else ''
        if column.ticked:
            return item.checkState() is Qt.CheckState.Checked
        return item.text().strip()

    def _touched(self, *_ignored: object) -> None:
        if not self._filling:
            self.edited.emit()
