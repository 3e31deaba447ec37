"""What a person typed for an invoice, checked field by field and turned into dates and money."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.models import Invoice, InvoiceLine
from claimdesk.services.identity import REVERSED, identity_of, is_invoice_identity
from claimdesk.vocabulary import DocumentKind

if TYPE_CHECKING:
    from claimdesk.services.invoice_views import InvoiceView

LIMITS = {
    'check_code': 24,
    'buyer_name': 120,
    'buyer_tax_id': 24,
    'seller_name': 120,
    'seller_tax_id': 24,
    'total_capital': 80,
}
ITEM_LIMITS = {
    'name': 200, 'specification': 80, 'unit': 24, 'quantity': 24, 'unit_price': 32, 'tax_rate': 16, 'medical_class': 8,
}  # fmt: skip
NO_TAX = ('', '***', '免税', '不征税', '免征增值税')
"""What is printed in place of an amount of tax where none is due."""

FIRST_INVOICE = dt.date(1994, 1, 1)
"""VAT invoices came with the tax reform of 1994."""

DIGITAL = (DocumentKind.DIGITAL_SPECIAL, DocumentKind.DIGITAL_NORMAL)


@dataclass(frozen=True, slots=True)
class InvoiceValues:
    """The checked values of an invoice, money in yuan. `identity` is what makes it one of its kind, `reverses` that
    of the invoice that it takes back."""

    identity: str
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
    reverses: str = ''


def money_of(text: str) -> Decimal | None:
    """An amount in yuan as typed (`¥1,234.50`), None for nothing or a sign of no tax. Raises `InvalidInput`."""
    plain = text.strip().translate(str.maketrans('，．－￥', ',.-¥')).replace('¥', '').replace(',', '').replace(' ', '')
    if plain in NO_TAX:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise InvalidInput(_("This is not an amount.")) from error
    if not value.is_finite() or abs(value) >= Decimal('1e12'):
        raise InvalidInput(_("This is not an amount."))
    if value != value.quantize(Decimal('0.01')):
        raise InvalidInput(_("An amount has at most two decimals."))
    return value.quantize(Decimal('0.01'))


def check_fields(fields: Mapping[str, str], today: dt.date, kind: DocumentKind) -> InvoiceValues:
    """The values of an invoice from what was typed. Raises `InvalidInput` naming every wrong field at once."""
    wrong: dict[str, str] = {}
    text = {name: fields.get(name, '').strip() for name in ('invoice_code', 'invoice_number', *LIMITS)}
    _check_number(text['invoice_code'], text['invoice_number'], kind, wrong)
    day = _date(fields.get('issue_date', '').strip(), today, wrong)
    money = {name: _money(fields.get(name, ''), name, wrong) for name in ('amount', 'tax', 'total')}
    if money['total'] is None and 'total' not in wrong:
        wrong['total'] = _("Enter the total including tax.")
    for name, limit in LIMITS.items():
        if len(text[name]) > limit:
            wrong[name] = _("This is longer than {limit} characters.").format(limit=limit)
    total = money['total']
    reverses = _reversed(fields.get(REVERSED, '').strip(), total, wrong)
    if wrong or day is None or total is None:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
    return InvoiceValues(
        identity=identity_of(text['invoice_code'], text['invoice_number']),
        code=text['invoice_code'],
        number=text['invoice_number'],
        issue_date=day,
        amount=money['amount'],
        tax=money['tax'],
        total=total,
        reverses=reverses,
        **{name: text[name] for name in LIMITS},
    )


def check_items(items: Sequence[Mapping[str, str]]) -> list[InvoiceLine]:
    """The lines of an invoice from what was typed; empty ones are left out. Raises `InvalidInput` ('items')."""
    lines: list[InvoiceLine] = []
    for item in items:
        cells = {name: str(item.get(name, '')).strip() for name in (*ITEM_LIMITS, 'amount', 'tax')}
        if not any(cells.values()):
            continue
        try:
            amount, tax = money_of(cells['amount']), money_of(cells['tax'])
        except InvalidInput as error:
            sentence = _("Line {line}: {problem}").format(line=len(lines) + 1, problem=error.sentence)
            raise InvalidInput(_("Some fields need your attention."), '', {'items': sentence}) from error
        short = {name: cells[name][:limit] for name, limit in ITEM_LIMITS.items()}
        lines.append(InvoiceLine(position=len(lines), amount=amount, tax=tax, **short))
    return lines


def spelled(invoice: Invoice | InvoiceView) -> dict[str, str]:
    """A confirmed invoice by field name: money with two places, dates in ISO, '' for what it does not have."""
    return {
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


def line_cells(line: InvoiceLine) -> dict[str, str]:
    """A line by the names of its cells, as text; empty ones are left out."""
    values = {name: getattr(line, name) for name in (*ITEM_LIMITS, 'amount', 'tax')}
    return {name: str(value) for name, value in values.items() if value not in (None, '')}


def _check_number(code: str, number: str, kind: DocumentKind, wrong: dict[str, str]) -> None:
    if not number:
        wrong['invoice_number'] = _("Enter the invoice number.")
    elif kind in DIGITAL and not re.fullmatch(r'\d{20}', number):
        wrong['invoice_number'] = _("The number of a digital invoice has 20 digits.")
    elif not re.fullmatch(r'\d{8}|\d{20}', number):
        wrong['invoice_number'] = _("An invoice number has 8 digits, that of a digital invoice 20.")
    if code and not re.fullmatch(r'\d{10}|\d{12}', code):
        wrong['invoice_code'] = _("An invoice code has 10 or 12 digits.")
    elif not code and re.fullmatch(r'\d{8}', number):
        wrong['invoice_code'] = _("An invoice with an 8-digit number also has a code.")


def _reversed(text: str, total: Decimal | None, wrong: dict[str, str]) -> str:
    """The identity of the invoice that is taken back; '' for what is no credit note."""
    text = text.translate(str.maketrans('－—–', '---'))
    if text and total is not None and total >= 0:
        wrong[REVERSED] = _("Only an invoice over a negative amount takes another one back.")
    elif text and not is_invoice_identity(text):
        wrong[REVERSED] = _("Enter the 20 digits of that invoice, or code and number like 011001900211-12345678.")
    return text


def _date(text: str, today: dt.date, wrong: dict[str, str]) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        wrong['issue_date'] = _("Enter a date like 2026-03-15.")
        return None
    if day > today:
        wrong['issue_date'] = _("This date lies in the future.")
    elif day < FIRST_INVOICE:
        wrong['issue_date'] = _("This date is too early for an invoice.")
    return day


def _money(text: str, name: str, wrong: dict[str, str]) -> Decimal | None:
    try:
        return money_of(text)
    except InvalidInput as error:
        wrong[name] = error.sentence
        return None
