"""Why a case is late, by keyboard: events recorded and corrected, the reason of a delay asked before the move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind
from claimdesk.ui import theme
from claimdesk.ui.pages.case.clocks import ClocksDialog
from claimdesk.ui.widgets import Button, Combo, DateTimeEdit, TextArea
from claimdesk.vocabulary import DelayCode, Role, Stage
from tests.ui.case_office import CaseOffice, case_office, when_asked

K = EventKind
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def press_next(qtbot: QtBot, page: QWidget) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.bar.setFocus()
    qtbot.keyClick(page.bar, Qt.Key.Key_Return, CONTROL)


def words_of(widget: QWidget) -> str:
    return '\n'.join(label.text() for label in widget.findChildren(QLabel))


def recorded(office: CaseOffice) -> list[EventKind]:
    events = office.desk.events.of_case(office.people[Role.AUDITOR], office.case_id)
    return [event.kind for event in events if not event.voided]


def opened(qtbot: QtBot, office: CaseOffice, role: Role) -> ClocksDialog:
    page = office.page(qtbot, role)
    dialog = ClocksDialog(page)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_why_is_this_late_is_answered_within_two_keys(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    office.watch.forward(days=9)
    page = office.page(qtbot, Role.SURVEYOR)
    seen: list[str] = []
    when_asked(lambda dialog: seen.append(words_of(dialog)))
    qtbot.keyClick(page, Qt.Key.Key_T, CONTROL)
    assert 'Target of this step' in seen[0]
    assert "The office's own target, not a legal limit" in seen[0]
    assert '1 working day ends on' in seen[0]
    assert 'What others have to keep' in seen[0]


def test_an_event_is_recorded_by_keyboard_and_stops_its_clock(qtbot: QtBot, office: CaseOffice) -> None:
    dialog = opened(qtbot, office, Role.SERVICE)

    def answer(asked: QWidget) -> None:
        what = asked.findChild(Combo)
        what.set_value(K.CONTACTED)
        asked.findChild(DateTimeEdit).set_value(office.watch())
        asked.ok_button.click()

    when_asked(answer)
    qtbot.keyClick(dialog, Qt.Key.Key_R, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: K.CONTACTED in recorded(office))
    clocks = {clock.id: clock for clock in office.desk.clocks.due(office.people[Role.SERVICE], office.case_id)}
    assert clocks['contact'].stopped_at is not None


def test_a_wrong_time_is_corrected_with_a_reason(qtbot: QtBot, office: CaseOffice) -> None:
    clerk = office.people[Role.SERVICE]
    office.desk.events.record(clerk, office.case_id, K.CLAIM_RECEIVED, office.watch())
    office.watch.forward(hours=5)
    dialog = opened(qtbot, office, Role.SERVICE)
    button = next(
        one for one in dialog.findChildren(Button) if 'Claim and first documents' in one.accessibleName()
    )
    earlier = office.watch() - dt.timedelta(hours=4)

    def answer(asked: QWidget) -> None:
        asked.ok_button.click()
        assert asked.isVisible()
        asked.findChild(DateTimeEdit).set_value(earlier)
        asked.ok_button.click()
        assert asked.isVisible()
        asked.findChild(TextArea).set_value('签收时间录错')
        asked.ok_button.click()

    when_asked(answer)
    button.click()
    events = [one for one in office.desk.events.of_case(clerk, office.case_id) if one.kind is K.CLAIM_RECEIVED]
    assert sorted(one.voided for one in events) == [False, True]
    assert 'Taken back' in words_of(dialog)


def test_who_only_looks_finds_nothing_to_press(qtbot: QtBot, office: CaseOffice) -> None:
    dialog = opened(qtbot, office, Role.AUDITOR)
    assert dialog.record_button.isHidden()
    assert dialog.urge_button.isHidden()
    assert not [one for one in dialog.findChildren(Button) if one.text().startswith('Record:')]


def test_the_handler_is_urged_from_the_case(qtbot: QtBot, office: CaseOffice) -> None:
    dialog = opened(qtbot, office, Role.MANAGER)

    def answer(asked: QWidget) -> None:
        asked.findChild(TextArea).set_value('客户来电催问')
        asked.ok_button.click()

    when_asked(answer)
    qtbot.keyClick(dialog, Qt.Key.Key_U, CONTROL)
    boss = office.people[Role.MANAGER]
    qtbot.waitUntil(lambda: bool(office.desk.reminders.of_case(boss, office.case_id)))
    (urged,) = office.desk.reminders.of_case(boss, office.case_id)
    assert urged.words == '客户来电催问'
    assert 'Not answered yet.' in words_of(dialog)


def test_the_slip_of_an_urging_is_shown_to_be_printed(
    qtbot: QtBot, office: CaseOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[bytes] = []

    def preview(_page: object, title: str, produce: Callable[[Progress], bytes], _name: str, *, modal: bool) -> None:
        assert (title, modal) == ('Reminder to act', True)
        printed.append(produce(quiet))

    monkeypatch.setattr('claimdesk.ui.preview.preview_pdf', preview)
    dialog = opened(qtbot, office, Role.MANAGER)

    def answer(asked: QWidget) -> None:
        asked.findChild(QCheckBox).setChecked(True)
        asked.ok_button.click()

    when_asked(answer)
    qtbot.keyClick(dialog, Qt.Key.Key_U, CONTROL)
    qtbot.waitUntil(lambda: len(printed) == 1)
    slip = next(one for one in dialog.findChildren(Button) if one.text().startswith('Slip'))
    slip.click()
    assert [content[:5] for content in printed] == [b'%PDF-'] * 2


def test_a_late_step_asks_for_its_reason_before_the_move(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    office.write_survey()
    office.watch.forward(days=9)
    page = office.page(qtbot, Role.SURVEYOR)
    when_asked(lambda dialog: dialog.reject())
    press_next(qtbot, page)
    assert office.stage() == 'survey'

    def answer(asked: QWidget) -> None:
        asked.ok_button.click()
        assert asked.isVisible()
        asked.findChild(Combo).set_value(DelayCode.WEATHER)
        asked.ok_button.click()

    when_asked(answer)
    press_next(qtbot, page)
    assert office.stage() == 'assessment'
    assert office.desk.delays.of_case(office.people[Role.AUDITOR], office.case_id)[-1].code is DelayCode.WEATHER
