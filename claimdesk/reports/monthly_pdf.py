"""The monthly report on paper: figures at a glance, charts, every table, and the definition of every indicator."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.charts import Area, Series, bar_chart, line_chart, spark, stacked_bars
from claimdesk.reports.grid import Column, Grid, fitted
from claimdesk.reports.monthly import Indicator, MonthlyReport, Table
from claimdesk.reports.paper import SMALL, Fact, Head, Paper
from claimdesk.reports.sheet import DARK, GREY
from claimdesk.reports.words import NUMBERS, figure, month_name, unit_word

KEY = (
    'reported',
    'closed',
    'paid_amount',
    'open',
    'report_to_payment',
    'rolling_closing_rate',
    'acceptance',
    'overdue_rate',
)
"""The indicators that stand at the top of the first page."""

MOST_ON_PAPER = 120
"""Overdue cases on paper; the workbook lists more, and both state the true number."""


def monthly_pdf(report: MonthlyReport, progress: Progress = quiet) -> bytes:
    """The report as PDF. Raises `Cancelled` when `progress` does."""
    paper = Paper(
        Head(
            report.office,
            _("Monthly claims report"),
            '',
            report.made_by,
            report.made_at,
            month_name(report.month),
        ),
        wide=True,
        progress=progress,
    )
    numbers = {one.id: number for number, one in enumerate(report.indicators, 1)}
    _at_a_glance(paper, report)
    _trends(paper, report)
    _indicators(paper, report, numbers)
    _by_line(paper, report)
    paper.section(report.by_handler.name)
    _table(paper, report.by_handler)
    _by_stage(paper, report)
    _overdue(paper, report)
    _definitions(paper, report, numbers)
    return paper.finish()


def _at_a_glance(paper: Paper, report: MonthlyReport) -> None:
    known = {one.id: one for one in report.indicators}
    facts = []
    for name in KEY:
        one = known[name]
        unit = unit_word(one.unit) if one.unit in ('money', 'days') else ''
        facts.append(Fact(f'{one.name} ({unit})' if unit else one.name, figure(one.value, one.unit), strong=True))
    paper.gap(4)
    paper.facts(facts, columns=4)
    paper.gap(6)
    paper.text(report.chain, size=SMALL, shade=DARK)


def _trends(paper: Paper, report: MonthlyReport) -> None:
    known = {one.id: one for one in report.indicators}
    labels = [f'{month:%m}' for month in report.months]
    high, wide = 142.0, (paper.width - 24) / 2
    paper.need(2 * high + 24)
    paper.gap(12)
    left, right = (Area(x, paper.y - high, wide, high) for x in (paper.left, paper.left + wide + 24))
    sheets = paper.sheets
    bar_chart(sheets, left, _("Reported and closed, by month (cases)"), labels, _series(known, 'reported', 'closed'))
    bar_chart(sheets, right, _("Amount paid, by month (yuan)"), labels, _series(known, 'paid_amount'))
    paper.gap(high + 8)
    left, right = (Area(x, paper.y - high, wide, high) for x in (paper.left, paper.left + wide + 24))
    cycles = _series(known, 'report_to_payment', 'report_to_documents')
    line_chart(sheets, left, _("From report to payment, by month (days)"), labels, cycles)
    line_chart(sheets, right, _("Open at the end of the month (cases)"), labels, _series(known, 'open'))
    paper.gap(high)


def _series(known: dict[str, Indicator], *names: str) -> list[Series]:
    return [Series(known[name].name, known[name].trend) for name in names]


def _indicators(paper: Paper, report: MonthlyReport, numbers: dict[str, int]) -> None:
    paper.new_page()
    paper.section(_("Indicators"), _("The numbers lead to the definitions at the end"))
    ordered = report.indicators
    sparks = [one.trend for one in ordered]

    def paint(row: int, x: float, y: float, width: float, height: float) -> None:
        spark(paper.sheets, Area(x + 2, y + 4, width - 8, height - 8), sparks[row])

    columns = (
        Column('', 9),
        Column('', 3, 'right'),
        Column(_("Indicator"), 23),
        Column(_("Unit"), 6),
        Column(_("This month"), 12, 'right'),
        Column(_("Month before"), 12, 'right'),
        Column(_("Year to date"), 12, 'right'),
        Column('', 1),
        Column(_("Twelve months"), 17, paint=paint),
        Column(_("Source"), 6, 'centre'),
    )
    rows = [
        (
            one.group if place == 0 or ordered[place - 1].group != one.group else '',
            str(numbers[one.id]),
            one.name,
            unit_word(one.unit),
            *(figure(value, one.unit) for value in (one.value, one.previous, one.year_to_date)),
            '',
            '',
            one.mark,
        )
        for place, one in enumerate(ordered)
    ]
    Grid(paper, columns, size=9).draw(rows)


def _by_line(paper: Paper, report: MonthlyReport) -> None:
    paper.section(report.by_line.name, keep=260)
    _table(paper, report.by_line)
    rows = report.by_line.rows
    labels = [str(row[0]) for row in rows]
    high, wide = 118.0, (paper.width - 24) / 2
    paper.need(high + 10)
    paper.gap(8)
    left = Area(paper.left, paper.y - high, wide, high)
    right = Area(paper.left + wide + 24, paper.y - high, wide, high)
    counts = [Series(report.by_line.headings[place][0], _column(rows, place)) for place in (1, 3)]
    bar_chart(paper.sheets, left, _("Reported and closed, by line (cases)"), labels, counts)
    bar_chart(paper.sheets, right, _("Amount paid, by line (yuan)"), labels, [Series('', _column(rows, 5))])
    paper.gap(high + 4)


def _by_stage(paper: Paper, report: MonthlyReport) -> None:
    table = report.by_stage_and_age
    paper.section(table.name, keep=350)
    _table(paper, table)
    high = 140.0
    paper.need(high + 10)
    paper.gap(8)
    groups = range(1, len(table.headings) - 2)
    series = [Series(table.headings[place][0], _column(table.rows, place)) for place in groups]
    area = Area(paper.left, paper.y - high, paper.width * 0.75, high)
    labels = [str(row[0]) for row in table.rows]
    stacked_bars(paper.sheets, area, _("Open cases by stage and days since the report"), labels, series)
    paper.gap(high + 4)


def _column(rows: Sequence[Sequence[object]], place: int) -> list[Decimal | None]:
    return [None if row[place] is None else Decimal(str(row[place])) for row in rows]


def _overdue(paper: Paper, report: MonthlyReport) -> None:
    table = report.overdue
    paper.section(table.name, _("{count} in all").format(count=f'{report.overdue_count:,}'))
    if not table.rows:
        paper.text(_("No case is past a time limit."), shade=GREY)
        return
    shown = table.rows[:MOST_ON_PAPER]
    _table(paper, Table(table.name, table.headings, shown, table.footnote))
    if len(shown) < len(table.rows):
        sentence = _("Printed are the {count} longest overdue; the workbook lists {listed}.")
        paper.text(sentence.format(count=len(shown), listed=len(table.rows)), size=SMALL, shade=DARK)


def _definitions(paper: Paper, report: MonthlyReport, numbers: dict[str, int]) -> None:
    paper.section(_("Definitions"), _("A: published text · B: secondary source · C: the office's own"))
    columns = (
        Column('', 3, 'right'),
        Column(_("Indicator"), 19),
        Column(_("Definition"), 52),
        Column('', 3, 'centre'),
        Column(_("Source"), 23),
    )
    rows = [(str(numbers[one.id]), one.name, one.definition, one.mark, one.source) for one in report.indicators]
    Grid(paper, columns, size=8.5).draw(rows)
    sentence = _("Each figure is that of the month itself, of the month before, or of the months of the year so far.")
    paper.gap(4)
    paper.text(sentence, size=SMALL, shade=DARK)


def _table(paper: Paper, table: Table) -> None:
    units = [unit for _name, unit in table.headings]
    rows = [[figure(value, unit) for value, unit in zip(row, units, strict=True)] for row in table.rows]
    total = [figure(value, unit) for value, unit in zip(table.total, units, strict=True)] if table.total else ()
    columns = [Column(_heading(name, unit), 1, 'right' if unit in NUMBERS else 'left') for name, unit in table.headings]
    Grid(paper, fitted(columns, [*rows, total] if total else rows, 9), size=9).draw(rows, total)
    paper.gap(3)
    paper.text(table.footnote, size=SMALL, shade=DARK)


def _heading(name: str, unit: str) -> str:
    return f'{name} ({unit_word(unit)})' if unit in ('money', 'days') else name
