"""Whether two pages that look alike are the same paper: what stands on them decides, for forms look alike as well."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.forms import FieldType, invoice_values, type_of
from claimdesk.models import Document, Invoice
from claimdesk.services.page_looks import NearPage, near_pages
from claimdesk.services.reading_view import SURE, latest_view
from claimdesk.vocabulary import DocumentKind

NUMBER = 'invoice_number'
EXACT = frozenset({FieldType.DIGITS, FieldType.CODE, FieldType.DATE, FieldType.MONEY, FieldType.MOMENT})
"""Fields of these types are read or not; names and words may be spelled in two ways."""
LEAST_FIGURES, SHARED_FIGURES = 4, 0.7
"""So many numbers must stand on both pages, and so many of them be the same, where no field tells."""
MOST_READ = 100
"""Documents whose content is looked at, the nearest first."""
CLOSE = 16
"""Pages without any legible number are the same only where they differ in no more bits than this."""
_FIGURE = re.compile(r'\d(?:[\d.,]*\d)?')


@dataclass(frozen=True, slots=True)
class Said:
    """What is known to stand on a document: values by the names of an invoice, which of them are sure, its numbers."""

    values: Mapping[str, str] = field(default_factory=dict)
    sure: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()


def same_pages(session: Session, document_id: int, typed: Mapping[str, str]) -> list[NearPage]:
    """Pages of other documents that look like one of this document's and do not say otherwise, the nearest first.

    None where this document's number is sure: then that tells.

    `typed` are values that a person has before them; they are sure where they are not what the machine read.
    """
    mine = _with_typed(said_by(session, document_id), typed)
    if NUMBER in mine.sure:
        return []  # the number tells
    near = _uncontradicted(session, mine, near_pages(session, document_id))
    return [one for one in near[:MOST_READ] if same_content(mine, said_by(session, one.document_id), one.difference)]


def _uncontradicted(session: Session, mine: Said, near: Sequence[NearPage]) -> list[NearPage]:
    """Those that were not confirmed over another day or another total: forms of one seller look alike in hundreds."""
    day, total = (mine.values[name] if name in mine.sure else '' for name in ('issue_date', 'total'))
    confirmed = session.execute(
        select(Invoice.document_id, Invoice.issue_date, Invoice.total).where(
            Invoice.document_id.in_([one.document_id for one in near])
        )
    )
    others = {
        document_id
        for document_id, other_day, other_total in confirmed
        if (day and other_day is not None and other_day.isoformat() != day[:10])
        or (total and f'{other_total:.2f}' != total)
    }
    return [one for one in near if one.document_id not in others]


def same_content(one: Said, other: Said, difference: int) -> bool:
    """Whether what stands on two pages, `difference` bits apart, may be the same paper."""
    both = {name for name in one.values.keys() & other.values.keys() if one.values[name] and other.values[name]}
    exact = {name for name in both if type_of(name) in EXACT}
    unlike = {name for name in exact if one.values[name] != other.values[name]}
    if unlike & one.sure & other.sure:
        return False
    same = exact - unlike
    if NUMBER in same or {'issue_date', 'total'} <= same:
        return True
    most = min(len(one.figures), len(other.figures))
    if most >= LEAST_FIGURES:
        return len(one.figures & other.figures) >= SHARED_FIGURES * most
    return not unlike and difference <= CLOSE


def said_by(session: Session, document_id: int) -> Said:
    """What was confirmed of a document, else what was read from it."""
    document = session.get(Document, document_id)
    if document is None:
        return Said()
    reading = latest_view(session, document)
    figures = figures_of(reading.text) if reading is not None else frozenset()
    confirmed = _confirmed(session, document)
    if confirmed:
        return Said(confirmed, frozenset(confirmed), figures)
    if reading is None:
        return Said()
    values = invoice_values(reading.kind, reading.values())
    sure = invoice_values(reading.kind, {one.name: one.status for one in reading.fields if one.status == SURE})
    return Said(values, frozenset(sure), figures)


def figures_of(text: str) -> frozenset[str]:
    """The numbers of three digits and more in a text, as printed."""
    return frozenset(match for match in _FIGURE.findall(text) if sum(sign.isdigit() for sign in match) >= 3)


def _confirmed(session: Session, document: Document) -> dict[str, str]:
    if document.confirmed_at is None:
        return {}
    values = invoice_values(document.kind, document.fields or {})
    row = session.scalar(select(Invoice).where(Invoice.document_id == document.id))
    if row is not None and document.kind is not DocumentKind.TRAIN_TICKET:
        money = {name: getattr(row, name) for name in ('amount', 'tax', 'total')}
        values |= {
            'invoice_code': row.code, 'invoice_number': row.number, 'check_code': row.check_code,
            'issue_date': row.issue_date.isoformat() if row.issue_date else '',
            **{name: f'{value:.2f}' for name, value in money.items() if value is not None},
        }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def _with_typed(read: Said, typed: Mapping[str, str]) -> Said:
    changed = {name: value.strip() for name, value in typed.items() if value.strip() != read.values.get(name, '')}
    # What a person cleared says nothing; what a person typed is meant.
    kept = {name: value for name, value in {**read.values, **changed}.items() if value}
    return Said(kept, (read.sure | changed.keys()) & kept.keys(), read.figures)
