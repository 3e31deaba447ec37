"""The monthly report on screen: a month is chosen, a figure explained, tables sorted, files written whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.models import Database
from claimdesk.services.reporting import Indicator
from claimdesk.ui import dialogs, theme
from claimdesk.ui.pages.reports import ReportsPage
from claimdesk.ui.pages.reports_words import cell, change, figure, short_figure
from claimdesk.vocabulary import Role, Stage
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp, 'light')
    made = list_office(Database(sqlite_url), tmp_path / 'files', cases=12)
    yield made
    made.desk.close()


@pytest.fixture
def page(office: ListOffice, qtbot: QtBot) -> ReportsPage:
    return office.show(qtbot, ReportsPage, Role.MANAGER)


def test_the_newest_month_shows_with_every_figure_of_the_service(page: ReportsPage, office: ListOffice) -> None:
    months = office.desk.reporting.months(office.people[Role.MANAGER])
    assert page.month.value() == months[0]
    report = office.desk.reporting.monthly(office.people[Role.MANAGER], months[0])
    assert [card.indicator.id for card in page.cards.cards] == [one.id for one in report.indicators]
    assert all(card.accessibleName().startswith(card.indicator.name) for card in page.cards.cards)


def test_a_figure_explains_itself(page: ReportsPage, qtbot: QtBot) -> None:
    card = page.cards.cards[0]
    card.setFocus()
    qtbot.keyClick(card, Key.Key_Space)
    assert page.explanation.is_open
    assert page.explanation.definition == card.indicator.definition
    assert card.isChecked()
    qtbot.keyClick(page.explanation, Key.Key_Escape)
    assert not page.explanation.is_open
    assert not card.isChecked()


def test_every_table_is_there_and_sorts_by_value(page: ReportsPage, qtbot: QtBot) -> None:
    assert page.report is not None
    for number, name in enumerate(('by_line', 'by_handler', 'by_stage_and_age', 'overdue'), start=2):
        qtbot.keyClick(page, Qt.Key(Key.Key_0 + number), CONTROL)
        shown = page.tables[name]
        assert shown.isVisible()
        table = getattr(page.report, name)
        assert shown.rows.rowCount() == len(table.rows) + bool(table.total)
        shown.rows.sort(0, Qt.SortOrder.DescendingOrder)
        if table.total:
            assert shown.rows.row(len(table.rows)) == table.total
    overdue = page.tables['overdue']
    units = [unit for _heading, unit in page.report.overdue.headings]
    column = units.index('count')
    overdue.rows.sort(column, Qt.SortOrder.DescendingOrder)
    days = [overdue.rows.row(at)[column] for at in range(overdue.rows.rowCount())]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) > 1


def test_an_overdue_case_opens(page: ReportsPage, office: ListOffice, qtbot: QtBot) -> None:
    opened: list[int] = []
    page.shell.open_case.connect(opened.append)
    page.tabs.setCurrentIndex(4)
    table = page.tables['overdue'].table
    table.setFocus()
    table.selectRow(0)
    qtbot.keyClick(table, Key.Key_Return)
    number = str(page.tables['overdue'].rows.row(0)[0])
    assert opened == [office.desk.cases.find(office.people[Role.MANAGER], number)]


def test_the_month_before_is_one_key_away(page: ReportsPage, office: ListOffice, qtbot: QtBot) -> None:
    office.watch.forward(days=40)
    page.refresh()
    newest = page.month.itemData(0)
    page.month.setCurrentIndex(0)
    qtbot.keyClick(page, Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: page.report is not None and page.report.month < newest)
    qtbot.keyClick(page, Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: page.report is not None and page.report.month == newest)


def test_both_files_are_written_where_the_handler_says(
    page: ReportsPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def choose(_parent: object, _title: str, suggested: str, _kinds: str, _folder: str) -> Path:
        asked.append(suggested)
        return tmp_path / suggested

    monkeypatch.setattr(dialogs, 'save_file', choose)
    qtbot.keyClick(page, Key.Key_E, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(page, Key.Key_S, CONTROL)
    book, paper = (tmp_path / name for name in asked)
    assert (book.suffix, paper.suffix) == ('.xlsx', '.pdf')
    assert len(load_workbook(book).sheetnames) >= 5
    assert len(pypdf.PdfReader(paper).pages) >= 1
    assert paper.name in page.banner.sentence


def test_a_full_disk_is_said_and_leaves_the_old_file(
    page: ReportsPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / 'report.pdf'
    old.write_bytes(b'the report of last month')
    monkeypatch.setattr(dialogs, 'save_file', lambda *_args: old)

    def full(*_args: object) -> None:
        raise Unavailable('The disk is full.', 'Free some space.')

    monkeypatch.setattr('claimdesk.whole_file.write_bytes', full)
    page.save('pdf')
    assert page.banner.sentence == 'The disk is full.'
    assert old.read_bytes() == b'the report of last month'


def test_changed_cases_are_said_and_not_added_up_again(page: ReportsPage, office: ListOffice) -> None:
    calls: list[dt.date] = []
    really = office.desk.reporting.monthly
    office.desk.reporting.monthly = lambda *args: calls.append(args[1]) or really(*args)  # type: ignore[method-assign,func-returns-value,assignment]
    page.changed({'claim_case'}, {office.case_id})
    assert calls == []
    assert 'F5' in page._made.text()
    page.refresh()
    assert len(calls) == 1
    assert 'F5' not in page._made.text()


def test_an_office_without_cases_says_so(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> None:
    from claimdesk.app import build
    from claimdesk.settings import Settings
    from claimdesk.ui.page import Shell
    from claimdesk.ui.tasks import Tasks

    desk = build(Settings(files_folder=str(tmp_path)), Database(sqlite_url))
    desk.office.found('新机构', '沈若溪', 'shen', 'a long password')
    desk.actor = desk.accounts.sign_in('shen', 'a long password')
    page = ReportsPage(desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.show()
    page.opened()
    assert page.banner.sentence == ''
    assert page.report is None or all(not card.indicator.value for card in page.cards.cards[:3])
    desk.close()


def test_the_page_is_the_same_after_a_switch_of_language(page: ReportsPage, office: ListOffice, qtbot: QtBot) -> None:
    page.cards.cards[3].click()
    kept = page.keep()
    again = ReportsPage(office.desk_of(Role.MANAGER), page.shell)
    qtbot.addWidget(again)
    again.restore(kept)
    again.show()
    again.opened()
    assert again.report is not None
    assert again.report.month == kept['report_of']
    assert again.explanation.definition == page.explanation.definition


@pytest.mark.parametrize(
    'value, unit, words',
    [
        (Decimal(1204), 'count', '1,204'),
        (Decimal('2604681.4'), 'money', '¥2,604,681.40'),
        (Decimal('3.25'), 'days', '3.25 days'),
        (Decimal('0.8755'), 'share', '87.6 %'),
        (Decimal('4.6'), 'score', '4.60'),
        (None, 'share', '—'),
    ],
)
def test_each_unit_is_written_in_its_own_way(value: Decimal | None, unit: str, words: str) -> None:
    assert figure(value, unit) == words


def test_large_amounts_are_shortened_on_cards_only() -> None:
    assert short_figure(Decimal('2604681.4'), 'money') == '¥2.60 M'
    assert short_figure(Decimal('999999.99'), 'money') == '¥999,999.99'


def indicator(unit: str, value: str | None, previous: str | None) -> Indicator:
    numbers = [None if one is None else Decimal(one) for one in (value, previous)]
    return Indicator('x', 'g', 'n', unit, numbers[0], numbers[1], None, (), '', 'C')


@pytest.mark.parametrize(
    'one, words',
    [
        (indicator('count', '12', '10'), '↑ 20%'),
        (indicator('share', '0.5', '0.6'), '↓ 10.0 %'),
        (indicator('days', '3', '3'), '→ 0'),
        (indicator('count', '3', '0'), '↑'),
        (indicator('count', None, '3'), ''),
    ],
)
def test_how_a_figure_moved(one: Indicator, words: str) -> None:
    assert change(one) == words


def test_cells_are_written_by_what_they_are() -> None:
    assert cell(Stage.SURVEY, 'text') == 'Survey'
    assert cell(dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC), 'time') == '2026-03-02 17:00'
    assert cell(Decimal('1234.5'), 'money') == '1,234.50'
    assert cell(None, 'count') == '—'
