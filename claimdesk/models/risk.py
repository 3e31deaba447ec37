"""Risk signals of a case, what became of a referral, and the checks of the rule that approves small clear claims."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import RiskLevel, RiskOutcome


class RiskSignal(HasId, Base):
    """A rule that holds on a case now: its weight that day, and the facts that its sentence is made of.

    A cache of the facts, computed again whenever they change; what a referral rests on is kept with the referral.
    """

    __tablename__ = 'risk_signal'
    __table_args__ = (UniqueConstraint('case_id', 'rule'), Index('ix_risk_signal_rule', 'rule'))

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    rule: Mapped[str] = mapped_column(String(32))
    weight: Mapped[int]
    facts: Mapped[Any] = mapped_column(JSON)
    found_at: Mapped[dt.datetime]


class RiskReferral(Editable, Base):
    """Somebody is asked to look into a case; `signals` are the rules that held, each with its weight, at that time.

    `raised_by` is null where the office's threshold raised it; the finding is always a person's.
    """

    __tablename__ = 'risk_referral'
    __table_args__ = (
        one_of('level', RiskLevel),
        one_of('outcome', RiskOutcome),
        CheckConstraint('(outcome IS NULL) = (decided_by IS NULL)', name='outcome_has_person'),
        CheckConstraint('(outcome IS NULL) = (decided_at IS NULL)', name='outcome_has_time'),
        Index(
            'uq_risk_referral_open',
            'case_id',
            unique=True,
            sqlite_where=text('outcome IS NULL'),
            postgresql_where=text('outcome IS NULL'),
        ),
        Index('ix_risk_referral_outcome', 'outcome', 'due_at'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    score: Mapped[int]
    level: Mapped[RiskLevel] = mapped_column(Code(RiskLevel))
    signals: Mapped[Any] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(400), default='')
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    raised_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    raised_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    outcome: Mapped[RiskOutcome | None] = mapped_column(Code(RiskOutcome))
    finding: Mapped[str] = mapped_column(Text, default='')
    decided_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    decided_at: Mapped[dt.datetime | None]


class RiskVerdict(HasId, Base):
    """What a finding says of one of the rules that had held: the material of its hit rate."""

    __tablename__ = 'risk_verdict'
    __table_args__ = (
        one_of('outcome', RiskOutcome),
        UniqueConstraint('referral_id', 'rule'),
        Index('ix_risk_verdict_rule', 'rule', 'outcome'),
    )
    audited = True
    part_of = ('referral_id', 'risk_referral')

    referral_id: Mapped[int] = mapped_column(ForeignKey('risk_referral.id', ondelete='CASCADE'))
    rule: Mapped[str] = mapped_column(String(32))
    outcome: Mapped[RiskOutcome] = mapped_column(Code(RiskOutcome))
    decided_at: Mapped[dt.datetime]


class AutomaticCheck(HasId, Base):
    """What each condition of the automatic approval said of a calculation, and whether it was approved by the rule.

    `digest` is the SHA-256 of the calculation as a person would have signed it; nobody's key is used.
    """

    __tablename__ = 'automatic_check'
    __table_args__ = (CheckConstraint('NOT (approved AND sampled)', name='sample_goes_to_a_person'),)
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    calculation_id: Mapped[int] = mapped_column(ForeignKey('calculation.id', ondelete='CASCADE'), index=True)
    checked_at: Mapped[dt.datetime]
    conditions: Mapped[Any] = mapped_column(JSON)
    sampled: Mapped[bool] = mapped_column(default=False)
    approved: Mapped[bool] = mapped_column(default=False)
    digest: Mapped[str] = mapped_column(String(64))
