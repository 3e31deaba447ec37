"""Small pictures of pages, drawn once by each workstation and found again at every later start."""

from __future__ import annotations

import contextlib
import io
import os
import time
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

LEAST_WIDE, MOST_WIDE = 32, 512
"""A small picture is so many pixels wide; what is wider is a page to read, and not kept here."""
MOST_BYTES = 256 * 1024 * 1024
"""Some 25,000 pictures. Beyond that, those that nobody has looked at for longest go, until a quarter is free."""
LOOK_AGAIN = 400
"""After so many new pictures the folder is measured again: other desks on this workstation fill it as well."""
A_DAY, AN_HOUR = 86_400.0, 3_600.0
QUALITY = 85
_MARK = b'ClaimDesk'
"""Ends every entry, followed by a checksum; whoever shows a JPEG overlooks what follows its end."""

Make = Callable[[str, int, int, int], bytes]


class Thumbnails:
    """The pictures in `folder` (None: in memory only), which several desks may share; `make` draws a page as PNG.

    Whatever is wrong with the folder, a picture comes: a damaged entry is drawn again, a full disk keeps nothing.
    """

    def __init__(self, make: Make, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self._make = make
        self._folder = folder
        self._most = most_bytes
        self._bytes = 0
        self._news = LOOK_AGAIN  # measured at the first new picture
        self._recent = lru_cache(maxsize=400)(self._found_or_made)

    def thumbnail(self, sha256: str, page_index: int, rotation: int, size: int) -> bytes:
        """The page (from 0) of that file as JPEG, `size` pixels wide, turned clockwise by `rotation` degrees.

        Raises `NotFound`, `Unavailable` or `Unreadable` where there is no such picture yet and it cannot be drawn.
        """
        return self._recent(sha256, page_index, rotation % 360, max(LEAST_WIDE, min(size, MOST_WIDE)))

    def kept_bytes(self) -> int:
        """How much of this workstation's disk the pictures take."""
        return sum(size for _used, size, _path in self._entries())

    def clear(self) -> None:
        """Throw all pictures away; each is drawn again when somebody looks at its page."""
        self._recent.cache_clear()
        for _used, _size, path in list(self._entries()):
            with contextlib.suppress(OSError):
                path.unlink()
        self._news = LOOK_AGAIN

    def _found_or_made(self, sha256: str, page_index: int, rotation: int, size: int) -> bytes:
        if self._folder is None:
            return _jpeg(self._make(sha256, page_index, rotation, size))
        path = self._folder / sha256[:2] / f'{sha256}-{page_index}-{rotation}-{size}.jpg'
        found = _read(path)
        if found:
            return found
        made = _jpeg(self._make(sha256, page_index, rotation, size))
        self._keep(path, made)
        return made

    def _keep(self, path: Path, picture: bytes) -> None:
        entry = picture + _MARK + zlib.crc32(picture).to_bytes(4, 'big')
        beside = path.with_name(f'{path.name}.{uuid4().hex[:8]}.part')
        try:
            _own_folder(path.parent)
            beside.write_bytes(entry)
            beside.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
            return
        self._bytes += len(entry)
        self._news += 1
        if self._news > LOOK_AGAIN or self._bytes > self._most:
            self._make_room()

    def _make_room(self) -> None:
        """Measure the folder; where it holds too much, the pictures go that were not looked at for longest."""
        entries = sorted(self._entries())
        self._news = 0
        self._bytes = sum(size for _used, size, _path in entries)
        if self._bytes <= self._most:
            return
        for _used, size, path in entries:
            if self._bytes <= self._most * 3 // 4:
                return
            with contextlib.suppress(OSError):
                path.unlink()
                self._bytes -= size

    def _entries(self) -> Iterator[tuple[float, int, Path]]:
        """When each picture was last wanted, its size and place; what a killed desk left half is removed on the way."""
        if self._folder is None:
            return
        for path in self._folder.glob('??/*'):
            with contextlib.suppress(OSError):
                facts = path.stat()
                if path.suffix != '.part':
                    yield facts.st_mtime, facts.st_size, path
                elif time.time() - facts.st_mtime > AN_HOUR:
                    path.unlink()


def _read(path: Path) -> bytes:
    """The picture kept there, or b'' where there is none or it is not what was kept."""
    try:
        entry = path.read_bytes()
        picture, mark, check = entry[: -len(_MARK) - 4], entry[-len(_MARK) - 4 : -4], entry[-4:]
        if mark != _MARK or zlib.crc32(picture).to_bytes(4, 'big') != check:
            return b''
        if time.time() - path.stat().st_mtime > A_DAY:
            os.utime(path)
    except OSError:
        return b''
    return picture


def _own_folder(folder: Path) -> None:
    """Make the folder and those above it so that nobody but this user may look in: the pictures show papers."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)


def _jpeg(drawn: bytes) -> bytes:
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as picture:
        picture.convert('RGB').save(out, 'JPEG', quality=QUALITY)
    return out.getvalue()
