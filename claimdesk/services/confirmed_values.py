"""What a person confirmed of a document, under the names that the reader uses, and comparing it with a reading."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import from_capital
from claimdesk.forms import FieldType, type_of
from claimdesk.models import Document, Invoice
from claimdesk.models.page_text import folded
from claimdesk.services.invoice_fields import NO_TAX


def confirmed_values(session: Session, document: Document) -> dict[str, str]:
    """The confirmed fields of a document, money with two places and dates in ISO; without empty ones.

    Which invoice a credit note takes back is not among them: it is kept in another spelling.
    """
    if document.fields:
        return {name: str(value) for name, value in document.fields.items() if value}
    invoice = session.scalar(select(Invoice).where(Invoice.document_id == document.id))
    if invoice is None:
        return {}
    said = {
        'invoice_code': invoice.code,
        'invoice_number': invoice.number,
        'issue_date': invoice.issue_date.isoformat() if invoice.issue_date else '',
        'check_code': invoice.check_code,
        'buyer_name': invoice.buyer_name,
        'buyer_tax_id': invoice.buyer_tax_id,
        'seller_name': invoice.seller_name,
        'seller_tax_id': invoice.seller_tax_id,
        'amount': '' if invoice.amount is None else f'{invoice.amount:.2f}',
        'tax': '' if invoice.tax is None else f'{invoice.tax:.2f}',
        'total': f'{invoice.total:.2f}',
        'total_capital': invoice.total_capital,
    }
    return {name: value for name, value in said.items() if value}


def same_value(field: str, one: str, other: str) -> bool:
    """Whether two values of `field` say the same, however they are written."""
    plain, beside = folded(one), folded(other)
    if plain == beside:
        return True
    if type_of(field) is FieldType.MONEY:
        if plain in NO_TAX and beside in NO_TAX:
            return True
        return plain.replace(',', '').lstrip('¥') == beside.replace(',', '').lstrip('¥')
    if type_of(field) is FieldType.CAPITAL:
        amount = from_capital(one)
        return amount is not None and amount == from_capital(other)
    return False
