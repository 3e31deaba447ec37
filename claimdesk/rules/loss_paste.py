"""Lines of a loss out of a table that was copied from a spreadsheet: by its headings, or by what its columns hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from claimdesk.amounts import yuan
from claimdesk.rules.loss import LossLine
from claimdesk.vocabulary import LossKind

MOST_ROWS = 500
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    'name': ('名称', '项目', '配件', '材料', '物品', '品名', 'item', 'name', 'part', 'description'),
    'quantity': ('数量', '工时数', 'qty', 'quantity', 'hours'),
    'unit': ('单位', 'unit'),
    'unit_price': ('单价', 'price', 'rate'),
    'claimed': ('金额', '总价', '报价', '合计', '小计', '索赔', 'amount', 'total', 'claimed'),
    'note': ('备注', '说明', 'note', 'remark'),
    'kind': ('类别', '类型', 'kind', 'type'),
}
_EXACT = {'unit': ('单位', 'unit'), 'unit_price': ('单价',)}
_SUMS = ('合计', '总计', '小计', '共计', 'total', 'sum')
_KINDS: Mapping[LossKind, tuple[str, ...]] = {
    LossKind.LABOUR: ('工时', '拆装', '钣金', '喷漆', '修复', '维修费', 'labour', 'labor', 'repair'),
    LossKind.MATERIALS: ('辅料', '油漆', '材料', 'material', 'paint'),
    LossKind.TOWING: ('施救', '拖车', '清障', '吊', 'tow'),
    LossKind.SALVAGE: ('残值', '旧件', 'salvage'),
}


def pasted_lines(text: str) -> list[LossLine]:
    """The lines of a copied table; sums, empty rows and rows without a name are left out. Empty where nothing fits."""
    rows = [
        [unicodedata.normalize('NFKC', cell).strip() for cell in row.split('\t')]
        for row in text.replace('\r\n', '\n').split('\n')[: MOST_ROWS + 1]
        if row.strip()
    ]
    if not rows:
        return []
    columns = _by_heading(rows[0])
    if columns:
        rows = rows[1:]
    else:
        columns = _by_content(rows)
    found = (_line(row, columns) for row in rows)
    return [line for line in found if line is not None][:MOST_ROWS]


def number(cell: str) -> Decimal | None:
    """The number in a cell (`1,200.50`, `¥300`, `2 h`), or None."""
    plain = re.sub(r'[,，\s¥￥$元]', '', unicodedata.normalize('NFKC', cell))
    match = re.fullmatch(r'(\d{1,12}(?:\.\d{1,6})?)(?:[a-z%]*|[个件套小时天次只台]*)', plain, re.IGNORECASE)
    try:
        return Decimal(match[1]) if match else None
    except InvalidOperation:
        return None


def kind_of(name: str) -> LossKind | None:
    """What a line of that name is for, as far as its words say."""
    lower = name.lower()
    return next((kind for kind, words in _KINDS.items() if any(word in lower for word in words)), None)


def _by_heading(row: Sequence[str]) -> dict[str, int]:
    if any(number(cell) is not None for cell in row if cell):
        return {}
    columns: dict[str, int] = {}
    for place, cell in enumerate(row):
        lower = cell.lower()
        exact = next((name for name, words in _EXACT.items() if lower in words), '')
        name = exact or next(
            (name for name, words in _HEADINGS.items() if name != 'unit' and any(word in lower for word in words)), ''
        )
        if name and name not in columns:
            columns[name] = place
    return columns if 'name' in columns and ({'claimed', 'unit_price'} & set(columns)) else {}


def _by_content(rows: Sequence[Sequence[str]]) -> dict[str, int]:
    width = max(map(len, rows))
    words, figures = [], []
    for place in range(width):
        cells = [row[place] for row in rows if place < len(row) and row[place]]
        numeric = sum(number(cell) is not None for cell in cells)
        if cells and numeric * 2 > len(cells):
            figures.append(place)
        elif cells:
            words.append(place)
    if figures and words and figures[0] < words[0] and _counts(rows, figures[0]):
        figures.pop(0)
    if not words or not figures:
        return {}
    columns = {'name': words[0]}
    if len(words) > 1:
        columns['note'] = words[-1]
    if len(figures) == 1:
        columns['claimed'] = figures[0]
    elif len(figures) == 2:
        columns |= {'quantity': figures[0], 'unit_price': figures[1]}
    else:
        columns |= {'quantity': figures[-3], 'unit_price': figures[-2], 'claimed': figures[-1]}
    return columns


def _counts(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column only numbers the rows."""
    numbers = [number(row[place]) for row in rows if place < len(row)]
    return len(rows) > 1 and numbers == [Decimal(at) for at in range(1, len(numbers) + 1)]


def _line(row: Sequence[str], columns: Mapping[str, int]) -> LossLine | None:
    cells = {name: row[place] for name, place in columns.items() if place < len(row)}
    name = cells.get('name', '')[:120]
    if not name or any(name.lower().startswith(word) for word in _SUMS):
        return None
    quantity = number(cells.get('quantity', '')) or Decimal(1)
    price, claimed = number(cells.get('unit_price', '')), number(cells.get('claimed', ''))
    if price is None and claimed is None:
        return None
    amount = claimed if claimed is not None else quantity * (price or Decimal(0))
    if price is not None and claimed is not None and abs(quantity * price - claimed) >= Decimal('0.01'):
        price = None  # the table's own sum counts, and the price is not what it was made of
    return LossLine(
        name=name,
        quantity=quantity,
        unit=cells.get('unit', '')[:12],
        unit_price=None if price is None else yuan(price.quantize(Decimal('0.01'))),
        claimed=yuan(amount.quantize(Decimal('0.01'))),
        note=cells.get('note', '')[:200],
        kind=kind_of(cells.get('kind', '') or name),
    )
