"""What is done with one payment: prepared, marked as paid or returned, taken back, its account shown and checked."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from claimdesk.language import N_, _
from claimdesk.services.payment import PaymentView
from claimdesk.services.payment_book import Payable
from claimdesk.ui import dialogs, text

if TYPE_CHECKING:
    from claimdesk.ui.pages.payments import PaymentsPage

RETURN_REASONS = (N_("Account and name do not match"), N_("The account is closed"), N_("Unknown bank or branch"))


class PaymentActions(QObject):
    """Works on the row that a `PaymentsPage` shows on its right."""

    def __init__(self, page: PaymentsPage) -> None:
        super().__init__(page)
        self._page = page
        # One key for each case until its payment is prepared: the same click twice is the same payment.
        self.keys: dict[int, str] = {}

    def prepare(self) -> None:
        """Prepare the payment that is filled in."""
        row = self._page.panel.row
        if not isinstance(row, Payable):
            return
        actor, payment, panel = self._page.desk.signed_in, self._page.desk.payment, self._page.panel
        to, amount, reason = panel.payee_typed(), panel.amount_typed(), panel.account_reason.text()
        key = self.keys.setdefault(row.case_id, uuid.uuid4().hex)
        self._page.do(
            lambda _progress: payment.prepare(
                actor, row.case_id, payee_name=to.name, bank_name=to.bank_name, account_number=to.account_number,
                request_key=key, amount=amount, reason=reason,
            ),
            self._prepared,
        )  # fmt: skip

    def _prepared(self, made: PaymentView) -> None:
        self.keys.pop(made.case_id, None)
        words = _("{amount} to {payee} is prepared.").format(
            amount=text.money(made.amount, sign=True), payee=made.payee_name
        )
        self._page.done(words)
        if not made.cleared:
            words += ' ' + _("A second person must check the account.")
        self._page.shell.toast(words, partial(self._take_back, made))

    def mark_paid(self) -> None:
        """The bank has paid."""
        row = self._page.panel.row
        if isinstance(row, PaymentView):
            actor, payment = self._page.desk.signed_in, self._page.desk.payment
            reference = self._page.panel.reference.text()
            self._page.do(lambda _progress: payment.mark_paid(actor, row.id, row.version, reference), self._was_paid)

    def _was_paid(self, made: PaymentView) -> None:
        words = _("{amount} to {payee} is paid.").format(
            amount=text.money(made.amount, sign=True), payee=made.payee_name
        )
        self._page.done(words)
        self._page.shell.toast(words)

    def mark_returned(self) -> None:
        """The bank has sent it back: ask why."""
        row = self._page.panel.row
        if not isinstance(row, PaymentView):
            return
        reason = dialogs.ask_reason(
            self._page,
            _("Returned by the bank"),
            _("{amount} to {payee}: the case comes back to be prepared again.").format(
                amount=text.money(row.amount, sign=True), payee=row.payee_name
            ),
            _("Mark as returned"),
            label=_("What the bank says"),
            suggestions=[_(words) for words in RETURN_REASONS],
        )
        if reason is not None:
            actor, payment = self._page.desk.signed_in, self._page.desk.payment
            self._page.do(
                lambda _progress: payment.mark_returned(actor, row.id, row.version, reason),
                lambda _made: self._page.done(_("The payment is marked as returned.")),
            )

    def take_back(self) -> None:
        """It has not gone to the bank and shall not."""
        row = self._page.panel.row
        if isinstance(row, PaymentView):
            self._take_back(row)

    def _take_back(self, payment: PaymentView) -> None:
        actor, payments = self._page.desk.signed_in, self._page.desk.payment
        self._page.do(
            lambda _progress: payments.cancel(actor, payment.id, payment.version),
            lambda _made: self._page.done(_("The payment is taken back; the case waits to be prepared.")),
        )

    def reveal(self) -> None:
        """Show the whole account number; that it was shown is kept."""
        row = self._page.panel.row
        if isinstance(row, PaymentView):
            accounts, actor = self._page.desk.accounts_of_payees, self._page.desk.signed_in
            show = partial(self._page.panel.show_account, row.id)
            self._page.run(lambda _progress: accounts.reveal(actor, row.id), show)

    def copy_for_bank(self) -> None:
        """Put payee, bank, account and amount on the clipboard; that the account was read is kept."""
        row = self._page.panel.row
        if isinstance(row, PaymentView):
            accounts, actor = self._page.desk.accounts_of_payees, self._page.desk.signed_in
            self._page.run(lambda _progress: accounts.reveal(actor, row.id), partial(self._copied, row))

    def _copied(self, row: PaymentView, account: str) -> None:
        facts = (row.payee_name, row.bank_name, account, f'{row.amount:.2f}', row.reference)
        QGuiApplication.clipboard().setText('\t'.join(facts))
        self._page.shell.toast(_("Payee, bank, account and amount are on the clipboard."))

    def check_account(self) -> None:
        """Confirm the changed account as the second person."""
        row = self._page.panel.row
        if not isinstance(row, PaymentView) or row.account_id is None:
            return
        accounts, actor, account_id, version = (
            self._page.desk.accounts_of_payees, self._page.desk.signed_in, row.account_id, row.account_version,
        )  # fmt: skip
        self._page.do(
            lambda _progress: accounts.check(actor, account_id, version),
            lambda _none: self._page.done(_("The account is checked; the payment may go to the bank.")),
        )
