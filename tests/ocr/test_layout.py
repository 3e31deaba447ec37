"""Rows out of spans: slant, holes, print that runs downwards, labels misread."""

import math

import pytest

from claimdesk.ocr.layout import Layout, Span


def span(text: str, x: float, y: float, height: float = 0.016, slope: float = 0.0) -> Span:
    width = sum(1.0 if char > '\u2e80' else 0.55 for char in text) * height
    fall = slope * width
    return Span(text, x, y + min(0.0, fall), x + width, y + height + max(0.0, fall), slope=slope)


def texts(layout: Layout) -> list[str]:
    return [row.text for row in layout.rows]


def test_words_of_one_height_are_a_row_from_left_to_right() -> None:
    layout = Layout([span('湖北', 0.5, 0.101), span('名称：', 0.1, 0.1), span('合计', 0.1, 0.2)], 0.65)
    assert texts(layout) == ['名称:湖北', '合计']


@pytest.mark.parametrize('degrees', [-3, -1, 1, 3])
def test_a_slanted_page_is_levelled(degrees: float) -> None:
    slope = math.tan(math.radians(degrees))
    spans = [
        span(f'第{row}行{column}的文字内容', 0.05 + 0.3 * column, 0.1 + 0.03 * row + slope * 0.3 * column, slope=slope)
        for row in range(5)
        for column in range(3)
    ]
    assert texts(Layout(spans, 0.65)) == [''.join(f'第{r}行{c}的文字内容' for c in range(3)) for r in range(5)]


def test_full_width_is_folded_for_search_and_kept_for_the_value() -> None:
    layout = Layout([span('名称：中信（上海）', 0.1, 0.1)], 0.65)
    (label,) = layout.find('名称:')
    found = label.row.after(label.end)
    assert found is not None
    assert found.text == '中信（上海）'


def test_a_value_ends_at_a_hole_and_at_the_next_label() -> None:
    layout = Layout([span('名称:甲公司', 0.05, 0.1), span('名称:乙公司', 0.5, 0.1)], 0.65)
    first, second = layout.find('名称:')
    assert first.row is second.row
    found = first.row.after(first.end)
    assert found is not None
    assert found.text == '甲公司'


def test_labels_are_found_although_misread() -> None:
    layout = Layout([span('纳税入识别亏:914201007483062457', 0.05, 0.1)], 0.65)
    (label,) = layout.near('纳税人识别号', 60)
    assert label.row.text[label.start : label.end].startswith('纳税')


def test_print_that_runs_downwards_at_the_edge_is_no_text_of_the_rows() -> None:
    rows = [span('*服务*代理费', 0.05, 0.30), span('1059.62', 0.9, 0.30), span('*服务*运费', 0.05, 0.32)]
    edge = [span(char, 0.985, 0.28 + 0.018 * place, 0.012) for place, char in enumerate('第三联发票联')]
    layout = Layout([*rows, *edge], 0.65)
    assert texts(layout) == ['*服务*代理费1059.62', '*服务*运费']


def test_a_column_of_single_characters_inside_the_table_stays() -> None:
    names = [span('*零件*大灯', 0.05, 0.3 + 0.02 * row) for row in range(4)]
    units = [span('个', 0.4, 0.3 + 0.02 * row) for row in range(4)]
    amounts = [span('100.00', 0.9, 0.3 + 0.02 * row) for row in range(4)]
    assert texts(Layout([*names, *units, *amounts], 0.65)) == ['*零件*大灯个100.00'] * 4


def test_boxes_are_fractions_of_the_page() -> None:
    layout = Layout([span('合计', 0.1, 0.325)], 0.65)
    found = layout.rows[0].piece(0, 2)
    assert found is not None
    box = layout.box(found)
    assert (box.x, box.y) == (pytest.approx(0.1), pytest.approx(0.5))


def test_nothing_is_a_page_without_rows() -> None:
    layout = Layout([], 1.4)
    assert (layout.rows, layout.text(), layout.find('.')) == ([], '', [])


def test_boxes_that_lap_over_each_other_keep_their_characters_in_order_and_once() -> None:
    lapping = Layout([Span('(小写)', 0.10, 0.1, 0.16, 0.12), Span('5125.35', 0.155, 0.1, 0.22, 0.12)], 0.6)
    assert lapping.rows[0].text == '(小写)5125.35'
    twice = Layout([Span('收款单位:安', 0.10, 0.1, 0.20, 0.12), Span('安和康复医院', 0.184, 0.1, 0.30, 0.12)], 0.6)
    assert twice.rows[0].text == '收款单位:安和康复医院'
