"""Calculation and approval tab: covers and inputs on the left, the sheet live on the right, every calculation below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.adjustment import Adjustment, Request
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import Move
from claimdesk.services.calculation_kept import Source
from claimdesk.services.calculation_view import CalculationView
from claimdesk.services.context import Actor
from claimdesk.services.proposal import Proposal
from claimdesk.ui import text, theme
from claimdesk.ui.later import later
from claimdesk.ui.page import Command
from claimdesk.ui.pages.case.advances import AdvanceCard
from claimdesk.ui.pages.case.calculations import History, print_calculation
from claimdesk.ui.pages.case.cover_form import CoverForm, titles
from claimdesk.ui.pages.case.decisions import Decisions
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.sheet import Sheet
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, clear
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import ApprovalState, CalculationKind, Stage, label

PREVIEW_AFTER_MS = 180


@dataclass(frozen=True, slots=True)
class _Loaded:
    kept: list[CalculationView]
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class _Real:
    """What stood in the form when a what-if began, and what came out of it."""

    request: Request
    result: Adjustment


class MoneyTab(CaseTab):
    """The adjuster calculates; the approver looks, approves or returns."""

    name = 'money'
    icon = 'calculator'
    form_names = ('inputs',)

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._file: CaseFile | None = None
        self._proposal: Proposal | None = None
        self._chosen: tuple[int, ...] = ()
        self._editable = False
        self._shown: CalculationView | None = None
        self._pending: CalculationView | None = None
        self._result: Adjustment | None = None
        self._real: _Real | None = None
        self._timer = later(self, PREVIEW_AFTER_MS, self._preview)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for side in (left, right):
            side.setSpacing(theme.SPACE_16)
        self._inputs_box = self._inputs_card()
        left.addWidget(self._inputs_box)
        left.addStretch(1)
        self._sheet_box = self._sheet_card()
        right.addWidget(self._sheet_box)
        self.history = History(self._show_calculation, self._print)
        right.addWidget(self.history)
        self.decisions = Decisions()
        right.addWidget(self.decisions)
        self.advances = AdvanceCard(page)
        right.addWidget(self.advances)
        right.addStretch(1)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def _inputs_card(self) -> QWidget:
        head = SectionHeader(_("What goes in"))
        self.injury_button = Button(_("Injury items…"), self._injury, kind='link', icon='calculator')
        head.add(self.injury_button)
        box, column = card(head)
        self._why = PlainLabel('', 'note', wrap=True)
        self._remarks = PlainLabel('', 'note', wrap=True)
        self._covers = QWidget()
        self._covers.setAccessibleName(_("Covers"))
        self._cover_row = FlowLayout(self._covers, theme.SPACE_16)
        self.form = CoverForm(self._open_document)
        self.form.edited.connect(lambda _name: self._timer.start())
        self._siblings = QVBoxLayout()
        self._siblings.setSpacing(0)
        column.addWidget(self._why)
        column.addWidget(self._remarks)
        column.addLayout(self._siblings)
        column.addWidget(self._covers)
        column.addWidget(self.form)
        return box

    def _sheet_card(self) -> QWidget:
        self._title = SectionHeader(_("Calculation sheet"))
        self.back_button = Button(_("Back to what is being calculated"), self._show_own, kind='link')
        self.what_if_button = Button(
            _("What if…"), self._begin_what_if, kind='link',
            tip=_("Change inputs and see both results side by side; nothing is saved (Alt+W)"),
        )  # fmt: skip
        # The key of a button waits for its animation, and what is typed meanwhile would count as real.
        what_if = QShortcut(QKeySequence('Alt+W'), self)
        what_if.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        what_if.activated.connect(self._begin_what_if)
        self._title.add(self.back_button)
        self._title.add(self.what_if_button)
        box, column = card(self._title)
        self.sheet = Sheet()
        self._stale = PlainLabel('', 'note', wrap=True)
        self.renew_button = Button(_("Take what the file says now"), self._renew, kind='link')
        self.save_button = Button(_("Save the calculation"), self.save, icon='save', tip=_("Save the calculation"))
        self.leave_button = Button(_("Back to the real one"), self._leave_what_if, icon='undo-2')
        self.take_button = Button(_("Use these inputs"), self._take_what_if, icon='check')
        self.approve_button = Button(_("Approve"), self.page.make_next, icon='stamp')
        self.return_button = Button(_("Return to the adjuster"), self._return, icon='undo-2')
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (
            self.leave_button, self.take_button, self.return_button, self.approve_button, self.save_button,
        ):  # fmt: skip
            buttons.addWidget(button)
        column.addWidget(self.sheet)
        column.addWidget(self._stale)
        column.addWidget(self.renew_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(buttons)
        return box

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Calculation and approval")

    def forms(self) -> list[EditForm]:
        return [self.form]

    def commands(self) -> list[Any]:
        found = [Command(_("Ask for an advance payment"), self.advances.ask, 'banknote')]
        if self._editable and self._real is None:
            found.append(Command(_("What if…"), self._begin_what_if, 'calculator'))
        if self._shown is not None or self._pending is not None:
            found.append(Command(_("Print the calculation sheet"), self._print_shown, 'printer'))
        return found

    def load(self, actor: Actor, case_id: int) -> _Loaded:
        kept = self.desk.adjustment.of_case(actor, case_id)
        if not self.desk.cases.page(actor, case_id).policy.coverages:
            return _Loaded(kept, None)
        chosen = self._chosen
        newest = next((one for one in kept if one.kind is CalculationKind.FINAL), None)
        if not chosen and newest is not None and newest.state is ApprovalState.PENDING:
            chosen = tuple(part.coverage_id for part in newest.request.parts if part.coverage_id is not None)
        return _Loaded(kept, self.desk.adjustment.proposal(actor, case_id, chosen))

    def show_case(self, file: CaseFile, loaded: _Loaded) -> None:
        self._file, self._proposal = file, loaded.proposal
        finals = [one for one in loaded.kept if one.kind is CalculationKind.FINAL]
        self._pending = next((one for one in finals if one.state is ApprovalState.PENDING), None)
        why = why_not(file, Permission.ADJUST)
        if not why and file.case.stage is not Stage.ADJUSTMENT:
            why = _("Amounts are calculated at the adjustment stage.")
        if not why and loaded.proposal is None:
            why = _("The policy of the case has no covers: nothing can be calculated.")
        self._editable = not why
        self._shown = None if self._editable else (finals[0] if finals else None)
        self._say(self._why, why)
        self._say(self._remarks, '\n'.join(loaded.proposal.remarks) if loaded.proposal and self._editable else '')
        self.injury_button.setVisible(self._editable)
        self._show_siblings()
        self._show_covers()
        self._fill_form()
        self.form.set_editable(self._editable)
        self.history.show_calculations(finals, handed_in=file.case.stage is Stage.APPROVAL)
        self.advances.show_case(file, [one for one in loaded.kept if one.kind is CalculationKind.ADVANCE])
        self.decisions.read(self.page)
        self._sheet_box.setVisible(self._editable or self._shown is not None)
        self._show_buttons(file)
        self._show_own()

    def focus_part(self, part: str) -> None:
        first = next(iter(self.form.names()), '')
        target = self.form.field(first) if self._editable and first else self.return_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, *, again: bool = True) -> None:
        """Keep the calculation; it is handed in by the next move."""
        request, file = self.form.request(), self._file
        if file is None or not self._editable or self._real is not None:
            return
        if not self.form.check() or request is None:
            return
        adjustment, case_id, version = self.desk.adjustment, self.page.case_id, file.case.version
        self.page.saving.act(
            lambda actor: adjustment.save(actor, case_id, version, request),
            _("The calculation is saved. Submit it for approval when it is right."),
            lambda _view: self.form.accepted(),
            self._refused,
            retry=partial(self.save, again=False) if again else None,
        )

    # Showing

    def _show_siblings(self) -> None:
        """The other cases of the accident, such as the one on compulsory cover, a click away."""
        clear(self._siblings)
        for one in self._proposal.siblings if self._proposal is not None else ():
            amount = _("nothing calculated yet") if one.payable is None else text.money(one.payable, sign=True)
            words = _("Same accident: {number} · {clause} · {amount}").format(
                number=one.number, clause=label(one.clause), amount=amount
            )
            show = partial(self.page.shell.open_case.emit, one.case_id)
            button = Button(words, show, kind='link', icon='arrow-right')
            self._siblings.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_covers(self) -> None:
        while (item := self._cover_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        covers = self._proposal.covers if self._proposal is not None else ()
        self._covers.setVisible(len(covers) > 1)
        for cover in covers:
            box = QCheckBox(cover.name)
            box.setChecked(cover.taken)
            box.setEnabled(self._editable and self._real is None)
            box.setProperty('coverage', cover.coverage_id)
            box.toggled.connect(lambda _on: self._choose_covers())
            self._cover_row.addWidget(box)

    def cover_boxes(self) -> list[QCheckBox]:
        """The boxes that say which covers are calculated."""
        return self._covers.findChildren(QCheckBox)

    def _fill_form(self) -> None:
        file, proposal = self._file, self._proposal
        shown = self._shown if not self._editable else self._pending
        if shown is not None and (proposal is None or not self._editable or self._same_covers(shown, proposal)):
            self.form.show_request(shown.request, shown.sources, file.case.version if file else 0)
        elif proposal is not None and file is not None:
            self.form.show_request(proposal.request, proposal.sources, file.case.version)
        self._show_stale()

    @staticmethod
    def _same_covers(kept: CalculationView, proposal: Proposal) -> bool:
        return [part.coverage_id for part in kept.request.parts] == [
            part.coverage_id for part in proposal.request.parts
        ]

    def _show_stale(self) -> None:
        """Say where the file says something else than the calculation that is kept."""
        names = []
        kept, proposal = self._pending, self._proposal
        if self._editable and kept is not None and proposal is not None and self._same_covers(kept, proposal):
            for part, found, now in zip(kept.request.parts, kept.sources, proposal.request.parts, strict=True):
                for spec in part.formula.fields(kept.request.clause):
                    by_hand = any(source.kind == 'hand' for source in found.get(spec.name, ()))
                    if not by_hand and getattr(part.inputs, spec.name) != getattr(now.inputs, spec.name):
                        names.append(_(spec.label))
        words = _("The file says something else by now: {names}.").format(names=_(", ").join(names)) if names else ''
        self._say(self._stale, words)
        self.renew_button.setVisible(bool(names))

    def _renew(self) -> None:
        if self._proposal is not None and self._file is not None:
            self.form.revert()
            self.form.show_request(self._proposal.request, self._proposal.sources, self._file.case.version)
            self._say(self._stale, '')
            self.renew_button.hide()
            self._preview()

    def _show_buttons(self, file: CaseFile) -> None:
        waiting = file.case.stage is Stage.APPROVAL and self._pending is not None
        moves = {view.move: view for view in file.moves.sides}
        approve, give_back = file.moves.next, moves.get(Move.RETURN_CALCULATION)
        trying = self._real is not None
        self.save_button.setVisible(self._editable and not trying)
        self.what_if_button.setVisible(self._editable and not trying)
        self.leave_button.setVisible(trying)
        self.take_button.setVisible(trying)
        self.approve_button.setVisible(waiting)
        self.return_button.setVisible(waiting)
        self.approve_button.setEnabled(approve is not None and approve.allowed)
        if approve is not None:
            self.approve_button.set_text(_(approve.title))
        self.return_button.setEnabled(give_back is not None and give_back.allowed)

    def _show_own(self) -> None:
        self._show_calculation(self._shown, by_hand=False)

    def _show_calculation(self, calculation: CalculationView | None, *, by_hand: bool = True) -> None:
        """Show one that is kept, or (None) the one that is being made."""
        self.back_button.setVisible(by_hand and calculation is not self._shown)
        if calculation is None:
            self._title.set_title(_("What if") if self._real is not None else _("Calculation sheet"))
            self._preview()
            return
        self._timer.stop()
        self._title.set_title(_("Calculation no. {number}").format(number=calculation.number))
        self.sheet.show_result(titles(calculation.request), calculation.result)

    def _choose_covers(self) -> None:
        chosen = tuple(box.property('coverage') for box in self.cover_boxes() if box.isChecked())
        if not chosen:
            # A calculation has at least one cover: the last one stays.
            self._show_covers()
            return
        self._chosen = chosen
        adjustment, actor, case_id = self.desk.adjustment, self.desk.signed_in, self.page.case_id
        self.page.run(
            lambda _progress: adjustment.proposal(actor, case_id, chosen), self._show_proposal, latest='covers'
        )

    def _show_proposal(self, proposal: Proposal) -> None:
        self._proposal = proposal
        self._fill_form()
        self._preview()

    def _preview(self) -> None:
        request = self.form.request()
        if request is None or not self._editable:
            if not self._editable:
                self.sheet.clear()
            return
        adjustment, case_id, actor = self.desk.adjustment, self.page.case_id, self.desk.signed_in
        self.page.run(
            lambda _progress: adjustment.preview(actor, case_id, request),
            partial(self._show_preview, titles(request)),
            self._refused,
            latest='preview',
        )

    def _show_preview(self, names: Sequence[str], result: Adjustment) -> None:
        self.form.clear_errors()
        self._result = result
        if self._real is not None:
            self.sheet.show_result(names, self._real.result, result)
        else:
            self.sheet.show_result(names, result)

    def _refused(self, error: ClaimDeskError) -> None:
        left = self.form.show_refusal(error) if isinstance(error, InvalidInput) else []
        if left:
            self.page.show_error(InvalidInput(left[0], ' '.join(left[1:])))
        elif not isinstance(error, InvalidInput) or not error.fields:
            self.page.show_error(error)

    # What if

    def _begin_what_if(self) -> None:
        request = self.form.request()
        if request is None or self._result is None or not self._editable or self._real is not None:
            return
        self._real = _Real(request, self._result)
        self._what_if_changed()

    def _leave_what_if(self) -> None:
        if self._real is not None:
            typed_before = self._real.request
            self._real = None
            self.form.put_request(typed_before)
            self._what_if_changed()

    def _take_what_if(self) -> None:
        self._real = None
        self._what_if_changed()
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _what_if_changed(self) -> None:
        if self._file is not None:
            self._show_buttons(self._file)
        for box in self.cover_boxes():
            box.setEnabled(self._editable and self._real is None)
        self._show_calculation(None, by_hand=False)

    # Other things

    def _return(self) -> None:
        self.page.make_side(Move.RETURN_CALCULATION)

    def _injury(self) -> None:
        from claimdesk.ui.pages.case.injury import ask_injury

        ask_injury(self.page)

    def _open_document(self, source: Source) -> None:
        place = {'document_id': source.document_id, 'field': 'total', 'page': source.page, 'box': source.box}
        self.page.shell.navigate_to.emit('inbox', place)

    def _print_shown(self) -> None:
        shown = self._shown or self._pending
        if shown is not None:
            self._print(shown)

    def _print(self, calculation: CalculationView) -> None:
        print_calculation(self.page, calculation)

    @staticmethod
    def _say(line: PlainLabel, words: str) -> None:
        line.setText(words)
        line.setVisible(bool(words))
