"""OCR engines behind one small interface: a picture in, spans out; and recognisers that read one cut-out line."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from claimdesk.ocr.layout import Span
from claimdesk.ocr.pages import Picture


class EngineChoice(StrEnum):
    """Which engine reads: `AUTO` weighs every kind of evidence, the others use that engine's spans alone."""

    AUTO = 'auto'
    RAPID = 'rapid'
    TESSERACT = 'tesseract'


class Engine(Protocol):
    """Finds and reads text on a page."""

    name: str

    def spans(self, picture: Picture) -> list[Span]:
        """Every run of text on the upright `picture`; raises `Unavailable` when the engine cannot work here."""


class Recogniser(Protocol):
    """Reads pictures of one line each."""

    name: str

    def lines(self, pictures: Sequence[Picture]) -> list[tuple[str, tuple[float, ...]]]:
        """For each picture its text and one probability for each character."""


def load_engine(choice: EngineChoice) -> Engine:
    """The engine of that name (`AUTO`: the default one), loaded when first asked for; raises `Unavailable`."""
    if choice is EngineChoice.TESSERACT:
        from claimdesk.ocr.engines.tesseract import tesseract_engine

        return tesseract_engine()
    from claimdesk.ocr.engines.rapid import rapid_engine

    return rapid_engine()
