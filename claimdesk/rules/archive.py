"""How long a closed case must be kept: Insurance Law (2015), article 87 (L20), counted from the contract's end."""

from __future__ import annotations

import datetime as dt

CITATION = '保险法(2015)第87条'
SHORT_CONTRACT_YEARS, LONG_CONTRACT_YEARS = 5, 10


def years_later(day: dt.date, years: int) -> dt.date:
    """The same day `years` later; 29 February becomes 28 February where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def keep_years(starts_on: dt.date, ends_on: dt.date) -> int:
    """For how many years the papers of a contract are kept after `ends_on`, the first day that is not covered."""
    return SHORT_CONTRACT_YEARS if ends_on <= years_later(starts_on, 1) else LONG_CONTRACT_YEARS


def keep_until(starts_on: dt.date, ends_on: dt.date) -> dt.date:
    """The day until which, at least, the papers are kept: 5 years after a contract of up to a year, else 10."""
    return years_later(ends_on, keep_years(starts_on, ends_on))
