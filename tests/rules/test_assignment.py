"""Who takes a case: examples of each reason, and what holds for any office."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.errors import InvalidInput
from claimdesk.rules.assignment import (
    DEFAULT_WEIGHTS,
    PLAIN_JOB,
    THOUSANDTHS,
    Candidate,
    Job,
    Skill,
    Weights,
    choose,
    difficulty,
    refusal,
    weights_as_json,
    weights_from,
)
from claimdesk.rules.rebalance import OpenCase, balance, hand_over
from claimdesk.vocabulary import Line

LI, WANG, ZHANG = Candidate(1, '李娜', 3), Candidate(2, '王敏', 3), Candidate(3, '张强', 3)


def taker(*people: Candidate, job: Job = PLAIN_JOB, weights: Weights = DEFAULT_WEIGHTS) -> int | None:
    choice = choose(people, job, weights)
    return choice.user_id if choice else None


@pytest.mark.parametrize(
    ('injury', 'amount', 'parties', 'litigation', 'points', 'words'),
    [
        (False, None, 0, False, 2, 'Motor 2'),
        (True, None, 0, False, 5, 'Motor 2, injury 3'),
        (False, Decimal(9_999), 0, False, 2, 'Motor 2'),
        (False, Decimal(10_000), 0, False, 3, 'Motor 2, amount 1'),
        (True, Decimal(200_000), 2, True, 14, 'Motor 2, injury 3, amount 3, other people 2, lawsuit 4'),
    ],
)
def test_what_makes_a_case_hard(
    injury: bool, amount: Decimal | None, parties: int, litigation: bool, points: int, words: str
) -> None:
    found = difficulty(
        Line.MOTOR, injury=injury, amount=amount, parties=parties, litigation=litigation, weights=DEFAULT_WEIGHTS
    )
    assert found == (points, words)


def test_who_is_owed_most_takes_it_and_says_why() -> None:
    choice = choose([LI, replace(WANG, credit=2500), ZHANG], Job(points=3, why_hard='Motor 2, amount 1'))
    assert choice is not None
    assert choice.user_id == 2
    assert choice.credits == {1: 1000, 2: 2500 + 1000 - 3000, 3: 1000}
    assert choice.why == (
        '王敏 is owed the most work of 3: 3.5 points (3 open cases of 60). The case weighs 3 points: Motor 2, amount 1.'
    )


def test_on_a_tie_the_lighter_load_then_the_lower_id() -> None:
    assert taker(LI, WANG) == 1
    assert taker(replace(LI, open_cases=9), WANG) == 2


@pytest.mark.parametrize(
    ('person', 'job', 'why'),
    [
        (replace(LI, absent=True), Job(), 'away'),
        (LI, Job(names=frozenset({'李娜'})), 'is one of the people of the case'),
        (replace(LI, phone='13800001234'), Job(phones=frozenset({'13800001234'})), 'is one of the people of the case'),
        (LI, Job(worked=frozenset({1})), 'worked on it before'),
        (replace(LI, authority=False), Job(), 'not enough authority'),
        (replace(LI, skills=frozenset({Skill.MEDICAL})), Job(needs=frozenset({Skill.MOTOR})), 'not for Motor'),
        (replace(LI, open_cases=90), Job(), 'full'),
        (replace(LI, open_cases=20, hard_capacity=20), Job(), 'full'),
        (replace(LI, open_cases=89), Job(), ''),
        (LI, Job(needs=frozenset({Skill.MOTOR, Skill.INJURY})), ''),
    ],
)
def test_who_cannot_is_passed_over(person: Candidate, job: Job, why: str) -> None:
    assert refusal(person, job) == why
    assert taker(person, job=job) == (None if why else 1)


def test_the_reason_names_who_was_passed_over() -> None:
    choice = choose([replace(LI, absent=True), WANG])
    assert choice is not None
    assert choice.why == 'Only 王敏 can take it (3 open cases of 60). Passed over: 李娜 away.'


def test_a_full_load_waits_until_all_have_one() -> None:
    full = replace(LI, open_cases=60, credit=9000)
    assert taker(full, WANG) == 2
    assert taker(full, replace(WANG, open_cases=60)) == 1


def test_those_of_the_area_come_first() -> None:
    near, far = replace(LI, areas=('海淀',)), replace(WANG, areas=('朝阳',), credit=9000)
    job = Job(place='北京市海淀区中关村大街 1 号')
    assert taker(near, far, ZHANG, job=job) == 1
    assert taker(far, ZHANG, job=job) == 3
    assert taker(far, job=job) == 2


def test_a_case_comes_back_to_whoever_did_the_step() -> None:
    job = Job(before=3)
    assert taker(LI, replace(WANG, credit=9000), ZHANG, job=job) == 3
    away = replace(ZHANG, absent=True, substitute=1)
    assert taker(LI, replace(WANG, credit=9000), away, job=job) == 1
    assert taker(LI, replace(WANG, credit=9000), replace(away, substitute=None), job=job) == 2
    assert taker(LI, replace(WANG, credit=9000), ZHANG, job=job, weights=replace(DEFAULT_WEIGHTS, keep=False)) == 2


def test_the_weights_are_read_back_as_they_were_written() -> None:
    own = replace(DEFAULT_WEIGHTS, injury=7, amount_steps=(5_000,), keep=False)
    assert weights_from(weights_as_json(own)) == own
    assert weights_from(None) == DEFAULT_WEIGHTS
    for wrong in ({'motor': 0}, {'amount_steps': [5, 5]}, {'hard_share': 50}, {'injury': True}):
        with pytest.raises(InvalidInput):
            weights_from(wrong)


people = st.lists(
    st.builds(
        Candidate,
        user_id=st.integers(1, 50),
        name=st.just('某'),
        open_cases=st.integers(0, 30),
        capacity=st.integers(1, 100),
        weight=st.integers(10, 200),
        credit=st.integers(-20_000, 20_000),
        absent=st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.user_id,
)


@given(people, st.integers(1, 20), st.randoms())
def test_the_order_of_the_people_changes_nothing(office: list[Candidate], points: int, dice: object) -> None:
    shuffled = list(office)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    one, two = choose(office, Job(points=points)), choose(shuffled, Job(points=points))
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert (one.user_id, dict(one.credits)) == (two.user_id, dict(two.credits))


@given(people, st.integers(1, 20))
def test_what_is_owed_is_only_passed_around(office: list[Candidate], points: int) -> None:
    choice = choose(office, Job(points=points))
    if choice is not None:
        before = {one.user_id: one.credit for one in office}
        assert sum(choice.credits.values()) == sum(before[person] for person in choice.credits)
        assert choice.user_id in choice.credits


@given(st.lists(st.integers(1, 15), min_size=200, max_size=300))
def test_everybody_gets_the_share_of_their_weight(cases: list[int]) -> None:
    office = {1: LI, 2: replace(WANG, weight=50), 3: ZHANG}
    got: Counter[int] = Counter()
    for points in cases:
        choice = choose(list(office.values()), Job(points=points))
        assert choice is not None
        got[choice.user_id] += points
        office = {key: replace(one, credit=choice.credits[key]) for key, one in office.items()}
    total = sum(cases)
    for person, share in ((1, 0.4), (2, 0.2), (3, 0.4)):
        assert abs(got[person] - share * total) <= 2 * max(cases)


def test_who_was_away_is_not_swamped_afterwards() -> None:
    office = {1: LI, 2: WANG}
    for number in range(40):
        away = 10 <= number < 30
        choice = choose([replace(office[1], absent=away), office[2]], Job(points=4))
        assert choice is not None
        for key, credit in choice.credits.items():
            office[key] = replace(office[key], credit=credit)
    assert abs(office[1].credit) <= 4 * THOUSANDTHS


def cases_of(owner: int, count: int, job: Job = PLAIN_JOB) -> list[OpenCase]:
    return [OpenCase(owner * 100 + number, owner, float(number), job) for number in range(count)]


def test_a_balance_moves_the_least_urgent_and_no_more_than_needed() -> None:
    office = [replace(LI, open_cases=10), replace(WANG, open_cases=2), replace(ZHANG, open_cases=3)]
    plan = balance(office, [*cases_of(1, 10), *cases_of(2, 2), *cases_of(3, 3)], DEFAULT_WEIGHTS)
    assert [one.from_id for one in plan] == [1] * 5
    assert [one.case_id for one in plan] == [109, 108, 107, 106, 105]
    assert Counter(one.to_id for one in plan) == {2: 3, 3: 2}
    assert balance([replace(LI, open_cases=3), WANG], cases_of(1, 3), DEFAULT_WEIGHTS) == []


def test_a_balance_leaves_what_nobody_else_can_take() -> None:
    job = Job(needs=frozenset({Skill.INJURY}))
    office = [replace(LI, open_cases=9), replace(WANG, open_cases=0, skills=frozenset({Skill.MOTOR}))]
    assert balance(office, cases_of(1, 9, job), DEFAULT_WEIGHTS) == []


def test_a_hand_over_goes_to_the_substitute_as_far_as_possible() -> None:
    office = [replace(LI, absent=True, open_cases=4), replace(WANG, hard_capacity=5), ZHANG]
    plan = hand_over(office, cases_of(1, 4), DEFAULT_WEIGHTS, to_id=2)
    assert [one.to_id for one in plan] == [2, 2, 3, 3]
    nobody = hand_over([replace(LI, absent=True)], cases_of(1, 1), DEFAULT_WEIGHTS)
    assert [one.to_id for one in nobody] == [None]
