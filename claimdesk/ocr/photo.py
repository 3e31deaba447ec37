"""What a photo says about itself: when and where it was taken, with what, and whether a program has had it since."""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import warnings
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

_EDITORS = (
    'photoshop', 'lightroom', 'gimp', 'snapseed', 'picsart', 'meitu', '美图', 'facetune', 'pixelmator', 'affinity',
    'paint', 'canva', 'vsco', '醒图', '剪映', 'remini', 'acdsee', 'xiaohongshu',
)  # fmt: skip
"""Names that programs which change pictures leave in their files, in lower case."""
_MAKERS = ('trainedalgorithmicmedia', 'stable diffusion', 'midjourney', 'dall-e', 'comfyui', 'novelai', 'firefly')
"""What programs that make pictures leave in theirs: the term of the IPTC for it, and names."""
_HISTORY = ('xmpmm:history', 'photoshop:history')
"""What an editing program keeps about its own steps."""
MOST_XMP = 200_000


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the metadata hold. `taken_at` is the camera's own clock, without a zone; a place is in degrees (WGS 84).

    `edited` where an editing program has left its name or its steps, `made` where the file says a program has made it.
    """

    taken_at: dt.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str = ''
    software: str = ''
    edited: bool = False
    saved_at: dt.datetime | None = None
    readable: bool = True
    made: bool = False

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
                traces = _traces(image)
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
        edited=any(name in software.lower() or name in traces for name in _EDITORS)
        or any(word in traces for word in _HISTORY),
        made=any(name in traces or name in software.lower() for name in _MAKERS),
        saved_at=_moment(main.get(base.DateTime)),
    )


def _traces(image: Image.Image) -> str:
    """What stands beside the picture about the programs that have had it, in lower case: XMP, and the words of a PNG.

    Only the creator's tool and the history are kept of XMP: a camera's own maker may bear the name of a program.
    """
    packet = image.info.get('xmp') or image.info.get('XML:com.adobe.xmp') or ''
    xmp = packet.decode('utf-8', 'replace') if isinstance(packet, bytes) else str(packet)
    xmp = xmp[:MOST_XMP].lower()
    tools = re.findall(r'(?:creatortool|softwareagent|digitalsourcetype)(?:="|>)([^"<]{0,200})', xmp)
    kept = [*tools, *(word for word in _HISTORY if word in xmp)]
    return ' '.join([*kept, *(_words(image.info.get(name)) for name in ('Software', 'software', 'parameters'))]).lower()


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
