"""Points of cases and shares of people, changed by keyboard, previewed, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.rules.assignment import RULE_KEY, Skill
from claimdesk.ui import theme
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import PlainLabel
from claimdesk.vocabulary import Role, Stage
from tests.ui.case_office import CaseOffice, case_office

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    monkeypatch.setenv('XDG_CONFIG_HOME', str(tmp_path / 'config'))
    theme.apply(qapp, 'light')
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def section(office: CaseOffice, qtbot: QtBot, name: str, role: Role = Role.ADMINISTRATOR) -> tuple[SettingsPage, Any]:
    office.desk.actor = office.people[role]
    page = SettingsPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1300, 900)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.arrive(name)
    return page, page.section()


def answer(shown: Any) -> str:
    return '\n'.join(
        item.widget().text()
        for at in range(shown.answer.count())
        if isinstance((item := shown.answer.itemAt(at)).widget(), PlainLabel)
    )


def share_of(office: CaseOffice, role: Role) -> Any:
    shares = office.desk.work_profiles.shares(office.people[Role.ADMINISTRATOR])
    return next(one for one in shares if one.profile.person_id == office.people[role].id)


def test_points_are_typed_explained_previewed_and_saved(office: CaseOffice, qtbot: QtBot) -> None:
    _page, shown = section(office, qtbot, 'assignment')
    assert 'weighs 8 points' in shown.example.text()
    assert 'would get it' in answer(shown)
    assert office.people[Role.SURVEYOR].name in answer(shown)
    field = shown.numbers['motor']
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, '9')
    assert 'weighs 15 points' in shown.example.text()
    shown.look()
    assert 'weighs 9 points: Motor 9' in answer(shown)
    qtbot.keyClick(field, Qt.Key.Key_S, CONTROL)
    kept = office.desk.rules.value(office.people[Role.MANAGER], RULE_KEY, office.desk.context.today())
    assert kept['motor'] == 9
    assert not shown.has_unsaved()


def test_amounts_that_do_not_rise_are_refused_at_their_field(office: CaseOffice, qtbot: QtBot) -> None:
    _page, shown = section(office, qtbot, 'assignment')
    for typed in ('50000, 10000', 'many'):
        shown.steps.setFocus()
        shown.steps.selectAll()
        qtbot.keyClicks(shown.steps, typed)
        qtbot.keyClick(shown.steps, Qt.Key.Key_S, CONTROL)
        assert 'rise' in shown.form.error('amount_steps')
    assert office.desk.rules.value(office.people[Role.MANAGER], RULE_KEY, office.desk.context.today()) is None


def test_the_preview_says_why_nobody_can(office: CaseOffice, qtbot: QtBot) -> None:
    _page, shown = section(office, qtbot, 'shares')
    office.desk.work_profiles.save(
        office.people[Role.ADMINISTRATOR], office.people[Role.SURVEYOR].id, 0, skills=[Skill.PROPERTY], areas=[],
        weight=100, hard_capacity=None,
    )  # fmt: skip
    _page, shown = section(office, qtbot, 'assignment')
    assert 'Nobody can take it' in answer(shown)
    assert 'not for Motor' in answer(shown)
    shown.stage.set_value(Stage.ADJUSTMENT)
    shown.look()
    assert office.people[Role.ADJUSTER].name in answer(shown)


def test_a_share_is_typed_saved_and_taken_back(office: CaseOffice, qtbot: QtBot) -> None:
    page, shown = section(office, qtbot, 'shares')
    toasts: list[tuple[str, Any]] = []
    page.shell.toasted.connect(lambda words, undo: toasts.append((words, undo)))
    place = next(
        at for at, one in enumerate(shown.rows.rows) if one.profile.person_id == office.people[Role.SURVEYOR].id
    )
    shown.table.selectRow(place)
    shown.table.setFocus()
    qtbot.keyClick(shown.table, Qt.Key.Key_Return)
    assert shown.weight.hasFocus()
    shown.weight.selectAll()
    qtbot.keyClicks(shown.weight, '50')
    shown.areas.setFocus()
    shown.areas.setText('苏州，杭州')
    shown.skills[Skill.MOTOR].setChecked(True)
    shown.capacity.setValue(20)
    shown.most.setText('30')
    qtbot.keyClick(shown.areas, Qt.Key.Key_S, CONTROL)
    kept = share_of(office, Role.SURVEYOR)
    assert (kept.profile.weight, kept.profile.areas, kept.profile.skills) == (50, ('苏州', '杭州'), {Skill.MOTOR})
    assert (kept.capacity, kept.profile.hard_capacity) == (20, 30)
    assert not shown.has_unsaved()
    toasts[-1][1]()
    back = share_of(office, Role.SURVEYOR)
    assert (back.profile.weight, back.profile.areas, back.capacity) == (100, (), 60)


def test_a_limit_below_a_full_load_is_refused_at_its_field(office: CaseOffice, qtbot: QtBot) -> None:
    _page, shown = section(office, qtbot, 'shares')
    shown.most.setFocus()
    qtbot.keyClicks(shown.most, '3')
    qtbot.keyClick(shown.most, Qt.Key.Key_S, CONTROL)
    assert 'less than a full load' in shown.form.error('hard_capacity')
    assert shown.has_unsaved()


def test_what_is_typed_is_not_lost_by_marking_somebody_else(office: CaseOffice, qtbot: QtBot) -> None:
    _page, shown = section(office, qtbot, 'shares')
    shown.weight.setFocus()
    shown.weight.selectAll()
    qtbot.keyClicks(shown.weight, '70')
    qtbot.keyClick(shown.table, Qt.Key.Key_Down)
    assert shown.table.currentIndex().row() == 0
    assert shown.weight.value() == 70
    shown.discard_button.click()
    assert shown.weight.value() == 100


def test_who_may_not_only_looks(office: CaseOffice, qtbot: QtBot) -> None:
    for name in ('assignment', 'shares'):
        _page, shown = section(office, qtbot, name, Role.SURVEYOR)
        assert not shown.form.isEnabled()
        assert any('Your role may not' in one.text() for one in shown.findChildren(PlainLabel))
