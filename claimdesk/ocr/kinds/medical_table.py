"""The lines of hospitals' receipts and lists: one, two or three tables beside each other under repeated heads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from claimdesk.amounts import EXPENSE, add_lines
from claimdesk.ocr.items import Column, Table, cells_in, fits
from claimdesk.ocr.layout import Found, Glyph, Layout, Row
from claimdesk.ocr.reading import ItemReading
from claimdesk.ocr.values import decimal, flat, money

HEADERS = {
    'name': r'(?:收费|费用|药品|诊疗|医疗)?(?:项目)?名称(?:[/及]规格)?|收费项目|项目(?![编代类号])(?:/规格)?|品名',
    'specification': r'(?<![/及])规格(?:型号)?',
    'quantity': r'数量(?:/单位|[(]单位[)])?',
    'unit': r'(?<![/(款费])单位(?!名|[(:])',
    'unit_price': r'单价(?:[(]元[)])?',
    'amount': r'(?<!自付)(?<!自费)(?<!支付)金额(?:[(]元[)])?(?!合计)|总价|(?<=[价量])费用',
    '': r'序号|(?:费用|收费)?日期|(?:项目|医保|收费|国家|药品)?(?:编码|代码|编号)|自付(?:比例|金额)|科室|医生',
    'medical_class': r'(?:医保|报销|项目|收费)?(?:等级|类别)|甲乙丙?类?|备注|医保类型',
}
END = re.compile(r'金额合计|合计金额|合计|总计|大写|小写|总金额|总费用')
_PAID = re.compile(r'(?:支付|自付[一二]?|自费|余额|范围内?金额|补缴金额|预缴金额):')
CLASSES = (
    (re.compile(r'甲'), '甲'),
    (re.compile(r'乙'), '乙'),
    (re.compile(r'丙'), '丙'),
    (re.compile(r'自费|全自付'), '自费'),
    (re.compile(r'无自付'), '甲'),
    (re.compile(r'有自付|部分自付'), '乙'),
)
_MARK = re.compile(r'^[(\[【]?(甲|乙|丙|自费)(?:类)?[)\]】]')
_NO_LINE = re.compile(r'(?:小计|合计|本页|第\d+页|以下)')
_COUNTED = frozenset({'quantity', 'unit_price', 'amount'})
_HOLE = 0.5
"""Row heights between two words."""
_AMOUNT = re.compile(r'-?[\d,]*\d\.\d{1,4}|-?\d{1,7}')


@dataclass(frozen=True, slots=True)
class Band:
    """One of the tables that stand beside each other: its columns, and from where to where it reaches."""

    table: Table
    left: float
    right: float


def find_bands(layout: Layout) -> list[Band]:
    """The tables under the row of heads that names most columns; [] where no row has a name and an amount."""
    best: list[tuple[str, int, int]] = []
    best_row: Row | None = None
    for row in layout.rows:
        heads = _heads(row)
        cells = [cell for cell, _start, _end in heads]
        if 'name' in cells and 'amount' in cells and len(heads) > len(best):
            best, best_row = heads, row
    if best_row is None:
        return []
    groups: list[list[tuple[str, int, int]]] = []
    for head in best:
        if not groups or (head[0] and any(head[0] == other[0] for other in groups[-1])):
            groups.append([])
        groups[-1].append(head)
    groups = [group for group in groups if any(cell == 'amount' for cell, _a, _b in group)]
    return _bands(layout, best_row, groups)


def _heads(row: Row) -> list[tuple[str, int, int]]:
    """The heads in a row as (cell, start, end), from left to right."""
    taken = [False] * len(row.text)
    heads = []
    for cell, pattern in HEADERS.items():
        for match in re.finditer(pattern, row.text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = [True] * (match.end() - match.start())
                heads.append((cell, match.start(), match.end()))
    return sorted(heads, key=lambda head: head[1])


def _bands(layout: Layout, row: Row, groups: list[list[tuple[str, int, int]]]) -> list[Band]:
    tables = [Table(row, tuple(column for head in group for column in _columns(row, *head))) for group in groups]
    first = min((word.x0 for other in _body(layout, row) for word in other.words()), default=tables[0].columns[0].x0)
    bands: list[_Edge] = []
    for place, table in enumerate(tables):
        # Each table of a form begins as far left of its first head as the first one does.
        left = 0.0 if place == 0 else bands[0].left_of(first, tables[0], table)
        bands.append(_Edge(table, left))
    rights = [edge.left for edge in bands[1:]] + [1.0]
    return [Band(edge.table, edge.left, right) for edge, right in zip(bands, rights, strict=True)]


def _columns(row: Row, cell: str, start: int, end: int) -> list[Column]:
    """The columns under a head: 数量/单位 stands over two words in one, or in two columns."""
    slash = row.text.find('/', start, end)
    if cell == 'quantity' and slash > 0:
        middle = row.glyphs[slash].x0
        return [
            Column('quantity', row.glyphs[start].x0, middle),
            Column('unit', row.glyphs[slash].x1, row.glyphs[end - 1].x1),
        ]
    return [Column(cell, row.glyphs[start].x0, row.glyphs[end - 1].x1)]


@dataclass(frozen=True, slots=True)
class _Edge:
    table: Table
    left: float

    def left_of(self, first: float, table: Table, other: Table) -> float:
        lead = max(0.0, table.columns[0].x0 - first)
        return other.columns[0].x0 - lead - 0.25 * table.row.height


def _body(layout: Layout, header: Row) -> list[Row]:
    """The rows between the heads and the totals."""
    rows = []
    for row in layout.rows:
        if row.y <= header.y + 0.4 * header.height:
            continue
        ends = END.search(row.text) and not re.search(r'^.{0,6}小计', row.text)
        if ends or _PAID.search(row.text):
            break
        rows.append(row)
    return rows


def in_table(layout: Layout, bands: list[Band], row: Row) -> bool:
    """Whether a row stands among the lines of the table."""
    return bool(bands) and any(other is row for other in _body(layout, bands[0].table.row))


def read_lines(layout: Layout, bands: list[Band]) -> list[tuple[ItemReading, float]]:
    """The lines of all bands, each with the worst probability of its cells: down the first band, then the next."""
    lines: list[tuple[ItemReading, float]] = []
    for band in bands:
        body = _Body()
        for row in _body(layout, band.table.row):
            part = _part(row, band)
            if part is not None and not _NO_LINE.match(part.text):
                body.take(_counted_once(cells_in(part, band.table)))
        lines += [
            (_item(layout, found), min(piece.score for piece in found.values()))
            for found in body.lines
            if 'name' in found
        ]
    return lines


def _counted_once(cells: dict[str, Found]) -> dict[str, Found]:
    """A quantity that was taken for the unit, because it stands over both columns, in its place."""
    unit = cells.get('unit')
    if unit is not None and 'quantity' not in cells and re.match(r'-?\d', flat(unit.text)):
        cells['quantity'] = cells.pop('unit')
    return cells


@dataclass(slots=True)
class _Body:
    """The lines of one band so far, and words that wait for theirs.

    A name without an amount goes on with the line above it; on forms where such words stand before the first line, or
    right beneath a kind of expense, names begin above their amounts instead. Kinds of expense without an amount are
    headings where the first row is one.
    """

    lines: list[dict[str, Found]] = field(default_factory=list)
    waiting: Found | None = None
    above: bool = False
    headed: bool = False

    def take(self, found: dict[str, Found]) -> None:
        """Another row of the band by its cells."""
        name = found.get('name')
        if 'amount' in found and _AMOUNT.fullmatch(flat(found['amount'].text).lstrip('¥')):
            if self.waiting is not None:
                found['name'] = self.waiting.joined(name) if name else self.waiting
                self.waiting = None
            self.lines.append(found)
        elif name is not None and not _COUNTED & set(found):
            self.headed = self.headed or (not self.lines and bool(EXPENSE.fullmatch(flat(name.text))))
            if self.headed and EXPENSE.fullmatch(flat(name.text)):
                return
            last = self.lines[-1].get('name') if self.lines else None
            self.above = self.above or last is None or _is_expense(self.lines[-1])
            if self.above:
                self.waiting = self.waiting.joined(name) if self.waiting is not None else name
            elif last is not None:
                self.lines[-1]['name'] = last.joined(name)


def _is_expense(line: dict[str, Found]) -> bool:
    return bool(EXPENSE.fullmatch(flat(line['name'].text))) if 'name' in line else False


def _part(row: Row, band: Band) -> Row | None:
    """The part of a row that lies in a band; a word that only sticks out with one character is not torn."""
    glyphs: list[Glyph] = []
    word: list[Glyph] = []
    for glyph in row.glyphs:
        if word and glyph.x0 - word[-1].x1 > _HOLE * row.height:
            glyphs += _within(word, band)
            word = []
        word.append(glyph)
    glyphs += _within(word, band)
    return Row(glyphs, row.y, row.height) if glyphs else None


def _within(word: list[Glyph], band: Band) -> list[Glyph]:
    inside = [glyph for glyph in word if band.left <= (glyph.x0 + glyph.x1) / 2 < band.right]
    beyond = len(word) - len(inside)
    if beyond == 1 < len(inside):
        return word
    return [] if len(inside) == 1 < beyond else inside


def _item(layout: Layout, cells: dict[str, Found]) -> ItemReading:
    written: dict[str, Any] = {}
    whole: Found | None = None
    for cell, found in cells.items():
        whole = whole.joined(found) if whole else found
        text = flat(found.text)
        if cell == 'amount':
            written[cell] = money(re.sub(r'(\.\d{2})0{1,2}$', r'\1', text)) or text
        elif cell == 'quantity':
            written.update(_counted(text))
        elif cell == 'unit_price':
            written[cell] = text.replace(',', '').lstrip('¥')
        elif cell == 'medical_class':
            written[cell] = class_of(text)
        elif cell == 'unit':
            written.setdefault(cell, text.strip('/()'))
        else:
            written[cell] = found.text.strip()
    if not written.get('medical_class') and (mark := _MARK.match(flat(written.get('name', '')))):
        written['medical_class'] = mark[1]
    return ItemReading(**written, box=layout.box(whole) if whole else None)


def _counted(text: str) -> dict[str, str]:
    """`2/盒` is a quantity and its unit."""
    match = re.fullmatch(r'(-?[\d,]*\.?\d+)[/(]?([\u4e00-\u9fffA-Za-z/()0-9]{0,8})', text)
    if not match:
        return {'quantity': text}
    unit = match[2].strip('/()')
    return {'quantity': match[1]} | ({'unit': unit} if unit else {})


def class_of(text: str) -> str:
    """甲, 乙, 丙 or 自费 out of what the column says, '' for none of them."""
    return next((name for pattern, name in CLASSES if pattern.search(text)), '')


def products_fit(item: ItemReading) -> bool:
    """Whether quantity × unit price is the amount, where the line has all three; as far as the print is rounded."""
    quantity, amount = decimal(item.quantity), decimal(item.amount)
    if quantity is None or amount is None or not item.unit_price or decimal(item.unit_price) is None:
        return True
    return fits(quantity, item.unit_price, amount)


def line_sums(items: tuple[ItemReading, ...]) -> tuple[Decimal, ...]:
    """What the lines make: all of them, and without those that only add up others; () where one has no amount."""
    lines = [(item.name, amount) for item in items if (amount := decimal(item.amount)) is not None]
    if not items or len(lines) < len(items):
        return ()
    return sum((amount for _name, amount in lines), Decimal(0)), add_lines(lines)
