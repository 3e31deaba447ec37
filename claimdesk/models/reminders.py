"""Reminders and urging, why a step was late, who leads a team, and whose turn it is to do a job of the office."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import RemindedAs, ReminderKind, Stage


class Reminder(Editable, Base):
    """A word to one person about one case, shown from `deliver_at` until seen; `key` lets nothing be said twice.

    `sent_by` is null where the office's clocks sent it. `ended_at` is when it had become needless before it was seen.
    """

    __tablename__ = 'reminder'
    __table_args__ = (
        one_of('kind', ReminderKind),
        one_of('told_as', RemindedAs),
        Index('ix_reminder_waiting', 'account_id', 'seen_at', 'deliver_at'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey('account.id'))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[ReminderKind] = mapped_column(Code(ReminderKind))
    told_as: Mapped[RemindedAs] = mapped_column(Code(RemindedAs))
    clock: Mapped[str] = mapped_column(String(24), default='')
    due_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    deliver_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    words: Mapped[str] = mapped_column(String(400), default='')
    answer: Mapped[str] = mapped_column(String(400), default='')
    answered_at: Mapped[dt.datetime | None]


class DelayNote(HasId, Base):
    """Why a step was late, given before it could be finished: a code of the office's list, and words."""

    __tablename__ = 'delay_note'
    __table_args__ = (one_of('stage', Stage),)
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    stage: Mapped[Stage] = mapped_column(Code(Stage))
    clock: Mapped[str] = mapped_column(String(24))
    due_at: Mapped[dt.datetime]
    code: Mapped[str] = mapped_column(String(24))
    note: Mapped[str] = mapped_column(String(400), default='')
    given_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    given_at: Mapped[dt.datetime]


class TeamLead(HasId, Base):
    """Who leads a team."""

    __tablename__ = 'team_lead'
    audited = True

    team_id: Mapped[int] = mapped_column(ForeignKey('team.id', ondelete='CASCADE'), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey('account.id'))


class Turn(Base):
    """A job that one program of the office does at a time: whoever holds it until `held_until`, and what it came to.

    The hold runs out by itself, so that a program which was killed keeps nobody waiting for long.
    """

    __tablename__ = 'turn'

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    holder: Mapped[str] = mapped_column(String(60), default='')
    held_until: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    result: Mapped[str] = mapped_column(String(120), default='')
