"""Files that want to do harm: each one clear sentence, little memory, nothing written."""

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfWriter

from claimdesk.errors import Unreadable
from claimdesk.ocr import page_count, read, render
from claimdesk.ocr import pages as page_module
from claimdesk.vocabulary import DocumentKind
from tests.ocr.paper import as_pdf, as_picture, make

INVOICE = make(3, 'vat_electronic')


@pytest.fixture(autouse=True)
def _blind_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these files do happens before any engine looks."""

    class Blind:
        name = 'rapid'

        def spans(self, picture: object) -> list[object]:
            return []

    monkeypatch.setattr('claimdesk.ocr.sight.load_engine', lambda _choice: Blind())


def picture(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def pdf_with(change: Callable[[PdfWriter], None]) -> bytes:
    writer = PdfWriter(io.BytesIO(as_pdf(INVOICE)))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def many_pages() -> bytes:
    writer = PdfWriter()
    for _page in range(10_000):
        writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('OFD.xml', b'0' * 100_000_000)
    return out.getvalue()


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<EInvoice><TaxSupervisionInfo><InvoiceNumber>&d;</InvoiceNumber></TaxSupervisionInfo></EInvoice>"""

FOREIGN_ENTITY = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<EInvoice><TaxSupervisionInfo><InvoiceNumber>&x;</InvoiceNumber></TaxSupervisionInfo></EInvoice>"""

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    'empty': (lambda: b'', 'empty'),
    'text called pdf': (lambda: '只是文本'.encode() * 99, 'neither a PDF nor a picture'),
    'noise': (lambda: np.random.default_rng(1).bytes(50_000), 'neither a PDF nor a picture'),
    'torn pdf': (lambda: as_pdf(INVOICE)[:3000], 'damaged'),
    'head of a pdf only': (lambda: b'%PDF-1.7\n', 'damaged'),
    'encrypted pdf': (lambda: pdf_with(lambda writer: writer.encrypt('secret')), 'password'),
    'ten thousand pages': (many_pages, 'more than 500 pages'),
    'half a jpeg': (lambda: picture(as_picture(INVOICE, dpi=80), 'JPEG')[:9000], 'damaged or incomplete'),
    'half a png': (lambda: picture(as_picture(INVOICE, dpi=80), 'PNG')[:9000], 'damaged or incomplete'),
    '300 megapixels': (lambda: picture(Image.new('1', (20_000, 15_000)), 'PNG'), 'more pixels'),
    'zip bomb': (zip_bomb, ''),
    'billion laughs': (lambda: BILLION_LAUGHS, 'not a digital invoice'),
    'foreign entity': (lambda: FOREIGN_ENTITY, 'not a digital invoice'),
    'torn xml': (lambda: b'<?xml version="1.0"?><EInvoice><Header>', 'XML file is damaged'),
    'other xml': (lambda: b'<?xml version="1.0"?><Order/>', 'not a digital invoice'),
}


@pytest.mark.parametrize('name', HOSTILE)
def test_hostile_files_give_one_sentence(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_it, sentence = HOSTILE[name]
    file = tmp_path / 'hostile.pdf'
    file.write_bytes(make_it())
    monkeypatch.chdir(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reading = read(file)
    assert reading.error is not None
    assert sentence in reading.error
    assert reading.pages == ()
    assert reading.error.count('\n') == 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 600_000
    assert [path.name for path in tmp_path.iterdir()] == ['hostile.pdf']


def gray16() -> bytes:
    grey = np.asarray(as_picture(INVOICE, dpi=80).convert('L')).astype(np.uint16) * 257
    return picture(Image.fromarray(grey), 'TIFF')


def several(form: str, more: int) -> bytes:
    page = as_picture(INVOICE, dpi=60)
    return picture(page, form, save_all=True, append_images=[Image.new('RGB', page.size)] * more)


UNUSUAL: dict[str, tuple[Callable[[], bytes], int]] = {
    'cmyk tiff': (lambda: picture(as_picture(INVOICE, dpi=80).convert('CMYK'), 'TIFF'), 1),
    'cmyk jpeg': (lambda: picture(as_picture(INVOICE, dpi=80).convert('CMYK'), 'JPEG'), 1),
    '16 bit tiff': (gray16, 1),
    'palette': (lambda: picture(as_picture(INVOICE, dpi=80).convert('P'), 'GIF'), 1),
    'transparent': (lambda: picture(as_picture(INVOICE, dpi=80).convert('RGBA'), 'PNG'), 1),
    'moving gif': (lambda: several('GIF', 40), 1),
    'two page tiff': (lambda: several('TIFF', 1), 2),
    'a strip': (lambda: picture(Image.new('RGB', (1, 20_000)), 'PNG'), 1),
    'a dot': (lambda: picture(Image.new('RGB', (1, 1)), 'PNG'), 1),
    'a page of 5 metres': (lambda: pdf_with(lambda writer: writer.add_blank_page(14_400, 14_400)), 2),
}


@pytest.mark.parametrize('name', UNUSUAL)
def test_unusual_pictures_are_pages(name: str) -> None:
    content, count = UNUSUAL[name][0](), UNUSUAL[name][1]
    reading = read(content)
    assert (reading.error, len(reading.pages), page_count(content)) == (None, count, count)
    image = Image.open(io.BytesIO(render(content, width=300)))
    assert max(image.size) <= 8000


@pytest.mark.parametrize('dark', ['CMYK', 'I;16'])
def test_unusual_colours_are_seen_as_print_on_paper(dark: str) -> None:
    content = UNUSUAL['cmyk jpeg' if dark == 'CMYK' else '16 bit tiff'][0]()
    grey = np.asarray(Image.open(io.BytesIO(render(content, width=600))).convert('L'))
    assert np.median(grey) > 200
    assert grey.min() < 100


def test_a_strip_is_made_stout_before_an_engine_sees_it() -> None:
    from claimdesk.ocr.engines.rapid import MOST_SLENDER, _stout

    for shape in ((20_000, 1, 3), (1, 20_000, 3), (500, 400, 3)):
        high, wide, _depth = _stout(np.zeros(shape, np.uint8)).shape
        assert max(high, wide) <= (MOST_SLENDER + 1) * min(high, wide)


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    for path in (Path('a\0b.pdf'), tmp_path, tmp_path / 'missing.pdf', tmp_path / ('x' * 300)):
        reading = read(path)
        assert reading.error is not None
        assert 'cannot be opened' in reading.error


def test_a_file_beyond_the_limit_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_module, 'MAX_BYTES', 1000)
    (tmp_path / 'large.pdf').write_bytes(b'%PDF-' + bytes(2000))
    assert 'larger than' in str(read(tmp_path / 'large.pdf').error)
    assert 'larger than' in str(read(b'%PDF-' + bytes(2000)).error)


def test_pages_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match='no such page'):
        render(as_pdf(INVOICE), 2)
    with pytest.raises(Unreadable, match='no such page'):
        render(picture(Image.new('L', (9, 9)), 'PNG'), 0)


def test_other_papers_get_no_invented_fields() -> None:
    reading = read(picture(Image.effect_noise((600, 800), 120), 'PNG'))
    assert (reading.pages[0].kind, reading.pages[0].fields) == (DocumentKind.OTHER, {})


def test_a_text_layer_needs_no_engine_to_be_loaded(tmp_path: Path) -> None:
    (tmp_path / 'invoice.pdf').write_bytes(as_pdf(make(3, 'digital_normal')))
    script = (
        'import sys; from pathlib import Path; from claimdesk.ocr import read;'
        f'reading = read(Path({str(tmp_path / "invoice.pdf")!r}));'
        'assert reading.pages[0].fields["total"].sure;'
        'print([name for name in ("onnxruntime", "rapidocr", "pytesseract", "PySide6") if name in sys.modules])'
    )
    done = subprocess.run([sys.executable, '-c', script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == '[]'
