"""The sums of an invoice: amount, tax, total, and the total in capitals."""

from __future__ import annotations

import re

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate, candidate
from claimdesk.ocr.items import Table, sum_words
from claimdesk.ocr.layout import Found, Layout, Row

SUBTOTAL = '小计'
"""Ends every page but the last of a long list."""
_TOTAL_LABEL = r'价税合计|价税.{0,2}计|[(]大写[)]|大写[)]|[(]小写[)]?'


def read_sums(layout: Layout, table: Table | None) -> tuple[dict[str, Candidate], Row | None]:
    """The four sums, and the row (合计, else 价税合计, else 小计) where the lines of the table end."""
    out: dict[str, Candidate] = {}
    top = table.row.y if table else 0.0
    total_rows = [label.row for label in layout.find(_TOTAL_LABEL) if label.y > top]
    if not total_rows:
        total_rows = [label.row for label in layout.near('价税合计(大写)', 60) if label.y > top][:1]
    anchor = total_rows[0] if total_rows else None
    if anchor is not None:
        _total(layout, anchor, total_rows, out)
    sum_row = _sum_row(layout, top, anchor)
    if sum_row is not None:
        _amount_and_tax(layout, sum_row, table, out)
    subtotal = next((label.row for label in layout.find(SUBTOTAL) if label.y > top), None)
    return out, sum_row or anchor or subtotal


def _total(layout: Layout, anchor: Row, rows: list[Row], out: dict[str, Candidate]) -> None:
    close = [row for row in layout.rows if abs(row.y - anchor.y) < 1.2 * anchor.height or row in rows]
    best_capital: tuple[int, Candidate] | None = None
    for row in close:
        for match in re.finditer(rf'(?:[(]?负数?[)]?)?{values.CAPITAL_RUN.pattern}', row.text):
            piece = row.piece(match.start(), match.end())
            if piece and (best_capital is None or len(match[0]) > best_capital[0]):
                best_capital = (len(match[0]), candidate(values.capital(piece.text), piece))
    if best_capital:
        out['total_capital'] = best_capital[1]
    numbers = []
    for row in close:
        small = re.search(r'小写[)]?[:;]?', row.text)
        for piece in sum_words(row):
            after = small is not None and piece.x0 >= row.glyphs[small.end() - 1].x0
            numbers.append((after, abs(row.y - anchor.y) < 0.3 * row.height, piece))
    for _, _, piece in sorted(numbers, key=lambda entry: (not entry[0], not entry[1])):
        value = values.money(piece.text)
        if values.decimal(value) is not None and value not in values.NO_TAX:
            out['total'] = candidate(value, piece)
            return


def _sum_row(layout: Layout, top: float, anchor: Row | None) -> Row | None:
    below = [row for row in layout.rows if row.y > top and (anchor is None or row.y < anchor.y - 0.5 * anchor.height)]
    below = [row for row in reversed(below) if SUBTOTAL not in row.text]
    for row in below:
        if re.search(r'(?<!税)合.{0,1}计|^合|^[^\d]{0,2}计[¥￥\d*]', row.text):
            return row
    return next((row for row in below if re.search(r'[¥￥]', row.text)), None)


def _amount_and_tax(layout: Layout, sum_row: Row, table: Table | None, out: dict[str, Candidate]) -> None:
    words = sum_words(sum_row)
    for row in layout.rows:
        if row is not sum_row and abs(row.y - sum_row.y) < 1.0 * sum_row.height:
            words += sum_words(row)
    words.sort(key=lambda word: word.x0)
    amount_column = table.column('amount') if table else None
    tax_column = table.column('tax') if table else None
    middles = [column.middle if column else None for column in (amount_column, tax_column)]
    for word in words:
        field = _nearer(word, *middles)
        if not field:
            field = 'amount' if word is words[0] else 'tax'
        value = values.money(word.text)
        if value and not (field == 'amount' and value in values.NO_TAX):
            out.setdefault(field, candidate(value, word))


def _nearer(word: Found, amount: float | None, tax: float | None) -> str:
    if amount is None or tax is None:
        return ''
    middle = (word.x0 + word.x1) / 2
    return 'amount' if abs(middle - amount) < abs(middle - tax) else 'tax'
