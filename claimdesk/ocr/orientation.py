"""Which way up a page is: the QR code tells, else the shape of the lines, else which reading makes sense."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

import cv2

from claimdesk.ocr.engines import Engine
from claimdesk.ocr.layout import Span
from claimdesk.ocr.pages import Picture, turned_picture

THINNEST = 8
"""Pixels that print is high at the least."""
FAINTEST = 20
"""How much darker than the paper anything written is, in grey levels, once a scanner's noise is smoothed."""
_SENSE = re.compile(
    r'发票|税率|税额|金额|名称|开票|合计|价税|识别号|日期|号码|单价|数量|医院|票据|姓名|total|amount|date|cash|tax|invoice',
    re.IGNORECASE,
)


def upright(picture: Picture, engine: Engine, hint: int | None) -> tuple[Picture, list[Span], int]:
    """The page turned upright, what the engine reads on it, and the degrees clockwise it was turned.

    `hint` is the direction that a QR code gave. Without one, the page is read as it is; only when its lines stand on
    end, or make no sense, are other directions tried.
    """
    if blank(picture):
        return picture, [], 0
    if hint is not None:
        turned = turned_picture(picture, hint)
        return turned, engine.spans(turned), hint
    spans = engine.spans(picture)
    trials: tuple[int, ...]
    if _on_end(spans):
        trials = (90, 270)
        best = (-1.0, picture, spans, 0)
    elif _sense(spans) >= 2 or not spans:
        return picture, spans, 0
    else:
        trials = (180,)
        best = (_worth(spans), picture, spans, 0)
    for rotation in trials:
        turned = turned_picture(picture, rotation)
        read = engine.spans(turned)
        worth = _worth(read)
        if worth > best[0]:
            best = (worth, turned, read, rotation)
        if _sense(read) >= 3:
            break
    return best[1], best[2], best[3]


def blank(picture: Picture) -> bool:
    """Whether nothing can stand on the picture: a back of a page, or a strip thinner than any print."""
    if min(picture.shape[:2]) < THINNEST:
        return True
    smooth = cv2.blur(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (3, 3))
    return bool(int(smooth.max()) - int(smooth.min()) < FAINTEST)


def _on_end(spans: Sequence[Span]) -> bool:
    """Whether most of the print stands on end."""
    tall = sum(span.y1 - span.y0 for span in spans if span.y1 - span.y0 > 1.8 * (span.x1 - span.x0))
    wide = sum(span.x1 - span.x0 for span in spans if span.x1 - span.x0 > 1.8 * (span.y1 - span.y0))
    return tall > wide


def _sense(spans: Sequence[Span]) -> int:
    """How many words a document may be expected to have were read."""
    return sum(1 for span in spans if _SENSE.search(span.text))


def _worth(spans: Sequence[Span]) -> float:
    if not spans:
        return 0.0
    return _sense(spans) + statistics.fmean(span.score for span in spans)
