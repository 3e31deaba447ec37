"""The workbench's rows: groups by urgency, each a headline and its cases, as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from claimdesk.language import N_, _
from claimdesk.services.work_items import Urgency, WorkGroup, WorkItem
from claimdesk.services.workbench import Load
from claimdesk.ui import icons, text, theme
from claimdesk.ui.widgets import STATE_ROLE, DataTable, StateDelegate, plain_tip
from claimdesk.vocabulary import label

TONES: dict[Urgency, tuple[str, str]] = {
    Urgency.OVERDUE: ('red', 'clock-alert'),
    Urgency.TODAY: ('orange', 'clock'),
    Urgency.RETURNED: ('red', 'undo-2'),
    Urgency.UNOWNED: ('orange', 'user-plus'),
    Urgency.NEXT_DAYS: ('amber', 'hourglass'),
    Urgency.DECISION: ('accent_text', 'stamp'),
    Urgency.VISITS: ('accent_text', 'map-pin'),
    Urgency.CUSTOMERS: ('accent_text', 'message-square'),
    Urgency.STANDING_IN: ('accent_text', 'users'),
    Urgency.BANK: ('accent_text', 'banknote'),
    Urgency.UNTOUCHED: ('grey', 'history'),
    Urgency.WAITING: ('slate', 'circle-pause'),
}
"""Colour and picture of each group."""

TITLES = (N_("Due"), N_("Case number"), N_("Insured"), N_("Plate"), N_("Line of business"), N_("Stage"), N_("Handler"),
          N_("Why"), N_("What to do"))  # fmt: skip
WIDTHS = (146, 132, 132, 96, 100, 92, 84, 220, 210)
TEAM_WIDTHS = (130, 124, 116, 96, 100, 96, 76, 170, 180)
_DUE, _NUMBER, _PLATE, _LINE, _HANDLER, _NOTE, _ACTION = 0, 1, 3, 4, 6, len(TITLES) - 2, len(TITLES) - 1
_NO_INDEX = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Headline:
    """The line above a group; `more` cases of it are not shown."""

    urgency: Urgency
    count: int
    more: int


class WorkModel(QAbstractTableModel):
    """Headlines and what stands below them, in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Headline | WorkItem] = []
        self._words: list[tuple[str, ...]] = []

    def show(self, groups: Sequence[WorkGroup]) -> None:
        """Show these groups."""
        self.beginResetModel()
        self._rows, self._words = [], []
        for group in groups:
            headline = Headline(group.urgency, group.count, group.count - len(group.items))
            self._rows.append(headline)
            self._words.append((headline_words(headline),))
            for item in group.items:
                self._rows.append(item)
                self._words.append(_cells(item))
        self.endResetModel()

    def item(self, row: int) -> WorkItem | None:
        """The case in that row; None for a headline."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, WorkItem) else None

    def headline(self, row: int) -> Headline | None:
        """The headline in that row; None for a case."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Headline) else None

    def row_of(self, key: str) -> int | None:
        """Where something stands."""
        places = (at for at, row in enumerate(self._rows) if isinstance(row, WorkItem) and row.key == key)
        return next(places, None)

    def next_item(self, row: int, step: int) -> int | None:
        """The next row with a case from `row` on, downwards (1) or upwards (-1), `row` itself included."""
        while 0 <= row < len(self._rows):
            if isinstance(self._rows[row], WorkItem):
                return row
            row += step
        return None

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.item(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, words = self._rows[index.row()], self._words[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return words[column] if column < len(words) else None
        if isinstance(row, Headline):
            return None
        if role == STATE_ROLE and column == _DUE:
            return row.due_state if row.due_words else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(words[column])
        if role == Qt.ItemDataRole.ForegroundRole and column == _ACTION:
            return theme.colour('accent_text')
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(TITLES[section])
        return None


class WorkTable(DataTable):
    """The table of the workbench: the arrow keys pass over headlines; a click on what to do opens the case there.

    With `handlers` it shows the cases of several people, and stands beside the table of their load.
    """

    def __init__(self, model: WorkModel, parent: QWidget | None = None, *, handlers: bool = False) -> None:
        super().__init__('team_work' if handlers else 'work', parent, row_height=theme.ROW_COMPACT)
        self._work = model
        self.setModel(model)
        self.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.setItemDelegate(_HeadlineDelegate(self))
        self.setItemDelegateForColumn(_DUE, _DueDelegate(self))
        self.setAccessibleName(_("What you must do"))
        self.setMouseTracking(True)
        for column in (_PLATE, _LINE):
            self.setColumnHidden(column, handlers)
        self.setColumnHidden(_HANDLER, not handlers)
        self.set_widths(*(TEAM_WIDTHS if handlers else WIDTHS))
        # What there is of room is shared by the two columns of words.
        for column in (_NOTE, _ACTION):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.keep_shown(_DUE, _NUMBER, _ACTION)
        self.clicked.connect(self._clicked)

    def lay_out(self) -> None:
        """After the model changed: headlines reach over all columns and are a little taller."""
        self.clearSpans()
        for row in range(self._work.rowCount()):
            if self._work.headline(row) is not None:
                self.setSpan(row, 0, 1, len(TITLES))
                self.setRowHeight(row, theme.ROW_ROOMY + 4)
            else:
                self.setRowHeight(row, theme.ROW_COMPACT)

    def go_to(self, row: int | None) -> None:
        """Make a row the current one."""
        if row is not None:
            self.setCurrentIndex(self._work.index(row, _NUMBER))

    def moveCursor(self, action: DataTable.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        steps = {
            DataTable.CursorAction.MoveUp: -1,
            DataTable.CursorAction.MoveDown: 1,
            DataTable.CursorAction.MovePageUp: -12,
            DataTable.CursorAction.MovePageDown: 12,
        }
        last = self._work.rowCount() - 1
        now = self.currentIndex().row()
        if action in steps:
            step = steps[action]
            wanted = max(0, min(last, now + step))
            row = self._work.next_item(wanted, 1 if step > 0 else -1)
        elif action == DataTable.CursorAction.MoveHome:
            row = self._work.next_item(0, 1)
        elif action == DataTable.CursorAction.MoveEnd:
            row = self._work.next_item(last, -1)
        else:
            return super().moveCursor(action, modifiers)
        return self.currentIndex() if row is None else self._work.index(row, max(0, self.currentIndex().column()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        over = index.isValid() and index.column() == _ACTION and self._work.item(index.row()) is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == _ACTION and self._work.item(index.row()) is not None:
            self.opened.emit(index)


class _HeadlineDelegate(QStyledItemDelegate):
    """Paints headlines with their picture; cases as usual."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not paint_headline(painter, option, index):
            super().paint(painter, option, index)


class _DueDelegate(StateDelegate):
    """The same for the column of time limits, where a headline begins."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not paint_headline(painter, option, index):
            super().paint(painter, option, index)


def paint_headline(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> bool:
    """Paint the headline of a group; False if that row is a case."""
    model = index.model()
    headline = model.headline(index.row()) if isinstance(model, WorkModel) else None
    if headline is None:
        return False
    tone, picture = TONES[headline.urgency]
    area = option.rect
    painter.save()
    painter.fillRect(area, theme.colour('window'))
    painter.drawPixmap(
        area.left() + 10, area.top() + (area.height() - icons.SMALL) // 2, icons.pixmap(picture, tone, icons.SMALL)
    )
    painter.setFont(theme.font(strong=True))
    painter.setPen(theme.colour(tone))
    painter.drawText(area.adjusted(34, 0, -8, 0), int(Qt.AlignmentFlag.AlignVCenter), str(index.data() or ''))
    painter.restore()
    return True


def headline_words(headline: Headline) -> str:
    """`Overdue  12`, and how many more there are than shown."""
    words = f'{label(headline.urgency)}  {text.number(headline.count)}'
    if headline.more:
        words += '   ' + _("the {n} most urgent are shown").format(n=text.number(headline.count - headline.more))
    return words


def _cells(item: WorkItem) -> tuple[str, ...]:
    row = item.row
    case = ('',) * 5 if row is None else (
        row.insured_name, row.plate, label(row.line), label(row.stage), row.owner
    )  # fmt: skip
    return (item.due_words, item.number, *case, item.note, item.action)


LOAD_TITLES = (N_("Handler"), N_("In hand"), N_("Overdue"), N_("Due today"), N_("Load"))


class LoadsModel(QAbstractTableModel):
    """People and how much they have to do."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.loads: list[Load] = []

    def show(self, loads: Sequence[Load]) -> None:
        """Show these people."""
        self.beginResetModel()
        self.loads = list(loads)
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self.loads)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(LOAD_TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        load, column = self.loads[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            name = _("{name} (away)").format(name=load.name) if load.away else load.name
            share = f'{round(100 * load.open_cases / max(1, load.capacity))}%'
            return (name, text.number(load.open_cases), str(load.overdue or ''), str(load.today or ''), share)[column]
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole:
            if column == 2:
                return theme.colour('red')
            if column == 3:
                return theme.colour('orange')
            if column == 4 and load.open_cases > load.capacity:
                return theme.colour('red')
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return _(LOAD_TITLES[section])
            if role == Qt.ItemDataRole.TextAlignmentRole and section:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None
