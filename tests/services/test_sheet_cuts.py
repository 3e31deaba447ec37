"""A sheet with several receipts: found, cut into documents of their own, put together again; nothing else is."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database, Document, PieceOfPage
from claimdesk.papers import everyday
from claimdesk.papers.glued import glued
from claimdesk.papers.press import as_picture, as_scan
from claimdesk.services.document_pages import PageEdit
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.sheet_cuts import SheetCuts
from claimdesk.vocabulary import DocumentKind, DocumentState
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path_factory: pytest.TempPathFactory) -> PaperOffice:
    return paper_office(database, tmp_path_factory.mktemp('files'))


@pytest.fixture
def documents(office: PaperOffice) -> Documents:
    return Documents(office.context)


@pytest.fixture
def cuts(office: PaperOffice) -> SheetCuts:
    return SheetCuts(office.context)


def saved(image: Image.Image, form: str = 'PNG') -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def taxi_sheet(count: int = 3) -> bytes:
    forms = [everyday.make(seed, DocumentKind.TAXI_RECEIPT).form for seed in range(count)]
    return saved(glued(1, forms, 'dark').picture)


def card_sheet() -> bytes:
    sides = [as_picture(everyday.make(seed, DocumentKind.ID_CARD).form, 150).resize((500, 316)) for seed in (1, 2)]
    sheet = Image.new('RGB', (1240, 1754), (90, 90, 92))
    for number, side in enumerate(sides):
        sheet.paste(side, (370, 200 + 500 * number))
    return saved(sheet)


def add(office: PaperOffice, documents: Documents, content: bytes, name: str = 'Scan.png') -> int:
    return documents.add(office.clerk, [NewFile(name, content, 'scan')], None, name)[0].id


def set_kind(office: PaperOffice, document_id: int, kind: DocumentKind) -> None:
    with office.context.write(office.clerk, 'test') as session:
        session.get_one(Document, document_id).kind = kind


def test_the_receipts_become_documents_of_their_own_and_one_again(
    office: PaperOffice, documents: Documents, cuts: SheetCuts
) -> None:
    number = add(office, documents, taxi_sheet())
    came = documents.get(office.clerk, number)
    pieces = cuts.proposed(office.clerk, number, 0)
    assert len(pieces) == 3
    parts = cuts.cut(office.clerk, number, came.version, 0, pieces)
    assert [part.state for part in parts] == [DocumentState.WAITING] * 3
    assert parts[0].id == number
    assert parts[1].title == 'Scan (2)'
    assert len({part.pages[0].sha256 for part in parts} | {came.pages[0].sha256}) == 4
    seen = Image.open(io.BytesIO(documents.page_image(office.clerk, parts[1].id, 0, 400)))
    assert seen.height / seen.width == pytest.approx(400 / 190, rel=0.1)
    with office.context.database.read() as session:
        kept = session.scalars(select(PieceOfPage)).all()
        assert {one.from_sha256 for one in kept} == {came.pages[0].sha256}
    assert cuts.proposed(office.clerk, parts[1].id, 0) == ()
    back = cuts.whole_sheet(office.clerk, parts[2].id, parts[2].version)
    assert [one.removed for one in back] == [False, True, True]
    assert documents.get(office.clerk, number).pages == came.pages


def test_other_pages_stay_and_the_cut_is_taken_back_in_its_place(
    office: PaperOffice, documents: Documents, cuts: SheetCuts
) -> None:
    from claimdesk.scanning import PageRef, write_pdf

    pages = [as_scan(everyday.make(5, DocumentKind.REPAIR_ESTIMATE).form, 5), taxi_sheet(2)]
    number = add(office, documents, write_pdf([PageRef(page) for page in pages]), 'Scan.pdf')
    came = documents.get(office.clerk, number)
    pieces = cuts.proposed(office.clerk, number, 1)
    assert len(pieces) == 2
    assert cuts.proposed(office.clerk, number, 0) == ()
    parts = cuts.cut(office.clerk, number, came.version, 1, pieces)
    assert [len(part.pages) for part in parts] == [1, 1, 1]
    assert parts[0].pages[0].page_index == 0
    before = [PageEdit(page.sha256, page.page_index, page.rotation) for page in came.pages]
    cuts.together(office.clerk, [(part.id, part.version) for part in parts], before)
    assert documents.get(office.clerk, number).pages == came.pages
    assert documents.get(office.clerk, parts[1].id).removed


def test_both_sides_of_a_card_are_one_paper(office: PaperOffice, documents: Documents, cuts: SheetCuts) -> None:
    number = add(office, documents, card_sheet())
    assert cuts.proposed(office.clerk, number, 0) == ()
    assert len(cuts.looked_for(office.clerk, number, 0)) == 2
    set_kind(office, number, DocumentKind.ID_CARD)
    assert cuts.proposed(office.clerk, number, 0) == ()
    set_kind(office, number, DocumentKind.TRAIN_TICKET)
    assert len(cuts.proposed(office.clerk, number, 0)) == 2


@pytest.mark.parametrize('kind', [*everyday.MAKERS])
def test_one_paper_is_never_proposed(
    office: PaperOffice, documents: Documents, cuts: SheetCuts, kind: DocumentKind
) -> None:
    number = add(office, documents, as_scan(everyday.make(4, kind).form, 4), 'Scan.jpg')
    assert cuts.proposed(office.clerk, number, 0) == ()


def test_what_may_not_be_cut_is_refused(office: PaperOffice, documents: Documents, cuts: SheetCuts) -> None:
    number = add(office, documents, taxi_sheet(2))
    came = documents.get(office.clerk, number)
    box = (((0.1, 0.1), (0.4, 0.1), (0.4, 0.4), (0.1, 0.4)),)
    with pytest.raises(InvalidInput):
        cuts.cut(office.clerk, number, came.version, 0, ())
    with pytest.raises(NotAllowed):
        cuts.cut(office.auditor, number, came.version, 0, box)
    with pytest.raises(InvalidInput):
        cuts.whole_sheet(office.clerk, number, came.version)
    cuts.cut(office.clerk, number, came.version, 0, box)
    with pytest.raises(Conflict):
        cuts.cut(office.clerk, number, came.version, 0, box)
