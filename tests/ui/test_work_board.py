"""The board and the hand-over, with keys and mouse over a real office."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.services.board import Board
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.work import WorkPage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role, Stage
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def test_a_stage_says_whether_a_case_may_go_there(office: RoleOffice) -> None:
    board = Board(office.desk.context)
    office.bring_to(Stage.REGISTERED)
    clerk = office.people[Role.SERVICE]
    columns = {column.stage: column for column in board.columns(clerk)}
    assert [row.id for row in columns[Stage.REGISTERED].cards] == [office.case_id]
    assert columns[Stage.PAYMENT].count == 0
    targets = board.targets(clerk, office.case_id)
    assert targets.at(Stage.SURVEY).why_not == ''
    assert targets.at(Stage.PAYMENT).why_not == 'From Registration a case goes on to Survey.'
    assert 'Your role may not' in board.targets(office.people[Role.FINANCE], office.case_id).at(Stage.SURVEY).why_not


def test_a_card_moves_where_it_may_and_says_why_where_not(office: RoleOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.REGISTERED)
    office.desk.actor = office.people[Role.SERVICE]
    page = WorkPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    page.opened()
    page.flip_board()
    cards = page.board.lists[Stage.REGISTERED]
    assert page.board.marked_case().id == office.case_id
    page.board.move_wanted.emit(office.case_id, Stage.PAYMENT)
    assert office.case.stage is Stage.REGISTERED
    qtbot.keyClick(cards, Qt.Key.Key_M)
    action = next(one for one in page.board.menu.actions() if 'Dispatch' in one.text())
    action.trigger()
    page.board.menu.close()
    assert office.case.stage is Stage.SURVEY
    page.closing()
