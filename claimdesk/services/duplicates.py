"""Whether a paper or a page was used before, anywhere in the office; and what is tied to it: credit notes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.models import Case, Document, DocumentPage, Invoice, ReadingRecord
from claimdesk.services.identity import REVERSED, Numbered, same_paper
from claimdesk.services.invoice_fields import money_of
from claimdesk.services.reversals import Reversal, credits_of, taken_back_by
from claimdesk.services.same_page import said_by, same_pages
from claimdesk.vocabulary import DocumentKind, DocumentState, label

MOST_READ = 20


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Where the same paper was met, or one that is tied to it; `blocking` ones need a reason to be kept twice.

    `kind` is 'number' (the same paper), 'file' (the same file), 'page' (a page that looks and reads the same),
    'similar' (the same seller, day and total) or 'reversal' (a credit note and its invoice). `page` is the place (from
    0) of the page in the other document, `mine` that in this one.
    """

    kind: str
    blocking: bool
    sentence: str
    case_id: int | None
    case_number: str
    document_id: int
    page: int = 0
    mine: int = 0


def find_duplicates(
    session: Session, fields: Mapping[str, str], sha256s: Sequence[str], exclude_document: int | None
) -> list[Duplicate]:
    """What is known of a paper with these `fields` (by the names of an invoice) and files; those that block first.

    Each other document is named once, by the strongest of what was found. `exclude_document` is the paper itself. Only
    of a paper whose number is not sure are pages compared by their looks.
    """
    own = session.get(Document, exclude_document) if exclude_document else None
    found = [
        *_same_number(session, fields, own),
        *_same_file(session, sha256s, own),
        *_read_elsewhere(session, fields, own),
        *_reversals(session, fields, own),
        *(_same_page(session, fields, own) if own is not None else ()),
        *_similar(session, fields, own),
    ]
    kept: dict[int, Duplicate] = {}
    for one in found:
        kept.setdefault(one.document_id, one)
    return sorted(kept.values(), key=lambda one: not one.blocking)


def _same_number(session: Session, fields: Mapping[str, str], own: Document | None) -> Iterable[Duplicate]:
    mine = _numbered(fields)
    number = mine.number
    if not number:
        return
    rows = session.execute(
        select(Invoice, Document.kind, Case.id, Case.number)
        .join(Document, Document.id == Invoice.document_id)
        .join(Case, Case.id == Invoice.case_id)
        .where(Invoice.number == number, Invoice.document_id != (own.id if own else 0))
        .order_by(Invoice.id)
    )
    for row, kind, case_id, case in rows:
        if same_paper(mine, Numbered(row.code, row.number, row.seller_name, row.issue_date, row.total)):
            words = {'kind': label(kind), 'number': number, 'case': case}
            if own is not None and own.case_id == case_id:
                sentence = _("{kind} {number} was already used in this case: two forms of it count once.")
            else:
                sentence = _("{kind} {number} was already used in case {case}.")
            yield Duplicate('number', True, sentence.format(**words), case_id, case, row.document_id)


def _read_elsewhere(session: Session, fields: Mapping[str, str], own: Document | None) -> Iterable[Duplicate]:
    """Papers that nobody has confirmed, from which the same number was read."""
    mine = _numbered(fields)
    if not mine.number:
        return
    read = select(ReadingRecord.document_id).where(ReadingRecord.number == mine.number, ReadingRecord.number != '')
    rows = session.execute(
        select(Document, Case.number)
        .outerjoin(Case, Case.id == Document.case_id)
        .where(
            Document.id.in_(read),
            Document.removed_at.is_(None),
            Document.confirmed_at.is_(None),
            Document.id != (own.id if own else 0),
        )
        .order_by(Document.id)
        .limit(MOST_READ)
    )
    for other, case in rows:
        if not same_paper(mine, _numbered(said_by(session, other.id).values)):
            continue  # read otherwise by now
        words = {'number': mine.number, 'title': other.title, 'case': case}
        if other.case_id is None:
            sentence = _("The same number {number} was read from “{title}”, which waits in the inbox.")
        elif own is not None and own.case_id == other.case_id:
            sentence = _("The same number {number} was read from “{title}” in this case.")
        else:
            sentence = _("The same number {number} was read from “{title}” in case {case}.")
        yield Duplicate('number', False, sentence.format(**words), other.case_id, case or '', other.id)


def _same_file(session: Session, sha256s: Sequence[str], own: Document | None) -> Iterable[Duplicate]:
    if not sha256s:
        return
    pages = {(page.sha256, page.page_index): page.position for page in own.pages} if own else {}
    rows = session.execute(
        select(DocumentPage, Document.case_id, Document.state, Case.number)
        .join(Document, Document.id == DocumentPage.document_id)
        .outerjoin(Case, Case.id == Document.case_id)
        .where(
            DocumentPage.sha256.in_(set(sha256s)),
            Document.removed_at.is_(None),
            Document.id != (own.id if own else 0),
        )
        .order_by(Document.id)
    )
    for page, case_id, state, number in rows:
        key = (page.sha256, page.page_index)
        if pages and key not in pages:
            continue  # another page of the same file, as after a split
        if case_id is None:
            sentence = _("The same file waits in the inbox a second time.")
        else:
            sentence = _("The same file is already in case {case}.").format(case=number)
        elsewhere = case_id is not None and (own is None or case_id != own.case_id)
        blocking = state is DocumentState.CONFIRMED or elsewhere
        yield Duplicate(
            'file', blocking, sentence, case_id, number or '', page.document_id, page.position, pages.get(key, 0)
        )


def _reversals(session: Session, fields: Mapping[str, str], own: Document | None) -> Iterable[Duplicate]:
    total = _day_and_total(fields)[1] or Decimal(0)
    ties: list[Reversal] = taken_back_by(session, fields.get(REVERSED, '').strip(), total) if total < 0 else []
    ties += credits_of(
        session, fields.get('invoice_code', '').strip(), fields.get('invoice_number', '').strip(), own.id if own else 0
    )
    for tie in ties:
        yield Duplicate('reversal', False, tie.sentence, tie.case_id, tie.case_number, tie.document_id or 0)


def _same_page(session: Session, fields: Mapping[str, str], own: Document) -> Iterable[Duplicate]:
    for near in same_pages(session, own.id, fields):
        other = session.get_one(Document, near.document_id)
        number = (session.scalar(select(Case.number).where(Case.id == other.case_id)) or '') if other.case_id else ''
        words = {'title': other.title, 'page': near.position + 1, 'case': number}
        if other.case_id is None:
            sentence = _("The same page, pictured another way, waits in the inbox: “{title}”, page {page}.")
        elif other.case_id == own.case_id:
            sentence = _("The same page, pictured another way, is already in this case: “{title}”, page {page}.")
        else:
            sentence = _("The same page, pictured another way, is in case {case}: “{title}”, page {page}.")
        yield Duplicate(
            'page', False, sentence.format(**words), other.case_id, number, other.id, near.position, near.mine
        )


def _similar(session: Session, fields: Mapping[str, str], own: Document | None) -> Iterable[Duplicate]:
    """The same seller, day and total, unless they are on behalf of different buyers or patients."""
    seller, buyer = fields.get('seller_name', '').strip(), fields.get('buyer_name', '').strip()
    day, total = _day_and_total(fields)
    if not seller or day is None or total is None:
        return
    rows = session.execute(
        select(Case.id, Case.number, Document.kind, Invoice.document_id, Invoice.number, Invoice.buyer_name)
        .join(Case, Case.id == Invoice.case_id)
        .join(Document, Document.id == Invoice.document_id)
        .where(
            Invoice.seller_name == seller,
            Invoice.issue_date == day,
            Invoice.total == total,
            Invoice.document_id != (own.id if own else 0),
        )
        .order_by(Invoice.id)
    )
    for case_id, case, kind, document_id, number, other_buyer in rows:
        if buyer and other_buyer and buyer != other_buyer:
            continue
        yield Duplicate('similar', False, _similar_words(kind, number, case), case_id, case, document_id)


def _similar_words(kind: DocumentKind, number: str, case: str) -> str:
    sentence = _("{kind} {number} in case {case} has the same seller, date and total.")
    return ' '.join(sentence.format(kind=label(kind), number=number, case=case).split())


def _numbered(fields: Mapping[str, str]) -> Numbered:
    code, number, seller = (fields.get(name, '').strip() for name in ('invoice_code', 'invoice_number', 'seller_name'))
    return Numbered(code, number, seller, *_day_and_total(fields))


def _day_and_total(fields: Mapping[str, str]) -> tuple[dt.date | None, Decimal | None]:
    try:
        day = dt.date.fromisoformat(fields.get('issue_date', '').strip()[:10])
    except ValueError:
        day = None
    try:
        return day, money_of(fields.get('total', ''))
    except InvalidInput:
        return day, None
