"""Reminders at the desk: the badge, the list by keyboard, answering who urged, the tray that may be missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from claimdesk.ui import theme
from claimdesk.ui.page import Shell
from claimdesk.ui.reminder_box import ReminderBox
from claimdesk.ui.reminding import Reminding
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.top_bar import TopBar
from claimdesk.ui.widgets import TextArea
from claimdesk.vocabulary import Role, Stage
from tests.ui.case_office import CaseOffice, case_office, when_asked


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = case_office(sqlite_url, tmp_path)
    made.bring_to(Stage.SURVEY)
    due = made.case.step_due_at
    made.watch.forward(seconds=(due - dt.timedelta(hours=3) - made.watch()).total_seconds())
    yield made
    made.desk.close()


class Desktop(QWidget):
    """What `Reminding` needs of a window."""

    def __init__(self, office: CaseOffice) -> None:
        super().__init__()
        self.desk, self.shell, self.top = office.desk, Shell(Tasks.synchronous()), TopBar()


def sit_down(qtbot: QtBot, office: CaseOffice, role: Role) -> tuple[Desktop, Reminding]:
    office.desk.actor = office.people[role]
    window = Desktop(office)
    qtbot.addWidget(window)
    qtbot.addWidget(window.top)
    reminding = Reminding(office.desk, window)
    return window, reminding


def box(qtbot: QtBot, office: CaseOffice, role: Role) -> ReminderBox:
    office.desk.actor = office.people[role]
    window = Desktop(office)
    qtbot.addWidget(window)
    qtbot.addWidget(window.top)
    made = ReminderBox(window, office.desk, window.shell, lambda: None)
    made.kept = window
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_the_desk_does_the_round_and_shows_what_waits(qtbot: QtBot, office: CaseOffice) -> None:
    window, reminding = sit_down(qtbot, office, Role.SURVEYOR)
    assert window.top.reminders.isHidden()
    reminding.look()
    assert not window.top.reminders.isHidden()
    count = office.desk.reminders.waiting(office.people[Role.SURVEYOR]).count
    assert window.top.reminders.text() == str(count)
    told: list[str] = []
    window.shell.toasted.connect(lambda words, _undo: told.append(words))
    office.desk.reminders.urge(office.people[Role.MANAGER], office.case_id, '请今天完成')
    reminding.changed({'reminder'}, set())
    assert '请今天完成' in told[0]
    reminding.stop()


def test_two_desks_say_nothing_twice(qtbot: QtBot, office: CaseOffice) -> None:
    for role in (Role.SURVEYOR, Role.MANAGER):
        _window, reminding = sit_down(qtbot, office, role)
        reminding.look()
        reminding.stop()
    kinds = [one.words for one in office.desk.reminders.waiting(office.people[Role.SURVEYOR]).reminders]
    assert len(kinds) == len(set(kinds)) > 0


def test_the_list_is_worked_through_by_keyboard(qtbot: QtBot, office: CaseOffice) -> None:
    office.desk.reminders.round()
    made = box(qtbot, office, Role.SURVEYOR)
    undo: list[object] = []
    made._shell.toasted.connect(lambda _words, back: undo.append(back))
    before = made.table.rowCount()
    assert before > 0
    qtbot.keyClick(made.table, Qt.Key.Key_Delete)
    assert made.table.rowCount() == before - 1
    undo[-1]()
    made.reload()
    assert made.table.rowCount() == before
    made.all_button.click()
    assert made._stack.currentIndex() == 1
    made.reject()


def test_enter_opens_the_case(qtbot: QtBot, office: CaseOffice) -> None:
    office.desk.reminders.round()
    made = box(qtbot, office, Role.SURVEYOR)
    wanted: list[int] = []
    made._shell.open_case.connect(wanted.append)
    qtbot.keyClick(made.table, Qt.Key.Key_Return)
    assert wanted == [office.case_id]
    assert not made.isVisible()


def test_who_urged_is_answered(qtbot: QtBot, office: CaseOffice) -> None:
    office.desk.reminders.urge(office.people[Role.MANAGER], office.case_id, '请今天完成')
    made = box(qtbot, office, Role.SURVEYOR)
    assert made.answer_button.isEnabled()

    def answer(asked: QWidget) -> None:
        asked.findChild(TextArea).set_value('下午去现场')
        asked.ok_button.click()

    when_asked(answer)
    qtbot.keyClick(made, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    boss = office.people[Role.MANAGER]
    qtbot.waitUntil(lambda: office.desk.reminders.of_case(boss, office.case_id)[0].answer == '下午去现场')
    made.reject()
