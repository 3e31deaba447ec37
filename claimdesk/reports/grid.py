"""A table on paper: thin rules, amounts to the right, its head on every page; as quick for ten thousand rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.sheet import DARK, PALE, Align, Sheets
from claimdesk.reports.typesetting import wrap

SIZE, LEADING, PAD, GUTTER = 9.5, 12.6, 3.2, 7.0
MOST_LINES = 24
"""A cell that needs more lines is cut with a mark: a row has to fit on a page."""

STEP = 200


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its share of the width, and where its text stands."""

    title: str
    share: float
    align: Align = 'left'


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

    def draw(self, rows: Sequence[Sequence[str]], total: Sequence[str] = ()) -> None:
        """Draw the rows below what is there already, then `total`."""
        paper = self._paper
        head = self._lines([column.title for column in self._columns], bold=True)
        first = self._height(self._lines(rows[0])) if rows else 0
        if paper.y - self._height(head) - first - 4 < paper.bottom:
            paper.new_page()
        self._head(head)
        for number, row in enumerate(rows):
            if number % STEP == 0:
                self._progress(number, len(rows), _("Writing rows"))
            self._row(self._lines(row), head)
            paper.sheets.rule(paper.left, paper.y, paper.right, 0.25, PALE)
        if total:
            self._row(self._lines(total, bold=True), head, bold=True)
        paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)
        paper.y -= 2

    def _head(self, head: list[list[str]]) -> None:
        paper = self._paper
        paper.y -= 2
        self._write(head, bold=True, shade=DARK)
        paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)

    def _row(self, lines: list[list[str]], head: list[list[str]], *, bold: bool = False) -> None:
        paper = self._paper
        if paper.y - self._height(lines) < paper.bottom:
            paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)
            paper.new_page()
            self._head(head)
        if bold:
            paper.sheets.rule(paper.left, paper.y, paper.right, 0.6)
        self._write(lines, bold=bold)

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
