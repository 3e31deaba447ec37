"""The archive: the index of a closed case's papers with their fingerprints, and until when the law wants them kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.models import (
    Account,
    ArchiveRecord,
    Calculation,
    Case,
    Document,
    DocumentPage,
    Payment,
    Policy,
)
from claimdesk.models.rows import get
from claimdesk.rules.archive import CITATION, keep_until, keep_years
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.vocabulary import ApprovalState, PaymentState


@dataclass(frozen=True, slots=True)
class ArchivedPaper:
    """One line of the index. `kind` is document, calculation or payment; `fingerprint` the SHA-256 of its pages."""

    kind: str
    title: str
    pages: int
    dated: dt.datetime
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """A case as it went into the archive, kept until `keep_until` by `citation` (`years` after the contract's end)."""

    archived_at: dt.datetime
    archived_by: str
    keep_until: dt.date
    years: int
    citation: str
    papers: tuple[ArchivedPaper, ...]


class Archive:
    """Looking at what was archived."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> ArchiveView | None:
        """The newest record of the case, or the index as it would be today for a case that is open."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            starts_on, ends_on = _contract(session, case)
            row = session.scalar(
                select(ArchiveRecord)
                .where(ArchiveRecord.case_id == case_id)
                .order_by(ArchiveRecord.id.desc())
                .limit(1)
            )
            years = keep_years(starts_on, ends_on)
            if row is None or case.closed_at is None:
                papers = tuple(_paper(one) for one in contents(session, case))
                now = self._office.now()
                return ArchiveView(now, '', keep_until(starts_on, ends_on), years, CITATION, papers)
            name = session.scalar(select(Account.name).where(Account.id == row.archived_by))
            papers = tuple(_paper(one) for one in row.contents)
            return ArchiveView(row.archived_at, name or '', row.keep_until, years, CITATION, papers)


def archive(session: Session, case: Case, actor: Actor, office: OfficeContext) -> None:
    """Record what `case` holds as it closes; a case that was reopened gets a second record beside the first."""
    session.flush()
    session.add(
        ArchiveRecord(
            case_id=case.id,
            contents=contents(session, case),
            keep_until=keep_until(*_contract(session, case)),
            archived_by=actor.id,
            archived_at=office.now(),
        )
    )


def contents(session: Session, case: Case) -> list[dict[str, Any]]:
    """The index as plain JSON: documents in the order they came, then calculations, then payments."""
    pages = dict(
        session.execute(
            select(DocumentPage.document_id, func.count())
            .join(Document, Document.id == DocumentPage.document_id)
            .where(Document.case_id == case.id)
            .group_by(DocumentPage.document_id)
        ).all()
    )
    prints: dict[int, list[str]] = {}
    for document_id, sha256 in session.execute(
        select(DocumentPage.document_id, DocumentPage.sha256)
        .join(Document, Document.id == DocumentPage.document_id)
        .where(Document.case_id == case.id)
        .order_by(DocumentPage.position)
    ):
        known = prints.setdefault(document_id, [])
        if sha256 not in known:
            known.append(sha256)
    documents = session.scalars(
        select(Document)
        .where(Document.case_id == case.id, Document.removed_at.is_(None))
        .order_by(Document.added_at, Document.id)
    )
    found = [
        _line('document', one.title, pages.get(one.id, 0), one.added_at, ' '.join(prints.get(one.id, ())))
        for one in documents
    ]
    decided = session.scalars(
        select(Calculation)
        .where(Calculation.case_id == case.id, Calculation.state == ApprovalState.APPROVED)
        .order_by(Calculation.number)
    )
    found += [_line('calculation', str(row.number), 1, row.decided_at or row.made_at, '') for row in decided]
    paid = session.scalars(
        select(Payment)
        .where(Payment.case_id == case.id, Payment.state == PaymentState.PAID)
        .order_by(Payment.paid_at, Payment.id)
    )
    found += [_line('payment', row.bank_reference, 1, row.paid_at or row.prepared_at, '') for row in paid]
    return found


def _line(kind: str, title: str, pages: int, dated: dt.datetime, fingerprint: str) -> dict[str, Any]:
    return {'kind': kind, 'title': title, 'pages': pages, 'dated': dated.isoformat(), 'fingerprint': fingerprint}


def _paper(line: Mapping[str, Any]) -> ArchivedPaper:
    return ArchivedPaper(
        line['kind'], line['title'], line['pages'], dt.datetime.fromisoformat(line['dated']), line['fingerprint']
    )


def _contract(session: Session, case: Case) -> tuple[dt.date, dt.date]:
    policy = get(session, Policy, case.policy_id)
    return policy.starts_at.astimezone(SHANGHAI).date(), policy.ends_at.astimezone(SHANGHAI).date()
