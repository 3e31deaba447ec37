"""Marks on pages: kept as data, undone, shown on copies; what is blacked out is gone from a copy, text and pixels."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader
from reportlab.pdfgen import canvas

from claimdesk.errors import Conflict, InvalidInput, NotAllowed, NotFound
from claimdesk.models import Case, Database
from claimdesk.ocr import Box, PageReading, TextRun
from claimdesk.paths import resource
from claimdesk.services.case_file_pdf import CaseFilePdf, Choice, Written
from claimdesk.services.documents import Documents, DocumentView, NewFile, PageEdit
from claimdesk.services.findings import Health
from claimdesk.services.page_marks import Mark, PageMarks, Place
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.services.rows_check import check_all_rows
from claimdesk.services.timeline import Timelines
from claimdesk.vocabulary import DocumentKind, MarkKind
from tests.ocr.paper import as_ofd, make
from tests.services.paper_office import PaperOffice, paper_office, pdf

SECRET, OPEN = '身份证号320501199001011234', '左侧桡骨远端骨折'
SECRET_AT, OPEN_AT = (0.1, 0.2, 0.7, 0.06), (0.1, 0.6, 0.5, 0.06)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def add(office: PaperOffice, name: str, content: bytes) -> DocumentView:
    (view,) = Documents(office.context).add(office.clerk, [NewFile(name, content)], office.case_id, name)
    return view


def printed(kind: str = 'JPEG') -> bytes:
    """A page of 600 × 800 with a secret above and something open below."""
    image = Image.new('RGB', (600, 800), 'white')
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(str(resource('fonts', 'NotoSansSC-Regular.ttf')), 26)
    pen.text((64, 164), SECRET, 'black', font)
    pen.text((64, 484), OPEN, 'black', font)
    out = io.BytesIO()
    image.save(out, kind, quality=95)
    return out.getvalue()


def keep(office: PaperOffice, view: DocumentView, rows: tuple[tuple[TextRun, ...], ...], source: str = 'rapid') -> None:
    stored = [[one.sha256, one.page_index, one.rotation] for one in view.pages]
    with office.context.database.write('test') as session:
        keep_page_texts(session, stored, [PageReading(1, DocumentKind.OTHER, rows=rows, text_source=source)])


def read_as(office: PaperOffice, view: DocumentView, source: str = 'rapid') -> None:
    keep(office, view, ((TextRun(SECRET, Box(*SECRET_AT)),), (TextRun(OPEN, Box(*OPEN_AT)),)), source)


def mark(
    office: PaperOffice, view: DocumentView, kind: MarkKind, box: tuple[float, float, float, float], note: str = ''
) -> Mark:
    place = Place(view.id, 0, box)
    (made,) = PageMarks(office.context).add(office.clerk, office.case_id, kind, [place], note)
    return made


def export(office: PaperOffice, path: Path, *, marks: bool = False, blackout: bool = False) -> Written:
    return CaseFilePdf(office.context).write(office.clerk, office.case_id, path, Choice(None, marks, blackout))


def last_page(path: Path, width: int = 600) -> tuple[str, np.ndarray]:
    """Text and grey pixels of the last page."""
    document = pypdfium2.PdfDocument(path)
    page = document[len(document) - 1]
    text = page.get_textpage().get_text_range()
    pixels = np.asarray(page.render(scale=width / page.get_size()[0]).to_pil().convert('L'), int)
    document.close()
    return text, pixels


def part(pixels: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    high, wide = pixels.shape
    x, y, across, down = box
    return pixels[int(y * high) : int((y + down) * high), int(x * wide) : int((x + across) * wide)]


# Kept as data


def test_a_mark_is_kept_changed_removed_and_brought_back(office: PaperOffice) -> None:
    marks = PageMarks(office.context)
    view = add(office, 'a.jpg', printed())
    made = mark(office, view, MarkKind.HIGHLIGHT, (0.1, 0.2, 0.3, 0.05))
    assert (made.kind, made.box, made.made_by) == (MarkKind.HIGHLIGHT, (0.1, 0.2, 0.3, 0.05), '沈若溪')
    changed = marks.change(office.clerk, made.id, made.version, box=(0.5, 0.5, 0.1, 0.1), note=' 看这里 ')
    assert (changed.box, changed.note) == ((0.5, 0.5, 0.1, 0.1), '看这里')
    with pytest.raises(Conflict):
        marks.change(office.clerk, made.id, made.version, note='spät')
    gone = marks.remove(office.clerk, [(changed.id, changed.version)])
    assert marks.of_case(office.clerk, office.case_id) == []
    marks.restore(office.clerk, gone)
    (back,) = marks.of_case(office.clerk, office.case_id)
    assert (back.box, back.note) == (changed.box, changed.note)


def test_every_change_is_in_the_trail(office: PaperOffice) -> None:
    view = add(office, 'a.jpg', printed())
    mark(office, view, MarkKind.NOTE, (0.1, 0.2, 0.3, 0.05), '看这里')
    entry = Timelines(office.context).of_case(office.clerk, office.case_id)[0]
    assert entry.action == 'marked a page'
    assert any('看这里' in detail for detail in entry.details)
    with office.context.database.read() as session:
        assert all(one.health is not Health.BROKEN for one in check_all_rows(session))


def test_a_mark_turns_and_moves_with_its_page(office: PaperOffice) -> None:
    documents = Documents(office.context)
    view = add(office, 'a.jpg', printed())
    page = view.pages[0]
    view = documents.set_pages(office.clerk, view.id, view.version, [PageEdit(page.sha256, 0, 90)])
    made = mark(office, view, MarkKind.BOX, (0.7, 0.1, 0.2, 0.3))
    assert [round(side, 4) for side in made.box] == [0.1, 0.1, 0.3, 0.2]
    assert [round(side, 4) for side in made.shown(90)] == [0.7, 0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    'kind, box, note',
    [
        (MarkKind.NOTE, (0.1, 0.1, 0.1, 0.1), '  '),
        (MarkKind.BOX, (0.1, 0.1, 0.0005, 0.1), ''),
        (MarkKind.BLACKOUT, (1.2, 0.1, 0.1, 0.1), ''),
    ],
)
def test_what_is_no_mark_is_refused(
    office: PaperOffice, kind: MarkKind, box: tuple[float, float, float, float], note: str
) -> None:
    view = add(office, 'a.jpg', printed())
    with pytest.raises(InvalidInput):
        mark(office, view, kind, box, note)


def test_a_mark_needs_the_permission_and_a_page_of_the_case(office: PaperOffice) -> None:
    marks = PageMarks(office.context)
    view = add(office, 'a.jpg', printed())
    other, _number = office.register('other')
    place = Place(view.id, 0, (0.1, 0.1, 0.2, 0.2))
    with pytest.raises(NotAllowed):
        marks.add(office.auditor, office.case_id, MarkKind.BOX, [place])
    with pytest.raises(NotFound):
        marks.add(office.clerk, other, MarkKind.BOX, [place])


# Copies


@pytest.mark.parametrize('turn', [0, 90, 180, 270])
def test_nothing_of_what_is_blacked_out_survives_in_a_copy(office: PaperOffice, tmp_path: Path, turn: int) -> None:
    original = printed()
    view = add(office, 'a.jpg', original)
    read_as(office, view)
    mark(office, view, MarkKind.BLACKOUT, SECRET_AT)
    page = view.pages[0]
    Documents(office.context).set_pages(office.clerk, view.id, view.version, [PageEdit(page.sha256, 0, turn)])
    path = tmp_path / 'copy.pdf'
    assert export(office, path, blackout=True).blacked_out == 1
    text, pixels = last_page(path, 600 if turn % 180 == 0 else 800)
    assert '320501' not in text
    assert OPEN in text
    upright = np.rot90(pixels, turn // 90)
    assert part(upright, SECRET_AT).max() < 25
    assert part(upright, OPEN_AT).min() < 100
    content = path.read_bytes()
    assert original not in content
    assert b'320501' not in content
    with pikepdf.open(path) as opened:
        images = [one for one in opened.objects if isinstance(one, pikepdf.Stream) and one.get('/Subtype') == '/Image']
        (image,) = [pikepdf.PdfImage(one).as_pil_image().convert('L') for one in images]
    assert part(np.asarray(image, int), SECRET_AT).max() < 25


def test_the_text_of_a_pdf_page_does_not_survive_either(office: PaperOffice, tmp_path: Path) -> None:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=(400, 300), pageCompression=0)
    page.setTitle('secret 320501199001011234')
    page.drawString(40, 240, 'secret 320501199001011234')
    page.drawString(40, 100, 'open words')
    page.save()
    view = add(office, 'a.pdf', out.getvalue())
    rows = (
        (TextRun('secret 320501199001011234', Box(0.1, 0.16, 0.5, 0.05)),),
        (TextRun('open words', Box(0.1, 0.62, 0.3, 0.05)),),
    )
    stored = [[one.sha256, one.page_index, one.rotation] for one in view.pages]
    with office.context.database.write('test') as session:
        keep_page_texts(session, stored, [PageReading(1, DocumentKind.OTHER, rows=rows, text_source='text_layer')])
    mark(office, view, MarkKind.BLACKOUT, (0.25, 0.15, 0.4, 0.07))
    path = tmp_path / 'copy.pdf'
    export(office, path, blackout=True)
    text, pixels = last_page(path)
    assert text.strip() == 'open words'
    assert part(pixels, (0.26, 0.16, 0.38, 0.05)).max() < 25
    with pikepdf.open(path) as opened:
        assert (round(float(opened.pages[-1].mediabox[2])), round(float(opened.pages[-1].mediabox[3]))) == (400, 300)
        every = b''.join(one.read_bytes() for one in opened.objects if isinstance(one, pikepdf.Stream)
                         and one.get('/Subtype') != '/Image' and one.get('/Filter') != '/DCTDecode')  # fmt: skip
        assert b'320501' not in every
        assert all(b'320501' not in one.unparse(resolved=True) for one in opened.objects
                   if not isinstance(one, pikepdf.Stream))  # fmt: skip


def test_papers_that_are_data_are_blacked_out_too(office: PaperOffice, tmp_path: Path) -> None:
    invoice = make(3, 'digital_normal')
    view = add(office, 'invoice.ofd', as_ofd(invoice))
    mark(office, view, MarkKind.BLACKOUT, (0.0, 0.0, 1.0, 1.0))
    path = tmp_path / 'copy.pdf'
    export(office, path, blackout=True)
    text, pixels = last_page(path)
    assert text.strip() == ''
    assert pixels.max() < 25


def test_no_code_of_a_blacked_out_page_survives(office: PaperOffice, tmp_path: Path) -> None:
    with Image.open(io.BytesIO(printed())) as page:
        for kind, place in ((zxingcpp.BarcodeFormat.QRCode, (400, 20)), (zxingcpp.BarcodeFormat.Code128, (80, 640))):
            code = zxingcpp.create_barcode('320501199001011234', kind).to_image(scale=3)
            page.paste(Image.fromarray(np.asarray(code)), place)
        out = io.BytesIO()
        page.save(out, 'PNG')
    view = add(office, 'a.png', out.getvalue())
    read_as(office, view)
    path = tmp_path / 'copy.pdf'
    export(office, path)
    assert codes_on(path) == {'320501199001011234'}
    mark(office, view, MarkKind.BLACKOUT, SECRET_AT)
    export(office, path, blackout=True)
    assert codes_on(path) == set()
    text, _pixels = last_page(path)
    assert OPEN in text


def codes_on(path: Path) -> set[str]:
    _text, pixels = last_page(path, 1800)
    return {found.text for found in zxingcpp.read_barcodes(pixels.astype(np.uint8))}


def test_titles_and_the_front_do_not_tell_what_is_blacked_out(office: PaperOffice, tmp_path: Path) -> None:
    with office.context.database.read() as session:
        insured = session.get_one(Case, office.case_id).insured_name
    view = add(office, f'320501199001011234{insured}.jpg', printed())
    other = add(office, f'{insured}的收据.png', printed('PNG'))
    harmless = add(office, '维修清单.tif', printed('TIFF'))
    rows = ((TextRun(f'姓名 {insured} 号码 320501199001011234', Box(*SECRET_AT)),), (TextRun(OPEN, Box(*OPEN_AT)),))
    keep(office, view, rows)
    keep(office, other, ((TextRun(f'付款人 {insured}', Box(*OPEN_AT)),),))
    path = tmp_path / 'copy.pdf'
    everything = export(office, path)
    assert insured in whole_text(path)
    assert everything.still_told == ()
    mark(office, view, MarkKind.BLACKOUT, SECRET_AT)
    written = export(office, path, blackout=True)
    front, marks = PdfReader(path).pages[0].extract_text(), outline(path)
    assert insured not in front
    assert not any(insured in title or '320501' in title for title in marks)
    assert harmless.title in front
    assert other.title not in front
    assert written.still_told == ()  # the words below the black stand nowhere as a whole; a name alone is not sought


def test_pages_that_still_tell_it_are_named(office: PaperOffice, tmp_path: Path) -> None:
    view, copy = add(office, 'a.jpg', printed()), add(office, 'copy.png', printed('PNG'))
    read_as(office, view)
    read_as(office, copy)
    mark(office, view, MarkKind.BLACKOUT, SECRET_AT)
    path = tmp_path / 'copy.pdf'
    assert export(office, path, blackout=True).still_told == (('copy', 1),)
    mark(office, copy, MarkKind.BLACKOUT, SECRET_AT)
    assert export(office, path, blackout=True).still_told == ()


def outline(path: Path) -> list[str]:
    def flat(entries: list[Any]) -> list[str]:
        return [title for one in entries for title in (flat(one) if isinstance(one, list) else [one.title])]

    return flat(PdfReader(path).outline)


def whole_text(path: Path) -> str:
    return ' '.join(page.extract_text() for page in PdfReader(path).pages)


def test_without_the_wish_a_copy_shows_no_mark_and_the_original_stays(office: PaperOffice, tmp_path: Path) -> None:
    content = printed()
    view = add(office, 'a.jpg', content)
    mark(office, view, MarkKind.BLACKOUT, SECRET_AT)
    mark(office, view, MarkKind.HIGHLIGHT, OPEN_AT)
    path = tmp_path / 'copy.pdf'
    assert export(office, path).blacked_out == 0
    with pikepdf.open(path) as opened:
        assert opened.pages[-1].Resources.XObject.Im.read_raw_bytes() == content
    assert b'blacked out' not in ' '.join(one.extract_text() for one in PdfReader(path).pages).encode()
    with office.context.database.read() as session:
        assert office.context.files.get(session, view.pages[0].sha256) == content


@pytest.mark.parametrize('turn', [0, 90])
def test_highlights_frames_and_notes_are_shown(office: PaperOffice, tmp_path: Path, turn: int) -> None:
    content = printed()
    view = add(office, 'a.jpg', content)
    page = view.pages[0]
    view = Documents(office.context).set_pages(
        office.clerk, view.id, view.version, [PageEdit(page.sha256, 0, turn)]
    )
    mark(office, view, MarkKind.HIGHLIGHT, (0.1, 0.1, 0.2, 0.1))
    mark(office, view, MarkKind.BOX, (0.5, 0.1, 0.2, 0.1))
    mark(office, view, MarkKind.NOTE, (0.1, 0.4, 0.2, 0.1), '请核对金额')
    path = tmp_path / 'copy.pdf'
    assert export(office, path, marks=True).pages == 1
    document = pypdfium2.PdfDocument(path)
    shown = document[len(document) - 1]
    assert '请核对金额' in shown.get_textpage().get_text_range()
    colours = np.asarray(shown.render(scale=1).to_pil().convert('RGB'), int)
    document.close()
    high, wide, _three = colours.shape
    red, green, blue = colours[int(0.12 * high), int(0.2 * wide)]
    assert min(red, green) > 200 > blue
    frame = colours[int(0.1 * high) - 2 : int(0.1 * high) + 3, int(0.6 * wide)]
    assert any(red > 150 and green < 120 for red, green, _blue in frame)
    with pikepdf.open(path) as opened:
        assert opened.pages[-1].Resources.XObject.Im.read_raw_bytes() == content


def test_a_marked_page_of_a_pdf_keeps_its_text(office: PaperOffice, tmp_path: Path) -> None:
    view = add(office, 'a.pdf', pdf('words of its own'))
    mark(office, view, MarkKind.HIGHLIGHT, (0.1, 0.3, 0.4, 0.2), '注意')
    path = tmp_path / 'copy.pdf'
    export(office, path, marks=True)
    text, _pixels = last_page(path)
    assert 'words of its own' in text
    assert '注意' in text
