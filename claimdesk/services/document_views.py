"""Documents shaped for reading: what lists, the bench and the case page show of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import Account, Case, Document, DocumentPage
from claimdesk.services.cover_words import cover_words
from claimdesk.vocabulary import DocumentKind, DocumentState


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of a document, by its place (from 0): page `page_index` of a stored file, turned clockwise."""

    position: int
    sha256: str
    page_index: int
    rotation: int


@dataclass(frozen=True, slots=True)
class SameFile:
    """Another document with the same page: where it is. `case_id` is None while that one is in the inbox."""

    case_id: int | None
    case_number: str
    document_id: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as lists and the verification view show it. `problem` says why it could not be read, `fields` what was
    confirmed of a paper that is no tax invoice, `lines` the lines of one that is not kept as an invoice either, `cover`
    what its cover sheet did ('' if it had none)."""

    id: int
    version: int
    case_id: int | None
    case_number: str
    kind: DocumentKind
    state: DocumentState
    title: str
    checklist_code: str
    source: str
    problem: str
    added_by: str
    added_at: dt.datetime
    confirmed_by: str
    confirmed_at: dt.datetime | None
    removed: bool
    pages: tuple[PageView, ...]
    same_file_in: tuple[SameFile, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    cover: str = ''
    lines: tuple[Mapping[str, str], ...] = ()


def document_view(session: Session, document: Document) -> DocumentView:
    """`document` shaped for reading."""
    return document_views(session, [document])[0]


def document_views(session: Session, documents: Iterable[Document]) -> list[DocumentView]:
    """Documents shaped for reading, with the other places of the same pages."""
    rows = list(documents)
    people = {row.added_by for row in rows} | {row.confirmed_by for row in rows if row.confirmed_by}
    names = dict(session.execute(select(Account.id, Account.name).where(Account.id.in_(people))).all())
    cases = {row.case_id for row in rows if row.case_id}
    numbers = dict(session.execute(select(Case.id, Case.number).where(Case.id.in_(cases))).all())
    same = same_files(session, rows)
    return [
        DocumentView(
            id=row.id,
            version=row.version,
            case_id=row.case_id,
            case_number=numbers.get(row.case_id, '') if row.case_id else '',
            kind=row.kind,
            state=row.state,
            title=row.title,
            checklist_code=row.checklist_code,
            source=row.source,
            problem=row.problem,
            added_by=names.get(row.added_by, ''),
            added_at=row.added_at,
            confirmed_by=names.get(row.confirmed_by, '') if row.confirmed_by else '',
            confirmed_at=row.confirmed_at,
            removed=row.removed_at is not None,
            pages=tuple(PageView(page.position, page.sha256, page.page_index, page.rotation) for page in row.pages),
            fields=dict(row.fields or {}),
            cover=cover_words(row.cover),
            lines=tuple(row.lines or ()),
            same_file_in=same.get(row.id, ()),
        )
        for row in rows
    ]


def same_files(session: Session, documents: Sequence[Document]) -> dict[int, tuple[SameFile, ...]]:
    """For each document the other ones that hold one of its pages: the same page of the same file."""
    mine: dict[tuple[str, int], set[int]] = {}
    for document in documents:
        for page in document.pages:
            mine.setdefault((page.sha256, page.page_index), set()).add(document.id)
    found = session.execute(
        select(DocumentPage.sha256, DocumentPage.page_index, Document.id, Document.case_id, Case.number)
        .join(Document, Document.id == DocumentPage.document_id)
        .outerjoin(Case, Case.id == Document.case_id)
        .where(DocumentPage.sha256.in_({sha256 for sha256, _index in mine}), Document.removed_at.is_(None))
        .order_by(Document.id)
    )
    places: dict[int, dict[int, SameFile]] = {}
    for sha256, index, other, case_id, number in found:
        for document_id in mine.get((sha256, index), ()):
            if document_id != other:
                places.setdefault(document_id, {})[other] = SameFile(case_id, number or '', other)
    return {document_id: tuple(others.values()) for document_id, others in places.items()}
