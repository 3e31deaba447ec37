"""Files that want to do harm, made by the tests: what each is, and the sentence that it must come to."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import segno
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
DOCUMENT = '<ofd:Document {space}><ofd:Pages>{pages}</ofd:Pages></ofd:Document>'
COVER = (
    f'<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>'
)


def ofd(page: bytes | str = '', **parts: bytes | str) -> bytes:
    """An OFD file of one page, with other parts under the names of `parts` (`__` for `/`, `_dot_` for `.`)."""
    files: dict[str, bytes | str] = {
        'OFD.xml': COVER,
        'Doc_0/Document.xml': DOCUMENT.format(space=SPACE, pages='<ofd:Page ID="1" BaseLoc="Page.xml"/>'),
        'Doc_0/Page.xml': page or f'<ofd:Page {SPACE}/>',
    }
    files |= {name.replace('__', '/').replace('_dot_', '.'): content for name, content in parts.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def png(wide: int, high: int, mode: int = 2, rows: bytes = b'') -> bytes:
    """A PNG that says it is `wide` × `high`; its pixels are `rows`, packed."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))

    head = struct.pack('>IIBBBBB', wide, high, 8, mode, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


def tiff_of_300_megapixels() -> bytes:
    """One strip of packed white, as a fax would be."""
    out = io.BytesIO()
    Image.new('1', (20_000, 15_000), 1).save(out, 'TIFF', compression='group4')
    return out.getvalue()


def tiff_in_a_circle() -> bytes:
    """A TIFF whose directory says that the next one is itself."""
    entries = [(256, 3, 1, 8), (257, 3, 1, 8), (258, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 8), (279, 4, 1, 64)]
    body = b'II*\0' + struct.pack('<I', 80) + bytes(72)
    body += struct.pack('<H', len(entries)) + b''.join(struct.pack('<HHII', *entry) for entry in entries)
    return body + struct.pack('<I', 80)


def text_bomb_png() -> bytes:
    """A small picture with a comment that unpacks to 64 MB."""
    sound = io.BytesIO()
    Image.new('L', (8, 8)).save(sound, 'PNG')
    body = b'Comment\0\0' + zlib.compress(bytes(64 * 1024 * 1024))
    chunk = struct.pack('>I', len(body)) + b'zTXt' + body + struct.pack('>I', zlib.crc32(b'zTXt' + body))
    return sound.getvalue()[:33] + chunk + sound.getvalue()[33:]


def pdf_page(stream: bytes, resources: DictionaryObject | None = None, size: int = 400) -> bytes:
    """A PDF whose one page is drawn by `stream`."""
    writer = PdfWriter()
    page = writer.add_blank_page(size, size)
    content = StreamObject()
    content.set_data(stream)
    page[NameObject('/Contents')] = writer._add_object(content.flate_encode())
    if resources is not None:
        page[NameObject('/Resources')] = resources
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_picture(wide: int, high: int) -> bytes:
    """A page with a picture of that many pixels, packed to next to nothing."""
    writer = PdfWriter()
    page = writer.add_blank_page(400, 400)
    picture = StreamObject()
    picture.update({
        NameObject('/Type'): NameObject('/XObject'), NameObject('/Subtype'): NameObject('/Image'),
        NameObject('/Width'): NumberObject(wide), NameObject('/Height'): NumberObject(high),
        NameObject('/ColorSpace'): NameObject('/DeviceRGB'), NameObject('/BitsPerComponent'): NumberObject(8),
    })  # fmt: skip
    packer = zlib.compressobj(1)
    data = b''.join(packer.compress(bytes(3 * wide)) for _row in range(high)) + packer.flush()
    picture._data = data
    picture[NameObject('/Filter')] = NameObject('/FlateDecode')
    page[NameObject('/Resources')] = DictionaryObject(
        {NameObject('/XObject'): DictionaryObject({NameObject('/I'): writer._add_object(picture)})}
    )
    content = StreamObject()
    content.set_data(b'q 400 0 0 400 0 0 cm /I Do Q')
    page[NameObject('/Contents')] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def form_in_itself() -> bytes:
    """A page that draws a form that draws itself."""
    writer = PdfWriter()
    page = writer.add_blank_page(400, 400)
    form = StreamObject()
    form.set_data(b'/F Do /F Do')
    place = writer._add_object(form)
    own = DictionaryObject({NameObject('/XObject'): DictionaryObject({NameObject('/F'): place})})
    form.update({
        NameObject('/Type'): NameObject('/XObject'), NameObject('/Subtype'): NameObject('/Form'),
        NameObject('/BBox'): ArrayObject([NumberObject(n) for n in (0, 0, 400, 400)]), NameObject('/Resources'): own,
    })  # fmt: skip
    page[NameObject('/Resources')] = own
    content = StreamObject()
    content.set_data(b'/F Do')
    page[NameObject('/Contents')] = writer._add_object(content)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def acting_pdf(address: str, program: str) -> bytes:
    """A PDF that wants to run a script and a program when it opens, with a link, an attachment and a code."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 400))
    canvas.drawString(40, 40, 'Open me')
    code = io.BytesIO()
    segno.make(address).save(code, kind='png', scale=4)
    picture = io.BytesIO()
    Image.open(code).convert('RGB').save(picture, 'PNG')
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 100, 100, 200, 200)
    canvas.showPage()
    canvas.save()
    writer = PdfWriter(io.BytesIO(out.getvalue()))
    script = f"app.launchURL('{address}', true); this.exportDataObject({{cName: 'x', nLaunch: 2}});"
    writer.root_object[NameObject('/OpenAction')] = DictionaryObject(
        {NameObject('/S'): NameObject('/JavaScript'), NameObject('/JS'): TextStringObject(script)}
    )
    writer.add_annotation(0, Link(rect=(0, 0, 400, 400), url=address))
    writer.add_attachment('run.sh', f'#!/bin/sh\n{program}\n'.encode())
    launch = DictionaryObject({
        NameObject('/S'): NameObject('/Launch'),
        NameObject('/F'): TextStringObject('/bin/sh'),
        NameObject('/Next'): DictionaryObject(
            {NameObject('/S'): NameObject('/URI'), NameObject('/URI'): TextStringObject(address)}
        ),
    })
    writer.root_object[NameObject('/AA')] = DictionaryObject({NameObject('/WC'): launch})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def deep_xml(depth: int = 200_000) -> bytes:
    """Elements inside elements inside elements."""
    return b'<?xml version="1.0"?>' + b'<a>' * depth + b'</a>' * depth


def many_templates() -> bytes:
    """A page that lays the same large template under itself again and again."""
    template = f'<ofd:Page {SPACE}>' + '<ofd:TextObject/>' * 10_000 + '</ofd:Page>'
    pages = '<ofd:Page ID="1" BaseLoc="Page.xml"/>'
    document = DOCUMENT.format(space=SPACE, pages=pages).replace(
        '<ofd:Pages>', '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="T.xml"/></ofd:CommonData><ofd:Pages>'
    )
    page = f'<ofd:Page {SPACE}>' + '<ofd:Template TemplateID="9"/>' * 5000 + '</ofd:Page>'
    return ofd(page, Doc_0__Document_dot_xml=document, Doc_0__T_dot_xml=template)


def long_text() -> bytes:
    """A text object with three hundred thousand characters, each with its step."""
    place = 'Boundary="0 0 9 9" Size="3"><ofd:TextCode X="0" Y="0" DeltaX="g 9999999 1"'
    text = f'<ofd:TextObject {place}>{"字" * 300_000}'
    return ofd(f'<ofd:Page {SPACE}><ofd:Content>{text}</ofd:TextCode></ofd:TextObject></ofd:Content></ofd:Page>')


def entities(head: str) -> bytes:
    """An OFD whose cover has a document type of its own."""
    return ofd(OFD_dot_xml=f'<?xml version="1.0"?><!DOCTYPE a [{head}]>' + COVER.replace('Doc_0', '&x;'))


FOREIGN = '<!ENTITY x SYSTEM "file:///etc/passwd">'
LAUGHS = '<!ENTITY a "ha">' + ''.join(f'<!ENTITY {one} "{f"&{of};" * 50}">' for one, of in ('ba', 'cb', 'xc'))

BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    'a PNG of 60,000 × 60,000': (lambda: png(60_000, 60_000), 'more pixels'),
    'a PNG of 4 billion columns': (lambda: png(0x7FFFFFFF, 1), 'more pixels|neither|damaged'),
    'a PNG with a comment of 64 MB': (text_bomb_png, 'damaged|neither'),
    'a TIFF of 300 megapixels': (tiff_of_300_megapixels, 'more pixels'),
    'a GIF of 65,535 × 65,535': (
        lambda: b'GIF89a' + struct.pack('<HHBBB', 65_535, 65_535, 0x80, 0, 0) + bytes(6) + b',' +
        struct.pack('<HHHHB', 0, 0, 65_535, 65_535, 0) + b'\x02\x02\x44\x01\x00;', 'more pixels|neither|damaged',
    ),
    'a WebP of 16,383 × 16,383': (
        lambda: b'RIFF' + struct.pack('<I', 30) + b'WEBPVP8L' + struct.pack('<I', 10) + b'\x2f' +
        struct.pack('<I', 16_382 | 16_382 << 14) + bytes(5), 'more pixels|neither|damaged',
    ),
    'an OFD that unpacks to 100 MB': (lambda: ofd(b'0' * 100_000_000), 'too large'),
    'an OFD with an endless nest': (lambda: ofd(deep_xml()), 'damaged'),
    'an OFD that laughs a billion times': (lambda: entities(LAUGHS), 'damaged'),
    'an OFD whose page is elsewhere': (
        lambda: ofd(Doc_0__Document_dot_xml=DOCUMENT.format(
            space=SPACE, pages='<ofd:Page ID="1" BaseLoc="../../../../etc/passwd"/>')), 'damaged',
    ),
    'an OFD of 100,000 pages': (
        lambda: ofd(Doc_0__Document_dot_xml=DOCUMENT.format(
            space=SPACE, pages='<ofd:Page ID="1" BaseLoc="Page.xml"/>' * 100_000)), 'too large',
    ),
    'XML without end': (lambda: deep_xml(), 'XML file is damaged'),
    'XML of 21 MB': (lambda: b'<?xml version="1.0"?>' + b' ' * (21 << 20) + b'<a/>', 'too large'),
    'XML that laughs in an attribute': (
        lambda: f'<?xml version="1.0"?><!DOCTYPE a [{LAUGHS}]><EInvoice x="&x;"/>'.encode(), 'damaged|not a digital',
    ),
    'a PDF with a circle of pages': (
        lambda: b'%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 99999999'
        b'>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF', 'damaged|no pages|more than 500',
    ),
}  # fmt: skip
"""Must come to that sentence."""

SURVIVED: dict[str, Callable[[], bytes]] = {
    'a TIFF in a circle': tiff_in_a_circle,
    'a PNG with half its rows': lambda: png(4000, 4000, rows=bytes(12_001 * 9)),
    'an OFD that reads a file': lambda: entities(FOREIGN),
    'an OFD of 5,000 templates': many_templates,
    'an OFD text of 300,000 characters': long_text,
    'a PDF of 200,000 saved states': lambda: pdf_page(b'q ' * 200_000),
    'a PDF picture of 100 megapixels': lambda: pdf_picture(10_000, 10_000),
    'a PDF page of 14,400 points': lambda: pdf_page(b'', size=14_400),
    'a PDF that acts': lambda: acting_pdf('http://127.0.0.1:9/gotcha', 'touch /tmp/gotcha'),
}
"""May be read or not; must end soon, small, and write nothing."""

FATAL: dict[str, Callable[[], bytes]] = {
    'a form in itself': form_in_itself,
    'a million lines': lambda: pdf_page(b'0 0 m 400 400 l S ' * 1_000_000),
}
"""PDF pages that no limit inside the library stops: they must cost themselves alone."""
