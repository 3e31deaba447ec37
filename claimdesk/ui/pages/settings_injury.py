"""The provinces' yearly figures for damages in injury cases: entered one by one, or taken in from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTableWidget, QTableWidgetItem

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput
from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.injuries import COLUMNS, ProvinceYear
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.case.figure_fields import WholeEdit
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, FormGrid, MoneyEdit, PlainLabel, required
from claimdesk.ui.widgets.small_table import small_table

MONEY = ('income', 'spending', 'monthly_wage')


class InjurySection(Section):
    """The table of provinces and years, and a form for one of them."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page,
            _("Injury figures"),
            _("What the statistics of a province say of a year. Damages are computed from the year before the court's"
              " hearing; the program brings no figures of its own."),
            wide=True,
        )  # fmt: skip
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self._rows: list[ProvinceYear] = []
        self._chosen: ProvinceYear | None = None
        self.table = self._table()
        self.column.addWidget(self.table)
        self.empty = PlainLabel(_("Nothing has been entered yet. Enter a year below, or take in a file."), 'secondary')
        self.column.addWidget(self.empty)
        self.column.addWidget(self._form())
        self.column.addLayout(self._buttons())
        hint = _("A file is CSV with the columns {columns}.").format(columns=', '.join(COLUMNS))
        self.column.addWidget(PlainLabel(hint, 'caption', wrap=True))
        self.column.addStretch(1)

    def _table(self) -> QTableWidget:
        heads = [_("Province"), _("Year"), _("Disposable income"), _("Consumption spending"), _("Monthly wage")]
        table = small_table(
            _("Provinces' figures"),
            [*heads, _("Source")],
            dict(enumerate((120, 70, 150, 150, 130))),
            stretched=[5],
        )
        table.setMinimumHeight(220)
        table.currentCellChanged.connect(lambda row, *_others: self._choose(row))
        return table

    def _form(self) -> FormGrid:
        self.form = FormGrid(3)
        self.province, self.year, self.source = QLineEdit(), WholeEdit(2100), QLineEdit()
        self.form.add('province', _("Province"), self.province, required=True, check=required(self.province.text))
        self.form.add('year', _("Year"), self.year, required=True, check=required(self.year.text))
        self.form.add('source', _("Source"), self.source)
        for name, words in (
            ('income', _("Disposable income of urban residents")),
            ('spending', _("Consumption spending of urban residents")),
            ('monthly_wage', _("Average monthly wage of employees")),
        ):
            field = MoneyEdit()
            self.form.add(name, words, field, check=field.problem)
        for name in self.form.names():
            self.form.field(name).setEnabled(self.may)
        return self.form

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.save_button = Button(_("Save"), self.save, kind='primary', tip='Ctrl+S')
        self.import_button = Button(_("Import from a file…"), self._import, icon='upload')
        for button in (self.save_button, self.import_button):
            button.setEnabled(self.may)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def opened(self) -> None:
        injuries, actor = self.desk.injuries, self.desk.signed_in
        self.page.run(lambda _progress: injuries.provinces(actor), self._show, self.failed, latest='provinces')

    def changed(self, kinds: set[str]) -> None:
        if 'office_setting' in kinds:
            self.opened()

    def _show(self, rows: list[ProvinceYear]) -> None:
        self._rows = rows
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.table.blockSignals(True)
        self.table.setRowCount(len(rows))
        for place, one in enumerate(rows):
            cells = [one.province, str(one.year), *(_amount(getattr(one, name)) for name in MONEY), one.source]
            for column, words in enumerate(cells):
                item = QTableWidgetItem(words)
                if 2 <= column <= 4:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(place, column, item)
        self.table.setCurrentCell(-1, -1)
        self.table.blockSignals(False)

    def _choose(self, row: int) -> None:
        if not 0 <= row < len(self._rows):
            return
        self._chosen = one = self._rows[row]
        self.province.setText(one.province)
        self.year.set_value(one.year)
        self.source.setText(one.source)
        for name in MONEY:
            self._money(name).set_value(getattr(one, name))
        self.form.clear_errors()

    def _money(self, name: str) -> MoneyEdit:
        field = self.form.field(name)
        assert isinstance(field, MoneyEdit)
        return field

    def save(self) -> None:
        """Keep the figures in the form."""
        if not self.may or not self.form.check():
            return
        province, year, chosen = self.province.text().strip(), self.year.value() or 0, self._chosen
        version = chosen.version if chosen is not None and (chosen.province, chosen.year) == (province, year) else 0
        income, spending, wage = (self._money(name).value() for name in MONEY)
        figures = ProvinceYear(province, year, income, spending, wage, self.source.text(), version=version)
        injuries, actor = self.desk.injuries, self.desk.signed_in
        self.page.run(lambda _progress: injuries.set(actor, figures), self._was_saved, self._refused)

    def _was_saved(self, _nothing: object) -> None:
        self.said(_("The figures of {province} {year} are saved.").format(
            province=self.province.text().strip(), year=self.year.text()
        ))  # fmt: skip
        self._chosen = None
        for field in (self.province, self.year, self.source, *(self._money(name) for name in MONEY)):
            field.clear()
        self.opened()

    def _import(self) -> None:
        paths = dialogs.open_files(self, _("Take in provinces' figures"), 'CSV (*.csv)', several=False)
        if paths:
            self.take_in(paths[0])

    def take_in(self, path: Path) -> None:
        """Take in the file at `path`, all of it or nothing."""
        injuries, actor = self.desk.injuries, self.desk.signed_in
        self.page.run(
            lambda _progress: injuries.take_in(actor, injuries.read_file(path.read_bytes())), self._taken, self.failed
        )

    def _taken(self, number: int) -> None:
        self.said(ngettext("{count} year was taken in.", "{count} years were taken in.", number).format(count=number))
        self.opened()

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, Conflict):
            self.opened()
        if not isinstance(error, InvalidInput) or self.form.show_errors(error.fields) or not error.fields:
            self.failed(error)

    def has_unsaved(self) -> bool:
        typed = (self.province.text(), self.year.text(), *(self._money(name).text() for name in MONEY))
        return any(typed) and self._chosen is None

    def keep(self) -> Any:
        if not self.has_unsaved():
            return None
        fields: dict[str, Any] = {name: self.form.field(name) for name in self.form.names()}
        return {name: field.text() for name, field in fields.items()}

    def restore(self, kept: Any) -> None:
        for name, words in (kept or {}).items():
            field: Any = self.form.field(name)
            field.setText(words)


def _amount(value: Any) -> str:
    return '–' if value is None else text.money(value)
