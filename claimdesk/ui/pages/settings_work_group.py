"""A part of a settings section that does something long: in sight, one at a time, and stopped when wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.ui import text, theme
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.tasks import Ticket
from claimdesk.ui.widgets import Banner, Button, ElidedLabel, PlainLabel, SectionHeader


class WorkGroup(QWidget):
    """A heading, an answer, a row of buttons, and a line that shows how far long work is and stops it."""

    def __init__(self, section: Section, title: str, sentence: str = '') -> None:
        super().__init__()
        self.section, self.page, self.desk = section, section.page, section.desk
        self._ticket: Ticket | None = None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, theme.SPACE_12, 0, 0)
        self.column.setSpacing(theme.SPACE_12)
        self.column.addWidget(SectionHeader(title, line=True))
        if sentence:
            self.column.addWidget(PlainLabel(sentence, 'secondary', wrap=True))
        self.answer = Banner()
        self.column.addWidget(self.answer)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(theme.SPACE_8)
        self.column.addLayout(self.buttons)
        self._running = QWidget()
        line = QHBoxLayout(self._running)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_8)
        self._bar = QProgressBar()
        self._bar.setFixedWidth(180)
        self._bar.setTextVisible(False)
        self._words = ElidedLabel('', 'secondary')
        self.stop_button = Button(_("Stop"), self.stop, kind='link')
        line.addWidget(self._bar)
        line.addWidget(self._words, 1)
        line.addWidget(self.stop_button)
        self._running.hide()
        self.column.addWidget(self._running)
        section.column.addWidget(self)

    def offer(self, *buttons: Button) -> None:
        """Show these buttons in a row."""
        for button in buttons:
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)

    def work(self, do: Callable[[Progress], Any], done: Callable[[Any], object], title: str) -> None:
        """Do something long in sight, one at a time."""
        if self._ticket is not None and self._ticket.running:
            return
        self.answer.clear()
        self._say(0, 0, '')
        self._running.show()
        self.enable(False)

        def arrived(answer: Any) -> None:
            self._ended()
            done(answer)

        ticket = self.page.run(do, arrived, self.failed, self._say, title=title)
        self._ticket = ticket if ticket.running else None

    def stop(self) -> None:
        """Stop what runs; what is done by then stays done."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ended()

    def failed(self, error: ClaimDeskError) -> None:
        """Say what went wrong."""
        self._ended()
        self.answer.show_error(error)

    def _ended(self) -> None:
        self._ticket = None
        self._running.hide()
        self.enable(True)

    def _say(self, done: int, total: int, sentence: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        counted = f'{text.number(done)}/{text.number(total)}' if total else ''
        self._words.setText(f'{counted}  {sentence}'.strip())

    def enable(self, enabled: bool) -> None:
        """Let the buttons be pressed, or not."""
        for place in range(self.buttons.count()):
            widget = self.buttons.itemAt(place).widget()
            if widget is not None:
                widget.setEnabled(enabled)
