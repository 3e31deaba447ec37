"""Pictures as they lie in a PDF: JPEG byte for byte, PNG and fax pictures as they were packed, others without loss."""

from __future__ import annotations

import io
import struct
from typing import Any

from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream
from PIL import Image, ImageOps

from claimdesk.errors import Unreadable
from claimdesk.pictures import decode, flat, open_picture, sheet_size, torn

ORIENTATION, COMPRESSION, PHOTOMETRIC, STRIPS, FILL_ORDER = 0x0112, 259, 262, 273, 266
STRIP_SIZES, ROWS_PER_STRIP = 279, 278
GROUP_4 = 4
PHOTO_QUALITY = 95
"""Of a HEIC photo, which no PDF can hold as it is."""
_PLACED = {
    1: (1, 0, 0, 1, 0, 0), 2: (-1, 0, 0, 1, 1, 0), 3: (-1, 0, 0, -1, 1, 1), 4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1), 6: (0, -1, 1, 0, 0, 1), 7: (0, 1, 1, 0, 0, 0), 8: (0, 1, -1, 0, 1, 0),
}  # fmt: skip
"""How the unit square of a picture lies on its sheet, by the orientation that a camera notes."""

Packed = tuple[bytes, dict[str, Any]]


def picture_page(pdf: Pdf, content: bytes, frame: int = 0) -> tuple[float, float]:
    """Append frame `frame` (from 0) of a picture file to `pdf` as a page of its own, upright, and return its size.

    Raises `Unreadable` for a picture that does not open whole.
    """
    image = open_picture(content)
    if frame:
        _seek(image, frame)
    packed = _as_it_is(image, content, frame)
    if packed is None:
        decoded = ImageOps.exif_transpose(decode(image, frame))
        placed, (wide, high) = 1, sheet_size(decoded)
        packed = _packed_anew(decoded, image.format)
    else:
        placed = _orientation(image)
        wide, high = sheet_size(image)
        if placed >= 5:
            wide, high = high, wide
    data, entries = packed
    drawn = Stream(pdf, data, {'/Type': Name.XObject, '/Subtype': Name.Image, **entries})
    a, b, c, d, e, f = (
        value * (wide if place % 2 == 0 else high) for place, value in enumerate(_PLACED[placed])
    )
    code = f'q {a:.3f} {b:.3f} {c:.3f} {d:.3f} {e:.3f} {f:.3f} cm /Im Do Q'.encode()
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, round(wide, 3), round(high, 3)]),
        Resources=Dictionary(XObject=Dictionary(Im=drawn)),
        Contents=Stream(pdf, code),
    )
    pdf.pages.append(Page(page))
    return wide, high


def _seek(image: Image.Image, frame: int) -> None:
    try:
        image.seek(frame)
    except (EOFError, OSError, ValueError, SyntaxError, TypeError, KeyError, OverflowError) as error:
        raise torn() from error


def _orientation(image: Image.Image) -> int:
    try:
        noted = image.getexif().get(ORIENTATION, 1)
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, OverflowError, struct.error):
        return 1
    return noted if noted in _PLACED else 1


def _as_it_is(image: Image.Image, content: bytes, frame: int) -> Packed | None:
    """The bytes of the picture with what a PDF says about them, or None where a PDF has no word for them."""
    if image.format in ('JPEG', 'MPO') and frame == 0:
        return _jpeg(image, content)
    if image.format == 'PNG':
        return _png(content)
    if image.format == 'TIFF':
        return _fax(image, content)
    return None


def _jpeg(image: Image.Image, content: bytes) -> Packed | None:
    spaces = {'L': Name.DeviceGray, 'RGB': Name.DeviceRGB, 'CMYK': Name.DeviceCMYK}
    if image.mode not in spaces:
        return None
    entries: dict[str, Any] = {
        '/Width': image.width, '/Height': image.height, '/BitsPerComponent': 8,
        '/ColorSpace': spaces[image.mode], '/Filter': Name.DCTDecode,
    }  # fmt: skip
    if image.mode == 'CMYK' and 'adobe' in image.info:
        entries['/Decode'] = Array([1, 0, 1, 0, 1, 0, 1, 0])
    glance = open_picture(content)
    glance.draft(image.mode, (max(1, image.width // 8), max(1, image.height // 8)))
    decode(glance)
    return content, entries


def _png(content: bytes) -> Packed | None:
    """The data of a PNG picture, which a PDF packs the same way; none where it is transparent or interlaced."""
    chunks = _chunks(content)
    wide, high, depth, colour, _packing, _filter, interlaced = struct.unpack('>IIBBBBB', chunks['IHDR'][:13])
    if interlaced or colour not in (0, 2, 3) or 'tRNS' in chunks or not chunks.get('IDAT'):
        return None
    decode(open_picture(content))
    space: Any = Name.DeviceRGB if colour == 2 else Name.DeviceGray
    if colour == 3:
        palette = chunks.get('PLTE', b'')
        space = Array([Name.Indexed, Name.DeviceRGB, len(palette) // 3 - 1, palette])
    return chunks['IDAT'], {
        '/Width': wide, '/Height': high, '/BitsPerComponent': depth, '/ColorSpace': space,
        '/Filter': Name.FlateDecode,
        '/DecodeParms': Dictionary(
            Predictor=15, Colors=3 if colour == 2 else 1, BitsPerComponent=depth, Columns=wide
        ),
    }  # fmt: skip


def _chunks(content: bytes) -> dict[str, bytes]:
    """The chunks of a PNG file by name; the parts of its data joined."""
    found: dict[str, list[bytes]] = {'IHDR': [bytes(13)]}
    place = 8
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4], 'big')
        name = content[place + 4 : place + 8].decode('latin-1')
        data = content[place + 8 : place + 8 + size]
        if name == 'IHDR':
            found[name] = [data.ljust(13, b'\0')]
        else:
            found.setdefault(name, []).append(data)
        place += 12 + size
        if name == 'IEND':
            break
    return {name: b''.join(parts) for name, parts in found.items()}


def _fax(image: Image.Image, content: bytes) -> Packed | None:
    """The one strip of a picture that is packed as a fax of group 4; none where it is packed otherwise."""
    tags: Any = getattr(image, 'tag_v2', {})
    strips, sizes = tags.get(STRIPS, ()), tags.get(STRIP_SIZES, ())
    plain = tags.get(COMPRESSION) == GROUP_4 and image.mode == '1' and tags.get(FILL_ORDER, 1) == 1
    if not plain or len(strips) != 1 or len(sizes) != 1:
        return None
    strip = content[strips[0] : strips[0] + sizes[0]]
    wide, high, white_is_zero = image.width, image.height, tags.get(PHOTOMETRIC) == 0
    decode(image, image.tell())
    return strip, _fax_entries(wide, high, inverted=not white_is_zero)


def _fax_entries(wide: int, high: int, *, inverted: bool) -> dict[str, Any]:
    return {
        '/Width': wide, '/Height': high, '/BitsPerComponent': 1, '/ColorSpace': Name.DeviceGray,
        '/Filter': Name.CCITTFaxDecode,
        '/DecodeParms': Dictionary(K=-1, Columns=wide, Rows=high, BlackIs1=inverted),
    }  # fmt: skip


def _packed_anew(image: Image.Image, kind: str | None) -> Packed:
    """A decoded picture packed without loss: black and white as a fax, others as a PNG; a HEIC photo as JPEG."""
    out = io.BytesIO()
    if kind == 'HEIF':
        image = flat(image)
        image.save(out, 'JPEG', quality=PHOTO_QUALITY, subsampling=0)
        packed = _jpeg(open_picture(out.getvalue()), out.getvalue())
    elif image.mode == '1':
        image.save(out, 'TIFF', compression='group4', tiffinfo={ROWS_PER_STRIP: image.height})
        packed = _fax(open_picture(out.getvalue()), out.getvalue())
    else:
        image = image if image.mode in ('L', 'RGB', 'P') and 'transparency' not in image.info else flat(image)
        image.save(out, 'PNG')
        packed = _png(out.getvalue())
    if packed is None:
        raise Unreadable(*_not_packed())
    return packed


def _not_packed() -> tuple[str, str]:
    error = torn()
    return error.sentence, error.advice
