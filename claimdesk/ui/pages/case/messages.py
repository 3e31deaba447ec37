"""Messages tab: record what was said, and note how satisfied the customer was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor
from claimdesk.services.messages import MessageView, SatisfactionView
from claimdesk.ui import text, theme
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.pages.case.talk_dialogs import ask_satisfaction
from claimdesk.ui.widgets import (
    Button,
    Combo,
    PlainLabel,
    SectionHeader,
    StateBadge,
    TextArea,
    clear,
    plain_tip,
    separator,
)
from claimdesk.vocabulary import Channel, label

_PICTURE = {
    Channel.PHONE: 'phone', Channel.SMS: 'message-square', Channel.EMAIL: 'mail', Channel.LETTER: 'file-text',
    Channel.VISIT: 'map-pin', Channel.NOTE: 'pencil',
}  # fmt: skip
Loaded = tuple[list[MessageView], list[SatisfactionView]]


class MessagesTab(CaseTab):
    """What was said with the customer, the newest first."""

    name = 'messages'
    icon = 'message-square'
    form_names = ('message',)

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_16)
        left.addWidget(self._compose_card())
        left.addWidget(self._satisfaction_card())
        left.addStretch(1)
        right = QVBoxLayout()
        self._talk_head = SectionHeader(_("Conversations"))
        box, column = card(self._talk_head)
        self._talk = QVBoxLayout()
        self._talk.setSpacing(theme.SPACE_12)
        column.addLayout(self._talk)
        right.addWidget(box)
        right.addStretch(1)
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def _compose_card(self) -> QWidget:
        box, column = card(SectionHeader(_("Record a conversation")))
        self._why = PlainLabel('', 'note', wrap=True)
        self.form = EditForm('message')
        self._channel = Combo(searchable=False)
        for channel in Channel:
            self._channel.add(channel, label(channel), _PICTURE[channel])
        direction = Combo(searchable=False)
        direction.add(False, _("We told the customer"))
        direction.add(True, _("The customer told us"))
        whom = QLineEdit()
        whom.setMaxLength(60)
        self._body = TextArea(lines=4)
        self.form.add('channel', _("Channel"), self._channel)
        self.form.add('incoming', _("Direction"), direction)
        self.form.add('with_whom', _("With whom"), whom, span=2)
        self.form.add('body', _("What was said"), self._body, span=2)
        self._channel.value_changed.connect(self._channel_chosen)
        self.record_button = Button(_("Record"), self.save, icon='check', tip=_("Record"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.record_button)
        column.addWidget(self._why)
        column.addWidget(self.form)
        column.addLayout(buttons)
        return box

    def _satisfaction_card(self) -> QWidget:
        head = SectionHeader(_("Satisfaction"))
        self.satisfaction_button = Button(_("Note an answer…"), self.note_satisfaction, icon='plus')
        head.add(self.satisfaction_button)
        box, column = card(head)
        self._answers = QVBoxLayout()
        self._answers.setSpacing(theme.SPACE_8)
        column.addLayout(self._answers)
        return box

    @staticmethod
    def heading(file: CaseFile) -> str:
        count = file.case.messages
        return f'{_("Messages")} {count}' if count else _("Messages")

    def forms(self) -> list[EditForm]:
        return [self.form]

    def load(self, actor: Actor, case_id: int) -> Loaded:
        messages = self.desk.messages
        return (
            messages.of_case(actor, case_id),
            messages.satisfaction(actor, case_id),
        )

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        talk, answers = loaded
        may_talk = why_not(file, Permission.MESSAGE, open_case=False)
        self._why.setText(may_talk)
        self._why.setVisible(bool(may_talk))
        self.form.set_editable(not may_talk)
        self.record_button.setVisible(not may_talk)
        self.satisfaction_button.setEnabled(not may_talk)
        self.satisfaction_button.setToolTip(plain_tip(may_talk))
        empty = {'channel': Channel.PHONE, 'incoming': False, 'with_whom': file.case.insured_name, 'body': ''}
        self.form.show_saved(empty, file.case.version)
        self._talk_head.set_note(text.number(len(talk)) if talk else '')
        _fill(self._talk, [_message(one) for one in talk], _("Nothing has been recorded yet."))
        _fill(self._answers, [_answer(one) for one in answers], _("The customer has not been asked yet."))

    def focus_part(self, part: str) -> None:
        self._body.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self) -> None:
        """Record what was typed."""
        values = self.form.values()
        if not values['body']:
            self.form.set_error('body', _("Write what was said."))
            self._body.setFocus()
            return
        messages, case_id = self.desk.messages, self.page.case_id
        incoming = None if values['channel'] is Channel.NOTE else values['incoming']
        self.page.saving.act(
            lambda actor: messages.note(
                actor, case_id, values['channel'], values['body'], incoming, values['with_whom']
            ),
            _("Recorded."),
            lambda _none: self.form.revert(),
            self._refused,
        )

    def note_satisfaction(self) -> None:
        """Note how the customer answered when asked."""
        asked = ask_satisfaction(self)
        if asked is None:
            return
        messages, case_id = self.desk.messages, self.page.case_id
        self.page.saving.act(
            lambda actor: messages.note_satisfaction(actor, case_id, *asked), _("The answer is noted.")
        )

    def _channel_chosen(self) -> None:
        for name in ('incoming', 'with_whom'):
            self.form.set_shown(name, self._channel.value() is not Channel.NOTE)

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput):
            self.show_problem(self.form, error)
        else:
            self.page.show_error(error)


def _fill(column: QVBoxLayout, rows: Sequence[QWidget], nothing: str) -> None:
    clear(column)
    if not rows:
        column.addWidget(PlainLabel(nothing, 'secondary', wrap=True))
    for place, row in enumerate(rows):
        if place:
            column.addWidget(separator())
        column.addWidget(row)


def _message(message: MessageView) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    row = QHBoxLayout()
    badge = StateBadge()
    badge.set_pill('slate' if message.incoming else '', _PICTURE[message.channel], label(message.channel))
    if message.incoming is None:
        who = message.written_by
    elif message.incoming:
        who = _("{name} to {handler}").format(name=message.with_whom or '–', handler=message.written_by)
    else:
        who = _("{handler} to {name}").format(name=message.with_whom or '–', handler=message.written_by)
    row.addWidget(badge)
    row.addWidget(PlainLabel(who, 'secondary', wrap=True), 1)
    row.addWidget(PlainLabel(text.moment(message.at), 'caption', tabular=True))
    column.addLayout(row)
    column.addWidget(PlainLabel(message.body, '', wrap=True, selectable=True))
    return box


def _answer(answer: SatisfactionView) -> QWidget:
    words = _("{score} of 5 · {time}").format(score=answer.score, time=text.moment(answer.answered_at))
    return PlainLabel(f'{words}\n{answer.comment}'.strip(), '', wrap=True, selectable=True)
