"""The papers of a case added up on the loss tab, and the way from an amount to its place on the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from claimdesk.services.documents import NewFile
from claimdesk.ui.pages.case.crossfoot_card import CLAIMED, COUNTS, FUND, NAME, OPEN, STATE, CrossFootCard
from claimdesk.vocabulary import DocumentKind, LossKind, Role, Stage
from tests.reports.pages import texts
from tests.services.paper_office import pdf
from tests.ui.case_office import CaseOffice, case_office
from tests.ui.inbox_office import InboxOffice, inbox_office

TAXI = {'invoice_code': '132001912345', 'invoice_number': '00318472', 'issue_date': '2026-02-20', 'total': '36.50'}


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as inbox:
        yield inbox


def confirm(office: CaseOffice, name: str, loss: LossKind | None, **changes: str) -> int:
    desk, clerk = office.desk, office.people[Role.SERVICE]
    (view,) = desk.documents.add(clerk, [NewFile(f'{name}.pdf', pdf(name))], None, name)
    desk.invoices.confirm(
        clerk, view.id, view.version, office.case_id, DocumentKind.TAXI_RECEIPT, TAXI | changes, loss_kind=loss
    )
    return view.id


def card_of(qtbot: QtBot, office: CaseOffice) -> CrossFootCard:
    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    return page.tabs['loss'].papers


def row(card: CrossFootCard, place: int) -> dict[int, str]:
    table = card.table
    return {column: item.text().strip() for column in range(10) if (item := table.item(place, column)) is not None}


def test_papers_are_added_up_and_enter_opens_one_at_its_total(qtbot: QtBot, office: CaseOffice) -> None:
    first = confirm(office, 'a', LossKind.TRAVEL)
    confirm(office, 'b', None, invoice_number='00318473', total='13.50')
    card = card_of(qtbot, office)
    went: list[tuple[str, Any]] = []
    card._page.shell.navigate_to.connect(lambda where, what: went.append((where, what)))
    assert row(card, 0)[NAME].endswith('2 papers')
    assert (row(card, 0)[COUNTS], row(card, 0)[CLAIMED], row(card, 0)[OPEN]) == ('50.00', '36.50', '13.50')
    assert (row(card, 1)[NAME], row(card, 1)[STATE]) == ('00318472', 'Counts')
    assert row(card, 2)[STATE] == 'No loss item yet'
    assert card.table.isColumnHidden(FUND)
    assert '50.00' in card.words.text()
    card.table.setFocus()
    card.table.setCurrentCell(1, NAME)
    qtbot.keyClick(card.table, Qt.Key.Key_Return)
    ((where, what),) = went
    assert (where, what['document_id'], what['field']) == ('inbox', first, 'total')


def test_a_paper_that_does_not_count_is_said_on_top(qtbot: QtBot, office: CaseOffice) -> None:
    document = confirm(office, 'a', None)
    desk, clerk = office.desk, office.people[Role.SERVICE]
    desk.assessment.add(
        office.people[Role.ADJUSTER], office.case_id, LossKind.TRAVEL, '出租车', 36, document_id=document
    )
    view = desk.documents.get(clerk, document)
    with desk.context.database.write('test') as session:
        from claimdesk.models import Document

        session.get_one(Document, view.id).state = 'to_check'
    card = card_of(qtbot, office)
    assert 'not confirmed' in card.warnings.text()
    assert row(card, 1)[STATE] == 'Not confirmed'


def test_without_papers_it_says_how_they_come_here(qtbot: QtBot, office: CaseOffice) -> None:
    card = card_of(qtbot, office)
    assert card.table.isHidden()
    assert 'inbox' in card.words.text()


def test_the_bench_opens_with_the_wanted_field_lit(desk: InboxOffice, qtbot: QtBot) -> None:
    view = desk.invoice(1)
    page = desk.page()
    page.arrive({'document_id': view.id, 'field': 'total', 'page': 1, 'box': (0.1, 0.1, 0.2, 0.1)})
    qtbot.waitUntil(lambda: page.bench.form.current() == 'total')
    page.bench.form.go_to('issue_date')
    page.arrive({'document_id': view.id, 'field': 'total'})
    qtbot.waitUntil(lambda: page.bench.form.current() == 'total')


def test_the_printed_sheet_has_the_sums_as_well(office: CaseOffice) -> None:
    confirm(office, 'a', LossKind.TRAVEL)
    office.desk.assessment.confirm_all(office.people[Role.ASSESSOR], office.case_id)
    office.bring_to(Stage.ADJUSTMENT)
    office.calculate()
    adjuster = office.people[Role.ADJUSTER]
    (saved,) = office.desk.adjustment.of_case(adjuster, office.case_id)
    words = ''.join(texts(office.desk.calculation_papers.pdf(adjuster, saved.id)))
    assert 'Papersaddedup' in words
    assert 'Taxireceipt136.50' in words
