"""The end of a case: what somebody asked an approver to do with it, and what went into the archive."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable, HasId


class MoveRequest(Editable, Base):
    """A move that needs a second person: asked for by one, granted or declined by another."""

    __tablename__ = 'move_request'
    __table_args__ = (
        CheckConstraint('decided_by IS NULL OR decided_by <> requested_by', name='nobody_grants_own_request'),
        CheckConstraint('(decided_by IS NULL) = (granted IS NULL)', name='decision_has_person'),
        Index(
            'uq_move_request_open',
            'case_id',
            'move',
            unique=True,
            sqlite_where=text('decided_by IS NULL'),
            postgresql_where=text('decided_by IS NULL'),
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    move: Mapped[str] = mapped_column(String(24))
    reason: Mapped[str] = mapped_column(String(400))
    requested_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    requested_at: Mapped[dt.datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey('account.id'))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(String(400), default='')


class ArchiveRecord(HasId, Base):
    """A case as it went into the archive: the index of its papers, and until when they must be kept."""

    __tablename__ = 'archive_record'
    audited = True

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    contents: Mapped[Any] = mapped_column(JSON)
    keep_until: Mapped[dt.date]
    archived_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    archived_at: Mapped[dt.datetime]
