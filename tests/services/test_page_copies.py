"""Copies in the place of pages: a sheet cut out of a photo, a PDF without its password; what came stays."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed, NotFound, Unreadable
from claimdesk.models import Database, StoredFile
from claimdesk.services.document_pages import PageEdit
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.page_copies import PageCopies
from claimdesk.vocabulary import DocumentState
from tests.ocr.paper import as_ofd, make
from tests.ocr.test_facsimile import invoice_xml
from tests.scanning.test_sheet import photo
from tests.services.paper_office import PaperOffice, paper_office, pdf, picture


@pytest.fixture
def office(database: Database, tmp_path_factory: pytest.TempPathFactory) -> PaperOffice:
    return paper_office(database, tmp_path_factory.mktemp('files'))


@pytest.fixture
def documents(office: PaperOffice) -> Documents:
    return Documents(office.context)


@pytest.fixture
def copies(office: PaperOffice) -> PageCopies:
    return PageCopies(office.context)


def protected(password: str = '0826') -> bytes:
    writer = PdfWriter(io.BytesIO(pdf('page one', 'page two')))
    writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stored(office: PaperOffice) -> dict[str, bytes]:
    with office.context.database.read() as session:
        return {sha: office.context.files.get(session, sha) for sha in session.scalars(select(StoredFile.sha256))}


def test_the_sheet_takes_the_place_of_the_photo_and_goes_back(
    office: PaperOffice, documents: Documents, copies: PageCopies
) -> None:
    taken = photo('wood')
    (came,) = documents.add(office.clerk, [NewFile('photo.jpg', taken, 'drop')], None, 'k')
    cut = copies.cut_out(office.clerk, came.id, came.version, 0)
    assert (len(cut.pages), cut.state, cut.version) == (1, DocumentState.WAITING, came.version + 1)
    seen = Image.open(io.BytesIO(documents.page_image(office.clerk, came.id, 0, 600)))
    assert seen.width / seen.height == pytest.approx(827 / 1169, rel=0.15)
    assert taken in stored(office).values()
    page = came.pages[0]
    back = documents.set_pages(office.clerk, cut.id, cut.version, [PageEdit(page.sha256, 0)])
    assert back.pages == came.pages


@pytest.mark.parametrize('content', [picture(size=(300, 400)), pdf('one'), as_ofd(make(3, 'digital_normal'))])
def test_where_there_is_no_sheet_nothing_changes(
    office: PaperOffice, documents: Documents, copies: PageCopies, content: bytes
) -> None:
    (came,) = documents.add(office.clerk, [NewFile('a', content, 'drop')], None, 'k')
    with pytest.raises(InvalidInput) as caught:
        copies.cut_out(office.clerk, came.id, came.version, 0)
    assert caught.value.advice
    assert documents.get(office.clerk, came.id) == came


def test_a_protected_pdf_is_opened_with_its_password_and_what_came_stays(
    office: PaperOffice, documents: Documents, copies: PageCopies
) -> None:
    content = protected()
    (came,) = documents.add(office.clerk, [NewFile('bill.pdf', content, 'drop')], None, 'k')
    assert (came.state, len(came.pages)) == (DocumentState.UNREADABLE, 1)
    assert copies.is_locked(office.clerk, came.id)
    with pytest.raises(InvalidInput, match='does not open') as caught:
        copies.unlock(office.clerk, came.id, came.version, '1234')
    assert 'password' in caught.value.fields
    opened = copies.unlock(office.clerk, came.id, came.version, '0826')
    assert (opened.state, len(opened.pages)) == (DocumentState.WAITING, 2)
    assert not copies.is_locked(office.clerk, came.id)
    printed = PdfReader(io.BytesIO(documents.content(office.clerk, came.id)))
    texts = [page.extract_text().strip() for page in printed.pages]
    assert texts == ['page one', 'page two']
    assert content in stored(office).values()
    with pytest.raises(InvalidInput, match='without a password'):
        copies.unlock(office.clerk, opened.id, opened.version, '0826')


def test_an_unreadable_document_whose_file_is_gone_is_not_locked(
    office: PaperOffice, documents: Documents, copies: PageCopies, monkeypatch: pytest.MonkeyPatch
) -> None:
    (came,) = documents.add(office.clerk, [NewFile('bill.pdf', protected(), 'drop')], None, 'k')

    def gone(*_arguments: object) -> bytes:
        raise NotFound('The file is gone.')

    monkeypatch.setattr(type(office.context.files), 'get', gone)
    assert not copies.is_locked(office.clerk, came.id)


def test_a_lost_race_and_a_stranger_are_refused(
    office: PaperOffice, documents: Documents, copies: PageCopies
) -> None:
    (came,) = documents.add(office.clerk, [NewFile('bill.pdf', protected(), 'drop')], None, 'k')
    documents.set_title(office.clerk, came.id, came.version, 'Bill')
    with pytest.raises(Conflict):
        copies.unlock(office.clerk, came.id, came.version, '0826')
    with pytest.raises(NotAllowed):
        copies.unlock(office.auditor, came.id, came.version + 1, '0826')
    with pytest.raises(NotAllowed):
        copies.cut_out(office.auditor, came.id, came.version + 1, 0)


@pytest.mark.parametrize('content', [as_ofd(make(3, 'digital_normal')), invoice_xml()], ids=['ofd', 'xml'])
def test_papers_that_are_data_are_documents_like_others(
    office: PaperOffice, documents: Documents, content: bytes
) -> None:
    (came,) = documents.add(office.clerk, [NewFile('invoice.ofd', content, 'drop')], None, 'k')
    assert (came.state, came.problem, len(came.pages)) == (DocumentState.WAITING, '', 1)
    assert Image.open(io.BytesIO(documents.page_image(office.clerk, came.id, 0, 500))).width == 500
    assert len(PdfReader(io.BytesIO(documents.content(office.clerk, came.id))).pages) == 1


def test_xml_that_is_no_invoice_says_so(office: PaperOffice, documents: Documents) -> None:
    (came,) = documents.add(office.clerk, [NewFile('order.xml', b'<?xml version="1.0"?><Order/>', 'drop')], None, 'k')
    assert came.state is DocumentState.UNREADABLE
    assert 'not a digital invoice' in came.problem
    with pytest.raises(Unreadable):
        documents.page_image(office.clerk, came.id, 0)
