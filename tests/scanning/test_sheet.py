"""Phone photographs: the sheet is found on a table, and comes out flat, upright and whole."""

import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from claimdesk.errors import Unreadable
from claimdesk.scanning.sheet import Corners, find_sheet, flattened
from tests.ocr.paper import as_picture, make, perspective

WIDE, HIGH = 1200, 1600
PLACED = [(190.0, 180.0), (1000.0, 150.0), (1050.0, 1340.0), (150.0, 1380.0)]
TABLES = {'wood': (120, 84, 52), 'dark': (38, 40, 44), 'cloth': (60, 96, 150), 'grey': (150, 150, 148)}


def sheet(seed: int = 3) -> Image.Image:
    """A printed invoice on a sheet of A4."""
    paper = Image.new('RGB', (827, 1169), (250, 250, 247))
    invoice = as_picture(make(seed, 'digital_normal'), dpi=80)
    paper.paste(invoice.resize((760, round(invoice.height * 760 / invoice.width))), (30, 60))
    return paper


def photo(table: str, corners: list[tuple[float, float]] = PLACED, *, form: str = 'JPEG', **options: object) -> bytes:
    """The sheet on a table with a grain and uneven light."""
    noise = np.random.default_rng(4)
    ground = np.full((HIGH, WIDE, 3), TABLES[table], np.float32)
    ground += noise.normal(0, 5, (HIGH, 1, 1)) + noise.normal(0, 3, ground.shape)
    paper = sheet()
    source = [(0.0, 0.0), (827.0, 0.0), (827.0, 1169.0), (0.0, 1169.0)]
    numbers = perspective(corners, source)
    laid = paper.transform((WIDE, HIGH), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BICUBIC)
    mask = Image.new('L', paper.size, 255).transform((WIDE, HIGH), Image.Transform.PERSPECTIVE, numbers)
    whole = Image.composite(laid, Image.fromarray(ground.clip(0, 255).astype(np.uint8)), mask)
    values = np.asarray(whole.filter(ImageFilter.GaussianBlur(0.8))).astype(np.float32)
    values *= np.linspace(1.0, 0.75, WIDE)[None, :, None]
    out = io.BytesIO()
    Image.fromarray(values.clip(0, 255).astype(np.uint8)).save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def far(found: Corners, corners: list[tuple[float, float]] = PLACED) -> float:
    """How far the worst corner is off, in pixels of the photo."""
    return max(
        float(np.hypot(x * WIDE - u, y * HIGH - v)) for (x, y), (u, v) in zip(found, corners, strict=True)
    )  # fmt: skip


def alike(one: Image.Image, other: Image.Image) -> float:
    """How far the print of two pictures lies in the same places, whatever the light: 1 is the same."""
    small = [np.asarray(picture.convert('L').resize((200, 280)), np.float32) for picture in (one, other)]
    print_of = [picture - np.median(picture, axis=0)[None, :] for picture in small]
    return float(np.corrcoef(print_of[0].ravel(), print_of[1].ravel())[0, 1])


@pytest.mark.parametrize('table', TABLES)
def test_the_sheet_is_found_on_a_table(table: str) -> None:
    found = find_sheet(photo(table))
    assert found is not None
    assert far(found) < 25


def test_the_sheet_comes_out_flat() -> None:
    content = photo('wood')
    found = find_sheet(content)
    assert found is not None
    flat = Image.open(io.BytesIO(flattened(content, found)))
    assert flat.width / flat.height == pytest.approx(827 / 1169, rel=0.12)
    assert alike(flat, sheet()) > 0.5 > 0.2 > alike(Image.open(io.BytesIO(content)), sheet())


def test_what_the_camera_says_about_up_and_the_handlers_turn_are_followed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = Image.open(io.BytesIO(photo('wood')))
    out = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, 'JPEG', exif=exif)
    found = find_sheet(out.getvalue())
    assert found is not None
    assert far(found) < 25
    out = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, 'JPEG')
    found = find_sheet(out.getvalue(), rotation=90)
    assert found is not None
    assert far(found) < 25
    flat = Image.open(io.BytesIO(flattened(out.getvalue(), found, rotation=90)))
    assert flat.height > flat.width


@pytest.mark.parametrize(
    'image',
    [
        Image.new('RGB', (800, 1000), (250, 250, 250)),
        Image.effect_noise((800, 1000), 80),
        sheet(),
        Image.new('L', (1, 1)),
    ],
    ids=['blank', 'noise', 'a scan', 'a dot'],
)
def test_where_no_sheet_stands_out_nothing_is_cut(image: Image.Image) -> None:
    out = io.BytesIO()
    image.save(out, 'PNG')
    assert find_sheet(out.getvalue()) is None


def test_corners_that_are_none() -> None:
    content = photo('wood')
    for corners in (
        ((0.1, 0.1), (0.1, 0.1), (0.1, 0.1), (0.1, 0.1)),
        ((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)),
    ):
        with pytest.raises(Unreadable, match='No sheet can be cut out'):
            flattened(content, corners)
    with pytest.raises(Unreadable):
        find_sheet(b'no picture')
