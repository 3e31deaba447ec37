"""Pages put together: taken over as they are, upright, without loss."""

import io

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from claimdesk.errors import Unreadable
from claimdesk.scanning import PageRef, write_pdf


def pdf(*texts: str, size: tuple[float, float] = (400, 300), rotate: int = 0) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=True)
    for text in texts:
        canvas.drawString(50, 50, text)
        canvas.showPage()
    canvas.save()
    if not rotate:
        return out.getvalue()
    writer = PdfWriter(out)
    for page in writer.pages:
        page.rotate(rotate)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


def two_tone(wide: int = 40, high: int = 20) -> Image.Image:
    """Left half red, right half blue, with a corner of noise: any loss or wrong turn shows."""
    pixels = np.zeros((high, wide, 3), np.uint8)
    pixels[:, : wide // 2] = (200, 30, 30)
    pixels[:, wide // 2 :] = (30, 30, 200)
    pixels[:8, :8] = np.random.default_rng(1).integers(0, 255, (8, 8, 3))
    return Image.fromarray(pixels)


def stored(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def shown(content: bytes, page: int = 0) -> np.ndarray:
    with pdfium.PdfDocument(content) as document:
        return np.asarray(document[page].render(scale=1).to_pil().convert('RGB')).copy()


def embedded(content: bytes, page: int = 0) -> Image.Image:
    return PdfReader(io.BytesIO(content)).pages[page].images[0].image


def test_pages_of_pdf_keep_their_text_and_come_in_the_order_asked_for() -> None:
    first, second = pdf('one', 'two'), pdf('three')
    made = write_pdf([PageRef(second), PageRef(first, 1), PageRef(first, 0)])
    assert [page.extract_text().strip() for page in PdfReader(io.BytesIO(made)).pages] == ['three', 'two', 'one']


def test_rotation_adds_to_what_the_page_has() -> None:
    made = write_pdf([PageRef(pdf('turned', rotate=90), 0, 270), PageRef(pdf('straight'), 0, 90)])
    assert [page.rotation for page in PdfReader(io.BytesIO(made)).pages] == [0, 90]


def test_a_jpeg_is_embedded_byte_for_byte() -> None:
    jpeg = stored(two_tone(), 'JPEG', quality=40)
    made = write_pdf([PageRef(jpeg)])
    assert jpeg in made


@pytest.mark.parametrize('form', ['PNG', 'TIFF', 'BMP', 'WEBP'])
def test_other_pictures_lose_nothing(form: str) -> None:
    options = {'lossless': True} if form == 'WEBP' else {}
    made = write_pdf([PageRef(stored(two_tone(), form, **options))])
    assert np.array_equal(np.asarray(embedded(made).convert('RGB')), np.asarray(two_tone()))


def test_lossless_pictures_are_packed() -> None:
    white = stored(Image.new('RGB', (1654, 2339), 'white'), 'PNG')
    assert len(write_pdf([PageRef(white)])) < 200_000


@pytest.mark.parametrize('rotation, dark_side', [(0, 'left'), (90, 'top'), (180, 'right'), (270, 'bottom')])
@pytest.mark.parametrize('form', ['JPEG', 'PNG'])
def test_pictures_are_turned_clockwise(form: str, rotation: int, dark_side: str) -> None:
    seen = shown(write_pdf([PageRef(stored(two_tone(400, 200), form), 0, rotation)]))
    high, wide = seen.shape[:2]
    places = {
        'left': (high // 2, wide // 8),
        'right': (high // 2, wide * 7 // 8),
        'top': (high // 8, wide // 2),
        'bottom': (high * 7 // 8, wide // 2),
    }
    red, _green, blue = seen[places[dark_side]].astype(int)
    assert red > blue + 100


@pytest.mark.parametrize('orientation', range(1, 9))
@pytest.mark.parametrize('form', ['JPEG', 'PNG'])
def test_what_the_camera_says_about_up_is_followed(form: str, orientation: int) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = stored(two_tone(400, 200), form, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(photo))).convert('RGB')
    seen = Image.fromarray(shown(write_pdf([PageRef(photo)]))).resize(upright.size)
    difference = np.abs(np.asarray(seen, int) - np.asarray(upright, int))
    assert difference.mean() < 8


def test_the_sheet_has_its_true_size_where_the_scan_names_a_resolution() -> None:
    scan = stored(Image.new('L', (1654, 2339), 255), 'PNG', dpi=(200, 200))
    photo = stored(Image.new('RGB', (4000, 3000)), 'JPEG', dpi=(72, 72))
    boxes = [page.mediabox for page in PdfReader(io.BytesIO(write_pdf([PageRef(scan), PageRef(photo)]))).pages]
    assert [round(float(box.width)) for box in boxes] == [595, 842]
    assert [round(float(box.height)) for box in boxes] == [842, 632]


def test_pages_of_a_tiff_are_counted() -> None:
    out = io.BytesIO()
    frames = [Image.new('1', (100, 50), index) for index in range(2)]
    frames[0].save(out, 'TIFF', save_all=True, append_images=frames[1:], compression='group4')
    made = write_pdf([PageRef(out.getvalue(), 1), PageRef(out.getvalue(), 0)])
    assert [int(shown(made, page)[5, 5, 0]) for page in (0, 1)] == [255, 0]
    with pytest.raises(Unreadable, match='no such page'):
        write_pdf([PageRef(out.getvalue(), 2)])


@pytest.mark.parametrize('mode', ['CMYK', 'I;16', 'P', 'LA', 'RGBA', '1'])
def test_unusual_pictures_are_shown(mode: str) -> None:
    source = two_tone(400, 200)
    if mode == 'I;16':
        picture = Image.fromarray(np.asarray(source.convert('L')).astype(np.uint16) * 257)
    else:
        picture = source.convert(mode)
    seen = shown(write_pdf([PageRef(stored(picture, 'TIFF'))]))
    assert seen.std() > 10
    if mode == 'CMYK':
        seen = shown(write_pdf([PageRef(stored(picture, 'JPEG'))]))
        assert seen[100, 100, 0] > seen[100, 100, 2] + 100


def protected() -> bytes:
    writer = PdfWriter(io.BytesIO(pdf('secret')))
    writer.encrypt('password')
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    'content, index, sentence',
    [
        (pdf('one')[:200], 0, 'damaged'),
        (protected(), 0, 'password'),
        (pdf('one'), 3, 'no such page'),
        (b'hello', 0, 'neither a PDF nor a picture'),
        (stored(two_tone(400, 200), 'PNG')[:-300], 0, 'damaged or incomplete'),
        (stored(Image.new('1', (20_000, 15_000)), 'PNG'), 0, 'more pixels'),
    ],
)
def test_what_is_no_page_says_why(content: bytes, index: int, sentence: str) -> None:
    with pytest.raises(Unreadable, match=sentence):
        write_pdf([PageRef(content, index)])

