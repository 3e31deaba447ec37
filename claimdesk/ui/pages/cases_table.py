"""The table of the case list: skeleton cells while rows are on their way, and keys that suit a list of a million."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QRect, QRectF, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from claimdesk.language import _
from claimdesk.services.case_list import COLUMNS
from claimdesk.ui import theme
from claimdesk.ui.fitting import fitted
from claimdesk.ui.pages.cases_model import ALIGNMENTS, TABLE, CasesModel, Shown
from claimdesk.ui.widgets import DataTable, paint_state

_AHEAD = 40
_KEPT_SELECTED = 500
_DUE, _NUMBER = COLUMNS.index('due'), COLUMNS.index('number')
# What a wide window shows besides, as far as it has room, until somebody chooses columns.
_WHERE_WIDE = ('cause', 'place', 'reporter_name', 'reporter_phone', 'policy_number', 'team', 'paid_amount')
_BARS = (0.6, 0.8, 0.5, 0.7, 0.55, 0.65, 0.75)
_MARGIN, _PILL_MARGIN = 3, 4


class CasesTable(DataTable):
    """Shows a `CasesModel`.

    `copy_wanted`, `end_wanted` and `escaped` follow the keys; `typed` hands on letters typed into the list: they begin
    a search, because to look through a million rows for a first letter is no way to find anything.
    """

    copy_wanted = Signal()
    end_wanted = Signal()
    escaped = Signal()
    typed = Signal(str)
    sort_wanted = Signal(str)
    selection_changed = Signal()

    def __init__(self, model: CasesModel, parent: QWidget | None = None) -> None:
        super().__init__('cases', parent)
        self._cases = model
        self._first_columns = not QSettings().contains('columns/cases')
        self.setModel(model)
        self.setAccessibleName(_("Cases"))
        self.setVerticalScrollMode(DataTable.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        # WORKAROUND: to paint a header, Qt asks whether whole columns are selected, row by row through Python: 20 s for
        # a million selected rows. A header with a selection of its own, always empty, has nothing to ask.
        header.setSelectionModel(QItemSelectionModel(model, header))
        header.sectionClicked.connect(lambda section: self.sort_wanted.emit(COLUMNS[section]))
        self._hide_extra()
        self.set_widths(*(column.width for column in TABLE))
        self.keep_shown(_DUE, _NUMBER)
        self.selectionModel().selectionChanged.connect(lambda _on, _off: self.selection_changed.emit())

    def shown_names(self) -> list[str]:
        """The names of the visible columns, in the order in which they are seen."""
        return [COLUMNS[at] for at in self.shown_columns()]

    def show_only(self, names: Sequence[str]) -> None:
        """Show just these columns, in this order."""
        header = self.horizontalHeader()
        for column, name in enumerate(COLUMNS):
            self.setColumnHidden(column, name not in names and column not in (_DUE, _NUMBER))
        for place, name in enumerate(name for name in names if name in COLUMNS):
            header.moveSection(header.visualIndex(COLUMNS.index(name)), place)

    def mark_sort(self, name: str, descending: bool) -> None:
        """Show in the header what the list is sorted by."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(COLUMNS.index(name), order)

    def seen(self) -> tuple[int, int]:
        """The first and the last row that are seen; the last is before the first where there is none."""
        first = self.rowAt(0)
        last = self.rowAt(self.viewport().height() - 1)
        end = len(self._cases.ids) - 1
        return (0 if first < 0 else first), (end if last < 0 else last)

    def around(self) -> tuple[int, int]:
        """The rows that are seen, with some more on either side."""
        first, last = self.seen()
        return max(0, first - _AHEAD), min(len(self._cases.ids) - 1, last + _AHEAD)

    def current_id(self) -> int | None:
        """The case under the cursor."""
        index = self.currentIndex()
        return self._cases.id_at(index.row()) if index.isValid() else None

    def selected_rows(self) -> list[tuple[int, int]]:
        """The selected rows as first and last of each run, so that a million of them are one."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(place) for place in range(selection.size()))
        return sorted({(part.top(), part.bottom()) for part in ranges})

    def selected_count(self) -> int:
        """How many rows are selected."""
        return sum(last - first + 1 for first, last in self.selected_rows())

    def selected_ids(self, at_most: int) -> list[int]:
        """The selected cases from the top, no more than `at_most`."""
        found: list[int] = []
        for first, last in self.selected_rows():
            found.extend(self._cases.ids[first : min(last + 1, first + at_most - len(found))])
        return found

    def remembered(self) -> tuple[int | None, int | None, list[int]]:
        """What must stay in place while the list is read again: the top case, the current one, the selected ones."""
        first, _last = self.seen()
        selected = self.selected_ids(_KEPT_SELECTED + 1)
        return self._cases.id_at(first), self.current_id(), selected if len(selected) <= _KEPT_SELECTED else []

    def put_back(self, top: int | None, current: int | None, selected: Iterable[int]) -> None:
        """Scroll so that row `top` is first, and mark these rows; None leaves things as they are."""
        if top is not None:
            offset = self.verticalScrollBar().value() % max(1, self.rowHeight(0))
            self.verticalScrollBar().setValue(top * self.rowHeight(0) + offset)
        columns = len(TABLE) - 1
        chosen = QItemSelection()
        for row in selected:
            chosen.select(self._cases.index(row, 0), self._cases.index(row, columns))
        flags = QItemSelectionModel.SelectionFlag
        if current is not None:
            self.selectionModel().setCurrentIndex(self._cases.index(current, _NUMBER), flags.NoUpdate)
        if not chosen.isEmpty():
            self.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)

    def go_to(self, row: int) -> None:
        """Make `row` the current and only selected one."""
        self.setCurrentIndex(self._cases.index(row, _NUMBER))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._first_columns and self.isVisible():
            self._first_columns = False
            self._fill_width()

    def copy(self) -> None:
        self.copy_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            return
        super().keyPressEvent(event)
        if event.key() == Qt.Key.Key_End:
            self.end_wanted.emit()

    def keyboardSearch(self, search: str) -> None:
        if search.strip():
            self.typed.emit(search)

    def moveCursor(
        self, action: DataTable.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        rows = len(self._cases.ids)
        if rows and action in (DataTable.CursorAction.MoveHome, DataTable.CursorAction.MoveEnd):
            home = action == DataTable.CursorAction.MoveHome
            return self._cases.index(0 if home else rows - 1, max(0, self.currentIndex().column()))
        return super().moveCursor(action, modifiers)

    def paintEvent(self, event: QPaintEvent) -> None:
        # Not by delegates: these ask the model six times for each cell, which takes three times as long as to paint it.
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        if self._cases.ids:
            self._paint_rows(painter, event.rect())
        self.paint_marks(painter)

    def _paint_rows(self, painter: QPainter, area: QRect) -> None:
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        end = len(self._cases.ids) - 1
        columns = [
            (column, self.columnViewportPosition(column), self.columnWidth(column))
            for column in self.shown_columns()
            if self.columnViewportPosition(column) <= area.right()
        ]
        selected = self.selected_rows()
        for row in range(max(0, first), (end if last < 0 else last) + 1):
            line = QRect(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))
            if any(top <= row <= bottom for top, bottom in selected):
                painter.fillRect(line, theme.colour('accent_soft'))
            shown = self._cases.look(row)
            if shown is None:
                _paint_skeleton(painter, line, row, columns)
            else:
                _paint_row(painter, line, shown, columns)

    def _fill_width(self) -> None:
        last = self.shown_columns()[-1]
        room = self.viewport().width() - sum(self.columnWidth(at) for at in self.shown_columns() if at != last)
        room -= TABLE[last].width
        for column in (COLUMNS.index(name) for name in _WHERE_WIDE):
            room -= TABLE[column].width
            if room < 0:
                break
            self.setColumnHidden(column, False)

    def _hide_extra(self) -> None:
        for at, column in enumerate(TABLE):
            self.setColumnHidden(at, not column.shown)


def _paint_row(painter: QPainter, line: QRect, shown: Shown, columns: Sequence[tuple[int, int, int]]) -> None:
    font, widest = painter.font().key(), painter.font().pixelSize()
    painter.setPen(theme.colour('text'))
    for column, left, width in columns:
        words, room = shown.words[column], width - 2 * _MARGIN
        if not words:
            continue
        if column == _DUE and shown.state is not None:
            cell = QRect(left, line.top(), width, line.height()).adjusted(_PILL_MARGIN, 0, -_PILL_MARGIN, 0)
            paint_state(painter, cell, shown.state, words)
            painter.setPen(theme.colour('text'))
            continue
        # Hardly a character is wider than the font is high, so most words need not be measured.
        if len(words) * widest > room:
            words, _width = fitted(font, words, room)
        painter.drawText(left + _MARGIN, line.top(), room, line.height(), ALIGNMENTS[column], words)


def _paint_skeleton(painter: QPainter, line: QRect, row: int, columns: Sequence[tuple[int, int, int]]) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour('sunken'))
    top = line.top() + (line.height() - 10) / 2
    for place, (_column, left, width) in enumerate(columns):
        bar = QRectF(left + _PILL_MARGIN, top, (width - 16) * _BARS[(row + place) % len(_BARS)], 10)
        painter.drawRoundedRect(bar, 4, 4)
    painter.restore()
