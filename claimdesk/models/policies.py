"""Customers and what they bought: parties with their contacts, policies with their coverages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, Money, Ratio, one_of, sorted_text
from claimdesk.vocabulary import ClauseVersion, Line


class PartyRecord(Editable, Base):
    """A person or company the office deals with."""

    __tablename__ = 'party'
    __table_args__ = (CheckConstraint("kind IN ('person', 'company')", name='kind_known'),)

    kind: Mapped[str] = mapped_column(String(8), default='person')
    name: Mapped[str] = mapped_column(sorted_text(120), index=True)
    pinyin: Mapped[str] = mapped_column(String(60), default='', index=True)
    id_number: Mapped[str] = mapped_column(String(24), default='', index=True)
    born_on: Mapped[dt.date | None]
    phone: Mapped[str] = mapped_column(String(24), default='', index=True)
    address: Mapped[str] = mapped_column(String(200), default='')

    contacts: Mapped[list[Contact]] = relationship(cascade='all, delete-orphan')


class Contact(HasId, Base):
    """One more way to reach a party: another phone, a mail address, a relative."""

    __tablename__ = 'contact'

    party_id: Mapped[int] = mapped_column(ForeignKey('party.id', ondelete='CASCADE'), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(120), default='')


class Policy(Editable, Base):
    """An insurance policy; it covers from `starts_at` up to, and not including, `ends_at`."""

    __tablename__ = 'policy'
    __table_args__ = (
        one_of('line', Line),
        one_of('clause', ClauseVersion),
        CheckConstraint('ends_at > starts_at', name='ends_after_start'),
        Index('ix_policy_plate', 'plate'),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    number: Mapped[str] = mapped_column(sorted_text(40), unique=True)
    line: Mapped[Line] = mapped_column(Code(Line))
    clause: Mapped[ClauseVersion] = mapped_column(Code(ClauseVersion))
    holder_id: Mapped[int] = mapped_column(ForeignKey('party.id'), index=True)
    insured_id: Mapped[int] = mapped_column(ForeignKey('party.id'), index=True)
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    plate: Mapped[str] = mapped_column(String(12), default='')
    vehicle_model: Mapped[str] = mapped_column(String(60), default='')
    vin: Mapped[str] = mapped_column(String(20), default='')
    insured_address: Mapped[str] = mapped_column(String(200), default='')

    holder: Mapped[PartyRecord] = relationship(foreign_keys=[holder_id])
    insured: Mapped[PartyRecord] = relationship(foreign_keys=[insured_id])
    coverages: Mapped[list[Coverage]] = relationship(cascade='all, delete-orphan', order_by='Coverage.id')


class Coverage(HasId, Base):
    """One cover of a policy. `insured_value` is the value of the thing insured (property), else null."""

    __tablename__ = 'coverage'
    __table_args__ = (
        CheckConstraint('sum_insured >= 0 AND deductible >= 0', name='amounts_not_negative'),
        CheckConstraint(
            'deductible_rate BETWEEN 0 AND 10000 AND benefit_ratio BETWEEN 0 AND 10000', name='rates_are_shares'
        ),
    )
    audited = True

    policy_id: Mapped[int] = mapped_column(ForeignKey('policy.id', ondelete='CASCADE'), index=True)
    code: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(80))
    sum_insured: Mapped[Decimal] = mapped_column(Money)
    deductible: Mapped[Decimal] = mapped_column(Money, default=Decimal(0))
    deductible_rate: Mapped[Decimal] = mapped_column(Ratio, default=Decimal(0))
    benefit_ratio: Mapped[Decimal] = mapped_column(Ratio, default=Decimal(1))
    insured_value: Mapped[Decimal | None] = mapped_column(Money)
