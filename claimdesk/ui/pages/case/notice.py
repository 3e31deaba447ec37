"""The one-time notice of missing documents: seen before it goes, with the time it arrived; and the supplement."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.overview_forms import choice_of
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, DateTimeEdit, PlainLabel, TextArea, plain_tip
from claimdesk.vocabulary import Channel

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class NoticeBar(QWidget):
    """Says what is missing and whether the claimant has been told, and offers the next step."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._file: CaseFile | None = None
        self._sent = 0
        self.setProperty('surface', 'card')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        row.setSpacing(theme.SPACE_12)
        self._words = PlainLabel('', '', wrap=True)
        self.send_button = Button(_("Notice of missing documents…"), self.ask, icon='send')
        self.arrived_button = Button(_("The documents have arrived…"), self.ask_arrival, icon='inbox')
        row.addWidget(self._words, 1)
        row.addWidget(self.arrived_button)
        row.addWidget(self.send_button)

    def show_case(self, file: CaseFile, sent: int, waiting: dt.datetime | None) -> None:
        """Show how the case stands: `sent` notices have gone out, and the last one has waited since `waiting`."""
        self._file, self._sent = file, sent
        case = file.case
        self.setVisible(not file.closed and bool(case.missing_documents or sent))
        self._words.setText(_standing(file, sent, waiting))
        for button, permission in (
            (self.send_button, Permission.SEND_NOTICE),
            (self.arrived_button, Permission.ATTACH_DOCUMENTS),
        ):
            why = why_not(file, permission)
            button.setEnabled(not why)
            button.setToolTip(plain_tip(why))
        self.send_button.setVisible(bool(case.missing_documents))
        self.arrived_button.setVisible(waiting is not None)

    def ask(self) -> None:
        """Make the text, show it, and ask when it reached the claimant."""
        checklist, actor, case_id = self._page.desk.checklist, self._page.desk.signed_in, self._page.case_id
        self._page.run(lambda _progress: checklist.notice_text(actor, case_id), self._preview, latest='notice')

    def _preview(self, words: str, reason: str = '') -> None:
        file = self._file
        if file is None:
            return
        dialog = Dialog(
            self,
            _("Notice of missing documents"),
            _("The law asks for one notice that names everything (Insurance Law, article 22). Send this text, then"
              " record when it arrived; from then on the time until the documents come does not count."),
            _("Record the notice"),
            width=620,
        )  # fmt: skip
        shown = QPlainTextEdit(words)
        shown.setReadOnly(True)
        shown.setMinimumHeight(250)
        copy = Button(_("Copy the text"), lambda: QGuiApplication.clipboard().setText(words), icon='copy')
        dialog.buttons.insertWidget(0, copy)
        shown.setAccessibleName(_("Text of the notice"))
        arrived, channel, why = DateTimeEdit(), choice_of(Channel), TextArea(lines=2)
        arrived.set_value(self._page.desk.context.now())
        channel.set_value(Channel.SMS)
        channel.removeItem(channel.findData(Channel.NOTE))
        why.set_value(reason)
        dialog.column.addWidget(shown)
        pairs: list[tuple[str, QWidget]] = [(_("Arrived at"), arrived), (_("Sent by"), channel)]
        if self._sent:
            pairs.append((_("Reason for a second notice"), why))
        for caption, field in pairs:
            field.setAccessibleName(caption)
            dialog.column.addWidget(PlainLabel(caption, 'caption'))
            dialog.column.addWidget(field)
        why.setVisible(bool(self._sent))
        dialog.accept_if = lambda: self._problem(arrived, why)
        arrived.setFocus()
        if dialog.run():
            at = arrived.value() or self._page.desk.context.now()
            self._send(file.case.version, at, why.value(), channel.value(), words)

    def _problem(self, arrived: DateTimeEdit, why: TextArea) -> str:
        file = self._file
        if arrived.problem() or arrived.value() is None:
            return arrived.problem() or _("Enter when the notice arrived.")
        problem = _time_problem(file, arrived.value(), self._page.desk.context.now())
        if problem:
            return problem
        return _("Give the reason for a second notice.") if self._sent and not why.value() else ''

    def _send(self, version: int, arrived: dt.datetime, reason: str, channel: Channel, words: str) -> None:
        checklist, case_id = self._page.desk.checklist, self._page.case_id
        self._page.saving.act(
            lambda actor: checklist.send_notice(actor, case_id, version, arrived, reason, channel),
            _("The notice is recorded; the office waits for the documents."),
            failed=partial(self._failed, words, reason),
        )

    def _failed(self, words: str, reason: str, error: ClaimDeskError) -> None:
        self._page.banner.show_error(error, _("Try again"), lambda: self._preview(words, reason))

    def ask_arrival(self) -> None:
        """Ask when the documents that were asked for arrived."""
        file = self._file
        if file is None:
            return
        dialog = Dialog(
            self, _("The documents have arrived"), _("The clocks run on from this time."), _("Record the arrival")
        )
        at, note = DateTimeEdit(), TextArea(lines=2)
        at.set_value(self._page.desk.context.now())
        for caption, field in ((_("Arrived at"), at), (_("Note"), note)):
            field.setAccessibleName(caption)
            dialog.column.addWidget(PlainLabel(caption, 'caption'))
            dialog.column.addWidget(field)
        dialog.accept_if = lambda: at.problem() or (
            '' if at.value() is not None else _("Enter when the documents arrived.")
        )
        at.setFocus()
        if not dialog.run():
            return
        checklist, case_id, version = self._page.desk.checklist, self._page.case_id, file.case.version
        arrived, words = at.value() or self._page.desk.context.now(), note.value()
        self._page.saving.act(
            lambda actor: checklist.supplement_arrived(actor, case_id, version, arrived, words),
            _("The arrival is recorded."),
            failed=lambda error: self._page.banner.show_error(error, _("Try again"), self.ask_arrival),
        )


def _standing(file: CaseFile, sent: int, waiting: dt.datetime | None) -> str:
    case = file.case
    parts = []
    if case.missing_documents:
        count = case.missing_documents
        parts.append(
            ngettext("{count} required document is missing.", "{count} required documents are missing.", count).format(
                count=count
            )
        )
    if waiting is not None:
        parts.append(_("The claimant was told on {time}.").format(time=text.moment(waiting)))
    elif sent:
        parts.append(
            ngettext("{count} notice has been sent.", "{count} notices have been sent.", sent).format(count=sent)
        )
    elif case.missing_documents:
        parts.append(_("The claimant has not been told yet."))
    return ' '.join(parts)


def _time_problem(file: CaseFile | None, at: dt.datetime | None, now: dt.datetime) -> str:
    if at is None or file is None:
        return ''
    if at > now:
        return _("This time lies in the future.")
    return _("This time lies before the case was reported.") if at < file.case.reported_at else ''
