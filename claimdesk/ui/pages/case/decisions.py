"""The decisions on a case's calculations: who signed what, and whether each signature still holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.sign_off import SignOffView
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import PlainLabel, SectionHeader, StateBadge, card_column, clear, separator
from claimdesk.vocabulary import Decision, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

_LOOK = {
    Decision.APPROVED: ('green', 'stamp'),
    Decision.HEAD_OFFICE: ('green', 'building-2'),
    Decision.PASSED_UP: ('amber', 'arrow-right'),
    Decision.RETURNED: ('orange', 'undo-2'),
}


class Decisions(QWidget):
    """The decisions, the newest first; hidden until there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = card_column(self)
        column.addWidget(SectionHeader(_("Decisions and signatures")))
        self._list = QVBoxLayout()
        self._list.setSpacing(theme.SPACE_8)
        column.addLayout(self._list)
        self.hide()

    def read(self, page: CasePage) -> None:
        """Read and check the decisions of the page's case in the background, then show them."""
        sign_off, actor, case_id = page.desk.sign_off, page.desk.signed_in, page.case_id
        page.run(lambda _progress: sign_off.of_case(actor, case_id), self.show_decisions, latest='decisions')

    def show_decisions(self, decisions: Sequence[SignOffView]) -> None:
        """Show these."""
        clear(self._list)
        for place, one in enumerate(decisions):
            if place:
                self._list.addWidget(separator())
            self._list.addWidget(_row(one))
        self.setVisible(bool(decisions))


def _row(one: SignOffView) -> QWidget:
    row = QWidget()
    grid = QGridLayout(row)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.SPACE_12)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    state = StateBadge()
    if one.problem:
        state.set_pill('red', 'circle-alert', _("Signature broken"))
    else:
        state.set_pill(*_LOOK[one.decision], label(one.decision))
    title = _("No. {number} · {decision}").format(number=one.calculation, decision=label(one.decision))
    amount = PlainLabel(text.money(one.amount, sign=True), 'strong', tabular=True, selectable=True)
    grid.addWidget(PlainLabel(title, 'strong'), 0, 0)
    grid.addWidget(state, 0, 1)
    grid.addWidget(amount, 0, 2, Qt.AlignmentFlag.AlignRight)
    for place, (words, role) in enumerate(_lines(one), start=1):
        grid.addWidget(PlainLabel(words, role, wrap=True, selectable=True), place, 0, 1, 3)
    return row


def _lines(one: SignOffView) -> list[tuple[str, str]]:
    lines = [(one.problem, 'error')] if one.problem else []
    if one.signed:
        who = f'{one.signed_by} ({one.level})' if one.level else one.signed_by
        words = _("Signed by {name}, {time}; key {key}").format(
            name=who, time=text.moment(one.signed_at), key=one.key
        )
    else:
        words = _("By {name}, {time}").format(name=one.signed_by, time=text.moment(one.signed_at))
    lines.append((words, 'caption'))
    if one.reference:
        lines.append((_("Head office's letter {number}").format(number=one.reference), 'caption'))
    if one.note:
        lines.append((one.note, 'caption'))
    return lines
