"""The default engine: PP-OCRv6 through `rapidocr`; its models come inside the package, nothing is downloaded."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.ocr.engines.session import open_session
from claimdesk.ocr.layout import Span
from claimdesk.ocr.pages import Picture

DETECTION, RECOGNITION = 'PP-OCRv6_det_small.onnx', 'PP-OCRv6_rec_small.onnx'
MOST_SLENDER = 8
"""How many times longer than wide a picture may be."""


class RapidEngine:
    """PP-OCRv6 detection and recognition.

    The package's own direction classifier is off: it turns short numbers upside down (5999.00 became 00'6665);
    the direction of the page is settled before, for all its lines together.
    """

    name = 'rapid'

    def __init__(self) -> None:
        try:
            import rapidocr
            from omegaconf import flag_override
            from rapidocr import RapidOCR
        except ImportError as error:
            raise Unavailable(
                _("The text recognition engine cannot be loaded on this computer."),
                _("Install ClaimDesk again, or choose Tesseract in the settings."),
            ) from error
        models = Path(rapidocr.__file__).parent / 'models'
        if not all((models / name).is_file() for name in (DETECTION, RECOGNITION)):
            # Without its files the package would try to download them.
            raise Unavailable(
                _("The text recognition engine is incomplete."), _("Install ClaimDesk again.")
            )
        self._engine: Any = RapidOCR(params={'Global.log_level': 'critical', 'Global.use_cls': False})
        # Its own sessions would spin while they wait, which costs a third more on a busy computer.
        with flag_override(self._engine.cfg, 'allow_objects', True):
            self._engine.cfg.Det.session = open_session(models / DETECTION)
            self._engine.cfg.Rec.session = open_session(models / RECOGNITION)

    def spans(self, picture: Picture) -> list[Span]:
        """Every run of text, with the probability of each character."""
        # Every switch is given each time: the package keeps those of the last call.
        result = self._engine(
            _stout(picture)[:, :, ::-1],
            use_det=True,
            use_cls=False,
            use_rec=True,
            return_word_box=True,
            return_single_char_box=True,
        )
        if result.boxes is None or result.txts is None:
            return []
        wide = picture.shape[1]
        words = result.word_results or [() for _text in result.txts]
        return [
            _span(np.asarray(box, dtype=np.float64) / wide, text, float(score), line)
            for box, text, score, line in zip(result.boxes, result.txts, result.scores, words, strict=True)
        ]


def _stout(picture: Picture) -> Picture:
    """`picture` with white added where it is a strip: the package enlarges the shorter side without limit."""
    high, wide = picture.shape[:2]
    least = max(high, wide) // MOST_SLENDER
    room = ((0, max(0, least - high)), (0, max(0, least - wide)), (0, 0))
    return np.pad(picture, room, constant_values=255) if high < least or wide < least else picture


def _span(box: NDArray[np.float64], text: str, score: float, line: Any) -> Span:
    """A span from the four corners (clockwise from the top left), in page widths."""
    scores = tuple(float(part[1]) for part in line if str(part[0]).strip())
    plain = sum(not char.isspace() for char in text)
    run = max(1e-9, float(box[1][0] - box[0][0]))
    slope = float(box[1][1] - box[0][1] + box[2][1] - box[3][1]) / 2 / run
    return Span(
        text,
        float(box[:, 0].min()),
        float(box[:, 1].min()),
        float(box[:, 0].max()),
        float(box[:, 1].max()),
        score,
        scores if len(scores) == plain else (),
        slope if abs(slope) < 0.5 else 0.0,
    )


@cache
def rapid_engine() -> RapidEngine:
    """The one engine of this process: loading takes more than a second."""
    return RapidEngine()
