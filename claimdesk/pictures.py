"""Opening pictures: which kinds of files count, and limits that no hostile file passes."""

from __future__ import annotations

import io
import warnings
from functools import cache
from importlib.util import find_spec

from PIL import Image, UnidentifiedImageError

from claimdesk.errors import Unreadable
from claimdesk.language import _

MAX_PIXELS = 100_000_000
FORMATS = ('PNG', 'JPEG', 'TIFF', 'BMP', 'WEBP', 'GIF')
DRAFTED = ('JPEG', 'MPO')
"""What can be decoded at a fraction of its size, so that a huge photo still opens."""
SUFFIXES = frozenset({
    '.pdf', '.png', '.jpg', '.jpeg', '.tif', '.tiff', '.bmp', '.webp', '.gif', '.heic', '.heif', '.ofd', '.xml',
})  # fmt: skip
"""What a document's file may be called."""
A4_LONG, A3_LONG = 842.0, 1191.0
"""Points of the longer side of a sheet: of one whose true size nobody knows, and of the largest."""
_HEIF_BRANDS = frozenset({b'heic', b'heix', b'heim', b'heis', b'hevc', b'hevx', b'hevm', b'hevs', b'mif1', b'msf1'})


def is_heif(data: bytes) -> bool:
    """Whether `data` begins like a HEIC photo, as iPhones take them."""
    return data[4:8] == b'ftyp' and data[8:12] in _HEIF_BRANDS


def open_picture(data: bytes) -> Image.Image:
    """The picture in `data`, not decoded yet. Raises `Unreadable` for what is none."""
    formats: tuple[str, ...] = FORMATS
    if is_heif(data):
        if not _heif_opens():
            raise Unreadable(
                _("This photo is in the HEIC format, which this installation cannot open."),
                _("Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible."),
            )
        formats = ('HEIF',)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore', Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except UnidentifiedImageError as error:
        raise torn() if formats == ('HEIF',) else no_picture() from error
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError, EOFError, IndexError, KeyError) as error:
        raise no_picture() from error


def decode(image: Image.Image, index: int = 0) -> Image.Image:
    """Frame `index` with its pixels; a JPEG beyond the limit at a fraction of its size. Raises `Unreadable`."""
    try:
        if index:
            image.seek(index)
        wide, high = image.size
        if wide * high > MAX_PIXELS:
            if image.format not in DRAFTED or wide * high > 64 * MAX_PIXELS:
                raise too_many_pixels()
            image.draft('RGB', (wide // 8, high // 8))
        image.load()
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except EOFError as error:
        raise no_such_page() if index else torn() from error
    except (
        OSError, ValueError, SyntaxError, TypeError, OverflowError, IndexError, KeyError, ZeroDivisionError,
    ) as error:  # fmt: skip
        raise torn() from error
    return image


def flat(image: Image.Image) -> Image.Image:
    """`image` in grey or colour of eight bits, on white where it is transparent."""
    if image.mode in ('I', 'F') or image.mode.startswith('I;16'):
        import numpy as np

        values = np.asarray(image, dtype=np.float32)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) * (255.0 / max(high - low, 1.0))).astype(np.uint8))
    if image.mode in ('RGBA', 'LA', 'PA') or 'transparency' in image.info:
        image = image.convert('RGBA')
        image = Image.alpha_composite(Image.new('RGBA', image.size, (255, 255, 255, 255)), image)
    return image.convert('L' if image.mode in ('1', 'L') else 'RGB')


def sheet_size(image: Image.Image) -> tuple[float, float]:
    """Width and height of the sheet in points: by the resolution that the picture names where that gives a sheet, else
    as on A4."""
    dots = image.info.get('dpi') or (0, 0)
    across, down = (float(dot or 0) for dot in dots[:2])
    if 60 <= across <= 1200 and 60 <= down <= 1200:
        wide, high = image.width * 72 / across, image.height * 72 / down
        if 72 <= max(wide, high) <= A3_LONG:
            return wide, high
    scale = A4_LONG / max(image.size)
    return max(1.0, image.width * scale), max(1.0, image.height * scale)


def no_picture() -> Unreadable:
    """It is no kind of file that opens."""
    return Unreadable(
        _("The file is neither a PDF nor a picture that can be read."),
        _("Use PDF, OFD, JPEG, PNG, TIFF, HEIC, BMP or WebP."),
    )


def torn() -> Unreadable:
    """It begins like a picture and does not hold."""
    return Unreadable(_("The picture is damaged or incomplete."), _("Scan or photograph the document again."))


def too_many_pixels() -> Unreadable:
    """A bomb, or a scan far too fine."""
    return Unreadable(
        _("The picture has more pixels than any document needs."), _("Scan it again at 200 to 300 dpi.")
    )


def no_such_page() -> Unreadable:
    """The page asked for is beyond the last."""
    return Unreadable(_("The document has no such page."), _("Open the document again."))


@cache
def _heif_opens() -> bool:
    """Whether the library for HEIC is there; it takes no thumbnails, which nobody asked for."""
    if find_spec('pi_heif') is None:
        return False
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False)
    return True
