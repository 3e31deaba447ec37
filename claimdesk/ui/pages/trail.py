"""The office's trail: every change by time, person, kind and words, verified and exported, a case one key away."""

from __future__ import annotations

import datetime as dt
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.accounts import Person
from claimdesk.services.findings import Finding, Health
from claimdesk.services.office_trail import OFFICE_GROUPS, THINGS, TrailQuery, TrailRow
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.later import later
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.trail_panel import TrailPanel
from claimdesk.ui.pages.trail_table import COLUMNS, TrailRows
from claimdesk.ui.widgets import (
    Button,
    Combo,
    DataTable,
    DateEdit,
    EmptyState,
    PlainLabel,
    SearchEdit,
    Skeleton,
    separator,
)

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.ui.tasks import Ticket

TYPING_MS, NEWS_MS = 300, 1500


class TrailPage(Page):
    """Everything that was ever changed. `arrive` takes the words to look for."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'history'
        self.title = _("Audit trail")
        self.query = TrailQuery()
        self._wanted_entry: int | None = None
        self._wanted_person: int | None = None
        self._verifying: Ticket | None = None
        self._window_busy = False
        self._people_read = False
        self._typing = later(self, TYPING_MS, self._look)
        self._news = later(self, NEWS_MS, self._look)
        self.body.addWidget(self._head())
        self.body.addWidget(separator())
        row = QHBoxLayout()
        row.setSpacing(0)
        self.model = TrailRows(self)
        self.model.missed.connect(self._fetch)
        self._stack = QStackedWidget()
        self.table = self._table()
        self.empty = EmptyState(
            'history', _("No entry fits"), _("Loosen a filter, or look for other words."), _("Clear all filters"),
            self.clear_filters,
        )  # fmt: skip
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        self._skeleton = Skeleton(self._stack)
        row.addWidget(self._stack, 1)
        self.panel = TrailPanel(self._stop_verifying)
        self.panel.case_wanted.connect(shell.open_case)
        self.panel.entry_wanted.connect(self.show_entry)
        row.addWidget(self.panel)
        self.body.addLayout(row, 1)
        self.add_key('Ctrl+F', self.search.setFocus, _("Find in the trail"))
        self.add_key('Ctrl+Shift+F', self.clear_filters, _("Clear all filters"))
        self.add_key('Ctrl+Return', self.verify, _("Verify now"))
        self.add_key('Ctrl+E', self._export, _("Export what the list shows"))
        self.add_key('Ctrl+O', self._open_case, _("Open the case"))
        self.add_key('Esc', self.table.setFocus, _("Back to the list"))

    def _head(self) -> QWidget:
        head = QWidget()
        column = QVBoxLayout(head)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_12)
        column.setSpacing(theme.SPACE_12)
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE_8)
        first.addWidget(PlainLabel(self.title, 'title'))
        self.count = PlainLabel('', 'secondary')
        first.addSpacing(theme.SPACE_8)
        first.addWidget(self.count)
        first.addStretch(1)
        self.verify_button = Button(
            _("Verify now"), self.verify, icon='shield-check', kind='primary', tip='Ctrl+Enter'
        )
        self.compare_button = Button(_("Compare with checkpoints…"), self._compare)
        self.checkpoint_button = Button(_("Keep a checkpoint…"), self._checkpoint, icon='bookmark-plus')
        self.export_button = Button(_("Export…"), self._export, icon='download', tip='Ctrl+E')
        for button in (self.export_button, self.compare_button, self.checkpoint_button, self.verify_button):
            first.addWidget(button)
        column.addLayout(first)
        column.addLayout(self._filters())
        return head

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.search = SearchEdit(_("Case number, name, amount, words"))
        self.search.setMaximumWidth(320)
        self.search.textChanged.connect(lambda _words: self._soon())
        self.search.wanted_down.connect(lambda: self.table.setFocus())
        self.kind = Combo(placeholder=_("Everything"))
        self.kind.setAccessibleName(_("Of what"))
        for name, (words, _kinds) in OFFICE_GROUPS.items():
            self.kind.add(name, _(words))
        for name, words in sorted(THINGS.items(), key=lambda one: _(one[1])):
            self.kind.add(name, _(words))
        self.person = Combo(placeholder=_("Everybody"))
        self.person.setAccessibleName(_("Person"))
        self.first, self.last = DateEdit(), DateEdit()
        self.first.setAccessibleName(_("From"))
        self.last.setAccessibleName(_("To"))
        for combo in (self.kind, self.person):
            combo.setFixedWidth(170)
            combo.value_changed.connect(self._soon)
        for day in (self.first, self.last):
            day.setFixedWidth(128)
            day.editingFinished.connect(self._soon)
        self.clear_button = Button(_("Clear all filters"), self.clear_filters, kind='link')
        row.addWidget(self.search, 1)
        row.addWidget(self.kind)
        row.addWidget(self.person)
        row.addWidget(PlainLabel(_("From"), 'secondary'))
        row.addWidget(self.first)
        row.addWidget(PlainLabel(_("To"), 'secondary'))
        row.addWidget(self.last)
        row.addWidget(self.clear_button)
        row.addStretch(1)
        return row

    def _table(self) -> DataTable:
        table = DataTable('trail', row_height=theme.ROW_COMPACT)
        table.setProperty('cells', 'roomy')
        table.setModel(self.model)
        table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        table.setAccessibleName(self.title)
        table.set_widths(*(column.width for column in COLUMNS))
        table.selectionModel().currentRowChanged.connect(self._chosen)
        table.opened.connect(lambda _index: self._open_case())
        return table

    # Looking

    def opened(self) -> None:
        if not self._people_read:
            self.table.setFocus()
            accounts, actor = self.desk.accounts, self.desk.signed_in
            self.run(lambda _progress: accounts.people(actor, False), self._show_people, latest='trail-people')
        self._look()

    def arrive(self, arguments: Any) -> None:
        if isinstance(arguments, str):
            self.clear_filters()
            self.search.setText(arguments)

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if not self._news.isActive():
            self._news.start()

    def clear_filters(self) -> None:
        """Look for everything again."""
        self.search.clear()
        for combo in (self.kind, self.person):
            combo.setCurrentIndex(-1)
        for day in (self.first, self.last):
            day.set_value(None)
        self._look()

    def _soon(self) -> None:
        self._typing.start()

    def _show_people(self, people: list[Person]) -> None:
        self._people_read = True
        for one in people:
            self.person.add(one.id, one.name)
        if self._wanted_person is not None:
            self.person.set_value(self._wanted_person)

    def _look(self) -> None:
        """Read which entries the filters find."""
        self._typing.stop()
        problem = self.first.problem() or self.last.problem()
        if problem:
            self.banner.show_message(problem, '', 'error')
            return
        self.query = TrailQuery(
            self.search.text().strip(), self.kind.value() or '', self.person.value(), self.first.value(),
            self.last.value(),
        )  # fmt: skip
        self.clear_button.setVisible(self.query != TrailQuery())
        trail, actor, query = self.desk.trail, self.desk.signed_in, self.query
        if not self.model.ids:
            self._skeleton.start()
        self.run(lambda progress: trail.ids(actor, query, progress), self._found, self._failed, latest='trail-ids')

    def _found(self, ids: array[int]) -> None:
        self._skeleton.stop()
        self.banner.clear()
        chosen = self._current()
        self.model.show_ids(ids)
        words = ngettext("{n} entry", "{n} entries", len(ids)).format(n=text.number(len(ids)))
        self.count.setText(words)
        self._stack.setCurrentWidget(self.table if ids else self.empty)
        wanted = self._wanted_entry or (chosen.id if chosen is not None else None)
        self._wanted_entry = None
        place = self.model.place_of(wanted) if wanted is not None else -1
        if place >= 0 and place != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.model.index(place, 0))
        elif place < 0 and chosen is not None:
            self.panel.show_nothing()
        self._fetch()

    def _fetch(self) -> None:
        """Read the entries around the window that have not come yet; one window at a time."""
        top = max(0, self.table.rowAt(0))
        bottom = self.table.rowAt(self.table.viewport().height() - 1)
        absent = self.model.absent(top, bottom if bottom >= 0 else len(self.model.ids) - 1)
        if self._window_busy or not absent:
            return
        self._window_busy = True
        trail, actor = self.desk.trail, self.desk.signed_in
        self.run(lambda _progress: trail.rows(actor, absent[:400]), self._come, self._failed, latest='trail-rows')

    def _come(self, rows: list[TrailRow]) -> None:
        self._window_busy = False
        self.model.take(rows)
        current = self._current()
        if current is not None and not self.panel.findings:
            self.panel.show_entry(current)

    def _failed(self, error: ClaimDeskError) -> None:
        self._window_busy = False
        self._skeleton.stop()
        self.show_error(error)

    def _current(self) -> TrailRow | None:
        return self.model.row_at(self.table.currentIndex().row())

    def _chosen(self, index: QModelIndex, _before: QModelIndex) -> None:
        row = self.model.row_at(index.row())
        if row is not None:
            self.panel.show_entry(row)

    def _open_case(self) -> None:
        row = self._current()
        if row is None or row.case_id is None:
            self.shell.status.emit(_("This entry belongs to no case."))
            return
        self.shell.open_case.emit(row.case_id)

    def show_entry(self, entry_id: int) -> None:
        """Bring an entry to the front, whatever the filters say."""
        self._wanted_entry = entry_id
        if self.model.place_of(entry_id) >= 0:
            self._found(self.model.ids)
        else:
            self.clear_filters()
        self.table.setFocus()

    # Verifying

    def verify(self) -> None:
        """Verify the whole office now."""
        self._verify(None, keep=None)

    def _compare(self) -> None:
        paths = dialogs.open_files(
            self, _("Compare with checkpoints"), _("Checkpoints (*.jsonl);;All files (*)"), several=False
        )
        if paths:
            self._verify(paths[0], keep=None)

    def _checkpoint(self) -> None:
        path = dialogs.save_file(
            self, _("Keep a checkpoint"), 'checkpoints.jsonl', _("Checkpoints (*.jsonl);;All files (*)")
        )
        if path is not None:
            self.keep_checkpoint(path)

    def keep_checkpoint(self, path: Path) -> None:
        """Verify, and if all is well add how far the trail has come to the file at `path`."""
        self._verify(path if path.exists() else None, keep=path)

    def _verify(self, checkpoints: Path | None, keep: Path | None) -> None:
        verifier, actor, now = self.desk.verify, self.desk.signed_in, self.desk.context.now

        def work(progress: Progress) -> tuple[list[Finding], dt.datetime, bool]:
            findings = verifier.all(actor, checkpoints, progress)
            sound = all(one.health is not Health.BROKEN for one in findings)
            if keep is not None and sound:
                verifier.add_checkpoint(actor, keep)
            return findings, now(), keep is not None and sound

        self.panel.show_progress(0, 0, _("Verifying"))
        for button in (self.verify_button, self.compare_button, self.checkpoint_button):
            button.setEnabled(False)
        self._verifying = self.run(
            work, self._verified, self._not_verified, self.panel.show_progress, latest='verify', title=_("Verifying")
        )

    def _verified(self, found: tuple[list[Finding], dt.datetime, bool]) -> None:
        findings, at, kept = found
        self._end_verifying()
        self.panel.show_findings(findings, at)
        if kept:
            self.shell.toast(_("The checkpoint is kept. Put the file where nobody of the office can change it."))

    def _not_verified(self, error: ClaimDeskError) -> None:
        self._end_verifying()
        self.show_error(error)

    def _stop_verifying(self) -> None:
        if self._verifying is not None:
            self._verifying.cancel()
        self._end_verifying()
        self.shell.status.emit(_("The verification was stopped."))

    def _end_verifying(self) -> None:
        self._verifying = None
        self.panel.stop_progress()
        for button in (self.verify_button, self.compare_button, self.checkpoint_button):
            button.setEnabled(True)

    # Handing out

    def _export(self) -> None:
        kinds = _("Excel workbook (*.xlsx);;CSV (*.csv);;JSON lines, provable (*.jsonl)")
        path = dialogs.save_file(self, _("Export the audit trail"), _("Audit trail") + '.xlsx', kinds)
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Write what the list shows to `path`; the name's end says the format."""
        trail, actor, query = self.desk.trail, self.desk.signed_in, self.query

        def done(count: int) -> None:
            self.shell.toast(
                ngettext("{n} entry was written to {file}.", "{n} entries were written to {file}.", count).format(
                    n=text.number(count), file=path.name
                )
            )

        self.run(
            lambda progress: trail.export(actor, query, path, progress), done, title=_("Writing the audit trail")
        )

    def commands(self) -> list[Command]:
        return [
            Command(_("Verify now"), self.verify, 'shield-check', 'Ctrl+Enter'),
            Command(_("Keep a checkpoint…"), self._checkpoint, 'bookmark-plus'),
            Command(_("Compare with checkpoints…"), self._compare, 'shield-check'),
            Command(_("Export…"), self._export, 'download', 'Ctrl+E'),
        ]

    def keep(self) -> Any:
        chosen = self._current()
        return self.query, chosen.id if chosen is not None else None

    def restore(self, kept: Any) -> None:
        query, self._wanted_entry = kept
        self.search.setText(query.text)
        self.kind.set_value(query.kind)
        self._wanted_person = query.actor_id
        self.first.set_value(query.first)
        self.last.set_value(query.last)
