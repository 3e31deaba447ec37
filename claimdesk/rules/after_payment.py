"""After a payment: what the customer is asked, and which answer is followed up.

By when the customer is called is a clock like others; the questions and the thresholds are the office's own (mark C).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.rules.calendar import Calendar

LOCAL = ZoneInfo('Asia/Shanghai')
KEY = 'call_back'
"""The office rule that holds the questionnaire."""

OVERALL = 'overall'
QUESTIONS: Mapping[str, str] = {
    OVERALL: N_("How satisfied are you with the way your claim was handled, all in all?"),
    'speed': N_("How satisfied are you with how long it took?"),
    'explained': N_("How clearly were the steps and the amount explained to you?"),
    'manner': N_("How satisfied are you with the people you spoke to?"),
}
"""What the program brings; the first one counts as the customer's satisfaction."""

MOST_QUESTIONS = 8


@dataclass(frozen=True, slots=True)
class CallBackRules:
    """The questionnaire. A score of `low_from` or less to any question is followed up."""

    low_from: int = 2
    attempts: int = 3
    follow_up_days: int = 5
    questions: tuple[str, ...] = tuple(QUESTIONS)


DEFAULT_RULES = CallBackRules()


def workdays_after(at: dt.datetime, days: int, calendar: Calendar) -> dt.datetime:
    """18:00 of the last of `days` working days after `at`."""
    last = calendar.add_workdays(at.astimezone(LOCAL).date(), days)
    return dt.datetime.combine(last, dt.time(18), LOCAL).astimezone(dt.UTC)


def is_low(scores: Mapping[str, int], rules: CallBackRules) -> bool:
    """Whether one of the answers has to be followed up."""
    return any(score <= rules.low_from for score in scores.values())


def question_words(question: str) -> str:
    """A question in the language in use; the office's own stand in its own words."""
    return _(QUESTIONS[question]) if question in QUESTIONS else question


def question_of(words: str) -> str:
    """The question that `question_words` says as `words`."""
    return next((question for question in QUESTIONS if question_words(question) == words), words)


def check_answers(scores: Mapping[str, int], rules: CallBackRules) -> None:
    """Raise `InvalidInput`, by question, unless each question of `rules` has a score from 1 to 5."""
    wrong = {
        question: _("Choose a score from 1 to 5.")
        for question in rules.questions
        if scores.get(question) not in range(1, 6)
    }
    if wrong:
        raise InvalidInput(_("Some questions have no answer."), '', wrong)


def as_value(rules: CallBackRules) -> dict[str, Any]:
    """The rules as plain JSON, for the office's rules."""
    return asdict(rules) | {'questions': list(rules.questions)}


def rules_from(value: Any) -> CallBackRules:
    """The rules that `as_value` made plain."""
    if not value:
        return DEFAULT_RULES
    return CallBackRules(**{**value, 'questions': tuple(value['questions'])})


def check_rules(rules: CallBackRules) -> None:
    """Raise `InvalidInput`, by field, where the rules make no sense."""
    wrong: dict[str, str] = {}
    for name, most in (('attempts', 10), ('follow_up_days', 60)):
        if not 1 <= getattr(rules, name) <= most:
            wrong[name] = _("Enter a number from 1 to {most}.").format(most=most)
    if not 1 <= rules.low_from <= 4:
        wrong['low_from'] = _("A low score lies between 1 and 4.")
    if not 1 <= len(rules.questions) <= MOST_QUESTIONS:
        wrong['questions'] = _("Ask 1 to {most} questions.").format(most=MOST_QUESTIONS)
    elif len(set(rules.questions)) < len(rules.questions):
        wrong['questions'] = _("A question stands there twice.")
    elif any(len(question) > 200 for question in rules.questions):
        wrong['questions'] = _("A question has 200 characters at most.")
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), '', wrong)
