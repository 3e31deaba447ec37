"""Cards, licences, tickets, receipts and repair lists: read by their labels, sure only of what is proven."""

import random
import re
from pathlib import Path

import pytest

from claimdesk.ocr import kinds
from claimdesk.ocr.fusion import Fused, fuse
from claimdesk.ocr.kinds import receipts
from claimdesk.ocr.layout import Layout, Span
from claimdesk.ocr.reader import read
from claimdesk.papers import everyday, press
from claimdesk.papers.made import person
from claimdesk.vocabulary import DocumentKind as K
from tests.ocr.test_medical import laid, recorded

RECORDINGS = sorted((Path(__file__).parent / 'recorded' / 'everyday').glob('*.json'))


def squeezed(text: str) -> str:
    return re.sub(r'\W', '', text)


def weighed(layout: Layout, source: str = 'rapid') -> Fused:
    return fuse([kinds.extract(layout, source)], None, None)


def till(*lines: tuple[str, str]) -> Layout:
    """A receipt: labels on the left, amounts on the right."""
    spans = [Span('LUCKY STAR SDN BHD', 0.2, 0.05, 0.7, 0.08), Span('RECEIPT', 0.3, 0.1, 0.5, 0.13)]
    for place, (label, amount) in enumerate(lines):
        y = 0.2 + 0.05 * place
        spans.append(Span(label, 0.1, y, 0.1 + 0.02 * len(label), y + 0.03))
        spans.append(Span(amount, 0.8, y, 0.8 + 0.02 * len(amount), y + 0.03))
    return Layout(spans, 1.5)


@pytest.mark.parametrize('kind', everyday.MAKERS)
@pytest.mark.parametrize('seed', range(10))
def test_every_kind_is_read_from_its_text_layer(kind: K, seed: int) -> None:
    paper = everyday.make(seed, kind)
    random.Random(seed).shuffle(paper.form.texts)
    page = read(press.as_pdf([paper.form]), name='paper').pages[0]
    said = {name: squeezed(page.fields[name].value) for name in paper.truth if name in page.fields}
    assert page.kind is kind
    assert said == {name: squeezed(value) for name, value in paper.truth.items()}
    assert all(check.ok for check in page.checks)
    assert tuple(item.amount for item in page.items) == paper.amounts


def test_an_invoice_for_a_ride_or_a_repair_stays_an_invoice() -> None:
    for words in ('出租车费', '维修清单'):
        layout = laid('电子发票（普通发票）', ('纳税人识别号：', '价税合计'), words)
        assert kinds.classify(layout) is K.DIGITAL_NORMAL


def test_a_tax_invoice_of_a_shop_is_no_taxi() -> None:
    assert kinds.classify(laid('LUCKY STAR', 'TAX INVOICE', 'Total 5.00')) is K.RECEIPT


@pytest.mark.parametrize(
    'lines, total',
    [
        ((('TOTAL AMOUNT', '1.50'), ('ACCEPTED TOTAL', '2.00'), ('CHANGE', '0.50'), ('GST 0%', '0.00')), '1.50'),
        ((('SUBTOTAL', '43.40'), ('Z ITEM AMT', '43.40'), ('TTL CASH', '43.40')), '43.40'),
        ((('TOTAL', '60.31'), ('ROUNDING', '-0.01'), ('RM', '60.30'), ('CASH', '70.30'), ('CHANGE', '10.00')), '60.30'),
        ((('Total', '12.02'), ('Rounding', '-0.02'), ('Net', '12.00')), '12.00'),
        ((('Total (Excluding GST)', '31.03'), ('Total GST', '1.65'), ('Total (Inclusive of GST)', '32.68')), '32.68'),
        ((('Sub Total', '9.00'), ('GST payable (6%)', '0.54'), ('Total', '9.54'), ('Total Qty', '3.00')), '9.54'),
        ((('合计', '35.00'), ('实收', '50.00'), ('找零', '15.00')), '35.00'),
        ((('应收', '100.00'), ('优惠', '5.00'), ('实收', '95.00')), '95.00'),
        ((('Total', '248.05'), ('CASH', '248.05'), ('CHANGE', '0.01')), '248.05'),
    ],
)  # fmt: skip
def test_the_total_is_what_was_to_pay(lines: tuple[tuple[str, str], ...], total: str) -> None:
    found = receipts.total_of(till(*lines))
    assert found is not None
    assert f'{found.amount:.2f}' == total


def test_a_total_from_a_picture_is_never_sure_without_a_second_reader() -> None:
    fused = weighed(till(('Total', '35.00'), ('CASH', '50.00'), ('CHANGE', '15.00')))
    assert fused.fields['total'].value == '35.00'
    assert not any(field.sure for field in fused.fields.values())


def test_cash_less_change_contradicts_a_misread_total() -> None:
    fused = weighed(till(('Total', '35.00'), ('CASH', '50.00'), ('CHANGE', '10.00')))
    assert any(check.name == 'cash' and not check.ok for check in fused.checks)
    assert 'Cash less change' in fused.fields['total'].reason


def card(number: str, born: str, sex: str = '男') -> Layout:
    return laid(
        ('姓名', '张小明'), ('性别', sex, '民族', '汉'), ('出生', born), ('住址', '云州市学士街1号'),
        ('公民身份号码', number),
    )  # fmt: skip


def test_an_identity_number_that_says_the_day_of_birth_again_is_proven_by_one_engine() -> None:
    paper = person(random.Random(3))
    fused = weighed(card(paper['id_number'], paper['birth_date'], paper['sex']))
    assert {name for name, field in fused.fields.items() if field.sure} == {'id_number', 'birth_date', 'sex'}


@pytest.mark.parametrize('place', [0, 7, 16])
def test_a_misread_identity_number_is_never_sure(place: int) -> None:
    paper = person(random.Random(3))
    number = paper['id_number']
    wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    fused = weighed(card(wrong, paper['birth_date'], paper['sex']))
    assert not any(field.sure for field in fused.fields.values())
    assert fused.fields['id_number'].reason


def test_a_sex_that_the_number_contradicts_is_doubted() -> None:
    paper = person(random.Random(3))
    other = '女' if paper['sex'] == '男' else '男'
    field = weighed(card(paper['id_number'], paper['birth_date'], other)).fields['sex']
    assert not field.sure
    assert field.reason


def test_both_sides_of_an_identity_card_are_told() -> None:
    back = laid('中华人民共和国', '居民身份证', ('签发机关', '云州市公安局'), ('有效期限', '2015.03.01-2035.03.01'))
    said = {name: one.value for name, one in kinds.extract(back, 'rapid').fields.items()}
    assert kinds.classify(back) is K.ID_CARD
    assert said == {'authority': '云州市公安局', 'valid_from': '2015-03-01', 'valid_until': '2035-03-01'}


def test_a_card_number_whose_check_digit_fails_is_doubted() -> None:
    number = everyday.make(1, K.BANK_CARD).truth['card_number']
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    for said, ok in ((number, True), (wrong, False)):
        layout = laid('招商银行', ('UnionPay', '借记卡'), ' '.join((said[:4], said[4:8], said[8:12], said[12:])))
        fused = fuse([kinds.extract(layout, 'text_layer')], None, None)
        assert fused.fields['card_number'].value == said
        assert fused.fields['card_number'].sure is ok


@pytest.mark.parametrize(
    'first, second, name',
    [
        ('GREEN HILL HARDWARE', 'ENTERPRISE (EAST) SDN BHD', 'GREEN HILL HARDWARE ENTERPRISE (EAST) SDN BHD'),
        ('GREEN HILL', 'GREEN HILL BAKERY SDN BHD', 'GREEN HILL BAKERY SDN BHD'),
    ],
)
def test_a_name_goes_on_only_where_its_second_line_begins_like_a_rest(first: str, second: str, name: str) -> None:
    rows = ((first, 0.05), (second, 0.09), ('RECEIPT', 0.2))
    seller = receipts.seller_of(Layout([Span(text, 0.2, y, 0.7, y + 0.03) for text, y in rows], 1.5))
    assert seller is not None
    assert seller.value == name


def test_a_receipt_that_names_a_card_stays_a_receipt() -> None:
    number = everyday.make(1, K.BANK_CARD).truth['card_number']
    layout = laid('LUCKY STAR ENTERPRISE', ('Total', 'RM 85.54'), ('Visa', 'RM 85.54'), number, 'GST Act 2014')
    assert kinds.classify(layout) is K.RECEIPT


def test_a_vehicle_number_with_a_wrong_check_character_is_doubted() -> None:
    truth = everyday.make(1, K.VEHICLE_LICENCE).truth
    wrong = truth['vin'][:-1] + str((int(truth['vin'][-1]) + 1) % 10)
    layout = laid(
        '中华人民共和国机动车行驶证', ('号牌号码', truth['plate']), ('车辆类型', '小型轿车'), ('车辆识别代号', wrong)
    )
    fused = fuse([kinds.extract(layout, 'text_layer')], None, None)
    assert not fused.fields['vin'].sure
    assert fused.fields['plate'].sure


def test_head_and_foot_of_a_train_ticket_must_agree() -> None:
    rows = ('K051971', ('南溪站', 'D6502', '北岭站'), '2018年04月19日10:51开', '¥53.0元', '限乘当日当次车')
    agreed = weighed(laid(*rows, '33406311030420K051971')).fields
    assert agreed['ticket_number'].sure
    assert {name: field.value for name, field in agreed.items()} == {
        'ticket_number': 'K051971', 'from_station': '南溪', 'to_station': '北岭', 'train_number': 'D6502',
        'departure': '2018-04-19 10:51', 'total': '53.00',
    }  # fmt: skip
    assert not weighed(laid(*rows, '33406311030420K051977')).fields['ticket_number'].sure


def test_a_taxi_receipt_in_a_picture_is_always_shown() -> None:
    layout = laid('云州市出租汽车专用发票', ('发票代码', '132012345678'), ('发票号码', '12345678'), ('金额', '15.00元'))
    fused = weighed(layout)
    assert fused.fields['total'].value == '15.00'
    assert not any(field.sure for field in fused.fields.values())


def test_lines_that_do_not_add_up_make_the_total_of_an_estimate_doubtful() -> None:
    rows = (
        '机动车辆维修清单', ('配件名称', '数量', '单价', '金额'),
        ('前保险杠', '2', '300.00', '600.00'), ('左前大灯', '1', '400.00', '400.00'),
    )  # fmt: skip
    for total, ok in (('1000.00', True), ('1009.00', False)):
        fused = weighed(laid(*rows, ('总计', total)))
        assert [(item.quantity, item.unit_price) for item in fused.items] == [('2', '300.00'), ('1', '400.00')]
        assert fused.fields['total'].sure is ok


@pytest.mark.parametrize(
    'rows, departure, total',
    [
        ((('南溪站', 'G28', '北岭站'), '2019年08月19日09:52开', ('￥719.0元', '二等座')), '2019-08-19 09:52', '719.00'),
        ((('南溪站', 'K1462次', '北岭站'), '2016年03月09日 09；52开', '25.5元'), '2016-03-09 09:52', '25.50'),
        ((('南溪站', 'G28', '北岭站'), '2024年03月09日 09:52开', '退票费：￥12.50'), '2024-03-09 09:52', '12.50'),
    ],
)
def test_a_ticket_is_known_by_its_journey(rows: tuple[str | tuple[str, ...], ...], departure: str, total: str) -> None:
    layout = laid(*rows, ('11车08A号', '检票口12A'))
    said = {name: one.value for name, one in kinds.extract(layout, 'rapid').fields.items()}
    assert kinds.classify(layout) is K.TRAIN_TICKET
    assert (said['from_station'], said['to_station']) == ('南溪', '北岭')
    assert (said['departure'], said['total']) == (departure, total)


def test_what_is_added_to_a_fare_is_never_passed_over() -> None:
    rows = ('出租汽车专用发票', '金额：45.00', '燃油附加费：1.00')
    assert not weighed(laid(*rows), 'text_layer').fields['total'].sure
    assert weighed(laid(*rows, '实收金额：46.00'), 'text_layer').fields['total'].value == '46.00'


def test_a_licence_of_some_years_ends_after_them() -> None:
    layout = laid('中华人民共和国机动车驾驶证', ('有效起始日期', '2012-05-06', '有效期限', '6年'), ('准驾车型', 'C1'))
    found = weighed(layout, 'text_layer').fields['valid_until']
    assert (found.value, found.sure) == ('2018-05-06', False)


def test_an_address_that_goes_on_too_long_is_not_sure() -> None:
    rows = [('住址', '江北省青川市西山自治县望城街道')] + [('    ', '桃花坞社区第七居民小组阳光')] * 5
    spans = [Span('姓名', 0.05, 0.02, 0.09, 0.034), Span('张三', 0.11, 0.02, 0.15, 0.034)]
    for place, (label, words) in enumerate(rows):
        y = 0.05 + 0.02 * place
        spans += [Span(label, 0.05, y, 0.09, y + 0.014), Span(words, 0.11, y, 0.4, y + 0.014)]
    spans += [Span('公民身份号码', 0.05, 0.3, 0.14, 0.314), Span('性别', 0.05, 0.34, 0.09, 0.354)]
    fused = fuse([kinds.extract(Layout(spans, 0.6), 'text_layer', K.ID_CARD)], None, None)
    assert not fused.fields['address'].sure


@pytest.mark.parametrize(
    'rows, total, ok',
    [
        (('残值：50.00', '定损金额（大写）：壹佰伍拾元整（小写）：¥150.00'), '150.00', True),
        (('工时费合计：100.00', '应收合计：200.00 优惠金额：20.00 实收金额：180.00'), '180.00', True),
        (('定损金额（小写）：¥150.00',), '150.00', False),
    ],
)
def test_what_is_taken_off_a_repair_is_told_from_its_total(rows: tuple[str, ...], total: str, ok: bool) -> None:
    layout = laid('车险定损单', ('配件名称', '金额'), ('前保险杠', '100.00'), ('左前大灯', '100.00'), *rows)
    fused = weighed(layout, 'text_layer')
    assert fused.fields['total'].value == total
    assert [check.ok for check in fused.checks if check.name == 'lines'] == [ok]
    assert len(fused.items) == 2


def test_a_bank_that_is_only_named_in_english_is_not_sure() -> None:
    number = everyday.make(1, K.BANK_CARD).truth['card_number']
    found = weighed(laid('ICBC', ('UnionPay', 'DEBIT'), number), 'text_layer').fields['bank_name']
    assert (found.value, found.sure) == ('中国工商银行', False)


@pytest.mark.parametrize('path', RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize('second', [True, False])
def test_worn_paper_is_read_whole_and_nothing_sure_is_wrong(path: Path, second: bool) -> None:
    fused, kept = recorded(path, with_code=False, second=second)
    said = {name: squeezed(field.value) for name, field in fused.fields.items()}
    truth = {name: squeezed(value) for name, value in kept['truth'].items()}
    assert {name: said.get(name) for name in truth} == truth
    assert [name for name, field in fused.fields.items() if field.sure and said[name] != truth.get(name, '')] == []
