"""Survey and loss tab: who was sent, the report with its sketch and photos, the lines of the loss and their reviews."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from claimdesk.language import _
from claimdesk.services.assessment import LossTotals, LossView
from claimdesk.services.context import Actor
from claimdesk.services.crossfoot import CrossFoot
from claimdesk.services.dispatches import DispatchView
from claimdesk.services.loss_offers import LossOffer
from claimdesk.services.loss_reviews import ReviewView
from claimdesk.services.photos import PhotoView
from claimdesk.services.survey import SurveyView
from claimdesk.ui import theme
from claimdesk.ui.page import Command
from claimdesk.ui.pages.case.crossfoot_card import CrossFootCard
from claimdesk.ui.pages.case.dispatch_card import DispatchCard
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.loss_card import FROM_PAPER, LossCard
from claimdesk.ui.pages.case.loss_review_card import ReviewCard
from claimdesk.ui.pages.case.photos_card import PhotosCard
from claimdesk.ui.pages.case.sketch_card import SketchCard
from claimdesk.ui.pages.case.survey_card import SurveyCard
from claimdesk.ui.pages.case.tab import CaseTab
from claimdesk.vocabulary import STAGES, Stage

Loaded = tuple[
    SurveyView, list[LossView], LossTotals, list[LossOffer], list[DispatchView], list[PhotoView], list[ReviewView],
    CrossFoot,
]


class LossTab(CaseTab):
    """The survey is on top while it is under way, the loss once it is being assessed."""

    name = 'loss'
    icon = 'list-checks'
    form_names = ('survey',)

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self.survey, self.dispatch = SurveyCard(page), DispatchCard(page)
        self.sketch, self.photos = SketchCard(page), PhotosCard(page)
        self.loss, self.papers, self.reviews = LossCard(page), CrossFootCard(page), ReviewCard(page)
        self.table, self.model = self.loss.table, self.loss.model
        self._surveying = QHBoxLayout()
        self._surveying.setSpacing(theme.SPACE_16)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, cards in ((left, (self.survey,)), (right, (self.dispatch, self.sketch, self.photos))):
            column.setSpacing(theme.SPACE_16)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
        self._surveying.addLayout(left, 3)
        self._surveying.addLayout(right, 2)
        self._assessing = QVBoxLayout()
        self._assessing.setSpacing(theme.SPACE_16)
        self._assessing.addWidget(self.loss)
        self._assessing.addWidget(self.papers)
        self._assessing.addWidget(self.reviews)
        self.column.addLayout(self._surveying)
        self.column.addLayout(self._assessing)
        self.column.addStretch(1)

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Survey and loss")

    def forms(self) -> list[EditForm]:
        return [self.survey.form]

    def commands(self) -> list[Command]:
        found = []
        if not self.loss.add_button.isHidden():
            found += [
                Command(_("New loss item"), self.loss.begin, 'plus', 'Ctrl+Shift+N'),
                Command(_("Confirm all loss items"), self.loss.confirm_all, 'check'),
            ]
        if self.loss.from_paper.isEnabled() and not self.loss.from_paper.isHidden():
            take = self.loss.from_paper.click
            found.append(Command(_("Loss items from a paper"), take, 'file-check', FROM_PAPER))
        if self.dispatch.send_button.isEnabled():
            found.append(Command(_("Send a surveyor"), self.dispatch.ask_whom, 'send'))
        if self.sketch.draw_button.isEnabled():
            found.append(Command(_("Draw the sketch"), self.sketch.draw, 'pencil'))
        return found

    def load(self, actor: Actor, case_id: int) -> Loaded:
        desk = self.desk
        return (
            desk.survey.report(actor, case_id),
            desk.assessment.items(actor, case_id),
            desk.assessment.totals(actor, case_id),
            desk.loss_offers.of_case(actor, case_id),
            desk.dispatches.of_case(actor, case_id),
            desk.photos.of_case(actor, case_id),
            desk.loss_reviews.of_case(actor, case_id),
            desk.crossfoot.of_case(actor, case_id),
        )

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        report, lines, totals, offers, sent, photos, reviews, papers = loaded
        self._order(file.case.stage)
        self.survey.show_case(file, report)
        self.dispatch.show_case(file, sent)
        self.sketch.show_case(file, report)
        self.photos.show_case(file, photos)
        self.loss.show_case(file, lines, totals, offers)
        self.papers.show_sums(papers)
        self.reviews.show_case(file, lines, reviews)

    def _order(self, stage: Stage) -> None:
        """Bring what is being worked on to the top."""
        assessed = STAGES.index(stage) >= STAGES.index(Stage.ASSESSMENT)
        if assessed and self.column.indexOf(self._assessing) > self.column.indexOf(self._surveying):
            self.column.removeItem(self._assessing)
            self.column.insertLayout(0, self._assessing)
        elif not assessed and self.column.indexOf(self._assessing) < self.column.indexOf(self._surveying):
            self.column.removeItem(self._surveying)
            self.column.insertLayout(0, self._surveying)

    def focus_part(self, part: str) -> None:
        if part == 'survey':
            self.survey.focus()
            self.ensureWidgetVisible(self.survey, 0, 0)
        elif part == 'items':
            self.loss.focus_work()
            self.ensureWidgetVisible(self.loss, 0, 0)
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            if self.column.indexOf(self._assessing) == 0:
                # The focus has brought the end of the table into view while the cards had not found their places.
                QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(0))

    def save(self) -> None:
        self.survey.save()
