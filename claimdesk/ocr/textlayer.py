"""The text layer of a PDF page by coordinates: characters become spans wherever no hole divides them."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from claimdesk.ocr.layout import Span

MAX_CHARACTERS = 50_000
UNKNOWN = '\ufffd'
"""Stands for a character that is drawn and of which the file does not say which it is."""
MOST_UNKNOWN = 0.03
"""With a larger share of such characters, or of characters that no paper of ours bears, a text layer says nothing."""
DIRECTION_SAMPLES = 200
_RADICALS = str.maketrans(
    '⺠⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳',
    '民月虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟',
)
"""Parts of characters that some programs write in place of the characters that look the same."""


def spans_of(page: pdfium.PdfPage) -> tuple[tuple[Span, ...], int]:
    """The visible text of `page` as spans in page widths, and how far it must be turned clockwise to stand upright.

    The spans are those of the page once it is turned. What a scanner's software recognised and laid under its picture
    is no print: it is left out.
    """
    wide, high = page.get_size()
    if wide <= 0 or high <= 0 or _covered(page, wide, high):
        return (), 0
    text = page.get_textpage()
    count = min(text.count_chars(), MAX_CHARACTERS)
    turn = _turn(page, text, count, wide, high)
    spans: list[Span] = []
    run: list[tuple[str, float, float, float, float]] = []
    for index in range(count):
        char = _character(text, index)
        box = _box(page, text, index, wide, high) if char else None
        if box is None or _invisible(text, index):
            continue
        x0, y0, x1, y1 = _turned(box, turn, high / wide)
        if run and not _goes_on(run, x0, y0, x1, y1):
            spans.append(_span(run))
            run = []
        run.append((char, x0, y0, x1, y1))
    if run:
        spans.append(_span(run))
    return (tuple(spans), turn) if _legible(''.join(span.text for span in spans)) else ((), 0)


def _turn(page: pdfium.PdfPage, text: pdfium.PdfTextPage, count: int, wide: float, high: float) -> int:
    """The turn clockwise after which most characters run from left to right (PDFium counts angles clockwise)."""
    seen: Counter[int] = Counter()
    for index in range(0, count, max(1, count // DIRECTION_SAMPLES)):
        angle = raw.FPDFText_GetCharAngle(text, index)
        x, y = ctypes.c_double(), ctypes.c_double()
        if angle < 0 or not raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y)):
            continue
        here = _device(page, x.value, y.value, wide, high)
        ahead = _device(page, x.value + 10 * math.cos(angle), y.value - 10 * math.sin(angle), wide, high)
        across, down = ahead[0] - here[0], ahead[1] - here[1]
        if abs(across) > abs(down):
            seen[0 if across > 0 else 180] += 1
        else:
            seen[270 if down > 0 else 90] += 1
    return seen.most_common(1)[0][0] if seen else 0


def _turned(box: tuple[float, float, float, float], turn: int, aspect: float) -> tuple[float, float, float, float]:
    """A place of the page after it was turned clockwise, in widths of the turned page."""
    x0, y0, x1, y1 = box
    if turn == 180:
        return 1 - x1, aspect - y1, 1 - x0, aspect - y0
    if turn == 90:
        return (aspect - y1) / aspect, x0 / aspect, (aspect - y0) / aspect, x1 / aspect
    if turn == 270:
        return y0 / aspect, (1 - x1) / aspect, y1 / aspect, (1 - x0) / aspect
    return box


def _legible(text: str) -> bool:
    """Whether the characters are those of our papers: a font that hides what it draws gives others."""
    strange = sum(char == UNKNOWN or (0xA8 <= ord(char) <= 0x24F and char not in '°±²³·×÷') for char in text)
    return strange <= max(3.0, MOST_UNKNOWN * len(text))


def _character(text: pdfium.PdfTextPage, index: int) -> str:
    """The character as it is written everywhere else, `UNKNOWN` where the file does not tell it, '' for a space."""
    code = raw.FPDFText_GetUnicode(text, index)
    char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else UNKNOWN
    if raw.FPDFText_IsGenerated(text, index) == 1:
        return ''
    if 0x2E80 <= code <= 0x2FDF:
        return unicodedata.normalize('NFKC', char.translate(_RADICALS))
    if char == UNKNOWN or raw.FPDFText_HasUnicodeMapError(text, index) == 1 or unicodedata.category(char) == 'Co':
        return UNKNOWN
    return char if char.isprintable() and not char.isspace() else ''


def _invisible(text: pdfium.PdfTextPage, index: int) -> bool:
    shape = raw.FPDFText_GetTextObject(text, index)
    return bool(shape) and raw.FPDFTextObj_GetTextRenderMode(shape) in (
        raw.FPDF_TEXTRENDERMODE_INVISIBLE,
        raw.FPDF_TEXTRENDERMODE_CLIP,
    )


def _covered(page: pdfium.PdfPage, wide: float, high: float) -> bool:
    """Whether a picture of the whole page is drawn over all text."""
    covered = False
    for shape in page.get_objects(max_depth=3):
        if shape.type == raw.FPDF_PAGEOBJ_TEXT:
            covered = False
        elif shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            covered = covered or (right - left) * (top - bottom) > 0.8 * wide * high
    return covered


def _box(
    page: pdfium.PdfPage, text: pdfium.PdfTextPage, index: int, wide: float, high: float
) -> tuple[float, float, float, float] | None:
    rect = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(rect)):
        return None
    left, top = _device(page, rect.left, rect.top, wide, high)
    right, bottom = _device(page, rect.right, rect.bottom, wide, high)
    x0, x1 = sorted((left, right))
    y0, y1 = sorted((top, bottom))
    if x1 <= x0 or y1 <= y0 or x1 < 0 or x0 > 1 or y1 - y0 > 0.2:
        return None
    return x0, y0, x1, y1


def _device(page: pdfium.PdfPage, x: float, y: float, wide: float, high: float) -> tuple[float, float]:
    """A point of the page's own coordinates as shown (crop box, rotation), in page widths."""
    scale = 100
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(
        page, 0, 0, round(wide * scale), round(high * scale), 0, x, y, ctypes.byref(device_x), ctypes.byref(device_y)
    )
    return device_x.value / (wide * scale), device_y.value / (wide * scale)


def _goes_on(run: list[tuple[str, float, float, float, float]], x0: float, y0: float, x1: float, y1: float) -> bool:
    _, _, last_y0, last_x1, last_y1 = run[-1]
    height = max(y1 - y0, last_y1 - last_y0)
    level = abs((y0 + y1) - (last_y0 + last_y1)) / 2 < 0.3 * height
    return level and -0.5 * height < x0 - last_x1 < 0.6 * height


def _span(run: list[tuple[str, float, float, float, float]]) -> Span:
    return Span(
        ''.join(part[0] for part in run),
        run[0][1],
        min(part[2] for part in run),
        max(part[3] for part in run),
        max(part[4] for part in run),
    )
