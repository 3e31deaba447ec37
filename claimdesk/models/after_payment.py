"""After a payment: the call to the customer, and what follows where the customer was not content."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import CallBackState


class CallBack(Editable, Base):
    """A call to make after a payment. `answers` are [question, score] as asked; `score` is the overall one."""

    __tablename__ = 'call_back'
    __table_args__ = (
        one_of('state', CallBackState),
        CheckConstraint('score BETWEEN 1 AND 5', name='score_in_range'),
        CheckConstraint("(state = 'open') = (finished_at IS NULL)", name='finished_has_time'),
        Index(
            'uq_call_back_open',
            'case_id',
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index('ix_call_back_state', 'state', 'due_at'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    paid_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    state: Mapped[CallBackState] = mapped_column(Code(CallBackState), default=CallBackState.OPEN)
    attempts: Mapped[int] = mapped_column(default=0)
    attempted_at: Mapped[dt.datetime | None]
    answers: Mapped[Any | None] = mapped_column(JSON)
    score: Mapped[int | None]
    comment: Mapped[str] = mapped_column(String(400), default='')
    finished_at: Mapped[dt.datetime | None]
    finished_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))


class FollowUp(Editable, Base):
    """A customer was not content: what the cause was, what was put right, and how the second call went."""

    __tablename__ = 'follow_up'
    __table_args__ = (
        CheckConstraint('score BETWEEN 1 AND 5', name='score_in_range'),
        CheckConstraint('second_score BETWEEN 1 AND 5', name='second_score_in_range'),
        Index('ix_follow_up_closed', 'closed_at', 'due_at'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    call_back_id: Mapped[int] = mapped_column(ForeignKey('call_back.id', ondelete='CASCADE'), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    score: Mapped[int]
    opened_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    root_cause: Mapped[str] = mapped_column(String(40), default='')
    fix: Mapped[str] = mapped_column(Text, default='')
    contacted_at: Mapped[dt.datetime | None]
    second_score: Mapped[int | None]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
