"""The right side of the payments page: one amount or payment, and the one thing to do with it next."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.identifiers import luhn_ok
from claimdesk.language import _
from claimdesk.rules.bank_file import account_problem
from claimdesk.rules.clocks import due_words
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.services.context import Actor
from claimdesk.services.payee_accounts import Payee
from claimdesk.services.payment import PaymentView
from claimdesk.services.payment_book import Payable
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import (
    Button,
    EmptyState,
    FormGrid,
    KeyValue,
    MoneyEdit,
    PlainLabel,
    StateBadge,
    panel_scroll,
    required,
    separator,
)
from claimdesk.vocabulary import PaymentState, label

WIDTH = 400
_LOOKS = {
    PaymentState.PREPARED: ('amber', 'hourglass'),
    PaymentState.RETURNED: ('red', 'undo-2'),
    PaymentState.PAID: ('green', 'circle-check'),
    PaymentState.CANCELLED: ('grey', 'circle-x'),
}
Row = Payable | PaymentView


class PaymentPanel(QWidget):
    """Shows a row of the list. Signals say what was decided; the page does it and calls `done` or `show_errors`."""

    prepare_wanted = Signal()
    paid_wanted = Signal()
    returned_wanted = Signal()
    take_back_wanted = Signal()
    again_wanted = Signal()
    case_wanted = Signal(int)
    copy_wanted = Signal()
    reveal_wanted = Signal()
    check_wanted = Signal()
    write_wanted = Signal()

    def __init__(self, actor: Actor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actor = actor
        self._may_pay = actor.may(Permission.PAY)
        self._seen: tuple[int, str] = (0, '')
        self._row: Row | None = None
        self._suggested: tuple[str, str, str] = ('', '', '')
        self.setFixedWidth(WIDTH)
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(separator(upright=True))
        self._stack = QStackedWidget()
        outer.addWidget(self._stack, 1)
        self._stack.addWidget(EmptyState('wallet', _("Choose a payment on the left.")))
        self._stack.addWidget(panel_scroll(self._content()))

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_24)
        column.setSpacing(theme.SPACE_12)
        head = QHBoxLayout()
        self._who = PlainLabel('', 'section', wrap=True)
        self._badge = StateBadge()
        head.addWidget(self._who, 1)
        head.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        self.case_button = Button('', self._open_case, kind='link', icon='file-text', tip=_("Open the case (Ctrl+O)"))
        self._copy = Button(_("Copy for the bank"), self.copy_wanted.emit, kind='link', icon='copy')
        self.reveal_button = Button(
            _("Show the account number"), self.reveal_wanted.emit, kind='link', icon='eye',
            tip=_("That you looked is kept in the audit trail."),
        )  # fmt: skip
        self.write_button = Button(_("Write the file again…"), self.write_wanted.emit, kind='link', icon='upload')
        for button in (self.case_button, self._copy, self.reveal_button, self.write_button):
            button.setProperty('flush', True)
        self._amount = PlainLabel('', 'title', selectable=True)
        self._amount.setFont(theme.font(theme.TITLE, strong=True, tabular=True))
        self._facts = KeyValue(1)
        column.addLayout(head)
        column.addWidget(self.case_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._amount)
        column.addWidget(self._facts)
        for button in (self.reveal_button, self._copy, self.write_button):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._warning = PlainLabel('', 'note', wrap=True)
        self.check_button = Button(_("The account is right"), self.check_wanted.emit, icon='check')
        column.addWidget(self._warning)
        column.addWidget(self.check_button)
        self._line = separator()
        column.addWidget(self._line)
        self._why_not = PlainLabel(refusal_sentence(Permission.PAY), 'secondary', wrap=True)
        column.addWidget(self._why_not)
        self._preparing, self._paying = self._prepare_form(), self._paid_form()
        column.addWidget(self._preparing)
        column.addWidget(self._paying)
        self.again_button = Button(_("Prepare it again"), self.again_wanted.emit, kind='primary', icon='rotate-cw')
        column.addWidget(self.again_button)
        column.addStretch(1)
        return content

    def _prepare_form(self) -> QWidget:
        self.payee, self.bank, self.account = QLineEdit(), QLineEdit(), QLineEdit()
        self.form = FormGrid(1)
        self.form.add('payee_name', _("Payee"), self.payee, required=True, check=required(self.payee.text))
        self.form.add('bank_name', _("Bank and branch"), self.bank, required=True, check=required(self.bank.text))
        self.form.add('account_number', _("Account number"), self.account, required=True, check=self._account_problem)
        self.account_reason = QLineEdit()
        self.account_reason.setMaxLength(200)
        self.form.add(
            'account_reason', _("Why another account"), self.account_reason,
            hint=_("Another account than before is checked by a second person."),
        )  # fmt: skip
        self.form.set_shown('account_reason', False)
        self.amount = MoneyEdit()
        self.form.add('amount', _("Amount of this payment"), self.amount, check=self._amount_problem)
        self.account.setFont(theme.font(tabular=True))
        self.account.textChanged.connect(lambda _text: self._hint())
        self.prepare_button = Button(
            _("Prepare the payment"), self._prepare, kind='primary', icon='check', tip='Ctrl+Enter'
        )
        return _part(self.form, self.prepare_button)

    def _paid_form(self) -> QWidget:
        self.reference = QLineEdit()
        self.paid_form = FormGrid(1)
        self.paid_form.add(
            'bank_reference', _("Bank reference"), self.reference, required=True, check=required(self.reference.text),
            hint=_("The number of the transfer on the bank's receipt."),
        )  # fmt: skip
        self.paid_button = Button(_("Mark as paid"), self._paid, kind='primary', icon='check', tip='Ctrl+Enter')
        self.returned_button = Button(_("Returned by the bank…"), self.returned_wanted.emit, icon='undo-2')
        self.take_back_button = Button(_("Take it back"), self.take_back_wanted.emit, kind='link')
        self.take_back_button.setToolTip(_("It has not gone to the bank yet and shall not."))
        return _part(self.paid_form, self.paid_button, self.returned_button, self.take_back_button)

    # What is shown

    @property
    def row(self) -> Row | None:
        """What is shown, or None."""
        return self._row

    def show_row(self, row: Row | None) -> None:
        """Show a row; what was typed for another row goes, for the same one it stays."""
        same = row is not None and self._row is not None and _identity(row) == _identity(self._row)
        self._row = row
        self._stack.setCurrentIndex(0 if row is None else 1)
        if row is None:
            return
        self._who.setText(row.insured_name)
        self.case_button.set_text(row.case_number)
        self._amount.setText(text.money(row.amount, sign=True))
        self._show_state(row)
        if not same:
            self.busy(False)
            self._seen = (0, '')
            self.fill({})
            if isinstance(row, Payable):
                self.amount.set_value(row.amount)
            self.form.clear_errors()
            self.paid_form.clear_errors()

    def _show_state(self, row: Row) -> None:
        pay = self._may_pay
        if isinstance(row, Payable):
            self._badge.set_state(row.due_state, due_words(row.due_state, row.due_at, datetime.now(UTC)))
            facts = [
                (_("Approved by"), row.approved_by),
                (_("Approved on"), text.moment(row.approved_at)),
                (_("To be paid by"), text.moment(row.due_at)),
                (_("Approved"), text.money(row.whole, sign=True) if row.whole != row.amount else ''),
                (_("Kind"), _("Advance payment") if row.advance else ''),
            ]
            state = None
        else:
            state = row.state
            self._badge.set_pill(*_LOOKS[state], label(state))
            facts = [
                (_("Payee"), row.payee_name),
                (_("Bank"), row.bank_name),
                (_("Account"), text.account(self._account_shown(row))),
                (_("Our reference"), row.reference),
                (_("Batch"), row.batch),
                (_("Account checked by"), row.account_checked_by),
                (_("Prepared by"), f'{row.prepared_by}, {text.moment(row.prepared_at)}'),
                (_("Paid on"), text.moment(row.paid_at) if row.paid_at else ''),
                (_("Bank reference"), row.bank_reference),
                (_("Reason"), row.reason),
            ]
        self._facts.set_pairs([(name, words) for name, words in facts if words])
        self._preparing.setVisible(pay and state is None)
        self._paying.setVisible(pay and state in (PaymentState.PREPARED, PaymentState.PAID))
        prepared = state is PaymentState.PREPARED
        for widget in (self.paid_form, self.paid_button):
            widget.setVisible(prepared)
        self.take_back_button.setVisible(isinstance(row, PaymentView) and prepared and not row.batch)
        self.again_button.setVisible(pay and state is PaymentState.RETURNED)
        self._copy.setVisible(pay and state is PaymentState.PREPARED)
        self._show_account_state(row)
        self._why_not.setVisible(not pay and state is not PaymentState.PAID)
        self._line.setVisible(state not in (PaymentState.PAID, PaymentState.CANCELLED))

    def _show_account_state(self, row: Row) -> None:
        payment = row if isinstance(row, PaymentView) else None
        may_see = self._may_pay or self._actor.may(Permission.CHECK_ACCOUNT)
        self.reveal_button.setVisible(payment is not None and may_see and self._seen[0] != payment.id)
        self.write_button.setVisible(
            payment is not None and self._may_pay and bool(payment.batch) and payment.state is PaymentState.PREPARED
        )
        words = []
        if payment is not None and payment.stranger:
            words.append(_("The payee is neither the insured nor anybody else known on the case."))
        waits = payment is not None and not payment.cleared and payment.state is PaymentState.PREPARED
        if waits and payment is not None:
            words.append(_("This account came after another one: a second person must check it before money goes out."))
            if payment.account_reason:
                words.append(_("Reason: {reason}").format(reason=payment.account_reason))
        self._warning.setText('\n'.join(words))
        self._warning.setVisible(bool(words))
        mine = payment is not None and payment.account_entered_by == self._actor.id
        self.check_button.setVisible(waits and not mine and self._actor.may(Permission.CHECK_ACCOUNT))

    def _account_shown(self, row: PaymentView) -> str:
        return self._seen[1] if self._seen[0] == row.id else row.account_number

    def show_account(self, payment_id: int, account: str) -> None:
        """Show the whole number of this payment until another row is chosen."""
        if isinstance(self._row, PaymentView) and self._row.id == payment_id:
            self._seen = (payment_id, account)
            self._show_state(self._row)

    def suggest(self, payee: Payee) -> None:
        """Offer whom to pay, unless somebody has typed already."""
        if not self.has_unsaved():
            self._suggested = (payee.name, payee.bank_name, payee.account_number)
            self.fill({'payee': payee.name, 'bank': payee.bank_name, 'account': payee.account_number})

    def start(self) -> None:
        """Put the cursor where the typing begins."""
        for field in (self.payee, self.bank, self.account, self.reference):
            if field.isVisible() and not field.text():
                field.setFocus()
                return
        for button in (self.prepare_button, self.paid_button, self.again_button, self.case_button):
            if button.isVisible():
                button.setFocus()
                return

    def act(self) -> None:
        """Do the main thing."""
        for part, do in ((self._preparing, self._prepare), (self._paying, self._paid)):
            if part.isVisible() and part.isEnabled():
                do()
                return
        if self.again_button.isVisible():
            self.again_wanted.emit()

    def busy(self, busy: bool) -> None:
        """While something is being saved nothing else can be decided."""
        self._preparing.setEnabled(not busy)
        self._paying.setEnabled(not busy)

    # What was typed

    def content(self) -> dict[str, str]:
        """What is typed."""
        return {
            'payee': self.payee.text(),
            'bank': self.bank.text(),
            'account': self.account.text(),
            'reference': self.reference.text(),
            'reason': self.account_reason.text(),
            'amount': self.amount.text(),
        }

    def fill(self, content: dict[str, Any]) -> None:
        """Type this."""
        if not content:
            self._suggested = ('', '', '')
        self.payee.setText(content.get('payee', ''))
        self.bank.setText(content.get('bank', ''))
        self.account.setText(text.account(''.join(content.get('account', '').split())))
        self.reference.setText(content.get('reference', ''))
        self.account_reason.setText(content.get('reason', ''))
        if content.get('amount'):
            self.amount.setText(content['amount'])

    def payee_typed(self) -> Payee:
        """Whom to pay, as typed."""
        return Payee(self.payee.text().strip(), self.bank.text().strip(), ''.join(self.account.text().split()))

    def amount_typed(self) -> Decimal | None:
        """How much of what is left this payment takes, in yuan."""
        return self.amount.value()

    def has_unsaved(self) -> bool:
        """Whether something was typed that is not saved."""
        typed = self.payee_typed()
        changed = (typed.name, typed.bank_name, typed.account_number) != self._suggested
        return self._row is not None and (changed or bool(self.reference.text().strip()))

    def _account_problem(self) -> str:
        number = self.payee_typed().account_number
        return '' if self._is_suggested(number) else account_problem(number)

    def _is_suggested(self, number: str) -> bool:
        return '*' in number and number == self._suggested[2]

    def _amount_problem(self) -> str:
        row = self._row
        wanted = self.amount.value()
        if self.amount.problem() or wanted is None:
            return self.amount.problem() or _("Enter an amount.")
        if isinstance(row, Payable) and not 0 < wanted <= row.amount:
            return _("At most {amount} is left to pay.").format(amount=text.money(row.amount, sign=True))
        return ''

    def _hint(self) -> None:
        number = self.payee_typed().account_number
        good = number.isdigit() and _is_card(number) and luhn_ok(number)
        words = _("{count} digits, the check digit is right.").format(count=len(number)) if good else ''
        self.form.set_note('account_number', words)
        if good:
            self.form.set_error('account_number', '')
        other = bool(self._suggested[2]) and bool(number) and number != self._suggested[2]
        self.form.set_shown('account_reason', other)

    def _prepare(self) -> None:
        if self.form.check():
            self.prepare_wanted.emit()

    def _paid(self) -> None:
        if self.paid_form.check():
            self.paid_wanted.emit()

    def _open_case(self) -> None:
        if self._row is not None:
            self.case_wanted.emit(self._row.case_id)


def _part(*widgets: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE_12)
    for widget in widgets:
        column.addWidget(widget)
    return part


def _identity(row: Row) -> tuple[str, int]:
    return ('payable', row.case_id) if isinstance(row, Payable) else ('payment', row.id)


def _is_card(number: str) -> bool:
    return number.startswith('62') and len(number) in (16, 19)
