"""The small windows about clocks: recording and correcting an event, saying why a step is late, urging somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.clocks import BY_HAND, EventKind
from claimdesk.services.case_events import EventView
from claimdesk.ui import text
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import Button, Combo, DateTimeEdit, FormGrid, TextArea, required
from claimdesk.vocabulary import DelayCode, LetterKind, label

if TYPE_CHECKING:
    from claimdesk.ui.page import Page


def ask_event(
    parent: QWidget, kinds: Sequence[EventKind], chosen: EventKind | None, now: dt.datetime
) -> tuple[EventKind, dt.datetime, str] | None:
    """What happened and when; None if thought better of it."""
    dialog = Dialog(
        parent, _("Record an event"), _("The time limits follow at once. It stands in the timeline."), _("Record")
    )
    form, what, when, note = FormGrid(1), Combo(), DateTimeEdit(), TextArea(lines=2)
    for kind in kinds:
        what.add(kind, label(kind))
    what.set_value(chosen if chosen in kinds else None)
    when.set_value(now)
    form.add('kind', _("What happened"), what, check=lambda: '' if what.value() is not None else _("Choose one."))
    form.add('at', _("When"), when, check=partial(_when_problem, when, now))
    form.add('note', _("Note"), note)
    dialog.column.addWidget(form)
    dialog.accept_if = lambda: '' if form.check() else None
    (when if what.value() is not None else what).setFocus()
    if not dialog.run():
        return None
    # Qt hands an enum that is text back as plain text.
    return EventKind(what.value()), _moment(when), note.value()


def ask_correction(parent: QWidget, event: EventView) -> tuple[dt.datetime | None, str] | None:
    """The right time and the reason; no time where the event did not happen at all. None if thought better of it."""
    dialog = Dialog(
        parent,
        _("Correct the time of “{event}”").format(event=label(event.kind)),
        _("Recorded as {time}. The wrong time is kept beside the right one.").format(time=text.moment(event.at)),
        _("Correct"),
    )
    form, when, reason, taken = FormGrid(1), DateTimeEdit(), TextArea(lines=2), []
    when.set_value(event.at)
    form.add('at', _("When it happened"), when, check=when.problem)
    shown = when.text()
    form.add('reason', _("Reason"), reason, check=required(reason.value))
    dialog.column.addWidget(form)

    def take_back() -> None:
        if form.check():
            taken.append(True)
            dialog.accept()

    if event.kind in BY_HAND:
        dialog.buttons.insertWidget(0, Button(_("It did not happen"), take_back, kind='link'))
    dialog.accept_if = lambda: _("Enter another time.") if when.text() == shown else '' if form.check() else None
    when.setFocus()
    if not dialog.run():
        return None
    return (None if taken else _moment(when)), reason.value()


def ask_delay(parent: QWidget, clock: str) -> tuple[DelayCode, str] | None:
    """Why the step is late; None if thought better of it."""
    dialog = Dialog(
        parent,
        _("Why is this step late?"),
        _("{clock} was missed. The reason stays with the case.").format(clock=clock),
        _("Go on"),
    )
    form, code, note = FormGrid(1), Combo(placeholder=_("Choose a reason")), TextArea(lines=2)
    for reason in DelayCode:
        code.add(reason, label(reason))
    form.add('code', _("Reason"), code, check=lambda: '' if code.value() is not None else _("Choose one."))
    form.add('note', _("In words"), note, check=lambda: (
        _("Say in words what the reason was.") if code.value() == DelayCode.OTHER and not note.value() else ''
    ))  # fmt: skip
    dialog.column.addWidget(form)
    dialog.accept_if = lambda: '' if form.check() else None
    code.setFocus()
    return (DelayCode(code.value()), note.value()) if dialog.run() else None


def ask_urging(parent: QWidget, count: int) -> tuple[str, bool] | None:
    """What to say to who is urged, and whether its slip shall be shown; None if thought better of it."""
    dialog = Dialog(
        parent,
        ngettext("Urge the handler", "Urge the handlers of {n} cases", count).format(n=text.number(count)),
        _("It reaches them when the office is open, once a day and case. Whoever stands in is urged for the absent."),
        _("Urge"),
    )
    form, words = FormGrid(1), TextArea(lines=3)
    form.add('words', _("What to say"), words, hint=_("May stay empty."))
    dialog.column.addWidget(form)
    for suggestion in (
        _("The customer is asking: please call back today."),
        _("Please finish this step today, or say what holds it up."),
    ):
        dialog.column.addWidget(Button(suggestion, partial(words.set_value, suggestion), kind='link'))
    slip = QCheckBox(
        ngettext("Show the urging slip, to print it", "Show the {n} urging slips, to print them", count).format(
            n=text.number(count)
        )
    )
    dialog.column.addWidget(slip)
    words.setFocus()
    return (words.value(), slip.isChecked()) if dialog.run() else None


def show_slips(page: Page, reminder_ids: Sequence[int], *, modal: bool = False) -> None:
    """Show the slips of these urgings, to be printed or saved."""
    from claimdesk.ui.preview import preview_pdf

    reminders, actor, ids = page.desk.reminders, page.desk.signed_in, list(reminder_ids)
    preview_pdf(
        page, label(LetterKind.URGING), lambda progress: reminders.slips(actor, ids, progress),
        _("urging-slips.pdf"), modal=modal,
    )  # fmt: skip


def _when_problem(when: DateTimeEdit, now: dt.datetime) -> str:
    value = when.value()
    if value is None:
        return when.problem() or _("Please fill this in.")
    return _("This time has not come yet.") if value > now + dt.timedelta(minutes=1) else ''


def _moment(when: DateTimeEdit) -> dt.datetime:
    value = when.value()
    if value is None:
        raise ValueError('a checked form has a time')
    return value
