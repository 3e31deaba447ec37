"""Forms: label above the field, two columns, what is wrong said under the field as you leave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets.labels import PlainLabel

Check = Callable[[], str]


class FormGrid(QWidget):
    """Named fields in columns.

    `left` is emitted with a field's name as the focus leaves it and `edited` whenever its value changes by hand.
    """

    left = Signal(str)
    edited = Signal(str)

    def __init__(self, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._cell = 0
        self._fields: dict[str, QWidget] = {}
        self._cells: dict[str, QWidget] = {}
        self._labels: dict[str, PlainLabel] = {}
        self._errors: dict[str, PlainLabel] = {}
        self._notes: dict[str, PlainLabel] = {}
        self._checks: dict[str, Check] = {}
        self._order: list[tuple[QWidget, int]] = []
        self._away: set[QWidget] = set()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_16)
        self._grid.setVerticalSpacing(theme.SPACE_12)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def add(
        self,
        name: str,
        label: str,
        field: QWidget,
        *,
        span: int = 1,
        required: bool = False,
        hint: str = '',
        check: Check | None = None,
    ) -> QWidget:
        """Add `field` under `label`; `check` returns what is wrong ('' if nothing) as the focus leaves the field."""
        span = min(span, self._columns)
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        caption = PlainLabel(f'{label} *' if required else label, 'caption')
        caption.setBuddy(field)
        column.addWidget(caption)
        column.addWidget(field)
        if hint:
            column.addWidget(PlainLabel(hint, 'caption', wrap=True))
        note, error = PlainLabel('', 'note', wrap=True), PlainLabel('', 'error', wrap=True)
        for line in (note, error):
            line.hide()
            column.addWidget(line)
        column.addStretch(1)
        self._order.append((cell, span))
        self._place(cell, span)
        field.setAccessibleName(label)
        self._fields[name], self._cells[name], self._labels[name] = field, cell, caption
        self._errors[name], self._notes[name] = error, note
        if check is not None:
            self._checks[name] = check
        field.installEventFilter(self)
        self._watch(name, field)
        return field

    def add_heading(self, heading: QWidget) -> None:
        """Put a heading across all columns before the next field."""
        self._order.append((heading, self._columns))
        self._place(heading, self._columns)

    def pack(self) -> None:
        """Close the gaps that hidden fields leave."""
        self._cell = 0
        for widget, _span in self._order:
            self._grid.removeWidget(widget)
        for widget, span in self._order:
            if widget not in self._away:
                self._place(widget, span)

    def _place(self, widget: QWidget, span: int) -> None:
        if self._cell % self._columns + span > self._columns:
            self._cell += self._columns - self._cell % self._columns
        row, place = divmod(self._cell, self._columns)
        self._grid.addWidget(widget, row, place, 1, span, Qt.AlignmentFlag.AlignTop)
        self._cell += span

    def take_heading(self, heading: QWidget) -> None:
        """Take a heading out."""
        self._grid.removeWidget(heading)
        heading.hide()
        heading.deleteLater()

    def add_below(self, name: str, line: QWidget) -> None:
        """Put a quiet line right under a field."""
        column = self._cells[name].layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(2, line)

    def reset(self) -> None:
        """Take every field out, to build another form in its place."""
        for name, cell in self._cells.items():
            self._fields[name].removeEventFilter(self)
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        for known in (self._fields, self._cells, self._labels, self._errors, self._notes, self._checks):
            known.clear()
        self._order, self._away, self._cell = [], set(), 0

    def field(self, name: str) -> QWidget:
        """The widget of a field."""
        return self._fields[name]

    def names(self) -> list[str]:
        """All fields in order."""
        return list(self._fields)

    def set_shown(self, name: str, shown: bool) -> None:
        """Show or hide a field with its label."""
        cell = self._cells[name]
        cell.setVisible(shown)
        self._away = self._away - {cell} if shown else self._away | {cell}

    def show_errors(self, errors: Mapping[str, str]) -> list[str]:
        """Say under each named field what is wrong and put the focus into the first; returns names not in this form."""
        for name in self._fields:
            self.set_error(name, errors.get(name, ''))
        for name in self._fields:
            if errors.get(name):
                self._fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
                break
        return [name for name in errors if name not in self._fields]

    def set_error(self, name: str, sentence: str) -> None:
        """Say what is wrong under one field; '' clears it."""
        line, field = self._errors[name], self._fields[name]
        line.setText(sentence)
        line.setVisible(bool(sentence))
        field.setAccessibleDescription(sentence)
        if bool(field.property('invalid')) != bool(sentence):
            field.setProperty('invalid', bool(sentence))
            theme.restyle(field)

    def error(self, name: str) -> str:
        """What is said under a field now."""
        return self._errors[name].text()

    def set_note(self, name: str, sentence: str) -> None:
        """A remark under a field, for example what somebody else has just saved there; '' clears it."""
        self._notes[name].setText(sentence)
        self._notes[name].setVisible(bool(sentence))

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for name in self._fields:
            self.set_error(name, '')

    def check(self) -> bool:
        """Run every check, show what is wrong, and say whether all is well."""
        wrong = {name: words for name, test in self._checks.items() if (words := test())}
        self.show_errors(wrong)
        return not wrong

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            for name, field in self._fields.items():
                if field is watched:
                    self._leave(name)
                    break
        return super().eventFilter(watched, event)

    def _leave(self, name: str) -> None:
        if name in self._checks:
            self.set_error(name, self._checks[name]())
        self.left.emit(name)

    def _watch(self, name: str, field: QWidget) -> None:
        def tell(*_ignored: object) -> None:
            self.edited.emit(name)

        if isinstance(field, QComboBox):
            field.activated.connect(tell)
        elif isinstance(field, QLineEdit):
            field.textEdited.connect(tell)
        elif isinstance(field, QPlainTextEdit):
            field.textChanged.connect(tell)
        elif hasattr(field, 'edited'):
            field.edited.connect(tell)


def required(text: Callable[[], str]) -> Check:
    """A check that something was filled in."""
    return lambda: '' if text().strip() else _("Please fill this in.")
