"""Survey and loss tab: the surveyor's report on the left, the lines of the loss on the right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.assessment import LossTotals, LossView
from claimdesk.services.context import Actor
from claimdesk.services.invoices import InvoiceView
from claimdesk.services.survey import SurveyView
from claimdesk.ui import text, theme
from claimdesk.ui.page import Command
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.loss_model import NAMES, LossDelegate, LossModel, NewLine
from claimdesk.ui.pages.case.survey_card import SurveyCard
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.widgets import Button, DataTable, PlainLabel, SectionHeader, plain_tip
from claimdesk.vocabulary import Line, LossKind, Stage

SETTLED = frozenset({Stage.APPROVAL, Stage.PAYMENT, Stage.CLOSING, Stage.CLOSED})
_INVOICE_LOSS = {Line.MOTOR: LossKind.PARTS, Line.MEDICAL: LossKind.MEDICAL, Line.PROPERTY: LossKind.CONTENTS}
Loaded = tuple[SurveyView, list[LossView], LossTotals, list[InvoiceView]]


class LossTab(CaseTab):
    """The loss is edited cell by cell and each cell is saved as it is left; nothing here waits for a Save button."""

    name = 'loss'
    icon = 'list-checks'
    form_names = ('survey',)

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._line = Line.MOTOR
        self._loose: list[InvoiceView] = []
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        self.survey = SurveyCard(page)
        row.addWidget(self.survey, 2)
        row.addWidget(self._loss_card(), 3)
        self.column.addLayout(row, 1)

    def _loss_card(self) -> QWidget:
        head = SectionHeader(_("Loss items"))
        box, column = card(head, spacing=theme.SPACE_8)
        self._why = PlainLabel('', 'note', wrap=True)
        self.confirm_button = Button(_("Confirm all"), self.confirm_all, icon='check')
        self.from_invoice = Button(_("From an invoice"), icon='file-check')
        self._invoices = QMenu(self.from_invoice)
        self.from_invoice.setMenu(self._invoices)
        self.add_button = Button(_("New item"), self.begin, icon='plus', tip=_("New item"), key='Ctrl+Shift+N')
        for button in (self.from_invoice, self.confirm_button, self.add_button):
            head.add(button)
        self.model = LossModel(self)
        self.model.line_edited.connect(self._save_cell)
        self.model.line_begun.connect(self._save_new)
        self.table = DataTable('case-loss', row_height=theme.ROW_ROOMY)
        self.table.setProperty('framed', True)
        self.table.setAccessibleName(_("Loss items"))
        self.table.setModel(self.model)
        self.table.setItemDelegate(LossDelegate(self.table))
        by = DataTable.EditTrigger
        self.table.setEditTriggers(by.AnyKeyPressed | by.EditKeyPressed | by.DoubleClicked)
        self.table.setTabKeyNavigation(True)
        self.table.setMinimumHeight(260)
        self.table.set_widths(104, 176, 100, 124, 104, 70)
        self.table.keep_shown(*range(4))
        self.table.opened.connect(self._open_cell)
        self.table.clicked.connect(self._clicked)
        self.table.empty_words = lambda: _("No loss item yet. Confirm an invoice, or enter the first item.")
        remove = QAction(_("Remove the item"), self.table)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(lambda _checked=False: self.remove())
        self.table.addAction(remove)
        tip = _("Remove the item (Del)")
        self._remove_button = Button(_("Remove"), self.remove, icon='trash-2', kind='quiet', tip=tip)
        self.totals = PlainLabel('', 'strong', tabular=True, selectable=True)
        foot = QHBoxLayout()
        foot.addWidget(self._remove_button)
        foot.addStretch(1)
        foot.addWidget(self.totals)
        column.addWidget(self._why)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        return box

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Survey and loss")

    def forms(self) -> list[EditForm]:
        return [self.survey.form]

    def commands(self) -> list[Command]:
        if self.add_button.isHidden():
            return []
        return [
            Command(_("New loss item"), self.begin, 'plus', 'Ctrl+Shift+N'),
            Command(_("Confirm all loss items"), self.confirm_all, 'check'),
        ]

    def load(self, actor: Actor, case_id: int) -> Loaded:
        desk = self.desk
        return (
            desk.survey.report(actor, case_id),
            desk.assessment.items(actor, case_id),
            desk.assessment.totals(actor, case_id),
            desk.invoices.of_case(actor, case_id),
        )

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        report, lines, totals, invoices = loaded
        self._line = file.case.line
        self.survey.show_case(file, report)
        why = why_not(file, Permission.ASSESS)
        if not why and file.case.stage in SETTLED:
            why = _("The case has gone to approval, so its loss is settled. Return it to change the loss.")
        self._why.setText(why)
        self._why.setVisible(bool(why))
        editable = not why
        self.model.show_lines(lines, editable=editable)
        for widget in (self.add_button, self.from_invoice, self.confirm_button, self._remove_button):
            widget.setVisible(editable)
        self.confirm_button.setEnabled(any(line.confirmed is None for line in lines))
        self._offer_invoices(lines, invoices)
        self.totals.setText(_totals(totals))

    def focus_part(self, part: str) -> None:
        if part == 'items':
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            open_row = next((row for row, line in enumerate(self.model.lines) if line.confirmed is None), None)
            row = len(self.model.lines) if open_row is None else open_row
            column = NAMES.index('name' if open_row is None else 'confirmed')
            self.table.setCurrentIndex(self.model.index(row, column))
        elif part == 'survey':
            self.survey.focus()
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        self.survey.save()

    # Lines

    def begin(self) -> None:
        """Begin the next line."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        index = self.model.index(len(self.model.lines), NAMES.index('name'))
        self.table.setCurrentIndex(index)
        self.table.scrollTo(index)
        self.table.edit(index)

    def confirm_all(self) -> None:
        """Confirm every open line at the claimed amount, after one question."""
        assessment, case_id = self.desk.assessment, self.page.case_id
        open_lines = [line for line in self.model.lines if line.confirmed is None]
        if not open_lines:
            return
        said = ngettext("{count} item is confirmed.", "{count} items are confirmed.", len(open_lines))
        self.page.saving.act(
            lambda actor: assessment.confirm_all(actor, case_id),
            said.format(count=len(open_lines)),
            undo=lambda lines: partial(self._open_again, {line.id for line in open_lines}, lines),
        )

    def _open_again(self, ids: set[int], lines: list[LossView]) -> None:
        assessment = self.desk.assessment

        def work(actor: Actor) -> None:
            for line in lines:
                if line.id in ids:
                    assessment.edit(actor, line.id, line.version, **_fields(line, confirmed=None))

        self.page.saving.act(work, _("The items are open again."))

    def remove(self) -> None:
        """Take the marked line out; Undo puts it back."""
        line = self.model.line_at(self.table.currentIndex())
        if line is None or self.add_button.isHidden():
            return
        assessment = self.desk.assessment
        self.page.saving.act(
            lambda actor: assessment.remove(actor, line.id, line.version),
            _("Removed: {name}").format(name=line.name),
            undo=lambda _view: partial(self._put_back, line),
        )

    def _put_back(self, line: LossView) -> None:
        assessment, case_id = self.desk.assessment, self.page.case_id
        self.page.saving.act(
            lambda actor: assessment.add(actor, case_id, document_id=line.document_id, **_fields(line)),
            _("Put back: {name}").format(name=line.name),
        )

    def _save_cell(self, line: LossView, name: str, value: Any) -> None:
        self._when_free(partial(self._save_cell_now, line.id, name, value))

    def _save_cell_now(self, line_id: int, name: str, value: Any) -> None:
        row = self.model.row_of(line_id)
        if row < 0:
            return
        assessment, line = self.desk.assessment, self.model.lines[row]
        fields, version = _fields(line, **{name: value}), line.version
        self.page.saving.act(lambda actor: assessment.edit(actor, line_id, version, **fields), done=self._cell_saved)

    def _cell_saved(self, line: LossView) -> None:
        row = self.model.row_of(line.id)
        if row >= 0:
            self.model.replace(row, line)

    def _save_new(self, new: NewLine) -> None:
        self._when_free(partial(self._add, _fields(new), self.model.begin_anew))

    def _add(self, fields: dict[str, Any], done: Callable[[], object] | None = None) -> None:
        assessment, case_id = self.desk.assessment, self.page.case_id
        self.page.saving.act(
            lambda actor: assessment.add(actor, case_id, **fields),
            done=lambda _line: done() if done is not None else None,
        )

    def _when_free(self, do: Callable[[], object]) -> None:
        self.page.saving.when_free(do)

    def _offer_invoices(self, lines: list[LossView], invoices: list[InvoiceView]) -> None:
        used = {line.document_id for line in lines}
        self._invoices.clear()
        loose = [invoice for invoice in invoices if invoice.document_id not in used]
        for invoice in loose:
            words = f'{invoice.number} · {invoice.seller_name} · {text.money(invoice.total, sign=True)}'
            action = self._invoices.addAction(words.replace('&', '&&'))
            action.triggered.connect(partial(self._from_invoice, invoice))
        self.from_invoice.setEnabled(bool(loose))
        why = '' if loose else _("No confirmed invoice waits: each has its loss item already.")
        self.from_invoice.setToolTip(plain_tip(why))

    def _from_invoice(self, invoice: InvoiceView, _checked: bool = False) -> None:
        fields = {
            'kind': _INVOICE_LOSS[self._line],
            'name': invoice.lines[0].name if invoice.lines else invoice.seller_name or invoice.number,
            'claimed': invoice.total,
            'document_id': invoice.document_id,
        }
        self._when_free(partial(self._add, fields))

    def _open_cell(self, index: QModelIndex) -> None:
        line = self.model.line_at(index)
        if NAMES[index.column()] == 'document' and line is not None and line.document_id is not None:
            self.page.shell.navigate_to.emit('inbox', {'document_id': line.document_id})
        elif not self.add_button.isHidden():
            self.table.edit(index)

    def _clicked(self, index: QModelIndex) -> None:
        if NAMES[index.column()] == 'document':
            self._open_cell(index)


def _fields(line: LossView | NewLine, **changed: Any) -> dict[str, Any]:
    names = ('kind', 'name', 'claimed', 'confirmed', 'note')
    return {name: getattr(line, name) for name in names} | changed


def _totals(totals: LossTotals) -> str:
    parts = [
        _("Claimed {amount}").format(amount=text.money(totals.claimed)),
        _("Confirmed {amount}").format(amount=text.money(totals.confirmed)),
    ]
    if totals.salvage:
        parts.append(_("Salvage {amount}").format(amount=text.money(totals.salvage)))
    if totals.open_lines:
        parts.append(
            ngettext("{count} item open", "{count} items open", totals.open_lines).format(count=totals.open_lines)
        )
    return '   '.join(parts)
