"""All that the bench shows of one document, gathered in the background before it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from claimdesk.forms import form_of
from claimdesk.services.filing import Wanted
from claimdesk.services.identity import REVERSED
from claimdesk.services.invoice_fields import spelled
from claimdesk.services.reading_view import (
    CHECK,
    MISSING,
    SURE,
    FieldView,
    expected_fields,
    missing_field,
)
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, DocumentState

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.documents import DocumentView
    from claimdesk.services.filing import Place
    from claimdesk.services.invoice_views import InvoiceView
    from claimdesk.services.reading_view import ReadingView

CELLS = ('name', 'specification', 'unit', 'quantity', 'unit_price', 'amount', 'tax_rate', 'tax', 'medical_class')
"""The cells of an invoice line, in the order of a form."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document with its last reading, its confirmed invoice, the cases it points to, and the case it is in."""

    document: DocumentView
    reading: ReadingView | None
    invoice: InvoiceView | None
    suggestions: tuple[Place, ...]
    wanted: Wanted | None
    locked: bool = False
    """Whether it is a PDF that asks for a password."""

    @property
    def confirmed(self) -> bool:
        """Whether a person has confirmed it."""
        return self.document.state is DocumentState.CONFIRMED

    def fields(self, kind: DocumentKind) -> tuple[FieldView, ...]:
        """The fields of a paper of `kind`: as confirmed, or as read with the least certain first."""
        form = form_of(kind)
        read = {field.name: field for field in self.reading.fields} if self.reading else {}
        if self.confirmed and form.fields:
            known = kind in INVOICE_KINDS and self.invoice is not None
            values = invoice_values(self.invoice) if known and self.invoice else self.document.fields
            names = [name for name in form.names if name in values]
            return tuple(_confirmed(read.get(name) or missing_field(name, kind), values[name]) for name in names)
        wanted = [read.get(name) or missing_field(name, kind) for name in expected_fields(kind)]
        # A code on paper that should have none is shown all the same: the machine may be wrong about the kind.
        shown = set(expected_fields(kind))
        wanted += [field for name, field in read.items() if field.value and name in form.names and name not in shown]
        if REVERSED in form.names and REVERSED not in read and (total := read.get('total')) and total.value[:1] == '-':
            wanted.append(missing_field(REVERSED, kind))
        order = {CHECK: 0, MISSING: 1}
        return tuple(sorted(wanted, key=lambda field: (order.get(field.status, 2), field.confidence)))

    def items(self) -> tuple[Mapping[str, str], ...]:
        """The lines of the invoice: as confirmed, or as read."""
        if self.invoice is not None:
            return tuple(
                {name: '' if (cell := getattr(line, name)) is None else str(cell) for name in CELLS}
                for line in self.invoice.lines
            )
        if self.document.lines:
            return self.document.lines
        return self.reading.items if self.reading else ()


def load(desk: Desk, document_id: int) -> Sheet:
    """Everything about a document. Raises `NotFound`."""
    actor = desk.signed_in
    document = desk.documents.get(actor, document_id)
    confirmed = document.state is DocumentState.CONFIRMED
    reading = desk.readings.latest(actor, document_id)
    return Sheet(
        document=document,
        reading=reading,
        invoice=desk.invoices.of_document(actor, document_id) if confirmed else None,
        suggestions=() if document.case_id else tuple(desk.filing.suggest(actor, document_id)),
        wanted=desk.filing.wanted(actor, document.case_id, document.kind) if document.case_id else None,
        locked=document.state is DocumentState.UNREADABLE and desk.page_copies.is_locked(actor, document_id),
    )


def invoice_values(invoice: InvoiceView) -> dict[str, str]:
    """A confirmed invoice as a form shows it, by field name; what a paper of its kind does not have is left out."""
    values = spelled(invoice) | {REVERSED: invoice.reverses}
    values['tax'] = values['tax'] or '***'
    wanted = expected_fields(invoice.kind)
    return {name: value for name, value in values.items() if name in wanted or value}


def _confirmed(read: FieldView, value: str) -> FieldView:
    return replace(read, value=value, confidence=1.0, source='person', status=SURE, reason='', alternatives=())
