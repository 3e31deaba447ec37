"""A second look at a value: the line it stands in is cut out, levelled, and read by another model."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from rapidfuzz import fuzz

from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.layout import Found, Layout, Span, fold
from claimdesk.ocr.pages import Picture

MARGINS = (0.3, 0.12)
"""Room around a line, in its heights: with more, thin characters are not lost; with less, no neighbour is in."""


def cut(picture: Picture, span: Span, margin: float = MARGINS[0]) -> Picture:
    """The part of `picture` under `span`, turned level, with a margin of its height around."""
    wide = picture.shape[1]
    x0, x1 = span.x0 * wide, span.x1 * wide
    height = span.height * wide
    edge = margin * height
    middle = (span.y0 + span.y1) / 2 * wide
    fall = span.slope * (x1 - x0) / 2
    width = int(max(4.0, x1 - x0 + 4 * edge))
    tall = int(max(4.0, height + 2 * edge))
    left, right = x0 - 2 * edge, x1 + 2 * edge
    source = np.array(
        [
            [left, middle - fall - height / 2 - edge],
            [right, middle + fall - height / 2 - edge],
            [left, middle - fall + height / 2 + edge],
        ],
        dtype=np.float32,
    )
    target = np.array([[0, 0], [width, 0], [0, tall]], dtype=np.float32)
    matrix = cv2.getAffineTransform(source, target)
    out = cv2.warpAffine(picture, matrix, (width, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(out, dtype=np.uint8)


def without_seal(picture: Picture) -> Picture:
    """A copy that shows only what is dark in the red channel too: red stamps vanish, and so do brown labels."""
    red = picture[:, :, :1]
    return np.repeat(red, 3, axis=2)


class SecondLook:
    """Asks another reader what stands in the lines of a value; every line is read once."""

    def __init__(self, picture: Picture, layout: Layout, reader: Recogniser) -> None:
        self._picture = picture
        self._layout = layout
        self._reader = reader
        self._known: dict[tuple[int, float], tuple[str, tuple[float, ...]]] = {}

    @property
    def name(self) -> str:
        """Who looks."""
        return self._reader.name

    def line(self, index: int, margin: float = MARGINS[0]) -> tuple[str, tuple[float, ...]]:
        """What the other reader sees in span `index`: folded text without spaces, and its probabilities."""
        known = self._known.get((index, margin))
        if known is None:
            text, scores = self._reader.lines([cut(self._picture, self._layout.spans[index], margin)])[0]
            known = self._known[index, margin] = (''.join(fold(char) for char in text), scores)
        return known

    def text(self, found: Found) -> str:
        """What the other reader sees in all lines of `found`."""
        return ''.join(self.line(index)[0] for index in found.spans)

    def instead_of(self, value: str, found: Found) -> str:
        """What the other reader sees where `value` was read: the part of the lines most like it, '' if none is."""
        plain, seen = ''.join(fold(char) for char in value), self.text(found)
        hit = fuzz.partial_ratio_alignment(plain, seen, score_cutoff=60.0) if len(plain) > 3 else None
        part = seen[hit.dest_start : hit.dest_end] if hit else ''
        return '' if part == plain else part

    def clarity(self, found: Found) -> float:
        """The worst probability of the letters and digits in the lines of `found`."""
        text, scores = self._joined(found.spans)
        return min((score for char, score in zip(text, scores, strict=False) if char.isalnum()), default=0.0)

    def confirms(self, found: Found, value: str) -> float:
        """The worst probability with which the other reader sees `value` in the lines of `found`; 0 if it does not.

        It may look twice, with more and with less room around the line.
        """
        wanted = ''.join(fold(char) for char in value if not char.isspace())
        for margin in MARGINS if wanted else ():
            text, scores = self._joined(found.spans, margin)
            start = text.find(wanted)
            if start >= 0:
                part = zip(wanted, scores[start : start + len(wanted)], strict=False)
                return min((score for char, score in part if char.isalnum()), default=0.0)
        return 0.0

    def _joined(self, spans: Sequence[int], margin: float = MARGINS[0]) -> tuple[str, tuple[float, ...]]:
        texts: list[str] = []
        scores: list[float] = []
        for index in spans:
            text, probabilities = self.line(index, margin)
            texts.append(text)
            scores.extend(probabilities)
        return ''.join(texts), tuple(scores)
