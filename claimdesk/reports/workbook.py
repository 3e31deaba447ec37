"""A designed workbook: typed cells, frozen headings, filters, print set-up; a text never becomes a formula."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.reports.monthly import Table
from claimdesk.reports.typesetting import shorten
from claimdesk.reports.words import NUMBERS, unit_word
from claimdesk.whole_file import write_whole

LONGEST = 32_767
"""Characters that a cell may hold (Excel); a longer text is cut with a mark."""

FORMATS = {
    'count': '#,##0',
    'money': '#,##0.00',
    'days': '#,##0.00',
    'share': '0.0%',
    'score': '0.00',
    'time': 'yyyy-mm-dd hh:mm',
    'month': 'yyyy-mm',
}

_CONTROL = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]')
_FONT = 'Microsoft YaHei'
_BODY, _BOLD = Font(name=_FONT, size=10), Font(name=_FONT, size=10, bold=True)
_TITLE, _NOTE = Font(name=_FONT, size=14, bold=True), Font(name=_FONT, size=9, color='FF595959')
_HEADING_FILL = PatternFill('solid', fgColor='FFEDEFF2')
_THIN, _HAIR = Side(style='thin', color='FF404040'), Side(style='hair', color='FFB0B0B0')
HAIR_BELOW = Border(bottom=_HAIR)


def plain_text(text: str) -> str:
    """`text` as a cell may hold it: without control characters, cut with a mark where it is too long."""
    return shorten(_CONTROL.sub('□', text), LONGEST)


def new_workbook(title: str, author: str) -> Workbook:
    """An empty workbook, its first sheet removed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = plain_text(title), plain_text(author)
    return book


def new_sheet(book: Workbook, name: str, title: str, notes: Sequence[str]) -> int:
    """Add a sheet with a title and notes on top, ready to print on A4; the number of the first free row."""
    sheet = book.create_sheet(re.sub(r'[\[\]:*?/\\]', ' ', name)[:31])
    put(sheet.cell(1, 1), title, 'text').font = _TITLE
    sheet.row_dimensions[1].height = 24
    for row, note in enumerate(notes, 2):
        put(sheet.cell(row, 1), note, 'text').font = _NOTE
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = 'landscape', sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.6
    sheet.oddFooter.left.text = plain_text(title).replace('&', '&&')
    sheet.oddFooter.right.text = _("Page {page} of {pages}").format(page='&P', pages='&N')
    return len(notes) + 3


def put(cell: Any, value: object, unit: str, *, bold: bool = False) -> Cell:
    """Put a value into a cell with its type and format; a text stays a text, whatever it begins with."""
    made: Cell = cell
    made.font = _BOLD if bold else _BODY
    if isinstance(value, dt.datetime):
        made.value = value.replace(tzinfo=None, microsecond=0)
        made.number_format = FORMATS['time']
    elif isinstance(value, dt.date):
        made.value = value
        made.number_format = FORMATS.get(unit, 'yyyy-mm-dd')
    elif isinstance(value, int | Decimal) and unit in NUMBERS:
        made.value = value
        made.number_format = FORMATS[unit]
    elif value is None:
        made.value = '–' if unit in NUMBERS else None
        made.alignment = Alignment(horizontal='right')
    else:
        made.value = plain_text(str(value))
        made.data_type = 's'
        made.alignment = Alignment(vertical='center')
    return made


def write_table(sheet: Worksheet, row: int, table: Table, *, filters: bool = True) -> int:
    """Write a table from `row` on, its head frozen and repeated in print; the number of its last row."""
    units = [unit for _name, unit in table.headings]
    for column, (name, unit) in enumerate(table.headings, 1):
        heading(sheet.cell(row, column), f'{name} ({unit_word(unit)})' if unit in ('money', 'days') else name, unit)
    sheet.row_dimensions[row].height = 30
    last = row
    for last, values in enumerate(table.rows, row + 1):
        for column, (value, unit) in enumerate(zip(values, units, strict=True), 1):
            put(sheet.cell(last, column), value, unit).border = HAIR_BELOW
    if filters and table.rows:
        sheet.auto_filter.ref = f'A{row}:{get_column_letter(len(units))}{last}'
    if table.total:
        last += 1
        for column, (value, unit) in enumerate(zip(table.total, units, strict=True), 1):
            put(sheet.cell(last, column), value, unit, bold=True).border = Border(top=_THIN, bottom=_THIN)
    sheet.freeze_panes = f'B{row + 1}'
    sheet.print_title_rows = f'{row}:{row}'
    fit_columns(sheet, row, last)
    return last


def heading(cell: Any, name: str, unit: str) -> None:
    """A heading of a table."""
    made = put(cell, name, 'text', bold=True)
    made.fill, made.border = _HEADING_FILL, Border(top=_THIN, bottom=_THIN)
    made.alignment = Alignment(horizontal='right' if unit in NUMBERS else 'left', vertical='center', wrap_text=True)


def note_below(sheet: Worksheet, row: int, text: str) -> None:
    """A footnote below a table."""
    put(sheet.cell(row, 1), text, 'text').font = _NOTE


def fit_columns(sheet: Worksheet, first: int, last: int, widest: float = 44) -> None:
    """Make the columns as wide as what stands in them, as far as the first rows show."""
    for column in range(1, sheet.max_column + 1):
        texts = [_shown(sheet.cell(row, column)) for row in range(first, min(last, first + 200) + 1)]
        heading_width = text_width(texts[0]) * 0.7
        width = max([heading_width, *map(text_width, texts[1:])], default=8)
        sheet.column_dimensions[get_column_letter(column)].width = min(widest, max(9.0, width + 2.5))


def write_book(book: Workbook, path: Path) -> None:
    """Write the workbook to `path`, whole or not at all, read back first. Raises `Unavailable`."""
    names = book.sheetnames

    def opens_again(written: Path) -> None:
        with ZipFile(written) as archive:
            torn = archive.testzip()
        with written.open('rb') as file:
            found = load_workbook(file, read_only=True).sheetnames
        if torn or found != names:
            raise Unavailable(
                _("What was written could not be read back, so the older file was kept."),
                _("Check the disk, or choose another folder."),
            )

    write_whole(path, book.save, opens_again)


def _shown(cell: Any) -> str:
    value = cell.value
    if isinstance(value, dt.datetime):
        return '2026-11-25 15:20'
    if isinstance(value, int | Decimal):
        return f'{value:,.2f}' if cell.number_format != FORMATS['count'] else f'{value:,}'
    return '' if value is None else str(value)


def text_width(text: str) -> float:
    """How wide `text` is in the units of a column: a digit is about one, a Chinese character two."""
    return sum(2.1 if ord(char) > 0x2E7F else 1.1 for char in text[:80])
