"""Coordinators at the keyboard: lists, the questionnaire by figures, answers, findings; the tabs of the case page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.models import Account, Calculation
from claimdesk.rules.automatic import AutomaticRule
from claimdesk.services.lawsuits import NewLawsuit
from claimdesk.ui import theme
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.liaison import LiaisonPage
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import (
    CallBackState,
    Complexity,
    CourtDay,
    MatterKind,
    MatterOutcome,
    OurSide,
    RecoveryKind,
    RiskOutcome,
    Role,
    Stage,
)
from tests.ui.case_office import CaseOffice, case_office, when_asked

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp, 'light')
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def shown(office: CaseOffice, qtbot: QtBot, role: Role, kind: Any = LiaisonPage) -> Any:
    office.desk.actor = office.people[role]
    page = kind(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1300, 760)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.opened()
    return page


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def complain(office: CaseOffice) -> None:
    office.desk.disputes.take(
        office.people[Role.COORDINATOR], office.case_id, MatterKind.COMPLAINT, '沈知远', '定损太慢'
    )


def test_a_customer_is_called_back_by_typing_figures(office: CaseOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.CLOSING)
    page = shown(office, qtbot, Role.SERVICE)
    press(qtbot, Key.Key_2, CONTROL)
    assert page.tables['calls'].hasFocus()

    def answer(dialog: Any) -> None:
        for figure in (Key.Key_4, Key.Key_2, Key.Key_5):
            qtbot.keyClick(dialog.focusWidget(), figure)
        # One question is left: it keeps the dialog open and takes the focus.
        dialog.ok_button.click()
        assert dialog.isVisible()
        assert dialog.focusWidget() is list(dialog.rows.values())[3]
        qtbot.keyClick(dialog.focusWidget(), Key.Key_5)
        assert dialog.focusWidget() is dialog.comment
        qtbot.keyClicks(dialog.comment, 'slow')
        dialog.ok_button.click()

    when_asked(answer)
    press(qtbot, Key.Key_Return)
    (call,), (follow_up,) = office.desk.call_backs.of_case(office.people[Role.SERVICE], office.case_id)
    assert [one.score for one in call.answers] == [4, 2, 5, 5]
    assert (call.state, call.comment, follow_up.score) == (CallBackState.DONE, 'slow', 2)
    assert page.chips['follow_ups'].text().endswith('1')


def test_a_call_that_nobody_answers_is_counted(office: CaseOffice, qtbot: QtBot) -> None:
    office.bring_to(Stage.CLOSING)
    page = shown(office, qtbot, Role.SERVICE)
    page.arrive('calls')
    qtbot.mouseClick(page.block.buttons[1], Qt.MouseButton.LeftButton)
    assert page.row.attempts == 1


def test_a_complaint_is_answered_from_the_list(office: CaseOffice, qtbot: QtBot) -> None:
    complain(office)
    page = shown(office, qtbot, Role.COORDINATOR)
    assert page.chips['complaints'].text().endswith('1')
    page.search.setFocus()
    qtbot.keyClicks(page.search, 'nothing like it')
    assert page.row is None
    assert page.tables['complaints'].empty_words() == 'Nothing fits. Try fewer words.'
    page.search.clear()
    press(qtbot, Key.Key_Down)

    def answer(dialog: Any) -> None:
        dialog.ok_button.click()
        assert dialog.isVisible()
        from claimdesk.ui.widgets import Combo, TextArea

        outcome, cause = dialog.findChildren(Combo)
        outcome.set_value(MatterOutcome.UPHELD)
        cause.set_value('slow')
        dialog.findChild(TextArea).set_value('已致歉')
        dialog.ok_button.click()

    when_asked(answer)
    press(qtbot, Key.Key_Return, CONTROL)
    (matter,) = office.desk.disputes.of_case(office.people[Role.COORDINATOR], office.case_id)
    assert (matter.outcome, matter.root_cause, matter.answer) == (MatterOutcome.UPHELD, 'slow', '已致歉')
    assert page.tables['complaints'].empty_words().startswith('No complaint or dispute is open.')


def test_what_a_person_may_not_do_says_who_may(office: CaseOffice, qtbot: QtBot) -> None:
    complain(office)
    page = shown(office, qtbot, Role.APPROVER)
    page.arrive('complaints')
    assert not page.block.buttons[0].isEnabled()
    press(qtbot, Key.Key_Return)
    assert 'Your role may not handle complaints' in page.banner.sentence


def test_only_mine_and_the_way_to_the_case(office: CaseOffice, qtbot: QtBot) -> None:
    complain(office)
    page = shown(office, qtbot, Role.SERVICE)
    opened: list[tuple[int, str]] = []
    page.shell.open_case_at.connect(lambda case_id, part: opened.append((case_id, part)))
    press(qtbot, Key.Key_O, CONTROL)
    assert opened == [(office.case_id, 'disputes')]
    page.mine.click()
    assert page.row is None


def test_whoever_comes_from_the_workbench_stands_on_the_row(office: CaseOffice, qtbot: QtBot) -> None:
    complain(office)
    complain(office)
    coordinator = office.people[Role.COORDINATOR]
    last = office.desk.disputes.open(coordinator)[-1]
    office.desk.actor = coordinator
    page = LiaisonPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.arrive(('complaints', last.id))
    page.opened()
    assert page.row.id == last.id
    first = office.desk.disputes.open(coordinator)[0]
    page.mine.setChecked(True)
    page.arrive(('complaints', first.id))
    assert page.row.id == first.id
    page.closing()


def test_a_finding_is_recorded_with_words(office: CaseOffice, qtbot: QtBot) -> None:
    office.desk.risk.refer(office.people[Role.SURVEYOR], office.case_id, '核实')
    page = shown(office, qtbot, Role.APPROVER)
    press(qtbot, Key.Key_6, CONTROL)

    def answer(dialog: Any) -> None:
        from claimdesk.ui.widgets import Combo, TextArea

        dialog.findChild(Combo).set_value(RiskOutcome.CLEARED)
        dialog.findChild(TextArea).set_value('两次事故均属实')
        dialog.ok_button.click()

    when_asked(answer)
    press(qtbot, Key.Key_Return)
    (done,) = office.desk.risk.of_case(office.people[Role.APPROVER], office.case_id).referrals
    assert (done.outcome, done.finding) == (RiskOutcome.CLEARED, '两次事故均属实')
    assert page.row is None


def test_every_list_shows_its_rows_and_survives_a_switch_of_language(office: CaseOffice, qtbot: QtBot) -> None:
    coordinator, case_id = office.people[Role.COORDINATOR], office.case_id
    complain(office)
    office.desk.lawsuits.enter(coordinator, case_id, NewLawsuit('法院', '318', OurSide.DEFENDANT, '沈', Decimal(9)))
    (suit,) = office.desk.lawsuits.open(coordinator)
    due = office.watch() + dt.timedelta(days=2)
    office.desk.lawsuits.set_day(coordinator, suit.id, suit.version, CourtDay.HEARING, due, '一庭')
    office.desk.recoveries.enter(coordinator, case_id, RecoveryKind.SALVAGE, '拆车厂', Decimal(2600))
    page = shown(office, qtbot, Role.COORDINATOR)
    for name in ('complaints', 'lawsuits', 'recoveries'):
        page.arrive(name)
        assert page.row.case_number == office.case.number
        assert page.block.buttons[0].isEnabled()
    kept = page.keep()
    again = shown(office, qtbot, Role.COORDINATOR)
    again.restore(kept)
    assert again.row.id == page.row.id
    assert again.tables['recoveries'].isVisible()


def test_the_case_page_shows_disputes_and_takes_one(office: CaseOffice, qtbot: QtBot) -> None:
    page = office.page(qtbot, Role.COORDINATOR)
    assert not page.head.complaints.isVisible()
    press(qtbot, Key.Key_8, CONTROL)
    tab = page.tabs['disputes']

    def take(dialog: Any) -> None:
        from claimdesk.ui.widgets import Combo, TextArea

        dialog.findChild(Combo).set_value(MatterKind.DISPUTE)
        dialog.findChild(TextArea).set_value('金额争议')
        dialog.ok_button.click()

    when_asked(take)
    qtbot.mouseClick(tab.complain_button, Qt.MouseButton.LeftButton)
    (matter,) = office.desk.disputes.of_case(office.people[Role.COORDINATOR], office.case_id)
    assert (matter.kind, matter.content) == (MatterKind.DISPUTE, '金额争议')
    assert page.head.complaints.isVisible()
    assert page.bar.tabText(7) == 'Disputes 1'
    complex_button = next(button for button in tab.blocks[0].buttons if button.text() == 'It is complex')
    qtbot.mouseClick(complex_button, Qt.MouseButton.LeftButton)
    (matter,) = office.desk.disputes.of_case(office.people[Role.COORDINATOR], office.case_id)
    assert matter.complexity is Complexity.COMPLEX


def test_the_case_page_says_why_it_should_be_looked_at(office: CaseOffice, qtbot: QtBot) -> None:
    second = office.register('second')
    first, office.case_id = office.case_id, second
    page = office.page(qtbot, Role.SURVEYOR)
    press(qtbot, Key.Key_9, CONTROL)
    tab = page.tabs['risk']
    words = ' '.join(label.text() for label in tab.findChildren(object) if hasattr(label, 'wordWrap'))
    number = office.desk.cases.page(office.people[Role.SURVEYOR], first).number
    assert f'The same policy has a loss on the same day: case {number}.' in words
    assert 'never decides on a claim by itself' in words

    def ask(dialog: Any) -> None:
        from claimdesk.ui.widgets import TextArea

        dialog.findChild(TextArea).set_value('核实')
        dialog.ok_button.click()

    when_asked(ask)
    qtbot.mouseClick(tab.refer_button, Qt.MouseButton.LeftButton)
    assert office.desk.risk.of_case(office.people[Role.SURVEYOR], second).open_referral is not None
    assert not tab.refer_button.isEnabled()
    assert not tab.blocks[0].buttons[0].isEnabled()


def test_an_office_switches_automatic_approval_on_and_sees_what_it_said(office: CaseOffice, qtbot: QtBot) -> None:
    settings = shown(office, qtbot, Role.MANAGER, SettingsPage)
    settings.arrive('automatic')
    section = settings.section()
    assert not section.has_unsaved()
    section.enabled.set_value(True)
    section.sample.setValue(0)
    assert section.has_unsaved()
    assert settings.has_unsaved()
    section.dated.day.set_value(office.watch().date())
    qtbot.mouseClick(section.dated.save_button, Qt.MouseButton.LeftButton)
    assert office.desk.straight_through.rule(office.people[Role.MANAGER]) == AutomaticRule(
        enabled=True, sample_percent=0
    )
    assert not section.has_unsaved()
    office.bring_to(Stage.ADJUSTMENT)
    office.everything_here()
    office.calculate()
    from claimdesk.rules.workflow import Move

    office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    assert office.case.stage is Stage.PAYMENT
    page = office.page(qtbot, Role.AUDITOR)
    page.arrive('risk')
    words = [label.text() for label in page.tabs['risk'].findChildren(object) if hasattr(label, 'wordWrap')]
    assert 'Nobody is hurt' in words
    assert any('11 of 11 conditions held' in one for one in words)
    with office.desk.context.database.read() as session:
        calculation = session.query(Calculation).one()
        assert session.get_one(Account, calculation.decided_by).name == 'Automatic approval'


@pytest.mark.parametrize('name', ['risk', 'call_backs', 'root_causes'])
def test_a_table_of_rules_is_edited_saved_and_taken_back(office: CaseOffice, qtbot: QtBot, name: str) -> None:
    settings = shown(office, qtbot, Role.MANAGER, SettingsPage)
    settings.arrive(name)
    section = settings.section()
    before = section.value()
    if name == 'risk':
        section.fields['late'][1].setValue(99)
    elif name == 'call_backs':
        section.questions.set_value('是否愿意推荐我们？')
    else:
        section.causes.set_value('拖车迟到')
    assert section.has_unsaved()
    kept = settings.keep()
    section.dated.day.set_value(office.watch().date())
    settings._save()
    assert not section.has_unsaved()
    manager = office.people[Role.MANAGER]
    if name == 'risk':
        assert {rule.code: rule.weight for rule in office.desk.risk.table(manager).rules}['late'] == 99
    elif name == 'call_backs':
        assert office.desk.call_backs.rules(manager).questions == ('是否愿意推荐我们？',)
    else:
        assert office.desk.disputes.causes(manager) == ('拖车迟到',)
    (version,) = office.desk.rules.versions(manager, section.key)
    section.dated.forget_wanted.emit(version)
    assert section.value() == before
    again = shown(office, qtbot, Role.MANAGER, SettingsPage)
    again.restore(kept)
    again.arrive(name)
    assert again.section().has_unsaved()


def test_a_table_without_sense_is_not_saved(office: CaseOffice, qtbot: QtBot) -> None:
    settings = shown(office, qtbot, Role.MANAGER, SettingsPage)
    settings.arrive('risk')
    section = settings.section()
    section.medium.setValue(80)
    settings._save()
    assert 'High must begin above medium' in section.form.error('high_from')
    assert office.desk.rules.versions(office.people[Role.MANAGER], 'risk') == []
