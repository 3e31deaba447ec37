"""Files that a PDF carries with it: an e-invoice as data beside its print. Unpacked within limits, never executed."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pikepdf

MAX_FILES = 20
MAX_BYTES = 20 * 1024 * 1024
"""Of one file, unpacked; a larger one is no invoice."""


def enclosed(data: bytes) -> list[bytes]:
    """The files within a PDF, those that are packed in unusual ways or are too large left out."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return [content for content in map(_unpacked, _streams(document)) if content]
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError, OSError):
        return []  # its pages may be read all the same


def _streams(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for place, file in enumerate(document.attachments.values()):
        if place >= MAX_FILES:
            return
        holder = file.obj.get('/EF')
        stream = holder.get('/F', holder.get('/UF')) if isinstance(holder, pikepdf.Dictionary) else None
        if isinstance(stream, pikepdf.Stream):
            yield stream


def _unpacked(stream: pikepdf.Object) -> bytes:
    """The content of a stream, b'' where it is too large or torn."""
    packing = stream.get('/Filter')
    names = [str(packing)] if isinstance(packing, pikepdf.Name) else [str(name) for name in packing or ()]
    raw = stream.read_raw_bytes()
    if names == ['/FlateDecode'] and '/DecodeParms' not in stream:
        try:
            content = zlib.decompressobj().decompress(raw, MAX_BYTES + 1)
        except zlib.error:
            return b''
    else:
        content = b'' if names else raw
    return content if len(content) <= MAX_BYTES else b''
