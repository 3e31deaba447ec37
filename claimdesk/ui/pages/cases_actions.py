"""What a handler does with the list: copy rows, export all of it, hand many cases to somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.accounts import Person
from claimdesk.services.case_list import CaseRow
from claimdesk.services.cases import RowResult
from claimdesk.services.reminders import UrgeResult
from claimdesk.ui import dialogs, text
from claimdesk.ui.pages.case.clock_forms import ask_urging, show_slips
from claimdesk.ui.pages.cases_bulk import MOST_ASSIGNED, choose_person, show_results, show_urged
from claimdesk.ui.pages.cases_model import TABLE
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.cases import CasesPage

MOST_COPIED = 5000
"""More rows than that are exported rather than copied."""
_COLUMNS = {column.name: column for column in TABLE}


class CaseActions(QObject):
    """Works on a `CasesPage`."""

    def __init__(self, page: CasesPage) -> None:
        super().__init__(page)
        self._page = page
        self._desk = page.desk

    # Copy and export

    def copy(self) -> None:
        """Put the selected rows with their header on the clipboard, also those that have not been looked at."""
        table, actor, cases = self._page.table, self._desk.signed_in, self._desk.case_list
        if table.selected_count() > MOST_COPIED:
            self._page.banner.show_message(
                _("At most {n} rows can be copied at once.").format(n=text.number(MOST_COPIED)),
                _("Export the list to Excel instead."), 'notice', _("Export"), self.export,
            )  # fmt: skip
            return
        ids, columns = table.selected_ids(MOST_COPIED), table.shown_names()
        if ids:
            self._page.run(
                lambda _progress: as_table(cases.rows(actor, ids), columns), self._copied, latest='copy'
            )

    def _copied(self, table: str) -> None:
        QGuiApplication.clipboard().setText(table)
        count = table.count('\n')
        self._page.shell.toast(ngettext("{n} row copied", "{n} rows copied", count).format(n=text.number(count)))

    def export(self) -> None:
        """Write exactly what the list shows to an Excel file."""
        name = f'{_("Cases")}-{dt.datetime.now(text.OFFICE_ZONE):%Y-%m-%d}.xlsx'
        path = dialogs.save_file(self._page, _("Export the list"), name, _("Excel workbooks") + ' (*.xlsx)')
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """The same, to this file; progress and Cancel show in the status bar."""
        actor, query, columns = self._desk.signed_in, self._page.reader.query, self._page.table.shown_names()
        cases = self._desk.case_list

        def work(progress: Progress) -> int:
            return cases.export(actor, query, columns, path, progress)

        def done(count: int) -> None:
            self._page.banner.show_message(
                ngettext("{n} case exported to {file}.", "{n} cases exported to {file}.", count).format(
                    n=text.number(count), file=path.name
                ),
                '', 'success', _("Open the folder"), lambda: open_folder(path),
            )  # fmt: skip

        def failed(error: ClaimDeskError) -> None:
            self._page.banner.show_error(error, _("Save elsewhere…"), self.export)

        self._page.run(work, done, failed, title=_("Exporting to {file}").format(file=path.name))

    # Assigning many

    def assign(self) -> None:
        """Ask who takes the selected cases, hand them over, and say row by row what did not work."""
        ids = self._page.table.selected_ids(MOST_ASSIGNED)
        actor, accounts = self._desk.signed_in, self._desk.accounts
        if ids:
            self._page.run(
                lambda _progress: accounts.people(actor), lambda people: self._choose(ids, people), latest='people'
            )

    def _choose(self, ids: Sequence[int], people: Sequence[Person]) -> None:
        offered = [(one.id, f'{one.name} · {_(", ").join(label(role) for role in one.roles)}') for one in people]
        person = choose_person(self._page, len(ids), offered)
        if person is not None:
            self.assign_to(ids, person)

    def assign_to(self, ids: Sequence[int], person: int) -> None:
        """Hand these cases to `person`; Undo hands them back to those who had them."""
        actor, desk = self._desk.signed_in, self._desk
        name = dict(self._page.choices.people).get(person, '')

        def work(progress: Progress) -> tuple[list[RowResult], list[CaseRow]]:
            before = desk.case_list.rows(actor, ids)
            return desk.cases.assign_many(actor, ids, person, progress), before

        def done(outcome: tuple[list[RowResult], list[CaseRow]]) -> None:
            results, before = outcome
            self._page.refresh_rows({result.case_id for result in results})
            moved = {result.case_id for result in results if not result.sentence}
            if len(moved) < len(results):
                show_results(self._page, results, name)
            else:
                words = ngettext("{n} case went to {name}.", "{n} cases went to {name}.", len(moved))
                owners = {row.id: row.owner_id for row in before if row.owner_id not in (None, person)}
                undo = (lambda: self._hand_back(owners)) if owners else None
                self._page.shell.toast(words.format(n=text.number(len(moved)), name=name), undo)

        self._page.run(work, done, title=_("Assigning cases"))

    # Urging many

    def urge(self) -> None:
        """Urge the handlers of the selected cases, and say row by row who was not."""
        ids = self._page.table.selected_ids(MOST_ASSIGNED)
        asked = ask_urging(self._page, len(ids)) if ids else None
        if asked is None:
            return
        words, slip = asked
        actor, reminders = self._desk.signed_in, self._desk.reminders

        def done(results: list[UrgeResult]) -> None:
            urged = [result.reminder_id for result in results if result.reminder_id is not None]
            if len(urged) < len(results):
                show_urged(self._page, results)
            else:
                count = len(results)
                words = ngettext("The handler of {n} case was urged.", "The handlers of {n} cases were urged.", count)
                self._page.shell.toast(words.format(n=text.number(count)))
            if slip and urged:
                show_slips(self._page, urged)

        self._page.run(
            lambda progress: reminders.urge_many(actor, ids, words, progress), done, title=_("Urging")
        )

    def _hand_back(self, owners: Mapping[int, int | None]) -> None:
        actor, cases = self._desk.signed_in, self._desk.cases

        def work(progress: Progress) -> None:
            for owner in sorted({owner for owner in owners.values() if owner is not None}):
                cases.assign_many(actor, [case for case, had in owners.items() if had == owner], owner, progress)

        self._page.run(
            work, lambda _none: self._page.refresh_rows(set(owners)), title=_("Assigning cases")
        )


def as_table(rows: Sequence[CaseRow], columns: Sequence[str]) -> str:
    """Rows under their header as a table for a spreadsheet: tabs between cells, one line for each row."""
    shown = [_COLUMNS[name] for name in columns]
    lines = [[_(column.title) for column in shown], *([column.words(row) for column in shown] for row in rows)]
    return '\n'.join('\t'.join(' '.join(cell.split()) for cell in line) for line in lines)


def open_folder(path: Path) -> None:
    """Show the folder of a file in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
