"""A sketch of what happened, on paper."""

from __future__ import annotations

from claimdesk.reports.sheet import BLACK, GREY, Sheets
from claimdesk.sketch import HEIGHT, WIDTH, Sketch, shapes


def draw_sketch(sheets: Sheets, x: float, y: float, width: float, sketch: Sketch) -> None:
    """Draw the sketch with its lower left corner at (x, y), `width` points wide and in its own proportions."""
    scale = width / WIDTH
    for shape in shapes(sketch):
        points = [(x + px * scale, y + (HEIGHT - py) * scale) for px, py in shape.points]
        shade = GREY if shape.faint else BLACK
        if shape.closed and shape.filled:
            sheets.fill(points, shade)
        if shape.closed:
            points.append(points[0])
        sheets.path(points, max(0.5, shape.thick * scale), shade, '4 3' if shape.dashed else '')
