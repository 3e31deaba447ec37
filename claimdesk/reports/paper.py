"""The office's paper: A4 sheets with head and foot, filled from top to bottom with sections, facts, text and tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4, landscape

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.grid import Column, Grid
from claimdesk.reports.sheet import BLACK, DARK, GREY, PALE, Sheets
from claimdesk.reports.typesetting import cut, wrap

MARGIN, FOOT = 51.0, 52.0
BODY, SMALL, LEAD = 10.5, 8.5, 1.45


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every sheet: the office, the title, the case number ('' for none), who printed it and when."""

    office: str
    title: str
    number: str
    printed_by: str
    printed_at: dt.datetime
    subtitle: str = ''


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and its value; `span` columns wide, `strong` where the eye should go first."""

    name: str
    value: str
    span: int = 1
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG or JPEG) and what stands below it."""

    image: bytes
    caption: str


class Paper:
    """A document that is written from top to bottom; `y` is where the next thing begins, `left` to `right` its width.

    Times are given as local times. `progress` is called for each page and may raise `Cancelled`.
    """

    def __init__(self, head: Head, *, wide: bool = False, progress: Progress = quiet) -> None:
        across, up = (float(edge) for edge in (landscape(A4) if wide else A4))
        self.head = head
        self.sheets = Sheets((across, up), ' '.join(filter(None, (head.title, head.number))), head.office)
        self.left, self.right, self.top, self.bottom = MARGIN, across - MARGIN, up - 36, FOOT
        self.pages = 1
        self._progress = progress
        self._code = Code128(head.number, barHeight=20, barWidth=0.72, quiet=0) if head.number else None
        self.y = self._first_head()

    @property
    def width(self) -> float:
        """The width between the margins, in points."""
        return self.right - self.left

    def need(self, height: float) -> None:
        """Go on to a new page unless there is room for `height` points."""
        if self.y - height < self.bottom:
            self.new_page()

    def new_page(self) -> None:
        """Go on to a new page."""
        self._progress(self.pages, 0, _("Page {page}").format(page=self.pages))
        self.sheets.turn()
        self.pages += 1
        self.y = self._next_head()

    def gap(self, height: float) -> None:
        """Leave `height` points free."""
        self.y -= height

    def section(self, title: str, note: str = '', keep: float = 60) -> None:
        """A heading with a thin rule; at least `keep` points of what follows stay on its page."""
        self.need(34 + keep)
        self.gap(22)
        self.sheets.put(self.left, self.y, title, 11.5, bold=True)
        if note:
            self.sheets.put(self.right, self.y, note, SMALL, align='right', shade=GREY)
        self.gap(6)
        self.sheets.rule(self.left, self.y, self.right, 0.6)
        self.gap(4)

    def text(
        self, text: str, *, size: float = BODY, shade: float = BLACK, bold: bool = False, indent: float = 0
    ) -> None:
        """A paragraph, going on to the next page where it must."""
        for line in wrap(text, self.width - indent, size, bold):
            self.need(size * LEAD)
            self.gap(size * LEAD)
            self.sheets.put(self.left + indent, self.y + size * 0.25, line, size, bold=bold, shade=shade)

    def facts(self, facts: Sequence[Fact], columns: int = 3) -> None:
        """Names above their values, in columns, hairlines between the rows."""
        rows = _rows(facts, columns)
        step = self.width / columns
        for number, row in enumerate(rows):
            cells, place = [], 0
            for fact in row:
                wide = step * fact.span - 10
                size = BODY + 2 if fact.strong else BODY
                cells.append((place, fact, size, wrap(fact.value or '–', wide, size, fact.strong, most=12)))
                place += fact.span
            height = 17 + max(size * 1.35 * len(lines) for _place, _fact, size, lines in cells) + 3
            self.need(height)
            for place, fact, size, lines in cells:
                x = self.left + place * step
                self.sheets.put(x, self.y - 11, cut(fact.name, step * fact.span - 10, SMALL), SMALL, shade=GREY)
                for down, line in enumerate(lines):
                    self.sheets.put(x, self.y - 25 - down * size * 1.35, line, size, bold=fact.strong)
            self.gap(height)
            if number < len(rows) - 1:
                self.sheets.rule(self.left, self.y, self.right, 0.25, PALE)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], total: Sequence[str] = ()) -> None:
        """A table, its head repeated on every page; `total` is a last row that stands out."""
        Grid(self, columns, self._progress).draw(rows, total)

    def pictures(self, pictures: Sequence[Picture], columns: int = 4, height: float = 110) -> None:
        """Small pictures side by side, each with a caption."""
        step = self.width / columns
        for first in range(0, len(pictures), columns):
            self.need(height + 30)
            for place, picture in enumerate(pictures[first : first + columns]):
                x, wide = self.left + place * step, step - 8
                self.sheets.frame(x, self.y - height - 4, wide, height, 0.3, PALE)
                self.sheets.picture(x + 3, self.y - height - 1, wide - 6, height - 6, picture.image)
                for down, line in enumerate(wrap(picture.caption, wide, 8, most=2)):
                    self.sheets.put(x, self.y - height - 14 - down * 10, line, 8, shade=DARK)
            self.gap(height + 32)

    def signatures(self, names: Sequence[str]) -> None:
        """Lines to sign on, with room for the date."""
        self.need(80)
        self.gap(46)
        step = self.width / len(names)
        for place, name in enumerate(names):
            x = self.left + place * step
            self.sheets.put(x, self.y, name, BODY)
            self.sheets.rule(x, self.y - 24, x + step - 18, 0.5)
            self.sheets.put(x, self.y - 36, _("Signature and date"), 8, shade=GREY)
        self.gap(40)

    def finish(self) -> bytes:
        """The document as PDF. Characters that no font has are named on its last page."""
        if self.sheets.unknown:
            names = _(", ").join(f'U+{ord(char):04X} × {count}' for char, count in self.sheets.unknown.most_common(12))
            self.gap(8)
            sentence = _("Characters that no font here can draw are printed as □: {names}.")
            self.text(sentence.format(names=names), size=SMALL, shade=GREY)
        return self.sheets.finish(self._foot)

    def _first_head(self) -> float:
        self._office_and_code(10.5)
        y = self.top - 46
        for line in wrap(self.head.title, self.width, 18, bold=True):
            self.sheets.put((self.left + self.right) / 2, y, line, 18, bold=True, align='centre')
            y -= 22
        if self.head.subtitle:
            self.sheets.put((self.left + self.right) / 2, y, self.head.subtitle, BODY, align='centre', shade=DARK)
            y -= 16
        self.sheets.rule(self.left, y + 6, self.right, 1.0)
        return y + 2

    def _next_head(self) -> float:
        self._office_and_code(9)
        middle = self.head.title + (f' · {self.head.subtitle}' if self.head.subtitle and not self._code else '')
        self.sheets.put((self.left + self.right) / 2, self.top, cut(middle, self.width / 3, 9), 9, align='centre')
        y = self.top - (32 if self._code else 9)
        self.sheets.rule(self.left, y, self.right, 0.5)
        return y - 4

    def _office_and_code(self, size: float) -> None:
        self.sheets.put(self.left, self.top, cut(self.head.office, self.width * 0.32, size, True), size, bold=True)
        if self._code is not None:
            x = self.right - self._code.width
            self._code.drawOn(self.sheets, x, self.top - 12)
            self.sheets.put(x + self._code.width / 2, self.top - 22, self.head.number, 8.5, align='centre')

    def _foot(self, page: int, pages: int) -> None:
        by = _("Printed by {name}, {time}").format(
            name=self.head.printed_by, time=self.head.printed_at.strftime('%Y-%m-%d %H:%M')
        )
        counted = _("Page {page} of {pages}").format(page=page, pages=pages)
        self.sheets.rule(self.left, 40, self.right, 0.4)
        self.sheets.put(self.left, 28, cut(by, self.width * 0.7, 8), 8, shade=DARK)
        self.sheets.put(self.right, 28, counted, 8, align='right', shade=DARK)


def _rows(facts: Sequence[Fact], columns: int) -> list[list[Fact]]:
    rows: list[list[Fact]] = []
    free = 0
    for fact in facts:
        if fact.span > free:
            rows.append([])
            free = columns
        rows[-1].append(fact)
        free -= fact.span
    return rows
