"""Invoices of the tax administration: VAT special, normal and electronic, and the digital ones."""

from __future__ import annotations

from claimdesk.forms import INVOICE
from claimdesk.ocr import air, qr
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.engines import Recogniser
from claimdesk.ocr.heading import of_damaged_title, of_title
from claimdesk.ocr.invoice import extract
from claimdesk.ocr.kinds.invoice_proof import InvoiceProof
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.overlooked import complete, complete_names, complete_words
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import PageReading
from claimdesk.ocr.weighing import Weighing
from claimdesk.vocabulary import DocumentKind

FORM_WORDS = ('纳税人识别号', '价税合计', '开票日期', '发票号码', '税额', '开票人')


class Invoices(Kind):
    """The five kinds of invoice, told by title, by form and by QR code."""

    kinds = (
        DocumentKind.VAT_SPECIAL,
        DocumentKind.VAT_NORMAL,
        DocumentKind.VAT_ELECTRONIC,
        DocumentKind.DIGITAL_SPECIAL,
        DocumentKind.DIGITAL_NORMAL,
    )
    needed = ('invoice_number', 'issue_date', 'seller_name', 'buyer_name', 'amount', 'total')
    sums = ('total', 'amount', 'tax', 'total_capital')

    def recognise(self, page: PageWords) -> Sign | None:
        """By the title; else by the form's words, and what is left of the title."""
        if titled := of_title(page.head):
            return Sign(titled, Strength.TITLE)
        if sum(word in page.whole for word in FORM_WORDS) >= 2:
            return Sign(of_damaged_title(page.layout, page.head, page.whole), Strength.FORM)
        return None

    def code(self, text: str) -> qr.VatCode | None:
        """The code of the tax administration."""
        return qr.parse(text)

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """Heading, parties, sums and lines; an itinerary has cells instead."""
        if layout.find(air.TITLE.pattern):
            return air.extract(layout, source)
        return extract(layout, source, kind)

    def complete(self, seen: Extract, picture: Picture, layout: Layout, reader: Recogniser) -> None:
        """Search the empty cells of the lines, the total in words, and the names."""
        complete_names(seen, picture, layout, reader)
        if seen.items:
            complete(seen, picture, layout, reader)
            complete_words(seen, picture, layout, reader)

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """Sums, words and figures, rates, check digits."""
        InvoiceProof(weighing).run(INVOICE.names)

    def names(self, kind: DocumentKind | None) -> tuple[str, ...]:
        """All fields of an invoice, whatever the kind: the machine may be wrong about it."""
        return INVOICE.names

    def number_of(self, page: PageReading) -> str:
        """The number, which each page of an invoice repeats."""
        number = page.fields.get('invoice_number')
        return number.value if number else ''


INVOICES = Invoices()
