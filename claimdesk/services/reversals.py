"""Credit notes (red invoices) and the invoices that they take back, both ways and over the whole office."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text
from claimdesk.language import _
from claimdesk.models import Case, Invoice
from claimdesk.services.identity import DIGITAL_LENGTH, REVERSED, identity_of, reversed_in
from claimdesk.vocabulary import INVOICE_KINDS

if TYPE_CHECKING:
    from claimdesk.ocr import PageReading

READ = 0.9
"""How sure a remark on a page is: a person looks at it."""


@dataclass(frozen=True, slots=True)
class Reversal:
    """A credit note and the invoice that it takes back, seen from the document that was asked about.

    `credit` says that this document is the credit note. The other paper has no `document_id` where the office does not
    know it. `amount` is that of the credit note, below zero.
    """

    credit: bool
    number: str
    amount: Decimal
    document_id: int | None
    case_id: int | None
    case_number: str

    @property
    def sentence(self) -> str:
        """The tie in words."""
        if not self.credit:
            return _("Credit note {number} in case {case} takes {amount} of this invoice back.").format(
                number=self.number, case=self.case_number, amount=money_text(-self.amount)
            )
        if self.document_id is None:
            return _("This credit note takes back invoice {number}, which this office has not seen.").format(
                number=self.number
            )
        return _("This credit note takes back invoice {number} in case {case}.").format(
            number=self.number, case=self.case_number
        )


def credits_of(session: Session, code: str, number: str, besides: int = 0) -> list[Reversal]:
    """The credit notes that take back the invoice with this code and number."""
    if not number:
        return []
    rows = session.execute(
        select(Invoice.number, Invoice.total, Invoice.document_id, Case.id, Case.number)
        .join(Case, Case.id == Invoice.case_id)
        .where(
            Invoice.reverses == identity_of(code, number), Invoice.reverses != '', Invoice.document_id != besides,
            # Kept twice on purpose, it still takes the amount back once.
            Invoice.identity.is_not(None),
        )
        .order_by(Invoice.id)
    )  # fmt: skip
    return [Reversal(False, credit, total, document, case_id, case) for credit, total, document, case_id, case in rows]


def taken_back_by(session: Session, reverses: str, total: Decimal) -> list[Reversal]:
    """The invoice that a credit note over `total` names by `reverses`: where it is, or that nobody has seen it."""
    if not reverses:
        return []
    code, _dash, number = reverses.rpartition('-')
    rows = session.execute(
        select(Invoice.document_id, Case.id, Case.number)
        .join(Case, Case.id == Invoice.case_id)
        .where(Invoice.number == number, Invoice.code == code if len(number) < DIGITAL_LENGTH else Invoice.number != '')
        .order_by(Invoice.id)
    )
    found = [Reversal(True, number, total, document, case_id, case) for document, case_id, case in rows]
    return found or [Reversal(True, number, total, None, None, '')]


def reversals_of(session: Session, invoices: Sequence[Invoice]) -> dict[int, tuple[Reversal, ...]]:
    """By document: what each of these invoices takes back, or what takes it back; those without a tie are left out."""
    ties = {}
    backs = _credits(session, [identity_of(one.code, one.number) for one in invoices if one.number])
    for one in invoices:
        found = taken_back_by(session, one.reverses, one.total)
        if one.number and identity_of(one.code, one.number) in backs:
            found += credits_of(session, one.code, one.number, one.document_id)
        if found:
            ties[one.document_id] = tuple(found)
    return ties


def what_is_left(session: Session, invoices: Sequence[Invoice]) -> dict[int, Decimal]:
    """By document: what is left of each invoice that was taken back in part or in whole, in yuan and never below 0."""
    backs = _credits(session, [identity_of(one.code, one.number) for one in invoices if one.number])
    return {
        one.document_id: max(Decimal('0.00'), one.total + backs[key])
        for one in invoices
        if one.number and (key := identity_of(one.code, one.number)) in backs
    }


def _credits(session: Session, identities: Collection[str]) -> Mapping[str, Decimal]:
    """The sum of the credit notes for each of these invoices that has any; below zero."""
    sums: dict[str, Decimal] = {}
    wanted = list(identities)
    for begin in range(0, len(wanted), 200):
        rows = session.execute(
            select(Invoice.reverses, Invoice.total).where(
                Invoice.reverses.in_(wanted[begin : begin + 200]),
                Invoice.reverses != '',
                Invoice.identity.is_not(None),
            )
        )
        for reverses, total in rows:
            sums[reverses] = sums.get(reverses, Decimal(0)) + total
    return sums


def naming_reversed(page: PageReading) -> PageReading:
    """The page of a credit note with the field that names the invoice it takes back, read from its remark."""
    from claimdesk.ocr import FieldReading

    total = page.fields.get('total')
    if page.kind not in INVOICE_KINDS or total is None or not total.value.startswith('-'):
        return page
    said = reversed_in(page.text)
    if not said:
        return page
    field = FieldReading(REVERSED, said, READ, total.source, reason=_("Read from the remark: compare the number."))
    return replace(page, fields=page.fields | {REVERSED: field})
