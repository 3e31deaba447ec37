"""A word in passing at the bottom of the window: it is done, and here is Undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets.labels import PlainLabel

_PLAIN_MS, _UNDO_MS = 4000, 9000


class Toast(QWidget):
    """One at a time, over the bottom of its parent; stays longer when it can be undone and while the mouse is on it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._undo: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        row.setSpacing(theme.SPACE_12)
        self._words = PlainLabel()
        self._button = QPushButton(_("Undo"))
        self._button.setProperty('kind', 'quiet')
        self._button.clicked.connect(self._act)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, undo: Callable[[], object] | None = None) -> None:
        """Show `sentence` for a few seconds, with Undo if it can be undone."""
        t = theme.tokens()
        self._undo = undo
        self._words.setText(sentence)
        self._words.setStyleSheet(f'color: {t.on_tip};')
        self._button.setText(_("Undo"))
        self._button.setStyleSheet(f'color: {t.on_tip}; background: transparent; text-decoration: underline;')
        self._button.setVisible(undo is not None)
        self.setAccessibleName(sentence)
        self.adjustSize()
        self._place()
        self.raise_()
        self.show()
        self._timer.start(_PLAIN_MS if undo is None else _UNDO_MS)

    @property
    def can_undo(self) -> bool:
        """Whether Ctrl+Z would undo what it speaks of."""
        return not self.isHidden() and self._undo is not None

    def undo(self) -> None:
        """Undo what it speaks of."""
        self._act()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour('tip'))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent():
            self._place()
        return False

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(_PLAIN_MS)

    def _place(self) -> None:
        parent = self.parentWidget()
        self.move((parent.width() - self.width()) // 2, parent.height() - self.height() - 48)

    def _act(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
