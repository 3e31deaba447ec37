"""Scanned pages on this workstation's disk until they are taken in: a desk that dies loses none."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLockFile

from claimdesk.paths import data_folder
from claimdesk.ui.pages.inbox.taking_in import new_key

if TYPE_CHECKING:
    from claimdesk.app import Desk

ABOUT, LOCK, PAGE = 'about.json', 'lock', '.page'


@dataclass(frozen=True, slots=True)
class LeftScan:
    """A scan that a desk left behind: when it began, how many pages it has, for which case, as one document or many."""

    folder: Path
    begun: dt.datetime
    count: int
    case_id: int | None
    as_one: bool


class KeptScan:
    """The pages of one scan in a folder of their own, which is ours as long as this desk lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = QLockFile(str(folder / LOCK))
        self._lock.setStaleLockTime(0)
        self._count = 0

    @property
    def key(self) -> str:
        """The request key of taking these pages in: after a crash in between nothing is added twice."""
        return self._folder.name.rpartition('-')[2]

    def begin(self, case_id: int | None, begun: dt.datetime, *, as_one: bool) -> None:
        """Make the folder. A disk that is full or shut is no reason not to scan: the pages are in memory as well."""
        about = {'begun': begun.isoformat(), 'case_id': case_id, 'as_one': as_one}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / ABOUT, json.dumps(about).encode())
        except OSError:
            return
        if not self._lock.isLocked():
            self._lock.tryLock(0)

    def open(self) -> list[tuple[str, bytes]] | None:
        """The pages of a scan that was left, by name and in order, now ours; None where another desk has it."""
        if not self._lock.tryLock(0):
            return None
        names = sorted(self._folder.glob(f'*{PAGE}'))
        self._count = int(names[-1].stem) if names else 0
        return [(path.name, path.read_bytes()) for path in names]

    def keep(self, picture: bytes) -> str:
        """Write a page as soon as it comes; its name, or '' where it could not be written."""
        self._count += 1
        name = f'{self._count:04}{PAGE}'
        try:
            _write(self._folder / name, picture)
        except OSError:
            return ''
        return name

    def drop(self, names: Sequence[str]) -> None:
        """These pages were thrown away."""
        for name in names:
            if name:
                (self._folder / name).unlink(missing_ok=True)

    def forget(self) -> None:
        """All pages are taken in or thrown away."""
        self._lock.unlock()
        shutil.rmtree(self._folder, ignore_errors=True)

    def release(self) -> None:
        """The pages could not be taken in: leave them to be offered again."""
        self._lock.unlock()


class KeptScans:
    """The scans that this person began at this workstation for this office."""

    def __init__(self, desk: Desk, folder: Path | None = None) -> None:
        office = hashlib.sha256(str(desk.context.database.url).encode()).hexdigest()[:10]
        self._mark = f'{office}-{desk.signed_in.id}-'
        self._folder = folder or data_folder() / 'scans'

    def new(self) -> KeptScan:
        """A folder for a scan that begins now."""
        return KeptScan(self._folder / f'{self._mark}{new_key()}')

    def take_up(self, left: LeftScan) -> KeptScan:
        """Go on with a scan that was left."""
        return KeptScan(left.folder)

    def left(self) -> list[LeftScan]:
        """The scans whose desk is gone, the oldest first; those without a page are swept away."""
        found = []
        for folder in sorted(self._folder.glob(f'{self._mark}*')):
            lock = QLockFile(str(folder / LOCK))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                continue
            about, count = _about(folder / ABOUT), len(list(folder.glob(f'*{PAGE}')))
            lock.unlock()
            if about is None or not count:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            case_id = about.get('case_id')
            found.append(
                LeftScan(
                    folder,
                    dt.datetime.fromisoformat(about['begun']),
                    count,
                    case_id if isinstance(case_id, int) else None,
                    bool(about.get('as_one')),
                )
            )
        return sorted(found, key=lambda one: one.begun)


def _about(path: Path) -> dict[str, Any] | None:
    try:
        said = json.loads(path.read_text(encoding='utf-8'))
        dt.datetime.fromisoformat(said['begun'])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return said if isinstance(said, dict) else None


def _write(path: Path, content: bytes) -> None:
    """Beside, synced, then in place: a page that is there is whole."""
    beside = path.with_suffix('.part')
    with beside.open('wb') as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
