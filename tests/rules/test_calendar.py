"""The working calendar: holidays, weekend days that are worked, and years that nobody has published yet."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.errors import InvalidInput
from claimdesk.rules.calendar import LOCAL, Calendar, chinese_calendar
from claimdesk.rules.office_hours import DEFAULT_HOURS, Hours, hours_as_json, hours_from

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


BEGIN = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.integers(0, 980_000).map(lambda minutes: BEGIN + dt.timedelta(minutes=minutes))
SHORT_SPANS = st.timedeltas(dt.timedelta(0), dt.timedelta(days=12))


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    'start, hours, end',
    [
        (local(2025, 3, 3, 9), 4, local(2025, 3, 3, 14)),  # the break at noon
        (local(2025, 3, 3, 11), 1, local(2025, 3, 3, 12)),
        (local(2025, 3, 3, 12, 30), 1, local(2025, 3, 3, 14)),
        (local(2025, 3, 3, 7), 8, local(2025, 3, 3, 18)),
        (local(2025, 3, 3, 17), 4, local(2025, 3, 4, 12)),  # over the night
        (local(2025, 3, 7, 22), 1, local(2025, 3, 10, 10)),  # over the weekend
        (local(2025, 4, 30, 17), 2, local(2025, 5, 6, 10)),  # over the May holiday
        (local(2025, 4, 26, 17), 2, local(2025, 4, 27, 11)),  # a Sunday that is worked
    ],
)
def test_office_hours_leave_out_breaks_nights_and_rest_days(start: dt.datetime, hours: int, end: dt.datetime) -> None:
    assert PUBLISHED.add_office_time(start, dt.timedelta(hours=hours)) == end
    assert PUBLISHED.office_time(start, end) == dt.timedelta(hours=hours)


@given(MOMENTS, SHORT_SPANS, SHORT_SPANS)
def test_office_time_adds_up(start: dt.datetime, first: dt.timedelta, second: dt.timedelta) -> None:
    middle, end = start + first, start + first + second
    assert PUBLISHED.office_time(start, middle) + PUBLISHED.office_time(middle, end) == PUBLISHED.office_time(
        start, end
    )


@given(MOMENTS, st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(hours=60)))
def test_adding_office_time_is_the_reverse_of_measuring_it(start: dt.datetime, length: dt.timedelta) -> None:
    assert PUBLISHED.office_time(start, PUBLISHED.add_office_time(start, length)) == length


@pytest.mark.parametrize(
    'at, awake, next_awake',
    [
        (local(2025, 3, 3, 12, 30), True, local(2025, 3, 3, 12, 30)),  # at noon people may be spoken to
        (local(2025, 3, 3, 8, 59), False, local(2025, 3, 3, 9)),
        (local(2025, 3, 3, 18), False, local(2025, 3, 4, 9)),
        (local(2025, 3, 8, 10), False, local(2025, 3, 10, 9)),
        (local(2025, 5, 2, 10), False, local(2025, 5, 6, 9)),
    ],
)
def test_when_people_may_be_spoken_to(at: dt.datetime, awake: bool, next_awake: dt.datetime) -> None:
    assert PUBLISHED.awake(at) is awake
    assert PUBLISHED.next_awake(at) == next_awake


def test_office_hours_hold_from_a_day_on() -> None:
    short = Hours(((dt.time(10), dt.time(12)),))
    calendar = Calendar(frozenset(), frozenset(), frozenset({2025}), ((dt.date(2025, 3, 4), short),))
    assert calendar.hours_on(dt.date(2025, 3, 3)) == DEFAULT_HOURS
    assert calendar.add_office_time(local(2025, 3, 3, 17), dt.timedelta(hours=2)) == local(2025, 3, 4, 11)
    assert calendar.closing(dt.date(2025, 3, 4)) == local(2025, 3, 4, 12)


@pytest.mark.parametrize(
    'value', [[], None, [['09:00']], [['12:00', '09:00']], [['09:00', '13:00'], ['12:00', '18:00']], [['9', '12:00']]]
)
def test_hours_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        hours_from(value)


def test_hours_are_read_as_they_are_written() -> None:
    assert hours_from(hours_as_json(DEFAULT_HOURS)) == DEFAULT_HOURS
    assert DEFAULT_HOURS.length == dt.timedelta(hours=8)
