"""The people of a case on its page: taken in, corrected and taken out by keyboard, with Undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from claimdesk.ui.pages.case.page import CasePage
from claimdesk.ui.pages.case.people import PeopleCard, PersonForm
from claimdesk.vocabulary import Party, Role
from tests.services.role_office import NAME
from tests.ui.case_office import CaseOffice, case_office, when_asked

Key = Qt.Key


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    QSettings().clear()
    made = case_office(sqlite_url, tmp_path / 'files')
    yield made
    made.desk.close()


def people(page: CasePage) -> PeopleCard:
    return page.findChild(PeopleCard)


def names(office: CaseOffice) -> list[tuple[Party, str]]:
    return [(party.role, party.name) for party in office.case.parties]


def type_into(qtbot: QtBot, dialog: Any, **values: str) -> None:
    form = dialog.findChild(PersonForm)
    for name, value in values.items():
        field = form.field(name)
        assert isinstance(field, QLineEdit)
        # Keys that a test can press are Latin ones; Chinese comes from an input method.
        field.setText(value)
    qtbot.keyClick(dialog, Key.Key_Return)


def test_a_person_is_taken_in_with_the_keyboard(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.SERVICE)
    when_asked(lambda dialog: type_into(qtbot, dialog, name='陆知远', phone='13800001111'))
    people(page).add_button.setFocus()
    qtbot.keyClick(people(page).add_button, Key.Key_Space)
    assert names(office) == [(Party.INSURED, NAME), (Party.THIRD_PARTY, '陆知远')]


def test_a_wrong_phone_is_said_at_its_field_and_nothing_is_saved(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.SERVICE)
    said: list[str] = []

    def act(dialog: Any) -> None:
        type_into(qtbot, dialog, name='陆知远', phone='12')
        said.append(dialog.findChild(PersonForm).error('phone'))

    when_asked(act)
    people(page).ask_new()
    assert said == ['This is not a phone number.']
    assert names(office) == [(Party.INSURED, NAME)]


def test_the_insured_can_be_reached_at_a_new_number(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.SERVICE)
    when_asked(lambda dialog: type_into(qtbot, dialog, phone='13700003333'))
    people(page).ask(office.case.parties[0])
    assert office.case.parties[0].phone == '13700003333'


def test_taking_somebody_out_can_be_undone(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.SERVICE)
    when_asked(lambda dialog: type_into(qtbot, dialog, name='陆知远'))
    people(page).ask_new()
    undo: list[Any] = []
    page.shell.toasted.connect(lambda _words, how: undo.append(how))
    out = next(one for one in people(page).findChildren(QToolButton) if '陆知远 out' in one.accessibleName())
    qtbot.mouseClick(out, Qt.MouseButton.LeftButton)
    assert names(office) == [(Party.INSURED, NAME)]
    undo[-1]()
    assert names(office) == [(Party.INSURED, NAME), (Party.THIRD_PARTY, '陆知远')]


def test_finance_sees_the_people_and_changes_none(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.FINANCE)
    assert not people(page).add_button.isEnabled()
    assert people(page).add_button.toolTip()
