"""The steps of a case: who takes the next one, and the task that tells its owner by when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.language import _
from claimdesk.models import Absence, Account, AccountRole, Case, Task
from claimdesk.rules.assignment import Candidate, Choice, choose
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.vocabulary import Line, Outcome, Stage, label


def choose_owner(session: Session, office: OfficeContext, stage: Stage, line: Line, fallback: Actor) -> Choice:
    """Who takes a case that enters `stage`: somebody of the stage's role, present, with the fewest open cases."""
    today = office.today()
    role = STAGE_ROLE[stage]
    away = set(
        session.scalars(select(Absence.account_id).where(Absence.starts_on <= today, Absence.ends_on >= today))
    )
    counts = dict(
        session.execute(
            select(Case.owner_id, func.count()).where(Case.outcome == Outcome.OPEN).group_by(Case.owner_id)
        ).all()
    )
    people = session.scalars(
        select(Account)
        .join(AccountRole, AccountRole.account_id == Account.id)
        .where(AccountRole.role == role, Account.active, Account.office_id == fallback.office_id)
        .order_by(Account.id)
    )
    candidates = [
        Candidate(
            user_id=person.id,
            name=person.name,
            open_cases=counts.get(person.id, 0),
            capacity=person.capacity,
            absent=person.id in away,
        )
        for person in people
    ]
    choice = choose(candidates)
    if choice is None:
        why = _("Nobody with this role is present, so it stays with {name}.").format(name=fallback.name)
        return Choice(fallback.id, why)
    return choice


def open_step_task(session: Session, case: Case, now: dt.datetime) -> None:
    """The task of the step that `case` has just entered: its owner's, due when the step is."""
    session.add(
        Task(
            case_id=case.id,
            kind=case.stage.value,
            title=label(case.stage),
            owner_id=case.owner_id,
            created_at=now,
            due_at=case.step_due_at,
        )
    )
