"""Pictures of papers that are data: an OFD page as its objects say, a structured invoice as a list of what it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lxml import etree
from PIL import Image, ImageDraw, ImageFont, ImageOps

from claimdesk.errors import Unreadable
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.layout import Span
from claimdesk.ocr.ofd import A4_HIGH, A4_WIDE, OfdFile, numbers
from claimdesk.ocr.reading import Box, TextRun
from claimdesk.paths import resource
from claimdesk.pictures import decode, open_picture

MOST_PIXELS = 8000
MAX_SHAPES = 5000
MAX_PICTURES = 50
MAX_RUNS = 4000
LINE_MM = 0.353
CURVE_STEPS = 8
BELOW_BASE = 0.14
"""How much of a run's height lies under its base line, as `OfdFile.spans` measures it."""
WHITE, INK = (255, 255, 255), (20, 20, 20)
_SIZES = {'M': 2, 'S': 2, 'L': 2, 'Q': 4, 'B': 6, 'A': 7, 'C': 0}
_LABELS = {
    'invoice_number': '发票号码', 'issue_date': '开票日期', 'buyer_name': '购买方名称', 'buyer_tax_id': '购买方税号',
    'seller_name': '销售方名称', 'seller_tax_id': '销售方税号', 'amount': '合计金额', 'tax': '合计税额',
    'total': '价税合计（小写）', 'total_capital': '价税合计（大写）',
}  # fmt: skip

Point = tuple[float, float]
LEFT, RIGHT, STEP = 18.0, 192.0, 8.0
"""Margins and line spacing of the sheet of a structured invoice, in millimetres."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A text on the sheet, its upper corner and the height of its letters in millimetres."""

    text: str
    x: float
    y: float
    size: float
    shade: tuple[int, int, int] = INK
    anchor: str = 'la'


def ofd_picture(file: OfdFile, index: int, width: int) -> Image.Image:
    """Page `index` (from 0), `width` pixels wide: its lines, pictures and texts. Raises `Unreadable`."""
    layers, wide, high = file.layers(index)
    scale = min(width / wide, MOST_PIXELS / max(wide, high))
    image = Image.new('RGB', (max(1, round(wide * scale)), max(1, round(high * scale))), WHITE)
    draw = ImageDraw.Draw(image)
    left, pictures = MAX_SHAPES, MAX_PICTURES
    for layer in layers:
        for shape in layer.iter('{*}PathObject', '{*}ImageObject'):
            if shape.get('Visible') == 'false':
                continue
            if etree.QName(shape).localname == 'PathObject' and left > 0:
                left -= 1
                _draw_path(draw, shape, scale)
            elif etree.QName(shape).localname == 'ImageObject' and pictures > 0:
                pictures -= 1
                _paste(image, file, shape, scale)
    _write_texts(draw, file.spans(index)[0][:MAX_RUNS], image.width)
    return image


def invoice_picture(invoice: Extract, width: int) -> Image.Image:
    """A structured invoice as a sheet of A4 with what it holds, line items included."""
    width = min(width, MOST_PIXELS // 2)
    unit = width / A4_WIDE
    image = Image.new('RGB', (width, round(A4_HIGH * unit)), WHITE)
    draw = ImageDraw.Draw(image)
    for y in _rules(invoice):
        draw.line((LEFT * unit, y * unit, RIGHT * unit, y * unit), (200, 200, 200))
    for line in _lines_of(invoice):
        draw.text((line.x * unit, line.y * unit), line.text, line.shade, _font(round(line.size * unit)), line.anchor)
    return image


def invoice_runs(invoice: Extract) -> tuple[tuple[TextRun, ...], ...]:
    """The texts of `invoice_picture` with their places."""
    return tuple((_run_of(line),) for line in _lines_of(invoice))


def _run_of(line: _Line) -> TextRun:
    wide = _font(200).getlength(line.text) * line.size / 200
    left = line.x - wide if line.anchor == 'ra' else line.x
    return TextRun(line.text, Box(left / A4_WIDE, line.y / A4_HIGH, wide / A4_WIDE, 1.2 * line.size / A4_HIGH))


def _lines_of(invoice: Extract) -> Iterator[_Line]:
    """What is written on the sheet of a structured invoice, in millimetres."""
    fields = invoice.fields
    yield _Line('电子发票（XML 数据）', LEFT, 16, 6)
    y = 32.0
    for name, label in _LABELS.items():
        if name in fields:
            yield _Line(f'{label}：', LEFT, y, 4, (110, 110, 110))
            yield _Line(fields[name].value[:40], 62, y, 4)
            y += STEP
    for (item, _sure), below in zip(invoice.items, _rules(invoice), strict=False):
        words = f'{item.quantity}{item.unit} × {item.unit_price}  {item.tax_rate}'.strip(' ×')
        yield _Line(item.name[:28], LEFT, below + 2, 3.6)
        yield _Line(words[:24], 112, below + 2, 3.6)
        yield _Line(item.amount[:16], RIGHT, below + 2, 3.6, anchor='ra')


def _rules(invoice: Extract) -> Iterator[float]:
    """The thin line above each item that has room."""
    y = 36.0 + STEP * sum(name in invoice.fields for name in _LABELS)
    for _item in invoice.items:
        if y > 285:
            return
        yield y
        y += STEP


def _write_texts(draw: ImageDraw.ImageDraw, spans: Sequence[Span], width: int) -> None:
    """Each run of text over its own width, whatever the font of the file was."""
    for span in spans:
        size = round((span.y1 - span.y0) * width)
        if not 2 <= size <= 400 or span.y0 > 4 or not -1 < span.x0 < 1:
            continue  # too small to be read, or beyond every sheet
        font = _font(size)
        steps = [font.getlength(char) for char in span.text]
        stretch = max(0.85, (span.x1 - span.x0) * width / max(sum(steps), 1.0))
        x, base = span.x0 * width, span.y1 * width - BELOW_BASE * size
        for char, step in zip(span.text, steps, strict=True):
            draw.text((x, base), char, INK, font, anchor='ls')
            x += step * stretch


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource('fonts', 'NotoSansSC-Regular.ttf')), max(2, size))


def _placed(shape: etree._Element) -> tuple[tuple[float, ...], list[float]] | None:
    """The matrix that carries points of an object onto the sheet, in millimetres, and its boundary."""
    boundary, turn = numbers(shape.get('Boundary', '')), numbers(shape.get('CTM', ''))
    if len(boundary) != 4:
        return None
    a, b, c, d, e, f = turn if len(turn) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (a, b, c, d, e + boundary[0], f + boundary[1]), boundary


def _draw_path(draw: ImageDraw.ImageDraw, shape: etree._Element, scale: float) -> None:
    placed = _placed(shape)
    if placed is None or shape.get('Stroke') == 'false':
        return
    (a, b, c, d, e, f), _boundary = placed
    thick = max(1, round((numbers(shape.get('LineWidth', '')) or [LINE_MM])[0] * scale))
    stroke = shape.find('{*}StrokeColor')
    shade = _shade(stroke.get('Value', '') if stroke is not None else '')
    for line in _lines(shape.findtext('{*}AbbreviatedData') or ''):
        points = [((a * x + c * y + e) * scale, (b * x + d * y + f) * scale) for x, y in line]
        if len(points) > 1 and all(abs(value) < 4 * MOST_PIXELS for point in points for value in point):
            draw.line(points, shade, min(thick, 60))


def _shade(value: str) -> tuple[int, ...]:
    levels = numbers(value)
    return tuple(max(0, min(255, round(level))) for level in levels[:3]) if len(levels) >= 3 else (90, 60, 50)


def _lines(data: str) -> Iterator[list[Point]]:
    """The strokes of a path: `M x y`, `L x y`, curves as short lines, an arc as its chord."""
    words = data[:20_000].split()
    line: list[Point] = []
    place = 0
    while place < len(words):
        order = words[place]
        size = _SIZES.get(order, 0)
        values = numbers(' '.join(words[place + 1 : place + 1 + size]))
        place += 1 + size
        if len(values) != size:
            break
        if order in ('M', 'S'):
            yield line
            line = [(values[0], values[1])]
        elif order == 'C' and line:
            line.append(line[0])
        elif order in ('L', 'A'):
            line.append((values[-2], values[-1]))
        elif order in ('Q', 'B') and line:
            line += _curve([line[-1], *zip(values[::2], values[1::2], strict=True)])
    yield line


def _curve(through: list[Point]) -> list[Point]:
    """Points along a Bézier curve with these control points."""
    out = []
    for step in range(1, CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        points = through
        while len(points) > 1:
            points = [
                (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)
                for (x0, y0), (x1, y1) in pairwise(points)
            ]  # fmt: skip
        out.append(points[0])
    return out


def _paste(image: Image.Image, file: OfdFile, shape: etree._Element, scale: float) -> None:
    """A picture at its boundary; one that does not open is left out, the page is worth more than its ornaments."""
    placed = _placed(shape)
    if placed is None:
        return
    x, y, wide, high = (round(value * scale) for value in placed[1])
    if not (0 < wide <= 2 * image.width and 0 < high <= 2 * image.height):
        return
    try:
        content = file.picture(shape.get('ResourceID', ''))
        if not content:
            return
        picture = ImageOps.exif_transpose(decode(open_picture(content))).convert('RGBA').resize((wide, high))
    except (Unreadable, ValueError, OSError):
        return
    image.paste(picture, (x, y), picture)
