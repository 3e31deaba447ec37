"""The working calendar: holidays, weekend days that are worked, and years that nobody has published yet."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.calendar import Calendar, chinese_calendar

DAYS = st.dates(dt.date(2016, 1, 1), dt.date(2030, 12, 31))
PUBLISHED = chinese_calendar()


@pytest.mark.parametrize(
    'day, rests',
    [
        (dt.date(2025, 5, 1), True),  # Labour Day
        (dt.date(2025, 5, 2), True),
        (dt.date(2025, 5, 5), True),
        (dt.date(2025, 5, 6), False),
        (dt.date(2025, 4, 27), False),  # a Sunday that is worked for it
        (dt.date(2025, 4, 12), True),  # a plain Saturday
        (dt.date(2025, 4, 14), False),
        (dt.date(2025, 1, 28), True),  # the eve of the Spring Festival
        (dt.date(2025, 1, 26), False),  # a Sunday that is worked for it
    ],
)
def test_published_days(day: dt.date, rests: bool) -> None:
    assert PUBLISHED.is_rest(day) is rests


def test_a_year_that_is_not_published_knows_weekends_only() -> None:
    calendar = Calendar(frozenset(), frozenset(), frozenset({2025}))
    assert calendar.covers(dt.date(2025, 12, 31))
    assert not calendar.covers(dt.date(2030, 1, 1))
    assert calendar.is_rest(dt.date(2030, 1, 5))
    assert not calendar.is_rest(dt.date(2030, 1, 1))


def test_the_calendar_ends_where_nothing_is_published() -> None:
    assert PUBLISHED.covers(dt.date(2025, 6, 1))
    assert not PUBLISHED.covers(dt.date(2035, 6, 1))


@given(DAYS)
def test_rolling_lands_on_a_working_day_and_never_passes_one(day: dt.date) -> None:
    forward, back = PUBLISHED.roll_forward(day), PUBLISHED.roll_back(day)
    assert back <= day <= forward
    assert not PUBLISHED.is_rest(forward)
    assert not PUBLISHED.is_rest(back)
    between = [back + dt.timedelta(days=number) for number in range(1, (forward - back).days)]
    assert all(PUBLISHED.is_rest(one) for one in between)


@given(DAYS, st.integers(0, 40))
def test_adding_working_days_counts_only_them(day: dt.date, count: int) -> None:
    last = PUBLISHED.add_workdays(day, count)
    passed = [day + dt.timedelta(days=number) for number in range(1, (last - day).days + 1)]
    assert sum(not PUBLISHED.is_rest(one) for one in passed) == count
    assert count == 0 or not PUBLISHED.is_rest(last)
