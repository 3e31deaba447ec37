"""What can be measured on a photo: sharpness, exposure, what it looks like, and the licence plates on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.ocr.pages import Picture, load, pages, turned_picture
from claimdesk.ocr.plates import PlateSeen, plates_on

MEASURED_SIDE, TILES = 1024, 4
DARK, BRIGHT = 32, 250
"""Grey values from 0 to 255: at or below nothing shows any more, at or above neither."""
LOOK_BITS, LOOK_SIDE = 128, 64
ALIKE_PHOTOS = 14
"""Two photos of more different bits are not the same photo, saved, resized, brightened or stamped with a date."""


@dataclass(frozen=True, slots=True)
class PhotoSight:
    """`sharpness` is the variance of the Laplacian in the sharpest part of the photo at 1024 pixels.

    `brightness` is the mean grey from 0 to 255, `dark` and `bright` are percent of all pixels, `look` is `LOOK_BITS`
    bits that a copy shares.
    """

    sharpness: int
    brightness: int
    dark: int
    bright: int
    look: bytes
    plates: tuple[PlateSeen, ...] = ()


def look_at_photo(source: Path | bytes, page: int = 1, *, rotation: int = 0, plates: bool = True) -> PhotoSight:
    """Measure a photo turned clockwise by `rotation`; with `plates` also search for them, which takes seconds.

    Raises `Unreadable` for what is no picture, `Unavailable` where no engine can be loaded.
    """
    found = next(pages(load(source), text=False, first=max(1, page)), None)
    if found is None:
        raise Unreadable(_("The document has no such page."), _("Open the document again."))
    picture = turned_picture(found.picture, rotation)
    return measured(picture, plates_on(picture) if plates else ())


def measured(picture: Picture, plates: tuple[PlateSeen, ...] = ()) -> PhotoSight:
    """The measures of a picture."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    return PhotoSight(
        sharpness=round(_sharpest(grey)),
        brightness=round(float(grey.mean())),
        dark=round(100 * float((grey <= DARK).mean())),
        bright=round(100 * float((grey >= BRIGHT).mean())),
        look=photo_look(grey),
        plates=plates,
    )


def photo_look(grey: NDArray[np.uint8]) -> bytes:
    """The signs of the broadest waves of a photo, in 16 bytes."""
    small = cv2.resize(grey, (LOOK_SIDE, LOOK_SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = cv2.dct(small)
    return np.packbits([waves[place] > 0 for place in _broadest()]).tobytes()


def _sharpest(grey: NDArray[np.uint8]) -> float:
    """A photo is as sharp as the sharpest of its parts: a plain wall is not out of focus."""
    scale = min(1.0, MEASURED_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = cv2.Laplacian(small, cv2.CV_64F)
    rows = np.array_split(edges, TILES, axis=0)
    return max(float(part.var()) for row in rows for part in np.array_split(row, TILES, axis=1) if part.size)


@cache
def _broadest() -> tuple[tuple[int, int], ...]:
    places = ((row, column) for row in range(24) for column in range(24))
    return tuple(sorted(places, key=lambda at: (at[0] + at[1], at))[1 : LOOK_BITS + 1])
