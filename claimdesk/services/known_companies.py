"""Which company bears which tax number, as people of this office confirmed it: what reading may remember."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.models import Invoice

if TYPE_CHECKING:
    from claimdesk.ocr import FileReading, KnownCompanies

MOST = 20
"""A tax number with more names, or a name with more tax numbers, tells nothing."""
SIDES = (
    (Invoice.seller_tax_id, Invoice.seller_name),
    (Invoice.buyer_tax_id, Invoice.buyer_name),
)


def known_companies(session: Session, reading: FileReading, leave_out: int | None = None) -> KnownCompanies:
    """What confirmed invoices say about the tax numbers and names in `reading`, of either side of the form.

    What the document `leave_out` itself says does not count.
    """
    from claimdesk.ocr import KnownCompanies

    fields = [field for page in reading.pages for field in page.fields.values() if field.value]
    numbers = {field.value for field in fields if field.name in ('buyer_tax_id', 'seller_tax_id')}
    names = {field.value for field in fields if field.name in ('buyer_name', 'seller_name')}
    turned = [(name, number) for number, name in SIDES]
    return KnownCompanies(
        names={number: found for number in numbers if (found := _beside(session, number, SIDES, leave_out))},
        numbers={name: found for name in names if (found := _beside(session, name, turned, leave_out))},
    )


def _beside(
    session: Session,
    value: str,
    columns: Iterable[tuple[InstrumentedAttribute[str], InstrumentedAttribute[str]]],
    leave_out: int | None,
) -> tuple[str, ...]:
    """What was confirmed beside `value`; nothing where there is too much of it."""
    found: set[str] = set()
    for given, wanted in columns:
        query = select(wanted).where(given == value, wanted != '').distinct().limit(MOST + 1)
        if leave_out is not None:
            query = query.where(Invoice.document_id != leave_out)
        found.update(session.scalars(query))
    return tuple(sorted(found)) if len(found) <= MOST else ()
