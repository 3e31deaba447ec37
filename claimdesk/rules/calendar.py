"""The working calendar of China: holidays, weekend days that are worked, office hours, and what lies past its end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from claimdesk.rules.office_hours import DEFAULT_HOURS, Hours, HoursBook

DAY = dt.timedelta(days=1)
LOCAL = ZoneInfo('Asia/Shanghai')


@dataclass(frozen=True)
class Calendar:
    """Rest and work days. A year outside `years` is not published yet: its plain weekends rest, no more is known.

    `hours` are the office's hours, each from a day on, the newest first.
    """

    rest_days: frozenset[dt.date]
    work_days: frozenset[dt.date]
    years: frozenset[int]
    hours: HoursBook = ()

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

    def workdays_between(self, after: dt.date, until: dt.date) -> int:
        """How many working days follow `after`, up to `until` and with it; 0 where `until` is not later."""
        return sum(not self.is_rest(after + dt.timedelta(days=n)) for n in range(1, (until - after).days + 1))

    def hours_on(self, day: dt.date) -> Hours:
        """The office's hours in force on `day`."""
        return next((hours for since, hours in self.hours if since <= day), DEFAULT_HOURS)

    def closing(self, day: dt.date) -> dt.datetime:
        """When the office closes on `day`, in UTC."""
        return _moment(day, self.hours_on(day).closes)

    def awake(self, at: dt.datetime) -> bool:
        """Whether people may be spoken to at `at`: on a working day, from opening to closing, the break included."""
        local = at.astimezone(LOCAL)
        hours = self.hours_on(local.date())
        return not self.is_rest(local.date()) and hours.opens <= local.time() < hours.closes

    def next_awake(self, at: dt.datetime) -> dt.datetime:
        """`at`, or the next opening of the office after it."""
        if self.awake(at):
            return at
        day = at.astimezone(LOCAL).date()
        while self.is_rest(day) or (opening := _moment(day, self.hours_on(day).opens)) < at:
            day += DAY
        return opening

    def add_office_time(self, start: dt.datetime, length: dt.timedelta) -> dt.datetime:
        """When `length` of office time has passed since `start`: breaks, nights and days of rest do not count."""
        day = start.astimezone(LOCAL).date()
        while True:
            for opening, closing in self._spans(day):
                left = closing - max(opening, start)
                if left > dt.timedelta() and length <= left:
                    return max(opening, start) + length
                length -= max(left, dt.timedelta())
            day += DAY

    def office_time(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """How much office time lies between `start` and `end`."""
        day, last = start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date()
        found = dt.timedelta()
        while day <= last:
            for opening, closing in self._spans(day):
                found += max(min(closing, end) - max(opening, start), dt.timedelta())
            day += DAY
        return found

    def _spans(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        if self.is_rest(day):
            return []
        return [(_moment(day, start), _moment(day, end)) for start, end in self.hours_on(day).spans]


def _moment(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, LOCAL).astimezone(dt.UTC)


@cache
def chinese_calendar(first: int = 2015, last: int = 2035) -> Calendar:
    """The published arrangements of the State Council, as far as the `chinesecalendar` package knows them."""
    import chinese_calendar as published

    known = {day.year for day in published.constants.holidays}
    years = frozenset(year for year in range(first, last + 1) if year in known)
    rest = frozenset(day for day in published.constants.holidays if day.year in years)
    work = frozenset(day for day in published.constants.workdays if day.year in years and day.weekday() >= 5)
    return Calendar(rest, work, years)
