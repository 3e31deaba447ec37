"""OFD invoices: every field by tags or by print, several pages, and files that mean harm."""

from dataclasses import replace
from decimal import Decimal

import pytest

from claimdesk.ocr import PageReading, read
from tests.ocr.paper import Line, as_ofd, make, zipped

KINDS = ['vat_electronic', 'digital_special', 'digital_normal']
PAGE = 'Doc_0/Pages/Page_0/Content.xml'
DOCUMENT = f'<Document><Pages><Page BaseLoc="/{PAGE}"/></Pages></Document>'
COVER = '<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>'
ATTACHED = """<?xml version="1.0"?><eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019">
<fp:InvoiceNo>{number}</fp:InvoiceNo><fp:GoodsInfos><fp:GoodsInfo><fp:Item>*餐饮服务*餐费</fp:Item>
<fp:Quantity>4</fp:Quantity><fp:Price>25</fp:Price><fp:Amount>100.00</fp:Amount><fp:TaxScheme>6%</fp:TaxScheme>
<fp:TaxAmount>6.00</fp:TaxAmount></fp:GoodsInfo></fp:GoodsInfos></eInvoice>"""


def fields(page: PageReading) -> dict[str, str]:
    return {name: field.value for name, field in page.fields.items()}


def only_page(**parts: str) -> bytes:
    return zipped({'OFD.xml': COVER, 'Doc_0/Document.xml': DOCUMENT} | parts)


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('seed', range(4))
def test_print_alone_gives_every_field(kind: str, seed: int) -> None:
    invoice = make(seed + 60, kind)
    (page,) = read(as_ofd(invoice)).pages
    assert (page.kind, fields(page)) == (kind, invoice.truth())
    assert [name for name, field in page.fields.items() if not field.sure] == []
    assert [item.name for item in page.items] == [line.name for line in invoice.lines]


@pytest.mark.parametrize('writing', ['characters', 'without steps'])
@pytest.mark.parametrize('kind', KINDS)
def test_the_way_of_writing_text_changes_nothing(kind: str, writing: str) -> None:
    invoice = make(64, kind)
    (page,) = read(as_ofd(invoice, writing=writing)).pages
    assert fields(page) == invoice.truth()
    assert [item.amount for item in page.items] == [f'{line.amount:.2f}' for line in invoice.lines]


def test_tags_give_what_the_print_does_not() -> None:
    invoice = replace(make(61, 'vat_electronic'), check_code='')
    (page,) = read(as_ofd(invoice, tags={'校验码': '08795327402254684486', 'template-version': '1.0'})).pages
    assert (page.fields['check_code'].value, page.fields['check_code'].sure) == ('08795327402254684486', True)


def test_tags_against_the_print_are_shown_to_a_person() -> None:
    invoice = make(61, 'digital_normal')
    (page,) = read(as_ofd(invoice, tags={'发票号码': '24112000000048542163'})).pages
    number = page.fields['invoice_number']
    assert (number.value, number.sure, number.alternatives) == ('24112000000048542163', False, (invoice.number,))
    assert invoice.number in number.reason


def test_the_lines_of_an_attached_invoice_are_its_lines() -> None:
    invoice = replace(make(61, 'vat_electronic'), number='12235358')
    (page,) = read(as_ofd(invoice, attached=ATTACHED.format(number='12235358'))).pages
    (item,) = page.items
    assert (item.name, item.quantity, item.amount, item.tax_rate) == ('*餐饮服务*餐费', '4', '100.00', '6%')


def test_an_invoice_of_two_pages_is_one() -> None:
    lines = [
        Line(f'*零件*第{n}号', '', '件', '1', f'{n}', Decimal(n), '13%', Decimal(n) * Decimal('0.13'))
        for n in range(1, 31)
    ]
    invoice = replace(make(61, 'digital_special'), lines=lines)
    first, last = read(as_ofd(invoice)).pages
    assert fields(first) == invoice.truth()
    assert [item.name for page in (first, last) for item in page.items] == [line.name for line in lines]


BAD = {
    'torn': as_ofd(make(61, 'digital_normal'))[:-400],
    'no document': zipped({'OFD.xml': COVER}),
    'no pages': zipped({'OFD.xml': COVER, 'Doc_0/Document.xml': '<Document/>'}),
    'page missing': only_page(),
    'page outside': zipped({'OFD.xml': COVER, 'Doc_0/Document.xml': DOCUMENT.replace('/Doc_0', '../../../../etc')}),
    'no xml': only_page(**{PAGE: 'nothing'}),
    'a bomb': only_page(**{PAGE: ' ' * 25_000_000}),
    'thousands of parts': only_page(**{f'{n}.xml': '' for n in range(3100)}),
}


@pytest.mark.parametrize('name', list(BAD))
def test_a_file_that_cannot_be_read_says_so(name: str) -> None:
    reading = read(BAD[name])
    assert reading.pages == ()
    assert reading.error


def test_entities_are_never_resolved() -> None:
    page = (
        '<!DOCTYPE Page [<!ENTITY secret SYSTEM "file:///etc/hostname">]><Page><Content><Layer>'
        '<TextObject Boundary="0 0 90 9" Size="9"><TextCode X="0" Y="9" DeltaX="5">&secret;</TextCode></TextObject>'
        '</Layer></Content></Page>'
    )
    (read_page,) = read(only_page(**{PAGE: page})).pages
    assert read_page.text == ''


@pytest.mark.parametrize('steps', ['g 999999999 1', 'g', 'g x y', 'nan inf', '1e9', '-', 'g 2'])
def test_nonsense_among_the_steps_is_harmless(steps: str) -> None:
    page = (
        '<Page><Content><Layer><TextObject Boundary="0 0 90 9" Size="9">'
        f'<TextCode X="0" Y="9" DeltaX="{steps}">发票号码</TextCode></TextObject></Layer></Content></Page>'
    )
    assert read(only_page(**{PAGE: page})).error is None
