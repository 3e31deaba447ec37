"""Papers found by their words: in a case with the place on the page, and cases by their papers in the list."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from claimdesk.models import Database, schema
from claimdesk.models.page_text import folded
from claimdesk.ocr import Box, FileReading, PageReading, TextRun
from claimdesk.services.case_list import CaseList, CaseQuery
from claimdesk.services.document_text import DocumentText, Found
from claimdesk.services.documents import Documents, DocumentView, NewFile, PageEdit
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.services.paper_search import split_scope
from claimdesk.services.reading import Readings
from claimdesk.vocabulary import DocumentKind
from tests.services.paper_office import PaperOffice, paper_office, pdf
from tests.services.test_reading import RecordedPool


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def add(office: PaperOffice, name: str, case_id: int | None = None, content: bytes = b'') -> DocumentView:
    content = content or pdf(name)
    files = [NewFile(name, content)]
    (view,) = Documents(office.context).add(office.clerk, files, case_id or office.case_id, f'{name}{case_id}')
    return view


def run(words: str, x: float = 0.1, y: float = 0.2) -> TextRun:
    return TextRun(words, Box(x, y, 0.4, 0.02))


def say(office: PaperOffice, document: DocumentView, *rows: tuple[TextRun, ...], page: int = 0) -> None:
    stored = [[one.sha256, one.page_index, one.rotation] for one in document.pages]
    reading = PageReading(page + 1, DocumentKind.OTHER, rows=rows, text_source='rapid')
    with office.context.database.write('test') as session:
        keep_page_texts(session, stored, [reading])


def find(office: PaperOffice, term: str) -> Found:
    return DocumentText(office.context).find(office.clerk, office.case_id, term)


def listed(office: PaperOffice, words: str) -> list[int]:
    query = CaseQuery(text=words, open_only=False, sort='number')
    found = CaseList(office.context)
    rows = [row.id for row in found.first(office.clerk, query)]
    assert rows == list(found.ids(office.clerk, query))
    assert len(rows) == found.count(office.clerk, query)
    return rows


def test_a_reading_makes_its_paper_found_at_once(office: PaperOffice) -> None:
    view = add(office, 'report.png')
    page = PageReading(1, DocumentKind.OTHER, text='出院 诊断', rows=((run('左侧桡骨远端骨折'), run('出院', 0.6)),))
    Readings(office.context, lambda: RecordedPool(FileReading('', (page,)))).read(office.clerk, view.id)
    (hit,) = find(office, '桡骨').hits
    assert (hit.document_id, hit.position, hit.excerpt) == (view.id, 0, '左侧桡骨远端骨折 出院')
    assert hit.excerpt[hit.start : hit.start + hit.length] == '桡骨'
    ((x, y, wide, high),) = hit.boxes
    assert (round(x, 3), y, round(wide, 3), high) == (0.2, 0.2, 0.1, 0.02)
    assert listed(office, '文:桡骨') == [office.case_id]


def test_blanks_capitals_and_width_make_no_difference(office: PaperOffice) -> None:
    say(office, add(office, 'a.png'), (run('价 税 合'), run('计', 0.6)), (run('Ｔｏｔａｌ Amount'),))
    assert [hit.excerpt for hit in find(office, '税合计').hits] == ['价 税 合 计']
    assert len(find(office, '税合计').hits[0].boxes) == 2
    assert find(office, 'TOTAL amount').pages == 1
    assert [hit.length for hit in find(office, 'totalamount').hits] == [12]
    assert listed(office, 'text: totalamount') == [office.case_id]


def test_all_words_must_stand_on_a_page(office: PaperOffice) -> None:
    view = add(office, 'two.pdf', content=pdf('one', 'two'))
    say(office, view, (run('骨折'),))
    say(office, view, (run('手术'), run('骨折', 0.6)), page=1)
    hits = find(office, '骨折 手术').hits
    assert [(hit.position, hit.excerpt[hit.start :][: hit.length]) for hit in hits] == [(1, '手术'), (1, '骨折')]
    assert find(office, '') == Found(unread=0)
    assert find(office, '没有').hits == ()
    assert find(office, '折').pages == 2


def test_pages_without_a_text_are_counted(office: PaperOffice) -> None:
    view, texts = add(office, 'unread.png'), DocumentText(office.context)
    assert find(office, '骨折').unread == 1
    assert texts.unread(office.clerk, office.case_id) == [view.id]
    say(office, view)  # a photo without words
    assert find(office, '骨折').unread == 0
    assert texts.unread(office.clerk, office.case_id) == []


def test_a_text_goes_with_its_page_and_turns_with_it(office: PaperOffice) -> None:
    documents = Documents(office.context)
    view = add(office, 'two.pdf', content=pdf('one', 'two'))
    say(office, view, (TextRun('第二页', Box(0.1, 0.2, 0.3, 0.05)),), page=1)
    first, second = documents.split(office.clerk, view.id, view.version, 1)
    page = second.pages[0]
    documents.set_pages(office.clerk, second.id, second.version, [PageEdit(page.sha256, page.page_index, 90)])
    (hit,) = find(office, '第二页').hits
    assert (hit.document_id, hit.position) == (second.id, 0)
    assert [round(side, 3) for side in hit.boxes[0]] == [0.75, 0.1, 0.05, 0.3]
    documents.remove(office.clerk, second.id, second.version + 1)
    assert find(office, '第二页').hits == ()
    assert listed(office, '文:第二页') == []
    assert first.id != second.id


def test_read_again_a_page_is_found_by_its_new_words_only(office: PaperOffice) -> None:
    view = add(office, 'a.png')
    say(office, view, (run('误读的字'),))
    say(office, view, (run('正确的字'),))
    assert find(office, '误读').hits == ()
    assert (listed(office, '文:误读'), listed(office, '文:正确')) == ([], [office.case_id])
    say(office, view)
    assert listed(office, '文:正确') == [office.case_id]


def test_the_list_finds_what_a_look_at_every_paper_finds(office: PaperOffice) -> None:
    chance = random.Random(4)
    signs = '骨折手术住院Ab1230 .%_'
    papers: dict[int, list[str]] = {}
    for number in range(12):
        case_id, _name = office.register(f'case {number}')
        words = [''.join(chance.choices(signs, k=14)) for _row in range(3)]
        say(office, add(office, f'{number}.png', case_id), *((run(line),) for line in words))
        papers[case_id] = [folded(line) for line in words]
    for _time in range(60):
        source = chance.choice([line for lines in papers.values() for line in lines])
        begin = chance.randrange(len(source) - 3)
        term = source[begin : begin + chance.randint(1, 3)]
        wanted = sorted(case_id for case_id, lines in papers.items() if any(term in line for line in lines))
        assert listed(office, f'文:{term}') == wanted, term


def test_words_of_cases_and_of_papers_narrow_each_other(office: PaperOffice) -> None:
    other, number = office.register('other')
    say(office, add(office, 'a.png'), (run('骨折'),))
    say(office, add(office, 'b.png', other), (run('骨折'),))
    say(office, add(office, 'c.png', other), (run('手术'),))
    assert listed(office, '文:骨折') == sorted([office.case_id, other])
    assert listed(office, '文:骨折 手术') == [other]
    assert listed(office, f'{number} 文：骨折') == [other]
    assert listed(office, f'{office.case_number} 文:手术') == []


@pytest.mark.parametrize(
    'typed, wanted',
    [
        ('陆景行', ('陆景行', [])),
        ('文:骨折', ('', ['骨折'])),
        ('陆景行 TEXT: Ab 手术', ('陆景行', ['ab', '手术'])),
        ('文:', ('', [])),
        ('作文:骨折', ('作文:骨折', [])),
    ],
)
def test_the_scope_is_said_by_a_word_of_its_own(typed: str, wanted: tuple[str, list[str]]) -> None:
    assert split_scope(typed) == wanted


def test_what_was_read_before_is_found_after_the_upgrade(office: PaperOffice) -> None:
    view = add(office, 'old.png')
    page = PageReading(1, DocumentKind.OTHER, text='旧的 诊断书\n1130.00')
    Readings(office.context, lambda: RecordedPool(FileReading('', (page,)))).read(office.clerk, view.id)
    database = office.context.database
    schema.downgrade(database, '0015')
    schema.upgrade(database)
    (hit,) = find(office, '旧的诊断').hits
    assert (hit.excerpt, hit.boxes) == ('旧的 诊断书', ())
    assert listed(office, '文:诊断书') == listed(office, '文:1130') == [office.case_id]
    say(office, view, (run('新的'),))
    assert (listed(office, '文:诊断书'), listed(office, '文:新的')) == ([], [office.case_id])
    assert schema.check(database) == []
