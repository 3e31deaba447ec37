"""The verification bench, driven by keys: fields, sums, case, duplicates, drafts, conflicts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.services.reading_view import FieldView
from claimdesk.ui.drafts import Drafts
from claimdesk.ui.pages.inbox import InboxPage
from claimdesk.ui.pages.inbox.field_row import source_words, tidy
from claimdesk.ui.pages.inbox.proofs import proofs
from claimdesk.ui.pages.inbox.sheet_draft import draft_name
from claimdesk.vocabulary import ChecklistState, DocumentKind, DocumentState, LossKind
from tests.ocr import paper
from tests.services.paper_office import pdf, picture
from tests.ui.inbox_office import InboxOffice, Typist, inbox_office, invoice_to_a_person, write

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def scoped(desk: InboxOffice) -> InboxPage:
    """The page as opened from the case, so that the case is known."""
    page = desk.page()
    page.arrive({'case_id': desk.office.case_id})
    return page


def focused(page: InboxPage) -> str:
    return page.bench.form.current()


def field(desk: InboxOffice, page: InboxPage, name: str) -> object:
    return page.bench.form.rows[name].edit


def test_the_least_certain_field_is_on_top_and_has_the_focus(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = desk.page()
    names = list(page.bench.form.rows)
    unsure = page.bench.form.open_fields()
    assert unsure
    assert names[: len(unsure)] == unsure
    assert focused(page) == unsure[0]


def test_a_document_is_confirmed_by_keyboard_alone_and_the_next_one_comes(desk: InboxOffice) -> None:
    first, second = desk.invoice(1), desk.invoice(2)
    case_id = desk.office.case_id
    page = desk.page()
    page.arrive({'document_id': first.id})
    typist = Typist()
    typist.enter(len(page.bench.form.open_fields()))
    typist.type(desk.office.case_number[-6:])
    typist.enter()
    assert QApplication.focusWidget() is page.bench.confirm_button
    typist.enter()
    kept = desk.desk.invoices.of_document(desk.desk.signed_in, first.id)
    assert kept is not None
    assert (kept.case_id, kept.number) == (case_id, invoice_to_a_person(1).number)
    assert page.bench.sheet is not None
    assert page.bench.sheet.document.id == second.id
    assert focused(page) == page.bench.form.open_fields()[0]


def test_strokes_for_a_whole_pile(desk: InboxOffice, capsys: pytest.CaptureFixture[str]) -> None:
    kinds = ('digital_normal', 'digital_special', 'vat_electronic', 'vat_special', 'vat_normal')
    for seed in range(10):
        made = invoice_to_a_person(seed, kinds[seed % 5])
        (view,) = desk.take_in((f'{seed}.pdf', paper.as_pdf(made)), case_id=desk.office.case_id)
        desk.desk.readings.read(desk.desk.signed_in, view.id)
    page = scoped(desk)
    typist, fields = Typist(), 0
    for _ in range(10):
        form = page.bench.form
        fields += len(form.rows)
        while form.open_fields():
            before = form.open_fields()
            typist.enter()
            assert len(form.open_fields()) < len(before), form.notice.sentence
        typist.confirm()
    assert {one.state for one in desk.of_case()} == {DocumentState.CONFIRMED}
    with capsys.disabled():
        share = typist.strokes / fields
        print(f'\n{typist.strokes} keystrokes for 10 invoices with {fields} fields: {share:.2f} a field')
    assert typist.strokes <= 0.5 * fields


def test_nothing_unsure_is_confirmed_unseen(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = desk.page()
    page.arrive({'case_id': desk.office.case_id})
    page.show_inbox()
    Typist().confirm()
    assert desk.get(view.id).state is DocumentState.TO_CHECK
    assert 'looked at' in page.bench.form.notice.sentence
    assert focused(page) == page.bench.form.open_fields()[0]


def test_sums_are_worked_out_as_one_types(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = desk.page()
    rows = page.bench.form.rows
    right = rows['total'].value
    rows['total'].edit.setFocus()
    rows['total'].edit.selectAll()
    QTest.keyClicks(rows['total'].edit, '1.00')
    QTest.qWait(10)
    assert rows['total'].tone() == 'orange'
    assert rows['amount'].open
    rows['total'].edit.selectAll()
    QTest.keyClicks(rows['total'].edit, right)
    QTest.qWait(10)
    assert rows['amount'].tone() == 'green'
    assert not rows['amount'].open


@pytest.mark.parametrize(
    ('values', 'name', 'ok'),
    [
        ({'amount': '60.76', 'tax': '7.90', 'total': '68.66'}, 'sum', True),
        ({'amount': '60.76', 'tax': '7.90', 'total': '68.67'}, 'sum', False),
        ({'amount': '60.76', 'tax': '***', 'total': '60.76'}, 'sum', True),
        ({'total': '68.66', 'total_capital': '陆拾捌圆陆角陆分'}, 'capital', True),
        ({'total': '-68.66', 'total_capital': '（负数）陆拾捌圆陆角陆分'}, 'capital', True),
        ({'total': '68.66', 'total_capital': '陆拾玖圆整'}, 'capital', False),
        ({'total': '68.66', 'total_capital': '陆拾某圆整'}, 'capital', False),
        ({'seller_tax_id': '91110108551385082Q'}, 'seller_tax_id', True),
        ({'seller_tax_id': '91110108551385082X'}, 'seller_tax_id', False),
        ({'invoice_number': '24952000000110705036', 'issue_date': '2023-01-05'}, 'number_year', False),
    ],
)
def test_proofs(values: dict[str, str], name: str, ok: bool) -> None:
    found = {proof.name: proof for proof in proofs(values, [])}
    assert found[name].ok is ok
    assert set(found[name].fields) <= {*values, 'tax', 'amount'}


def test_lines_and_rates_are_proved() -> None:
    lines = [
        {'amount': '100.00', 'tax_rate': '13%', 'tax': '13.00'},
        {'amount': '50.00', 'tax_rate': '13%', 'tax': '9.50'},
    ]
    found = {proof.name: proof for proof in proofs({'amount': '150.00'}, lines)}
    assert (found['lines'].ok, found['rate'].ok) == (True, False)
    assert 'Line 2' in found['rate'].words


@pytest.mark.parametrize(
    ('name', 'typed', 'kept'),
    [
        ('issue_date', '20260315', '2026-03-15'),
        ('issue_date', '2026年3月5日', '2026-03-05'),
        ('issue_date', 'soon', 'soon'),
        ('invoice_number', '2495 2000 0001', '249520000001'),
        ('seller_tax_id', ' 9111ab ', '9111AB'),
        ('buyer_name', ' 陆 景行 ', '陆 景行'),
    ],
)
def test_what_is_typed_is_tidied(name: str, typed: str, kept: str) -> None:
    assert tidy(name, typed) == kept


def test_sources_are_said_in_words() -> None:
    assert [source_words(one) for one in ('qr', 'qr+rapid', 'text_layer', 'rapid+tesseract', 'rapid')] == [
        'QR', 'QR + OCR', 'PDF text', '2 × OCR', 'OCR',
    ]  # fmt: skip


def test_an_alternative_is_taken_with_the_arrow(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = desk.page()
    row = page.bench.form.rows['seller_name']
    row.edit.setFocus()
    row.take_reading(FieldView('seller_name', 'x', '甲公司', 0.7, 'rapid', None, 0, 'check', 'Unsure.', ('乙公司',)))
    QTest.keyClick(row.edit, Qt.Key.Key_Down)
    assert row.value == '乙公司'
    QTest.keyClick(row.edit, Qt.Key.Key_Up)
    assert row.value == '甲公司'


def test_the_machine_s_words_and_the_person_s_are_both_kept(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = desk.page()
    page.arrive({'case_id': desk.office.case_id})
    page.show_inbox()
    row = page.bench.form.rows['seller_name']
    read = row.value
    row.edit.setFocus()
    row.edit.selectAll()
    typist = Typist()
    typist.type('苏州另一家维修有限公司')
    typist.enter()
    finish(desk, page, typist)
    kept = desk.desk.invoices.of_document(desk.desk.signed_in, view.id)
    latest = desk.desk.readings.latest(desk.desk.signed_in, view.id)
    assert kept is not None
    assert latest is not None
    assert (kept.seller_name, latest.values()['seller_name']) == ('苏州另一家维修有限公司', read)


def finish(desk: InboxOffice, page: InboxPage, typist: Typist) -> None:
    """Confirm all that is open, take the office's first case, and confirm the document."""
    while page.bench.form.open_fields():
        page.bench.next_unsure()
        typist.enter()
    if page.bench.form.filing.place is None:
        page.bench.form.filing.case.setFocus()
        typist.type(desk.office.case_number)
        typist.enter()
    typist.confirm()


def test_the_paper_s_own_case_is_suggested_and_waits_for_a_look(desk: InboxOffice) -> None:
    made = invoice_to_a_person(1)
    made.buyer = '陆景行'
    (view,) = desk.take_in(('a.pdf', paper.as_pdf(made)))
    desk.desk.readings.read(desk.desk.signed_in, view.id)
    page = desk.page()
    filing = page.bench.form.filing
    assert filing.place is not None
    assert (filing.place.case_id, filing.suggested) == (desk.office.case_id, True)
    assert filing.checklist_code() == 'repair_invoice'
    typist = Typist()
    while page.bench.form.open_fields():
        typist.enter()
    typist.confirm()
    assert desk.get(view.id).case_id is None
    typist.enter()
    typist.confirm()
    assert desk.get(view.id).case_id == desk.office.case_id
    checklist = desk.desk.checklist.of_case(desk.desk.signed_in, desk.office.case_id)
    assert next(item.state for item in checklist if item.code == 'repair_invoice') is ChecklistState.RECEIVED


def test_a_loss_item_is_opened_when_its_kind_is_chosen(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = scoped(desk)
    page.show_inbox()
    typist = Typist()
    page.bench.form.filing.case.setFocus()
    typist.type(desk.office.case_number)
    typist.enter()
    page.bench.form.filing.loss.set_value(str(LossKind.PARTS))
    finish(desk, page, typist)
    (item,) = desk.desk.assessment.items(desk.desk.signed_in, desk.office.case_id)
    assert item.kind is LossKind.PARTS


def test_an_invoice_used_before_is_named_at_once_and_kept_only_with_a_reason(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.invoice(1)
    page = scoped(desk)
    page.show_inbox()
    finish(desk, page, Typist())
    other, number = desk.office.register('second')
    (again,) = desk.take_in(('copy.png', picture()), ('again.pdf', paper.as_pdf(invoice_to_a_person(1))))[1:]
    desk.desk.readings.read(desk.desk.signed_in, again.id)
    page.arrive({'document_id': again.id})
    note = page.bench.form.duplicates
    assert desk.office.case_number in note.sentence
    note.open_first()
    assert desk.opened == [(desk.office.case_id, 'documents')]
    typist = Typist()
    while page.bench.form.open_fields():
        page.bench.next_unsure()
        typist.enter()
    page.bench.form.filing.case.setFocus()
    page.bench.form.filing.case.selectAll()
    typist.type(number)
    typist.enter()
    typist.confirm()
    assert desk.get(again.id).state is DocumentState.TO_CHECK
    assert 'used before' in page.bench.form.notice.sentence
    monkeypatch.setattr('claimdesk.ui.dialogs.ask_reason', lambda *_a, **_k: 'shared between two cases')
    QTest.keyClick(page, Qt.Key.Key_D, CONTROL)
    assert 'shared' in note._advice.text()
    typist.confirm()
    kept = desk.desk.invoices.of_document(desk.desk.signed_in, again.id)
    assert kept is not None
    assert (kept.case_id, kept.duplicate_reason) == (other, 'shared between two cases')


def test_edits_survive_a_crash_and_a_switch_of_language(desk: InboxOffice, qtbot: QtBot) -> None:
    view = desk.invoice(1)
    page = desk.page()
    row = page.bench.form.rows['seller_name']
    row.edit.setFocus()
    row.edit.selectAll()
    write(row.edit, '没有保存的公司')
    qtbot.waitUntil(lambda: Drafts().find(draft_name(view)) is not None)
    # The program is gone without a word: another page is all there is.
    again = desk.page()
    assert again.bench.form.rows['seller_name'].value == '没有保存的公司'
    assert 'back' in again.bench.form.notice.sentence
    kept = again.keep()
    third = InboxPage(desk.desk, desk.shell)
    qtbot.addWidget(third)
    third.restore(kept)
    third.opened()
    assert third.bench.form.rows['seller_name'].value == '没有保存的公司'
    third.bench.draft.take_reading()
    assert third.bench.form.rows['seller_name'].value != '没有保存的公司'
    assert Drafts().find(draft_name(view)) is None


def test_a_paper_that_nobody_touched_is_never_called_edited(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = desk.page()
    assert page.bench.form.items.lines()
    page.bench.draft.keep()
    assert Drafts().find(draft_name(view)) is None
    assert page.bench.form.edits() == {}


def test_a_draft_goes_when_the_document_is_confirmed(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = desk.page()
    finish(desk, page, Typist())
    assert desk.get(view.id).state is DocumentState.CONFIRMED
    assert Drafts().find(draft_name(view)) is None


def test_a_document_confirmed_on_another_desk_says_so_and_the_work_goes_on(desk: InboxOffice) -> None:
    first, second = desk.invoice(1), desk.invoice(2)
    page = desk.page()
    assert page.bench.sheet is not None
    assert page.bench.sheet.document.id == first.id
    desk.desk.documents.set_title(desk.desk.signed_in, first.id, first.version, 'other desk')
    now = desk.get(first.id)
    desk.desk.invoices.confirm_other(
        desk.desk.signed_in, first.id, now.version, desk.office.case_id, DocumentKind.OTHER
    )
    finish(desk, page, Typist())
    assert any('changed' in said or 'else' in said for said in desk.said())
    assert page.bench.sheet.document.id == second.id


def test_a_confirmed_document_is_shown_shut_and_can_be_taken_back(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = scoped(desk)
    page.show_inbox()
    finish(desk, page, Typist())
    page.arrive({'document_id': view.id})
    assert 'Confirmed by' in page.bench.form.notice.sentence
    assert all(row.edit.isReadOnly() for row in page.bench.form.rows.values())
    assert not page.bench.confirm_button.isVisible()
    QTest.mouseClick(page.bench.back_button, Qt.MouseButton.LeftButton)
    assert desk.get(view.id).state is DocumentState.TO_CHECK
    assert page.bench.confirm_button.isVisible()
    assert not page.bench.form.rows['total'].edit.isReadOnly()


def test_confirming_is_undone(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = scoped(desk)
    page.show_inbox()
    finish(desk, page, Typist())
    desk.undo()
    assert desk.get(view.id).state is DocumentState.TO_CHECK
    assert desk.desk.invoices.of_document(desk.desk.signed_in, view.id) is None


def test_a_paper_without_a_form_is_named_and_filed(desk: InboxOffice) -> None:
    (view,) = desk.take_in(('letter.pdf', pdf('a letter')))
    page = scoped(desk)
    page.show_inbox()
    form = page.bench.form
    form.kind.set_value(DocumentKind.OTHER)
    form.kind.activated.emit(form.kind.currentIndex())
    assert form.rows == {}
    form.title.setFocus()
    form.title.selectAll()
    typist = Typist()
    typist.type('来信')
    typist.enter()
    finish(desk, page, typist)
    kept = desk.get(view.id)
    assert (kept.state, kept.kind, kept.title) == (DocumentState.CONFIRMED, DocumentKind.OTHER, '来信')


def test_another_kind_of_paper_has_its_own_fields_and_answers_its_line(desk: InboxOffice) -> None:
    (view,) = desk.take_in(('licence.pdf', pdf('driving licence')))
    page = scoped(desk)
    page.show_inbox()
    form = page.bench.form
    form.kind.set_value(DocumentKind.DRIVING_LICENCE)
    form.kind.activated.emit(form.kind.currentIndex())
    typist = Typist()
    form.go_to('name')
    typist.type('陆景行')
    typist.enter()
    finish(desk, page, typist)
    kept = desk.get(view.id)
    assert (kept.state, kept.kind) == (DocumentState.CONFIRMED, DocumentKind.DRIVING_LICENCE)
    assert kept.fields == {'name': '陆景行'}
    checklist = desk.desk.checklist.of_case(desk.desk.signed_in, desk.office.case_id)
    assert next(item.state for item in checklist if item.code == 'driving_licence') is ChecklistState.RECEIVED


def test_an_unreadable_invoice_is_entered_by_hand(desk: InboxOffice) -> None:
    (view,) = desk.take_in(('torn.pdf', pdf('one')[:200]))
    page = desk.page()
    form = page.bench.form
    assert 'damaged' in form.notice.sentence
    form.kind.set_value(DocumentKind.DIGITAL_NORMAL)
    form.kind.activated.emit(form.kind.currentIndex())
    typist = Typist()
    for name, value in (('invoice_number', '26322000000318472913'), ('issue_date', '20260227'), ('total', '1130')):
        form.go_to(name)
        typist.type(value)
        typist.enter()
    finish(desk, page, typist)
    kept = desk.desk.invoices.of_document(desk.desk.signed_in, view.id)
    assert kept is not None
    assert (kept.number, kept.issue_date.isoformat()) == ('26322000000318472913', '2026-02-27')


def test_a_wrong_field_says_why_and_keeps_the_focus(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = desk.page()
    form = page.bench.form
    form.go_to('invoice_number')
    form.rows['invoice_number'].edit.selectAll()
    typist = Typist()
    typist.type('12')
    typist.enter()
    assert focused(page) == 'invoice_number'
    assert 'digits' in form.rows['invoice_number'].problem


def test_the_lines_can_be_corrected(desk: InboxOffice) -> None:
    view = desk.invoice(1)
    page = desk.page()
    items = page.bench.form.items
    before = len(items.lines())
    items.add_line()
    items.item(items.currentRow(), 0).setText('拖车费')
    finish(desk, page, Typist())
    kept = desk.desk.invoices.of_document(desk.desk.signed_in, view.id)
    assert kept is not None
    assert [line.name for line in kept.lines][before:] == ['拖车费']


def test_tab_goes_through_the_fields_to_the_case(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = desk.page()
    names = list(page.bench.form.rows)
    page.bench.form.go_to(names[0])
    seen = [focused(page)]
    for _ in names[1:]:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        seen.append(focused(page))
    assert seen == names
    for wanted in (page.bench.form.items, page.bench.form.filing.case):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is wanted
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is page.bench.form.items


def test_the_field_in_focus_is_lit_on_the_page(desk: InboxOffice) -> None:
    desk.invoice(1)
    page = desk.page()
    canvas = page.bench.pages.canvas
    page.bench.form.go_to('total')
    assert canvas._lit == 'total'
    assert 'total' in [spot.name for spot in canvas._spots]
    assert canvas.fit == ''
    QTest.keyClick(page, Qt.Key.Key_0, CONTROL)
    assert canvas.fit == 'page'
    before = canvas.transform().m11()
    QTest.keyClick(page, Qt.Key.Key_Plus, CONTROL)
    assert canvas.transform().m11() > before


def test_a_marked_place_is_read_into_the_field(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    view = desk.invoice(1)
    page = desk.page()
    canvas = page.bench.pages.canvas
    canvas.set_fit('page')
    page.bench.form.go_to('seller_name')
    canvas.set_fit('page')
    asked: list[tuple[object, ...]] = []

    def reread(_actor: object, document_id: int, position: int, box: tuple[float, ...], name: str) -> FieldView:
        asked.append((document_id, position, box, name))
        return FieldView(name, 'Seller', '重读的公司', 0.97, 'rapid', None, position, 'sure')

    monkeypatch.setattr(desk.desk.readings, 'reread', reread)
    port = canvas.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=canvas.mapFromScene(100, 100))
    QTest.mouseMove(port, canvas.mapFromScene(400, 200))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=canvas.mapFromScene(400, 200))
    page.bench.form.go_to('seller_name')
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F2)
    ((document_id, position, box, name),) = asked
    assert (document_id, position, name) == (view.id, 0, 'seller_name')
    assert box[0] == pytest.approx(0.1, abs=0.02)
    assert box[2] == pytest.approx(0.3, abs=0.02)
    assert page.bench.form.rows['seller_name'].value == '重读的公司'
    assert canvas.selection() is None


def test_cases_are_offered_while_one_types(desk: InboxOffice, qtbot: QtBot) -> None:
    desk.invoice(1)
    second, _number = desk.office.register('second')
    page = desk.page()
    case = page.bench.form.filing.case
    case.setFocus()
    typist = Typist()
    typist.type('陆景')
    qtbot.waitUntil(lambda: case.completer().popup().isVisible())
    assert case._found.rowCount() == 2
    rows = [case._found.index(row, 0) for row in range(2)]
    wanted = next(row for row in rows if row.data(Qt.ItemDataRole.UserRole).case_id == second)
    case.completer().popup().setCurrentIndex(wanted)
    typist.enter()
    assert page.bench.form.filing.place is not None
    assert page.bench.form.filing.place.case_id == second
    assert not case.completer().popup().isVisible()
