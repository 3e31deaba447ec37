"""A due state that can be clicked: colour, icon and words, with a focus ring."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from claimdesk.ui import theme
from claimdesk.ui.fitting import fitted
from claimdesk.ui.widgets import paint_pill, set_tip
from claimdesk.ui.widgets.state import UNBOUND


class PillButton(QAbstractButton):
    """Looks like a `StateBadge` and opens something."""

    def __init__(self, do: Callable[[], object], tip: str = '', key: str = '', parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone, self._picture = '', 'clock'
        self._tip, self._key = tip, key
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_tip(self, tip, key)
        self.clicked.connect(lambda _checked=False: do())

    def set_pill(self, tone: str, picture: str, words: str) -> None:
        """Show a tone of the theme, an icon and words."""
        self._tone, self._picture = tone, picture
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(self._tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        _words, wide = fitted(self.font().key(), self.text(), UNBOUND)
        return QSize(wide + 38, QFontMetrics(self.font()).height() + 10)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse() and not self._tone:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour('hover'))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        paint_pill(painter, self.rect().adjusted(2, 2, -2, -2), self._tone, self._picture, self.text())
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour('accent'), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
