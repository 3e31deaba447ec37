"""Payments to the bank and back: a batch into a file, the bank's answer from a file, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QTableWidget, QTableWidgetItem, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.rules.bank_file import Template
from claimdesk.services.bank_batches import AnswerResult, BatchResult, Reconciliation
from claimdesk.services.cases import RowResult
from claimdesk.services.payment import PaymentView
from claimdesk.ui import dialogs, icons, text
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import PlainLabel
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.payments import PaymentsPage

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class BankActions(QObject):
    """Works on a `PaymentsPage`."""

    def __init__(self, page: PaymentsPage) -> None:
        super().__init__(page)
        self._page = page

    # Out

    def send(self, payments: Sequence[PaymentView]) -> None:
        """Put these payments into a batch and write its file; asks for the place first."""
        if not payments:
            self._page.banner.show_message(
                _("Nothing is prepared for the bank."), _("Prepare payments first; several go into one file."), 'notice'
            )
            return
        batches, actor = self._page.desk.batches, self._page.desk.signed_in
        self._page.run(
            lambda _progress: batches.template(actor), partial(self._choose, tuple(payments)), latest='template'
        )

    def _choose(self, payments: Sequence[PaymentView], template: Template) -> None:
        count, total = len(payments), sum((one.amount for one in payments), Decimal(0))
        waiting = [one for one in payments if not one.cleared]
        lines = [
            ngettext("{n} payment, {amount} together.", "{n} payments, {amount} together.", count).format(
                n=text.number(count), amount=text.money(total, sign=True)
            ),
            _("Columns: {name}. A payment in a file is not paid a second time.").format(name=template.name),
        ]
        if waiting:
            lines.append(
                ngettext(
                    "{n} stays behind: its account waits for a second person.",
                    "{n} stay behind: their accounts wait for a second person.",
                    len(waiting),
                ).format(n=text.number(len(waiting)))
            )
        if not dialogs.ask(self._page, _("Make a bank file?"), '\n'.join(lines), _("Choose the place…")):
            return
        path = self._ask_place(template)
        if path is not None:
            self.send_to([one.id for one in payments], path)

    def _ask_place(self, template: Template) -> Path | None:
        kinds = _("Excel workbooks") + ' (*.xlsx)' if template.format == 'xlsx' else 'CSV (*.csv)'
        name = f'{_("Payments")}-{self._page.desk.context.today():%Y%m%d}.{template.format}'
        return dialogs.save_file(self._page, _("Bank file"), name, kinds)

    def send_to(self, payment_ids: Sequence[int], path: Path) -> None:
        """The same, to this file."""
        batches, actor = self._page.desk.batches, self._page.desk.signed_in

        def work(_progress: Progress) -> BatchResult:
            return batches.make(actor, payment_ids)

        self._page.run(
            work, lambda made: self._made(made, path), self._page.batch_failed, title=_("Making a bank file")
        )

    def _made(self, made: BatchResult, path: Path) -> None:
        self._page.batch_changed()
        left = [one for one in made.results if one.sentence]
        if left:
            results_dialog(
                self._page, _("Some payments stay behind"),
                _("The others are in batch {number}.").format(number=made.batch.number), left,
            ).run()  # fmt: skip
        self.write(made.batch.id, made.batch.number, path)

    def write_again(self, payment: PaymentView) -> None:
        """Write the file of this payment's batch once more."""
        batches, actor = self._page.desk.batches, self._page.desk.signed_in

        def found(pair: tuple[int, Template]) -> None:
            path = self._ask_place(pair[1])
            if path is not None:
                self.write(pair[0], payment.batch, path)

        def work(_progress: Progress) -> tuple[int, Template]:
            batch = next(one for one in batches.recent(actor, 500) if one.number == payment.batch)
            return batch.id, batches.template(actor)

        self._page.run(work, found, latest='template')

    def write(self, batch_id: int, number: str, path: Path) -> None:
        """Write the file of a batch; where it cannot be written another place is offered."""
        batches, actor = self._page.desk.batches, self._page.desk.signed_in

        def failed(error: ClaimDeskError) -> None:
            self._page.banner.show_error(error, _("Save elsewhere…"), again)

        def again() -> None:
            place = dialogs.save_file(self._page, _("Bank file"), path.name)
            if place is not None:
                self.write(batch_id, number, place)

        def done(_path: Path) -> None:
            words = _("Batch {number} is in {file}. Send it to the bank.").format(number=number, file=path.name)
            self._page.banner.show_message(words, '', 'success')
            self._page.shell.status.emit(words)

        self._page.run(
            lambda progress: batches.write(actor, batch_id, path, progress), done, failed,
            title=_("Writing the bank file"),
        )  # fmt: skip

    # Back

    def receive(self) -> None:
        """Choose the bank's answer and import it."""
        kinds = _("Tables") + ' (*.xlsx *.csv *.txt)'
        chosen = dialogs.open_files(self._page, _("The bank's answer"), kinds, several=False)
        if chosen:
            self.receive_from(chosen[0])

    def receive_from(self, path: Path) -> None:
        """The same, from this file."""
        batches, actor = self._page.desk.batches, self._page.desk.signed_in
        self._page.run(
            lambda progress: batches.import_answer(actor, path, progress), self._reconciled, self._page.batch_failed,
            title=_("Reading the bank's answer"),
        )  # fmt: skip

    def _reconciled(self, found: Reconciliation) -> None:
        self._page.batch_changed()
        reconciliation_dialog(self._page, found).run()


def reconciliation_dialog(parent: QWidget, found: Reconciliation) -> Dialog:
    """What became of every line, those that somebody must look at on top."""
    good = len(found.lines) - len(found.differences)
    sentence = ngettext("{n} line fits and is recorded.", "{n} lines fit and are recorded.", good).format(
        n=text.number(good)
    )
    if found.earlier is not None:
        sentence += ' ' + _("This file was imported before, on {time}; nothing is recorded twice.").format(
            time=text.moment(found.earlier)
        )
    count = len(found.differences)
    title = ngettext("{n} difference", "{n} differences", count).format(n=text.number(count))
    dialog = Dialog(
        parent, title if count else _("Everything fits"), sentence, _("Close"), cancel='', width=900
    )
    table = QTableWidget(0, 7)
    headings = (
        _("Row"), _("Reference"), _("Case number"), _("Payee"), _("Ours"), _("The bank's"), _("What became of it"),
    )  # fmt: skip
    table.setHorizontalHeaderLabels(list(headings))
    for column in (4, 5):
        table.horizontalHeaderItem(column).setTextAlignment(RIGHT)
    _plain_table(table, _("What became of each line"), (56, 130, 140, 120, 110, 110))
    for line in sorted(found.lines, key=lambda one: (one.fine, one.line)):
        _add_line(table, line)
    dialog.column.addWidget(table)
    return dialog


def results_dialog(parent: QWidget, title: str, sentence: str, results: Sequence[RowResult]) -> Dialog:
    """How it went for each case, those that failed with their reason on top."""
    dialog = Dialog(parent, title, sentence, _("Close"), cancel='', width=720)
    table = QTableWidget(0, 2)
    table.setHorizontalHeaderLabels([_("Case number"), _("What became of it")])
    _plain_table(table, _("Results"), (150,))
    for result in sorted(results, key=lambda one: not one.sentence):
        row = table.rowCount()
        table.insertRow(row)
        tone = ('circle-x', 'red') if result.sentence else ('circle-check', 'green')
        table.setItem(row, 0, QTableWidgetItem(icons.icon(*tone), result.number or str(result.case_id)))
        table.setItem(row, 1, QTableWidgetItem(result.sentence or _("Done")))
        table.item(row, 1).setToolTip(result.sentence)
    dialog.column.addWidget(table)
    failed = sum(bool(result.sentence) for result in results)
    if failed:
        words = ngettext("{n} could not be done.", "{n} could not be done.", failed).format(n=text.number(failed))
        dialog.column.addWidget(PlainLabel(words, 'caption'))
    return dialog


def _add_line(table: QTableWidget, line: AnswerResult) -> None:
    row = table.rowCount()
    table.insertRow(row)
    tone = ('circle-check', 'green') if line.fine else ('circle-alert', 'amber')
    words = ': '.join(filter(None, (label(line.outcome), line.note)))
    cells = (
        str(line.line or ''), line.reference, line.case_number, line.payee,
        '' if line.ours is None else text.money(line.ours), '' if line.theirs is None else text.money(line.theirs),
        words,
    )  # fmt: skip
    for column, cell in enumerate(cells):
        item = QTableWidgetItem(cell)
        if column in (4, 5):
            item.setTextAlignment(RIGHT)
        table.setItem(row, column, item)
    table.item(row, 6).setIcon(icons.icon(*tone))
    table.item(row, 6).setToolTip(words)


def _plain_table(table: QTableWidget, name: str, widths: Sequence[int]) -> None:
    table.setAccessibleName(name)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setProperty('framed', True)
    table.setProperty('cells', 'roomy')
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.horizontalHeader().setHighlightSections(False)
    for column, width in enumerate(widths):
        table.setColumnWidth(column, width)
    table.setMinimumHeight(280)
