"""Weighing evidence: one engine is never sure, a second witness makes it so, a contradiction takes it away."""

from collections.abc import Sequence

import numpy as np
import pytest

from claimdesk.ocr import qr
from claimdesk.ocr.candidate import Extract, candidate
from claimdesk.ocr.evidence import SecondLook
from claimdesk.ocr.fusion import Fused, fuse
from claimdesk.ocr.layout import Found, Layout, Span
from claimdesk.ocr.pages import Picture
from claimdesk.ocr.reading import ItemReading

GOOD = {
    'invoice_number': '24517000000216393366',
    'issue_date': '2024-10-19',
    'buyer_name': '北京邑邻科技有限公司',
    'buyer_tax_id': '91110105MA01Q7QUXU',
    'seller_name': '成都鑫泰维修有限公司',
    'seller_tax_id': '91510100MA6B7L2R7L',
    'amount': '1000.00',
    'tax': '130.00',
    'total': '1130.00',
    'total_capital': '壹仟壹佰叁拾圆整',
}
CODE = '01,32,,24517000000216393366,1130.00,20241019,,9A0F,'


class Eyes:
    """A second reader that sees what it is told to, line by line."""

    name = 'eyes'

    def __init__(self, lines: Sequence[str], score: float = 0.99) -> None:
        self.seen = list(lines)
        self.score = score

    def lines(self, pictures: Sequence[Picture]) -> list[tuple[str, tuple[float, ...]]]:
        raise AssertionError('the lines are told, not looked at')


class Told(SecondLook):
    """A second look whose lines are known by their number."""

    def __init__(self, eyes: Eyes) -> None:
        super().__init__(np.zeros((4, 4, 3), np.uint8), Layout([], 1.0), eyes)
        self._eyes = eyes

    def line(self, index: int, margin: float = 0.3) -> tuple[str, tuple[float, ...]]:
        text = self._eyes.seen[index]
        return text, (self._eyes.score,) * len(text)


def seen_by_engine(
    values: dict[str, str], *, score: float = 0.99, items: Sequence[ItemReading] = (), source: str = 'rapid'
) -> Extract:
    out = Extract(source)
    for place, (name, value) in enumerate(values.items()):
        out.fields[name] = candidate(value, Found(value, score, 0.1, 0.1, 0.3, 0.12, (place,)))
    out.items = [(item, 0.99) for item in items]
    return out


def weigh(
    values: dict[str, str], *, code: str = '', second: dict[str, str] | None = None, score: float = 0.99,
    source: str = 'rapid', items: Sequence[ItemReading] = (),
) -> Fused:  # fmt: skip
    seen = [(second or {}).get(name, value) for name, value in values.items()]
    look = Told(Eyes(seen)) if second is not None else None
    return fuse([seen_by_engine(values, score=score, source=source, items=items)], qr.parse(code), look)


def sure(fused: Fused) -> set[str]:
    return {name for name, field in fused.fields.items() if field.sure}


def test_two_readers_who_agree_are_sure_of_everything() -> None:
    fused = weigh(GOOD, second={})
    assert sure(fused) == set(GOOD)
    assert {name: field.value for name, field in fused.fields.items()} == GOOD


def test_one_engine_is_sure_only_of_what_proves_itself() -> None:
    fused = weigh(GOOD)
    assert sure(fused) == {'buyer_tax_id', 'seller_tax_id', 'amount', 'tax', 'total', 'total_capital'}
    assert fused.fields['seller_name'].reason == 'Read by one engine only.'


def test_a_contradiction_takes_confidence_away_and_says_what_was_seen() -> None:
    fused = weigh(GOOD, second={'seller_name': '成都鑫秦维修有限公司'})
    assert 'seller_name' not in sure(fused)
    assert fused.fields['seller_name'].reason == 'The second reader saw “成都鑫秦维修有限公司”.'


@pytest.mark.parametrize(
    'name, sure', [('长三角高梁酒业有限公司', False), ('长三角高山酒业有限公司', True), ('梁静', True)]
)
def test_readers_who_take_one_character_for_another_alike_prove_nothing(name: str, sure: bool) -> None:
    fused = fuse([seen_by_engine({'buyer_name': name})], None, Told(Eyes([name])))
    assert fused.fields['buyer_name'].sure is sure
    assert ('长三角高粱酒业有限公司' in fused.fields['buyer_name'].alternatives) is not sure


def test_readers_who_agree_on_what_neither_sees_clearly_are_not_sure() -> None:
    assert 'seller_name' not in sure(weigh(GOOD, second={}, score=0.3))


# -- the code -------------------------------------------------------------------------------------------------------


def test_the_code_fills_what_was_not_read() -> None:
    values = {name: value for name, value in GOOD.items() if name not in ('invoice_number', 'issue_date')}
    fused = weigh(values, code=CODE)
    assert fused.fields['invoice_number'].value == GOOD['invoice_number']
    assert fused.fields['issue_date'].sure


def test_the_code_overrules_a_misread_digit() -> None:
    fused = weigh(GOOD | {'invoice_number': '24517000000216398366'}, code=CODE)
    assert fused.fields['invoice_number'].value == GOOD['invoice_number']
    assert fused.fields['invoice_number'].alternatives == ('24517000000216398366',)


def test_a_code_of_another_invoice_makes_both_doubtful() -> None:
    fused = weigh(GOOD | {'invoice_number': '25952000000073119048'}, code=CODE, second={})
    assert fused.fields['invoice_number'].value == '25952000000073119048'
    assert not sure(fused) & {'invoice_number', 'issue_date'} - {'issue_date'}
    assert [check.ok for check in fused.checks if check.name == 'qr'] == [False]


def test_print_in_a_text_layer_is_not_overruled_by_a_code_but_doubted() -> None:
    fused = weigh(GOOD | {'issue_date': '2024-10-18'}, code=CODE, source='text_layer')
    assert (fused.fields['issue_date'].value, fused.fields['issue_date'].sure) == ('2024-10-18', False)
    assert '2024-10-19' in fused.fields['issue_date'].reason


def test_the_amount_of_the_code_counts_with_or_without_tax_by_its_type() -> None:
    without = '01,10,042001700112,47502662,1000.00,20241019,08795327402254684486,'
    values = {name: GOOD[name] for name in ('amount', 'tax', 'total')}
    for text in (CODE, without):
        fused = weigh(values, code=text)
        assert sure(fused) >= {'amount', 'tax', 'total'}
    assert 'qr' in weigh(values, code=CODE).fields['total'].source
    assert 'qr' in weigh(values, code=without).fields['amount'].source


# -- sums -----------------------------------------------------------------------------------------------------------


def test_a_sum_that_was_worked_out_is_never_sure() -> None:
    values = {name: value for name, value in GOOD.items() if name != 'tax'}
    fused = weigh(values, second={})
    assert (fused.fields['tax'].value, fused.fields['tax'].sure) == ('130.00', False)


def test_what_the_equation_worked_out_proves_nothing_about_a_single_witness() -> None:
    lines = [ItemReading(amount='1000.00', tax='130.00'), ItemReading(amount='1000.00', tax='130.00')]
    fused = weigh({'total': '1130.00'}, items=lines)
    assert not sure(fused) & {'amount', 'tax', 'total'}


def test_the_majority_of_statements_mends_one_misread_sum() -> None:
    lines = [ItemReading(amount='1000.00', tax='130.00')]
    fused = weigh(GOOD | {'amount': '1090.00'}, items=lines)
    assert (fused.fields['amount'].value, fused.fields['amount'].sure) == ('1000.00', True)
    assert '1090.00' in fused.fields['amount'].alternatives


def test_sums_that_do_not_add_up_mark_all_three() -> None:
    fused = weigh({'amount': '1000.00', 'tax': '131.00', 'total': '1137.00'}, second={})
    assert not sure(fused)
    assert [check.ok for check in fused.checks if check.name == 'sum'] == [False]


def test_digits_misread_alike_in_all_sums_are_stopped_by_the_words() -> None:
    fused = weigh({'amount': '7000.00', 'tax': '130.00', 'total': '7130.00', 'total_capital': '壹仟壹佰叁拾圆整'})
    assert not sure(fused) & {'amount', 'tax', 'total', 'total_capital'}


def test_a_word_misread_is_mended_by_a_total_that_the_code_confirms() -> None:
    fused = weigh(GOOD | {'total_capital': '壹仟壹佰弎拾圆整'}, code=CODE)
    assert (fused.fields['total_capital'].value, fused.fields['total_capital'].sure) == ('壹仟壹佰叁拾圆整', True)


def test_two_equal_amounts_prove_less_than_three_different_ones() -> None:
    fused = weigh({'amount': '108.10', 'tax': '***', 'total': '108.10'})
    assert not sure(fused) & {'amount', 'total'}
    with_words = weigh({'amount': '108.10', 'tax': '***', 'total': '108.10', 'total_capital': '壹佰零捌圆壹角'})
    assert sure(with_words) >= {'amount', 'tax', 'total'}
    assert with_words.fields['tax'].value == '***'


# -- tax numbers and dates ------------------------------------------------------------------------------------------


def test_a_look_alike_in_a_tax_number_is_repaired_by_its_check_digit() -> None:
    fused = weigh({'seller_tax_id': '915101O0MA6B7L2R7L'})
    assert fused.fields['seller_tax_id'].value == '91510100MA6B7L2R7L'
    assert not fused.fields['seller_tax_id'].sure
    confirmed = weigh({'seller_tax_id': '915101O0MA6B7L2R7L'}, second={'seller_tax_id': '91510100MA6B7L2R7L'})
    assert confirmed.fields['seller_tax_id'].sure


def test_a_right_check_digit_is_no_proof_on_a_blurred_number() -> None:
    assert 'seller_tax_id' not in sure(weigh({'seller_tax_id': '91510100MA6B7L2R7L'}, score=0.5))


@pytest.mark.parametrize('second', ['91510100MA6B7L2R7L', '915IO1O0MA6B7L2R7L'])
def test_a_right_check_digit_on_a_blurred_number_is_proof_for_two_readers(second: str) -> None:
    values = {'seller_tax_id': '91510100MA6B7L2R7L'}
    assert 'seller_tax_id' in sure(weigh(values, score=0.4, second={'seller_tax_id': second}))
    other = second.replace('2R7L', '2R1L')
    assert 'seller_tax_id' not in sure(weigh(values, score=0.4, second={'seller_tax_id': other}))


def test_a_wrong_check_digit_is_doubted_whoever_agrees() -> None:
    fused = weigh({'seller_tax_id': '91510100MA6B7L2R7M'}, second={})
    assert not fused.fields['seller_tax_id'].sure
    assert [check.ok for check in fused.checks if check.name == 'seller_tax_id'] == [False]


def test_a_tax_number_that_lost_a_character_is_never_sure_in_a_picture() -> None:
    for lost in range(1, 3):
        assert not sure(weigh({'seller_tax_id': GOOD['seller_tax_id'][lost:]}, second={}))


def test_a_digital_number_begins_with_its_year() -> None:
    fused = weigh(GOOD | {'issue_date': '2021-10-19'}, second={})
    assert not sure(fused) & {'invoice_number', 'issue_date'}


def test_an_amount_in_the_line_proves_its_place_in_the_sum() -> None:
    lines = [ItemReading(name='a', amount='600.00', tax_rate='13%', tax='78.00'),
             ItemReading(name='b', amount='400.00', tax_rate='13%', tax='52.00')]  # fmt: skip
    fused = weigh(GOOD, items=lines)
    assert {check.name for check in fused.checks if check.ok} >= {'sum', 'lines', 'rate', 'capital'}
    wrong = weigh(GOOD, items=[*lines, ItemReading(name='c', amount='1.00', tax_rate='13%', tax='9.00')])
    assert {check.name for check in wrong.checks if not check.ok} == {'lines', 'rate'}


@pytest.mark.parametrize('margin', [0.3, 0.12])
def test_the_second_look_reads_each_line_once(margin: float) -> None:
    asked: list[int] = []

    class Counting(Eyes):
        def lines(self, pictures: Sequence[Picture]) -> list[tuple[str, tuple[float, ...]]]:
            asked.append(len(pictures))
            return [('合计', (0.9, 0.9))]

    look = SecondLook(
        np.full((200, 300, 3), 255, np.uint8), Layout([Span('合计', 0.1, 0.1, 0.2, 0.13)], 0.66), Counting([])
    )
    assert look.line(0, margin) == look.line(0, margin) == ('合计', (0.9, 0.9))
    assert asked == [1]
