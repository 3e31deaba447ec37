"""The payment file for the bank as a workbook or csv: text stays text, numbers keep their digits, written whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from claimdesk.reports.list_export import ListColumn, write_list
from claimdesk.rules.bank_file import Field, Template, safe_cell
from claimdesk.whole_file import write_bytes

WIDTHS = {Field.PAYEE: 24.0, Field.ACCOUNT: 26.0, Field.BANK: 30.0, Field.PURPOSE: 26.0, Field.REFERENCE: 18.0}


def write_bank_file(path: Path, template: Template, rows: Sequence[dict[Field, str | Decimal]]) -> None:
    """Write one line for each payment in the columns of `template`. Raises `Unavailable`, with no half a file left."""
    if template.format == 'csv':
        write_bytes(path, _csv(template, rows))
        return
    columns = [
        ListColumn(heading, 'money' if what is Field.AMOUNT else 'text', WIDTHS.get(what, 14.0))
        for heading, what in template.columns
    ]
    lines = ([row[what] for _heading, what in template.columns] for row in rows)
    write_list(path, template.name, columns, iter(lines), len(rows))


def _csv(template: Template, rows: Sequence[dict[Field, str | Decimal]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator='\r\n')
    writer.writerow([safe_cell(heading) for heading, _what in template.columns])
    for row in rows:
        values = (row[what] for _heading, what in template.columns)
        writer.writerow([f'{one:.2f}' if isinstance(one, Decimal) else safe_cell(one) for one in values])
    return out.getvalue().encode(template.encoding, errors='replace')
