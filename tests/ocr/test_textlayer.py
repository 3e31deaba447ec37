"""Text layers: print counts, what a scanner's software laid under its picture does not."""

import io

import pytest
from PIL import Image
from pypdf import PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from claimdesk.ocr.layout import Layout
from claimdesk.ocr.pages import pages
from tests.ocr.paper import font_file

VISIBLE, INVISIBLE = 0, 3


def sheet(*, mode: int = VISIBLE, picture: str = '', rotate: int = 0) -> bytes:
    """A page with a line of text, in a mode of rendering, and a picture of the page `under` or `over` it."""
    pdfmetrics.registerFont(TTFont('sheet', str(font_file())))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 400), invariant=True)
    scan = ImageReader(Image.new('RGB', (60, 40), 'white'))
    if picture == 'under':
        canvas.drawImage(scan, 0, 0, 600, 400)
    line = canvas.beginText(100, 300)
    line.setFont('sheet', 10)
    line.setTextRenderMode(mode)
    line.textOut('发票号码:24517000000216393366')
    canvas.drawText(line)
    if picture == 'over':
        canvas.drawImage(scan, 0, 0, 600, 400)
    canvas.showPage()
    canvas.save()
    writer = PdfWriter(out)
    writer.pages[0].rotate(rotate)
    turned = io.BytesIO()
    writer.write(turned)
    return turned.getvalue()


def text_of(content: bytes) -> str:
    page = next(pages(content))
    return Layout(page.spans, page.aspect).text()


@pytest.mark.parametrize('picture', ['', 'under'])
def test_print_is_read(picture: str) -> None:
    assert text_of(sheet(picture=picture)) == '发票号码:24517000000216393366'


@pytest.mark.parametrize('mode, picture', [(INVISIBLE, ''), (INVISIBLE, 'under'), (VISIBLE, 'over')])
def test_what_nobody_sees_is_not_print(mode: int, picture: str) -> None:
    assert text_of(sheet(mode=mode, picture=picture)) == ''


@pytest.mark.parametrize('rotate', [0, 90, 180, 270])
def test_text_of_a_turned_page_stands_as_on_the_upright_one(rotate: int) -> None:
    page = next(pages(sheet(rotate=rotate)))
    assert page.turn == -rotate % 360
    assert page.aspect == pytest.approx(2 / 3, abs=0.01)
    x0 = min(span.x0 for span in page.spans)
    y0 = min(span.y0 for span in page.spans)
    assert (x0, y0) == (pytest.approx(1 / 6, abs=0.05), pytest.approx(0.15, abs=0.06))
