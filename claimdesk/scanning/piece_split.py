"""Parts what touches: papers that lie against or a little over each other become one quad for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from claimdesk.scanning.piece_signs import Relief

Outline = NDArray[Any]
Quad = NDArray[Any]
Mask = NDArray[Any]
Judge = Callable[[Quad], list[tuple[float, Quad]]]
Point = NDArray[Any]

POOR = 0.6
"""What fills less than this of its rectangle after all cuts is no paper."""
DENT = 0.02
"""How deep a corner that points inwards is at least, as a share of the square root of the area."""
BETTER = 0.02
"""How much better the parts fill their rectangles than the whole did, where no edge shows along the cut."""
SEAM = 0.9
"""The share of a cut along which the edge of the upper paper is to be seen."""
SEAM_WORTH = 0.12
THROUGH_PRINT = 0.2
"""What a cut loses that goes all through print."""
MOST_CUTS = 12
MOST_LINES = 16
MOST_CORNERS = 28


def parted(outline: Outline, least: float, relief: Relief, edges: Mask, judge: Judge) -> list[tuple[float, Quad]]:
    """The papers that the outline is made of, each of at least `least` dots, with what `judge` says of their worth.

    `edges` is 1 where an edge may begin, `relief` tells how much of a line is one.
    """
    return _parts(outline, least, relief, edges, judge, MOST_CUTS)


def _parts(
    outline: Outline, least: float, relief: Relief, edges: Mask, judge: Judge, cuts: int
) -> list[tuple[float, Quad]]:
    quad, full = rectangle(outline)
    whole = judge(quad) if full >= POOR else []
    halves = _best_cut(outline, least, full, relief, edges) if cuts else None
    if halves is None:
        return whole
    parts = [_parts(half, least, relief, edges, judge, cuts - 1) for half in halves]
    found = [one for part in parts for one in part]
    if not all(parts) and whole and len(found) < 2:
        return whole
    return found or whole


def rectangle(outline: Outline) -> tuple[Quad, float]:
    """The smallest rectangle around the outline, and how much of it is filled."""
    box = cv2.minAreaRect(outline)
    area = max(1.0, box[1][0] * box[1][1])
    return cv2.boxPoints(box).astype(np.float32), float(cv2.contourArea(outline)) / area


def _best_cut(outline: Outline, least: float, before: float, relief: Relief, edges: Mask) -> list[Outline] | None:
    """The parts after the straight cut that is worth most; None where none makes it better."""
    x, y, wide, high = cv2.boundingRect(outline)
    corner = np.array([[x - 2, y - 2]], np.int32)
    moved = outline - corner
    mask = np.zeros((high + 4, wide + 4), np.uint8)
    cv2.drawContours(mask, [moved], -1, 1, cv2.FILLED)
    shown = cv2.copyMakeBorder(edges, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)[y : y + high + 4, x : x + wide + 4]
    best, best_worth = None, before + BETTER
    for start, end, along in (*_dents(moved), *_lines(mask, shown)):
        chord = _chord(mask, start, end, both_ways=along)
        if chord is None:
            continue
        first, last = chord[0] + corner[0], chord[1] + corner[0]
        seam = relief.along(first, last, rims=True)
        if seam >= SEAM and not relief.parts(first, last):
            seam = 0.0
        if along and seam < SEAM:
            continue
        parts = _cut(mask, chord, least)
        if len(parts) < 2:
            continue
        areas = [float(cv2.contourArea(part)) for part in parts]
        fulls = [rectangle(part)[1] for part in parts]
        worth = sum(area * full for area, full in zip(areas, fulls, strict=True)) / sum(areas)
        worth += SEAM_WORTH * seam * seam if seam >= SEAM else -THROUGH_PRINT * _on(shown, chord)
        worth -= 0.05 * float(np.linalg.norm(chord[1] - chord[0])) / (wide + high)
        if worth > best_worth:
            best, best_worth = parts, worth
    return None if best is None else [part + corner for part in best]


def _dents(outline: Outline) -> Iterator[tuple[Point, Point, bool]]:
    """Cuts worth trying: between two inward corners, and from one along each of its two edges through the figure."""
    area = float(cv2.contourArea(outline))
    corners = cv2.approxPolyDP(outline, DENT * area**0.5, True).reshape(-1, 2).astype(np.float32)
    count = len(corners)
    if count > MOST_CORNERS:
        return
    turn = 1.0 if cv2.contourArea(corners, True) > 0 else -1.0
    inward: list[int] = []
    for place in range(count):
        before, here, after = corners[place - 1], corners[place], corners[(place + 1) % count]
        one, two = here - before, after - here
        bend = turn * float(one[0] * two[1] - one[1] * two[0])
        if bend < -0.17 * float(np.linalg.norm(one) * np.linalg.norm(two)):
            inward.append(place)
    for at, place in enumerate(inward):
        here = corners[place]
        for other in inward[at + 1 :]:
            yield here, corners[other], False
        for neighbour in (corners[place - 1], corners[(place + 1) % count]):
            along = here - neighbour
            length = float(np.linalg.norm(along))
            if length > 0:
                yield here, here + along / length * float(sum(outline.max(axis=(0, 1)))), False


def _lines(mask: Mask, edges: Mask) -> Iterator[tuple[Point, Point, bool]]:
    """Long straight edges inside the figure."""
    inside = cv2.erode(mask, np.ones((9, 9), np.uint8)) & edges
    shorter = min(mask.shape)
    found = cv2.HoughLinesP(inside * 255, 1, np.pi / 360, 60, minLineLength=max(40, 0.3 * shorter), maxLineGap=6)
    if found is None:
        return
    lines = sorted(found.reshape(-1, 4).astype(np.float32), key=lambda one: -float(np.hypot(*(one[2:] - one[:2]))))
    for one in lines[:MOST_LINES]:
        yield one[:2], one[2:], True


def _chord(mask: Mask, start: Point, end: Point, *, both_ways: bool) -> tuple[Point, Point] | None:
    """The line from `start` towards `end` until it leaves the figure; `both_ways` also from the middle back."""
    length = float(np.linalg.norm(end - start))
    if length < 3:
        return None
    step = (end - start) / length
    if both_ways:
        middle = (start + end) / 2
        far = float(sum(mask.shape))
        return middle - step * _reach(mask, middle, -step, far), middle + step * _reach(mask, middle, step, far)
    return start, start + step * min(length, _reach(mask, start + 4 * step, step, length) + 4)


def _reach(mask: Mask, start: Point, step: Point, most: float) -> float:
    """How far one comes from `start` before the figure ends."""
    points = (start + np.arange(0, most, 1.0)[:, None] * step).round().astype(int)
    ok = (points >= 0).all(axis=1) & (points[:, 0] < mask.shape[1]) & (points[:, 1] < mask.shape[0])
    inside = np.zeros(len(points), bool)
    inside[ok] = mask[points[ok, 1], points[ok, 0]] > 0
    out = np.nonzero(~inside)[0]
    return float(out[0]) if len(out) else float(len(points))


def _on(edges: Mask, chord: tuple[Point, Point]) -> float:
    """The share of the chord that lies on print, its ends left aside."""
    points = np.linspace(chord[0], chord[1], 60)[4:-4].round().astype(int)
    x, y = points[:, 0].clip(0, edges.shape[1] - 1), points[:, 1].clip(0, edges.shape[0] - 1)
    return float((edges[y, x] > 0).mean())


def _cut(mask: Mask, chord: tuple[Point, Point], least: float) -> list[Outline]:
    """The parts of `mask` on both sides of the chord; [] where little would be left of them."""
    length = max(1.0, float(np.linalg.norm(chord[1] - chord[0])))
    more = 3 * (chord[1] - chord[0]) / length
    first, last = chord[0] - more, chord[1] + more
    out = mask.copy()
    (x, y), (u, v) = first.round().astype(int).tolist(), last.round().astype(int).tolist()
    cv2.line(out, (x, y), (u, v), 0, 2)
    parts, _levels = cv2.findContours(out, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    large = [part for part in parts if cv2.contourArea(part) >= least]
    left = sum(float(cv2.contourArea(part)) for part in large)
    return large if left > 0.9 * float(mask.sum()) else []
