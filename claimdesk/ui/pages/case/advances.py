"""Advance payments of a case: ask for one, decide on it, reverse it, print its sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.advance import BEFORE_IT_IS_SETTLED
from claimdesk.services.calculation_view import CalculationView
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.pages.case.calculations import print_calculation
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.widgets import (
    Button,
    IconButton,
    MoneyEdit,
    PlainLabel,
    SectionHeader,
    StateBadge,
    card_column,
    clear,
    separator,
)
from claimdesk.ui.widgets.fields import TextArea
from claimdesk.ui.widgets.form import FormGrid, required
from claimdesk.vocabulary import ApprovalState, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

_LOOK = {
    ApprovalState.PENDING: ('amber', 'hourglass'),
    ApprovalState.APPROVED: ('green', 'circle-check'),
    ApprovalState.RETURNED: ('orange', 'undo-2'),
}


class AdvanceCard(QWidget):
    """The advances of the case, the newest first, and the form that asks for one."""

    def __init__(self, page: CasePage) -> None:
        super().__init__()
        self._page = page
        self._file: CaseFile | None = None
        column = card_column(self)
        head = SectionHeader(_("Advance payments"))
        self.ask_button = Button(_("Ask for an advance…"), self.ask, kind='link', icon='banknote')
        head.add(self.ask_button)
        column.addWidget(head)
        self._form_box = self._form()
        column.addWidget(self._form_box)
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_8)
        column.addLayout(self._list)

    def _form(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        self.form = FormGrid(1)
        self.amount, self.reason = MoneyEdit(), TextArea(lines=2)
        self.form.add('amount', _("Amount in advance"), self.amount, required=True, check=self._amount_problem)
        self.form.add('reason', _("Reason"), self.reason, required=True, check=required(self.reason.value))
        self.most = PlainLabel('', 'caption', wrap=True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        self.send_button = Button(_("Hand in for approval"), self._send, icon='send')
        buttons.addWidget(Button(_("Cancel"), self._put_away, kind='quiet'))
        buttons.addWidget(self.send_button)
        column.addWidget(self.form)
        column.addWidget(self.most)
        column.addLayout(buttons)
        box.hide()
        return box

    def show_case(self, file: CaseFile, advances: Sequence[CalculationView]) -> None:
        """Show the advances of the case."""
        self._file = file
        open_for_one = file.case.stage in BEFORE_IT_IS_SETTLED and file.may(Permission.ADJUST)
        self.ask_button.setVisible(open_for_one and self._form_box.isHidden())
        self.setVisible(open_for_one or bool(advances))
        clear(self._list)
        for place, one in enumerate(advances):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(self._row(one))

    def ask(self) -> None:
        """Open the form, with the most that can be paid now beside it."""
        if self._file is None or not self.ask_button.isVisible():
            return
        self._form_box.show()
        self.ask_button.hide()
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        desk, actor, case_id = self._page.desk, self._page.desk.signed_in, self._page.case_id
        self._page.run(lambda _progress: desk.advance.most(actor, case_id), self._say_most, latest='advance')

    def _say_most(self, most: Decimal) -> None:
        self.most.setText(_("At most {amount} can be determined now.").format(amount=text.money(most, sign=True)))

    def _put_away(self) -> None:
        self._form_box.hide()
        self.amount.set_value(None)
        self.reason.set_value('')
        self.form.clear_errors()
        if self._file is not None:
            self.ask_button.setVisible(self._file.case.stage in BEFORE_IT_IS_SETTLED)

    def _amount_problem(self) -> str:
        return self.amount.problem() or ('' if self.amount.value() else _("Enter an amount above 0."))

    def _send(self) -> None:
        amount = self.amount.value()
        if self._file is None or not self.form.check() or amount is None:
            return
        advance, case_id, version, reason = (
            self._page.desk.advance, self._page.case_id, self._file.case.version, self.reason.value(),
        )  # fmt: skip
        self._page.saving.act(
            lambda actor: advance.propose(actor, case_id, version, amount, reason),
            _("The advance waits for approval."),
            lambda _view: self._put_away(),
            self._refused,
        )

    def _refused(self, error: ClaimDeskError) -> None:
        fields = error.fields if isinstance(error, InvalidInput) else {}
        if self.form.show_errors(fields) or not fields:
            self._page.show_error(error)

    def _row(self, one: CalculationView) -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE_12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        state = StateBadge()
        if one.reversed_at is not None:
            state.set_pill('', 'rotate-ccw', _("Reversed"))
        else:
            state.set_pill(*_LOOK[one.state], label(one.state))
        grid.addWidget(PlainLabel(_("No. {number}").format(number=one.number), 'strong'), 0, 0)
        grid.addWidget(state, 0, 1)
        amount = PlainLabel(text.money(one.payable, sign=True), 'strong', tabular=True, selectable=True)
        grid.addWidget(amount, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(IconButton('printer', _("Print the sheet"), partial(self._print, one)), 0, 3)
        lines = [_("Asked for by {name}, {time}").format(name=one.made_by, time=text.moment(one.made_at))]
        lines += [step.title for step in one.steps[1:]]
        if one.decided_at is not None:
            lines.append(_("Decided by {name}, {time}").format(name=one.decided_by, time=text.moment(one.decided_at)))
        if one.reason:
            lines.append(_("Reason: {reason}").format(reason=one.reason))
        if one.reversed_at is not None:
            lines.append(_("Reversed {time}: {reason}").format(
                time=text.moment(one.reversed_at), reason=one.reversal_reason
            ))  # fmt: skip
        for place, words in enumerate(lines, start=1):
            grid.addWidget(PlainLabel(words, 'caption', wrap=True, selectable=True), place, 0, 1, 4)
        grid.addLayout(self._actions(one), len(lines) + 1, 0, 1, 4)
        return row

    def _actions(self, one: CalculationView) -> QHBoxLayout:
        actions = QHBoxLayout()
        actions.addStretch(1)
        file = self._file
        if file is None or one.reversed_at is not None or file.closed:
            return actions
        others_work = one.made_by_id != file.actor.id
        if one.state is ApprovalState.PENDING and file.may(Permission.APPROVE) and others_work:
            actions.addWidget(Button(_("Return…"), partial(self._give_back, one), icon='undo-2'))
            actions.addWidget(Button(_("Approve…"), partial(self._approve, one), icon='stamp'))
        may_reverse = file.may(Permission.ADJUST) or file.may(Permission.PAY)
        if one.state is not ApprovalState.RETURNED and may_reverse:
            actions.addWidget(Button(_("Reverse…"), partial(self._reverse, one), kind='quiet', icon='rotate-ccw'))
        return actions

    def _approve(self, one: CalculationView) -> None:
        from claimdesk.ui.signing import SignDialog

        page = self._page
        sign, actor = page.desk.sign_off, page.desk.signed_in
        dialog = SignDialog(
            self, page.shell, page.desk, _("Approve the advance"), _("It is paid before the claim is settled."),
            _("Sign and approve"),
            lambda password, _progress: sign.approve_advance(actor, one.id, one.version, password),
            amount=text.money(one.payable, sign=True),
        )  # fmt: skip
        if dialog.run():
            page.shell.toast(_("The advance is approved."))
        elif dialog.conflict is not None:
            page.show_error(dialog.conflict)
        page.reload()

    def _give_back(self, one: CalculationView) -> None:
        sentence = _("The adjuster sees your reason.")
        reason = dialogs.ask_reason(self, _("Return the advance"), sentence, _("Return"))
        if reason is None:
            return
        advance = self._page.desk.advance
        self._page.saving.act(
            lambda actor: advance.give_back(actor, one.id, one.version, reason), _("The advance is returned.")
        )

    def _reverse(self, one: CalculationView) -> None:
        sentence = _("What was paid counts as paid back; what was not paid is not paid any more.")
        reason = dialogs.ask_reason(self, _("Reverse the advance"), sentence, _("Reverse"), danger=True)
        if reason is None:
            return
        advance = self._page.desk.advance
        self._page.saving.act(
            lambda actor: advance.reverse(actor, one.id, one.version, reason), _("The advance is reversed.")
        )

    def _print(self, one: CalculationView) -> None:
        print_calculation(self._page, one)
