"""Made-up offices: the same each time, of every kind of case, and as the services would have written them."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from claimdesk.cli import main
from claimdesk.errors import Cancelled
from claimdesk.identifiers import credit_code_ok, id_number_ok, luhn_ok, phone_ok, plate_ok
from claimdesk.models import (
    SEARCHED,
    AuditEntry,
    Calculation,
    Case,
    CaseEvent,
    Database,
    Document,
    Invoice,
    Office,
    PartyRecord,
    Payment,
    Policy,
    Task,
    search,
)
from claimdesk.models.schema import check, upgrade
from claimdesk.ocr import read
from claimdesk.rules.clocks import EventKind, due_state
from claimdesk.services import office_generator
from claimdesk.services.accounts import Accounts
from claimdesk.services.clockwork import refresh_due
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.delays import Delays
from claimdesk.services.documents import Documents
from claimdesk.services.files import DatabaseStore, FolderStore
from claimdesk.services.intake import Intake, NewCase
from claimdesk.services.office_generator import DEMO_CASES, demo_invoice, fill_demo_office, generate
from claimdesk.services.office_generator.founding import DEMO_PASSWORD
from claimdesk.services.reading import Readings
from claimdesk.services.sign_off import SignOffs
from claimdesk.services.timeline import Timelines
from claimdesk.services.workflow import Workflow
from claimdesk.vocabulary import (
    INVOICE_KINDS,
    ApprovalState,
    ClauseVersion,
    DelayCode,
    DocumentKind,
    DocumentState,
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

ANYBODY = Actor(1, '', '', 1, None, frozenset())


def context(database: Database, folder: Path, now: dt.datetime = NOW) -> OfficeContext:
    database.now = lambda: now
    store = FolderStore(folder / 'files') if database.is_sqlite else DatabaseStore()
    return OfficeContext(database, store, lambda: now)


def events_of(session: Session, case: Case) -> Sequence[CaseEvent]:
    return session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id)).all()


def hits(session: Session, office: OfficeContext, term: str) -> set[int]:
    """The cases that the search index offers for `term`."""
    found = search.groups(term)
    if office.database.is_sqlite:
        rows = session.scalars(
            text('SELECT rowid FROM case_search WHERE case_search MATCH :groups'), {'groups': search.as_match(found)}
        )
    else:
        rows = session.scalars(
            text('SELECT case_id FROM case_search WHERE pieces @> CAST(:groups AS integer[])'),
            {'groups': search.as_numbers(found)},
        )
    return set(rows)


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
    upgrade(database)
    office = context(database, folder)
    fill_demo_office(office)
    yield office
    database.close()
    if server is not None:
        server.drop(name)


@pytest.fixture
def two_databases(tmp_path: Path, sqlite_url: str, database: Database) -> Iterator[tuple[Database, Database]]:
    """The database under test, and a file on SQLite beside it."""
    other = Database(sqlite_url.replace('office.db', 'other.db'))
    upgrade(other)
    yield database, other
    other.close()


def test_every_stage_outcome_line_clause_and_role_is_there(demo: OfficeContext) -> None:
    with demo.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == DEMO_CASES
        assert set(session.scalars(select(Case.stage).distinct())) == set(Stage)
        assert set(session.scalars(select(Case.outcome).distinct())) == set(Outcome)
        assert set(session.scalars(select(Case.line).distinct())) == set(Line)
        # No policy of these years begins early enough for the motor clause of 2014.
        assert set(session.scalars(select(Policy.clause).distinct())) == set(ClauseVersion) - {ClauseVersion.MOTOR_2014}
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
    assert min(states[state] for state in DueState if state is not DueState.DONE) >= 3, states


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
            registered_at = case.registered_at or case.reported_at
            moments = [case.loss_at, case.reported_at, registered_at, case.last_activity_at, NOW]
            assert moments == sorted(moments)
        assert session.scalar(select(func.max(CaseEvent.happened_at))) <= NOW
        assert session.scalar(select(func.max(AuditEntry.at))) <= NOW
        assert session.scalar(select(func.count()).where(CaseEvent.recorded_at < CaseEvent.happened_at)) == 0


def test_paid_cases_can_be_reported_on(demo: OfficeContext) -> None:
    """Their four cycles chain: report, documents complete, approved, paid."""
    with demo.database.read() as session:
        for case in session.scalars(select(Case).where(Case.outcome == Outcome.PAID, Case.reopened_times == 0)):
            at = {event.kind: event.happened_at for event in events_of(session, case)}
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
    columns = [getattr(Case, name) for name in SEARCHED]
    pattern = search.like_pattern(term)
    with demo.database.read() as session:
        like = session.scalars(select(Case.id).where(or_(*(one.ilike(pattern, escape='\\') for one in columns)))).all()
        indexed = hits(session, demo, term)
    assert like
    assert set(like) <= indexed
    assert len(indexed) < len(like) + DEMO_CASES / 10


def test_the_same_moment_gives_the_same_office(
    two_databases: tuple[Database, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_generator, 'DEMO_CASES', 200)
    one, two = (context(database, tmp_path / str(place)) for place, database in enumerate(two_databases))
    fill_demo_office(one)
    fill_demo_office(two)
    for wanted in (
        select(Case.number, Case.insured_name, Case.due_at, Case.paid_amount, Case.place).order_by(Case.id),
        select(AuditEntry.at, AuditEntry.action, AuditEntry.row_id, AuditEntry.changes).order_by(AuditEntry.id),
        select(Payment.account_number, Payment.paid_at).order_by(Payment.id),
    ):
        with one.database.read() as first, two.database.read() as second:
            assert first.execute(wanted).all() == second.execute(wanted).all()


def test_a_case_of_each_step_can_be_moved_on_by_its_owner(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_generator, 'DEMO_CASES', 500)
    office = context(database, tmp_path)
    fill_demo_office(office)
    workflow, accounts = Workflow(office), Accounts(office)
    moved = set()
    with database.read() as session:
        cases = session.scalars(select(Case).where(Case.stage != Stage.CLOSED).order_by(Case.id)).all()
    for case in cases:
        owner = accounts.sign_in_demo(case.owner_id or 0)
        step = workflow.moves(owner, case.id).next
        if case.stage not in moved and step is not None and step.allowed and not step.needs_estimate:
            if step.needs_delay:
                Delays(office).explain(owner, case.id, DelayCode.WORKLOAD)
            if step.signed:
                SignOffs(office).approve(owner, case.id, case.version, DEMO_PASSWORD)
            else:
                workflow.make(owner, case.id, case.version, step.move)
            with database.read() as session:
                assert session.get_one(Case, case.id).stage is not case.stage
            moved.add(case.stage)
    assert {Stage.REGISTERED, Stage.APPROVAL, Stage.CLOSING} <= moved


def test_the_next_case_gets_the_next_number(database: Database, tmp_path: Path) -> None:
    office = context(database, tmp_path)
    generate(office, 300)
    with database.read() as session:
        last = session.scalar(select(func.max(Case.number)))
        policy = session.scalars(select(Policy).where(Policy.starts_at < NOW, Policy.ends_at > NOW)).first()
    clerk = next(person for person in Accounts(office).people(ANYBODY) if Role.SERVICE in person.roles)
    actor = Accounts(office).sign_in(clerk.login, DEMO_PASSWORD)
    report = NewCase(policy.id, NOW - dt.timedelta(hours=1), '人民路', '追尾', '沈知远', '13800001234')
    opened = Intake(office).register(actor, report, 'next')
    prefix, _dash, number = last.partition('-')
    assert opened.number == f'{prefix}-{int(number) + 1:06d}'


def test_a_large_office_is_whole(database: Database, tmp_path: Path) -> None:
    office = context(database, tmp_path)
    seen: list[tuple[int, int, str]] = []
    generate(office, 2_000, lambda *step: seen.append(step))
    assert seen[-1][:2] == (2_000, 2_000)
    assert check(database) == []
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2_000
        assert session.scalar(select(func.count(Case.number.distinct()))) == 2_000
        assert set(session.scalars(select(Case.outcome).distinct())) == set(Outcome)
        numbers = session.execute(select(Case.number, Case.reported_at).order_by(Case.id)).all()
        assert numbers == sorted(numbers, key=lambda row: row.reported_at)
        open_cases = session.scalars(select(Case).where(Case.outcome == Outcome.OPEN)).all()
        assert 20 < len(open_cases) < 400
        for case in open_cases:
            kept = (case.due_at, case.due_clock, case.paused_since, case.missing_documents)
            refresh_due(session, case, office)
            assert kept == (case.due_at, case.due_clock, case.paused_since, case.missing_documents)
        assert not session.scalar(select(func.count()).where(CaseEvent.case_id.not_in(select(Case.id))))
        late = select(func.count()).where(Case.outcome == Outcome.PAID, Case.paid_at.is_(None))
        assert session.scalar(late) == 0
        for case in session.scalars(select(Case).where(Case.outcome == Outcome.PAID).limit(200)):
            amounts = session.scalars(select(Payment.amount).where(Payment.case_id == case.id)).all()
            assert sum(amounts) == case.paid_amount
            at = {event.kind: event.happened_at for event in events_of(session, case)}
            assert at[EventKind.REPORTED] == case.reported_at
            assert at[EventKind.PAID] == case.paid_at
        assert session.scalar(select(func.max(CaseEvent.happened_at))) <= NOW


def test_a_large_office_is_found_by_search(database: Database, tmp_path: Path) -> None:
    office = context(database, tmp_path)
    generate(office, 500)
    with database.read() as session:
        case = session.scalars(select(Case).where(Case.outcome == Outcome.PAID)).first()
        assert case.id in hits(session, office, case.policy_number)
        found = hits(session, office, case.insured_name)
        named = session.scalars(select(Case.id).where(Case.insured_name == case.insured_name)).all()
    assert set(named) <= found
    assert len(found) < 20


def test_the_command_fills_an_empty_database_and_refuses_another(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ['--language', 'en', '--database', database_url, 'office', 'generate', '--cases', '60']
    assert main(command, no_desk, no_desk) == 0
    assert '60 cases are ready.' in capsys.readouterr().out
    assert main(command, no_desk, no_desk) == 1
    assert 'There is already an office in this database.' in capsys.readouterr().err


def no_desk(args: object) -> int:
    raise AssertionError('this command opens no desk')


def test_a_cancelled_load_leaves_the_database_empty(database: Database, tmp_path: Path) -> None:
    office = context(database, tmp_path)

    def no_more(done: int, total: int, sentence: str = '') -> None:
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        generate(office, 2_000, no_more)
    assert check(database) == []
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Office)) == 0


def test_the_demo_invoice_is_the_same_each_time_and_readable() -> None:
    assert demo_invoice() == demo_invoice()
    (page,) = read(demo_invoice()).pages
    assert page.kind is DocumentKind.DIGITAL_NORMAL
    assert page.fields['total'].value == '6320.00'
    assert page.fields['total'].sure
    assert all(one.ok for one in page.checks)


def test_paper_waits_in_the_inbox_and_in_cases(demo: OfficeContext) -> None:
    clerk = Accounts(demo).sign_in_demo(1)
    documents = Documents(demo)
    assert len(documents.inbox(clerk)) >= 4
    with demo.database.read() as session:
        checked = Document.state == DocumentState.TO_CHECK, Document.kind.in_(INVOICE_KINDS)
        to_check = session.scalars(select(Document).where(*checked)).all()
        confirmed = session.scalars(select(Document).where(Document.state == DocumentState.CONFIRMED)).all()
        invoices = session.scalars(select(Invoice)).all()
        assert len(invoices) >= 10
        for invoice in invoices:
            assert sum(line.amount + (line.tax or 0) for line in invoice.lines) == invoice.total
    assert len(to_check) >= 2
    for document in to_check:
        reading = Readings(demo).latest(clerk, document.id)
        assert reading is not None
        assert {'invoice_number', 'total', 'seller_name'} <= set(reading.values())
    assert documents.page_image(clerk, confirmed[0].id, 0, 320).startswith(b'\xff\xd8\xff')
