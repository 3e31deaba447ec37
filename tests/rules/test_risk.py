"""The risk rules: when each holds and why, the level of a score, the table as the office keeps it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.errors import InvalidInput
from claimdesk.rules.risk import (
    DEFAULT_TABLE,
    RiskRule,
    as_value,
    check_table,
    level_of,
    reason,
    rule_name,
    signals,
    table_from,
    threshold_words,
    total,
)
from claimdesk.rules.risk_kinds import KINDS, RiskFacts, draw
from claimdesk.vocabulary import Line, RiskLevel

NOON = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
QUIET = RiskFacts(
    case_number='CY2026-000001',
    line=Line.MOTOR,
    insured='陆景行',
    loss_at=NOON,
    reported_at=NOON + dt.timedelta(hours=1),
    policy_starts_at=NOON - dt.timedelta(days=120),
)


def held(facts: RiskFacts, code: str) -> str:
    """Why the rule holds, or ''."""
    return next((reason(one.code, one.facts) for one in signals(facts, DEFAULT_TABLE) if one.code == code), '')


def test_a_plain_case_has_no_signal() -> None:
    assert signals(QUIET, DEFAULT_TABLE) == ()
    assert level_of(0, DEFAULT_TABLE) is RiskLevel.NONE


@pytest.mark.parametrize(
    ('code', 'changes', 'words'),
    [
        ('early_loss', {'policy_starts_at': NOON - dt.timedelta(days=30)}, 'The loss came 30 days after'),
        ('same_day', {'same_day_cases': ('CY2026-000002',)}, 'case CY2026-000002'),
        ('often', {'plate': '苏E8K318', 'car_losses': 4}, '苏E8K318 had 4 losses'),
        ('driver', {'driver': '沈知远', 'driver_cars': 3}, '沈知远 had losses in 3 different cars'),
        ('amount', {'amount': Decimal('5000.01')}, '5,000.01 yuan is more than 5,000 yuan'),
        ('underbody', {'cause': '行驶中托底'}, '行驶中托底'),
        ('night', {'loss_at': NOON.replace(hour=12)}, 'at 20:00'),
        ('night', {'loss_at': NOON.replace(hour=21, minute=59)}, 'at 05:59'),
        (
            'dear',
            {'amount': Decimal(2001), 'diagnosis': '骨折', 'paid_for_diagnosis': (Decimal(1000),) * 10},
            '“骨折” came to 1,000.00',
        ),
        ('reused', {'reused_invoices': (('123', 'CY2026-000002'),)}, 'Invoice 123 was already used in case'),
        ('buyer', {'buyers': ('苏州某某公司',)}, 'made out to 苏州某某公司, not to 陆景行'),
        ('stays', {'overlapping_stays': ('CY2026-000002',)}, 'overlaps with that in case CY2026-000002'),
        ('late', {'reported_at': NOON + dt.timedelta(hours=48, seconds=1)}, 'Reported 48 hours after'),
        ('payee', {'payees': ('张三',)}, 'The payee is 张三, the insured is 陆景行'),
        ('account', {'account_users': ('张三', '李四')}, 'also used by 张三, 李四'),
        ('estimate', {'first_estimate': Decimal(1000), 'estimate': Decimal('2000.01')}, 'from 1,000.00 to 2,000.01'),
        (
            'garage',
            {'garage': '顺达', 'surveyor_id': 7, 'surveyor': '李娜', 'garage_surveyors': (7,) * 8 + (8,) * 2},
            '李娜 surveyed 8 of the latest 10',
        ),
        ('pictures', {'shared_pictures': ('CY2026-000002',)}, 'also in case CY2026-000002'),
        ('suspects', {'surveyor_suspects': True}, 'doubtful'),
    ],
)
def test_a_rule_holds_and_says_why(code: str, changes: dict[str, Any], words: str) -> None:
    assert words in held(replace(QUIET, **changes), code)


@pytest.mark.parametrize(
    ('code', 'changes'),
    [
        ('early_loss', {'policy_starts_at': NOON - dt.timedelta(days=31)}),
        ('often', {'car_losses': 3}),
        ('driver', {'driver_cars': 2}),
        ('amount', {'amount': Decimal(5000)}),
        ('underbody', {'cause': '医院托底', 'line': Line.MEDICAL}),
        ('night', {'loss_at': NOON.replace(hour=11, minute=59)}),
        ('night', {'loss_at': NOON.replace(hour=22)}),
        ('night', {'loss_at': NOON.replace(hour=14), 'line': Line.PROPERTY}),
        ('dear', {'amount': Decimal(2000), 'paid_for_diagnosis': (Decimal(1000),) * 10}),
        ('dear', {'amount': Decimal(9000), 'paid_for_diagnosis': (Decimal(1000),) * 9}),
        ('buyer', {'buyers': (' 陆 景行', '')}),
        ('buyer', {'buyers': ('陆小小',), 'patient': '陆小小'}),
        ('late', {'reported_at': NOON + dt.timedelta(hours=48)}),
        ('payee', {'payees': ('陆景行 ',)}),
        ('estimate', {'first_estimate': Decimal(1000), 'estimate': Decimal(2000)}),
        ('estimate', {'first_estimate': Decimal(0), 'estimate': Decimal(2000)}),
        ('garage', {'surveyor_id': 7, 'garage_surveyors': (7,) * 9}),
        ('garage', {'surveyor_id': 7, 'garage_surveyors': (7,) * 7 + (8,) * 3}),
    ],
)
def test_a_rule_stops_at_its_number(code: str, changes: dict[str, Any]) -> None:
    assert held(replace(QUIET, **changes), code) == ''


def test_every_rule_of_the_table_has_its_words() -> None:
    assert {rule.code for rule in DEFAULT_TABLE.rules} == set(KINDS)
    for rule in DEFAULT_TABLE.rules:
        assert rule_name(rule.code) != rule.code
        assert (rule.threshold is not None) == bool(threshold_words(rule.code))
        assert rule.mark in ('B', 'C')


def test_weights_add_up_and_the_heaviest_comes_first() -> None:
    found = signals(replace(QUIET, surveyor_suspects=True, account_users=('张三',)), DEFAULT_TABLE)
    assert [one.code for one in found] == ['account', 'suspects']
    assert (total(found), level_of(total(found), DEFAULT_TABLE)) == (65, RiskLevel.HIGH)


@pytest.mark.parametrize(
    ('score', 'level'), [(1, RiskLevel.LOW), (29, RiskLevel.LOW), (30, RiskLevel.MEDIUM), (60, RiskLevel.HIGH)]
)
def test_the_levels_begin_where_the_table_says(score: int, level: RiskLevel) -> None:
    assert level_of(score, DEFAULT_TABLE) is level


def test_a_rule_that_is_switched_off_holds_nowhere() -> None:
    rules = tuple(replace(rule, enabled=rule.code != 'suspects') for rule in DEFAULT_TABLE.rules)
    assert signals(replace(QUIET, surveyor_suspects=True), replace(DEFAULT_TABLE, rules=rules)) == ()


def test_the_table_survives_being_kept_and_new_rules_join_it() -> None:
    rules = tuple(replace(rule, weight=7) if rule.code == 'late' else rule for rule in DEFAULT_TABLE.rules)
    table = replace(DEFAULT_TABLE, rules=rules, high_from=90)
    kept = as_value(table)
    assert table_from(kept) == table
    kept['rules'] = [rule for rule in kept['rules'] if rule['code'] != 'night']
    assert table_from(kept) == table
    assert table_from(None) == DEFAULT_TABLE


def test_a_table_without_sense_is_refused_by_rule() -> None:
    rules = (RiskRule('late', 101, 48, 'C'), RiskRule('amount', 5, None, 'B'))
    with pytest.raises(InvalidInput) as refused:
        check_table(replace(DEFAULT_TABLE, rules=rules, medium_from=60))
    assert set(refused.value.fields) == {'late', 'amount', 'high_from'}
    check_table(DEFAULT_TABLE)


@given(st.integers(1, 10_000))
def test_the_lot_of_a_case_is_always_the_same_and_lies_between_0_and_1(number: int) -> None:
    case = f'CY2026-{number:06}'
    assert 0 <= draw(case, 'risk') < 1
    assert draw(case, 'risk') == draw(case, 'risk') != draw(case, 'audit')


def test_lots_fall_about_as_often_as_the_rate_says() -> None:
    drawn = sum(draw(f'CY2026-{number:06}', 'risk') < 0.05 for number in range(10_000))
    assert 400 < drawn < 600


@given(st.sets(st.sampled_from(sorted(KINDS)), min_size=1))
def test_one_more_rule_never_lowers_the_score(codes: set[str]) -> None:
    facts = replace(
        QUIET, surveyor_suspects=True, account_users=('张三',), payees=('张三',), shared_pictures=('X',),
        overlapping_stays=('X',), same_day_cases=('X',), loss_at=NOON.replace(hour=16), cause='托底',
    )  # fmt: skip
    some = replace(
        DEFAULT_TABLE, rules=tuple(replace(rule, enabled=rule.code in codes) for rule in DEFAULT_TABLE.rules)
    )
    assert total(signals(facts, some)) <= total(signals(facts, DEFAULT_TABLE))
