"""Calculation and approval tab: what goes in on the left, the sheet live on the right, every calculation below."""

from __future__ import annotations

from dataclasses import asdict, fields
from decimal import Decimal
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.adjustment import Adjustment, Inputs
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import Move
from claimdesk.services.adjustment import CalculationView
from claimdesk.services.context import Actor
from claimdesk.ui import text, theme
from claimdesk.ui.pages.case.calculations import History
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.sheet import PercentEdit, Sheet
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.widgets import Button, Combo, MoneyEdit, PlainLabel, SectionHeader
from claimdesk.vocabulary import ApprovalState, Stage

PREVIEW_AFTER_MS = 180
SHARES = frozenset({'liability_ratio', 'fault_rate', 'deductible_rate', 'benefit_ratio'})
Loaded = tuple[list[CalculationView], int, Inputs | None]


class MoneyTab(CaseTab):
    """The adjuster calculates; the approver looks, approves or returns."""

    name = 'money'
    icon = 'calculator'
    form_names = ('inputs',)

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._file: CaseFile | None = None
        self._coverage = 0
        self._editable = False
        self._shown: CalculationView | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_AFTER_MS)
        self._timer.timeout.connect(self._preview)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self._inputs_card())
        left.addStretch(1)
        right.setSpacing(theme.SPACE_16)
        self._sheet_box = self._sheet_card()
        right.addWidget(self._sheet_box)
        self.history = History(self._show_calculation)
        right.addWidget(self.history)
        right.addStretch(1)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def _inputs_card(self) -> QWidget:
        box, column = card(SectionHeader(_("What goes in")))
        self._why = PlainLabel('', 'note', wrap=True)
        self.form = EditForm('inputs')
        self.cover = Combo(searchable=False)
        self.cover.setAccessibleName(_("Cover"))
        self.cover.activated.connect(lambda _row: self._choose_cover())
        for name, words, hint in (
            ('confirmed', _("Confirmed loss"), ''),
            ('paid_by_others', _("Paid by others"), _("Compulsory cover, social insurance, a third party")),
            ('salvage', _("Salvage value"), ''),
            ('sum_insured', _("Sum insured"), ''),
            ('insured_value', _("Insured value"), _("Empty where under-insurance does not matter")),
            ('liability_ratio', _("Share of liability"), ''),
            ('fault_rate', _("Deductible rate by fault"), _("2014 motor clause only")),
            ('deductible', _("Deductible"), ''),
            ('deductible_rate', _("Deductible rate"), ''),
            ('benefit_ratio', _("Benefit ratio"), ''),
        ):
            field: MoneyEdit | PercentEdit = PercentEdit() if name in SHARES else MoneyEdit()
            check = field.problem if name in SHARES or name == 'insured_value' else partial(_needed, field)
            self.form.add(name, words, field, hint=hint, check=check)
        self.form.edited.connect(lambda _name: self._timer.start())
        column.addWidget(self._why)
        cover = QVBoxLayout()
        cover.setSpacing(theme.SPACE_4)
        cover.addWidget(PlainLabel(_("Cover"), 'caption'))
        cover.addWidget(self.cover)
        column.addLayout(cover)
        column.addWidget(self.form)
        return box

    def _sheet_card(self) -> QWidget:
        self._title = SectionHeader(_("Calculation sheet"))
        self.back_button = Button(_("Back to what is being calculated"), self._show_own, kind='link')
        self._title.add(self.back_button)
        box, column = card(self._title)
        self.sheet = Sheet()
        self._stale = PlainLabel('', 'note', wrap=True)
        self.save_button = Button(_("Save the calculation"), self.save, icon='save', tip=_("Save the calculation"))
        self.approve_button = Button(_("Approve"), self.page.make_next, icon='stamp')
        self.return_button = Button(_("Return to the adjuster"), self._return, icon='undo-2')
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.return_button, self.approve_button, self.save_button):
            buttons.addWidget(button)
        column.addWidget(self.sheet)
        column.addWidget(self._stale)
        column.addLayout(buttons)
        return box

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Calculation and approval")

    def forms(self) -> list[EditForm]:
        return [self.form]

    def load(self, actor: Actor, case_id: int) -> Loaded:
        kept = self.desk.adjustment.of_case(actor, case_id)
        covers = self.desk.cases.page(actor, case_id).policy.coverages
        if not covers:
            return kept, 0, None
        known = {cover.id for cover in covers}
        chosen = self._coverage or (kept[0].coverage_id if kept else 0) or 0
        coverage = chosen if chosen in known else covers[0].id
        return kept, coverage, self.desk.adjustment.proposal(actor, case_id, coverage)

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        kept, coverage, proposal = loaded
        self._file = file
        pending = next((one for one in kept if one.state is ApprovalState.PENDING), None)
        self._show_covers(file, coverage)
        why = why_not(file, Permission.ADJUST)
        if not why and file.case.stage is not Stage.ADJUSTMENT:
            why = _("Amounts are calculated at the adjustment stage.")
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._editable = not why and proposal is not None
        self.form.set_editable(self._editable)
        self.cover.setEnabled(self._editable and self.cover.count() > 1)
        self._fill_form(kept, pending, coverage, proposal)
        self.history.show_calculations(kept, handed_in=file.case.stage is Stage.APPROVAL)
        self._shown = None if self._editable else (kept[0] if kept else None)
        self._sheet_box.setVisible(self._editable or self._shown is not None)
        self._show_buttons(file, pending)
        self._show_own()

    def focus_part(self, part: str) -> None:
        target = self.form.field('confirmed') if self._editable else self.return_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, *, again: bool = True) -> None:
        """Keep the calculation; it is handed in by the next move."""
        inputs, file = self._inputs(), self._file
        if file is None or not self._editable or not self.form.check() or inputs is None:
            return
        adjustment, case_id, coverage = self.desk.adjustment, self.page.case_id, self._coverage
        version = file.case.version
        self.page.saving.act(
            lambda actor: adjustment.save(actor, case_id, version, coverage, inputs),
            _("The calculation is saved. Submit it for approval when it is right."),
            lambda _view: self.form.accepted(),
            self._refused,
            retry=partial(self.save, again=False) if again else None,
        )

    # Showing

    def _show_covers(self, file: CaseFile, coverage: int) -> None:
        self._coverage = coverage
        self.cover.blockSignals(True)
        self.cover.clear()
        for cover in file.case.policy.coverages:
            self.cover.add(cover.id, f'{cover.name} · {text.money(cover.sum_insured, sign=True)}')
        self.cover.set_value(coverage)
        self.cover.blockSignals(False)

    def _fill_form(
        self, kept: list[CalculationView], pending: CalculationView | None, coverage: int, proposal: Inputs | None
    ) -> None:
        own = pending or (kept[0] if kept and not self._editable else None)
        shown = own.inputs if own is not None and own.coverage_id == coverage else proposal
        if shown is not None and self._file is not None:
            self.form.show_saved(asdict(shown), self._file.case.version)
        stale = pending is not None and proposal is not None and pending.inputs.confirmed != proposal.confirmed
        if self._editable and stale and proposal is not None:
            self._stale.setText(
                _("The confirmed loss items now add up to {amount}.").format(amount=text.money(proposal.confirmed))
            )
        self._stale.setVisible(self._editable and stale)

    def _show_buttons(self, file: CaseFile, pending: CalculationView | None) -> None:
        waiting = file.case.stage is Stage.APPROVAL and pending is not None
        moves = {view.move: view for view in file.moves.sides}
        approve, give_back = file.moves.next, moves.get(Move.RETURN_CALCULATION)
        self.save_button.setVisible(self._editable)
        self.approve_button.setVisible(waiting)
        self.return_button.setVisible(waiting)
        self.approve_button.setEnabled(approve is not None and approve.allowed)
        self.return_button.setEnabled(give_back is not None and give_back.allowed)

    def _show_own(self) -> None:
        self._show_calculation(self._shown, by_hand=False)

    def _show_calculation(self, calculation: CalculationView | None, *, by_hand: bool = True) -> None:
        """Show one that is kept, or (None) the one that is being made."""
        self.back_button.setVisible(by_hand and calculation is not self._shown)
        if calculation is None:
            self._title.set_title(_("Calculation sheet"))
            self._preview()
            return
        self._timer.stop()
        self._title.set_title(_("Calculation no. {number}").format(number=calculation.number))
        self.sheet.show_sheet(calculation.steps, calculation.payable)

    def _choose_cover(self) -> None:
        self._coverage = self.cover.value() or 0
        adjustment, actor = self.desk.adjustment, self.desk.signed_in
        case_id, coverage = self.page.case_id, self._coverage
        self.page.run(
            lambda _progress: adjustment.proposal(actor, case_id, coverage), self._show_proposal, latest='proposal'
        )

    def _show_proposal(self, proposal: Inputs) -> None:
        self.form.revert()
        self.form.show_saved(asdict(proposal), self.form.version)
        self._preview()

    def _inputs(self) -> Inputs | None:
        values: dict[str, Any] = {}
        for one in fields(Inputs):
            field: Any = self.form.field(one.name)
            value = field.value()
            if field.text().strip() and value is None:
                return None
            if value is None and one.name != 'insured_value':
                value = Decimal(0) if one.name not in SHARES else Decimal(1)
            values[one.name] = value
        return Inputs(**values)

    def _preview(self) -> None:
        inputs = self._inputs()
        if inputs is None or not self._editable:
            if not self._editable:
                self.sheet.clear()
            return
        adjustment, case_id, actor = self.desk.adjustment, self.page.case_id, self.desk.signed_in
        self.page.run(
            lambda _progress: adjustment.preview(actor, case_id, inputs),
            self._show_preview,
            self._refused,
            latest='preview',
        )

    def _show_preview(self, sheet: Adjustment) -> None:
        self.form.clear_errors()
        self.sheet.show_sheet(sheet.steps, sheet.payable)

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput):
            for name, words in error.fields.items():
                if name in self.form.names():
                    self.form.set_error(name, words)
        if not isinstance(error, InvalidInput) or not error.fields:
            self.page.show_error(error)

    def _return(self) -> None:
        self.page.make_side(Move.RETURN_CALCULATION)


def _needed(field: MoneyEdit | PercentEdit) -> str:
    return field.problem() or ('' if field.value() is not None else _("Enter an amount."))
