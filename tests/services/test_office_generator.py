"""Made-up offices: the same each time, of every kind of case, and as the services would have written them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, or_, select, text

from claimdesk.identifiers import credit_code_ok, id_number_ok, luhn_ok, phone_ok, plate_ok
from claimdesk.models import (
    SEARCHED,
    AuditEntry,
    Calculation,
    Case,
    CaseEvent,
    Database,
    PartyRecord,
    Payment,
    Policy,
    Task,
    search,
)
from claimdesk.models.schema import check
from claimdesk.rules.clocks import EventKind, due_state
from claimdesk.services.accounts import Accounts
from claimdesk.services.clockwork import refresh_due
from claimdesk.services.context import OfficeContext
from claimdesk.services.files import DatabaseStore, FolderStore
from claimdesk.services.office_generator import DEMO_CASES, fill_demo_office
from claimdesk.services.timeline import Timelines
from claimdesk.vocabulary import (
    ApprovalState,
    ClauseVersion,
    DueState,
    Line,
    Outcome,
    PaymentState,
    Role,
    Stage,
    TaskState,
)

NOW = dt.datetime(2026, 11, 25, 6, 30, tzinfo=dt.UTC)
"""A Wednesday afternoon in Shanghai."""


def context(database: Database, folder: Path, now: dt.datetime = NOW) -> OfficeContext:
    database.now = lambda: now
    store = FolderStore(folder / 'files') if database.is_sqlite else DatabaseStore()
    return OfficeContext(database, store, lambda: now)


@pytest.fixture(scope='module', params=['sqlite', 'postgresql'])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeContext]:
    """The demo office, made once for the tests that only look."""
    folder = tmp_path_factory.mktemp('demo')
    name = f'demo_{folder.name}_{id(folder)}'.lower().replace('-', '_')
    if request.param == 'sqlite':
        url, server = f'sqlite:///{folder / "demo.db"}', None
    else:
        server = request.getfixturevalue('postgres_server')
        server.create(name)
        url = server.url(name)
    database = Database(url)
    database.upgrade()
    office = context(database, folder)
    fill_demo_office(office)
    yield office
    database.close()
    if server is not None:
        server.drop(name)


def test_every_stage_outcome_line_clause_and_role_is_there(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == DEMO_CASES
        assert set(session.scalars(select(Case.stage).distinct())) == set(Stage)
        assert set(session.scalars(select(Case.outcome).distinct())) == set(Outcome)
        assert set(session.scalars(select(Case.line).distinct())) == set(Line)
        assert set(session.scalars(select(Policy.clause).distinct())) == set(ClauseVersion)
        assert session.scalar(select(func.count()).where(Case.reopened_times > 0)) > 3
    people = Accounts(demo).demo_people()
    assert {role for person in people for role in person.roles} == set(Role)
    assert all(Accounts(demo).sign_in_demo(person.id).name == person.name for person in people)


def test_cases_are_overdue_due_today_due_soon_and_waiting(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        states = Counter(
            due_state(case.due_at, NOW, paused=case.paused_since is not None)
            for case in session.scalars(select(Case).where(Case.outcome == Outcome.OPEN))
        )
    assert min(states[state] for state in DueState if state is not DueState.DONE) >= 5, states


def test_the_caches_are_what_the_services_compute(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        wrong = []
        for case in session.scalars(select(Case)):
            kept = (case.due_at, case.due_clock, case.paused_since, case.missing_documents)
            refresh_due(session, case, demo)
            if kept != (case.due_at, case.due_clock, case.paused_since, case.missing_documents):
                wrong.append((case.number, kept))
        assert not wrong


def test_numbers_of_people_policies_and_accounts_hold(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        for party in session.scalars(select(PartyRecord)):
            right = credit_code_ok if party.kind == 'company' else id_number_ok
            assert right(party.id_number), party.name
            assert phone_ok(party.phone)
            assert party.pinyin
        assert all(plate_ok(plate) for plate in session.scalars(select(Policy.plate).where(Policy.plate != '')))
        assert all(luhn_ok(number) for number in session.scalars(select(Payment.account_number)))


def test_nothing_happens_in_the_future_or_outside_the_policy(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        rows = session.execute(select(Case, Policy).join(Policy, Policy.id == Case.policy_id)).all()
        for case, policy in rows:
            assert policy.starts_at <= case.loss_at < policy.ends_at
            moments = [case.loss_at, case.reported_at, case.registered_at or case.reported_at, case.last_activity_at, NOW]
            assert moments == sorted(moments)
        assert session.scalar(select(func.max(CaseEvent.happened_at))) <= NOW
        assert session.scalar(select(func.max(AuditEntry.at))) <= NOW
        assert session.scalar(select(func.count()).where(CaseEvent.recorded_at < CaseEvent.happened_at)) == 0


def test_paid_cases_can_be_reported_on(demo: OfficeContext) -> None:
    """Their four cycles chain: report, documents complete, approved, paid."""
    with demo.database.read() as session:
        for case in session.scalars(select(Case).where(Case.outcome == Outcome.PAID, Case.reopened_times == 0)):
            at = {event.kind: event.happened_at for event in _events(session, case)}
            approved = session.scalar(
                select(Calculation).where(
                    Calculation.case_id == case.id, Calculation.state == ApprovalState.APPROVED
                )
            )
            assert approved is not None
            assert approved.decided_by != approved.made_by
            assert approved.payable == case.payable == case.paid_amount
            assert case.reported_at <= at[EventKind.DOCUMENTS_COMPLETE] <= approved.decided_at <= case.paid_at
            assert at[EventKind.PAID] == case.paid_at
            paid = session.scalars(
                select(Payment.amount).where(Payment.case_id == case.id, Payment.state == PaymentState.PAID)
            ).all()
            assert sum(paid) == case.paid_amount


def _events(session, case):  # type: ignore[no-untyped-def]
    return session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id))


def test_every_open_case_has_one_open_task_of_its_step(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        for case in session.scalars(select(Case)):
            tasks = session.scalars(select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)).all()
            expected = [] if case.stage is Stage.CLOSED else [(case.stage, case.owner_id, case.step_due_at)]
            assert [(task.kind, task.owner_id, task.due_at) for task in tasks] == expected


def test_the_timeline_tells_the_story_in_order(demo: OfficeContext) -> None:
    actor = Accounts(demo).sign_in_demo(1)
    with demo.database.read() as session:
        case_id = session.scalar(select(Case.id).where(Case.outcome == Outcome.PAID, Case.reopened_times == 0))
    told = Timelines(demo).of_case(actor, case_id)
    assert told[-1].action == 'took the report'
    assert told[0].at >= told[-1].at
    assert [entry.at for entry in told] == sorted((entry.at for entry in told), reverse=True)
    assert {'registered the case', 'approved the calculation', 'recorded the payment'} <= {one.action for one in told}


def test_the_schema_is_clean(demo: OfficeContext) -> None:
    assert check(demo.database) == []


@pytest.mark.parametrize('term', ['张', '追尾', '苏E', '人民路', 'JN2026', 'zw'])
def test_search_finds_what_like_finds(demo: OfficeContext, term: str) -> None:
    found = search.groups(term)
    if demo.database.is_sqlite:
        wanted = 'SELECT rowid FROM case_search WHERE case_search MATCH :groups'
        groups: object = search.as_match(found)
    else:
        wanted, groups = 'SELECT case_id FROM case_search WHERE pieces @> CAST(:groups AS integer[])', search.as_numbers(found)
    columns = [getattr(Case, name) for name in SEARCHED]
    pattern = search.like_pattern(term)
    with demo.database.read() as session:
        like = session.scalars(select(Case.id).where(or_(*(one.ilike(pattern, escape='\\') for one in columns)))).all()
        indexed = session.scalars(text(wanted), {'groups': groups}).all()
    assert like
    assert set(like) <= set(indexed)
    assert len(indexed) < len(like) + DEMO_CASES / 10


def test_the_same_moment_gives_the_same_office(demo: OfficeContext, tmp_path: Path, database: Database) -> None:
    if demo.database.is_sqlite != database.is_sqlite:
        pytest.skip('one comparison on each database is enough')
    again = context(database, tmp_path)
    fill_demo_office(again)
    for wanted in (
        select(Case.number, Case.insured_name, Case.due_at, Case.paid_amount, Case.place).order_by(Case.id),
        select(AuditEntry.at, AuditEntry.action, AuditEntry.row_id, AuditEntry.changes).order_by(AuditEntry.id),
        select(Payment.account_number, Payment.paid_at).order_by(Payment.id),
    ):
        with demo.database.read() as one, again.database.read() as two:
            assert one.execute(wanted).all() == two.execute(wanted).all()
