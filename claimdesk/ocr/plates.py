"""Licence plates on photos: found by the engine or by the colour of their ground, and read by two models.

Only what both models read alike counts as sure; a plate of which the province was not read begins with '?'.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from claimdesk.errors import Unavailable
from claimdesk.identifiers import normalise_plate, plate_ok
from claimdesk.ocr.engines import EngineChoice, load_engine
from claimdesk.ocr.engines.line import LineReader, first_reader, second_reader
from claimdesk.ocr.layout import Span
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import Box

UNKNOWN = '?'
"""Stands for a province that was not read."""
AGREED, ALONE = 0.97, 0.7
MOST_PATCHES, MOST_PLATES = 4, 6
LEAST_WIDE = 40
"""Pixels: on a narrower plate nothing can be read."""
_SHAPE = re.compile(r'[\u4e00-\u9fff]?[A-Z][ ·・•.\-_]{0,2}(?:[A-Z0-9]{5,6}|[A-Z0-9]{4}[挂学警港澳])')
_UPPER, _LOWER = re.compile(r'[\u4e00-\u9fff][ ·・•.\-_]?[A-Z]'), re.compile(r'[A-Z0-9]{4}[A-Z0-9挂学警港澳]')
"""The two lines of a plate of lorries and trailers."""
_SERIAL = str.maketrans('IO', '10')
"""Letters that no serial number has."""
_GROUNDS = (((96, 90, 60), (130, 255, 255)), ((36, 40, 110), (88, 255, 255)), ((14, 110, 120), (34, 255, 255)))
"""Blue, the green of new energy, yellow: hue, saturation and value as OpenCV counts them."""


@dataclass(frozen=True, slots=True)
class PlateSeen:
    """A plate on a photo, as fractions of the upright photo; below 0.9 nobody should rely on its text."""

    text: str
    confidence: float
    box: Box


def plates_on(picture: Picture) -> tuple[PlateSeen, ...]:
    """The plates on a photo, the widest first. Raises `Unavailable` where no engine can be loaded."""
    high, wide = picture.shape[:2]
    found: dict[str, PlateSeen] = {}
    for left, top, right, bottom, said in (*_read(picture), *_coloured(picture)):
        if right - left < LEAST_WIDE or any(_inside(left / wide, top / high, one.box) for one in found.values()):
            continue
        patch = _enlarged(picture, left, top, right, bottom)
        plate = _weighed([said, _again(first_reader(), patch)], _again(second_reader(), patch))
        if plate is not None:
            box = Box(left / wide, top / high, (right - left) / wide, (bottom - top) / high)
            found.setdefault(plate[0], PlateSeen(*plate, box))
        if len(found) == MOST_PLATES:
            break
    return tuple(sorted(found.values(), key=lambda one: -one.box.width))


def plate_in(text: str) -> str:
    """The plate that a line of print spells, '' for none; '?' in place of a province that is no province."""
    for match in _SHAPE.finditer(text.upper()):
        plain = normalise_plate(match[0].replace('・', '').replace('_', ''))
        province, rest = (plain[0], plain[1:]) if not plain[0].isascii() else ('', plain)
        rest = rest[0] + rest[1:].translate(_SERIAL)
        if province and plate_ok(province + rest):
            return province + rest
        if plate_ok(f'京{rest}'):
            return UNKNOWN + rest
    return ''


def _read(picture: Picture) -> Iterator[tuple[int, int, int, int, str]]:
    """Runs of print that may be a plate: their place in pixels, and what the engine read."""
    try:
        engine = load_engine(EngineChoice.RAPID)
    except Unavailable:
        engine = load_engine(EngineChoice.TESSERACT)
    wide = picture.shape[1]
    spans = engine.spans(picture)
    for span in (*spans, *_in_two_lines(spans)):
        if plate_in(span.text):
            yield round(span.x0 * wide), round(span.y0 * wide), round(span.x1 * wide), round(span.y1 * wide), span.text


def _in_two_lines(spans: Sequence[Span]) -> Iterator[Span]:
    """Province and letter in the middle right above the rest, as one run; no model reads both lines again."""
    for upper in (span for span in spans if _UPPER.fullmatch(span.text.upper())):
        for lower in (span for span in spans if _LOWER.fullmatch(span.text.upper())):
            wide, high = lower.x1 - lower.x0, lower.y1 - lower.y0
            level = abs((upper.x0 + upper.x1) - (lower.x0 + lower.x1)) < 0.4 * wide
            if level and -0.4 * high < lower.y0 - upper.y1 < 0.8 * high:
                x0, x1 = min(upper.x0, lower.x0), max(upper.x1, lower.x1)
                yield Span(upper.text + lower.text, x0, upper.y0, x1, lower.y1, min(upper.score, lower.score))


def _coloured(picture: Picture) -> Iterator[tuple[int, int, int, int, str]]:
    """Places with the ground of a plate and its shape, the largest first; nothing is read yet."""
    shades = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    found = []
    for low, most in _GROUNDS:
        ground = cv2.inRange(shades, np.array(low, np.uint8), np.array(most, np.uint8))
        ground = cv2.morphologyEx(ground, cv2.MORPH_CLOSE, np.ones((5, 17), np.uint8))
        found += [place for place in _boxes(np.asarray(ground, np.uint8)) if _like_a_plate(place)]
    for left, top, wide, high in sorted(found, key=lambda place: -place[2])[:MOST_PATCHES]:
        yield left, top, left + wide, top + high, ''


def _boxes(ground: NDArray[np.uint8]) -> Iterable[tuple[int, int, int, int]]:
    contours, _tree = cv2.findContours(ground, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        left, top, wide, high = cv2.boundingRect(contour)
        if cv2.contourArea(contour) > 0.55 * wide * high:
            yield left, top, wide, high


def _like_a_plate(place: tuple[int, int, int, int]) -> bool:
    _left, _top, wide, high = place
    return wide >= LEAST_WIDE and high >= 12 and 2.0 <= wide / high <= 5.0


def _enlarged(picture: Picture, left: int, top: int, right: int, bottom: int) -> Picture:
    high, wide = picture.shape[:2]
    room = round((bottom - top) * 0.08)
    patch = picture[max(0, top - room) : min(high, bottom + room), max(0, left - room) : min(wide, right + room)]
    scale = max(1.0, 96 / max(1, patch.shape[0]))
    return np.asarray(cv2.resize(patch, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _again(reader: LineReader | None, patch: Picture) -> str:
    return reader.lines([patch])[0][0] if reader is not None else ''


def _weighed(first: Iterable[str], second: str) -> tuple[str, float] | None:
    """The plate that the readings spell, whole ones before those without a province; None where none does.

    `first` are readings of one model, which agree easily: sure is only what the `second` model reads as well.
    """
    seen = [plate for text in first if (plate := plate_in(text))]
    other = plate_in(second)
    plates = [*seen, *([other] if other else ())]
    if not plates:
        return None
    best = max(dict.fromkeys(plates), key=lambda plate: (plate[0] != UNKNOWN, plates.count(plate)))
    agreed = best[0] != UNKNOWN and bool(seen) and set(plates) == {other}
    return best, AGREED if agreed else ALONE


def _inside(x: float, y: float, box: Box) -> bool:
    return box.x - 0.02 <= x <= box.x + box.width and box.y - 0.02 <= y <= box.y + box.height
