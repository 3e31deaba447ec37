"""Lines are as wide as allowed, lose nothing, and break where Chinese and English may break."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdesk.reports.fonts import letters, width_of
from claimdesk.reports.typesetting import CUT, NOT_FIRST, cut, shorten, wrap

WORDS = st.text(st.sampled_from('理赔定损，。、（）「」 abc12.,%¥-\n'), max_size=120)


@settings(deadline=None)
@given(WORDS, st.integers(40, 200))
def test_no_line_is_too_wide_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width, 10)
    assert all(width_of(line, 10) <= width + 0.001 for line in lines)
    assert ''.join(''.join(lines).split()) == ''.join(text.split())
    assert lines


def test_no_line_begins_with_a_comma_or_ends_with_an_opening_bracket() -> None:
    text = '标的车在路口与三者车相撞，（无人受伤），车辆受损。' * 6
    for width in range(60, 200, 7):
        lines = wrap(text, width, 10)
        assert all(line[0] not in NOT_FIRST for line in lines[1:])
        assert all(line[-1] not in '（「' for line in lines)


def test_an_english_word_and_an_amount_stay_whole() -> None:
    assert wrap('claim summary', 45, 10) == ['claim', 'summary']
    assert wrap('合计 12,600.00 元', 64, 10) == ['合计', '12,600.00 元']


def test_lines_of_the_text_stay_lines() -> None:
    assert wrap('一\n\n二\r\n三', 100, 10) == ['一', '', '二', '三']


@pytest.mark.parametrize('char', ['字', 'i', '\x00'])
def test_a_monstrous_text_is_cut_with_a_mark(char: str) -> None:
    lines = wrap(char * 40_000 + '末', 100, 10, most=5)
    assert len(lines) <= 5
    assert lines[-1].endswith(CUT)
    assert all(width_of(line, 10) <= 100 for line in lines)


def test_nothing_is_one_empty_line_however_narrow() -> None:
    assert wrap('', 0, 10, most=5) == wrap('', -3, 10, most=5) == ['']


def test_cut_keeps_what_fits() -> None:
    assert cut('理赔案件摘要', 60, 10) == '理赔案件摘要'
    assert cut('理赔案件摘要', 45, 10) == '理赔案…'
    assert letters(cut('i' * 500, 45, 10)).width * 10 <= 45


def test_shorten_counts_characters() -> None:
    assert shorten('12345', 5) == '12345'
    assert shorten('123456', 5) == '1234…'
