"""The settings: each choice kept at once and taken back, people and calendar changed by those who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.models import Database
from claimdesk.scanning import Device
from claimdesk.services.accounts import Person
from claimdesk.settings import Settings
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.settings import SECTIONS, SettingsPage
from claimdesk.ui.pages.settings_person import AbsenceDialog, PersonDialog
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.vocabulary import Role
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
PASSWORD = 'a long password'


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    monkeypatch.setenv('XDG_CONFIG_HOME', str(tmp_path / 'config'))
    theme.apply(qapp, 'light')
    made = list_office(Database(sqlite_url), tmp_path / 'files', cases=1)
    yield made
    made.desk.close()


def shown(office: ListOffice, qtbot: QtBot, section: str = 'workstation', role: Role = Role.ADMINISTRATOR) -> Any:
    page = office.show(qtbot, SettingsPage, role)
    page.arrive(section)
    return page


def toasts(page: SettingsPage) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = []
    page.shell.toasted.connect(lambda words, undo: said.append((words, undo)))
    return said


def words_of(page: SettingsPage) -> str:
    return ' '.join(label.text() for label in page.findChildren(PlainLabel) if not label.isHidden())


@pytest.mark.parametrize('role', [Role.ADMINISTRATOR, Role.SURVEYOR], ids=lambda role: role.value)
def test_every_section_opens_for_everybody(office: ListOffice, qtbot: QtBot, role: Role) -> None:
    page = shown(office, qtbot, role=role)
    for name in SECTIONS:
        page.arrive(name)
        assert page.section().isVisible()
        assert page.banner.sentence == ''
        assert SECTIONS[name][0] in words_of(page)


def test_sections_are_chosen_by_arrow_keys(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    page.list.setFocus()
    qtbot.keyClick(page.list, Key.Key_Down)
    assert page.section().title == 'Office'
    qtbot.keyClick(page.list, Key.Key_End)
    assert page.section().title == 'About'


# This computer


def test_a_choice_is_kept_at_once_and_can_be_taken_back(office: ListOffice, qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(office, qtbot)
    said = toasts(page)
    section = page.section()
    section.export.line.setText(str(tmp_path))
    qtbot.keyClick(section.export.line, Key.Key_Return)
    assert Settings.load().export_folder == str(tmp_path) == office.desk.settings.export_folder
    said[0][1]()
    assert Settings.load().export_folder == ''
    assert section.export.line.text() == ''


def test_a_folder_that_is_not_there_is_said_and_not_kept(office: ListOffice, qtbot: QtBot) -> None:
    section = shown(office, qtbot).section()
    section.watch.line.setText('/no/such/folder')
    qtbot.keyClick(section.watch.line, Key.Key_Return)
    assert section.watch.problem() == 'There is no such folder.'
    assert Settings.load().watch_folder == ''


def test_language_and_theme_are_the_windows_wish(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    wishes: list[str] = []
    page.shell.language_chosen.connect(wishes.append)
    page.shell.theme_chosen.connect(wishes.append)
    page.section().language.set_value('en')
    page.section().theme.set_value('dark')
    assert wishes == ['en', 'dark']


def test_scanners_are_looked_for_and_one_is_kept(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        def devices(self, _progress: Any) -> list[Device]:
            return [Device('test:0', 'The test scanner'), Device('test:1', 'Another one')]

    monkeypatch.setattr(type(office.desk), 'scanner', lambda _desk: Found())
    section = shown(office, qtbot).section()
    section.find_button.click()
    section.scanner.hidePopup()
    section.scanner.set_value('test:1')
    assert Settings.load().scanner == 'test:1'


@pytest.mark.parametrize('answer', [[], Unavailable('The scanner does not answer.')], ids=['none', 'broken'])
def test_a_scanner_that_is_not_there_is_said(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    class Broken:
        def devices(self, _progress: Any) -> list[Device]:
            if isinstance(answer, Exception):
                raise answer
            return answer

    monkeypatch.setattr(type(office.desk), 'scanner', lambda _desk: Broken())
    page = shown(office, qtbot)
    page.section().find_button.click()
    assert page.banner.sentence
    assert page.section().find_button.isEnabled()


def test_another_database_is_tried_before_it_is_kept(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def answer(url: str) -> str:
        tried.append(url)
        if 'down' in url:
            raise Unavailable('The server does not answer.')
        return 'PostgreSQL 15'

    monkeypatch.setattr('claimdesk.app.test_server', answer)
    section = shown(office, qtbot).section()
    section.address.setText('mysql://elsewhere')
    section.office_button.click()
    assert tried == []
    assert section.office.error('address')
    section.address.setText('postgresql://desk@down/claimdesk')
    section.office_button.click()
    assert section.answer.sentence == 'The server does not answer.'
    assert Settings.load().database_url == ''
    section.address.setText('postgresql://desk@db/claimdesk')
    section.password.setText('p@ss')
    section.office_button.click()
    assert tried[-1] == 'postgresql://desk:p%40ss@db/claimdesk'
    assert Settings.load().database_url == 'postgresql://desk@db/claimdesk'
    assert 'p@ss' not in (Settings.load()._path or Path()).read_text('utf-8')
    assert office.desk.settings.database_url == ''


# Office and calendar


def test_the_office_is_renamed_with_a_way_back(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'office')
    said, section = toasts(page), page.section()
    assert not section.save_button.isEnabled()
    section.name.setFocus()
    section.name.clear()
    qtbot.keyClicks(section.name, 'Jiangnan')
    assert page.has_unsaved()
    qtbot.keyClick(section.name, Key.Key_S, CONTROL)
    assert office.desk.office.view().name == 'Jiangnan'
    assert not page.has_unsaved()
    said[0][1]()
    assert office.desk.office.view().name == '长三角理赔中心'


def test_two_desks_rename_at_once_and_nothing_is_lost_silently(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'office')
    section = page.section()
    view = office.desk.office.view()
    office.desk.office.rename(office.people[Role.ADMINISTRATOR], view.version, 'Theirs')
    section.name.setText('Mine')
    section.save()
    assert page.banner.sentence
    assert section.name.text() == 'Mine'
    assert office.desk.office.view().name == 'Theirs'


def test_who_may_not_sees_who_may(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'office', Role.SURVEYOR)
    assert page.section().name.isReadOnly()
    assert not page.section().save_button.isVisible()
    assert 'Administrator' in words_of(page)


def test_a_year_is_read_from_a_file_and_can_be_taken_back(office: ListOffice, qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(office, qtbot, 'calendar')
    said, section = toasts(page), page.section()
    file = tmp_path / '2031.json'
    file.write_text(json.dumps([
        {'day': '2031-01-01', 'kind': 'rest', 'name': '元旦'}, {'day': '2031-01-04', 'kind': '班', 'name': ''},
    ]), 'utf-8')  # fmt: skip
    section.import_file(file)
    assert 2031 in office.desk.context.calendar.years
    section.year.set_value(2031)
    assert [section.table.item(row, 2).text() for row in range(section.table.rowCount())] == ['元旦', '']
    said[0][1]()
    assert 2031 not in office.desk.context.calendar.years


def test_a_file_that_is_no_calendar_is_said(office: ListOffice, qtbot: QtBot, tmp_path: Path) -> None:
    page = shown(office, qtbot, 'calendar')
    for content in (b'', b'\x00\xff', b'day,kind\n2027-02-30,rest\n', b'[{"day": 3}]'):
        (tmp_path / 'x.csv').write_bytes(content)
        page.section().import_file(tmp_path / 'x.csv')
        assert page.banner.sentence
    page.section().import_file(tmp_path / 'gone.csv')
    assert 'could not be read' in page.banner.sentence


def test_days_are_added_removed_and_saved(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'calendar')
    section = page.section()
    year, before = section.year.value(), section.table.rowCount()
    section.day.setText('2020-01-01')
    section.add_day()
    assert section.form.error('day')
    section.day.setText(f'{year}-12-25')
    section.name.setText('office party')
    qtbot.keyClick(section.name, Key.Key_Return)
    assert section.table.rowCount() == before + 1
    assert page.has_unsaved()
    qtbot.keyClick(section.day, Key.Key_S, CONTROL)
    own = next(one for one in office.desk.office.calendar_years(office.people[Role.ADMINISTRATOR]) if one.year == year)
    assert not own.published
    assert any(name == 'office party' for _day, _kind, name in own.days)
    section.forget_button.click()
    again = next(one for one in office.desk.office.calendar_years(office.people[Role.AUDITOR]) if one.year == year)
    assert again.published


# People and teams


def answered(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    """Let `answer(dialog)` fill in and press the button of the next dialog."""

    def run(dialog: Dialog) -> bool:
        dialog.show()
        answer(dialog)
        return dialog.result() == Dialog.DialogCode.Accepted

    monkeypatch.setattr(Dialog, 'run', run)


def person(office: ListOffice, name: str) -> Person:
    return next(one for one in office.desk.accounts.people(office.people[Role.AUDITOR], False) if one.name == name)


def test_a_person_is_taken_on_and_may_sign_in(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(office, qtbot, 'people')

    def fill(dialog: PersonDialog) -> None:
        dialog.name.setText('陆景行')
        dialog.login.setText('lu')
        dialog.password.setText(PASSWORD)
        dialog.ok_button.click()
        assert dialog._roles_error.text()
        dialog.roles[Role.SURVEYOR].setChecked(True)
        dialog.ok_button.click()

    answered(monkeypatch, fill)
    qtbot.keyClick(page.section().table, Key.Key_Insert)
    assert office.desk.accounts.sign_in('lu', PASSWORD).roles == {Role.SURVEYOR}
    assert any('陆景行' in one.name for one in page.section().rows.people)


def test_roles_and_password_are_changed(office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(office, qtbot, 'people')
    section = page.section()
    name = office.people[Role.SURVEYOR].name
    section.search.setText(name)

    def fill(dialog: PersonDialog) -> None:
        assert dialog.login.isReadOnly()
        dialog.roles[Role.ASSESSOR].setChecked(True)
        dialog.password.setText(PASSWORD)
        dialog.ok_button.click()

    answered(monkeypatch, fill)
    section.table.setFocus()
    qtbot.keyClick(section.table, Key.Key_Return)
    assert person(office, name).roles == (Role.SURVEYOR, Role.ASSESSOR)
    assert office.desk.accounts.sign_in('surveyor', PASSWORD).name == name


def test_somebody_is_switched_off_and_on_again(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'people')
    said, section = toasts(page), page.section()
    name = office.people[Role.FINANCE].name
    section.search.setText(name)
    section.switch_button.click()
    assert not person(office, name).active
    said[0][1]()
    assert person(office, name).active


def test_nobody_locks_themselves_out(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'people')
    page.section().search.setText(office.people[Role.ADMINISTRATOR].name)
    assert not page.section().switch_button.isEnabled()


def test_others_see_the_people_and_note_only_their_own_absence(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(office, qtbot, 'people', Role.SURVEYOR)
    section = page.section()
    assert section.rows.rowCount() == len(Role)
    assert not section.new_button.isVisible()

    def fill(dialog: AbsenceDialog) -> None:
        dialog.first.setText('2099-03-02')
        dialog.last.setText('2099-03-01')
        dialog.add_button.click()
        assert dialog.form.error('ends_on')
        dialog.last.setText('2099-03-04')
        dialog.substitute.set_value(office.people[Role.ASSESSOR].id)
        dialog.add_button.click()

    answered(monkeypatch, fill)
    section.own_button.click()
    me = office.people[Role.SURVEYOR]
    (absence,) = office.desk.accounts.absences(me, me.id)
    assert absence.substitute == office.people[Role.ASSESSOR].name
    answered(monkeypatch, lambda dialog: dialog.remove(absence))
    section.own_button.click()
    assert office.desk.accounts.absences(me, me.id) == []


def test_teams_are_added_renamed_and_removed(office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(office, qtbot, 'teams')
    said, section = toasts(page), page.section()
    monkeypatch.setattr(section, '_ask_name', lambda *_args: '车险一组')
    section.new_button.click()
    actor = office.people[Role.ADMINISTRATOR]
    (team,) = office.desk.accounts.teams(actor)
    monkeypatch.setattr(section, '_ask_name', lambda *_args: '车险二组')
    section.rename(team)
    assert [one.name for one in office.desk.accounts.teams(actor)] == ['车险二组']
    said[-1][1]()
    (team,) = office.desk.accounts.teams(actor)
    assert team.name == '车险一组'
    section.remove(team)
    assert office.desk.accounts.teams(actor) == []


def test_about_names_version_folders_and_licences(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(office, qtbot, 'about')
    assert 'ClaimDesk' in words_of(page)
    read: list[str] = []
    answered(monkeypatch, lambda dialog: read.append(dialog.windowTitle()))
    for button in page.section().findChildren(Button):
        if button.text() == 'Read it':
            button.click()
    assert len(read) == 3


def test_typing_outlives_a_switch_of_language(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot, 'office')
    page.section().name.setText('half typ')
    kept = page.keep()
    again = SettingsPage(office.desk_of(Role.ADMINISTRATOR), page.shell)
    qtbot.addWidget(again)
    again.restore(kept)
    again.show()
    again.opened()
    assert again.section().title == 'Office'
    assert again.section('office').name.text() == 'half typ'  # type: ignore[attr-defined]
