"""Sheets of the office: head and foot on each, tables that hold every row, a bar code that can be read."""

from __future__ import annotations

import datetime as dt
import io
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from claimdesk.errors import Cancelled
from claimdesk.reports.grid import Column, fitted
from claimdesk.reports.paper import Fact, Head, Paper, Picture
from tests.reports.pages import squeezed, texts

AT = dt.datetime(2026, 11, 25, 15, 20, tzinfo=dt.UTC)
COLUMNS = (Column('No.', 10), Column('Name', 20), Column('Place', 40), Column('Amount', 20, 'right'))


def head(number: str = 'CY2026-000318', title: str = 'Claim summary') -> Head:
    return Head('朝阳理赔中心', title, number, '王敏', AT, '车险')


def rows(count: int) -> list[tuple[str, str, str, str]]:
    places = '朝阳区建国路', '姑苏区人民路 318 号', '浦东新区世纪大道', '鼓楼区中山北路与湖南路交叉口东北角停车场入口'
    return [(f'R{n:06d}', f'𠮷{chr(0x4E00 + n * 7 % 20000)}', places[n % 4], f'{n * 31:,}.05') for n in range(count)]


def test_every_page_says_office_title_number_page_and_who_printed_it() -> None:
    paper = Paper(head())
    paper.table(COLUMNS, rows(120))
    found = texts(paper.finish())
    assert len(found) > 2
    for number, text in enumerate(found, 1):
        for words in ('朝阳理赔中心', 'Claim summary', 'CY2026-000318', f'Page {number} of {len(found)}'):
            assert squeezed(words) in text
        assert squeezed('Printed by 王敏, 2026-11-25 15:20') in text
        assert 'No.NamePlaceAmount' in text


def test_the_bar_code_reads_as_the_case_number() -> None:
    with pypdfium2.PdfDocument(Paper(head()).finish()) as document:
        image = document[0].render(scale=200 / 72).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == ['CY2026-000318']


def test_a_long_table_holds_every_character_of_every_row_once() -> None:
    paper = Paper(head())
    table = rows(1500)
    paper.table(COLUMNS, table, ('', 'Total', '', '1.00'))
    text = ''.join(texts(paper.finish()))
    places = [text.index(row[0]) for row in table]
    assert places == sorted(places)
    for row in table:
        assert text.count(row[0]) == 1
        assert squeezed(row[1] + row[2] + row[3]) in text


def test_nothing_is_drawn_outside_the_margins() -> None:
    paper = Paper(head(), wide=True)
    paper.facts([Fact('Name', '字' * 300), Fact('Long', 'x' * 400)])
    paper.text('字' * 4000)
    paper.table(COLUMNS, [('1' * 60, '𠮷' * 40, 'y' * 5000, '9' * 60)] * 3)
    pdf = paper.finish()
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            grey = np.asarray(page.render(scale=1).to_pil().convert('L'))
            assert grey[:, :45].min() > 200
            assert grey[:, -45:].min() > 200
            assert grey[-20:].min() > 200


def test_a_cell_of_forty_thousand_characters_is_cut_with_a_mark() -> None:
    paper = Paper(head())
    paper.table(COLUMNS, [('1', '长' * 40_000, '', ''), ('R2', 'after', '', '')])
    found = texts(paper.finish())
    assert len(found) <= 2
    assert '…' in ''.join(found)
    assert 'R2after' in ''.join(found)


def test_characters_without_a_glyph_are_named_at_the_end() -> None:
    paper = Paper(head())
    paper.table(COLUMNS, [('1', 'a😀\x00', '', '')])
    text = texts(paper.finish())[-1]
    assert 'a□□' in text
    assert 'U+1F600×1' in text
    assert 'U+0000×1' in text


def test_a_document_can_be_stopped() -> None:
    def stop(done: int, total: int, sentence: str = '') -> None:
        if done >= 400:
            raise Cancelled

    paper = Paper(head(), progress=stop)
    with pytest.raises(Cancelled):
        paper.table(COLUMNS, rows(2000))


def test_a_total_is_never_alone_on_a_page() -> None:
    for count in range(20, 60):
        paper = Paper(head(''))
        paper.table(COLUMNS, rows(count), ('', 'TOTAL', '', ''))
        last = texts(paper.finish())[-1]
        assert 'TOTAL' in last
        assert f'R{count - 1:06d}' in last


def test_pictures_stand_with_their_captions() -> None:
    out = io.BytesIO()
    Image.new('RGB', (300, 200), 'black').save(out, 'JPEG')
    paper = Paper(head())
    paper.pictures([Picture(out.getvalue(), f'Photo {n}') for n in range(30)])
    pdf = paper.finish()
    assert all(f'Photo{n}' in ''.join(texts(pdf)) for n in range(30))
    with pypdfium2.PdfDocument(pdf) as document:
        grey = np.asarray(document[0].render(scale=1).to_pil().convert('L'))
    assert (grey < 40).mean() > 0.1


def test_columns_are_fitted_to_what_stands_in_them() -> None:
    narrow, wide = fitted([Column('A', 1), Column('B', 1)], [('1', '字' * 12)])
    assert wide.share > 3 * narrow.share


def test_documents_made_at_the_same_time_do_not_mix_their_fonts() -> None:
    def begun(seed: int) -> Paper:
        paper = Paper(head(title=f'T{seed}'))
        paper.text(''.join(chr(0x4E00 + (seed * 997 + n * 13) % 20000) for n in range(900)) + 'áéíóúñçÀÊÖß' * 9)
        return paper

    def look(pdf: bytes) -> bytes:
        with pypdfium2.PdfDocument(pdf) as document:
            return b''.join(page.render(scale=1).to_numpy().tobytes() for page in document)

    alone = [look(begun(seed).finish()) for seed in range(8)]
    papers = [begun(seed) for seed in range(8)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(Paper.finish, papers))
    finally:
        sys.setswitchinterval(before)
    assert [look(pdf) for pdf in together] == alone
