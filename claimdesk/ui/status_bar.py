"""The line at the bottom: which office, how it is connected, what runs in the background, what was saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.frame import STATUS
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets.buttons import Button
from claimdesk.ui.widgets.labels import ElidedLabel, PlainLabel

_SAVED_MS = 8000


class StatusBar(QWidget):
    """Follows the tasks by itself; the window tells it the rest."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._key = 0
        self.setProperty('surface', 'status')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(STATUS)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_12, 0)
        row.setSpacing(theme.SPACE_8)
        self._office = PlainLabel('', 'caption')
        self._light = PlainLabel()
        self._connection = PlainLabel('', 'caption')
        self._work = ElidedLabel('', 'caption')
        self._bar = QProgressBar()
        self._bar.setFixedWidth(120)
        self._bar.setTextVisible(False)
        self._cancel = Button(_("Cancel"), self._stop, kind='link')
        self._saved = PlainLabel('', 'caption')
        row.addWidget(self._office)
        row.addWidget(self._light)
        row.addWidget(self._connection)
        row.addSpacing(theme.SPACE_16)
        row.addWidget(self._bar)
        row.addWidget(self._work, 1)
        row.addWidget(self._cancel)
        row.addStretch(1)
        row.addWidget(self._saved)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._saved.setText(''))
        tasks.changed.connect(self._follow)
        self._follow()

    def set_office(self, name: str, server: str) -> None:
        """Which office; `server` is '' for a local file."""
        self._office.setText(name)
        self._kind = _("Server {name}").format(name=server) if server else _("Local file (SQLite)")
        self.set_connected(True)

    def set_connected(self, connected: bool) -> None:
        """Whether the database answers."""
        tone = 'green' if connected else 'red'
        self._light.setPixmap(icons.pixmap('database' if connected else 'triangle-alert', tone, 14))
        words = _("connected") if connected else _("not answering, trying again")
        self._connection.setText(f'{self._kind} · {words}')

    def say_saved(self, words: str) -> None:
        """Say for a while what was saved."""
        self._saved.setText(words)
        self._timer.start(_SAVED_MS)

    @property
    def work(self) -> str:
        """What is said about background work."""
        return self._work.text()

    def _follow(self) -> None:
        running = self._tasks.running()
        for widget in (self._bar, self._work, self._cancel):
            widget.setVisible(bool(running))
        if not running:
            self._work.setText('')
            return
        first = running[0]
        self._key = first.key
        words = first.title
        if first.total:
            words = _("{work} {done}/{total}").format(work=first.title, done=first.done, total=first.total)
        if first.sentence:
            words += f' · {first.sentence}'
        if len(running) > 1:
            words += ' · ' + _("{n} more").format(n=len(running) - 1)
        self._work.setText(words)
        self._bar.setRange(0, first.total)
        self._bar.setValue(first.done)

    def _stop(self) -> None:
        self._tasks.cancel(self._key)
