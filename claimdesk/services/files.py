"""Where the bytes of documents are kept, by their content: in a folder, or in the database itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound, Unavailable
from claimdesk.language import _
from claimdesk.models import FileContent, StoredFile
from claimdesk.models.rows import insert_new
from claimdesk.whole_file import write_bytes


def digest(content: bytes) -> str:
    """The SHA-256 of `content`, in hex: the name of a stored file."""
    return hashlib.sha256(content).hexdigest()


def media_type(content: bytes) -> str:
    """The media type that the first bytes show."""
    from claimdesk.pictures import is_heif  # which loads Pillow, as no start of the desk needs it

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


class Damaged(Unavailable):
    """This one file cannot be had as it was kept; the store itself is in order."""


@dataclass(frozen=True, slots=True)
class Lying:
    """Something in a store: its name and size, and since when it lies there (None: it came with its record)."""

    name: str
    size: int
    since: dt.datetime | None = None


class FileStore(Protocol):
    """Keeps bytes under their SHA-256. `bring` is called ahead of the transaction that records the file, `put` in it.

    What lies outside the database is never waited for inside a transaction: on SQLite that would hold up every desk.
    """

    def bring(self, sha256: str, content: bytes) -> None:
        """Keep `content` ahead of the transaction where the store lies outside the database, so that `put` is short.

        Raises `Unavailable`. What is never recorded is harmless, and swept away by `FilesCheck` after a day.
        """

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """Keep `content`; keeping it twice is the same as once. Raises `Unavailable`."""

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound`, `Damaged`, or `Unavailable` where the store does not answer."""

    def lying(self, session: Session) -> Iterator[Lying]:
        """What lies in the store: each file by its SHA-256, and what is no whole file. Raises `Unavailable`."""

    def remove(self, session: Session, name: str, before: dt.datetime | None = None) -> None:
        """Take out what lies there under `name`, if it does; with `before`, only what has not been brought since.

        Raises `Unavailable`.
        """


def keep_file(
    session: Session, store: FileStore, sha256: str, content: bytes, name: str, now: dt.datetime
) -> None:
    """Record and keep `content`, whose digest is `sha256`; a file that is there already is the same one."""
    if session.get(StoredFile, sha256) is None:
        session.execute(
            insert_new(session, StoredFile).values(
                sha256=sha256, size=len(content), media_type=media_type(content), name=name[:255], stored_at=now
            )
        )
    store.put(session, sha256, content)


class FolderStore:
    """Files in a folder: written beside, synced, then moved into place.

    With `shared`, the folder must be there already: where a share is not mounted, no folder of that name is made.
    """

    def __init__(self, folder: Path, *, shared: bool = False) -> None:
        self.folder = folder
        self._shared = shared

    def path(self, sha256: str) -> Path:
        """Where the file with that SHA-256 is."""
        return self.folder / sha256[:2] / sha256

    def bring(self, sha256: str, content: bytes) -> None:
        """Keep `content`. A file left by a transaction that failed later is harmless: its name is its content."""
        target = self.path(sha256)
        if self._shared and not self.folder.is_dir():
            raise self._gone()
        if _holds(target, sha256, len(content)):
            with contextlib.suppress(OSError):
                os.utime(target)  # it is wanted anew: who sweeps up must not think it forgotten
            return
        try:
            write_bytes(target, content)
        except Unavailable as error:
            raise _not_kept(error.__cause__) from error

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """As `bring`."""
        self.bring(sha256, content)

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound` where it is gone, `Damaged` where it was changed."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError as error:
            if not self.folder.is_dir():
                raise self._gone() from error
            raise missing() from error
        except OSError as error:
            raise Damaged(
                _("The file could not be read: {reason}.").format(reason=error.strerror or error),
                _("Check the folder for documents and the disk that it is on."),
            ) from error
        return unchanged(content, sha256)

    def lying(self, session: Session) -> Iterator[Lying]:
        """What lies in the folder, with parts of files that were never finished."""
        if self._shared and not self.folder.is_dir():
            raise self._gone()
        for path in self.folder.glob('??/*'):
            with contextlib.suppress(OSError):
                facts = path.stat()
                yield Lying(path.name, facts.st_size, dt.datetime.fromtimestamp(facts.st_mtime, dt.UTC))

    def remove(self, session: Session, name: str, before: dt.datetime | None = None) -> None:
        """Take out what lies there under `name`, a whole file or a part of one."""
        path = self.folder / name.lstrip('.')[:2] / name
        if not path.resolve().is_relative_to(self.folder.resolve()):
            return
        try:
            if before is None or path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable(
                _("{name} could not be removed: {reason}.").format(name=name[:12], reason=error.strerror or error),
                _("Check who may write in the folder for documents."),
            ) from error

    def _gone(self) -> Unavailable:
        return Unavailable(
            _("The folder for documents is not there: {folder}.").format(folder=self.folder),
            _("Check that the share or disk is connected, then try again. Nothing was lost."),
        )


class DatabaseStore:
    """Files inside the database, for an office on a server: every desk reaches them."""

    def bring(self, sha256: str, content: bytes) -> None:
        """Nothing: what lies in the database comes with its record, or not at all."""

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """Keep `content`."""
        if session.get(FileContent, sha256) is None:
            session.execute(insert_new(session, FileContent).values(sha256=sha256, content=content))

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound` where it is gone, `Damaged` where it was changed."""
        content = session.scalar(select(FileContent.content).where(FileContent.sha256 == sha256))
        if content is None:
            raise missing()
        return unchanged(content, sha256)

    def lying(self, session: Session) -> Iterator[Lying]:
        """What lies in the database; the database itself keeps out what was never recorded."""
        rows = session.execute(select(FileContent.sha256, func.length(FileContent.content)))
        return (Lying(sha256, size) for sha256, size in rows)

    def remove(self, session: Session, name: str, before: dt.datetime | None = None) -> None:
        """Take out what lies there under `name`; it came with its record, so `before` says nothing."""
        session.execute(delete(FileContent).where(FileContent.sha256 == name))


def _holds(path: Path, sha256: str, size: int) -> bool:
    """Whether exactly that file lies there, by its digest and not only by its name and size."""
    try:
        if path.stat().st_size != size:
            return False
        with path.open('rb') as file:
            return hashlib.file_digest(file, 'sha256').hexdigest() == sha256
    except OSError:
        return False


def unchanged(content: bytes, sha256: str) -> bytes:
    """`content` if it is what its name says. Raises `Damaged`."""
    if digest(content) != sha256:
        raise Damaged(
            _("This file was changed in the store after it was filed."),
            _("Restore it from a backup; ClaimDesk does not show it as evidence."),
        )
    return content


def missing() -> NotFound:
    """A file that should be there is not."""
    return NotFound(
        _("The file of this document is missing from the store."), _("Restore it from a backup, or scan it again.")
    )


def _not_kept(error: BaseException | None) -> Unavailable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return Unavailable(
        _("The file could not be kept: {reason}.").format(reason=reason),
        _("Free some space or check the folder for documents in the settings, then try again."),
    )
