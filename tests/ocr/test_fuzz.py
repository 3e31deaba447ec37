"""Every parser of foreign bytes, fed with broken ones: it reads them or says `Unreadable`, and nothing else.

The suite tries a bounded number of examples, always the same. `make fuzz` tries many and new ones.
"""

import io
import os
import zipfile
from collections.abc import Callable
from contextlib import suppress
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from claimdesk.errors import InvalidInput, Unavailable, Unreadable
from claimdesk.ocr import qr, structured
from claimdesk.ocr.facsimile import ofd_picture
from claimdesk.ocr.ofd import OfdFile, is_ofd
from claimdesk.ocr.pages import page_count, pages, render
from claimdesk.ocr.photo import photo_facts
from claimdesk.pictures import decode, open_picture
from claimdesk.scanning.archive import is_archive, papers
from claimdesk.scanning.escl_words import Capabilities, ScannerState
from claimdesk.scanning.pdf import PageRef, is_locked, unlocked, write_pdf
from tests.ocr.paper import as_ofd, as_pdf, as_picture, make
from tests.ocr.test_facsimile import invoice_xml
from tests.scanning.escl_server import EsclDevice
from tests.test_pictures import HEIC

MORE = int(os.environ.get('CLAIMDESK_FUZZ', '0'))
INVOICE = make(3, 'digital_normal')


def tried(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return settings(
        max_examples=MORE or examples, derandomize=not MORE, deadline=None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def picture(form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image = as_picture(INVOICE, dpi=30)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, 'Maker'
    options |= {'exif': exif} if form in ('JPEG', 'PNG', 'WEBP', 'TIFF') else {}
    image.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


PDF = as_pdf(INVOICE)
PICTURES = tuple(picture(form) for form in ('PNG', 'JPEG', 'TIFF', 'BMP', 'WEBP', 'GIF'))
OFD = as_ofd(INVOICE)
XML = invoice_xml()
ZIP = zipped({'a.pdf': b'%PDF-1.7 %%EOF', '收据/b.png': PICTURES[0], 'c.zip': zipped({'d.pdf': b'%PDF'})})


@st.composite
def broken(draw: st.DrawFn, samples: tuple[bytes, ...]) -> bytes:
    """A sound file with a few bytes changed, cut, repeated or put in; now and then nothing but noise."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([b'', *(one[:16] for one in samples)])) + draw(st.binary(max_size=400))
    data = bytearray(draw(st.sampled_from(samples)))
    for _number in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.sampled_from(['change', 'cut', 'drop', 'put', 'repeat', 'end'])):
            case 'change' if data:
                data[at] = draw(st.integers(0, 255))
            case 'cut':
                del data[at:]
            case 'drop':
                del data[at : at + draw(st.integers(1, 200))]
            case 'put':
                data[at:at] = draw(st.binary(min_size=1, max_size=40))
            case 'repeat':
                data[at:at] = data[at : at + draw(st.integers(1, 2000))]
            case _:
                data += draw(st.binary(max_size=100))
    return bytes(data)


@tried(120)
@given(broken((PDF,)))
def test_pdf(data: bytes) -> None:
    with suppress(Unreadable):
        for page in pages(data):
            assert page.picture.shape[2] == 3
    with suppress(Unreadable):
        page_count(data)
    with suppress(Unreadable):
        write_pdf([PageRef(data)])
    with suppress(Unreadable, InvalidInput):
        is_locked(data)
        unlocked(data, 'x')


@tried(250)
@given(broken(PICTURES))
def test_pictures(data: bytes) -> None:
    with suppress(Unreadable):
        decode(open_picture(data))
    with suppress(Unreadable):
        for page in pages(data):
            assert page.picture.shape[2] == 3
    with suppress(Unreadable):
        render(data, 1, width=200, rotation=90)
    with suppress(Unreadable):
        write_pdf([PageRef(data)])
    photo_facts(data)


@tried(80)
@given(broken((HEIC,)))
def test_heic(data: bytes) -> None:
    with suppress(Unreadable):
        decode(open_picture(data))


def changed_inside(data: bytes, name: str, content: bytes) -> bytes:
    """The ZIP with another content for one of its files: deeper than a broken ZIP gets."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    files[name] = content
    return zipped(files)


PARTS = {name: zipfile.ZipFile(io.BytesIO(OFD)).read(name) for name in zipfile.ZipFile(io.BytesIO(OFD)).namelist()}


def read_ofd(data: bytes) -> None:
    with suppress(Unreadable):
        if is_ofd(data):
            file = OfdFile(data)
            file.tags()
            for index in range(min(2, len(file))):
                file.spans(index)
                ofd_picture(file, index, 300)
    with suppress(Unreadable):
        render(data, 1, width=200)


@tried(60)
@given(broken((OFD,)))
def test_ofd(data: bytes) -> None:
    read_ofd(data)


@tried(120)
@given(st.sampled_from(sorted(PARTS)).flatmap(lambda name: st.tuples(st.just(name), broken((PARTS[name],)))))
def test_parts_of_an_ofd(changed: tuple[str, bytes]) -> None:
    read_ofd(changed_inside(OFD, *changed))


NUMBERS = st.one_of(
    st.text('0123456789.- ', max_size=30), st.integers().map(str), st.floats().map(str), st.text(max_size=10)
)


@tried(120)
@given(st.lists(NUMBERS, min_size=6, max_size=6), st.text(max_size=20))
def test_numbers_of_an_ofd(numbers: list[str], text: str) -> None:
    box, boundary, size, delta, path, turn = numbers
    plain = ''.join(char for char in text if char.isprintable())
    page = (
        '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Area><ofd:PhysicalBox>' + escape(printable(box)) +
        '</ofd:PhysicalBox></ofd:Area><ofd:Content><ofd:Layer>'
        f'<ofd:TextObject Boundary={quoteattr(printable(boundary))} Size={quoteattr(printable(size))} '
        f'CTM={quoteattr(printable(turn))}><ofd:TextCode X={quoteattr(printable(size))} Y="1" '
        f'DeltaX={quoteattr(printable("g " + delta))}>{escape(plain)}</ofd:TextCode></ofd:TextObject>'
        f'<ofd:PathObject Boundary={quoteattr(printable(boundary))} LineWidth={quoteattr(printable(delta))}>'
        f'<ofd:AbbreviatedData>M {escape(printable(path))} L {escape(printable(path))} C</ofd:AbbreviatedData>'
        '</ofd:PathObject></ofd:Layer></ofd:Content></ofd:Page>'
    )  # fmt: skip
    name = next(name for name in PARTS if name.endswith('Content.xml'))
    read_ofd(changed_inside(OFD, name, page.encode()))


def printable(text: str) -> str:
    return ''.join(char for char in text if char.isprintable() and ord(char) < 0xD800)


@tried(200)
@given(broken((XML,)))
def test_structured_invoices(data: bytes) -> None:
    with suppress(Unreadable):
        structured.read(data)
    with suppress(Unreadable):
        render(data, 1, width=200)


@tried(200)
@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.text('0123456789.,-年月日ABCDEF:/?=& ', max_size=24), max_size=14).map(','.join),
        st.text(max_size=80).map(lambda words: '01,31,,' + words),
        st.text(max_size=80).map(lambda words: 'CZ-EI-42,1.0.0,' + words),
        st.text(max_size=80).map(lambda words: 'https://' + words),
    )
)
def test_what_a_code_says(text: str) -> None:
    found = qr.parse(text)
    if found is not None:
        assert found.kind is None or found.kind.value


@tried(40)
@given(st.integers(1, 60), st.integers(1, 60), st.randoms(use_true_random=False))
def test_looking_for_codes(wide: int, high: int, dice: object) -> None:
    noise = np.random.default_rng(dice.getrandbits(32)).integers(0, 255, (high, wide, 3), np.uint8)  # type: ignore[attr-defined]
    assert isinstance(list(qr.find(noise)), list)


@tried(150)
@given(broken((ZIP,)))
def test_zip(data: bytes) -> None:
    is_archive(data)
    with suppress(Unreadable):
        for one in papers('pile.zip', data):
            assert '/' not in one.name
            assert '\\' not in one.name


@tried(150)
@given(broken((EsclDevice().describe(), EsclDevice().status())))
def test_answers_of_a_scanner(data: bytes) -> None:
    with suppress(Unavailable):
        Capabilities.read(data)
    with suppress(Unavailable):
        ScannerState.read(data).problem(feeds=True, begun=False)
