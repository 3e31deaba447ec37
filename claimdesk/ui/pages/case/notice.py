"""The one-time notice of missing documents: seen before it goes, with the time it arrived; and the supplement."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.rules.letters import LetterText
from claimdesk.rules.permissions import Permission
from claimdesk.services.letters import LetterView
from claimdesk.services.notices import NoticeStanding
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.notice_dialog import NoticeDialog
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.preview import preview_pdf
from claimdesk.ui.widgets import Button, DateTimeEdit, PlainLabel, TextArea, clear, plain_tip
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class NoticeBar(QWidget):
    """Says what is missing and whether the claimant has been told, and offers the next step."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._file: CaseFile | None = None
        self._standing = NoticeStanding(0, None, None, ())
        self.setProperty('surface', 'card')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        column.setSpacing(theme.SPACE_4)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self._words = PlainLabel('', '', wrap=True)
        self.send_button = Button(_("Notice of missing documents…"), self.ask, icon='send')
        self.reached_button = Button(_("The notice has arrived…"), self.ask_reached, icon='circle-check')
        self.arrived_button = Button(_("The documents have arrived…"), self.ask_arrival, icon='inbox')
        row.addWidget(self._words, 1)
        for button in (self.reached_button, self.arrived_button, self.send_button):
            row.addWidget(button)
        column.addLayout(row)
        self._why = PlainLabel('', 'note', wrap=True)
        column.addWidget(self._why)
        self._sent = QVBoxLayout()
        self._sent.setSpacing(0)
        column.addLayout(self._sent)

    def show_case(self, file: CaseFile, standing: NoticeStanding) -> None:
        """Show how the case stands with its notices."""
        self._file, self._standing = file, standing
        case = file.case
        self.setVisible(bool(standing.notices) or (not file.closed and bool(case.missing_documents or standing.sent)))
        self._words.setText(_said(file, standing))
        for button, permission in (
            (self.send_button, Permission.SEND_NOTICE),
            (self.reached_button, Permission.SEND_NOTICE),
            (self.arrived_button, Permission.ATTACH_DOCUMENTS),
        ):
            why = why_not(file, permission)
            button.setEnabled(not why)
            button.setToolTip(plain_tip(why))
        self.send_button.setVisible(bool(case.missing_documents) and not file.closed)
        self.reached_button.setVisible(standing.on_its_way is not None and not file.closed)
        self.arrived_button.setVisible(standing.waiting_since is not None)
        held = bool(standing.problems) and self.send_button.isEnabled() and bool(case.missing_documents)
        if standing.problems and self.send_button.isEnabled():
            self.send_button.setEnabled(False)
            self.send_button.setToolTip(plain_tip('\n'.join(standing.problems)))
        self._why.setText(' '.join(standing.problems))
        self._why.setVisible(held and not file.closed)
        clear(self._sent)
        for letter in standing.notices:
            self._sent.addWidget(self._line(letter))

    def _line(self, letter: LetterView) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        tip = _("Look at the notice as it went out")
        number = Button(letter.number, partial(self._look_at, letter), kind='link', icon='file-text', tip=tip)
        row.addWidget(number)
        row.addWidget(PlainLabel(notice_words(letter), 'caption', wrap=True, selectable=True), 1)
        return holder

    def _look_at(self, letter: LetterView) -> None:
        letters, actor = self._page.desk.letters, self._page.desk.signed_in
        preview_pdf(
            self._page,
            f'{label(letter.kind)} {letter.number}',
            lambda progress: letters.pdf(actor, letter.id, progress),
            f'{letter.number}.pdf',
        )

    def ask(self) -> None:
        """Make the text, show it, and ask whether and when it reached the claimant."""
        notices, actor, case_id = self._page.desk.notices, self._page.desk.signed_in, self._page.case_id
        self._page.run(lambda _progress: notices.text(actor, case_id), self._preview, latest='notice')

    def _preview(self, words: LetterText, kept: dict[str, Any] | None = None) -> None:
        file = self._file
        if file is None:
            return
        dialog = NoticeDialog(self._page, file, words, self._standing.sent, kept or {})
        if dialog.run():
            self._send(file.case.version, dialog)

    def _send(self, version: int, dialog: NoticeDialog) -> None:
        notices, case_id = self._page.desk.notices, self._page.case_id
        words, arrived, reason, channel = dialog.words(), dialog.arrived_at(), dialog.reason(), dialog.channel()
        said = _("The notice is sent; the office waits for the documents.")
        if arrived is None:
            said = _("The notice is sent. Record its arrival: the time of waiting counts from then.")
        self._page.saving.act(
            lambda actor: notices.send(actor, case_id, version, arrived, reason, channel, words),
            said,
            failed=partial(self._failed, words, {'reason': reason, 'channel': channel, 'arrived': arrived}),
        )

    def _failed(self, words: LetterText, kept: dict[str, Any], error: ClaimDeskError) -> None:
        self._page.banner.show_error(error, _("Try again"), lambda: self._preview(words, kept))

    def ask_reached(self) -> None:
        """Ask when the notice that is on its way reached the claimant."""
        letter = self._standing.on_its_way
        if letter is None:
            return
        at = self._ask_time(
            _("The notice has arrived"),
            _("{number} was sent on {time}. The time of waiting counts from its arrival.").format(
                number=letter.number, time=text.moment(letter.sent_at)
            ),
        )
        if at is None:
            return
        notices = self._page.desk.notices
        self._page.saving.act(
            lambda actor: notices.arrived(actor, letter.id, letter.version, at[0]),
            _("The arrival is recorded."),
            failed=lambda error: self._page.banner.show_error(error, _("Try again"), self.ask_reached),
        )

    def ask_arrival(self) -> None:
        """Ask when the documents that were asked for arrived."""
        file = self._file
        if file is None:
            return
        answer = self._ask_time(_("The documents have arrived"), _("The clocks run on from this time."), note=True)
        if answer is None:
            return
        notices, case_id, version = self._page.desk.notices, self._page.case_id, file.case.version
        self._page.saving.act(
            lambda actor: notices.supplement_arrived(actor, case_id, version, *answer),
            _("The arrival is recorded."),
            failed=lambda error: self._page.banner.show_error(error, _("Try again"), self.ask_arrival),
        )

    def _ask_time(self, title: str, sentence: str, *, note: bool = False) -> tuple[dt.datetime, str] | None:
        dialog = Dialog(self, title, sentence, _("Record the arrival"))
        at, words = DateTimeEdit(), TextArea(lines=2)
        at.set_value(self._page.desk.context.now())
        for caption, field in ((_("Arrived at"), at), (_("Note"), words)):
            if field is words and not note:
                continue
            field.setAccessibleName(caption)
            dialog.column.addWidget(PlainLabel(caption, 'caption'))
            dialog.column.addWidget(field)
        dialog.accept_if = lambda: at.problem() or ('' if at.value() is not None else _("Enter when it arrived."))
        at.setFocus()
        if not dialog.run():
            return None
        return at.value() or self._page.desk.context.now(), words.value() if note else ''


def notice_words(letter: LetterView) -> str:
    """One notice in a line: which it is, when it went and arrived, and why there was a second."""
    parts = [
        _("Notice {turn}").format(turn=letter.turn),
        _("sent by {name}, {time}").format(name=letter.sent_by, time=text.moment(letter.sent_at)),
        _("arrived {time}").format(time=text.moment(letter.arrived_at))
        if letter.arrived_at is not None
        else _("arrival not recorded yet"),
    ]
    if letter.reason:
        parts.append(_("reason: {reason}").format(reason=letter.reason))
    return ' · '.join(parts)


def _said(file: CaseFile, standing: NoticeStanding) -> str:
    case = file.case
    parts = []
    if case.missing_documents:
        count = case.missing_documents
        parts.append(
            ngettext("{count} required document is missing.", "{count} required documents are missing.", count).format(
                count=count
            )
        )
    if standing.waiting_since is not None:
        parts.append(_("The claimant was told on {time}.").format(time=text.moment(standing.waiting_since)))
    elif standing.sent:
        parts.append(
            ngettext("{count} notice has been sent.", "{count} notices have been sent.", standing.sent).format(
                count=standing.sent
            )
        )
    elif case.missing_documents:
        parts.append(_("The claimant has not been told yet."))
    return ' '.join(parts)
