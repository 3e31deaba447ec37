"""Money on its way out: the accounts of a case's payees, batches for the bank, the bank's answers, who saw a number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Money

UNCHECKED = text('needs_check AND checked_by IS NULL')


class PayeeAccount(Editable, Base):
    """An account that a case may be paid to. One that came after the first needs the eyes of a second person."""

    __tablename__ = 'payee_account'
    __table_args__ = (
        UniqueConstraint('case_id', 'name', 'bank_name', 'account_number', name='uq_payee_account_case'),
        Index('ix_payee_account_account_number', 'account_number'),
        Index('ix_payee_account_unchecked', 'id', sqlite_where=UNCHECKED, postgresql_where=UNCHECKED),
        CheckConstraint('checked_by IS NULL OR checked_by <> entered_by', name='second_person_checks'),
        CheckConstraint('(checked_by IS NULL) = (checked_at IS NULL)', name='check_has_time'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    name: Mapped[str] = mapped_column(String(120))
    bank_name: Mapped[str] = mapped_column(String(120))
    account_number: Mapped[str] = mapped_column(String(40))
    needs_check: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default='')
    entered_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    entered_at: Mapped[dt.datetime]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    checked_at: Mapped[dt.datetime | None]


class PaymentBatch(Editable, Base):
    """Payments that go to the bank in one file; a payment belongs to one batch at most."""

    __tablename__ = 'payment_batch'

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    number: Mapped[str] = mapped_column(String(24), unique=True)
    template: Mapped[str] = mapped_column(String(60))
    payments: Mapped[int]
    amount: Mapped[Decimal] = mapped_column(Money)
    made_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    made_at: Mapped[dt.datetime]


class BankAnswer(HasId, Base):
    """A file in which the bank answered, and what became of each of its lines."""

    __tablename__ = 'bank_answer'
    audited = True

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    lines: Mapped[Any] = mapped_column(JSON)
    imported_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    imported_at: Mapped[dt.datetime]


class AccountReveal(HasId, Base):
    """Somebody looked at a whole account number."""

    __tablename__ = 'account_reveal'
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey('payment.id', ondelete='CASCADE'))
    seen_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    seen_at: Mapped[dt.datetime]
