"""A job that only one program of the office does at a time, on either database, and that cannot stay locked."""

from __future__ import annotations

import datetime as dt
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from claimdesk.language import N_
from claimdesk.models import Turn
from claimdesk.models.rows import insert_new
from claimdesk.services.context import OfficeContext

HOLD = dt.timedelta(minutes=5)
"""So long a turn lasts unless it is renewed: a program that was killed keeps the others waiting no longer."""


@dataclass
class Held:
    """A turn that is held. Say in `result` what the job came to; it is kept with the turn."""

    office: OfficeContext
    name: str
    holder: str
    result: str | None = field(default=None)

    def renew(self) -> bool:
        """Hold on for as long again; False where the turn was lost to another program meanwhile."""
        return _take(self.office, self.name, self.holder)


@contextmanager
def turn(office: OfficeContext, name: str) -> Iterator[Held | None]:
    """The turn to do the job `name`, or None while another program does it. It is given back in the end."""
    holder = f'{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}'
    if not _take(office, name, holder):
        yield None
        return
    held = Held(office, name, holder)
    finished = False
    try:
        yield held
        finished = True
    finally:
        values: dict[str, object] = {'held_until': None, 'holder': ''}
        if finished:
            values |= {'finished_at': office.now()} | ({} if held.result is None else {'result': held.result})
        with office.database.write(N_("did a job of the office")) as session:
            session.execute(update(Turn).where(Turn.name == name, Turn.holder == holder).values(values))


def last_result(session: Session, name: str) -> str:
    """What the job `name` came to when it was last done; '' before it ever was."""
    return session.scalar(select(Turn.result).where(Turn.name == name)) or ''


def _take(office: OfficeContext, name: str, holder: str) -> bool:
    now = office.now()
    free = or_(
        Turn.held_until.is_(None),
        Turn.held_until < now,
        # A hold that ends further off than any hold may was taken by a computer whose clock is wrong.
        Turn.held_until > now + 2 * HOLD,
        Turn.holder == holder,
    )
    with office.database.write(N_("did a job of the office")) as session:
        session.execute(insert_new(session, Turn), [{'name': name, 'holder': '', 'result': ''}])
        taken = session.scalars(
            update(Turn)
            .where(Turn.name == name, free)
            .values(holder=holder, held_until=now + HOLD)
            .returning(Turn.name)
            .execution_options(synchronize_session=False)
        )
        return bool(taken.all())
