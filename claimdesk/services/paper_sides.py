"""Papers as they are compared with their case: as confirmed, else as read; and where on the page each part stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.forms import form_of, invoice_values
from claimdesk.models import Document, Invoice, InvoiceLine, ReadingRecord
from claimdesk.models.page_text import folded
from claimdesk.rules.paper_checks import LINES, PAGE, Paper, PaperFinding
from claimdesk.services.page_texts import page_texts, turned_box
from claimdesk.services.reading_view import SURE, Box, ReadingView, pages_now, reading_view
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, DocumentState

SURE_LINES = 0.95
OWN_TEXT = frozenset({'text_layer', 'xml', 'ofd'})
"""Sources of a field that show that the file itself holds its text."""
_DOTS = re.compile('[·•.]')
SHOWN_WORDS = 12
"""So many characters of a name are searched for on the page: a longer one may run over two lines."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a document: page (from 0), and the box on it as fractions of the upright page, None for all of it."""

    page: int = 0
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A document with its paper, and what was read on it, None where nothing was."""

    document: Document
    paper: Paper
    reading: ReadingView | None


def sides_of(session: Session, documents: Sequence[Document]) -> list[Side]:
    """Those of `documents` that have fields to compare, each as confirmed, else as read."""
    formed = [one for one in documents if form_of(one.kind).fields and one.removed_at is None]
    readings = _readings(session, formed)
    invoices = {
        row.document_id: row
        for row in session.scalars(select(Invoice).where(Invoice.document_id.in_([one.id for one in formed])))
    }
    found = []
    for document in formed:
        reading = readings.get(document.id)
        confirmed = document.state is DocumentState.CONFIRMED
        if not confirmed and reading is None:
            continue
        invoice = invoices.get(document.id) if confirmed else None
        paper = _confirmed(document, invoice, reading) if confirmed else _read(document.kind, reading)
        found.append(Side(document, paper, reading))
    return found


def paper_as_typed(
    side: Side | None, kind: DocumentKind, values: Mapping[str, str], items: Sequence[str], unsure: frozenset[str]
) -> Paper:
    """A paper as it stands on the bench, with the text that was read on it."""
    reading = side.reading if side is not None else None
    return Paper(kind, values, tuple(items), reading.text if reading is not None else '', unsure | _page(reading))


def spot_of(session: Session, document: Document, reading: ReadingView | None, finding: PaperFinding) -> Spot:
    """Where in the document a finding stands."""
    part, _dot, number = finding.place.partition('.')
    if part == LINES:
        item = str(finding.facts.get('item', ''))
        return _on_a_page(session, document, folded(item)[:SHOWN_WORDS], int(number or 0))
    if finding.place == PAGE:
        plates = finding.facts.get('plate') or ['检验有效期至']
        return _on_a_page(session, document, folded(str(plates[0])), 0)
    field = next((one for one in reading.fields if one.name == finding.place), None) if reading is not None else None
    return Spot(field.page, field.box) if field is not None else Spot()


def _readings(session: Session, documents: Sequence[Document]) -> dict[int, ReadingView]:
    """The last reading of each document whose pages are still those that were read."""
    by_id = {document.id: document for document in documents}
    latest = (
        select(func.max(ReadingRecord.id))
        .where(ReadingRecord.document_id.in_(list(by_id)))
        .group_by(ReadingRecord.document_id)
    )
    rows = session.scalars(select(ReadingRecord).where(ReadingRecord.id.in_(latest)))
    return {
        row.document_id: reading_view(row, by_id[row.document_id])
        for row in rows
        if row.payload['pages'] == pages_now(by_id[row.document_id])
    }


def _read(kind: DocumentKind, reading: ReadingView | None) -> Paper:
    if reading is None:
        return Paper(kind, {})
    unsure = {field.name for field in reading.fields if field.status != SURE}
    if reading.items_confidence < SURE_LINES:
        unsure.add(LINES)
    return Paper(kind, reading.values(), _names(reading), reading.text, _page(reading) | unsure)


def _confirmed(document: Document, invoice: Invoice | None, reading: ReadingView | None) -> Paper:
    """A confirmed paper; the text around its fields is still only as read, which is sure where the file holds it."""
    text = reading.text if reading is not None else ''
    unsure = _page(reading)
    if invoice is None or document.kind not in INVOICE_KINDS:
        values = dict(document.fields or {})
        items = _lines(invoice) if invoice is not None else _names(reading) if reading is not None else ()
        if invoice is None and reading is not None and reading.items_confidence < SURE_LINES:
            unsure |= {LINES}
        return Paper(document.kind, values, items, text, unsure)
    names = invoice_values(document.kind, {name: name for name in form_of(document.kind).names})
    kept = {
        'invoice_number': invoice.number,
        'issue_date': invoice.issue_date.isoformat() if invoice.issue_date else '',
        'buyer_name': invoice.buyer_name,
        'seller_name': invoice.seller_name,
        'total': f'{invoice.total:.2f}',
    }
    return Paper(document.kind, {name: kept[name] for name in names if name in kept}, _lines(invoice), text, unsure)


def _page(reading: ReadingView | None) -> frozenset[str]:
    """The place of the text around the fields, unless nobody can have misread it."""
    sources = {part for field in reading.fields for part in field.source.split('+')} if reading is not None else set()
    return frozenset() if sources & OWN_TEXT else frozenset({PAGE})


def _lines(invoice: Invoice) -> tuple[str, ...]:
    lines: Sequence[InvoiceLine] = invoice.lines
    return tuple(line.name for line in lines)


def _names(reading: ReadingView) -> tuple[str, ...]:
    return tuple(item.get('name', '') for item in reading.items)


def _on_a_page(session: Session, document: Document, words: str, time: int) -> Spot:
    """Where `words` stand in the document: the place after `time` others, else the first, else its first page."""
    places, wanted = list[Spot](), _DOTS.sub('', words)
    told = page_texts(session, [(page.sha256, page.page_index) for page in document.pages])
    for page in document.pages:
        said = told.get((page.sha256, page.page_index))
        if said is None or not wanted:
            continue
        places += [
            Spot(page.position, turned_box(run.box, page.rotation - said.rotation))
            for row in said.rows
            for run in row
            if run.box is not None and wanted in _DOTS.sub('', folded(run.text))
        ]
    return places[min(time, len(places) - 1)] if places else Spot()
