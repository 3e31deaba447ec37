"""Who gets which share of the work: skills, areas and weight of a person, and what the office owes each in points."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import Role


class WorkProfile(Editable, Base):
    """What a person may be given: `weight` is the share in percent, `hard_capacity` the most open cases (null: none).

    Without `skills` a person takes everything, without `areas` they work everywhere.
    """

    __tablename__ = 'work_profile'
    __table_args__ = (
        CheckConstraint('weight BETWEEN 10 AND 200', name='weight_sensible'),
        CheckConstraint('hard_capacity > 0', name='hard_capacity_positive'),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey('account.id', ondelete='CASCADE'), unique=True)
    skills: Mapped[Any] = mapped_column(JSON, default=list)
    areas: Mapped[Any] = mapped_column(JSON, default=list)
    weight: Mapped[int] = mapped_column(default=100)
    hard_capacity: Mapped[int | None]


class WorkCredit(Base):
    """How much work a person of a role is owed, in thousandths of a point; below zero for who had more than others."""

    __tablename__ = 'work_credit'
    __table_args__ = (one_of('role', Role),)

    account_id: Mapped[int] = mapped_column(ForeignKey('account.id', ondelete='CASCADE'), primary_key=True)
    role: Mapped[Role] = mapped_column(Code(Role), primary_key=True)
    credit: Mapped[int] = mapped_column(BigInteger, default=0)
