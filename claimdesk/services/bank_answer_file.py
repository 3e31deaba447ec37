"""Reading the bank's answer from a workbook or csv file, whatever its columns are called and in whichever order."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from zipfile import BadZipFile

from claimdesk.errors import InvalidInput, Unreadable
from claimdesk.language import _
from claimdesk.rules.bank_file import NEEDED, AnswerLine, Template, columns_of, read_line

LARGEST_BYTES = 20_000_000
MOST_LINES = 20_000
_HEADING_WITHIN = 20
"""A bank writes its name and a date range above the headings, so that many rows are looked at for them."""


def read_answer(name: str, content: bytes, template: Template) -> list[AnswerLine]:
    """The lines below the headings, empty ones left out.

    Raises `InvalidInput` where the needed columns are not found, `Unreadable` for what is no table.
    """
    if len(content) > LARGEST_BYTES:
        raise InvalidInput(_("This file is too large for an answer of the bank."), _("Choose the right file."))
    rows = _workbook(content) if content[:2] == b'PK' else _csv(content)
    columns: dict[str, int] = {}
    lines: list[AnswerLine] = []
    for number, row in enumerate(rows, start=1):
        if not columns:
            found = columns_of(template, row)
            if all(needed in found for needed in NEEDED):
                columns = found
            elif number >= _HEADING_WITHIN:
                break
        elif any(cell.strip() for cell in row):
            lines.append(read_line(template, columns, number, row))
            if len(lines) > MOST_LINES:
                raise InvalidInput(_("This file has too many lines."), _("Ask the bank for a shorter period."))
    if not columns:
        raise InvalidInput(
            _("{name} has no columns for the reference, the amount and the state.").format(name=name),
            _("Compare the headings with those in the settings, under Bank file."),
        )
    return lines


def _csv(content: bytes) -> Iterator[Sequence[str]]:
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        separator = '\t' if text.count('\t') > text.count(',') else ','
        # A bank guards long numbers with an apostrophe or a tab, as we do.
        rows = csv.reader(io.StringIO(text), delimiter=separator)
        return ([cell.strip().lstrip("'") for cell in row] for row in rows)
    raise _unreadable()


def _workbook(content: bytes) -> Iterator[Sequence[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(max_row=MOST_LINES + _HEADING_WITHIN, values_only=True))
        book.close()
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError, IndexError, TypeError) as error:
        raise _unreadable() from error
    return ([_words(cell) for cell in row] for row in rows)


def _words(cell: object) -> str:
    if cell is None:
        return ''
    if isinstance(cell, float):
        # A number in a workbook is a float; two decimals are what an amount has.
        return f'{cell:.2f}'.rstrip('0').rstrip('.')
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()
    return str(cell)


def _unreadable() -> Unreadable:
    return Unreadable(
        _("This file cannot be read as a table."), _("Save it as xlsx or csv, and import it again.")
    )
