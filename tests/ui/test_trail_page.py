"""The office's trail at the keyboard: looked through, verified, followed to what is broken, handed out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.errors import Cancelled, Unavailable
from claimdesk.progress import Progress
from claimdesk.services.findings import Finding, Health
from claimdesk.services.office_trail import TrailQuery
from claimdesk.ui import theme
from claimdesk.ui.page import Shell
from claimdesk.ui.pages import RAIL
from claimdesk.ui.pages.trail import TrailPage
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import Button, PlainLabel
from claimdesk.vocabulary import Channel, Role, Stage
from tests.models.test_audit_chain import unguarded
from tests.ui.case_office import CaseOffice, case_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp, 'light')
    made = case_office(sqlite_url, tmp_path)
    made.bring_to(Stage.ASSESSMENT)
    yield made
    made.desk.close()


def shown(office: CaseOffice, qtbot: QtBot, role: Role = Role.AUDITOR) -> TrailPage:
    office.desk.actor = office.people[role]
    page = TrailPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1300, 760)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.opened()
    qtbot.waitUntil(lambda: page.model.row_at(0) is not None)
    return page


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def words(page: TrailPage) -> str:
    return '\n'.join(label.text() for label in page.panel.findChildren(PlainLabel) if not label.isHidden())


def link(page: TrailPage, text: str) -> Button:
    return next(one for one in page.panel.findChildren(Button) if one.text() == text and not one.isHidden())


def test_only_who_may_has_the_page() -> None:
    assert [role for role in Role if RAIL['trail'].open_to([role])] == [Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR]


def test_the_newest_entry_is_read_and_its_case_opened_by_key(office: CaseOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    opened: list[int] = []
    page.shell.open_case.connect(opened.append)
    assert page.table.hasFocus()
    press(qtbot, Key.Key_Down)
    press(qtbot, Key.Key_Home, CONTROL)
    row = page.model.row_at(page.table.currentIndex().row())
    assert row is not None
    assert row.id == page.model.ids[0] == max(page.model.ids)
    qtbot.waitUntil(lambda: row.who in words(page))
    press(qtbot, Key.Key_O, CONTROL)
    assert opened == [office.case_id]


def test_it_is_narrowed_by_words_kind_person_and_day(office: CaseOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    everything = len(page.model.ids)
    press(qtbot, Key.Key_F, CONTROL)
    qtbot.keyClicks(page.search, office.case.number)
    qtbot.waitUntil(lambda: page.query.text == office.case.number)
    assert 0 < len(page.model.ids) < everything
    page.kind.set_value('claim_case')
    qtbot.waitUntil(lambda: page.query.kind == 'claim_case')
    page.person.set_value(office.people[Role.SURVEYOR].id)
    qtbot.waitUntil(lambda: page.query.actor_id == office.people[Role.SURVEYOR].id)
    assert {page.model.row_at(place).who for place in range(len(page.model.ids))} == {  # type: ignore[union-attr]
        office.people[Role.SURVEYOR].name
    }
    page.first.setText('2031-01-01')
    page.first.editingFinished.emit()
    qtbot.waitUntil(page.empty.isVisible)
    assert page.query.first == dt.date(2031, 1, 1)
    press(qtbot, Key.Key_F, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert page.query == TrailQuery()
    assert len(page.model.ids) == everything


def test_what_is_chosen_stays_when_entries_are_added(office: CaseOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    page.table.setCurrentIndex(page.model.index(3, 0))
    chosen, before = page.model.ids[3], len(page.model.ids)
    office.desk.messages.note(office.people[Role.SURVEYOR], office.case_id, Channel.PHONE, '又打了电话')
    page.changed({'message'}, {office.case_id})
    qtbot.waitUntil(lambda: len(page.model.ids) > before)
    assert page.model.ids[page.table.currentIndex().row()] == chosen


def test_an_office_in_order_is_said_to_be_so(office: CaseOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    press(qtbot, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: 'Everything is in order' in words(page))
    qtbot.waitUntil(lambda: 'chains follow on' in words(page))
    assert page.verify_button.isEnabled()


def test_what_is_broken_leads_to_its_case_and_its_entry(office: CaseOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    opened: list[int] = []
    page.shell.open_case.connect(opened.append)
    unguarded(office.desk.context.database, "UPDATE claim_case SET place = '别处'")
    press(qtbot, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: '1 thing is broken' in words(page))
    qtbot.waitUntil(lambda: '→ 别处' in words(page))
    link(page, 'Open the case').click()
    assert opened == [office.case_id]
    entry = page.model.ids[-1]
    unguarded(office.desk.context.database, f"UPDATE audit_entry SET actor_name = '别人' WHERE id = {entry}")
    page.verify()
    page.search.setText('nothing that there is')
    qtbot.waitUntil(page.empty.isVisible)
    link(page, 'Show the entry').click()
    assert page.model.ids[page.table.currentIndex().row()] == entry


def test_a_verification_is_stopped(office: CaseOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(office, qtbot)

    def slow(_actor: Any, _checkpoints: Any, progress: Progress) -> list[Finding]:
        progress(1, 2, 'half way')
        raise Cancelled

    monkeypatch.setattr(office.desk.verify, 'all', slow)
    page.verify()
    assert not page.verify_button.isEnabled()
    qtbot.waitUntil(page.panel.busy.isVisible)
    page.panel.busy.findChild(Button).click()
    assert page.verify_button.isEnabled()
    assert not page.panel.busy.isVisible()
    assert page.panel.findings == ()


def test_a_checkpoint_is_kept_only_of_a_sound_trail(office: CaseOffice, qtbot: QtBot, tmp_path: Path) -> None:
    page, file = shown(office, qtbot), tmp_path / 'checkpoints.jsonl'
    page.keep_checkpoint(file)
    page.keep_checkpoint(file)
    assert len(file.read_text(encoding='utf-8').splitlines()) == 2
    unguarded(office.desk.context.database, 'DELETE FROM audit_entry WHERE id = 1')
    page.keep_checkpoint(file)
    assert len(file.read_text(encoding='utf-8').splitlines()) == 2
    assert any(one.health is Health.BROKEN for one in page.panel.findings)


def test_what_the_list_shows_is_exported(office: CaseOffice, qtbot: QtBot, tmp_path: Path) -> None:
    page, file = shown(office, qtbot), tmp_path / 'trail.csv'
    page.kind.set_value('claim_case')
    qtbot.waitUntil(lambda: page.query.kind == 'claim_case')
    page.export_to(file)
    assert len(file.read_text(encoding='utf-8-sig').splitlines()) == len(page.model.ids) + 1


def test_a_database_that_is_away_is_said_in_the_banner(
    office: CaseOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(office, qtbot)

    def away(*_asked: Any) -> Any:
        raise Unavailable('The database does not answer.', 'Wait a little.')

    monkeypatch.setattr(office.desk.trail, 'ids', away)
    page.refresh()
    assert 'does not answer' in page.banner.sentence
    assert page.table.isVisible()
