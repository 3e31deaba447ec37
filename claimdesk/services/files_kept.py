"""The office's files where its setting says they are kept; what still lies in a former place is found there."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, NotFound, Unavailable
from claimdesk.language import _
from claimdesk.models import Database, OfficeSetting
from claimdesk.rules.storage import STORAGE_KEY, Place, PlaceKind, place_from
from claimdesk.services.files import DatabaseStore, FileStore, FolderStore, Lying, missing

if TYPE_CHECKING:
    from claimdesk.services.files_bucket import BucketStore

_REMEMBERED = 2_000
_LOCK = 4_302_615_001
"""Held by whoever keeps a file, shared, and by whoever changes the place, alone: no file lands in a place just left."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where files go now, and where some may still lie. `version` is the setting's; 0 where the office made none."""

    place: Place
    former: tuple[Place, ...] = ()
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the office's setting keeps it."""
        return {'place': self.place.as_json(), 'former': [one.as_json() for one in self.former]}


class KeptFiles:
    """A `FileStore` of the place that the office has chosen, asked anew each time: a change holds on all desks at once.

    `beside` is the folder of an office that has chosen none; `secret` finds the secret of a place on this workstation.
    """

    def __init__(self, database: Database, beside: Path, secret: Callable[[Place], str]) -> None:
        self._database = database
        self._beside = beside
        self._secret = secret
        self._stores: dict[tuple[Place, str], BucketStore] = {}
        self._brought: OrderedDict[tuple[Place, str], bool] = OrderedDict()

    def places(self, session: Session) -> Places:
        """Where the office keeps its files."""
        row = session.scalar(
            select(OfficeSetting)
            .where(OfficeSetting.key == STORAGE_KEY)
            .order_by(OfficeSetting.valid_from.desc())
            .limit(1)
        )
        if row is None:
            return Places(Place(PlaceKind.FOLDER if self._database.is_sqlite else PlaceKind.DATABASE))
        try:
            former = tuple(place_from(one) for one in row.value['former'])
            return Places(place_from(row.value['place']), former, row.version)
        except (KeyError, ValueError, TypeError) as error:
            raise Unavailable(
                _("The office keeps its documents in a way that this version of ClaimDesk does not know."),
                _("Install the version that the other desks have."),
            ) from error

    def store(self, place: Place, secret: str = '') -> FileStore:
        """The store of a place; `secret` goes before that of the workstation. Raises `Unavailable` without any."""
        if place.kind is PlaceKind.DATABASE:
            return DatabaseStore()
        if place.kind is PlaceKind.FOLDER:
            return FolderStore(Path(place.folder), shared=True) if place.folder else FolderStore(self._beside)
        secret = secret or self._secret(place)
        if not secret:
            raise Unavailable(
                _("This computer does not know the secret of the key {key} for the document store.").format(
                    key=place.key_id
                ),
                _("Enter it in the settings under Document storage; it stays on this computer."),
            )
        if (place, secret) not in self._stores:
            self._stores[place, secret] = _bucket_store(place, secret)
        return self._stores[place, secret]

    def bring(self, sha256: str, content: bytes) -> None:
        """Keep it ahead of the transaction, where the place lies outside the database. Raises `Unavailable`."""
        with self._database.read() as session:
            place = self.places(session).place
        self.store(place).bring(sha256, content)
        self._brought[place, sha256] = True
        while len(self._brought) > _REMEMBERED:
            self._brought.popitem(last=False)

    def put(self, session: Session, sha256: str, content: bytes) -> None:
        """Keep it in the present place, unless this desk has just brought it there. Raises `Unavailable`."""
        hold_places(session, alone=False)
        place = self.places(session).place
        if place.kind is PlaceKind.DATABASE or not self._brought.pop((place, sha256), False):
            self.store(place).put(session, sha256, content)

    def get(self, session: Session, sha256: str) -> bytes:
        """The bytes, from the present place or a former one. Raises `NotFound`, `Damaged`, `Unavailable`."""
        places = self.places(session)
        asked = [places.place, *places.former]
        trouble: ClaimDeskError | None = None
        for place in asked:
            try:
                return self.store(place).get(session, sha256)
            except NotFound:
                continue
            except Unavailable as error:
                trouble = trouble or error
        if trouble is None and places.former:
            # It may have moved to the present place while the others were asked.
            return self.store(places.place).get(session, sha256)
        raise trouble or missing()

    def lying(self, session: Session) -> Iterator[Lying]:
        """What lies in the present place and in the former ones."""
        places = self.places(session)
        for place in (places.place, *places.former):
            yield from self.store(place).lying(session)

    def remove(self, session: Session, name: str, before: dt.datetime | None = None) -> None:
        """Take it out of the present place and of the former ones."""
        places = self.places(session)
        for place in (places.place, *places.former):
            self._brought.pop((place, name), False)
            self.store(place).remove(session, name, before)

    def close(self) -> None:
        """Give the connections to stores back."""
        for store in self._stores.values():
            store.close()
        self._stores.clear()


def hold_places(session: Session, *, alone: bool) -> None:
    """Until the transaction ends, let nobody change the place of files, or (`alone`) nobody keep any either.

    On SQLite a transaction that writes is alone anyway.
    """
    if session.get_bind().dialect.name == 'postgresql':
        how = 'pg_advisory_xact_lock' if alone else 'pg_advisory_xact_lock_shared'
        session.execute(text(f'SELECT {how}(:key)'), {'key': _LOCK})


def _bucket_store(place: Place, secret: str) -> BucketStore:
    from claimdesk.s3 import Bucket, ObjectStore
    from claimdesk.services.files_bucket import BucketStore

    bucket = Bucket(place.endpoint, place.bucket, place.key_id, secret, place.region, place.style.value)
    return BucketStore(ObjectStore(bucket), place.prefix)
