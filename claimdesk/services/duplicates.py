"""Whether an invoice or a file was used before, anywhere in the office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.models import Case, Document, DocumentPage, Invoice
from claimdesk.services.invoice_fields import DIGITAL_LENGTH, money_of
from claimdesk.vocabulary import DocumentState


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Where the same paper was met: `kind` is 'number', 'file' or 'similar'; `blocking` ones need a reason."""

    kind: str
    blocking: bool
    sentence: str
    case_id: int | None
    case_number: str
    document_id: int


def find_duplicates(
    session: Session, fields: Mapping[str, str], sha256s: Sequence[str], exclude_document: int | None
) -> list[Duplicate]:
    """The same code and number, the same file, then (a warning only) the same seller, date and total."""
    found = [
        *_same_number(session, fields, exclude_document),
        *_same_file(session, sha256s, exclude_document),
        *_similar(session, fields, exclude_document),
    ]
    kept: dict[int, Duplicate] = {}
    for one in found:
        kept.setdefault(one.document_id, one)
    return sorted(kept.values(), key=lambda one: not one.blocking)


def _same_number(session: Session, fields: Mapping[str, str], exclude: int | None) -> list[Duplicate]:
    code, number = fields.get('invoice_code', '').strip(), fields.get('invoice_number', '').strip()
    if not number:
        return []
    rows = session.execute(
        select(Case.id, Case.number, Invoice.document_id)
        .join(Case, Case.id == Invoice.case_id)
        .where(
            Invoice.number == number,
            # A digital invoice is known by its number alone, whatever stands in the place of the code.
            Invoice.code == code if len(number) < DIGITAL_LENGTH else true(),
            Invoice.document_id != (exclude or 0),
        )
        .order_by(Invoice.id)
    )
    sentence = _("Invoice {invoice} was already used in case {case}.")
    return [
        Duplicate('number', True, sentence.format(invoice=number, case=case), case_id, case, document_id)
        for case_id, case, document_id in rows
    ]


def _same_file(session: Session, sha256s: Sequence[str], exclude: int | None) -> list[Duplicate]:
    if not sha256s:
        return []
    mine = select(DocumentPage.sha256, DocumentPage.page_index).where(DocumentPage.document_id == (exclude or 0))
    pages = {(sha256, index) for sha256, index in session.execute(mine)}
    own_case = session.scalar(select(Document.case_id).where(Document.id == (exclude or 0)))
    rows = session.execute(
        select(DocumentPage.sha256, DocumentPage.page_index, Document.id, Document.case_id, Document.state, Case.number)
        .join(Document, Document.id == DocumentPage.document_id)
        .outerjoin(Case, Case.id == Document.case_id)
        .where(
            DocumentPage.sha256.in_(set(sha256s)),
            Document.removed_at.is_(None),
            Document.id != (exclude or 0),
        )
        .order_by(Document.id)
    )
    found = []
    for sha256, index, document_id, case_id, state, number in rows:
        if pages and (sha256, index) not in pages:
            continue  # another page of the same file, as after a split
        if case_id is None:
            sentence = _("The same file waits in the inbox a second time.")
        else:
            sentence = _("The same file is already in case {case}.").format(case=number)
        blocking = state is DocumentState.CONFIRMED or (case_id is not None and case_id != own_case)
        found.append(Duplicate('file', blocking, sentence, case_id, number or '', document_id))
    return found


def _similar(session: Session, fields: Mapping[str, str], exclude: int | None) -> list[Duplicate]:
    seller = fields.get('seller_name', '').strip()
    try:
        day = dt.date.fromisoformat(fields.get('issue_date', '').strip())
        total = money_of(fields.get('total', ''))
    except (ValueError, InvalidInput):
        return []
    if not seller or total is None:
        return []
    rows = session.execute(
        select(Case.id, Case.number, Invoice.document_id, Invoice.number)
        .join(Case, Case.id == Invoice.case_id)
        .where(
            Invoice.seller_name == seller,
            Invoice.issue_date == day,
            Invoice.total == total,
            Invoice.document_id != (exclude or 0),
        )
        .order_by(Invoice.id)
    )
    sentence = _("Invoice {invoice} in case {case} has the same seller, date and total.")
    return [
        Duplicate('similar', False, sentence.format(invoice=invoice, case=case), case_id, case, document_id)
        for case_id, case, document_id, invoice in rows
    ]
