"""Paying a claim: prepare a payment to a payee, record that the bank has paid or returned it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict, InvalidInput
from claimdesk.identifiers import mask_account
from claimdesk.language import N_, _
from claimdesk.models import Account, Calculation, Case, CaseEvent, PayeeAccount, Payment, PaymentBatch
from claimdesk.models.rows import get, get_for_edit
from claimdesk.models.types import Money
from claimdesk.rules.bank_file import reference_of
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.payee_accounts import Payee, PayeeAccounts, account_of, is_cleared, is_stranger
from claimdesk.services.payment_book import LIVE, PaymentBook, read_book, sum_of
from claimdesk.services.stages import enter_stage
from claimdesk.vocabulary import ApprovalState, CalculationKind, PaymentState, Stage


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment in yuan, its account number masked (`PayeeAccounts.reveal` shows it on record).

    `reference` is ours, for the bank; `batch` the number of the file it went out in. Until it is `cleared`, a second
    person has to check the account. A `stranger` is nobody who is known on the case.
    """

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
    reference: str = ''
    batch: str = ''
    account_id: int | None = None
    account_version: int = 0
    account_entered_by: int | None = None
    account_checked_by: str = ''
    account_reason: str = ''
    cleared: bool = True
    stranger: bool = False


class Payments:
    """Money out of the office; no payment is made twice, whoever clicks how often."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[PaymentView]:
        """The payments of the case, the newest first."""
        with self._office.database.read() as session:
            return self._views(session, Payment.case_id == case_id)

    def book(self, actor: Actor) -> PaymentBook:
        """What is to prepare, prepared, with the bank, returned and not prepared again, and paid since the month began.

        The nearest time limit comes first, paid ones newest first.
        """
        now = self._office.now()
        with self._office.database.read() as session:
            return read_book(session, now, self._office.today(), partial(self._views, session))

    def payee(self, actor: Actor, case_id: int) -> Payee:
        """Whom to pay; see `PayeeAccounts.suggest`."""
        return PayeeAccounts(self._office).suggest(actor, case_id)

    def prepare(
        self,
        actor: Actor,
        case_id: int,
        *,
        payee_name: str,
        bank_name: str,
        account_number: str,
        request_key: str,
        amount: Decimal | None = None,
        reason: str = '',
    ) -> PaymentView:
        """Prepare a payment of what is approved and neither paid nor on its way, or of a part of it (`amount`).

        The same `request_key` again is the same payment. `reason` says why the account is another one than before.
        Raises `NotAllowed` and `InvalidInput`, also where everything is on its way already.
        """
        require(actor, Permission.PAY)
        payee = Payee(payee_name, bank_name, account_number)
        try:
            with self._office.write(actor, N_("prepared the payment")) as session:
                # Held first: the same click on another desk may be making this very payment.
                case, now = lock_case(session, case_id), self._office.now()
                made = session.scalar(select(Payment).where(Payment.request_key == request_key))
                if made is not None:
                    return payment_view(session, made)
                calculation = _to_pay(session, case)
                account = account_of(session, case, payee, actor, now, reason)
                payment = Payment(
                    case_id=case_id,
                    calculation_id=calculation.id,
                    payee_account_id=account.id,
                    request_key=request_key,
                    payee_name=account.name,
                    bank_name=account.bank_name,
                    account_number=account.account_number,
                    amount=_part(amount, outstanding(session, case, calculation)),
                    prepared_by=actor.id,
                    prepared_at=now,
                )
                session.add(payment)
                touch(session, case, self._office)
                session.flush()
                return payment_view(session, payment)
        except (IntegrityError, Conflict):
            done = self._by_key(request_key)
            if done is not None:
                return done
            raise

    def _by_key(self, request_key: str) -> PaymentView | None:
        """The payment that the same click has made on another thread or desk, if it has."""
        with self._office.database.read() as session:
            done = session.scalar(select(Payment).where(Payment.request_key == request_key))
            return None if done is None else payment_view(session, done)

    def mark_paid(self, actor: Actor, payment_id: int, version: int, bank_reference: str) -> PaymentView:
        """Record that the bank has paid. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.PAY)
        if not bank_reference.strip():
            raise InvalidInput(_("Enter the bank's reference."), '', {'bank_reference': _("Enter this.")})
        with self._office.write(actor, N_("recorded the payment")) as session:
            payment = get_for_edit(session, Payment, payment_id, version)
            _must_be(payment, PaymentState.PREPARED)
            must_be_cleared(session, payment)
            settle(session, self._office, payment, actor, bank_reference)
            return payment_view(session, payment)

    def mark_returned(self, actor: Actor, payment_id: int, version: int, reason: str) -> PaymentView:
        """Record that the bank refused a payment or sent it back (退票), so that another can be prepared.

        A case that has gone on to closing comes back to the payment; a closed one must be reopened first.
        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        require(actor, Permission.PAY)
        if not reason.strip():
            raise InvalidInput(_("Say why the bank returned it."), '', {'reason': _("Enter this.")})
        with self._office.write(actor, N_("recorded a returned payment")) as session:
            payment = get_for_edit(session, Payment, payment_id, version)
            _must_be(payment, PaymentState.PREPARED, PaymentState.PAID)
            take_back(session, self._office, payment, actor, reason)
            return payment_view(session, payment)

    def cancel(self, actor: Actor, payment_id: int, version: int) -> PaymentView:
        """Take back a prepared payment before it goes to the bank. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.PAY)
        with self._office.write(actor, N_("took a prepared payment back")) as session:
            payment = get_for_edit(session, Payment, payment_id, version)
            _must_be(payment, PaymentState.PREPARED)
            if payment.batch_id is not None:
                raise InvalidInput(
                    _("This payment is with the bank."), _("If the bank refuses it, mark it as returned.")
                )
            payment.state = PaymentState.CANCELLED
            touch(session, get(session, Case, payment.case_id), self._office)
            session.flush()
            return payment_view(session, payment)

    def _views(self, session: Session, *conditions: ColumnElement[bool], limit: int | None = None) -> list[PaymentView]:
        newest = func.coalesce(Payment.paid_at, Payment.prepared_at).desc()
        query = select(Payment).where(*conditions).order_by(newest, Payment.id.desc()).limit(limit)
        payments = session.scalars(query).all()
        # One query instead of one for each row; `payment_view` then finds them in the session.
        session.scalars(select(Case).where(Case.id.in_([payment.case_id for payment in payments]))).all()
        return [payment_view(session, payment) for payment in payments]


def lock_case(session: Session, case_id: int) -> Case:
    """The case, held until the transaction ends: whoever else moves its money waits. Raises `NotFound`."""
    get(session, Case, case_id)
    return session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def case_payment_state(session: Session, case: Case) -> PaymentState | None:
    """PREPARED while a payment is on its way, PAID once all that is payable is paid; None for nothing or a part."""
    states = set(session.scalars(select(Payment.state).where(Payment.case_id == case.id)))
    if PaymentState.PREPARED in states:
        return PaymentState.PREPARED
    whole = case.payable is not None and 0 < case.payable <= case.paid_amount
    return PaymentState.PAID if whole and PaymentState.PAID in states else None


def outstanding(session: Session, case: Case, calculation: Calculation) -> Decimal:
    """What may still be prepared, in yuan.

    A final calculation states the whole, of which earlier payments of the case are taken; an advance only itself.
    """
    if calculation.kind is CalculationKind.ADVANCE:
        return calculation.payable - _total(session, Payment.calculation_id == calculation.id, *LIVE)
    on_its_way = _total(session, Payment.case_id == case.id, PaymentState.PREPARED)
    return calculation.payable - case.paid_amount - on_its_way


def settle(session: Session, office: OfficeContext, payment: Payment, actor: Actor, bank_reference: str) -> None:
    """The bank has paid: the payment, the case and its clocks, in the caller's transaction."""
    case, now = lock_case(session, payment.case_id), office.now()
    payment.state, payment.paid_at, payment.bank_reference = PaymentState.PAID, now, bank_reference.strip()
    case.paid_amount += payment.amount
    if case.payable is not None:
        case.paid_at = now
        if case.paid_amount >= case.payable:
            record_event(session, case, EventKind.PAID, now, actor, office)
    touch(session, case, office)
    session.flush()


def take_back(session: Session, office: OfficeContext, payment: Payment, actor: Actor, reason: str) -> None:
    """The bank has returned it: the payment, the case and its clocks, in the caller's transaction.

    Raises `InvalidInput` for a paid one of a closed case.
    """
    case = lock_case(session, payment.case_id)
    if payment.state is PaymentState.PAID:
        if case.stage is Stage.CLOSED:
            raise InvalidInput(
                _("The case is closed."), _("Have it reopened, then record that the payment came back.")
            )
        case.paid_amount -= payment.amount
        case.paid_at = None
        for event in session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.PAID.value)
        ):
            event.voided = True
        if case.stage is Stage.CLOSING:
            enter_stage(session, case, Stage.PAYMENT, actor, office)
    payment.state, payment.paid_at, payment.reason = PaymentState.RETURNED, None, reason.strip()[:200]
    touch(session, case, office)
    session.flush()


def must_be_cleared(session: Session, payment: Payment) -> None:
    """Raise `InvalidInput` unless a changed account has had its second person."""
    if not is_cleared(_account(session, payment)):
        raise InvalidInput(
            _("The account was changed, and nobody has checked it yet."),
            _("Somebody other than who entered it must check it first."),
        )


def payment_view(session: Session, payment: Payment) -> PaymentView:
    """The payment as it is shown; whole account numbers are only shown on record."""
    case = session.get_one(Case, payment.case_id)
    prepared_by = session.get(Account, payment.prepared_by)
    account, batch = _account(session, payment), _batch(session, payment)
    checker = session.get(Account, account.checked_by) if account and account.checked_by else None
    return PaymentView(
        id=payment.id,
        version=payment.version,
        case_id=case.id,
        case_number=case.number,
        insured_name=case.insured_name,
        payee_name=payment.payee_name,
        bank_name=payment.bank_name,
        account_number=mask_account(payment.account_number),
        amount=payment.amount,
        state=payment.state,
        prepared_by=prepared_by.name if prepared_by else '',
        prepared_at=payment.prepared_at,
        paid_at=payment.paid_at,
        bank_reference=payment.bank_reference,
        reason=payment.reason,
        reference=reference_of(payment.id),
        batch=batch.number if batch else '',
        account_id=account.id if account else None,
        account_version=account.version if account else 0,
        account_entered_by=account.entered_by if account else None,
        account_checked_by=checker.name if checker else '',
        account_reason=account.reason if account else '',
        cleared=is_cleared(account),
        stranger=is_stranger(session, case, payment.payee_name),
    )


def _account(session: Session, payment: Payment) -> PayeeAccount | None:
    return session.get(PayeeAccount, payment.payee_account_id) if payment.payee_account_id else None


def _batch(session: Session, payment: Payment) -> PaymentBatch | None:
    return session.get(PaymentBatch, payment.batch_id) if payment.batch_id else None


def _part(wanted: Decimal | None, left: Decimal) -> Decimal:
    if wanted is None:
        return left
    if not 0 < wanted <= left:
        sentence = _("At most {amount} yuan is left to pay.").format(amount=f'{left:,.2f}')
        raise InvalidInput(sentence, '', {'amount': sentence})
    return wanted


def _total(session: Session, whose: ColumnElement[bool], *states: PaymentState) -> Decimal:
    total = session.scalar(select(func.sum(Payment.amount, type_=Money)).where(whose, Payment.state.in_(states)))
    return Decimal(total or 0)


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


def _to_pay(session: Session, case: Case) -> Calculation:
    """The calculation that is paid now: the final one at the payment stage, before it an approved advance."""
    if case.stage is Stage.PAYMENT:
        calculation = _newest_approved(session, case.id)
    else:
        calculation = next(iter(session.scalars(_open_advances().where(Calculation.case_id == case.id))), None)
    if calculation is None:
        raise InvalidInput(
            _("There is no approved amount to pay."), _("The calculation must be approved before it is paid.")
        )
    if calculation.payable <= 0:
        raise InvalidInput(_("Nothing is payable."), _("Close the case without payment instead."))
    if outstanding(session, case, calculation) <= 0:
        if _total(session, Payment.case_id == case.id, PaymentState.PREPARED) > 0:
            raise InvalidInput(
                _("A payment for this case is already on its way."), _("Refresh the case to see it.")
            )
        raise InvalidInput(_("What is payable has been paid already."), _("Finish the payment; no more goes out."))
    return calculation


def _open_advances() -> Select[Calculation]:
    return (
        select(Calculation)
        .join(Case, Case.id == Calculation.case_id)
        .where(
            Calculation.kind == CalculationKind.ADVANCE,
            Calculation.state == ApprovalState.APPROVED,
            Calculation.reversed_at.is_(None),
            Case.stage.not_in([Stage.PAYMENT, Stage.CLOSING, Stage.CLOSED]),
            Calculation.payable > sum_of(Payment.calculation_id == Calculation.id, *LIVE),
        )
        .order_by(Calculation.number)
    )


def _must_be(payment: Payment, *states: PaymentState) -> None:
    if payment.state not in states:
        raise InvalidInput(_("This payment has already been settled."), _("Refresh the case to see its state."))
