"""When a customer is called after a payment, which answers are followed up, and the rules of complaints."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from claimdesk.errors import InvalidInput
from claimdesk.rules import after_payment, disputes
from claimdesk.rules.after_payment import DEFAULT_RULES, call_due, check_answers, is_low
from claimdesk.rules.calendar import chinese_calendar
from claimdesk.rules.disputes import DisputeRules, answer_due, cause_of, cause_words, limitation_ends
from claimdesk.vocabulary import Complexity

CALENDAR = chinese_calendar()
MONDAY = dt.datetime(2026, 3, 2, 2, 0, tzinfo=dt.UTC)


def day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(disputes.LOCAL).date()


def test_the_customer_is_called_within_fifteen_working_days() -> None:
    assert day(call_due(MONDAY, DEFAULT_RULES, CALENDAR)) == dt.date(2026, 3, 23)
    # The last days of September, then the eight days of the holiday, are not counted.
    before = dt.datetime(2025, 9, 29, 2, 0, tzinfo=dt.UTC)
    assert day(call_due(before, DEFAULT_RULES, CALENDAR)) == dt.date(2025, 10, 27)


@pytest.mark.parametrize(
    ('scores', 'low'), [({'a': 5, 'b': 3}, False), ({'a': 5, 'b': 2}, True), ({'a': 1, 'b': 5}, True)]
)
def test_one_low_score_is_enough(scores: dict[str, int], low: bool) -> None:
    assert is_low(scores, DEFAULT_RULES) is low


def test_every_question_wants_an_answer() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_answers({'overall': 5, 'speed': 6}, DEFAULT_RULES)
    assert set(refused.value.fields) == {'speed', 'explained', 'manner'}
    check_answers(dict.fromkeys(DEFAULT_RULES.questions, 1), DEFAULT_RULES)


@pytest.mark.parametrize(
    ('complexity', 'extended', 'due'),
    [
        (Complexity.SIMPLE, False, dt.date(2026, 3, 17)),
        (Complexity.COMPLEX, False, dt.date(2026, 4, 1)),
        (Complexity.SPECIAL, False, dt.date(2026, 4, 1)),
        # 60 days end on 1 May, in the holiday up to 5 May.
        (Complexity.SPECIAL, True, dt.date(2026, 5, 6)),
        (Complexity.SIMPLE, True, dt.date(2026, 3, 17)),
    ],
)
def test_the_days_of_a_complaint(complexity: Complexity, extended: bool, due: dt.date) -> None:
    assert day(answer_due(MONDAY, complexity, extended=extended, rules=DisputeRules(), calendar=CALENDAR)) == due


def test_a_recovery_can_be_claimed_for_three_years() -> None:
    assert day(limitation_ends(dt.date(2023, 3, 2), DisputeRules(), CALENDAR)) == dt.date(2026, 3, 2)
    assert day(limitation_ends(dt.date(2024, 2, 29), DisputeRules(), CALENDAR)).year == 2027
    # 1 March 2026 is a Sunday.
    assert day(limitation_ends(dt.date(2023, 3, 1), DisputeRules(), CALENDAR)) == dt.date(2026, 3, 2)


def test_what_the_office_calls_a_cause_or_a_question_comes_back_as_it_is() -> None:
    for cause in disputes.ROOT_CAUSES:
        assert cause_of(cause_words(cause)) == cause
    assert cause_of(cause_words('拖车迟到')) == '拖车迟到'
    for question in after_payment.QUESTIONS:
        assert after_payment.question_of(after_payment.question_words(question)) == question


def test_rules_survive_being_kept() -> None:
    rules = replace(DEFAULT_RULES, days=10, questions=('overall', '是否愿意推荐我们？'))
    assert after_payment.rules_from(after_payment.as_value(rules)) == rules
    assert after_payment.rules_from(None) == DEFAULT_RULES
    own = DisputeRules(simple_days=10, root_causes=('slow', '拖车迟到'))
    assert disputes.rules_from(disputes.as_value(own)) == own


@pytest.mark.parametrize(
    ('changes', 'field'),
    [
        ({'days': 0}, 'days'),
        ({'low_from': 5}, 'low_from'),
        ({'questions': ()}, 'questions'),
        ({'questions': ('a', 'a')}, 'questions'),
        ({'questions': tuple('abcdefghi')}, 'questions'),
    ],
)
def test_a_questionnaire_without_sense_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        after_payment.check_rules(replace(DEFAULT_RULES, **changes))
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(
    ('changes', 'field'),
    [
        ({'complex_days': 10}, 'complex_days'),
        ({'extra_days': 0}, 'extra_days'),
        ({'limitation_years': 0}, 'limitation_years'),
        ({'root_causes': ()}, 'root_causes'),
        ({'root_causes': ('x' * 41,)}, 'root_causes'),
    ],
)
def test_limits_without_sense_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        disputes.check_rules(replace(DisputeRules(), **changes))
    assert set(refused.value.fields) == {field}
