"""Chips above a list: saved views with their counts, and filters that open a small popup."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, text, theme
from claimdesk.ui.widgets.buttons import Button
from claimdesk.ui.widgets.fields import SearchEdit

_SEARCH_FROM = 8
_ROW = 30


class Chip(QPushButton):
    """A view that can be chosen, with a count that may arrive later."""

    def __init__(self, words: str, count: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('kind', 'chip')
        self.setCheckable(True)
        self._words = words
        self.set_count(count)

    def set_count(self, count: int | None) -> None:
        """Show how many there are; None: not known yet."""
        shown = self._words if count is None else f'{self._words}  {text.number(count)}'
        self.setText(shown.replace('&', '&&'))
        self.setAccessibleName(shown)


class Popup(QFrame):
    """A small surface that opens under a chip and closes on Escape or a click elsewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName('popup')
        self.setProperty('surface', 'card')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        self.column.setSpacing(theme.SPACE_8)

    def open_under(self, widget: QWidget) -> None:
        """Show it under `widget`, inside its screen."""
        self.adjustSize()
        place = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        screen = widget.screen().availableGeometry()
        place.setX(max(screen.left(), min(place.x(), screen.right() - self.width())))
        if place.y() + self.height() > screen.bottom():
            place.setY(max(screen.top(), widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4))
        self.move(place)
        self.show()


class FilterChip(QPushButton):
    """A filter: its name while it is loose, its name and value while it narrows the list.

    Put anything into `self.popup.column`; call `set_summary` when the value changes. `cleared` is emitted when the
    handler takes the filter off (the Delete key, or Clear in the popup).
    """

    cleared = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('kind', 'chip')
        self.setIconSize(QSize(12, 12))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._words = words
        self.popup = Popup(self)
        self.set_summary('')
        self.clicked.connect(self.open_popup)

    def set_summary(self, summary: str) -> None:
        """Say what the filter is set to; '' for not set."""
        colon = _("{name}: {value}").format(name=self._words, value=summary) if summary else self._words
        shown = colon if len(colon) <= 40 else f'{colon[:39]}…'
        self.setText(shown.replace('&', '&&'))
        self.setAccessibleName(colon)
        self.setProperty('active', bool(summary))
        self.setIcon(icons.icon('chevron-down', 'accent_text' if summary else 'secondary'))
        theme.restyle(self)

    def open_popup(self) -> None:
        """Show the popup under the chip."""
        self.popup.open_under(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.property('active'):
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self.open_popup()
        else:
            super().keyPressEvent(event)

    def clear(self) -> None:
        """Take the filter off."""
        self.set_summary('')
        self.cleared.emit()


class ChoiceChip(FilterChip):
    """A filter that is one or several of a list of choices; `changed` follows every tick."""

    changed = Signal()

    def __init__(self, words: str, choices: Iterable[tuple[Any, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._search = SearchEdit(_("Find"), self.popup)
        self._search.textChanged.connect(self._narrow)
        self._list = QListWidget(self.popup)
        self._list.setMinimumWidth(220)
        self._list.setAccessibleName(words)
        self._list.itemChanged.connect(self._ticked)
        self._list.itemActivated.connect(self._flip)
        self._search.wanted_down.connect(self._list.setFocus)
        clear = Button(_("Clear"), self.clear, kind='link')
        row = QHBoxLayout()
        row.addWidget(clear)
        row.addStretch(1)
        self.popup.column.addWidget(self._search)
        self.popup.column.addWidget(self._list)
        self.popup.column.addLayout(row)
        self.set_choices(choices)

    def set_choices(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Offer other values, keeping those that are ticked."""
        ticked = self.values()
        self._list.blockSignals(True)
        self._list.clear()
        for value, words in choices:
            item = QListWidgetItem(words)
            item.setSizeHint(QSize(100, _ROW))
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if value in ticked else Qt.CheckState.Unchecked)
            self._list.addItem(item)
        self._list.blockSignals(False)
        self._search.setVisible(self._list.count() > _SEARCH_FROM)
        self._list.setFixedHeight(min(self._list.count(), 10) * _ROW + 8)
        self._summarise()

    def values(self) -> list[Any]:
        """What is ticked."""
        items = (self._list.item(row) for row in range(self._list.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked]

    def set_values(self, values: Iterable[Any]) -> None:
        """Tick these, without telling."""
        wanted = list(values)
        self._list.blockSignals(True)
        for row in range(self._list.count()):
            item = self._list.item(row)
            on = item.data(Qt.ItemDataRole.UserRole) in wanted
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)
        self._summarise()

    def clear(self) -> None:
        self.set_values([])
        self.cleared.emit()
        self.changed.emit()

    def open_popup(self) -> None:
        super().open_popup()
        self._search.clear()
        (self._list if self._search.isHidden() else self._search).setFocus()

    def _ticked(self, _item: QListWidgetItem) -> None:
        self._summarise()
        self.changed.emit()

    def _flip(self, item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _narrow(self, typed: str) -> None:
        for row in range(self._list.count()):
            self._list.item(row).setHidden(typed.casefold() not in self._list.item(row).text().casefold())

    def _summarise(self) -> None:
        items = (self._list.item(row) for row in range(self._list.count()))
        words = [item.text() for item in items if item.checkState() == Qt.CheckState.Checked]
        self.set_summary(', '.join(words) if len(words) <= 2 else _("{n} chosen").format(n=len(words)))
