"""Where the bytes of documents are kept, by their content: a folder beside the database, or the database itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound, Unavailable
from claimdesk.language import _
from claimdesk.models import FileContent, StoredFile
from claimdesk.pictures import is_heif


def digest(content: bytes) -> str:
    """The SHA-256 of `content`, in hex: the name of a stored file."""
    return hashlib.sha256(content).hexdigest()


def media_type(content: bytes) -> str:
    """The media type that the first bytes show."""
    marks = (
        (b'\x89PNG', 'image/png'),
        (b'\xff\xd8\xff', 'image/jpeg'),
        (b'II*\x00', 'image/tiff'),
        (b'MM\x00*', 'image/tiff'),
        (b'BM', 'image/bmp'),
        (b'RIFF', 'image/webp'),
        (b'GIF8', 'image/gif'),
        (b'PK\x03\x04', 'application/ofd'),
        (b'<?xml', 'application/xml'),
    )
    if b'%PDF-' in content[:1024]:
        return 'application/pdf'
    if is_heif(content):
        return 'image/heic'
    return next((kind for mark, kind in marks if content.startswith(mark)), 'application/octet-stream')


class FileStore(Protocol):
    """Keeps bytes under their SHA-256. `put` is called inside the transaction that records the file."""

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """Keep `content`; keeping it twice is the same as once. Raises `Unavailable`."""

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound` or `Unavailable`."""

    def names(self, session: Session) -> Iterator[str]:
        """What lies in the store: the SHA-256 of each file, and the name of what is no whole file."""


def keep_file(
    session: Session, store: FileStore, sha256: str, content: bytes, name: str, now: dt.datetime
) -> None:
    """Record and keep `content`, whose digest is `sha256`; a file that is there already is the same one."""
    if session.get(StoredFile, sha256) is None:
        session.add(
            StoredFile(
                sha256=sha256, size=len(content), media_type=media_type(content), name=name[:255], stored_at=now
            )
        )
        session.flush()
    store.put(session, sha256, content)


class FolderStore:
    """Files in a folder, for a local office: written beside, synced, then moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file with that SHA-256 is."""
        return self.folder / sha256[:2] / sha256

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """Keep `content`. A file left by a transaction that failed later is harmless: its name is its content."""
        target = self.path(sha256)
        if target.exists() and target.stat().st_size == len(content):
            return
        beside = target.with_name(f'{sha256}.{os.getpid()}.part')
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with beside.open('wb') as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise Unavailable(
                _("The file could not be kept: {reason}.").format(reason=error.strerror or error),
                _("Free some space or check the folder for documents in the settings, then try again."),
            ) from error

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound` where it is gone, `Unavailable` where it was changed."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise _missing() from error
        except OSError as error:
            raise Unavailable(
                _("The file could not be read: {reason}.").format(reason=error.strerror or error),
                _("Check the folder for documents in the settings."),
            ) from error
        return _unchanged(content, sha256)

    def names(self, session: Session) -> Iterator[str]:
        """What lies in the folder, with parts of files that were never finished."""
        return (path.name for path in self.folder.glob('??/*'))


class DatabaseStore:
    """Files inside the database, for an office on a server: every desk reaches them."""

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """Keep `content`."""
        if session.get(FileContent, sha256) is None:
            session.add(FileContent(sha256=sha256, content=content))

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound` where it is gone, `Unavailable` where it was changed."""
        content = session.scalar(select(FileContent.content).where(FileContent.sha256 == sha256))
        if content is None:
            raise _missing()
        return _unchanged(content, sha256)

    def names(self, session: Session) -> Iterator[str]:
        """What lies in the database; the database itself keeps out what was never recorded."""
        return iter(session.scalars(select(FileContent.sha256)))


def _unchanged(content: bytes, sha256: str) -> bytes:
    if digest(content) != sha256:
        raise Unavailable(
            _("This file was changed in the store after it was filed."),
            _("Restore it from a backup; ClaimDesk does not show it as evidence."),
        )
    return content


def _missing() -> NotFound:
    return NotFound(
        _("The file of this document is missing from the store."), _("Restore it from a backup, or scan it again.")
    )
