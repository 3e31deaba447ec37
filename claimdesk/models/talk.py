"""What was said: messages with customers, complaints, answers on satisfaction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable, HasId
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import Channel, Complexity, MatterKind, MatterOutcome


class Message(HasId, Base):
    """One conversation with a customer, or an internal note; `incoming` is null for a note.

    One held about a complaint or a dispute names it.
    """

    __tablename__ = 'message'
    __table_args__ = (one_of('channel', Channel), Index('ix_message_case', 'case_id', 'at'))
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'))
    channel: Mapped[Channel] = mapped_column(Code(Channel))
    incoming: Mapped[bool | None]
    with_whom: Mapped[str] = mapped_column(String(60), default='')
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime]
    written_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey('complaint.id'), index=True)


class Complaint(Editable, Base):
    """A complaint or a dispute about a case, and how it ended; open until `answered_at`.

    A special one is extended once: asked for by one, granted or declined by another.
    """

    __tablename__ = 'complaint'
    __table_args__ = (
        one_of('kind', MatterKind),
        one_of('complexity', Complexity),
        one_of('outcome', MatterOutcome),
        CheckConstraint('extension_by IS NULL OR extension_by <> extension_asked_by', name='second_person_extends'),
        CheckConstraint('(extension_by IS NULL) = (extension_granted IS NULL)', name='extension_has_person'),
        Index('ix_complaint_open', 'answered_at', 'received_at'),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    complainant: Mapped[str] = mapped_column(String(60))
    content: Mapped[str] = mapped_column(Text)
    received_at: Mapped[dt.datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    answer: Mapped[str] = mapped_column(Text, default='')
    answered_at: Mapped[dt.datetime | None]
    kind: Mapped[MatterKind] = mapped_column(
        Code(MatterKind), default=MatterKind.COMPLAINT, server_default='complaint'
    )
    complexity: Mapped[Complexity] = mapped_column(
        Code(Complexity), default=Complexity.SIMPLE, server_default='simple'
    )
    outcome: Mapped[MatterOutcome | None] = mapped_column(Code(MatterOutcome))
    root_cause: Mapped[str] = mapped_column(String(40), default='', server_default='')
    extension_reason: Mapped[str] = mapped_column(String(400), default='', server_default='')
    extension_asked_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    extension_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    extension_granted: Mapped[bool | None]


class Satisfaction(HasId, Base):
    """A customer's answer after the payment, 1 (bad) to 5 (good)."""

    __tablename__ = 'satisfaction'
    __table_args__ = (CheckConstraint('score BETWEEN 1 AND 5', name='score_in_range'),)
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    score: Mapped[int]
    comment: Mapped[str] = mapped_column(String(400), default='')
    answered_at: Mapped[dt.datetime]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
