"""Saved views: a person's named filters over the case list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, HasId


class SavedView(HasId, Base):
    """Filters, sorting and columns under a name, for one person."""

    __tablename__ = 'saved_view'
    __table_args__ = (UniqueConstraint('owner_id', 'name'),)
    audited = True

    owner_id: Mapped[int] = mapped_column(ForeignKey('account.id', ondelete='CASCADE'))
    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(default=0)
    query: Mapped[Any] = mapped_column(JSON)
