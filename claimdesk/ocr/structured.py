"""Digital invoices that are data, not pictures: the XML of the tax administration (later: OFD)."""

from __future__ import annotations

from typing import Any

from lxml import etree

from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.reading import ItemReading
from claimdesk.vocabulary import DocumentKind

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
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(
            _("The XML file is damaged."), _("Download the invoice again from the tax platform.")
        ) from error
    if etree.QName(root).localname != 'EInvoice':
        raise Unreadable(
            _("The XML file is not a digital invoice."), _("Use the PDF or a picture of the document instead.")
        )
    return _invoice(root)


def _invoice(root: etree._Element) -> Extract:
    out = Extract('xml', _kind(root))
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
        cells['tax_rate'] = _rate(cells['tax_rate'])
        out.items.append((ItemReading(**cells), 1.0))
    if 'invoice_number' not in out.fields and 'total' not in out.fields:
        raise Unreadable(
            _("The XML file is not a digital invoice."), _("Use the PDF or a picture of the document instead.")
        )
    out.text = '\n'.join(str(text).strip() for text in root.itertext() if text.strip())
    return out


def _kind(root: etree._Element) -> DocumentKind:
    label = ' '.join(
        (element.text or '') for element in root.iter() if 'GeneralOrSpecialVAT' in str(element.tag) or
        'GeneralOrSpecialVAT' in str(getattr(element.getparent(), 'tag', ''))
    )  # fmt: skip
    special = '专用' in label or '01' in label.split()
    return DocumentKind.DIGITAL_SPECIAL if special else DocumentKind.DIGITAL_NORMAL


def _rate(text: str) -> str:
    """`0.13` as `13%`; words stay."""
    number = values.decimal(text)
    if number is None or text in values.NO_TAX or '%' in text:
        return text
    percent = number * 100
    return f'{percent.normalize():f}%'
