"""The monthly report: the office's indicators of a month, each with its definition, as figures and as files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from claimdesk.progress import Progress, quiet
from claimdesk.services.context import Actor, OfficeContext


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of the report. `unit` is 'count', 'money' (yuan), 'days', 'share' or 'score'; None: nothing to divide.

    `definition` is the 口径 in words; `mark` says how sure its source is (A, B, C); `group` is the heading it stands
    under. `trend` are the values of the twelve months that end with this one.
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


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: headings with their units, rows of plain values, and a footnote that defines them."""

    name: str
    headings: tuple[tuple[str, str], ...]
    rows: tuple[tuple[object, ...], ...]
    footnote: str


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """The figures of a month. `chain_holds`: the three cycles add up to report-to-payment, to the second."""

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


class Reporting:
    """Making the report."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def months(self, actor: Actor) -> list[dt.date]:
        """The months for which there is something to report, the newest first, as their first days."""

    def monthly(self, actor: Actor, month: dt.date, progress: Progress = quiet) -> MonthlyReport:
        """The figures of the month that begins on `month`. Raises `NotAllowed`."""

    def monthly_pdf(self, actor: Actor, month: dt.date, progress: Progress = quiet) -> bytes:
        """The report as PDF, for the preview. Raises `NotAllowed`."""

    def write_monthly(
        self, actor: Actor, month: dt.date, formats: Sequence[str], folder: Path, progress: Progress = quiet
    ) -> list[Path]:
        """Write the report as 'xlsx' and 'pdf' into `folder`; returns the files. Raises `NotAllowed`, `Unavailable`."""
