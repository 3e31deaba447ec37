"""Risk tab: which signals hold and why, who looks into the case, and what the rule of automatic approval said."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor
from claimdesk.services.risk import RiskView, SignalView
from claimdesk.services.straight_through import CheckView, ConditionView
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.findings_card import FindingsLine
from claimdesk.ui.pages.case.head import RISK_LOOKS
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.pages.liaison.actions import actions_for
from claimdesk.ui.pages.liaison.block import RowBlock
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, StateBadge, clear, plain_tip, separator
from claimdesk.vocabulary import RiskLevel, label

_NAMED = (RiskLevel.MEDIUM, RiskLevel.HIGH)


class RiskTab(CaseTab):
    """Where a person should look. Nothing here decides on the claim."""

    name = 'risk'
    icon = 'shield-check'

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.blocks: list[RowBlock] = []
        self.refer_button = Button(_("Have it looked into…"), self.refer, icon='search')
        head = SectionHeader(_("Risk signals"))
        head.add(self.refer_button)
        box, column = card(head)
        level = QHBoxLayout()
        self.badge = StateBadge()
        self._points = PlainLabel('', 'secondary', tabular=True)
        level.addWidget(self.badge)
        level.addWidget(self._points)
        level.addStretch(1)
        column.addLayout(level)
        self.signals = QVBoxLayout()
        self.signals.setSpacing(theme.SPACE_12)
        column.addLayout(self.signals)
        self.findings = FindingsLine(page)
        column.addWidget(self.findings)
        column.addWidget(separator())
        never = _(
            "A signal says where a person should look; it never decides on a claim by itself. A refusal needs a "
            "person's decision with reasons (Insurance Law, article 24); automated decisions about people need an "
            "assessment of their effects (Personal Information Protection Law, article 55)."
        )
        column.addWidget(PlainLabel(never, 'caption', wrap=True))
        referral_box, referral_column = card(SectionHeader(_("Closer look")))
        self._referrals = QVBoxLayout()
        self._referrals.setSpacing(theme.SPACE_12)
        referral_column.addLayout(self._referrals)
        check_box, check_column = card(SectionHeader(_("Automatic approval")))
        self.checks = QVBoxLayout()
        self.checks.setSpacing(theme.SPACE_8)
        check_column.addLayout(self.checks)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        for half in ((box,), (referral_box, check_box)):
            side = QVBoxLayout()
            side.setSpacing(theme.SPACE_16)
            for widget in half:
                side.addWidget(widget)
            side.addStretch(1)
            row.addLayout(side, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    @staticmethod
    def heading(file: CaseFile) -> str:
        level = file.risk_level
        return _("Risk: {level}").format(level=label(level)) if level in _NAMED else _("Risk")

    def load(self, actor: Actor, case_id: int) -> tuple[RiskView, list[CheckView]]:
        return self.desk.risk.of_case(actor, case_id), self.desk.straight_through.of_case(actor, case_id)

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        risk, checks = loaded
        why = why_not(file, Permission.EDIT_CASE)
        if not why and risk.open_referral is not None:
            why = _("Somebody is looking into this case already.")
        self.refer_button.setEnabled(not why)
        self.refer_button.setToolTip(plain_tip(why))
        self.badge.set_pill(*RISK_LOOKS[risk.level], label(risk.level))
        self._points.setText(_("{score} points").format(score=risk.score))
        self.findings.show_case(file)
        clear(self.signals)
        if not risk.signals:
            self.signals.addWidget(PlainLabel(_("None of the office's rules holds on this case."), 'secondary'))
        for signal in risk.signals:
            self.signals.addWidget(_signal(signal))
        self._show_referrals(risk)
        self._show_checks(checks)

    def _show_referrals(self, risk: RiskView) -> None:
        clear(self._referrals)
        self.blocks = []
        if not risk.referrals:
            self._referrals.addWidget(PlainLabel(_("Nobody has been asked to look into this case."), 'secondary'))
        now = self.desk.context.now()
        for row in risk.referrals:
            block = RowBlock(row, actions_for(self.desk, row, self, self.page.saving.act), now)
            self.blocks.append(block)
            self._referrals.addWidget(block)

    def _show_checks(self, checks: list[CheckView]) -> None:
        clear(self.checks)
        if not checks:
            nothing = _("The rule looks at a calculation when it is handed in, once the office has switched it on.")
            self.checks.addWidget(PlainLabel(nothing, 'secondary', wrap=True))
        for place, check in enumerate(checks):
            if place:
                self.checks.addWidget(separator())
            self.checks.addWidget(_check_head(check))
            for condition in check.conditions:
                self.checks.addWidget(_condition(condition))

    def focus_part(self, part: str) -> None:
        buttons = [button for block in self.blocks for button in block.buttons if button.isEnabled()]
        next(iter([*buttons, self.refer_button])).setFocus(Qt.FocusReason.OtherFocusReason)

    def refer(self) -> None:
        """Ask somebody to look into the case."""
        sentence = _("An approver gets it with a time limit; the claim goes on meanwhile.")
        asked = dialogs.ask_reason(
            self, _("Have it looked into"), sentence, _("Ask"), label=_("What should be looked into")
        )
        if asked is not None:
            risk, case_id = self.desk.risk, self.page.case_id
            self.page.saving.act(lambda actor: risk.refer(actor, case_id, asked), _("Somebody is asked to look."))


def _signal(signal: SignalView) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_12)
    weight = PlainLabel(f'+{signal.weight}', 'strong', tabular=True)
    weight.setFixedWidth(36)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(PlainLabel(signal.name, 'strong', wrap=True))
    words.addWidget(PlainLabel(signal.reason, '', wrap=True, selectable=True))
    row.addWidget(weight, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return box


def _check_head(check: CheckView) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    words = _("Calculation no. {number}, {time}: {held} of {count} conditions held").format(
        number=check.calculation, time=text.moment(check.checked_at), held=check.held, count=len(check.conditions)
    )
    row.addWidget(PlainLabel(words, 'secondary', wrap=True), 1)
    badge = StateBadge()
    if check.approved:
        badge.set_pill('green', 'circle-check', _("Approved by the rule"))
    elif check.sampled:
        badge.set_pill('slate', 'user-round', _("Drawn: a person decides"))
    else:
        badge.set_pill('', 'user-round', _("A person decides"))
    row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
    return box


def _condition(condition: ConditionView) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_8)
    badge = StateBadge()
    if condition.holds:
        badge.set_pill('green', 'check', _("holds"))
    else:
        badge.set_pill('amber', 'x', _("fails"))
    badge.setMinimumWidth(72)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(PlainLabel(condition.name, ''))
    words.addWidget(PlainLabel(condition.words, 'caption', wrap=True))
    row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return box
