"""A list as an Excel file: equal values in other readers, text that stays text, and whole or not at all."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from claimdesk.errors import Cancelled, Unavailable
from claimdesk.reports.list_export import LONGEST, PORTION, ListColumn, write_list

COLUMNS = (
    ListColumn('案件号', width=16),
    ListColumn('估损', 'money'),
    ListColumn('缺单证', 'count'),
    ListColumn('报案时间', 'moment', 18),
    ListColumn('日期', 'day'),
)
AT = dt.datetime(2026, 3, 2, 23, 59, 59, tzinfo=dt.UTC)
ROW = ('CY2026-000001', Decimal('12600.05'), 3, AT, dt.date(2024, 2, 29))
READ = (
    'CY2026-000001', 12600.05, 3, dt.datetime.fromisoformat('2026-03-03T07:59:59'),
    dt.datetime.fromisoformat('2024-02-29'),
)  # fmt: skip
PAYLOADS = (
    '=1+1', '=HYPERLINK("http://x","y")', '+1', '-1+2', '@SUM(A1)', '{=1}', '\t=1', '＝1', "'=1", '<b>&amp;</b>',
    ' 两端 ', '一行\n二行', '𠮷田㐂', '007', '1e5', '2026-03-02', 'TRUE', '#REF!', '"',
)  # fmt: skip


def written(path: Path, rows: Sequence[Sequence[Any]], columns: Sequence[ListColumn] = COLUMNS, **more: Any) -> int:
    return write_list(path, '案件', columns, iter(rows), len(rows), **more)


def read(path: Path) -> list[tuple[Any, ...]]:
    return list(load_workbook(path).worksheets[0].iter_rows(values_only=True))


def test_values_are_typed_and_equal_in_openpyxl_and_calamine(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    empty = ('', None, None, None, None)
    assert written(path, [ROW, empty, ROW]) == 3
    heading = tuple(column.title for column in COLUMNS)
    assert read(path) == [heading, READ, (None,) * 5, READ]
    first, second, *_rest = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert (tuple(first), tuple(second[:4])) == (heading, READ[:4])
    assert second[4] in (READ[4], READ[4].date())


def test_columns_have_formats_widths_filter_and_a_heading_that_stays(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    written(path, [ROW])
    sheet = load_workbook(path).worksheets[0]
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ('案件', 'A2', 'A1:E2')
    assert [cell.number_format.replace('\\', '') for cell in sheet[2]] == [
        '@', '#,##0.00', '#,##0', 'yyyy-mm-dd hh:mm', 'yyyy-mm-dd',
    ]  # fmt: skip
    assert (sheet.column_dimensions['A'].width, sheet.column_dimensions['D'].width) == (16, 18)
    assert sheet['A1'].font.b
    assert not sheet['A2'].font.b
    assert sheet.print_title_rows == '$1:$1'


@pytest.mark.parametrize('beside', [1, 40], ids=['alone', 'among plain rows'])
def test_no_text_becomes_a_formula_or_changes(tmp_path: Path, beside: int) -> None:
    path = tmp_path / 'list.xlsx'
    column = (ListColumn('=文本'),)
    written(path, [(text,) for text in PAYLOADS for _time in range(beside)], column)
    cells = [row[0] for row in load_workbook(path).worksheets[0].iter_rows()]
    assert {cell.data_type for cell in cells} <= {'s', 'inlineStr'}
    assert [cell.value for cell in cells][1::beside] == list(PAYLOADS)
    assert cells[0].value == '=文本'


def test_what_xml_cannot_hold_is_left_out_and_a_code_stays_as_it_was_typed(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    written(path, [('a\x00b\x1f\ud800c',), ('_x0041_',)], (ListColumn('文本'),))
    assert read(path)[1] == ('abc',)
    # Excel reads _x005F_ as an underscore; openpyxl leaves it.
    assert str(read(path)[2][0]).replace('_x005F_', '_') == '_x0041_'


@pytest.mark.parametrize('text', ['长' * (LONGEST + 5), '𠮷' * LONGEST], ids=['one unit', 'two units'])
def test_what_is_too_long_for_a_cell_is_cut_with_a_mark(tmp_path: Path, text: str) -> None:
    path = tmp_path / 'list.xlsx'
    written(path, [(text,)], (ListColumn('文本'),))
    kept = str(read(path)[1][0])
    assert kept.endswith('…')
    assert text.startswith(kept[:-1])
    assert LONGEST - 1 <= len(kept.encode('utf-16-le')) // 2 <= LONGEST


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    rows = [(str(number),) for number in range(25)]
    assert written(path, rows, (ListColumn('号'),), most_rows=10) == 25
    book = load_workbook(path)
    assert book.sheetnames == ['案件 1', '案件 2', '案件 3']
    values = [cell[0] for sheet in book.worksheets for cell in sheet.iter_rows(min_row=2, values_only=True)]
    assert values == [row[0] for row in rows]
    written(path, rows[:20], (ListColumn('号'),), most_rows=10)
    assert load_workbook(path).sheetnames == ['案件 1', '案件 2']


def test_an_empty_list_has_its_heading(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    assert written(path, []) == 0
    assert read(path) == [tuple(column.title for column in COLUMNS)]


def test_a_sheet_is_named_without_what_excel_forbids(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    write_list(path, "'我的[视图]: 全部/未决?*\\ 非常非常非常非常非常非常长的名称'", COLUMNS, iter([ROW]), 1)
    (name,) = load_workbook(path).sheetnames
    assert len(name) <= 31
    assert not set(name) & set("[]:*?/\\'")


def test_progress_is_told_and_cancelling_leaves_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    path.write_bytes(b'older')
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int, sentence: str = '') -> None:
        told.append((done, total))
        if done >= 2 * PORTION:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_list(path, '案件', COLUMNS, (ROW for _number in count()), 5 * PORTION, progress)
    assert told == [(0, 5 * PORTION), (PORTION, 5 * PORTION), (2 * PORTION, 5 * PORTION)]
    assert path.read_bytes() == b'older'
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / 'list.xlsx'
    path.write_bytes(b'older')

    def full(_handle: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr('claimdesk.whole_file.os.fsync', full)
    with pytest.raises(Unavailable, match='No space left'):
        written(path, [ROW])
    assert path.read_bytes() == b'older'
    assert list(tmp_path.iterdir()) == [path]


def test_rows_that_fail_half_way_leave_the_older_file(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    path.write_bytes(b'older')

    def rows() -> Iterator[Sequence[Any]]:
        yield ROW
        raise Unavailable('The database does not answer.')

    with pytest.raises(Unavailable):
        write_list(path, '案件', COLUMNS, rows(), 2)
    assert path.read_bytes() == b'older'


@pytest.mark.skipif(shutil.which('soffice') is None, reason='LibreOffice is not installed')
def test_libreoffice_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / 'list.xlsx'
    written(path, [ROW])
    subprocess.run(
        ['soffice', '--headless', f'-env:UserInstallation=file://{tmp_path}/profile', '--convert-to', 'csv',
         '--outdir', str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    lines = (tmp_path / 'list.csv').read_text(encoding='utf-8').splitlines()
    assert lines[1] == 'CY2026-000001,"12,600.05",3,2026-03-03 07:59,2024-02-29'
