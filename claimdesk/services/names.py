"""The names of people by their ids, for what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import Account


def names_of(session: Session, people: Iterable[int | None]) -> Mapping[int | None, str]:
    """The name of each of these people; nobody is ''."""
    wanted = {person for person in people if person is not None}
    found: dict[int | None, str] = {None: ''}
    if wanted:
        found.update(session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).all())
    return found
