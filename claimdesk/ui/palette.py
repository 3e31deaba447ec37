"""Ctrl+K: one field that finds cases, pages and commands; Enter goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.ui import icons, theme
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets.fields import SearchEdit
from claimdesk.ui.widgets.labels import PlainLabel, separator

_WIDTH, _ROW, _MOST_ROWS = 640, 36, 11


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, a quieter second word, and what choosing it does."""

    title: str
    do: Callable[[], object]
    note: str = ''
    icon: str = 'arrow-right'
    key: str = ''
    group: str = ''


Finder = Callable[[str, Progress], Sequence[Hit]]


def window_commands(
    wish: Callable[[str, str], object], scan: Callable[[], object], refresh: Callable[[], object],
    show_keys: Callable[[], object],
) -> list[Hit]:  # fmt: skip
    """What the window itself can do; `wish` takes what the person's menu asks for."""
    group = _("Commands")
    return [
        Hit(title, do, '', icon, key, group)
        for title, icon, do, key in (
            (_("Scan or open documents"), 'scan-line', scan, 'Ctrl+Shift+S'),
            (_("Read everything again"), 'refresh-cw', refresh, 'F5'),
            (_("Reminders"), 'alarm-clock', partial(wish, 'reminders', ''), 'F8'),
            (_("Keys"), 'keyboard', show_keys, 'F1'),
            (_("Light"), 'sun', partial(wish, 'theme', 'light'), ''),
            (_("Dark"), 'moon', partial(wish, 'theme', 'dark'), ''),
            ('简体中文', 'languages', partial(wish, 'language', 'zh_CN'), ''),
            ('English', 'languages', partial(wish, 'language', 'en'), ''),
            (_("Change password…"), 'key-round', partial(wish, 'password', ''), ''),
            (_("Sign out"), 'log-out', partial(wish, 'sign out', ''), ''),
        )
    ]


class _Hits(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show(self, hits: Sequence[Hit]) -> None:
        self.beginResetModel()
        self.hits = list(hits)
        self.endResetModel()

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return len(self.hits)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self.hits[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f'{hit.title} {hit.note}'.strip()
        return None


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, _ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        if not isinstance(model, _Hits):
            return
        hit = model.hits[index.row()]
        area = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(area, theme.colour('accent_soft'))
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour('accent'))
        picture = icons.pixmap(hit.icon, 'accent_text' if chosen else 'secondary')
        painter.drawPixmap(area.left() + 14, area.top() + (area.height() - icons.SMALL) // 2, picture)
        line = area.adjusted(42, 0, -14, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        right = hit.key or (hit.group if index.row() == 0 or model.hits[index.row() - 1].group != hit.group else '')
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour('secondary'))
        painter.drawText(line, middle | int(Qt.AlignmentFlag.AlignRight), right)
        taken = painter.fontMetrics().horizontalAdvance(right) + 16 if right else 0
        painter.setFont(theme.font())
        metrics = painter.fontMetrics()
        room = line.width() - taken
        title = metrics.elidedText(hit.title, Qt.TextElideMode.ElideRight, room)
        painter.setPen(theme.colour('text'))
        painter.drawText(line, middle, title)
        used = metrics.horizontalAdvance(title) + 12
        if hit.note and room - used > 30:
            painter.setFont(theme.font(theme.SECONDARY))
            painter.setPen(theme.colour('secondary'))
            note = painter.fontMetrics().elidedText(hit.note, Qt.TextElideMode.ElideRight, room - used)
            painter.drawText(line.adjusted(used, 0, 0, 0), middle, note)


class Palette(QFrame):
    """Lies over the top of the window while it is open. Escape or a click elsewhere closes it."""

    def __init__(self, parent: QWidget, tasks: Tasks, find_cases: Finder, offers: Callable[[], list[Hit]]) -> None:
        super().__init__(parent)
        self._tasks, self._find_cases, self._offers = tasks, find_cases, offers
        self._cases: list[Hit] = []
        self._matching: list[Hit] = []
        self._came_from: QWidget | None = None
        self.setProperty('surface', 'card')
        self.setAccessibleName(_("Search everything"))
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 6)
        shadow.setColor(theme.colour('border_strong'))
        self.setGraphicsEffect(shadow)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, theme.SPACE_8, 1, theme.SPACE_4)
        column.setSpacing(theme.SPACE_8)
        self.field = SearchEdit(_("Case number, name, plate, phone, policy, place… or a command"))
        self.field.textEdited.connect(self._typed)
        self.field.textChanged.connect(lambda words: None if words else self._typed(''))
        self.field.installEventFilter(self)
        self._model = _Hits(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(_HitDelegate(self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName(_("Results"))
        self._list.clicked.connect(lambda index: self._choose(index.row()))
        self._note = PlainLabel('', 'caption')
        self._note.setContentsMargins(14, 0, 14, 4)
        head = QVBoxLayout()
        head.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_8, 0)
        head.addWidget(self.field)
        column.addLayout(head)
        column.addWidget(separator())
        column.addWidget(self._list, 1)
        column.addWidget(self._note)
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Show it with an empty field and what can be done here."""
        self._came_from = QApplication.focusWidget()
        self.field.clear()
        self._typed('')
        self.show()
        self.raise_()
        self.field.setFocus()

    def close_again(self) -> None:
        """Hide it and give the focus back."""
        if self.isHidden():
            return
        self._tasks.cancel_all(self)
        self.hide()
        if self._came_from is not None and self._came_from.isVisible():
            self._came_from.setFocus()
        self._came_from = None

    @property
    def hits(self) -> list[Hit]:
        """What is offered now."""
        return self._model.hits

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self.field and event.type() == QEvent.Type.FocusOut and QApplication.activePopupWidget() is None:
            self.close_again()
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        rows, at = self._model.rowCount(), self._list.currentIndex().row()
        if event.key() == Qt.Key.Key_Escape:
            self.close_again()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(at)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and rows:
            self._mark((at + (1 if event.key() == Qt.Key.Key_Down else -1)) % rows)
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and rows:
            step = 8 if event.key() == Qt.Key.Key_PageDown else -8
            self._mark(max(0, min(rows - 1, at + step)))
        else:
            return False
        return True

    def _typed(self, words: str) -> None:
        typed = words.strip()
        offers = self._offers()
        parts = typed.casefold().split()
        self._matching = [hit for hit in offers if all(part in f'{hit.title} {hit.note}'.casefold() for part in parts)]
        if not typed:
            self._tasks.cancel_all(self)
            self._cases = []
            self._note.setText(_("↑↓ choose   Enter go   Esc close"))
        else:
            self._note.setText(_("Searching…"))
            self._tasks.run(
                self, lambda progress: self._find_cases(typed, progress), self._found, latest='search',
                failed=lambda error: self._note.setText(error.sentence),
            )  # fmt: skip
        self._show_hits()

    def _found(self, cases: Sequence[Hit]) -> None:
        self._cases = list(cases)
        if self._cases or self._matching:
            self._note.setText(_("↑↓ choose   Enter go   Esc close"))
        else:
            self._note.setText(
                _("Nothing found. Try fewer or other words: a name, a plate, the end of a phone number.")
            )
        self._show_hits()

    def _show_hits(self) -> None:
        marked = self._list.currentIndex().row()
        before = self._model.hits[marked] if 0 < marked < len(self._model.hits) else None
        self._model.show([*self._cases, *self._matching])
        self._mark(self._model.hits.index(before) if before in self._model.hits else 0)
        self._place()

    def _mark(self, row: int) -> None:
        index = self._model.index(row, 0)
        self._list.setCurrentIndex(index)
        self._list.scrollTo(index)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._model.hits):
            hit = self._model.hits[row]
            self.close_again()
            hit.do()

    def _place(self) -> None:
        parent = self.parentWidget()
        width = min(_WIDTH, parent.width() - 48)
        rows = max(1, min(_MOST_ROWS, self._model.rowCount()))
        self.setGeometry((parent.width() - width) // 2, 6, width, 88 + rows * _ROW)
