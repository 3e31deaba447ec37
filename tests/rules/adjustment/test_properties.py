"""What must hold of every calculation: limits, monotone growth, shares exact to the fen, order of people."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from claimdesk.rules.adjustment import FORMULAS, Part, Request, adjust
from claimdesk.rules.adjustment.compulsory import ITEMS, Compulsory, Vehicle, Victim
from claimdesk.rules.adjustment.inputs import Kind, Spec, from_json, specs, to_json
from claimdesk.rules.adjustment.medical import Medical
from claimdesk.rules.adjustment.motor import OwnDamage, ThirdParty
from claimdesk.rules.adjustment.property_cover import Property
from claimdesk.rules.adjustment.shares import share_equally, share_out
from claimdesk.vocabulary import ClauseVersion

D = Decimal
AMOUNTS = st.integers(0, 500_000_000).map(lambda fen: D(fen) / 100)
SHARES = st.integers(0, 100).map(lambda number: D(number) / 100)
MOTOR = st.sampled_from([ClauseVersion.MOTOR_2014, ClauseVersion.MOTOR_2020])
TIMES = settings(max_examples=60, deadline=None)


def value_for(spec: Spec) -> st.SearchStrategy[Any]:
    if spec.kind is Kind.MONEY:
        return AMOUNTS.filter(bool) | st.none() if spec.optional else AMOUNTS
    if spec.kind is Kind.SHARE:
        return SHARES
    if spec.kind is Kind.WHOLE:
        return st.integers(0, min(spec.most, 400))
    if spec.kind is Kind.FLAG:
        return st.booleans()
    if spec.kind is Kind.CHOICE:
        return st.sampled_from(list(spec.choices or ()))
    if spec.kind is Kind.TEXT:
        return st.text('甲乙丙丁', min_size=1, max_size=3)
    assert spec.rows is not None
    return st.lists(inputs_of(spec.rows), max_size=4).map(tuple)


def inputs_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{spec.name: value_for(spec) for spec in specs(kind)})


def payable(clause: ClauseVersion, kind: str, inputs: Any) -> Decimal:
    return adjust(Request(clause, (Part(kind, '', inputs),))).payable


@given(MOTOR, inputs_of(OwnDamage))
@TIMES
def test_own_damage_is_never_above_loss_or_limit(clause: ClauseVersion, inputs: OwnDamage) -> None:
    sheet = adjust(Request(clause, (Part('own_damage', '', inputs),))).sheets[0]
    loss = inputs.limit if inputs.total_loss else inputs.loss
    assert 0 <= sheet.limit_used <= min(loss, inputs.limit)
    assert sheet.payable <= sheet.limit_used + min(inputs.rescue, inputs.limit)
    assert all(step.amount is None or step.amount >= 0 for step in sheet.steps)


@given(MOTOR, inputs_of(ThirdParty))
@TIMES
def test_third_party_is_never_above_the_limit_left_or_the_loss(clause: ClauseVersion, inputs: ThirdParty) -> None:
    paid = payable(clause, 'third_party', inputs)
    loss = inputs.death + inputs.medical + inputs.property
    assert 0 <= paid <= min(loss, inputs.limit, max(D(0), inputs.limit - inputs.limit_used))


@given(inputs_of(Medical))
@TIMES
def test_medical_is_never_above_the_limit_left_or_the_cost_that_is_open(inputs: Medical) -> None:
    sheet = adjust(Request(ClauseVersion.MEDICAL_INDEMNITY, (Part('medical', '', inputs),))).sheets[0]
    open_cost = max(D(0), inputs.cost - inputs.social_paid - inputs.others_paid)
    assert 0 <= sheet.payable <= min(max(D(0), inputs.limit - inputs.limit_used), open_cost)
    assert 0 <= sheet.deductible_used <= max(D(0), inputs.deductible - inputs.deductible_used)


@given(inputs_of(Property))
@TIMES
def test_property_is_never_above_loss_value_or_limit(inputs: Property) -> None:
    sheet = adjust(Request(ClauseVersion.PROPERTY_BASIC, (Part('property', '', inputs),))).sheets[0]
    value = inputs.loss if inputs.value is None else inputs.value
    if not inputs.waived:
        assert 0 <= sheet.limit_used <= min(inputs.loss, value, inputs.limit)
        assert sheet.payable <= sheet.limit_used + min(inputs.rescue, inputs.limit) + inputs.survey_cost


GROWS = {
    'own_damage': ('loss', 'rescue', 'limit'),
    'third_party': ('death', 'medical', 'property', 'limit', 'liability_ratio'),
    'medical': ('cost', 'limit', 'ratio'),
    'property': ('loss', 'rescue'),
    'allowance': ('daily', 'days', 'most_days'),
    'lump_sum': ('limit', 'part'),
}
SHRINKS = {
    'own_damage': ('deductible', 'third_party_paid', 'salvage', 'absolute_rate'),
    'third_party': ('compulsory_property', 'not_covered', 'limit_used', 'absolute_rate'),
    'medical': ('social_paid', 'deductible', 'limit_used', 'class_c'),
    'property': ('salvage', 'deductible', 'deductible_rate', 'third_party_paid', 'limit_used', 'other_sums'),
}


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_larger_loss_never_pays_less_and_a_larger_deductible_never_more(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(GROWS)))
    formula = FORMULAS[kind]
    clause = data.draw(st.sampled_from(sorted(formula.clauses)))
    inputs = data.draw(inputs_of(formula.inputs))
    up = data.draw(st.sampled_from(GROWS[kind]))
    now = getattr(inputs, up)
    more = {int: now + 1} if isinstance(now, int) else {}
    share = up in ('liability_ratio', 'ratio', 'part')
    larger = more.get(int) or (min(D(1), now + D('0.1')) if share else now + D(777))
    assert payable(clause, kind, replace(inputs, **{up: larger})) >= payable(clause, kind, inputs)
    for down in SHRINKS.get(kind, ())[:6]:
        now = getattr(inputs, down)
        larger = min(D(1), now + D('0.1')) if 'rate' in down else now + D(777)
        assert payable(clause, kind, replace(inputs, **{down: larger})) <= payable(clause, kind, inputs)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=8))
@TIMES
def test_shares_add_up_to_the_fen_and_differ_from_the_exact_one_by_less_than_a_fen(
    total: Decimal, weights: list[Decimal]
) -> None:
    parts = share_out(total, weights)
    whole = sum(weights, D(0))
    if not whole:
        assert set(parts) == {D('0.00')}
        return
    assert sum(parts, D(0)) == total
    assert all(abs(part - total * weight / whole) < D('0.01') for part, weight in zip(parts, weights, strict=True))
    # Nobody is given more than their loss as long as all of it is not more than the losses.
    if total <= whole:
        assert all(part <= weight for part, weight in zip(parts, weights, strict=True))


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=5))
@TIMES
def test_equal_shares_stay_within_their_limits(total: Decimal, limits: list[Decimal]) -> None:
    parts = share_equally(total, limits)
    assert sum(parts, D(0)) == min(total, sum(limits, D(0)))
    assert all(part <= limit for part, limit in zip(parts, limits, strict=True))


VICTIMS = st.lists(inputs_of(Victim), min_size=1, max_size=5, unique_by=lambda one: one.name)
VEHICLES = st.lists(inputs_of(Vehicle), max_size=3)


@given(VICTIMS, VEHICLES, st.booleans(), st.randoms())
@TIMES
def test_compulsory_cover_does_not_depend_on_the_order_of_people(
    victims: list[Victim], vehicles: list[Vehicle], with_fault: bool, dice: Any
) -> None:
    inputs = Compulsory(with_fault, False, tuple(victims), tuple(vehicles))
    other = victims[:]
    dice.shuffle(other)
    shuffled = replace(inputs, victims=tuple(other))
    assert people_paid(inputs) == people_paid(shuffled)
    limits = (D(180000), D(18000), D(2000)) if with_fault else (D(18000), D(1800), D(100))
    assert 0 <= payable(ClauseVersion.MOTOR_COMPULSORY, 'compulsory', inputs) <= sum(
        min(limit, sum((getattr(one, item) for one in victims), D(0)))
        for item, limit in zip(ITEMS, limits, strict=True)
    )


def people_paid(inputs: Compulsory) -> list[tuple[str, str, Decimal | None]]:
    steps = adjust(Request(ClauseVersion.MOTOR_COMPULSORY, (Part('compulsory', '', inputs),))).sheets[0].steps
    return sorted((step.name, step.about['name'], step.amount) for step in steps if 'name' in step.about)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_inputs_come_back_from_json_as_they_were(data: st.DataObject) -> None:
    formula = FORMULAS[data.draw(st.sampled_from(sorted(FORMULAS)))]
    inputs = data.draw(inputs_of(formula.inputs))
    wrong: dict[str, str] = {}
    assert from_json(formula.inputs, to_json(inputs), wrong) == inputs
    assert wrong == {}
