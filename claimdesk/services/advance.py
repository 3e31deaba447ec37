"""Advance payment (预付): part of a claim paid before it is settled, its approval, and its reversal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text, yuan
from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.language import N_, _
from claimdesk.models import Calculation, Case, Payment
from claimdesk.models.rows import get, get_for_edit
from claimdesk.models.types import Money
from claimdesk.rules.adjustment import Adjustment, PartSheet, Request, Step, adjust
from claimdesk.rules.adjustment.inputs import NOTHING
from claimdesk.rules.permissions import Permission
from claimdesk.services.calculation_kept import kept_request, kept_sheets, request_of
from claimdesk.services.calculation_view import CalculationView, view_of
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.cover_use import lock_covers, note_use
from claimdesk.services.payment_book import sum_of
from claimdesk.services.proposal import propose
from claimdesk.vocabulary import ApprovalState, CalculationKind, PaymentState, Stage

BEFORE_IT_IS_SETTLED = frozenset({Stage.REGISTERED, Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT})


class Advances:
    """Paying part of a claim before the rest is known (Insurance Law, article 25; rescue of the injured)."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def most(self, actor: Actor, case_id: int) -> Decimal:
        """The most that can be paid in advance now, in yuan: what can be determined, less what is paid already.

        As long as nothing is confirmed, the reserve stands for what can be determined. Raises `NotFound`.
        """
        with self._office.database.read() as session:
            return _most(session, get(session, Case, case_id))[0]

    def propose(self, actor: Actor, case_id: int, version: int, amount: Decimal, reason: str) -> CalculationView:
        """Ask for an advance of `amount` yuan, to be approved by somebody else.

        Raises `NotAllowed`, `InvalidInput` by field, and `Conflict`.
        """
        require(actor, Permission.ADJUST)
        wrong = {}
        if amount <= 0:
            wrong['amount'] = _("Enter an amount above 0.")
        if not reason.strip():
            wrong['reason'] = _("Give a reason.")
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        with self._office.write(actor, N_("asked for an advance payment")) as session:
            case = get_for_edit(session, Case, case_id, version, amount=amount)
            if case.stage not in BEFORE_IT_IS_SETTLED:
                raise InvalidInput(
                    _("An advance is paid between registration and adjustment."), _("Settle the claim instead.")
                )
            if unpaid_advance(session, case_id) is not None:
                raise InvalidInput(
                    _("Another advance is not paid yet."), _("Have it decided and paid, or reverse it, first.")
                )
            row = _keep(session, case, yuan(amount), reason.strip(), actor, self._office.now())
            touch(session, case, self._office)
            session.flush()
            return view_of(session, row)

    def give_back(self, actor: Actor, calculation_id: int, version: int, reason: str) -> CalculationView:
        """Return an advance to who asked for it. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.APPROVE)
        if not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        with self._office.write(actor, N_("returned an advance payment")) as session:
            row = get_for_edit(session, Calculation, calculation_id, version)
            case = get(session, Case, row.case_id)
            _must_wait(row, actor)
            row.state, row.reason = ApprovalState.RETURNED, reason.strip()
            row.decided_by, row.decided_at = actor.id, self._office.now()
            touch(session, case, self._office)
            session.flush()
            return view_of(session, row)

    def reverse(self, actor: Actor, calculation_id: int, version: int, reason: str) -> CalculationView:
        """Take an advance back: before payment by who calculates, after it by finance when the money has come back.

        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        if not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        with self._office.write(actor, N_("reversed an advance payment")) as session:
            row = get_for_edit(session, Calculation, calculation_id, version)
            if row.kind is not CalculationKind.ADVANCE or row.reversed_at or row.state is ApprovalState.RETURNED:
                raise InvalidInput(_("There is nothing to reverse."), _("Refresh the case."))
            case = get(session, Case, row.case_id)
            paid = _paid(session, row.id, PaymentState.PAID)
            require(actor, Permission.PAY if paid else Permission.ADJUST)
            if _paid(session, row.id, PaymentState.PREPARED):
                raise InvalidInput(_("Its payment is on its way to the bank."), _("Take the payment back first."))
            if paid:
                if case.stage not in BEFORE_IT_IS_SETTLED:
                    raise InvalidInput(
                        _("The claim is settled with this advance in it."), _("Recover the money as a recovery.")
                    )
                case.paid_amount -= paid
            row.reversed_at, row.reversal_reason = self._office.now(), reason.strip()
            touch(session, case, self._office)
            session.flush()
            return view_of(session, row)


def may_approve_advance(session: Session, row: Calculation, case: Case, actor: Actor) -> None:
    """Raise `NotAllowed` or `InvalidInput` where `actor` may not approve the advance now."""
    _must_wait(row, actor)
    lock_covers(session, [part.coverage_id for part in request_of(row)[0].parts if part.coverage_id is not None])
    most, _request = _most(session, case)
    if row.payable > most:
        raise InvalidInput(
            _("The advance is more than can be determined now: {amount}.").format(amount=money_text(most)),
            _("Return it."),
        )


def _must_wait(row: Calculation, actor: Actor) -> None:
    if row.kind is not CalculationKind.ADVANCE or row.state is not ApprovalState.PENDING or row.reversed_at:
        raise InvalidInput(_("This advance does not wait for approval."), _("Refresh the case."))
    if row.made_by == actor.id:
        raise NotAllowed(_("Nobody approves what they calculated themselves."))


def unpaid_advance(session: Session, case_id: int) -> Calculation | None:
    """The advance of the case that is asked for or approved, and neither paid in full nor reversed; None if none is."""
    return session.scalar(
        select(Calculation)
        .where(
            Calculation.case_id == case_id,
            Calculation.kind == CalculationKind.ADVANCE,
            Calculation.state != ApprovalState.RETURNED,
            Calculation.reversed_at.is_(None),
            Calculation.payable > sum_of(Payment.calculation_id == Calculation.id, PaymentState.PAID),
        )
        .limit(1)
    )


def _paid(session: Session, calculation_id: int, state: PaymentState) -> Decimal:
    query = select(func.sum(Payment.amount, type_=Money)).where(
        Payment.calculation_id == calculation_id, Payment.state == state
    )
    return Decimal(session.scalar(query) or 0)


def _most(session: Session, case: Case) -> tuple[Decimal, Request]:
    """What can be paid in advance, and the request that the file proposes now."""
    request = propose(session, case).request
    determined = adjust(request).payable
    if not determined:
        limit = sum((_limit_left(part.inputs) for part in request.parts), NOTHING)
        reserve = case.estimate or NOTHING
        determined = min(reserve, limit) if limit else reserve
    return max(NOTHING, determined - case.paid_amount), request


def _limit_left(inputs: object) -> Decimal:
    limit: Decimal = getattr(inputs, 'limit', None) or NOTHING
    used: Decimal = getattr(inputs, 'limit_used', NOTHING)
    return max(NOTHING, limit - used)


def _keep(
    session: Session, case: Case, amount: Decimal, reason: str, actor: Actor, now: dt.datetime
) -> Calculation:
    most, request = _most(session, case)
    if amount > most:
        sentence = _("At most {amount} can be determined now.").format(amount=money_text(most))
        raise InvalidInput(_("Some fields need your attention."), '', {'amount': sentence})
    steps = (
        Step(N_("What can be determined now, less what is paid already"), '', most),
        Step(
            N_("Paid in advance: {reason}"), f'{money_text(amount)} ≤ {money_text(most)}', amount, {'reason': reason},
            N_("Insurance Law, article 25"),
        ),
    )  # fmt: skip
    first = PartSheet(steps, amount, amount)
    rest = (PartSheet((), NOTHING),) * (len(request.parts) - 1)
    result = Adjustment((first, *rest), amount)
    last = session.scalar(select(func.max(Calculation.number)).where(Calculation.case_id == case.id))
    row = Calculation(
        case_id=case.id,
        number=(last or 0) + 1,
        kind=CalculationKind.ADVANCE,
        coverage_id=request.parts[0].coverage_id,
        inputs=kept_request(request, [{} for _part in request.parts]),
        steps=kept_sheets(result.sheets),
        payable=amount,
        advanced=case.paid_amount,
        made_by=actor.id,
        made_at=now,
    )
    session.add(row)
    session.flush()
    note_use(session, case, row, request, result)
    return row
