"""Signing: the keys of people, and each decision on a calculation with its signature. Neither is ever deleted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, HasId
from claimdesk.models.types import Code, Money, one_of
from claimdesk.vocabulary import Decision


class SigningKey(HasId, Base):
    """A person's Ed25519 key. The private half is sealed with the person's password; the public half stays for ever."""

    __tablename__ = 'signing_key'
    __table_args__ = (
        Index(
            'uq_signing_key_live',
            'account_id',
            unique=True,
            sqlite_where=text('retired_at IS NULL'),
            postgresql_where=text('retired_at IS NULL'),
        ),
    )
    audited = True

    account_id: Mapped[int] = mapped_column(ForeignKey('account.id'))
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    sealed_private_key: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[dt.datetime]
    retired_at: Mapped[dt.datetime | None]


class SignOff(HasId, Base):
    """One decision on a calculation. `digest` is the SHA-256 of the calculation as it was signed; a return has none."""

    __tablename__ = 'sign_off'
    __table_args__ = (
        one_of('decision', Decision),
        CheckConstraint("(decision = 'returned') = (key_id IS NULL)", name='decision_is_signed'),
    )
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    calculation_id: Mapped[int] = mapped_column(ForeignKey('calculation.id', ondelete='CASCADE'), index=True)
    decision: Mapped[Decision] = mapped_column(Code(Decision))
    level: Mapped[str] = mapped_column(String(60), default='')
    amount: Mapped[Decimal] = mapped_column(Money)
    reason_code: Mapped[str] = mapped_column(String(24), default='')
    note: Mapped[str] = mapped_column(String(400), default='')
    reference: Mapped[str] = mapped_column(String(80), default='')
    document_id: Mapped[int | None] = mapped_column(ForeignKey('document.id'))
    signed_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    signed_at: Mapped[dt.datetime]
    key_id: Mapped[int | None] = mapped_column(ForeignKey('signing_key.id'))
    digest: Mapped[str] = mapped_column(String(64), default='')
    signature: Mapped[str] = mapped_column(String(128), default='')
