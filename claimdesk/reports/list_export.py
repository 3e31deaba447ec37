"""A list as an Excel file, however long: typed and formatted columns, written a thousand rows at a time.

The sheets are plain XML in a zip archive, written by hand: half the time of the quickest library, no more memory for a
million rows than for a thousand, and every text is an inline string, so that none can become a formula.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports import list_parts
from claimdesk.whole_file import write_whole

Kind = Literal['text', 'money', 'count', 'moment', 'day']

MOST_ROWS = 1_048_575
"""The rows that a sheet holds below its heading."""
LONGEST = 32_767
"""The characters that Excel keeps in a cell."""
PORTION = 1_000
COMPRESSION = 1

_LOCAL = ZoneInfo('Asia/Shanghai')
_DAY_ZERO = dt.date(1899, 12, 30).toordinal()
_DAY_SECONDS = 86_400
_FORBIDDEN = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_NOT_PLAIN = re.compile('[\x00-\x1f&<>\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_')
_CODE = re.compile('_(?=x[0-9A-Fa-f]{4}_)')


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column: its heading, the kind of its values, and its width in characters.

    'text' holds str, 'money' Decimal yuan, 'count' int, 'moment' aware times (written as local), 'day' dates; None is
    an empty cell.
    """

    title: str
    kind: Kind = 'text'
    width: float = 14.0


def write_list(
    path: Path,
    name: str,
    columns: Sequence[ListColumn],
    rows: Iterator[Sequence[Any]],
    count: int,
    progress: Progress = quiet,
    *,
    most_rows: int = MOST_ROWS,
) -> int:
    """Write `rows` (about `count`) under `columns` to a sheet `name`, or several for very many; returns how many.

    Text stays text, whatever it begins with; what is too long for a cell is cut with a mark. The file is moved into
    place when it is whole and has been read back. Raises `Unavailable`, and `Cancelled` with nothing written.
    """
    written: list[int] = []

    def write(file: IO[bytes]) -> None:
        with ZipFile(file, 'w', ZIP_DEFLATED, compresslevel=COMPRESSION) as book:
            done = 0
            more: Iterator[Sequence[Any]] | None = rows
            while more is not None:
                with book.open(list_parts.sheet_path(len(written) + 1), 'w', force_zip64=True) as sheet:
                    told = _told(islice(more, most_rows), done, count, progress)
                    written.append(_write_sheet(sheet, columns, told))
                done += written[-1]
                more = _rest(more) if written[-1] == most_rows else None
            for part, content in list_parts.frame(_sheet_names(name, len(written)), columns, written):
                book.writestr(part, content)

    write_whole(path, write, _verify)
    return sum(written)


def _write_sheet(sheet: IO[bytes], columns: Sequence[ListColumn], rows: Iterator[Sequence[Any]]) -> int:
    sheet.write(list_parts.sheet_head(columns).encode())
    heading = [_texts([column.title], list_parts.HEADING)[0] for column in columns]
    sheet.write(f'<row r="1">{"".join(heading)}</row>'.encode())
    count = 0
    while portion := list(islice(rows, PORTION)):
        values = zip(*portion, strict=True)
        cells = [_CELLS[column.kind](kept) for column, kept in zip(columns, values, strict=True)]
        sheet.write(('<row>' + '</row><row>'.join(map(''.join, zip(*cells, strict=True))) + '</row>').encode())
        count += len(portion)
    sheet.write(list_parts.sheet_foot(len(columns), count).encode())
    return count


def _told(rows: Iterator[Sequence[Any]], done: int, count: int, progress: Progress) -> Iterator[Sequence[Any]]:
    for number, row in enumerate(rows, done):
        if number % PORTION == 0:
            progress(number, max(count, number), _("Writing the list"))
        yield row


def _rest(rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]] | None:
    for row in rows:
        return chain([row], rows)
    return None


def _sheet_names(name: str, sheets: int) -> list[str]:
    plain = re.sub(r"[\[\]:*?/\\]|^'|'$", ' ', name).strip()[:25] or 'List'
    return [plain] if sheets == 1 else [f'{plain} {number}' for number in range(1, sheets + 1)]


def _texts(values: Sequence[str | None], style: int) -> list[str]:
    kept = [value or '' for value in values]
    if _NOT_PLAIN.search(''.join(kept)) or max(map(len, kept)) > LONGEST // 2:
        kept = [_escaped(value) for value in kept]
    # xml:space keeps blanks at the ends of a text; to say so in each cell costs less than to look for them.
    head = f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">'
    return [f'{head}{value}</t></is></c>' if value else f'<c s="{style}"/>' for value in kept]


def _escaped(value: str) -> str:
    kept = _FORBIDDEN.sub('', value)
    if len(kept.encode('utf-16-le')) > 2 * LONGEST:
        kept = kept.encode('utf-16-le')[: 2 * (LONGEST - 1)].decode('utf-16-le', 'ignore') + '…'
    # Excel reads _x000A_ as the character of that code, so a text that says so itself needs its underscore coded.
    kept = _CODE.sub('_x005F_', kept)
    return kept.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;').replace('\r', '&#13;')


def _numbers(style: int) -> Callable[[Sequence[Decimal | int | None]], list[str]]:
    def cells(values: Sequence[Decimal | int | None]) -> list[str]:
        return [f'<c s="{style}"/>' if value is None else f'<c s="{style}"><v>{value}</v></c>' for value in values]

    return cells


def _moments(values: Sequence[dt.datetime | None]) -> list[str]:
    style = list_parts.MOMENT
    return [
        f'<c s="{style}"/>' if value is None else f'<c s="{style}"><v>{_serial(value):.10f}</v></c>' for value in values
    ]


def _serial(value: dt.datetime) -> float:
    local = value.astimezone(_LOCAL)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return local.toordinal() - _DAY_ZERO + seconds / _DAY_SECONDS


def _days(values: Sequence[dt.date | None]) -> list[str]:
    style = list_parts.DAY
    return [
        f'<c s="{style}"/>' if value is None else f'<c s="{style}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
        for value in values
    ]


_CELLS: dict[Kind, Callable[[Sequence[Any]], list[str]]] = {
    'text': lambda values: _texts(values, list_parts.TEXT),
    'money': _numbers(list_parts.MONEY),
    'count': _numbers(list_parts.COUNT),
    'moment': _moments,
    'day': _days,
}


def _verify(path: Path) -> None:
    with ZipFile(path) as book:
        damaged = book.testzip()
    if damaged is not None:
        raise ValueError(f'{damaged} was not read back as it was written')
