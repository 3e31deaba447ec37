"""What people mark on pages for copies: beside the page, never in the file that came."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from claimdesk.models.base import Base, Editable
from claimdesk.models.types import Code, one_of
from claimdesk.vocabulary import MarkKind


class PageMark(Editable, Base):
    """A mark of a case on page `page_index` of a stored file, wherever that page lies in the case.

    `box` is x, y, width and height in ten-thousandths of the page as it is stored, not turned.
    """

    __tablename__ = 'page_mark'
    __table_args__ = (one_of('kind', MarkKind),)

    case_id: Mapped[int] = mapped_column(ForeignKey('claim_case.id', ondelete='CASCADE'), index=True)
    sha256: Mapped[str] = mapped_column(String(64), ForeignKey('stored_file.sha256'))
    page_index: Mapped[int]
    kind: Mapped[MarkKind] = mapped_column(Code(MarkKind))
    box: Mapped[Any] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(400), default='')
    made_by: Mapped[int] = mapped_column(ForeignKey('account.id'))
    made_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]
