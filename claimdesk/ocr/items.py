"""The table of an invoice: its header words make columns, each row's words go to the columns they fit best."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from claimdesk.ocr.layout import Found, Layout, Row
from claimdesk.ocr.reading import ITEM_CELLS, ItemReading
from claimdesk.ocr.values import MONEY, decimal, flat, money

HEADERS = {
    'name': r'(?:货物或应税劳务(?:、?服务)?名称|项目名称|货物或应税劳务.{0,4}名称|货物[(]劳务[)]名称)',
    'specification': r'(?:规格型号|车牌号)',
    'unit': r'(?<!征)(?:单位|类型)',
    'quantity': r'数量',
    'unit_price': r'单价',
    'amount': r'金额',
    'tax_rate': r'税率(?:/征收率)?',
    'tax': r'税额',
}
_NUMBER = re.compile(r'-?[\d,]*\d(?:\.\d+)*')
_RATE = re.compile(r'\d{1,2}(?:\.\d+)?%|免税|不征税|\*{2,3}')
_GLUED = re.compile(r'(-?[\d,]+\.\d{2})(\d{1,2}(?:\.\d+)?%|免税|不征税)$')
_UNIT_GLUED = re.compile(r'([\u4e00-\u9fff]{1,3})(-?\d[\d.]*)')
_REMARKED = re.compile(r'(-?[\d,]+\.\d{2}(?:\d{2})?)([\u4e00-\u9fff(\[【].*)$')
_PRICE_COUNTED = re.compile(r'([\d,]+\.\d{4})(\d{1,4}/[\u4e00-\u9fffA-Za-z]{1,4})$')
_COUNTED = re.compile(r'-?[\d,.]+/?[\u4e00-\u9fffA-Za-z]{1,4}')
"""A quantity with its unit, where both share a column."""
_NUMERIC = ('quantity', 'unit_price', 'amount', 'tax')


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds ('' where no field of ours) and where its header stands."""

    cell: str
    x0: float
    x1: float

    @property
    def middle(self) -> float:
        """Middle of the header in page widths."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Table:
    """The header row with its columns, from left to right."""

    row: Row
    columns: tuple[Column, ...]

    def column(self, cell: str) -> Column | None:
        """The column of `cell`, if the table has it."""
        return next((column for column in self.columns if column.cell == cell), None)


def find_table(layout: Layout) -> Table | None:
    """The row that holds at least three of the header words, with every other word of it as a nameless column."""
    best: Table | None = None
    for row in layout.rows:
        columns = []
        taken: set[int] = set()
        for cell, pattern in HEADERS.items():
            match = re.search(pattern, row.text)
            if match and not taken & set(range(match.start(), match.end())):
                taken |= set(range(match.start(), match.end()))
                columns.append(Column(cell, row.glyphs[match.start()].x0, row.glyphs[match.end() - 1].x1))
        cells = {column.cell for column in columns}
        if len(columns) < 3 or not cells & {'amount', 'tax'}:
            continue
        rest = [glyph for index, glyph in enumerate(row.glyphs) if index not in taken]
        run: list[float] = []
        for glyph in rest:
            if run and glyph.x0 - run[1] > 1.2 * row.height:
                columns.append(Column('', run[0], run[1]))
                run = []
            run = [run[0] if run else glyph.x0, glyph.x1]
        if run:
            columns.append(Column('', run[0], run[1]))
        columns = _with_missed(sorted(columns, key=lambda column: column.x0))
        if best is None or len(columns) > len(best.columns):
            best = Table(row, tuple(columns))
    return best


def _with_missed(columns: list[Column]) -> list[Column]:
    """The columns and, in a hole between two of them, the one that always stands there and was not read."""
    for before, cell, after in (('unit_price', 'amount', 'tax_rate'), ('amount', 'tax_rate', 'tax')):
        for place, (left, right) in enumerate(pairwise(columns), 1):
            if (left.cell, right.cell) == (before, after):
                hole = right.x0 - left.x1
                columns.insert(place, Column(cell, left.x1 + 0.4 * hole, right.x0 - 0.4 * hole))
                break
    if columns[-1].cell == 'tax_rate':
        width = columns[-1].x1 - columns[-1].x0
        columns.append(Column('tax', min(0.9, columns[-1].x1 + 2 * width), min(0.95, columns[-1].x1 + 3 * width)))
    return columns


def item_rows(layout: Layout, table: Table, bottom: float) -> list[tuple[Row, dict[str, Found]]]:
    """The rows that begin a line of the table, between its header and `bottom`, with their cells."""
    return [(row, cells) for row, cells, first in _body(layout, table, bottom) if first]


def _body(layout: Layout, table: Table, bottom: float) -> Iterator[tuple[Row, dict[str, Found], bool]]:
    """Every row of the table with its cells, and whether it begins a line or goes on with the one above."""
    for row in layout.rows:
        if not table.row.y + 0.3 * table.row.height < row.y < bottom - 0.3 * row.height:
            continue
        if re.match(r'(?:小计|合计)', row.text):
            continue
        cells = cells_in(row, table)
        yield row, cells, 'amount' in cells or ('tax_rate' in cells and 'name' in cells)


def read_items(layout: Layout, table: Table, bottom: float) -> list[tuple[ItemReading, float]]:
    """The lines between the header and `bottom` (y of the sum row), each with the worst probability of its cells.

    A row without an amount goes on with the name (or specification) of the line above it.
    """
    lines: list[dict[str, Found]] = []
    for _row, cells, first in _body(layout, table, bottom):
        if first:
            lines.append(cells)
        elif lines and set(cells) <= {'name', 'specification', 'unit', 'unit_price', 'quantity'}:
            for cell in ('name', 'specification'):
                if cell in cells:
                    before = lines[-1].get(cell)
                    lines[-1][cell] = before.joined(cells[cell]) if before else cells[cell]
    return [(_item(layout, cells), min(found.score for found in cells.values())) for cells in lines]


def _item(layout: Layout, cells: dict[str, Found]) -> ItemReading:
    values = {}
    whole: Found | None = None
    for cell in ITEM_CELLS:
        found = cells.get(cell)
        if found is None:
            continue
        whole = whole.joined(found) if whole else found
        text = found.text
        if cell in ('amount', 'tax'):
            text = money(text) or flat(text)
        elif cell in ('quantity', 'unit_price'):
            text = flat(text).replace(',', '').lstrip('¥')
        elif cell == 'tax_rate':
            text = flat(text)
        elif cell == 'name' and re.match(r'[\u4e00-\u9fff]{2,12}\*', text):
            text = f'*{text}'
        values[cell] = text
    _part(values)
    return ItemReading(**values, box=layout.box(whole) if whole else None)


def _part(values: dict[str, str]) -> None:
    """A quantity and a unit price that touch are one number on the page: cut where their product is the amount."""
    glued = values.get('unit_price') or values.get('quantity') or ''
    amount = decimal(values.get('amount', ''))
    if ('quantity' in values) == ('unit_price' in values) or amount is None or not re.fullmatch(r'-?[\d.]+', glued):
        return
    if decimal(glued) is not None and fits(Decimal(1), glued, amount):
        return
    for place in range(1, len(glued)):
        quantity, price = glued[:place], glued[place:]
        count = decimal(quantity) if re.fullmatch(r'-?\d+(\.\d+)?', quantity) else None
        if count and re.fullmatch(r'\d+\.\d+', price) and fits(count, price, amount):
            values['quantity'], values['unit_price'] = quantity, price
            return


def fits(quantity: Decimal, price: str, amount: Decimal) -> bool:
    """Whether quantity × price is the amount, as far as the places of the printed price allow."""
    value = decimal(price)
    if value is None:
        return False
    half = Decimal(1).scaleb(-len(price.partition('.')[2])) / 2
    return abs(quantity * value - amount) <= abs(quantity) * half + Decimal('0.01')


def cells_in(row: Row, table: Table) -> dict[str, Found]:
    """The words of a row by the column they fit best."""
    words = _words(row, table)
    columns = table.columns
    # Cheapest way to give words to columns in order; several neighbouring words may share a text column.
    infinite = 1e9
    cost = [[infinite] * (len(columns) + 1) for _ in range(len(words) + 1)]
    back: dict[tuple[int, int], tuple[int, int]] = {}
    cost[0] = [0.0] * (len(columns) + 1)
    for w, word in enumerate(words, start=1):
        for c in range(1, len(columns) + 1):
            cost[w][c], back[w, c] = cost[w][c - 1], (w, c - 1)
            fit = _misfit(word, columns, c - 1)
            shared = columns[c - 1].cell in ('name', 'specification', '')
            for previous in (c - 1, c) if shared else (c - 1,):
                base = cost[w - 1][previous]
                if previous == c and back.get((w - 1, c), (0, 0)) == (w - 1, c - 1):
                    continue
                if base + fit < cost[w][c]:
                    cost[w][c], back[w, c] = base + fit, (w - 1, previous)
    cells: dict[str, Found] = {}
    w, c = len(words), len(columns)
    while w > 0 and c > 0:
        w_back, c_back = back[w, c]
        if w_back == w - 1:
            cell, word = columns[c - 1].cell, words[w - 1]
            if cell:
                cells[cell] = word.joined(cells[cell]) if cell in cells else word
        w, c = w_back, c_back
    return cells


def _misfit(word: Found, columns: tuple[Column, ...], index: int) -> float:
    """How badly a word suits a column: distance from the header's place, and the wrong sort of text."""
    column = columns[index]
    left = columns[index - 1].x1 if index else 0.0
    right = columns[index + 1].x0 if index + 1 < len(columns) else 1.0
    outside = max(0.0, left - (word.x0 + word.x1) / 2) + max(0.0, (word.x0 + word.x1) / 2 - right)
    distance = abs((word.x0 + word.x1) / 2 - column.middle) + 4 * outside
    if column.cell == 'name':
        distance = 2 * max(0.0, word.x0 - column.x1) + 4 * outside
    text = flat(word.text)
    numeric = bool(_NUMBER.fullmatch(text.lstrip('¥'))) or bool(re.fullmatch(r'\*{2,3}', text))
    if column.cell == 'quantity' and _COUNTED.fullmatch(text):
        numeric = True
    rate = bool(_RATE.fullmatch(text))
    if column.cell in _NUMERIC and not numeric:
        distance += 0.5 if not (column.cell == 'tax' and rate) else 0.1
    if column.cell == 'amount' and numeric and '.' not in text:
        distance += 0.15
    if column.cell == 'tax_rate' and not rate:
        distance += 0.5
    if column.cell in ('name', 'specification', 'unit') and rate:
        distance += 0.3
    if column.cell == 'name' and numeric:
        distance += 0.1
    return distance


def _words(row: Row, table: Table) -> list[Found]:
    """The row's words, those cut apart that run over a column's edge: an amount and a rate printed without a hole."""
    words = []
    for word in row.words(0.55):
        words.extend(_cut(row, word, table))
    return words


def _cut(row: Row, word: Found, table: Table) -> list[Found]:
    text = flat(word.text)
    if len(text) != len(word.text):
        return [word]
    start = next(i for i, glyph in enumerate(row.glyphs) if glyph.x0 >= word.x0 - 1e-9)
    glued = _GLUED.search(text) or _PRICE_COUNTED.search(text)
    unit = _UNIT_GLUED.fullmatch(text)
    column, after = table.column('unit'), table.column('quantity')
    amount = table.column('amount')
    if amount and table.column('medical_class') and word.x0 < amount.x1 and word.x1 > amount.x0:
        glued = glued or _REMARKED.search(text)
    if glued:
        cuts = [start, start + glued.start(1), start + glued.start(2), start + len(text)]
    elif unit and column and after and word.x0 < column.x1 and word.x1 > after.x0:
        cuts = [start, start + unit.start(2), start + len(text)]
    else:
        return [word]
    pieces = [row.piece(a, b) for a, b in pairwise(cuts) if b > a]
    return [piece for piece in pieces if piece]


def sum_words(row: Row) -> list[Found]:
    """The money amounts of a sum row from left to right, stars and words for 'no tax' included."""
    found = []
    for match in re.finditer(rf'{MONEY.pattern}|\*{{2,3}}|[★※]{{2,3}}|免税|不征税', row.text):
        piece = row.piece(match.start(), match.end())
        if piece:
            found.append(piece)
    return found
