"""What a detector of text lines passes over: lone characters in cells, such as a unit or a 1; words under seals."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.evidence import cut, without_seal
from claimdesk.ocr.items import Table, find_table, fits, item_rows
from claimdesk.ocr.layout import Found, Layout, Span, fold
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import ItemReading
from claimdesk.ocr.sumcheck import capital_value
from claimdesk.ocr.sums import read_sums
from claimdesk.ocr.values import capital, decimal

CELLS = {'unit': r'[\u4e00-\u9fffA-Za-z²³/]{1,6}', 'quantity': r'-?\d+(?:\.\d+)?', 'tax_rate': r'\d{1,2}(?:\.\d+)?%'}
"""Cells worth a second search, and what may stand in them."""
CLEAR = 0.6
"""The least probability of every character that such a cell must have."""
WORDS_WIDE = 24.0
"""How many heights of its row the total in words is wide at most."""
LABEL_WIDE = 12.0
"""How many heights of its row a label with its tax number is apart at most."""
_COMPANY = re.compile(r'[:：]?([\u4e00-\u9fff()（）A-Za-z0-9·]{2,}(?:公司|厂|店|中心|部|院|行|站|所|社|馆|校|局|处))')
DARKER = 50
"""How much darker than the paper ink is, in grey levels."""


def complete(seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
    """Fill empty cells of the lines in `seen` with what stands there after all."""
    table = find_table(layout)
    end = read_sums(layout, table)[1]
    if table is None or end is None:
        return
    for place, (row, cells) in enumerate(item_rows(layout, table, end.y)):
        item, score = seen.items[place]
        found: dict[str, Any] = {}
        for index, column in enumerate(table.columns):
            if column.cell in CELLS and not getattr(item, column.cell):
                text = _read(picture, _strip(layout, table, index, cells, row.y, row.height), reader)
                if text and _may_be(item, column.cell, text):
                    found[column.cell] = text
        item = replace(item, **found)
        seen.items[place] = (_counted(item), score)


def complete_words(seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
    """Add the total in words, which seals may hide from the detector, where it is what the figures say."""
    total = seen.fields.get('total')
    label = next(reversed(layout.find('大写[)]?[:;]?')), None)
    if total is None or label is None or 'total_capital' in seen.fields:
        return
    row = label.row
    figures = [one.x0 for one in layout.find('[(]?小写') if abs(one.y - label.y) < row.height and one.x0 > label.x1]
    start = label.x1 + 0.2 * row.height
    end = min(figures, default=start + WORDS_WIDE * row.height)
    if end - start < 2 * row.height:
        return
    strip = level_strip(layout, label.y, row.height, start, min(1.0, end))
    for part in (cut(picture, strip, 0.2), without_seal(cut(picture, strip, 0.2))):
        text, scores = reader.lines([np.ascontiguousarray(part)])[0]
        words = capital(text)
        clear = min((score for char, score in zip(text, scores, strict=False) if char in words), default=0.0)
        if words and clear >= CLEAR and capital_value(words) == decimal(total.value):
            take(seen, layout, 'total_capital', words, strip, clear)
            return


def complete_names(seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
    """Add the names of companies that seals hide: what stands right above their tax number, beside 名称."""
    for side in ('buyer', 'seller'):
        number, name = seen.fields.get(f'{side}_tax_id'), f'{side}_name'
        if number is None or number.found is None or name in seen.fields:
            continue
        strip = _above(layout, number.value, number.found.x0)
        if strip is None:
            continue
        text, scores = reader.lines([np.ascontiguousarray(without_seal(cut(picture, strip, 0.2)))])[0]
        match = _COMPANY.match(text)
        clear = min(scores[match.start(1) : match.end(1)], default=0.0) if match else 0.0
        if match and clear >= CLEAR:
            take(seen, layout, name, match[1], strip, clear)


def take(
    seen: Extract, layout: Layout, name: str, value: str, strip: Span, score: float, *,
    text: str = '', firm: bool = True,
) -> None:  # fmt: skip
    """Add to `seen` the `value` that was read in a strip of the page, there as `text` where it is written otherwise."""
    piece = Found(text or value, score, strip.x0, strip.y0, strip.x1, strip.y1)
    seen.fields[name] = Candidate(value, piece, score, firm)
    seen.boxes[name] = layout.box(piece)


def _above(layout: Layout, number: str, x0: float) -> Span | None:
    """Where the name belongs: level with the rest of its label above the number, from where the number begins."""
    own = next((row for row in layout.rows if number in row.text), None)
    if own is None:
        return None
    for row in reversed(layout.rows):
        near = 0.7 * own.height < own.y - row.y < 4 * own.height
        left = [glyph for glyph in row.glyphs if glyph.x1 <= x0 and x0 - glyph.x0 < LABEL_WIDE * own.height]
        if near and any(glyph.char in '名称' for glyph in left):
            start = x0 - 0.3 * own.height
            end = min((glyph.x0 for glyph in row.glyphs if glyph.x0 > x0), default=start + WORDS_WIDE * own.height)
            wide = end - start > 4 * own.height
            return level_strip(layout, row.y, own.height, start, min(1.0, end)) if wide else None
    return None


def _counted(item: ItemReading) -> ItemReading:
    """A quantity that nobody could read is the whole number that price and amount leave."""
    amount, price = decimal(item.amount), decimal(item.unit_price)
    if item.quantity or not amount or not price:
        return item
    count = (amount / price).quantize(Decimal(1))
    return replace(item, quantity=str(count)) if count and fits(count, item.unit_price, amount) else item


def _may_be(item: ItemReading, cell: str, text: str) -> bool:
    """Whether `text` is what such a cell holds; a quantity must also fit price and amount: frame lines look like 1."""
    if not re.fullmatch(CELLS[cell], text):
        return False
    quantity, amount = decimal(text), decimal(item.amount)
    if cell != 'quantity':
        return True
    return quantity is not None and amount is not None and fits(quantity, item.unit_price, amount)


def _strip(
    layout: Layout, table: Table, index: int, cells: dict[str, Found], level: float, height: float
) -> Span | None:
    """Where the empty cell of a column may be: between what its neighbours hold, else their headers."""
    x0, x1 = 0.0, 1.0
    for column in table.columns[:index]:
        held = cells.get(column.cell)
        x0 = max(x0, held.x1 if held else column.x1)
    for column in table.columns[index + 1 :]:
        held = cells.get(column.cell)
        x1 = min(x1, held.x0 if held else column.x0)
    if x1 - x0 < height:
        return None
    return level_strip(layout, level, height, x0, x1)


def level_strip(layout: Layout, level: float, height: float, x0: float, x1: float) -> Span:
    """The part of a row between two places, with the fall that it has in the picture."""
    left, right = layout.height_at(x0, level), layout.height_at(x1, level)
    middle, slope = (left + right) / 2, (right - left) / max(1e-6, x1 - x0)
    slack = abs(right - left) / 2
    return Span('', x0, middle - height / 2 - slack, x1, middle + height / 2 + slack, slope=slope)


def _read(picture: Picture, strip: Span | None, reader: Recogniser) -> str:
    """The text in a strip of the page, frame lines left out; '' where there is none or it is not clear."""
    if strip is None:
        return ''
    # `cut` adds room on both sides for lines that were found; here nothing beyond the neighbours is wanted.
    part = cut(picture, strip, 0.25)
    edge = round(0.25 * strip.height * picture.shape[1])
    part = np.ascontiguousarray(part[:, 2 * edge : max(2 * edge + 4, part.shape[1] - 2 * edge)])
    grey = part.mean(axis=2)
    dark = (grey < np.percentile(grey, 80) - DARKER).astype(np.uint8)
    tall = part.shape[0]
    count, _labels, stats, _centres = cv2.connectedComponentsWithStats(dark)
    blots = [stats[i] for i in range(1, count) if stats[i][4] > 3]
    ink = sorted((int(x), int(x + w)) for x, _y, w, h, _area in blots if h < 0.85 * tall and (h > 0.1 * tall or w > 2))
    if not ink or max(b for _a, b in ink) - min(a for a, _b in ink) > 6 * tall:
        return ''
    start, stop = _widest(ink, 0.5 * tall)
    margin = round(0.3 * tall)
    text, scores = reader.lines([np.ascontiguousarray(part[:, max(0, start - margin) : stop + margin])])[0]
    return ''.join(fold(char) for char in text) if text and min(scores, default=0.0) >= CLEAR else ''


def _widest(ink: list[tuple[int, int]], hole: float) -> tuple[int, int]:
    """The widest group of blots without a hole wider than `hole` pixels."""
    cuts = [0, *(i for i, (a, b) in enumerate(pairwise(ink), 1) if b[0] - a[1] > hole), len(ink)]
    groups = [(ink[a][0], max(right for _left, right in ink[a:b])) for a, b in pairwise(cuts)]
    return max(groups, key=lambda group: group[1] - group[0])
