"""Disputes tab: complaints and disputes, calls after the payment, lawsuits, and money that is to come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.call_backs import CallBackView, FollowUpView
from claimdesk.services.context import Actor
from claimdesk.services.disputes import MatterView
from claimdesk.services.lawsuits import LawsuitView
from claimdesk.services.recoveries import RecoveryView
from claimdesk.ui import theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.pages.liaison.actions import actions_for
from claimdesk.ui.pages.liaison.block import RowBlock
from claimdesk.ui.pages.liaison.dialogs import ask_lawsuit, ask_matter, ask_recovery
from claimdesk.ui.pages.liaison.facts import Row
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, clear, plain_tip, separator


@dataclass(frozen=True, slots=True)
class Loaded:
    """What stands around the case."""

    matters: list[MatterView]
    calls: list[CallBackView]
    follow_ups: list[FollowUpView]
    lawsuits: list[LawsuitView]
    recoveries: list[RecoveryView]


class DisputesTab(CaseTab):
    """What a case brings beside its own way, each with its facts and its next actions."""

    name = 'disputes'
    icon = 'briefcase'

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.blocks: list[RowBlock] = []
        self.complain_button = Button(_("Take a complaint…"), self.complain, icon='plus')
        self.lawsuit_button = Button(_("Enter a lawsuit…"), self.enter_lawsuit, icon='plus')
        self.recovery_button = Button(_("Enter a recovery…"), self.enter_recovery, icon='plus')
        self._matters = self._card(_("Complaints and disputes"), self.complain_button)
        self._calls = self._card(_("After the payment"))
        self._lawsuits = self._card(_("Lawsuits"), self.lawsuit_button)
        self._recoveries = self._card(_("Recoveries and salvage"), self.recovery_button)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        for half in ((self._matters, self._calls), (self._lawsuits, self._recoveries)):
            side = QVBoxLayout()
            side.setSpacing(theme.SPACE_16)
            for box, _column in half:
                side.addWidget(box)
            side.addStretch(1)
            row.addLayout(side, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    @staticmethod
    def _card(title: str, button: Button | None = None) -> tuple[QWidget, QVBoxLayout]:
        head = SectionHeader(title)
        if button is not None:
            head.add(button)
        box, column = card(head)
        rows = QVBoxLayout()
        rows.setSpacing(theme.SPACE_12)
        column.addLayout(rows)
        return box, rows

    @staticmethod
    def heading(file: CaseFile) -> str:
        count = file.open_complaints
        return f'{_("Disputes")} {count}' if count else _("Disputes")

    def load(self, actor: Actor, case_id: int) -> Loaded:
        desk = self.desk
        calls, follow_ups = desk.call_backs.of_case(actor, case_id)
        return Loaded(
            desk.disputes.of_case(actor, case_id),
            calls,
            follow_ups,
            desk.lawsuits.of_case(actor, case_id),
            desk.recoveries.of_case(actor, case_id),
        )

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        self.blocks = []
        for button, permission in (
            (self.complain_button, Permission.COMPLAINT),
            (self.lawsuit_button, Permission.COMPLAINT),
            (self.recovery_button, Permission.RECOVER),
        ):
            why = why_not(file, permission, open_case=False)
            button.setEnabled(not why)
            button.setToolTip(plain_tip(why))
        self._fill(self._matters[1], loaded.matters, _("No complaint about this case."))
        nobody = _("The customer is called once the case has been paid.")
        self._fill(self._calls[1], [*loaded.follow_ups, *loaded.calls], nobody)
        self._fill(self._lawsuits[1], loaded.lawsuits, _("No lawsuit about this case."))
        nothing = _("Nothing is to come back: no third party was at fault, and no salvage was taken over.")
        self._fill(self._recoveries[1], loaded.recoveries, nothing)

    def _fill(self, column: QVBoxLayout, rows: Sequence[Row], nothing: str) -> None:
        clear(column)
        if not rows:
            column.addWidget(PlainLabel(nothing, 'secondary', wrap=True))
        now = self.desk.context.now()
        for place, row in enumerate(rows):
            if place:
                column.addWidget(separator())
            block = RowBlock(row, actions_for(self.desk, row, self, self._save), now)
            self.blocks.append(block)
            column.addWidget(block)

    def focus_part(self, part: str) -> None:
        buttons = [button for block in self.blocks for button in block.buttons if button.isEnabled()]
        first = next(iter([*buttons, self.complain_button]))
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self, work: Callable[[Actor], Any], words: str) -> None:
        self.page.saving.act(work, words)

    def complain(self, complainant: str = '', content: str = '') -> None:
        """Take a complaint or a dispute; what was typed is kept where it could not be saved."""
        file = self.page.file
        asked = ask_matter(self, complainant or (file.case.reporter_name if file is not None else ''), content)
        if asked is None:
            return
        disputes, case_id = self.desk.disputes, self.page.case_id
        self.page.saving.act(
            lambda actor: disputes.take(actor, case_id, *asked),
            _("The complaint is taken."),
            failed=lambda error: self.page.banner.show_error(
                error, _("Try again"), partial(self.complain, asked[1], asked[2])
            ),
        )

    def enter_lawsuit(self) -> None:
        """Enter a lawsuit about the case."""
        file = self.page.file
        asked = ask_lawsuit(self, file.case.insured_name if file is not None else '')
        if asked is not None:
            lawsuits, case_id = self.desk.lawsuits, self.page.case_id
            self.page.saving.act(lambda actor: lawsuits.enter(actor, case_id, asked), _("The lawsuit is entered."))

    def enter_recovery(self) -> None:
        """Enter what is to come back."""
        asked = ask_recovery(self)
        if asked is not None:
            recoveries, case_id = self.desk.recoveries, self.page.case_id
            self.page.saving.act(lambda actor: recoveries.enter(actor, case_id, *asked), _("The recovery is entered."))
