"""The foot of a settings section whose rule is dated: from when it holds, its wordings so far, and the way back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, Conflict
from claimdesk.language import _
from claimdesk.services.office_rules import RuleVersion
from claimdesk.ui import theme
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, DateEdit, PlainLabel, clear

SHOWN = 6


class DatedBar(QWidget):
    """Emits `save_wanted(day)`, `back_wanted` and `forget_wanted(RuleVersion)`."""

    save_wanted = Signal(object)
    back_wanted = Signal()
    forget_wanted = Signal(object)

    def __init__(self, today: dt.date, *, may: bool) -> None:
        super().__init__()
        self._may = may
        self._versions: tuple[RuleVersion, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.day = DateEdit()
        self.day.set_value(today)
        self.day.setAccessibleName(_("Holds from"))
        self.day.setFixedWidth(140)
        self.save_button = Button(_("Save"), self._save, kind='primary', tip='Ctrl+S')
        self.back_button = Button(_("Back to the program's own"), self.back_wanted.emit, icon='undo-2')
        row.addWidget(PlainLabel(_("Holds from"), 'secondary'))
        row.addWidget(self.day)
        row.addWidget(self.save_button)
        row.addWidget(self.back_button)
        row.addStretch(1)
        self._problem = PlainLabel('', 'error', wrap=True)
        self._problem.hide()
        self._history = QVBoxLayout()
        self._history.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._problem)
        column.addLayout(self._history)
        for widget in (self.day, self.save_button, self.back_button):
            widget.setEnabled(may)

    def show_versions(self, versions: Sequence[RuleVersion], today: dt.date) -> None:
        """Show the wordings that the office entered, the newest first."""
        self._versions = tuple(versions)
        clear(self._history)
        in_force = next((one for one in versions if one.valid_from <= today), None)
        if in_force is None:
            self._history.addWidget(PlainLabel(_("Today the program's own holds."), 'caption'))
        for one in versions[:SHOWN]:
            self._history.addWidget(self._line(one, one is in_force, today))

    def version_of(self, day: dt.date) -> int | None:
        """The version of the wording that begins on `day`, None where there is none yet."""
        return next((one.version for one in self._versions if one.valid_from == day), None)

    def set_changed(self, changed: bool) -> None:
        """Whether there is something to save."""
        self.save_button.setEnabled(self._may and changed)

    def say(self, problem: str) -> None:
        """Say why it cannot be saved; '' for nothing."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _line(self, one: RuleVersion, in_force: bool, today: dt.date) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        words = _("The office's own since {day}").format(day=one.valid_from.isoformat())
        if one.valid_from > today:
            words = _("The office's own from {day} on").format(day=one.valid_from.isoformat())
        if in_force:
            words = _("{words} · holds today").format(words=words)
        row.addWidget(PlainLabel(words, 'caption'))
        if self._may:
            row.addWidget(Button(_("Take back"), partial(self.forget_wanted.emit, one), kind='link'))
        row.addStretch(1)
        return holder

    def _save(self) -> None:
        day = self.day.value()
        if self.day.problem() or day is None:
            self.say(self.day.problem() or _("Enter from when it holds."))
            return
        self.say('')
        self.save_wanted.emit(day)


class DatedSection(Section):
    """A section over one dated rule, with its `DatedBar`: what saving and taking back have in common."""

    dated: DatedBar

    def save(self) -> None:
        """Ctrl+S."""
        if self.dated.save_button.isEnabled():
            self.dated.save_button.click()

    def refused(self, error: ClaimDeskError) -> None:
        """Say why it was not saved; where somebody else was first, show theirs."""
        self.failed(error)
        if isinstance(error, Conflict):
            self.opened()

    def take_back(self, one: RuleVersion, said: str) -> None:
        """Take a wording back, say so with `said`, and show what holds now."""
        rules, actor = self.desk.rules, self.desk.signed_in

        def done(_nothing: None) -> None:
            self.said(said)
            self.opened()

        self.page.run(lambda _progress: rules.forget(actor, one.id, one.version), done, self.failed)
