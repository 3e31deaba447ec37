"""A form over saved values: what was typed, what is saved, and what somebody else saved meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from claimdesk.errors import Conflict
from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets import Combo, FormGrid, TextArea
from claimdesk.ui.widgets.form import Check


def typed(field: Any) -> Any:
    """What stands in `field`, as a draft can keep it: text as it was typed, right or wrong."""
    if isinstance(field, QCheckBox):
        return field.isChecked()
    if isinstance(field, Combo):
        return field.value()
    return field.value() if isinstance(field, TextArea) else field.text()


def put_typed(field: Any, content: Any) -> None:
    """Put back what `typed` returned."""
    if isinstance(field, QCheckBox):
        field.setChecked(bool(content))
    elif isinstance(field, Combo):
        field.set_value(content)
    elif isinstance(field, TextArea):
        field.set_value(str(content))
    else:
        field.setText(str(content))


def value_of(field: Any) -> Any:
    """The value that `field` means, as a service takes it."""
    if isinstance(field, QCheckBox):
        return field.isChecked()
    return field.value() if hasattr(field, 'value') else field.text().strip()


def put(field: Any, value: Any) -> None:
    """Show a saved value."""
    if isinstance(field, QCheckBox):
        field.setChecked(bool(value))
    elif isinstance(field, TextArea):
        field.set_value(value or '')
    elif hasattr(field, 'set_value'):
        field.set_value(value)
    else:
        field.setText(value or '')


class EditForm(FormGrid):
    """A `FormGrid` that knows what is saved under its fields.

    `show_saved` may be called at any time: fields that nobody touched follow, touched ones stay and say what somebody
    else saved there. `version` is the newest one shown; what both sides changed is in `clashes` until it is resolved.
    """

    state_changed = Signal()

    def __init__(self, name: str, columns: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(columns, parent)
        self.name = name
        self.version = 0
        self.clashes: dict[str, Any] = {}
        self._saved: dict[str, Any] = {}
        self._saved_typed: dict[str, Any] = {}
        self._quiet = False
        self.edited.connect(self._typed_in)

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
        super().add(name, label, field, span=span, required=required, hint=hint, check=check)
        if isinstance(field, QCheckBox):
            field.toggled.connect(lambda _on: self.edited.emit(name))
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(lambda _row: self.edited.emit(name))
        return field

    def reset(self) -> None:
        super().reset()
        self.clashes, self._saved, self._saved_typed = {}, {}, {}

    def label(self, name: str) -> str:
        """How a field is called."""
        return self.field(name).accessibleName()

    def show_saved(self, values: Mapping[str, Any], version: int) -> None:
        """Show what is saved now; what was typed and not saved stays."""
        touched = self.touched() if self._saved_typed else {}
        self._quiet = True
        for name, value in values.items():
            field = self.field(name)
            if name not in touched or value == value_of(field):
                put(field, value)
                self._keep_saved(name, value)
                self._clash(name, None, clear=True)
            elif name in self._saved and value != self._saved[name]:
                self._clash(name, value)
        self._quiet = False
        self.version = version
        self.state_changed.emit()

    def touched(self) -> dict[str, Any]:
        """What was typed and is not saved, by field, for a draft."""
        return {
            name: now
            for name in self.names()
            if name in self._saved_typed and (now := typed(self.field(name))) != self._saved_typed[name]
        }

    def changes(self) -> dict[str, Any]:
        """The values that were changed and are not saved, as a service takes them."""
        return {name: value_of(self.field(name)) for name in self.touched()}

    def values(self) -> dict[str, Any]:
        """The values of all fields, as a service takes them."""
        return {name: value_of(self.field(name)) for name in self.names()}

    def saved(self, names: Iterable[str]) -> dict[str, Any]:
        """The saved values of these fields."""
        return {name: self._saved.get(name) for name in names}

    def put_back(self, draft: Mapping[str, Any]) -> None:
        """Type again what a draft holds."""
        self._quiet = True
        for name, content in draft.items():
            if name in self.names():
                put_typed(self.field(name), content)
        self._quiet = False
        self.state_changed.emit()

    def revert(self) -> None:
        """Show what is saved; what was typed is thrown away."""
        for name in self.touched():
            put(self.field(name), self.clashes.get(name, self._saved[name]))
        self._settle()

    def take(self, merged: Mapping[str, Any]) -> None:
        """Show the values that a person chose between mine and theirs; the clashes are settled."""
        for name, value in merged.items():
            if name in self.names():
                put(self.field(name), value)
        self._settle()

    def accepted(self) -> None:
        """What is shown has been saved."""
        for name in self.names():
            self._keep_saved(name, value_of(self.field(name)))
        self.clear_errors()
        self._settle()

    def conflict(self) -> Conflict:
        """Mine, theirs and what both began with, for the dialog that compares them."""
        mine = self.changes()
        theirs = {name: self.clashes.get(name, self._saved.get(name)) for name in mine}
        return Conflict(
            _("Somebody else changed the same fields."),
            _("Choose which value each field shall have; nothing is saved yet."),
            mine=mine,
            theirs=theirs,
            base=self.saved(mine),
        )

    def set_editable(self, editable: bool) -> None:
        """Let the fields be changed, or only read."""
        for name in self.names():
            field = self.field(name)
            if isinstance(field, QLineEdit | QPlainTextEdit):
                field.setReadOnly(not editable)
            elif field.isEnabled() != editable:
                # Locked, not out of use: what cannot be changed can still be read.
                field.setProperty('locked', not editable)
                field.setEnabled(editable)
                theme.restyle(field)

    def _settle(self) -> None:
        for name, theirs in list(self.clashes.items()):
            self._keep_saved(name, theirs)
            self._clash(name, None, clear=True)
        self.state_changed.emit()

    def _keep_saved(self, name: str, value: Any) -> None:
        self._saved[name] = value
        field = self.field(name)
        shown = typed(field)
        if value_of(field) != value:
            put(field, value)
            self._saved_typed[name] = typed(field)
            put_typed(field, shown)
        else:
            self._saved_typed[name] = shown

    def _clash(self, name: str, theirs: Any, *, clear: bool = False) -> None:
        if clear:
            self.clashes.pop(name, None)
            self.set_note(name, '')
            return
        self.clashes[name] = theirs
        words = in_words(self.field(name), theirs)
        self.set_note(name, _("Saved meanwhile by somebody else: {value}").format(value=words))

    def _typed_in(self, _name: str) -> None:
        if not self._quiet:
            self.state_changed.emit()


def discard(forms: Sequence[EditForm]) -> Callable[[], None]:
    """Show what is saved in these forms; calling what is returned types the edits again."""
    typed_in = [(form, form.touched()) for form in forms]
    for form, _fields in typed_in:
        form.revert()
        form.clear_errors()

    def put_back() -> None:
        for form, fields in typed_in:
            form.put_back(fields)

    return put_back


def in_words(field: QWidget, value: Any) -> str:
    """`value` as `field` would show it."""
    if value is None or value == '':
        return _("(empty)")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, Combo):
        row = next((row for row in range(field.count()) if field.itemData(row) == value), -1)
        return field.itemText(row) if row >= 0 else str(value)
    if not isinstance(field, QLineEdit) or not hasattr(field, 'set_value'):
        return str(value)
    shown: Any = type(field)()
    shown.set_value(value)
    words = shown.text()
    shown.deleteLater()
    return words
