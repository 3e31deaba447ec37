"""Whole invoices by their text layer: every field of every form, with its check, and no engine asked."""

import io
from dataclasses import replace
from decimal import Decimal

import pypdfium2 as pdfium
import pytest

from claimdesk.ocr import PageReading, read
from claimdesk.ocr.fusion import fuse
from claimdesk.ocr.kinds import extract
from claimdesk.ocr.layout import Layout, Span
from claimdesk.ocr.pages import pages
from claimdesk.ocr.reading import ITEM_CELLS
from tests.ocr.paper import Invoice, Line, as_pdf, make, variants

KINDS = ['vat_special', 'vat_normal', 'vat_electronic', 'digital_special', 'digital_normal']


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text layer that tells everything leaves nothing for an engine to do."""

    def refused(_choice: object) -> object:
        raise AssertionError('an engine was asked')

    monkeypatch.setattr('claimdesk.ocr.sight.load_engine', refused)


def page_of(invoice: Invoice) -> PageReading:
    reading = read(as_pdf(invoice))
    assert reading.error is None
    return reading.pages[0]


def fields(page: PageReading) -> dict[str, str]:
    return {name: field.value for name, field in page.fields.items()}


@pytest.mark.parametrize('hard', [False, True])
@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('seed', range(8))
def test_every_field_is_read_and_sure(kind: str, seed: int, hard: bool) -> None:
    invoice = make(seed * 31 + hard, kind, hard=hard)
    page = page_of(invoice)
    assert page.kind == kind
    assert fields(page) == invoice.truth()
    assert [name for name, field in page.fields.items() if not field.sure] == []
    assert all(check.ok for check in page.checks), page.checks


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('seed', range(4))
def test_every_line_of_the_table_is_read(kind: str, seed: int) -> None:
    invoice = make(seed + 700, kind)
    page = page_of(invoice)
    printed = [
        (
            line.name, line.specification, line.unit, line.quantity, line.unit_price, f'{line.amount:.2f}', line.rate,
            '***' if line.tax is None else f'{line.tax:.2f}',
        )
        for line in invoice.lines
    ]  # fmt: skip
    assert [tuple(getattr(item, cell) for cell in ITEM_CELLS) for item in page.items] == printed


def line(amount: str, rate: str, tax: str | None, name: str = '*劳务*钣金喷漆工时费') -> Line:
    return Line(name, '', '', '', '', Decimal(amount), rate, Decimal(tax) if tax else None)


def test_without_a_code_the_print_alone_is_enough() -> None:
    page = page_of(replace(make(3, 'digital_normal'), with_code=False))
    assert all(field.sure for field in page.fields.values())
    assert not [check for check in page.checks if check.name == 'qr']


def test_a_person_who_buys_has_no_tax_number() -> None:
    page = page_of(replace(make(5, 'vat_electronic'), buyer='个人', buyer_id=''))
    assert page.fields['buyer_name'].value == '个人'
    assert 'buyer_tax_id' not in page.fields
    assert page.fields['seller_tax_id'].sure


def test_no_tax_is_due() -> None:
    page = page_of(replace(make(9, 'digital_normal'), lines=[line('108.10', '免税', None)]))
    assert [page.fields[name].value for name in ('amount', 'tax', 'total')] == ['108.10', '***', '108.10']
    assert page.fields['tax'].sure


def test_a_red_invoice_is_negative_in_figures_and_words() -> None:
    page = page_of(replace(make(9, 'vat_special'), lines=[line('-1000.00', '13%', '-130.00')], yuan='圆'))
    assert [page.fields[name].value for name in ('amount', 'tax', 'total', 'total_capital')] == [
        '-1000.00', '-130.00', '-1130.00', '（负数）壹仟壹佰叁拾圆整',
    ]  # fmt: skip
    assert all(check.ok for check in page.checks)


def test_a_discount_and_several_rates_add_up() -> None:
    lines = [
        line('1000.00', '13%', '130.00'),
        line('-100.00', '13%', '-13.00'),
        line('200.00', '6%', '12.00', '*服务*费'),
    ]
    page = page_of(replace(make(11, 'digital_special'), lines=lines))
    assert page.fields['total'].value == '1229.00'
    assert [item.tax_rate for item in page.items] == ['13%', '13%', '6%']
    assert {check.name for check in page.checks if check.ok} >= {'sum', 'capital', 'lines', 'rate'}


def test_a_long_list_is_read_over_its_pages() -> None:
    """All pages but the last end with a subtotal; the first one then tells the sums of the whole invoice."""
    lines = [
        line(f'{number}.00', '13%', f'{number * Decimal("0.13"):.2f}', f'*零件*第{number}号') for number in range(1, 46)
    ]
    invoice = replace(make(13, 'digital_normal'), lines=lines)
    reading = read(as_pdf(invoice))
    assert [len(page.items) for page in reading.pages] == [20, 20, 5]
    assert [item.name for page in reading.pages for item in page.items] == [line.name for line in lines]
    first, middle, last = reading.pages
    assert fields(first) == fields(last) == invoice.truth()
    assert fields(middle).keys() == invoice.truth().keys() - {'amount', 'tax', 'total', 'total_capital'}
    assert all(field.sure for page in reading.pages for field in page.fields.values())
    assert ('lines', True) in {(check.name, check.ok) for check in first.checks}
    assert all(check.ok for page in reading.pages for check in page.checks)
    assert first.fields['total'].box is None is not last.fields['total'].box


def test_two_invoices_in_one_file_keep_their_own_sums() -> None:
    pages_of_two = join(as_pdf(make(3, 'digital_normal')), as_pdf(make(5, 'digital_normal')))
    one, two = read(pages_of_two).pages
    assert (fields(one), fields(two)) == (make(3, 'digital_normal').truth(), make(5, 'digital_normal').truth())


def join(*files: bytes) -> bytes:
    """The pages of several PDF files in one."""
    out = pdfium.PdfDocument.new()
    for file in files:
        out.import_pages(pdfium.PdfDocument(file))
    written = io.BytesIO()
    out.save(written)
    return written.getvalue()


@pytest.mark.parametrize('seed', range(3))
@pytest.mark.parametrize('special', list(variants(0)))
def test_special_layouts_are_read(special: str, seed: int) -> None:
    invoice = variants(seed + 40)[special]
    page = page_of(invoice)
    assert fields(page) == invoice.truth()
    assert [name for name, field in page.fields.items() if not field.sure] == []
    assert [item.name for item in page.items] == [line.name for line in invoice.lines]
    assert all(check.ok for check in page.checks), page.checks


def test_a_long_name_goes_on_in_the_next_line() -> None:
    name = '内蒙古自治区呼和浩特市赛罕区鑫泰华盛汽车维修服务有限责任公司第一分公司'
    page = page_of(replace(make(15, 'digital_special'), seller=name))
    assert (page.fields['seller_name'].value, page.fields['seller_name'].sure) == (name, True)


def test_a_name_that_touches_the_frame_ends_there() -> None:
    name = '内蒙古自治区呼和浩特市赛罕区鑫泰华盛源通汽车维修服务部'
    page = page_of(replace(make(2, 'vat_special'), buyer=name))
    assert page.fields['buyer_name'].value == name


def test_boxes_stand_where_the_values_are_printed() -> None:
    page = page_of(replace(make(4, 'digital_normal'), seller='上海信诚汽车维修有限公司', buyer='张伟'))
    seller, buyer, total = (page.fields[name].box for name in ('seller_name', 'buyer_name', 'total'))
    assert seller is not None
    assert buyer is not None
    assert total is not None
    assert buyer.x < 0.3 < 0.5 < seller.x
    assert abs(buyer.y - seller.y) < 0.02 < 0.3 < total.y
    assert all(0 <= side <= 1 for box in (seller, buyer, total) for side in (box.x, box.y, box.x + box.width))


def test_a_wrong_check_digit_is_said() -> None:
    good = make(21, 'digital_special')
    bad = good.seller_id[:-1] + ('1' if good.seller_id[-1] != '1' else '2')
    page = page_of(replace(good, seller_id=bad))
    assert (page.fields['seller_tax_id'].value, page.fields['seller_tax_id'].sure) == (bad, False)
    assert 'check digit' in page.fields['seller_tax_id'].reason


def test_two_invoices_on_one_page_are_not_mixed_up_silently() -> None:
    """One reading cannot hold two invoices: everything is to be checked, and it is said why."""
    first = page_spans(make(3, 'digital_normal'), 0.0)
    second = page_spans(make(5, 'digital_normal'), 0.7)
    seen = extract(Layout([*first, *second], 1.4), 'text_layer')
    fused = fuse([seen], None, None)
    assert fused.fields
    assert not [field for field in fused.fields.values() if field.sure]
    assert [check.ok for check in fused.checks if check.name == 'one_invoice'] == [False]


def page_spans(invoice: Invoice, below: float) -> list[Span]:
    page = next(pages(as_pdf(invoice)))
    return [replace(span, y0=span.y0 + below, y1=span.y1 + below) for span in page.spans]


def test_the_subtotal_of_a_first_page_is_not_the_amount_of_the_invoice() -> None:
    """Long lists go over several pages: all but the last end with 小计 and have no total."""
    spans = page_spans(make(5, 'digital_normal'), 0.0)
    end = next(span.y0 for span in spans if '价税合计' in span.text)
    first_page = [
        replace(span, text='小计') if span.text.replace('　', '').startswith('合') else span
        for span in spans
        if span.y1 < end and span.text not in ('计',)
    ]
    fused = fuse([extract(Layout(first_page, 0.6), 'text_layer')], None, None)
    assert 'invoice_number' in fused.fields
    assert not fused.fields.keys() & {'amount', 'tax', 'total', 'total_capital'}
