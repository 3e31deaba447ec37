"""Work outside and a second look at it: surveyors dispatched, assessed losses reviewed, letters that went out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import Channel, DispatchState, LetterKind, LossReviewKind, LossReviewState, SurveyKind

LIVE = text("state IN ('offered', 'accepted')")
OPEN_REVIEW = text("state = 'open'")


class SurveyDispatch(Editable, Base):
    """A surveyor sent to a case: what for, when and where, and what came of it."""

    __tablename__ = 'survey_dispatch'
    __table_args__ = (
        one_of('kind', SurveyKind),
        one_of('state', DispatchState),
        CheckConstraint("state <> 'declined' OR reason <> ''", name='declined_with_reason'),
        Index('ix_survey_dispatch_live', 'surveyor_id', sqlite_where=LIVE, postgresql_where=LIVE),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    kind: Mapped[SurveyKind] = mapped_column(Code(SurveyKind))
    state: Mapped[DispatchState] = mapped_column(Code(DispatchState), default=DispatchState.OFFERED)
    surveyor_id: Mapped[int] = mapped_column(ForeignKey('account.id'), index=True)
    appointment_at: Mapped[dt.datetime | None]
    place: Mapped[str] = mapped_column(String(200), default='')
    note: Mapped[str] = mapped_column(String(400), default='')
    dispatched_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    dispatched_at: Mapped[dt.datetime]
    answered_at: Mapped[dt.datetime | None]
    reason: Mapped[str] = mapped_column(String(200), default='')
    contacted_at: Mapped[dt.datetime | None]
    contact_note: Mapped[str] = mapped_column(String(400), default='')
    finished_at: Mapped[dt.datetime | None]


class LossReview(Editable, Base):
    """A price check or a re-inspection: asked by one person, done by another.

    `changes` lists the lines that the reviewer set otherwise: their id, name, and the amount before and after.
    """

    __tablename__ = 'loss_review'
    __table_args__ = (
        one_of('kind', LossReviewKind),
        one_of('state', LossReviewState),
        CheckConstraint('reviewed_by IS NULL OR reviewed_by <> asked_by', name='second_person_reviews'),
        Index('ix_loss_review_open', 'id', sqlite_where=OPEN_REVIEW, postgresql_where=OPEN_REVIEW),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    kind: Mapped[LossReviewKind] = mapped_column(Code(LossReviewKind))
    state: Mapped[LossReviewState] = mapped_column(Code(LossReviewState), default=LossReviewState.OPEN)
    question: Mapped[str] = mapped_column(String(400), default='')
    asked_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    asked_at: Mapped[dt.datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    reviewed_at: Mapped[dt.datetime | None]
    answer: Mapped[str] = mapped_column(String(400), default='')
    changes: Mapped[Any] = mapped_column(JSON, default=list)


class Letter(Editable, Base):
    """A letter of the case as it went out, kept as a document of the case.

    `turn` counts the letters of this kind in the case; a second notice of missing documents has a `reason`.
    `details` is what the letter was made from, as plain JSON.
    """

    __tablename__ = 'letter'
    __table_args__ = (one_of('kind', LetterKind), one_of('channel', Channel))

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    kind: Mapped[LetterKind] = mapped_column(Code(LetterKind))
    number: Mapped[str] = mapped_column(String(32), unique=True)
    turn: Mapped[int] = mapped_column(default=1)
    addressee: Mapped[str] = mapped_column(String(120), default='')
    body: Mapped[str] = mapped_column(Text, default='')
    details: Mapped[Any] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(String(400), default='')
    channel: Mapped[Channel] = mapped_column(Code(Channel), default=Channel.LETTER)
    sent_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    sent_at: Mapped[dt.datetime]
    arrived_at: Mapped[dt.datetime | None]
    document_id: Mapped[int | None] = mapped_column(ForeignKey('document.id'))
