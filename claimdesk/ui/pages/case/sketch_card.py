"""The sketch of a case as the survey keeps it, and the way to draw it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.survey import SurveyView
from claimdesk.sketch import Sketch
from claimdesk.ui import theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.sketch_canvas import SketchView
from claimdesk.ui.pages.case.sketch_dialog import SketchDialog
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, card_column, plain_tip

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class SketchCard(QWidget):
    """Shows the sketch; the dialog draws it; Undo brings the one before back."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._report: SurveyView | None = None
        column = card_column(self, bottom=theme.SPACE_12)
        head = SectionHeader(_("Sketch"))
        self.draw_button = Button(_("Draw…"), self.draw, icon='pencil')
        head.add(self.draw_button)
        self.view = SketchView()
        self._words = PlainLabel('', 'caption', wrap=True, selectable=True)
        for widget in (head, self.view, self._words):
            column.addWidget(widget)

    def show_case(self, file: CaseFile, report: SurveyView) -> None:
        """Show the sketch."""
        self._report = report
        self.view.show_sketch(report.sketch)
        self.view.setVisible(bool(report.sketch))
        self._words.setText(report.sketch.note or ('' if report.sketch else _("There is no sketch yet.")))
        self._words.setVisible(bool(self._words.text()))
        why = why_not(file, Permission.SURVEY)
        self.draw_button.setEnabled(not why)
        self.draw_button.setToolTip(plain_tip(why))

    def draw(self) -> None:
        """Draw the sketch."""
        report = self._report
        if report is None:
            return
        dialog = SketchDialog(self, report.sketch)
        if dialog.run() and dialog.sketch() != report.sketch:
            self._save(dialog.sketch(), report.version, report.sketch)

    def _save(self, sketch: Sketch, version: int, before: Sketch) -> None:
        survey, case_id = self._page.desk.survey, self._page.case_id
        self._page.saving.act(
            lambda actor: survey.save_sketch(actor, case_id, version, sketch),
            _("The sketch is saved."),
            undo=lambda now: partial(self._save, before, now.version, sketch),
        )
