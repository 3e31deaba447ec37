"""When the office is open, and when people are reminded: two dated rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.rules.office_hours import DEFAULT_HOURS, HOURS_KEY, hours_as_json, hours_from
from claimdesk.rules.reminding import REMINDERS_KEY, ReminderRules, reminders_as_json, reminders_from
from claimdesk.services.context import Actor
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_recount import count_anew
from claimdesk.ui.pages.settings_rule import RuleSection
from claimdesk.ui.widgets import FormGrid, NumberEdit

_FIELDS = ('morning_from', 'morning_to', 'afternoon_from', 'afternoon_to')


class HoursSection(RuleSection):
    """The office's day, with its break."""

    key = HOURS_KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Targets in office hours count only this time, on working days; targets in working days end when the office"
            " closes. Nobody is reminded outside it. Limits of the law end at midnight."
        )
        super().__init__(page, _("Office hours"), sentence)

    def build(self) -> None:
        self.form = FormGrid(4)
        self.fields = {name: QLineEdit() for name in _FIELDS}
        names = (_("Opens"), _("Break from"), _("Break to"), _("Closes"))
        for (name, field), words in zip(self.fields.items(), names, strict=True):
            field.setPlaceholderText('09:00')
            self.form.add(name, words, field)
            field.textEdited.connect(self.touched)
        self.form.setEnabled(self.may)
        self.column.addWidget(self.form)

    def value(self) -> Any:
        opens, pause, again, closes = (_time(self.fields[name].text()) for name in _FIELDS)
        if not pause and not again:
            return [[opens, closes]]
        return [[opens, pause], [again, closes]]

    def fill(self, value: Any) -> None:
        spans = value if value is not None else hours_as_json(DEFAULT_HOURS)
        flat = [time for span in spans for time in span]
        times = flat if len(flat) == len(_FIELDS) else [flat[0], '', '', flat[-1]]
        for name, time in zip(_FIELDS, times, strict=True):
            self.fields[name].setText(time)

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        wrong = {
            name: _("Type a time such as 09:00.")
            for name, field in self.fields.items()
            if not _is_time(_time(field.text())) and (field.text().strip() or name in (_FIELDS[0], _FIELDS[-1]))
        }
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        hours_from(value)
        self.desk.clock_settings.save(actor, self.key, value, day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.clear_errors()
        self.form.show_errors(fields)

    def _was_saved(self, nothing: object) -> None:
        super()._was_saved(nothing)
        count_anew(self)


class RemindersSection(RuleSection):
    """How long before and after a limit who is told, and whether a late step needs a reason."""

    key = REMINDERS_KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "The handler is told before a time limit, on its day and once it is missed; whoever stands in is told for"
            " the absent, and the lead of the team once it has been late for a while. Never at night or on a day off."
        )
        super().__init__(page, _("Reminders"), sentence)

    def build(self) -> None:
        self.form = FormGrid(2)
        self.soon, self.late = NumberEdit(1, 80), NumberEdit(1, 80)
        self.reason = QCheckBox(_("An overdue step is finished only with a reason"))
        self.form.add('soon_hours', _("Before the limit, office hours"), self.soon)
        self.form.add('escalate_hours', _("To the lead after, office hours"), self.late)
        self.form.add('ask_reason', _("Delays"), self.reason, span=2)
        self.soon.valueChanged.connect(self.touched)
        self.late.valueChanged.connect(self.touched)
        self.reason.toggled.connect(self.touched)
        self.form.setEnabled(self.may)
        self.column.addWidget(self.form)

    def value(self) -> Any:
        return reminders_as_json(ReminderRules(self.soon.value(), self.late.value(), self.reason.isChecked()))

    def fill(self, value: Any) -> None:
        rules = reminders_from(value)
        self.soon.setValue(rules.soon_hours)
        self.late.setValue(rules.escalate_hours)
        self.reason.setChecked(rules.ask_reason)

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.clock_settings.save(actor, self.key, value, day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)


def _time(typed: str) -> str:
    typed = typed.strip().replace('：', ':')
    return f'0{typed}' if len(typed) == len('9:00') and ':' in typed else typed


def _is_time(typed: str) -> bool:
    try:
        dt.time.fromisoformat(typed)
    except ValueError:
        return False
    return len(typed) == len('09:00')
