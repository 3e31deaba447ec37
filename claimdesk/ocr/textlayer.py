"""The text layer of a PDF page by coordinates: characters become spans wherever no hole divides them."""

from __future__ import annotations

import ctypes

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from claimdesk.ocr.layout import Span

MAX_CHARACTERS = 50_000


def spans_of(page: pdfium.PdfPage) -> tuple[Span, ...]:
    """The visible text of `page` as spans in page widths, upright as the page is shown.

    What a scanner's software recognised and laid under its picture is no print: it is left out.
    """
    wide, high = page.get_size()
    if wide <= 0 or high <= 0 or _covered(page, wide, high):
        return ()
    text = page.get_textpage()
    count = min(text.count_chars(), MAX_CHARACTERS)
    spans: list[Span] = []
    run: list[tuple[str, float, float, float, float]] = []
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ''
        box = _box(page, text, index, wide, high) if char and not char.isspace() and char.isprintable() else None
        if box is None or _invisible(text, index):
            continue
        x0, y0, x1, y1 = box
        if run and not _goes_on(run, x0, y0, x1, y1):
            spans.append(_span(run))
            run = []
        run.append((char, x0, y0, x1, y1))
    if run:
        spans.append(_span(run))
    return tuple(spans)


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
