"""Every step of a case has an owner and a due time, from the first call on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.models import Case, Database, Task
from claimdesk.services.workflow import Move, Workflow
from claimdesk.vocabulary import Stage, TaskState
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def tasks(office: PaperOffice) -> list[Task]:
    with office.context.database.read() as session:
        return list(session.scalars(select(Task).where(Task.case_id == office.case_id).order_by(Task.id)))


def test_registering_a_case_opens_the_task_of_its_first_step(office: PaperOffice) -> None:
    with office.context.database.read() as session:
        case = session.get_one(Case, office.case_id)
    (task,) = tasks(office)
    assert (task.kind, task.state, task.owner_id) == (Stage.REPORTED, TaskState.OPEN, case.owner_id)
    assert task.due_at == case.step_due_at is not None


def test_a_cancelled_report_drops_the_task_of_its_step(office: PaperOffice) -> None:
    with office.context.database.read() as session:
        version = session.get_one(Case, office.case_id).version
    Workflow(office.context).make(office.clerk, office.case_id, version, Move.CANCEL_REPORT, '重复报案')
    assert [(task.state, task.finished_by) for task in tasks(office)] == [(TaskState.DROPPED, office.clerk.id)]
