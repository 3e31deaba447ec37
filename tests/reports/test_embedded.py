"""Pictures in a PDF: what was packed stays packed, and every kind is drawn as it looks."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageOps

from claimdesk.errors import Unreadable
from claimdesk.reports.embedded import picture_page


def pattern(mode: str = 'RGB') -> Image.Image:
    """Four quarters of different colour with a white corner: no turn or mirror looks like another."""
    pixels = np.zeros((120, 200, 3), np.uint8)
    pixels[:60, :100], pixels[:60, 100:] = (200, 0, 0), (0, 160, 0)
    pixels[60:, :100], pixels[60:, 100:] = (0, 0, 200), (230, 230, 0)
    pixels[5:25, 5:40] = 255
    return Image.fromarray(pixels).convert(mode, dither=Image.Dither.NONE)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def noted(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def as_pdf(content: bytes, frame: int = 0) -> bytes:
    pdf = pikepdf.Pdf.new()
    picture_page(pdf, content, frame)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def packed(pdf: bytes) -> tuple[bytes, str]:
    """The bytes of the picture on the first page, and how they are packed."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        picture = opened.pages[0].Resources.XObject.Im
        return picture.read_raw_bytes(), str(picture.Filter)


def drawn(pdf: bytes, width: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    image = page.render(scale=width / page.get_size()[0]).to_pil().convert('RGB')
    document.close()
    return image


@pytest.mark.parametrize('orientation', range(1, 9))
def test_a_photo_keeps_its_bytes_and_is_upright(orientation: int) -> None:
    content = saved(pattern(), 'JPEG', quality=95, exif=noted(orientation))
    pdf = as_pdf(content)
    assert packed(pdf)[0] == content
    wanted = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert('RGB')
    shown = drawn(pdf, wanted.width).resize(wanted.size)
    assert np.abs(np.asarray(shown, int) - np.asarray(wanted, int)).mean() < 3


@pytest.mark.parametrize(
    'content, packing',
    [
        (saved(pattern(), 'PNG'), '/FlateDecode'),
        (saved(pattern('L'), 'PNG'), '/FlateDecode'),
        (saved(pattern('P'), 'PNG'), '/FlateDecode'),
        (saved(pattern('1'), 'PNG'), '/FlateDecode'),
        (saved(pattern('RGBA'), 'PNG'), '/FlateDecode'),
        (saved(pattern('L'), 'JPEG', quality=95), '/DCTDecode'),
        (saved(pattern(), 'JPEG', quality=95, progressive=True), '/DCTDecode'),
        (saved(pattern('1'), 'TIFF', compression='group4'), '/CCITTFaxDecode'),
        (saved(pattern('1'), 'TIFF', compression='group4', tiffinfo={278: 20}), '/CCITTFaxDecode'),
        (saved(pattern('1'), 'TIFF', compression='group4', tiffinfo={262: 0}), '/CCITTFaxDecode'),
        (saved(pattern(), 'TIFF', compression='tiff_lzw'), '/FlateDecode'),
        (saved(pattern(), 'BMP'), '/FlateDecode'),
        (saved(pattern(), 'WEBP', lossless=True), '/FlateDecode'),
        (saved(pattern('P'), 'GIF'), '/FlateDecode'),
    ],
    ids=lambda value: value if isinstance(value, str) else f'{len(value)} bytes',
)
def test_every_kind_is_drawn_as_it_looks(content: bytes, packing: str) -> None:
    pdf = as_pdf(content)
    assert packed(pdf)[1] == packing
    wanted = Image.open(io.BytesIO(content)).convert('RGB')
    shown = drawn(pdf, wanted.width).resize(wanted.size)
    assert np.abs(np.asarray(shown, int) - np.asarray(wanted, int)).mean() < 3


def test_a_png_and_a_fax_are_taken_over_as_they_were_packed() -> None:
    png = saved(pattern(), 'PNG')
    assert packed(as_pdf(png))[0] in png
    fax = saved(pattern('1'), 'TIFF', compression='group4', tiffinfo={278: 120})
    assert packed(as_pdf(fax))[0] in fax


def test_the_second_frame_of_a_tiff_is_its_own_page() -> None:
    first, second = pattern('1'), pattern().transpose(Image.Transpose.ROTATE_180).convert('1', dither=Image.Dither.NONE)
    content = saved(first, 'TIFF', compression='group4', save_all=True, append_images=[second])
    shown = drawn(as_pdf(content, 1), 200).resize(second.size)
    assert np.abs(np.asarray(shown.convert('L'), int) - np.asarray(second.convert('L'), int)).mean() < 3


@pytest.mark.parametrize('kind', ['JPEG', 'PNG'])
def test_a_torn_picture_says_so(kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8))
    content = saved(noise, kind)
    with pytest.raises(Unreadable):
        as_pdf(content[: len(content) // 2])
