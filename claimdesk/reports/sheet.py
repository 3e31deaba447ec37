"""The sheets of a PDF document: text, lines and boxes put at a place, and pages kept until their number is known."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from claimdesk import language
from claimdesk.reports.fonts import letters, own_font

Align = Literal['left', 'right', 'centre']
BLACK, DARK, GREY, PALE = 0.0, 0.25, 0.42, 0.80
"""Shades of black: text, secondary text, faint text, hairlines; all hold on a black-and-white laser printer."""


class Sheets(Canvas):  # type: ignore[misc]
    """A document under way. Places are in points from the lower left corner of the sheet.

    `unknown` counts the characters that no font has, and that were drawn as a visible mark.
    """

    def __init__(self, size: tuple[float, float], title: str, author: str) -> None:
        self._out = io.BytesIO()
        super().__init__(self._out, pagesize=size, pageCompression=1, lang=language.current().replace('_', '-'))
        self.setTitle(title)
        self.setAuthor(author)
        self.setCreator('ClaimDesk')
        self.unknown: Counter[str] = Counter()
        self._turned: list[dict[str, Any]] = []
        self._fonts: dict[str, Any] = {}
        self._coded: dict[tuple[str, bool, float], tuple[str, float]] = {}

    def put(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = 'left',
        shade: float = BLACK,
    ) -> None:
        """Write one line of text on the base line `y`, beginning, ending or centred at `x`."""
        coded, ems = self._coded.get((text, bold, size)) or self._code_text(text, bold, size)
        if align != 'left':
            x -= ems * size * (1 if align == 'right' else 0.5)
        if coded:
            self._code.append(f'BT {shade:g} g 1 0 0 1 {x:.2f} {y:.2f} Tm {coded} ET')

    def rule(self, x1: float, y: float, x2: float, thick: float = 0.5, shade: float = BLACK) -> None:
        """Draw a level line."""
        self._code.append(f'{shade:g} G {thick:g} w {x1:.2f} {y:.2f} m {x2:.2f} {y:.2f} l S')

    def box(self, x: float, y: float, width: float, height: float, shade: float) -> None:
        """Fill a rectangle; (x, y) is its lower left corner."""
        self._code.append(f'{shade:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f')

    def frame(self, x: float, y: float, width: float, height: float, thick: float = 0.4, shade: float = BLACK) -> None:
        """Draw the outline of a rectangle."""
        self._code.append(f'{shade:g} G {thick:g} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S')

    def path(self, points: list[tuple[float, float]], thick: float = 1.0, shade: float = BLACK, dash: str = '') -> None:
        """Draw a line through `points`; `dash` is a pattern such as '2 2'."""
        steps = ' '.join(f'{x:.2f} {y:.2f} {"l" if place else "m"}' for place, (x, y) in enumerate(points))
        self._code.append(f'q {shade:g} G {thick:g} w 1 J 1 j [{dash}] 0 d {steps} S Q')

    def fill(self, points: list[tuple[float, float]], shade: float) -> None:
        """Fill the figure inside `points`."""
        steps = ' '.join(f'{x:.2f} {y:.2f} {"l" if place else "m"}' for place, (x, y) in enumerate(points))
        self._code.append(f'{shade:g} g {steps} h f')

    def picture(self, x: float, y: float, width: float, height: float, image: bytes) -> None:
        """Draw a picture inside a rectangle, in its own proportions and in the middle."""
        self.drawImage(
            ImageReader(io.BytesIO(image)), x, y, width, height, preserveAspectRatio=True, anchor='c', mask='auto'
        )

    def turn(self) -> None:
        """Begin a new page. The finished one is kept: its foot is drawn when the number of pages is known."""
        self._code[:] = ['\n'.join(self._code)]
        self._turned.append(dict(self.__dict__))
        self._startPage()

    def finish(self, foot: Callable[[int, int], None]) -> bytes:
        """The document; `foot(page, pages)` is called on each page, which is then closed."""
        self.turn()
        pages = list(self._turned)
        shared = {name: self.__dict__[name] for name in ('unknown', '_fonts', '_coded')}
        for number, page in enumerate(pages, 1):
            self.__dict__.update(page)
            self.__dict__.update(shared)
            foot(number, len(pages))
            self.showPage()
        self.save()
        return self._out.getvalue()

    def _make_preamble(self) -> None:
        # Each page would begin with Helvetica, which is not embedded and draws nothing here.
        self._preamble = ''

    def _code_text(self, text: str, bold: bool, size: float) -> tuple[str, float]:
        line = letters(text, bold)
        self.unknown.update(line.unknown)
        code = []
        for name, piece in line.runs:
            font = self._fonts.get(name)
            if font is None:
                font = self._fonts[name] = own_font(name)
            for subset, chunk in font.splitString(piece, self._doc):
                code.append(f'{font.getSubsetInternalName(subset, self._doc)} {size:g} Tf <{chunk.hex()}> Tj')
        made = self._coded[text, bold, size] = (' '.join(code), line.width)
        return made
