"""Chance that falls the same way each time, and moments inside office hours."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from claimdesk.rules.calendar import Calendar

AHEAD = dt.timedelta(hours=8)
"""Shanghai is eight hours ahead of UTC all year round."""

OPENS, CLOSES = 8.5 * 3600, 18.0 * 3600
DAY = dt.timedelta(days=1)
Thing = TypeVar('Thing')


class Dice(random.Random):
    """Chance for one story; a story's seed is its number, so one more story changes none of the others."""

    def chance(self, share: float) -> bool:
        """Whether something happens that happens in `share` of all cases."""
        return self.random() < share

    def among(self, things: Sequence[Thing]) -> Thing:
        """One of `things`, each as likely as the other."""
        return things[int(self.random() * len(things))]

    def some(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """`count` different ones of `things`, in their order; all of them where there are fewer."""
        places = sorted(self.sample(range(len(things)), min(count, len(things))))
        return [things[place] for place in places]

    def about(self, middle: float, spread: float = 0.5) -> float:
        """A length that is mostly near `middle` and sometimes much more (log-normal)."""
        return math.exp(math.log(middle) + spread * self.gauss(0.0, 1.0))

    def amount(self, low: int, high: int) -> Decimal:
        """Whole yuan between `low` and `high`, small amounts more often than large ones; larger ones are round."""
        value = low * (high / low) ** self.random()
        step = 1 if value < 500 else 10 if value < 5_000 else 50 if value < 50_000 else 500
        return Decimal(max(low, round(value / step) * step))

    def digits(self, count: int) -> str:
        """That many digits."""
        return str(self.randrange(10**count)).zfill(count)


class OfficeHours:
    """Work goes on between half past eight and six, on the days that the calendar does not give to rest."""

    def __init__(self, calendar: Calendar) -> None:
        self._rest: dict[dt.date, bool] = {}
        self._calendar = calendar

    def rests(self, day: dt.date) -> bool:
        """Whether nobody works on `day`."""
        known = self._rest.get(day)
        if known is None:
            known = self._rest[day] = self._calendar.is_rest(day)
        return known

    def later(self, at: dt.datetime, hours: float, dice: Dice) -> dt.datetime:
        """About `hours` of the clock after `at`, moved into the next office hours if it falls outside."""
        local = at + dt.timedelta(seconds=int(hours * 3600)) + AHEAD
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        day = local.date()
        if not self.rests(day) and OPENS <= seconds <= CLOSES:
            return local - AHEAD
        if seconds > CLOSES:
            day += DAY
        while self.rests(day):
            day += DAY
        morning = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - AHEAD
        return morning + dt.timedelta(seconds=int(OPENS + dice.random() * 9_000))
