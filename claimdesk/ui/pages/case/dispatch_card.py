"""Who was sent to look at the loss: the answer, the first contact, the appointment, the visit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.rules.survey_form import kinds_for
from claimdesk.services.dispatches import DispatchView, SurveyorChoice
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.list_card import ListCard, allow
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import (
    Button,
    Combo,
    DateTimeEdit,
    PlainLabel,
    StateBadge,
    TextArea,
)
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import DispatchState, SurveyKind, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

LOOK = {
    DispatchState.OFFERED: ('orange', 'hourglass'),
    DispatchState.ACCEPTED: ('slate', 'circle-check'),
    DispatchState.DECLINED: ('red', 'circle-x'),
    DispatchState.DONE: ('green', 'check'),
    DispatchState.WITHDRAWN: ('grey', 'minus'),
}


class DispatchCard(ListCard):
    """One line for each surveyor who was sent, with what can be done next."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page, _("Surveyors"))
        self.send_button = Button(_("Send a surveyor…"), self.ask_whom, icon='send')
        self.head.add(self.send_button)

    def show_case(self, file: CaseFile, sent: Sequence[DispatchView]) -> None:
        """Show who was sent."""
        self._file = file
        why = why_not(file, Permission.DISPATCH)
        allow(self.send_button, why)
        self.show_rows((self._row(one, file) for one in sent), _("Nobody has been sent yet."))

    def _row(self, one: DispatchView, file: CaseFile) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        first = QHBoxLayout()
        badge = StateBadge()
        badge.set_pill(*LOOK[one.state], label(one.state))
        name = PlainLabel(f'{one.surveyor} · {label(one.kind)}', 'strong')
        first.addWidget(name)
        first.addWidget(badge)
        first.addStretch(1)
        column.addLayout(first)
        column.addWidget(PlainLabel(dispatch_words(one), 'caption', wrap=True, selectable=True))
        buttons = self._buttons(one, file)
        if buttons:
            place = QWidget()
            flow = FlowLayout(place, theme.SPACE_4)
            for button in buttons:
                button.setAccessibleName(f'{button.text()} {one.surveyor}')
                flow.addWidget(button)
            column.addWidget(place)
        return holder

    def _buttons(self, one: DispatchView, file: CaseFile) -> list[Button]:
        if not one.live or file.closed:
            return []
        made = []
        if one.mine or file.may(Permission.DISPATCH):
            if one.state is DispatchState.OFFERED:
                made.append(Button(_("Accept"), partial(self._accept, one), icon='check'))
                made.append(Button(_("Decline…"), partial(self._decline, one), kind='quiet'))
            if one.contacted_at is None:
                made.append(Button(_("Contacted…"), partial(self._ask_contact, one), icon='phone'))
            made.append(Button(_("Appointment…"), partial(self._ask_appointment, one), kind='quiet'))
            if one.state is DispatchState.ACCEPTED:
                made.append(Button(_("Visited"), partial(self._finish, one), kind='quiet'))
        if file.may(Permission.DISPATCH):
            made.append(Button(_("Call back…"), partial(self._withdraw, one), kind='quiet'))
        return made

    # Sending

    def ask_whom(self) -> None:
        """Ask whom to send, where and when."""
        dispatches, actor = self._page.desk.dispatches, self._page.desk.signed_in
        self._page.run(lambda _progress: dispatches.surveyors(actor), self._ask, latest='surveyors')

    def _ask(self, surveyors: list[SurveyorChoice]) -> None:
        file = self._file
        if file is None:
            return
        if not surveyors:
            self._page.banner.show_message(_("The office has no surveyor. Give somebody that role in the settings."))
            return
        dialog = SendDialog(self, file, surveyors)
        if not dialog.run():
            return
        dispatches, case_id = self._page.desk.dispatches, self._page.case_id
        kind, surveyor, at, place, note = dialog.answer()
        self._page.saving.act(
            lambda actor: dispatches.send(actor, case_id, kind, surveyor, at, place, note),
            _("The surveyor is sent."),
            undo=lambda sent: partial(self._take_back, sent),
        )

    def _take_back(self, one: DispatchView) -> None:
        self._act('withdraw', one, _("The change has been undone."), '')

    # Answering

    def _act(self, verb: str, one: DispatchView, said: str, *more: Any) -> None:
        do = getattr(self._page.desk.dispatches, verb)
        self._page.saving.act(lambda actor: do(actor, one.id, one.version, *more), said)

    def _accept(self, one: DispatchView) -> None:
        self._act('accept', one, _("Accepted."))

    def _finish(self, one: DispatchView) -> None:
        self._act('finish', one, _("The visit is noted."))

    def _decline(self, one: DispatchView) -> None:
        reason = dialogs.ask_reason(
            self,
            _("Decline the dispatch"),
            _("Somebody else can then be sent."),
            _("Decline"),
            suggestions=(_("On the way to another loss"), _("Too far away"), _("Knows somebody involved")),
        )
        if reason:
            self._act('decline', one, _("Declined."), reason)

    def _withdraw(self, one: DispatchView) -> None:
        reason = dialogs.ask_reason(
            self, _("Call {name} back").format(name=one.surveyor), _("Somebody else can then be sent."), _("Call back")
        )
        if reason:
            self._act('withdraw', one, _("Called back."), reason)

    def _ask_contact(self, one: DispatchView) -> None:
        dialog = Dialog(
            self, _("First contact"), _("When did {name} reach the customer?").format(name=one.surveyor), _("Record it")
        )
        at, note = DateTimeEdit(), TextArea(lines=2)
        at.set_value(self._page.desk.context.now())
        _field(dialog, _("Contacted at"), at)
        _field(dialog, _("What was agreed"), note)
        dialog.accept_if = lambda: at.problem() or ('' if at.value() is not None else _("Enter this."))
        at.setFocus()
        if dialog.run():
            self._act('contacted', one, _("The first contact is recorded."), at.value(), note.value())

    def _ask_appointment(self, one: DispatchView) -> None:
        dialog = Dialog(self, _("Appointment"), '', _("Save"))
        at, place = DateTimeEdit(), QLineEdit(one.place)
        at.set_value(one.appointment_at)
        place.setMaxLength(200)
        _field(dialog, _("Time"), at)
        _field(dialog, _("Place of the survey"), place)
        dialog.accept_if = at.problem
        at.setFocus()
        if dialog.run():
            self._act('appoint', one, _("The appointment is saved."), at.value(), place.text())


class SendDialog(Dialog):
    """Whom to send, what for, when and where."""

    def __init__(self, parent: QWidget, file: CaseFile, surveyors: Sequence[SurveyorChoice]) -> None:
        super().__init__(
            parent, _("Send a surveyor"), _("Those with the fewest open dispatches come first."), _("Send")
        )
        self._kind, self._who = Combo(searchable=False), Combo()
        for kind in kinds_for(file.case.line, injury=file.case.injury):
            self._kind.add(kind.value, label(kind))
        self._kind.setCurrentIndex(0)
        for one in surveyors:
            count = ngettext("{count} open", "{count} open", one.open).format(count=one.open)
            words = f'{one.name} · {count}'
            self._who.add(one.id, _("{words} · away").format(words=words) if one.absent else words)
        self._who.setCurrentIndex(0)
        self._at, self._place, self._note = DateTimeEdit(), QLineEdit(file.case.place), TextArea(lines=2)
        self._place.setMaxLength(200)
        for caption, field in (
            (_("What for"), self._kind),
            (_("Surveyor"), self._who),
            (_("Appointment"), self._at),
            (_("Place of the survey"), self._place),
            (_("Note for the surveyor"), self._note),
        ):
            _field(self, caption, field)
        self.accept_if = lambda: self._at.problem() or ('' if self._who.value() else _("Choose a surveyor."))
        self._who.setFocus()

    def answer(self) -> tuple[SurveyKind, int, Any, str, str]:
        """What for, who, when, where, and the note."""
        kind, who, at = SurveyKind(self._kind.value()), self._who.value(), self._at.value()
        return kind, who, at, self._place.text(), self._note.value()


def dispatch_words(one: DispatchView) -> str:
    """What is known of a dispatch, in one line."""
    parts = [_("sent by {name}, {time}").format(name=one.dispatched_by, time=text.moment(one.dispatched_at))]
    if one.appointment_at is not None:
        parts.append(_("appointment {time}").format(time=text.moment(one.appointment_at)))
    if one.place:
        parts.append(one.place)
    if one.contacted_at is not None:
        parts.append(_("contacted {time}").format(time=text.moment(one.contacted_at)))
    if one.finished_at is not None and one.state is DispatchState.DONE:
        parts.append(_("visited {time}").format(time=text.moment(one.finished_at)))
    parts += [words for words in (one.reason, one.note, one.contact_note) if words]
    return ' · '.join(parts)


def _field(dialog: Dialog, caption: str, field: QWidget) -> None:
    field.setAccessibleName(caption)
    dialog.column.addWidget(PlainLabel(caption, 'caption'))
    dialog.column.addWidget(field)
