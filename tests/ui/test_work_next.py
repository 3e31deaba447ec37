"""One key does what a row of the workbench wants, or leads to where it is done."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from claimdesk.models import Account, AccountRole, Case, Database
from claimdesk.rules.workflow import Move
from claimdesk.services.context import Actor
from claimdesk.services.work_items import Urgency
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.work import WorkPage
from claimdesk.ui.signing import SignDialog
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import DispatchState, Role, Stage, SurveyKind
from tests.services.role_office import START, RoleOffice, role_office
from tests.ui.case_office import case_office, when_asked

Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def show(office: RoleOffice, qtbot: QtBot, actor: Actor) -> WorkPage:
    office.desk.actor = actor
    page = WorkPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.opened()
    return page


def mark(page: WorkPage, urgency: Urgency) -> None:
    """Mark the first row of a group."""
    rows = range(page.model.rowCount())
    head = next(row for row in rows if (line := page.model.headline(row)) is not None and line.urgency is urgency)
    page.table.go_to(head + 1)


def test_a_surveyor_accepts_a_dispatch(office: RoleOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.SURVEY)
    surveyor = office.people[Role.SURVEYOR]
    office.desk.dispatches.send(office.people[Role.SERVICE], office.case_id, SurveyKind.MOTOR, surveyor.id)
    page = show(office, qtbot, surveyor)
    mark(page, Urgency.VISITS)
    assert page.do_button.text() == 'Accept the dispatch'
    qtbot.keyClick(page.table, Key.Key_Return, CTRL)
    (view,) = office.desk.dispatches.of_case(surveyor, office.case_id)
    assert view.state is DispatchState.ACCEPTED
    found = [page.model.item(row) for row in range(page.model.rowCount())]
    assert 'Agree on a time' in [item.action for item in found if item is not None]
    page.closing()


def test_a_substitute_takes_a_case(office: RoleOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.SURVEY)
    surveyor = office.people[Role.SURVEYOR]
    with office.desk.context.database.write('test') as session:
        second = Account(office_id=surveyor.office_id, login='two', name='第二查勘', password_hash='x',
                         created_at=START, roles=[AccountRole(role=Role.SURVEYOR)])  # fmt: skip
        session.add(second)
        session.flush()
        actor = Actor(second.id, second.name, 'two', surveyor.office_id, None, frozenset({Role.SURVEYOR}))
    today = office.desk.context.today()
    office.desk.accounts.note_absence(surveyor, surveyor.id, today, today, actor.id)
    page = show(office, qtbot, actor)
    mark(page, Urgency.STANDING_IN)
    qtbot.mouseClick(page.do_button, Qt.MouseButton.LeftButton)
    assert office.case.owner_id == actor.id
    assert Urgency.STANDING_IN not in [tile.urgency for tile in page.tiles]
    page.closing()


def test_a_move_that_needs_only_a_yes_is_made_after_it(office: RoleOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.SURVEY)
    office.write_survey()
    late(office)
    page = show(office, qtbot, office.people[Role.SURVEYOR])
    mark(page, Urgency.TODAY)
    when_asked(Dialog.reject)
    qtbot.keyClick(page.table, Key.Key_Return, CTRL)
    assert office.case.stage is Stage.SURVEY
    when_asked(Dialog.accept)
    qtbot.mouseClick(page.do_button, Qt.MouseButton.LeftButton)
    assert office.case.stage is Stage.ASSESSMENT
    page.closing()


def late(office: RoleOffice) -> None:
    """Let the case be due in two hours."""
    with office.desk.context.database.write('test') as session:
        session.get_one(Case, office.case_id).due_at = office.watch() + dt.timedelta(hours=2)


def test_a_move_that_needs_more_begins_on_the_case(office: RoleOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.APPROVAL)
    opened: list[tuple[int, str]] = []
    page = show(office, qtbot, office.people[Role.APPROVER])
    page.shell.open_case_at.connect(lambda case_id, part: opened.append((case_id, part)))
    mark(page, Urgency.DECISION)
    qtbot.keyClick(page.table, Key.Key_Return, CTRL)
    assert opened == [(office.case_id, 'money/next')]
    assert office.desk.workflow.moves(office.people[Role.APPROVER], office.case_id).next.move is Move.APPROVE
    page.closing()


def test_there_the_signing_opens_by_itself(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> None:
    office = case_office(sqlite_url, tmp_path)
    office.bring_to(Stage.APPROVAL)
    page = office.page(qtbot, Role.APPROVER)
    asked: list[str] = []

    def look(dialog: SignDialog) -> None:
        asked.append(dialog.windowTitle())
        dialog.reject()

    when_asked(look)
    page.arrive('money/next')
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ['Approve and sign?']
    assert page.front_tab.name == 'money'
    assert office.stage() == 'approval'
    page.closing()
    office.desk.close()


def test_what_is_no_case_leads_to_its_page(office: RoleOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.PAYMENT)
    office.desk.payment.prepare(
        office.people[Role.FINANCE], office.case_id, payee_name='欧阳', bank_name='中国银行',
        account_number='12345678901', request_key='one',
    )  # fmt: skip
    went: list[tuple[str, object]] = []
    page = show(office, qtbot, office.people[Role.FINANCE])
    page.shell.navigate_to.connect(lambda name, arguments: went.append((name, arguments)))
    mark(page, Urgency.BANK)
    qtbot.keyClick(page.table, Key.Key_Return)
    qtbot.keyClick(page.table, Key.Key_Return, CTRL)
    assert went == [('payments', 'prepared')] * 2
    page.closing()
