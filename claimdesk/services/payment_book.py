"""Finance's book: what waits to be paid, what is on its way, what came back and what was paid this month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, type_coerce
from sqlalchemy import case as case_of
from sqlalchemy.orm import Session, aliased

from claimdesk.models import NO_DUE, Account, Calculation, Case, Payment
from claimdesk.models.types import Money
from claimdesk.rules.clocks import due_state
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import ApprovalState, CalculationKind, DueState, PaymentState, Stage

if TYPE_CHECKING:
    from claimdesk.services.payment import PaymentView

LIVE = (PaymentState.PREPARED, PaymentState.PAID)
MOST_ROWS = 500
"""So many rows of each state are given; finance works from the most urgent down."""


@dataclass(frozen=True, slots=True)
class Payable:
    """What is left of an approved amount to prepare a payment for, in yuan, and until when it must be paid.

    `whole` is the approved amount; an `advance` is paid before the claim is settled.
    """

    case_id: int
    case_number: str
    insured_name: str
    amount: Decimal
    approved_by: str
    approved_at: dt.datetime | None
    due_at: dt.datetime | None
    due_state: DueState
    advance: bool = False
    whole: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much together in yuan."""

    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaymentBook:
    """Finance's desk: what waits in each state, and the sums of all of it, also beyond the rows that are given."""

    to_prepare: tuple[Payable, ...]
    prepared: tuple[PaymentView, ...]
    in_batch: tuple[PaymentView, ...]
    returned: tuple[PaymentView, ...]
    paid: tuple[PaymentView, ...]
    sums: Mapping[str, Sum]


Views = Callable[..., list['PaymentView']]


def read_book(session: Session, now: dt.datetime, today: dt.date, views: Views) -> PaymentBook:
    """The book as it stands; `views` shows the payments that fit some conditions."""
    month = _start_of_month(today)
    ways: dict[str, tuple[ColumnElement[bool], ...]] = {
        'prepared': (Payment.state == PaymentState.PREPARED, Payment.batch_id.is_(None)),
        'in_batch': (Payment.state == PaymentState.PREPARED, Payment.batch_id.is_not(None)),
        'returned': (Payment.state == PaymentState.RETURNED, _nothing_newer()),
        'paid': (Payment.state == PaymentState.PAID, Payment.paid_at >= month),
    }
    rows = session.execute(_payable().order_by(Case.due_at, Case.id).limit(MOST_ROWS)).all()
    payables = tuple(_payable_view(*row, now) for row in rows)
    sums = {'to_prepare': _sum(session, _sum_of_payables())}
    found: dict[str, tuple[PaymentView, ...]] = {}
    for name, conditions in ways.items():
        found[name] = tuple(views(*conditions, limit=MOST_ROWS))
        whole = select(func.count(), func.coalesce(func.sum(Payment.amount), 0)).where(*conditions)
        sums[name] = _sum(session, whole)
    return PaymentBook(to_prepare=payables, sums=sums, **found)


def sum_of(whose: ColumnElement[bool], *states: PaymentState) -> ColumnElement[Decimal]:
    """The payments of `whose` in these states together, as a subquery, in yuan."""
    return (
        select(func.coalesce(func.sum(Payment.amount, type_=Money), 0, type_=Money))
        .where(whose, Payment.state.in_(states))
        .scalar_subquery()
    )


def _left() -> ColumnElement[Decimal]:
    """What is left to prepare of a row of `_payable`, in yuan."""
    advance = Calculation.payable - sum_of(Payment.calculation_id == Calculation.id, *LIVE)
    whole = Calculation.payable - Case.paid_amount - sum_of(Payment.case_id == Case.id, PaymentState.PREPARED)
    return type_coerce(case_of((Calculation.kind == CalculationKind.ADVANCE, advance), else_=whole), Money)


def _payable() -> Select[Case, Calculation, str, Decimal]:
    """The calculations that wait for a payment: each case's newest final one, and advances; and what is left."""
    newer = aliased(Calculation)
    superseded = (
        select(newer.id)
        .where(
            newer.case_id == Case.id, newer.state == ApprovalState.APPROVED, newer.kind == CalculationKind.FINAL,
            newer.number > Calculation.number,
        )
        .exists()
    )  # fmt: skip
    final = and_(Case.stage == Stage.PAYMENT, Calculation.kind == CalculationKind.FINAL, ~superseded)
    advance = and_(
        Case.stage.not_in([Stage.PAYMENT, Stage.CLOSING, Stage.CLOSED]),
        Calculation.kind == CalculationKind.ADVANCE,
        Calculation.reversed_at.is_(None),
    )
    left = _left()
    return (
        select(Case, Calculation, Account.name, left)
        .join(Calculation, Calculation.case_id == Case.id)
        .outerjoin(Account, Account.id == Calculation.decided_by)
        .where(Calculation.state == ApprovalState.APPROVED, or_(final, advance), left > 0)
    )


def _sum(session: Session, query: Select[int, Decimal]) -> Sum:
    count, amount = session.execute(query).one()
    return Sum(count, Decimal(amount))


def _sum_of_payables() -> Select[int, Decimal]:
    rows = _payable().with_only_columns(_left().label('left')).subquery()
    return select(func.count(), func.coalesce(func.sum(rows.c.left, type_=Money), 0, type_=Money)).select_from(rows)


def _nothing_newer() -> ColumnElement[bool]:
    """No later payment of the case goes to the same payee or over the same amount."""
    newer = aliased(Payment)
    again = or_(newer.payee_name == Payment.payee_name, newer.amount == Payment.amount)
    return ~select(newer.id).where(newer.case_id == Payment.case_id, newer.id > Payment.id, again).exists()


def _payable_view(
    case: Case, calculation: Calculation, approver: str | None, left: Decimal, now: dt.datetime
) -> Payable:
    due = None if case.due_at == NO_DUE else case.due_at
    return Payable(
        case_id=case.id,
        case_number=case.number,
        insured_name=case.insured_name,
        amount=Decimal(left),
        approved_by=approver or '',
        approved_at=calculation.decided_at,
        due_at=due,
        due_state=due_state(due, now, paused=case.paused_since is not None),
        advance=calculation.kind is CalculationKind.ADVANCE,
        whole=calculation.payable,
    )


def _start_of_month(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, 1, tzinfo=SHANGHAI).astimezone(dt.UTC)
