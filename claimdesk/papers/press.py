"""Draws forms: as PDF with a text layer, as a clean picture, and as a scanner would give it."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from claimdesk.papers.form import Form
from claimdesk.paths import resource

if TYPE_CHECKING:
    from PIL import Image, ImageFont

RED = (222, 30, 34)
FONT_NAME = 'office-paper'
SEAL_SCALE = 4
SCAN_DPI = 150


def font_path() -> str:
    """The font that the papers are printed in."""
    return str(resource('fonts', 'NotoSansSC-Regular.ttf'))


@lru_cache(maxsize=256)
def font(size: float, path: str = '', index: int = 0) -> ImageFont.FreeTypeFont:
    """The font of the papers, or another one by its file and its place in it, in that size in pixels."""
    from PIL import ImageFont

    return ImageFont.truetype(path or font_path(), size, index)


def as_pdf(forms: Iterable[Form], title: str = '') -> bytes:
    """The pages as a PDF with a text layer."""
    from reportlab.pdfgen.canvas import Canvas

    _register()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.setTitle(title)
    for form in forms:
        _page_on(canvas, form)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _page_on(canvas: Any, form: Form) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.setPageSize((form.wide, form.high))
    canvas.setLineWidth(0.7)
    canvas.setStrokeColorRGB(*(part / 255 for part in form.ink))
    for x0, y0, x1, y1 in form.lines:
        canvas.line(x0, form.high - y0, x1, form.high - y1)
    for x, y, radius in form.circles:
        canvas.circle(x, form.high - y, radius)
    for x, y, words, size, colour, align in form.texts:
        canvas.setFillColorRGB(*(part / 255 for part in colour))
        canvas.setFont(FONT_NAME, size)
        put = {'l': canvas.drawString, 'c': canvas.drawCentredString, 'r': canvas.drawRightString}[align]
        put(x, form.high - y, words)
    _code_on(canvas, form)
    for x, y, wide, high, *said in form.seals:
        seal = ImageReader(_seal(wide, high, *said))
        canvas.drawImage(seal, x - wide, form.high - y - high, 2 * wide, 2 * high, mask='auto')


def as_picture(form: Form, dpi: int = SCAN_DPI, face: str = '', index: int = 0) -> Image.Image:
    """The page as a clean picture; `face` is the file of another font to print it in."""
    from PIL import Image, ImageDraw

    scale = dpi / 72
    image = Image.new('RGB', (round(form.wide * scale), round(form.high * scale)), (253, 253, 250))
    pen = ImageDraw.Draw(image)
    thick = max(1, round(scale * 0.7))
    for line in form.lines:
        pen.line([point * scale for point in line], form.ink, thick)
    for x, y, radius in form.circles:
        pen.ellipse([(x - radius) * scale, (y - radius) * scale, (x + radius) * scale, (y + radius) * scale], None,
                    form.ink, thick)  # fmt: skip
    anchors = {'l': 'ls', 'c': 'ms', 'r': 'rs'}
    for x, y, words, size, colour, align in form.texts:
        pen.text((x * scale, y * scale), words, colour, font(size * scale, face, index), anchors[align])
    x, y, side, text = form.code
    if text:
        code = _code_picture(text).resize((round(side * scale), round(side * scale)), Image.Resampling.NEAREST)
        image.paste(code, (round(x * scale), round(y * scale)))
    for x, y, wide, high, *said in form.seals:
        seal = _seal(wide, high, *said).resize((round(2 * wide * scale), round(2 * high * scale)))
        image.paste(seal, (round((x - wide) * scale), round((y - high) * scale)), seal)
    return image


def as_scan(form: Form, seed: int) -> bytes:
    """The page as an office scanner gives it: a little crooked, soft and grey, as JPEG."""
    import numpy as np
    from PIL import Image, ImageFilter

    dice = random.Random(seed)
    clean = as_picture(form)
    border = round(clean.width * 0.03)
    sheet = Image.new('RGB', (clean.width + 2 * border, clean.height + 2 * border), (238, 238, 235))
    sheet.paste(clean, (border, border))
    sheet = sheet.rotate(dice.uniform(-0.9, 0.9), Image.Resampling.BICUBIC, fillcolor=(232, 232, 229))
    sheet = sheet.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 0.55)))
    values = np.asarray(sheet).astype(np.float32)
    values += np.random.default_rng(seed).normal(0, 3.5, (*values.shape[:2], 1)).astype(np.float32)
    values *= np.linspace(1.0, dice.uniform(0.9, 1.0), sheet.width)[None, :, None]
    out = io.BytesIO()
    Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(out, 'JPEG', quality=78, dpi=(SCAN_DPI, SCAN_DPI))
    return out.getvalue()


@cache
def _register() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(FONT_NAME, font_path()))


def _code_on(canvas: Any, form: Form) -> None:
    import segno

    x, y, side, said = form.code
    if not said:
        return
    matrix = segno.make(said, error='m', micro=False).matrix
    cell = side / (len(matrix) + 2)
    canvas.setFillColorRGB(0, 0, 0)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                top = form.high - y - (row + 2) * cell
                canvas.rect(x + (column + 1) * cell, top, cell * 1.02, cell * 1.02, stroke=0, fill=1)


def _code_picture(said: str) -> Image.Image:
    import segno
    from PIL import Image

    out = io.BytesIO()
    segno.make(said, error='m', micro=False).save(out, kind='png', scale=6, border=1)
    return Image.open(out).convert('RGB')


@lru_cache(maxsize=32)
def _seal(wide: float, high: float, arc: str, middle: str, low: str) -> Image.Image:
    """An oval seal: words along its upper rim, in its middle and below."""
    from PIL import Image, ImageDraw

    scale = SEAL_SCALE
    layer = Image.new('RGBA', (round(2 * wide * scale), round(2 * high * scale)), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    ink = (*RED, 200)
    edge = 1.4 * scale
    pen.ellipse([edge, edge, layer.width - edge, layer.height - edge], None, ink, round(edge))
    pen.ellipse([3.6 * scale, 3.6 * scale, layer.width - 3.6 * scale, layer.height - 3.6 * scale], None, ink, 2)
    _along_rim(layer, arc, wide * scale, high * scale, ink, scale)
    size = min(6.2, 1.55 * wide / max(1, len(middle)) * (1.6 if middle.isascii() else 1.0))
    pen.text((wide * scale, high * scale), middle, ink, font(size * scale), 'mm')
    pen.text((wide * scale, high * 1.5 * scale), low, ink, font(min(6.0, 1.1 * wide / max(1, len(low))) * scale), 'mm')
    return layer


def _along_rim(
    layer: Image.Image, words: str, wide: float, high: float, ink: tuple[int, int, int, int], scale: int
) -> None:
    from PIL import Image, ImageDraw

    size = round(min(7.2, 62 / max(8, len(words))) * scale)
    span = min(2.5, 0.3 * len(words))
    for place, sign in enumerate(words):
        angle = -math.pi / 2 - span / 2 + span * (place + 0.5) / len(words)
        x, y = wide + wide * 0.77 * math.cos(angle), high + high * 0.72 * math.sin(angle)
        glyph = Image.new('RGBA', (size * 2, size * 2), (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((size, size), sign, ink, font(size), 'mm')
        turned = glyph.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        layer.alpha_composite(turned, (max(0, round(x - size)), max(0, round(y - size))))
