"""What is payable: computed examples of clauses and law, and what must hold of every calculation."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.adjustment import (
    FAULT_RATE_2014,
    Inputs,
    adjust,
    fault_rate_for,
    percent,
    problems,
    ratio_for,
)
from claimdesk.vocabulary import ClauseVersion, Liability

C = ClauseVersion
D = Decimal


def payable(clause: ClauseVersion, **inputs: Decimal) -> Decimal:
    return adjust(clause, Inputs(**inputs)).payable


@pytest.mark.parametrize(
    'clause, inputs, expected',
    [
        # Own damage, full fault, deductible 500: the 2014 clause takes 20 % by fault, the 2020 clause nothing.
        (C.MOTOR_2014, {'confirmed': D(20000), 'sum_insured': D(100000), 'fault_rate': D('0.2'), 'deductible': D(500)},
         D(15500)),
        (C.MOTOR_2020, {'confirmed': D(20000), 'sum_insured': D(100000), 'deductible': D(500)}, D(19500)),
        # Third-party property 100,000, main fault, 2,000 paid by compulsory cover.
        (C.MOTOR_2020, {'confirmed': D(100000), 'sum_insured': D(1000000), 'paid_by_others': D(2000),
                        'liability_ratio': D('0.7')}, D(68600)),
        (C.MOTOR_2014, {'confirmed': D(100000), 'sum_insured': D(1000000), 'paid_by_others': D(2000),
                        'liability_ratio': D('0.7'), 'fault_rate': D('0.15')}, D(58310)),
        # Medical 30,000, social insurance 10,000, deductible 10,000; and 60 % where it was not used.
        (C.MEDICAL_INDEMNITY, {'confirmed': D(30000), 'sum_insured': D(1000000), 'paid_by_others': D(10000),
                               'deductible': D(10000)}, D(10000)),
        (C.MEDICAL_INDEMNITY, {'confirmed': D(30000), 'sum_insured': D(1000000), 'deductible': D(10000),
                               'benefit_ratio': D('0.6')}, D(12000)),
        # Property under-insured: loss 300, sum 400, value 600 (Insurance Law art. 55).
        (C.PROPERTY_BASIC, {'confirmed': D(300), 'sum_insured': D(400), 'insured_value': D(600)}, D(200)),
        (C.PROPERTY_BASIC, {'confirmed': D(300), 'sum_insured': D(400), 'insured_value': D(400)}, D(300)),
        # The larger of amount and rate.
        (C.PROPERTY_BASIC, {'confirmed': D(10000), 'sum_insured': D(100000), 'deductible': D(500),
                            'deductible_rate': D('0.1')}, D(9000)),
        (C.PROPERTY_BASIC, {'confirmed': D(10000), 'sum_insured': D(100000), 'deductible': D(2000),
                            'deductible_rate': D('0.1')}, D(8000)),
        # Motor caps before the deductible, the others after it.
        (C.MOTOR_2020, {'confirmed': D(50000), 'sum_insured': D(30000), 'deductible': D(500)}, D(29500)),
        (C.MEDICAL_INDEMNITY, {'confirmed': D(50000), 'sum_insured': D(30000), 'deductible': D(500)}, D(30000)),
        # Salvage that the insured keeps, and nothing left.
        (C.MOTOR_2020, {'confirmed': D(5000), 'sum_insured': D(30000), 'salvage': D(800)}, D(4200)),
        (C.MOTOR_2020, {'confirmed': D(300), 'sum_insured': D(30000), 'deductible': D(500)}, D(0)),
        # Half a fen goes up.
        (C.MEDICAL_INDEMNITY, {'confirmed': D('0.05'), 'sum_insured': D(10), 'benefit_ratio': D('0.5')}, D('0.03')),
    ],
)  # fmt: skip
def test_examples(clause: ClauseVersion, inputs: dict[str, Decimal], expected: Decimal) -> None:
    assert payable(clause, **inputs) == expected


def test_the_sheet_shows_every_step_in_figures() -> None:
    sheet = adjust(C.MOTOR_2014, Inputs(D(20000), D(100000), fault_rate=D('0.2'), deductible=D(500)))
    assert [(step.formula, step.amount) for step in sheet.steps] == [
        ('20,000.00', D(20000)),
        ('min(20,000.00, 100,000.00)', D(20000)),
        ('20,000.00 × 80%', D(16000)),
        ('16,000.00 − 500.00', D(15500)),
        ('15,500.00', D(15500)),
    ]


def test_the_share_of_fault_counts_only_for_the_loss_of_others() -> None:
    assert ratio_for('third_party', Liability.MAIN) == D('0.7')
    assert ratio_for('damage', Liability.MAIN) == 1


def test_only_the_2014_clause_takes_a_rate_by_fault() -> None:
    assert fault_rate_for(C.MOTOR_2014, Liability.FULL) == D('0.20')
    assert {fault_rate_for(clause, Liability.FULL) for clause in C if clause is not C.MOTOR_2014} == {D(0)}
    assert set(FAULT_RATE_2014) == set(Liability)


def test_wrong_inputs_are_named() -> None:
    wrong = problems(Inputs(D(-1), D(100), liability_ratio=D(2), insured_value=D(0)))
    assert set(wrong) == {'confirmed', 'liability_ratio', 'insured_value'}
    assert problems(Inputs(D(1), D(100))) == {}


@pytest.mark.parametrize('share, words', [('0.7', '70%'), ('0.125', '12.5%'), ('1', '100%'), ('0', '0%')])
def test_percent(share: str, words: str) -> None:
    assert percent(D(share)) == words


AMOUNTS = st.decimals(0, 5_000_000, places=2)
SHARES = st.integers(0, 100).map(lambda number: D(number) / 100)
CLAUSES = st.sampled_from(list(C))


@st.composite
def inputs(draw: st.DrawFn) -> Inputs:
    return Inputs(
        confirmed=draw(AMOUNTS),
        sum_insured=draw(AMOUNTS),
        salvage=draw(AMOUNTS),
        paid_by_others=draw(AMOUNTS),
        insured_value=draw(st.none() | AMOUNTS.filter(bool)),
        liability_ratio=draw(SHARES),
        fault_rate=draw(SHARES),
        deductible=draw(AMOUNTS),
        deductible_rate=draw(SHARES),
        benefit_ratio=draw(SHARES),
    )


@given(CLAUSES, inputs())
def test_never_negative_never_above_loss_or_limit(clause: ClauseVersion, given_in: Inputs) -> None:
    sheet = adjust(clause, given_in)
    assert 0 <= sheet.payable <= min(given_in.confirmed, given_in.sum_insured)
    assert sheet.steps[-1].amount == sheet.payable
    assert all(step.amount >= 0 for step in sheet.steps)


@given(CLAUSES, inputs(), st.decimals(0, 100_000, places=2))
def test_a_larger_loss_never_pays_less(clause: ClauseVersion, given_in: Inputs, more: Decimal) -> None:
    larger = replace(given_in, confirmed=given_in.confirmed + more)
    assert adjust(clause, larger).payable >= adjust(clause, given_in).payable


@given(CLAUSES, inputs(), st.decimals(0, 100_000, places=2))
def test_a_larger_deductible_never_pays_more(clause: ClauseVersion, given_in: Inputs, more: Decimal) -> None:
    larger = replace(given_in, deductible=given_in.deductible + more)
    assert adjust(clause, larger).payable <= adjust(clause, given_in).payable
