"""No character of a paper is drawn blank: each has a font, or a visible mark and a report."""

from __future__ import annotations

import unicodedata

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFace

from claimdesk.paths import resource
from claimdesk.reports.fonts import BOLD, RARE, REGULAR, UNKNOWN, letters, width_of
from claimdesk.reports.sheet import Sheets
from tests.reports.pages import texts

FACES = {name: TTFontFace(str(resource('fonts', f'{name}.ttf'))) for name in (REGULAR, BOLD, RARE)}


def one_page(text: str, size: float = 12) -> Sheets:
    sheets = Sheets((595, 842), 'test', 'office')
    sheets.put(40, 700, text, size)
    return sheets


@settings(deadline=None)
@given(st.text(max_size=60), st.booleans())
def test_whatever_is_written_has_a_glyph_in_the_font_that_draws_it(text: str, bold: bool) -> None:
    line = letters(text, bold)
    for font, piece in line.runs:
        assert font in (BOLD if bold else REGULAR, RARE)
        assert all(FACES[font].charToGlyph.get(ord(char)) for char in piece)
    shown = ''.join(piece for _font, piece in line.runs)
    assert shown.count(UNKNOWN) == text.count(UNKNOWN) + len(line.unknown)
    assert line.width == pytest.approx(sum(letters(char, bold).width for char in shown))


def test_rare_names_come_from_the_font_of_rare_characters() -> None:
    line = letters('𠮷田 claim 12𠮷')
    assert line.runs == ((RARE, '𠮷'), (REGULAR, '田 claim 12'), (RARE, '𠮷'))
    assert letters('𠮷䶮㐂').unknown == ''


@pytest.mark.parametrize(
    ('text', 'shown', 'unknown'),
    [
        ('a\x00b', 'a□b', '\x00'),
        ('a\nb\tc', 'a b c', ''),
        ('\u202e12\u200f3\u200b', '123', ''),
        ('龍\ufe00', '龍', ''),
        ('가😀', '□□', '가😀'),
        ('a\u2028b\u2009c', 'a b c', ''),
        ('\ud800', '□', '\ud800'),
    ],
)
def test_controls_marks_and_strangers_are_blank_left_out_or_marked(text: str, shown: str, unknown: str) -> None:
    line = letters(text)
    assert ''.join(piece for _font, piece in line.runs) == shown
    assert line.unknown == unknown


def test_every_character_leaves_ink_and_can_be_copied_again() -> None:
    text = '理赔大写壹佰贰拾元整0123456789.,¥￥()（）「」—…·×÷−≥ABCxyzàéñ𠮷䶮㐂□'
    sheets = Sheets((595, 842), 'test', 'office')
    for place, char in enumerate(text):
        sheets.put(30 + place % 12 * 44, 800 - place // 12 * 44, char, 20)
        sheets.put(30 + place % 12 * 44, 400 - place // 12 * 44, char, 20, bold=True)
    pdf = sheets.finish(lambda page, pages: None)
    assert sorted(texts(pdf)[0]) == sorted(text * 2)
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=2).to_pil().convert('L')
    for first in (800, 400):
        for place, char in enumerate(text):
            x, y = 30 + place % 12 * 44, first - place // 12 * 44
            box = (2 * x - 4, 2 * (842 - y) - 44, 2 * x + 56, 2 * (842 - y) + 20)
            assert np.asarray(image.crop(box)).min() < 128, f'{char} {unicodedata.name(char)} is blank'


def test_no_font_is_left_out_of_the_document() -> None:
    pdf = one_page('理赔 𠮷').finish(lambda page, pages: None)
    assert b'Helvetica' not in pdf
    assert pdf.count(b'/FontFile2') >= 2


def test_a_document_counts_what_it_could_not_draw() -> None:
    sheets = one_page('가가😀')
    sheets.put(40, 600, '가', 10)
    assert sheets.unknown == {'가': 3, '😀': 1}


def test_width_grows_with_the_size() -> None:
    assert width_of('中', 10) == pytest.approx(10)
    assert width_of('12', 10) == pytest.approx(11.1)
