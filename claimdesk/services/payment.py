"""Paying a claim: prepare a payment to a payee, record that the bank has paid or returned it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from claimdesk.errors import Conflict, InvalidInput
from claimdesk.identifiers import luhn_ok, mask_account
from claimdesk.language import N_, _
from claimdesk.models import NO_DUE, Account, Calculation, Case, Payment
from claimdesk.models.rows import get, get_for_edit
from claimdesk.models.types import Money
from claimdesk.rules.clocks import EventKind, due_state
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.vocabulary import ApprovalState, CalculationKind, DueState, PaymentState, Stage


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment in yuan; the account number is masked unless the reader may pay."""

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    payee_name: str
    bank_name: str
    account_number: str
    amount: Decimal
    state: PaymentState
    prepared_by: str
    prepared_at: dt.datetime
    paid_at: dt.datetime | None
    bank_reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class Payable:
    """An approved amount that nobody has prepared a payment for yet, in yuan, and until when it must be paid."""

    case_id: int
    case_number: str
    insured_name: str
    amount: Decimal
    approved_by: str
    approved_at: dt.datetime | None
    due_at: dt.datetime | None
    due_state: DueState


@dataclass(frozen=True, slots=True)
class Payee:
    """To whom and where a payment goes."""

    name: str
    bank_name: str = ''
    account_number: str = ''


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
    returned: tuple[PaymentView, ...]
    paid: tuple[PaymentView, ...]
    sums: Mapping[str, Sum]


MOST_ROWS = 500
"""So many rows of each state are given; finance works from the most urgent down."""


class Payments:
    """Money out of the office; no payment is made twice, whoever clicks how often."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[PaymentView]:
        """The payments of the case, the newest first."""
        with self._office.database.read() as session:
            return self._views(session, actor, Payment.case_id == case_id)

    def book(self, actor: Actor) -> PaymentBook:
        """What is to prepare, prepared, returned by the bank and not prepared again, and paid since the month began.

        The nearest time limit comes first, paid ones newest first.
        """
        month = _start_of_month(self._office.today())
        ways: dict[str, tuple[ColumnElement[bool], ...]] = {
            'prepared': (Payment.state == PaymentState.PREPARED,),
            'returned': (Payment.state == PaymentState.RETURNED, _nothing_newer()),
            'paid': (Payment.state == PaymentState.PAID, Payment.paid_at >= month),
        }
        now = self._office.now()
        with self._office.database.read() as session:
            rows = session.execute(_payable().order_by(Case.due_at, Case.id).limit(MOST_ROWS)).all()
            payables = tuple(_payable_view(case, calculation, name, now) for case, calculation, name in rows)
            sums = {'to_prepare': _sum(session, _sum_of_payables())}
            views: dict[str, tuple[PaymentView, ...]] = {}
            for name, conditions in ways.items():
                views[name] = tuple(self._views(session, actor, *conditions, limit=MOST_ROWS))
                whole = select(func.count(), func.coalesce(func.sum(Payment.amount), 0)).where(*conditions)
                sums[name] = _sum(session, whole)
        return PaymentBook(payables, views['prepared'], views['returned'], views['paid'], sums)

    def payee(self, actor: Actor, case_id: int) -> Payee:
        """Whom to pay: where the case was paid to last, else the insured with the account known from another case.

        Raises `NotAllowed` and `NotFound`.
        """
        require(actor, Permission.PAY)
        with self._office.database.read() as session:
            insured = get(session, Case, case_id).insured_name
            last = session.scalar(
                select(Payment)
                .join(Case, Case.id == Payment.case_id)
                .where(
                    or_(
                        Payment.case_id == case_id,
                        and_(Payment.state == PaymentState.PAID, Payment.payee_name == insured,
                             Case.insured_name == insured),
                    )
                )
                .order_by((Payment.case_id == case_id).desc(), Payment.id.desc())
                .limit(1)
            )  # fmt: skip
            return Payee(insured) if last is None else Payee(last.payee_name, last.bank_name, last.account_number)

    def prepare(
        self,
        actor: Actor,
        case_id: int,
        *,
        payee_name: str,
        bank_name: str,
        account_number: str,
        request_key: str,
    ) -> PaymentView:
        """Prepare the payment of what is approved and not paid yet; the same `request_key` again is the same payment.

        Raises `NotAllowed` and `InvalidInput`, also where a payment is already on its way.
        """
        require(actor, Permission.PAY)
        account = ''.join(account_number.split())
        _check(payee_name, bank_name, account)
        try:
            with self._office.write(actor, N_("prepared the payment")) as session:
                made = session.scalar(select(Payment).where(Payment.request_key == request_key))
                if made is not None:
                    return _view(session, made, actor)
                case = get(session, Case, case_id)
                calculation = _approved(session, case)
                payment = Payment(
                    case_id=case_id,
                    calculation_id=calculation.id,
                    request_key=request_key,
                    payee_name=payee_name.strip(),
                    bank_name=bank_name.strip(),
                    account_number=account,
                    amount=outstanding(case, calculation),
                    prepared_by=actor.id,
                    prepared_at=self._office.now(),
                )
                session.add(payment)
                touch(session, case, self._office)
                session.flush()
                return _view(session, payment, actor)
        except (IntegrityError, Conflict) as error:
            done = self._by_key(actor, request_key)
            if done is not None:
                return done
            if isinstance(error, Conflict) and not self._is_live(case_id):
                raise
            raise InvalidInput(
                _("A payment for this case is already on its way."), _("Refresh the case to see it.")
            ) from error

    def _by_key(self, actor: Actor, request_key: str) -> PaymentView | None:
        """The payment that the same click has made on another thread or desk, if it has."""
        with self._office.database.read() as session:
            done = session.scalar(select(Payment).where(Payment.request_key == request_key))
            return None if done is None else _view(session, done, actor)

    def _is_live(self, case_id: int) -> bool:
        with self._office.database.read() as session:
            return live_payment(session, case_id) is not None

    def mark_paid(self, actor: Actor, payment_id: int, version: int, bank_reference: str) -> PaymentView:
        """Record that the bank has paid. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.PAY)
        if not bank_reference.strip():
            raise InvalidInput(_("Enter the bank's reference."), '', {'bank_reference': _("Enter this.")})
        with self._office.write(actor, N_("recorded the payment")) as session:
            payment = get_for_edit(session, Payment, payment_id, version)
            _must_be(payment, PaymentState.PREPARED)
            now = self._office.now()
            payment.state, payment.paid_at, payment.bank_reference = PaymentState.PAID, now, bank_reference.strip()
            case = get(session, Case, payment.case_id)
            case.paid_amount += payment.amount
            case.paid_at = now
            record_event(session, case, EventKind.PAID, now, actor, self._office)
            touch(session, case, self._office)
            session.flush()
            return _view(session, payment, actor)

    def mark_returned(self, actor: Actor, payment_id: int, version: int, reason: str) -> PaymentView:
        """Record that the bank refused a prepared payment, so that another can be prepared. Raises `Conflict`."""
        require(actor, Permission.PAY)
        if not reason.strip():
            raise InvalidInput(_("Say why the bank returned it."), '', {'reason': _("Enter this.")})
        with self._office.write(actor, N_("recorded a returned payment")) as session:
            payment = get_for_edit(session, Payment, payment_id, version)
            _must_be(payment, PaymentState.PREPARED)
            payment.state, payment.reason = PaymentState.RETURNED, reason.strip()
            touch(session, get(session, Case, payment.case_id), self._office)
            session.flush()
            return _view(session, payment, actor)

    def cancel(self, actor: Actor, payment_id: int, version: int) -> PaymentView:
        """Take back a prepared payment before it goes to the bank. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.PAY)
        with self._office.write(actor, N_("took a prepared payment back")) as session:
            payment = get_for_edit(session, Payment, payment_id, version)
            _must_be(payment, PaymentState.PREPARED)
            payment.state = PaymentState.CANCELLED
            touch(session, get(session, Case, payment.case_id), self._office)
            session.flush()
            return _view(session, payment, actor)

    def _views(
        self, session: Session, actor: Actor, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> list[PaymentView]:
        newest = func.coalesce(Payment.paid_at, Payment.prepared_at).desc()
        query = select(Payment).where(*conditions).order_by(newest, Payment.id.desc()).limit(limit)
        payments = session.scalars(query).all()
        # One query instead of one for each row; `_view` then finds them in the session.
        session.scalars(select(Case).where(Case.id.in_([payment.case_id for payment in payments]))).all()
        return [_view(session, payment, actor) for payment in payments]


def live_payment(session: Session, case_id: int) -> Payment | None:
    """The prepared or paid payment of the case's newest approved calculation, if there is one."""
    calculation = _newest_approved(session, case_id)
    if calculation is None:
        return None
    return session.scalar(
        select(Payment)
        .where(
            Payment.calculation_id == calculation.id, Payment.state.in_([PaymentState.PREPARED, PaymentState.PAID])
        )
        .order_by(Payment.id.desc())
        .limit(1)
    )


def case_payment_state(session: Session, case: Case) -> PaymentState | None:
    """PREPARED while a payment is on its way, PAID once all that is payable is paid; None for nothing or a part."""
    states = set(session.scalars(select(Payment.state).where(Payment.case_id == case.id)))
    if PaymentState.PREPARED in states:
        return PaymentState.PREPARED
    whole = case.payable is not None and 0 < case.payable <= case.paid_amount
    return PaymentState.PAID if whole and PaymentState.PAID in states else None


def outstanding(case: Case, calculation: Calculation) -> Decimal:
    """What is still to be paid: a calculation states the whole, and a reopened case has been paid part of it."""
    return calculation.payable - case.paid_amount


def _newest_approved(session: Session, case_id: int) -> Calculation | None:
    return session.scalar(
        select(Calculation)
        .where(
            Calculation.case_id == case_id,
            Calculation.state == ApprovalState.APPROVED,
            Calculation.kind == CalculationKind.FINAL,
        )
        .order_by(Calculation.number.desc())
        .limit(1)
    )


def _approved(session: Session, case: Case) -> Calculation:
    calculation = _newest_approved(session, case.id)
    if case.stage is not Stage.PAYMENT or calculation is None:
        raise InvalidInput(
            _("There is no approved amount to pay."), _("The calculation must be approved before it is paid.")
        )
    if calculation.payable <= 0:
        raise InvalidInput(_("Nothing is payable."), _("Close the case without payment instead."))
    if live_payment(session, case.id) is None and outstanding(case, calculation) <= 0:
        raise InvalidInput(_("What is payable has been paid already."), _("Finish the payment; no more goes out."))
    return calculation


def _payable() -> Select[Case, Calculation, str]:
    """The cases that wait for a payment, each with its newest approved calculation and who approved it."""
    live = (
        select(Payment.id)
        .where(
            Payment.calculation_id == Calculation.id, Payment.state.in_([PaymentState.PREPARED, PaymentState.PAID])
        )
        .exists()
    )
    newer = aliased(Calculation)
    superseded = (
        select(newer.id)
        .where(
            newer.case_id == Case.id, newer.state == ApprovalState.APPROVED, newer.kind == CalculationKind.FINAL,
            newer.number > Calculation.number,
        )
        .exists()
    )  # fmt: skip
    return (
        select(Case, Calculation, Account.name)
        .join(Calculation, Calculation.case_id == Case.id)
        .outerjoin(Account, Account.id == Calculation.decided_by)
        .where(
            Case.stage == Stage.PAYMENT, Calculation.state == ApprovalState.APPROVED,
            Calculation.kind == CalculationKind.FINAL,
            Calculation.payable > Case.paid_amount,
            ~superseded, ~live,
        )
    )  # fmt: skip


def _sum(session: Session, query: Select[int, Decimal]) -> Sum:
    count, amount = session.execute(query).one()
    return Sum(count, Decimal(amount))


def _sum_of_payables() -> Select[int, Decimal]:
    whole = func.sum(Calculation.payable - Case.paid_amount, type_=Money)
    return _payable().with_only_columns(func.count(), func.coalesce(whole, 0))


def _nothing_newer() -> ColumnElement[bool]:
    """The payment is the last word on its case."""
    newer = aliased(Payment)
    return ~select(newer.id).where(newer.case_id == Payment.case_id, newer.id > Payment.id).exists()


def _payable_view(case: Case, calculation: Calculation, approver: str | None, now: dt.datetime) -> Payable:
    due = None if case.due_at == NO_DUE else case.due_at
    return Payable(
        case_id=case.id,
        case_number=case.number,
        insured_name=case.insured_name,
        amount=outstanding(case, calculation),
        approved_by=approver or '',
        approved_at=calculation.decided_at,
        due_at=due,
        due_state=due_state(due, now, paused=case.paused_since is not None),
    )


def _start_of_month(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, 1, tzinfo=SHANGHAI).astimezone(dt.UTC)


def _must_be(payment: Payment, state: PaymentState) -> None:
    if payment.state is not state:
        raise InvalidInput(_("This payment has already been settled."), _("Refresh the case to see its state."))


def _check(payee_name: str, bank_name: str, account: str) -> None:
    wrong: dict[str, str] = {}
    if not payee_name.strip():
        wrong['payee_name'] = _("Enter this.")
    if not bank_name.strip():
        wrong['bank_name'] = _("Enter this.")
    if not account.isdigit() or not 8 <= len(account) <= 30:
        wrong['account_number'] = _("An account number has 8 to 30 digits.")
    elif account.startswith('62') and len(account) in (16, 19) and not luhn_ok(account):
        wrong['account_number'] = _("The check digit of this card number is wrong; compare it with the card.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _view(session: Session, payment: Payment, actor: Actor) -> PaymentView:
    case = session.get_one(Case, payment.case_id)
    prepared_by = session.get(Account, payment.prepared_by)
    clear = actor.may(Permission.PAY)
    return PaymentView(
        id=payment.id,
        version=payment.version,
        case_id=case.id,
        case_number=case.number,
        insured_name=case.insured_name,
        payee_name=payment.payee_name,
        bank_name=payment.bank_name,
        account_number=payment.account_number if clear else mask_account(payment.account_number),
        amount=payment.amount,
        state=payment.state,
        prepared_by=prepared_by.name if prepared_by else '',
        prepared_at=payment.prepared_at,
        paid_at=payment.paid_at,
        bank_reference=payment.bank_reference,
        reason=payment.reason,
    )
