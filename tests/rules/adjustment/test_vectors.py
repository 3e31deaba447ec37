"""What is payable: computed examples of clauses and law, step by step."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from claimdesk.rules.adjustment import Figures, Part, Request, adjust, clause_for, formula_of, formulas_for, percent
from claimdesk.rules.adjustment.compulsory import Compulsory, Vehicle, Victim
from claimdesk.rules.adjustment.figures import BY_KEY, FIGURES, Order, wrong_figures
from claimdesk.rules.adjustment.fixed import Allowance, Disability, LumpSum
from claimdesk.rules.adjustment.injury import Dependant, Injury, support, years_of
from claimdesk.rules.adjustment.medical import Medical, Social
from claimdesk.rules.adjustment.motor import OwnDamage, Passenger, Seats, Theft, ThirdParty
from claimdesk.rules.adjustment.property_cover import Property
from claimdesk.vocabulary import ClauseVersion, Liability, Line

C = ClauseVersion
D = Decimal
OLD, NEW, MEDICAL, GOODS = C.MOTOR_2014, C.MOTOR_2020, C.MEDICAL_INDEMNITY, C.PROPERTY_BASIC
KINDS = {
    OwnDamage: 'own_damage', ThirdParty: 'third_party', Seats: 'seats', Theft: 'theft', Compulsory: 'compulsory',
    Medical: 'medical', Allowance: 'allowance', LumpSum: 'lump_sum', Disability: 'disability', Property: 'property',
    Injury: 'injury',
}  # fmt: skip


def payable(clause: ClauseVersion, inputs: Any, **figures: str) -> Decimal:
    request = Request(clause, (Part(KINDS[type(inputs)], '', inputs),), Figures.of(figures))
    return adjust(request).payable


TWENTY = {'loss': D(20000), 'limit': D(100000), 'deductible': D(500)}
WALL = {'property': D(100000), 'compulsory_property': D(2000), 'liability_ratio': D('0.7'), 'limit': D(1000000)}
ILL = {'cost': D(30000), 'deductible': D(10000), 'limit': D(1000000)}


@pytest.mark.parametrize(
    'clause, inputs, expected',
    [
        # Own damage, full fault, deductible 500: the 2014 clause takes 20 % by fault, the 2020 clause nothing.
        (OLD, OwnDamage(**TWENTY, fault_rate=D('0.2')), D(15500)),
        (NEW, OwnDamage(**TWENTY, fault_rate=D('0.2')), D(19500)),
        # The sum insured comes first, then the rates, the deductible at the end.
        (NEW, OwnDamage(loss=D(50000), limit=D(30000), deductible=D(500)), D(29500)),
        (OLD, OwnDamage(loss=D(50000), limit=D(30000), fault_rate=D('0.2'), absolute_rate=D('0.1'),
                        third_party_paid=D(5000), deductible=D(500)), D(17500)),
        # A total loss is the sum insured, whatever was entered as repair cost.
        (NEW, OwnDamage(loss=D(1), total_loss=True, limit=D(30000), third_party_paid=D(1000)), D(29000)),
        # A third party that cannot be found: 30 % under the old clause, nothing under the new one.
        (OLD, OwnDamage(loss=D(10000), limit=D(30000), no_third_party=True), D(7000)),
        (OLD, OwnDamage(loss=D(10000), limit=D(30000), no_third_party=True, overloaded=True), D(6000)),
        (NEW, OwnDamage(loss=D(10000), limit=D(30000), no_third_party=True, overloaded=True), D(10000)),
        # The rider of the new clause: an absolute deductible rate of 15 %.
        (NEW, OwnDamage(loss=D(10000), limit=D(30000), absolute_rate=D('0.15')), D(8500)),
        # Rescue beside the damage, shared with goods that are not insured, within one further sum insured.
        (NEW, OwnDamage(loss=D(10000), limit=D(30000), rescue=D(1000), rescue_share=D('0.8')), D(10800)),
        (NEW, OwnDamage(loss=D(30000), limit=D(30000), rescue=D(40000)), D(60000)),
        (NEW, OwnDamage(loss=D(5000), limit=D(30000), salvage=D(800)), D(4200)),
        (NEW, OwnDamage(loss=D(300), limit=D(30000), deductible=D(500)), D(0)),
        # Third-party property 100,000, main fault, 2,000 paid by compulsory cover.
        (NEW, ThirdParty(**WALL), D(68600)),
        (OLD, ThirdParty(**WALL, fault_rate=D('0.15')), D(58310)),
        # At or above the limit the rates are taken off the limit.
        (OLD, ThirdParty(**{**WALL, 'limit': D(50000)}, fault_rate=D('0.15')), D(42500)),
        # Item by item: what compulsory cover leaves of one is not set off against another.
        (NEW, ThirdParty(death=D(200000), medical=D(10000), property=D(3000), compulsory_death=D(180000),
                         compulsory_medical=D(18000), compulsory_property=D(2000), limit=D(1000000)), D(21000)),
        (NEW, ThirdParty(**{**WALL, 'limit': D(50000)}, limit_used=D(30000)), D(20000)),
        # Each person in the vehicle up to the limit of a seat.
        (NEW, Seats((Passenger('甲', D(30000)), Passenger('乙', D(8000), D(1000))), D('0.5'), D(10000), 2), D(13500)),
        (OLD, Seats((Passenger('甲', D(30000)),), D(1), D(10000), 1, D('0.2')), D(8000)),
        (OLD, Theft(D(100000), 2), D(78000)),
        # Medical 30,000, social insurance 10,000, deductible 10,000; and 60 % where it was not used.
        (MEDICAL, Medical(**ILL, social_paid=D(10000)), D(10000)),
        (MEDICAL, Medical(**ILL, social=Social.NOT_USED), D(12000)),
        (MEDICAL, Medical(**ILL, social=Social.NONE), D(20000)),
        # Other payments eat the deductible, social insurance does not.
        (MEDICAL, Medical(**ILL, others_paid=D(4000)), D(20000)),
        (MEDICAL, Medical(**ILL, others_paid=D(15000)), D(15000)),
        # What earlier claims of the year have used.
        (MEDICAL, Medical(**ILL, deductible_used=D(7000)), D(27000)),
        (MEDICAL, Medical(**{**ILL, 'limit': D(50000)}, deductible_used=D(10000), limit_used=D(45000)), D(5000)),
        # Class C counts with half, class B's own part with nothing, by this product.
        (MEDICAL, Medical(cost=D(10000), class_b=D(1000), share_b=D(0), class_c=D(2000), share_c=D('0.5'),
                          limit=D(50000)), D(8000)),
        (MEDICAL, Medical(cost=D('0.05'), ratio=D('0.5'), limit=D(10)), D('0.03')),
        (MEDICAL, Allowance(daily=D(200), days=12, free_days=3), D(1800)),
        (MEDICAL, Allowance(daily=D(200), days=200, most_days=180, days_used=170), D(2000)),
        (MEDICAL, LumpSum(D(100000)), D(100000)),
        (MEDICAL, LumpSum(D(100000), D('0.3'), D(80000)), D(20000)),
        (C.ACCIDENT, Disability(D(300000), 8), D(90000)),
        (C.ACCIDENT, Disability(D(300000), 1, D(250000)), D(50000)),
        # Property under-insured: loss 300, sum 400, value 600 (Insurance Law art. 55).
        (GOODS, Property(loss=D(300), limit=D(400), value=D(600)), D(200)),
        (GOODS, Property(loss=D(300), limit=D(400), value=D(400)), D(300)),
        # Over-insured: no more than the value.
        (GOODS, Property(loss=D(900), limit=D(1000), value=D(600)), D(600)),
        # The larger of amount and rate.
        (GOODS, Property(loss=D(10000), limit=D(100000), deductible=D(500), deductible_rate=D('0.1')), D(9000)),
        (GOODS, Property(loss=D(10000), limit=D(100000), deductible=D(2000), deductible_rate=D('0.1')), D(8000)),
        # Double insurance: our 400 of 1,000 in all (art. 56).
        (GOODS, Property(loss=D(300), limit=D(400), other_sums=D(600)), D(120)),
        # Rescue up to one further sum insured, lessened by under-insurance (art. 57).
        (GOODS, Property(loss=D(600), limit=D(400), value=D(600), rescue=D(300)), D(600)),
        (GOODS, Property(loss=D(400), limit=D(400), value=D(400), rescue=D(900)), D(800)),
        # What the third party paid (art. 60), a waiver (art. 61), the cost of survey (art. 64).
        (GOODS, Property(loss=D(300), limit=D(400), third_party_paid=D(100)), D(200)),
        (GOODS, Property(loss=D(300), limit=D(400), waived=True), D(0)),
        (GOODS, Property(loss=D(300), limit=D(400), survey_cost=D(50)), D(350)),
        (GOODS, Property(loss=D(300), limit=D(400), limit_used=D(350)), D(50)),
    ],
)  # fmt: skip
def test_examples(clause: ClauseVersion, inputs: Any, expected: Decimal) -> None:
    assert payable(clause, inputs) == expected


@pytest.mark.parametrize(
    'order, expected',
    [
        # 1,000 lost, half insured, 100 salvage, 50 deductible.
        (Order.SALVAGE_AVERAGE_DEDUCTIBLE, D(400)),
        (Order.AVERAGE_SALVAGE_DEDUCTIBLE, D(350)),
        (Order.SALVAGE_DEDUCTIBLE_AVERAGE, D(425)),
    ],
)
def test_the_order_of_a_property_clause_is_chosen(order: Order, expected: Decimal) -> None:
    inputs = Property(
        loss=D(1000), limit=D(1000), value=D(2000), salvage=D(100), deductible=D(50), order=order
    )
    assert payable(GOODS, inputs) == expected


def test_the_offices_own_figures_are_used() -> None:
    unused = Medical(**ILL, social=Social.NOT_USED)
    assert payable(MEDICAL, unused, **{'medical.unused': '0.5'}) == D(10000)
    assert payable(MEDICAL, Medical(**ILL, social_paid=D(10000)), **{'medical.social_counts': 'yes'}) == D(20000)
    rescued = Property(loss=D(600), limit=D(400), value=D(600), rescue=D(300))
    assert payable(GOODS, rescued, **{'property.rescue_average': 'no'}) == D(700)


ONE = (Victim('甲', property=D(3000)),)


@pytest.mark.parametrize(
    'inputs, expected',
    [
        # One vehicle: each item within its limit, with fault and without.
        (Compulsory(victims=(Victim('甲', D(200000), D(10000), D(3000)),)), D(180000) + D(10000) + D(2000)),
        (Compulsory(with_fault=False, victims=(Victim('甲', D(200000), D(10000), D(3000)),)), D(19900)),
        # Two at fault, loss above the sum of the limits: each pays its limit.
        (Compulsory(victims=(Victim('甲', property=D(5000)),), vehicles=(Vehicle('B'),)), D(2000)),
        # Below: in proportion of the limits (2,000 and 100).
        (Compulsory(victims=(Victim('甲', property=D(1050)),), vehicles=(Vehicle('B', with_fault=False),)), D(1000)),
        # Tractor and trailer equally.
        (Compulsory(victims=ONE, vehicles=(Vehicle('挂', coupled=True),)), D(1500)),
        # With a third vehicle: the pair in proportion, then equally.
        (Compulsory(victims=ONE, vehicles=(Vehicle('挂', coupled=True), Vehicle('B'))), D(1000)),
        # A vehicle without cover does not lessen what ours pays first.
        (Compulsory(victims=ONE, vehicles=(Vehicle('B', insured=False),)), D(2000)),
    ],
)
def test_compulsory_cover(inputs: Compulsory, expected: Decimal) -> None:
    assert payable(C.MOTOR_COMPULSORY, inputs) == expected


def amounts_to(inputs: Compulsory) -> dict[str, Decimal]:
    """What each person gets, by the steps that name them."""
    request = Request(C.MOTOR_COMPULSORY, (Part('compulsory', '', inputs),))
    steps = adjust(request).sheets[0].steps
    return {step.about['name']: step.amount for step in steps if 'name' in step.about and step.amount is not None}


def test_several_injured_share_in_proportion_of_their_losses_to_the_fen() -> None:
    people = (Victim('甲', D(100000)), Victim('乙', D(100000)), Victim('丙', D(100000)))
    shares = amounts_to(Compulsory(victims=people, with_fault=False))
    assert sum(shares.values()) == D(18000)
    assert amounts_to(Compulsory(victims=people[::-1], with_fault=False)) == shares
    odd = amounts_to(Compulsory(victims=(Victim('甲', D(100)), Victim('乙', D(100)), Victim('丙', D(100))),
                                vehicles=(Vehicle('B'), Vehicle('C'))))  # fmt: skip
    assert sum(odd.values()) == D(100)


def test_mental_damage_comes_first_only_where_it_is_asked_for() -> None:
    victim = Victim('甲', D(200000), mental=D(50000))
    last = amounts_to(Compulsory(victims=(victim,)))
    first = amounts_to(Compulsory(victims=(victim,), mental_first=True))
    assert (last['甲'], first['甲']) == (D(30000), D(50000))


@pytest.mark.parametrize('age, years', [(0, 20), (59, 20), (60, 20), (61, 19), (74, 6), (75, 5), (90, 5)])
def test_years_of_disability_and_death(age: int, years: int) -> None:
    assert years_of(age) == years


def test_damages_for_injury() -> None:
    income, spending, wage = D(60000), D(36000), D(9000)
    hurt = Injury(
        age=61, grade=8, income=income, medical=D(20000), lost_daily=D(200), lost_days=90, care_daily=D(150),
        care_days=30,
    )  # fmt: skip
    # 60,000 × 19 × 30 % + 20,000 + 18,000 + 4,500.
    assert payable(C.MOTOR_COMPULSORY, hurt) == D(342000) + D(42500)
    dead = Injury(age=76, died=True, income=income, monthly_wage=wage)
    assert payable(C.MOTOR_COMPULSORY, dead) == D(300000) + D(54000)
    # A child of 8 (10 years, two parents) and a mother of 70 (10 years, one child): never more than one's spending.
    both = Injury(
        age=40, died=True, income=income, spending=spending, monthly_wage=wage,
        dependants=(Dependant('子', 8, 2), Dependant('母', 70, 1)),
    )  # fmt: skip
    assert payable(C.MOTOR_COMPULSORY, both) == D(1200000) + D(54000) + D(360000)


def test_people_supported_for_different_times() -> None:
    spans = support(D(30000), (Dependant('子', 8, 2), Dependant('女', 16, 2), Dependant('母', 75, 3)), D('0.5'))
    assert spans == [
        (2, [D(7500), D(7500), D(5000)]),
        (3, [D(7500), D(0), D(5000)]),
        (5, [D(7500), D(0), D(0)]),
    ]


def test_the_clause_is_chosen_by_the_first_day_of_the_policy() -> None:
    day = dt.date(2020, 9, 19)
    assert clause_for(Line.MOTOR, day) is NEW
    assert clause_for(Line.MOTOR, day - dt.timedelta(days=1)) is OLD
    assert clause_for(Line.MOTOR, day, compulsory_cover=True) is C.MOTOR_COMPULSORY
    assert (clause_for(Line.MEDICAL, day), clause_for(Line.PROPERTY, day)) == (MEDICAL, GOODS)


def test_every_clause_knows_how_to_compute_every_cover_sold_under_it() -> None:
    for clause in C:
        assert formulas_for(clause)
        assert formula_of(clause, 'something new') in formulas_for(clause)
    assert formula_of(NEW, 'third_party').kind == 'third_party'
    # Theft is inside own damage under the new clause.
    assert 'theft' not in {formula.kind for formula in formulas_for(NEW)}


def test_every_figure_has_a_mark_and_fits_itself() -> None:
    assert {figure.mark for figure in FIGURES} <= {'A', 'B', 'C'}
    assert wrong_figures({figure.key: figure.default for figure in FIGURES}) == {}
    assert BY_KEY['compulsory.fault.death'].mark == 'B'
    assert set(wrong_figures({'liability.main': '1.2', 'grade.1': 'x', 'nothing': '1', 'property.order': '?'})) == {
        'liability.main', 'grade.1', 'nothing', 'property.order',
    }  # fmt: skip


def test_liability_of_the_model_clause() -> None:
    figures = Figures.of()
    assert figures.ratio_for(Liability.MAIN) == D('0.7')
    assert figures.fault_rate_for(Liability.MAIN) == D('0.15')
    assert {one: figures.ratio_for(one) for one in Liability if one is Liability.UNKNOWN} == {Liability.UNKNOWN: D(1)}
    assert figures.fault_rate_for(Liability.UNKNOWN) == 0


def test_the_sheet_shows_every_step_in_figures() -> None:
    request = Request(OLD, (Part('own_damage', '', OwnDamage(**TWENTY, fault_rate=D('0.2'))),))
    assert [(step.formula, step.amount) for step in adjust(request).sheets[0].steps] == [
        ('', D(20000)),
        ('20,000.00 ≤ 100,000.00', D(20000)),
        ('20,000.00 × (1 − 20%)', D(16000)),
        ('16,000.00 − 500.00', D(15500)),
        ('', D(15500)),
    ]


def test_an_advance_is_taken_off_and_too_much_is_owed_back() -> None:
    part = Part('own_damage', '', OwnDamage(loss=D(1000), limit=D(5000)))
    paid = adjust(Request(NEW, (part,), advanced=D(400)))
    assert (paid.payable, paid.due, paid.owed_back) == (D(1000), D(600), D(0))
    over = adjust(Request(NEW, (part,), advanced=D(1200)))
    assert (over.due, over.owed_back) == (D(0), D(200))


@pytest.mark.parametrize('share, words', [('0.7', '70%'), ('0.125', '12.5%'), ('1', '100%'), ('0', '0%')])
def test_percent(share: str, words: str) -> None:
    assert percent(D(share)) == words
