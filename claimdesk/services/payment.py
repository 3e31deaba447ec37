"""Paying a claim: prepare a payment to a payee, record that the bank has paid or returned it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.identifiers import luhn_ok, mask_account
from claimdesk.language import N_, _
from claimdesk.models import Account, Calculation, Case, Payment
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import ApprovalState, PaymentState, Stage


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


class Payments:
    """Money out of the office; no payment is made twice, whoever clicks how often."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[PaymentView]:
        """The payments of the case, the newest first."""
        return self._views(actor, Payment.case_id == case_id)

    def waiting(self, actor: Actor) -> list[PaymentView]:
        """The payments that are prepared and not yet paid, and those that the bank returned."""
        return self._views(actor, Payment.state.in_([PaymentState.PREPARED, PaymentState.RETURNED]))

    def to_prepare(self, actor: Actor) -> list[tuple[int, str, str, Decimal]]:
        """Approved cases without a payment: case id, number, insured and payable amount in yuan."""
        live = select(Payment.case_id).where(Payment.state.in_([PaymentState.PREPARED, PaymentState.PAID]))
        query = (
            select(Case.id, Case.number, Case.insured_name, Case.payable)
            .where(Case.stage == Stage.PAYMENT, Case.id.not_in(live))
            .order_by(Case.due_at)
        )
        with self._office.database.read() as session:
            return [(row.id, row.number, row.insured_name, row.payable) for row in session.execute(query)]

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
        """Prepare the payment of the approved amount. The same `request_key` again returns the first payment.

        Raises `NotAllowed` and `InvalidInput`, also where a payment is already on its way.
        """
        require(actor, Permission.PAY)
        account = ''.join(account_number.split())
        _check(payee_name, bank_name, account)
        try:
            with self._office.write(actor, N_("prepared the payment")) as session:
                done = session.scalar(select(Payment).where(Payment.request_key == request_key))
                if done is not None:
                    return _view(session, done, actor)
                case = get(session, Case, case_id)
                calculation = _approved(session, case)
                payment = Payment(
                    case_id=case_id,
                    calculation_id=calculation.id,
                    request_key=request_key,
                    payee_name=payee_name.strip(),
                    bank_name=bank_name.strip(),
                    account_number=account,
                    amount=calculation.payable,
                    prepared_by=actor.id,
                    prepared_at=self._office.now(),
                )
                session.add(payment)
                touch(session, case, self._office)
                session.flush()
                return _view(session, payment, actor)
        except IntegrityError as error:
            raise InvalidInput(
                _("A payment for this case is already on its way."), _("Refresh the case to see it.")
            ) from error

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

    def _views(self, actor: Actor, condition: ColumnElement[bool]) -> list[PaymentView]:
        query = select(Payment).where(condition).order_by(Payment.prepared_at.desc(), Payment.id.desc())
        with self._office.database.read() as session:
            return [_view(session, payment, actor) for payment in session.scalars(query)]


def live_payment(session: Session, case_id: int) -> Payment | None:
    """The prepared or paid payment of the case's newest approved calculation, if there is one."""
    return session.scalar(
        select(Payment)
        .where(Payment.case_id == case_id, Payment.state.in_([PaymentState.PREPARED, PaymentState.PAID]))
        .order_by(Payment.id.desc())
        .limit(1)
    )


def _approved(session: Session, case: Case) -> Calculation:
    calculation = session.scalar(
        select(Calculation)
        .where(Calculation.case_id == case.id, Calculation.state == ApprovalState.APPROVED)
        .order_by(Calculation.number.desc())
        .limit(1)
    )
    if case.stage is not Stage.PAYMENT or calculation is None:
        raise InvalidInput(
            _("There is no approved amount to pay."), _("The calculation must be approved before it is paid.")
        )
    if calculation.payable <= 0:
        raise InvalidInput(_("Nothing is payable."), _("Close the case without payment instead."))
    return calculation


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
