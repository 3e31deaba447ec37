"""What a customer is asked after a payment, which answers are followed up, and the root causes of complaints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from claimdesk.errors import InvalidInput
from claimdesk.rules import after_payment, disputes
from claimdesk.rules.after_payment import DEFAULT_RULES, check_answers, is_low
from claimdesk.rules.disputes import cause_of, cause_words


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


def test_what_the_office_calls_a_cause_or_a_question_comes_back_as_it_is() -> None:
    for cause in disputes.ROOT_CAUSES:
        assert cause_of(cause_words(cause)) == cause
    assert cause_of(cause_words('拖车迟到')) == '拖车迟到'
    for question in after_payment.QUESTIONS:
        assert after_payment.question_of(after_payment.question_words(question)) == question


def test_rules_survive_being_kept() -> None:
    rules = replace(DEFAULT_RULES, attempts=5, questions=('overall', '是否愿意推荐我们？'))
    assert after_payment.rules_from(after_payment.as_value(rules)) == rules
    assert after_payment.rules_from(None) == DEFAULT_RULES
    assert disputes.causes_from(['slow', '拖车迟到']) == ('slow', '拖车迟到')
    assert disputes.causes_from(None) == tuple(disputes.ROOT_CAUSES)


@pytest.mark.parametrize(
    ('changes', 'field'),
    [
        ({'attempts': 0}, 'attempts'),
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


@pytest.mark.parametrize('causes', [(), ('',), ('x' * 41,), ('slow', 'slow')])
def test_root_causes_without_sense_are_refused(causes: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as refused:
        disputes.check_causes(causes)
    assert set(refused.value.fields) == {'root_causes'}
    disputes.check_causes((*disputes.ROOT_CAUSES, '拖车迟到'))
