"""A folder that is watched: a copier's share, where files appear bit by bit."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path

from claimdesk.errors import Unavailable
from claimdesk.language import _

DONE = 'done'
"""The sub-folder for files that the office has taken in."""
SUFFIXES = frozenset({
    '.pdf', '.png', '.jpg', '.jpeg', '.tif', '.tiff', '.bmp', '.webp', '.gif', '.ofd', '.xml',
})  # fmt: skip
"""What a document's file may be called; anything else in the folder is left alone, half-copied `.part` files too."""
MAX_BYTES = 200 * 1024 * 1024
PATIENCE = 5
"""Looks that a file may stand still without its end mark, before it counts as it is: the reader will say what it is."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has wholly arrived."""

    path: Path
    content: bytes


@dataclass(slots=True)
class _Seen:
    """A file as it was at the last look: size and time of change, how many looks it stood still, and whether it was
    handed out."""

    mark: tuple[int, int]
    still: int = 0
    handed: bool = False


class FolderWatch:
    """Looks into `folder` each time `poll` is called; a file counts once its size stood still between two looks.

    Files that are hidden, half copied, locked by their writer or no documents stay where they are. A file is handed
    out once; when it changes afterwards, it is a new one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen: dict[Path, _Seen] = {}

    def poll(self) -> list[Arrival]:
        """The files that have arrived since the last look, the oldest first. Raises `Unavailable`."""
        marks = self._marks()
        self._seen = {path: seen for path, seen in self._seen.items() if path in marks}
        arrived = []
        for path, mark in sorted(marks.items(), key=lambda pair: (pair[1][1], pair[0].name)):
            seen = self._seen.get(path)
            if seen is None or seen.mark != mark:
                self._seen[path] = _Seen(mark)
                continue
            seen.still += 1
            if seen.handed:
                continue
            content = _content(path, mark[0])
            if content is not None and (_has_end(content) or seen.still >= PATIENCE):
                seen.handed = True
                arrived.append(Arrival(path, content))
        return arrived

    def done(self, arrival: Arrival) -> None:
        """The file is kept in the office: move it to the folder's `done` sub-folder.

        A file that vanished or was replaced meanwhile is left to itself. Raises `Unavailable` when it cannot be moved.
        """
        try:
            if arrival.path.stat().st_size != len(arrival.content):
                return
            folder = self.folder / DONE
            folder.mkdir(exist_ok=True)
            arrival.path.rename(_free(folder, arrival.path))
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable(
                _("The file {name} was taken in, but cannot be moved to the folder “{folder}”.").format(
                    name=arrival.path.name, folder=DONE
                ),
                _("Check that you may write in the watched folder."),
            ) from error
        self._seen.pop(arrival.path, None)

    def _marks(self) -> dict[Path, tuple[int, int]]:
        marks = {}
        try:
            for path in self.folder.iterdir():
                if path.name.startswith(('.', '~')) or path.suffix.lower() not in SUFFIXES:
                    continue
                try:
                    found = path.lstat()
                except FileNotFoundError:
                    continue
                if path.is_symlink() or not path.is_file() or not found.st_size:
                    continue
                if found.st_size > MAX_BYTES:
                    logging.getLogger(__name__).warning('too large for a document, left alone: %s', path.name)
                    continue
                marks[path] = (found.st_size, found.st_mtime_ns)
        except OSError as error:
            raise Unavailable(
                _("The watched folder {folder} cannot be reached.").format(folder=self.folder),
                _("Check the network and the folder in the settings; watching goes on by itself."),
            ) from error
        return marks


def _content(path: Path, size: int) -> bytes | None:
    """The whole file, or nothing while somebody writes it or holds a lock on it."""
    try:
        # Opened for writing where the system locks files: a writer that is not done yet refuses it.
        with path.open('r+b' if sys.platform == 'win32' else 'rb') as file:
            if _locked(file.fileno()):
                return None
            content = file.read()
    except OSError:
        return None
    return content if len(content) == size else None


def _locked(descriptor: int) -> bool:
    if sys.platform == 'win32':
        return False
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False  # a share that knows no locks
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False


def _has_end(content: bytes) -> bool:
    """Whether a file whose kind has a mark at its end shows it: a copier that pauses is not done."""
    tail = content[-2048:]
    if b'%PDF-' in content[:1024]:
        return b'%%EOF' in tail
    if content.startswith(b'\x89PNG'):
        return b'IEND' in tail
    if content.startswith(b'\xff\xd8\xff'):
        return b'\xff\xd9' in tail
    if content.startswith(b'PK\x03\x04'):
        return b'PK\x05\x06' in content[-66_000:]
    return True


def _free(folder: Path, path: Path) -> Path:
    """A name in `folder` that no file has yet: `scan.pdf`, `scan (2).pdf`…"""
    target, number = folder / path.name, 2
    while target.exists():
        target, number = folder / f'{path.stem} ({number}){path.suffix}', number + 1
    return target
