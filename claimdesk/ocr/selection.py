"""Reading a place again that a person has marked on the page."""

from __future__ import annotations

from claimdesk.forms import type_of
from claimdesk.ocr import values
from claimdesk.ocr.engines.line import first_reader, second_reader
from claimdesk.ocr.evidence import without_seal
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import Box, FieldReading
from claimdesk.ocr.worth import ALONE, DOUBT, WITNESSED


def reread_picture(picture: Picture, box: tuple[float, float, float, float], field_name: str) -> FieldReading:
    """What stands in `box` (fractions of the upright picture), written down as `field_name` wants it.

    Both models read it, with and without red stamps; agreement makes it sure, as everywhere. Several lines in the box
    are joined from top to bottom.
    """
    from claimdesk.ocr.engines.rapid import rapid_engine

    high, wide = picture.shape[:2]
    x, y, width, height = box
    x0, x1 = sorted((round(max(0.0, x) * wide), round(min(1.0, x + width) * wide)))
    y0, y1 = sorted((round(max(0.0, y) * high), round(min(1.0, y + height) * high)))
    place = Box(x0 / wide, y0 / high, max(0, x1 - x0) / wide, max(0, y1 - y0) / high)
    part = picture[y0:y1, x0:x1]
    if part.shape[0] < 4 or part.shape[1] < 4:
        return FieldReading(field_name, '', 0.0, 'reread', place)
    write = values.WRITERS[type_of(field_name)]
    said: dict[str, list[tuple[str, float]]] = {}
    for version in (part, without_seal(part)):
        for reader in (first_reader(), second_reader()):
            if reader is None:
                continue
            text, scores = reader.lines([version])[0]
            value = write(text)
            if value:
                said.setdefault(value, []).append((reader.name, min(scores, default=0.0)))
    if part.shape[0] > 24:
        lines = Layout(rapid_engine().spans(part), part.shape[0] / part.shape[1])
        joined = ''.join(word.text for row in lines.rows for word in row.words())
        if value := write(joined):
            scores_seen = [span.score for span in lines.spans]
            said.setdefault(value, []).append(('rapid', min(scores_seen, default=0.0)))
    if not said:
        return FieldReading(field_name, '', 0.0, 'reread', place)
    value = max(said, key=lambda key: (len({name for name, _ in said[key]}), max(score for _, score in said[key])))
    voices = {name for name, _ in said[value]}
    best = max(score for _, score in said[value])
    agreed = {'ppocr-v5'} < voices and best >= 0.8
    confidence = WITNESSED if agreed and len(said) == 1 else min(ALONE, DOUBT + 0.3 * best)
    others = tuple(other for other in said if other != value)
    return FieldReading(field_name, value, confidence, '+'.join(sorted(voices)), place, others)
