"""What makes a case hard and how loads are judged, said in words, with who would get a case by it, and why."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _, ngettext
from claimdesk.rules.assignment import RULE_KEY, Weights, difficulty, weights_as_json, weights_from
from claimdesk.services.context import Actor
from claimdesk.services.work_profiles import Imagined, Preview
from claimdesk.ui import theme
from claimdesk.ui.later import later
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_rule import RuleSection
from claimdesk.ui.widgets import Combo, FormGrid, MoneyEdit, NumberEdit, PlainLabel, clear
from claimdesk.vocabulary import Line, Stage, label

STEPS = (Stage.REPORTED, Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT, Stage.APPROVAL, Stage.PAYMENT)
WAIT_MS = 250
_EXAMPLE = {'injury': True, 'amount': Decimal(80_000), 'parties': 1, 'litigation': False}


class AssignmentSection(RuleSection):
    """The points, an example of them, and the preview of an imagined case."""

    key = RULE_KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Each case weighs points by what makes it hard. Whoever may and can take it earns a part of them by their "
            "share; who is owed most gets it and pays all of them. So everybody gets their share of the work, however "
            "hard the cases are and whoever was away."
        )
        super().__init__(page, _("Assignment"), sentence)

    def build(self) -> None:
        self.form = FormGrid(3)
        self.numbers: dict[str, NumberEdit] = {}
        for line in Line:
            self._number(line.value, label(line), 1, 100)
        self._number('injury', _("Somebody is injured"), 0, 100)
        self._number('party', _("Each other person"), 0, 100)
        self._number('litigation', _("A lawsuit"), 0, 100)
        self._number('amount', _("Each amount that is reached"), 0, 100)
        self.steps = QLineEdit()
        self.form.add(
            'amount_steps', _("Amounts, in yuan"), self.steps, span=2,
            hint=_("Such as 10000, 50000, 200000, compared with the reserve"),
        )  # fmt: skip
        self._number('hard_share', _("Most open cases, percent of a full load"), 100, 500)
        self.keep_box = QCheckBox(_("A case that comes back goes to whoever had it before"))
        self.form.add('keep', '', self.keep_box, span=2)
        self.form.setEnabled(self.may)
        self.steps.textEdited.connect(self._edited)
        self.keep_box.toggled.connect(self._edited)
        self.column.addWidget(self.form)
        self.example = PlainLabel('', '', wrap=True)
        self.column.addWidget(self.example)
        mark = _("Mark C: the office's own estimate, no rule of law or of the industry.")
        self.column.addWidget(PlainLabel(mark, 'caption', wrap=True))
        self._build_preview()

    def _number(self, name: str, words: str, least: int, most: int) -> None:
        field = NumberEdit(least, most)
        field.valueChanged.connect(self._edited)
        self.numbers[name] = field
        self.form.add(name, words, field)

    def _build_preview(self) -> None:
        self.group(_("Who would get this case, and why"))
        self.case = FormGrid(3)
        self.stage, self.line, self.amount = Combo(searchable=False), Combo(searchable=False), MoneyEdit()
        self.parties, self.place = NumberEdit(0, 50), QLineEdit()
        self.injured, self.sued = QCheckBox(_("Somebody is injured")), QCheckBox(_("A lawsuit"))
        for stage in STEPS:
            self.stage.add(stage, label(stage))
        for line in Line:
            self.line.add(line, label(line))
        self.stage.set_value(Stage.SURVEY)
        self.line.set_value(Line.MOTOR)
        self.case.add('stage', _("Step"), self.stage)
        self.case.add('line', _("Line of business"), self.line)
        self.case.add('amount', _("Amount"), self.amount, check=self.amount.problem)
        self.case.add('place', _("Place"), self.place)
        self.case.add('parties', _("Other people"), self.parties)
        self.case.add('injury', '', self.injured)
        self.case.add('litigation', '', self.sued)
        for combo in (self.stage, self.line):
            combo.value_changed.connect(self._look_soon)
        for line_edit in (self.amount, self.place):
            line_edit.textEdited.connect(self._look_soon)
        for box in (self.injured, self.sued):
            box.toggled.connect(self._look_soon)
        self.parties.valueChanged.connect(self._look_soon)
        self.column.addWidget(self.case)
        self.answer = QVBoxLayout()
        self.answer.setSpacing(theme.SPACE_4)
        self.column.addLayout(self.answer)
        self.wait = later(self, WAIT_MS, self.look)

    def _look_soon(self, *_ignored: object) -> None:
        self.wait.start()

    def _edited(self, *_ignored: object) -> None:
        if not self._filling:
            self.touched()
            self._explain()
            self.wait.start()

    def value(self) -> Any:
        plain: dict[str, Any] = {name: field.value() for name, field in self.numbers.items()}
        parts = self.steps.text().replace('，', ',').replace('、', ',').split(',')
        typed = [part.strip() for part in parts if part.strip()]
        plain['amount_steps'] = [int(part) if part.isdecimal() else part for part in typed]
        plain['keep'] = self.keep_box.isChecked()
        return plain

    def fill(self, value: Any) -> None:
        plain = value if isinstance(value, dict) else weights_as_json(Weights())
        plain = {**weights_as_json(Weights()), **plain}
        for name, field in self.numbers.items():
            field.setValue(plain[name])
        self.steps.setText(', '.join(str(step) for step in plain['amount_steps']))
        self.keep_box.setChecked(plain['keep'])
        self._explain()

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.work_profiles.set_weights(actor, day, weights_from(value), version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)

    def opened(self) -> None:
        super().opened()
        self.look()

    def changed(self, kinds: set[str]) -> None:
        super().changed(kinds)
        if kinds & {'work_profile', 'absence', 'account', 'account_role', 'claim_case'}:
            self.wait.start()

    def _explain(self) -> None:
        """Say what the points come to, by an example."""
        try:
            weights = weights_from(self.value())
        except InvalidInput:
            self.example.setText(_("The amounts must rise from one to the next, with commas between them."))
            return
        points, parts = difficulty(Line.MOTOR, weights=weights, **_EXAMPLE)  # type: ignore[arg-type]
        told = ngettext(
            "A motor case with an injured person, one other person and a reserve of 80,000 yuan weighs {n} point: "
            "{parts}.",
            "A motor case with an injured person, one other person and a reserve of 80,000 yuan weighs {n} points: "
            "{parts}.",
            points,
        ).format(n=points, parts=parts)
        most = _("Who has 60 cases as a full load gets no more from {most} on, unless a limit of their own is noted.")
        self.example.setText(f'{told} {most.format(most=60 * weights.hard_share // 100)}')

    # Who would get it

    def imagined(self) -> Imagined:
        """The case that is typed."""
        # Qt hands a word of an enum back as plain text.
        return Imagined(
            Stage(self.stage.value()), Line(self.line.value()), self.amount.value(), self.injured.isChecked(),
            self.sued.isChecked(), self.parties.value(), self.place.text().strip(),
        )  # fmt: skip

    def look(self) -> None:
        """Ask who would get the imagined case if the points were as typed."""
        if self.amount.problem() or self.stage.value() is None or self.line.value() is None:
            return
        try:
            weights = weights_from(self.value())
        except InvalidInput:
            return
        profiles, actor, case = self.desk.work_profiles, self.desk.signed_in, self.imagined()
        self.page.run(
            lambda _progress: profiles.preview(actor, case, weights), self._answered, self._no_answer,
            latest='assignment preview',
        )  # fmt: skip

    def _answered(self, found: Preview) -> None:
        clear(self.answer)
        if found.chosen:
            self.answer.addWidget(PlainLabel(_("{name} would get it.").format(name=found.chosen), 'strong'))
            self.answer.addWidget(PlainLabel(found.why, '', wrap=True, selectable=True))
        else:
            words = _("Nobody can take it now: it would stay with whoever sends it on.")
            self.answer.addWidget(PlainLabel(words, 'strong', wrap=True))
        for name, why in found.others:
            self.answer.addWidget(PlainLabel(f'{name}: {why}', 'secondary', wrap=True))

    def _no_answer(self, error: ClaimDeskError) -> None:
        clear(self.answer)
        self.answer.addWidget(PlainLabel(error.sentence, 'error', wrap=True))
