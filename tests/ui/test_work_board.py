"""The board and the hand-over, with keys and mouse over a real office."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from claimdesk.models import Case, Database
from claimdesk.services.accounts import NewPerson
from claimdesk.services.board import Board
from claimdesk.services.handover import HandOvers, Plan
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.work import WorkPage
from claimdesk.ui.pages.work_handover import HandOverDialog
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role, Stage
from tests.services.role_office import PASSWORD, RoleOffice, role_office


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


def handing(office: RoleOffice, qtbot: QtBot, cases: int) -> tuple[WorkPage, HandOverDialog]:
    """The dialog in which a manager hands over all cases of somebody of the service desk."""
    for number in range(1, cases):
        office.register(f'more {number}')
    boss, clerk = office.people[Role.MANAGER], office.people[Role.SERVICE]
    office.desk.actor = boss
    page = WorkPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    taker = office.people[Role.COORDINATOR]
    hand_overs = office.desk.hand_overs

    def plan(_choice: object) -> Plan:
        return hand_overs.plan_person(boss, clerk.id)

    dialog = HandOverDialog(page, 'Hand over', 'All of them', 'To', [(taker.id, taker.name)], plan)
    qtbot.addWidget(dialog)
    dialog.show()
    return page, dialog


def second_clerk(office: RoleOffice) -> int:
    """One more person of the service desk, who can take cases."""
    person = office.desk.accounts.create(
        office.people[Role.ADMINISTRATOR], NewPerson('two', '第二客服', (Role.SERVICE,), PASSWORD)
    )
    return person.id


def owners(office: RoleOffice) -> list[int | None]:
    with office.desk.context.database.read() as session:
        return list(session.scalars(select(Case.owner_id).order_by(Case.id)))


def test_cases_are_handed_over_after_a_preview_and_one_is_left_out(office: RoleOffice, qtbot: QtBot) -> None:
    second, clerk = second_clerk(office), office.people[Role.SERVICE].id
    page, dialog = handing(office, qtbot, 3)
    before = owners(office)
    assert len(dialog.model.proposals) == before.count(clerk)
    left_out = dialog.model.proposals[0].case_id
    index = dialog.model.index(0, 0)
    dialog.model.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    qtbot.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert len(dialog.done_proposals) == before.count(clerk) - 1
    with office.desk.context.database.read() as session:
        assert session.get_one(Case, left_out).owner_id == clerk
    assert owners(office).count(second) == before.count(second) + before.count(clerk) - 1
    page.closing()


def test_stopping_a_hand_over_keeps_every_case_whole_and_says_how_far_it_came(
    office: RoleOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_clerk(office)
    page, dialog = handing(office, qtbot, 8)
    whole, handed = HandOvers._hand, []

    def hand(hand_overs: HandOvers, actor: object, one: object) -> None:
        whole(hand_overs, actor, one)
        handed.append(one.case_id)
        if len(handed) == 2:
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    monkeypatch.setattr(HandOvers, '_hand', hand)
    count = len(dialog.model.proposals)
    qtbot.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
    assert dialog.isVisible()
    assert [one.case_id for one in dialog.done_proposals] == handed
    assert len(dialog.model.chosen()) == count - 2
    words = [dialog.model.index(row, 5).data() for row in range(count)]
    assert words.count('Handed over') == 2
    assert words.count('Stopped before this one.') == count - 2
    # The rest goes on from where it stopped.
    qtbot.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert len(dialog.done_proposals) == count
    page.closing()
