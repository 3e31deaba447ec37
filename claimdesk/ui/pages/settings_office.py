"""The office: its name, and the calendar by which time limits are counted."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTableWidget, QTableWidgetItem, QVBoxLayout

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, Unavailable
from claimdesk.language import N_, _, ngettext
from claimdesk.progress import Progress
from claimdesk.rules.permissions import Permission
from claimdesk.services.office import CalendarYear, OfficeView, read_calendar
from claimdesk.ui import dialogs, theme
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_recount import count_anew
from claimdesk.ui.pages.settings_section import Section
from claimdesk.ui.widgets import Button, Combo, DateEdit, FormGrid, KeyValue, PlainLabel

KINDS = {'rest': N_("Day off"), 'work': N_("Working weekend")}
_LARGEST_FILE = 1_000_000


class OfficeSection(Section):
    """Name of the office, and what cannot be changed about it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page, _("Office"), _("The same on every desk of this office."))
        self._view: OfficeView | None = None
        self._restored = False
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        self.form = FormGrid(1)
        self.name = QLineEdit()
        self.name.setReadOnly(not self.may)
        self.form.add('name', _("Name of the office"), self.name, check=self._problem,
                      hint=_("It stands on letters and reports."))  # fmt: skip
        self.facts = KeyValue(1)
        self.save_button = Button(_("Save"), self.save, kind='primary', tip='Ctrl+S')
        if not self.may:
            self.save_button.hide()
        self.column.addWidget(self.form)
        self.column.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.facts)
        self.column.addStretch(1)
        self.form.edited.connect(lambda _name: self._light())
        self._light()

    def _problem(self) -> str:
        return '' if self.name.text().strip() else _("Please fill this in.")

    def _light(self) -> None:
        self.save_button.setEnabled(self.has_unsaved())

    def opened(self) -> None:
        self.page.run(lambda _progress: self.desk.office.view(), self._show, self.failed, latest='office')

    def changed(self, kinds: set[str]) -> None:
        if 'office' in kinds:
            self.opened()

    def _show(self, view: OfficeView) -> None:
        typed = self.has_unsaved() or self._restored
        self._view, self._restored = view, False
        if not typed:
            self.name.setText(view.name)
        place = view.server or _("Local file (SQLite)")
        self.facts.set_pairs([(_("Case numbers begin with"), view.code), (_("Kept on"), place)])
        self._light()

    def has_unsaved(self) -> bool:
        return self._view is not None and self.name.text().strip() != self._view.name

    def save(self) -> None:
        """Rename the office."""
        if self._view is None or not self.form.check() or not self.has_unsaved():
            return
        actor, office, view, name = self.desk.signed_in, self.desk.office, self._view, self.name.text()
        self.save_button.setEnabled(False)
        self.page.run(
            lambda _progress: office.rename(actor, view.version, name), partial(self._saved, view.name), self._refused
        )

    def _saved(self, before: str, view: OfficeView) -> None:
        self._view = view
        self.name.setText(view.name)
        self._light()
        self.said(_("The office is called {name}.").format(name=view.name), partial(self._undo, before))

    def _undo(self, before: str) -> None:
        self.name.setText(before)
        self.save()

    def _refused(self, error: ClaimDeskError) -> None:
        self._light()
        if isinstance(error, Conflict):
            self.opened()
        if not isinstance(error, InvalidInput) or self.form.show_errors(error.fields) or not error.fields:
            self.failed(error)

    def keep(self) -> Any:
        return self.name.text() if self.has_unsaved() else None

    def restore(self, kept: Any) -> None:
        if kept is not None:
            self._restored = True
            self.name.setText(kept)


class CalendarSection(Section):
    """The special days of each year: published ones, and the office's own in their place."""

    def __init__(self, page: Page) -> None:
        super().__init__(
            page, _("Calendar"),
            _("Days off and worked weekends, by which working days are counted. Other weekends are always off."),
        )  # fmt: skip
        self._years: dict[int, CalendarYear] = {}
        self._days: list[tuple[dt.date, str, str]] = []
        self._edited = False
        self.may = self.explain_refusal(Permission.MANAGE_OFFICE)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.year = Combo(searchable=False)
        self.year.setAccessibleName(_("Calendar year"))
        self.year.setFixedWidth(120)
        self.year.value_changed.connect(self._year_chosen)
        self._source = PlainLabel('', 'secondary')
        self.import_button = Button(_("Import from a file…"), self._import, icon='upload')
        if not self.may:
            self.import_button.hide()
        row.addWidget(self.year)
        row.addWidget(self._source, 1)
        row.addWidget(self.import_button)
        self.column.addLayout(row)
        self.table = self._table()
        self.column.addWidget(self.table, 1)
        self.column.addLayout(self._editor())
        self._next_year = PlainLabel('', 'note', wrap=True)
        self.column.addWidget(self._next_year)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 3)
        table.setAccessibleName(_("Special days"))
        table.setHorizontalHeaderLabels([_("Day"), _("Kind"), _("Name")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setProperty('cells', 'roomy')
        table.setProperty('framed', True)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        table.setColumnWidth(0, 180)
        table.setColumnWidth(1, 160)
        table.setMinimumHeight(280)
        return table

    def _editor(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(theme.SPACE_12)
        self.form = FormGrid(3)
        self.day, self.kind, self.name = DateEdit(), Combo(searchable=False), QLineEdit()
        for kind, words in KINDS.items():
            self.kind.add(kind, _(words))
        self.kind.set_value('rest')
        self.form.add('day', _("Day"), self.day, check=self._day_problem)
        self.form.add('kind', _("Kind"), self.kind)
        self.form.add('name', _("Name"), self.name)
        self.name.returnPressed.connect(self.add_day)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.add_button = Button(_("Add the day"), self.add_day, icon='plus')
        self.remove_button = Button(_("Remove the marked days"), self.remove_days, kind='quiet', icon='trash-2')
        self.forget_button = Button(_("Back to the published days"), self.forget, kind='quiet', icon='undo-2')
        self.save_button = Button(_("Save the year"), self.save, kind='primary', tip='Ctrl+S')
        for button in (self.add_button, self.remove_button, self.forget_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.save_button)
        column.addWidget(self.form)
        column.addLayout(row)
        for widget in (self.form, self.add_button, self.remove_button, self.forget_button, self.save_button):
            if not self.may:
                widget.hide()
        return column

    # What is shown

    def opened(self) -> None:
        actor, office = self.desk.signed_in, self.desk.office
        if not self._edited:
            self.page.run(lambda _progress: office.calendar_years(actor), self._show, self.failed, latest='calendar')

    def changed(self, kinds: set[str]) -> None:
        if 'calendar_day' in kinds:
            self.opened()

    def _show(self, years: list[CalendarYear]) -> None:
        today = self.desk.context.today()
        chosen = self.year.value() or today.year
        self._years = {year.year: year for year in years}
        offered = sorted({*self._years, today.year, today.year + 1}, reverse=True)
        self.year.blockSignals(True)
        self.year.clear()
        for year in offered:
            self.year.add(year, str(year))
        self.year.set_value(chosen if chosen in offered else offered[0])
        self.year.blockSignals(False)
        missing = today.year + 1 not in self._years
        self._next_year.setText(
            _("{year} is not known yet: time limits in it are provisional until its days are entered.").format(
                year=today.year + 1
            )
            if missing
            else ''
        )
        self._next_year.setVisible(missing)
        self._year_chosen()

    def _year_chosen(self) -> None:
        year = self._years.get(self.year.value())
        self._days = list(year.days) if year else []
        self._edited = False
        self._fill()

    def _fill(self) -> None:
        self._days.sort()
        self.table.setRowCount(len(self._days))
        for row, (day, kind, name) in enumerate(self._days):
            weekday = self.locale().dayName(day.isoweekday(), self.locale().FormatType.ShortFormat)
            for column, words in enumerate((f'{day.isoformat()}  {weekday}', _(KINDS[kind]), name)):
                self.table.setItem(row, column, QTableWidgetItem(words))
        year = self._years.get(self.year.value())
        count = ngettext("{count} day", "{count} days", len(self._days)).format(count=len(self._days))
        source = _("not entered") if year is None else _("as published") if year.published else _("the office's own")
        unsaved = _("edited, not saved")
        self._source.setText(f'{count} · {unsaved if self._edited else source}')
        self.save_button.setEnabled(self._edited)
        self.forget_button.setVisible(self.may and year is not None and not year.published)

    # Editing

    def _day_problem(self) -> str:
        day, year = self.day.value(), self.year.value()
        if day is None:
            return self.day.problem() or _("Please fill this in.")
        return '' if day.year == year else _("The day must lie in the year {year}.").format(year=year)

    def add_day(self) -> None:
        """Add the day that is typed."""
        day = self.day.value()
        if not self.form.check() or day is None:
            return
        self._days = [one for one in self._days if one[0] != day]
        self._days.append((day, self.kind.value(), self.name.text().strip()))
        self._changed_days()
        self.day.clear()
        self.day.setFocus()

    def remove_days(self) -> None:
        """Remove the marked days."""
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        if rows:
            self._days = [day for row, day in enumerate(self._days) if row not in rows]
            self._changed_days()

    def _changed_days(self) -> None:
        self._edited = True
        self._fill()

    def _import(self) -> None:
        paths = dialogs.open_files(self, _("Import a calendar"), _("Calendars (*.json *.csv)"), several=False)
        if paths:
            self.import_file(paths[0])

    def import_file(self, path: Path) -> None:
        """Take the years of a JSON or CSV file; each can be undone."""
        actor, office = self.desk.signed_in, self.desk.office
        before = {year: known for year, known in self._years.items() if not known.published}

        def work(_progress: Progress) -> list[int]:
            years = read_calendar(_content(path))
            for year in years:
                office.set_calendar_year(actor, year)
            return [year.year for year in years]

        self.page.run(work, partial(self._imported, before), self.failed, latest='import')

    def _imported(self, before: dict[int, CalendarYear], years: list[int]) -> None:
        self._edited = False
        self.opened()
        words = _("The calendar of {years} is taken over.").format(years=_(", ").join(str(year) for year in years))
        self.said(words, partial(self._put_back, before, years))
        count_anew(self)

    def save(self) -> None:
        """Keep the days of this year as the office's own."""
        if not self._edited:
            return
        number = int(self.year.value())
        year = CalendarYear(number, tuple(self._days))
        before = {number: known} if (known := self._years.get(number)) and not known.published else {}
        actor, office = self.desk.signed_in, self.desk.office
        self.page.run(
            lambda _progress: office.set_calendar_year(actor, year), lambda _nothing: self._saved(before, number),
            self.failed, latest='save-calendar',
        )  # fmt: skip

    def _saved(self, before: dict[int, CalendarYear], number: int) -> None:
        self._edited = False
        self.opened()
        self.said(
            _("The calendar of {years} is saved.").format(years=number), partial(self._put_back, before, [number])
        )
        count_anew(self)

    def forget(self) -> None:
        """Go back to the published days of this year."""
        number = int(self.year.value())
        before = {number: self._years[number]}
        self._restore_years({}, [number], partial(self._saved, before, number))

    def _put_back(self, before: dict[int, CalendarYear], years: list[int]) -> None:
        self._restore_years(before, years, self._was_put_back)

    def _was_put_back(self) -> None:
        self._edited = False
        self.opened()
        self.said(_("The calendar is as before."))
        count_anew(self)

    def _restore_years(self, before: dict[int, CalendarYear], years: list[int], done: Any) -> None:
        actor, office = self.desk.signed_in, self.desk.office

        def work(_progress: Progress) -> None:
            for year in years:
                if year in before:
                    office.set_calendar_year(actor, before[year])
                else:
                    office.forget_calendar_year(actor, year)

        self.page.run(work, lambda _nothing: done(), self.failed, latest='save-calendar')

    def has_unsaved(self) -> bool:
        return self._edited

    def keep(self) -> Any:
        return (self.year.value(), self._days, self._years) if self._edited else None

    def restore(self, kept: Any) -> None:
        if kept is not None:
            year, days, self._years = kept
            self._show(list(self._years.values()))
            self.year.set_value(year)
            self._days = days
            self._changed_days()


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InvalidInput(_("This file is too large for a calendar."), _("Choose another file."))
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            _("The file could not be read: {reason}.").format(reason=error.strerror or error), _("Choose another file.")
        ) from error
