"""The list of reminders: what waits until it is seen, opened, or answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableWidget, QTableWidgetItem, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.reminders import ReminderView, Waiting
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import STATE_ROLE, Button, EmptyState, PlainLabel, StateDelegate
from claimdesk.ui.widgets.table import cell_tip
from claimdesk.vocabulary import DueState, RemindedAs, ReminderKind, label

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.ui.page import Shell

_ABOUT = 3
_WIDTHS = (126, 134, 110, 0, 92, 130)


class ReminderBox(Dialog):
    """A table: how near the limit is, which case, what about, who says so, since when."""

    def __init__(self, parent: QWidget, desk: Desk, shell: Shell, looked: Callable[[], object]) -> None:
        super().__init__(parent, _("Reminders"), '', _("Close"), cancel='', width=980)
        self._desk, self._shell, self._looked = desk, shell, looked
        self._shown: tuple[ReminderView, ...] = ()
        self.count = PlainLabel('', 'secondary')
        self.column.addWidget(self.count)
        self.table = _table()
        self.table.itemActivated.connect(lambda _item: self.open_case())
        self.table.itemSelectionChanged.connect(self._light)
        self._empty = EmptyState(
            'circle-check', _("Nothing waits for you."), _("What comes shows on top, at the clock.")
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._stack.setMinimumHeight(340)
        self.column.addWidget(self._stack, 1)
        self.open_button = Button(_("Open the case"), self.open_case, icon='folder-open', tip='Enter')
        self.answer_button = Button(_("Answer…"), self.answer, icon='message-square', key='Ctrl+R')
        self.seen_button = Button(_("Seen"), self.see, icon='check', tip='Del')
        self.all_button = Button(_("All seen"), self.see_all, kind='quiet')
        for place, button in enumerate((self.open_button, self.answer_button, self.seen_button, self.all_button)):
            button.setAutoDefault(False)
            self.buttons.insertWidget(place, button)
        self.ok_button.setDefault(False)
        self.ok_button.setAutoDefault(False)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.table, self.see)
        self.reload()

    def reload(self) -> None:
        """Read what waits."""
        desk, actor = self._desk, self._desk.signed_in
        self._shell.tasks.run(
            self, lambda _progress: desk.reminders.waiting(actor), self._show, self.banner.show_error, latest='waiting'
        )

    def _show(self, waiting: Waiting) -> None:
        row = max(0, self.table.currentRow())
        self._shown = waiting.reminders
        more = waiting.count - len(waiting.reminders)
        words = ngettext("{n} reminder waits", "{n} reminders wait", waiting.count).format(n=text.number(waiting.count))
        if more:
            words = _("{words}; the {n} most pressing are shown").format(words=words, n=len(waiting.reminders))
        self.count.setText(words if waiting.count else '')
        self.table.setRowCount(len(self._shown))
        for place, reminder in enumerate(self._shown):
            cells = (
                reminder.due, reminder.number, reminder.insured, about(reminder), _from(reminder),
                text.moment(reminder.at),
            )  # fmt: skip
            for column, cell in enumerate(cells):
                item = QTableWidgetItem(cell)
                item.setToolTip(cell_tip(cell))
                if column == 0:
                    urged = reminder.kind is ReminderKind.URGED and reminder.state is DueState.ON_TIME
                    item.setData(STATE_ROLE, None if urged else reminder.state.value)
                self.table.setItem(place, column, item)
        self._stack.setCurrentIndex(0 if self._shown else 1)
        if self._shown:
            self.table.selectRow(min(row, len(self._shown) - 1))
            self.table.setFocus()
        self._light()

    def chosen(self) -> list[ReminderView]:
        """The marked reminders."""
        rows = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self._shown[row] for row in rows if row < len(self._shown)]

    def _light(self) -> None:
        chosen = self.chosen()
        self.open_button.setEnabled(len(chosen) == 1)
        self.answer_button.setEnabled(len(chosen) == 1 and chosen[0].kind is ReminderKind.URGED)
        self.seen_button.setEnabled(bool(chosen))
        self.all_button.setEnabled(bool(self._shown))

    def open_case(self) -> None:
        """Open the case of the marked reminder."""
        chosen = self.chosen()
        if chosen:
            self.accept()
            self._shell.open_case.emit(chosen[0].case_id)

    def see(self) -> None:
        """Take the marked reminders off the list."""
        self._see([reminder.id for reminder in self.chosen()])

    def see_all(self) -> None:
        """Take all off the list."""
        self._see(None)

    def _see(self, ids: list[int] | None) -> None:
        if ids == []:
            return
        reminders, actor = self._desk.reminders, self._desk.signed_in
        self._run(lambda _progress: reminders.see(actor, ids), self._seen)

    def _seen(self, ids: list[int]) -> None:
        reminders, actor, tasks, looked = self._desk.reminders, self._desk.signed_in, self._shell.tasks, self._looked
        words = ngettext("{n} reminder seen.", "{n} reminders seen.", len(ids)).format(n=text.number(len(ids)))

        def put_back() -> None:
            tasks.run(self._shell, lambda _progress: reminders.put_back(actor, ids), lambda _none: looked())

        self._shell.toast(words, put_back)
        self._after()

    def answer(self) -> None:
        """Answer who urged."""
        chosen = [reminder for reminder in self.chosen() if reminder.kind is ReminderKind.URGED]
        if len(chosen) != 1:
            return
        urged = chosen[0]
        words = dialogs.ask_reason(
            self, _("Answer {name}").format(name=urged.sent_by), urged.words, _("Send the answer"), label=_("Answer"),
            suggestions=(_("Will be finished today."), _("Waiting for documents from the customer.")),
        )  # fmt: skip
        if words is not None:
            reminders, actor = self._desk.reminders, self._desk.signed_in
            self._run(
                lambda _progress: reminders.answer(actor, urged.id, urged.version, words), lambda _none: self._after()
            )

    def _after(self) -> None:
        self.reload()
        self._looked()

    def _run(self, work: Callable[[Progress], object], done: Callable[..., object]) -> None:
        self._shell.tasks.run(self, work, done, self._failed)

    def _failed(self, error: ClaimDeskError) -> None:
        self.banner.show_error(error)


def about(reminder: ReminderView) -> str:
    """What a reminder is about, in one line."""
    if reminder.kind is ReminderKind.URGED:
        return _("Urged: {words}").format(words=reminder.words)
    if reminder.told_as is RemindedAs.HANDLER:
        return reminder.words
    return _("{words} (you are told as {role})").format(words=reminder.words, role=label(reminder.told_as))


def _from(reminder: ReminderView) -> str:
    return reminder.sent_by or _("The clocks")


def _table() -> QTableWidget:
    table = QTableWidget(0, 6)
    table.setAccessibleName(_("Reminders"))
    table.setHorizontalHeaderLabels(
        [_("Due"), _("Case"), _("Insured"), _("What about"), _("Told by"), _("Since")]
    )
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.ROW_COMPACT)
    table.setShowGrid(False)
    table.setProperty('framed', True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setItemDelegateForColumn(0, StateDelegate(table))
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    for column, width in enumerate(_WIDTHS):
        table.setColumnWidth(column, width)
    header.setSectionResizeMode(_ABOUT, QHeaderView.ResizeMode.Stretch)
    return table
