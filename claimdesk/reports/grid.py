"""A table on paper: thin rules, amounts to the right, its head on every page; as quick for ten thousand rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.fonts import width_of
from claimdesk.reports.sheet import DARK, PALE, Align, Sheets
from claimdesk.reports.typesetting import wrap

SIZE, LEADING, PAD, GUTTER = 9.5, 12.6, 3.2, 7.0
MOST_LINES = 24
"""A cell that needs more lines is cut with a mark: a row has to fit on a page."""

STEP = 200
SEEN, LEAST, MOST = 200, 24.0, 200.0
"""How many rows the widths of columns are fitted to, and how narrow and wide a column may become, in points."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and where its text stands.

    `paint(row, x, y, width, height)` draws into the cell of each row, (x, y) being its lower left corner.
    """

    title: str
    share: float
    align: Align = 'left'
    paint: Callable[[int, float, float, float, float], None] | None = None


def fitted(columns: Sequence[Column], rows: Sequence[Sequence[str]], size: float = SIZE) -> list[Column]:
    """The columns with shares that fit what stands in them, as far as the first rows show."""
    shares = []
    for place, column in enumerate(columns):
        words = max((width_of(word, size, True) for word in column.title.split()), default=0.0)
        widest = max((width_of(row[place], size) for row in rows[:SEEN]), default=0.0)
        shares.append(max(LEAST, words, width_of(column.title, size, True) / 2, min(widest, MOST)) + GUTTER + 4)
    return [replace(column, share=share) for column, share in zip(columns, shares, strict=True)]


class Sheet(Protocol):
    """Where a table is drawn: what of `Paper` it needs."""

    sheets: Sheets
    left: float
    right: float
    bottom: float
    y: float

    def new_page(self) -> None:
        """Go on to a new page."""


class Grid:
    """A table under way on `paper`."""

    def __init__(self, paper: Sheet, columns: Sequence[Column], progress: Progress = quiet, size: float = SIZE) -> None:
        self._paper = paper
        self._columns = columns
        self._progress = progress
        self._size, self._leading = size, LEADING * size / SIZE
        whole = sum(column.share for column in columns)
        width = paper.right - paper.left
        self._places: list[tuple[float, float, Align]] = []
        at = paper.left
        for column in columns:
            wide = width * column.share / whole
            gutter = 0 if at + wide > paper.right - 1 else GUTTER
            x = {'left': at, 'right': at + wide - gutter, 'centre': at + (wide - gutter) / 2}[column.align]
            self._places.append((x, wide - gutter, column.align))
            at += wide
        placed = zip(columns, self._places, strict=True)
        self._painted = [(column.paint, place) for column, place in placed if column.paint is not None]

    def draw(self, rows: Sequence[Sequence[str]], total: Sequence[str] = ()) -> None:
        """Draw the rows below what is there already, then `total`."""
        paper = self._paper
        head = self._lines([column.title for column in self._columns], bold=True)
        first = self._height(self._lines(rows[0])) if rows else 0
        if paper.y - self._height(head) - first - 4 < paper.bottom:
            paper.new_page()
        self._head(head)
        last = self._lines(total, bold=True) if total else []
        below = self._height(last) + 22 if last else 0
        for number, row in enumerate(rows):
            if number % STEP == 0:
                self._progress(number, len(rows), _("Writing rows"))
            top = self._row(self._lines(row), head, below=below if number == len(rows) - 1 else 0)
            for paint, (x, wide, _align) in self._painted:
                paint(number, x, paper.y, wide, top - paper.y)
            paper.sheets.rule(paper.left, paper.y, paper.right, 0.25, PALE)
        if last:
            self._row(last, head, bold=True)
        paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)
        paper.y -= 2

    def _head(self, head: list[list[str]]) -> None:
        paper = self._paper
        paper.y -= 2
        self._write(head, bold=True, shade=DARK)
        paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)

    def _row(self, lines: list[list[str]], head: list[list[str]], *, bold: bool = False, below: float = 0) -> float:
        """Draw a row, on a new page where it and `below` points more find no room; where it begins."""
        paper = self._paper
        if paper.y - self._height(lines) - below < paper.bottom:
            paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)
            paper.new_page()
            self._head(head)
        if bold:
            paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)
        top = paper.y
        self._write(lines, bold=bold)
        return top

    def _write(self, lines: list[list[str]], *, bold: bool = False, shade: float = 0.0) -> None:
        paper, size = self._paper, self._size
        top = paper.y - PAD - size * 0.88
        put = paper.sheets.put
        for (x, _wide, align), cell in zip(self._places, lines, strict=True):
            y = top
            for line in cell:
                put(x, y, line, size, bold=bold, align=align, shade=shade)
                y -= self._leading
        paper.y -= self._height(lines)

    def _lines(self, row: Sequence[str], *, bold: bool = False) -> list[list[str]]:
        size = self._size
        return [
            wrap(text, wide, size, bold, MOST_LINES)
            for text, (_x, wide, _align) in zip(row, self._places, strict=True)
        ]

    def _height(self, lines: list[list[str]]) -> float:
        return max(map(len, lines)) * self._leading + 2 * PAD - 1
