"""What a page looks like, in 192 bits: the same page scanned, photographed or drawn from its PDF comes near itself.

The ink of the page is straightened and brought to one size by where it lies, not by the edges of the sheet. The signs
of its broadest waves (a cosine transform) are the bits. Two invoices on one form from one seller may come as near as a
bad scan of the same one: whoever compares looks at what stands on them as well.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]

BITS, BANDS, BAND_BITS = 192, 8, 16
"""The first `BANDS` times `BAND_BITS` bits, those of the broadest waves, are also an index."""
ALIKE = 64
"""Two pages of more different bits are not the same page."""
WIDTH, HEIGHT, REACH = 96, 64, 2.1
"""The ink in one size, and how many standard deviations of its spread are looked at."""
LONGER_SIDE = 800
LEAST_SIDE, LEAST_INK = 32, 0.0015
"""A page that is smaller, or bears less, has nothing to compare."""


def look_of(picture: bytes) -> bytes | None:
    """What the page in a picture file looks like, in 24 bytes; None where nothing is on it or it does not open."""
    grey = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None or min(grey.shape) < LEAST_SIDE:
        return None
    ink = _ink(np.asarray(grey, np.uint8))
    if float(ink.mean()) < LEAST_INK:
        return None
    waves = cv2.dct(cv2.GaussianBlur(_in_one_size(_straight(ink)), (0, 0), 1.2))
    return np.packbits([waves[place] > 0 for place in _broadest()]).tobytes()


def bands_of(look: bytes) -> tuple[int, ...]:
    """The first bits of a look in numbers of two bytes each (-32768..32767), to be searched by."""
    return tuple(int.from_bytes(look[2 * band : 2 * band + 2], 'big', signed=True) for band in range(BANDS))


def near_bands(band: int) -> list[int]:
    """A band's value, and those that differ in one bit or two: what it may be in another picture of the page."""
    plain = band & (1 << BAND_BITS) - 1
    bits = [1 << bit for bit in range(BAND_BITS)]
    others = [plain, *(plain ^ bit for bit in bits), *(plain ^ one ^ two for one, two in combinations(bits, 2))]
    return [int.from_bytes(value.to_bytes(2, 'big'), 'big', signed=True) for value in others]


def difference(one: bytes, other: bytes) -> int:
    """How many bits of two pages differ, of `BITS`."""
    return (int.from_bytes(one, 'big') ^ int.from_bytes(other, 'big')).bit_count()


@cache
def _broadest() -> tuple[tuple[int, int], ...]:
    """The places of the broadest waves, without the one that is the same everywhere."""
    places = ((row, column) for row in range(32) for column in range(32))
    return tuple(sorted(places, key=lambda at: (at[0] + at[1], at))[1 : BITS + 1])


def _ink(grey: NDArray[np.uint8]) -> Grey:
    """How much darker than the paper around it each place is, from 0 to 1; shadows and the ground are no ink."""
    high, wide = grey.shape
    scale = LONGER_SIDE / max(high, wide)
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 31)
    darker = ground.astype(np.float32) - small - 20
    return np.asarray(np.clip(darker, 0, 120) / 120, np.float32)


def _straight(ink: Grey) -> Grey:
    """Turned by up to five degrees so that its lines lie level: there the rows differ most from each other."""
    half = np.asarray(cv2.resize(ink, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA), np.float32)
    best = max(map(float, range(-5, 6)), key=lambda angle: _unevenness(half, angle))
    for step in (0.5, 0.25, 0.1):
        best = max((best - step, best, best + step), key=lambda angle: _unevenness(half, angle))
    return _turned(ink, best)


def _unevenness(ink: Grey, angle: float) -> float:
    rows = _turned(ink, angle).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _turned(ink: Grey, angle: float) -> Grey:
    high, wide = ink.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1)
    return np.asarray(cv2.warpAffine(ink, matrix, (wide, high)), np.float32)


def _in_one_size(ink: Grey) -> Grey:
    """The ink around its middle, as far as it spreads, in `WIDTH` by `HEIGHT`."""
    (left, right), (top, bottom) = (_extent(ink.sum(axis=axis)) for axis in (0, 1))
    source = np.array([(left, top), (right, top), (left, bottom)], np.float32)
    target = np.array([(0, 0), (4 * WIDTH, 0), (0, 4 * HEIGHT)], np.float32)
    large = cv2.warpAffine(ink, cv2.getAffineTransform(source, target), (4 * WIDTH, 4 * HEIGHT))
    return np.asarray(cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.float32)


def _extent(weights: NDArray[np.float32]) -> tuple[float, float]:
    places, whole = np.arange(len(weights)), float(weights.sum())
    middle = float((weights * places).sum()) / whole
    spread = float(np.sqrt((weights * np.square(places - middle)).sum() / whole)) + 1
    return middle - REACH * spread, middle + REACH * spread
