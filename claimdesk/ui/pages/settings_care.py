"""The questions of the call after a payment, and the root causes of complaints, as the office words them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from claimdesk.language import _
from claimdesk.rules import after_payment, disputes
from claimdesk.services.context import Actor
from claimdesk.ui.page import Page
from claimdesk.ui.pages.settings_rule import RuleSection
from claimdesk.ui.widgets import FormGrid, NumberEdit, TextArea


class CallBackSection(RuleSection):
    """What customers are asked, and what is done about a low score."""

    key = after_payment.KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "What a customer is asked after the payment. A payment is asked about with the questions of the day on "
            "which it was made; by when the call is due stands among the time limits."
        )
        super().__init__(page, _("Call-backs"), sentence)

    def build(self) -> None:
        self.form = FormGrid(3)
        self.questions = TextArea(lines=8)
        self.low, self.attempts, self.days = NumberEdit(1, 4), NumberEdit(1, 10), NumberEdit(1, 60)
        hint = _("One question on each line; the first one counts as the customer's satisfaction.")
        self.form.add('questions', _("Questions, each answered from 1 to 5"), self.questions, span=3, hint=hint)
        self.form.add('low_from', _("Followed up at a score of, or less"), self.low)
        self.form.add('attempts', _("Given up after, attempts"), self.attempts)
        self.form.add('follow_up_days', _("Put right within, working days"), self.days)
        self.questions.textChanged.connect(self.touched)
        for field in (self.low, self.attempts, self.days):
            field.valueChanged.connect(self.touched)
        self.form.setEnabled(self.may)
        self.column.addWidget(self.form)

    def value(self) -> Any:
        lines = (line.strip() for line in self.questions.value().splitlines())
        questions = tuple(after_payment.question_of(line) for line in lines if line)
        rules = after_payment.CallBackRules(self.low.value(), self.attempts.value(), self.days.value(), questions)
        return after_payment.as_value(rules)

    def fill(self, value: Any) -> None:
        rules = after_payment.rules_from(value)
        self.questions.set_value('\n'.join(after_payment.question_words(one) for one in rules.questions))
        self.low.setValue(rules.low_from)
        self.attempts.setValue(rules.attempts)
        self.days.setValue(rules.follow_up_days)

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.call_backs.save_rules(actor, after_payment.rules_from(value), day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)


class CausesSection(RuleSection):
    """The root causes that complaints and low scores are counted by."""

    key = disputes.KEY

    def __init__(self, page: Page) -> None:
        sentence = _(
            "Every answered complaint and every low score names one of these causes. The days for an answer stand "
            "among the time limits."
        )
        super().__init__(page, _("Root causes"), sentence)

    def build(self) -> None:
        self.form = FormGrid(1)
        self.causes = TextArea(lines=12)
        self.form.add('root_causes', _("Root causes"), self.causes, hint=_("One cause on each line."))
        self.causes.textChanged.connect(self.touched)
        self.form.setEnabled(self.may)
        self.column.addWidget(self.form)

    def value(self) -> Any:
        lines = (line.strip() for line in self.causes.value().splitlines())
        return [disputes.cause_of(line) for line in lines if line]

    def fill(self, value: Any) -> None:
        self.causes.set_value('\n'.join(disputes.cause_words(one) for one in disputes.causes_from(value)))

    def write(self, actor: Actor, value: Any, day: dt.date, version: int | None) -> None:
        self.desk.disputes.save_causes(actor, value, day, version)

    def show_problems(self, fields: dict[str, str]) -> None:
        self.form.show_errors(fields)
