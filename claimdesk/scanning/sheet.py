"""The sheet of paper in a photograph: where its corners are, and the sheet alone, flat and upright."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.pictures import decode, open_picture

Corner = tuple[float, float]
Outline = NDArray[Any]
Corners = tuple[Corner, Corner, Corner, Corner]
"""Top left, top right, bottom right, bottom left, in shares of width and height."""

LOOK_AT = 900
"""Pixels of the longer side that corners are looked for in: fine print is no edge of a sheet."""
SMALLEST, LARGEST = 0.12, 0.97
"""Shares of the photo that a sheet covers; one that fills it all needs no cutting."""
MAX_SIDE = 6000
QUALITY = 92
_BLURS = (5, 9)


def find_sheet(content: bytes, rotation: int = 0, index: int = 0) -> Corners | None:
    """The corners of the sheet in the picture turned clockwise by `rotation`, or None where no sheet stands out.

    Raises `Unreadable`.
    """
    picture = _upright(content, rotation, index)
    picture.thumbnail((LOOK_AT, LOOK_AT))
    seen = np.asarray(picture.convert('RGB'))
    high, wide = seen.shape[:2]
    best: NDArray[np.float32] | None = None
    for outline in _outlines(seen):
        four = _four_corners(outline)
        if four is None:
            continue
        share = float(cv2.contourArea(four)) / (wide * high)
        if SMALLEST <= share <= LARGEST and (best is None or cv2.contourArea(four) > cv2.contourArea(best)):
            best = four
    if best is None:
        return None
    a, b, c, d = ((float(x) / wide, float(y) / high) for x, y in in_order(best))
    return a, b, c, d


def flattened(content: bytes, corners: Corners, rotation: int = 0, index: int = 0) -> bytes:
    """The sheet between `corners` as a JPEG of its own, seen from straight above. Raises `Unreadable`."""
    picture = np.asarray(_upright(content, rotation, index).convert('RGB'))
    high, wide = picture.shape[:2]
    source = np.array([(x * wide, y * high) for x, y in corners], np.float32)
    if not cv2.isContourConvex(source) or cv2.contourArea(source) < 100:
        raise Unreadable(_("No sheet can be cut out there."), _("Photograph the paper again, from straight above."))
    top, right, bottom, left = (
        float(np.linalg.norm(source[one] - source[other])) for one, other in ((0, 1), (1, 2), (2, 3), (3, 0))
    )
    across, down = max(top, bottom), max(left, right)
    scale = min(1.0, MAX_SIDE / max(across, down))
    size = max(1, round(across * scale)), max(1, round(down * scale))
    target = np.array([(0, 0), (size[0], 0), size, (0, size[1])], np.float32)
    flat = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(source, target), size, flags=cv2.INTER_AREA)
    out = io.BytesIO()
    Image.fromarray(flat).save(out, 'JPEG', quality=QUALITY, subsampling=0)
    return out.getvalue()


def _upright(content: bytes, rotation: int, index: int) -> Image.Image:
    image = ImageOps.exif_transpose(decode(open_picture(content), index))
    return image.rotate(-rotation, expand=True) if rotation % 360 else image


def _outlines(seen: NDArray[np.uint8]) -> list[Outline]:
    """Outlines of large things, found by edges and by brightness in every colour: paper is seldom on black."""
    found: list[Outline] = []
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    saturation = cv2.cvtColor(seen, cv2.COLOR_RGB2HSV)[:, :, 1]
    for channel in (grey, 255 - saturation):
        for blur in _BLURS:
            soft = cv2.medianBlur(channel, blur)
            middle = float(np.median(soft))
            edges = cv2.Canny(soft, max(10.0, 0.5 * middle), max(40.0, 1.1 * middle))
            masks = [cv2.dilate(edges, np.ones((5, 5), np.uint8))]
            masks.append(cv2.threshold(soft, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1])
            for mask in masks:
                outlines, _levels = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
                found += sorted(outlines, key=cv2.contourArea, reverse=True)[:4]
    return found


def _four_corners(outline: Outline) -> NDArray[np.float32] | None:
    """The quadrilateral that an outline is nearly, or None: its corners nearly right, most of it filled."""
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, True)
    area = float(cv2.contourArea(hull))
    for slack in (0.015, 0.025, 0.04, 0.06):
        four = cv2.approxPolyDP(hull, slack * around, True)
        if len(four) != 4:
            continue
        corners = four.reshape(4, 2).astype(np.float32)
        if cv2.isContourConvex(four) and _like_a_sheet(corners) and cv2.contourArea(corners) > 0.9 * area:
            return corners
    return None


def _like_a_sheet(corners: NDArray[np.float32]) -> bool:
    sides = [corners[(place + 1) % 4] - corners[place] for place in range(4)]
    lengths = [float(np.linalg.norm(side)) for side in sides]
    if min(lengths) < 0.1 * max(lengths):
        return False
    bends = [
        abs(float(np.dot(sides[place], sides[(place + 1) % 4]))) / (lengths[place] * lengths[(place + 1) % 4])
        for place in range(4)
    ]
    opposite = [max(a, b) / min(a, b) for a, b in ((lengths[0], lengths[2]), (lengths[1], lengths[3]))]
    return max(bends) < 0.5 and max(opposite) < 2.0


def in_order(corners: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Clockwise from the corner at the top left."""
    centre = corners.mean(axis=0)
    around = sorted(corners, key=lambda corner: float(np.arctan2(corner[1] - centre[1], corner[0] - centre[0])))
    first = min(range(4), key=lambda place: float(around[place].sum()))
    return [around[(first + place) % 4] for place in range(4)]
