"""Choosing where the office keeps its documents: looking, trying a place out, changing to it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound, Unavailable
from claimdesk.language import N_, _
from claimdesk.models import OfficeSetting, StoredFile
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.rules.storage import STORAGE_KEY, Place, PlaceKind
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.files import FileStore, digest
from claimdesk.services.files_kept import KeptFiles, Places, hold_places

_TRIED_BYTES = 4096


@dataclass(frozen=True, slots=True)
class StorageView:
    """Where documents go, where some may still lie, and how many there are. `version` is that of the setting."""

    place: Place
    former: tuple[Place, ...]
    version: int
    files: int
    bytes: int


class Storage:
    """The office's place for documents. Changing it moves nothing: `FilesMove` does that when asked."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    @property
    def _files(self) -> KeptFiles:
        # Tests may hand in a plain store; the office always has one that knows its places.
        return cast(KeptFiles, self._office.files)

    def view(self, actor: Actor) -> StorageView:
        """Where the office keeps its documents."""
        with self._office.database.read() as session:
            places = self._files.places(session)
            count, size = session.execute(select(func.count(), func.sum(StoredFile.size)).select_from(StoredFile)).one()
        return StorageView(places.place, places.former, places.version, count, int(size or 0))

    def try_out(self, actor: Actor, place: Place, secret: str = '') -> float:
        """Write, read, list and remove a file in `place`; the seconds it took.

        `secret` goes before the one that this workstation knows. Raises `NotAllowed`, `InvalidInput` by field, and
        `Unavailable` with what is wrong.
        """
        require(actor, Permission.MANAGE_OFFICE)
        wrong = place.problems()
        if wrong:
            raise InvalidInput(_("This place cannot be used."), _("Correct the marked fields."), wrong)
        if place.kind is PlaceKind.DATABASE:
            return self._timed(self._try_database)
        store = self._files.store(place, secret)
        return self._timed(lambda: self._try_outside(store))

    def know(self, actor: Actor, secret: str) -> None:
        """Whether the present place accepts `secret` from this workstation. Raises `Unavailable` with what is wrong."""
        with self._office.database.read() as session:
            store = self._files.store(self._files.places(session).place, secret)
            with contextlib.suppress(NotFound):
                store.get(session, digest(os.urandom(16)))

    def change(self, actor: Actor, place: Place, version: int, secret: str = '') -> StorageView:
        """Keep documents in `place` from now on; those kept so far stay where they are and are found there.

        The place is tried out first. Raises `NotAllowed`, `InvalidInput`, `Conflict`, `Unavailable`.
        """
        self.try_out(actor, place, secret)
        with self._office.write(actor, N_("chose where documents are kept")) as session:
            hold_places(session, alone=True)
            before = self._files.places(session)
            former = [one for one in (before.place, *before.former) if not one.same_as(place)]
            set_places(session, self._office, actor.office_id, Places(place, tuple(former)), version)
        return self.view(actor)

    def _timed(self, try_it: Callable[[], None]) -> float:
        began = time.perf_counter()
        try_it()
        return time.perf_counter() - began

    def _try_outside(self, store: FileStore) -> None:
        content = os.urandom(_TRIED_BYTES)
        name = digest(content)
        with self._office.database.read() as session:
            try:
                store.bring(name, content)
                if store.get(session, name) != content:
                    raise _unreliable()
                if all(one.name != name for one in store.lying(session)):
                    raise _unreliable()
            finally:
                store.remove(session, name)
            try:
                store.get(session, name)
            except NotFound:
                return
        raise _unreliable()

    def _try_database(self) -> None:
        content, store = os.urandom(_TRIED_BYTES), self._files.store(Place(PlaceKind.DATABASE))
        name = digest(content)
        with self._office.database.write('tried the place for documents') as session:
            tried = StoredFile(
                sha256=name, size=len(content), media_type='application/octet-stream', stored_at=self._office.now()
            )
            session.add(tried)
            session.flush()
            store.put(session, name, content)
            session.flush()
            session.expire_all()
            if store.get(session, name) != content:
                raise _unreliable()
            store.remove(session, name)
            session.delete(tried)


def set_places(session: Session, office: OfficeContext, office_id: int, places: Places, version: int) -> None:
    """Write the setting. Raises `Conflict` where `version` is not that of the one in force."""
    value = places.as_json()
    row = session.scalar(
        select(OfficeSetting).where(OfficeSetting.office_id == office_id, OfficeSetting.key == STORAGE_KEY)
    )
    if row is None:
        day = office.now().astimezone(SHANGHAI).date()
        session.add(OfficeSetting(office_id=office_id, key=STORAGE_KEY, valid_from=day, value=value))
        return
    get_for_edit(session, OfficeSetting, row.id, version, value=value).value = value


def _unreliable() -> Unavailable:
    return Unavailable(
        _("This place does not give back what was put there."),
        _("Choose another one, or tell whoever runs it."),
    )
