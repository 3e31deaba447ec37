"""The navigation rail on the left: an icon and two characters for each page, with what waits as a badge."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QLabel, QToolButton, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.pages import Entry
from claimdesk.ui.widgets.buttons import set_tip

WIDTH = 76


class RailButton(QToolButton):
    """One page: icon over its name, and a count in the corner."""

    def __init__(self, words: str, icon: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._words, self._count = icon, words, 0
        self.setProperty('kind', 'rail')
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(icons.MEDIUM, icons.MEDIUM))
        self.setFixedSize(WIDTH - 12, 52)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setText(words)
        self.setAccessibleName(words)
        set_tip(self, words, key)
        self.toggled.connect(self._paint)
        self._paint(False)

    def set_count(self, count: int) -> None:
        """Show how many wait; 0 shows nothing."""
        self._count = count
        self.setAccessibleName(_("{page}, {n} waiting").format(page=self._words, n=count) if count else self._words)
        self.update()

    @property
    def count(self) -> int:
        """What the badge says."""
        return self._count

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        words = str(self._count) if self._count < 100 else '99+'
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(11, strong=True, tabular=True))
        width = max(16, painter.fontMetrics().horizontalAdvance(words) + 8)
        area = QRectF(min(self.width() / 2 + 4, self.width() - width - 1), 3, width, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour('accent'))
        painter.drawRoundedRect(area, 8, 8)
        painter.setPen(theme.colour('on_accent'))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)

    def _paint(self, on: bool) -> None:
        self.setIcon(icons.icon(self._icon, 'accent_text' if on else 'secondary'))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_palette_change(event):
            self._paint(self.isChecked())


class Rail(QWidget):
    """All pages that this person may see; `chosen` is emitted with a page's name."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'rail')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(_("Pages"))
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, theme.SPACE_12, 6, theme.SPACE_8)
        self._column.setSpacing(theme.SPACE_4)
        sign = QLabel()
        sign.setPixmap(icons.logo(28))
        sign.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(sign)
        self._column.addSpacing(theme.SPACE_12)
        self._column.addStretch(1)

    def show_pages(self, pages: Mapping[str, Entry]) -> None:
        """Offer these pages; the last one stands at the bottom."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons.clear()
        for number, (name, entry) in enumerate(pages.items(), start=1):
            button = RailButton(_(entry.title), entry.icon, f'Alt+{number}', self)
            button.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            last = number == len(pages) and number > 1
            self._column.insertWidget(self._column.count() if last else self._column.count() - 1, button)
            self._group.addButton(button)
            self._buttons[name] = button

    def names(self) -> list[str]:
        """The pages that are offered, from the top."""
        return list(self._buttons)

    def light(self, name: str) -> None:
        """Mark the page in front."""
        if name in self._buttons:
            self._buttons[name].setChecked(True)
        else:
            self._group.setExclusive(False)
            for button in self._buttons.values():
                button.setChecked(False)
            self._group.setExclusive(True)

    def set_count(self, name: str, count: int) -> None:
        """Show how many wait on a page."""
        if name in self._buttons:
            self._buttons[name].set_count(count)

    def count(self, name: str) -> int:
        """How many wait on a page."""
        return self._buttons[name].count if name in self._buttons else 0
