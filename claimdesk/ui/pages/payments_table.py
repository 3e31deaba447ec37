"""The rows of the payments page: approved amounts to prepare, and payments in each state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from claimdesk.language import N_, _
from claimdesk.rules.clocks import due_words
from claimdesk.services.payment import PaymentView
from claimdesk.services.payment_book import Payable
from claimdesk.ui import text
from claimdesk.ui.widgets import STATE_ROLE, plain_tip

Row = Payable | PaymentView
Index = QModelIndex | QPersistentModelIndex
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Column:
    """One column: its heading (an English source string), its first width, and what it says of a row."""

    heading: str
    width: int
    words: Callable[..., str]
    amount: bool = False
    state: bool = False


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
        Column(N_("Time limit"), 140, _due, state=True),
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


class PaymentRows(QAbstractTableModel):
    """The rows of one state."""

    def __init__(self, state: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = COLUMNS[state]
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self._columns[section].heading)
        if role == Qt.ItemDataRole.TextAlignmentRole and self._columns[section].amount:
            return RIGHT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], self._columns[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.words(row)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.amount:
            return RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.words(row))
        if role == STATE_ROLE and column.state and isinstance(row, Payable):
            return row.due_state
        return None

    def state_column(self) -> int:
        """The column that shows the time limit, or -1."""
        return next((at for at, column in enumerate(self._columns) if column.state), -1)

    def widths(self) -> list[int]:
        """The first widths of the columns."""
        return [column.width for column in self._columns]

    def row_of(self, case_id: int) -> int:
        """The row of a case, or -1."""
        return next((at for at, row in enumerate(self.rows) if row.case_id == case_id), -1)
