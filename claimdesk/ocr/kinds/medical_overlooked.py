"""What a red seal hides: amounts beside their labels and the end of a date are read again without what is red."""

from __future__ import annotations

import re

import numpy as np

from claimdesk.forms import FieldType, type_of
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.evidence import cut, without_seal
from claimdesk.ocr.labels import Place
from claimdesk.ocr.layout import Layout, Row, Span
from claimdesk.ocr.overlooked import CLEAR, level_strip, take
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.values import MONEY, iso_date

DATE_WIDE = 9.5
"""How many heights of its row a date is wide at most."""
_TORN = re.compile(r'20\d{2}年(?:\d{0,2}月?)?(?=[^\d月日]|$)')
WIDEST = 9.0
"""How many heights of its row an amount is at most wide."""


def complete(
    seen: Extract, picture: Picture, layout: Layout, reader: Recogniser, found: list[Place]
) -> None:
    """Fill the amounts that `seen` lacks although one of the labels `found` is theirs, and the day of issue."""
    if 'issue_date' not in seen.fields:
        _torn_date(seen, picture, layout, reader)
    for place in found:
        name = place.wanted.name
        if name in seen.fields or type_of(name) is not FieldType.MONEY or place.likeness < 1.0:
            continue
        for strip in _strips(layout, place, found):
            part = np.ascontiguousarray(without_seal(cut(picture, strip, 0.2)))
            text, scores = reader.lines([part])[0]
            value = place.wanted.write(text)
            if value and min(scores, default=0.0) >= CLEAR and MONEY.search(text):
                take(seen, layout, name, value, strip, float(min(scores)), text=text)
                break


def _torn_date(seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
    """The day of issue, of which only the year, or year and month, were read."""
    for row in reversed(layout.rows):
        match = _TORN.search(row.text)
        if match is None or re.search('院|出生|诊', row.text[: match.start()][-8:]):
            continue
        left = row.glyphs[match.start()].x0
        strip = level_strip(layout, row.y, row.height, left, min(1.0, left + DATE_WIDE * row.height))
        text, scores = reader.lines([np.ascontiguousarray(without_seal(cut(picture, strip, 0.2)))])[0]
        value, score = iso_date(text), float(min(scores, default=0.0))
        if value and score >= CLEAR:
            take(seen, layout, 'issue_date', value, strip, score, text=text, firm=False)
            return


def _strips(layout: Layout, place: Place, found: list[Place]) -> list[Span]:
    """Where an amount may stand: beside its label up to the next one, and under it in the row of other amounts."""
    row = place.at.row
    rights = [other.at.x0 for other in found if other.at.row is row and other.at.start >= place.at.end]
    left = place.at.x1 + 0.3 * row.height
    right = min([*rights, left + WIDEST * row.height, 1.0])
    strips = [level_strip(layout, row.y, row.height, left, right)] if right - left > 2 * row.height else []
    under = _amounts_under(layout, row)
    if under is not None:
        middle = (place.at.x0 + place.at.x1) / 2
        half = max(place.at.x1 - place.at.x0, 5 * under.height) / 2
        strips.append(level_strip(layout, under.y, under.height, max(0.0, middle - half), min(1.0, middle + half)))
    return strips


def _amounts_under(layout: Layout, row: Row) -> Row | None:
    """The row of amounts under a row of heads, if one is."""
    near = (other for other in layout.rows if 0.7 * row.height < other.y - row.y < 2.8 * row.height)
    return next((other for other in near if len(MONEY.findall(other.text)) >= 2), None)
