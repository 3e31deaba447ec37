"""What the monthly report asks the database: sums by month, line, stage and person, in a few passes over all cases.

Months are local; the database is given their bounds in UTC and answers with the number of the month: 0 before the
first, 1 to 12 inside, 13 after the last or never.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.expression import FunctionElement

from claimdesk.models import Calculation, Case, CaseEvent, Complaint, Satisfaction
from claimdesk.rules.clocks import EventKind
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import ApprovalState, Line, Outcome, Stage

MONTHS = 12
NEVER = MONTHS + 1
SMALL_CLAIM = 500_000
"""The amount in fen up to which a claim is small: 5,000 yuan, as provinces publish their small-claim figures."""

REGISTER_WITHIN = 72 * 3600
"""Seconds from report to registration after which a case counts as registered by force (indicator set No. 1, 2015)."""

REGISTER_IN_TIME = 7 * 86_400
"""Seconds from report to registration within which a registration is in time (a company's assessment)."""


class Seconds(FunctionElement[int]):
    """Whole seconds since 1970 of a moment, the same number on both databases."""

    type = BigInteger()
    inherit_cache = True
    name = 'claimdesk_seconds'


@compiles(Seconds, 'sqlite')
def _sqlite_seconds(element: Seconds, compiler: Any, **options: Any) -> str:
    # Five times as quick as strftime('%s'); exact, for SQLite keeps milliseconds and a day's fraction is good to 0.05.
    day = f'julianday({compiler.process(element.clauses, **options)})'
    return f'CAST(({day} - 2440587.5) * 86400.0 + 0.0005 AS INTEGER)'


@compiles(Seconds, 'postgresql')
def _postgres_seconds(element: Seconds, compiler: Any, **options: Any) -> str:
    return f'floor(extract(epoch FROM {compiler.process(element.clauses, **options)}))::bigint'


class Unindexed(FunctionElement[Any]):
    """A column that SQLite is not to look up in an index: where most rows are wanted, that is slower than reading all.

    PostgreSQL sees it by itself.
    """

    inherit_cache = True
    name = 'claimdesk_unindexed'

    def __init__(self, column: InstrumentedAttribute[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(Unindexed, 'sqlite')
def _sqlite_unindexed(element: Unindexed, compiler: Any, **options: Any) -> str:
    return f'+{compiler.process(element.clauses, **options)}'


@compiles(Unindexed, 'postgresql')
def _postgres_unindexed(element: Unindexed, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@dataclass(frozen=True, slots=True)
class Window:
    """Twelve local months; `bounds` are their thirteen edges in UTC, `months` their first days."""

    months: tuple[dt.date, ...]
    bounds: tuple[dt.datetime, ...]

    @property
    def start(self) -> dt.datetime:
        return self.bounds[0]

    @property
    def end(self) -> dt.datetime:
        return self.bounds[-1]


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases that share month of report, registration, payment and closing, outcome and line. Money in fen."""

    reported: int
    registered: int
    paid: int
    closed: int
    outcome: Outcome
    line: Line
    count: int
    paid_amount: int
    estimate: int
    deviation: int
    deviation_size: int
    report_to_payment: int
    report_to_closing: int
    late_registered: int
    timely_registered: int
    reopened: int
    reopened_amount: int
    small: int
    small_seconds: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """Seconds between the four milestones of the cases of one line paid in one month, all four known."""

    paid: int
    line: Line
    count: int
    report_to_documents: int
    documents_to_approval: int
    approval_to_payment: int
    report_to_payment: int


@dataclass(frozen=True, slots=True)
class HandlerRow:
    """One person's open work now, and what was closed and paid in the month. Money in fen."""

    owner_id: int | None
    open: int
    overdue: int
    closed: int
    paid: int
    paid_amount: int
    report_to_payment: int


@dataclass(frozen=True, slots=True)
class OverdueRow:
    """A case past its nearest limit; the reserve in yuan."""

    number: str
    insured_name: str
    line: Line
    stage: Stage
    owner_id: int | None
    due_clock: str
    due_at: dt.datetime
    estimate: Decimal | None
    missing_documents: int


def month_window(month: dt.date) -> Window:
    """The twelve months that end with `month`."""
    last = month.year * 12 + month.month - 1
    firsts = [dt.date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 2)]
    bounds = tuple(dt.datetime(day.year, day.month, 1, tzinfo=SHANGHAI).astimezone(dt.UTC) for day in firsts)
    return Window(tuple(firsts[:-1]), bounds)


def cells(session: Session, window: Window) -> list[Cell]:
    """Every case that was open or closed at some time of the window, summed up in one pass."""
    paid = Case.outcome == Outcome.PAID
    until_payment = case((Case.paid_at.is_not(None), _between(Case.reported_at, Case.paid_at)), else_=0)
    until_closing = case((Case.closed_at.is_not(None), _between(Case.reported_at, Case.closed_at)), else_=0)
    paid_amount, estimate = _fen(Case.paid_amount), func.coalesce(_fen(Case.estimate), 0)
    deviation = func.coalesce(_fen(Case.first_estimate), 0) - paid_amount
    small = and_(Case.paid_at.is_not(None), paid_amount <= SMALL_CLAIM)
    waited = _between(Case.reported_at, Case.registered_at)
    inside = (
        select(
            _month(Case.reported_at, window).label('reported'),
            _month(Case.registered_at, window).label('registered'),
            _month(Case.paid_at, window).label('paid'),
            _month(Case.closed_at, window).label('closed'),
            Case.outcome.label('outcome'),
            Case.line.label('line'),
            paid_amount.label('amount'),
            estimate.label('estimate'),
            case((paid, deviation), else_=0).label('deviation'),
            until_payment.label('until_payment'),
            until_closing.label('until_closing'),
            case((waited > REGISTER_WITHIN, 1), else_=0).label('late'),
            case((waited <= REGISTER_IN_TIME, 1), else_=0).label('timely'),
            case((Case.reopened_times > 0, 1), else_=0).label('reopened'),
            case((small, 1), else_=0).label('small'),
        )
        .where(
            Unindexed(Case.reported_at) < window.end,
            or_(Case.closed_at.is_(None), Unindexed(Case.closed_at) >= window.start),
        )
        .subquery()
    )
    row = inside.c
    key: list[Any] = [row.reported, row.registered, row.paid, row.closed, row.outcome, row.line]
    wanted = select(
        *key,
        func.count(),
        _sum(row.amount),
        _sum(row.estimate),
        _sum(row.deviation),
        _sum(func.abs(row.deviation)),
        _sum(row.until_payment),
        _sum(row.until_closing),
        _sum(row.late),
        _sum(row.timely),
        _sum(row.reopened),
        _sum(row.reopened * row.amount),
        _sum(row.small),
        _sum(row.small * row.until_payment),
    ).group_by(*key)
    answers: Sequence[Any] = session.execute(wanted).all()
    return [Cell(*answer) for answer in answers]


def cycles(session: Session, window: Window) -> list[Cycle]:
    """The four cycles of the cases paid in the window."""
    complete = (
        select(func.max(CaseEvent.happened_at))
        .where(
            CaseEvent.case_id == Case.id,
            CaseEvent.kind == EventKind.DOCUMENTS_COMPLETE.value,
            CaseEvent.voided.is_(False),
        )
        .correlate(Case)
        .scalar_subquery()
    )
    approved = (
        select(func.max(Calculation.decided_at))
        .where(Calculation.case_id == Case.id, Calculation.state == ApprovalState.APPROVED)
        .correlate(Case)
        .scalar_subquery()
    )
    times = (
        select(
            _month(Case.paid_at, window).label('paid'),
            Case.line.label('line'),
            Seconds(Case.reported_at).label('report'),
            Seconds(complete).label('documents'),
            Seconds(approved).label('approval'),
            Seconds(Case.paid_at).label('payment'),
        )
        .where(Case.paid_at >= window.start, Case.paid_at < window.end)
        # So that neither database looks a time up again wherever it is named outside: three times for each case.
        .offset(0)
        .subquery()
    )
    row = times.c
    wanted = (
        select(
            row.paid,
            row.line,
            func.count(),
            _sum(row.documents - row.report),
            _sum(row.approval - row.documents),
            _sum(row.payment - row.approval),
            _sum(row.payment - row.report),
        )
        .where(row.documents.is_not(None), row.approval.is_not(None))
        .group_by(row.paid, row.line)
    )
    return [Cycle(*answer) for answer in session.execute(wanted)]


def handlers(session: Session, start: dt.datetime, end: dt.datetime, now: dt.datetime) -> list[HandlerRow]:
    """Each person's cases: open and overdue at `now`, closed and paid between `start` and `end`.

    A cancelled report never became a case and is not among the closed.
    """
    opened = Case.outcome == Outcome.OPEN
    was_case = Case.outcome != Outcome.CANCELLED_REPORT
    closed = and_(Case.closed_at >= start, Case.closed_at < end, was_case)
    paid = and_(Case.paid_at >= start, Case.paid_at < end)
    wanted = (
        select(
            Case.owner_id,
            _count(opened),
            _count(overdue_at(now)),
            _count(closed),
            _count(paid),
            _sum(case((paid, _fen(Case.paid_amount)), else_=0)),
            _sum(case((paid, _between(Case.reported_at, Case.paid_at)), else_=0)),
        )
        .where(or_(opened, closed, paid))
        .group_by(Case.owner_id)
    )
    return [HandlerRow(*answer) for answer in session.execute(wanted)]


def ages(session: Session, now: dt.datetime, limits: Sequence[int]) -> list[tuple[Stage, int, int, int]]:
    """Open cases by stage and age: (stage, number of the age group, count, estimates in fen).

    `limits` are the days at which a group ends; the last group has no end.
    """
    steps = [(Case.reported_at > now - dt.timedelta(days=days), place) for place, days in enumerate(limits)]
    group = case(*steps, else_=len(limits))
    inside = (
        select(Case.stage.label('stage'), group.label('group'), _fen(Case.estimate).label('estimate'))
        .where(Case.outcome == Outcome.OPEN)
        .subquery()
    )
    row = inside.c
    wanted = select(row.stage, row.group, func.count(), _sum(row.estimate)).group_by(row.stage, row.group)
    return [(stage, place, count, fen) for stage, place, count, fen in session.execute(wanted)]


def overdue_at(now: dt.datetime) -> ColumnElement[bool]:
    """Whether a case is past its nearest limit at `now`."""
    return and_(Case.outcome == Outcome.OPEN, Case.due_at < now)


def overdue(session: Session, now: dt.datetime, limit: int) -> list[OverdueRow]:
    """The cases past a limit at `now`, the longest overdue first, at most `limit` of them."""
    wanted = (
        select(
            Case.number,
            Case.insured_name,
            Case.line,
            Case.stage,
            Case.owner_id,
            Case.due_clock,
            Case.due_at,
            Case.estimate,
            Case.missing_documents,
        )
        .where(overdue_at(now))
        .order_by(Case.due_at, Case.id)
        .limit(limit)
    )
    return [OverdueRow(*answer) for answer in session.execute(wanted)]


def first_report(session: Session) -> dt.datetime | None:
    """When the first case of the office was reported."""
    return session.scalar(select(func.min(Case.reported_at)))


def complaints(session: Session, window: Window) -> dict[int, int]:
    """Complaints received by month."""
    month = _month(Complaint.received_at, window)
    inside = select(month.label('month')).where(
        Complaint.received_at >= window.start, Complaint.received_at < window.end
    )
    rows = inside.subquery()
    return dict(session.execute(select(rows.c.month, func.count()).group_by(rows.c.month)).all())


def satisfaction(session: Session, window: Window) -> dict[int, tuple[int, int]]:
    """Answers and the sum of their scores by month."""
    rows = (
        select(_month(Satisfaction.answered_at, window).label('month'), Satisfaction.score.label('score'))
        .where(Satisfaction.answered_at >= window.start, Satisfaction.answered_at < window.end)
        .subquery()
    )
    wanted = select(rows.c.month, func.count(), _sum(rows.c.score)).group_by(rows.c.month)
    return {month: (count, score) for month, count, score in session.execute(wanted)}


def _month(at: InstrumentedAttribute[Any], window: Window) -> ColumnElement[int]:
    """The number of the month of `at`, the latest months asked first, for most rows fall there."""
    steps: list[tuple[Any, int]] = [(or_(at.is_(None), at >= window.end), NEVER)]
    steps += [(at >= window.bounds[place - 1], place) for place in range(MONTHS, 0, -1)]
    return case(*steps, else_=0)


def _between(start: Any, end: Any) -> ColumnElement[int]:
    return Seconds(end) - Seconds(start)


def _fen(column: Any) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def _sum(value: Any) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(value), literal(0)), BigInteger)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)
