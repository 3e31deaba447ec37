"""What a person confirmed of a document, under the names that the reader uses, and comparing it with a reading."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import from_capital
from claimdesk.forms import FieldType, type_of
from claimdesk.models import Document, Invoice
from claimdesk.models.page_text import folded
from claimdesk.services.invoice_fields import NO_TAX, spelled


def confirmed_values(session: Session, document: Document) -> dict[str, str]:
    """The confirmed fields of a document, money with two places and dates in ISO; without empty ones.

    Which invoice a credit note takes back is not among them: it is kept in another spelling.
    """
    if document.fields:
        return {name: str(value) for name, value in document.fields.items() if value}
    invoice = session.scalar(select(Invoice).where(Invoice.document_id == document.id))
    if invoice is None:
        return {}
    return {name: value for name, value in spelled(invoice).items() if value}


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
