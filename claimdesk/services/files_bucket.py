"""Keeping the bytes of documents in an S3-compatible store, which every desk of the office reaches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from claimdesk.models.database import utc_now
from claimdesk.s3 import ObjectStore, is_mark_of
from claimdesk.services.files import Lying, missing, unchanged

FRESH = dt.timedelta(hours=6)
"""What lies in the store for longer is brought again: who sweeps up must not think it forgotten."""


class BucketStore:
    """Files as objects named by `prefix` and SHA-256. An object appears whole or not at all."""

    def __init__(self, objects: ObjectStore, prefix: str = '') -> None:
        self._objects = objects
        self._prefix = prefix

    def bring(self, sha256: str, content: bytes) -> None:
        """Keep `content`, unless the store's mark tells that it is there, and lately so."""
        name = self._prefix + sha256
        lies = self._objects.mark(name)
        if lies is None or not is_mark_of(lies[0], content) or utc_now() - lies[1] > FRESH:
            self._objects.put(name, content)

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """As `bring`."""
        self.bring(sha256, content)

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes of that file. Raises `NotFound` where it is gone, `Damaged` where it was changed."""
        content = self._objects.get(self._prefix + sha256)
        if content is None:
            raise missing()
        return unchanged(content, sha256)

    def lying(self, session: Session) -> Iterator[Lying]:
        """What lies in the store under the prefix."""
        start = len(self._prefix)
        return (Lying(one.name[start:], one.size, one.since) for one in self._objects.names(self._prefix))

    def remove(self, session: Session, name: str, before: dt.datetime | None = None) -> None:
        """Take out what lies there under `name`."""
        lies = self._objects.mark(self._prefix + name) if before is not None else None
        if before is None or (lies is not None and lies[1] < before):
            self._objects.delete(self._prefix + name)

    def close(self) -> None:
        """Give the connections back."""
        self._objects.close()
