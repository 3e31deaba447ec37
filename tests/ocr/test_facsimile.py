"""Papers that are data are seen as pages: counted, drawn, read from the drawing, printed."""

import io
import zipfile
from decimal import Decimal

import numpy as np
import pytest
import segno
from PIL import Image

from claimdesk.errors import Unreadable
from claimdesk.ocr import is_data, page_count, qr, render
from claimdesk.ocr.pages import pages
from tests.ocr.paper import as_ofd, as_pdf, make, zipped

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
XML = """<?xml version="1.0" encoding="UTF-8"?><EInvoice><EInvoiceData><BuyerInformation><BuyerName>{buyer}</BuyerName>
</BuyerInformation><BasicInformation><TotalTax-includedAmount>{total}</TotalTax-includedAmount></BasicInformation>
<IssuItemInformation><ItemName>*服务*检测</ItemName><Amount>{total}</Amount></IssuItemInformation></EInvoiceData>
<TaxSupervisionInfo><InvoiceNumber>24952000000110705036</InvoiceNumber></TaxSupervisionInfo></EInvoice>"""


def invoice_xml(buyer: str = '张伟', total: Decimal = Decimal('68.66')) -> bytes:
    return XML.format(buyer=buyer, total=total).encode()


def seen(content: bytes, page: int = 1, width: int = 900, rotation: int = 0) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(render(content, page, width=width, rotation=rotation))).convert('L'))


def ink(grey: np.ndarray) -> float:
    return float((grey < 128).mean())


def test_an_ofd_invoice_is_drawn_with_its_texts() -> None:
    content = as_ofd(make(3, 'digital_normal'))
    assert (page_count(content), is_data(content)) == (1, True)
    upright, turned = seen(content), seen(content, rotation=90)
    assert upright.shape[1] == turned.shape[1] == 900
    assert upright.shape[0] < 900 < turned.shape[0]
    assert 0.005 < ink(upright) < 0.2


def test_the_texts_of_a_drawn_page_stand_where_the_file_says() -> None:
    invoice = make(3, 'digital_normal')
    (page,) = pages(as_ofd(invoice))
    span = max(page.spans, key=lambda span: span.y1 - span.y0)
    wide = page.picture.shape[1]
    box = [round(side * wide) for side in (span.y0, span.y1, span.x0, span.x1)]
    assert ink(page.picture[box[0] : box[1], box[2] : box[3], 0]) > 0.05
    assert ink(page.picture[box[1] + 2 : box[1] + 8, box[2] : box[3], 0]) < 0.05


def ofd(content: str, resources: str = '', files: dict[str, bytes] | None = None) -> bytes:
    """A page of 100 × 100 millimetres."""
    parts: dict[str, str] = {
        'OFD.xml': f'<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>'
        '</ofd:OFD>',
        'Doc_0/Document.xml': f'<ofd:Document {SPACE}><ofd:Pages><ofd:Page ID="1" BaseLoc="Page.xml"/></ofd:Pages>'
        '</ofd:Document>',
        'Doc_0/Page.xml': f'<ofd:Page {SPACE}><ofd:Area><ofd:PhysicalBox>0 0 100 100</ofd:PhysicalBox></ofd:Area>'
        f'<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content></ofd:Page>',
        'Doc_0/DocumentRes.xml': f'<ofd:Res {SPACE} BaseLoc="Res">{resources}</ofd:Res>',
    }
    data = zipped(parts)
    if files:
        whole = io.BytesIO(data)
        with zipfile.ZipFile(whole, 'a') as archive:
            for name, body in files.items():
                archive.writestr(name, body)
        data = whole.getvalue()
    return data


def picture(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, 'PNG')
    return out.getvalue()


def code() -> bytes:
    out = io.BytesIO()
    segno.make('01,31,,24952000000110705036,68.66,20240105,,E9A2,').save(out, kind='png', scale=8)
    return out.getvalue()


MEDIA = (
    '<ofd:MultiMedias><ofd:MultiMedia ID="7" Type="Image"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>'
    '</ofd:MultiMedias>'
)
IMAGE = '<ofd:ImageObject Boundary="10 10 30 30" ResourceID="7"/>'


def test_pictures_of_the_file_are_drawn_so_that_their_code_can_be_read() -> None:
    content = ofd(IMAGE, MEDIA.format(name='code.png'), {'Doc_0/Res/code.png': code()})
    (page,) = pages(content)
    assert [found.text.split(',')[3] for found in qr.find(page.picture)] == ['24952000000110705036']


@pytest.mark.parametrize('name', ['gone.png', '../../../../etc/passwd', 'bomb.png', 'text.png', 'huge.png'])
def test_a_picture_that_does_not_open_is_left_out(name: str) -> None:
    files = {
        'Doc_0/Res/bomb.png': picture(Image.new('1', (20_000, 15_000))), 'Doc_0/Res/text.png': b'no picture',
        'Doc_0/Res/huge.png': b'0' * 1000,
    }  # fmt: skip
    try:
        grey = seen(ofd(IMAGE, MEDIA.format(name=name), files))
    except Unreadable:
        return
    assert ink(grey) == 0


def test_lines_and_curves_are_drawn() -> None:
    path = (
        '<ofd:PathObject Boundary="10 10 80 80" LineWidth="2"><ofd:AbbreviatedData>{}</ofd:AbbreviatedData>'
        '</ofd:PathObject>'
    )
    straight = seen(ofd(path.format('M 0 0 L 80 0')))
    assert straight[90, 450] < 128
    assert straight[450, 450] > 128
    curve = seen(ofd(path.format('M 0 40 B 0 -20 80 -20 80 40 M 0 80 Q 40 60 80 80 C')))
    assert ink(curve) > 0.01
    for strange in ('M 0', 'L 5 5', 'X Y Z', 'M 0 0 L 1e999 5', 'B 1 2 3 4 5 6', 'M 0 0 L 99999999999 1', ''):
        assert ink(seen(ofd(path.format(strange)))) < 0.2


@pytest.mark.parametrize('box', ['0 0 0 0', '0 0 1000000 1', '1 2', 'a b c d', '0 0 -5 -5', ''])
def test_a_sheet_without_a_sound_size_is_a4(box: str) -> None:
    with zipfile.ZipFile(io.BytesIO(ofd(''))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    parts['Doc_0/Page.xml'] = parts['Doc_0/Page.xml'].replace('0 0 100 100', box)
    high, wide = seen(zipped(parts)).shape
    assert high / wide == pytest.approx(297 / 210, abs=0.01)


def test_a_structured_invoice_is_a_sheet_with_what_it_holds() -> None:
    content = invoice_xml()
    assert (page_count(content), is_data(content)) == (1, True)
    with_more = seen(invoice_xml('张伟' * 9))
    assert ink(with_more) > ink(seen(content)) > 0.003
    with pytest.raises(Unreadable, match='no such page'):
        render(content, 2)
    with pytest.raises(Unreadable, match='no such page'):
        render(as_ofd(make(3, 'digital_normal')), 2)


def test_what_is_no_data_is_none() -> None:
    assert not is_data(as_pdf(make(3, 'digital_normal')))
    assert not is_data(b'<!DOCTYPE html><html></html>')
    assert not is_data(zipped({'readme.txt': 'x'}))
