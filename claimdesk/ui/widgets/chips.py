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

    The popup is made when it is first opened: `fill(popup)` puts the fields into `popup.column`. Call
    `set_summary` when the value changes. `cleared` is emitted when the handler takes the filter off (the Delete key,
    or Clear).
    """

    cleared = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('kind', 'chip')
        self.setProperty('active', False)
        self.setIconSize(QSize(12, 12))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._words = words
        self.popup: Popup | None = None
        self.set_summary('')
        self.clicked.connect(self.open_popup)

    def fill(self, popup: Popup) -> None:
        """Put what the filter is chosen by into the popup."""

    def set_summary(self, summary: str) -> None:
        """Say what the filter is set to; '' for not set."""
        colon = _("{name}: {value}").format(name=self._words, value=summary) if summary else self._words
        shown = colon if len(colon) <= 40 else f'{colon[:39]}…'
        self.setText(shown.replace('&', '&&'))
        self.setAccessibleName(colon)
        self.set_active(bool(summary))

    def set_active(self, active: bool) -> None:
        """Whether it looks as if it narrows the list."""
        self.setIcon(icons.icon('chevron-down', 'accent_text' if active else 'secondary'))
        if self.property('active') != active:
            self.setProperty('active', active)
            theme.restyle(self)

    def open_popup(self) -> None:
        """Show the popup under the chip."""
        if self.popup is None:
            self.popup = Popup(self)
            self.fill(self.popup)
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
        self._choices: list[tuple[Any, str]] = list(choices)
        self._ticked: set[Any] = set()
        self._list: QListWidget | None = None
        self._search: SearchEdit | None = None
        super().__init__(words, parent)

    def set_choices(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Offer other values, keeping those that are ticked."""
        self._choices = list(choices)
        self._ticked &= {value for value, _words in self._choices}
        self._show()

    def values(self) -> list[Any]:
        """What is ticked."""
        return [value for value, _words in self._choices if value in self._ticked]

    def set_values(self, values: Iterable[Any]) -> None:
        """Tick these, without telling."""
        self._ticked = set(values) & {value for value, _words in self._choices}
        self._show()

    def clear(self) -> None:
        self.set_values([])
        self.cleared.emit()
        self.changed.emit()

    def fill(self, popup: Popup) -> None:
        self._search = SearchEdit(_("Find"), popup)
        self._search.textChanged.connect(self._narrow)
        self._list = QListWidget(popup)
        self._list.setMinimumWidth(220)
        self._list.setAccessibleName(self._words)
        self._list.itemChanged.connect(self._flipped)
        self._list.itemActivated.connect(self._flip)
        self._search.wanted_down.connect(self._list.setFocus)
        row = QHBoxLayout()
        row.addWidget(Button(_("Clear"), self.clear, kind='link'))
        row.addStretch(1)
        popup.column.addWidget(self._search)
        popup.column.addWidget(self._list)
        popup.column.addLayout(row)
        self._show()

    def open_popup(self) -> None:
        super().open_popup()
        if self._list is not None and self._search is not None:
            self._search.clear()
            (self._list if self._search.isHidden() else self._search).setFocus()

    def _show(self) -> None:
        words = [words for value, words in self._choices if value in self._ticked]
        self.set_summary(', '.join(words) if len(words) <= 2 else _("{n} chosen").format(n=len(words)))
        if self._list is None or self._search is None:
            return
        self._list.blockSignals(True)
        if [self._list.item(row).text() for row in range(self._list.count())] != [words for _v, words in self._choices]:
            self._list.clear()
            for _value, words_of_it in self._choices:
                item = QListWidgetItem(words_of_it)
                item.setSizeHint(QSize(100, _ROW))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                self._list.addItem(item)
        for row, (value, _words) in enumerate(self._choices):
            on = value in self._ticked
            self._list.item(row).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self._list.blockSignals(False)
        self._search.setVisible(self._list.count() > _SEARCH_FROM)
        self._list.setFixedHeight(min(self._list.count(), 10) * _ROW + 8)

    def _flipped(self, item: QListWidgetItem) -> None:
        value = self._choices[item.listWidget().row(item)][0]
        if item.checkState() == Qt.CheckState.Checked:
            self._ticked.add(value)
        else:
            self._ticked.discard(value)
        self._show()
        self.changed.emit()

    def _flip(self, item: QListWidgetItem) -> None:
        on = item.checkState() == Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _narrow(self, typed: str) -> None:
        if self._list is not None:
            for row in range(self._list.count()):
                item = self._list.item(row)
                item.setHidden(typed.casefold() not in item.text().casefold())
