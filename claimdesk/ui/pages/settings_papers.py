"""Checks of papers against their case, as the office decides them: its hospitals, its buyers, its words on lists."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from PySide6.QtWidgets import QCheckBox

from claimdesk.language import _
from claimdesk.rules.paper_rules import (
    CHECKS_KEY,
    HOSPITALS_KEY,
    HospitalLevel,
    PaperSort,
    checks_from,
    checks_value,
    hospitals_from,
    hospitals_value,
)
from claimdesk.services.context import Actor
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_rows import Column, RowsTable
from claimdesk.ui.pages.settings_rule import RuleSection
from claimdesk.ui.widgets import Combo, FormGrid, PlainLabel, TextArea
from claimdesk.vocabulary import label

_BETWEEN = re.compile(r'[、,，;；\s]+')


class HospitalsSection(RuleSection):
    """The hospitals whose bills the office takes."""

    key = HOSPITALS_KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Hospitals whose bills are accepted. While the list is empty nothing is checked; with it, a bill from"
            " elsewhere is pointed out. Whether treatment elsewhere was an emergency is for a person to judge."
        )
        super().__init__(page, _("Hospitals"), sentence, wide=True)

    def build(self) -> None:
        self.form = FormGrid(2)
        self.least = Combo(searchable=False)
        for level in HospitalLevel:
            self.least.add(level.value, label(level) if level.value else _("Any grade"))
        self.form.add('least', _("Lowest grade that is accepted"), self.least)
        grades = {level.value: label(level) for level in HospitalLevel}
        self.list = RowsTable(
            _("Hospitals"),
            [
                Column('name', _("Hospital")),
                Column('also', _("Other names, separated by commas")),
                Column('level', _("Grade"), 140, grades),
                Column('designated', _("Designated"), 110, ticked=True),
            ],
            may=self.may,
        )
        self.form.add('hospitals', _("Hospitals"), self.list, span=2)
        self.least.setEnabled(self.may)
        self.least.value_changed.connect(self.touched)
        self.list.edited.connect(self.touched)
        self.column.addWidget(self.form)

    def value(self) -> Any:
        rows = [row | {'also': _words(row['also'])} for row in self.list.rows()]
        return {'least': self.least.value() or '', 'hospitals': rows}

    def fill(self, value: Any) -> None:
        chosen = hospitals_value(hospitals_from(value))
        self.least.set_value(chosen['least'])
        self.list.show_rows([row | {'also': '，'.join(row['also'])} for row in chosen['hospitals']])

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.paper_checks.save_hospitals(actor, hospitals_from(value), day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)


class ChecksSection(RuleSection):
    """To whom invoices may be made out, and the words that are looked for on lists."""

    key = CHECKS_KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "What papers are compared with. Names, plates, dates and amounts are always compared; here the office"
            " says to whom an invoice may be made out, and which words on a list point away from the loss. All of"
            " it is the office's own (C)."
        )
        super().__init__(page, _("Checks of papers"), sentence, wide=True)

    def build(self) -> None:
        self.form = FormGrid(1)
        self.sides = {
            'insured': QCheckBox(_("An invoice may be made out to the insured")),
            'holder': QCheckBox(_("… to the policyholder")),
            'others': QCheckBox(_("… to anybody whom the case names: injured, third party, payee")),
        }
        for box in self.sides.values():
            box.setEnabled(self.may)
            box.toggled.connect(self.touched)
            self.column.addWidget(box)
        self.names = TextArea(lines=3)
        self.names.setReadOnly(not self.may)
        self.names.textChanged.connect(self.touched)
        hint = _("One name on each line, for example the insurer.")
        self.form.add('names', _("Other names that are accepted as the buyer"), self.names, hint=hint)
        sorts = {sort.value: label(sort) for sort in PaperSort}
        self.items = RowsTable(
            _("Words on lists"),
            [
                Column('name', _("Called"), 130),
                Column('papers', _("Looked for on"), 150, sorts),
                Column('words', _("Words, separated by commas")),
                Column('unless', _("Not where the injury or damage speaks of")),
            ],
            may=self.may,
        )
        self.items.edited.connect(self.touched)
        self.form.add('items', _("Words on lists"), self.items)
        self.column.addWidget(self.form)
        note = _("A word only points to a line: whether it belongs to the loss is for a person to judge.")
        self.column.addWidget(PlainLabel(note, 'caption', wrap=True))

    def value(self) -> Any:
        items = [
            row | {'words': _words(row['words']), 'unless': _words(row['unless'])} for row in self.items.rows()
        ]
        names = [line.strip() for line in self.names.value().splitlines() if line.strip()]
        return {name: box.isChecked() for name, box in self.sides.items()} | {'names': names, 'items': items}

    def fill(self, value: Any) -> None:
        rules = checks_value(checks_from(value))
        for name, box in self.sides.items():
            box.setChecked(rules[name])
        self.names.set_value('\n'.join(rules['names']))
        self.items.show_rows(
            [row | {'words': '，'.join(row['words']), 'unless': '，'.join(row['unless'])} for row in rules['items']]
        )

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.paper_checks.save_rules(actor, checks_from(value), day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)


def _words(typed: str) -> list[str]:
    return [word for word in _BETWEEN.split(typed) if word]
