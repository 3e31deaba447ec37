"""The data of an electronic fiscal receipt (XML): what hospitals' receipts carry beside their print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.fiscal import kind_of_code
from claimdesk.ocr.reading import ItemReading

_FIELDS: dict[str, tuple[str, Callable[[str], str]]] = {
    'receipt_code': ('EInvoiceCode', str.strip),
    'receipt_number': ('EInvoiceNumber', str.strip),
    'check_code': ('RandomNumber', str.strip),
    'issue_date': ('IssueDate', values.iso_date),
    'patient_name': ('PayerPartyName', values.name),
    'hospital_name': ('InvoicingPartyName', values.name),
    'total': ('TotalAmount', values.money),
}
"""Field → element of the Ministry of Finance's form, and how it is written down."""
_CELLS = {
    'name': 'ItemName', 'specification': 'ItemStd', 'unit': 'ItemUnit', 'quantity': 'ItemQuantity',
    'amount': 'ItemAmount',
}  # fmt: skip


def receipt_of(root: etree._Element, source: str) -> Extract | None:
    """The receipt of a hospital in `root`; nothing where it is another receipt of the state, or none."""
    code, number = _said(root, 'EInvoiceCode'), _said(root, 'EInvoiceNumber')
    kind = kind_of_code(code)
    if kind is None or not number:
        return None
    out = Extract(source, kind, text='\n'.join(str(text).strip() for text in root.itertext() if text.strip()))
    for name, (element, write) in _FIELDS.items():
        if value := write(_said(root, element)):
            out.fields[name] = Candidate(value)
    for item in root.iter('{*}Item'):
        cells: dict[str, Any] = {cell: _said(item, element) for cell, element in _CELLS.items()}
        cells['amount'] = values.money(cells['amount'])
        if cells['name'] and cells['amount']:
            out.items.append((ItemReading(**cells), 1.0))
    return out


def _said(root: etree._Element, element: str) -> str:
    """The text of the first element of that name, in any namespace and at any depth."""
    return next((str(found.text or '').strip() for found in root.iter('{*}' + element)), '')
