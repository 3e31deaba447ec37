"""Covers among files of one page each: taken in at once, or one after the other from a copier's folder."""

import datetime as dt
from pathlib import Path

import pytest

from claimdesk.models import Database, Document
from claimdesk.services.cover_sheets import CoverSheets
from claimdesk.services.documents import Documents, NewFile
from claimdesk.vocabulary import DocumentKind, DocumentState
from tests.services.paper_office import PaperOffice, paper_office, pdf
from tests.services.test_cover_sheets import sheet


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def taken(office: PaperOffice, *contents: bytes, key: str = 'go', source: str = 'scan') -> list[int]:
    """Files of one go, in their order, as the inbox takes them in."""
    documents = Documents(office.context)
    return [
        documents.add(office.clerk, [NewFile(f'{place}.pdf', content, source)], None, f'{key}-{place}')[0].id
        for place, content in enumerate(contents)
    ]


def sort(office: PaperOffice, *ids: int) -> None:
    covers = CoverSheets(office.context)
    for one in ids:
        covers.sort(office.clerk, one)


def read(office: PaperOffice, ids: list[int]) -> list[Document]:
    with office.context.database.read() as session:
        return [session.get_one(Document, one) for one in ids]


def test_each_file_is_filed_by_the_cover_before_it(office: PaperOffice) -> None:
    second_id, _number = office.register('second')
    ids = taken(
        office, pdf('before'), sheet(office, office.case_id), pdf('a'), pdf('b'),
        sheet(office, second_id), pdf('c'), sheet(office, None, DocumentKind.ID_CARD), pdf('d'),
    )  # fmt: skip
    sort(office, *ids)
    rows = read(office, ids)
    assert [row.case_id for row in rows if row.removed_at is None] == [
        None, office.case_id, office.case_id, second_id, second_id,
    ]  # fmt: skip
    assert [place for place, row in enumerate(rows) if row.removed_at is not None] == [1, 4, 6]
    assert rows[7].kind is DocumentKind.ID_CARD
    assert len(Documents(office.context).inbox(office.clerk)) == 5


def test_what_was_read_before_its_cover_is_filed_when_the_cover_comes_to_it(office: PaperOffice) -> None:
    second_id, _number = office.register('second')
    ids = taken(office, sheet(office, office.case_id), pdf('a'), sheet(office, second_id), pdf('b'))
    sort(office, ids[3], ids[1])
    with office.context.write(office.clerk, 'test') as session:
        for one in (ids[1], ids[3]):
            session.get_one(Document, one).state = DocumentState.TO_CHECK
    sort(office, ids[2], ids[0])
    rows = read(office, ids)
    assert [row.case_id for row in rows if row.removed_at is None] == [office.case_id, second_id]


def test_files_of_another_go_are_left_alone(office: PaperOffice) -> None:
    ids = taken(office, pdf('x'), sheet(office, office.case_id), key='one')
    others = taken(office, pdf('a'), key='two')
    sort(office, *ids, *others)
    rows = read(office, [*ids, *others])
    assert [row.case_id for row in rows] == [None, None, None]
    assert rows[1].removed_at is None
    assert rows[1].cover.startswith('alone')


@pytest.mark.parametrize(('seconds', 'filed'), [(20, True), (600, False)])
def test_a_copier_s_folder_gives_page_after_page(office: PaperOffice, seconds: int, filed: bool) -> None:
    covers = CoverSheets(office.context)
    (cover,) = taken(office, sheet(office, office.case_id), key='f1', source='folder')
    covers.sort(office.clerk, cover)
    with office.context.write(office.clerk, 'test') as session:
        row = session.get_one(Document, cover)
        row.added_at -= dt.timedelta(seconds=seconds)
    (page,) = taken(office, pdf('a'), key='f2', source='folder')
    covers.sort(office.clerk, page)
    rows = read(office, [cover, page])
    assert rows[1].case_id == (office.case_id if filed else None)
    assert (rows[0].removed_at is not None) is filed
