"""The office's figures for adjustment: limits, ratios and rates with their mark and source, each from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidgetItem

from claimdesk.errors import ClaimDeskError, Conflict
from claimdesk.language import _
from claimdesk.rules.adjustment import percent
from claimdesk.rules.adjustment.figures import DEFAULTS, FIGURES, KEY, Figure, Figures
from claimdesk.rules.permissions import Permission
from claimdesk.services.office_rules import RuleVersion
from claimdesk.ui import text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.case.figure_fields import PercentEdit
from claimdesk.ui.pages.settings_dated import DatedBar
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Combo, MoneyEdit, PlainLabel
from claimdesk.ui.widgets.small_table import small_table
from claimdesk.vocabulary import label

NAME, VALUE, MARK, SOURCE = range(4)


class FiguresSection(Section):
    """Every figure in one table; what differs from the program's own is marked."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page,
            _("Adjustment figures"),
            _("The numbers by which payments are calculated. A claim is calculated by those of the day of its loss;"
              " a calculation that was handed in keeps the ones it was made with."),
            wide=True,
        )  # fmt: skip
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._saved: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._filling = False
        self.fields: dict[str, Any] = {}
        self.table = small_table(
            _("Figures"),
            [_("Figure"), _("Value"), _("Mark"), _("Source")],
            {VALUE: 230, MARK: 60},
            stretched=[NAME, SOURCE],
            row_height=theme.ROW_ROOMY,
            edited=True,
        )
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setMinimumHeight(380)
        self._build_rows()
        self.column.addWidget(self.table, 1)
        marks = _("A: the text of clause or law was read · B: a secondary source · C: general knowledge. What is marked"
                  " B or C is no law: check it against your clauses.")  # fmt: skip
        self.column.addWidget(PlainLabel(marks, 'caption', wrap=True))
        self.dated = DatedBar(self.desk.context.today(), may=self.may)
        self.dated.save_wanted.connect(self._save)
        self.dated.back_wanted.connect(self._back)
        self.dated.forget_wanted.connect(self._forget)
        self.column.addWidget(self.dated)

    def _build_rows(self) -> None:
        group = ''
        for figure in FIGURES:
            if figure.group != group:
                group = figure.group
                row = self.table.rowCount()
                self.table.insertRow(row)
                head = QTableWidgetItem(_(group))
                head.setFont(theme.font(strong=True))
                head.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self.table.setItem(row, NAME, head)
                self.table.setSpan(row, NAME, 1, 4)
            self._build_row(figure)

    def _build_row(self, figure: Figure) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        name = _named(figure)
        for column, words in ((NAME, name), (MARK, figure.mark), (SOURCE, _(figure.source))):
            item = QTableWidgetItem(words)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(words)
            self.table.setItem(row, column, item)
        field = self._field(figure)
        field.setAccessibleName(name)
        field.setEnabled(self.may)
        self.table.setCellWidget(row, VALUE, field)
        self.fields[figure.key] = field

    def _field(self, figure: Figure) -> Any:
        if figure.kind in ('flag', 'words'):
            chosen = Combo(searchable=False)
            if figure.choices is None:
                chosen.add('yes', _("yes"))
                chosen.add('no', _("no"))
            else:
                for word in figure.choices:
                    chosen.add(word.value, label(word))
            chosen.value_changed.connect(lambda: self._typed(figure, chosen.value() or ''))
            return chosen
        field: MoneyEdit | PercentEdit = MoneyEdit() if figure.kind == 'money' else PercentEdit()
        field.textEdited.connect(lambda _words: self._number_typed(figure, field))
        return field

    # Reading

    def opened(self) -> None:
        rules, actor = self.desk.rules, self.desk.signed_in
        self.page.run(lambda _progress: rules.versions(actor, KEY), self._show, self.failed, latest='figures')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, versions: list[RuleVersion]) -> None:
        self.dated.show_versions(versions, self.desk.context.today())
        if self.has_unsaved():
            return
        self._saved = dict(Figures.of(versions[0].value if versions else None).values)
        self._values = dict(self._saved)
        self._fill()

    def _fill(self) -> None:
        self._filling = True
        for figure in FIGURES:
            field, words = self.fields[figure.key], self._values[figure.key]
            if isinstance(field, Combo):
                field.set_value(words)
            else:
                field.set_value(Figures(self._values).number(figure.key))
            field.setToolTip(_("The program's own: {value}").format(value=_shown(figure, figure.default)))
        self._filling = False
        self._check()

    # Editing

    def _number_typed(self, figure: Figure, field: MoneyEdit | PercentEdit) -> None:
        value = None if field.problem() else field.value()
        self._typed(figure, '' if value is None else f'{value.normalize():f}')

    def _typed(self, figure: Figure, words: str) -> None:
        if not self._filling:
            self._values[figure.key] = words
            self._check()

    def _check(self) -> None:
        wrong = [_named(figure) for figure in FIGURES if not self._values.get(figure.key)]
        words = _("Enter a value: {names}").format(names=_(", ").join(wrong[:3])) if wrong and self._values else ''
        self.dated.say(words)
        self.dated.set_changed(self.has_unsaved() and not wrong)

    def has_unsaved(self) -> bool:
        return bool(self._saved) and self._values != self._saved

    def keep(self) -> Any:
        return dict(self._values) if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        self._saved = dict(DEFAULTS)
        self._values = {**DEFAULTS, **kept}
        self._fill()

    def save(self) -> None:
        """Ctrl+S."""
        self.dated.save_button.click()

    def _save(self, day: dt.date) -> None:
        own = self._own()
        rules, actor, version = self.desk.rules, self.desk.signed_in, self.dated.version_of(day)
        self.page.run(lambda _progress: rules.set(actor, KEY, day, own, version), self._was_saved, self._refused)

    def _own(self) -> Mapping[str, str]:
        """What differs from the program's own: only that is kept."""
        return {key: words for key, words in self._values.items() if words != DEFAULTS[key]}

    def _was_saved(self, _nothing: object) -> None:
        self._saved = dict(self._values)
        self.said(_("The figures are saved."))
        self.opened()

    def _back(self) -> None:
        self._values = dict(DEFAULTS)
        self._fill()

    def _forget(self, version: RuleVersion) -> None:
        rules, actor = self.desk.rules, self.desk.signed_in
        self._values = dict(self._saved)
        self.page.run(
            lambda _progress: rules.forget(actor, version.id, version.version), lambda _nothing: self.opened(),
            self._refused,
        )  # fmt: skip

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, Conflict):
            self.opened()
        self.failed(error)


def _named(figure: Figure) -> str:
    grade = figure.key.partition('.')[2]
    return _(figure.label).format(grade=grade) if figure.key.startswith('grade.') else _(figure.label)


def _shown(figure: Figure, words: str) -> str:
    if figure.kind == 'flag':
        return _("yes") if words == 'yes' else _("no")
    if figure.choices is not None:
        return label(figure.choices(words))
    number = Figures({figure.key: words}).number(figure.key)
    return text.money(number) if figure.kind == 'money' else percent(number)
