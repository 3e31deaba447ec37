"""Lines of the table: columns by their headers, numbers that touch, headers and cells that were overlooked."""

from collections.abc import Sequence
from decimal import Decimal

import cv2
import numpy as np
import pytest

from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.items import find_table, fits, read_items
from claimdesk.ocr.layout import Layout, Span
from claimdesk.ocr.overlooked import complete, complete_names, complete_words
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.parties import read_parties
from claimdesk.ocr.reading import ITEM_CELLS, ItemReading
from claimdesk.ocr.sumcheck import whole

HEADS = {
    '项目名称': 0.08, '规格型号': 0.27, '单位': 0.36, '数量': 0.44, '单价': 0.54, '金额': 0.66, '税率/征收率': 0.76,
    '税额': 0.9,
}  # fmt: skip
SUMS = (('合计', 0.1, 0.42), ('¥100.00', 0.66, 0.42), ('¥13.00', 0.9, 0.42), ('价税合计(大写)', 0.1, 0.46))


def word(text: str, x: float, y: float) -> Span:
    width = sum(0.016 if char > '\u2e80' else 0.0088 for char in text)
    return Span(text, x, y, x + width, y + 0.016, 0.99)


def layout(*words: tuple[str, float, float], without: str = '') -> Layout:
    heads = [word(head, x, 0.26) for head, x in HEADS.items() if head != without]
    return Layout([*heads, *(word(*one) for one in (*words, *SUMS))], 0.65)


def lines(page: Layout) -> list[dict[str, str]]:
    table = find_table(page)
    assert table is not None
    items = [item for item, _score in read_items(page, table, 0.42)]
    return [{cell: getattr(item, cell) for cell in ITEM_CELLS if getattr(item, cell)} for item in items]


PLAIN = (('*零件*大灯', 0.03, 0.3), ('A61', 0.27, 0.3), ('个', 0.37, 0.3), ('2', 0.48, 0.3), ('50.00', 0.56, 0.3),
         ('100.00', 0.68, 0.3), ('13%', 0.78, 0.3), ('13.00', 0.93, 0.3))  # fmt: skip
WHOLE = {
    'name': '*零件*大灯', 'specification': 'A61', 'unit': '个', 'quantity': '2', 'unit_price': '50.00',
    'amount': '100.00', 'tax_rate': '13%', 'tax': '13.00',
}  # fmt: skip


def test_words_go_to_the_columns_they_stand_under() -> None:
    assert lines(layout(*PLAIN)) == [WHOLE]


@pytest.mark.parametrize('head', ['金额', '税额', '税率/征收率'])
def test_a_header_that_was_overlooked_is_put_back(head: str) -> None:
    assert lines(layout(*PLAIN, without=head)) == [WHOLE]


def test_a_long_name_goes_on_below() -> None:
    assert lines(layout(*PLAIN, ('（进口原厂）', 0.03, 0.32)))[0]['name'] == '*零件*大灯（进口原厂）'


def test_an_amount_and_a_rate_that_touch_are_parted() -> None:
    rest = [one for one in PLAIN if one[0] not in ('100.00', '13%')]
    assert lines(layout(*rest, ('100.0013%', 0.70, 0.3))) == [WHOLE]


def test_a_quantity_and_a_price_that_touch_are_parted_by_their_product() -> None:
    rest = [one for one in PLAIN if one[0] not in ('2', '50.00')]
    assert lines(layout(*rest, ('250.00', 0.5, 0.3))) == [WHOLE]


def test_a_price_alone_is_not_parted() -> None:
    rest = [one for one in PLAIN if one[0] not in ('2', '50.00')]
    assert lines(layout(*rest, ('100.00', 0.5, 0.3)))[0].get('unit_price') == '100.00'


def test_a_star_lost_at_the_beginning_of_a_name_is_put_back() -> None:
    assert lines(layout(('零件*大灯', 0.03, 0.3), *PLAIN[1:]))[0]['name'] == '*零件*大灯'


@pytest.mark.parametrize(
    'quantity, price, amount, right',
    [
        ('3', '33.33', '100.00', True),
        ('3', '33.3333', '100.00', True),
        ('3', '33.3333', '100.50', False),
        ('-2', '50', '-100.00', True),
        ('12.36', '705.45', '8719.36', True),
    ],
)
def test_price_times_quantity_fits_as_far_as_the_price_has_places(
    quantity: str, price: str, amount: str, right: bool
) -> None:
    assert fits(Decimal(quantity), price, Decimal(amount)) is right


def test_a_line_with_half_of_quantity_and_price_is_not_whole() -> None:
    assert whole(ItemReading(quantity='2', unit_price='50.00', amount='100.00'))
    assert whole(ItemReading(amount='100.00'))
    assert not whole(ItemReading(unit_price='50.00', amount='100.00'))
    assert not whole(ItemReading(quantity='3', unit_price='50.00', amount='100.00'))


class Reads:
    """A line reader that says the same of every picture."""

    name = 'reads'

    def __init__(self, text: str, score: float = 0.99) -> None:
        self.text, self.score = text, score
        self.asked = 0

    def lines(self, pictures: Sequence[Picture]) -> list[tuple[str, tuple[float, ...]]]:
        self.asked += 1
        return [(self.text, (self.score,) * len(self.text))]


def completed(ink: bool, reader: Reads, cell: str = 'unit', frame: bool = False) -> ItemReading:
    """The line of PLAIN without one cell, completed from a page that shows ink there or does not."""
    page = layout(*(one for one in PLAIN if one[0] != WHOLE[cell]))
    picture = np.full((650, 1000, 3), 255, np.uint8)
    x = {'unit': 370, 'quantity': 480}[cell]
    if ink:
        cv2.rectangle(picture, (x, 302), (x + 10, 314), (0, 0, 0), 2)
    if frame:
        cv2.line(picture, (x + 5, 200), (x + 5, 420), (90, 40, 10), 2)
    table = find_table(page)
    assert table is not None
    seen = Extract('rapid', items=read_items(page, table, 0.42))
    complete(seen, picture, page, reader)
    return seen.items[0][0]


def test_ink_in_an_empty_cell_is_read() -> None:
    assert completed(True, Reads('个')).unit == '个'


def test_a_blank_cell_and_a_frame_line_are_not_asked_about() -> None:
    for frame in (False, True):
        reader = Reads('1')
        assert completed(False, reader, frame=frame).unit == ''
        assert reader.asked == 0


def test_what_is_not_clear_or_not_a_unit_stays_out() -> None:
    assert completed(True, Reads('个', 0.3)).unit == ''
    assert completed(True, Reads('111')).unit == ''


def test_a_quantity_must_fit_price_and_amount() -> None:
    assert completed(True, Reads('7'), 'quantity').quantity == '2'
    assert completed(True, Reads('2'), 'quantity').quantity == '2'


@pytest.mark.parametrize(
    'reads, score, words',
    [
        ('⊗壹佰壹拾叁圆整', 0.99, '壹佰壹拾叁圆整'),
        ('壹佰壹拾肆圆整', 0.99, None),
        ('壹佰壹拾叁圆整', 0.4, None),
        ('理赔专用章', 0.99, None),
    ],
)
def test_words_under_a_seal_are_taken_only_where_they_are_what_the_figures_say(
    reads: str, score: float, words: str | None
) -> None:
    page = layout(('价税合计（大写）', 0.03, 0.5), ('（小写）¥113.00', 0.6, 0.5))
    seen = Extract('rapid', fields={'total': Candidate('113.00')})
    complete_words(seen, np.full((650, 1000, 3), 255, np.uint8), page, Reads(reads, score))
    said = seen.fields.get('total_capital')
    assert (said.value if said else None) == words


@pytest.mark.parametrize(
    'reads, score, name',
    [
        ('：杭州信程天和商贸有限公司务专用章', 0.99, '杭州信程天和商贸有限公司'),
        ('杭州信程天和商贸有限公司', 0.4, None),
        ('务专用章', 0.99, None),
    ],
)
def test_a_name_under_a_seal_is_sought_above_its_tax_number(reads: str, score: float, name: str | None) -> None:
    number = '91258561A3E480FH3L'
    page = layout(('名', 0.03, 0.50), ('纳税人识别号：', 0.03, 0.53), (number, 0.2, 0.53))
    row = page.rows[-1]
    seen = Extract('rapid', fields={'seller_tax_id': Candidate(number, row.piece(7, len(row.text)))})
    complete_names(seen, np.full((650, 1000, 3), 255, np.uint8), page, Reads(reads, score))
    said = seen.fields.get('seller_name')
    assert (said.value if said else None) == name


def test_an_amount_in_words_is_no_name() -> None:
    page = layout(('捌仟叁佰零伍圆肆角玖分', 0.05, 0.49), ('纳税人识别号：91258561A3E480FH3L', 0.03, 0.53))
    assert not {'seller_name', 'buyer_name'} & set(read_parties(page, None))
