"""Every calculation of a case: who made it, who decided, and why it came back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.calculation_view import CalculationView
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import (
    Button,
    IconButton,
    PlainLabel,
    SectionHeader,
    StateBadge,
    card_column,
    clear,
    separator,
)
from claimdesk.vocabulary import ApprovalState, CalculationKind, label

_LOOK = {
    ApprovalState.PENDING: ('amber', 'hourglass'),
    ApprovalState.APPROVED: ('green', 'circle-check'),
    ApprovalState.RETURNED: ('orange', 'undo-2'),
}


class History(QWidget):
    """The calculations, the newest first; each can be shown on the sheet."""

    def __init__(
        self,
        show: Callable[[CalculationView], object],
        print_out: Callable[[CalculationView], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._show, self._print = show, print_out
        self._handed_in = False
        column = card_column(self)
        self._head = SectionHeader(_("Calculations so far"))
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_8)
        column.addWidget(self._head)
        column.addLayout(self._list)

    def show_calculations(self, kept: Sequence[CalculationView], *, handed_in: bool) -> None:
        """Show these; `handed_in` says whether an undecided one is with the approver."""
        self._handed_in = handed_in
        clear(self._list)
        if not kept:
            self._list.addWidget(
                PlainLabel(_("Nothing has been calculated yet. Confirm the loss items first."), 'secondary', wrap=True)
            )
        for place, one in enumerate(kept):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(self._row(one))

    def _row(self, one: CalculationView) -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.SPACE_12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        title = _("No. {number} · {cover}").format(number=one.number, cover=one.coverage or '–')
        button = Button(title, partial(self._show, one), kind='link', tip=_("Show the sheet"))
        state = StateBadge()
        if one.state is ApprovalState.PENDING and not self._handed_in:
            state.set_pill('', 'pencil', _("Not submitted"))
        else:
            state.set_pill(*_LOOK[one.state], label(one.state))
        amount = PlainLabel(text.money(one.payable, sign=True), 'strong', tabular=True, selectable=True)
        printed = IconButton('printer', _("Print the calculation sheet"), partial(self._print, one))
        made = _("Calculated by {name}, {time}").format(name=one.made_by, time=text.moment(one.made_at))
        grid.addWidget(button, 0, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(state, 0, 1)
        grid.addWidget(amount, 0, 2, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(printed, 0, 3)
        lines = [made]
        if one.decided_at is not None:
            lines.append(_("Decided by {name}, {time}").format(name=one.decided_by, time=text.moment(one.decided_at)))
        if one.reason:
            lines.append(_("Reason: {reason}").format(reason=one.reason))
        for place, words in enumerate(lines, start=1):
            grid.addWidget(PlainLabel(words, 'caption', wrap=True, selectable=True), place, 0, 1, 4)
        return row


def print_calculation(page: Any, calculation: CalculationView) -> None:
    """Show the printed sheet of a calculation, to print or to save."""
    from claimdesk.ui.preview import preview_pdf

    desk, actor = page.desk, page.desk.signed_in
    advance = calculation.kind is CalculationKind.ADVANCE
    title = _("Calculation of an advance payment") if advance else _("Calculation of the payment")
    number = page.file.case.number if page.file is not None else ''
    preview_pdf(
        page,
        f'{title} · {number}',
        lambda progress: desk.calculation_papers.pdf(actor, calculation.id, progress),
        f'{number}-{calculation.number}.pdf',
    )
