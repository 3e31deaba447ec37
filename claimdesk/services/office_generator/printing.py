"""Invoices of the demo office on paper: as PDF with a text layer, as a clean picture, and as a scanner gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimdesk.papers import press
from claimdesk.services.office_generator.paper import InvoicePaper, forms_of

if TYPE_CHECKING:
    from PIL import Image


def as_pdf(paper: InvoicePaper) -> bytes:
    """The invoice as the tax office's platform hands it out, with a text layer."""
    return press.as_pdf(forms_of(paper), paper.number)


def as_picture(paper: InvoicePaper, dpi: int = press.SCAN_DPI, face: str = '', index: int = 0) -> Image.Image:
    """The first page of the invoice as a clean picture; `face` is the file of another font to print it in."""
    return press.as_picture(forms_of(paper)[0], dpi, face, index)


def as_scan(paper: InvoicePaper, seed: int) -> bytes:
    """The first page of the invoice as an office scanner gives it."""
    return press.as_scan(forms_of(paper)[0], seed)
