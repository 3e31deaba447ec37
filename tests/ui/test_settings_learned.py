"""What the reader learned is seen and forgotten in the settings, and the reader is scored there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.app import Desk, build
from claimdesk.models import Database
from claimdesk.services.context import Actor
from claimdesk.settings import Settings
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.pages.settings_learned import LearnedSection
from claimdesk.ui.tasks import Tasks
from tests.services.paper_office import PaperOffice, paper_office
from tests.services.read_papers import HOSPITAL, Reader, receipt

OTHER = '青川市中医医院'


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: QApplication) -> Iterator[PaperOffice]:
    theme.apply(qapp, 'light')
    database = Database(sqlite_url)
    yield paper_office(database, tmp_path)
    database.close()


@pytest.fixture
def reader(office: PaperOffice) -> Reader:
    """Somebody corrected a receipt of one hospital, and confirmed one of another with the same form."""
    made = Reader(office)
    for number, hospital in (('0000000001', HOSPITAL), ('0000000002', OTHER)):
        document, _view = made.take(receipt(number, f'7712{number[-1]}', '2026', hospital))
        made.confirm(document, serial_number=f'7712{number[-1]}')
    return made


def shown(reader: Reader, qtbot: QtBot, actor: Actor) -> LearnedSection:
    database = reader.office.context.database
    desk: Desk = build(Settings(files_folder=str(reader.office.context.files.folder)), database)
    desk.__dict__['readings'] = reader.readings
    desk.actor = actor
    page = SettingsPage(desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.arrive('learned')
    section: Any = page.section()
    return section


def cells(table: Any, row: int) -> list[str]:
    return [table.item(row, column).text() for column in range(table.columnCount())]


def test_what_was_learned_is_one_line_for_each_place(reader: Reader, qtbot: QtBot) -> None:
    section = shown(reader, qtbot, reader.office.clerk)
    assert section.table.rowCount() == 2
    assert {tuple(cells(section.table, row)[:4] + cells(section.table, row)[5:]) for row in range(2)} == {
        (HOSPITAL, 'Outpatient receipt', 'Serial number', '诊疗流水', '1'),
        (OTHER, 'Outpatient receipt', 'Serial number', '诊疗流水', '1'),
    }
    assert not section.forget_button.isEnabled()


def test_the_marked_line_is_forgotten_after_asking_once(
    reader: Reader, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = shown(reader, qtbot, reader.office.clerk)
    asked: list[bool] = []
    monkeypatch.setattr(Dialog, 'run', lambda _dialog: asked.append(True) or len(asked) > 1)
    section.table.setFocus()
    section.table.selectRow(0)
    gone = cells(section.table, 0)[0]
    qtbot.keyClick(section.table, Qt.Key.Key_Delete)
    assert section.table.rowCount() == 2, 'the answer was no'
    section.table.selectRow(0)
    section.forget_button.click()
    assert section.table.rowCount() == 1
    assert cells(section.table, 0)[0] != gone


def test_who_does_not_manage_the_office_only_looks(reader: Reader, qtbot: QtBot) -> None:
    section = shown(reader, qtbot, reader.office.auditor)
    section.table.selectRow(0)
    assert not section.forget_button.isVisible()
    section.forget()
    assert section.table.rowCount() == 2


def test_the_reader_is_scored_and_what_is_sure_and_wrong_is_named(reader: Reader, qtbot: QtBot) -> None:
    section = shown(reader, qtbot, reader.office.auditor)
    group = section.scoring
    page = receipt('0000000001', '77121', '77121')
    reader.page = replace(page, fields={**page.fields, 'total': replace(page.fields['total'], value='99.50')})
    group.score_button.click()
    # The other hospital has the same form: its paper was read right, so that nobody corrected it.
    assert cells(group.table, 0) == ['Outpatient receipt', '1', '5', '4', '4', '4', '1']
    assert group.answer.sentence == '4 of 5 fields come out as people confirmed them.'
    assert 'Sure but wrong: CY2026-000001 · 收据 · Total: “99.50”, confirmed “88.50”' in group.answer.accessibleName()


def test_an_office_where_nobody_corrected_anything_says_so(office: PaperOffice, qtbot: QtBot) -> None:
    section = shown(Reader(office), qtbot, office.clerk)
    assert not section.table.isVisible()
    assert not section.scoring.score_button.isEnabled()
