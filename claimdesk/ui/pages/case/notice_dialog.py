"""The dialog that shows a notice before it goes: its words, how it is sent, and whether it has arrived."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QGridLayout, QPlainTextEdit, QWidget

from claimdesk.language import _
from claimdesk.rules.letters import LetterText
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.overview_forms import choice_of
from claimdesk.ui.preview import preview_pdf
from claimdesk.ui.widgets import Button, DateTimeEdit, PlainLabel, TextArea
from claimdesk.vocabulary import Channel

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class NoticeDialog(Dialog):
    """`sent` notices went before; `kept` puts back what was typed before a save failed."""

    def __init__(
        self, page: CasePage, file: CaseFile, text: LetterText, sent: int, kept: Mapping[str, Any]
    ) -> None:
        super().__init__(
            page,
            _("Notice of missing documents"),
            _("The law asks for one notice that names everything (Insurance Law, article 22). From its arrival on, the"
              " time until the documents come does not count."),
            _("Send the notice"),
            width=640,
        )  # fmt: skip
        self._page, self._file, self._text, self._sent_before = page, file, text, sent
        self._shown = QPlainTextEdit('\n\n'.join(filter(None, (text.body, text.closing))))
        self._shown.setMinimumHeight(190)
        self._shown.setTabChangesFocus(True)
        self._shown.setAccessibleName(_("Text of the notice"))
        self.column.addWidget(self._shown)
        self.copy_button = Button(_("Copy the text"), self._copy, icon='copy')
        self.preview_button = Button(_("Preview"), self._preview, icon='eye', tip=_("The notice on paper"))
        self.buttons.insertWidget(0, self.copy_button)
        self.buttons.insertWidget(1, self.preview_button)
        self._channel = choice_of(Channel)
        self._channel.removeItem(self._channel.findData(Channel.NOTE))
        self._channel.set_value(kept.get('channel', Channel.SMS))
        self.has_arrived = QCheckBox(_("It has reached the claimant"))
        self._arrived = DateTimeEdit()
        self._arrived.set_value(kept.get('arrived') or page.desk.context.now())
        self.has_arrived.toggled.connect(self._arrived.setEnabled)
        self.has_arrived.setChecked(not kept or kept.get('arrived') is not None)
        self._arrived.setEnabled(self.has_arrived.isChecked())
        self._channel.value_changed.connect(self._channel_chosen)
        self._why = TextArea(lines=2)
        self._why.set_value(kept.get('reason', ''))
        self._lay_out()
        self.accept_if = self._problem
        self.ok_button.setFocus()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_16)
        grid.setVerticalSpacing(theme.SPACE_4)
        fields: list[tuple[str, QWidget]] = [(_("Sent by"), self._channel), (_("Arrived at"), self._arrived)]
        for column, (caption, field) in enumerate(fields):
            field.setAccessibleName(caption)
            grid.addWidget(PlainLabel(caption, 'caption'), 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.has_arrived, 2, 1)
        self.column.addLayout(grid)
        if self._sent_before:
            caption = _("Reason for a second notice")
            self._why.setAccessibleName(caption)
            self.column.addWidget(PlainLabel(caption, 'caption'))
            self.column.addWidget(self._why)
        else:
            self._why.setParent(self)
            self._why.hide()

    def words(self) -> LetterText:
        """The notice as it stands in the field."""
        return LetterText(self._text.title, self._shown.toPlainText().strip(), '')

    def arrived_at(self) -> dt.datetime | None:
        """When it reached the claimant, None while nobody knows."""
        return self._arrived.value() if self.has_arrived.isChecked() else None

    def reason(self) -> str:
        """Why there is a second notice."""
        return self._why.value() if self._sent_before else ''

    def channel(self) -> Channel:
        """How it is sent."""
        return Channel(self._channel.value() or Channel.LETTER)

    def _channel_chosen(self) -> None:
        # A letter is under way for days; a message is there at once.
        self.has_arrived.setChecked(self.channel() is not Channel.LETTER)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._shown.toPlainText())

    def _preview(self) -> None:
        desk, case_id, words = self._page.desk, self._page.case_id, self.words()
        notices, actor = desk.notices, desk.signed_in
        preview_pdf(
            self._page,
            self._text.title,
            lambda progress: notices.preview(actor, case_id, words, progress),
            f'{self._file.case.number}.pdf',
            modal=True,
        )

    def _problem(self) -> str:
        if not self._shown.toPlainText().strip():
            return _("The notice has no text.")
        if self.has_arrived.isChecked():
            if self._arrived.problem() or self._arrived.value() is None:
                return self._arrived.problem() or _("Enter when the notice arrived.")
            problem = _time_problem(self._file, self._arrived.value(), self._page.desk.context.now())
            if problem:
                return problem
        if self._sent_before and not self._why.value():
            return _("Give the reason for a second notice.")
        return ''


def _time_problem(file: CaseFile, at: dt.datetime | None, now: dt.datetime) -> str:
    if at is None:
        return ''
    if at > now:
        return _("This time lies in the future.")
    return _("This time lies before the case was reported.") if at < file.case.reported_at else ''
