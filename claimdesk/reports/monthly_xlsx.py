"""The monthly report as a workbook: typed figures, native charts, filters, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.styles import Alignment
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.monthly import Indicator, MonthlyReport, Table
from claimdesk.reports.words import moment, month_name, unit_word
from claimdesk.reports.workbook import (
    FORMATS,
    HAIR_BELOW,
    fit_columns,
    heading,
    new_sheet,
    new_workbook,
    note_below,
    put,
    text_width,
    write_book,
    write_table,
)

FIRST_MONTH = 5
"""The column, E, in which the twelve months begin."""

PLAIN_HEAD = 4
"""The row of the headings on a sheet without notes of its own."""

SHEETS = 7
COLOURS = ('FF2F5D8C', 'FF8FB1D3', 'FFD0DCE8', 'FF7A7A7A', 'FFB8B8B8', 'FF404040')


def write_monthly(report: MonthlyReport, path: Path, progress: Progress = quiet) -> None:
    """Write the report to `path`. Raises `Unavailable`, and `Cancelled` when `progress` does."""
    book = new_workbook(f'{_("Monthly claims report")} {month_name(report.month)}', report.office)
    steps = (_overview, _months, _by_line, _by_handler, _by_stage, _overdue, _definitions)
    for done, step in enumerate(steps):
        progress(done, SHEETS + 1, _("Writing the workbook"))
        step(book, report)
    progress(SHEETS, SHEETS + 1, _("Writing the workbook"))
    write_book(book, path)


def _begin(book: Workbook, report: MonthlyReport, name: str, notes: Sequence[str] = ()) -> tuple[Worksheet, int]:
    title = f'{report.office} · {_("Monthly claims report")} {month_name(report.month)} · {name}'
    made = _("Made by {name}, {time}").format(name=report.made_by, time=moment(report.made_at))
    row = new_sheet(book, name, title, [made, *notes])
    return book.worksheets[-1], row


def _overview(book: Workbook, report: MonthlyReport) -> None:
    note = _("A dash: there was nothing to divide, or no past is kept.")
    sheet, row = _begin(book, report, _("Overview"), [note, report.chain])
    titles = (
        (_("No."), 'count'), (_("Group"), 'text'), (_("Indicator"), 'text'), (_("Unit"), 'text'),
        (_("This month"), 'count'), (_("Month before"), 'count'), (_("Year to date"), 'count'), (_("Source"), 'text'),
        (_("Definition"), 'text'),
    )  # fmt: skip
    for column, (title, unit) in enumerate(titles, 1):
        heading(sheet.cell(row, column), title, unit)
    for place, one in enumerate(report.indicators, row + 1):
        _words(sheet, place, place - row, one)
        for column, value in enumerate((one.value, one.previous, one.year_to_date), 5):
            put(sheet.cell(place, column), value, one.unit, bold=column == 5)
        put(sheet.cell(place, 8), one.mark, 'text').alignment = Alignment(horizontal='center', vertical='center')
        put(sheet.cell(place, 9), one.definition, 'text')
    last = row + len(report.indicators)
    _finish_indicators(sheet, row, last, 'I')
    _wrap_texts(sheet, row, last, 'I', 66)
    _trend_charts(sheet, report, last + 2)


def _months(book: Workbook, report: MonthlyReport) -> None:
    sheet, row = _begin(book, report, _("Twelve months"))
    for column, title in enumerate((_("No."), _("Group"), _("Indicator"), _("Unit")), 1):
        heading(sheet.cell(row, column), title, 'count' if column == 1 else 'text')
    for column, month in enumerate(report.months, FIRST_MONTH):
        cell = sheet.cell(row, column)
        heading(cell, '', 'count')
        cell.value, cell.number_format = month, FORMATS['month']
    for place, one in enumerate(report.indicators, row + 1):
        _words(sheet, place, place - row, one)
        for column, value in enumerate(one.trend, FIRST_MONTH):
            put(sheet.cell(place, column), value, one.unit)
    _finish_indicators(sheet, row, row + len(report.indicators), 'P')


def _words(sheet: Worksheet, place: int, number: int, one: Indicator) -> None:
    for column, text in enumerate((number, one.group, one.name, unit_word(one.unit)), 1):
        put(sheet.cell(place, column), text, 'count' if column == 1 else 'text')


def _finish_indicators(sheet: Worksheet, row: int, last: int, final: str) -> None:
    for line in sheet.iter_rows(row + 1, last):
        for cell in line:
            cell.border = HAIR_BELOW
    sheet.freeze_panes = f'D{row + 1}'
    sheet.print_title_rows = f'{row}:{row}'
    sheet.auto_filter.ref = f'A{row}:{final}{last}'
    fit_columns(sheet, row, last)
    sheet.column_dimensions['A'].width = 6


def _wrap_texts(sheet: Worksheet, row: int, last: int, column: str, width: float) -> None:
    """Let long texts of a column go on below, in rows made high enough for it."""
    sheet.column_dimensions[column].width = width
    for place in range(row + 1, last + 1):
        cell = sheet[f'{column}{place}']
        cell.alignment = Alignment(wrap_text=True, vertical='center')
        sheet.row_dimensions[place].height = 18 if text_width(str(cell.value)) < width else 31


def _trend_charts(sheet: Worksheet, report: MonthlyReport, row: int) -> None:
    """Four charts of the twelve months; they point at the sheet that `_months` writes next."""
    name, head = _("Twelve months"), PLAIN_HEAD
    places = {one.id: place for place, one in enumerate(report.indicators, head + 1)}

    def add(chart: Any, title: str, names: Sequence[str], anchor: str) -> None:
        for one in names:
            series = Series(_range(name, places[one]), title=None)
            series.tx = SeriesLabel(strRef=StrRef(f"{quote_sheetname(name)}!$C${places[one]}"))
            series.cat = AxDataSource(numRef=NumRef(f=_range(name, head)))
            chart.series.append(series)
        _dress(chart, title, legend=len(names) > 1, dates=True)
        sheet.add_chart(chart, anchor)

    cycles = ('report_to_payment', 'report_to_documents')
    add(BarChart(), _("Reported and closed, by month (cases)"), ('reported', 'closed'), f'A{row}')
    add(LineChart(), _("From report to payment, by month (days)"), cycles, f'G{row}')
    add(BarChart(), _("Amount paid, by month (yuan)"), ('paid_amount',), f'A{row + 17}')
    add(LineChart(), _("Open at the end of the month (cases)"), ('open',), f'G{row + 17}')


def _range(sheet: str, row: int) -> str:
    return f'{quote_sheetname(sheet)}!$E${row}:$P${row}'


def _by_line(book: Workbook, report: MonthlyReport) -> None:
    sheet, row = _begin(book, report, report.by_line.name)
    last = write_table(sheet, row, report.by_line)
    note_below(sheet, last + 1, report.by_line.footnote)
    end = row + len(report.by_line.rows)
    chart = BarChart()
    for column in (2, 4):
        chart.add_data(Reference(sheet, min_col=column, min_row=row, max_row=end), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=row + 1, max_row=end))
    _dress(chart, _("Reported and closed, by line (cases)"))
    sheet.add_chart(chart, f'A{last + 3}')
    paid = BarChart()
    paid.add_data(Reference(sheet, min_col=6, min_row=row, max_row=end), titles_from_data=True)
    paid.set_categories(Reference(sheet, min_col=1, min_row=row + 1, max_row=end))
    _dress(paid, _("Amount paid, by line (yuan)"), legend=False)
    sheet.add_chart(paid, f'G{last + 3}')


def _by_handler(book: Workbook, report: MonthlyReport) -> None:
    sheet, row = _begin(book, report, report.by_handler.name)
    last = write_table(sheet, row, report.by_handler)
    note_below(sheet, last + 1, report.by_handler.footnote)


def _by_stage(book: Workbook, report: MonthlyReport) -> None:
    table = report.by_stage_and_age
    sheet, row = _begin(book, report, table.name)
    last = write_table(sheet, row, table)
    note_below(sheet, last + 1, table.footnote)
    end = row + len(table.rows)
    chart = BarChart()
    chart.grouping, chart.overlap = 'stacked', 100
    for column in range(2, len(table.headings) - 1):
        chart.add_data(Reference(sheet, min_col=column, min_row=row, max_row=end), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=row + 1, max_row=end))
    _dress(chart, _("Open cases by stage and days since the report"), width=24)
    sheet.add_chart(chart, f'A{last + 3}')


def _overdue(book: Workbook, report: MonthlyReport) -> None:
    table = report.overdue
    sheet, row = _begin(book, report, table.name, [table.footnote])
    last = write_table(sheet, row, table)
    if not table.rows:
        note_below(sheet, last + 1, _("No case is past a time limit."))


def _definitions(book: Workbook, report: MonthlyReport) -> None:
    marks = _("A: published text · B: secondary source · C: the office's own")
    sheet, row = _begin(book, report, _("Definitions"), [marks])
    headings = (
        (_("No."), 'count'), (_("Group"), 'text'), (_("Indicator"), 'text'), (_("Unit"), 'text'),
        (_("Definition"), 'text'), (_("Mark"), 'text'), (_("Source"), 'text'),
    )  # fmt: skip
    rows = tuple(
        (number, one.group, one.name, unit_word(one.unit), one.definition, one.mark, one.source)
        for number, one in enumerate(report.indicators, 1)
    )
    last = write_table(sheet, row, Table(_("Definitions"), headings, rows, ''))
    sheet.column_dimensions['G'].width = 46
    _wrap_texts(sheet, row, last, 'E', 78)


def _dress(chart: Any, title: str, *, legend: bool = True, dates: bool = False, width: float = 15.5) -> None:
    """The look of a chart: quiet colours, axes that are shown, no overlapping title."""
    chart.title, chart.width, chart.height = title, width, 8
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.title.overlay = False
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=_line('FFD9D9D9', 0.5))
    if dates:
        chart.x_axis.number_format = 'yyyy-mm'
    if legend:
        chart.legend.position = 'b'
    else:
        chart.legend = None
    for number, series in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        if isinstance(chart, LineChart):
            series.graphicalProperties = GraphicalProperties(ln=_line(colour, 2))
            series.marker.symbol, series.smooth = 'circle', False
            series.marker.graphicalProperties = GraphicalProperties(solidFill=colour[2:])
        else:
            series.graphicalProperties = GraphicalProperties(solidFill=colour[2:])


def _line(colour: str, points: float) -> Any:
    from openpyxl.drawing.line import LineProperties

    return LineProperties(solidFill=colour[2:], w=int(points * 12_700))
