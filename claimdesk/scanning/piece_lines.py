"""The rectangles that straight edges make with each other: papers that touch, overlap or are as white as their ground.

Two edges that meet in a right angle are the corner of a paper; how long they are says how large it is, also where the
other two sides are covered or cannot be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Quad = NDArray[Any]
Lines = NDArray[Any]

FAINT = 4
"""By how much faint steps of light paper are raised before edges are looked for once more."""
PAPER_WHITE = 60
"""So many of 255 steps below white are raised."""
SHORT = 24
"""Dots of the shortest edge that counts."""
MEETS = 14
"""Dots between the ends of two edges that make a corner."""
SQUARE = 0.06
"""How far from a right angle, as a cosine, a corner may be."""
IN_LINE = 4.0
"""Dots between two parts of one edge, across."""
BROKEN = 26
"""Dots of an edge that something lies over, along."""
MOST_EDGES = 400


def rectangles(seen: NDArray[Any], least: float, shortest: float) -> Iterator[Quad]:
    """What the edges in `seen` may enclose, each of at least `least` dots and with sides from `shortest` on."""
    lines = _edges(seen, shortest)
    ends = np.concatenate([lines[:, :2], lines[:, 2:]])
    given: list[Quad] = []
    for one in range(len(lines)):
        for corner, far in ((lines[one, :2], lines[one, 2:]), (lines[one, 2:], lines[one, :2])):
            close = np.nonzero(np.abs(ends - corner).max(axis=1) <= MEETS)[0]
            for end in close:
                other = int(end) % len(lines)
                if other <= one:
                    continue
                beyond = lines[other, 2:] if end < len(lines) else lines[other, :2]
                quad = _rectangle(lines[one], lines[other], far, beyond)
                if quad is None or cv2.contourArea(quad) < least:
                    continue
                if not any(np.abs(quad - earlier).max() <= 3 for earlier in given):
                    given.append(quad)
                    yield quad


def _rectangle(one: Quad, other: Quad, far: Quad, beyond: Quad) -> Quad | None:
    """The one that two edges span from where they meet; None where that is no right angle."""
    along, across = one[2:] - one[:2], other[2:] - other[:2]
    lengths = float(np.linalg.norm(along)), float(np.linalg.norm(across))
    if abs(float(along @ across)) > SQUARE * lengths[0] * lengths[1]:
        return None
    turn = float(along[0] * across[1] - along[1] * across[0])
    gap = other[:2] - one[:2]
    corner = one[:2] + along * float(gap[0] * across[1] - gap[1] * across[0]) / turn
    return cv2.boxPoints(cv2.minAreaRect(np.stack([far, corner, beyond, far + beyond - corner]).astype(np.float32)))


def _edges(seen: NDArray[Any], shortest: float) -> Lines:
    """The long straight edges, parts of one put together: the longest ones, as x, y, x, y."""
    grey = cv2.cvtColor(cv2.medianBlur(seen, 5), cv2.COLOR_RGB2GRAY)
    raised = ((grey.astype(np.int16) - (255 - PAPER_WHITE)) * FAINT).clip(0, 255).astype(np.uint8)
    found = []
    for look in (grey, raised):
        lines = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(look)[0]
        if lines is not None:
            found.append(lines.reshape(-1, 4))
    if not found:
        return np.zeros((0, 4), np.float32)
    parts = np.concatenate(found)
    parts = parts[_long(parts) >= SHORT]
    whole = _joined(parts[np.argsort(-_long(parts))][:MOST_EDGES])
    return whole[_long(whole) >= shortest]


def _joined(lines: Lines) -> Lines:
    """Edges and, beside them, what those make that lie in one line with little between them."""
    out = [*lines]
    for one in lines:
        start, end = one[:2], one[2:]
        length = float(np.linalg.norm(end - start))
        way = (end - start) / length
        normal = np.array([-way[1], way[0]], np.float32)
        off = np.stack([np.abs((lines[:, :2] - start) @ normal), np.abs((lines[:, 2:] - start) @ normal)]).max(axis=0)
        places = np.sort(np.stack([(lines[:, :2] - start) @ way, (lines[:, 2:] - start) @ way]), axis=0)
        same = np.nonzero(off <= IN_LINE)[0]
        low, high = 0.0, length
        for place in sorted(same, key=lambda at: max(places[0, at] - length, -places[1, at], 0)):
            if places[0, place] - high <= BROKEN and low - places[1, place] <= BROKEN:
                low, high = min(low, places[0, place]), max(high, places[1, place])
        if high - low > length + 4:
            out.append(np.concatenate([start + way * low, start + way * high]))
    return np.array(out, np.float32).reshape(-1, 4)


def _long(lines: Lines) -> NDArray[Any]:
    return np.asarray(np.hypot(lines[:, 2] - lines[:, 0], lines[:, 3] - lines[:, 1]))
