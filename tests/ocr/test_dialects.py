"""Invoices as data in the tongues of others: pinyin, Chinese, XBRL; carried by OFD and PDF files; torn and foreign."""

import io
import zipfile
import zlib

import pikepdf
import pypdfium2 as pdfium
import pytest
from lxml import etree

from claimdesk.errors import Unreadable
from claimdesk.ocr import read, structured
from claimdesk.ocr.dialects import rate
from claimdesk.ocr.enclosed import enclosed
from claimdesk.vocabulary import DocumentKind
from tests.ocr.paper import as_ofd, as_pdf, make

PINYIN = """<?xml version="1.0" encoding="UTF-8"?><business><FPXX><FPDM></FPDM><FPHM>24322000000123456789</FPHM>
<FPLX>82</FPLX><KPRQ>20240612101500</KPRQ><XSF_MC>云州市顺达汽车维修有限公司</XSF_MC>
<XSF_NSRSBH>91320100MA1X9DE31J</XSF_NSRSBH><GMF_MC>张三</GMF_MC><GMF_NSRSBH/><HJJE>100.00</HJJE><HJSE>6</HJSE>
<JSHJ>106.00</JSHJ><JSHJDX>壹佰零陆元整</JSHJDX><MXS><MX><XMMC>*餐饮服务*餐费</XMMC><DW>次</DW><XMSL>1</XMSL>
<XMDJ>100</XMDJ><XMJE>100.00</XMJE><SL>0.06</SL><SE>6.00</SE></MX></MXS></FPXX></business>"""
CHINESE = """<发票><基本信息><发票号码>24322000000123456789</发票号码><发票类型>电子发票（增值税专用发票）</发票类型>
<开票日期>2024年06月12日</开票日期></基本信息><购买方信息><名称>甲公司</名称></购买方信息><销售方信息>
<名称>乙公司</名称><纳税人识别号>91320100MA1X9DE31J</纳税人识别号></销售方信息><合计金额>100.00</合计金额>
<合计税额>***</合计税额><价税合计>100.00</价税合计><明细><项目名称>*餐饮服务*餐费</项目名称><金额>100.00</金额>
<税率>免税</税率><税额>***</税额></明细></发票>"""
XBRL = 'xmlns="http://www.xbrl.org/2003/instance" xmlns:{0}="http://xbrl.mof.gov.cn/taxonomy/2021-11-30/{0}"'
RAIL = f"""<xbrl {XBRL.format('rai')}><rai:TypeOfVoucher>电子发票（铁路电子客票）</rai:TypeOfVoucher>
<rai:ElectronicInvoiceRailwayETicketNumber>26419122537000504214</rai:ElectronicInvoiceRailwayETicketNumber>
<rai:ElectronicTicketNum>2537000504214A0001B12</rai:ElectronicTicketNum><rai:TrainNumber>G1281</rai:TrainNumber>
<rai:TravelDate>2026-07-02</rai:TravelDate><rai:DepartureTime>08:05</rai:DepartureTime>
<rai:DepartureStation>北岭站</rai:DepartureStation><rai:DestinationStation>东湖</rai:DestinationStation>
<rai:Fare>272.50</rai:Fare></xbrl>"""
OLDER = f"""<xbrl {XBRL.format('inv')}><inv:InvoiceCode>033002200111</inv:InvoiceCode>
<inv:InvoiceNumber>12345678</inv:InvoiceNumber><inv:DateOfIssue>2022-07-02</inv:DateOfIssue>
<inv:NameOfSeller>乙公司</inv:NameOfSeller><inv:TotalAmountExcludingTax>9849.06</inv:TotalAmountExcludingTax>
<inv:TotalTaxAmount>590.94</inv:TotalTaxAmount><inv:TaxIncludedAmountInFigures>10440.00</inv:TaxIncludedAmountInFigures>
<inv:DetailItemsTuple><inv:NameOfTaxableGoodsOrServices>*现代服务*后勤</inv:NameOfTaxableGoodsOrServices>
<inv:AmountExcludingTax>9849.06</inv:AmountExcludingTax><inv:TaxRate>6.00%</inv:TaxRate>
<inv:TaxAmount>590.94</inv:TaxAmount></inv:DetailItemsTuple></xbrl>"""


def values(text: str) -> dict[str, str]:
    found = structured.read(text.encode())
    assert found is not None
    return {name: said.value for name, said in found.fields.items()}


def test_pinyin_tags_are_read_with_their_lines() -> None:
    page = read(PINYIN.encode()).pages[0]
    assert page.kind is DocumentKind.DIGITAL_NORMAL
    said = {name: field.value for name, field in page.fields.items()}
    assert said['invoice_number'] == '24322000000123456789'
    assert (said['issue_date'], said['buyer_name']) == ('2024-06-12', '张三')
    assert (said['amount'], said['tax'], said['total']) == ('100.00', '6.00', '106.00')
    assert all(field.sure for field in page.fields.values())
    line = page.items[0]
    assert (line.quantity, line.unit_price, line.tax_rate, line.tax) == ('1', '100', '6%', '6.00')
    assert page.items_confidence >= 0.95


def test_chinese_tags_tell_buyer_and_seller_by_the_element_around_them() -> None:
    said = values(CHINESE)
    assert (said['buyer_name'], said['seller_name']) == ('甲公司', '乙公司')
    assert said['seller_tax_id'] == '91320100MA1X9DE31J'
    assert 'buyer_tax_id' not in said
    assert said['tax'] == '***'
    assert read(CHINESE.encode()).pages[0].kind is DocumentKind.DIGITAL_SPECIAL


def test_the_xbrl_of_a_railway_ticket_becomes_a_ticket() -> None:
    page = read(RAIL.encode()).pages[0]
    assert page.kind is DocumentKind.TRAIN_TICKET
    assert {name: field.value for name, field in page.fields.items()} == {
        'ticket_number': '2537000504214A0001B12', 'from_station': '北岭', 'to_station': '东湖', 'train_number': 'G1281',
        'departure': '2026-07-02 08:05', 'total': '272.50',
    }  # fmt: skip


def test_the_xbrl_of_an_older_invoice_keeps_code_and_number_apart() -> None:
    page = read(OLDER.encode()).pages[0]
    assert page.kind is DocumentKind.VAT_ELECTRONIC
    assert (page.fields['invoice_code'].value, page.fields['invoice_number'].value) == ('033002200111', '12345678')
    assert page.items[0].tax_rate == '6%'


@pytest.mark.parametrize('text', ['<a><PlateNumber>12345678</PlateNumber></a>', '<note>110.00</note>', '<发票号码/>'])
def test_other_xml_is_no_invoice(text: str) -> None:
    with pytest.raises(Unreadable):
        structured.read(text.encode())


OFFICIAL = """<EInvoice><Header><EIid>24322000000123456789</EIid></Header><EInvoiceData><SellerInformation>
<SellerName>乙公司</SellerName></SellerInformation><BasicInformation><TotalAmWithoutTax>100.00</TotalAmWithoutTax>
<TotalTaxAm>6.00</TotalTaxAm><TotalTax-includedAmount>106.00</TotalTax-includedAmount>
<RequestTime>2024-06-12 10:15:00</RequestTime></BasicInformation></EInvoiceData>{}</EInvoice>"""


def test_the_official_form_without_its_supervision_is_read_by_its_other_parts() -> None:
    said = values(OFFICIAL.format(''))
    assert (said['invoice_number'], said['issue_date']) == ('24322000000123456789', '2024-06-12')
    told = '<TaxSupervisionInfo><InvoiceNumber>1</InvoiceNumber><IssueTime>2024-06-13</IssueTime></TaxSupervisionInfo>'
    assert values(OFFICIAL.format(told))['issue_date'] == '2024-06-13'


@pytest.mark.parametrize('told, written', [('0.13', '13%'), ('6.00%', '6%'), ('13', '13%'), ('免税', '免税'), ('', '')])
def test_a_rate_is_written_in_percent(told: str, written: str) -> None:
    assert rate(told) == written


def test_an_ofd_file_is_read_by_the_invoice_that_it_carries() -> None:
    file = as_ofd(make(3, 'digital_normal'), enclosed={'Doc_0/Attachs/inv_ord_issuer_1.xml': OLDER})
    assert read(file).pages[0].fields['invoice_number'].value == '12345678'


def test_the_tags_of_an_ofd_file_name_its_texts() -> None:
    invoice = make(5, 'digital_normal')
    plain = as_ofd(invoice)
    texts = ofd_texts(plain)
    number = next(place for place, words in texts.items() if words == invoice.seller)
    tags = f'<root><Seller><SellerName><ObjectRef>{number}</ObjectRef></SellerName></Seller></root>'
    page = read(as_ofd(invoice, enclosed={'Doc_0/Tags/CustomTag.xml': tags})).pages[0]
    assert page.fields['seller_name'].value == invoice.seller
    assert page.fields['seller_name'].sure


def test_torn_tags_do_not_cost_the_invoice() -> None:
    invoice = make(5, 'digital_normal')
    page = read(as_ofd(invoice, enclosed={'Doc_0/Tags/CustomTag.xml': '<root><Sel'})).pages[0]
    assert page.fields['invoice_number'].value == invoice.number


def with_attachment(data: bytes, content: str) -> bytes:
    document = pdfium.PdfDocument(data)
    document.new_attachment('invoice.xml').set_data(content.encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_is_believed_beside_the_invoice_that_it_carries() -> None:
    invoice = make(7, 'digital_normal')
    data = PINYIN.replace('24322000000123456789', invoice.number).replace('106.00', '999.00')
    page = read(with_attachment(as_pdf(invoice), data)).pages[0]
    assert page.fields['invoice_number'].sure
    assert not page.fields['seller_name'].sure
    assert invoice.seller in (page.fields['seller_name'].value, *page.fields['seller_name'].alternatives)


def test_the_invoice_of_another_paper_within_a_pdf_says_nothing() -> None:
    invoice = make(7, 'digital_normal')
    page = read(with_attachment(as_pdf(invoice), PINYIN)).pages[0]
    assert page.fields['seller_name'].value == invoice.seller
    assert page.fields['seller_name'].sure


def test_what_a_pdf_carries_is_unpacked_within_limits_only() -> None:
    document = pikepdf.open(io.BytesIO(as_pdf(make(7, 'digital_normal'))))
    bomb, plain = (document.make_stream(zlib.compress(content, 9)) for content in (bytes(400_000_000), b'<a/>'))
    for name, stream in (('bomb.xml', bomb), ('plain.xml', plain)):
        stream.Filter = pikepdf.Name.FlateDecode
        stream.Type = pikepdf.Name.EmbeddedFile
        document.attachments[name] = pikepdf.AttachedFileSpec(document, b'', filename=name)
        document.attachments[name].obj.EF.F = stream
    out = io.BytesIO()
    document.save(out)
    assert len(out.getvalue()) < 2_000_000
    assert enclosed(out.getvalue()) == [b'<a/>']


def test_torn_files_within_a_pdf_cost_nothing() -> None:
    assert enclosed(b'%PDF-1.7 torn') == []


def ofd_texts(data: bytes) -> dict[str, str]:
    page = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read('Doc_0/Pages/Page_0/Content.xml'))
    return {shape.get('ID', ''): ''.join(shape.itertext()) for shape in page.iter('{*}TextObject')}
