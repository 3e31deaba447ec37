"""The office of roles with the case page on it, for tests that click and type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.case.page import CasePage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role
from tests.services.role_office import RoleOffice, role_office


class CaseOffice(RoleOffice):
    """The office of roles, and its case as a page."""

    def page(self, qtbot: QtBot, role: Role, tasks: Tasks | None = None) -> CasePage:
        """The case's page as somebody of that role sees it."""
        self.desk.actor = self.people[role]
        # One desk, one person at a time: the one before gets up.
        for before in QApplication.topLevelWidgets():
            if isinstance(before, CasePage):
                before.hide()
        page = CasePage(self.desk, Shell(tasks or Tasks.synchronous()), self.case_id)
        qtbot.addWidget(page)
        page.resize(1300, 800)
        page.show()
        qtbot.waitUntil(lambda: _is_active(page))
        page.opened()
        return page

    def stage(self) -> str:
        """The stage of the case now."""
        return self.case.stage.value


def _is_active(page: CasePage) -> bool:
    # Asked for once, it is lost where the window before is still going.
    page.activateWindow()
    return page.isActiveWindow()


def case_office(url: str, folder: Path) -> CaseOffice:
    """Found the office in an empty, migrated database."""
    made = role_office(Database(url), folder)
    return CaseOffice(**{field.name: getattr(made, field.name) for field in fields(made)})


def when_asked(act: Callable[[Any], object]) -> None:
    """Answer the next dialog: `act` is given the dialog once it is open and ends it."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            try:
                act(dialog)
            finally:
                if dialog.isVisible():
                    dialog.reject()
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)
