"""First notice of loss: finding the policy, seeing doubles, opening the case; on both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import InvalidInput, NotAllowed, NotFound
from claimdesk.models import AuditEntry, Case, CaseMotor, ChecklistItem, Database, Task
from claimdesk.rules.clocks import EventKind
from claimdesk.services.cases import Cases
from claimdesk.services.clockwork import Clockwork, has_event
from claimdesk.services.intake import Intake, NewCase
from claimdesk.vocabulary import Line, Stage, TaskState
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def intake(office: PaperOffice) -> Intake:
    return Intake(office.context)


def report(office: PaperOffice) -> NewCase:
    return NewCase(
        policy_id=office.policy_id,
        loss_at=office.watch() - dt.timedelta(days=9),
        place='虎丘区长江路 8 号',
        cause='倒车碰撞',
        reporter_name='沈知远',
        reporter_phone='13800001234',
        details={'garage': '城西修理厂', 'nonsense': 'x'},
    )


@pytest.mark.parametrize('words', ['PDAA2026', '陆景', 'ljx', '苏e·8K318', '13900005678'])
def test_a_policy_is_found_by_number_name_initials_plate_and_phone(
    intake: Intake, office: PaperOffice, words: str
) -> None:
    assert [policy.id for policy in intake.find_policies(office.clerk, words)] == [office.policy_id]


@pytest.mark.parametrize('words', ['', '   ', '没有这个人', '%'])
def test_what_finds_no_policy(intake: Intake, office: PaperOffice, words: str) -> None:
    assert intake.find_policies(office.clerk, words) == []


def test_a_case_is_opened_whole(intake: Intake, office: PaperOffice) -> None:
    opened = intake.register(office.clerk, report(office), 'one')
    page = Cases(office.context).page(office.clerk, opened.case_id)
    assert (page.stage, page.line, page.place, page.cause) == (
        Stage.REPORTED, Line.MOTOR, '虎丘区长江路 8 号', '倒车碰撞',
    )  # fmt: skip
    assert page.insured_name == '陆景行'
    assert page.owner_id == office.clerk.id
    assert opened.assigned_why
    assert opened.documents_needed
    assert page.step_due_at is not None
    with office.context.database.read() as session:
        assert session.get_one(CaseMotor, opened.case_id).garage == '城西修理厂'
        assert session.get_one(Case, opened.case_id).pinyin == 'ljx'
        assert has_event(session, opened.case_id, EventKind.REPORTED)
        task = session.scalars(select(Task).where(Task.case_id == opened.case_id)).one()
        assert (task.state, task.owner_id, task.due_at) == (TaskState.OPEN, office.clerk.id, page.step_due_at)
        assert session.scalars(select(ChecklistItem.id).where(ChecklistItem.case_id == opened.case_id)).all()
        assert session.scalars(select(AuditEntry.id).where(AuditEntry.case_id == opened.case_id)).all()


def test_a_double_click_opens_one_case(intake: Intake, office: PaperOffice) -> None:
    first = intake.register(office.clerk, report(office), 'one')
    again = intake.register(office.clerk, report(office), 'one')
    assert (again.case_id, again.number) == (first.case_id, first.number)


def test_numbers_run_on_and_begin_anew_with_the_year(intake: Intake, office: PaperOffice) -> None:
    numbers = [intake.register(office.clerk, report(office), key).number for key in 'ab']
    assert numbers == ['CY2026-000002', 'CY2026-000003']
    office.watch.time = dt.datetime(2026, 12, 31, 16, 30, tzinfo=dt.UTC)  # half past midnight in Shanghai
    late = replace(report(office), loss_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    assert intake.register(office.clerk, late, 'c').number == 'CY2027-000001'


@pytest.mark.parametrize(
    'change, field',
    [
        ({'loss_at': dt.datetime(2026, 3, 3, tzinfo=dt.UTC)}, 'loss_at'),
        ({'loss_at': dt.datetime(2025, 11, 1, tzinfo=dt.UTC)}, 'loss_at'),
        ({'place': ' '}, 'place'),
        ({'cause': ''}, 'cause'),
        ({'reporter_name': ''}, 'reporter_name'),
        ({'reporter_phone': '12'}, 'reporter_phone'),
    ],
)
def test_what_is_wrong_is_told_by_field(
    intake: Intake, office: PaperOffice, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        intake.register(office.clerk, replace(report(office), **change), 'one')  # type: ignore[arg-type]
    assert set(caught.value.fields) == {field}
    with office.context.database.read() as session:
        assert len(session.scalars(select(Case.id)).all()) == 1


def test_a_near_loss_on_the_same_policy_is_shown(intake: Intake, office: PaperOffice) -> None:
    first = office.watch() - dt.timedelta(hours=3)
    near = intake.similar(office.clerk, office.policy_id, first - dt.timedelta(hours=40))
    assert [case.number for case in near] == [office.case_number]
    assert intake.similar(office.clerk, office.policy_id, first - dt.timedelta(hours=50)) == []


def test_causes_of_the_office_come_before_the_usual_ones(intake: Intake, office: PaperOffice) -> None:
    intake.register(office.clerk, replace(report(office), cause='大雪压塌'), 'one')
    causes = intake.causes(office.clerk, Line.MOTOR)
    assert {'大雪压塌', '追尾'} == set(causes[:2])
    assert len(causes) == len(set(causes)) > 5


def test_who_may_not_take_a_report_is_told_who_may(intake: Intake, office: PaperOffice) -> None:
    with pytest.raises(NotAllowed, match='Customer service'):
        intake.register(office.auditor, report(office), 'one')
    with pytest.raises(NotFound):
        intake.register(office.clerk, replace(report(office), policy_id=10**6), 'two')


def test_the_policy_is_shown_with_its_covers(intake: Intake, office: PaperOffice) -> None:
    policy = intake.policy(office.clerk, office.policy_id)
    assert [(cover.code, cover.sum_insured) for cover in policy.coverages] == [('damage', Decimal('180000.00'))]
    assert policy.open_cases == 1


def test_the_first_step_is_due_and_its_clock_explains_itself(intake: Intake, office: PaperOffice) -> None:
    opened = intake.register(office.clerk, report(office), 'one')
    clocks = Clockwork(office.context).due(office.clerk, opened.case_id)
    step = next(clock for clock in clocks if clock.id == 'step')
    assert step.mark == 'C'
    assert step.explanation
