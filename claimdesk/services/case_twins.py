"""What the papers of one case have been met as before, in this case or another: one line for each pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from claimdesk.models import Document, Invoice
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.document_views import DocumentView, document_views
from claimdesk.services.duplicates import Duplicate, find_duplicates
from claimdesk.services.same_page import said_by


@dataclass(frozen=True, slots=True)
class CaseTwin:
    """A paper of the case with its values by the names of an invoice, and where it was met. `reason` says why both
    copies are kept, '' where nobody has decided or nothing has to be."""

    document: DocumentView
    values: Mapping[str, str]
    twin: Duplicate
    reason: str = ''

    @property
    def open(self) -> bool:
        """Whether a person should look at it."""
        return self.twin.kind != 'reversal' and not self.reason


class CaseTwins:
    """Looking at all papers of a case at once."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[CaseTwin]:
        """Each pair once, those to look at first, then in the order the papers came."""
        with self._office.database.read() as session:
            documents = session.scalars(
                select(Document)
                .where(Document.case_id == case_id, Document.removed_at.is_(None))
                .order_by(Document.added_at, Document.id)
                .options(selectinload(Document.pages))
            ).all()
            return sorted(_of(session, documents), key=lambda one: not one.open)


def _of(session: Session, documents: Sequence[Document]) -> list[CaseTwin]:
    views = {view.id: view for view in document_views(session, documents)}
    reasons = dict(
        session.execute(
            select(Invoice.document_id, Invoice.duplicate_reason).where(Invoice.document_id.in_(list(views)))
        ).all()
    )
    found, pairs = [], set[frozenset[int]]()
    for document in documents:
        values = said_by(session, document.id).values
        hashes = [page.sha256 for page in document.pages]
        for twin in find_duplicates(session, values, hashes, document.id):
            pair = frozenset((document.id, twin.document_id))
            if pair in pairs:
                continue
            pairs.add(pair)
            reason = reasons.get(document.id) or reasons.get(twin.document_id) or ''
            found.append(CaseTwin(views[document.id], values, twin, reason))
    return found
