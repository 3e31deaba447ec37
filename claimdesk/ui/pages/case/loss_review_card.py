"""Price checks and re-inspections of a loss: asked for, answered by a second person, with what they changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.assessment import LossView
from claimdesk.services.loss_reviews import NEEDED, ReviewView
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.list_card import ListCard, allow
from claimdesk.ui.pages.case.loss_card import SETTLED
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import (
    Button,
    MoneyEdit,
    PlainLabel,
    StateBadge,
    TextArea,
)
from claimdesk.vocabulary import LossReviewKind, LossReviewState, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

LOOK = {
    LossReviewState.OPEN: ('orange', 'hourglass'),
    LossReviewState.AGREED: ('green', 'circle-check'),
    LossReviewState.CHANGED: ('slate', 'pencil'),
    LossReviewState.WITHDRAWN: ('grey', 'minus'),
}


class ReviewCard(ListCard):
    """One line for each review; whoever asked cannot answer."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page, _("Reviews of the loss"))
        self._lines: Sequence[LossView] = ()
        self.ask_buttons = {
            kind: Button(f'{label(kind)}…', partial(self.ask, kind), icon='eye') for kind in LossReviewKind
        }
        for button in self.ask_buttons.values():
            self.head.add(button)

    def show_case(self, file: CaseFile, lines: Sequence[LossView], reviews: Sequence[ReviewView]) -> None:
        """Show the reviews."""
        self._file, self._lines = file, lines
        why = why_not(file, Permission.ASSESS)
        if not why and file.case.stage in SETTLED:
            why = _("The case has gone to approval, so its loss is settled. Return it to change the loss.")
        if not why and not lines:
            why = _("Enter the loss first.")
        open_kinds = {one.kind for one in reviews if one.state is LossReviewState.OPEN}
        for kind, button in self.ask_buttons.items():
            told = why or (_("This review is under way already.") if kind in open_kinds else '')
            allow(button, told)
        self.show_rows(
            (self._row(one, file) for one in reviews), _("Nobody has been asked to look at the loss again.")
        )

    def _row(self, one: ReviewView, file: CaseFile) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        badge = StateBadge()
        badge.set_pill(*LOOK[one.state], label(one.state))
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(label(one.kind), 'strong'))
        words.addWidget(PlainLabel(review_words(one), 'caption', wrap=True, selectable=True))
        row.addLayout(words, 1)
        if one.state is LossReviewState.OPEN and not file.closed:
            if one.mine:
                row.addWidget(Button(_("Take back"), partial(self._withdraw, one), kind='quiet'))
            elif file.may(NEEDED[one.kind]):
                row.addWidget(Button(_("Review…"), partial(self.answer, one), icon='check'))
        return holder

    def ask(self, kind: LossReviewKind) -> None:
        """Ask somebody else to look at the loss."""
        question = dialogs.ask_reason(
            self,
            label(kind),
            _("Somebody else looks at the loss before the assessment is finished. What should be looked at?"),
            _("Ask for a review"),
            label=_("Question"),
            suggestions=(_("Prices of the parts"), _("Repair or replacement"), _("Damage that does not fit")),
        )
        if not question:
            return
        reviews, case_id = self._page.desk.loss_reviews, self._page.case_id
        self._page.saving.act(
            lambda actor: reviews.ask(actor, case_id, kind, question),
            _("The review is asked for."),
            undo=lambda made: partial(self._withdraw, made),
        )

    def answer(self, one: ReviewView) -> None:
        """Agree, or set amounts otherwise."""
        dialog = ReviewDialog(self, one, self._lines)
        if not dialog.run():
            return
        reviews, amounts, words = self._page.desk.loss_reviews, dialog.amounts(), dialog.words()
        self._page.saving.act(
            lambda actor: reviews.answer(actor, one.id, one.version, amounts, words), _("The review is answered.")
        )

    def _withdraw(self, one: ReviewView) -> None:
        reviews = self._page.desk.loss_reviews
        self._page.saving.act(
            lambda actor: reviews.withdraw(actor, one.id, one.version), _("The review is taken back.")
        )


class ReviewDialog(Dialog):
    """The lines with their confirmed amounts, to be left or set otherwise."""

    def __init__(self, parent: QWidget, one: ReviewView, lines: Sequence[LossView]) -> None:
        super().__init__(parent, label(one.kind), one.question, _("Finish the review"), width=620)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE_16)
        grid.setVerticalSpacing(theme.SPACE_4)
        grid.setColumnStretch(0, 1)
        for column, words in enumerate((_("Item"), _("Claimed"), _("Confirmed amount"))):
            grid.addWidget(PlainLabel(words, 'caption'), 0, column)
        self._fields: dict[int, tuple[MoneyEdit, Decimal | None]] = {}
        for row, line in enumerate(lines, start=1):
            field = MoneyEdit()
            field.set_value(line.confirmed)
            field.setAccessibleName(line.name)
            grid.addWidget(PlainLabel(f'{label(line.kind)} · {line.name}'), row, 0)
            grid.addWidget(PlainLabel(text.money(line.claimed), tabular=True), row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(field, row, 2)
            self._fields[line.id] = (field, line.confirmed)
        holder = QWidget()
        holder.setLayout(grid)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(holder)
        scroll.setMinimumHeight(min(320, 44 + 36 * len(lines)))
        self._answer = TextArea(lines=3)
        self._answer.setAccessibleName(_("Remark"))
        self.column.addWidget(scroll, 1)
        self.column.addWidget(PlainLabel(_("Remark"), 'caption'))
        self.column.addWidget(self._answer)
        self.accept_if = self._problem

    def _problem(self) -> str:
        wrong = next((field.problem() for field, _before in self._fields.values() if field.problem()), '')
        return wrong or (_("Say why the amounts change.") if self.amounts() and not self.words() else '')

    def amounts(self) -> dict[int, Decimal]:
        """The amounts that were set otherwise, by line."""
        return {
            item_id: now
            for item_id, (field, before) in self._fields.items()
            if (now := field.value()) is not None and now != before
        }

    def words(self) -> str:
        """The remark."""
        return self._answer.value()


def review_words(one: ReviewView) -> str:
    """Who asked what, who answered, and what changed."""
    parts = [_("asked by {name}, {time}").format(name=one.asked_by, time=text.moment(one.asked_at))]
    if one.question:
        parts.append(one.question)
    if one.reviewed_at is not None:
        parts.append(_("reviewed by {name}, {time}").format(name=one.reviewed_by, time=text.moment(one.reviewed_at)))
    parts += [
        f'{change.name}: {text.money(change.before) or "–"} → {text.money(change.after)}' for change in one.changes
    ]
    if one.answer:
        parts.append(one.answer)
    return ' · '.join(parts)
