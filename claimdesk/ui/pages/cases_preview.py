"""The preview beside the case list: what is due and why, what comes next, and the facts one asks for on the phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.services.context import Actor
from claimdesk.ui import text, theme
from claimdesk.ui.widgets import (
    Button,
    IconButton,
    KeyValue,
    PlainLabel,
    SectionHeader,
    SidePanel,
    Skeleton,
    StateBadge,
)
from claimdesk.vocabulary import ChecklistState, DueState, Stage, label

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.cases import CasePage
    from claimdesk.services.checklist import ChecklistView
    from claimdesk.services.clockwork import ClockView
    from claimdesk.services.workflow import CaseMoves

_ABSENT = (ChecklistState.MISSING, ChecklistState.REJECTED)
_MOST_CLOCKS = 3


@dataclass(frozen=True)
class Preview:
    """All that the panel shows of a case."""

    page: CasePage
    clocks: tuple[ClockView, ...]
    moves: CaseMoves
    absent: tuple[ChecklistView, ...]


def look(desk: Desk, actor: Actor, case_id: int) -> Preview:
    """Read what the panel shows. Raises `NotFound`."""
    papers = desk.checklist.of_case(actor, case_id)
    return Preview(
        desk.cases.page(actor, case_id),
        tuple(desk.clocks.due(actor, case_id)),
        desk.workflow.moves(actor, case_id),
        tuple(paper for paper in papers if paper.required and paper.state in _ABSENT),
    )


class PreviewPanel(SidePanel):
    """`open_wanted` names the part of the case that a button leads to."""

    open_wanted = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__('', 388, parent)
        self.case_id: int | None = None
        self._number = ''
        self.tools.addWidget(IconButton('copy', _("Copy the case number"), self._copy_number))
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        self._place = PlainLabel('', 'caption')
        self._badge = StateBadge()
        self._who = PlainLabel('', 'strong', wrap=True, selectable=True)
        self._next = PlainLabel('', 'strong', wrap=True)
        self._reasons = PlainLabel('', 'secondary', wrap=True)
        self._open = Button(_("Open the case"), lambda: self._go('overview'), kind='primary', tip='Enter')
        self._papers_button = Button(_("Documents"), lambda: self._go('documents'))
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_8)
        buttons.addWidget(self._open)
        buttons.addWidget(self._papers_button)
        buttons.addStretch(1)
        self._clocks = QVBoxLayout()
        self._clocks.setSpacing(theme.SPACE_12)
        self._papers = PlainLabel('', '', wrap=True)
        self._facts = KeyValue()
        head = QHBoxLayout()
        head.addWidget(self._badge)
        head.addStretch(1)
        head.addWidget(self._place)
        column.addLayout(head)
        column.addWidget(self._who)
        column.addLayout(buttons)
        column.addWidget(SectionHeader(_("Next step")))
        column.addWidget(self._next)
        column.addWidget(self._reasons)
        column.addWidget(SectionHeader(_("Time limits")))
        column.addLayout(self._clocks)
        self._papers_header = SectionHeader(_("Documents missing"))
        column.addWidget(self._papers_header)
        column.addWidget(self._papers)
        column.addWidget(SectionHeader(_("Facts")))
        column.addWidget(self._facts)
        column.addStretch(1)
        self.column.addWidget(self._content)
        self._problem = PlainLabel('', 'secondary', wrap=True)
        self._problem.hide()
        self.column.addWidget(self._problem)
        self.column.addStretch(1)
        self._skeleton = Skeleton(self._content)

    def wait_for(self, case_id: int, number: str, place: str) -> None:
        """Another case is being read; `place` says which row of how many it is."""
        fresh = case_id != self.case_id
        self.case_id, self._number = case_id, number
        self._place.setText(place)
        if number:
            self.set_title(number)
        if fresh:
            self._skeleton.start()

    def show_case(self, preview: Preview) -> None:
        """Show it."""
        page = preview.page
        self._skeleton.stop()
        self._problem.hide()
        self._content.show()
        self._number = page.number
        self.set_title(page.number)
        self._show_head(preview)
        self._show_next(preview.moves, page.stage)
        self._show_clocks(preview.clocks)
        self._papers_header.setVisible(bool(preview.absent))
        self._papers.setVisible(bool(preview.absent))
        self._papers.setText('\n'.join(f'· {paper.name}' for paper in preview.absent))
        self._facts.set_pairs(_facts(page))

    def show_problem(self, error: ClaimDeskError) -> None:
        """Say why it cannot be shown."""
        self._skeleton.stop()
        self._content.hide()
        self._problem.setText(str(error))
        self._problem.show()

    def _show_head(self, preview: Preview) -> None:
        page = preview.page
        running = [clock for clock in preview.clocks if clock.stopped_at is None and clock.counts]
        if page.stage is Stage.CLOSED or not running:
            self._badge.set_state(DueState.DONE, label(page.outcome))
        else:
            nearest = next((clock for clock in running if clock.state is not DueState.PAUSED), running[0])
            self._badge.set_state(nearest.state, nearest.words)
        parts = (page.insured_name, page.plate, label(page.line), label(page.stage))
        self._who.setText(' · '.join(part for part in parts if part))

    def _show_next(self, moves: CaseMoves, stage: Stage) -> None:
        move = moves.next
        if move is None:
            self._next.setText(_("Nothing more to do: the case is closed.") if stage is Stage.CLOSED else text.DASH)
            self._reasons.hide()
            return
        self._next.setText(_(move.title))
        self._reasons.setText('\n'.join(move.reasons) or _("Nothing stands in the way."))
        self._reasons.show()

    def _show_clocks(self, clocks: tuple[ClockView, ...]) -> None:
        while (item := self._clocks.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        running = [clock for clock in clocks if clock.stopped_at is None and clock.counts]
        for clock in running[:_MOST_CLOCKS]:
            self._clocks.addWidget(_clock(clock))
        more = len(running) - _MOST_CLOCKS
        if more > 0:
            words = ngettext("{n} more on the case's page", "{n} more on the case's page", more).format(n=more)
            self._clocks.addWidget(PlainLabel(words, 'caption'))
        if not running:
            self._clocks.addWidget(PlainLabel(_("No time limit is running."), 'secondary'))

    def _copy_number(self) -> None:
        QGuiApplication.clipboard().setText(self._number)

    def _go(self, part: str) -> None:
        if self.case_id is not None:
            self.open_wanted.emit(self.case_id, part)


def _clock(clock: ClockView) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    badge = StateBadge(clock.state, clock.words)
    due = text.moment(clock.due)
    first = QHBoxLayout()
    first.addWidget(PlainLabel(clock.name, '', wrap=True), 1)
    first.addWidget(badge)
    column.addLayout(first)
    lines = (*clock.explanation, _("Due {time}").format(time=due) if clock.due is not None else '', clock.citation)
    column.addWidget(PlainLabel('\n'.join(line for line in lines if line), 'caption', wrap=True, selectable=True))
    return box


def _facts(page: CasePage) -> list[tuple[str, str]]:
    return [
        (_("Handler"), page.owner or text.DASH),
        (_("Estimate"), text.money(page.estimate, sign=True)),
        (_("Paid"), text.money(page.paid_amount, sign=True)),
        (_("Reported"), text.moment(page.reported_at)),
        (_("Time of the loss"), text.moment(page.loss_at)),
        (_("Place"), page.place),
        (_("Cause"), page.cause),
        (_("Reporter"), page.reporter_name),
        (_("Phone"), page.reporter_phone),
        (_("Policy number"), page.policy.number),
    ]
