"""Bringing the files that still lie in a former place to the present one, each verified before its old copy goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import NotFound
from claimdesk.language import N_
from claimdesk.models import StoredFile
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.rules.storage import Place, PlaceKind
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.files import Damaged
from claimdesk.services.files_kept import KeptFiles, Places, hold_places
from claimdesk.services.storage import set_places


@dataclass(frozen=True, slots=True)
class Left:
    """A file that stayed where it was, and why."""

    name: str
    sha256: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Moved:
    """How many files, and bytes, are in the present place now and were not before; `left` could not be moved."""

    files: int
    bytes: int
    left: tuple[Left, ...]


class FilesMove:
    """Moving files between places. It may be stopped at any time, and by anything: what is missing goes on next time.

    Meanwhile every desk finds every file, wherever it is.
    """

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    @property
    def _files(self) -> KeptFiles:
        return cast(KeptFiles, self._office.files)

    def waiting(self, actor: Actor) -> int:
        """How many files of the office still lie in a former place. Raises `Unavailable`."""
        with self._office.database.read() as session:
            places = self._files.places(session)
            return sum(len(self._recorded(session, former)) for former in places.former)

    def move(self, actor: Actor, progress: Progress = quiet) -> Moved:
        """Move what lies in former places to the present one; a former place that is empty then is forgotten.

        Raises `NotAllowed`, `Cancelled`, and `Unavailable` where a place does not answer.
        """
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.database.read() as session:
            places = self._files.places(session)
            found = [(former, name) for former in places.former for name in self._recorded(session, former).items()]
        files = size = 0
        left: list[Left] = []
        for done, (former, (sha256, name)) in enumerate(found):
            progress(done, len(found), name or sha256[:12])
            moved, why = self._one(sha256, former, places.place)
            if why:
                left.append(Left(name or sha256[:12], sha256, why))
            else:
                files, size = files + 1, size + moved
        progress(len(found), len(found), '')
        self._forget_empty(actor, places)
        return Moved(files, size, tuple(left))

    def _one(self, sha256: str, former: Place, present: Place) -> tuple[int, str]:
        """The size of the file that was moved, and '' or why it was not."""
        source, target = self._files.store(former), self._files.store(present)
        with self._office.database.read() as session:
            try:
                content = source.get(session, sha256)
            except NotFound:
                return 0, ''  # another desk is moving files as well, and was faster
            except Damaged as error:
                return 0, error.sentence
        target.bring(sha256, content)
        if present.kind is PlaceKind.DATABASE:
            with self._office.database.write('moved a file') as session:
                target.put(session, sha256, content)
        with self._office.database.read() as session:
            target.get(session, sha256)  # by its digest: only then the old copy goes
            if former.kind is not PlaceKind.DATABASE:
                source.remove(session, sha256)
        if former.kind is PlaceKind.DATABASE:
            with self._office.database.write('moved a file') as session:
                source.remove(session, sha256)
        return len(content), ''

    def _recorded(self, session: Session, place: Place) -> dict[str, str]:
        """Digest and name of the office's files that lie in `place`."""
        lying = {one.name for one in self._files.store(place).lying(session)}
        if not lying:
            return {}
        recorded: Iterator[tuple[str, str]] = (
            (row.sha256, row.name)
            for row in session.execute(select(StoredFile.sha256, StoredFile.name).order_by(StoredFile.sha256))
        )
        return {sha256: name for sha256, name in recorded if sha256 in lying}

    def _forget_empty(self, actor: Actor, before: Places) -> None:
        """Forget the former places in which nothing of the office lies any more."""
        if not before.former:
            return
        with self._office.database.read() as session:
            empty = [place for place in before.former if not self._recorded(session, place)]
        if not empty:
            return
        with self._office.write(actor, N_("moved the files of documents")) as session:
            hold_places(session, alone=True)
            now = self._files.places(session)
            # No file can come to a former place: whoever keeps one holds the places, and finds the present one.
            kept = tuple(place for place in now.former if place not in empty)
            if kept != now.former:
                set_places(session, self._office, actor.office_id, Places(now.place, kept), now.version)
