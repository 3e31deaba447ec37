"""The reserve of a case: what it stands at, every estimate before it, and setting a new one with its reason."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.cases import Reserve
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, MoneyEdit, PlainLabel, SectionHeader, TextArea, card_column, clear, plain_tip

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class ReserveCard(QWidget):
    """Shows the estimates, the newest first."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._file: CaseFile | None = None
        column = card_column(self)
        head = SectionHeader(_("Reserve"))
        self.set_button = Button(_("Set the reserve…"), self.ask, icon='pencil')
        head.add(self.set_button)
        self._amount = PlainLabel('', 'title', selectable=True, tabular=True)
        self._first = PlainLabel('', 'caption', wrap=True)
        self._history = QVBoxLayout()
        self._history.setSpacing(theme.SPACE_8)
        for widget in (head, self._amount, self._first):
            column.addWidget(widget)
        column.addLayout(self._history)

    def show_case(self, file: CaseFile) -> None:
        """Show the reserve of the case."""
        self._file = file
        case = file.case
        why = why_not(file, Permission.ASSESS)
        self.set_button.setEnabled(not why)
        self.set_button.setToolTip(plain_tip(why))
        now = text.money(case.estimate, sign=True) if case.estimate is not None else _("No estimate yet")
        self._amount.setText(now)
        self._first.setText(_("First estimate {amount}").format(amount=text.money(case.first_estimate, sign=True)))
        self._first.setVisible(case.first_estimate is not None and case.first_estimate != case.estimate)
        clear(self._history)
        for reserve in sorted(case.reserves, key=lambda one: one.made_at, reverse=True):
            self._history.addWidget(_line(reserve))

    def ask(self, amount: Decimal | None = None, reason: str = '') -> None:
        """Ask for a new estimate and save it; what was typed comes back where it could not be saved."""
        file = self._file
        if file is None:
            return
        first = file.case.first_estimate is None
        dialog = Dialog(self, _("Set the reserve"), '', _("Set the reserve"))
        field, words = MoneyEdit(), TextArea(lines=3)
        field.setAccessibleName(_("Estimate"))
        words.setAccessibleName(_("Reason"))
        field.set_value(amount if amount is not None else file.case.estimate)
        words.set_value(reason)
        for caption, widget in ((_("Estimate"), field), (_("Reason"), words)):
            if widget is words and first:
                continue
            dialog.column.addWidget(PlainLabel(caption, 'caption'))
            dialog.column.addWidget(widget)
        words.setVisible(not first)
        dialog.accept_if = lambda: _problem(field, words, needs_reason=not first)
        field.setFocus()
        field.selectAll()
        if dialog.run():
            self._save(file.case.version, field.value() or Decimal(0), words.value())

    def _save(self, version: int, amount: Decimal, reason: str) -> None:
        cases, case_id = self._page.desk.cases, self._page.case_id
        self._page.saving.act(
            lambda actor: cases.set_estimate(actor, case_id, version, amount, reason),
            _("The reserve is {amount}.").format(amount=text.money(amount, sign=True)),
            failed=partial(self._failed, amount, reason),
        )

    def _failed(self, amount: Decimal, reason: str, error: ClaimDeskError) -> None:
        self._page.banner.show_error(error, _("Try again"), lambda: self.ask(amount, reason))


def _problem(field: MoneyEdit, words: TextArea, *, needs_reason: bool) -> str:
    if field.problem():
        return field.problem()
    if field.value() is None:
        return _("Enter an amount.")
    return _("Say why the estimate changes.") if needs_reason and not words.value() else ''


def _line(reserve: Reserve) -> QWidget:
    line = QWidget()
    grid = QGridLayout(line)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.SPACE_12)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(0, 1)
    reason = reserve.reason or (_("First estimate") if reserve.first else '')
    who = f'{reserve.made_by} · {text.moment(reserve.made_at)}'
    grid.addWidget(PlainLabel(reason, '', wrap=True, selectable=True), 0, 0)
    grid.addWidget(PlainLabel(text.money(reserve.amount), 'strong', tabular=True), 0, 1, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(PlainLabel(who, 'caption'), 1, 0)
    if reserve.previous is not None:
        difference = reserve.amount - reserve.previous
        words = f'{"+" if difference >= 0 else "−"}{text.money(abs(difference))}'
        grid.addWidget(PlainLabel(words, 'caption', tabular=True), 1, 1, Qt.AlignmentFlag.AlignRight)
    return line
