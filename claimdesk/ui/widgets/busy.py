"""What is shown while something is on its way: skeleton rows, or a sentence with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.later import later
from claimdesk.ui.widgets.buttons import Button
from claimdesk.ui.widgets.labels import PlainLabel

_SHOW_AFTER_MS = 120


class _Overlay(QWidget):
    """Covers another widget and follows its size; shows only if the wait is long enough to be noticed."""

    def __init__(self, covered: QWidget) -> None:
        super().__init__(covered)
        self._covered = covered
        self._wait = later(self, _SHOW_AFTER_MS, self._appear)
        covered.installEventFilter(self)
        self.hide()

    def start(self) -> None:
        """Something is on its way."""
        if self.isHidden():
            self._wait.start()

    def stop(self) -> None:
        """It has come."""
        self._wait.stop()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._covered and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._covered.rect())
        return False

    def _appear(self) -> None:
        self.setGeometry(self._covered.rect())
        self.raise_()
        self.show()


class Skeleton(_Overlay):
    """Grey bars where rows or text will be."""

    def __init__(self, covered: QWidget, row: int = theme.ROW_ROOMY) -> None:
        super().__init__(covered)
        self._row = row
        self.setAccessibleName(_("Loading"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour('surface'))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour('sunken'))
        shares = (0.1, 0.16, 0.12, 0.3, 0.14)
        for number, top in enumerate(range(12, self.height() - self._row, self._row)):
            left = 12.0
            for share in shares:
                width = self.width() * share * (0.7 + 0.3 * ((number * 7 + int(share * 100)) % 5) / 4)
                painter.drawRoundedRect(QRectF(left, top, width, 10), 4, 4)
                left += self.width() * (share + 0.03)


class Busy(_Overlay):
    """A veil with a sentence, a bar and, if it can be stopped, a Cancel button."""

    def __init__(self, covered: QWidget, cancel: Callable[[], object] | None = None) -> None:
        super().__init__(covered)
        self._sentence = PlainLabel('', 'section')
        self._bar = QProgressBar()
        self._bar.setFixedWidth(280)
        self._bar.setTextVisible(False)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACE_12)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._sentence, 0, centre)
        column.addWidget(self._bar, 0, centre)
        row = QHBoxLayout()
        row.addStretch(1)
        if cancel is not None:
            row.addWidget(Button(_("Cancel"), cancel))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)

    def say(self, sentence: str, done: int = 0, total: int = 0) -> None:
        """Show `sentence` and how far it is (`total` 0: unknown), and start if not started."""
        self._sentence.setText(sentence)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self.setAccessibleName(sentence)
        self.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        veil = theme.colour('window')
        veil.setAlphaF(0.92)
        QPainter(self).fillRect(self.rect(), veil)
