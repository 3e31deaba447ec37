"""The office's own targets by step, line, injury and amount, each with its mark; a dated rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QTableWidget, QTableWidgetItem

from claimdesk.language import _
from claimdesk.rules.clocks.targets import (
    DEFAULT_TARGETS,
    OWN_NUMBER,
    TARGETS_KEY,
    UNIT_NAMES,
    WHATS,
    Target,
    targets_as_json,
    targets_from,
    what_in_words,
)
from claimdesk.rules.clocks.words import length_in_words
from claimdesk.services.context import Actor
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_recount import count_anew
from claimdesk.ui.pages.settings_rule import RuleSection
from claimdesk.ui.widgets import Button, Combo, FormGrid, MoneyEdit, NumberEdit, PlainLabel
from claimdesk.ui.widgets.small_table import small_table
from claimdesk.vocabulary import Line, label

_UNITS = ('minute', 'hour', 'office_hour', 'workday', 'day', 'year')


class TargetsSection(RuleSection):
    """Every target in one table; the most particular one that fits a case is used."""

    key = TARGETS_KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Of several that fit a case, the most particular one is used. A case keeps the targets of the day on which"
            " its step began. Limits that stand in the law are not changed here."
        )
        super().__init__(page, _("Targets"), sentence, wide=True)

    def build(self) -> None:
        self._targets: list[Target] = []
        self.table = _table()
        self.table.itemActivated.connect(lambda _item: self.edit())
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self.remove)
        QShortcut(QKeySequence(Qt.Key.Key_Space), self.table, self.switch)
        self.column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        for button in (
            Button(_("Add…"), self.add, icon='plus'),
            Button(_("Edit…"), self.edit, icon='pencil', tip='Enter'),
            Button(_("On or off"), self.switch, kind='quiet', icon='check', tip='Space'),
            Button(_("Remove"), self.remove, kind='quiet', icon='trash-2', tip='Del'),
        ):
            button.setEnabled(self.may)
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        marks = _("B: a published figure or a supervisor's text · C: common practice. Neither is law.")
        self.column.addWidget(PlainLabel(marks, 'caption', wrap=True))

    def value(self) -> Any:
        return targets_as_json(self._targets)

    def fill(self, value: Any) -> None:
        self._targets = list(DEFAULT_TARGETS if value is None else targets_from(value))
        self._show_rows()

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.clock_settings.save(actor, self.key, value, day, version)

    def _was_saved(self, nothing: object) -> None:
        super()._was_saved(nothing)
        count_anew(self)

    def add(self) -> None:
        """Add a target."""
        target = ask_target(self, None)
        if target is not None:
            self._targets.append(target)
            self._changed(target)

    def edit(self) -> None:
        """Change the marked target."""
        at = self._marked()
        target = ask_target(self, self._targets[at]) if at is not None and self.may else None
        if at is not None and target is not None:
            self._targets[at] = target
            self._changed(target)

    def switch(self) -> None:
        """Use the marked target or leave it aside."""
        at = self._marked()
        if at is not None and self._targets[at].what in OWN_NUMBER:
            self.dated.say(_("A limit of law or supervision is not switched off: change its number."))
        elif at is not None and self.may:
            self._targets[at] = replace(self._targets[at], off=not self._targets[at].off)
            self._changed(self._targets[at])

    def remove(self) -> None:
        """Remove the marked target."""
        at = self._marked()
        if at is not None and self.may:
            del self._targets[at]
            self._changed(None)

    def _marked(self) -> int | None:
        row = self.table.currentRow()
        return row if 0 <= row < len(self._targets) else None

    def _changed(self, target: Target | None) -> None:
        row = self.table.currentRow()
        self._show_rows()
        at = self._targets.index(target) if target in self._targets else min(row, len(self._targets) - 1)
        self.table.selectRow(max(0, at))
        self.table.setFocus()
        self.touched()

    def _show_rows(self) -> None:
        self._targets.sort(key=lambda one: (WHATS.index(one.what), one.rank))
        self.table.setRowCount(len(self._targets))
        for row, target in enumerate(self._targets):
            injury = {None: _("all"), True: _("with injury"), False: _("without injury")}[target.injury]
            cells = (
                what_in_words(target.what),
                _("all") if target.line is None else label(target.line),
                injury,
                _("any amount") if target.up_to is None else text.money(target.up_to),
                length_in_words(target.limit, target.unit),
                target.mark,
                _("off") if target.off else _("on"),
            )
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                if target.off:
                    item.setForeground(theme.colour('disabled'))
                self.table.setItem(row, column, item)


def ask_target(section: TargetsSection, target: Target | None) -> Target | None:
    """The target as it is to be; None if thought better of it."""
    title = _("Add a target") if target is None else _("Change the target")
    dialog = Dialog(section, title, '', _("Take over"), width=560)
    form = FormGrid(2)
    what, line, injury, unit = Combo(), Combo(searchable=False), Combo(searchable=False), Combo(searchable=False)
    amount, limit = MoneyEdit(), NumberEdit(1, 999)
    for one in WHATS:
        what.add(one, what_in_words(one))
    line.add('', _("all"))
    for kind in Line:
        line.add(kind.value, label(kind))
    for value, words in (('', _("all")), ('yes', _("with injury")), ('no', _("without injury"))):
        injury.add(value, words)
    for name in _UNITS:
        unit.add(name, _(UNIT_NAMES[name]))
    now = target or Target(WHATS[0], 1, 'workday')
    what.set_value(now.what)
    line.set_value(now.line.value if now.line is not None else '')
    injury.set_value({None: '', True: 'yes', False: 'no'}[now.injury])
    amount.set_value(now.up_to)
    limit.setValue(now.limit)
    unit.set_value(now.unit)
    form.add('what', _("For"), what, span=2, check=lambda: '' if what.value() is not None else _("Choose one."))
    form.add('line', _("Line"), line)
    form.add('injury', _("Injury"), injury)
    form.add('up_to', _("Estimate up to, yuan"), amount, check=amount.problem, hint=_("Empty: any amount."))
    form.add('limit', _("How long"), limit)
    form.add('unit', _("Counted in"), unit)
    dialog.column.addWidget(form)
    dialog.accept_if = lambda: '' if form.check() else None
    what.setFocus()
    if not dialog.run():
        return None
    changed = (what.value(), limit.value(), unit.value()) != (now.what, now.limit, now.unit)
    return Target(
        what=what.value(),
        limit=limit.value(),
        unit=unit.value(),
        line=Line(line.value()) if line.value() else None,
        injury={'': None, 'yes': True, 'no': False}[injury.value()],
        up_to=amount.value() or None,
        mark='C' if target is None or changed else now.mark,
        aim=None if changed else now.aim,
        off=now.off,
    )


def _table() -> QTableWidget:
    table = small_table(
        _("Targets"),
        [_("For"), _("Line"), _("Injury"), _("Estimate up to"), _("How long"), _("Mark"), _("In use")],
        {1: 150, 2: 120, 3: 120, 4: 150, 5: 60, 6: 70},
        stretched=[0],
    )
    table.setMinimumHeight(360)
    return table
