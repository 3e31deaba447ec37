"""From bytes to pages: pictures and text layers of images, PDF, OFD and XML, within limits that nothing passes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageOps

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.ocr import structured
from claimdesk.ocr.facsimile import invoice_picture, invoice_runs, ofd_picture
from claimdesk.ocr.layout import Layout, Span
from claimdesk.ocr.ofd import OfdFile, is_ofd
from claimdesk.ocr.reading import TextRun
from claimdesk.ocr.textlayer import spans_of
from claimdesk.pdfium import one_at_a_time
from claimdesk.pictures import decode, no_such_page, open_picture, torn

Picture = NDArray[np.uint8]
"""Height × width × 3, red green blue, upright as stored (EXIF turned)."""

MAX_BYTES = 200 * 1024 * 1024
MAX_PAGES = 500
LONG_SIDE = 2000
"""Pixels of the longer side that an engine gets; more costs time and reads no better."""
RENDER_DPI = 200
A4_ASPECT = 297 / 210


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its picture, and for a PDF the spans of its text layer (empty where it has none).

    `turn` says how far print in the file must be turned clockwise to stand upright; the spans are turned already.
    """

    number: int
    picture: Picture
    spans: tuple[Span, ...] = ()
    turn: int = 0

    @property
    def aspect(self) -> float:
        """Height in page widths, as the spans have it."""
        high, wide = self.picture.shape[:2]
        return float(wide) / float(high) if self.turn % 180 else float(high) / float(wide)


def load(source: Path | bytes) -> bytes:
    """The bytes of `source`; raises `Unreadable` when it is empty, too large, or cannot be opened."""
    if isinstance(source, bytes):
        data = source
    else:
        try:
            size = source.stat().st_size
            if size > MAX_BYTES:
                raise _too_large()
            data = source.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, 'strerror', None) or str(error)
            raise Unreadable(
                _("The file {name} cannot be opened: {reason}").format(name=source.name, reason=reason),
                _("Check that it still exists and that you may read it."),
            ) from error
    if not data:
        raise Unreadable(_("The file is empty."), _("Scan or download the document again."))
    if len(data) > MAX_BYTES:
        raise _too_large()
    return data


def is_pdf(data: bytes) -> bool:
    """Whether `data` begins like a PDF (some writers put a few bytes before the mark)."""
    return b'%PDF-' in data[:1024]


def is_data(data: bytes) -> bool:
    """Whether the paper is data that has to be drawn before it is a picture: OFD or XML."""
    return is_ofd(data) or structured.is_xml(data)


def pages(data: bytes, *, text: bool = True, long_side: int = LONG_SIDE, first: int = 1) -> Iterator[Page]:
    """Every page of a PDF or picture file from page `first` on, one after the other.

    Raises `Unreadable` for what is neither, is torn, encrypted, or beyond the limits. `text` says whether text layers
    are wanted.
    """
    if is_pdf(data):
        yield from _pdf_pages(data, text, long_side, first)
    elif is_ofd(data):
        file = OfdFile(data)
        for index in range(first - 1, len(file)):
            spans, aspect = file.spans(index)
            width = round(long_side / max(1.0, aspect))
            yield Page(index + 1, np.asarray(ofd_picture(file, index, width)), spans if text else ())
    elif (invoice := structured.read(data)) is not None:
        if first == 1:
            yield Page(1, np.asarray(invoice_picture(invoice, round(long_side / A4_ASPECT))))
    else:
        image = open_picture(data)
        for index in range(first - 1, _frame_count(image)):
            yield Page(index + 1, _picture(_frame(image, index), long_side))


def carries_files(data: bytes) -> bool:
    """Whether it is a PDF with other files in it."""
    if not is_pdf(data):
        return False
    with one_at_a_time(), _document(data) as document:
        return bool(document.count_attachments())


def data_runs(data: bytes, page: int) -> tuple[tuple[TextRun, ...], ...]:
    """The texts of page `page` (from 1) of an OFD or a structured invoice, row by row with their places.

    Raises `Unreadable` as `pages` does.
    """
    if is_ofd(data):
        return Layout(*OfdFile(data).spans(page - 1)).runs()
    invoice = structured.read(data)
    return invoice_runs(invoice) if invoice is not None and page == 1 else ()


def has_text(data: bytes, index: int) -> bool:
    """Whether page `index` (from 0) of a PDF has text of its own, not only a picture. Raises `Unreadable`."""
    if not is_pdf(data):
        return False
    with one_at_a_time(), _document(data) as document:
        return bool(spans_of(document[index])[0])


def page_count(source: Path | bytes) -> int:
    """How many pages a file has; raises `Unreadable` as `pages` does."""
    data = load(source)
    if is_pdf(data):
        with one_at_a_time(), _document(data) as document:
            return len(document)
    if is_ofd(data):
        return len(OfdFile(data))
    if structured.read(data) is not None:
        return 1
    return _frame_count(open_picture(data))


def render(source: Path | bytes, page: int = 1, *, width: int = 1200, rotation: int = 0) -> bytes:
    """Page `page` (from 1) as PNG, `width` pixels wide after turning it `rotation` degrees clockwise.

    A picture is never enlarged beyond what it has. Raises `Unreadable` as `pages` does.
    """
    data = load(source)
    width = max(16, min(width, 6000))
    if is_pdf(data):
        with one_at_a_time(), _document(data) as document:
            if not 1 <= page <= len(document):
                raise no_such_page()
            image = _render(document[page - 1], width, rotation % 180 == 90)
    elif is_ofd(data):
        file = OfdFile(data)
        _layers, wide, high = file.layers(page - 1)
        image = ofd_picture(file, page - 1, _before_turning(width, high / wide, rotation))
    elif (invoice := structured.read(data)) is not None:
        if page != 1:
            raise no_such_page()
        image = invoice_picture(invoice, _before_turning(width, A4_ASPECT, rotation))
    else:
        frames = open_picture(data)
        if not 1 <= page <= _frame_count(frames):
            raise no_such_page()
        image = Image.fromarray(_picture(_frame(frames, page - 1), 8000))
    image = turned(image, rotation)
    if image.width > width:
        image = image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, 'PNG', compress_level=1)
    return out.getvalue()


def _before_turning(width: int, aspect: float, rotation: int) -> int:
    """How wide a page of that aspect is drawn so that it is `width` wide once turned."""
    return max(16, round(width / aspect)) if rotation % 180 == 90 else width


def turned(image: Image.Image, rotation: int) -> Image.Image:
    """`image` turned clockwise by a multiple of 90 degrees."""
    turn = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }.get(rotation % 360)
    return image.transpose(turn) if turn is not None else image


def turned_picture(picture: Picture, rotation: int) -> Picture:
    """`picture` turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(picture, -(rotation // 90) % 4))


# -- PDF ------------------------------------------------------------------------------------------------------------


def _document(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if 'password' in str(error).lower():
            raise Unreadable(
                _("The PDF is protected by a password."),
                _("Enter it in the inbox, or ask the sender for a copy without one."),
            ) from error
        raise Unreadable(
            _("The PDF is damaged and cannot be opened."), _("Download or scan the document again.")
        ) from error
    if len(document) == 0:
        document.close()
        raise Unreadable(_("The PDF has no pages."), _("Download or scan the document again."))
    if len(document) > MAX_PAGES:
        document.close()
        raise _too_many_pages()
    document.init_forms()
    return document


def _pdf_pages(data: bytes, text: bool, long_side: int, first: int) -> Iterator[Page]:
    with one_at_a_time():
        document = _document(data)
    try:
        for index in range(first - 1, len(document)):
            with one_at_a_time():
                page = _pdf_page(document, index, text, long_side)
            yield page
    finally:
        with one_at_a_time():
            document.close()


def _pdf_page(document: pdfium.PdfDocument, index: int, text: bool, long_side: int) -> Page:
    try:
        page = document[index]
        spans, turn = spans_of(page) if text else ((), 0)
        wide, high = page.get_size()
        scale = min(RENDER_DPI / 72, long_side / max(wide, high, 1.0))
        image = _render(page, max(16, round(wide * scale)), False)
        page.close()
    except pdfium.PdfiumError as error:
        raise Unreadable(
            _("Page {page} of the PDF is damaged.").format(page=index + 1),
            _("Download or scan the document again."),
        ) from error
    return Page(index + 1, np.asarray(image), spans, turn)


def _render(page: pdfium.PdfPage, width: int, height_is_width: bool) -> Image.Image:
    wide, high = page.get_size()
    across = max(high if height_is_width else wide, 1.0)
    scale = min(width / across, 8000 / max(wide, high, 1.0))
    image: Image.Image = page.render(scale=scale, may_draw_forms=True).to_pil()
    return image.convert('RGB')


# -- pictures -------------------------------------------------------------------------------------------------------


def _frame_count(image: Image.Image) -> int:
    if image.format not in ('TIFF',):
        return 1
    try:
        count = int(getattr(image, 'n_frames', 1))
    except (OSError, ValueError, EOFError, SyntaxError, TypeError, KeyError, OverflowError) as error:
        raise torn() from error
    if count > MAX_PAGES:
        raise _too_many_pages()
    return count


def _frame(image: Image.Image, index: int) -> Image.Image:
    """Frame `index`, decoded and upright."""
    decoded = decode(image, index)
    try:
        return ImageOps.exif_transpose(decoded)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, OverflowError, ZeroDivisionError):
        return decoded  # what it says about its turn is damaged; its pixels are not


def _picture(image: Image.Image, long_side: int) -> Picture:
    if image.mode in ('I', 'F') or image.mode.startswith('I;16'):
        values = np.asarray(image, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        image = Image.fromarray(((values - low) * (255.0 / max(high - low, 1.0))).astype(np.uint8))
    if image.mode in ('RGBA', 'LA', 'PA') or 'transparency' in image.info:
        image = image.convert('RGBA')
        paper = Image.new('RGBA', image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, image)
    image = image.convert('RGB')
    longest = max(image.size)
    if longest > long_side:
        size = (max(1, image.width * long_side // longest), max(1, image.height * long_side // longest))
        image = image.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(image)


# -- what is said ---------------------------------------------------------------------------------------------------


def _too_large() -> Unreadable:
    return Unreadable(
        _("The file is larger than {limit} MB.").format(limit=MAX_BYTES // 1024 // 1024),
        _("Scan it again with a lower resolution, or split it."),
    )


def _too_many_pages() -> Unreadable:
    return Unreadable(
        _("The document has more than {limit} pages.").format(limit=MAX_PAGES),
        _("Split it and add only the pages that belong to the case."),
    )
