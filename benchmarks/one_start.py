"""One start of the desk, or of a bare window beside it: prints when it was painted, and ends.

    python -m benchmarks.one_start frame|rows|bare|bare-orm URL

Nothing is imported here that the start itself does not import.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

SIZE = (1366, 768)


def painted() -> None:
    """Say when, and end at once."""
    print(json.dumps({'painted': time.time()}), flush=True)
    os._exit(0)


def _bare(with_orm: bool) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        """Tells its first paint."""

        def paintEvent(self, event: Any) -> None:
            super().paintEvent(event)
            QTimer.singleShot(0, painted)

    application = QApplication([])
    if with_orm:
        import sqlalchemy.orm  # noqa: F401
    window = Window()
    window.resize(*SIZE)
    window.show()
    application.exec()


def _frame(url: str) -> None:
    from PySide6.QtCore import QTimer

    from claimdesk.__main__ import main
    from claimdesk.ui.frame import Frame

    def paint(window: Frame, event: Any, before: Callable[..., None] = Frame.paintEvent) -> None:
        before(window, event)
        QTimer.singleShot(0, painted)

    Frame.paintEvent = paint  # type: ignore[assignment, method-assign]
    main(['--database', url])


def _rows(url: str) -> None:
    from PySide6.QtCore import QTimer

    from claimdesk.ui.frame import Frame, make_application

    application = make_application()
    frame = Frame()
    frame.show_painted()
    from claimdesk.settings import Settings
    from claimdesk.ui.start import Opened, Start

    class AtOnce(Start):
        """Signs the manager in without a question; the first page lists the work that is due."""

        def _ask_who(self, opened: Opened) -> None:
            from claimdesk.services.context import Actor, command_line_actor
            from claimdesk.vocabulary import Role

            self._opened, self.desk = opened, opened.desk
            office = opened.desk.office.view().id
            everybody = opened.desk.accounts.people(command_line_actor(office))
            person = next(one for one in everybody if Role.MANAGER in one.roles)
            self._enter(Actor(person.id, person.name, person.login, office, person.team_id, frozenset(person.roles)))
            self._watch = QTimer(self, interval=1)
            self._watch.timeout.connect(self._look)
            self._watch.start()

        def _look(self) -> None:
            page: Any = self.window.front()
            if page is not None and page.model.rowCount():
                page.table.viewport().repaint()
                painted()

    start = AtOnce(application, Settings(theme='light'), database=url)
    frame.move_in(start.window)
    start.begin()
    application.exec()


if __name__ == '__main__':
    kind, address = sys.argv[1:]
    if kind == 'frame':
        _frame(address)
    elif kind == 'rows':
        _rows(address)
    else:
        _bare(kind == 'bare-orm')
