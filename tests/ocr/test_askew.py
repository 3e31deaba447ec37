"""Forms into which everything was printed too high, amounts at the end of their cells."""

import random

import pytest

from claimdesk.ocr import kinds
from claimdesk.ocr.askew import usual
from claimdesk.ocr.fusion import fuse
from claimdesk.ocr.layout import Layout, Span
from claimdesk.ocr.pages import pages
from claimdesk.ocr.weighing import Fused
from claimdesk.papers import medical, press
from claimdesk.vocabulary import DocumentKind as K
from tests.ocr.test_medical import sure_but_wrong
from tests.ocr.test_recorded import same

HIGH = 0.012
STYLES = (('paper beijing', K.MEDICAL_OUTPATIENT), ('paper central', K.MEDICAL_INPATIENT))


def printed(up: float, *, end: str = '234.18') -> Fused:
    """A receipt whose values stand `up` heights of a row above their labels."""
    labels = [
        ('中央医疗门诊收费票据', 0.38, 0.05), ('NO.', 0.71, 0.10), ('姓名：', 0.11, 0.14),
        ('基金支付：', 0.11, 0.40), ('个人账户支付：', 0.36, 0.40), ('个人支付金额：', 0.61, 0.40),
        ('合计（大写）', 0.11, 0.42), ('年', 0.71, 0.45), ('月', 0.76, 0.45), ('日', 0.81, 0.45),
    ]  # fmt: skip
    values = [
        ('54060080631373', 0.66, 0.075), ('0080631373', 0.74, 0.10), ('陈杭杭', 0.16, 0.14),
        ('484.05', 0.31, 0.40), ('0.00', 0.55, 0.40), (end, 0.85, 0.40),
        ('柒佰壹拾捌元贰角叁分', 0.24, 0.42), ('718.23', 0.78, 0.42), ('2020', 0.70, 0.45), ('12', 0.755, 0.45),
        ('9', 0.80, 0.45),
    ]  # fmt: skip
    spans = [span(*one, 0.0) for one in labels] + [span(*one, up) for one in values]
    return fuse([kinds.extract(Layout(spans, 0.6), 'text_layer')], None, None)


def span(words: str, x: float, y: float, up: float) -> Span:
    wide = 0.011 * sum(1.0 if ord(char) > 0x2E7F else 0.55 for char in words)
    return Span(words, x, y - up * HIGH, x + wide, y - up * HIGH + HIGH)


@pytest.mark.parametrize('up', [0.0, 0.4, 0.7, 0.9, 1.0])
def test_values_belong_to_labels_they_stand_off_from_as_all_of_them_do(up: float) -> None:
    found = {name: field.value for name, field in printed(up).fields.items()}
    assert found['patient_name'] == '陈杭杭'
    assert (found['insurance_fund_paid'], found['account_paid'], found['cash_paid']) == ('484.05', '0.00', '234.18')
    assert (found['total'], found['issue_date']) == ('718.23', '2020-12-09')


@pytest.mark.parametrize('up', [0.7, 0.9, 1.0])
def test_the_value_of_the_next_line_is_nobodys_where_ones_own_is_lost(up: float) -> None:
    cash = printed(up, end='').fields.get('cash_paid')
    assert cash is None or not cash.sure


def test_a_number_that_stands_twice_is_the_receipts() -> None:
    number = printed(0.9).fields['receipt_number']
    assert (number.value, number.sure) == ('0080631373', True)


def test_the_usual_distance_is_open_where_two_are_as_frequent() -> None:
    assert usual([[-0.9], [-0.95, 0.4], [-0.85, 0.9]]) == pytest.approx(-0.9, abs=0.06)
    assert usual([[-0.9, 0.9], [-0.9, 0.9], [-0.9, 0.9]]) is None
    assert usual([[-0.9], [-0.9]]) is None


@pytest.mark.parametrize('style, kind', STYLES)
def test_nothing_sure_is_wrong_on_such_forms(style: str, kind: K) -> None:
    asked = right = 0
    for seed in range(12):
        paper = medical.make(seed + 90, kind, style)
        (form,) = medical.forms_of(paper)
        random.Random(seed).shuffle(form.texts)
        page = next(pages(press.as_pdf([form])))
        fused, truth = fuse([kinds.extract(Layout(page.spans, page.aspect), 'text_layer')], None, None), paper.truth()
        assert sure_but_wrong(fused, truth) == [], seed
        asked += len(truth)
        read = {name: one.value for name, one in fused.fields.items()}
        right += sum(same(name, value, read[name]) for name, value in truth.items() if name in read)
    assert right >= 0.97 * asked
