"""Fields of a calculation: shares as percentages, whole numbers, and rows of people or vehicles."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.rules.adjustment import percent
from claimdesk.rules.adjustment.inputs import Kind, Spec, from_json, specs, to_json
from claimdesk.ui import theme
from claimdesk.ui.widgets import Button, Combo, IconButton, MoneyEdit, PlainLabel
from claimdesk.vocabulary import label


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
            share = Decimal(plain) / 100 if re.fullmatch(r'\d+(\.\d{1,4})?', plain, re.ASCII) else None
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


class WholeEdit(QLineEdit):
    """A whole number from 0 to `most`."""

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most = most
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFont(theme.font(tabular=True))
        self.setPlaceholderText('0')

    def value(self) -> int | None:
        """The number; None if empty or none (see `problem`)."""
        plain = unicodedata.normalize('NFKC', self.text()).strip()
        number = int(plain) if re.fullmatch(r'\d{1,9}', plain, re.ASCII) else None
        return number if number is not None and number <= self._most else None

    def set_value(self, number: int | None) -> None:
        """Show a number."""
        self.setText('' if number is None else str(number))

    def problem(self) -> str:
        """What is wrong with what was typed, or ''."""
        if not self.text().strip() or self.value() is not None:
            return ''
        return _("Enter a whole number from 0 to {most}.").format(most=self._most)


def field_for(spec: Spec) -> Any:
    """The field that takes what `spec` describes."""
    if spec.kind is Kind.MONEY:
        return MoneyEdit()
    if spec.kind is Kind.SHARE:
        return PercentEdit()
    if spec.kind is Kind.WHOLE:
        return WholeEdit(spec.most)
    if spec.kind is Kind.FLAG:
        return QCheckBox(_("yes"))
    if spec.kind is Kind.ROWS:
        return RowsEdit(spec)
    if spec.choices is not None:
        chosen = Combo(searchable=False)
        for word in spec.choices:
            chosen.add(word, label(word))
        return chosen
    return QLineEdit()


def problem_of(spec: Spec, field: Any) -> str:
    """What is wrong with what stands in `field`, or ''."""
    if spec.kind is Kind.SHARE or (hasattr(field, 'problem') and field.text().strip()):
        return str(field.problem())
    return ''


def value_of(spec: Spec, field: Any) -> Any:
    """What `field` means; an empty amount or number is nothing, an empty optional amount is open."""
    if spec.kind is Kind.FLAG:
        return field.isChecked()
    if spec.kind is Kind.TEXT:
        return field.text().strip()
    if spec.choices is not None:
        # Qt hands a word back as a bare string.
        return spec.choices(field.value()) if field.value() else next(iter(spec.choices))
    value = field.value()
    if value is None and not spec.optional:
        return {Kind.MONEY: Decimal(0), Kind.WHOLE: 0, Kind.SHARE: Decimal(0)}.get(spec.kind)
    return value


def put_value(spec: Spec, field: Any, value: Any) -> None:
    """Show `value` in `field`; nothing is shown as an empty amount only where it is open."""
    if spec.kind is Kind.FLAG:
        field.setChecked(bool(value))
    elif spec.kind is Kind.TEXT:
        field.setText(value)
    else:
        field.set_value(value)


class RowsEdit(QWidget):
    """Rows of named fields, one line each: Enter in the last row adds one, a button takes one away."""

    edited = Signal()

    def __init__(self, spec: Spec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert spec.rows is not None
        self._kind = spec.rows
        self._specs: tuple[Spec, ...] = specs(spec.rows)
        self._rows: list[list[Any]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.SPACE_8)
        self._grid.setVerticalSpacing(theme.SPACE_4)
        column.addLayout(self._grid)
        self._add = Button(_("Add a row"), self._add_by_hand, kind='link', icon='plus')
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.set_value(())

    def value(self) -> tuple[Any, ...]:
        """The rows as they are typed; a field that cannot be read counts as its default."""
        wrong: dict[str, str] = {}
        return tuple(from_json(self._kind, row, wrong) for row in self._plain())

    def set_value(self, rows: Sequence[Any]) -> None:
        """Show these rows."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        for row in rows or ():
            self._append(row)
        self._show_heads()

    def text(self) -> str:
        """The rows as a draft keeps them."""
        return json.dumps(self._plain(), ensure_ascii=False)

    def setText(self, kept: str) -> None:  # noqa: N802
        """Type again what a draft kept."""
        try:
            rows = json.loads(kept)
        except ValueError:
            return
        self.set_value([from_json(self._kind, row, {}) for row in rows if isinstance(row, dict)])

    def problem(self) -> str:
        """What is wrong in the first row that is wrong, or ''."""
        for row in self._rows:
            for spec, field in zip(self._specs, row, strict=True):
                words = problem_of(spec, field)
                if words:
                    return f'{_(spec.label)}: {words}'
        return ''

    def _plain(self) -> list[dict[str, Any]]:
        rows = []
        for row in self._rows:
            values = {
                spec.name: value_of(spec, field) for spec, field in zip(self._specs, row, strict=True)
            }
            rows.append(to_json(self._kind(**{name: value for name, value in values.items() if value is not None})))
        return rows

    def _append(self, row: Any) -> None:
        fields = []
        place = len(self._rows) + 1
        for column, spec in enumerate(self._specs):
            field = field_for(spec)
            if spec.kind is Kind.FLAG:
                field.setText('')
            put_value(spec, field, getattr(row, spec.name))
            field.setAccessibleName(f'{_(spec.label)} {place}')
            self._listen(field)
            self._grid.addWidget(field, place, column)
            self._grid.setColumnStretch(column, 0 if spec.kind is Kind.FLAG else 1)
            fields.append(field)
        remove = IconButton('x', _("Take this row away"), partial(self._remove, fields))
        self._grid.addWidget(remove, place, len(self._specs))
        self._rows.append(fields)

    def _listen(self, field: Any) -> None:
        if isinstance(field, QCheckBox):
            field.toggled.connect(lambda _on: self.edited.emit())
        else:
            field.textEdited.connect(lambda _typed: self.edited.emit())
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if entered and self._rows and watched in self._rows[-1]:
                self._add_by_hand()
                return True
        return super().eventFilter(watched, event)

    def _show_heads(self) -> None:
        if not self._rows:
            return
        for column, spec in enumerate(self._specs):
            self._grid.addWidget(PlainLabel(_(spec.label), 'caption', wrap=True), 0, column)

    def _add_by_hand(self) -> None:
        self.set_value([*self.value(), self._kind()])
        self._rows[-1][0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _remove(self, fields: list[Any]) -> None:
        place = self._rows.index(fields)
        rows = list(self.value())
        del rows[place]
        self.set_value(rows)
        self._add.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()
