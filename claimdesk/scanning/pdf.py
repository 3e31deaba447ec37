"""Pages put together into one PDF, without re-compressing what came in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import ImageOps

from claimdesk.errors import InvalidInput, Unreadable
from claimdesk.language import _
from claimdesk.pdfium import one_at_a_time
from claimdesk.pictures import decode, flat, no_such_page, open_picture, sheet_size

_TURNS = {3: 180, 6: 90, 8: 270}
"""EXIF orientation as degrees clockwise, where it is a turn and not a mirror."""


@dataclass(frozen=True, slots=True)
class PageRef:
    """Page `page_index` (from 0) of the file `content`, turned clockwise by `rotation` degrees."""

    content: bytes
    page_index: int = 0
    rotation: int = 0


def write_pdf(pages: Sequence[PageRef]) -> bytes:
    """The pages as one PDF, upright. Raises `Unreadable`.

    Pages of a PDF are taken over as they are, text layer included; a JPEG is embedded byte for byte, any other
    picture without loss.
    """
    with one_at_a_time():
        target = pdfium.PdfDocument.new()
        sources: dict[int, pdfium.PdfDocument] = {}
        try:
            for page in pages:
                if b'%PDF-' in page.content[:1024]:
                    _import(target, sources, page)
                else:
                    _embed(target, page)
            out = io.BytesIO()
            target.save(out)
            return out.getvalue()
        except pdfium.PdfiumError as error:
            raise _damaged() from error
        finally:
            target.close()
            for source in sources.values():
                source.close()


def is_locked(content: bytes) -> bool:
    """Whether `content` is a PDF that opens only with a password."""
    if b'%PDF-' not in content[:1024]:
        return False
    with one_at_a_time():
        try:
            pdfium.PdfDocument(content).close()
        except pdfium.PdfiumError as error:
            return _wants_password(error)
    return False


def unlocked(content: bytes, password: str) -> bytes:
    """A copy of the PDF that opens without a password. Raises `InvalidInput` for a wrong one, and `Unreadable`."""
    with one_at_a_time():
        try:
            source = pdfium.PdfDocument(content, password=password)
        except pdfium.PdfiumError as error:
            if not _wants_password(error):
                raise _damaged() from error
            sentence = _("This password does not open the PDF.")
            raise InvalidInput(
                sentence, _("Mind capitals and digits; it often is the end of an identity or card number."),
                {'password': sentence},
            ) from error  # fmt: skip
        try:
            out = io.BytesIO()
            source.save(out, flags=raw.FPDF_REMOVE_SECURITY)
            return out.getvalue()
        finally:
            source.close()


def _wants_password(error: pdfium.PdfiumError) -> bool:
    return 'password' in str(error).lower()


def _import(target: pdfium.PdfDocument, sources: dict[int, pdfium.PdfDocument], page: PageRef) -> None:
    source = sources.get(id(page.content))
    if source is None:
        source = sources[id(page.content)] = _opened(page.content)
    if not 0 <= page.page_index < len(source):
        raise no_such_page()
    target.import_pages(source, [page.page_index])
    added = target[len(target) - 1]
    added.set_rotation((added.get_rotation() + page.rotation) % 360)


def _opened(content: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if _wants_password(error):
            raise Unreadable(
                _("The PDF is protected by a password."),
                _("Enter it in the inbox, or ask the sender for a copy without one."),
            ) from error
        raise _damaged() from error


def _embed(target: pdfium.PdfDocument, page: PageRef) -> None:
    frame = decode(open_picture(page.content), page.page_index)
    turn = _TURNS.get(frame.getexif().get(0x0112, 1), 0)
    mirrored = frame.getexif().get(0x0112, 1) not in (0, 1, *_TURNS)
    picture = pdfium.PdfImage.new(target)
    if frame.format == 'JPEG' and frame.mode in ('RGB', 'L') and not mirrored:
        picture.load_jpeg(io.BytesIO(page.content), inline=True)
    else:
        turn = 0
        bitmap = pdfium.PdfBitmap.from_pil(flat(ImageOps.exif_transpose(frame)))
        picture.set_bitmap(bitmap)
        bitmap.close()
        frame = ImageOps.exif_transpose(frame)
    wide, high = sheet_size(frame)
    picture.set_matrix(pdfium.PdfMatrix().scale(wide, high))
    sheet = target.new_page(wide, high)
    sheet.insert_obj(picture)
    sheet.gen_content()
    sheet.set_rotation((turn + page.rotation) % 360)


def _damaged() -> Unreadable:
    return Unreadable(_("The PDF is damaged and cannot be opened."), _("Download or scan the document again."))
