"""The workbench by keyboard and mouse: headlines are passed over, the next action opens the case where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.services.case_list import CaseQuery
from claimdesk.services.work_items import Urgency
from claimdesk.ui import theme
from claimdesk.ui.pages.work import WorkPage
from claimdesk.ui.pages.work_model import TITLES
from claimdesk.vocabulary import DueState, Role
from tests.ui.list_office import ListOffice, list_office

Key = Qt.Key
_ACTION = len(TITLES) - 1


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = list_office(Database(sqlite_url), tmp_path / 'files')
    yield made
    made.desk.close()


def rows_of(page: WorkPage) -> list[str]:
    return [str(page.model.index(row, 1).data() or '') for row in range(page.model.rowCount())]


def headlines(page: WorkPage) -> list[Urgency]:
    found = (page.model.headline(row) for row in range(page.model.rowCount()))
    return [headline.urgency for headline in found if headline is not None]


def test_the_most_pressing_case_is_marked_and_opens_where_its_step_is_done(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    opened: list[tuple[int, str]] = []
    page.shell.open_case_at.connect(lambda case_id, part: opened.append((case_id, part)))
    assert headlines(page)[0] is Urgency.OVERDUE
    assert page.table.currentIndex().row() == 1
    qtbot.keyClick(page.table, Key.Key_Return)
    first = page.model.item(1)
    assert first.row.due_state is DueState.OVERDUE
    assert opened == [(first.row.id, 'loss')]


def test_a_click_on_what_to_do_opens_the_case(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    opened: list[int] = []
    page.shell.open_case_at.connect(lambda case_id, _part: opened.append(case_id))
    place = page.table.visualRect(page.model.index(2, _ACTION)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened == [page.model.item(2).row.id]
    place = page.table.visualRect(page.model.index(2, 2)).center()
    qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(opened) == 1


def test_the_arrow_keys_pass_over_headlines(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    seen = []
    for _press in range(page.model.rowCount()):
        seen.append(page.table.currentIndex().row())
        qtbot.keyClick(page.table, Key.Key_Down)
    assert all(page.model.item(row) is not None for row in seen)
    assert page.table.currentIndex().row() == page.model.rowCount() - 1
    qtbot.keyClick(page.table, Key.Key_Home)
    assert page.table.currentIndex().row() == 1


def test_a_tile_shows_only_its_group_and_escape_shows_all_again(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    all_groups = headlines(page)
    assert len(all_groups) > 1
    tile = page.tiles[-1]
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert headlines(page) == [tile.urgency]
    page.table.setFocus()
    qtbot.keyClick(page.table, Key.Key_Escape)
    assert headlines(page) == all_groups
    assert not any(tile.isChecked() for tile in page.tiles)


def test_the_rail_is_told_how_many_cases_press(office: ListOffice, qtbot: QtBot) -> None:
    badges: list[tuple[str, int]] = []
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    page.shell.badge.connect(lambda name, count: badges.append((name, count)))
    page.read()
    pressing = sum(tile.urgency in (Urgency.OVERDUE, Urgency.TODAY) and int(tile.accessibleName().split()[-1])
                   for tile in page.tiles)  # fmt: skip
    assert badges == [('work', pressing)]


def test_a_case_that_is_done_leaves_and_the_mark_stays_near(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    qtbot.keyClick(page.table, Key.Key_Down)
    gone = page.model.item(2).row.id
    office.desk.cases.assign(office.people[Role.MANAGER], gone, office.people[Role.SERVICE].id)
    page.changed({'claim_case'}, {gone})
    qtbot.waitUntil(lambda: page.model.row_of(f'case:{gone}') is None)
    assert page.table.currentIndex().row() == 2


def test_who_leads_sees_people_and_their_load_and_goes_to_their_cases(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.MANAGER)
    sent: list[tuple[str, dict[str, CaseQuery]]] = []
    page.shell.navigate_to.connect(lambda name, arguments: sent.append((name, arguments)))
    assert page.team.isVisible()
    load = page.team.model.loads[0]
    assert load.overdue == max(other.overdue for other in page.team.model.loads)
    page.team.table.setFocus()
    page.team.table.setCurrentIndex(page.team.model.index(0, 0))
    qtbot.keyClick(page.team.table, Key.Key_Return)
    assert sent == [('cases', {'query': CaseQuery(owner_ids=frozenset({load.person_id}))})]
    page.team.overdue.click()
    assert sent[1][1]['query'].due == {DueState.OVERDUE}


def test_a_quiet_day_says_so(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.COORDINATOR)
    assert page.stack.currentWidget() is page.table
    quiet = office.show(qtbot, WorkPage, Role.AUDITOR)
    assert quiet.stack.currentWidget() is quiet._quiet
    assert not quiet.team.isVisible()
    went: list[str] = []
    quiet.shell.navigate.connect(went.append)
    quiet._quiet._button.click()
    assert went == ['cases']


def test_the_chosen_tile_and_the_mark_outlive_a_switch_of_theme(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, WorkPage, Role.ASSESSOR)
    page.tiles[-1].click()
    qtbot.keyClick(page.table, Key.Key_Down)
    marked = page.model.item(page.table.currentIndex().row()).row.id
    again = WorkPage(page.desk, page.shell)
    qtbot.addWidget(again)
    again.restore(page.keep())
    again.opened()
    assert headlines(again) == headlines(page)
    assert again.model.item(again.table.currentIndex().row()).row.id == marked
