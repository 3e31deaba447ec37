"""The desk's own window where nobody sees it: for the demo without a screen and for the pictures of the README."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from claimdesk import language
from claimdesk.errors import ClaimDeskError, Unavailable
from claimdesk.language import _

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.context import Actor
    from claimdesk.ui.page import Page
    from claimdesk.ui.theme import Choice

SIZE = (1440, 900)
PATIENCE = 600.0
"""Seconds that anything may take before it is given up."""


def without_screen(folder: Path) -> None:
    """Call it before the first window: nothing is shown, and what windows remember goes into `folder`."""
    os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
    from PySide6.QtCore import QSettings, qInstallMessageHandler

    from claimdesk.ui.faults import log_qt

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    qInstallMessageHandler(log_qt)


class UnseenWindow:
    """A window with `actor` signed in, in the language in use; `close` it in the end."""

    def __init__(self, desk: Desk, actor: Actor, look: Choice = 'light') -> None:
        from claimdesk.ui import theme
        from claimdesk.ui.frame import make_application
        from claimdesk.ui.page import Shell
        from claimdesk.ui.start import roles_in_words, use_language
        from claimdesk.ui.tasks import Tasks
        from claimdesk.ui.window import Window

        self._application = make_application()
        use_language(self._application, language.current())
        theme.apply(self._application, look)
        theme.ensure_chinese_font()
        desk.actor = actor
        self._tasks = Tasks()
        self._tasks.fault = _raise
        self._window = Window(Shell(self._tasks))
        self._window.resize(*SIZE)
        self._window.show()
        office = desk.office.view()
        self._window.status.set_office(office.name, office.server)
        self._window.enter(desk, roles_in_words(actor))
        self.settle()

    def go(self, name: str, arguments: object = None) -> Page | None:
        """Bring a page of the rail to the front and let it fill."""
        self._window.go(name, arguments)
        self.settle()
        return self._window.front()

    def open_case(self, case_id: int) -> Page | None:
        """Bring a case to the front and let it fill."""
        self._window.open_case(case_id)
        self.settle()
        return self._window.front()

    def settle(self) -> None:
        """Let everything arrive that is on its way, more than once: what arrives may ask for more."""
        for _round in range(3):
            self._tasks.wait(PATIENCE)
            self._turn(0.15)

    def until(self, condition: Callable[[], bool]) -> None:
        """Let the window live until `condition` holds. Raises `Unavailable` when it takes too long."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise Unavailable(_("This took too long."), _("Try again on a computer less busy."))
            self._turn(0.02)
        self.settle()

    def picture(self) -> bytes:
        """What would be seen now, as PNG."""
        from PySide6.QtCore import QBuffer, QByteArray, QIODevice

        self._window.toast.hide()
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, 'PNG')
        buffer.close()
        return bytes(content.data())

    def close(self) -> None:
        """Throw the window away and end its threads."""
        self._window.leave()
        self._tasks.close()
        self._window.deleteLater()
        self._application.processEvents()

    def _turn(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.005)


def _raise(error: BaseException) -> ClaimDeskError:
    raise error
