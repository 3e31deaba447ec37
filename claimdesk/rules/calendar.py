"""The working calendar of China: holidays, weekend days that are worked, and what happens past its last year."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """Rest and work days. A year outside `years` is not published yet: its plain weekends rest, no more is known."""

    rest_days: frozenset[dt.date]
    work_days: frozenset[dt.date]
    years: frozenset[int]

    def covers(self, day: dt.date) -> bool:
        """Whether the arrangement of the day's year is known."""
        return day.year in self.years

    def is_rest(self, day: dt.date) -> bool:
        """Whether `day` is a holiday or a weekend day that is not worked."""
        return day in self.rest_days or (day.weekday() >= 5 and day not in self.work_days)

    def roll_forward(self, day: dt.date) -> dt.date:
        """`day`, or the first working day after it if it is one of rest."""
        while self.is_rest(day):
            day += DAY
        return day

    def roll_back(self, day: dt.date) -> dt.date:
        """`day`, or the last working day before it if it is one of rest."""
        while self.is_rest(day):
            day -= DAY
        return day

    def add_workdays(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day`."""
        while count > 0:
            day += DAY
            if not self.is_rest(day):
                count -= 1
        return day


@cache
def chinese_calendar(first: int = 2015, last: int = 2035) -> Calendar:
    """The published arrangements of the State Council, as far as the `chinesecalendar` package knows them."""
    import chinese_calendar as published

    known = {day.year for day in published.constants.holidays}
    years = frozenset(year for year in range(first, last + 1) if year in known)
    rest = frozenset(day for day in published.constants.holidays if day.year in years)
    work = frozenset(day for day in published.constants.workdays if day.year in years and day.weekday() >= 5)
    return Calendar(rest, work, years)
