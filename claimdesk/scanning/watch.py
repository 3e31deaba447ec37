"""A folder that is watched: a copier's share, where files appear bit by bit, by the thousand, and may vanish."""

from __future__ import annotations

import json
import logging
import sys
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.pictures import SUFFIXES
from claimdesk.scanning.archive import SUFFIX as ZIP
from claimdesk.whole_file import write_bytes

DONE = 'done'
"""The sub-folder for files that the office has taken in."""
MAX_BYTES = 200 * 1024 * 1024
MOST_AT_ONCE = 20
BYTES_AT_ONCE = 100 * 1024 * 1024
"""What one call of `poll` hands out at most (a single larger file counts alone); the rest waits for the next call."""
PATIENCE = 5
"""Looks that a file may stand still without its end mark, before it counts as it is: the reader will say what it is."""
HELD_TOO_LONG = 40
"""Looks after which a file that cannot be opened is complained about, once."""

Mark = tuple[int, int]
"""Size and time of change of a file."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has wholly arrived."""

    path: Path
    content: bytes


@dataclass(slots=True)
class _Seen:
    """A file as it was at the last look: how many looks it stood still, and whether it was handed out."""

    mark: Mark
    still: int = 0
    handed: bool = False


@dataclass(slots=True)
class TakenFiles:
    """What was taken in from a folder whose files stay where they are, kept in a small file over restarts."""

    path: Path
    folder: Path
    _marks: dict[str, Mark] = field(default_factory=dict)
    _changed: bool = False

    @classmethod
    def of(cls, path: Path, folder: Path) -> TakenFiles:
        """What the file at `path` remembers about `folder`; a damaged one remembers nothing."""
        taken = cls(path, folder)
        try:
            kept = json.loads(path.read_text('utf-8'))
            if kept['folder'] == str(folder):
                taken._marks = {str(name): (int(size), int(time)) for name, (size, time) in kept['files'].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return taken
        return taken

    def holds(self, path: Path, mark: Mark) -> bool:
        """Whether this file was taken in, just as it is now."""
        return self._marks.get(path.name) == mark

    def add(self, path: Path, mark: Mark) -> None:
        """Remember a file; `keep` writes it down."""
        self._marks[path.name] = mark
        self._changed = True

    def keep(self, there: set[str]) -> None:
        """Write down what was added, and forget files that are no longer `there`. Raises `Unavailable`."""
        if self._changed:
            self._marks = {name: mark for name, mark in self._marks.items() if name in there}
            write_bytes(self.path, json.dumps({'folder': str(self.folder), 'files': self._marks}).encode())
            self._changed = False


class FolderWatch:
    """Looks into `folder` each time `poll` is called; a file counts once its size stood still between two looks.

    Files that are hidden, half copied, locked by their writer or no documents stay where they are. A file is handed
    out once; when it changes afterwards, it is a new one. With `taken`, files are remembered there instead of moved.
    """

    def __init__(self, folder: Path, taken: TakenFiles | None = None) -> None:
        self.folder = folder
        self._taken = taken
        self._seen: dict[Path, _Seen] = {}
        self._ready: deque[Path] = deque()
        self._complaints: list[str] = []
        self._complained: set[tuple[Path, Mark]] = set()

    @property
    def more(self) -> bool:
        """Whether files that have arrived wait for the next call of `poll`."""
        return bool(self._ready)

    def complaints(self) -> list[str]:
        """A sentence for each file that stays in the folder and should not; each is told once."""
        told, self._complaints = self._complaints, []
        return told

    def poll(self) -> list[Arrival]:
        """The files that have arrived, the oldest first and not too many at once. Raises `Unavailable`.

        While there is `more` of an earlier look, the folder is not looked at anew.
        """
        if not self._ready:
            self._look()
        arrived: list[Arrival] = []
        size = 0
        while self._ready and len(arrived) < MOST_AT_ONCE and (not arrived or size < BYTES_AT_ONCE):
            path = self._ready.popleft()
            seen = self._seen.get(path)
            content = _content(path, seen.mark, moving=self._taken is None) if seen is not None else None
            if seen is None or content is None:
                self._held(path, seen)
            elif _has_end(content) or seen.still >= PATIENCE:
                seen.handed = True
                size += len(content)
                arrived.append(Arrival(path, content))
        return arrived

    def done(self, arrival: Arrival) -> None:
        """The file is kept in the office: move it to the folder's `done` sub-folder, or remember it.

        A file that vanished or was replaced meanwhile is left to itself. Raises `Unavailable` when it cannot be moved.
        """
        seen = self._seen.get(arrival.path)
        if self._taken is not None:
            if seen is not None:
                self._taken.add(arrival.path, seen.mark)
            return
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
                _("Check that you may write in the watched folder, or choose in the settings to leave files there."),
            ) from error
        self._seen.pop(arrival.path, None)

    def put_back(self, arrival: Arrival) -> None:
        """The file could not be kept just now: hand it out again at a later look."""
        seen = self._seen.get(arrival.path)
        if seen is not None:
            seen.handed = False

    def settle(self) -> None:
        """Write down which files were taken in, once for many. Raises `Unavailable`."""
        if self._taken is not None:
            self._taken.keep({path.name for path in self._seen})

    def _look(self) -> None:
        """Note what lies in the folder, and what has stood still since the last look."""
        marks = self._marks()
        self._seen = {path: seen for path, seen in self._seen.items() if path in marks}
        for path, mark in sorted(marks.items(), key=lambda pair: (pair[1][1], pair[0].name)):
            seen = self._seen.get(path)
            if seen is None or seen.mark != mark:
                handed = self._taken is not None and self._taken.holds(path, mark)
                self._seen[path] = _Seen(mark, handed=handed)
                continue
            seen.still += 1
            if not seen.handed:
                self._ready.append(path)

    def _held(self, path: Path, seen: _Seen | None) -> None:
        if seen is not None and seen.still >= HELD_TOO_LONG:
            self._complain(
                path, seen.mark,
                _("{name} in the watched folder cannot be opened; another program holds it, or you may not read it."),
            )  # fmt: skip

    def _complain(self, path: Path, mark: Mark, sentence: str) -> None:
        if (path, mark) not in self._complained:
            self._complained.add((path, mark))
            self._complaints.append(sentence.format(name=path.name, limit=MAX_BYTES // 1024 // 1024))
            logging.getLogger(__name__).warning('left alone in the watched folder: %s', path.name)

    def _marks(self) -> dict[Path, Mark]:
        marks = {}
        try:
            for path in self.folder.iterdir():
                suffix = path.suffix.lower()
                if path.name.startswith(('.', '~')) or (suffix not in SUFFIXES and suffix != ZIP):
                    continue
                try:
                    found = path.lstat()
                    if path.is_symlink() or not path.is_file() or not found.st_size:
                        continue
                except FileNotFoundError:
                    continue
                mark = (found.st_size, found.st_mtime_ns)
                if found.st_size > MAX_BYTES:
                    self._complain(path, mark, _("{name} in the watched folder is larger than {limit} MB."))
                    continue
                marks[path] = mark
        except OSError as error:
            raise Unavailable(
                _("The watched folder {folder} cannot be reached.").format(folder=self.folder),
                _("Check the network and the folder in the settings; watching goes on by itself."),
            ) from error
        return marks


def _content(path: Path, mark: Mark, *, moving: bool) -> bytes | None:
    """The whole file, or nothing while somebody writes it, holds a lock on it, or has replaced it."""
    try:
        # Opened for writing where the system locks files: a writer that is not done yet refuses it.
        with path.open('r+b' if moving and sys.platform == 'win32' else 'rb') as file:
            if _locked(file.fileno()):
                return None
            content = file.read()
        changed = path.stat().st_mtime_ns != mark[1]
    except OSError:
        return None
    return content if len(content) == mark[0] and not changed else None


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
