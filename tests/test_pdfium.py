"""The door to PDFium: threads take turns, and Chinese is shown where a PDF brings no font."""

import io
import threading

import numpy as np
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from claimdesk.ocr import page_count, render
from claimdesk.scanning import PageRef, write_pdf


def without_fonts(text: str, pages: int = 1) -> bytes:
    """A PDF that names a Chinese font and does not bring it along, as e-invoices do."""
    pdfmetrics.registerFont(UnicodeCIDFont('STSong-Light'))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 100), invariant=True)
    for _number in range(pages):
        canvas.setFont('STSong-Light', 20)
        canvas.drawString(20, 40, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def ink(content: bytes) -> int:
    return int((np.asarray(Image.open(io.BytesIO(render(content, width=600))).convert('L')) < 128).sum())


def test_chinese_is_shown_although_the_pdf_brings_no_font() -> None:
    assert ink(without_fonts('发票号码')) > 1000
    assert ink(without_fonts('发票号码')) > 1.5 * ink(without_fonts('一一一一'))


def test_several_threads_take_turns() -> None:
    """Without turns the process dies here within a second."""
    content = without_fonts('页', 3)
    problems: list[BaseException] = []

    def work() -> None:
        try:
            for _round in range(15):
                assert page_count(write_pdf([PageRef(content, 2, 90)])) == 1
                render(content, 2, width=200)
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
