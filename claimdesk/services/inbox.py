"""The inbox as a pile that is shown by pages: what waits, how far it has come, and who has which paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from claimdesk.models import Document
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.document_views import DocumentView, document_views
from claimdesk.services.documents import UNPROCESSED
from claimdesk.vocabulary import DocumentKind, DocumentState


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which papers are wanted; None is any. `CONFIRMED` means those that were confirmed today, in whatever case.

    `mine` leaves only what the person took in (or, of confirmed ones, confirmed).
    """

    state: DocumentState | None = None
    kind: DocumentKind | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Pile:
    """The first of the wanted papers, the oldest on top; `total` says how many there are.

    `counts` says how many papers of the whole inbox are in which state, whatever the filter.
    """

    documents: tuple[DocumentView, ...]
    total: int
    counts: Mapping[DocumentState, int]


class Inbox:
    """Looking into the inbox; it never reads more of it than is shown."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def pile(self, actor: Actor, wanted: InboxFilter, limit: int) -> Pile:
        """The first `limit` papers that are wanted."""
        conditions = self._conditions(actor, wanted)
        done = wanted.state is DocumentState.CONFIRMED
        order = (Document.confirmed_at.desc(), Document.id.desc()) if done else (Document.added_at, Document.id)
        with self._office.database.read() as session:
            rows = session.scalars(
                select(Document).where(*conditions).order_by(*order).limit(limit).options(selectinload(Document.pages))
            ).all()
            total = len(rows)
            if total == limit:
                total = session.scalar(select(func.count(Document.id)).where(*conditions)) or 0
            counts = session.execute(
                select(Document.state, func.count(Document.id))
                .where(UNPROCESSED, Document.removed_at.is_(None))
                .group_by(Document.state)
            )
            return Pile(tuple(document_views(session, rows)), total, dict(counts.all()))

    def _conditions(self, actor: Actor, wanted: InboxFilter) -> list[ColumnElement[bool]]:
        done = wanted.state is DocumentState.CONFIRMED
        conditions: list[ColumnElement[bool]] = [Document.removed_at.is_(None)]
        if done:
            morning = dt.datetime.combine(self._office.today(), dt.time(), SHANGHAI)
            conditions += [Document.state == DocumentState.CONFIRMED, Document.confirmed_at >= morning]
        else:
            conditions.append(UNPROCESSED)
            if wanted.state is not None:
                conditions.append(Document.state == wanted.state)
        if wanted.kind is not None:
            conditions.append(Document.kind == wanted.kind)
        if wanted.mine:
            conditions.append((Document.confirmed_by if done else Document.added_by) == actor.id)
        return conditions
