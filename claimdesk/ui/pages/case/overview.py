"""Overview tab: what happened, the line's own fields, who is in the case, the policy, and the reserve."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.cases import CasePage as CaseView
from claimdesk.services.context import Actor
from claimdesk.services.intake import PolicyView
from claimdesk.ui import text, theme
from claimdesk.ui.pages.case.cards_line import CardsLine
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.findings_card import FindingsLine
from claimdesk.ui.pages.case.overview_forms import ACCIDENT, accident_form, details_form, details_of
from claimdesk.ui.pages.case.people import PeopleCard
from claimdesk.ui.pages.case.reserve import ReserveCard
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.pages.register_fields import PolicyCard
from claimdesk.ui.widgets import KeyValue, PlainLabel, SectionHeader
from claimdesk.vocabulary import Line, Outcome, label


class OverviewTab(CaseTab):
    """Edits accident and details in place; shows the rest."""

    name = 'overview'
    icon = 'file-text'
    form_names = ('accident', *(line.value for line in Line))

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._file: CaseFile | None = None
        self._shown_policy: PolicyView | None = None
        self.accident = accident_form()
        self._details = {line: details_form(line) for line in Line}
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(theme.SPACE_16)
        self._why = PlainLabel('', 'note', wrap=True)
        left.addWidget(self._why)
        self.findings = FindingsLine(page)
        left.addWidget(self.findings)
        self.cards = CardsLine(page)
        left.addWidget(self.cards)
        left.addWidget(self._form_card())
        left.addStretch(1)
        self.reserve = ReserveCard(page)
        self._policy = PolicyCard()
        self.people = PeopleCard(page)
        right.addWidget(self.reserve)
        right.addWidget(self._policy)
        right.addWidget(self.people)
        right.addWidget(self._dates_card())
        right.addStretch(1)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def _form_card(self) -> QWidget:
        box, column = card(SectionHeader(_("What happened")))
        column.addWidget(self.accident)
        self._details_title = SectionHeader('')
        column.addSpacing(theme.SPACE_8)
        column.addWidget(self._details_title)
        for form in self._details.values():
            column.addWidget(form)
        return box

    def _dates_card(self) -> QWidget:
        box, column = card(SectionHeader(_("Dates")))
        self._dates = KeyValue(1)
        column.addWidget(self._dates)
        self.assigned = PlainLabel('', 'caption', wrap=True, selectable=True)
        column.addWidget(self.assigned)
        return box

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Overview")

    def forms(self) -> list[EditForm]:
        return [self.accident, *self._details.values()]

    @property
    def details(self) -> EditForm:
        """The form of the line's own fields."""
        return self._details[self._file.case.line if self._file is not None else Line.MOTOR]

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        self._file = file
        case = file.case
        why = why_not(file, Permission.EDIT_CASE)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        for line, form in self._details.items():
            form.setVisible(line is case.line)
            form.set_editable(not why)
        self.accident.set_editable(not why)
        self.accident.set_shown('liability', case.line is not Line.MEDICAL)
        self._details_title.set_title(_("{line} details").format(line=label(case.line)))
        self.accident.show_saved({name: getattr(case, name) for name in ACCIDENT}, case.version)
        self.details.show_saved(details_of(case), case.version)
        self.findings.show_case(file)
        self.cards.ask()
        self.reserve.show_case(file)
        if self._shown_policy != case.policy:
            self._shown_policy = case.policy
            self._policy.show_policy(case.policy)
        self.people.show_case(file)
        self._dates.set_pairs(_dates(case))
        self.assigned.setText(_("Why this handler: {why}").format(why=case.assigned_why))
        self.assigned.setVisible(bool(case.assigned_why))

    def focus_part(self, part: str) -> None:
        if part == 'estimate':
            self.reserve.set_button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.accident.field('cause').setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, *, again: bool = True) -> None:
        if self._file is None:
            return
        forms = (self.accident, self.details)
        if not any(form.touched() for form in forms):
            return
        if any(form.clashes for form in forms):
            self.page.unsaved.compare()
            if any(form.clashes for form in forms):
                return
        wrong = [form for form in forms if not form.check()]
        if wrong:
            return
        changes = {name: value for form in forms for name, value in form.changes().items()}
        if changes:
            self._save(changes, again)

    def _save(self, changes: Mapping[str, Any], again: bool) -> None:
        cases, case_id, version = self.desk.cases, self.page.case_id, self.accident.version
        before = {**self.accident.saved(self.accident.changes()), **self.details.saved(self.details.changes())}

        def work(actor: Actor) -> CaseView:
            return cases.edit(actor, case_id, version, changes)

        self.page.saving.act(
            work,
            _("Saved."),
            self._saved,
            self._refused,
            lambda case: partial(self._undo, case, before),
            partial(self.save, again=False) if again else None,
        )

    def _saved(self, _case: CaseView) -> None:
        self.accident.accepted()
        self.details.accepted()

    def _undo(self, case: CaseView, before: Mapping[str, Any]) -> None:
        cases = self.desk.cases
        self.page.saving.act(
            lambda actor: cases.edit(actor, case.id, case.version, before),
            _("The edit has been undone."),
        )

    def _refused(self, error: ClaimDeskError) -> None:
        if not isinstance(error, InvalidInput):
            self.page.show_error(error)
            return
        left = dict(error.fields)
        for form in (self.details, self.accident):
            form.show_errors({name: words for name, words in left.items() if name in form.names()})
        if not left or any(name not in self.accident.names() + self.details.names() for name in left):
            self.page.show_error(error)


def _dates(case: CaseView) -> list[tuple[str, str]]:
    pairs = [
        (_("Time of the loss"), text.moment(case.loss_at)),
        (_("Reported"), text.moment(case.reported_at)),
        (_("Registered"), text.moment(case.registered_at) if case.registered_at else ''),
        (_("Paid"), f'{text.moment(case.paid_at)} · {text.money(case.paid_amount, sign=True)}' if case.paid_at else ''),
        (_("Closed"), text.moment(case.closed_at) if case.closed_at else ''),
        (_("Outcome"), label(case.outcome) if case.outcome is not Outcome.OPEN else ''),
        (_("Reason"), case.outcome_reason),
        (_("Reopened"), str(case.reopened_times) if case.reopened_times else ''),
    ]
    return [(name, value) for name, value in pairs if value]
