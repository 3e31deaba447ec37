"""A ZIP of papers: unpacked in memory, within limits that no bomb passes; names in it lead nowhere."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.pictures import SUFFIXES
from claimdesk.progress import Progress, quiet

SUFFIX = '.zip'
MAX_FILES = 2000
MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_TOTAL_BYTES = 1024 * 1024 * 1024
MAX_RATIO = 200
"""Times that a file may grow; pictures and PDF hardly pack at all."""
SMALL_BYTES = 1024 * 1024
"""What unpacks to less is no bomb, however well it was packed."""
MAX_DEPTH = 2
"""A ZIP inside a ZIP; deeper ones are left out."""
_TORN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, RuntimeError, EOFError,
    OverflowError, LookupError,
)  # fmt: skip
_DROPPINGS = frozenset({'__macosx', 'thumbs.db', 'desktop.ini'})


@dataclass(frozen=True, slots=True)
class Paper:
    """A file out of the archive, by its own name without folders."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that stays in the archive; `reason` is a sentence, empty where it simply is no paper."""

    name: str
    reason: str = ''


@dataclass(slots=True)
class _Budget:
    """What is left of the limits, over all archives inside each other."""

    files: int = MAX_FILES
    size: int = MAX_TOTAL_BYTES


def is_archive(content: bytes) -> bool:
    """Whether `content` is a ZIP, and not an OFD invoice, which is one inside."""
    if not content.startswith((b'PK\x03\x04', b'PK\x05\x06')):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return 'OFD.xml' not in archive.namelist()
    except _TORN:
        return True


def unpacked(name: str, content: bytes, progress: Progress = quiet) -> Iterator[Paper | LeftOut]:
    """The file itself, or the papers in it if it is a ZIP. Raises `Unreadable` as `papers` does."""
    if is_archive(content):
        yield from papers(name, content, progress)
    else:
        yield Paper(name, content)


def papers(name: str, content: bytes, progress: Progress = quiet) -> Iterator[Paper | LeftOut]:
    """The papers in the ZIP called `name`, one after the other, in the order of their names.

    Nothing is written. Raises `Unreadable` for what is no ZIP or has more files than any pile; what is encrypted, too
    large or packed like a bomb is left out with a sentence.
    """
    yield from _papers(name, content, _Budget(), 1, progress)


def _papers(name: str, content: bytes, budget: _Budget, depth: int, progress: Progress) -> Iterator[Paper | LeftOut]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _TORN as error:
        raise Unreadable(
            _("The ZIP file {name} is damaged.").format(name=name), _("Download or copy it again.")
        ) from error
    with archive:
        entries = [entry for entry in archive.infolist() if _counts(entry)]
        if len(entries) > budget.files:
            raise Unreadable(
                _("The ZIP file {name} holds more than {limit} files.").format(name=name, limit=MAX_FILES),
                _("Unpack it and take in only the papers that belong to the case."),
            )
        budget.files -= len(entries)
        for done, entry in enumerate(sorted(entries, key=_called)):
            progress(done, len(entries), _called(entry))
            yield from _one(archive, entry, budget, depth, progress)


def _one(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget, depth: int, progress: Progress
) -> Iterator[Paper | LeftOut]:
    name = _called(entry)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES and suffix != SUFFIX:
        yield LeftOut(name)
        return
    reason = _refusal(entry, budget, depth if suffix == SUFFIX else 0)
    if reason:
        yield LeftOut(name, reason)
        return
    most = min(MAX_FILE_BYTES, budget.size)
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    except _TORN:
        yield LeftOut(name, _("{name} is damaged inside the ZIP file and was left out.").format(name=name))
        return
    if len(content) > most:
        yield LeftOut(name, _too_large(name))
        return
    budget.size -= len(content)
    if suffix == SUFFIX:
        try:
            yield from _papers(name, content, budget, depth + 1, progress)
        except Unreadable as error:
            yield LeftOut(name, str(error))
    elif content:
        yield Paper(name, content)
    else:
        yield LeftOut(name, _("The file {name} is empty.").format(name=name))


def _refusal(entry: zipfile.ZipInfo, budget: _Budget, depth: int) -> str:
    """Why the entry is not even opened, or ''."""
    name = _called(entry)
    if entry.flag_bits & 1:
        return _("{name} is protected by a password and was left out; unpack it first.").format(name=name)
    if depth >= MAX_DEPTH:
        return _("{name} is a ZIP file deep inside others and was left out.").format(name=name)
    if entry.file_size > min(MAX_FILE_BYTES, budget.size):
        return _too_large(name)
    if entry.file_size > SMALL_BYTES and entry.file_size > MAX_RATIO * max(1, entry.compress_size):
        return _("{name} unpacks to far more than a paper and was left out.").format(name=name)
    return ''


def _too_large(name: str) -> str:
    return _("{name} is too large and was left out.").format(name=name)


def _counts(entry: zipfile.ZipInfo) -> bool:
    """Folders, links and the droppings of operating systems are no files."""
    if entry.is_dir() or stat.S_ISLNK(entry.external_attr >> 16):
        return False
    return bool(_called(entry)) and not is_dropping(entry.filename.replace('\\', '/').split('/'))


def is_dropping(parts: Iterable[str]) -> bool:
    """Whether a path of these names is hidden, a lock, or what an operating system leaves in folders."""
    return any(
        name.startswith('~$') or (name.startswith('.') and name not in ('.', '..')) or name.lower() in _DROPPINGS
        for name in parts
    )


def _called(entry: zipfile.ZipInfo) -> str:
    """The name without any folder. Macs write names in UTF-8 without saying so, Chinese Windows in GBK; `zipfile` takes
    both for code page 437."""
    name = entry.filename
    for encoding in () if entry.flag_bits & 0x800 else ('utf-8', 'gbk'):
        with suppress(UnicodeError):
            name = name.encode('cp437').decode(encoding)
            break
    name = PurePosixPath(name.replace('\\', '/')).name.replace('\x00', '')
    return name if name not in ('', '.', '..') else ''
