"""Finance at the keyboard: prepare, pay, returned, taken back; a click too many; what others may see."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QTableWidget
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.identifiers import mask_account
from claimdesk.models import Database
from claimdesk.rules.workflow import Move
from claimdesk.services.payment import PaymentView
from claimdesk.ui import dialogs, theme
from claimdesk.ui.pages.payments import PaymentsPage
from claimdesk.ui.widgets import PlainLabel
from claimdesk.vocabulary import PaymentState, Role, Stage
from tests.ui.case_office import when_asked
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
CARD = '6222021234567890128'


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp, 'light')
    made = list_office(Database(sqlite_url), tmp_path / 'files', cases=1)
    made.bring_to(Stage.PAYMENT)
    yield made
    made.desk.close()


def shown(office: ListOffice, qtbot: QtBot, role: Role = Role.FINANCE) -> PaymentsPage:
    return office.show(qtbot, PaymentsPage, role)


def press(qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def fill(page: PaymentsPage, qtbot: QtBot, account: str = CARD) -> None:
    page.panel.bank.setText('工商银行苏州分行')
    page.panel.account.setFocus()
    page.panel.account.clear()
    qtbot.keyClicks(page.panel.account, account)


def of_case(office: ListOffice) -> list[PaymentState]:
    return [one.state for one in office.desk.payment.of_case(office.people[Role.FINANCE], office.case_id)]


def prepare(office: ListOffice, page: PaymentsPage, qtbot: QtBot) -> None:
    fill(page, qtbot)
    press(qtbot, Key.Key_Return, CONTROL)
    assert of_case(office)[0] is PaymentState.PREPARED


def test_a_payment_goes_its_way_without_the_mouse(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    assert page.tables['to_prepare'].hasFocus()
    press(qtbot, Key.Key_Return)
    assert page.panel.bank.hasFocus()
    assert page.panel.payee.text() == office.case.insured_name
    prepare(office, page, qtbot)
    press(qtbot, Key.Key_2, CONTROL)
    assert page.tables['prepared'].hasFocus()
    press(qtbot, Key.Key_Return)
    assert page.panel.reference.hasFocus()
    qtbot.keyClicks(page.panel.reference, 'ICBC-1')
    press(qtbot, Key.Key_Return, CONTROL)
    assert of_case(office) == [PaymentState.PAID]
    assert office.case.paid_amount == Decimal(2300)
    assert page.chips['paid'].text().endswith('1')


def test_the_sums_follow_the_list(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    assert page.total.text() == '¥2,300.00'
    press(qtbot, Key.Key_2, CONTROL)
    assert page.total.text() == '¥0.00'
    empty_words = page.tables['prepared'].empty_words
    assert empty_words is not None
    assert empty_words() == 'Nothing is on its way to the bank.'


def test_two_clicks_are_one_payment(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    fill(page, qtbot)
    page.panel.prepare_wanted.emit()
    page.panel.prepare_wanted.emit()
    assert of_case(office) == [PaymentState.PREPARED]


def test_a_lost_answer_does_not_pay_twice(office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = shown(office, qtbot)
    fill(page, qtbot)
    really = office.desk.payment.prepare

    def lost(*args: Any, **more: Any) -> PaymentView:
        really(*args, **more)
        raise Unavailable('The server went away.')

    monkeypatch.setattr(office.desk.payment, 'prepare', lost)
    page.panel.act()
    assert page.banner.sentence == 'The server went away.'
    monkeypatch.undo()
    # The list has not been read again yet: the handler presses the button once more.
    page.doing.prepare()
    assert of_case(office) == [PaymentState.PREPARED]


def test_a_mistyped_card_is_said_before_anything_is_sent(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    fill(page, qtbot, '6222021234567890123')
    press(qtbot, Key.Key_Tab)
    assert 'check digit' in page.panel.form.error('account_number')
    page.panel.act()
    assert of_case(office) == []
    fill(page, qtbot, '6222 0212 3456 7890 128')
    assert page.panel.form.error('account_number') == ''


def test_what_was_prepared_can_be_undone(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    undone: list[object] = []
    page.shell.toasted.connect(lambda _words, undo: undone.append(undo))
    prepare(office, page, qtbot)
    undone[0]()  # type: ignore[operator]
    assert of_case(office) == [PaymentState.CANCELLED]
    assert page.chips['to_prepare'].text().endswith('1')


def test_the_bank_sends_it_back_and_it_is_prepared_again(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = shown(office, qtbot)
    prepare(office, page, qtbot)
    press(qtbot, Key.Key_2, CONTROL)
    monkeypatch.setattr(dialogs, 'ask_reason', lambda *_args, **_more: '户名不符')
    page.panel.returned_button.click()
    assert of_case(office) == [PaymentState.RETURNED]
    press(qtbot, Key.Key_4, CONTROL)
    page.panel.act()
    assert page.tables['to_prepare'].currentIndex().isValid()
    # Where it went the last time is offered again.
    assert page.panel.payee_typed().account_number == mask_account(CARD)
    page.panel.act()
    assert of_case(office) == [PaymentState.PREPARED, PaymentState.RETURNED]
    press(qtbot, Key.Key_4, CONTROL)
    assert page.panel.row is None


def test_somebody_else_was_faster(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    prepare(office, page, qtbot)
    press(qtbot, Key.Key_2, CONTROL)
    payment = office.desk.payment.of_case(office.people[Role.FINANCE], office.case_id)[0]
    office.desk.payment.mark_paid(office.people[Role.FINANCE], payment.id, payment.version, 'OTHER')
    page.panel.reference.setText('MINE')
    page.panel.act()
    assert page.banner.sentence
    assert page.chips['paid'].text().endswith('1')
    page.changed({'payment'}, {office.case_id})
    assert page.panel.row is None


def test_others_see_no_account_and_no_button(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    prepare(office, page, qtbot)
    other = shown(office, qtbot, Role.ADJUSTER)
    other.chips['prepared'].click()

    def words() -> str:
        return ' '.join(label.text() for label in other.panel.findChildren(PlainLabel) if label.isVisible())

    qtbot.waitUntil(lambda: '*' in words())
    assert CARD not in words().replace(' ', '')
    assert not other.panel.paid_button.isVisible()
    assert 'Finance' in words()


def test_the_bank_gets_what_it_needs_from_the_clipboard(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    prepare(office, page, qtbot)
    press(qtbot, Key.Key_2, CONTROL)
    page.panel._copy.click()
    assert QGuiApplication.clipboard().text().split('\t')[1:4] == ['工商银行苏州分行', CARD, '2300.00']


def test_a_batch_goes_to_the_bank_and_its_answer_comes_back(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page, sent, answer = shown(office, qtbot), tmp_path / 'out.xlsx', tmp_path / 'answer.csv'
    prepare(office, page, qtbot)
    press(qtbot, Key.Key_2, CONTROL)
    monkeypatch.setattr(dialogs, 'ask', lambda *_args, **_more: True)
    monkeypatch.setattr(dialogs, 'save_file', lambda *_args, **_more: sent)
    press(qtbot, Key.Key_B, CONTROL)
    (row,) = load_workbook(sent).worksheets[0].iter_rows(min_row=2, values_only=True)
    assert row[2] == CARD
    assert 'Send it to the bank' in page.banner.sentence
    press(qtbot, Key.Key_3, CONTROL)
    assert page.panel.write_button.isVisible()
    assert not page.panel.take_back_button.isVisible()
    lines = ('客户参考号,金额,状态,流水号', f'{row[0]},2300.00,交易成功,ICBC-7', 'CD1,5.00,成功,X')
    answer.write_text('\n'.join(lines), encoding='gb18030')
    monkeypatch.setattr(dialogs, 'open_files', lambda *_args, **_more: [answer])
    told: list[str] = []

    def look(dialog: Any) -> None:
        told.append(dialog.windowTitle())
        told.append(dialog.findChild(QTableWidget).item(0, 6).text())
        dialog.ok_button.click()

    when_asked(look)
    press(qtbot, Key.Key_I, CONTROL)
    assert told == ['1 difference', 'No payment with this reference']
    assert of_case(office) == [PaymentState.PAID]
    assert office.case.paid_amount == Decimal(2300)


def test_a_changed_account_waits_for_a_second_person(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    prepare(office, page, qtbot)
    payment = office.desk.payment.of_case(office.people[Role.FINANCE], office.case_id)[0]
    office.desk.payment.mark_returned(office.people[Role.FINANCE], payment.id, payment.version, '户名不符')
    page.refresh()
    press(qtbot, Key.Key_1, CONTROL)
    fill(page, qtbot, '12345678901')
    assert page.panel.account_reason.isVisible()
    page.panel.act()
    press(qtbot, Key.Key_2, CONTROL)
    page.panel.reference.setText('REF')
    assert not page.panel.check_button.isVisible()
    page.panel.act()
    assert 'nobody has checked it' in page.banner.sentence
    other = shown(office, qtbot, Role.APPROVER)
    other.chips['prepared'].click()
    other.panel.check_button.click()
    assert office.desk.payment.of_case(office.people[Role.FINANCE], office.case_id)[0].cleared


def test_a_part_is_paid_and_the_rest_stays_in_the_list(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    page.panel.amount.set_value(Decimal('9999'))
    fill(page, qtbot)
    page.panel.act()
    assert 'At most' in page.panel.form.error('amount')
    page.panel.amount.set_value(Decimal(1000))
    page.panel.act()
    assert of_case(office) == [PaymentState.PREPARED]
    assert page.total.text() == '¥1,300.00'


def test_looking_at_a_number_shows_it_once_for_this_payment(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    prepare(office, page, qtbot)
    press(qtbot, Key.Key_2, CONTROL)

    def words() -> str:
        return ''.join(label.text() for label in page.panel.findChildren(PlainLabel) if label.isVisible())

    assert CARD not in words().replace(' ', '')
    page.panel.reveal_button.click()
    qtbot.waitUntil(lambda: CARD in words().replace(' ', ''))
    assert not page.panel.reveal_button.isVisible()


def test_the_case_opens_from_here(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    opened: list[tuple[int, str]] = []
    page.shell.open_case_at.connect(lambda case_id, part: opened.append((case_id, part)))
    press(qtbot, Key.Key_O, CONTROL)
    page.panel.case_button.click()
    assert opened == [(office.case_id, 'payment')] * 2


def test_what_is_typed_outlives_a_refresh_and_a_switch_of_language(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    fill(page, qtbot)
    page.changed({'claim_case'}, {office.case_id})
    assert page.panel.bank.text() == '工商银行苏州分行'
    assert page.has_unsaved()
    kept = page.keep()
    again = PaymentsPage(office.desk_of(Role.FINANCE), page.shell)
    qtbot.addWidget(again)
    again.restore(kept)
    again.show()
    again.opened()
    assert again.panel.payee_typed() == page.panel.payee_typed()


def test_a_case_that_is_paid_leaves_the_list(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    office.pay()
    office.move(Role.FINANCE, Move.PAY)
    page.refresh()
    assert page.tables['to_prepare'].model().rowCount() == 0
    assert page.chips['to_prepare'].text().endswith('0')
