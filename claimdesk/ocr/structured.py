"""Digital invoices that are data, not pictures: the XML of the tax administration, and of others who keep invoices."""

from __future__ import annotations

from typing import Any

from lxml import etree

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.ocr import dialects, fiscal_data, values
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.reading import ItemReading

MAX_XML_BYTES = 20 * 1024 * 1024
_PATHS = {
    'invoice_number': 'TaxSupervisionInfo/InvoiceNumber',
    'issue_date': 'TaxSupervisionInfo/IssueTime',
    'buyer_name': 'EInvoiceData/BuyerInformation/BuyerName',
    'buyer_tax_id': 'EInvoiceData/BuyerInformation/BuyerIdNum',
    'seller_name': 'EInvoiceData/SellerInformation/SellerName',
    'seller_tax_id': 'EInvoiceData/SellerInformation/SellerIdNum',
    'amount': 'EInvoiceData/BasicInformation/TotalAmWithoutTax',
    'tax': 'EInvoiceData/BasicInformation/TotalTaxAm',
    'total': 'EInvoiceData/BasicInformation/TotalTax-includedAmount',
    'total_capital': 'EInvoiceData/BasicInformation/TotalTax-includedAmountInChinese',
}
_ITEM = {
    'name': 'ItemName',
    'specification': 'SpecMod',
    'unit': 'MeaUnits',
    'quantity': 'Quantity',
    'unit_price': 'UnPrice',
    'amount': 'Amount',
    'tax_rate': 'TaxRate',
    'tax': 'ComTaxAm',
}


def is_xml(data: bytes) -> bool:
    """Whether `data` begins like XML that is no web page."""
    head = data[:512].lstrip(b'\xef\xbb\xbf \t\r\n')
    return head.startswith(b'<') and b'<!DOCTYPE html' not in head and b'<html' not in head


def read(data: bytes) -> Extract | None:
    """The invoice in `data` if it is a structured one, nothing if it is another kind of file.

    Entities are never resolved. Raises `Unreadable` for XML that is torn or too large.
    """
    if not is_xml(data):
        return None
    if len(data) > MAX_XML_BYTES:
        raise Unreadable(_("The XML file is too large for an invoice."), _("Check that it is the right file."))
    try:
        root = etree.fromstring(data, _parser())
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(
            _("The XML file is damaged."), _("Download the invoice again from the tax platform.")
        ) from error
    found = _invoice_of(root, 'xml')
    if found is None:
        raise Unreadable(
            _("The XML file is not a digital invoice."), _("Use the PDF or a picture of the document instead.")
        )
    return found


def attached(data: bytes, source: str) -> Extract | None:
    """The invoice in a file that lies within another one, nothing where it is none or cannot be read."""
    if not is_xml(data) or len(data) > MAX_XML_BYTES:
        return None
    try:
        return _invoice_of(etree.fromstring(data.lstrip(b'\xef\xbb\xbf \t\r\n'), _parser()), source)
    except (etree.LxmlError, ValueError):
        return None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _invoice_of(root: etree._Element, source: str) -> Extract | None:
    """A hospital's receipt, or an invoice by the places of the tax administration's own form or any dialect's names."""
    if receipt := fiscal_data.receipt_of(root, source):
        return receipt
    other = dialects.invoice_of(root, source)
    if etree.QName(root).localname != 'EInvoice':
        return other
    found = _invoice(root, source)
    if other is not None:
        found.fields = other.fields | found.fields
        found.items = found.items or other.items
    return found if 'invoice_number' in found.fields or 'total' in found.fields else None


def _invoice(root: etree._Element, source: str) -> Extract:
    out = Extract(source, None)
    for name, path in _PATHS.items():
        text = (root.findtext(path) or '').strip()
        if name in ('amount', 'tax', 'total'):
            text = values.money(text)
        elif name == 'issue_date':
            text = values.iso_date(text)
        if text:
            out.fields[name] = Candidate(text)
    for line in root.findall('EInvoiceData/IssuItemInformation'):
        cells: dict[str, Any] = {cell: (line.findtext(tag) or '').strip() for cell, tag in _ITEM.items()}
        cells['amount'] = values.money(cells['amount'])
        cells['tax'] = values.money(cells['tax'])
        cells['tax_rate'] = dialects.rate(cells['tax_rate'])
        out.items.append((ItemReading(**cells), 1.0))
    out.kind = dialects.kind_of(root, digital=True)
    out.text = dialects.text_of(root)
    return out
