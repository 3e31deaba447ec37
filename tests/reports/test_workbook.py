"""Cells keep their type, text never becomes a formula, and what Excel cannot hold is cut with a mark."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from claimdesk.errors import Unavailable
from claimdesk.reports.monthly import Table
from claimdesk.reports.typesetting import CUT
from claimdesk.reports.workbook import LONGEST, new_sheet, new_workbook, write_book, write_table

HOSTILE = (
    '=1+1', '+1', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', '=cmd|\'/c calc\'!A1', '\t=1', '＝1', '{=1}', '#REF!',
    "'=1", '1e5', '0012', 'TRUE', '2026-11-25', '', ' ', '\x00\x01张\x1f', '\u202e三', 'a\nb', '𠮷䶮㐂', '长' * 40_000,
    '<b>&amp;</b>', '_x0041_', '\ud800',
)  # fmt: skip
AT = dt.datetime(2026, 11, 25, 15, 20, 30, 999, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def table(rows: tuple[tuple[object, ...], ...]) -> Table:
    headings = (('Text', 'text'), ('Cases', 'count'), ('Money', 'money'), ('Share', 'share'), ('Time', 'time'))
    return Table('Sheet', headings, rows, 'note', ('Total', 1, Decimal('0.10'), None, None))


def written(tmp_path: Path, rows: tuple[tuple[object, ...], ...]) -> Path:
    book = new_workbook('=title', 'author')
    row = new_sheet(book, 'a/b:[c]*?' * 5, '=title', ['=note'])
    write_table(book.worksheets[0], row, table(rows))
    path = tmp_path / 'book.xlsx'
    write_book(book, path)
    return path


def test_text_stays_text_whatever_it_begins_with(tmp_path: Path) -> None:
    path = written(tmp_path, tuple((text, 1, Decimal(1), Decimal(1), AT) for text in HOSTILE))
    sheet = load_workbook(path).worksheets[0]
    assert 'f' not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    for place, text in enumerate(HOSTILE, 5):
        cell = sheet.cell(place, 1)
        if text and '\x00' not in text and '\ud800' not in text and len(text) < LONGEST and text.strip():
            assert cell.value == text
    assert sheet['A1'].value == '=title'
    assert sheet['A2'].value == '=note'


def test_what_a_cell_cannot_hold_is_cut_or_marked(tmp_path: Path) -> None:
    path = written(tmp_path, (('长' * 40_000, 1, None, None, None), ('a\x00b', 2, None, None, None)))
    cells = [row[0] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()][4:6]
    assert len(cells[0]) == LONGEST
    assert cells[0].endswith(CUT)
    assert cells[1] == 'a□b'


def test_figures_are_numbers_with_formats(tmp_path: Path) -> None:
    path = written(tmp_path, (('x', 1204, Decimal('12600.05'), Decimal('0.125'), AT), ('y', None, None, None, None)))
    sheet = load_workbook(path).worksheets[0]
    local = AT.replace(tzinfo=None, microsecond=0)
    assert [cell.value for cell in sheet[5]] == ['x', 1204, 12600.05, 0.125, local]
    assert [cell.number_format for cell in sheet[5]][1:] == ['#,##0', '#,##0.00', '0.0%', 'yyyy-mm-dd hh:mm']
    assert [cell.value for cell in sheet[6]][1:4] == ['–', '–', '–']
    read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert read[4][1:4] == [1204, 12600.05, 0.125]


def test_a_sheet_is_ready_to_print_and_to_filter(tmp_path: Path) -> None:
    sheet = load_workbook(written(tmp_path, (('x', 1, None, None, None),) * 3)).worksheets[0]
    assert sheet.freeze_panes == 'B5'
    assert sheet.print_title_rows == '$4:$4'
    assert sheet.auto_filter.ref == 'A4:E7'
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        'landscape', 1, 0,
    )  # fmt: skip
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert int(sheet.page_setup.paperSize) == 9
    assert '&P' in sheet.oddFooter.right.text
    assert len(sheet.title) <= 31


def test_a_torn_workbook_does_not_take_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / 'book.xlsx'
    path.write_bytes(b'old')
    book = new_workbook('title', 'author')
    new_sheet(book, 'one', 'title', [])
    save = book.save

    def tear(file: object) -> None:
        save(file)
        file.seek(200)
        file.write(b'\0' * 400)

    monkeypatch.setattr(book, 'save', tear)
    with pytest.raises(Unavailable):
        write_book(book, path)
    assert path.read_bytes() == b'old'
    assert list(tmp_path.iterdir()) == [path]
