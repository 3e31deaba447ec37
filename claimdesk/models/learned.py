"""What people of the office taught the reader: where the papers of an issuer hold their values."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, HasId
from claimdesk.models.types import Code
from claimdesk.vocabulary import DocumentKind


class LearnedPlace(HasId, Base):
    """Where a person found a field of a confirmed document, whatever the reader had said; never the value itself.

    `issuer` and `title` tell whose paper it was ('' where nothing did), `label` what stands before or above the value
    (`side`: 'left', 'above', or '' without one), the four numbers the place as fractions of the upright page.
    """

    __tablename__ = 'learned_place'
    __table_args__ = (
        UniqueConstraint('document_id', 'field'),
        Index('ix_learned_place_issuer', 'office_id', 'kind', 'issuer'),
        Index('ix_learned_place_title', 'office_id', 'kind', 'title'),
    )

    office_id: Mapped[int] = mapped_column(ForeignKey('office.id'))
    document_id: Mapped[int] = mapped_column(ForeignKey('document.id', ondelete='CASCADE'))
    kind: Mapped[DocumentKind] = mapped_column(Code(DocumentKind))
    issuer: Mapped[str] = mapped_column(String(80), default='')
    issuer_name: Mapped[str] = mapped_column(String(120), default='')
    title: Mapped[str] = mapped_column(String(80), default='')
    field: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40), default='')
    side: Mapped[str] = mapped_column(String(5), default='')
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    height: Mapped[float]
    learned_at: Mapped[dt.datetime]
    learned_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
