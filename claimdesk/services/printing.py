"""Finished PDF documents into place: written whole, and opened again before they take the place of an older file."""

from __future__ import annotations

from pathlib import Path

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.whole_file import write_whole


def write_pdf(path: Path, content: bytes) -> None:
    """Write a PDF document to `path`, whole or not at all. Raises `Unavailable`."""

    def opens_again(written: Path) -> None:
        from claimdesk.ocr import page_count

        if written.read_bytes() != content or page_count(written) < 1:
            raise Unavailable(
                _("What was written could not be read back, so the older file was kept."),
                _("Check the disk, or choose another folder."),
            )

    write_whole(path, lambda file: file.write(content), opens_again)
