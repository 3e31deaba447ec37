"""The work on a case: survey reports, loss items, calculations, approvals, payments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, Money, Ratio, one_of
from claimdesk.vocabulary import ApprovalState, CalculationKind, Liability, LossKind, MedicalClass, PaymentState


class SurveyReport(Editable, Base):
    """What the surveyor found."""

    __tablename__ = 'survey_report'
    __table_args__ = (one_of('liability', Liability),)

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), unique=True)
    surveyor_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    visited_at: Mapped[dt.datetime | None]
    place: Mapped[str] = mapped_column(String(200), default='')
    liability: Mapped[Liability] = mapped_column(Code(Liability), default=Liability.UNKNOWN)
    finding: Mapped[str] = mapped_column(Text, default='')
    statement: Mapped[str] = mapped_column(Text, default='')
    suspicious: Mapped[bool] = mapped_column(default=False)
    finished_at: Mapped[dt.datetime | None]
    answers: Mapped[Any] = mapped_column(JSON, default=dict, server_default='{}')
    sketch: Mapped[Any] = mapped_column(JSON, default=dict, server_default='{}')


class LossItem(Editable, Base):
    """One line of the loss assessment; `confirmed` is null until the assessor has settled it.

    `claimed` is `quantity` times `unit_price` where a unit price is given. `whose` says to whose loss the line
    belongs: a plate, a victim, a thing. `own_share` is the part of a class B medical expense that the patient bears.
    """

    __tablename__ = 'loss_item'
    __table_args__ = (
        one_of('kind', LossKind),
        CheckConstraint('claimed >= 0', name='claimed_not_negative'),
        CheckConstraint('confirmed >= 0', name='confirmed_not_negative'),
        CheckConstraint("medical_class IN ('a', 'b', 'c')", name='medical_class_known'),
        CheckConstraint('quantity > 0', name='quantity_positive'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    position: Mapped[int]
    kind: Mapped[LossKind] = mapped_column(Code(LossKind))
    name: Mapped[str] = mapped_column(String(120))
    whose: Mapped[str] = mapped_column(String(60), default='', server_default='')
    quantity: Mapped[Decimal] = mapped_column(Ratio, default=Decimal(1), server_default='10000')
    unit: Mapped[str] = mapped_column(String(12), default='', server_default='')
    unit_price: Mapped[Decimal | None] = mapped_column(Money)
    claimed: Mapped[Decimal] = mapped_column(Money)
    confirmed: Mapped[Decimal | None] = mapped_column(Money)
    document_id: Mapped[int | None] = mapped_column(ForeignKey('document.id'))
    note: Mapped[str] = mapped_column(String(200), default='')
    medical_class: Mapped[MedicalClass | None] = mapped_column(Code(MedicalClass))
    own_share: Mapped[Decimal | None] = mapped_column(Ratio)


ADVANCES = text("kind = 'advance' AND state = 'pending'")


class Calculation(Editable, Base):
    """An adjustment: what was put in, every step, and what is payable. Once handed in it is never changed.

    `inputs` holds the clause, each cover's figures with their sources, and the office's figures that were used.
    `payable` is the whole of the claim; `advanced` is what had been paid in advance when it was made. An advance has
    its own calculation, which may be reversed.
    """

    __tablename__ = 'calculation'
    __table_args__ = (
        one_of('state', ApprovalState),
        one_of('kind', CalculationKind),
        UniqueConstraint('case_id', 'number'),
        CheckConstraint('payable >= 0', name='payable_not_negative'),
        CheckConstraint('decided_by IS NULL OR decided_by <> made_by', name='nobody_approves_own_work'),
        CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name='decision_has_person'),
        Index('ix_calculation_advance', 'id', sqlite_where=ADVANCES, postgresql_where=ADVANCES),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    number: Mapped[int]
    kind: Mapped[CalculationKind] = mapped_column(
        Code(CalculationKind), default=CalculationKind.FINAL, server_default='final'
    )
    coverage_id: Mapped[int | None] = mapped_column(ForeignKey('coverage.id'))
    inputs: Mapped[Any] = mapped_column(JSON)
    steps: Mapped[Any] = mapped_column(JSON)
    payable: Mapped[Decimal] = mapped_column(Money)
    advanced: Mapped[Decimal] = mapped_column(Money, default=Decimal(0), server_default='0')
    state: Mapped[ApprovalState] = mapped_column(Code(ApprovalState), default=ApprovalState.PENDING)
    made_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    made_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    decided_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(String(400), default='')
    reversed_at: Mapped[dt.datetime | None]
    reversal_reason: Mapped[str] = mapped_column(String(400), default='', server_default='')


class CoverUse(HasId, Base):
    """What a calculation takes of a cover's limit and of its deductible, in yuan.

    `scope` says together with what it counts: the same insured person in the same policy year, or the same accident.
    """

    __tablename__ = 'cover_use'
    __table_args__ = (Index('ix_cover_use_scope', 'coverage_id', 'scope'),)

    calculation_id: Mapped[int] = mapped_column(ForeignKey('calculation.id', ondelete='CASCADE'), index=True)
    coverage_id: Mapped[int] = mapped_column(ForeignKey('coverage.id'))
    scope: Mapped[str] = mapped_column(String(160))
    amount: Mapped[Decimal] = mapped_column(Money)
    deductible: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))


PREPARED = text("state = 'prepared'")


class Payment(Editable, Base):
    """Money to a payee. `request_key` makes a repeated save the same payment, not a second one.

    A calculation may be paid in parts and to several; who saves a payment holds the case's row meanwhile, so that the
    parts never exceed it. A prepared payment with a batch is with the bank.
    """

    __tablename__ = 'payment'
    __table_args__ = (
        one_of('state', PaymentState),
        CheckConstraint('amount > 0', name='amount_positive'),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name='paid_has_time'),
        Index('ix_payment_live', 'calculation_id', 'state'),
        Index('ix_payment_account_number', 'account_number'),
        Index('ix_payment_prepared', 'batch_id', sqlite_where=PREPARED, postgresql_where=PREPARED),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id'), index=True)
    calculation_id: Mapped[int] = mapped_column(ForeignKey('calculation.id'))
    payee_account_id: Mapped[int | None] = mapped_column(ForeignKey('payee_account.id'))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey('payment_batch.id'), index=True)
    request_key: Mapped[str] = mapped_column(String(40), unique=True)
    payee_name: Mapped[str] = mapped_column(String(120))
    bank_name: Mapped[str] = mapped_column(String(120))
    account_number: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Decimal] = mapped_column(Money)
    state: Mapped[PaymentState] = mapped_column(Code(PaymentState), default=PaymentState.PREPARED)
    prepared_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    prepared_at: Mapped[dt.datetime]
    paid_at: Mapped[dt.datetime | None]
    bank_reference: Mapped[str] = mapped_column(String(60), default='')
    reason: Mapped[str] = mapped_column(String(200), default='')
