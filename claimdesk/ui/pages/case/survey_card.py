"""The survey report of a case as a form."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.rules.survey_form import FORMS, LONGEST, YES_NO, Question, answer_words, doubts, form_for
from claimdesk.services.cases import CasePage as CaseView
from claimdesk.services.context import Actor
from claimdesk.services.survey import SurveyView
from claimdesk.ui import text
from claimdesk.ui.pages.case.edit_form import EditForm
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.overview_forms import choice_of
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, Combo, DateTimeEdit, PlainLabel, SectionHeader, TextArea, card_column
from claimdesk.vocabulary import Liability, Line

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

ASKED = 'asked_'
"""How the names of fields begin that answer a question of the survey form."""

FIELDS = ('visited_at', 'liability', 'place', 'finding', 'statement', 'suspicious')


class SurveyCard(QWidget):
    """What the surveyor found; the share of fault found here becomes the accident's."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._loss_at: dt.datetime | None = None
        self._case: CaseView | None = None
        column = card_column(self)
        self._head = SectionHeader(_("Survey report"))
        self.save_button = Button(_("Save the report"), self.save, icon='save', tip=_("Save the report"), key='')
        self._head.add(self.save_button)
        self._why = PlainLabel('', 'note', wrap=True)
        self.form = EditForm('survey')
        visited = DateTimeEdit()
        self._visited = visited
        place = QLineEdit()
        place.setMaxLength(200)
        self.form.add('visited_at', _("Time of the visit"), visited, check=self._visit_problem)
        self.form.add('liability', _("Share of fault"), choice_of(Liability))
        self.form.add('place', _("Place of the survey"), place, span=2)
        self.form.add(
            'finding', _("Findings"), TextArea(lines=6), span=2, hint=_("Needed before the survey can be finished.")
        )
        self.form.add('statement', _("What those involved say"), TextArea(lines=4), span=2)
        self.form.add('suspicious', _("Doubts"), QCheckBox(_("Something does not add up")), span=2)
        self._add_questions()
        self._doubts = PlainLabel('', 'note', wrap=True)
        self._doubts.hide()
        for widget in (self._head, self._why, self.form, self._doubts):
            column.addWidget(widget)
        column.addStretch(1)
        self.form.state_changed.connect(self._show_button)

    def _add_questions(self) -> None:
        """What is checked on the spot, for every line; the case shows those of its own."""
        for questions in FORMS.values():
            for question in questions:
                self.form.add(ASKED + question.name, _(question.title), _field_for(question), span=question.span)

    def _asked(self) -> dict[str, str]:
        """The answers as they stand in the form."""
        if self._case is None:
            return {}
        wanted = form_for(self._case.line, injury=self._case.injury)
        values = self.form.values()
        return {question.name: values[ASKED + question.name] or '' for question in wanted}

    def show_case(self, file: CaseFile, report: SurveyView) -> None:
        """Show the report."""
        self._loss_at, self._case = file.case.loss_at, file.case
        why = why_not(file, Permission.SURVEY)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.form.set_editable(not why)
        self.form.set_shown('liability', file.case.line is not Line.MEDICAL)
        self.save_button.setVisible(not why)
        shown = {question.name for question in form_for(file.case.line, injury=file.case.injury)}
        values = {name: getattr(report, name) for name in FIELDS}
        for questions in FORMS.values():
            for question in questions:
                self.form.set_shown(ASKED + question.name, question.name in shown)
                values[ASKED + question.name] = report.answers.get(question.name, '')
        if report.version == 0:
            values |= {'place': file.case.place, 'liability': file.case.liability}
        self.form.show_saved(values, report.version)
        self._head.set_note(_note(report))
        self._show_button()

    def focus(self) -> None:
        """Put the focus where the work begins: the first field that is still empty."""
        empty = next((name for name in ('visited_at', 'finding') if not self.form.values()[name]), 'finding')
        self.form.field(empty).setFocus(Qt.FocusReason.OtherFocusReason)

    def save(self, *, again: bool = True) -> None:
        """Save the report."""
        if self.form.clashes:
            self._page.unsaved.compare()
        if self.form.clashes or not self.form.check():
            return
        survey, case_id, version = self._page.desk.survey, self._page.case_id, self.form.version
        values = {name: value for name, value in self.form.values().items() if name in FIELDS}
        values['answers'] = self._asked()

        def work(actor: Actor) -> SurveyView:
            return survey.save(actor, case_id, version, **values)

        retry = partial(self.save, again=False) if again else None
        self._page.saving.act(work, _("The survey report is saved."), self._saved, self._refused, retry=retry)

    def _saved(self, report: SurveyView) -> None:
        self.form.accepted()
        self.form.version = report.version

    def _refused(self, error: ClaimDeskError) -> None:
        if isinstance(error, InvalidInput) and error.fields:
            asked = {ASKED + name: sentence for name, sentence in error.fields.items()}
            fields = {name: sentence for name, sentence in (error.fields | asked).items() if name in self.form.names()}
            if fields and not self.form.show_errors(fields):
                return
        self._page.show_error(error)

    def _visit_problem(self) -> str:
        visited = self._visited.value()
        if self._visited.problem() or visited is None:
            return self._visited.problem()
        if visited > self._page.desk.context.now():
            return _("The visit lies in the future.")
        return _("The visit is before the loss.") if self._loss_at is not None and visited < self._loss_at else ''

    def _show_button(self) -> None:
        self.save_button.setEnabled(bool(self.form.touched()))
        self._show_doubts()

    def _show_doubts(self) -> None:
        case = self._case
        found = doubts(case.line, self._asked(), injury=case.injury) if case is not None else ()
        words = _("; ").join(f'{_(one.title)}: {answer_words(one, one.doubt)}' for one in found)
        self._doubts.setText(_("These answers raise a doubt. {answers}").format(answers=words) if found else '')
        self._doubts.setVisible(bool(found))


def _field_for(question: Question) -> QWidget:
    if question.kind == 'text':
        line = QLineEdit()
        line.setMaxLength(LONGEST)
        return line
    field = Combo(searchable=False)
    field.add('', _("Not known"))
    for choice in question.choices or YES_NO:
        field.add(choice, answer_words(question, choice))
    return field


def _note(report: SurveyView) -> str:
    if report.finished_at is not None:
        return _("{name}, finished {time}").format(name=report.surveyor, time=text.moment(report.finished_at))
    return report.surveyor
