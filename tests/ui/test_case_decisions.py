"""Decisions on the case page by the keyboard: signing, passing up, returning with a code, the gate, requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from claimdesk.rules.authority import Level
from claimdesk.rules.workflow import Move
from claimdesk.ui import theme
from claimdesk.ui.pages.case.page import CasePage
from claimdesk.ui.widgets import Combo, StateBadge, TextArea
from claimdesk.vocabulary import Line, MatterKind, Role, Stage
from tests.services.role_office import PASSWORD
from tests.ui.case_office import CaseOffice, case_office, when_asked

ENTER, CONTROL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def press_next(qtbot: QtBot, page: CasePage) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.bar.setFocus()
    qtbot.keyClick(page.bar, ENTER, CONTROL)


def typed(qtbot: QtBot, password: str) -> object:
    def act(dialog: QWidget) -> None:
        assert dialog.password.hasFocus() or dialog.focusWidget() is not None
        dialog.password.setFocus()
        qtbot.keyClicks(dialog.password, password)
        qtbot.keyClick(dialog.password, ENTER)

    return act


def reason(words: str) -> object:
    def act(dialog: QWidget) -> None:
        dialog.findChild(TextArea).set_value(words)
        dialog.ok_button.click()

    return act


def test_an_approval_is_signed_by_the_keyboard_and_a_wrong_password_is_said(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    page = office.page(qtbot, Role.APPROVER)

    def wrong_then_right(dialog: QWidget) -> None:
        typed(qtbot, 'guessed')(dialog)
        assert dialog.isVisible()
        assert dialog.form.error('password') == 'The password is wrong.'
        assert dialog.password.text() == ''
        typed(qtbot, PASSWORD)(dialog)

    when_asked(wrong_then_right)
    press_next(qtbot, page)
    assert office.stage() == 'payment'
    page.arrive('money')
    shown = [label.text() for label in page.tabs['money'].decisions.findChildren(QLabel)]
    assert any(words.startswith('Signed by') for words in shown)


def test_a_changed_calculation_shows_as_broken(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    with office.desk.context.database.engine.begin() as connection:
        connection.execute(text('UPDATE calculation SET payable = payable + 1'))
    page = office.page(qtbot, Role.AUDITOR)
    page.arrive('money')
    badges = page.tabs['money'].decisions.findChildren(StateBadge)
    assert [badge.accessibleName() for badge in badges] == ['Signature broken']


def test_beyond_ones_authority_the_next_step_is_to_pass_it_up(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    office.desk.money_rules.set_levels(
        office.people[Role.ADMINISTRATOR],
        [
            Level('一级', Role.APPROVER, {Line.MOTOR: Decimal(100)}),
            Level('经理', Role.MANAGER, {Line.MOTOR: Decimal(9000)}),
        ],
        office.desk.context.today(),
        None,
    )
    page = office.page(qtbot, Role.APPROVER)
    assert page.head.next_button.text() == 'Pass up for approval'
    when_asked(typed(qtbot, PASSWORD))
    press_next(qtbot, page)
    assert (office.stage(), office.case.owner_id) == ('approval', office.people[Role.MANAGER].id)


def test_a_return_asks_for_a_code(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    page = office.page(qtbot, Role.APPROVER)

    def choose(dialog: QWidget) -> None:
        dialog.ok_button.click()
        assert dialog.isVisible()
        dialog.findChild(Combo).set_value('R02')
        dialog.ok_button.click()

    when_asked(choose)
    page.make_side(Move.RETURN_CALCULATION)
    assert office.stage() == 'adjustment'
    (kept, *_older) = office.desk.adjustment.of_case(office.people[Role.ADJUSTER], office.case_id)
    assert kept.reason == 'R02 A document is missing or unclear'


def test_an_open_complaint_holds_the_case_and_the_manager_overrides_with_a_reason(
    qtbot: QtBot, office: CaseOffice
) -> None:
    office.bring_to(Stage.CLOSING)
    office.desk.disputes.take(
        office.people[Role.COORDINATOR], office.case_id, MatterKind.COMPLAINT, '沈知远', '太慢'
    )
    page = office.page(qtbot, Role.SERVICE)
    press_next(qtbot, page)
    assert office.stage() == 'closing'
    assert '1 complaint is not answered.' in page.head.reasons.text()
    page = office.page(qtbot, Role.MANAGER)
    when_asked(reason('客户同意电话答复'))
    press_next(qtbot, page)
    assert office.stage() == 'closed'
    told = office.desk.timeline.of_case(office.people[Role.AUDITOR], office.case_id)
    assert any('客户同意电话答复' in ' '.join(entry.details) for entry in told)


def test_a_reopening_is_asked_for_by_one_and_granted_by_another(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.CLOSED)
    number = office.case.number
    page = office.page(qtbot, Role.SERVICE)
    ask = next(action for action in page.head._menu.actions() if action.text().startswith('Ask an approver: Reopen'))
    when_asked(reason('新单证'))
    ask.trigger()
    assert page.request_bar.isVisible()
    assert page.request_bar.buttons == []
    page = office.page(qtbot, Role.APPROVER)
    decline, _grant = page.request_bar.buttons
    when_asked(reason('先补齐'))
    decline.click()
    assert not page.request_bar.isVisible()
    office.desk.requests.ask(office.people[Role.SERVICE], office.case_id, Move.REOPEN, '新单证')
    page.reload()
    when_asked(reason('同意'))
    page.request_bar.buttons[1].click()
    assert (office.stage(), office.case.number) == ('assessment', number)
    assert not page.request_bar.isVisible()
    assert office.case.reopened_times == 1


def test_what_was_archived_is_kept_with_its_date(office: CaseOffice) -> None:
    office.bring_to(Stage.CLOSED)
    kept = office.desk.archive.of_case(office.people[Role.AUDITOR], office.case_id)
    ends = office.case.policy.ends_at.date()
    assert kept.keep_until == dt.date(ends.year + 5, ends.month, ends.day)
    assert [paper.kind for paper in kept.papers] == ['calculation', 'payment']
