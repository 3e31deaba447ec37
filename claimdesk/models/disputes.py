"""Courts and money that comes back: lawsuits with their days, recoveries with what has been received."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable
from claimdesk.models.types import Code, Money, one_of
from claimdesk.vocabulary import CourtDay, OurSide, RecoveryKind, RecoveryOutcome


class Lawsuit(Editable, Base):
    """A lawsuit or an arbitration about a case; open until `closed_at`."""

    __tablename__ = 'lawsuit'
    __table_args__ = (
        one_of('side', OurSide),
        CheckConstraint('claimed >= 0', name='claimed_not_negative'),
        CheckConstraint('awarded >= 0', name='awarded_not_negative'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    court: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(60), default='')
    side: Mapped[OurSide] = mapped_column(Code(OurSide))
    opponent: Mapped[str] = mapped_column(String(120), default='')
    claimed: Mapped[Decimal | None] = mapped_column(Money)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    opened_at: Mapped[dt.datetime]
    outcome: Mapped[str] = mapped_column(Text, default='')
    awarded: Mapped[Decimal | None] = mapped_column(Money)
    closed_at: Mapped[dt.datetime | None]


class LawsuitDay(Editable, Base):
    """A day set in a lawsuit; what has to be done by then is open until `done_at`."""

    __tablename__ = 'lawsuit_day'
    __table_args__ = (one_of('kind', CourtDay), Index('ix_lawsuit_day_open', 'done_at', 'due_at'))

    lawsuit_id: Mapped[int] = mapped_column(ForeignKey('lawsuit.id', ondelete='CASCADE'), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    kind: Mapped[CourtDay] = mapped_column(Code(CourtDay))
    due_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(String(200), default='')
    done_at: Mapped[dt.datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))


class Recovery(Editable, Base):
    """Money expected back on a case, in yuan. `acquired_on` is the day on which the right was acquired."""

    __tablename__ = 'recovery'
    __table_args__ = (
        one_of('kind', RecoveryKind),
        one_of('outcome', RecoveryOutcome),
        CheckConstraint('expected > 0', name='expected_positive'),
        CheckConstraint('(outcome IS NULL) = (closed_at IS NULL)', name='outcome_has_time'),
        Index('ix_recovery_open', 'closed_at', 'acquired_on'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    kind: Mapped[RecoveryKind] = mapped_column(Code(RecoveryKind))
    debtor: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(400), default='')
    expected: Mapped[Decimal] = mapped_column(Money)
    acquired_on: Mapped[dt.date | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    opened_at: Mapped[dt.datetime]
    outcome: Mapped[RecoveryOutcome | None] = mapped_column(Code(RecoveryOutcome))
    closing_note: Mapped[str] = mapped_column(String(400), default='')
    closed_at: Mapped[dt.datetime | None]


class RecoveryReceipt(Editable, Base):
    """Money that came in on a recovery, in yuan; one entered by mistake is voided, not deleted."""

    __tablename__ = 'recovery_receipt'
    __table_args__ = (CheckConstraint('amount > 0', name='amount_positive'),)

    recovery_id: Mapped[int] = mapped_column(ForeignKey('recovery.id', ondelete='CASCADE'), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    received_on: Mapped[dt.date]
    reference: Mapped[str] = mapped_column(String(60), default='')
    recorded_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    recorded_at: Mapped[dt.datetime]
    voided: Mapped[bool] = mapped_column(default=False)
