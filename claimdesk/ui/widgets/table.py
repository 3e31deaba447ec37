"""The table of the house: compact rows, columns that are remembered, rows that can be copied as a table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QModelIndex, QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets.labels import plain_tip

KEEP_AFTER_MS = 300


class DataTable(QTableView):
    """A table that remembers its columns under `name` and copies its selected rows with Ctrl+C.

    `opened` is emitted with the current index on Enter or a double click. Columns are moved and hidden by the mouse
    or the header's menu; the state is kept in QSettings.
    """

    opened = Signal(QModelIndex)
    previewed = Signal(QModelIndex)

    def __init__(self, name: str, parent: QWidget | None = None, *, row_height: int = theme.ROW_COMPACT) -> None:
        super().__init__(parent)
        self._name = name
        self._restored = False
        self._first = QByteArray()
        self._fixed: set[int] = set()
        self._keep_timer = QTimer(self)
        self._keep_timer.setSingleShot(True)
        self._keep_timer.setInterval(KEEP_AFTER_MS)
        self._keep_timer.timeout.connect(self._keep_columns)
        self.empty_words: Callable[[], str] | None = None
        self.setObjectName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setFont(theme.font(tabular=True))
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(20)
        rows.setDefaultSectionSize(row_height)
        rows.hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self.open_columns_menu)
        header.setMinimumSectionSize(40)
        self.doubleClicked.connect(self.opened)
        copy = QAction(self)
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self.copy)
        self.addAction(copy)

    def set_widths(self, *widths: int) -> None:
        """Give the columns their first widths, then put back what this handler chose before."""
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)
        self.restore_columns()

    def keep_shown(self, *columns: int) -> None:
        """These columns cannot be hidden."""
        self._fixed.update(columns)

    def restore_columns(self) -> None:
        """Put back order, widths and visibility as they were left."""
        kept = QSettings().value(f'columns/{self._name}')
        header = self.horizontalHeader()
        self._first = header.saveState()
        if isinstance(kept, QByteArray) and (
            not header.restoreState(kept) or header.count() != self.model().columnCount()
        ):
            header.restoreState(self._first)
        self._restored = True
        for signal in (header.sectionResized, header.sectionMoved):
            signal.connect(self._keep_columns_soon)

    def reset_columns(self) -> None:
        """Forget what was chosen: the columns as they were at first."""
        header = self.horizontalHeader()
        sorted_by = header.sortIndicatorSection(), header.sortIndicatorOrder()
        header.restoreState(self._first)
        header.setSortIndicator(*sorted_by)
        QSettings().remove(f'columns/{self._name}')

    def open_columns_menu(self, place: QPoint) -> None:
        """The header's menu: which columns show."""
        header = self.horizontalHeader()
        menu = QMenu(self)
        for column in range(header.count()):
            words = str(self.model().headerData(column, Qt.Orientation.Horizontal) or '')
            action = menu.addAction(words.replace('&', '&&'))
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(column))
            action.setEnabled(column not in self._fixed)
            action.toggled.connect(lambda on, column=column: self.show_column(column, on))
        menu.addSeparator()
        menu.addAction(icons.icon('undo-2'), _("As they were at first"), self.reset_columns)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(header.mapToGlobal(place))

    def show_column(self, column: int, shown: bool) -> None:
        """Show or hide a column and remember it."""
        self.setColumnHidden(column, not shown)
        self._keep_columns()

    def shown_columns(self) -> list[int]:
        """The visible columns in the order in which they are seen."""
        header = self.horizontalHeader()
        order = (header.logicalIndex(place) for place in range(header.count()))
        return [column for column in order if not header.isSectionHidden(column)]

    def copy(self) -> None:
        """Put the selected rows with their header on the clipboard, as a table for a spreadsheet."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        if not rows:
            return
        model, columns = self.model(), self.shown_columns()
        lines = [[str(model.headerData(column, Qt.Orientation.Horizontal) or '') for column in columns]]
        lines += [[str(model.index(row, column).data() or '') for column in columns] for row in rows]
        cleaned = ('\t'.join(_one_line(cell) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText('\n'.join(cleaned))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.previewed.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.paint_marks(QPainter(self.viewport()))

    def paint_marks(self, painter: QPainter) -> None:
        """Paint what comes above the rows: the words of an empty table, and the sign of the current row."""
        if self.empty_words is not None and self.model() is not None and self.model().rowCount() == 0:
            painter.setPen(theme.colour('secondary'))
            area = self.viewport().rect().adjusted(24, 24, -24, -24)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.empty_words())
        if self.hasFocus() and self.currentIndex().isValid():
            row = self.visualRect(self.currentIndex())
            painter.fillRect(0, row.top(), 3, row.height(), theme.colour('accent'))

    def _keep_columns_soon(self, *_ignored: object) -> None:
        # A file is written: not for each pixel that a window or a column grows.
        self._keep_timer.start()

    def _keep_columns(self) -> None:
        if self._restored:
            QSettings().setValue(f'columns/{self._name}', self.horizontalHeader().saveState())


def cell_tip(text: str) -> str:
    """A tool tip for a cell whose text comes from a user."""
    return plain_tip(text)


def _one_line(text: str) -> str:
    return ' '.join(text.split())
