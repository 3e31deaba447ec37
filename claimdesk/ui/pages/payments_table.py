"""The rows of the payments page: approved amounts to prepare, and payments in each state."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QObject

from claimdesk.language import N_, _
from claimdesk.rules.clocks import due_words
from claimdesk.services.payment import PaymentView
from claimdesk.services.payment_book import Payable
from claimdesk.ui import text
from claimdesk.ui.widgets.column_table import Column, ColumnRows

Row = Payable | PaymentView


def _due(row: Payable) -> str:
    return due_words(row.due_state, row.due_at, datetime.now(UTC))


def _account_state(row: PaymentView) -> str:
    return '' if row.cleared else _("To be checked")


NUMBER = Column(N_("Case number"), 140, lambda row: row.case_number)
INSURED = Column(N_("Insured"), 120, lambda row: row.insured_name)
AMOUNT = Column(N_("Amount"), 120, lambda row: text.money(row.amount), amount=True)
PAYEE = Column(N_("Payee"), 120, lambda row: row.payee_name)
BANK = Column(N_("Bank"), 170, lambda row: row.bank_name)
PREPARED = Column(N_("Prepared on"), 130, lambda row: text.short_moment(row.prepared_at))

COLUMNS: dict[str, tuple[Column, ...]] = {
    'to_prepare': (
        Column(N_("Time limit"), 140, _due, state=lambda row: row.due_state),
        NUMBER,
        INSURED,
        AMOUNT,
        Column(N_("Approved on"), 130, lambda row: text.short_moment(row.approved_at)),
        Column(N_("Approved by"), 100, lambda row: row.approved_by),
    ),
    'prepared': (
        NUMBER,
        INSURED,
        AMOUNT,
        PAYEE,
        BANK,
        PREPARED,
        Column(N_("Account"), 150, _account_state),
    ),
    'in_batch': (
        Column(N_("Batch"), 140, lambda row: row.batch),
        Column(N_("Our reference"), 120, lambda row: row.reference),
        NUMBER,
        AMOUNT,
        PAYEE,
        BANK,
    ),
    'returned': (NUMBER, INSURED, AMOUNT, Column(N_("Reason"), 240, lambda row: row.reason), PAYEE, BANK),
    'paid': (
        NUMBER,
        INSURED,
        AMOUNT,
        Column(N_("Paid on"), 130, lambda row: text.short_moment(row.paid_at)),
        Column(N_("Bank reference"), 160, lambda row: row.bank_reference),
        PAYEE,
    ),
}


class PaymentRows(ColumnRows):
    """The rows of one state."""

    def __init__(self, state: str, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS[state], parent)

    def row_of(self, case_id: int) -> int:
        """The row of a case, or -1."""
        return next((at for at, row in enumerate(self.rows) if row.case_id == case_id), -1)
