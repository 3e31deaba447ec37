"""The export of the list: 100,000 rows of 15 typed and formatted columns, beside openpyxl and beside plain XML."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from benchmarks.measured import Measured, beside, in_a_new_process, peak_megabytes, seconds
from benchmarks.run import Run
from claimdesk.models import Database
from claimdesk.reports.list_export import ListColumn, write_list
from claimdesk.services.case_export import SheetRows, sheet_columns
from claimdesk.services.case_list_sql import Listing, Way
from claimdesk.services.case_query import COLUMNS, CaseQuery
from claimdesk.services.context import SHANGHAI, OfficeContext
from claimdesk.services.files import DatabaseStore

EXPORTED = (*COLUMNS[:13], 'reported_at', 'loss_at')
QUERY = CaseQuery(open_only=False, sort='reported_at', descending=True)
FORMATS = {'money': '#,##0.00', 'moment': 'yyyy-mm-dd hh:mm', 'count': '#,##0', 'text': '@', 'day': 'yyyy-mm-dd'}
Rows = list[tuple[Any, ...]]


def rows_of(url: str, count: int) -> Rows:
    """The first rows of the export of the office."""
    return list(islice(_read(url), count))


def as_the_program(path: Path, rows: Rows) -> None:
    """The file that the program writes."""
    write_list(path, 'Cases', sheet_columns(EXPORTED), iter(rows), len(rows))


def by_openpyxl(path: Path, rows: Rows) -> None:
    """The peer: the same cells and formats through openpyxl's quicker mode."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    columns = sheet_columns(EXPORTED)
    book = Workbook(write_only=True)
    sheet = book.create_sheet('Cases')
    sheet.append([column.title for column in columns])
    for row in rows:
        cells = []
        for column, value in zip(columns, row, strict=True):
            cell = WriteOnlyCell(sheet, _for_openpyxl(column, value))
            cell.number_format = FORMATS[column.kind]
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def by_hand(path: Path, rows: Rows) -> None:
    """The floor: every value as it is, in XML, into an archive; nothing checked, formatted, counted or read back."""
    with ZipFile(path, 'w', ZIP_DEFLATED, compresslevel=1) as book, book.open('sheet1.xml', 'w') as sheet:
        for row in rows:
            cells = ''.join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in row)
            sheet.write(f'<row>{cells}</row>'.encode())


def suite(run: Run) -> Iterator[Measured]:
    """Time beside openpyxl and the floor, the whole way from the database, and the memory for few and many rows."""
    count = 5_000 if run.quick else 100_000
    url = run.offices.sqlite
    rows = rows_of(url, count)
    times = 2 if run.quick else 3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'list.xlsx'
        ours = min(seconds(lambda: as_the_program(path, rows)) for _time in range(times))
        peer = min(seconds(lambda: by_openpyxl(path, rows)) for _time in range(1 if run.quick else 2))
        floor = min(seconds(lambda: by_hand(path, rows)) for _time in range(times))
        whole = min(seconds(lambda: _export(url, path, count)) for _time in range(times))
    name = f'Export, {len(rows):,} × {len(EXPORTED)} cells'
    yield beside(name, ours, 's', 'openpyxl, write-only', peer, 0.125, times)
    yield beside(f'{name}, beside the floor', ours, 's', 'zip and XML by hand', floor, None, times)
    yield beside(f'{name}, read from the database too', whole, 's', 'openpyxl, write-only', peer, None, times)
    few, many = (
        in_a_new_process('benchmarks.export', url, str(number))['megabytes'] for number in (count // 10, count)
    )
    yield beside(f'Export, memory added by {count:,} rows', many, 'MB', '30 MB', 30, 1.0, 1)
    yield beside(f'Export, memory added by {count // 10:,} rows', few, 'MB', '30 MB', 30, 1.0, 1)


def _export(url: str, path: Path, count: int) -> None:
    write_list(path, 'Cases', sheet_columns(EXPORTED), islice(_read(url), count), count)


def _read(url: str) -> Iterator[tuple[Any, ...]]:
    database = Database(url)
    office = OfficeContext(database, DatabaseStore())
    now = office.now()
    with database.read() as session:
        yield from SheetRows(session, EXPORTED, now).read(Listing(session, QUERY, now).pieces(Way.WALK))
    database.close()


def _for_openpyxl(column: ListColumn, value: Any) -> Any:
    if value is None or column.kind == 'text':
        return value
    if column.kind == 'moment':
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    return float(value) if column.kind == 'money' else value


def _memory(url: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'list.xlsx'
        _export(url, path, 200)
        before = peak_megabytes()
        _export(url, path, count)
        print(json.dumps({'megabytes': peak_megabytes() - before}))


if __name__ == '__main__':
    _memory(sys.argv[1], int(sys.argv[2]))
