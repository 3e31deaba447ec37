"""When the office is open on a working day, with the break at noon: a dated rule of the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import _

HOURS_KEY = 'office_hours'
MOST_SPANS = 3


@dataclass(frozen=True, slots=True)
class Hours:
    """The spans of local time in which the office is open, in their order; a break lies between two of them."""

    spans: tuple[tuple[dt.time, dt.time], ...]

    @property
    def opens(self) -> dt.time:
        """When the day begins."""
        return self.spans[0][0]

    @property
    def closes(self) -> dt.time:
        """When the day ends."""
        return self.spans[-1][1]

    @property
    def length(self) -> dt.timedelta:
        """How much of a day is office time."""
        return sum((_since_midnight(end) - _since_midnight(start) for start, end in self.spans), dt.timedelta())


DEFAULT_HOURS = Hours(((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18))))
"""Eight hours with a break at noon (mark C: common practice)."""

HoursBook = tuple[tuple[dt.date, Hours], ...]
"""The office's wordings, the newest day first."""


def hours_from(value: Any) -> Hours:
    """The hours in the JSON `[["09:00", "12:00"], ["13:00", "18:00"]]`. Raises `InvalidInput`."""
    try:
        return checked_hours([(dt.time.fromisoformat(start), dt.time.fromisoformat(end)) for start, end in value])
    except (TypeError, ValueError) as error:
        advice = _("Each part of the day needs a beginning and an end.")
        raise InvalidInput(_("These are no office hours."), advice) from error


def hours_as_json(hours: Hours) -> list[list[str]]:
    """What `hours_from` reads."""
    return [[f'{start:%H:%M}', f'{end:%H:%M}'] for start, end in hours.spans]


def checked_hours(spans: Sequence[tuple[dt.time, dt.time]]) -> Hours:
    """The hours of `spans`. Raises `InvalidInput` where they do not follow one another."""
    if not 1 <= len(spans) <= MOST_SPANS:
        raise InvalidInput(_("The office needs at least one part of the day in which it is open."))
    for start, end in spans:
        if start >= end:
            raise InvalidInput(
                _("The office cannot close at {end} after opening at {start}.").format(
                    start=f'{start:%H:%M}', end=f'{end:%H:%M}'
                )
            )
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise InvalidInput(_("The parts of the day overlap."), _("The afternoon begins after the morning has ended."))
    return Hours(tuple(spans))


def _since_midnight(time: dt.time) -> dt.timedelta:
    return dt.timedelta(hours=time.hour, minutes=time.minute, seconds=time.second)
