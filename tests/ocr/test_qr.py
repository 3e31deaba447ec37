"""Codes of invoices: what they say, which amount it is, and that they are found."""

import io
from decimal import Decimal

import numpy as np
import pytest
import segno
from PIL import Image, ImageFilter

from claimdesk.ocr import qr
from claimdesk.ocr.pages import Picture
from claimdesk.vocabulary import DocumentKind

OLD = '01,{type},042001700112,47502662,140.95,20180323,08795327402254684486,D5C3,'
DIGITAL = '01,{type},,24517000000216393366,43.30,20241019,,9A0F,'


@pytest.mark.parametrize(
    'kind_code, with_tax, kind',
    [
        ('01', False, DocumentKind.VAT_SPECIAL),
        ('04', False, DocumentKind.VAT_NORMAL),
        ('08', False, DocumentKind.VAT_SPECIAL),
        ('10', False, DocumentKind.VAT_ELECTRONIC),
        ('11', False, DocumentKind.VAT_NORMAL),
    ],
)
def test_older_codes_give_the_amount_without_tax(kind_code: str, with_tax: bool, kind: DocumentKind) -> None:
    code = qr.parse(OLD.format(type=kind_code))
    assert code is not None
    assert (code.kind, code.amount, code.amount_with_tax) == (kind, Decimal('140.95'), with_tax)
    assert (code.invoice_code, code.invoice_number, code.issue_date) == ('042001700112', '47502662', '2018-03-23')
    assert code.check_code == '08795327402254684486'


@pytest.mark.parametrize(
    'kind_code, kind', [('31', DocumentKind.DIGITAL_SPECIAL), ('32', DocumentKind.DIGITAL_NORMAL)]
)
def test_digital_codes_give_the_total_with_tax(kind_code: str, kind: DocumentKind) -> None:
    code = qr.parse(DIGITAL.format(type=kind_code))
    assert code is not None
    assert (code.kind, code.amount, code.amount_with_tax) == (kind, Decimal('43.30'), True)
    assert (code.invoice_code, code.check_code) == ('', '')


@pytest.mark.parametrize(
    'text',
    [
        'https://example.org',
        '',
        '01,10,042001700112',
        '02,10,042001700112,47502662,140.95,20180323,',
        '01,10,042001700112,4750266X,140.95,20180323,',
        '01,xx,042001700112,47502662,140.95,20180323,',
    ],
)
def test_other_codes_are_not_taken_for_invoices(text: str) -> None:
    assert qr.parse(text) is None


def test_an_impossible_date_or_amount_is_left_empty() -> None:
    code = qr.parse('01,10,042001700112,47502662,abc,20181323,')
    assert code is not None
    assert (code.amount, code.issue_date) == (None, '')


def page_with_code(dpi: int, text: str = DIGITAL.format(type='32'), x: int = 0) -> Picture:
    """A page of 215 × 140 mm with a code of 20 mm at its very edge, softened as a scanner does."""
    page = Image.new('RGB', (round(215 / 25.4 * dpi), round(140 / 25.4 * dpi)), 'white')
    out = io.BytesIO()
    segno.make(text, error='m', micro=False).save(out, kind='png', scale=8, border=0)
    side = round(20 / 25.4 * dpi)
    page.paste(Image.open(out).convert('RGB').resize((side, side), Image.Resampling.LANCZOS), (x, 0))
    return np.asarray(page.filter(ImageFilter.GaussianBlur(0.4)))


@pytest.mark.parametrize('dpi', [100, 150, 200, 300])
@pytest.mark.parametrize('rotation', [0, 90, 180, 270])
def test_codes_at_the_edge_are_found_in_every_direction(dpi: int, rotation: int) -> None:
    turned = np.ascontiguousarray(np.rot90(page_with_code(dpi), rotation // 90))
    (code,) = qr.find(turned)
    assert qr.parse(code.text) is not None
    assert code.rotation == rotation


@pytest.mark.parametrize('angle', [-5, 2, 7])
def test_a_slant_does_not_hide_a_code(angle: float) -> None:
    page = Image.fromarray(page_with_code(150, x=40))
    slanted = page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor='white')
    assert [qr.parse(code.text) is not None for code in qr.find(np.asarray(slanted))] == [True]


def test_a_page_without_a_code_has_none() -> None:
    assert qr.find(np.full((600, 800, 3), 255, np.uint8)) == []
