"""The questions behind the coordinators' actions; each returns what was entered, or None if thought better of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from claimdesk.language import _
from claimdesk.rules.disputes import cause_words
from claimdesk.services.lawsuits import NewLawsuit
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import Combo, DateEdit, DateTimeEdit, FormGrid, MoneyEdit, TextArea, required
from claimdesk.vocabulary import (
    Channel,
    CourtDay,
    MatterKind,
    MatterOutcome,
    OurSide,
    RecoveryKind,
    RiskOutcome,
    Word,
    label,
)


def words_of(kinds: type[Word], chosen: Any = None) -> Combo:
    """A choice among the words of an enumeration. Qt hands its value back as plain text."""
    combo = Combo(searchable=False)
    for one in kinds:
        combo.add(one, label(one))
    if chosen is not None:
        combo.set_value(chosen)
    return combo


def _form(dialog: Dialog, columns: int = 2) -> FormGrid:
    form = FormGrid(columns)
    dialog.column.addWidget(form)
    # What is wrong is said at the fields; None keeps the dialog open without another sentence.
    dialog.accept_if = lambda: '' if form.check() else None
    return form


def _line(most: int, words: str = '') -> QLineEdit:
    line = QLineEdit(words)
    line.setMaxLength(most)
    return line


def _chosen(combo: Combo) -> str:
    return '' if combo.value() is not None else _("Choose one.")


def ask_matter(parent: QWidget, complainant: str, content: str = '') -> tuple[MatterKind, str, str] | None:
    """What kind it is, who complains, and about what."""
    dialog = Dialog(parent, _("Take a complaint"), '', _("Take the complaint"), width=520)
    form = _form(dialog)
    kind, who, words = words_of(MatterKind, MatterKind.COMPLAINT), _line(60, complainant), TextArea(lines=5)
    words.set_value(content)
    form.add('kind', _("Kind"), kind)
    form.add('complainant', _("Who complains"), who)
    form.add('content', _("About what"), words, span=2, required=True, check=required(words.value))
    words.setFocus()
    return (MatterKind(kind.value()), who.text().strip(), words.value()) if dialog.run() else None


def ask_talk(parent: QWidget, whom: str) -> tuple[Channel, str, bool | None, str] | None:
    """A conversation about a complaint: channel, words, whether the customer spoke, and with whom."""
    dialog = Dialog(parent, _("Record a conversation"), '', _("Record"), width=520)
    form = _form(dialog)
    channel, direction = words_of(Channel, Channel.PHONE), Combo(searchable=False)
    direction.add(False, _("We told the customer"))
    direction.add(True, _("The customer told us"))
    name, words = _line(60, whom), TextArea(lines=5)
    form.add('channel', _("Channel"), channel)
    form.add('incoming', _("Direction"), direction)
    form.add('with_whom', _("With whom"), name, span=2)
    form.add('body', _("What was said"), words, span=2, required=True, check=required(words.value))
    words.setFocus()
    if not dialog.run():
        return None
    return Channel(channel.value()), words.value(), bool(direction.value()), name.text().strip()


def ask_answer(parent: QWidget, content: str, causes: Sequence[str]) -> tuple[MatterOutcome, str, str] | None:
    """How a complaint ended: outcome, root cause, answer."""
    dialog = Dialog(parent, _("Answer the complaint"), content, _("Answer and close"), width=560)
    form = _form(dialog)
    outcome, cause, words = words_of(MatterOutcome), _causes(causes), TextArea(lines=5)
    outcome.setCurrentIndex(-1)
    form.add('outcome', _("Outcome"), outcome, required=True, check=lambda: _chosen(outcome))
    form.add('root_cause', _("Root cause"), cause, required=True, check=lambda: _chosen(cause))
    form.add('answer', _("Answer"), words, span=2, required=True, check=required(words.value))
    outcome.setFocus()
    return (MatterOutcome(outcome.value()), cause.value(), words.value()) if dialog.run() else None


def ask_person(parent: QWidget, people: Iterable[tuple[int, str]], now: int | None) -> int | None:
    """Who takes care of it from now on."""
    dialog = Dialog(parent, _("Hand over"), '', _("Hand over"))
    form = _form(dialog, 1)
    who = Combo()
    for person, name in people:
        if person != now:
            who.add(person, name)
    who.setCurrentIndex(-1)
    form.add('owner', _("Who takes it"), who, required=True, check=lambda: _chosen(who))
    who.setFocus()
    return who.value() if dialog.run() else None


def ask_lawsuit(parent: QWidget, opponent: str) -> NewLawsuit | None:
    """What is known of a lawsuit."""
    dialog = Dialog(parent, _("Enter a lawsuit"), '', _("Enter"), width=560)
    form = _form(dialog)
    court, number, side = _line(120), _line(60), words_of(OurSide, OurSide.DEFENDANT)
    other, claimed = _line(120, opponent), MoneyEdit()
    form.add('court', _("Court"), court, span=2, required=True, check=required(court.text))
    form.add('number', _("Number at the court"), number)
    form.add('side', _("We are"), side)
    form.add('opponent', _("Other side"), other)
    form.add('claimed', _("Claimed, yuan"), claimed, check=claimed.problem)
    court.setFocus()
    if not dialog.run():
        return None
    return NewLawsuit(
        court.text().strip(), number.text().strip(), OurSide(side.value()), other.text().strip(), claimed.value()
    )


def ask_court_day(parent: QWidget, now: dt.datetime) -> tuple[CourtDay, dt.datetime, str] | None:
    """A day that was set in a lawsuit."""
    dialog = Dialog(parent, _("Note a day in court"), '', _("Note it"))
    form = _form(dialog)
    kind, moment, note = words_of(CourtDay, CourtDay.HEARING), DateTimeEdit(), _line(200)
    moment.set_value(now.replace(hour=1, minute=0, second=0, microsecond=0) + dt.timedelta(days=14))
    form.add('kind', _("What for"), kind)
    form.add('due_at', _("When"), moment, required=True, check=lambda: moment.problem() or _given(moment.value()))
    form.add('note', _("Place or note"), note, span=2)
    kind.setFocus()
    given = moment.value() if dialog.run() else None
    return None if given is None else (CourtDay(kind.value()), given, note.text().strip())


def ask_end_of_lawsuit(parent: QWidget, title: str) -> tuple[str, Decimal | None] | None:
    """How a lawsuit ended, and what was awarded."""
    dialog = Dialog(parent, _("Close the lawsuit"), title, _("Close the lawsuit"), width=520)
    form = _form(dialog)
    words, awarded = TextArea(lines=4), MoneyEdit()
    form.add('outcome', _("How it ended"), words, span=2, required=True, check=required(words.value))
    form.add('awarded', _("Awarded, yuan"), awarded, check=awarded.problem)
    words.setFocus()
    return (words.value(), awarded.value()) if dialog.run() else None


def ask_recovery(parent: QWidget) -> tuple[RecoveryKind, str, Decimal, str] | None:
    """What is to come back from whom: kind, from whom, how much, and why."""
    dialog = Dialog(parent, _("Enter a recovery"), '', _("Enter"), width=520)
    form = _form(dialog)
    kind, who = words_of(RecoveryKind, RecoveryKind.SUBROGATION), _line(120)
    amount, why = MoneyEdit(), TextArea(lines=3)
    form.add('kind', _("Kind"), kind)
    form.add('expected', _("Expected, yuan"), amount, required=True, check=lambda: _above_zero(amount))
    form.add('debtor', _("Debtor"), who, span=2, required=True, check=required(who.text))
    form.add('basis', _("On what ground"), why, span=2)
    kind.setFocus()
    expected = amount.value() if dialog.run() else None
    return None if expected is None else (RecoveryKind(kind.value()), who.text().strip(), expected, why.value())


def ask_receipt(parent: QWidget, outstanding: Decimal, today: dt.date) -> tuple[Decimal, dt.date, str] | None:
    """Money that came in."""
    dialog = Dialog(parent, _("Record money received"), '', _("Record"))
    form = _form(dialog)
    amount, day, reference = MoneyEdit(), DateEdit(), _line(60)
    amount.set_value(outstanding or None)
    day.set_value(today)
    form.add('amount', _("Amount, yuan"), amount, required=True, check=lambda: _above_zero(amount))
    form.add('received_on', _("Received on"), day, required=True, check=lambda: day.problem() or _given(day.value()))
    form.add('reference', _("Bank reference"), reference, span=2)
    amount.setFocus()
    if not dialog.run():
        return None
    received, on = amount.value(), day.value()
    return None if received is None or on is None else (received, on, reference.text().strip())


def ask_finding(parent: QWidget, title: str) -> tuple[RiskOutcome, str] | None:
    """What a closer look found."""
    sentence = _("The finding is yours; it does not refuse the claim. A refusal needs its own decision, with reasons.")
    dialog = Dialog(parent, _("Record the finding"), f'{title}\n{sentence}', _("Record the finding"), width=560)
    form = _form(dialog, 1)
    outcome, words = words_of(RiskOutcome), TextArea(lines=5)
    outcome.setCurrentIndex(-1)
    form.add('outcome', _("Finding"), outcome, required=True, check=lambda: _chosen(outcome))
    form.add('finding', _("What was found, and how"), words, required=True, check=required(words.value))
    outcome.setFocus()
    return (RiskOutcome(outcome.value()), words.value()) if dialog.run() else None


def ask_fix(parent: QWidget, causes: Sequence[str], cause: str, fix: str) -> tuple[str, str] | None:
    """The root cause of a low score, and what was put right."""
    dialog = Dialog(parent, _("Put it right"), '', _("Save"), width=520)
    form = _form(dialog, 1)
    chosen, words = _causes(causes), TextArea(lines=4)
    if cause:
        chosen.set_value(cause)
    words.set_value(fix)
    form.add('root_cause', _("Root cause"), chosen, required=True, check=lambda: _chosen(chosen))
    form.add('fix', _("What was put right"), words, required=True, check=required(words.value))
    chosen.setFocus()
    return (chosen.value(), words.value()) if dialog.run() else None


def _causes(causes: Sequence[str]) -> Combo:
    combo = Combo()
    for cause in causes:
        combo.add(cause, cause_words(cause))
    combo.setCurrentIndex(-1)
    return combo


def _given(value: object) -> str:
    return '' if value is not None else _("Please fill this in.")


def _above_zero(amount: MoneyEdit) -> str:
    value = amount.value()
    return amount.problem() or ('' if value is not None and value > 0 else _("Enter an amount above 0."))
