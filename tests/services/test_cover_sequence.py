"""Covers among files of one page each: taken in at once, or one after the other from a copier's folder."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from claimdesk.models import Database, Document
from claimdesk.scanning import PageRef, write_pdf
from claimdesk.services.context import OfficeContext
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


def bound(*pages: bytes) -> bytes:
    """Several pages in one file."""
    return write_pdf([PageRef(page) for page in pages])


@pytest.mark.parametrize('source', ['scan', 'folder'])
def test_a_cover_at_the_end_of_a_file_reaches_the_next_one_also_over_a_restart(
    office: PaperOffice, source: str
) -> None:
    second_id, _number = office.register('second')
    first = bound(sheet(office, office.case_id), pdf('a'), pdf('b'), sheet(office, second_id))
    ids = taken(office, first, source=source)
    parts = CoverSheets(office.context).sort(office.clerk, ids[0])
    assert parts[-1] == ids[0]
    sort(office, *parts)  # the queue looks at each part once more
    # Nothing but the database and the files is left of the program that took the first file in.
    again = replace(office, context=OfficeContext(office.context.database, office.context.files, office.watch))
    documents = Documents(again.context)
    nexts = [
        documents.add(again.clerk, [NewFile(f'{place}.pdf', page, source)], None, f'go-{place}')[0].id
        for place, page in enumerate((pdf('c'), bound(pdf('d'), sheet(again, office.case_id))), start=1)
    ]
    sort(again, *nexts)
    a_and_b, cover, c = read(again, [*parts, nexts[0]])
    assert (a_and_b.case_id, c.case_id) == (office.case_id, second_id)
    assert cover.removed_at is not None
    inbox = documents.inbox(again.clerk)
    assert [(one.case_id, len(one.pages)) for one in inbox if one.id not in (*parts, *nexts)] == [(second_id, 1)]


def test_pages_before_the_first_cover_of_a_file_belong_to_the_cover_file_before_it(office: PaperOffice) -> None:
    second_id, _number = office.register('second')
    ids = taken(office, sheet(office, office.case_id), bound(pdf('a'), sheet(office, second_id), pdf('b')))
    sort(office, *ids)
    inbox = Documents(office.context).inbox(office.clerk)
    assert sorted(one.case_id or 0 for one in inbox) == [office.case_id, second_id]


def test_the_blank_back_of_a_cover_belongs_to_it_and_a_word_on_it_is_a_page(office: PaperOffice) -> None:
    cover = sheet(office, office.case_id)
    (duplex,) = taken(office, bound(cover, pdf(' '), pdf('a'), pdf(' ')), key='one')
    (end,) = taken(office, bound(pdf('b'), cover, pdf(' ')), key='two')
    (word,) = taken(office, bound(cover, pdf('x')), key='three')
    sort(office, duplex, end, word)
    views = Documents(office.context)
    assert [len(views.get(office.clerk, one).pages) for one in (duplex, end, word)] == [2, 2, 1]
    assert read(office, [end])[0].cover.startswith('alone')
