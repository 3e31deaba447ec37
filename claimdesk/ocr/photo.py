"""What a photo says about itself: when and where it was taken, with what, and whether a program has had it since."""

from __future__ import annotations

import datetime as dt
import io
import math
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

_EDITORS = (
    'photoshop', 'lightroom', 'gimp', 'snapseed', 'picsart', 'meitu', '美图', 'facetune', 'pixelmator', 'affinity',
    'paint', 'canva', 'vsco', '醒图', '剪映', 'remini', 'acdsee', 'xiaohongshu',
)  # fmt: skip
"""Names that programs which change pictures leave in their files, in lower case."""


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the metadata hold. `taken_at` is the camera's own clock, without a zone; a place is in degrees (WGS 84)."""

    taken_at: dt.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str = ''
    software: str = ''
    edited: bool = False
    saved_at: dt.datetime | None = None
    readable: bool = True

    @property
    def has_place(self) -> bool:
        """Whether the photo says where it was taken."""
        return self.latitude is not None and self.longitude is not None


def photo_facts(content: bytes) -> PhotoFacts:
    """What the photo says about itself; everything empty where it says nothing, `readable` False where it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            with Image.open(io.BytesIO(content)) as image:
                exif = image.getexif()
                main = dict(exif)
                detail = dict(exif.get_ifd(ExifTags.IFD.Exif))
                place = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return PhotoFacts(readable=False)
    base, gps = ExifTags.Base, ExifTags.GPS
    software = _words(main.get(base.Software))
    return PhotoFacts(
        taken_at=_moment(detail.get(base.DateTimeOriginal)) or _moment(detail.get(base.DateTimeDigitized)),
        latitude=_degrees(place.get(gps.GPSLatitude), place.get(gps.GPSLatitudeRef), 'S', 90),
        longitude=_degrees(place.get(gps.GPSLongitude), place.get(gps.GPSLongitudeRef), 'W', 180),
        camera=' '.join(filter(None, (_words(main.get(base.Make)), _words(main.get(base.Model))))),
        software=software,
        edited=any(name in software.lower() for name in _EDITORS),
        saved_at=_moment(main.get(base.DateTime)),
    )


def _words(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode('utf-8', 'replace')
    return ''.join(char for char in str(value or '') if char.isprintable()).strip()[:80]


def _moment(value: Any) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(_words(value)[:19], '%Y:%m:%d %H:%M:%S')
    except ValueError:
        return None


def _degrees(value: Any, side: Any, negative: str, most: float) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    found = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(found) or abs(found) > most:
        return None
    return round(-found if _words(side).upper() == negative else found, 6)
