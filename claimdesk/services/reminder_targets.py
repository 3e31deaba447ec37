"""Who is told in somebody's place: the substitute of who is away, the lead of a team, the office's managers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import Absence, Account, AccountRole, TeamLead
from claimdesk.services.context import Actor
from claimdesk.vocabulary import Role


class Standins:
    """Who is present on a day, who stands in for whom, and who leads whom."""

    def __init__(self, session: Session, office_id: int, day: dt.date) -> None:
        self._active = set(
            session.scalars(select(Account.id).where(Account.active, Account.office_id == office_id))
        )
        away = (
            select(Absence.account_id, Absence.substitute_id)
            .where(Absence.starts_on <= day, Absence.ends_on >= day)
            .order_by(Absence.id)
        )
        self._away: dict[int, int | None] = dict(session.execute(away).all())
        self._leads: dict[int, int] = dict(session.execute(select(TeamLead.team_id, TeamLead.account_id)).all())
        self._managers = list(
            session.scalars(
                select(Account.id)
                .join(AccountRole, AccountRole.account_id == Account.id)
                .where(AccountRole.role == Role.MANAGER, Account.active, Account.office_id == office_id)
                .order_by(Account.id)
            )
        )

    def is_away(self, person: int) -> bool:
        """Whether the person is not at work on that day, or no longer at all."""
        return person in self._away or person not in self._active

    def for_person(self, person: int) -> int | None:
        """The person, or whoever stands in for them and is present; None for nobody."""
        seen: set[int] = set()
        while person not in seen:
            seen.add(person)
            if not self.is_away(person):
                return person
            substitute = self._away.get(person)
            if substitute is None:
                return None
            person = substitute
        return None

    def replaced_by(self, person: int) -> frozenset[int]:
        """The absent people for whom `person` stands in now."""
        return frozenset(absent for absent in self._away if absent != person and self.for_person(absent) == person)

    def lead_of(self, team_id: int | None, but: int | None = None) -> int | None:
        """Who leads the team and is present, else a manager of the office; never `but`, who is told already."""
        lead = self._leads.get(team_id) if team_id is not None else None
        choices = [] if lead is None else [lead]
        for person in (*choices, *self._managers):
            present = self.for_person(person)
            if present is not None and present != but:
                return present
        return None


def absent_for(session: Session, actor: Actor, day: dt.date) -> frozenset[int]:
    """For whom this person stands in; where nobody named them, nobody is asked further."""
    named = select(Absence.id).where(
        Absence.substitute_id == actor.id, Absence.starts_on <= day, Absence.ends_on >= day
    )
    if session.scalar(named.limit(1)) is None:
        return frozenset()
    return Standins(session, actor.office_id, day).replaced_by(actor.id)
