"""The office's hospitals, buyers and words on lists: typed, pasted from a spreadsheet, saved from a day on, refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.rules.paper_rules import (
    CHECKS_KEY,
    HOSPITALS_KEY,
    HospitalEntry,
    HospitalLevel,
    HospitalList,
    checks_from,
    hospitals_from,
)
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role
from tests.ui.case_office import CaseOffice, case_office


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: QApplication) -> Iterator[CaseOffice]:
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def section(office: CaseOffice, qtbot: QtBot, name: str, role: Role = Role.ADMINISTRATOR) -> Any:
    office.desk.actor = office.people[role]
    page = SettingsPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1300, 900)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.arrive(name)
    return page.section()


def kept(office: CaseOffice, key: str) -> Any:
    return office.desk.rules.value(office.people[Role.ADMINISTRATOR], key, office.desk.context.today())


def test_hospitals_come_from_a_spreadsheet_and_are_saved(office: CaseOffice, qtbot: QtBot) -> None:
    shown = section(office, qtbot, 'hospitals')
    assert not shown.dated.save_button.isEnabled()
    QGuiApplication.clipboard().setText('苏州市立医院\t市立医院，二院\tGrade III\t是\n\n安康门诊部\t\t\t否\n')
    shown.list.table.setFocus()
    QTest.keyClick(shown.list.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    shown.least.set_value('2')
    assert shown.has_unsaved()
    shown.save()
    wanted = HospitalList(
        (
            HospitalEntry('苏州市立医院', ('市立医院', '二院'), HospitalLevel.THIRD),
            HospitalEntry('安康门诊部', (), HospitalLevel.UNKNOWN, designated=False),
        ),
        HospitalLevel.SECOND,
    )
    assert hospitals_from(kept(office, HOSPITALS_KEY)) == wanted
    assert not shown.has_unsaved()


def test_a_hospital_named_twice_is_refused_at_the_list(office: CaseOffice, qtbot: QtBot) -> None:
    shown = section(office, qtbot, 'hospitals')
    QGuiApplication.clipboard().setText('苏州市立医院\n苏州市立医院')
    shown.list.paste()
    shown.save()
    assert kept(office, HOSPITALS_KEY) is None
    assert 'there twice' in shown.form.error('hospitals')
    shown.list.table.setCurrentCell(1, 0)
    shown.list.remove_button.click()
    shown.save()
    assert len(hospitals_from(kept(office, HOSPITALS_KEY)).hospitals) == 1


def test_words_and_buyers_are_the_offices_own(office: CaseOffice, qtbot: QtBot) -> None:
    shown = section(office, qtbot, 'paper_checks')
    before = len(shown.items.rows())
    assert before > 5
    shown.sides['others'].setChecked(False)
    shown.names.setPlainText('平安财产保险有限公司\n')
    shown.items.add()
    last = shown.items.table.rowCount() - 1
    for column, words in ((0, '假发'), (2, '假发，发片'), (3, '烧伤')):
        shown.items.table.item(last, column).setText(words)
    shown.save()
    rules = checks_from(kept(office, CHECKS_KEY))
    assert (rules.insured, rules.others, rules.names) == (True, False, ('平安财产保险有限公司',))
    assert (rules.items[-1].words, rules.items[-1].unless) == (('假发', '发片'), ('烧伤',))
    assert len(rules.items) == before + 1


def test_somebody_else_sees_them_and_changes_nothing(office: CaseOffice, qtbot: QtBot) -> None:
    shown = section(office, qtbot, 'paper_checks', Role.SERVICE)
    assert not shown.items.add_button.isEnabled()
    assert not any(box.isEnabled() for box in shown.sides.values())
    assert not shown.dated.save_button.isEnabled()
