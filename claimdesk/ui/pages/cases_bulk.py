"""What can be done with several cases at once: the bar at the bottom, and the dialogs of assigning them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.services.cases import RowResult
from claimdesk.ui import dialogs, icons, text, theme
from claimdesk.ui.widgets import Button, Combo, PlainLabel, separator

MOST_ASSIGNED = 1000
"""More cases than that are not handed over at once; the handler narrows the list first."""


class BulkBar(QWidget):
    """Appears while several rows are selected."""

    assign_wanted = Signal()
    urge_wanted = Signal()
    approve_wanted = Signal()
    close_wanted = Signal()
    copy_wanted = Signal()
    clear_wanted = Signal()

    def __init__(
        self,
        *,
        may_assign: bool,
        may_urge: bool = False,
        may_approve: bool = False,
        may_close: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(separator())
        row = QHBoxLayout()
        column.addLayout(row)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_16, theme.SPACE_8)
        row.setSpacing(theme.SPACE_8)
        self.words = PlainLabel('', 'strong')
        self.assign = Button(_("Assign to…"), self.assign_wanted.emit, icon='user-plus', key='Ctrl+Shift+A')
        self.urge = Button(_("Urge…"), self.urge_wanted.emit, icon='send', key='Ctrl+U')
        self.approve = Button(_("Approve…"), self.approve_wanted.emit, icon='stamp', key='Ctrl+Shift+G')
        self.close_cases = Button(_("Close…"), self.close_wanted.emit, icon='archive', key='Ctrl+Shift+L')
        self.copy = Button(_("Copy as a table"), self.copy_wanted.emit, icon='copy', tip='Ctrl+C')
        self.why_not = PlainLabel('', 'caption')
        row.addWidget(self.words)
        row.addSpacing(theme.SPACE_8)
        row.addWidget(self.assign)
        row.addWidget(self.urge)
        row.addWidget(self.approve)
        row.addWidget(self.close_cases)
        row.addWidget(self.copy)
        row.addWidget(self.why_not)
        row.addStretch(1)
        row.addWidget(Button(_("Clear the selection"), self.clear_wanted.emit, kind='link', tip='Esc'))
        self._may_assign, self._may_urge = may_assign, may_urge
        self.urge.setVisible(may_urge)
        self.approve.setVisible(may_approve)
        self.close_cases.setVisible(may_close)
        self.hide()

    def show_count(self, count: int) -> None:
        """Show how many are selected; fewer than two hide the bar."""
        self.words.setText(
            ngettext("{n} case selected", "{n} cases selected", count).format(n=text.number(count))
        )
        reason = ''
        if not self._may_assign:
            reason = refusal_sentence(Permission.ASSIGN)
        elif count > MOST_ASSIGNED:
            reason = _("At most {n} cases can be assigned at once: narrow the list.").format(
                n=text.number(MOST_ASSIGNED)
            )
        self.assign.setEnabled(not reason)
        self.urge.setEnabled(self._may_urge and count <= MOST_ASSIGNED)
        self.why_not.setText(reason)
        self.setVisible(count > 1)


def choose_person(parent: QWidget, count: int, people: Sequence[tuple[int, str]]) -> int | None:
    """Ask who takes these cases; None if the handler thought better of it."""
    dialog = dialogs.Dialog(
        parent,
        ngettext("Assign {n} case", "Assign {n} cases", count).format(n=text.number(count)),
        _("They leave their present handlers. Each case tells in its timeline who assigned it."),
        _("Assign"),
    )
    who = Combo(placeholder=_("Type a name"))
    who.setAccessibleName(_("Handler"))
    for person_id, words in people:
        who.add(person_id, words)
    dialog.column.addWidget(PlainLabel(_("Handler"), 'caption'))
    dialog.column.addWidget(who)
    dialog.accept_if = lambda: '' if who.value() is not None else _("Choose who takes them.")
    who.setFocus()
    return who.value() if dialog.run() else None


def show_results(parent: QWidget, results: Sequence[RowResult], name: str) -> None:
    """Say row by row how assigning went; those that failed stand on top."""
    results_dialog(parent, results, name).run()


def results_dialog(parent: QWidget, results: Sequence[RowResult], name: str) -> dialogs.Dialog:
    """The results as a dialog."""
    failed = [result for result in results if result.sentence]
    done = len(results) - len(failed)
    dialog = dialogs.Dialog(
        parent,
        ngettext("{n} case was not assigned", "{n} cases were not assigned", len(failed)).format(n=len(failed)),
        ngettext("{n} case went to {name}.", "{n} cases went to {name}.", done).format(n=done, name=name),
        _("Close"), cancel='', width=640,
    )  # fmt: skip
    rows = QListWidget()
    rows.setProperty('framed', True)
    rows.setAccessibleName(_("Results"))
    rows.setMinimumHeight(220)
    for result in (*failed, *(result for result in results if not result.sentence)):
        words = result.sentence or _("Assigned to {name}").format(name=name)
        tone = ('circle-x', 'red') if result.sentence else ('circle-check', 'green')
        rows.addItem(QListWidgetItem(icons.icon(*tone), f'{result.number or result.case_id}   {words}'))
    dialog.column.addWidget(separator())
    dialog.column.addWidget(rows)
    return dialog


def show_urged(parent: QWidget, results: Sequence[RowResult]) -> None:
    """Say row by row who was not urged, and why."""
    failed = [result for result in results if result.sentence]
    done = len(results) - len(failed)
    dialog = dialogs.Dialog(
        parent,
        ngettext("{n} case was not urged", "{n} cases were not urged", len(failed)).format(n=len(failed)),
        ngettext("The handler of {n} case was urged.", "The handlers of {n} cases were urged.", done).format(n=done),
        _("Close"), cancel='', width=640,
    )  # fmt: skip
    rows = QListWidget()
    rows.setProperty('framed', True)
    rows.setAccessibleName(_("Results"))
    rows.setMinimumHeight(220)
    for result in failed:
        rows.addItem(
            QListWidgetItem(icons.icon('circle-x', 'red'), f'{result.number or result.case_id}   {result.sentence}')
        )
    dialog.column.addWidget(rows)
    dialog.run()
