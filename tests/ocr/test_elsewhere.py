"""What other cities, offices and shops print."""

import random

import pytest

from claimdesk.ocr import kinds
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.reader import read
from claimdesk.ocr.reading import SURE
from claimdesk.papers import elsewhere, press
from claimdesk.vocabulary import DocumentKind as K
from tests.ocr.test_medical import fields, laid, weighed
from tests.ocr.test_samples import same


@pytest.fixture(autouse=True)
def without_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.ocr.sight.look_at', lambda *_a, **_k: (Extract('rapid'), None, 0))


@pytest.mark.parametrize('name', elsewhere.MAKERS)
@pytest.mark.parametrize('seed', range(3))
def test_every_form_is_read_from_its_text_layer(name: str, seed: int) -> None:
    paper = elsewhere.make(seed, name)
    random.Random(seed).shuffle(paper.form.texts)
    page = read(press.as_pdf([paper.form])).pages[0]
    said = {field: page.fields[field].value for field in paper.truth if field in page.fields}
    assert page.kind is paper.kind
    assert {field for field in paper.truth if not same(field, paper.truth[field], said.get(field, ''))} == set()


@pytest.mark.parametrize('name', elsewhere.MAKERS)
def test_nothing_is_sure_and_wrong_where_a_label_is_lost(name: str) -> None:
    paper = elsewhere.make(7, name)
    for lost in range(len(paper.form.texts)):
        kept = [text for place, text in enumerate(paper.form.texts) if place != lost]
        page = read(press.as_pdf([type(paper.form)(paper.form.high, paper.form.wide, kept)])).pages[0]
        for field, value in paper.truth.items():
            read_as = page.fields.get(field)
            assert read_as is None or read_as.confidence < SURE or same(field, value, read_as.value), (lost, field)


def test_a_fare_without_its_label_is_the_largest_amount_that_is_no_part_of_it() -> None:
    said = fields(laid(
        '云京市出租汽车专用发票', '111601771161', ('50302685', '审机测'), ('车号 京', 'B.V1858'),
        ('日期', '2019-01-15'), ('Date', '20:37-20:59', '2.30', '14.6', '00:02:42'), ('¥', '41.80'),
        ('燃油附加费', '¥', '1.00'), ('¥', '43.00'), ('卡余额', '¥', '95.00'),
    ))  # fmt: skip
    assert said['total'] == '43.00'
    assert said['plate'] == '京BV1858'


def test_a_label_that_touches_a_name_is_no_part_of_it() -> None:
    said = fields(laid(
        '电子发票（机动车销售统一发票）', ('发票号码：', '24322000000123456789'), ('开票日期：', '2024年12月05日'),
        ('购买方名称：', '张小明', '购买方统一社会信用代码/纳税人识别号：', '320599199001011234'),
        ('价税合计（大写）', '壹拾万伍仟捌佰圆整', '（小写）', '¥105800.00'),
        ('销售方名称：', '云州市远山汽车销售有限公司', '销售方纳税人识别号：', '91320599MA1MXK3R5C'),
    ))  # fmt: skip
    assert said['buyer_name'] == '张小明'
    assert said['seller_name'] == '云州市远山汽车销售有限公司'


@pytest.mark.parametrize(
    'rows, total',
    [
        (('云州市税务局通用定额发票', ('发票号码', '00123456'), '伍拾元整', '￥50.00'), '50.00'),
        (('云州省车辆通行费通用发票', ('入口', '云州东'), ('车型', '一型'), ('金额', '35.00元')), '35.00'),
        (('停车费电子收据', ('车牌号', '苏A12345'), ('应收金额', '15.00'), ('实收金额', '15.00')), '15.00'),
    ],
)
def test_small_receipts_have_a_total_and_no_seller_made_of_labels(rows: tuple[str, ...], total: str) -> None:
    layout = laid(*rows)
    said = fields(layout)
    assert kinds.classify(layout) is K.RECEIPT
    assert said['total'] == total
    assert 'seller_name' not in said


def test_a_ride_is_known_by_its_labels_where_the_title_and_some_of_them_are_lost() -> None:
    rows = (('车号:', '苏B4697J'), ('车:', '08:29'), ('下车:', '08:40'), ('单价:', '2.60元/公里'), ('程:', '18.4公里'))
    assert kinds.classify(laid('云穗发票联局', *rows, ('候时:', '00:08:00'), ('金额:', '41.00元'))) is K.TAXI_RECEIPT
    assert kinds.classify(laid('云穗发票联局', *rows[1:], ('金额:', '41.00元'))) is None


def test_what_lost_its_label_is_known_by_its_shape_but_not_sure() -> None:
    rows = (('苏B·4697J',), ('车:', '08:29'), ('下车:', '08:40'), ('候时:', '00:08:00'), ('金额:', '41.00元'))
    page = weighed(laid('云穗市的士发票', *rows))
    assert page.fields['plate'].value == '苏B4697J'
    assert [page.fields[name].value for name in ('boarding_time', 'alighting_time')] == ['08:29', '08:40']
    assert not page.fields['plate'].sure
    assert not page.fields['boarding_time'].sure
