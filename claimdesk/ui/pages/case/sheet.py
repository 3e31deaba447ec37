"""The calculation sheet: every step in words and figures, and what is payable in figures and capitals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.amounts import to_capital
from claimdesk.language import _
from claimdesk.rules.adjustment import Step, percent
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import PlainLabel, separator


class PercentEdit(QLineEdit):
    """A share, typed as a percentage: `70`, `70%`, `12.5 %`."""

    value_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme.font(tabular=True))
        self.setPlaceholderText('100%')

    def value(self) -> Decimal | None:
        """The share (0.7 for 70 %); None if empty or not a percentage (see `problem`)."""
        plain = re.sub(r'[\s%]', '', unicodedata.normalize('NFKC', self.text()))
        try:
            share = Decimal(plain) / 100 if re.fullmatch(r'\d+(\.\d{1,2})?', plain, re.ASCII) else None
        except InvalidOperation:
            return None
        return share if share is not None and share <= 1 else None

    def set_value(self, share: Decimal | None) -> None:
        """Show a share."""
        self.setText('' if share is None else percent(share))

    def problem(self) -> str:
        """What is wrong with what was typed, or ''."""
        return '' if self.value() is not None else _("Enter a percentage between 0 and 100.")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if not self.problem() and not self.isReadOnly():
            self.set_value(self.value())
        super().focusOutEvent(event)


class Sheet(QWidget):
    """Shows a calculation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self.payable = PlainLabel('', 'title', selectable=True, tabular=True)
        self.capital = PlainLabel('', 'secondary', wrap=True, selectable=True)
        for label in (self.payable, self.capital):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        column.addLayout(self._steps)
        column.addWidget(self.payable)
        column.addWidget(self.capital)

    def show_sheet(self, steps: Sequence[Step], payable: Decimal) -> None:
        """Show these steps."""
        self.clear()
        for step in steps:
            self._steps.addWidget(_line(step))
            self._steps.addWidget(separator())
        self.payable.setText(text.money(payable, sign=True))
        self.payable.setAccessibleName(_("Payable"))
        self.capital.setText(to_capital(payable))

    def clear(self) -> None:
        """Show nothing."""
        while (item := self._steps.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.payable.setText('')
        self.capital.setText('')


def _line(step: Step) -> QWidget:
    line = QWidget()
    grid = QGridLayout(line)
    grid.setContentsMargins(0, 6, 0, 6)
    grid.setHorizontalSpacing(theme.SPACE_16)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(0, 1)
    amount = PlainLabel(text.money(step.amount), '', tabular=True, selectable=True)
    grid.addWidget(PlainLabel(step.name, '', wrap=True), 0, 0)
    grid.addWidget(amount, 0, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    if step.formula != text.money(step.amount):
        grid.addWidget(PlainLabel(step.formula, 'caption', wrap=True, selectable=True), 1, 0, 1, 2)
    return line
