"""The monthly report: every indicator recomputed case by case in Python, and by hand; on both databases."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotAllowed, Unavailable
from claimdesk.models import Calculation, Case, CaseEvent, Complaint, Database, Satisfaction
from claimdesk.rules.clocks import EventKind
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.files import FolderStore
from claimdesk.services.reporting import Indicator, MonthlyReport, Reporting
from claimdesk.vocabulary import ApprovalState, Line, Outcome, Role, Stage
from tests.models.rows import a_case, an_account
from tests.reports.pages import texts

LOCAL = ZoneInfo('Asia/Shanghai')
NOW = dt.datetime(2026, 3, 25, 7, 0, tzinfo=dt.UTC)
MARCH = dt.date(2026, 3, 1)
AUDITOR = Actor(0, '顾清和', 'audit', 1, None, frozenset({Role.AUDITOR}))
HANDLER = Actor(0, '林晓', 'lin', 1, None, frozenset({Role.SURVEYOR}))


def office(database: Database, tmp_path: Path) -> OfficeContext:
    database.now = lambda: NOW
    return OfficeContext(database, FolderStore(tmp_path / 'files'), database.now)


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LOCAL).astimezone(dt.UTC)


def add(
    session: Session, *, documents: dt.datetime | None = None, approved: dt.datetime | None = None, **values: Any
) -> Case:
    """A case with the milestones of a paid one, where they are given."""
    if values.get('closed_at'):
        values['stage'] = Stage.CLOSED
    case = a_case(session, **values)
    session.add(case)
    session.flush()
    if documents:
        session.add(
            CaseEvent(
                case_id=case.id, kind=EventKind.DOCUMENTS_COMPLETE.value, happened_at=documents, recorded_at=documents
            )
        )
    if approved:
        maker, decider = an_account(session), an_account(session)
        session.add(
            Calculation(
                case_id=case.id, number=1, inputs={}, steps=[], payable=Decimal(1), state=ApprovalState.APPROVED,
                made_by=maker.id, made_at=approved, decided_by=decider.id, decided_at=approved,
            )
        )  # fmt: skip
    return case


def report(database: Database, tmp_path: Path, month: dt.date = MARCH) -> MonthlyReport:
    return Reporting(office(database, tmp_path)).monthly(AUDITOR, month)


def by_id(made: MonthlyReport) -> dict[str, Indicator]:
    return {one.id: one for one in made.indicators}


# By hand


def test_the_cycles_and_rates_of_two_paid_cases(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        add(
            session, reported_at=local('2026-03-01T00:00'), registered_at=local('2026-03-01T12:00'),
            documents=local('2026-03-05T00:00'), approved=local('2026-03-07T12:00'), paid_at=local('2026-03-09T00:00'),
            closed_at=local('2026-03-10T00:00'), outcome=Outcome.PAID, first_estimate=Decimal(1200),
            estimate=Decimal(1000), paid_amount=Decimal('1000.00'),
        )  # fmt: skip
        add(
            session, reported_at=local('2026-02-20T00:00'), registered_at=local('2026-02-28T00:00'),
            documents=local('2026-02-24T00:00'), approved=local('2026-02-25T00:00'), paid_at=local('2026-03-02T00:00'),
            closed_at=local('2026-03-02T00:00'), outcome=Outcome.PAID, first_estimate=Decimal(5000),
            estimate=Decimal(9000), paid_amount=Decimal('9000.00'),
        )  # fmt: skip
        add(
            session, reported_at=local('2026-03-20T00:00'), registered_at=local('2026-03-21T00:00'),
            stage=Stage.SURVEY, estimate=Decimal(30_000), first_estimate=Decimal(30_000),
        )  # fmt: skip
        add(
            session, reported_at=local('2026-03-03T00:00'), registered_at=local('2026-03-04T00:00'),
            closed_at=local('2026-03-15T00:00'), outcome=Outcome.REFUSED,
        )  # fmt: skip
        add(
            session, reported_at=local('2026-03-05T00:00'), closed_at=local('2026-03-06T00:00'),
            outcome=Outcome.CANCELLED_REPORT,
        )  # fmt: skip
    made = report(database, tmp_path)
    found = {one.id: one.value for one in made.indicators}
    assert found['reported'] == 4
    assert found['registered'] == 3
    assert found['closed'] == 3
    assert (found['paid'], found['paid_amount']) == (2, Decimal('10000.00'))
    assert (found['open'], found['open_reserve']) == (1, Decimal('30000.00'))
    assert found['report_to_payment'] == Decimal('9.00')
    assert found['report_to_documents'] == Decimal('4.00')
    assert found['documents_to_approval'] == Decimal('1.75')
    assert found['approval_to_payment'] == Decimal('3.25')
    assert found['report_to_closing'] == Decimal('10.33')
    assert found['small_claims'] == Decimal('8.00')
    assert found['closing_rate'] == Decimal('0.6667')
    assert found['stock_closing_rate'] == 1
    assert found['amount_closing_rate'] == Decimal('0.2500')
    assert found['rolling_closing_rate'] == Decimal('0.7500')
    assert found['settled_rate'] == Decimal('0.7500')
    assert found['timely_registration'] == 1
    assert found['registration_rate'] == 1
    assert found['late_registration'] == 0
    assert found['estimate_deviation'] == Decimal('-0.3800')
    assert found['estimate_deviation_absolute'] == Decimal('0.4200')
    assert found['report_cancellation'] == Decimal('0.2500')
    assert found['acceptance'] == Decimal('0.6667')
    assert found['mean_settled'] == Decimal('5000.00')
    assert found['mean_open'] == Decimal('30000.00')
    assert made.chain_holds
    assert '4.00 + 1.75 + 3.25 = 9.00' in made.chain
    february = by_id(made)['late_registration']
    assert (february.previous, february.year_to_date) == (1, Decimal('0.2500'))
    assert by_id(made)['timely_registration'].previous == 0


def test_an_office_without_a_case_divides_by_nothing(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        an_account(session)
    made = report(database, tmp_path)
    for one in made.indicators:
        assert one.value == (0 if one.unit in ('count', 'money') and not one.id.startswith('mean') else None), one.id
        assert one.definition
        assert one.mark in ('A', 'B', 'C')
        assert one.source
        assert len(one.trend) == 12
    assert made.overdue.rows == ()
    assert Reporting(office(database, tmp_path)).months(AUDITOR) == [MARCH]


def test_the_month_is_local(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        for text in ('2026-02-28T23:59:59', '2026-03-01T00:00', '2026-03-31T23:59:59', '2026-04-01T00:00'):
            add(session, reported_at=local(text))
    one = by_id(report(database, tmp_path))['reported']
    assert (one.value, one.previous, one.year_to_date) == (2, 1, 3)


def test_a_wrong_estimate_of_the_chain_is_found(database: Database, tmp_path: Path) -> None:
    made = report_of_chain(database, tmp_path)
    assert made.chain_holds
    from claimdesk.services.figures import Counts

    assert not Counts(chained=1, report_to_documents=5, chained_report_to_payment=6).chain_holds


def report_of_chain(database: Database, tmp_path: Path) -> MonthlyReport:
    with database.write('test') as session:
        for hour in range(24):
            add(
                session, reported_at=local(f'2026-03-01T{hour:02d}:13:07'), documents=local('2026-03-05T01:02:03'),
                approved=local('2026-03-07T12:34:56'), paid_at=local(f'2026-03-09T{hour:02d}:59:59'),
                paid_amount=Decimal(1),
            )  # fmt: skip
    return report(database, tmp_path)


def test_complaints_and_answers(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        case = add(session, reported_at=local('2026-01-05T10:00'), registered_at=local('2026-01-06T10:00'),
                   closed_at=local('2026-03-06T10:00'), outcome=Outcome.ZERO)  # fmt: skip
        for text in ('2026-02-10T10:00', '2026-03-10T10:00', '2026-03-11T10:00'):
            session.add(Complaint(case_id=case.id, complainant='张伟', content='慢', received_at=local(text)))
        for score, text in ((5, '2026-03-10T10:00'), (2, '2026-03-11T10:00'), (1, '2026-01-11T10:00')):
            session.add(Satisfaction(case_id=case.id, score=score, answered_at=local(text)))
    found = by_id(report(database, tmp_path))
    assert (found['complaints'].value, found['complaints'].previous, found['complaints'].year_to_date) == (2, 1, 3)
    assert found['complaint_rate'].value == 2
    assert (found['satisfaction'].value, found['satisfaction'].year_to_date) == (Decimal('3.50'), Decimal('2.67'))
    assert found['zero_rate'].value == 1


# Case by case


class Brute:
    """The indicators of a period, added up case by case from the rows, straight from their definitions."""

    def __init__(self, cases: list[Case], milestones: dict[int, tuple[Any, Any]], start: str, end: str) -> None:
        self.cases, self.milestones = cases, milestones
        self.start, self.end = local(start), local(end)

    def within(self, at: dt.datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    def of(self, wanted: Callable[[Case], bool]) -> list[Case]:
        return [case for case in self.cases if wanted(case)]

    def open_at_end(self) -> list[Case]:
        return self.of(
            lambda case: case.registered_at is not None
            and case.registered_at < self.end
            and (case.closed_at is None or case.closed_at >= self.end)
        )

    def closed(self, *outcomes: Outcome) -> list[Case]:
        return self.of(lambda case: self.within(case.closed_at) and case.outcome in outcomes)

    def figures(self) -> dict[str, Decimal | None]:
        cases = self.of
        reported = cases(lambda case: self.within(case.reported_at))
        registered = cases(lambda case: self.within(case.registered_at))
        paid = cases(lambda case: self.within(case.paid_at))
        settled = self.closed(Outcome.PAID)
        decided = self.closed(Outcome.PAID, Outcome.REFUSED, Outcome.ZERO, Outcome.CANCELLED_CASE)
        opened = self.open_at_end()
        cancelled = [
            case for case in reported
            if case.outcome is Outcome.CANCELLED_REPORT and case.closed_at is not None and case.closed_at < self.end
        ]  # fmt: skip
        valid = len(reported) - len(cancelled)
        before = cases(
            lambda case: case.registered_at is not None and case.registered_at < self.start
            and (case.closed_at is None or case.closed_at >= self.start)
        )  # fmt: skip
        chained = [case for case in paid if all(self.milestones[case.id])]
        settled_amount = sum(case.paid_amount for case in settled)
        reserve = sum(case.estimate or 0 for case in opened)
        reopened = [case for case in registered if case.reopened_times]
        in_time = [
            case for case in reported
            if case.registered_at is not None and case.registered_at < self.end and wait(case) <= 7 * 86_400
        ]  # fmt: skip
        closing = self.closed(Outcome.PAID, Outcome.REFUSED)
        gone = self.closed(Outcome.CANCELLED_CASE)
        small = [case for case in paid if case.paid_amount <= 5000]
        return {
            'reported': Decimal(len(reported)),
            'registered': Decimal(len(registered)),
            'closed': Decimal(len(decided)),
            'paid': Decimal(len(paid)),
            'paid_amount': money(sum(case.paid_amount for case in paid)),
            'open': Decimal(len(opened)),
            'open_reserve': money(reserve),
            'report_to_payment': days(paid, lambda case: case.paid_at - case.reported_at),
            'report_to_documents': days(chained, lambda case: self.milestones[case.id][0] - case.reported_at),
            'documents_to_approval': days(
                chained, lambda case: self.milestones[case.id][1] - self.milestones[case.id][0]
            ),
            'approval_to_payment': days(chained, lambda case: case.paid_at - self.milestones[case.id][1]),
            'report_to_closing': days(closing, lambda case: case.closed_at - case.reported_at),
            'small_claims': days(small, lambda case: case.paid_at - case.reported_at),
            'closing_rate': part([case for case in registered if closed_by(case, self.end)], registered),
            'stock_closing_rate': part([case for case in before if closed_by(case, self.end)], before),
            'amount_closing_rate': quotient(settled_amount, settled_amount + reserve),
            'settled_rate': quotient(len(decided), len(decided) + len(opened)),
            'timely_registration': quotient(len(in_time), valid),
            'registration_rate': quotient(len(registered), valid),
            'late_registration': part([case for case in registered if wait(case) > 72 * 3600], registered),
            'reopening_rate': part(reopened, registered),
            'reopening_rate_amount': quotient(sum(case.paid_amount for case in reopened), settled_amount + reserve),
            'estimate_deviation': quotient(
                sum((case.first_estimate or 0) - case.paid_amount for case in settled), settled_amount
            ),
            'estimate_deviation_absolute': quotient(
                sum(abs((case.first_estimate or 0) - case.paid_amount) for case in settled), settled_amount
            ),
            'zero_rate': part(self.closed(Outcome.ZERO), decided),
            'report_cancellation': part(cancelled, reported),
            'case_cancellation': part(gone, registered),
            'case_cancellation_amount': quotient(
                sum(case.estimate or 0 for case in gone), settled_amount + reserve
            ),
            'mean_settled': mean(settled_amount, len(settled)),
            'mean_open': mean(reserve, len(opened)),
            'acceptance': quotient(len(settled), len(settled) + len(self.closed(Outcome.REFUSED))),
            'rolling_closing_rate': self.rolling(),
        }

    def rolling(self) -> Decimal | None:
        counted = self.of(
            lambda case: self.within(case.registered_at)
            and case.outcome not in (Outcome.ZERO, Outcome.CANCELLED_CASE, Outcome.CANCELLED_REPORT)
        )
        return part([case for case in counted if closed_by(case, self.end)], counted)


def wait(case: Case) -> float:
    assert case.registered_at is not None
    return (case.registered_at - case.reported_at).total_seconds()


def closed_by(case: Case, end: dt.datetime) -> bool:
    return case.closed_at is not None and case.closed_at < end


def money(value: Any) -> Decimal:
    return Decimal(value).quantize(Decimal('0.01'))


def quotient(one: Any, other: Any, places: str = '0.0001') -> Decimal | None:
    return (Decimal(one) / Decimal(other)).quantize(Decimal(places), ROUND_HALF_UP) if other else None


def part(some: Iterable[Case], whole: list[Case]) -> Decimal | None:
    return quotient(len(list(some)), len(whole))


def mean(amount: Any, cases: int) -> Decimal | None:
    return quotient(amount, cases, '0.01')


def days(cases: list[Case], span: Callable[[Case], dt.timedelta]) -> Decimal | None:
    seconds = sum(int(span(case).total_seconds()) for case in cases)
    return quotient(Decimal(seconds) / 86_400, len(cases), '0.01')


def many(session: Session, seed: int, count: int) -> None:
    """Cases at random over two years, their times in order, whole seconds as the office records them."""
    dice = random.Random(seed)

    def later(at: dt.datetime, most_days: float) -> dt.datetime:
        return at + dt.timedelta(seconds=dice.randrange(1, int(most_days * 86_400)))

    people = [an_account(session).id for _n in range(3)]
    for _n in range(count):
        reported = local('2024-04-01T00:00') + dt.timedelta(seconds=dice.randrange(0, 722 * 86_400))
        outcome = dice.choice(list(Outcome))
        values: dict[str, Any] = {
            'reported_at': reported, 'line': dice.choice(list(Line)), 'owner_id': dice.choice([None, *people]),
            'reopened_times': dice.choice([0, 0, 0, 1]),
            'estimate': dice.choice([None, Decimal(dice.randrange(90_000))]),
        }  # fmt: skip
        if outcome is Outcome.CANCELLED_REPORT:
            values |= {'closed_at': later(reported, 9)}
        elif outcome is not Outcome.OPEN or dice.random() < 0.7:
            registered = later(reported, 11)
            values |= {'registered_at': registered, 'first_estimate': Decimal(dice.randrange(90_000))}
            if outcome is Outcome.PAID:
                documents = later(registered, 20)
                approved = later(documents, 9)
                paid = later(approved, 9)
                values |= {'paid_at': paid, 'paid_amount': Decimal(dice.randrange(1, 2_000_000)) / 100}
                values |= {'closed_at': later(paid, 5)}
                if dice.random() < 0.8:
                    values |= {'documents': documents, 'approved': approved}
            elif outcome is not Outcome.OPEN:
                values |= {'closed_at': later(registered, 40)}
        if 'closed_at' in values and values['closed_at'] > NOW:
            values = {'reported_at': reported}
        elif 'closed_at' in values:
            values['outcome'] = outcome
        if 'closed_at' not in values and dice.random() < 0.6:
            values['due_at'] = NOW + dt.timedelta(hours=dice.randrange(-300, 300))
            values['stage'] = dice.choice([Stage.REPORTED, Stage.SURVEY, Stage.PAYMENT])
        add(session, **values)


def kept(database: Database) -> tuple[list[Case], dict[int, tuple[Any, Any]]]:
    with database.read() as session:
        cases = list(session.scalars(select(Case)))
        documents = dict(session.execute(select(CaseEvent.case_id, CaseEvent.happened_at)).all())
        approved = dict(session.execute(select(Calculation.case_id, Calculation.decided_at)).all())
    return cases, {case.id: (documents.get(case.id), approved.get(case.id)) for case in cases}


@pytest.mark.parametrize('seed', [1, 2])
def test_every_indicator_equals_the_count_case_by_case(database: Database, tmp_path: Path, seed: int) -> None:
    with database.write('test') as session:
        many(session, seed, 220)
    made = report(database, tmp_path)
    cases, milestones = kept(database)

    def brute(start: str, end: str) -> dict[str, Decimal | None]:
        return Brute(cases, milestones, start, end).figures()

    month, before = brute('2026-03-01', '2026-04-01'), brute('2026-02-01', '2026-03-01')
    year, july = brute('2026-01-01', '2026-04-01'), brute('2025-07-01', '2025-08-01')
    found = by_id(made)
    rolling = 'rolling_closing_rate'
    assert found[rolling].value == brute('2025-04-01', '2026-04-01')[rolling]
    for name in month.keys() - {rolling}:
        one = found[name]
        assert (one.value, one.previous, one.year_to_date) == (month[name], before[name], year[name]), name
        assert one.trend[3] == july[name], name
        assert one.trend[-2:] == (before[name], month[name]), name
    standing = {'complaints', 'complaint_rate', 'satisfaction', 'open_now', 'overdue_now', 'overdue_rate'}
    assert found.keys() - month.keys() == standing


def test_the_tables_add_up_case_by_case(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        many(session, 3, 200)
    made = report(database, tmp_path)
    cases, milestones = kept(database)
    for row, line in zip(made.by_line.rows, Line, strict=True):
        mine = Brute([case for case in cases if case.line is line], milestones, '2026-03-01', '2026-04-01').figures()
        names = ('reported', 'registered', 'closed', 'paid', 'paid_amount', 'mean_settled', 'report_to_payment',
                 'acceptance', 'open', 'open_reserve')  # fmt: skip
        assert row[1:] == tuple(mine[name] for name in names)
    late = [case for case in cases if case.outcome is Outcome.OPEN and case.due_at < NOW]
    opened = [case for case in cases if case.outcome is Outcome.OPEN]
    assert made.overdue_count == len(late) > 0
    assert [row[0] for row in made.overdue.rows] == [
        case.number for case in sorted(late, key=lambda case: (case.due_at, case.id))
    ]
    assert made.by_handler.total[1:3] == (len(opened), len(late))
    assert sum(row[1] for row in made.by_handler.rows) == len(opened)
    for row in made.by_stage_and_age.rows[:1]:
        first = [case for case in opened if case.stage is Stage.REPORTED]
        ages = [(NOW - case.reported_at).total_seconds() / 86_400 for case in first]
        edges = (-1.0, 7, 15, 30, 60, 90, 1e9)
        assert row[1:-2] == tuple(
            sum(low <= age < high for age in ages) for low, high in pairwise(edges)
        )
        assert row[-2:] == (len(first), money(sum(case.estimate or 0 for case in first)))
    assert made.by_stage_and_age.total[-2] == len(opened)


def test_a_long_overdue_list_is_capped_with_the_true_number(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.services.reporting.MOST_OVERDUE', 3)
    with database.write('test') as session:
        for hours in range(5):
            add(session, due_at=NOW - dt.timedelta(hours=30 - hours), insured_name='张小明', due_clock='step')
    made = report(database, tmp_path)
    assert (len(made.overdue.rows), made.overdue_count) == (3, 5)
    assert 'The 3 longest overdue of 5 cases' in made.overdue.footnote
    assert made.overdue.rows[0][1] == '张*明'
    assert made.overdue.rows[0][5:8] == (
        'Target of this step', (NOW - dt.timedelta(hours=30)).astimezone(LOCAL), 1,
    )  # fmt: skip


# Who may, which months, and the files


def test_only_those_who_may_see_reports(database: Database, tmp_path: Path) -> None:
    reporting = Reporting(office(database, tmp_path))
    for call in (
        lambda: reporting.monthly(HANDLER, MARCH),
        lambda: reporting.monthly_pdf(HANDLER, MARCH),
        lambda: reporting.write_monthly(HANDLER, MARCH, ['pdf'], tmp_path),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_months_run_from_the_first_report_to_this_month(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        add(session, reported_at=local('2025-12-31T23:30'))
    reporting = Reporting(office(database, tmp_path))
    assert reporting.months(AUDITOR) == [MARCH, dt.date(2026, 2, 1), dt.date(2026, 1, 1), dt.date(2025, 12, 1)]
    assert reporting.monthly(AUDITOR, dt.date(2025, 12, 17)).month == dt.date(2025, 12, 1)
    for month in (dt.date(2025, 11, 1), dt.date(2026, 4, 1)):
        with pytest.raises(InvalidInput, match='2025-12 to 2026-03'):
            reporting.monthly(AUDITOR, month)


def test_the_files_hold_what_the_report_says(database: Database, tmp_path: Path) -> None:
    with database.write('test') as session:
        many(session, 4, 60)
    reporting = Reporting(office(database, tmp_path))
    said: list[str] = []

    def progress(done: int, total: int, sentence: str = '') -> None:
        said.append(sentence)

    paths = reporting.write_monthly(AUDITOR, MARCH, ['xlsx', 'pdf', 'xlsx'], tmp_path / 'out', progress)
    assert [path.name for path in paths] == ['monthly-2026-03.xlsx', 'monthly-2026-03.pdf']
    assert set(said) > {'Adding up the cases', 'Writing the workbook'}
    made = reporting.monthly(AUDITOR, MARCH)
    rows = list(load_workbook(paths[0]).worksheets[0].iter_rows(values_only=True))
    for number, one in enumerate(made.indicators, 1):
        row = next(row for row in rows if row[0] == number)
        assert row[2] == one.name
        assert row[4] == (one.value if one.value is None else pytest.approx(float(one.value))) or row[4] == '–'
    assert '顾清和' in ''.join(texts(paths[1].read_bytes()))


def test_a_full_disk_leaves_last_months_file(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write('test') as session:
        an_account(session)
    reporting = Reporting(office(database, tmp_path))
    old = tmp_path / 'out' / 'monthly-2026-03.pdf'
    old.parent.mkdir()
    old.write_bytes(b'old')

    def full(handle: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr('os.fsync', full)
    for kind in ('pdf', 'xlsx'):
        with pytest.raises(Unavailable, match='No space left'):
            reporting.write_monthly(AUDITOR, MARCH, [kind], old.parent)
    assert old.read_bytes() == b'old'
    assert list(old.parent.iterdir()) == [old]


def test_the_report_speaks_chinese(database: Database, tmp_path: Path, chinese: None) -> None:
    with database.write('test') as session:
        many(session, 5, 40)
    made = report(database, tmp_path)
    words = [word for one in made.indicators for word in (one.name, one.group, one.definition, one.source)]
    assert not [word for word in words if word.isascii()]
