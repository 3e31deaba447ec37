"""Charts stay in their area, leave gaps where nothing is known, and have axes that people can read."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimdesk import language
from claimdesk.reports.charts import Area, Series, _scale, _short, bar_chart, line_chart, spark, stacked_bars
from claimdesk.reports.sheet import Sheets

AREA = Area(100, 300, 300, 140)
LABELS = [f'{month:02d}' for month in range(1, 13)]
VALUES = [None, Decimal(0), *(Decimal(n * n * 1000) for n in range(10))]


def drawn(draw: object) -> np.ndarray:
    sheets = Sheets((500, 600), 'chart', 'office')
    draw(sheets)
    with pypdfium2.PdfDocument(sheets.finish(lambda page, pages: None)) as document:
        return np.asarray(document[0].render(scale=2).to_pil().convert('L'))


@settings(deadline=None)
@given(st.decimals(0, 10**12, places=2))
def test_an_axis_ends_at_a_round_number_above_the_highest_value(highest: Decimal) -> None:
    top, steps = _scale(highest)
    assert top >= float(highest) * (1 - 1e-9)
    assert 1 <= steps <= 5
    assert highest < 1 or top <= 2.5 * float(highest)
    assert Decimal(f'{top / steps:.9g}').normalize().as_tuple().digits[:3] in (
        (1,), (2,), (5,), (2, 5),
    )  # fmt: skip


@pytest.mark.parametrize('chart', [bar_chart, line_chart, stacked_bars])
@pytest.mark.parametrize('values', [VALUES, [None] * 12, [Decimal(0)] * 12])
def test_a_chart_stays_in_its_area(chart: object, values: list[Decimal | None]) -> None:
    series = [Series('One', values), Series('二', values)]
    image = drawn(lambda sheets: chart(sheets, AREA, 'Title 标题', LABELS, series))
    rows, columns = np.nonzero(image < 250)
    assert columns.min() >= 2 * AREA.x - 12
    assert columns.max() <= 2 * (AREA.x + AREA.width) + 12
    assert rows.min() >= 2 * (600 - AREA.y - AREA.height) - 12
    assert rows.max() <= 2 * (600 - AREA.y) + 12


def test_a_spark_of_nothing_draws_nothing() -> None:
    assert drawn(lambda sheets: spark(sheets, AREA, [None] * 12)).min() == 255
    assert drawn(lambda sheets: spark(sheets, AREA, VALUES)).min() < 100


@pytest.mark.parametrize(
    ('value', 'english', 'chinese'),
    [
        ('0', '0', '0'), ('12.34', '12.3', '12.3'), ('1204', '1,204', '1,204'), ('12600', '12.6k', '1.3万'),
        ('750000', '750k', '75万'), ('3250000', '3.2M', '325万'), ('1250000000', '1,250M', '125,000万'),
    ],
)  # fmt: skip
def test_numbers_are_short_as_the_language_counts(value: str, english: str, chinese: str) -> None:
    assert _short(Decimal(value)) == english
    language.use('zh_CN')
    assert _short(Decimal(value)) == chinese
