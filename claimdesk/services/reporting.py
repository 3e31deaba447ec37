"""The monthly report: the office's indicators of a month, each with its definition, as figures and as files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.models import Account, Office
from claimdesk.progress import Progress, quiet
from claimdesk.reports.monthly import Indicator, MonthlyReport, Table
from claimdesk.rules.permissions import Permission
from claimdesk.services import reporting_sql as sql
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.figures import Counts, add_cycles, count
from claimdesk.services.indicators import ROLLING, RULES
from claimdesk.services.reporting_tables import (
    AGE_LIMITS,
    handler_table,
    line_table,
    overdue_table,
    stage_table,
    standing,
)

__all__ = ['Indicator', 'MonthlyReport', 'Reporting', 'Table']

MOST_OVERDUE = 1000
"""Overdue cases that the report lists; the true number is stated beside them."""

STEPS = 7


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the database answered."""

    window: sql.Window
    cells: list[sql.Cell]
    cycles: list[sql.Cycle]
    complaints: dict[int, int]
    answers: dict[int, tuple[int, int]]

    def counts(self, first: int, last: int) -> Counts:
        """The counts of the months from number `first` to `last`."""
        total = count(self.cells, first, last)
        add_cycles(total, self.cycles, first, last)
        for month in range(first, last + 1):
            total.complaints += self.complaints.get(month, 0)
            answers, scores = self.answers.get(month, (0, 0))
            total.answers += answers
            total.answer_scores += scores
        return total


class Reporting:
    """Making the report."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def months(self, actor: Actor) -> list[dt.date]:
        """The months for which there is something to report, the newest first, as their first days."""
        with self._office.database.read() as session:
            first, last = self._bounds(session)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        number = last.year * 12 + last.month - 1
        return [dt.date((number - back) // 12, (number - back) % 12 + 1, 1) for back in range(count)]

    def monthly(self, actor: Actor, month: dt.date, progress: Progress = quiet) -> MonthlyReport:
        """The figures of the month that `month` lies in. Raises `NotAllowed`, and `InvalidInput` for a month without.

        Open and overdue cases, by person and by stage, are those at the moment of the report: what was open on an
        earlier day is not kept.
        """
        require(actor, Permission.VIEW_REPORTS)
        now = self._office.now()
        month = month.replace(day=1)
        with self._office.database.read() as session:
            self._check_month(session, month)
            sums = _ask(session, sql.month_window(month), progress)
            progress(4, STEPS, _("Counting open work"))
            start, end = sums.window.bounds[-2:]
            handlers = sql.handlers(session, start, end, now)
            progress(5, STEPS, _("Counting open work"))
            ages = sql.ages(session, now, AGE_LIMITS)
            progress(6, STEPS, _("Listing overdue cases"))
            late = sql.overdue(session, now, MOST_OVERDUE)
            people = dict(session.execute(select(Account.id, Account.name)).all())
            name = session.scalar(select(Office.name).order_by(Office.id).limit(1)) or ''
        latest = sums.counts(sql.MONTHS, sql.MONTHS)
        made_at = now.astimezone(SHANGHAI)
        overdue_count = sum(row.overdue for row in handlers)
        progress(STEPS, STEPS)
        return MonthlyReport(
            office=name,
            month=month,
            months=sums.window.months,
            made_at=made_at,
            made_by=actor.name,
            indicators=_by_group([*_indicators(sums, month), *standing(handlers, made_at)]),
            by_line=line_table(sums.cells, sums.cycles),
            by_handler=handler_table(handlers, people, made_at),
            by_stage_and_age=stage_table(ages, made_at),
            overdue=overdue_table(late, people, now, overdue_count),
            chain_holds=latest.chain_holds,
            overdue_count=overdue_count,
            chain=_chain(latest),
        )

    def monthly_pdf(self, actor: Actor, month: dt.date, progress: Progress = quiet) -> bytes:
        """The report as PDF, for the preview. Raises `NotAllowed` and `InvalidInput`."""
        from claimdesk.reports.monthly_pdf import monthly_pdf

        return monthly_pdf(self.monthly(actor, month, progress), progress)

    def write_monthly(
        self, actor: Actor, month: dt.date, formats: Sequence[str], folder: Path, progress: Progress = quiet
    ) -> list[Path]:
        """Write the report as 'xlsx' and 'pdf' into `folder`; returns the files, each whole or not there at all.

        Raises `NotAllowed`, `InvalidInput` and `Unavailable`.
        """
        report = self.monthly(actor, month, progress)
        written = []
        for name in dict.fromkeys(formats):
            path = folder / f'{file_stem(report)}.{name}'
            _WRITERS[name](report, path, progress)
            written.append(path)
        return written

    def _bounds(self, session: Session) -> tuple[dt.date, dt.date]:
        today = self._office.today().replace(day=1)
        first = sql.first_report(session)
        return min(today, first.astimezone(SHANGHAI).date().replace(day=1)) if first else today, today

    def _check_month(self, session: Session, month: dt.date) -> None:
        first, last = self._bounds(session)
        if not first <= month <= last:
            raise InvalidInput(
                _("There is nothing to report for {month}.").format(month=f'{month:%Y-%m}'),
                _("The office has cases from {first} to {last}.").format(first=f'{first:%Y-%m}', last=f'{last:%Y-%m}'),
            )


def file_stem(report: MonthlyReport) -> str:
    """The name of the report's files, without their ending; the same in every language, for scripts look for it."""
    return f'monthly-{report.month:%Y-%m}'


def _ask(session: Session, window: sql.Window, progress: Progress) -> _Sums:
    progress(0, STEPS, _("Adding up the cases"))
    cells = sql.cells(session, window)
    progress(2, STEPS, _("Adding up the cycles"))
    cycles = sql.cycles(session, window)
    progress(3, STEPS, _("Adding up complaints and answers"))
    return _Sums(window, cells, cycles, sql.complaints(session, window), sql.satisfaction(session, window))


def _indicators(sums: _Sums, month: dt.date) -> list[Indicator]:
    january = sql.MONTHS - month.month + 1
    monthly = [sums.counts(number, number) for number in range(1, sql.MONTHS + 1)]
    year = sums.counts(january, sql.MONTHS)
    made = []
    for rule in RULES:
        trend: tuple[Decimal | None, ...] = tuple(rule.figure(counts) for counts in monthly)
        to_date = rule.figure(year)
        if rule.id == ROLLING:
            trend, to_date = (*(None for _month in trend[1:]), trend[-1]), None
        made.append(
            Indicator(
                rule.id, _(rule.group), _(rule.name), rule.unit, trend[-1], trend[-2], to_date, trend,
                _(rule.definition), rule.mark, _(rule.source),
            )
        )  # fmt: skip
    return made


def _by_group(indicators: Sequence[Indicator]) -> tuple[Indicator, ...]:
    groups = list(dict.fromkeys(one.group for one in indicators))
    return tuple(sorted(indicators, key=lambda one: groups.index(one.group)))


def _chain(counts: Counts) -> str:
    """The addition of the cycles in words: the office's own check of its times."""
    if not counts.chained:
        return _("Self-check: no case was paid in this month with all four times recorded.")
    parts = (counts.report_to_documents, counts.documents_to_approval, counts.approval_to_payment)
    words = ' + '.join(f'{Decimal(part) / 86_400 / counts.chained:.2f}' for part in parts)
    whole = f'{Decimal(counts.chained_report_to_payment) / 86_400 / counts.chained:.2f}'
    sentence = (
        _(
            "Self-check: report → documents → approval → payment, {parts} = {whole} days on average over {count} "
            "cases; it adds up to the second, figures are rounded."
        )
        if counts.chain_holds
        else _(
            "Self-check failed: {parts} is not {whole} days over {count} cases; some times of these cases contradict "
            "each other."
        )
    )
    return sentence.format(parts=words, whole=whole, count=counts.chained)


def _write_pdf(report: MonthlyReport, path: Path, progress: Progress) -> None:
    from claimdesk.reports.monthly_pdf import monthly_pdf
    from claimdesk.services.printing import write_pdf

    write_pdf(path, monthly_pdf(report, progress))


def _write_xlsx(report: MonthlyReport, path: Path, progress: Progress) -> None:
    from claimdesk.reports.monthly_xlsx import write_monthly

    write_monthly(report, path, progress)


_WRITERS: dict[str, Callable[[MonthlyReport, Path, Progress], None]] = {'pdf': _write_pdf, 'xlsx': _write_xlsx}
