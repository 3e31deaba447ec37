"""The head of the case page: which case, how urgent, on which stage, and the one thing to do next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.clocks import due_words
from claimdesk.rules.permissions import Permission
from claimdesk.services.workflow import MoveView, StageVisit
from claimdesk.ui import icons, text, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.pill import PillButton
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, ElidedLabel, PlainLabel, StageTrack, Step, plain_tip
from claimdesk.vocabulary import STAGES, DueState, Outcome, RiskLevel, Stage, label

NEXT_KEY = 'Ctrl+Return'
_OUTCOME_LOOK = {
    Outcome.PAID: ('green', 'circle-check'),
    Outcome.REFUSED: ('slate', 'circle-x'),
    Outcome.ZERO: ('grey', 'check'),
    Outcome.CANCELLED_REPORT: ('grey', 'x'),
    Outcome.CANCELLED_CASE: ('grey', 'x'),
}
RISK_LOOKS = {
    RiskLevel.NONE: ('green', 'shield-check'),
    RiskLevel.LOW: ('slate', 'shield-check'),
    RiskLevel.MEDIUM: ('amber', 'triangle-alert'),
    RiskLevel.HIGH: ('red', 'triangle-alert'),
}
"""The tone and the icon of each risk level."""


class CaseHead(QWidget):
    """Emits what the handler wants: `next_wanted`, `side_wanted(move)`, `stage_chosen`, and three more by name."""

    next_wanted = Signal()
    side_wanted = Signal(object)
    request_wanted = Signal(object)
    stage_chosen = Signal(str)
    clocks_wanted = Signal()
    owner_wanted = Signal()
    print_wanted = Signal()
    part_wanted = Signal(str)

    def __init__(self, now: Callable[[], dt.datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self.setProperty('surface', 'bar')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.SPACE_24, theme.SPACE_12, theme.SPACE_16, theme.SPACE_8)
        outer.setSpacing(theme.SPACE_8)
        first = QHBoxLayout()
        first.setSpacing(theme.SPACE_12)
        self._number = PlainLabel('', 'title', selectable=True)
        self._who = ElidedLabel('', 'section')
        self._who.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clock = PillButton(self.clocks_wanted.emit, _("Show how the time limits are counted"))
        self.complaints = PillButton(lambda: self.part_wanted.emit('disputes'), _("Show complaints and disputes"))
        self.risk = PillButton(lambda: self.part_wanted.emit('risk'), _("Show the risk signals and their reasons"))
        self._legal = ElidedLabel('', 'caption')
        self.next_button = Button('', self.next_wanted.emit, kind='primary', icon='arrow-right')
        tip = _("Prints and letters of this case")
        self.print_button = Button(_("Print"), self.print_wanted.emit, icon='printer', tip=tip)
        self.more = Button(_("More"), icon='ellipsis', tip=_("Other ways for this case"))
        self._menu = QMenu(self.more)
        self._menu.setToolTipsVisible(True)
        self.more.setMenu(self._menu)
        first.addWidget(self._number)
        first.addWidget(self._who, 1)
        for widget in (self.complaints, self.risk, self._legal, self.clock):
            first.addWidget(widget)
        for button in (self.next_button, self.print_button, self.more):
            first.addWidget(button)
        outer.addLayout(first)
        second = QHBoxLayout()
        second.setSpacing(theme.SPACE_16)
        self.track = StageTrack()
        self.track.chosen.connect(self.stage_chosen)
        self.owner = Button('', self.owner_wanted.emit, kind='quiet', icon='user-round')
        self._since = PlainLabel('', 'secondary')
        second.addWidget(self.track, 1)
        second.addWidget(self.owner)
        second.addWidget(self._since)
        outer.addLayout(second)
        self.reasons = PlainLabel('', 'note', wrap=True)
        self.reasons.setAlignment(Qt.AlignmentFlag.AlignRight)
        outer.addWidget(self.reasons)
        self.hide()

    def show_case(self, file: CaseFile) -> None:
        """Show the case."""
        case = file.case
        self._number.setText(case.number)
        cover = case.policy.coverages[0].name if case.policy.coverages else label(case.policy.clause)
        parts = (case.insured_name, case.plate, cover, case.policy.number)
        self._who.setText(' · '.join(part for part in parts if part))
        self._show_clock(file)
        self._show_warnings(file)
        self.track.set_steps(steps(file, self._now()))
        self.owner.set_text(case.owner or _("Nobody"))
        why = why_not(file, Permission.ASSIGN)
        self.owner.setToolTip(plain_tip('\n'.join(part for part in (case.assigned_why, why) if part)))
        since = text.span(self._now() - case.stage_entered_at, fine=False)
        self._since.setText(_("{time} here").format(time=since))
        self._since.setVisible(not file.closed)
        self._show_moves(file)
        self.show()

    def set_busy(self, busy: bool) -> None:
        """Nothing can be started while something is being saved."""
        self.next_button.setEnabled(not busy and bool(self.next_button.property('open')))
        self.more.setEnabled(not busy)

    def _show_clock(self, file: CaseFile) -> None:
        case, clock = file.case, file.leading_clock
        if case.outcome is not Outcome.OPEN:
            tone, picture = _OUTCOME_LOOK[case.outcome]
            self.clock.set_pill(tone, picture, f'{label(case.outcome)} · {text.day(case.closed_at)}')
        elif clock is None:
            self.clock.set_pill('', 'clock', label(case.stage))
        else:
            tone, picture = theme.DUE_TONES[clock.state]
            words = due_words(clock.state, clock.due, self._now(), case.paused_since)
            self.clock.set_pill(tone, picture, f'{label(case.stage)} · {words}')
        legal = file.legal_clock
        self._legal.setVisible(legal is not None and legal.state is not DueState.PAUSED and not file.closed)
        if legal is not None:
            self._legal.setText(_("Statutory: {name}, {due}").format(name=legal.name, due=text.day(legal.due)))
            self._legal.setToolTip(plain_tip(f'{legal.name}\n{legal.citation}'))

    def _show_warnings(self, file: CaseFile) -> None:
        count, level = file.open_complaints, file.risk_level
        words = ngettext("{count} complaint", "{count} complaints", count).format(count=count)
        self.complaints.set_pill('orange', 'message-square', words)
        self.complaints.setVisible(count > 0)
        self.risk.set_pill(*RISK_LOOKS[level], _("Risk: {level}").format(level=label(level)))
        self.risk.setVisible(level in (RiskLevel.MEDIUM, RiskLevel.HIGH))

    def _show_moves(self, file: CaseFile) -> None:
        move = file.moves.next
        self.next_button.setVisible(move is not None)
        reasons = move.reasons if move is not None else ()
        if move is not None:
            self.next_button.set_text(_(move.title))
            self.next_button.setProperty('open', move.permitted)
            self.next_button.setEnabled(move.permitted)
            self.next_button.setToolTip(plain_tip('\n'.join((f'{_(move.title)}  (Ctrl+Enter)', *reasons))))
            self.next_button.setAccessibleDescription(' '.join(reasons))
        self.reasons.setText(' '.join(reasons))
        self.reasons.set_role('note' if move is None or move.permitted else 'caption')
        self.reasons.setVisible(bool(reasons))
        self._menu.clear()
        for side in file.moves.sides:
            self._add_side(side)
        self.more.setVisible(bool(file.moves.sides))

    def _add_side(self, side: MoveView) -> None:
        action = self._menu.addAction(f'{_(side.title)}…'.replace('&', '&&'))
        action.setEnabled(side.allowed or side.overridable)
        action.setData(side.move)
        action.triggered.connect(lambda _checked=False: self.side_wanted.emit(side))
        if not side.allowed:
            # A disabled line of a menu shows no tip everywhere, so the reason stands under it.
            action.setToolTip(plain_tip(' '.join(side.reasons)))
            for reason in side.reasons:
                why = self._menu.addAction(icons.icon('lock', 'secondary'), _short(reason).replace('&', '&&'))
                why.setEnabled(False)
        if side.askable:
            words = _("Ask an approver: {action}").format(action=_(side.title))
            ask = self._menu.addAction(icons.icon('send', 'secondary'), f'{words}…'.replace('&', '&&'))
            ask.triggered.connect(lambda _checked=False: self.request_wanted.emit(side))

    def side_moves(self) -> dict[str, bool]:
        """The side ways in the menu by name, and whether each is open."""
        return {str(action.data()): action.isEnabled() for action in self._menu.actions() if action.data()}


def steps(file: CaseFile, now: dt.datetime) -> list[Step]:
    """The way of the case for the track: what is behind it, where it is, what lies ahead or was left out."""
    by_stage: dict[Stage, StageVisit] = {visit.stage: visit for visit in file.visits}
    here = STAGES.index(file.case.stage)
    clock = file.leading_clock
    tone = theme.DUE_TONES[clock.state][0] if clock is not None else ''
    found = []
    for place, stage in enumerate(STAGES):
        visit = by_stage.get(stage)
        if place == here:
            state = 'current'
        elif visit is not None and place < here:
            state = 'done'
        else:
            state = 'skipped' if place < here else 'ahead'
        note = _note(visit, current=place == here, now=now) if visit is not None and place <= here else ''
        found.append(Step(stage.value, label(stage), state, note, tone or 'accent_text'))
    return found


def _note(visit: StageVisit, *, current: bool, now: dt.datetime) -> str:
    lines = [_("With {name}").format(name=visit.owner)] if visit.owner else []
    lines.append(_("Since {time}").format(time=text.moment(visit.entered_at)))
    if visit.left_at is not None and not current:
        took = text.span(visit.left_at - visit.entered_at)
        lines.append(_("Left {time}, after {span}").format(time=text.moment(visit.left_at), span=took))
        if visit.left_by and visit.left_by != visit.owner:
            lines.append(_("Finished by {name}").format(name=visit.left_by))
    if visit.due_at is not None:
        lines.append(_("The office's target: {time}").format(time=text.moment(visit.due_at)))
    return '\n'.join(lines)


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 90 else f'{sentence[:89]}…'
