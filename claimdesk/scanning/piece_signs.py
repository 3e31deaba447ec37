"""What tells a paper that lies on a sheet from a frame, a table or a shaded box that is printed on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[Any]
Quad = NDArray[Any]
Point = NDArray[Any]

LIGHT = 120
"""Paper is at least so light."""
LEAST_INK, MOST_INK = 0.004, 0.4
"""Shares of a paper that its print covers."""
TONE = 3.5
"""How far, of 255 steps, the tone of a paper is from that of the sheet under it."""
STEP = 2.4
"""How far the tone steps or dips at an edge."""
WINDOW = 15
RIM = 0.06
SHALLOW, DEEP = 4.0, 110.0
WIDE_SHADOW = 3
"""Dots across a shadow at half its depth; a printed line is narrower."""
MOST_GOING_ON = 2
_INNER = 0.86
"""The share of a quad, from its middle, in which its own tone and print are looked at."""


def is_paper(grey: Grey, quad: Quad) -> bool:
    """Whether it is light, and printed with something as fine as writing in more than one place."""
    patch = _flat(grey, _shrunk(quad, 0.96))
    paper = float(np.percentile(patch, 70))
    if paper < LIGHT:
        return False
    ink = patch < paper - max(28.0, 0.16 * paper)
    if not LEAST_INK <= float(ink.mean()) <= MOST_INK:
        return False
    spread = [part.any() for half in np.array_split(ink, 3) for part in np.array_split(half, 2, axis=1)]
    count, _labels, stats, _middles = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    small = int((stats[1:, cv2.CC_STAT_HEIGHT] < 0.3 * min(ink.shape)).sum()) if count > 1 else 0
    return sum(map(bool, spread)) >= 4 and small >= 12


class Relief:
    """How much of a line is the edge of a paper: the tone steps there, or dips in a shadow."""

    def __init__(self, seen: NDArray[Any]) -> None:
        self._seen = cv2.medianBlur(seen, 3).astype(np.float32)

    def along(self, start: Point, end: Point, *, rims: bool = False) -> float:
        """The share of the line that is an edge; with `rims` the least of its whole and of either end.

        The lines of a table stop before the rim of the paper.
        """
        tones = self._tones(start, end)
        step = np.abs(tones[1:4].mean(axis=0) - tones[7:10].mean(axis=0)).max(axis=1)
        dip = (np.minimum(tones[:3].mean(axis=0), tones[8:].mean(axis=0)) - tones[4:7].min(axis=0)).max(axis=1)
        on = np.maximum(step, dip) >= STEP
        if not rims:
            return float(on.mean())
        rim = max(2, round(RIM * len(on)))
        return float(min(on.mean(), on[:rim].mean(), on[-rim:].mean()))

    def shadowed(self, start: Point, end: Point) -> bool:
        """Whether a shadow lies along the line: wider than what is printed, and never black."""
        tones = np.median(self._tones(start, end), axis=1).mean(axis=1)
        depth = float(tones.max() - tones.min())
        across = int((tones < tones.max() - depth / 2).sum())
        return SHALLOW <= depth <= DEEP and WIDE_SHADOW <= across <= len(tones) - 3

    def parts(self, start: Point, end: Point) -> bool:
        """Whether two papers meet along the line: their tones differ, or a shadow lies there; print is neither."""
        tones = np.median(self._tones(start, end), axis=1)
        step = float(np.abs(tones[:3].mean(axis=0) - tones[8:].mean(axis=0)).max())
        return step >= STEP or self.shadowed(start, end)

    def around(self, quad: Quad) -> list[float]:
        """How much of each side is an edge."""
        return [self.along(quad[place], quad[(place + 1) % 4]) for place in range(4)]

    def goes_on(self, quad: Quad) -> int:
        """At how many of the eight ends of its sides the edge goes on beyond the corner, as that of a fold does."""
        count = 0
        for place in range(4):
            a, b = quad[place], quad[(place + 1) % 4]
            along = (b - a) / max(1.0, float(np.linalg.norm(b - a)))
            for corner, way in ((a, -along), (b, along)):
                first, last = corner + way * 8, corner + way * 30
                inside = (last >= 0).all() and last[0] < self._seen.shape[1] and last[1] < self._seen.shape[0]
                count += bool(inside and self.along(first, last) >= 0.8)
        return count

    def snapped(self, quad: Quad, reach: int) -> Quad:
        """The quad with each side that is no edge moved to the nearest one that is, up to `reach` dots away."""
        moved = quad.copy()
        for place in range(4):
            a, b = moved[place], moved[(place + 1) % 4]
            normal = a - moved[place - 1]
            normal = normal / max(1.0, float(np.linalg.norm(normal)))
            best, best_worth = 0.0, self.along(a, b) + 0.08
            if best_worth > 0.95:
                continue
            for away in range(-6, reach + 1, 3):
                worth = self.along(a + normal * away, b + normal * away) - abs(away) * 0.002
                if worth > best_worth:
                    best, best_worth = float(away), worth
            moved[place], moved[(place + 1) % 4] = a + normal * best, b + normal * best
        return moved

    def _tones(self, start: Point, end: Point) -> NDArray[Any]:
        """Tones along the line and up to five dots beside it, each the middle one of many.

        Letters leave gaps, so they vanish; the edge of a paper leaves none.
        """
        length = float(np.linalg.norm(end - start))
        count = max(WINDOW + 4, int(length / 1.5))
        along = (end - start) / max(length, 1.0)
        out = np.array([along[1], -along[0]], np.float32)
        places = np.linspace(0, 1, count, dtype=np.float32)[:, None] * (end - start) + start
        at = places[None] + np.arange(-5, 6, dtype=np.float32)[:, None, None] * out
        high, wide = self._seen.shape[:2]
        xs, ys = at[..., 0].round().astype(int), at[..., 1].round().astype(int)
        lines = self._seen[ys.clip(0, high - 1), xs.clip(0, wide - 1)]
        windows = np.lib.stride_tricks.sliding_window_view(lines, WINDOW, axis=1)[:, ::4]
        return np.asarray(np.partition(windows, WINDOW // 2, axis=-1)[..., WINDOW // 2], np.float32)


def worth_of(seen: NDArray[Any], relief: Relief, quad: Quad) -> float:
    """How surely the quad is a paper that lies on something, from 0 to 1; 0 where it is not.

    Its sides are edges that end at its corners, and its tone is another than beyond them; a paper of the same tone has
    a shadow.
    """
    sides = relief.around(quad)
    ranked = sorted(sides, reverse=True)
    inside, around = _tones(seen, quad)
    own = float(np.abs(inside - around).max()) >= TONE
    if ranked[1] < 0.6 or (own and ranked[2] < 0.3):
        return 0.0
    if not own:
        shadows = sum(relief.shadowed(quad[at], quad[(at + 1) % 4]) for at in range(4) if sides[at] > 0.8)
        if shadows < (1 if ranked[2] >= 0.7 else 2):
            return 0.0
    if relief.goes_on(quad) > MOST_GOING_ON:
        return 0.0
    return sum(sides) / 4


def print_outside(grey: Grey, quads: Sequence[Quad]) -> float:
    """The share of the print of the sheet that lies on none of the papers."""
    soft = cv2.medianBlur(grey, 31)
    ink = (soft.astype(np.int16) - grey) > 40
    on: NDArray[Any] = np.zeros(grey.shape, np.uint8)
    for quad in quads:
        cv2.fillConvexPoly(on, quad.round().astype(np.int32), 1)
    on = cv2.dilate(on, np.ones((9, 9), np.uint8))
    return float((ink & (on == 0)).sum()) / max(1.0, float(ink.sum()))


def _tones(seen: NDArray[Any], quad: Quad) -> tuple[NDArray[Any], NDArray[Any]]:
    """The colour of the bare paper in the quad, and of what lies just beyond its shadow."""
    inner: NDArray[Any] = np.zeros(seen.shape[:2], np.uint8)
    cv2.fillConvexPoly(inner, _shrunk(quad, _INNER).round().astype(np.int32), 1)
    near: NDArray[Any] = np.zeros_like(inner)
    cv2.fillConvexPoly(near, quad.round().astype(np.int32), 1)
    near = cv2.dilate(near, np.ones((13, 13), np.uint8))
    beyond: NDArray[Any] = cv2.dilate(near, np.ones((15, 15), np.uint8)) - near
    return _bare(seen[inner > 0]), _bare(seen[beyond > 0])


def _bare(dots: NDArray[Any]) -> NDArray[Any]:
    """The most frequent tone, print left aside."""
    if not len(dots):
        return np.zeros(3, np.float32)
    grey = dots.mean(axis=1)
    low, high = np.percentile(grey, (45, 90))
    some = dots[(grey >= low) & (grey <= high)]
    return np.asarray((some if len(some) else dots).mean(axis=0), np.float32)


def _shrunk(quad: Quad, share: float) -> Quad:
    middle = quad.mean(axis=0)
    return np.asarray((quad - middle) * share + middle, np.float32)


def _flat(grey: Grey, quad: Quad) -> Grey:
    """The quad alone, seen upright."""
    wide = max(8, round(float(np.linalg.norm(quad[1] - quad[0]))))
    high = max(8, round(float(np.linalg.norm(quad[2] - quad[1]))))
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    return np.asarray(cv2.warpPerspective(grey, cv2.getPerspectiveTransform(quad, target), (wide, high)), np.uint8)
