"""Hospitals' papers: every form is read, labels may be damaged or touch, nothing is sure without a second witness."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claimdesk.ocr import fiscal, kinds
from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.fusion import Fused, fuse
from claimdesk.ocr.kinds.medical_form import INPATIENT, LIST, OUTPATIENT
from claimdesk.ocr.layout import Layout, Span
from claimdesk.ocr.pages import pages
from claimdesk.ocr.reader import read
from claimdesk.papers import medical, press
from claimdesk.vocabulary import DocumentKind as K
from tests.ocr.damaged import Agreeing, damage
from tests.ocr.test_fusion import Eyes
from tests.ocr.test_recorded import Remembered, same

RECORDINGS = sorted((Path(__file__).parent / 'recorded' / 'medical').glob('*.json'))
FORMS = [(style, kind) for style, one in medical.STYLES.items() for kind in one.kinds]


def laid(*rows: str | tuple[str, ...]) -> Layout:
    """Rows of words; those of one row stand 0.02 apart."""
    spans = []
    for place, row in enumerate(rows):
        x, y = 0.05, 0.05 + 0.03 * place
        for words in (row,) if isinstance(row, str) else row:
            wide = 0.012 * sum(1.0 if ord(char) > 0x2E7F else 0.55 for char in words)
            spans.append(Span(words, x, y, x + wide, y + 0.014))
            x += wide + 0.02
    return Layout(spans, 0.6)


HEAD = ('浙江省医疗门诊收费票据（电子）', ('票据代码：33060122', '票据号码：0012345678'), '交款人：张三')


def fields(layout: Layout, source: str = 'text_layer') -> dict[str, str]:
    return {name: found.value for name, found in kinds.extract(layout, source).fields.items()}


def weighed(layout: Layout, source: str = 'text_layer') -> Fused:
    return fuse([kinds.extract(layout, source)], None, None)


def sure_but_wrong(fused: Fused, truth: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (name, read.value) for name, read in fused.fields.items()
        if read.sure and not same(name, truth.get(name, ''), read.value)
    ]  # fmt: skip


@pytest.mark.parametrize('style, kind', FORMS)
@pytest.mark.parametrize('seed', [1, 2])
def test_every_form_is_read_from_its_text_layer(style: str, kind: K, seed: int) -> None:
    paper = medical.make(seed, kind, style)
    forms = medical.forms_of(paper)
    for form in forms:
        # What draws a receipt puts its words onto the page in any order, labels and values apart.
        random.Random(seed).shuffle(form.texts)
    first, *more = read(press.as_pdf(forms), name='paper').pages
    truth = paper.truth()
    assert first.kind is kind
    assert {name: first.fields[name].value for name in truth if name in first.fields} == truth
    assert all(check.ok for page in (first, *more) for check in page.checks)
    items, lines = [item for page in (first, *more) for item in page.items], paper.printed
    assert [item.amount for item in items] == [f'{line.amount:.2f}' for line in lines]
    assert all(squeezed(item.name).startswith(squeezed(line.name)) for item, line in zip(items, lines, strict=True))
    assert all(item.quantity == line.quantity for item, line in zip(items, lines, strict=True) if item.quantity)


def squeezed(text: str) -> str:
    return text.replace(' ', '')


def test_a_list_keeps_class_quantity_and_price_of_each_line_over_its_pages() -> None:
    paper = medical.make(3, K.MEDICAL_LIST, 'list')
    done = read(press.as_pdf(medical.forms_of(paper)), name='list')
    items = [item for page in done.pages for item in page.items]
    assert len(done.pages) > 1
    assert [(item.medical_class, item.quantity, item.unit, item.unit_price) for item in items] == [
        (line.medical_class, line.quantity, line.unit, line.unit_price) for line in paper.lines
    ]
    assert done.pages[0].fields['total'].value == f'{paper.total:.2f}'


@pytest.mark.parametrize('seed', [30000, 30002, 30004, 30005])
def test_lines_printed_without_holes_between_their_cells_are_kept_whole(seed: int) -> None:
    paper = medical.make(seed, K.MEDICAL_OUTPATIENT, 'paper beijing')
    items = read(press.as_pdf(medical.forms_of(paper)), name='paper').pages[0].items
    assert [(item.name.rstrip('／'), item.amount) for item in items] == [
        (line.name, f'{line.amount:.2f}') for line in paper.printed
    ]


def test_labels_that_touch_the_values_before_them_end_them() -> None:
    touching = ('交款人：欧阳晓明开票日期：2022-03-05', '其他支付：0.00个人自付：3.10个人自费：4.20元')
    read = fields(laid(*HEAD[:2], *touching))
    assert (read['patient_name'], read['issue_date']) == ('欧阳晓明', '2022-03-05')
    assert (read['other_paid'], read['self_paid'], read['own_expense']) == ('0.00', '3.10', '4.20')


def test_damaged_labels_find_their_values_but_make_nothing_sure() -> None:
    damaged = weighed(laid(*HEAD, ('业鲁流永号：20220305110', '个人由付：3.10', '个人自费：4.20'))).fields
    assert damaged['serial_number'].value == '20220305110'
    assert (damaged['self_paid'].value, damaged['own_expense'].value) == ('3.10', '4.20')
    assert [name for name in ('serial_number', 'self_paid') if damaged[name].sure] == []
    assert damaged['own_expense'].sure
    assert damaged['self_paid'].reason == 'The label beside it was read only in part.'


@pytest.mark.parametrize(
    'row',
    ['大病保险基金支付：12.00', '有自付0.9%氯化钠注射液', '个人账户余额：55.00'],
)
def test_words_that_only_contain_a_label_give_no_value(row: str) -> None:
    read = fields(laid(*HEAD, row))
    assert not {'insurance_fund_paid', 'self_paid', 'account_paid'} & set(read)


def test_a_stay_has_its_two_days() -> None:
    read = fields(laid('湖南省医疗住院收费票据', '住院号：00123 住院时间：2022.03.01-2022.03.08', '合计 ¥12.00'))
    assert (read['admission_date'], read['discharge_date']) == ('2022-03-01', '2022-03-08')


SPLIT = ('医保统筹基金支付：70.00', '其他支付：0.00', '个人账户支付：10.00', '个人现金支付：20.00')


def test_who_paid_proves_the_total_and_the_total_who_paid() -> None:
    rows = (*HEAD, '金额合计（大写）壹佰元整（小写）100.00', SPLIT)
    alone = weighed(laid(*rows), 'rapid').fields
    assert all(alone[name].sure for name in ('total', 'insurance_fund_paid', 'account_paid', 'cash_paid'))
    assert not alone['patient_name'].sure


def test_amounts_under_their_heads_belong_to_them_in_order() -> None:
    heads = ('医保统筹基金支付', '其他支付', '个人账户支付', '个人现金支付')
    read = weighed(laid(*HEAD, heads, ('70.00', '0.00', '10.00', '20.00'))).fields
    assert [read[name].value for name in ('insurance_fund_paid', 'other_paid', 'account_paid', 'cash_paid')] == [
        '70.00', '0.00', '10.00', '20.00'
    ]  # fmt: skip
    unclear = weighed(laid(*HEAD, heads, ('70.00', '10.00', '20.00'))).fields
    assert not any(field.sure for name, field in unclear.items() if name.endswith('_paid'))


def test_sums_that_do_not_fit_leave_nothing_sure() -> None:
    rows = (*HEAD, '金额合计（大写）壹佰元整（小写）100.00', (*SPLIT[:3], '个人现金支付：26.00'))
    fused = weighed(laid(*rows), 'rapid')
    assert [check.ok for check in fused.checks if check.name == 'split'] == [False]
    assert not any(fused.fields[name].sure for name in ('insurance_fund_paid', 'account_paid', 'cash_paid'))


def test_words_that_object_take_the_certainty_of_the_figures() -> None:
    fused = weighed(laid(*HEAD, '金额合计（大写）壹佰零贰元整（小写）100.00', SPLIT), 'rapid')
    assert not fused.fields['total'].sure
    assert not fused.fields['total_capital'].sure


def test_an_illegible_payer_is_worked_out_and_left_to_a_person() -> None:
    rows = (*HEAD, '金额合计（大写）壹佰元整（小写）100.00', (SPLIT[0], '其他支付：', SPLIT[3]), SPLIT[2])
    fused = weighed(laid(*rows), 'rapid')
    assert (fused.fields['other_paid'].value, fused.fields['other_paid'].sure) == ('0.00', False)


def test_a_receipt_is_not_issued_before_the_visit() -> None:
    fused = weighed(laid(*HEAD, '开票日期：2022-03-05', '就诊日期：2022-03-15'), 'rapid')
    assert [check.ok for check in fused.checks if check.name == 'dates'] == [False]


def test_a_text_layer_without_labels_confirms_what_was_read_in_the_same_place() -> None:
    layout = laid(*HEAD)
    bare = Layout([replace(span, text=span.text.partition('：')[2]) for span in layout.spans if '：' in span.text], 0.6)
    # The values stand at the end of where label and value are printed.
    printed = Extract('text_layer', layout=bare)
    fused = fuse([printed, kinds.extract(layout, 'rapid')], None, None)
    assert fused.fields['receipt_number'].sure
    assert not fuse([kinds.extract(layout, 'rapid')], None, None).fields['receipt_number'].sure


@pytest.mark.parametrize(
    'text, said',
    [
        (
            'CZ-EI-42,1.0.0,42060122,0012345678,a1b2c3,20220305,123.45',
            {'receipt_code': '42060122', 'receipt_number': '0012345678', 'check_code': 'a1b2c3',
             'issue_date': '2022-03-05', 'total': '123.45'},
        ),
        (
            'https://a.example/b?pjdm=33060122&pjhm=0012345678&jym=a1b2c3',
            {'receipt_code': '33060122', 'receipt_number': '0012345678', 'check_code': 'a1b2c3'},
        ),
        ('https://a.example/pay?id=33060122', None),
        ('https://[broken', None),
        ('CZ-EI-42,1.0.0', None),
        ('01,32,,24517000000216393366,1130.00,20241019,,9A0F,', None),
    ],
)  # fmt: skip
def test_codes_of_fiscal_receipts(text: str, said: dict[str, str] | None) -> None:
    code = fiscal.parse(text)
    assert (dict(code.said) if code else None) == said


def test_the_code_of_another_receipt_takes_certainty_away() -> None:
    layout = laid(*HEAD)
    family, code = kinds.parse_code('CZ-EI-42,1.0.0,42060122,0099887766,a1b2c3,20220305,123.45') or (None, None)
    fused = fuse([kinds.extract(layout, 'text_layer', None, family)], code, None)
    assert fused.fields['receipt_number'].value == '0012345678'
    assert not fused.fields['receipt_number'].sure


@pytest.mark.parametrize(
    'lines, kind',
    [
        (('广东省医疗住院收费票据',), K.MEDICAL_INPATIENT),
        (('上海市医疗门急诊收费票据',), K.MEDICAL_OUTPATIENT),
        (('某市人民医院', '住院病人费用明细清单', '姓名：张三'), K.MEDICAL_LIST),
        (('票据代码：33060222', '医保统筹基金支付：1.00', '个人自费：0.00', '交款人：张三'), K.MEDICAL_INPATIENT),
        (('设备清单', '打印机 2 台'), None),
        (('理赔申请书', '门诊号：1', '住院号：2', '医保类型：城镇职工', '个人账户：622', '金额：'), None),
    ],
)
def test_kinds_are_told_by_title_form_and_code(lines: tuple[str, ...], kind: K | None) -> None:
    assert kinds.classify(laid(*lines)) is kind


def recorded(path: Path, *, with_code: bool, second: bool = True) -> tuple[Fused, dict[str, Any]]:
    kept = json.loads(path.read_text(encoding='utf-8'))
    spans = [Span(text, *box, score, tuple(scores), slope) for text, *box, score, scores, slope in kept['spans']]
    layout = Layout(spans, kept['aspect'])
    said = next((found for text in kept['codes'] if (found := kinds.parse_code(text))), None) if with_code else None
    family, code = said or (None, None)
    look = Remembered(layout, Eyes([]), kept['second']) if second else None
    return fuse([kinds.extract(layout, 'rapid', None, family)], code, look), kept


@pytest.mark.parametrize('path', RECORDINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize('with_code', [True, False])
@pytest.mark.parametrize('second', [True, False])
def test_nothing_sure_is_wrong(path: Path, with_code: bool, second: bool) -> None:
    fused, kept = recorded(path, with_code=with_code, second=second)
    wrong = {
        name: (read.value, kept['truth'].get(name))
        for name, read in fused.fields.items()
        if read.sure and not same(name, kept['truth'].get(name, ''), read.value)
    }
    assert wrong == {}


@pytest.mark.parametrize('path', RECORDINGS, ids=lambda path: path.stem)
def test_worn_paper_gives_nearly_every_field_and_most_are_sure(path: Path) -> None:
    fused, kept = recorded(path, with_code=True)
    truth = kept['truth']
    found = {name: read.value for name, read in fused.fields.items()}
    right = [name for name, value in truth.items() if name in found and same(name, value, found[name])]
    assert len(right) >= len(truth) - 1, set(truth) - set(right)
    assert sum(read.sure for read in fused.fields.values()) >= 0.7 * len(truth)


@pytest.mark.parametrize('style, kind', FORMS)
def test_damage_makes_values_missing_or_unsure_but_never_sure_and_wrong(style: str, kind: K) -> None:
    paper = medical.make(5, kind, style)
    page = next(pages(press.as_pdf(medical.forms_of(paper)[:1])))
    labels = {label for wanted in (*OUTPATIENT, *INPATIENT, *LIST) for label in wanted.labels}
    truth, right, asked = paper.truth(), 0, 0
    for seed in range(12):
        layout = Layout(damage(page.spans, labels, f'{style}/{kind}/{seed}'), page.aspect)
        fused = fuse([kinds.extract(layout, 'rapid')], None, Agreeing(layout))
        assert sure_but_wrong(fused, truth) == [], seed
        asked += len(truth)
        right += sum(same(name, truth[name], read.value) for name, read in fused.fields.items() if name in truth)
    assert right >= (0.6 if kind is K.MEDICAL_LIST else 0.85) * asked  # the total stands on the last page of a list


def test_worn_paper_is_read_by_the_engines() -> None:
    from tests.ocr.conditions import CLEAN_DPI, CONDITIONS

    paper = medical.make(8, K.MEDICAL_OUTPATIENT, 'electronic')
    picture = press.as_picture(medical.forms_of(paper)[0], CLEAN_DPI)
    (page,) = read(CONDITIONS['150 dpi, q40'](picture, 8), name='scan').pages
    truth = paper.truth()
    assert page.kind is K.MEDICAL_OUTPATIENT
    assert [name for name, read in page.fields.items() if read.sure and not same(name, truth[name], read.value)] == []
    assert {'receipt_number', 'check_code', 'issue_date', 'total'} <= set(page.fields)


FISCAL = """<?xml version="1.0" encoding="UTF-8"?>
<EInvoice><Header><EInvoiceTag>CZ-EI</EInvoiceTag></Header><EInvoiceData><Main>
<EInvoiceName>医疗门诊收费票据（电子）</EInvoiceName><EInvoiceCode>{code}</EInvoiceCode>
<EInvoiceNumber>0012345678</EInvoiceNumber><RandomNumber>a1b2c3</RandomNumber><TotalAmount>30.50</TotalAmount>
<IssueDate>20240305</IssueDate><InvoicingParty><InvoicingPartyName>云岭市第一人民医院</InvoicingPartyName></InvoicingParty>
<PayerParty><PayerPartyName>张小明</PayerPartyName></PayerParty></Main><Details>
<Item><ItemName>检查费</ItemName><ItemUnit>项</ItemUnit><ItemQuantity>1</ItemQuantity><ItemAmount>20.50</ItemAmount></Item>
<Item><ItemName>西药费</ItemName><ItemAmount>10.00</ItemAmount></Item></Details></EInvoiceData></EInvoice>"""


def test_the_data_of_a_fiscal_receipt_is_read() -> None:
    (page,) = read(FISCAL.format(code='33060124').encode(), name='receipt').pages
    assert page.kind is K.MEDICAL_OUTPATIENT
    assert {name: found.value for name, found in page.fields.items()} == {
        'receipt_code': '33060124', 'receipt_number': '0012345678', 'check_code': 'a1b2c3',
        'issue_date': '2024-03-05', 'patient_name': '张小明', 'hospital_name': '云岭市第一人民医院', 'total': '30.50',
    }  # fmt: skip
    assert all(found.sure for found in page.fields.values())
    assert [(item.name, item.amount) for item in page.items] == [('检查费', '20.50'), ('西药费', '10.00')]


def test_a_fiscal_receipt_of_something_else_is_no_hospitals_paper() -> None:
    done = read(FISCAL.format(code='33010124').encode(), name='receipt')
    assert done.error or done.pages[0].kind is not K.MEDICAL_OUTPATIENT


@pytest.mark.parametrize(
    'printed, number',
    [('№01234567', '01234567'), ('N0244336212', '0244336212'), ('N001234567', '01234567'), ('12345678', '12345678')],
)
def test_the_number_of_a_paper_receipt_is_told_from_its_sign(printed: str, number: str) -> None:
    seal = '全国统一财政票据监制章财政部监制二〇一二年版第二联收据联（交款人收执）手写无效'
    layout = laid('湖南省医疗门诊收费收据', (seal, printed), ('姓名：张三', '门诊号：12'))
    assert fields(layout, 'rapid')['receipt_number'] == number


def test_a_payer_whom_only_a_province_knows_is_told_by_the_sums() -> None:
    paid = ('统筹基金支付：70.00', '补充保险支付：5.00', '个人账户支付：5.00', '现金支付：20.00')
    rows = ('辽宁省医疗门诊收费票据', '交款人：张三', '合计（大写）壹佰元整（小写）100.00', paid)
    found = weighed(laid(*rows)).fields['other_paid']
    assert (found.value, found.sure) == ('5.00', False)
    assert 'other_paid' not in weighed(laid(*rows[:3], (paid[0], '补充保险支付：9.00', *paid[2:]))).fields
