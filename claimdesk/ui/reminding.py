"""Reminders at a signed-in desk: a round every few minutes, the badge on top, the tray, and the list (F8)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.reminders import ReminderView, Waiting
from claimdesk.ui import icons, text
from claimdesk.ui.reminder_box import ReminderBox, about

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.ui.window import Window

LOOK_MS = 60_000
ROUND_EVERY = dt.timedelta(minutes=5)
"""How often the office's clocks are looked through, whichever of its desks does it."""
TRAY_MS = 10_000


class Reminding(QObject):
    """One per signed-in desk. The desks of an office take turns, so that nothing is said twice."""

    def __init__(self, desk: Desk, window: Window) -> None:
        super().__init__(window)
        self._desk, self._window, self._tasks = desk, window, window.shell.tasks
        self._known: set[int] | None = None
        self.tray: QSystemTrayIcon | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Look now, and every minute from now on."""
        if self.tray is None and QSystemTrayIcon.isSystemTrayAvailable():
            self.tray = QSystemTrayIcon(icons.window_icon(), self)
            self.tray.setToolTip('ClaimDesk')
            self.tray.messageClicked.connect(self._from_tray)
            self.tray.activated.connect(self._from_tray)
            self.tray.show()
        self.look()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._tasks.cancel_all(self)
        if self.tray is not None:
            self.tray.hide()

    def look(self) -> None:
        """Do a round of the office if one is due, then count what waits for this person."""
        desk, actor = self._desk, self._desk.signed_in

        def work(progress: Progress) -> Waiting:
            desk.reminders.round(progress, every=ROUND_EVERY)
            return desk.reminders.waiting(actor)

        self._tasks.run(self, work, self._show, self._quietly, latest='round')

    def changed(self, kinds: set[str], _case_ids: set[int]) -> None:
        """Rows changed on some desk."""
        if kinds & {'reminder', 'claim_case'}:
            desk, actor = self._desk, self._desk.signed_in
            self._tasks.run(
                self, lambda _progress: desk.reminders.waiting(actor), self._show, self._quietly, latest='waiting'
            )

    def open(self) -> None:
        """Show the list."""
        ReminderBox(self._window, self._desk, self._window.shell, self.look).run()

    def _show(self, waiting: Waiting) -> None:
        if self._window.desk is not self._desk:
            return
        self._window.top.set_reminders(waiting.count)
        ids = {reminder.id for reminder in waiting.reminders}
        fresh = [] if self._known is None else [one for one in waiting.reminders if one.id not in self._known]
        self._known = ids
        if fresh:
            self._tell(fresh)

    def _tell(self, fresh: list[ReminderView]) -> None:
        first = fresh[0]
        words = f'{first.number} {first.insured}\n{about(first)}'
        title = ngettext("{n} new reminder", "{n} new reminders", len(fresh)).format(n=text.number(len(fresh)))
        if self.tray is not None and not self._window.isActiveWindow():
            self.tray.showMessage(title, words, QSystemTrayIcon.MessageIcon.Information, TRAY_MS)
        else:
            self._window.shell.toast(_("{title}: {words} (F8)").format(title=title, words=words.replace('\n', ', ')))

    def _from_tray(self, *_reason: object) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self._known:
            self.open()

    def _quietly(self, _error: ClaimDeskError) -> None:
        """A database that does not answer is told of by the feed."""
