"""The inbox shared between desks: who has which paper, the pile piece by piece and filtered, piles with covers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.models import Account, AccountRole
from claimdesk.scanning import PageRef, write_pdf
from claimdesk.services.context import Actor
from claimdesk.services.holds import Holds
from claimdesk.ui.pages.inbox import InboxPage, sheets
from claimdesk.ui.pages.inbox import page as inbox_page
from claimdesk.ui.pages.inbox.cover_dialog import CoverDialog
from claimdesk.ui.pages.inbox.sheet import load
from claimdesk.vocabulary import DocumentKind, DocumentState, Role
from tests.services.paper_office import START, pdf
from tests.ui.inbox_office import InboxOffice, Typist, inbox_office
from tests.ui.keyed_pile import confirm_all, take_in_mixed


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


@pytest.fixture
def colleague(desk: InboxOffice) -> tuple[Holds, Actor]:
    context, clerk = desk.office.context, desk.office.clerk
    with context.database.write('test') as session:
        row = Account(
            office_id=clerk.office_id, login='li', name='李娜', password_hash='-', created_at=START,
            roles=[AccountRole(role=Role.SERVICE)],
        )  # fmt: skip
        session.add(row)
        session.flush()
        return Holds(context), Actor(row.id, row.name, row.login, row.office_id, None, clerk.roles)


def shown(page: InboxPage) -> int:
    assert page.bench.sheet is not None
    return page.bench.sheet.document.id


def test_the_pile_passes_over_what_a_colleague_checks_and_says_whose_it_is(
    desk: InboxOffice, colleague: tuple[Holds, Actor]
) -> None:
    first, second = desk.invoice(1), desk.invoice(2)
    holds, li = colleague
    assert holds.take(li, first.id) == ''
    page = desk.page()
    assert shown(page) == second.id
    assert page.model.state_of(first)[2] == '李娜'
    assert holds.of_others(li) == {second.id: '沈若溪'}

    QTest.keyClick(page.pile, Qt.Key.Key_Up)
    assert shown(page) == first.id
    assert '李娜' in page.bench.form.notice.sentence
    assert not page.bench.confirm_button.isEnabled()
    Typist().confirm()
    assert desk.get(first.id).state is DocumentState.TO_CHECK

    QTest.keyClick(page.pile, Qt.Key.Key_Down)
    assert shown(page) == second.id
    assert page.bench.confirm_button.isEnabled()
    QTest.keyClick(page.pile, Qt.Key.Key_Up)
    assert not page.bench.confirm_button.isEnabled()

    holds.give_back(li)
    page.holding._ask()
    assert page.bench.confirm_button.isEnabled()
    assert holds.take(li, first.id) == '沈若溪'


def test_leaving_the_inbox_gives_the_paper_back(desk: InboxOffice, colleague: tuple[Holds, Actor]) -> None:
    view = desk.invoice(1)
    holds, li = colleague
    page = desk.page()
    assert holds.take(li, view.id) == '沈若溪'
    page.hide()
    assert holds.take(li, view.id) == ''
    holds.give_back(li)
    page.show()
    assert holds.take(li, view.id) == '沈若溪'
    page.closing()
    assert holds.take(li, view.id) == ''


def test_a_long_pile_comes_piece_by_piece(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_page, 'SHOWN_AT_ONCE', 20)
    desk.take_in(*[(f'{number:03}.pdf', pdf(str(number))) for number in range(45)])
    page = desk.page()
    assert len(page.model.documents) == 20
    assert '45' in page.side._counts.text()
    for pieces in (40, 45):
        page.pile.verticalScrollBar().setValue(page.pile.verticalScrollBar().maximum())
        QApplication.processEvents()
        assert len(page.model.documents) == pieces
    assert not page.model.canFetchMore(page.pile.rootIndex())


def test_the_filter_narrows_by_state_and_kind_and_shows_what_was_done_today(desk: InboxOffice) -> None:
    invoice = desk.invoice(1)
    desk.take_in(('note.pdf', pdf('nothing')))
    page = desk.page()
    side = page.side.filter
    side.kind.set_value(DocumentKind.DIGITAL_NORMAL)
    assert [one.id for one in page.model.documents] == [invoice.id]
    side.kind.set_value(DocumentKind.ID_CARD)
    assert page.model.documents == []
    assert page.side._all_line.isVisible()
    assert page.stack.currentIndex() == 0
    page.side._all_line.click()
    assert len(page.model.documents) == 2
    kept = desk.desk.invoices.confirm_other(
        desk.office.clerk, invoice.id, desk.get(invoice.id).version, desk.office.case_id, DocumentKind.OTHER
    )
    side.state.set_value(DocumentState.CONFIRMED)
    assert [one.id for one in page.model.documents] == [kept.document.id]


def test_a_pile_with_cover_sheets_files_itself_and_is_checked_in_the_inbox(desk: InboxOffice) -> None:
    cover = desk.desk.cover_sheets.pdf(desk.office.clerk, desk.office.case_id, [DocumentKind.ID_CARD])
    page = desk.page()
    desk.take_in(('scan.pdf', write_pdf([PageRef(pdf('a')), PageRef(cover), PageRef(pdf('b'))])))
    page.refresh_list()
    first, second = page.model.documents
    assert [(one.case_id, len(one.pages)) for one in (first, second)] == [(None, 1), (desk.office.case_id, 1)]
    assert second.kind is DocumentKind.ID_CARD
    page.choose(second.id)
    assert desk.office.case_number in page.bench.form.notice.sentence
    assert second.state is DocumentState.TO_CHECK


def test_cover_sheets_are_chosen_by_keyboard(desk: InboxOffice, qtbot: QtBot) -> None:
    page = desk.page()
    dialog = CoverDialog(page, '')
    qtbot.addWidget(dialog)
    assert not dialog.ok_button.isEnabled()
    QTest.keyClick(dialog._list, Qt.Key.Key_Space)
    assert dialog.ok_button.isEnabled()
    assert dialog.kinds == [DocumentKind.VAT_SPECIAL]
    assert CoverDialog(page, 'CY2026-000001').ok_button.isEnabled()


def test_thirty_mixed_receipts_are_confirmed_without_the_mouse(
    desk: InboxOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    views = take_in_mixed(desk, 30)
    page = desk.page()
    page.arrive({'case_id': desk.office.case_id})
    loads: list[int] = []
    monkeypatch.setattr(sheets, 'load', lambda *given: loads.append(given[1]) or load(*given))
    typist = Typist()

    def ready() -> None:
        """The next paper is on the bench already, fetched while the one before was checked."""
        waiting = [one for one in desk.of_case() if one.state is not DocumentState.CONFIRMED]
        assert waiting == [] or shown(page) in {one.id for one in waiting}

    fields = confirm_all(page, typist, len(views), ready)
    kept = [desk.get(view.id) for view in views]
    assert {one.state for one in kept} == {DocumentState.CONFIRMED}
    assert len({one.kind for one in kept}) == 7
    assert len(loads) == len(set(loads)), 'a paper was fetched twice'
    with capsys.disabled():
        print(f'\n{typist.strokes} keys for 30 receipts with {fields} fields: {typist.strokes / fields:.2f} a field')
    assert typist.strokes <= 0.5 * fields
