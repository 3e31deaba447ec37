"""The window on the screen: painted in the colours of last time before the desk inside it is even imported."""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QEventLoop, QSettings, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from claimdesk import APPLICATION

SIZE = QSize(1366, 768)
MINIMUM = QSize(1000, 640)
BAR, STATUS = 48, 28
"""Heights of the top bar and of the status line."""
_GEOMETRY, _COLOURS = 'window/geometry', 'window/colours'
_LONGEST_WAIT = 500
"""Milliseconds: a window that is never shown, on a server without a screen perhaps, must not hold the program up."""


def make_application() -> QApplication:
    """The one `QApplication`, with the names under which windows and columns are remembered."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setApplicationName(APPLICATION)
    QApplication.setOrganizationName(APPLICATION)
    application = QApplication(sys.argv[:1])
    application.setApplicationDisplayName('')
    return application


class Frame(QMainWindow):
    """Where the window was last time, with the outline of top bar and status line until the desk moves in."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: QEventLoop | None = None
        kept = QSettings()
        names: Any = kept.value(_COLOURS) or []
        self._colours = [QColor(name) for name in names]
        self.setWindowTitle(APPLICATION)
        self.setMinimumSize(MINIMUM)
        self.resize(SIZE)
        geometry = kept.value(_GEOMETRY)
        if geometry is not None:
            self.restoreGeometry(geometry)

    def show_painted(self) -> None:
        """Show the window, and come back once it is painted."""
        self._waiting = loop = QEventLoop(self)
        QTimer.singleShot(_LONGEST_WAIT, loop.quit)
        self.show()
        loop.exec()
        self._waiting = None

    def move_in(self, desk: QWidget) -> None:
        """Let `desk` fill the window and give it its title and icon."""
        desk.windowTitleChanged.connect(self.setWindowTitle)
        desk.windowIconChanged.connect(self.setWindowIcon)
        self.setWindowTitle(desk.windowTitle())
        self.setWindowIcon(desk.windowIcon())
        self.setCentralWidget(desk)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.centralWidget() is None and len(self._colours) == 3:
            self._paint_outline(*self._colours)
        if self._waiting is not None:
            QTimer.singleShot(0, self._waiting.quit)

    def _paint_outline(self, page: QColor, bar: QColor, line: QColor) -> None:
        painter = QPainter(self)
        width, bottom = self.width(), self.height() - STATUS
        painter.fillRect(self.rect(), page)
        painter.fillRect(0, 0, width, BAR, bar)
        painter.fillRect(0, bottom, width, STATUS, bar)
        painter.setPen(line)
        painter.drawLine(0, BAR - 1, width, BAR - 1)
        painter.drawLine(0, bottom, width, bottom)
        painter.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        desk = self.centralWidget()
        if desk is not None and not desk.close():
            event.ignore()
            return
        QSettings().setValue(_GEOMETRY, self.saveGeometry())
        super().closeEvent(event)


def remember_colours(page: str, bar: str, line: str) -> None:
    """Paint the outline in these next time."""
    QSettings().setValue(_COLOURS, [page, bar, line])
