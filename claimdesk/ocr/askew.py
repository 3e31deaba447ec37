"""How far what was printed into a form stands off from its lines: as far all over the page, up or down."""

from __future__ import annotations

from collections.abc import Iterable

from claimdesk.ocr.layout import Found, Label, Layout

ALIKE = 0.25
"""How many heights of a row two values of one print may differ in their distance from their labels."""
MARKS = ':;.)'
"""What ends a label."""
LEAST = 3
"""How many labels must have a value at that distance."""


def offset(layout: Layout, label: Label, piece: Found) -> float | None:
    """How far below its label a piece stands, in heights of the row; None where both are one run of print."""
    row = label.row
    told = {glyph.span for glyph in row.glyphs[label.start : label.end]}
    runs_on = any(glyph.span in told and glyph.char not in MARKS for glyph in row.glyphs[label.end : label.end + 2])
    other = next((index for index in piece.spans if index not in told), None)
    if other is None or (runs_on and told & set(piece.spans)):
        return None

    def level(index: int) -> float:
        span = layout.spans[index]
        return (span.y0 + span.y1) / 2 - layout.height_at((span.x0 + span.x1) / 2, row.y)

    return (level(other) - level(min(told))) / row.height


def usual(offsets: Iterable[Iterable[float]]) -> float | None:
    """The distance at which most labels have a value, out of those that each may have; None where it is open."""
    of_each = [tuple(one) for one in offsets]
    votes = sorted(
        ((sum(any(abs(one - other) <= ALIKE for other in those) for those in of_each), -abs(one), one)
         for those in of_each for one in those),
        reverse=True,
    )  # fmt: skip
    if not votes or votes[0][0] < LEAST:
        return None
    most, _size, best = votes[0]
    rivals = [count for count, _size, one in votes if abs(one - best) > 2 * ALIKE]
    return None if rivals and rivals[0] >= most else best
