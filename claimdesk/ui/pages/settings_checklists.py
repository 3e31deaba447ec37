"""The office's lists of needed documents: for each line what is asked, when, and whether the claim waits for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTableWidgetItem

from claimdesk.language import _
from claimdesk.rules.checklist import (
    DEFAULT_LISTS,
    DOCUMENT_NAMES,
    LONGEST_NAME,
    RULE_KEY,
    Lists,
    NeededDocument,
    When,
    from_json,
    list_problems,
    to_json,
)
from claimdesk.rules.permissions import Permission
from claimdesk.services.office_rules import RuleVersion
from claimdesk.ui import theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_dated import DatedBar, DatedSection
from claimdesk.ui.widgets import Button, Combo, PlainLabel
from claimdesk.ui.widgets.small_table import small_table
from claimdesk.vocabulary import Line, label

NAME, REQUIRED, WHEN, MARK = range(4)
CONTROL = 28


class ChecklistsSection(DatedSection):
    """One line of business at a time; names are typed in the table, the order is the order of asking."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page,
            _("Checklists"),
            _("Which documents a claim needs. The law asks only that the claimant is told once of everything missing;"
              " the lists are the office's own. New cases take the list of the day they are reported."),
            wide=True,
        )  # fmt: skip
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._saved: Lists = {}
        self._lists: dict[Line, tuple[NeededDocument, ...]] = {}
        self._filling = False
        self._build_tools()
        self.table = small_table(
            _("Needed documents"),
            [_("Document"), _("Required"), _("Asked when"), _("Source")],
            {REQUIRED: 90, WHEN: 240, MARK: 190},
            stretched=[NAME],
            row_height=theme.ROW_ROOMY,
            edited=True,
        )
        self.table.setMinimumHeight(340)
        self.table.cellChanged.connect(self._cell_changed)
        self.column.addWidget(self.table, 1)
        marks = _("A: read in the clause · B: from a second hand · C: common knowledge. None of them is law.")
        self.column.addWidget(PlainLabel(marks, 'caption'))
        self.dated = DatedBar(self.desk.context.today(), may=self.may)
        self.dated.save_wanted.connect(self._save)
        self.dated.back_wanted.connect(self._back)
        self.dated.forget_wanted.connect(self._forget)
        self.column.addWidget(self.dated)

    def _build_tools(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.line = Combo(searchable=False)
        for line in Line:
            self.line.add(line, label(line))
        self.line.set_value(Line.MOTOR)
        self.line.setAccessibleName(_("Line"))
        self.line.setMinimumWidth(200)
        self.line.value_changed.connect(self._fill)
        self.add_button = Button(_("Add"), self.add, icon='plus', tip=_("Add a document"))
        self.up_button = Button(_("Up"), lambda: self.move_row(-1), icon='arrow-up')
        self.down_button = Button(_("Down"), lambda: self.move_row(1), icon='arrow-down')
        self.remove_button = Button(_("Remove"), self.remove, icon='trash-2')
        row.addWidget(self.line)
        row.addStretch(1)
        for button in (self.add_button, self.up_button, self.down_button, self.remove_button):
            button.setEnabled(self.may)
            row.addWidget(button)
        self.column.addLayout(row)

    # Reading

    def opened(self) -> None:
        rules, actor = self.desk.rules, self.desk.signed_in
        self.page.run(lambda _progress: rules.versions(actor, RULE_KEY), self._show, self.failed, latest='checklists')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, versions: list[RuleVersion]) -> None:
        self.dated.show_versions(versions, self.desk.context.today())
        if self.has_unsaved():
            return
        self._saved = from_json(versions[0].value) if versions else DEFAULT_LISTS
        self._lists = dict(self._saved)
        self._fill()

    def _chosen(self) -> Line:
        return Line(self.line.value() or Line.MOTOR)

    def _fill(self) -> None:
        self._filling = True
        listed = self._lists.get(self._chosen(), ())
        self.table.setRowCount(len(listed))
        for row, one in enumerate(listed):
            self._fill_row(row, one)
        self._filling = False
        self._typed()

    def _fill_row(self, row: int, one: NeededDocument) -> None:
        name = QTableWidgetItem(_(one.name))
        if not self.may:
            name.setFlags(name.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self.table.setItem(row, NAME, name)
        box = QCheckBox()
        box.setChecked(one.required)
        box.setEnabled(self.may)
        box.setAccessibleName(_("Required: {name}").format(name=_(one.name)))
        box.toggled.connect(lambda on, row=row: self._change(row, required=on))
        self.table.setCellWidget(row, REQUIRED, box)
        when = Combo(searchable=False)
        for condition in When:
            when.add(condition, label(condition))
        when.set_value(one.when)
        when.setFixedHeight(CONTROL)
        when.setEnabled(self.may)
        when.setAccessibleName(_("Asked when: {name}").format(name=_(one.name)))
        when.value_changed.connect(lambda row=row, field=when: self._change(row, when=When(field.value())))
        self.table.setCellWidget(row, WHEN, when)
        mark = QTableWidgetItem(one.mark or _("The office's own"))
        mark.setFlags(mark.flags() & ~Qt.ItemFlag.ItemIsEditable)
        self.table.setItem(row, MARK, mark)

    # Editing

    def _cell_changed(self, row: int, column: int) -> None:
        if self._filling or column != NAME:
            return
        words = self.table.item(row, NAME).text().strip()[:LONGEST_NAME]
        one = self._lists[self._chosen()][row]
        if words != _(one.name):
            self._change(row, name=words)

    def _change(self, row: int, **values: Any) -> None:
        if self._filling:
            return
        listed = list(self._lists[self._chosen()])
        listed[row] = replace(listed[row], **values)
        self._lists[self._chosen()] = tuple(listed)
        self._typed()

    def _set(self, listed: Sequence[NeededDocument], row: int) -> None:
        self._lists[self._chosen()] = tuple(listed)
        self._fill()
        self.table.setCurrentCell(row, NAME)

    def add(self) -> None:
        """Add a document below the marked one and type its name."""
        listed = list(self._lists[self._chosen()])
        known = {one.code for line in self._lists.values() for one in line} | set(DOCUMENT_NAMES)
        code = next(code for number in count(1) if (code := f'office_{number}') not in known)
        row = self.table.currentRow() + 1 or len(listed)
        listed.insert(row, NeededDocument(code, _("New document"), mark=''))
        self._set(listed, row)
        name = self.table.item(row, NAME)
        if name is not None:
            self.table.editItem(name)

    def remove(self) -> None:
        """Take the marked document off the list; Undo puts it back."""
        row, listed = self.table.currentRow(), list(self._lists[self._chosen()])
        if not 0 <= row < len(listed):
            return
        line, before = self._chosen(), self._lists[self._chosen()]
        gone = listed.pop(row)
        self._set(listed, min(row, len(listed) - 1))
        words = _("Taken off the list: {name}").format(name=_(gone.name))
        self.shell.toast(words, lambda: self._put_back(line, before))

    def _put_back(self, line: Line, before: tuple[NeededDocument, ...]) -> None:
        self._lists[line] = before
        self.line.set_value(line)
        self._fill()

    def move_row(self, by: int) -> None:
        """Ask for the marked document earlier or later."""
        row, listed = self.table.currentRow(), list(self._lists[self._chosen()])
        if 0 <= row < len(listed) and 0 <= row + by < len(listed):
            listed.insert(row + by, listed.pop(row))
            self._set(listed, row + by)

    def _back(self) -> None:
        self._lists[self._chosen()] = DEFAULT_LISTS[self._chosen()]
        self._fill()

    def _typed(self) -> None:
        problems = list_problems(self._lists.get(self._chosen(), ())) if self._lists else []
        self.dated.say(problems[0] if problems else '')
        self.dated.set_changed(self.has_unsaved() and not problems)

    def has_unsaved(self) -> bool:
        return bool(self._saved) and self._lists != dict(self._saved)

    def keep(self) -> Any:
        return to_json(self._lists) if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        self._saved = DEFAULT_LISTS
        self._lists = dict(from_json(kept))
        self._fill()

    # Saving

    def _save(self, day: dt.date) -> None:
        checklist, actor, lists = self.desk.checklist, self.desk.signed_in, dict(self._lists)
        version = self.dated.version_of(day)
        self.page.run(
            lambda _progress: checklist.save_lists(actor, day, lists, version),
            lambda _none: self._done(lists),
            self.refused,
        )

    def _done(self, lists: Lists) -> None:
        self._saved = lists
        self.said(_("The checklists are saved."))
        self.opened()
        self._typed()

    def _forget(self, one: RuleVersion) -> None:
        self._saved = {}
        self.take_back(one, _("The lists are taken back."))
