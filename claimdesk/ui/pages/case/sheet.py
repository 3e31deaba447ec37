"""The calculation sheet: each cover's steps in words and figures, what is payable, and a what-if beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from claimdesk.amounts import to_capital
from claimdesk.language import _
from claimdesk.rules.adjustment import Adjustment, Step
from claimdesk.ui import text, theme
from claimdesk.ui.pages.case.figure_fields import PercentEdit
from claimdesk.ui.widgets import PlainLabel, separator

__all__ = ['PercentEdit', 'Sheet']

Pair = tuple[Step | None, Step | None]


class Sheet(QWidget):
    """Shows a calculation; with a second one beside it, both amounts of each step and the difference."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self.payable = PlainLabel('', 'title', selectable=True, tabular=True)
        self.capital = PlainLabel('', 'secondary', wrap=True, selectable=True)
        self.due = PlainLabel('', 'secondary', wrap=True, selectable=True, tabular=True)
        for label in (self.payable, self.capital, self.due):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
        column.addLayout(self._steps)
        column.addWidget(self.payable)
        column.addWidget(self.capital)
        column.addWidget(self.due)

    def show_result(self, titles: Sequence[str], result: Adjustment, beside: Adjustment | None = None) -> None:
        """Show these sheets; `beside` is the what-if, whose amounts stand on the right."""
        self.clear()
        if beside is not None:
            self._put(_heads())
        for place, title in enumerate(titles):
            if len(titles) > 1:
                head = PlainLabel(title, 'strong')
                head.setContentsMargins(0, theme.SPACE_8 if place else 0, 0, 2)
                self._put(head)
            real = result.sheets[place].steps if place < len(result.sheets) else ()
            if beside is None:
                for step in real:
                    self._put(_line((step, None), beside=False))
                    self._put(separator())
                continue
            other = beside.sheets[place].steps if place < len(beside.sheets) else ()
            for pair in _side_by_side(real, other):
                self._put(_line(pair, beside=True))
                self._put(separator())
        self._show_total(result, beside)

    def _show_total(self, result: Adjustment, beside: Adjustment | None) -> None:
        self.payable.setAccessibleName(_("Payable"))
        if beside is not None:
            more = beside.payable - result.payable
            sign = '+' if more > 0 else '−' if more < 0 else '±'
            self.payable.setText(f'{text.money(result.payable, sign=True)} → {text.money(beside.payable, sign=True)}')
            self.capital.setText(_("Difference: {amount}").format(amount=f'{sign}{text.money(abs(more))}'))
            self.due.setText('')
            return
        self.payable.setText(text.money(result.payable, sign=True))
        self.capital.setText(to_capital(result.payable))
        if result.owed_back:
            words = _("Paid already {paid}; {amount} too much").format(
                paid=text.money(result.advanced), amount=text.money(result.owed_back)
            )
        elif result.advanced:
            words = _("Paid already {paid}; still due {amount}").format(
                paid=text.money(result.advanced), amount=text.money(result.due)
            )
        else:
            words = ''
        self.due.setText(words)

    def clear(self) -> None:
        """Show nothing."""
        while (item := self._steps.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for label in (self.payable, self.capital, self.due):
            label.setText('')

    def _put(self, widget: QWidget) -> None:
        self._steps.addWidget(widget)


def _side_by_side(real: Sequence[Step], other: Sequence[Step]) -> Iterator[Pair]:
    """The steps of both, the same ones in one line."""
    keys = [[(step.name, tuple(sorted(step.about.items()))) for step in steps] for steps in (real, other)]
    for tag, left, left_end, right, right_end in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if tag == 'equal':
            yield from zip(real[left:left_end], other[right:right_end], strict=True)
        else:
            yield from ((step, None) for step in real[left:left_end])
            yield from ((None, step) for step in other[right:right_end])


AMOUNT_WIDTH = 104


def _heads() -> QWidget:
    line = QWidget()
    grid = _grid(line)
    for column, words in enumerate((_("Real"), _("What if")), start=1):
        head = PlainLabel(words, 'caption')
        head.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addWidget(head, 0, column)
        grid.setColumnMinimumWidth(column, AMOUNT_WIDTH)
    return line


def _line(pair: Pair, *, beside: bool) -> QWidget:
    line = QWidget()
    grid = _grid(line)
    real, other = pair
    shown = real or other
    assert shown is not None
    grid.addWidget(PlainLabel(shown.title, '', wrap=True), 0, 0)
    for column, step in enumerate(pair[: 2 if beside else 1], start=1):
        amount = PlainLabel(_amount(step), '', tabular=True, selectable=True)
        changed = beside and column == 2 and _money(real) != _money(other)
        if changed:
            amount.set_role('strong')
        grid.addWidget(amount, 0, column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        if beside:
            grid.setColumnMinimumWidth(column, AMOUNT_WIDTH)
    formulas = [step.formula for step in pair if step is not None and step.formula]
    words = ' → '.join(dict.fromkeys(formulas))
    if shown.cited:
        words = f'{words}  ·  {shown.cited}' if words else shown.cited
    if words:
        grid.addWidget(PlainLabel(words, 'caption', wrap=True, selectable=True), 1, 0, 1, 3 if beside else 2)
    return line


def _grid(line: QWidget) -> QGridLayout:
    # A wrapping label gives its height away where room is short; a step is never cut.
    line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    grid = QGridLayout(line)
    grid.setContentsMargins(0, 6, 0, 6)
    grid.setHorizontalSpacing(theme.SPACE_16)
    grid.setVerticalSpacing(0)
    grid.setColumnStretch(0, 1)
    return grid


def _money(step: Step | None) -> Decimal | None:
    return None if step is None else step.amount


def _amount(step: Step | None) -> str:
    return '' if step is None or step.amount is None else text.money(step.amount)
