"""A panel that slides in from the right, for a preview beside a list."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets.buttons import IconButton
from claimdesk.ui.widgets.labels import ElidedLabel, separator
from claimdesk.ui.widgets.scrolling import panel_scroll


class SidePanel(QWidget):
    """Put the content into `self.column`; `slide_in` and `slide_out` show and hide it; Escape closes it."""

    closed = Signal()

    def __init__(self, title: str = '', width: int = 380, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty('surface', 'panel')
        self._inner = QWidget(self)
        self._inner.setFixedWidth(width)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(separator(upright=True))
        outer.addWidget(self._inner)
        inner = QVBoxLayout(self._inner)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        self._title = ElidedLabel(title, 'section')
        self.tools = QHBoxLayout()
        self.tools.setSpacing(theme.SPACE_4)
        head.addWidget(self._title, 1)
        head.addLayout(self.tools)
        head.addWidget(IconButton('x', _("Close (Esc)"), self.slide_out))
        inner.addLayout(head)
        inner.addWidget(separator())
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, theme.SPACE_16)
        self.column.setSpacing(theme.SPACE_12)
        inner.addWidget(panel_scroll(content), 1)
        self._motion = QPropertyAnimation(self, b'maximumWidth', self)
        self._motion.setDuration(140)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.finished.connect(self._arrived)
        self.setMaximumWidth(0)
        self.hide()

    def set_title(self, title: str) -> None:
        """Another title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    @property
    def is_open(self) -> bool:
        """Whether it is, or is becoming, visible."""
        return not self.isHidden() and self._motion.endValue() != 0

    def slide_in(self) -> None:
        """Show it."""
        if not self.is_open:
            self.show()
            self._move(self._width + 1)

    def slide_out(self) -> None:
        """Hide it."""
        if self.is_open:
            self._move(0)
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.slide_out()
        else:
            super().keyPressEvent(event)

    def _move(self, width: int) -> None:
        self._motion.stop()
        self._motion.setStartValue(min(self.maximumWidth(), self._width + 1))
        self._motion.setEndValue(width)
        self._motion.start()

    def _arrived(self) -> None:
        if self._motion.endValue() == 0:
            self.hide()
