"""The case file as one PDF: every page once and as it was, found by its words, with what is missing named."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter

from claimdesk.errors import Cancelled, InvalidInput, NotAllowed, Unavailable
from claimdesk.models import Database
from claimdesk.ocr import Box, PageReading, TextRun
from claimdesk.services.case_file_pdf import EVERYTHING, CaseFilePdf, Choice, Written
from claimdesk.services.checklist import Checklist
from claimdesk.services.context import Actor
from claimdesk.services.documents import Documents, DocumentView, NewFile, PageEdit
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.vocabulary import DocumentKind
from tests.ocr.paper import as_ofd, make
from tests.ocr.test_facsimile import invoice_xml
from tests.services.paper_office import PaperOffice, paper_office, pdf, picture


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def photo(size: tuple[int, int] = (300, 400)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 40).convert('RGB').save(out, 'JPEG', quality=80)
    return out.getvalue()


def add(office: PaperOffice, name: str, content: bytes) -> DocumentView:
    (view,) = Documents(office.context).add(office.clerk, [NewFile(name, content)], office.case_id, name)
    return view


def read_as(office: PaperOffice, document: DocumentView, *runs: TextRun, page: int = 0, source: str = 'rapid') -> None:
    """Keep `runs` as what was read on a page as it stands."""
    stored = [[one.sha256, one.page_index, one.rotation] for one in document.pages]
    reading = PageReading(page + 1, DocumentKind.OTHER, rows=tuple((run,) for run in runs), text_source=source)
    with office.context.database.write('test') as session:
        keep_page_texts(session, stored, [reading])


def export(office: PaperOffice, path: Path, choice: Choice = EVERYTHING) -> Written:
    return CaseFilePdf(office.context).write(office.clerk, office.case_id, path, choice)


def text_of(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def test_every_page_is_there_in_the_order_of_the_list(office: PaperOffice, tmp_path: Path) -> None:
    documents = Documents(office.context)
    item = sorted(Checklist(office.context).of_case(office.clerk, office.case_id), key=lambda one: one.id)[1]
    loose = add(office, 'loose.pdf', pdf('one', 'two'))
    filed = add(office, 'filed.png', picture())
    documents.attach(office.clerk, filed.id, filed.version, office.case_id, item.code)
    parts = CaseFilePdf(office.context).parts(office.clerk, office.case_id)
    assert [(part.title, [one.id for one in part.documents], part.pages) for part in parts] == [
        (item.name, [filed.id], 1),
        ('Not filed under a needed document', [loose.id], 2),
    ]
    path = tmp_path / 'file.pdf'
    assert export(office, path) == Written(3)
    outline = PdfReader(path).outline
    assert [one.title for one in outline if not isinstance(one, list)] == [
        'List of contents', item.name, 'Not filed under a needed document',
    ]  # fmt: skip
    texts = text_of(path)
    assert office.case_number in texts[0]
    assert [text.strip() for text in texts[-2:]] == ['one', 'two']
    assert f'{len(texts) - 1}' in texts[0]


def test_bookmarks_lead_to_document_and_page(office: PaperOffice, tmp_path: Path) -> None:
    add(office, 'report.pdf', pdf('first', 'second'))
    path = tmp_path / 'file.pdf'
    export(office, path)
    reader = PdfReader(path)
    _contents, _section, (document, pages) = reader.outline
    assert (document.title, [one.title for one in pages]) == ('report', ['Page 1', 'Page 2'])
    assert reader.get_destination_page_number(pages[1]) == len(reader.pages) - 1
    link = reader.pages[0]['/Annots'][1].get_object()
    assert link['/Dest'][0].get_object() == reader.pages[-2]


def test_pictures_keep_their_bytes_and_originals_are_not_touched(office: PaperOffice, tmp_path: Path) -> None:
    content = photo()
    view = add(office, 'photo.jpg', content)
    path = tmp_path / 'file.pdf'
    export(office, path)
    with pikepdf.open(path) as written:
        assert written.pages[-1].Resources.XObject.Im.read_raw_bytes() == content
    with office.context.database.read() as session:
        assert office.context.files.get(session, view.pages[0].sha256) == content


@pytest.mark.parametrize('turn', [0, 90, 180, 270])
def test_chinese_is_found_at_its_place_however_the_page_is_turned(
    office: PaperOffice, tmp_path: Path, turn: int
) -> None:
    view = add(office, 'photo.jpg', photo())
    page = view.pages[0]
    view = Documents(office.context).set_pages(
        office.clerk, view.id, view.version, [PageEdit(page.sha256, 0, turn)]
    )
    read_as(office, view, TextRun('左侧桡骨远端骨折', Box(0.1, 0.2, 0.5, 0.05)))
    path = tmp_path / 'file.pdf'
    export(office, path)
    document = pypdfium2.PdfDocument(path)
    shown = document[len(document) - 1]
    wide, high = shown.get_size()
    assert (wide > high) == (turn in (90, 270))
    text = shown.get_textpage()
    hit = text.search('桡骨')
    assert hit.get_next() is not None
    printed = subprocess.run(
        ['pdftotext', '-bbox', '-f', str(len(document)), str(path), '-'], capture_output=True, text=True, check=True
    ).stdout
    document.close()
    word = next(line for line in printed.splitlines() if '左侧桡骨远端骨折' in line)
    left, top = float(word.split('xMin="')[1].split('"')[0]), float(word.split('yMin="')[1].split('"')[0])
    assert abs(left / wide - 0.1) < 0.03
    assert abs(top / high - 0.2) < 0.03


def test_a_page_with_a_text_of_its_own_gets_no_second_one(office: PaperOffice, tmp_path: Path) -> None:
    view = add(office, 'printed.pdf', pdf('printed words'))
    read_as(office, view, TextRun('printed words', Box(0.1, 0.3, 0.3, 0.05)), source='text_layer')
    path = tmp_path / 'file.pdf'
    export(office, path)
    assert text_of(path)[-1].split() == ['printed', 'words']


def test_papers_that_are_data_are_drawn_and_found(office: PaperOffice, tmp_path: Path) -> None:
    invoice = make(3, 'digital_normal')
    add(office, 'invoice.ofd', as_ofd(invoice))
    add(office, 'invoice.xml', invoice_xml('张伟国'))
    path = tmp_path / 'file.pdf'
    assert export(office, path) == Written(2)
    ofd, xml = text_of(path)[-2:]
    assert invoice.number in ofd.replace(' ', '').replace('\n', '')
    assert '张伟国' in xml


def test_what_does_not_open_is_named_and_the_rest_goes_on(office: PaperOffice, tmp_path: Path) -> None:
    locked = PdfWriter()
    locked.append(io.BytesIO(pdf('secret')))
    locked.encrypt('4321')
    out = io.BytesIO()
    locked.write(out)
    noise = photo((600, 600))
    add(office, 'locked.pdf', out.getvalue())
    add(office, 'torn.jpg', noise[: len(noise) // 2])
    add(office, 'torn.pdf', pdf('whole')[:200])
    gone = add(office, 'gone.png', picture('red'))
    add(office, 'good.pdf', pdf('whole'))
    if office.context.database.is_sqlite:
        office.context.files.path(gone.pages[0].sha256).unlink()
    else:
        with office.context.database.engine.begin() as connection:
            connection.exec_driver_sql('DELETE FROM file_content WHERE sha256 = %s', (gone.pages[0].sha256,))
    path = tmp_path / 'file.pdf'
    written = export(office, path)
    assert [(one.document, one.page) for one in written.lost] == [
        ('locked', 1), ('torn', 1), ('torn', 1), ('gone', 1),
    ]  # fmt: skip
    texts = text_of(path)
    assert 'password' in texts[-5]
    assert 'missing from the store' in texts[-2]
    assert texts[-1].strip() == 'whole'
    assert 'locked, page 1' in ' '.join(texts[0].split())


def test_a_store_that_is_out_of_reach_is_said_once(
    office: PaperOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        add(office, f'{number}.png', picture(size=(300, 201 + number)))

    def gone(session: object, sha256: str) -> bytes:
        raise Unavailable('The store does not answer.', 'Check the network.')

    monkeypatch.setattr(office.context.files, 'get', gone)
    with pytest.raises(Unavailable, match='does not answer'):
        export(office, tmp_path / 'file.pdf')
    assert not (tmp_path / 'file.pdf').exists()


def test_only_what_was_chosen_goes_in(office: PaperOffice, tmp_path: Path) -> None:
    wanted = add(office, 'wanted.pdf', pdf('wanted'))
    add(office, 'other.pdf', pdf('other'))
    path = tmp_path / 'file.pdf'
    assert export(office, path, Choice(frozenset({wanted.id}))).pages == 1
    assert 'other' not in ' '.join(text_of(path))
    with pytest.raises(InvalidInput):
        export(office, path, Choice(frozenset()))


def test_a_cancelled_export_leaves_the_older_file(office: PaperOffice, tmp_path: Path) -> None:
    add(office, 'a.pdf', pdf('a', 'b', 'c'))
    path = tmp_path / 'file.pdf'
    path.write_bytes(b'older')

    def stop(done: int, total: int, sentence: str = '') -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        CaseFilePdf(office.context).write(office.clerk, office.case_id, path, progress=stop)
    assert path.read_bytes() == b'older'
    assert list(tmp_path.glob('.*part')) == []


def test_a_cancel_while_the_file_is_written_is_heard(office: PaperOffice, tmp_path: Path) -> None:
    add(office, 'a.pdf', pdf('a', 'b', 'c'))

    def stop(done: int, total: int, sentence: str = '') -> None:
        if total == 100 and done > 10:
            raise Cancelled

    with pytest.raises(Cancelled):
        CaseFilePdf(office.context).write(office.clerk, office.case_id, tmp_path / 'file.pdf', progress=stop)
    assert not (tmp_path / 'file.pdf').exists()


def test_what_a_page_could_do_stays_behind(office: PaperOffice, tmp_path: Path) -> None:
    made = pikepdf.open(io.BytesIO(pdf('words')))
    page = made.pages[0]
    page.obj['/AA'] = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS='app.alert(1)'))
    launch = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 50, 50],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F='calc.exe'),
    )  # fmt: skip
    page.obj['/Annots'] = pikepdf.Array([made.make_indirect(launch)])
    out = io.BytesIO()
    made.save(out)
    add(office, 'active.pdf', out.getvalue())
    path = tmp_path / 'file.pdf'
    export(office, path)
    with pikepdf.open(path) as written:
        spelled = b''.join(one.unparse(resolved=True) for one in written.objects if not isinstance(one, pikepdf.Stream))
    assert b'Annot' in spelled
    assert b'JavaScript' not in spelled
    assert b'Launch' not in spelled


def test_an_export_needs_the_permission(office: PaperOffice, tmp_path: Path) -> None:
    add(office, 'a.pdf', pdf('a'))
    nobody = Actor(1, '-', '-', office.clerk.office_id, None, frozenset())
    with pytest.raises(NotAllowed):
        CaseFilePdf(office.context).write(nobody, office.case_id, tmp_path / 'file.pdf')
    assert CaseFilePdf(office.context).write(office.auditor, office.case_id, tmp_path / 'file.pdf').pages == 1
