"""Why a case is late, in one window: its clocks with their arithmetic, what they run by, who was urged and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _
from claimdesk.progress import Progress
from claimdesk.rules.clocks import CLOCK_NAMES, Duty, EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.services.case_events import EventView
from claimdesk.services.clockwork import STEP, ClockView
from claimdesk.services.delays import DelayView
from claimdesk.services.reminders import ReminderView, Urged
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.clock_forms import ask_correction, ask_event, ask_urging, show_slips
from claimdesk.ui.pages.case.tab import card
from claimdesk.ui.widgets import Button, PlainLabel, StateBadge, clear
from claimdesk.vocabulary import Stage, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

_GROUPS: tuple[tuple[str, tuple[Duty, ...], bool], ...] = (
    (N_("What the office has to keep"), (Duty.OFFICE,), True),
    (N_("Beside the case: calls, complaints, recoveries"), (Duty.OFFICE,), False),
    (N_("What others have to keep"), (Duty.CUSTOMER, Duty.POLICE), False),
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the window shows."""

    clocks: Sequence[ClockView]
    events: Sequence[EventView]
    to_record: Sequence[EventKind]
    urgings: Sequence[ReminderView]
    delays: Sequence[DelayView]


class ClocksDialog(Dialog):
    """Three lists: the clocks, the events, and who was urged and why a step was late."""

    def __init__(self, page: CasePage) -> None:
        case = page.file.case if page.file is not None else None
        title = _("Time limits of {number}").format(number=case.number if case is not None else '')
        super().__init__(page, title, '', _("Close"), cancel='', width=780)
        self._page, self._desk = page, page.desk
        self._open = case is not None and case.stage is not Stage.CLOSED
        actor = page.desk.signed_in
        self._may_record = self._open and actor.may(Permission.EDIT_CASE)
        self._may_urge = self._open and actor.may(Permission.URGE)
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setAccessibleName(_("Time limits"))
        self._stack = QStackedWidget()
        self._lists = []
        for words in (_("Time limits"), _("Recorded events"), _("Urging and delays")):
            self.bar.addTab(words)
            self._lists.append(self._list(words))
        self.bar.currentChanged.connect(self._stack.setCurrentIndex)
        self.column.addWidget(self.bar)
        self.column.addWidget(self._stack, 1)
        self.record_button = Button(_("Record an event…"), self.record, icon='plus', key='Ctrl+Shift+R')
        self.urge_button = Button(_("Urge…"), self.urge, icon='send', key='Ctrl+U')
        self.buttons.insertWidget(0, self.record_button)
        self.buttons.insertWidget(1, self.urge_button)
        self.record_button.setVisible(self._may_record)
        self.urge_button.setVisible(self._may_urge)
        self._read: _Read | None = None
        if page.file is not None:
            self._show(_Read(page.file.clocks, (), (), (), ()))
        self.reload()

    def _list(self, name: str) -> QVBoxLayout:
        content = QWidget()
        content.setProperty('surface', 'page')
        column = QVBoxLayout(content)
        column.setContentsMargins(0, theme.SPACE_8, theme.SPACE_8, 0)
        column.setSpacing(theme.SPACE_12)
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setMinimumHeight(420)
        area.setAccessibleName(name)
        self._stack.addWidget(area)
        return column

    def reload(self) -> None:
        """Read everything again."""
        desk, actor, case_id = self._desk, self._desk.signed_in, self._page.case_id

        def work(_progress: Progress) -> _Read:
            return _Read(
                desk.clocks.due(actor, case_id),
                desk.events.of_case(actor, case_id),
                desk.events.to_record(actor, case_id),
                desk.reminders.of_case(actor, case_id),
                desk.delays.of_case(actor, case_id),
            )

        self._page.run(work, self._show, self.banner.show_error, latest='clocks')

    def _show(self, read: _Read) -> None:
        self._read = read
        for column in self._lists:
            clear(column)
        self._show_clocks(self._lists[0], read)
        self._show_events(self._lists[1], read.events)
        self._show_urging(self._lists[2], read)
        for column in self._lists:
            column.addStretch(1)

    def _show_clocks(self, column: QVBoxLayout, read: _Read) -> None:
        if not read.clocks:
            column.addWidget(PlainLabel(_("No time limit has begun in this case."), 'secondary', wrap=True))
        for words, duties, counts in _GROUPS:
            clocks = [one for one in read.clocks if one.duty in duties and one.counts is counts]
            if clocks:
                column.addWidget(PlainLabel(_(words), 'section'))
            for clock in clocks:
                column.addWidget(self._clock(clock, read.to_record))

    def _clock(self, clock: ClockView, to_record: Sequence[EventKind]) -> QWidget:
        box, column = card(spacing=6)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_12)
        row.addWidget(PlainLabel(clock.name, 'strong', wrap=True), 1)
        row.addWidget(StateBadge(clock.state, clock.words))
        column.addLayout(row)
        column.addWidget(PlainLabel(whose(clock), 'caption', wrap=True, selectable=True))
        for line in _arithmetic(clock):
            column.addWidget(PlainLabel(line, '', wrap=True, selectable=True))
        if clock.provisional:
            column.addWidget(PlainLabel(_("Provisional"), 'note'))
        offered = [kind for kind in clock.stops if kind in to_record and clock.stopped_at is None]
        if offered and self._may_record:
            ways = QHBoxLayout()
            ways.setSpacing(theme.SPACE_8)
            for kind in offered[:3]:
                words = _("Record: {event}").format(event=label(kind))
                ways.addWidget(Button(words, partial(self.record, kind), kind='link'))
            ways.addStretch(1)
            column.addLayout(ways)
        return box

    def _show_events(self, column: QVBoxLayout, events: Sequence[EventView]) -> None:
        for event in events:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.SPACE_16)
            at = PlainLabel(text.moment(event.at), 'secondary', tabular=True)
            at.setFixedWidth(130)
            row.addWidget(at, 0, Qt.AlignmentFlag.AlignTop)
            words = QVBoxLayout()
            words.setSpacing(2)
            name = label(event.kind)
            words.addWidget(
                PlainLabel(_("Taken back: {event}").format(event=name) if event.voided else name,
                           'secondary' if event.voided else '', wrap=True)
            )  # fmt: skip
            by = _("Recorded {time} by {name}").format(
                time=text.moment(event.recorded_at), name=event.recorded_by or _("the program")
            )
            words.addWidget(PlainLabel(f'{by}  {event.note}'.rstrip(), 'caption', wrap=True, selectable=True))
            row.addLayout(words, 1)
            if event.correctable and self._may_record:
                correct = Button(_("Correct…"), partial(self.correct, event), kind='link')
                correct.setAccessibleName(_("Correct the time of “{event}”").format(event=name))
                row.addWidget(correct, 0, Qt.AlignmentFlag.AlignTop)
            column.addWidget(line)

    def _show_urging(self, column: QVBoxLayout, read: _Read) -> None:
        if not read.urgings and not read.delays:
            column.addWidget(PlainLabel(_("Nobody was urged, and no step was late."), 'secondary', wrap=True))
        for urging in read.urgings:
            box, inside = card(spacing=6)
            head = _("{time}  {sender} urged {name}").format(
                time=text.moment(urging.at), sender=urging.sent_by, name=urging.to
            )
            first = QHBoxLayout()
            first.addWidget(PlainLabel(head, 'strong', wrap=True), 1)
            slip = Button(_("Slip…"), partial(self.show_slip, urging.id), kind='link', icon='printer')
            slip.setAccessibleName(_("Urging slip of {time}").format(time=text.moment(urging.at)))
            first.addWidget(slip)
            inside.addLayout(first)
            inside.addWidget(PlainLabel(urging.words, '', wrap=True, selectable=True))
            answered = _("{time}  Answer: {answer}").format(
                time=text.moment(urging.answered_at), answer=urging.answer
            ) if urging.answered_at is not None else _("Not answered yet.")  # fmt: skip
            inside.addWidget(PlainLabel(answered, 'secondary', wrap=True, selectable=True))
            column.addWidget(box)
        for delay in read.delays:
            box, inside = card(spacing=6)
            head = _("{stage} was late: {reason}").format(stage=label(delay.stage), reason=label(delay.code))
            inside.addWidget(PlainLabel(head, 'strong', wrap=True))
            due = _("{clock}, due {time}").format(clock=_(CLOCK_NAMES[delay.clock]), time=text.moment(delay.due_at))
            said = _("{name}, {time}").format(name=delay.given_by, time=text.moment(delay.given_at))
            for words in filter(None, (delay.note, due, said)):
                inside.addWidget(PlainLabel(words, '' if words == delay.note else 'caption', wrap=True))
            column.addWidget(box)

    # What can be done

    def record(self, kind: EventKind | None = None) -> None:
        """Record that something happened."""
        if self._read is None:
            return
        answer = ask_event(self, self._read.to_record, kind, self._desk.context.now())
        if answer is not None:
            what, at, note = answer
            events, actor, case_id = self._desk.events, self._desk.signed_in, self._page.case_id
            self._act(lambda _progress: events.record(actor, case_id, what, at, note))

    def correct(self, event: EventView) -> None:
        """Put another time in the place of an event's, or take the event back."""
        answer = ask_correction(self, event)
        if answer is None:
            return
        at, reason = answer
        events, actor = self._desk.events, self._desk.signed_in
        if at is None:
            self._act(lambda _progress: events.take_back(actor, event.id, reason))
        else:
            self._act(lambda _progress: events.correct(actor, event.id, at, reason))

    def urge(self) -> None:
        """Urge the handler."""
        asked = ask_urging(self, 1)
        if asked is None:
            return
        words, slip = asked
        reminders, actor, case_id = self._desk.reminders, self._desk.signed_in, self._page.case_id

        def urged(result: Urged) -> None:
            self._done(result)
            if slip:
                self.show_slip(result.reminder_id)

        self._page.run(lambda _progress: reminders.urge(actor, case_id, words), urged, self._failed)
        self.bar.setCurrentIndex(2)

    def show_slip(self, reminder_id: int, _checked: bool = False) -> None:
        """Show the slip of an urging, to be printed."""
        show_slips(self._page, [reminder_id], modal=True)

    def _act(self, work: Callable[[Progress], object]) -> None:
        self._page.run(work, self._done, self._failed)

    def _done(self, _result: object) -> None:
        self.banner.clear()
        self.reload()
        self._page.reload()

    def _failed(self, error: ClaimDeskError) -> None:
        self.banner.show_error(error)


def show_clocks(page: CasePage) -> None:
    """Show every clock of the case of `page`."""
    ClocksDialog(page).run()


def whose(clock: ClockView) -> str:
    """Whose limit this is: the law's with its article, or the office's own target, never one for the other."""
    if clock.statutory:
        return _("Statutory limit: {citation}").format(citation=clock.citation)
    if clock.duty is Duty.CUSTOMER:
        return _("The customer's duty by contract: {citation}").format(citation=clock.citation)
    if clock.mark == 'A':
        return _("The office's own target; the law says promptly: {citation}").format(citation=clock.citation)
    if clock.id == STEP or clock.citation == _("The office's own target, not a legal limit"):
        return _("The office's own target, not a legal limit")
    return _("The office's own target, not a legal limit ({citation})").format(citation=clock.citation)


def _arithmetic(clock: ClockView) -> list[str]:
    lines = [_("Began {time}.").format(time=text.moment(clock.started_at))]
    lines += [_pause(start, end) for start, end in clock.pauses]
    lines += clock.explanation
    if clock.due is not None:
        lines.append(_("Due {time}.").format(time=text.moment(clock.due)))
    return lines


def _pause(start: dt.datetime, end: dt.datetime | None) -> str:
    if end is None:
        return _("Paused since {start}: the office waits for documents.").format(start=text.moment(start))
    return _("Paused from {start} to {end}.").format(start=text.moment(start), end=text.moment(end))
