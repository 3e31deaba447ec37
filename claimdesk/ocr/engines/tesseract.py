"""The second engine: Tesseract through pytesseract, with simplified Chinese and English."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

import pytesseract
from PIL import Image

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.ocr.layout import Span
from claimdesk.ocr.pages import Picture

LANGUAGES = 'chi_sim+eng'
TIMEOUT = 120
"""Seconds for one page."""


class TesseractEngine:
    """Words from Tesseract; one thread only, because with more it takes twelve times as long on two cores."""

    name = 'tesseract'

    def __init__(self) -> None:
        os.environ['OMP_THREAD_LIMIT'] = '1'
        try:
            languages = set(pytesseract.get_languages(config=''))
        except (pytesseract.TesseractNotFoundError, pytesseract.TesseractError, OSError) as error:
            raise Unavailable(
                _("Tesseract is not installed on this computer."),
                _("Install Tesseract with the Chinese language data, or choose another engine in the settings."),
            ) from error
        if not {'chi_sim', 'eng'} <= languages:
            raise Unavailable(
                _("Tesseract has no data for simplified Chinese."),
                _("Install the language data chi_sim, or choose another engine in the settings."),
            )

    def spans(self, picture: Picture) -> list[Span]:
        """Every word, those of one line joined where they touch."""
        image = Image.fromarray(picture)
        scale = 2 if max(image.size) < 1600 else 1
        if scale > 1:
            image = image.resize((image.width * scale, image.height * scale), Image.Resampling.LANCZOS)
        try:
            data = pytesseract.image_to_data(
                image, LANGUAGES, config='--psm 6', output_type=pytesseract.Output.DICT, timeout=TIMEOUT
            )
        except RuntimeError as error:
            raise Unavailable(
                _("Tesseract could not read the page."), _("Try again, or choose another engine.")
            ) from error
        wide = float(image.width)
        spans = []
        for text, left, top, width, height, confidence in zip(
            data['text'], data['left'], data['top'], data['width'], data['height'], data['conf'], strict=True
        ):
            if text.strip() and float(confidence) >= 0:
                spans.append(
                    Span(
                        text.strip(),
                        left / wide,
                        top / wide,
                        (left + width) / wide,
                        (top + height) / wide,
                        float(confidence) / 100,
                    )
                )
        return spans

    def lines(self, pictures: Sequence[Picture], characters: str = '') -> list[tuple[str, tuple[float, ...]]]:
        """Each picture read as one line; `characters` restricts what may stand there."""
        config = '--psm 7' + (f' -c tessedit_char_whitelist={characters}' if characters else '')
        read: list[tuple[str, tuple[float, ...]]] = []
        for picture in pictures:
            image = Image.fromarray(picture)
            scale = max(1.0, 48 / max(1, image.height))
            image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
            try:
                text = pytesseract.image_to_string(
                    image, 'eng' if characters else LANGUAGES, config=config, timeout=TIMEOUT
                )
            except RuntimeError:
                text = ''
            read.append((''.join(text.split()), ()))
        return read


@cache
def tesseract_engine() -> TesseractEngine:
    """The one engine of this process; raises `Unavailable` as long as Tesseract is missing."""
    return TesseractEngine()
