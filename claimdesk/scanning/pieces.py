"""Several papers on one sheet: where each of them lies, found by its tone, its edges and the shadow at them."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from claimdesk.scanning.piece_lines import rectangles
from claimdesk.scanning.piece_signs import Relief, is_paper, print_outside, worth_of
from claimdesk.scanning.piece_split import parted, rectangle
from claimdesk.scanning.sheet import Corners, in_order

LOOK_AT = 1000
"""Pixels of the longer side in which pieces are looked for."""
STEPS = (5, 12, 24)
"""How much, of 255 steps, a piece may at least differ from what it lies on; tried one after the other."""
SMALLEST, LARGEST = 0.008, 0.72
"""Shares of the sheet that a piece covers."""
SHORTEST = 0.05
"""The shorter side of a piece, as a share of the longer side of the sheet."""
LONGEST = 6.0
"""How many times longer than wide a piece is at most: a till roll; a shaded line of a table is longer."""
NEAR = (11, 21)
"""Dots between what is taken for one thing; wider where a white paper on white shows little more than its print."""
INK = 24
BEYOND_PRINT = 66
"""So many dots beyond its print the edge of a paper is looked for."""
MOST_OUTSIDE = 0.36
"""The share of the print that may stand beside the papers: the head of a sheet for gluing."""
MOST_OUTSIDE_MANY = 0.5
"""The same where three papers and more are clear."""
CLEAR = 0.93
UNLIKE = 12
"""How many times larger the largest paper may be than the smallest: a frame and a box of a form are more."""
HALVES = 0.85
"""Those that fill one rectangle so far are a paper with folds or lines through it."""
EDGE = 5
LEAST_WORTH = 0.5
MOST_SHARED = 0.25
MOST_PIECES = 24
_Quad = NDArray[Any]


def find_pieces(picture: bytes, *, surely: bool = True) -> tuple[Corners, ...]:
    """The corners of each paper on the sheet in `picture` (a file that Pillow opens), from top to bottom.

    () where it is one paper: a page that is filled, a list, a form, a photo. Never only one. Without `surely` also what
    may be one paper after all: a person asked, and looks at what was found.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        image = opened.convert('RGB')
    image.thumbnail((LOOK_AT, LOOK_AT), Image.Resampling.BOX)
    seen = np.asarray(image)
    far = _far_from_ground(seen)
    if far is None:
        return ()
    look = _Look(seen, far)
    best = _apart(look.papers())
    if len(best) < 2 or (surely and not _sure(look.grey, best)):
        return ()
    high, wide = seen.shape[:2]
    corners = [_shares(quad, wide, high) for _worth, quad in best[:MOST_PIECES]]
    return tuple(sorted(corners, key=_reading_place))


def _sure(grey: NDArray[Any], best: list[tuple[float, _Quad]]) -> bool:
    """Whether two have four clear sides, little is printed beside them all, and they are no parts of one paper."""
    clear = sum(worth >= CLEAR for worth, _quad in best)
    quads = [quad for _worth, quad in best]
    if clear < 2 or print_outside(grey, quads) > (MOST_OUTSIDE if clear == 2 else MOST_OUTSIDE_MANY):
        return False
    areas = [float(cv2.contourArea(quad)) for quad in quads]
    if max(areas) > UNLIKE * min(areas):
        return False
    around = cv2.minAreaRect(np.concatenate(quads))[1]
    return sum(areas) <= HALVES * around[0] * around[1]


def _far_from_ground(seen: NDArray[Any]) -> NDArray[Any] | None:
    """How far each dot is from the ground that the rim shows; None where the rim is no even ground.

    Light that falls off over the glass is followed by a plane for each colour.
    """
    soft = cv2.medianBlur(seen, 3).astype(np.float32)
    high, wide = soft.shape[:2]
    band = max(4, round(0.012 * max(high, wide)))
    rim = np.zeros((high, wide), bool)
    rim[:band], rim[-band:], rim[:, :band], rim[:, -band:] = True, True, True, True
    y, x = np.nonzero(rim)
    plane = np.stack([x / wide, y / high, np.ones(len(x))], axis=1).astype(np.float32)
    every_y, every_x = np.mgrid[0:high, 0:wide].astype(np.float32)
    far = np.zeros((high, wide), np.float32)
    for colour in range(3):
        values = soft[y, x, colour]
        near = np.abs(values - np.median(values)) < 24
        if near.mean() < 0.6:
            return None
        for _again in range(2):
            slope, *_rest = np.linalg.lstsq(plane[near], values[near], rcond=None)
            off = np.abs(values - plane @ slope)
            near = off < 10
            if near.mean() < 0.6:
                return None
        ground = slope[0] * every_x / wide + slope[1] * every_y / high + slope[2]
        far = np.maximum(far, np.abs(soft[:, :, colour] - ground))
    return far.clip(0, 255).astype(np.uint8)


def _edges(seen: NDArray[Any]) -> NDArray[Any]:
    """1 where the tone jumps in any colour."""
    soft = cv2.medianBlur(seen, 5)
    cell = np.ones((3, 3), np.uint8)
    jump = (cv2.dilate(soft, cell).astype(np.int16) - cv2.erode(soft, cell)).max(axis=2)
    return np.asarray(jump >= EDGE, np.uint8)


class _Look:
    """One look at a sheet: what may be a paper on it, and how surely it is one."""

    def __init__(self, seen: NDArray[Any], far: NDArray[Any]) -> None:
        self._seen, self._far = seen, far
        self.grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
        self._relief, self._edges = Relief(seen), _edges(seen)

    def papers(self) -> list[tuple[float, _Quad]]:
        """What may be papers, with how surely they are; many are found several times."""
        whole = [one for step in STEPS for one in self._tones(step)]
        drawn = rectangles(self._seen, SMALLEST * self._far.size, SHORTEST * max(self._far.shape))
        whole += [one for quad in drawn for one in self._judge(quad, 0)]
        return whole + [one for near in NEAR for one in self._print(near)]

    def _tones(self, step: int) -> list[tuple[float, _Quad]]:
        """What differs from the ground by `step`; what touches is parted."""
        mask = cv2.morphologyEx((self._far >= step).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
        found: list[tuple[float, _Quad]] = []
        for outline in self._outlines(mask):
            found += parted(outline, SMALLEST * self._far.size, self._relief, self._edges, self._judge)
        return found

    def _print(self, near: int) -> list[tuple[float, _Quad]]:
        """What surrounds blocks of print, whose parts are up to `near` dots apart: a white paper on white."""
        soft = cv2.medianBlur(self.grey, 21).astype(np.int16)
        ink = ((soft - self.grey) > INK).astype(np.uint8)
        found: list[tuple[float, _Quad]] = []
        for outline in self._outlines(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((near, near), np.uint8)), 0.3):
            found += self._judge(rectangle(outline)[0], BEYOND_PRINT)
        return found

    def _outlines(self, mask: NDArray[Any], share: float = 1.0) -> list[NDArray[Any]]:
        outlines, _levels = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        filled = np.zeros_like(mask)
        cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
        filled = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
        outlines, _levels = cv2.findContours(filled, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        least = share * SMALLEST * self._far.size
        return [outline for outline in outlines if cv2.contourArea(outline) >= least]

    def _judge(self, quad: _Quad, reach: int = 24) -> list[tuple[float, _Quad]]:
        """The quad, or the one that the edges near it make of it, with its worth; [] where it is no paper."""
        best: list[tuple[float, _Quad]] = []
        for one in (quad, self._relief.snapped(quad, reach)) if reach else (quad,):
            if _may_be(one, self.grey.shape) and is_paper(self.grey, one):
                worth = worth_of(self._seen, self._relief, one)
                if worth > LEAST_WORTH and (not best or worth > best[0][0]):
                    best = [(worth, one)]
        return best


def _apart(rated: list[tuple[float, _Quad]]) -> list[tuple[float, _Quad]]:
    """The surest ones, of equally sure ones the largest, none of which lies on another."""
    kept: list[tuple[float, _Quad]] = []
    for worth, quad in sorted(rated, key=lambda one: (round(one[0], 2), cv2.contourArea(one[1])), reverse=True):
        if not any(_shared(quad, other) > MOST_SHARED for _worth, other in kept):
            kept.append((worth, quad))
    return kept


def _may_be(quad: _Quad, shape: tuple[int, ...]) -> bool:
    area, sides, whole = float(cv2.contourArea(quad)), _sides(quad), float(shape[0] * shape[1])
    large = area >= SMALLEST * whole and min(sides) >= SHORTEST * max(shape)
    return large and area <= LARGEST * whole and max(sides) <= LONGEST * min(sides)


def _shared(quad: _Quad, other: _Quad) -> float:
    """How much of the smaller one lies on the other."""
    both, _outline = cv2.intersectConvexConvex(quad, other)
    return float(both) / max(1.0, min(float(cv2.contourArea(quad)), float(cv2.contourArea(other))))


def _sides(quad: _Quad) -> tuple[float, float]:
    return float(np.linalg.norm(quad[1] - quad[0])), float(np.linalg.norm(quad[2] - quad[1]))


def _shares(quad: _Quad, wide: int, high: int) -> Corners:
    a, b, c, d = (
        (min(max(float(x) / wide, 0.0), 1.0), min(max(float(y) / high, 0.0), 1.0)) for x, y in in_order(quad)
    )
    return a, b, c, d


def _reading_place(corners: Corners) -> tuple[int, float]:
    """Rows from top to bottom, in them from left to right."""
    x = sum(corner[0] for corner in corners) / 4
    return round(min(corner[1] for corner in corners) / 0.09), x


def two_sides(pieces: tuple[Corners, ...], aspect: float) -> bool:
    """Whether these are two cards of one size, as the two sides of one card are; `aspect` is height by width."""
    if len(pieces) != 2:
        return False
    sizes: list[tuple[float, float]] = []
    for corners in pieces:
        points = np.array([(x, y * aspect) for x, y in corners], np.float32)
        long, short = sorted(_sides(points), reverse=True)
        sizes.append((long, short))
    (long, short), (other_long, other_short) = sizes
    alike = abs(long - other_long) < 0.14 * long and abs(short - other_short) < 0.14 * short
    return alike and all(1.25 < a / b < 1.8 for a, b in sizes)


