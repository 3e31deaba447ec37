"""Marks on copies of pages: highlights, frames and notes over a page; black over a new picture of it, for good."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from claimdesk.language import _
from claimdesk.reports.sheet import Sheets
from claimdesk.reports.typesetting import wrap
from claimdesk.vocabulary import MarkKind

Box = tuple[float, float, float, float]

NOTE_WIDTH, NOTE_SIZE, NOTE_LINES = 170.0, 8.0, 12
YELLOW, PALE_YELLOW, RED, AMBER = (1.0, 0.9, 0.2), (1.0, 0.97, 0.8), (0.82, 0.1, 0.1), (0.72, 0.45, 0.0)
QUALITY = 90
MARGIN = 0.002
"""Text this near to a blacked-out place goes with it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A mark on a page as it is shown: x, y, width and height as fractions, y from above."""

    kind: MarkKind
    box: Box
    note: str = ''


def overlay(size: tuple[float, float], marks: Sequence[Drawn]) -> bytes:
    """A sheet of that size in points, with nothing on it but the marks; what is blacked out is not drawn here."""
    sheets = Sheets(size, _("Marks"), 'ClaimDesk')
    for mark in marks:
        if mark.kind is MarkKind.HIGHLIGHT:
            _highlight(sheets, _placed(mark.box, size))
        elif mark.kind is not MarkKind.BLACKOUT:
            sheets.setStrokeColorRGB(*(RED if mark.kind is MarkKind.BOX else AMBER))
            sheets.setLineWidth(1.4)
            sheets.rect(*_placed(mark.box, size), stroke=1, fill=0)
    for mark in marks:
        if mark.note and mark.kind is not MarkKind.BLACKOUT:
            _write(sheets, size, _placed(mark.box, size), mark.note)
    return sheets.finish(lambda _page, _pages: None)


def blacked_out(picture: bytes, boxes: Sequence[Box], size: tuple[float, float]) -> bytes:
    """The picture of a page as a new JPEG in which nothing is left of these places; `size` is its sheet in points."""
    with Image.open(io.BytesIO(picture)) as drawn:
        image = drawn.convert('RGB')
    pen = ImageDraw.Draw(image)
    for x, y, wide, high in boxes:
        left, top = int(x * image.width) - 1, int(y * image.height) - 1
        right, bottom = int((x + wide) * image.width) + 1, int((y + high) * image.height) + 1
        pen.rectangle((left, top, right, bottom), fill=(0, 0, 0))
    out = io.BytesIO()
    dots = (72 * image.width / size[0], 72 * image.height / size[1])
    image.save(out, 'JPEG', quality=QUALITY, dpi=dots)
    return out.getvalue()


def touches(box: Box, others: Sequence[Box]) -> bool:
    """Whether a place lies under or close beside one of the others."""
    x, y, wide, high = box
    return any(
        x < left + across + MARGIN and left < x + wide + MARGIN and y < top + down + MARGIN and top < y + high + MARGIN
        for left, top, across, down in others
    )


def _placed(box: Box, size: tuple[float, float]) -> tuple[float, float, float, float]:
    x, y, wide, high = box
    return x * size[0], (1 - y - high) * size[1], wide * size[0], high * size[1]


def _highlight(sheets: Sheets, place: tuple[float, float, float, float]) -> None:
    sheets.saveState()
    sheets.setFillColorRGB(*YELLOW)
    sheets.setFillAlpha(0.55)
    sheets.setBlendMode('Multiply')
    sheets.rect(*place, stroke=0, fill=1)
    sheets.restoreState()


def _write(
    sheets: Sheets, size: tuple[float, float], place: tuple[float, float, float, float], note: str
) -> None:
    """The note in a small box below its place, or above it where there is no room."""
    x, y, _wide, high = place
    lines = wrap(note, min(NOTE_WIDTH, size[0] - 20), NOTE_SIZE, most=NOTE_LINES)
    across, down = min(NOTE_WIDTH, size[0] - 20) + 10, len(lines) * NOTE_SIZE * 1.4 + 8
    left = max(4.0, min(x, size[0] - across - 4))
    low = y - down - 2 if y - down - 2 > 4 else min(y + high + 2, size[1] - down - 4)
    sheets.setFillColorRGB(*PALE_YELLOW)
    sheets.setStrokeColorRGB(*AMBER)
    sheets.setLineWidth(0.6)
    sheets.rect(left, low, across, down, stroke=1, fill=1)
    for number, line in enumerate(lines, 1):
        sheets.put(left + 5, low + down - 2 - number * NOTE_SIZE * 1.4, line, NOTE_SIZE)
