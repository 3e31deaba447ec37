"""Entering a stage: the old step ends, and the new one gets an owner and a due time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import Account, Case, Task
from claimdesk.rules.clocks import step_due
from claimdesk.services.assigning import owner_of_next_step
from claimdesk.services.clockwork import subject_of
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.steps import open_step_task
from claimdesk.vocabulary import Outcome, Stage, TaskState

_STEPS = frozenset(stage.value for stage in Stage)

CUT_SHORT = frozenset({Outcome.CANCELLED_REPORT, Outcome.CANCELLED_CASE, Outcome.REFUSED, Outcome.ZERO})
"""The outcomes that leave the open step undone."""


def enter_stage(session: Session, case: Case, stage: Stage, actor: Actor, office: OfficeContext) -> None:
    """Bring `case` to `stage`: the old step's task ends, the new step gets an owner and a due time."""
    now = office.now()
    # Stage, outcome and closing time hold together, so they are set before a query sends them to the database.
    case.stage, case.stage_entered_at = stage, now
    case.closed_at = now if stage is Stage.CLOSED else None
    case.step_due_at = (
        None if stage is Stage.CLOSED else step_due(stage, now, office.calendar, subject_of(case), office.targets)
    )
    cut_short = case.outcome in CUT_SHORT
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)):
        step = task.kind in _STEPS
        if step or stage is Stage.CLOSED:
            task.state = TaskState.DONE if step and not cut_short else TaskState.DROPPED
            task.finished_at, task.finished_by = now, actor.id or None
    if stage is Stage.CLOSED:
        session.flush()
        return
    choice = owner_of_next_step(session, office, case, stage, fallback=actor)
    case.owner_id, case.assigned_why = choice.user_id, choice.why
    owner = session.get(Account, choice.user_id)
    case.team_id = owner.team_id if owner else None
    open_step_task(session, case, now)
    session.flush()
