"""The rule that approves small clear claims: each condition, the lot, and that it never does anything but pay."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.errors import InvalidInput
from claimdesk.rules.automatic import (
    OFF,
    AutomaticFacts,
    AutomaticRule,
    as_value,
    check_rule,
    condition_name,
    condition_words,
    judge,
    rule_from,
    sums_right,
)
from claimdesk.vocabulary import Line, RiskLevel

RULE = AutomaticRule(enabled=True, sample_percent=0)
CLEAR = AutomaticFacts(
    case_number='CY2026-000001',
    calculation=1,
    line=Line.MOTOR,
    payable=Decimal('5000.00'),
    injury=False,
    missing_documents=0,
    unconfirmed_documents=0,
    invoices=2,
    wrong_sums=(),
    duplicates=(),
    risk=RiskLevel.LOW,
    being_looked_into=False,
    open_disputes=0,
    handled_before=False,
)


def test_a_small_clear_claim_is_approved() -> None:
    answer = judge(CLEAR, RULE)
    assert answer.approved
    assert len(answer.conditions) == 11


@pytest.mark.parametrize(
    ('code', 'changes'),
    [
        ('amount', {'payable': Decimal('5000.01')}),
        ('amount', {'payable': Decimal(0)}),
        ('amount', {'line': Line.PROPERTY}),
        ('injury', {'injury': True}),
        ('complete', {'missing_documents': 1}),
        ('confirmed', {'unconfirmed_documents': 1}),
        ('papers', {'open_findings': 1}),
        ('sums', {'wrong_sums': ('123',)}),
        ('duplicates', {'duplicates': ('123',)}),
        ('risk', {'risk': RiskLevel.MEDIUM}),
        ('risk', {'being_looked_into': True}),
        ('disputes', {'open_disputes': 1}),
        ('first', {'handled_before': True}),
        ('current', {'out_of_date': 'x'}),
    ],
)
def test_one_condition_that_fails_sends_it_to_a_person_and_is_named(code: str, changes: dict[str, Any]) -> None:
    answer = judge(replace(CLEAR, **changes), RULE)
    assert not answer.approved
    assert not answer.sampled
    (failed,) = [one for one in answer.conditions if not one.holds]
    assert failed.code == code
    words = condition_words(code, holds=False, facts=failed.facts)
    assert words != code
    assert words != condition_words(code, holds=True, facts=failed.facts)
    assert condition_name(code) != code


def test_the_lot_sends_a_clear_claim_to_a_person_and_says_so() -> None:
    answer = judge(CLEAR, replace(RULE, sample_percent=100))
    assert answer.clear
    assert answer.sampled
    assert not answer.approved
    assert not judge(replace(CLEAR, injury=True), replace(RULE, sample_percent=100)).sampled


@given(st.integers(1, 10**6), st.integers(0, 100))
def test_the_lot_of_a_calculation_does_not_change(number: int, percent: int) -> None:
    facts = replace(CLEAR, case_number=f'CY2026-{number:06}')
    rule = replace(RULE, sample_percent=percent)
    assert judge(facts, rule) == judge(facts, rule)


def test_about_as_many_are_drawn_as_the_share_says() -> None:
    drawn = sum(
        judge(replace(CLEAR, case_number=f'CY2026-{number:06}'), replace(RULE, sample_percent=5)).sampled
        for number in range(4_000)
    )
    assert 140 < drawn < 260


def test_a_new_office_has_it_switched_off() -> None:
    assert not OFF.enabled
    assert rule_from(None) == OFF


def test_the_rule_survives_being_kept() -> None:
    rule = AutomaticRule(True, {Line.MOTOR: 3000, Line.MEDICAL: 0, Line.PROPERTY: 500}, RiskLevel.MEDIUM, 7)
    assert rule_from(as_value(rule)) == rule


def test_a_rule_without_sense_is_refused_by_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_rule(AutomaticRule(True, {Line.MOTOR: -1}, RiskLevel.HIGH, 101))
    assert set(refused.value.fields) == {'motor', 'sample_percent', 'highest_risk'}
    check_rule(OFF)


D = Decimal


@pytest.mark.parametrize(
    ('amount', 'tax', 'total', 'lines', 'capital', 'right'),
    [
        (D('60.76'), D('7.90'), D('68.66'), ((D('60.76'), D('7.90')),), D('68.66'), True),
        (D('60.76'), D('7.91'), D('68.66'), (), None, False),
        (D('60.76'), D('7.90'), D('68.66'), ((D('60.00'), D('7.90')),), None, False),
        (D('60.76'), D('7.90'), D('68.66'), ((D('60.76'), D('7.90')),), D('68.60'), False),
        (None, None, D('68.66'), ((D('50'), None), (D('18.66'), None)), None, True),
        (None, None, D('68.66'), ((D('50'), None), (None, None)), None, True),
        (None, None, D('68.66'), (), None, True),
        (None, None, D('68.66'), ((D('50'), None),), None, False),
    ],
)
def test_what_an_invoice_prints_must_add_up(
    amount: Decimal | None, tax: Decimal | None, total: Decimal, lines: Any, capital: Decimal | None, right: bool
) -> None:
    assert sums_right(amount, tax, total, lines, capital) is right
