"""The payment file for the bank as a workbook or csv: text stays text, numbers keep their digits, written whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from claimdesk.reports.list_export import ListColumn, write_list
from claimdesk.whole_file import write_bytes

Value = str | Decimal
FORMULA_STARTS = ('=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠')
NARROW, WIDE = 14.0, 26.0


def write_workbook(path: Path, name: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    """Write one line for each payment; an amount is a number, all else text. Raises `Unavailable`, writing no half."""
    kinds = [isinstance(value, Decimal) for value in rows[0]] if rows else [False] * len(headings)
    columns = [
        ListColumn(heading, 'money' if amount else 'text', NARROW if amount else WIDE)
        for heading, amount in zip(headings, kinds, strict=True)
    ]
    write_list(path, name, columns, iter(rows), len(rows))


def write_csv(path: Path, headings: Sequence[str], rows: Sequence[Sequence[Value]], encoding: str) -> None:
    """The same as csv, with guarded cells. Raises `Unavailable`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator='\r\n')
    writer.writerow([safe_cell(heading) for heading in headings])
    for row in rows:
        writer.writerow([f'{one:.2f}' if isinstance(one, Decimal) else safe_cell(one) for one in row])
    write_bytes(path, out.getvalue().encode(encoding, errors='replace'))


def safe_cell(text: str) -> str:
    """`text` as a cell of a csv file: one that a spreadsheet would take for a formula begins with an apostrophe."""
    plain = re.sub(r'[\r\n]+', ' ', text)
    return f"'{plain}" if plain.startswith(FORMULA_STARTS) else plain
