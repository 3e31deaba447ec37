"""Finance's desk: what is approved and must be paid, what went to the bank, what came back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import N_, _
from claimdesk.progress import Progress
from claimdesk.rules.permissions import Permission
from claimdesk.services.payment import PaymentView
from claimdesk.services.payment_book import Payable, PaymentBook
from claimdesk.ui import text, theme
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.payments_bank import BankActions
from claimdesk.ui.pages.payments_doing import PaymentActions
from claimdesk.ui.pages.payments_panel import PaymentPanel
from claimdesk.ui.pages.payments_table import PaymentRows
from claimdesk.ui.widgets import Button, Chip, DataTable, PlainLabel, Skeleton, StateDelegate, separator

if TYPE_CHECKING:
    from claimdesk.app import Desk

STATES: dict[str, tuple[str, str]] = {
    'to_prepare': (N_("To prepare"), N_("Nothing waits to be paid. Approved cases appear here by themselves.")),
    'prepared': (N_("Prepared"), N_("Nothing is on its way to the bank.")),
    'in_batch': (N_("With the bank"), N_("No batch is with the bank. Make a bank file of what is prepared.")),
    'returned': (N_("Returned"), N_("The bank has returned nothing.")),
    'paid': (N_("Paid this month"), N_("Nothing has been paid this month yet.")),
}
FOLLOWED = frozenset({'payment', 'calculation', 'claim_case'})


class PaymentsPage(Page):
    """Lists on the left, one payment on the right; each is done without leaving the keyboard."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'wallet'
        self.title = _("Payments")
        self._state = 'to_prepare'
        self._book: PaymentBook | None = None
        self._wanted = 0
        self._kept: dict[str, Any] = {}
        self.bank = BankActions(self)
        self.doing = PaymentActions(self)
        self.body.addWidget(self._head())
        self.body.addWidget(separator())
        row = QHBoxLayout()
        row.setSpacing(0)
        self.tables: dict[str, DataTable] = {}
        self._models: dict[str, PaymentRows] = {}
        self._stack = QStackedWidget()
        for state in STATES:
            self._stack.addWidget(self._table(state))
        self._skeleton = Skeleton(self._stack)
        row.addWidget(self._stack, 1)
        self.panel = PaymentPanel(desk.signed_in)
        self._wire_panel()
        row.addWidget(self.panel)
        self.body.addLayout(row, 1)
        self._add_keys()
        self._show_state('to_prepare')

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_12)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(PlainLabel(self.title, 'title'))
        row.addSpacing(theme.SPACE_16)
        self.chips: dict[str, Chip] = {}
        group = QButtonGroup(self)
        for state, (words, _empty) in STATES.items():
            chip = Chip(_(words))
            chip.clicked.connect(partial(self._chip_clicked, state))
            group.addButton(chip)
            self.chips[state] = chip
            row.addWidget(chip)
        row.addStretch(1)
        self.send_button = Button(_("Bank file…"), self.send, icon='upload', tip=_("Make a bank file (Ctrl+B)"))
        self.receive_button = Button(
            _("Bank's answer…"), self.bank.receive, icon='inbox', tip=_("Import the bank's answer (Ctrl+I)")
        )
        for button in (self.send_button, self.receive_button):
            button.setVisible(self._may_pay())
            row.addWidget(button)
        row.addSpacing(theme.SPACE_16)
        self.total = PlainLabel('', 'section')
        self.total.setFont(theme.font(theme.SECTION, strong=True, tabular=True))
        self._total_note = PlainLabel('', 'secondary')
        row.addWidget(self._total_note)
        row.addWidget(self.total)
        return head

    def _table(self, state: str) -> DataTable:
        model = PaymentRows(state, self)
        table = DataTable(f'payments-{state}', row_height=theme.ROW_ROOMY)
        table.setProperty('cells', 'roomy')
        table.setModel(model)
        if state != 'prepared':
            table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        table.setAccessibleName(_(STATES[state][0]))
        table.set_widths(*model.widths())
        if model.state_column() >= 0:
            table.setItemDelegateForColumn(model.state_column(), StateDelegate(table))
        table.empty_words = partial(self._empty_words, state)
        table.selectionModel().currentRowChanged.connect(self._row_chosen)
        table.opened.connect(lambda _index: self.panel.start())
        table.previewed.connect(lambda _index: self.panel.start())
        self.tables[state], self._models[state] = table, model
        return table

    def _wire_panel(self) -> None:
        self.panel.prepare_wanted.connect(self.doing.prepare)
        self.panel.paid_wanted.connect(self.doing.mark_paid)
        self.panel.returned_wanted.connect(self.doing.mark_returned)
        self.panel.take_back_wanted.connect(self.doing.take_back)
        self.panel.again_wanted.connect(self.prepare_again)
        self.panel.case_wanted.connect(lambda case_id: self.shell.open_case_at.emit(case_id, 'payment'))
        self.panel.copy_wanted.connect(self.doing.copy_for_bank)
        self.panel.reveal_wanted.connect(self.doing.reveal)
        self.panel.check_wanted.connect(self.doing.check_account)
        self.panel.write_wanted.connect(self._write_again)

    def _add_keys(self) -> None:
        for number, (state, (words, _empty)) in enumerate(STATES.items(), start=1):
            self.add_key(f'Ctrl+{number}', partial(self._show_state, state), _(words))
        self.add_key('Ctrl+Return', self.panel.act, _("Do the next thing with this payment"))
        self.add_key('Ctrl+B', self.send, _("Make a bank file"))
        self.add_key('Ctrl+I', self._receive, _("Import the bank's answer"))
        self.add_key('Ctrl+O', self._open_case, _("Open the case"))
        self.add_key('Esc', lambda: self.tables[self._state].setFocus(), _("Back to the list"))

    def commands(self) -> list[Command]:
        more = [
            Command(_("Make a bank file"), self.send, 'upload', 'Ctrl+B'),
            Command(_("Import the bank's answer"), self._receive, 'inbox', 'Ctrl+I'),
        ]
        return (more if self._may_pay() else []) + [
            Command(_(words), partial(self._show_state, state), 'wallet', f'Ctrl+{number}')
            for number, (state, (words, _empty)) in enumerate(STATES.items(), start=1)
        ]

    # What is shown

    def opened(self) -> None:
        self._load()
        if not self.panel.isAncestorOf(self.focusWidget() or self):
            self.tables[self._state].setFocus()

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if kinds & FOLLOWED:
            self._load()

    def arrive(self, arguments: Any) -> None:
        if arguments in STATES:
            self._show_state(arguments)
        elif isinstance(arguments, dict) and arguments.get('case_id'):
            self._wanted = int(arguments['case_id'])
            self._load()

    def _load(self) -> None:
        if self._book is None:
            self._skeleton.start()
        actor, payment = self.desk.signed_in, self.desk.payment
        self.run(lambda _progress: payment.book(actor), self._show_book, self._not_loaded, latest='book')

    def _not_loaded(self, error: ClaimDeskError) -> None:
        self._skeleton.stop()
        self.banner.show_error(error, _("Try again"), self._load)

    def _show_book(self, book: PaymentBook) -> None:
        self._skeleton.stop()
        first = self._book is None
        self._book = book
        chosen = self._wanted or (self.panel.row.case_id if self.panel.row else 0)
        for state, model in self._models.items():
            row = max(0, self.tables[state].currentIndex().row())
            model.show(getattr(book, state))
            self.chips[state].set_count(book.sums[state].count)
            if state == self._state:
                found = model.row_of(chosen)
                self._mark(state, found if found >= 0 else min(row, len(model.rows) - 1))
        self.shell.badge.emit('payments', book.sums['to_prepare'].count if self._may_pay() else 0)
        if self._wanted:
            self._find(self._wanted)
        elif first and not book.to_prepare:
            self._show_state(next((state for state in STATES if book.sums[state].count), 'to_prepare'))
        self._say_total()
        if self._kept:
            kept, self._kept = self._kept, {}
            self.panel.fill(kept)

    def _find(self, case_id: int) -> None:
        self._wanted = 0
        for state, model in self._models.items():
            if (row := model.row_of(case_id)) >= 0:
                self._show_state(state)
                self._mark(state, row)
                return

    def _show_state(self, state: str) -> None:
        self._state = state
        self.chips[state].setChecked(True)
        self._stack.setCurrentIndex(list(STATES).index(state))
        table = self.tables[state]
        if not table.selectionModel().hasSelection():
            self._mark(state, max(0, table.currentIndex().row()))
        self._choose(table.currentIndex())
        table.setFocus()
        self._say_total()

    def _chip_clicked(self, state: str, _checked: bool = False) -> None:
        self._show_state(state)

    def _mark(self, state: str, row: int) -> None:
        table = self.tables[state]
        if 0 <= row < len(self._models[state].rows):
            table.selectRow(row)
            table.scrollTo(table.currentIndex())
        if state == self._state:
            self._choose(table.currentIndex())

    def _row_chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        if self.sender() is self.tables[self._state].selectionModel():
            self._choose(index)

    def _choose(self, index: QModelIndex) -> None:
        rows = self._models[self._state].rows
        row = rows[index.row()] if index.isValid() and index.row() < len(rows) else None
        before = self.panel.row
        self.panel.show_row(row)
        fresh = before is None or row is None or type(before) is not type(row) or before.case_id != row.case_id
        if isinstance(row, Payable) and fresh and self._may_pay():
            actor, payment, case_id = self.desk.signed_in, self.desk.payment, row.case_id
            self.run(lambda _progress: payment.payee(actor, case_id), self.panel.suggest, latest='payee')

    def _say_total(self) -> None:
        if self._book is None:
            return
        whole = self._book.sums[self._state]
        self.total.setText(text.money(whole.amount, sign=True))
        shown = len(self._models[self._state].rows)
        hidden = whole.count - shown
        words = _("first {shown} of {count}, together").format(shown=text.number(shown), count=text.number(whole.count))
        self._total_note.setText(words if hidden > 0 else _("together"))

    def _empty_words(self, state: str) -> str:
        return _(STATES[state][1]) if self._book is not None else ''

    def _may_pay(self) -> bool:
        return self.desk.signed_in.may(Permission.PAY)

    def _open_case(self) -> None:
        if self.panel.row is not None:
            self.shell.open_case_at.emit(self.panel.row.case_id, 'payment')

    # What is done

    def send(self) -> None:
        """Make a bank file of the marked payments, or of all that are prepared."""
        if not self._may_pay() or self._book is None:
            return
        model, table = self._models['prepared'], self.tables['prepared']
        marked = [model.rows[index.row()] for index in table.selectionModel().selectedRows()]
        several = self._state == 'prepared' and len(marked) > 1
        chosen = marked if several else model.rows
        self.bank.send([row for row in chosen if isinstance(row, PaymentView)])

    def _receive(self) -> None:
        if self._may_pay():
            self.bank.receive()

    def _write_again(self) -> None:
        if isinstance(self.panel.row, PaymentView):
            self.bank.write_again(self.panel.row)

    def batch_changed(self) -> None:
        """Payments went into a batch or came back from the bank: read everything again."""
        self.banner.clear()
        self.shell.refresh.emit()
        self._load()

    def batch_failed(self, error: ClaimDeskError) -> None:
        """Nothing went into a batch, or the file is no answer."""
        self.show_error(error)
        self._load()

    def prepare_again(self) -> None:
        """Go to the same case among those to prepare."""
        if self.panel.row is not None:
            case_id = self.panel.row.case_id
            row = self._models['to_prepare'].row_of(case_id)
            self._show_state('to_prepare')
            self._mark('to_prepare', row)
            self.panel.start()

    def do(self, work: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
        """Do this with the payment on the right."""
        self.banner.clear()
        self.panel.busy(True)
        self.run(work, done, self._refused)

    def done(self, words: str) -> None:
        """It is done: say so, and read everything again."""
        self.panel.busy(False)
        self.panel.show_row(None)
        self.shell.status.emit(words)
        self.shell.refresh.emit()
        self._load()
        self.tables[self._state].setFocus()

    def _refused(self, error: ClaimDeskError) -> None:
        self.panel.busy(False)
        if isinstance(error, InvalidInput) and error.fields:
            form = self.panel.form if isinstance(self.panel.row, Payable) else self.panel.paid_form
            if not form.show_errors(error.fields):
                return
        self.show_error(error)
        self._load()

    # Around a switch of language or theme

    def has_unsaved(self) -> bool:
        return self.panel.has_unsaved()

    def keep(self) -> Any:
        row = self.panel.row
        return {
            'state': self._state,
            'case_id': row.case_id if row else 0,
            'typed': self.panel.content() if self.panel.has_unsaved() else {},
            'keys': self.doing.keys,
        }

    def restore(self, kept: Any) -> None:
        self._state, self._wanted, self._kept = kept['state'], kept['case_id'], kept['typed']
        self.doing.keys = kept['keys']
        self._show_state(self._state)
