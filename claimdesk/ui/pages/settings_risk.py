"""The tables of risk: which signals weigh how much, and what the office's rule may approve without a person."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from claimdesk.language import _
from claimdesk.rules import automatic, risk
from claimdesk.services.context import Actor
from claimdesk.services.risk import RuleRecord
from claimdesk.ui import text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_rule import RuleSection
from claimdesk.ui.widgets import Combo, FormGrid, NumberEdit, PlainLabel
from claimdesk.vocabulary import Line, RiskLevel, label

ON, NAME, WEIGHT, NUMBER, MARK, HOLDING, CONFIRMED, CLEARED, RATE = range(9)
MOST_NUMBER = 1_000_000
_WIDTHS = {ON: 40, WEIGHT: 84, NUMBER: 300, MARK: 48, HOLDING: 76, CONFIRMED: 76, CLEARED: 66, RATE: 66}


class RiskSection(RuleSection):
    """The table of risk rules, with how often each was right."""

    key = risk.KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "A rule that holds adds its points to a case and says why. Points tell a person where to look; they never "
            "decide on a claim. Marks: B from a secondary source, C the program's own suggestion."
        )
        super().__init__(page, _("Risk signals"), sentence, wide=True)

    def build(self) -> None:
        rules = risk.DEFAULT_TABLE.rules
        headings = (
            _("On"), _("Rule"), _("Points"), _("Threshold"), _("Mark"), _("Holds now"), _("Confirmed"), _("Cleared"),
            _("Hit rate"),
        )  # fmt: skip
        self.table = QTableWidget(len(rules), len(headings))
        self.table.setHorizontalHeaderLabels(headings)
        self.table.setAccessibleName(_("Risk rules"))
        self.table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setProperty('framed', True)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.ROW_ROOMY)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            self.table.setColumnWidth(column, width)
        self.fields: dict[str, tuple[QCheckBox, NumberEdit, NumberEdit | None]] = {}
        for row, rule in enumerate(rules):
            self._row(row, rule)
        self.table.setMinimumHeight(420)
        self.column.addWidget(self.table, 1)
        self._limits()

    def _row(self, row: int, rule: risk.RiskRule) -> None:
        name = risk.rule_name(rule.code)
        enabled, weight = QCheckBox(), NumberEdit(0, 100)
        enabled.setAccessibleName(_("{rule} is on").format(rule=name))
        weight.setAccessibleName(_("Points of {rule}").format(rule=name))
        enabled.toggled.connect(self.touched)
        weight.valueChanged.connect(self.touched)
        self.table.setCellWidget(row, ON, _held(enabled))
        self.table.setCellWidget(row, WEIGHT, _held(weight))
        number: NumberEdit | None = None
        if rule.threshold is not None:
            number = NumberEdit(1, MOST_NUMBER)
            number.setGroupSeparatorShown(True)
            number.setFixedWidth(104)
            number.setAccessibleName(f'{name}: {risk.threshold_words(rule.code)}')
            number.valueChanged.connect(self.touched)
            self.table.setCellWidget(row, NUMBER, _held(number, risk.threshold_words(rule.code)))
        for column, words in ((NAME, name), (MARK, rule.mark)):
            self._say(row, column, words)
        for field in (enabled, weight, number):
            if field is not None:
                field.setEnabled(self.may)
        self.fields[rule.code] = (enabled, weight, number)

    def _limits(self) -> None:
        self.form = FormGrid(4)
        self.medium, self.high, self.days = NumberEdit(1, 999), NumberEdit(2, 1000), NumberEdit(1, 60)
        self.refer = Combo(searchable=False)
        self.refer.add(True, _("ask somebody to look, by itself"))
        self.refer.add(False, _("only say so"))
        self.form.add('medium_from', _("Medium from, points"), self.medium)
        self.form.add('high_from', _("High from, points"), self.high)
        self.form.add('refer_high', _("A case of high level"), self.refer)
        self.form.add('refer_days', _("Finding within, working days"), self.days)
        self.form.edited.connect(self.touched)
        self.refer.value_changed.connect(self.touched)
        for field in (self.medium, self.high, self.days):
            field.valueChanged.connect(self.touched)
        self.form.setEnabled(self.may)
        self.column.addWidget(self.form)

    def opened(self) -> None:
        super().opened()
        desk, actor = self.desk, self.desk.signed_in
        self.page.run(lambda _progress: desk.risk.records(actor), self._show_records, self.failed, latest='records')

    def _show_records(self, records: list[RuleRecord]) -> None:
        for row, record in enumerate(records):
            rate = text.DASH if record.hit_rate is None else f'{record.hit_rate:.0%}'
            for column, words in (
                (HOLDING, text.number(record.holding)),
                (CONFIRMED, text.number(record.confirmed)),
                (CLEARED, text.number(record.cleared)),
                (RATE, rate),
            ):
                self._say(row, column, words)

    def _say(self, row: int, column: int, words: str) -> None:
        item = QTableWidgetItem(words)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setToolTip(words)
        if column >= HOLDING:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.setItem(row, column, item)

    def value(self) -> Any:
        rules = []
        for rule in risk.DEFAULT_TABLE.rules:
            enabled, weight, number = self.fields[rule.code]
            threshold = None if number is None else number.value()
            rules.append(risk.RiskRule(rule.code, weight.value(), threshold, rule.mark, enabled.isChecked()))
        return risk.as_value(
            risk.RiskTable(
                tuple(rules), self.medium.value(), self.high.value(), bool(self.refer.value()), self.days.value()
            )
        )

    def fill(self, value: Any) -> None:
        table = risk.table_from(value)
        for rule in table.rules:
            enabled, weight, number = self.fields[rule.code]
            enabled.setChecked(rule.enabled)
            weight.setValue(rule.weight)
            if number is not None:
                number.setValue(rule.threshold or 1)
        self.medium.setValue(table.medium_from)
        self.high.setValue(table.high_from)
        self.refer.set_value(table.refer_high)
        self.days.setValue(table.refer_days)

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.risk.save_table(actor, risk.table_from(value), day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)


class AutomaticSection(RuleSection):
    """What the office's rule may approve. It is the office's decision, so a new office has it switched off."""

    key = automatic.KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "A calculation that is handed in is approved by the rule when every condition holds, and otherwise waits "
            "for a person. The rule never refuses. Motor claims up to 5,000 yuan without injury come from a public "
            "pledge (mark B); the rest is your own decision (mark C)."
        )
        super().__init__(page, _("Automatic approval"), sentence)

    def build(self) -> None:
        self.form = FormGrid(2)
        self.enabled = Combo(searchable=False)
        self.enabled.add(False, _("Off: every calculation goes to a person"))
        self.enabled.add(True, _("On"))
        self.form.add('enabled', _("The rule"), self.enabled, span=2)
        self.limits: dict[Line, NumberEdit] = {}
        for line in Line:
            field = NumberEdit(0, automatic.MOST_LIMIT)
            field.setGroupSeparatorShown(True)
            field.setSpecialValueText(_("nothing"))
            field.setSingleStep(500)
            self.form.add(line.value, _("{line}: up to, yuan").format(line=label(line)), field)
            field.valueChanged.connect(self.touched)
            self.limits[line] = field
        self.risk = Combo(searchable=False)
        for level in (RiskLevel.NONE, RiskLevel.LOW, RiskLevel.MEDIUM):
            self.risk.add(level, label(level))
        self.sample = NumberEdit(0, 100)
        self.form.add('highest_risk', _("Risk level at most"), self.risk)
        self.form.add('sample_percent', _("Drawn for a person all the same, %"), self.sample)
        self.sample.valueChanged.connect(self.touched)
        for combo in (self.enabled, self.risk):
            combo.value_changed.connect(self.touched)
        self.form.setEnabled(self.may)
        self.column.addWidget(self.form)
        self.group(_("The conditions, all of which must hold"))
        for code in automatic.CONDITIONS:
            self.column.addWidget(PlainLabel(f'•  {automatic.condition_name(code)}'))

    def value(self) -> Any:
        return automatic.as_value(
            automatic.AutomaticRule(
                bool(self.enabled.value()),
                {line: field.value() for line, field in self.limits.items()},
                RiskLevel(self.risk.value() or RiskLevel.LOW),
                self.sample.value(),
            )
        )

    def fill(self, value: Any) -> None:
        rule = automatic.rule_from(value)
        self.enabled.set_value(rule.enabled)
        for line, field in self.limits.items():
            field.setValue(rule.limits.get(line, 0))
        self.risk.set_value(rule.highest_risk)
        self.sample.setValue(rule.sample_percent)

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.straight_through.save_rule(actor, automatic.rule_from(value), day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)


def _held(field: QWidget, words: str = '') -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(8, 2, 8, 2)
    row.setSpacing(theme.SPACE_8)
    row.addWidget(field)
    if words:
        row.addWidget(PlainLabel(words, 'secondary'))
        row.addStretch(1)
    return box
