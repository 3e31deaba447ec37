"""The steps of a case: the task that tells its owner by when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from claimdesk.models import Case, Task
from claimdesk.vocabulary import label


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
