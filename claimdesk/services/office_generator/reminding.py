"""What a made-up office has been reminded of by the time somebody looks at it: leads, reminders, and a few urgings."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from sqlalchemy import select

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_
from claimdesk.models import Account, AccountRole, Case, Team, TeamLead
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.office_generator.stock import stock
from claimdesk.services.reminder_round import remind
from claimdesk.services.reminders import Reminders
from claimdesk.vocabulary import Role, Stage

STEP = dt.timedelta(minutes=30)
URGED = 4
_LEADS = (Role.APPROVER, Role.ADJUSTER, Role.SURVEYOR, Role.SERVICE)


def remind_everybody(office: OfficeContext) -> None:
    """Choose the leads of the teams, and send what was due to be said when the office was last open."""
    with office.database.write(N_("chose the lead of a team")) as session:
        for team in session.scalars(select(Team)):
            people = dict(
                session.execute(
                    select(AccountRole.role, Account.id)
                    .join(Account, Account.id == AccountRole.account_id)
                    .where(Account.team_id == team.id, Account.active)
                    .order_by(Account.id.desc())
                ).all()
            )
            lead = next((people[role] for role in _LEADS if role in people), None)
            if lead is not None:
                session.add(TeamLead(team_id=team.id, account_id=lead))
    moment = office.now()
    while not office.calendar.awake(moment):
        moment -= STEP
    then = replace(office, now=lambda: moment)
    remind(then)
    _urge(then)


def _urge(office: OfficeContext) -> None:
    reminders = Reminders(office)
    with office.database.read() as session:
        manager = session.scalars(
            select(Account)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(AccountRole.role == Role.MANAGER)
            .order_by(Account.id)
        ).first()
        late = session.scalars(
            select(Case.id)
            .where(Case.stage != Stage.CLOSED, Case.due_at < office.now())
            .order_by(Case.due_at, Case.id)
            .limit(URGED)
        ).all()
    if manager is None:
        return
    actor = Actor(
        manager.id, manager.name, manager.login, manager.office_id, manager.team_id, frozenset({Role.MANAGER})
    )
    for case_id, words in zip(late, stock().talk['urging'], strict=False):
        try:
            reminders.urge(actor, case_id, words)
        except ClaimDeskError:
            # The manager's own case: nobody to urge.
            continue
