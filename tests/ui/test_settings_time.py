"""Office hours, targets, reminders and leads of teams, changed by keyboard by those who may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.rules.clocks.targets import TARGETS_KEY
from claimdesk.rules.office_hours import HOURS_KEY
from claimdesk.rules.reminding import REMINDERS_KEY
from claimdesk.ui import theme
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.widgets import Combo, MoneyEdit, NumberEdit
from claimdesk.vocabulary import Role
from tests.ui.case_office import when_asked
from tests.ui.list_office import ListOffice, list_office

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    monkeypatch.setenv('XDG_CONFIG_HOME', str(tmp_path / 'config'))
    theme.apply(qapp, 'light')
    made = list_office(Database(sqlite_url), tmp_path / 'files', cases=3)
    yield made
    made.desk.close()


def section(office: ListOffice, qtbot: QtBot, name: str, role: Role = Role.ADMINISTRATOR) -> tuple[SettingsPage, Any]:
    page = office.show(qtbot, SettingsPage, role)
    page.arrive(name)
    return page, page.section()


def save(qtbot: QtBot, page: SettingsPage) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.list.setFocus()
    qtbot.keyClick(page.list, Qt.Key.Key_S, CONTROL)


def in_force(office: ListOffice, key: str) -> Any:
    desk = office.desk
    return desk.rules.value(desk.signed_in, key, desk.context.today())


def test_office_hours_are_typed_and_saved(office: ListOffice, qtbot: QtBot) -> None:
    page, hours = section(office, qtbot, 'hours')
    hours.fields['morning_from'].setFocus()
    hours.fields['morning_from'].selectAll()
    qtbot.keyClicks(hours.fields['morning_from'], '8:30')
    save(qtbot, page)
    assert in_force(office, HOURS_KEY) == [['08:30', '12:00'], ['13:00', '18:00']]
    assert office.desk.context.calendar.hours_on(office.desk.context.today()).opens == dt.time(8, 30)
    assert not hours.has_unsaved()


def test_hours_that_cannot_be_are_refused_at_the_field(office: ListOffice, qtbot: QtBot) -> None:
    page, hours = section(office, qtbot, 'hours')
    hours.fields['afternoon_to'].setFocus()
    hours.fields['afternoon_to'].selectAll()
    qtbot.keyClicks(hours.fields['afternoon_to'], 'late')
    save(qtbot, page)
    assert in_force(office, HOURS_KEY) is None
    assert 'time such as' in hours.form.error('afternoon_to')


def test_a_target_is_added_switched_off_and_saved_with_its_day(office: ListOffice, qtbot: QtBot) -> None:
    page, targets = section(office, qtbot, 'targets')
    rows = targets.table.rowCount()

    def answer(dialog: QWidget) -> None:
        what, line, _injury, unit = dialog.findChildren(Combo)
        what.set_value('survey')
        line.set_value('property')
        unit.set_value('office_hour')
        dialog.findChild(MoneyEdit).setText('8000')
        dialog.findChild(NumberEdit).setValue(6)
        dialog.ok_button.click()

    when_asked(answer)
    targets.add()
    assert targets.table.rowCount() == rows + 1
    save(qtbot, page)
    kept = [one for one in in_force(office, TARGETS_KEY) if one['what'] == 'survey' and one['line'] == 'property']
    assert [(one['limit'], one['unit'], one['up_to'], one['mark']) for one in kept] == [
        (6, 'office_hour', '8000.00', 'C')
    ]
    qtbot.keyClick(targets.table, Qt.Key.Key_Space)
    save(qtbot, page)
    assert [one['off'] for one in in_force(office, TARGETS_KEY) if one['up_to'] == '8000.00'] == [True]


def test_a_limit_of_supervision_is_changed_but_not_switched_off(office: ListOffice, qtbot: QtBot) -> None:
    _page, targets = section(office, qtbot, 'targets')
    row = next(row for row in range(targets.table.rowCount()) if 'Registration of' in targets.table.item(row, 0).text())
    targets.table.selectRow(row)
    qtbot.keyClick(targets.table, Qt.Key.Key_Space)
    assert not targets.has_unsaved()
    assert 'not switched off' in targets.dated._problem.text()


def test_reminders_are_set(office: ListOffice, qtbot: QtBot) -> None:
    page, reminders = section(office, qtbot, 'reminders')
    reminders.soon.setFocus()
    reminders.soon.selectAll()
    qtbot.keyClicks(reminders.soon, '24')
    qtbot.keyClick(reminders.reason, Qt.Key.Key_Space)
    save(qtbot, page)
    assert in_force(office, REMINDERS_KEY) == {'soon_hours': 24, 'escalate_hours': 4, 'ask_reason': False}


@pytest.mark.parametrize('name', ['hours', 'targets', 'reminders'])
def test_who_may_not_is_told_who_may(office: ListOffice, qtbot: QtBot, name: str) -> None:
    _page, shown = section(office, qtbot, name, Role.SURVEYOR)
    assert not shown.may
    assert not shown.dated.save_button.isEnabled()


def test_the_lead_of_a_team_is_chosen_and_taken_back(office: ListOffice, qtbot: QtBot) -> None:
    page, teams = section(office, qtbot, 'teams')
    undo: list[Any] = []
    page.shell.toasted.connect(lambda _words, back: undo.append(back))
    accounts, actor = office.desk.accounts, office.desk.signed_in
    team = accounts.save_team(actor, '一组')
    person = accounts.people(actor)[0]

    def answer(dialog: QWidget) -> None:
        dialog.findChild(Combo).set_value(person.id)
        dialog.ok_button.click()

    when_asked(answer)
    teams.choose_lead(team)
    assert [one.lead for one in accounts.teams(actor) if one.id == team.id] == [person.name]
    undo[-1]()
    assert [one.lead for one in accounts.teams(actor) if one.id == team.id] == ['']
