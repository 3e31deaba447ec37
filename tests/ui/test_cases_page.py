"""The case list with real keys and mouse: search, filters, views, sorting, preview, many at once, two desks at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QMenu
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.ocr import PageReading
from claimdesk.services.case_list import COLUMNS, CaseQuery
from claimdesk.services.documents import NewFile
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.ui import theme
from claimdesk.ui.pages.cases import CasesPage
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import STATE_ROLE, Combo
from claimdesk.vocabulary import DocumentKind, DueState, Role, Stage
from tests.services.paper_office import picture
from tests.services.role_office import NAME
from tests.ui.case_office import when_asked
from tests.ui.list_office import CASES, ListOffice, list_office

Key = Qt.Key
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
OPEN = CASES
"""The first case of the office is open too, and the last of the many is closed."""


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = list_office(Database(sqlite_url), tmp_path / 'files')
    yield made
    made.desk.close()


@pytest.fixture
def page(office: ListOffice, qtbot: QtBot) -> CasesPage:
    page = office.show(qtbot, CasesPage, Role.MANAGER)
    complete(qtbot, page)
    return page


def cell(page: CasesPage, row: int, column: str) -> str:
    return str(page.model.index(row, COLUMNS.index(column)).data())


def column(page: CasesPage, name: str, rows: int = 10) -> list[str]:
    return [cell(page, row, name) for row in range(rows)]


def header_click(qtbot: QtBot, page: CasesPage, name: str) -> None:
    header = page.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(COLUMNS.index(name)) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def complete(qtbot: QtBot, page: CasesPage) -> None:
    """Wait until the whole list is known, not only its first rows."""
    qtbot.waitUntil(lambda: page.reader.complete)


def press(qtbot: QtBot, page: CasesPage, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    for modifier in modifiers or (Qt.KeyboardModifier.NoModifier,):
        qtbot.keyClick(page.table, key, modifier)


def waits_for_search(qtbot: QtBot, page: CasesPage) -> None:
    qtbot.waitUntil(lambda: not page._search_timer.isActive() and page.search.text().strip() == page.reader.query.text)
    complete(qtbot, page)


def test_opens_with_the_most_overdue_cases_first(page: CasesPage) -> None:
    states = [page.model.index(row, 0).data(STATE_ROLE) for row in range(20)]
    assert states[:15] == [DueState.OVERDUE] * 15
    assert column(page, 'number', 2) == ['CY2026-900015', 'CY2026-900014']
    assert page.count.text() == f'{OPEN} cases'
    assert page.table.hasFocus()


def test_who_handles_cases_begins_with_their_own(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, CasesPage, Role.ADJUSTER)
    assert set(column(page, 'owner')) == {office.people[Role.ADJUSTER].name}
    assert [chip.view.key for chip in page.views.chips if chip.isChecked()] == ['mine']


def test_rows_beyond_the_first_come_when_they_are_looked_at(page: CasesPage, qtbot: QtBot) -> None:
    assert not page.model.has(OPEN - 1)
    press(qtbot, page, Key.Key_End)
    qtbot.waitUntil(lambda: page.model.has(OPEN - 1))
    assert cell(page, OPEN - 1, 'number')
    assert page.table.currentIndex().row() == OPEN - 1


def test_rows_are_painted_as_words_or_as_bars_and_the_selected_one_is_marked(page: CasesPage) -> None:
    page.table.go_to(1)
    page.model.forget(page.model.ids[2:3])
    picture = page.table.viewport().grab().toImage()

    def colours(row: int) -> set[str]:
        line = page.table.visualRect(page.model.index(row, COLUMNS.index('number')))
        across = range(line.left(), line.right())
        return {picture.pixelColor(x, y).name() for x in across for y in range(line.top(), line.bottom())}

    words, soft, bar = (theme.colour(name).name() for name in ('text', 'accent_soft', 'sunken'))
    assert words in colours(0)
    assert soft not in colours(0)
    assert words in colours(1)
    assert soft in colours(1)
    assert words not in colours(2)
    assert bar in colours(2)


def test_the_last_rows_come_before_the_order_of_all(page: CasesPage, qtbot: QtBot) -> None:
    page.ask(replace(page.reader.query, sort='number'))
    assert not page.reader.complete
    press(qtbot, page, Key.Key_End)
    shown = page.table.currentIndex().row()
    last = cell(page, shown, 'number')
    assert shown == len(page.model.ids) - 1 < OPEN - 1
    assert last == max(column(page, 'number', len(page.model.ids)))
    qtbot.waitUntil(lambda: page.reader.complete)
    assert page.table.currentIndex().row() == OPEN - 1
    qtbot.waitUntil(lambda: cell(page, OPEN - 1, 'number') == last)


def test_typing_searches_after_a_moment_and_escape_brings_everything_back(page: CasesPage, qtbot: QtBot) -> None:
    qtbot.keyClick(page, Key.Key_F, CONTROL)
    assert page.search.hasFocus()
    qtbot.keyClicks(page.search, '900033')
    waits_for_search(qtbot, page)
    assert column(page, 'number', 1) == ['CY2026-900033']
    assert page.count.text() == '1 case'
    qtbot.keyClick(page.search, Key.Key_Escape)
    waits_for_search(qtbot, page)
    assert len(page.model.ids) == OPEN


def test_letters_typed_into_the_list_begin_a_search(page: CasesPage, qtbot: QtBot) -> None:
    press(qtbot, page, Key.Key_9)
    assert page.search.hasFocus()
    assert page.search.text() == '9'


def test_an_older_search_that_ends_later_is_not_shown(office: ListOffice, qtbot: QtBot) -> None:
    tasks = Tasks()
    page = office.show(qtbot, CasesPage, Role.MANAGER, tasks)
    page.ask(CaseQuery(text='900011'))
    page.ask(CaseQuery(text='900022'))
    assert tasks.wait()
    assert column(page, 'number', 1) == ['CY2026-900022']
    page.closing()
    assert tasks.close()


def test_the_order_of_the_list_before_never_comes_into_the_next(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = Tasks()
    page = office.show(qtbot, CasesPage, Role.MANAGER, tasks)
    read, began = office.desk.case_list.ids, threading.Event()

    def slowly(*arguments: object) -> object:
        ids = read(*arguments)
        began.set()
        time.sleep(0.4)
        return ids

    monkeypatch.setattr(office.desk.case_list, 'ids', slowly)
    page.ask(CaseQuery(open_only=False))
    qtbot.waitUntil(began.is_set)
    page.ask(CaseQuery(text='900022'))
    assert tasks.wait()
    assert column(page, 'number', 1) == ['CY2026-900022']
    assert len(page.model.ids) == 1
    page.closing()
    assert tasks.close()


def test_a_click_on_a_header_sorts_and_a_second_turns_it_round(page: CasesPage, qtbot: QtBot) -> None:
    header_click(qtbot, page, 'estimate')
    falling = column(page, 'estimate', 3)
    assert falling == ['14,900.00', '14,800.00', '14,700.00']
    header_click(qtbot, page, 'estimate')
    assert column(page, 'estimate', 2) == ['100.00', '200.00']
    assert page.table.horizontalHeader().sortIndicatorSection() == COLUMNS.index('estimate')


def test_a_filter_is_ticked_by_keyboard_and_taken_off_with_delete(page: CasesPage, qtbot: QtBot) -> None:
    chip = page.filters._stage
    qtbot.keyClick(chip, Key.Key_Down)
    ticks = chip.popup.findChild(QListWidget)
    ticks.setCurrentRow(list(Stage).index(Stage.SURVEY))
    qtbot.keyClick(ticks, Key.Key_Space)
    assert set(column(page, 'stage')) == {'Survey'}
    assert chip.text() == 'Stage: Survey'
    chip.popup.hide()
    qtbot.keyClick(chip, Key.Key_Delete)
    complete(qtbot, page)
    assert len(page.model.ids) == OPEN


def test_amounts_narrow_the_list_and_a_wrong_range_is_told(page: CasesPage, qtbot: QtBot) -> None:
    chip = page.filters._amount
    chip.open_popup()
    first, last = chip.popup.findChildren(QLineEdit)
    qtbot.keyClicks(first, '14000')
    assert len(page.model.ids) == 10
    qtbot.keyClicks(last, '5')
    assert not chip.problem.isHidden()
    assert page.reader.query.amount_to is None


def test_an_empty_list_says_which_filter_to_loosen(page: CasesPage, qtbot: QtBot) -> None:
    page.ask(CaseQuery(text='nothing like this', stages=frozenset({Stage.SURVEY})))
    assert page.stack.currentWidget() is page.empty
    assert page.count.text() == '0 cases'
    assert [button.text() for button in page.empty.buttons] == ['Without “Search: nothing like this”: 29 cases']
    qtbot.mouseClick(page.empty.buttons[0], Qt.MouseButton.LeftButton)
    assert set(column(page, 'stage')) == {'Survey'}
    assert page.search.text() == ''
    assert page.stack.currentWidget() is page.table


def test_an_empty_search_offers_what_the_papers_say(office: ListOffice, page: CasesPage) -> None:
    clerk, case_id = office.people[Role.SERVICE], page.model.ids[0]
    (paper,) = office.desk.documents.add(clerk, [NewFile('a.png', picture())], case_id, 'a')
    reading = PageReading(1, DocumentKind.OTHER, text='左侧桡骨远端骨折')
    with office.desk.context.database.write('test') as session:
        keep_page_texts(session, [[paper.pages[0].sha256, 0, 0]], [reading])
    page.ask(CaseQuery(text='桡骨'))
    assert page.empty.buttons[-1].text() == '“桡骨” in the papers: 1 case'
    page.empty.buttons[-1].click()
    assert page.search.text() == 'text:桡骨'
    assert list(page.model.ids) == [case_id]


def test_closed_cases_are_one_loosened_filter_away(page: CasesPage, qtbot: QtBot) -> None:
    number = f'CY2026-9{CASES:05}'
    page.ask(CaseQuery(text=number))
    page.empty.buttons[-1].click()
    assert column(page, 'number', 1) == [number]
    assert cell(page, 0, 'stage') == 'Closed and archived'


def test_enter_opens_the_case_and_space_shows_a_preview_that_follows(page: CasesPage, qtbot: QtBot) -> None:
    opened: list[int] = []
    page.shell.open_case.connect(opened.append)
    press(qtbot, page, Key.Key_Down)
    press(qtbot, page, Key.Key_Return)
    assert opened == [page.model.ids[1]]
    press(qtbot, page, Key.Key_Space)
    assert page.preview.is_open
    qtbot.waitUntil(lambda: page.preview._title.text() == cell(page, 1, 'number'))
    press(qtbot, page, Key.Key_Down)
    qtbot.waitUntil(lambda: page.preview._title.text() == cell(page, 2, 'number'))
    press(qtbot, page, Key.Key_Escape)
    assert not page.preview.is_open


def test_what_users_wrote_is_shown_as_it_is(page: CasesPage, office: ListOffice, qtbot: QtBot) -> None:
    page.ask(CaseQuery(text='欧阳'))
    assert cell(page, 0, 'insured_name') == NAME
    tip = page.model.index(0, COLUMNS.index('insured_name')).data(Qt.ItemDataRole.ToolTipRole)
    assert '<img' not in tip
    press(qtbot, page, Key.Key_Space)
    qtbot.waitUntil(lambda: NAME in page.preview._who.text())
    rich = [label for label in page.findChildren(QLabel) if label.textFormat() is not Qt.TextFormat.PlainText]
    assert not [label for label in rich if '<' in label.text()]


def test_columns_are_hidden_from_the_menu_remembered_and_put_back(
    page: CasesPage, office: ListOffice, qtbot: QtBot
) -> None:
    first = page.table.shown_names()
    qtbot.mouseClick(page.columns, Qt.MouseButton.LeftButton)
    menu = next(menu for menu in page.table.findChildren(QMenu) if menu.isVisible())
    actions = {action.text(): action for action in menu.actions()}
    assert not actions['Case number'].isEnabled()
    actions['Plate'].trigger()
    actions['Place'].trigger()
    menu.close()
    chosen = page.table.shown_names()
    assert 'plate' not in chosen
    assert 'place' in chosen
    assert office.show(qtbot, CasesPage, Role.MANAGER).table.shown_names() == chosen
    page.table.reset_columns()
    assert page.table.shown_names() == first


def test_several_selected_rows_bring_the_bar_and_say_who_may_assign(office: ListOffice, qtbot: QtBot) -> None:
    page = office.show(qtbot, CasesPage, Role.AUDITOR)
    press(qtbot, page, Key.Key_Down, SHIFT, SHIFT)
    assert page.bulk.isVisible()
    assert page.bulk.words.text() == '3 cases selected'
    assert not page.bulk.assign.isEnabled()
    assert 'may not assign' in page.bulk.why_not.text()
    press(qtbot, page, Key.Key_Escape)
    assert not page.bulk.isVisible()


def test_a_manager_hands_cases_over_and_takes_it_back(page: CasesPage, office: ListOffice, qtbot: QtBot) -> None:
    toasts: list[tuple[str, object]] = []
    page.shell.toasted.connect(lambda words, undo: toasts.append((words, undo)))
    taker = office.people[Role.SERVICE]
    before = column(page, 'owner', 3)
    press(qtbot, page, Key.Key_Down, SHIFT, SHIFT)

    def choose(dialog: object) -> None:
        dialog.findChild(Combo).set_value(taker.id)
        dialog.ok_button.click()

    when_asked(choose)
    page.bulk.assign.click()
    assert column(page, 'owner', 3) == [taker.name] * 3
    words, undo = toasts[0]
    assert words == f'3 cases went to {taker.name}.'
    undo()
    assert column(page, 'owner', 3) == before


def test_what_could_not_be_assigned_is_told_row_by_row(page: CasesPage, office: ListOffice, qtbot: QtBot) -> None:
    page.ask(CaseQuery(text='CY2026-9', open_only=False, sort='number', descending=True))
    told: list[str] = []

    def read(dialog: object) -> None:
        rows = dialog.findChild(QListWidget)
        told.extend(rows.item(at).text() for at in range(rows.count()))
        dialog.ok_button.click()

    when_asked(read)
    page.actions_of_list.assign_to(list(page.model.ids[:2]), office.people[Role.SERVICE].id)
    assert len(told) == 2
    assert 'A closed case has no owner to change.' in told[0]
    assert told[1].endswith(f'Assigned to {office.people[Role.SERVICE].name}')


def test_selected_rows_are_copied_with_their_header(page: CasesPage, qtbot: QtBot) -> None:
    press(qtbot, page, Key.Key_A, CONTROL)
    assert page.table.selected_count() == OPEN
    press(qtbot, page, Key.Key_C, CONTROL)
    lines = QGuiApplication.clipboard().text().split('\n')
    assert lines[0].split('\t')[:3] == ['Due', 'Case number', 'Insured']
    assert len(lines) == OPEN + 1
    assert all(len(line.split('\t')) == len(page.table.shown_names()) for line in lines)


def test_another_desk_changes_a_case_and_the_list_follows_in_place(
    page: CasesPage, office: ListOffice, qtbot: QtBot
) -> None:
    page.ask(CaseQuery(sort='number'))
    complete(qtbot, page)
    page.table.go_to(40)
    page.table.scrollTo(page.model.index(40, 0))
    scrolled = page.table.verticalScrollBar().value()
    case_id, below = page.model.ids[40], page.model.ids[41]
    page.desk.changes.poll()
    other = office.second_desk(Role.MANAGER)
    other.cases.assign(other.signed_in, case_id, office.people[Role.SERVICE].id)
    other.close()
    changed = page.desk.changes.poll()
    assert case_id in changed.case_ids
    page.changed(set(changed.kinds), set(changed.case_ids))
    assert cell(page, 40, 'owner') == office.people[Role.SERVICE].name
    page.reader.read_order()
    assert page.table.current_id() == case_id
    assert page.model.ids[41] == below
    assert page.table.verticalScrollBar().value() == scrolled


def test_a_case_that_leaves_the_list_takes_nothing_with_it(
    page: CasesPage, office: ListOffice, qtbot: QtBot
) -> None:
    page.ask(CaseQuery(owner_ids=frozenset({office.people[Role.ADJUSTER].id})))
    complete(qtbot, page)
    page.table.go_to(3)
    gone, follower = page.model.ids[3], page.model.ids[4]
    page.desk.cases.assign(page.desk.signed_in, gone, office.people[Role.SERVICE].id)
    page.changed({'claim_case'}, {gone})
    page.reader.read_order()
    assert gone not in page.model.ids
    assert page.table.current_id() == follower


def test_a_hidden_page_reads_again_when_it_comes_back(
    page: CasesPage, office: ListOffice, qtbot: QtBot
) -> None:
    page.ask(CaseQuery(sort='number'))
    complete(qtbot, page)
    page.hide()
    case_id = page.model.ids[0]
    page.desk.cases.assign(page.desk.signed_in, case_id, office.people[Role.SERVICE].id)
    page.changed({'claim_case'}, {case_id})
    page.show()
    page.opened()
    page.reader.fetch()
    assert cell(page, 0, 'owner') == office.people[Role.SERVICE].name


def test_the_page_comes_back_as_it_was_after_a_switch_of_language(
    page: CasesPage, office: ListOffice, qtbot: QtBot
) -> None:
    page.ask(CaseQuery(sort='number', descending=True))
    complete(qtbot, page)
    page.table.go_to(100)
    marked = page.table.current_id()
    kept = page.keep()
    again = CasesPage(page.desk, page.shell)
    qtbot.addWidget(again)
    again.resize(page.size())
    again.show()
    again.restore(kept)
    again.opened()
    qtbot.waitUntil(lambda: again.table.current_id() == marked)
    assert again.reader.query == page.reader.query
    assert again.table.verticalScrollBar().value() > 0


def test_filters_are_kept_as_a_view_renamed_removed_and_brought_back(page: CasesPage, qtbot: QtBot) -> None:
    toasts: list[tuple[str, object]] = []
    page.shell.toasted.connect(lambda words, undo: toasts.append((words, undo)))
    page.ask(CaseQuery(stages=frozenset({Stage.PAYMENT})))

    def name_it(name: str) -> object:
        def act(dialog: object) -> None:
            field = dialog.findChild(QLineEdit)
            field.selectAll()
            qtbot.keyClicks(field, name)
            dialog.ok_button.click()

        return act

    when_asked(name_it('to pay'))
    page.views.save.click()
    own = page.views.chips[-1]
    assert own.text() == 'to pay  30'
    assert own.isChecked()
    assert page.views.save.isHidden()
    when_asked(name_it('payments'))
    page.kept_views.rename_view(own.view)
    assert [view.name for view in page.views.views][-1] == 'payments'
    page.kept_views.remove_view(page.views.views[-1])
    assert 'payments' not in [view.name for view in page.views.views]
    toasts[-1][1]()
    assert [view.name for view in page.views.views][-1] == 'payments'


def test_views_show_how_many_cases_they_hold(page: CasesPage) -> None:
    counts = {chip.view.key: chip.text() for chip in page.views.chips}
    assert counts['overdue'] == 'Overdue  15'
    assert counts['today'] == 'Due today  3'
    assert counts['all'] == f'All cases  {OPEN + 1}'


def test_other_pages_send_the_handler_here_with_a_filter(page: CasesPage) -> None:
    page.arrive({'due': 'overdue'})
    assert len(page.model.ids) == 15
    page.arrive({'text': '900077'})
    assert column(page, 'number', 1) == ['CY2026-900077']
    assert page.search.text() == '900077'


def test_what_the_list_shows_is_exported(page: CasesPage, tmp_path: Path) -> None:
    page.ask(CaseQuery(due=frozenset({DueState.OVERDUE}), sort='estimate', descending=True))
    page.table.show_only(('number', 'due', 'estimate'))
    path = tmp_path / 'list.xlsx'
    page.actions_of_list.export_to(path)
    rows = list(load_workbook(path).active.iter_rows(values_only=True))
    assert rows[0] == ('Case number', 'Due', 'Estimate')
    assert [row[0] for row in rows[1:]] == [cell(page, at, 'number') for at in range(15)]
    assert rows[1][2] == 1500
    assert page.banner.sentence == '15 cases exported to list.xlsx.'


def test_an_export_that_cannot_be_written_says_so_and_offers_another_place(page: CasesPage, tmp_path: Path) -> None:
    blocked = tmp_path / 'file'
    blocked.write_text('a file where a folder should be')
    page.actions_of_list.export_to(blocked / 'list.xlsx')
    assert page.banner.sentence
    assert page.banner._action.text() == 'Save elsewhere…'
    assert not (blocked.is_dir())


def test_who_may_not_export_is_told_who_may(office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.services.context.Actor.may', lambda _actor, _permission: False)
    page = office.show(qtbot, CasesPage, Role.AUDITOR)
    assert not page.export.isEnabled()
    assert 'Those who may' in page.export.toolTip()
