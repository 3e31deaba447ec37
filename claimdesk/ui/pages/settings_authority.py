"""Settings of authority: who may approve up to how much, and with which reasons a calculation is returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTableWidget, QTableWidgetItem

from claimdesk.errors import ClaimDeskError, Conflict
from claimdesk.language import N_, _
from claimdesk.rules.authority import Level, ReturnReason, limit_from
from claimdesk.rules.permissions import PERMISSIONS, Permission
from claimdesk.services.money_rules import InForce
from claimdesk.ui import text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, Combo, DateEdit, PlainLabel
from claimdesk.vocabulary import Line, Role, label

APPROVING = tuple(role for role in Role if Permission.APPROVE in PERMISSIONS[role])
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
NAME, ROLE, PEOPLE, FIRST_LINE = 0, 1, 2, 3
MARK = N_("The office's own rule (mark C): no law sets these amounts. Each change holds from a day on.")


class AuthoritySection(Section):
    """Two tables that are typed in, each saved from a day on; the older wordings stay for the older days."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _("Authority"), _(MARK), wide=True)
        self._levels: InForce[tuple[Level, ...]] | None = None
        self._returns: InForce[tuple[ReturnReason, ...]] | None = None
        self._edited: set[str] = set()
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self.group(_("Levels of approval"))
        self._levels_since = PlainLabel('', 'secondary', wrap=True)
        self.column.addWidget(self._levels_since)
        headings = [_("Level"), _("Role"), _("Only these logins (empty: all of the role)"), *map(label, Line)]
        self.levels = self._table(headings, (150, 140, 280, 120, 150, 120), _("Levels of approval"))
        for column in range(FIRST_LINE, FIRST_LINE + len(Line)):
            self.levels.horizontalHeaderItem(column).setTextAlignment(RIGHT)
        self.column.addWidget(self.levels, 2)
        self.column.addWidget(
            PlainLabel(
                _("Up to and including the amount in yuan; empty: this level does not approve the line. What is above"
                  " the highest level is decided by the head office and recorded with its letter."),
                'caption', wrap=True,
            )
        )  # fmt: skip
        self.levels_from = self._foot('levels', self.levels, self.add_level, self.save_levels)
        self.group(_("Reasons for a return"))
        self.returns = self._table([_("Code"), _("Reason")], (120,), _("Reasons for a return"))
        self.column.addWidget(self.returns, 1)
        self.returns_from = self._foot('returns', self.returns, self.add_return, self.save_returns)

    def _table(self, headings: Sequence[str], widths: Sequence[int], name: str) -> QTableWidget:
        table = QTableWidget(0, len(headings))
        table.setAccessibleName(name)
        table.setHorizontalHeaderLabels(list(headings))
        table.verticalHeader().hide()
        table.setProperty('cells', 'roomy')
        table.setProperty('framed', True)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        if not self.may:
            table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        for column, width in enumerate(widths):
            table.setColumnWidth(column, width)
        table.setMinimumHeight(150)
        return table

    def _foot(self, what: str, table: QTableWidget, add: Any, save: Any) -> DateEdit:
        day = DateEdit()
        day.setAccessibleName(_("Holds from"))
        day.setFixedWidth(150)
        day.set_value(self.desk.context.today())
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        remove = Button(_("Remove the marked row"), partial(self._remove, what, table), kind='quiet', icon='trash-2')
        saving = Button(_("Save"), save, kind='primary')
        caption = PlainLabel(_("Holds from"), 'caption')
        widgets = (Button(_("Add a row"), add, icon='plus'), remove, caption, day, saving)
        for place, widget in enumerate(widgets):
            if place == 2:
                row.addStretch(1)
            row.addWidget(widget)
            widget.setVisible(self.may)
        table.itemChanged.connect(lambda _item: self._edited.add(what))
        self.column.addLayout(row)
        return day

    # Shown

    def opened(self) -> None:
        rules, actor = self.desk.money_rules, self.desk.signed_in
        if not self._edited:
            self.page.run(
                lambda _progress: (rules.levels(actor), rules.returns(actor)),
                self._show,
                self.failed,
                latest='authority',
            )

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, found: tuple[InForce[tuple[Level, ...]], InForce[tuple[ReturnReason, ...]]]) -> None:
        self._levels, self._returns = found
        since = self._levels.since
        self._levels_since.setText(
            _("In force since {day}.").format(day=text.day(since))
            if since
            else _("What ClaimDesk brings; the office has entered nothing of its own yet.")
        )
        self.levels.setRowCount(0)
        for level in self._levels.value:
            self._add_level(level)
        self.returns.setRowCount(0)
        for one in self._returns.value:
            self._add_return(one)
        self._edited.clear()

    def _add_level(self, level: Level) -> None:
        row = self.levels.rowCount()
        self.levels.insertRow(row)
        self.levels.setItem(row, NAME, QTableWidgetItem(_(level.name)))
        role = Combo(searchable=False)
        for one in APPROVING:
            role.add(one, label(one))
        role.set_value(level.role)
        role.setEnabled(self.may)
        role.setAccessibleName(_("Role"))
        role.value_changed.connect(lambda: self._edited.add('levels'))
        self.levels.setCellWidget(row, ROLE, role)
        self.levels.setItem(row, PEOPLE, QTableWidgetItem(', '.join(level.people)))
        for column, line in enumerate(Line, start=FIRST_LINE):
            amount = level.limits.get(line)
            item = QTableWidgetItem('' if amount is None else text.money(amount))
            item.setTextAlignment(RIGHT)
            self.levels.setItem(row, column, item)

    def _add_return(self, one: ReturnReason) -> None:
        row = self.returns.rowCount()
        self.returns.insertRow(row)
        self.returns.setItem(row, 0, QTableWidgetItem(one.code))
        self.returns.setItem(row, 1, QTableWidgetItem(_(one.words)))

    # Done

    def add_level(self) -> None:
        """One more level, to be typed."""
        self._add_level(Level('', APPROVING[0], {}))
        self._begin('levels', self.levels)

    def add_return(self) -> None:
        """One more reason, to be typed."""
        self._add_return(ReturnReason('', ''))
        self._begin('returns', self.returns)

    def _begin(self, what: str, table: QTableWidget) -> None:
        self._edited.add(what)
        table.setCurrentCell(table.rowCount() - 1, 0)
        table.setFocus()
        table.edit(table.currentIndex())

    def _remove(self, what: str, table: QTableWidget) -> None:
        row = table.currentRow()
        if row >= 0:
            table.removeRow(row)
            self._edited.add(what)

    def save_levels(self) -> None:
        """Let the levels hold from the day that is entered."""
        try:
            levels = [self._level(row) for row in range(self.levels.rowCount())]
        except ValueError as error:
            self.page.banner.show_message(
                _("{typed} is not an amount.").format(typed=error), _("Enter yuan, such as 50,000."), 'error'
            )
            return
        rules, actor = self.desk.money_rules, self.desk.signed_in
        version, day = self._version(self._levels, self.levels_from), self.levels_from.value() or dt.date.min
        self.page.run(
            lambda _progress: rules.set_levels(actor, levels, day, version),
            partial(self._saved, 'levels'),
            self._refused,
        )

    def save_returns(self) -> None:
        """Let the reasons hold from the day that is entered."""
        reasons = [
            ReturnReason(self._cell(self.returns, row, 0), self._cell(self.returns, row, 1))
            for row in range(self.returns.rowCount())
        ]
        rules, actor = self.desk.money_rules, self.desk.signed_in
        version, day = self._version(self._returns, self.returns_from), self.returns_from.value() or dt.date.min
        self.page.run(
            lambda _progress: rules.set_returns(actor, reasons, day, version),
            partial(self._saved, 'returns'),
            self._refused,
        )

    def save(self) -> None:
        """Ctrl+S: save what was edited."""
        if 'levels' in self._edited:
            self.save_levels()
        if 'returns' in self._edited:
            self.save_returns()

    def _version(self, shown: InForce[Any] | None, day: DateEdit) -> int | None:
        return shown.version if shown is not None and day.value() == self.desk.context.today() else None

    def _level(self, row: int) -> Level:
        limits = {}
        for column, line in enumerate(Line, start=FIRST_LINE):
            amount = limit_from(self._cell(self.levels, row, column))
            if amount is not None:
                limits[line] = amount
        people = self._cell(self.levels, row, PEOPLE).replace('，', ',').split(',')
        role: Any = self.levels.cellWidget(row, ROLE)
        logins = tuple(one.strip() for one in people if one.strip())
        return Level(self._cell(self.levels, row, NAME), role.value(), limits, logins)

    @staticmethod
    def _cell(table: QTableWidget, row: int, column: int) -> str:
        item = table.item(row, column)
        return item.text().strip() if item is not None else ''

    def _saved(self, what: str, _nothing: object) -> None:
        self._edited.discard(what)
        self.said(_("Saved. Cases that are decided from that day on follow it."))
        self.opened()

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, Conflict):
            self._edited.clear()
            self.opened()
        self.failed(error)

    def has_unsaved(self) -> bool:
        return bool(self._edited)
