"""Ctrl+K over a whole window: cases, pages and commands by keyboard; what is due in the top bar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.services.case_list import CaseQuery
from claimdesk.settings import Settings
from claimdesk.ui.pages.cases import CasesPage
from claimdesk.ui.start import Start, describe
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role
from tests.services.role_office import NAME
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    made = list_office(Database(sqlite_url), tmp_path / 'files')
    yield made
    made.desk.close()


@pytest.fixture
def start(office: ListOffice, qapp: QApplication, qtbot: QtBot) -> Iterator[Start]:
    """The whole window, a manager signed in."""
    tasks = Tasks.synchronous()
    made = Start(qapp, Settings(language='en', theme='light'), tasks=tasks)
    qtbot.addWidget(made.window)
    made.desk = office.desk
    made._opened = describe(office.desk)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    made._enter(office.people[Role.MANAGER])
    yield made
    made._stop_feed()
    made.window.leave()
    tasks.close()


def open_palette(start: Start, qtbot: QtBot) -> None:
    qtbot.keyClick(start.window, Key.Key_K, CONTROL)
    qtbot.waitUntil(start.window.palette_box.isVisible)


def test_a_case_is_found_by_part_of_its_plate_and_opens(
    start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    monkeypatch.setattr(start.window, 'open_case', lambda case_id, part='': opened.append(case_id))
    start.shell.open_case.disconnect()
    start.shell.open_case.connect(opened.append)
    open_palette(start, qtbot)
    field = start.window.palette_box.field
    qtbot.keyClicks(field, 'E00042')
    hits = start.window.palette_box.hits
    assert hits[0].title.startswith('CY2026-900042')
    assert '苏E00042' in hits[0].title
    assert hits[0].note.startswith('Adjustment · ')
    qtbot.keyClick(field, Key.Key_Return)
    assert opened == [start.desk.case_list.quick(start.desk.signed_in, 'E00042')[0].id]
    assert not start.window.palette_box.isVisible()


def test_more_cases_than_the_palette_shows_go_to_the_list(start: Start, qtbot: QtBot) -> None:
    open_palette(start, qtbot)
    box = start.window.palette_box
    qtbot.keyClicks(box.field, '9000')
    titles = [hit.title for hit in box.hits]
    at = titles.index('Show all cases with “9000”')
    for _press in range(at):
        qtbot.keyClick(box.field, Key.Key_Down)
    qtbot.keyClick(box.field, Key.Key_Return)
    page = start.window.front()
    assert isinstance(page, CasesPage)
    assert page.reader.query == CaseQuery(text='9000', open_only=False)


def test_a_page_is_reached_by_its_name(start: Start, qtbot: QtBot) -> None:
    open_palette(start, qtbot)
    box = start.window.palette_box
    qtbot.keyClicks(box.field, 'cases')
    names = [hit.title for hit in box.hits if hit.group == 'Pages']
    assert names == ['Cases']
    at = [hit.title for hit in box.hits].index('Cases')
    for _press in range(at):
        qtbot.keyClick(box.field, Key.Key_Down)
    qtbot.keyClick(box.field, Key.Key_Return)
    assert isinstance(start.window.front(), CasesPage)


def test_commands_of_the_page_in_front_are_offered(start: Start, qtbot: QtBot) -> None:
    start.window.go('cases')
    open_palette(start, qtbot)
    box = start.window.palette_box
    qtbot.keyClicks(box.field, 'sort by estimate')
    qtbot.keyClick(box.field, Key.Key_Return)
    page = start.window.front()
    assert (page.reader.query.sort, page.reader.query.descending) == ('estimate', True)


def test_nothing_found_says_what_to_try_and_escape_closes(start: Start, qtbot: QtBot) -> None:
    open_palette(start, qtbot)
    box = start.window.palette_box
    qtbot.keyClicks(box.field, 'qqqqqq')
    assert box.hits == []
    assert 'Try fewer or other words' in box._note.text()
    qtbot.keyClick(box.field, Key.Key_Escape)
    assert not box.isVisible()


def test_what_a_user_wrote_is_shown_as_it_is(start: Start, qtbot: QtBot) -> None:
    open_palette(start, qtbot)
    box = start.window.palette_box
    box.field.setText('欧阳')
    box.field.textEdited.emit('欧阳')
    assert NAME in box.hits[0].title


def test_the_top_bar_counts_what_is_due_and_leads_there(start: Start, qtbot: QtBot) -> None:
    top = start.window.top
    assert top._due['overdue'].text() == '15'
    assert top._due['today'].text() == '3'
    qtbot.mouseClick(top._due['overdue'], Qt.MouseButton.LeftButton)
    page = start.window.front()
    assert isinstance(page, CasesPage)
    assert page.count.text() == '15 cases'


def test_the_counters_follow_the_feed(start: Start, office: ListOffice, qtbot: QtBot) -> None:
    start._feed.look()
    other = office.second_desk(Role.MANAGER)
    late = other.case_list.first(other.signed_in, CaseQuery(), 1)[0]
    office.watch.time = office.watch.forward(hours=1)
    other.cases.assign(other.signed_in, late.id, office.people[Role.SERVICE].id)
    other.close()
    with office.desk.context.database.write('test') as session:
        from claimdesk.models import Case

        session.get_one(Case, late.id).due_at = office.watch.forward(days=9)
    office.watch.forward(days=-9)
    start._feed.look()
    assert start.window.top._due['overdue'].text() == '14'
