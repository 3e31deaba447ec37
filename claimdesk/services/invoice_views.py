"""Invoices as they were confirmed, shaped for reading."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.models import Document, Invoice
from claimdesk.vocabulary import DocumentKind


@dataclass(frozen=True, slots=True)
class InvoiceLineView:
    """One line of an invoice; quantity, unit price and rate as printed, money in yuan."""

    name: str
    specification: str
    unit: str
    quantity: str
    unit_price: str
    amount: Decimal | None
    tax_rate: str
    tax: Decimal | None
    medical_class: str = ''


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice as confirmed, money in yuan. `duplicate_reason` says why a second copy was kept on purpose, `reverses`
    which invoice this credit note takes back."""

    id: int
    version: int
    document_id: int
    case_id: int
    kind: DocumentKind
    code: str
    number: str
    issue_date: dt.date | None
    check_code: str
    buyer_name: str
    buyer_tax_id: str
    seller_name: str
    seller_tax_id: str
    amount: Decimal | None
    tax: Decimal | None
    total: Decimal
    total_capital: str
    duplicate_reason: str
    confirmed_at: dt.datetime | None
    lines: tuple[InvoiceLineView, ...]
    reverses: str = ''


def invoice_view(invoice: Invoice, document: Document) -> InvoiceView:
    """An invoice and the document that it was confirmed from."""
    return InvoiceView(
        id=invoice.id,
        version=invoice.version,
        document_id=invoice.document_id,
        case_id=invoice.case_id,
        kind=document.kind,
        code=invoice.code,
        number=invoice.number,
        issue_date=invoice.issue_date,
        check_code=invoice.check_code,
        buyer_name=invoice.buyer_name,
        buyer_tax_id=invoice.buyer_tax_id,
        seller_name=invoice.seller_name,
        seller_tax_id=invoice.seller_tax_id,
        amount=invoice.amount,
        tax=invoice.tax,
        total=invoice.total,
        total_capital=invoice.total_capital,
        duplicate_reason=invoice.duplicate_reason,
        confirmed_at=document.confirmed_at,
        lines=tuple(
            InvoiceLineView(
                line.name,
                line.specification,
                line.unit,
                line.quantity,
                line.unit_price,
                line.amount,
                line.tax_rate,
                line.tax,
                line.medical_class,
            )
            for line in invoice.lines
        ),
        reverses=invoice.reverses,
    )
