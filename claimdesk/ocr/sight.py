"""Reading the picture of a page: which way up, every line by the engine, doubtful values by a second reader."""

from __future__ import annotations

import numpy as np

from claimdesk.errors import Unavailable
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.engines import Engine, EngineChoice, load_engine
from claimdesk.ocr.engines.line import first_reader, second_reader
from claimdesk.ocr.evidence import SecondLook
from claimdesk.ocr.kinds import Kind, extract, kind_of
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.orientation import upright
from claimdesk.ocr.pages import Picture
from claimdesk.vocabulary import DocumentKind


def warm_up() -> None:
    """Load the engines, so that the first page does not wait for them."""
    load_engine(EngineChoice.RAPID).spans(np.full((64, 320, 3), 255, np.uint8))
    second_reader()


def look_at(
    picture: Picture, kind: DocumentKind | None, hint: int | None, *, family: Kind | None, cells: bool
) -> tuple[Extract, SecondLook | None, int]:
    """What stands on the picture, who can look again, and how far it was turned clockwise.

    `kind` is what better evidence already told (`family`: that alone), `hint` the turn that a code gave;
    `cells` also searches the empty cells of the table. Without the default engine Tesseract reads. Raises
    `Unavailable` when neither works.
    """
    try:
        engine = load_engine(EngineChoice.RAPID)
    except Unavailable:
        engine = load_engine(EngineChoice.TESSERACT)
    picture, layout, rotation = _laid_out(picture, engine, hint)
    seen = extract(layout, engine.name, kind, family)
    again = first_reader() if cells and (seen.items or seen.labelled) else None
    if again:
        kind_of(seen.kind).complete(seen, picture, layout, again)
    second = second_reader() if seen.fields else None
    return seen, SecondLook(picture, layout, second) if second else None, rotation


def look_alone(picture: Picture, choice: EngineChoice) -> tuple[Extract, int]:
    """What one engine sees by itself, and how far it turned the picture."""
    _picture, layout, rotation = _laid_out(picture, load_engine(choice), None)
    return extract(layout, str(choice)), rotation


def _laid_out(picture: Picture, engine: Engine, hint: int | None) -> tuple[Picture, Layout, int]:
    turned, spans, rotation = upright(picture, engine, hint)
    return turned, Layout(spans, turned.shape[0] / turned.shape[1]), rotation
