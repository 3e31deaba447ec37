"""The QR code of an invoice: found in any direction, taken apart by the rules of the tax administration."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import cv2
import numpy as np
import zxingcpp
from PIL import Image

from claimdesk.ocr.pages import Picture
from claimdesk.vocabulary import DocumentKind

TRIES = (
    (1, zxingcpp.Binarizer.LocalAverage),
    (2, zxingcpp.Binarizer.LocalAverage),
    (1, zxingcpp.Binarizer.FixedThreshold),
    (3, zxingcpp.Binarizer.LocalAverage),
)
"""How many times larger, and how black is told from white."""
PADDING = 80
"""Pixels of white around the page: codes stand at the edge, and without a quiet zone one in ten is lost."""
QUIET = 6
"""Pixels around a code that are taken as part of it."""

KINDS = {
    '01': DocumentKind.VAT_SPECIAL,
    '04': DocumentKind.VAT_NORMAL,
    '08': DocumentKind.VAT_SPECIAL,
    '10': DocumentKind.VAT_ELECTRONIC,
    '11': DocumentKind.VAT_NORMAL,
    '31': DocumentKind.DIGITAL_SPECIAL,
    '32': DocumentKind.DIGITAL_NORMAL,
}
QR_CODES = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
WITH_TAX = frozenset({'31', '32'})
"""Types whose amount includes the tax; in all others it is without."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code as found: its text, and how many degrees clockwise the page must be turned to stand upright."""

    text: str
    rotation: int


@dataclass(frozen=True, slots=True)
class VatCode:
    """What the QR code of an invoice says; what it leaves empty is empty here."""

    type: str
    kind: DocumentKind | None
    invoice_code: str
    invoice_number: str
    amount: Decimal | None
    amount_with_tax: bool
    issue_date: str
    check_code: str

    @property
    def number(self) -> str:
        """The number of the invoice."""
        return self.invoice_number

    @property
    def said(self) -> dict[str, str]:
        """The fields that the code states exactly; its amount has two meanings and is weighed by the sums."""
        names = ('invoice_code', 'invoice_number', 'issue_date', 'check_code')
        return {name: value for name in names if (value := getattr(self, name))}

    def is_of_another(self, read: Mapping[str, str]) -> bool:
        """Whether the code is about another invoice than the one that was `read`: their numbers are far apart."""
        number = read.get('invoice_number', '')
        if not number:
            return False
        if len(number) != len(self.invoice_number):
            return read.get('issue_date', '') != self.issue_date
        return sum(a != b for a, b in zip(number, self.invoice_number, strict=True)) > 2


def find(picture: Picture, *, thorough: bool = True) -> list[Code]:
    """Every QR code on the page; a `thorough` search that finds none tries again enlarged and with a threshold."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    for scale, binarizer in TRIES if thorough else TRIES[:1]:
        if scale > 1 and grey.size * scale * scale > 40_000_000:
            continue
        sized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC) if scale > 1 else grey
        padded = cv2.copyMakeBorder(sized, *4 * (PADDING,), cv2.BORDER_CONSTANT, value=(255,))
        found = zxingcpp.read_barcodes(padded, formats=QR_CODES, binarizer=binarizer)
        codes = [Code(code.text, _upright(code.orientation)) for code in found if code.valid and code.text]
        if codes:
            return codes
    return []


def texts_in(picture: bytes) -> list[str]:
    """What the QR codes of a page say that is given as a PNG or JPEG picture, without a thorough search."""
    with Image.open(io.BytesIO(picture)) as image:
        return [code.text for code in find(np.asarray(image.convert('RGB')), thorough=False)]


def code_places(picture: bytes) -> list[tuple[float, float, float, float]]:
    """Where codes of every kind stand on a page given as a PNG or JPEG picture: x, y, width, height as fractions."""
    with Image.open(io.BytesIO(picture)) as image:
        grey = np.asarray(image.convert('L'))
    high, wide = grey.shape
    padded = cv2.copyMakeBorder(grey, *4 * (PADDING,), cv2.BORDER_CONSTANT, value=(255,))
    places = []
    for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.FixedThreshold):
        for found in zxingcpp.read_barcodes(padded, binarizer=binarizer, return_errors=True):
            at = found.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            across, down = [one.x - PADDING for one in corners], [one.y - PADDING for one in corners]
            left, top = max(0, min(across) - QUIET), max(0, min(down) - QUIET)
            right, bottom = min(wide, max(across) + QUIET), min(high, max(down) + QUIET)
            places.append((left / wide, top / high, (right - left) / wide, (bottom - top) / high))
    return places


def _upright(orientation: float) -> int:
    return round(-orientation / 90.0) % 4 * 90


def parse(text: str) -> VatCode | None:
    """`01,<type>,<code>,<number>,<amount>,<yyyymmdd>,<check code>,…` taken apart, or nothing when it is not one."""
    parts = [part.strip() for part in text.split(',')]
    if len(parts) < 6 or parts[0] != '01' or not re.fullmatch(r'\d{2}', parts[1]):
        return None
    kind_code, code, number, amount, day = parts[1:6]
    if not re.fullmatch(r'\d{8}|\d{20}', number) or not re.fullmatch(r'\d{10}|\d{12}|', code):
        return None
    return VatCode(
        type=kind_code,
        kind=KINDS.get(kind_code),
        invoice_code=code,
        invoice_number=number,
        amount=_amount(amount),
        amount_with_tax=kind_code in WITH_TAX or len(number) == 20,
        issue_date=_day(day),
        check_code=parts[6] if len(parts) > 6 and re.fullmatch(r'\d{20}', parts[6]) else '',
    )


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text).quantize(Decimal('0.01')) if re.fullmatch(r'-?\d+(\.\d+)?', text) else None
    except InvalidOperation:
        return None


def _day(text: str) -> str:
    text = text.replace('-', '')
    if not re.fullmatch(r'\d{8}', text):
        return ''
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return ''
