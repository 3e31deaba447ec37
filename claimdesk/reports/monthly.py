"""What the monthly report says, as plain figures: the services fill it in, workbook and PDF print it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the report. `unit` is 'count', 'money' (yuan), 'days', 'share' or 'score'; None: nothing to divide.

    `definition` is the 口径 in words; `mark` says how sure its source is (A, B, C) and `source` names it; `group` is
    the heading it stands under. `trend` are the values of the twelve months that end with this one.
    """

    id: str
    group: str
    name: str
    unit: str
    value: Decimal | None
    previous: Decimal | None
    year_to_date: Decimal | None
    trend: tuple[Decimal | None, ...]
    definition: str
    mark: str
    source: str = ''


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: headings with their units, rows of plain values, and a footnote that defines them.

    A unit is one of an indicator's, or 'text', or 'time'. `total` is a last row over all others, or empty.
    """

    name: str
    headings: tuple[tuple[str, str], ...]
    rows: tuple[tuple[object, ...], ...]
    footnote: str
    total: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """The figures of a month. `chain_holds`: the three cycles add up to report-to-payment, to the second.

    Times are the office's local times. `overdue` may hold fewer rows than the `overdue_count` cases there are; `chain`
    is the sentence that shows the addition of the cycles.
    """

    office: str
    month: dt.date
    months: tuple[dt.date, ...]
    made_at: dt.datetime
    made_by: str
    indicators: tuple[Indicator, ...]
    by_line: Table
    by_handler: Table
    by_stage_and_age: Table
    overdue: Table
    chain_holds: bool
    overdue_count: int = 0
    chain: str = ''
