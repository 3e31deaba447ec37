"""A page of paper as a list of texts, lines, seals and a code, before anything draws it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

WIDE = 610.0
BROWN, BLACK = (128, 42, 12), (20, 20, 20)
Colour = tuple[int, int, int]
Align = Literal['l', 'c', 'r']


@dataclass(slots=True)
class Form:
    """A page to draw, in points from its upper left corner; text stands on its baseline.

    `ink` is the colour of its own lines and labels; `code` (x, y, side, text) its QR code, `seals` are ovals as
    (x, y, half width, half height, words along the rim, in the middle, below).
    """

    high: float = 400.0
    wide: float = WIDE
    texts: list[tuple[float, float, str, float, Colour, Align]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    seals: list[tuple[float, float, float, float, str, str, str]] = field(default_factory=list)
    code: tuple[float, float, float, str] = (0, 0, 0, '')
    circles: list[tuple[float, float, float]] = field(default_factory=list)
    ink: Colour = BROWN

    def write(
        self, x: float, y: float, words: str, size: float = 9.0, colour: Colour = BLACK, align: Align = 'l'
    ) -> None:
        """Print `words`."""
        if words:
            self.texts.append((x, y, words, size, colour, align))

    def label(self, x: float, y: float, words: str, size: float = 8.6, align: Align = 'l') -> None:
        """Print words that belong to the form itself."""
        self.write(x, y, words, size, self.ink, align)

    def down(self, x: float, y: float, words: str, pitch: float) -> None:
        """Print words from top to bottom."""
        for place, sign in enumerate(words):
            self.label(x, y + place * pitch, sign, align='c')

    def rule(self, *points: tuple[float, float, float, float]) -> None:
        """Draw straight lines."""
        self.lines.extend(points)

    def cross(self, x: float, y: float) -> None:
        """The crossed circle before an amount in capitals."""
        radius = 4.2
        self.circles.append((x, y, radius))
        slant = radius * 0.7
        self.rule((x - slant, y - slant, x + slant, y + slant), (x - slant, y + slant, x + slant, y - slant))

    def misprinted(self, across: float, down: float) -> Form:
        """The page as a printer gives it that was fed crookedly: what is filled in stands off from the form."""
        moved: list[tuple[float, float, str, float, Colour, Align]] = []
        for x, y, words, size, colour, align in self.texts:
            filled = colour != self.ink
            moved.append((x + across * filled, y + down * filled, words, size, colour, align))
        return replace(self, texts=moved)
