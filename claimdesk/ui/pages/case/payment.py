"""Payment tab: prepare the approved amount, record what the bank did, and see every payment of the case."""

from __future__ import annotations

import uuid
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.amounts import to_capital
from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.bank_file import account_problem
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor
from claimdesk.services.payee_accounts import Payee
from claimdesk.services.payment import PaymentView
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import EMPTY_HEIGHT, CaseTab, card, why_not
from claimdesk.ui.widgets import Button, EmptyState, PlainLabel, SectionHeader, StateBadge, clear, required, separator
from claimdesk.vocabulary import PaymentState, Stage, label

LOOK = {
    PaymentState.PREPARED: ('amber', 'hourglass'),
    PaymentState.PAID: ('green', 'circle-check'),
    PaymentState.RETURNED: ('red', 'undo-2'),
    PaymentState.CANCELLED: ('grey', 'x'),
}


class PaymentTab(CaseTab):
    """Money out, once: a repeated click carries the same request key and makes no second payment."""

    name = 'payment'
    icon = 'wallet'
    form_names = ('payee', 'paid')

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._file: CaseFile | None = None
        self.live: PaymentView | None = None
        self._suggested = ''
        self._key = uuid.uuid4().hex
        self.paid_form = EditForm('paid', 1)
        self.form = EditForm('payee')
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        self._prepare_box = self._prepare_card()
        self._list_box, list_column = card(SectionHeader(_("Payments of this case")))
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_12)
        list_column.addLayout(self._list)
        left = QVBoxLayout()
        left.addWidget(self._prepare_box)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(self._list_box)
        right.addStretch(1)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self._row = QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        self._row.setLayout(row)
        self.column.addWidget(self._row)
        self._empty = EmptyState(
            'wallet',
            _("Nothing is to be paid yet."),
            _("The approved amount appears here as soon as the calculation is approved."),
        )
        self._empty.setMinimumHeight(EMPTY_HEIGHT)
        self.column.addWidget(self._empty)
        self.column.addStretch(1)

    def _prepare_card(self) -> QWidget:
        box, column = card(SectionHeader(_("Pay")))
        self._amount = PlainLabel('', 'title', selectable=True, tabular=True)
        self._capital = PlainLabel('', 'secondary', wrap=True, selectable=True)
        self._why = PlainLabel('', 'note', wrap=True)
        payee, bank, self._account = QLineEdit(), QLineEdit(), QLineEdit()
        for field, most in ((payee, 120), (bank, 120), (self._account, 40)):
            field.setMaxLength(most)
        self._account.setFont(theme.font(tabular=True))
        self.form.add('payee_name', _("Payee"), payee, required=True, check=required(payee.text))
        self.form.add('bank_name', _("Bank"), bank, required=True, check=required(bank.text))
        self.form.add(
            'account_number', _("Account number"), self._account, span=2, required=True, check=self._account_problem
        )
        self.prepare_button = Button(_("Prepare the payment"), self.prepare, icon='banknote')
        reference = QLineEdit()
        reference.setMaxLength(60)
        self.paid_form.add(
            'bank_reference', _("Bank's reference"), reference, required=True, check=required(reference.text)
        )
        self.paid_button = Button(_("Record as paid"), self.mark_paid, icon='check')
        self.returned_button = Button(_("Returned by the bank…"), self.mark_returned, icon='undo-2')
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        for button in (self.returned_button, self.paid_button, self.prepare_button):
            self._buttons.addWidget(button)
        for widget in (self._amount, self._capital, self._why, self.form, self.paid_form):
            column.addWidget(widget)
        column.addLayout(self._buttons)
        return box

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Payment")

    def forms(self) -> list[EditForm]:
        return [self.form, self.paid_form]

    def load(self, actor: Actor, case_id: int) -> tuple[list[PaymentView], Payee | None]:
        payments = self.desk.payment.of_case(actor, case_id)
        payee = self.desk.payment.payee(actor, case_id) if actor.may(Permission.PAY) else None
        return payments, payee

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        payments, payee = loaded
        self._file = file
        case = file.case
        self.live = next((one for one in payments if one.state is PaymentState.PREPARED), None)
        due = case.stage is Stage.PAYMENT
        left = (case.payable or Decimal(0)) - case.paid_amount
        self._row.setVisible(due or bool(payments))
        self._prepare_box.setVisible(due)
        self._empty.setVisible(not due and not payments)
        self._amount.setText(text.money(left, sign=True))
        self._capital.setText(to_capital(left))
        why = why_not(file, Permission.PAY)
        said = why or (_("Everything payable has been paid. Finish the payment.") if left <= 0 else '')
        self._why.setText(said)
        self._why.setVisible(bool(said))
        self.form.setVisible(self.live is None and not said)
        self.prepare_button.setVisible(self.live is None and not said)
        for widget in (self.paid_form, self.paid_button, self.returned_button):
            widget.setVisible(self.live is not None and not why)
        self._suggested = payee.account_number if payee is not None else ''
        if payee is not None:
            values = {'payee_name': payee.name, 'bank_name': payee.bank_name, 'account_number': payee.account_number}
            self.form.show_saved(values, case.version)
        self.paid_form.show_saved({'bank_reference': ''}, case.version)
        clear(self._list)
        for place, payment in enumerate(payments):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(_payment(payment))
        self._list_box.setVisible(bool(payments))

    def focus_part(self, part: str) -> None:
        if not self.form.isHidden():
            names = ('payee_name', 'bank_name', 'account_number')
            empty = next((name for name in names if not self.form.values()[name]), 'payee_name')
            self.form.field(empty).setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.paid_form.isHidden():
            self.paid_form.field('bank_reference').setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().focus_part(part)

    def save(self) -> None:
        if not self.form.isHidden():
            self.prepare()
        elif not self.paid_form.isHidden():
            self.mark_paid()

    def prepare(self) -> None:
        """Prepare the payment; the key of the first try goes along until it is known to have arrived."""
        if self.form.isHidden() or not self.form.check():
            return
        payment, case_id, values, key = self.desk.payment, self.page.case_id, self.form.values(), self._key

        def work(actor: Actor) -> PaymentView:
            return payment.prepare(actor, case_id, **values, request_key=key)

        self.page.saving.act(
            work,
            _("The payment is prepared."),
            self._prepared,
            partial(self._refused, self.form),
            lambda made: partial(self._take_back, made),
        )

    def _take_back(self, made: PaymentView) -> None:
        payment = self.desk.payment
        self.page.saving.act(
            lambda actor: payment.cancel(actor, made.id, made.version), _("The payment is taken back.")
        )

    def _prepared(self, _payment: PaymentView) -> None:
        self._key = uuid.uuid4().hex
        self.form.accepted()

    def mark_paid(self) -> None:
        """Record that the bank has paid."""
        live = self.live
        if live is None or self.paid_form.isHidden() or not self.paid_form.check():
            return
        payment, reference = self.desk.payment, self.paid_form.values()['bank_reference']
        self.page.saving.act(
            lambda actor: payment.mark_paid(actor, live.id, live.version, reference),
            _("The payment is recorded as paid."),
            lambda _view: self.paid_form.accepted(),
            partial(self._refused, self.paid_form),
        )

    def mark_returned(self) -> None:
        """Record that the bank sent the payment back, so that it can be prepared again."""
        live = self.live
        if live is None:
            return
        reason = dialogs.ask_reason(
            self,
            _("Returned by the bank"),
            _("The payment can then be prepared again with another account."),
            _("Record as returned"),
            suggestions=(_("Account name and number do not match"), _("The account is closed")),
        )
        if reason is None:
            return
        payment = self.desk.payment
        self.page.saving.act(
            lambda actor: payment.mark_returned(actor, live.id, live.version, reason),
            _("The payment is recorded as returned."),
            lambda _view: self.paid_form.revert(),
        )

    def _refused(self, form: EditForm, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput):
            self.show_problem(form, error)
        else:
            self.page.show_error(error)

    def _account_problem(self) -> str:
        account = ''.join(self._account.text().split())
        if not account:
            return _("Please fill this in.")
        return '' if '*' in account and account == self._suggested else account_problem(account)


def _payment(payment: PaymentView) -> QWidget:
    row = QWidget()
    grid = QGridLayout(row)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.SPACE_12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    state = StateBadge()
    state.set_pill(*LOOK[payment.state], label(payment.state))
    grid.addWidget(PlainLabel(payment.payee_name, 'strong', wrap=True, selectable=True), 0, 0)
    grid.addWidget(state, 0, 1)
    grid.addWidget(PlainLabel(text.money(payment.amount, sign=True), 'strong', tabular=True, selectable=True), 0, 2)
    lines = [
        f'{payment.bank_name} · {payment.account_number}',
        _("Prepared by {name}, {time}").format(name=payment.prepared_by, time=text.moment(payment.prepared_at)),
    ]
    if payment.paid_at is not None:
        lines.append(
            _("Paid {time}, reference {reference}").format(
                time=text.moment(payment.paid_at), reference=payment.bank_reference
            )
        )
    if payment.batch:
        lines.append(_("In batch {number}, reference {reference}").format(
            number=payment.batch, reference=payment.reference
        ))
    if not payment.cleared:
        lines.append(_("The account waits for a second person, on the payments page."))
    elif payment.account_checked_by:
        lines.append(_("Account checked by {name}").format(name=payment.account_checked_by))
    if payment.reason:
        lines.append(_("Reason: {reason}").format(reason=payment.reason))
    for place, words in enumerate(lines, start=1):
        grid.addWidget(PlainLabel(words, 'caption', wrap=True, selectable=True), place, 0, 1, 3)
    return row
