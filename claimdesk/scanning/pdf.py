"""Pages put together into one PDF, without re-compressing what came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageRef:
    """Page `page_index` (from 0) of the file `content`, turned clockwise by `rotation` degrees."""

    content: bytes
    page_index: int = 0
    rotation: int = 0


def write_pdf(pages: Sequence[PageRef]) -> bytes:
    """The pages as one PDF, upright. Raises `Unreadable`."""
