"""The monthly report on the screen: choose a month, look, understand each figure, print it or save it."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QWidget

from claimdesk import whole_file
from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _
from claimdesk.progress import Progress
from claimdesk.services.reporting import Indicator, MonthlyReport
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.reports_cards import Cards, Explanation
from claimdesk.ui.pages.reports_tables import ReportTable
from claimdesk.ui.pages.reports_words import month
from claimdesk.ui.tasks import Ticket
from claimdesk.ui.widgets import Busy, Button, Combo, EmptyState, IconButton, PlainLabel, separator

if TYPE_CHECKING:
    from datetime import date

    from claimdesk.app import Desk

PARTS: dict[str, str] = {
    'figures': N_("Figures"),
    'by_line': N_("By line"),
    'by_handler': N_("By handler"),
    'by_stage_and_age': N_("By stage and age"),
    'overdue': N_("Overdue"),
}
KINDS = {'xlsx': N_("Excel workbooks (*.xlsx)"), 'pdf': N_("PDF documents (*.pdf)")}


class ReportsPage(Page):
    """One month at a time. It is made when it is asked for, not whenever a case changes: F5 makes it anew."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'chart-column'
        self.title = _("Reports")
        self.report: MonthlyReport | None = None
        self._ticket: Ticket | None = None
        self._stale = False
        self._explained = ''
        self.body.addWidget(self._head())
        self.tabs = self._tabs()
        line = QHBoxLayout()
        line.setContentsMargins(10, 0, 0, 0)
        line.addWidget(self.tabs)
        self.body.addLayout(line)
        self.body.addWidget(separator())
        row = QHBoxLayout()
        row.setSpacing(0)
        self._stack = QStackedWidget()
        row.addWidget(self._stack, 1)
        self.explanation = Explanation()
        self.explanation.closed.connect(self._explanation_closed)
        row.addWidget(self.explanation)
        self.body.addLayout(row, 1)
        self._fill_stack()
        self._busy = Busy(self._stack, self._stop)
        self._add_keys()
        self._enable(False)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_16, theme.SPACE_24, theme.SPACE_8)
        row.setSpacing(theme.SPACE_4)
        row.addWidget(PlainLabel(_("Monthly report"), 'title'))
        row.addSpacing(theme.SPACE_16)
        self.month = Combo(searchable=False)
        self.month.setAccessibleName(_("Month"))
        self.month.setFixedWidth(132)
        self.month.value_changed.connect(self._month_chosen)
        self._earlier = IconButton('chevron-left', _("Month before"), partial(self._step, 1), key='Alt+Left')
        self._later = IconButton('chevron-right', _("Month after"), partial(self._step, -1), key='Alt+Right')
        row.addWidget(self._earlier)
        row.addWidget(self.month)
        row.addWidget(self._later)
        row.addSpacing(theme.SPACE_12)
        self._made = PlainLabel('', 'secondary')
        row.addWidget(self._made)
        row.addStretch(1)
        self.excel_button = Button(
            _("Save Excel…"), partial(self.save, 'xlsx'), icon='file-spreadsheet', tip='Ctrl+Shift+E'
        )
        self.pdf_button = Button(_("Save PDF…"), partial(self.save, 'pdf'), icon='file-text', tip='Ctrl+S')
        self.print_button = Button(_("Preview and print"), self.preview, kind='primary', icon='printer', tip='Ctrl+P')
        for button in (self.excel_button, self.pdf_button, self.print_button):
            row.addSpacing(theme.SPACE_4)
            row.addWidget(button)
        return head

    def _tabs(self) -> QTabBar:
        tabs = QTabBar()
        tabs.setDrawBase(False)
        tabs.setExpanding(False)
        tabs.setAccessibleName(_("Parts of the report"))
        for name, words in PARTS.items():
            tabs.setTabData(tabs.addTab(_(words)), name)
        tabs.currentChanged.connect(self._tab_chosen)
        return tabs

    def _fill_stack(self) -> None:
        self.cards = Cards()
        self.cards.chosen.connect(self._explain)
        scroll = QScrollArea()
        scroll.setWidget(self.cards)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stack.addWidget(scroll)
        self.tables = {name: ReportTable(name) for name in list(PARTS)[1:]}
        for table in self.tables.values():
            self._stack.addWidget(table)
        self.tables['overdue'].table.opened.connect(self._open_overdue)
        self._nothing = EmptyState(
            'chart-column',
            _("There is nothing to report yet."),
            _("The report of a month appears here as soon as the first case is registered."),
        )
        self._stack.addWidget(self._nothing)

    def _add_keys(self) -> None:
        self.add_key('Ctrl+P', self.preview, _("Preview and print"))
        self.add_key('Ctrl+S', partial(self.save, 'pdf'), _("Save PDF…"))
        self.add_key('Ctrl+Shift+E', partial(self.save, 'xlsx'), _("Save Excel…"))
        for number, words in enumerate(PARTS.values(), start=1):
            self.add_key(f'Ctrl+{number}', partial(self.tabs.setCurrentIndex, number - 1), _(words))

    def commands(self) -> list[Command]:
        return [
            Command(_("Preview and print"), self.preview, 'printer', 'Ctrl+P'),
            Command(_("Save PDF…"), partial(self.save, 'pdf'), 'file-text', 'Ctrl+S'),
            Command(_("Save Excel…"), partial(self.save, 'xlsx'), 'file-spreadsheet', 'Ctrl+Shift+E'),
        ]

    # Which month

    def opened(self) -> None:
        if self.month.count() == 0:
            self._load_months()
        if self.focusWidget() is None:
            self.month.setFocus()

    def refresh(self) -> None:
        self._load_months()

    def arrive(self, arguments: Any) -> None:
        if arguments in PARTS:
            self.tabs.setCurrentIndex(list(PARTS).index(arguments))

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if ids and self.report is not None:
            self._stale = True
            self._say_made()

    def _load_months(self) -> None:
        actor, reporting = self.desk.signed_in, self.desk.reporting
        self.run(lambda _progress: reporting.months(actor), self._offer_months, self._not_made, latest='months')

    def _offer_months(self, months: list[date]) -> None:
        chosen = self.month.value() or (self.report.month if self.report else None)
        self.month.blockSignals(True)
        self.month.clear()
        for first in months:
            self.month.add(first, month(first))
        self.month.set_value(chosen if chosen in months else (months[0] if months else None))
        self.month.blockSignals(False)
        if months:
            self._month_chosen()
        else:
            self._stack.setCurrentWidget(self._nothing)
            self.tabs.setEnabled(False)

    def _step(self, months: int) -> None:
        row = self.month.currentIndex() + months
        if 0 <= row < self.month.count():
            self.month.setCurrentIndex(row)

    def _month_chosen(self) -> None:
        chosen = self.month.value()
        if chosen is None:
            return
        row = self.month.currentIndex()
        self._earlier.setEnabled(row < self.month.count() - 1)
        self._later.setEnabled(row > 0)
        self.banner.clear()
        self._enable(False)
        words = _("Adding up {month}…").format(month=month(chosen))
        self._busy.say(words)
        actor, reporting = self.desk.signed_in, self.desk.reporting
        self._ticket = self.run(
            lambda progress: reporting.monthly(actor, chosen, progress), self._show, self._not_made,
            lambda done, total, said: self._busy.say(said or words, done, total), latest='report', title=words,
        )  # fmt: skip

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._busy.stop()
        if self.report is not None:
            self.month.blockSignals(True)
            self.month.set_value(self.report.month)
            self.month.blockSignals(False)
            self._enable(True)
        else:
            self.banner.show_message(_("The report was not made."), '', 'notice', _("Make it"), self._month_chosen)

    def _not_made(self, error: ClaimDeskError) -> None:
        self._busy.stop()
        self._enable(self.report is not None)
        self.banner.show_error(error, _("Try again"), self.refresh)

    # What is shown

    def _show(self, report: MonthlyReport) -> None:
        self._busy.stop()
        self.report, self._stale = report, False
        self.tabs.setEnabled(True)
        self.cards.show_indicators(report.indicators)
        for name, table in self.tables.items():
            table.show_table(getattr(report, name))
        overdue = report.overdue_count
        self.tabs.setTabText(list(PARTS).index('overdue'), f'{_(PARTS["overdue"])}  {text.number(overdue)}')
        self._tab_chosen(self.tabs.currentIndex())
        self._say_made()
        self._enable(True)
        if not report.chain_holds:
            self.banner.show_message(
                _("The three cycles do not add up to report-to-payment."),
                _("Some times of cases contradict each other; check the cases paid this month."),
                'warning',
            )
        again = next((one for one in report.indicators if one.id == self._explained), None)
        if again is not None:
            self.cards.mark(again)
            self._explain(again)

    def _say_made(self) -> None:
        if self.report is None:
            return
        made = text.short_moment(self.report.made_at)
        if self._stale:
            self._made.setText(_("Made {time}; cases have changed since (F5)").format(time=made))
        else:
            self._made.setText(_("Made {time}").format(time=made))

    def _enable(self, ready: bool) -> None:
        for button in (self.excel_button, self.pdf_button, self.print_button):
            button.setEnabled(ready)

    def _tab_chosen(self, at: int) -> None:
        if self.report is None:
            return
        self._stack.setCurrentIndex(at)
        if at and self.explanation.is_open:
            self.explanation.slide_out()

    def _explain(self, indicator: Indicator) -> None:
        if self.report is not None:
            self._explained = indicator.id
            self.explanation.explain(indicator, self.report.months)

    def _explanation_closed(self) -> None:
        self._explained = ''
        self.cards.mark(None)

    def _open_overdue(self, index: QModelIndex) -> None:
        number = str(self.tables['overdue'].rows.row(index.row())[0])
        actor, cases = self.desk.signed_in, self.desk.cases
        self.run(lambda _progress: cases.find(actor, number), self.shell.open_case.emit, latest='find')

    # What is taken away

    def preview(self) -> None:
        """Show the report as it will be printed."""
        from claimdesk.ui.preview import preview_pdf

        if self.report is None or not self.print_button.isEnabled():
            return
        actor, reporting, first = self.desk.signed_in, self.desk.reporting, self.report.month
        preview_pdf(
            self, _("Monthly report {month}").format(month=month(first)),
            lambda progress: reporting.monthly_pdf(actor, first, progress), self._file_name('pdf'),
        )  # fmt: skip

    def save(self, kind: str) -> None:
        """Ask where to, and write the report there as 'xlsx' or 'pdf', whole."""
        if self.report is None or not self.print_button.isEnabled():
            return
        path = dialogs.save_file(
            self, _("Save the monthly report"), self._file_name(kind), _(KINDS[kind]),
            self.desk.settings.export_folder,
        )  # fmt: skip
        if path is None:
            return
        actor, reporting, first = self.desk.signed_in, self.desk.reporting, self.report.month

        def write(progress: Progress) -> Path:
            with tempfile.TemporaryDirectory(prefix='claimdesk-') as folder:
                (made,) = reporting.write_monthly(actor, first, (kind,), Path(folder), progress)
                whole_file.write_bytes(path, made.read_bytes())
            return path

        self.run(write, self._saved, latest='save', title=_("Saving {name}").format(name=path.name))

    def _saved(self, path: Path) -> None:
        from claimdesk.ui.preview import open_with_system

        words = _("Saved as {file}.").format(file=path.name)
        self.shell.status.emit(words)
        self.banner.show_message(words, str(path.parent), 'success', _("Open it"), lambda: open_with_system(path))

    def _file_name(self, kind: str) -> str:
        first = self.report.month if self.report else self.month.value()
        return f'{_("Monthly report")} {first:%Y-%m}.{kind}'

    # Around a switch of language or theme

    def keep(self) -> Any:
        return {
            'part': self.tabs.currentIndex(),
            'report_of': self.report.month if self.report else None,
            'explained': self._explained,
        }

    def restore(self, kept: Any) -> None:
        self.tabs.setCurrentIndex(kept['part'])
        self._explained = kept['explained']
        first = kept['report_of']
        if first is not None:
            # Until the months are read again the chosen one alone is offered; names and words are made anew with it.
            self.month.blockSignals(True)
            self.month.add(first, month(first))
            self.month.set_value(first)
            self.month.blockSignals(False)
            self._load_months()
