"""What the bench says of a paper that was used before: compared side by side, removed, or only told once confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from claimdesk.services.documents import NewFile
from claimdesk.services.invoices import Confirmed
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.inbox.compare import CompareDialog
from claimdesk.ui.widgets import Button
from claimdesk.vocabulary import DocumentKind, Role
from tests.ocr import paper
from tests.services.paper_office import pdf
from tests.ui.case_office import case_office
from tests.ui.inbox_office import InboxOffice, inbox_office, invoice_to_a_person


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def confirm(desk: InboxOffice, seed: int = 1, **changes: str) -> Confirmed:
    view = desk.invoice(seed)
    reading = desk.desk.readings.latest(desk.desk.signed_in, view.id)
    assert reading is not None
    return desk.desk.invoices.confirm(
        desk.desk.signed_in, view.id, view.version, desk.office.case_id, DocumentKind.DIGITAL_NORMAL,
        reading.values() | changes,
    )  # fmt: skip


def another_copy(desk: InboxOffice, case_id: int | None = None) -> int:
    (again,) = desk.take_in(('again.pdf', paper.as_pdf(invoice_to_a_person(1))), case_id=case_id)
    desk.desk.readings.read(desk.desk.signed_in, again.id)
    return again.id


def test_the_same_invoice_is_seen_side_by_side_and_one_copy_is_removed(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = confirm(desk).document
    again = another_copy(desk)
    seen: list[tuple[str, list[str], bool]] = []

    def look(dialog: CompareDialog) -> bool:
        rows = range(dialog.table.rowCount())
        tips = [item.toolTip() for row in rows if (item := dialog.table.item(row, 0)) is not None]
        pictures = dialog.mine.canvas.has_picture and dialog.other.canvas.has_picture
        seen.append((dialog.other.title.text(), tips, pictures))
        QTest.keyClick(dialog, Qt.Key.Key_Plus)
        return len(seen) == 2

    monkeypatch.setattr(Dialog, 'run', look)
    page = desk.page()
    note = page.bench.form.duplicates
    assert note.blocking
    assert desk.office.case_number in note.sentence
    QTest.keyClick(page, Qt.Key.Key_F6)
    ((title, tips, pictures),) = seen
    assert desk.office.case_number in title
    assert first.title in title
    assert set(tips) == {'The same'}
    assert pictures
    assert desk.opened == []
    QTest.keyClick(page, Qt.Key.Key_F6)
    assert desk.opened == [(desk.office.case_id, 'documents')]
    note.remove_wanted.emit()
    assert desk.inbox() == []
    desk.undo()
    assert [one.id for one in desk.inbox()] == [again]


def test_in_the_same_case_the_note_says_that_two_forms_count_once(desk: InboxOffice) -> None:
    confirm(desk)
    page = desk.page()
    page.arrive({'document_id': another_copy(desk, desk.office.case_id)})
    assert 'count once' in page.bench.form.duplicates.sentence


def test_a_confirmed_paper_still_tells_what_is_tied_to_it_but_asks_nothing(desk: InboxOffice) -> None:
    blue = confirm(desk)
    assert blue.invoice is not None
    red = confirm(
        desk, 2, reversed_invoice=blue.invoice.number, amount=f'{-blue.invoice.total}', tax='',
        total=f'{-blue.invoice.total}', total_capital='',
    )  # fmt: skip
    page = desk.page()
    page.arrive({'document_id': blue.document.id})
    note = page.bench.form.duplicates
    assert red.invoice is not None
    assert red.invoice.number in note.sentence
    assert not note.blocking
    page.arrive({'document_id': red.document.id})
    assert blue.invoice.number in page.bench.form.duplicates.sentence
    assert page.bench.form.rows['reversed_invoice'].value == blue.invoice.number


def test_the_documents_tab_names_each_pair_once_and_compares(
    qtbot: QtBot, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = case_office(sqlite_url, tmp_path)
    clerk = office.people[Role.SERVICE]
    content = paper.as_pdf(invoice_to_a_person(1))
    files = [NewFile('a.pdf', content), NewFile('b.pdf', content), NewFile('c.pdf', pdf('c'))]
    office.desk.documents.add(clerk, files, office.case_id, 'pair')
    seen: list[str] = []
    monkeypatch.setattr(Dialog, 'run', lambda dialog: seen.append(dialog.other.title.text()))
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('documents')
    card = page.tabs['documents'].twins
    (one,) = card._found
    assert (one.document.title, one.twin.kind, one.open) == ('a', 'file', True)
    (compare,) = [button for button in card.findChildren(Button) if button.text() == 'Compare']
    compare.click()
    assert seen[0].endswith(': b')
    office.desk.close()
