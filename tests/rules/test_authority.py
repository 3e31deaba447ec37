"""Authority: which level covers which amount, where the head office decides, and what a level must say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.authority import (
    DEFAULT_LEVELS,
    DEFAULT_RETURNS,
    Level,
    ReturnReason,
    level_problems,
    levels_from,
    levels_plain,
    limit_from,
    return_problems,
    returns_from,
    returns_plain,
    standing,
)
from claimdesk.vocabulary import Line, Role

D = Decimal
LEVELS = (
    Level('一级', Role.APPROVER, {Line.MOTOR: D(10_000), Line.MEDICAL: D(20_000)}),
    Level('二级', Role.APPROVER, {Line.MOTOR: D(50_000)}, people=('wang',)),
    Level('经理', Role.MANAGER, {Line.MOTOR: D(200_000), Line.MEDICAL: D(200_000)}),
)


@pytest.mark.parametrize(
    'roles, login, line, level, limit',
    [
        ({Role.APPROVER}, 'li', Line.MOTOR, '一级', D(10_000)),
        ({Role.APPROVER}, 'wang', Line.MOTOR, '二级', D(50_000)),
        ({Role.APPROVER}, 'wang', Line.MEDICAL, '一级', D(20_000)),
        ({Role.APPROVER, Role.MANAGER}, 'li', Line.MOTOR, '经理', D(200_000)),
        ({Role.APPROVER}, 'li', Line.PROPERTY, '', None),
        ({Role.ADJUSTER}, 'wang', Line.MOTOR, '', None),
    ],
)
def test_the_highest_level_that_names_a_person_counts(
    roles: set[Role], login: str, line: Line, level: str, limit: Decimal | None
) -> None:
    found = standing(LEVELS, roles, login, line)
    assert (found.level, found.limit) == (level, limit)


def test_the_limit_itself_is_covered_and_a_fen_more_is_not() -> None:
    found = standing(LEVELS, {Role.APPROVER}, 'li', Line.MOTOR)
    assert found.covers(D('10000.00'))
    assert not found.covers(D('10000.01'))
    assert not found.needs_head_office(D('500000'))


def test_beyond_every_level_only_the_highest_turns_to_the_head_office() -> None:
    manager = standing(LEVELS, {Role.MANAGER}, 'zhao', Line.MOTOR)
    assert not manager.needs_head_office(D(200_000))
    assert manager.needs_head_office(D('200000.01'))
    assert not standing(LEVELS, {Role.ADJUSTER}, 'li', Line.MOTOR).needs_head_office(D(10**9))


def test_what_the_office_keeps_is_read_back_the_same() -> None:
    assert levels_from(levels_plain(LEVELS)) == LEVELS
    assert returns_from(returns_plain(DEFAULT_RETURNS)) == DEFAULT_RETURNS
    assert levels_from(None) == DEFAULT_LEVELS
    assert returns_from(None) == DEFAULT_RETURNS


@pytest.mark.parametrize(
    'levels, field',
    [
        ((), 'levels'),
        ((Level(' ', Role.APPROVER, {Line.MOTOR: D(1)}),), 'name 0'),
        ((LEVELS[0], LEVELS[0]), 'name 1'),
        ((Level('a', Role.APPROVER, {}),), 'limits 0'),
        ((Level('a', Role.APPROVER, {Line.MOTOR: D(0)}),), 'limits 0'),
    ],
)
def test_a_wrong_level_is_named_by_field(levels: tuple[Level, ...], field: str) -> None:
    assert set(level_problems(levels)) == {field}
    assert level_problems(LEVELS) == {}


def test_codes_are_needed_and_their_own() -> None:
    assert set(return_problems(())) == {'reasons'}
    assert set(return_problems((ReturnReason('A', 'x'), ReturnReason('A', ' ')))) == {'code 1', 'words 1'}
    assert return_problems(DEFAULT_RETURNS) == {}


@pytest.mark.parametrize('typed, limit', [('', None), (' 50,000 ', D('50000.00')), ('0.5', D('0.50'))])
def test_a_typed_limit_is_read(typed: str, limit: Decimal | None) -> None:
    assert limit_from(typed) == limit


@pytest.mark.parametrize('typed', ['much', '-1', '0', 'NaN', 'Infinity', '1e400'])
def test_what_is_no_limit_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        limit_from(typed)


@given(st.decimals(1, 10**7, places=2), st.sampled_from(Line), st.sets(st.sampled_from(list(Role))))
def test_who_may_approve_an_amount_may_approve_less(amount: Decimal, line: Line, roles: set[Role]) -> None:
    found = standing(LEVELS, roles, 'wang', line)
    if found.covers(amount):
        assert found.covers(amount / 2)
        assert amount <= found.highest
        assert not found.needs_head_office(amount)
