"""Writing a file whole or not at all: beside its place, synced and read back, then moved there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from claimdesk.errors import ClaimDeskError, Unavailable
from claimdesk.language import _


def write_whole(path: Path, write: Callable[[BinaryIO], object], verify: Callable[[Path], None] | None = None) -> None:
    """Let `write` fill a file beside `path`, sync it, let `verify` read it back, then move it into place.

    `verify` raises whatever it likes for a file that is not what was meant. Whatever fails, an older file at `path`
    stays as it was and nothing is left beside it. Raises `Unavailable` with what to do.
    """
    beside: Path | None = None
    try:
        _make_folder(path.parent)
        with NamedTemporaryFile('wb', dir=path.parent, prefix=f'.{path.name}.', suffix='.part', delete=False) as file:
            beside = Path(file.name)
            write(cast(BinaryIO, file))
            file.flush()
            os.fsync(file.fileno())
        if verify is not None:
            _verified(beside, verify)
        beside.chmod(0o644)
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise Unavailable(
            _("{name} could not be written: {reason}.").format(name=path.name, reason=error.strerror or error),
            _("Free some space, close the file if it is open elsewhere, or choose another folder."),
        ) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole or not at all. Raises `Unavailable`."""
    write_whole(path, lambda file: file.write(content))


def _verified(path: Path, verify: Callable[[Path], None]) -> None:
    try:
        verify(path)
    except (OSError, ClaimDeskError):
        raise
    except Exception as error:
        raise Unavailable(
            _("What was written could not be read back, so the older file was kept."),
            _("Check the disk, or choose another folder."),
        ) from error


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    # Only POSIX can open a folder to sync the new name in it.
    if os.name != 'posix':
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
