"""What a person typed for a paper that is no tax invoice, checked field by field by the types of its form."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from claimdesk.errors import InvalidInput
from claimdesk.forms import Field, FieldType, form_of, invoice_values
from claimdesk.language import _
from claimdesk.services.identity import DIGITAL_LENGTH, identity_of
from claimdesk.services.invoice_fields import InvoiceValues, money_of
from claimdesk.vocabulary import DocumentKind

LONGEST = {FieldType.NAME: 120, FieldType.TEXT: 200, FieldType.CAPITAL: 80}
CODE_LENGTH = 40
NUMBER_LENGTH, PAPER_CODE_LENGTH = 24, 12
LONGEST_NAMED = {'receipt_number': DIGITAL_LENGTH, 'receipt_code': PAPER_CODE_LENGTH, 'invoice_code': PAPER_CODE_LENGTH}
EARLIEST = dt.date(1900, 1, 1)


def check_paper(fields: Mapping[str, str], today: dt.date, kind: DocumentKind) -> dict[str, str]:
    """The fields of a paper of `kind`, stripped, money with two places; empty ones are left out.

    Raises `InvalidInput` naming every wrong field at once.
    """
    form, wrong, kept = form_of(kind), dict[str, str](), dict[str, str]()
    for field in form.fields:
        text = fields.get(field.name, '').strip()
        if not text:
            if field.name in form.needed:
                wrong[field.name] = _("Enter this.")
            continue
        try:
            kept[field.name] = _checked(field, text, today)
        except InvalidInput as error:
            wrong[field.name] = error.sentence
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
    return kept


def receipt_values(kept: Mapping[str, str], kind: DocumentKind) -> InvoiceValues:
    """A checked receipt or ticket as it is kept beside invoices; one without a code is known by its maker or its day.

    One without a number has no identity.
    """
    said = invoice_values(kind, kept)
    code, number, seller = said.get('invoice_code', ''), said.get('invoice_number', ''), said.get('seller_name', '')
    day = said.get('issue_date', '')[:10]
    return InvoiceValues(
        identity=identity_of(code, number, seller or day) if number else '',
        code=code,
        number=number,
        issue_date=dt.date.fromisoformat(day) if day else None,
        check_code=said.get('check_code', ''),
        buyer_name=said.get('buyer_name', ''),
        buyer_tax_id='',
        seller_name=seller,
        seller_tax_id='',
        amount=None,
        tax=None,
        total=Decimal(said['total']),
        total_capital=said.get('total_capital', ''),
    )


def _checked(field: Field, text: str, today: dt.date) -> str:
    match field.type:
        case FieldType.MONEY:
            amount = money_of(text)
            if amount is None:
                raise InvalidInput(_("This is not an amount."))
            return f'{amount:.2f}'
        case FieldType.DATE:
            return _day(text, today).isoformat()
        case FieldType.MOMENT:
            return f'{_day(text[:10], today).isoformat()}{text[10:]}'
        case FieldType.DIGITS:
            if not re.fullmatch(r'\d+', text):
                raise InvalidInput(_("This has digits only."))
    longest = LONGEST.get(field.type, CODE_LENGTH)
    if field.name.endswith(('_number', '_code')):
        longest = LONGEST_NAMED.get(field.name, NUMBER_LENGTH)
    if len(text) > longest:
        raise InvalidInput(_("This is longer than {limit} characters.").format(limit=longest))
    return text


def _day(text: str, today: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(_("Enter a date like 2026-03-15.")) from error
    if day > today:
        raise InvalidInput(_("This date lies in the future."))
    if day < EARLIEST:
        raise InvalidInput(_("This date is too early."))
    return day
