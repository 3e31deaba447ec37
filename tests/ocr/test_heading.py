"""What kind of paper it is: by its title, by what is left of it under a stamp, by its code; and never a guess."""

import pytest

from claimdesk.ocr.heading import kind_of_code, read_heading
from claimdesk.ocr.kinds import classify
from claimdesk.ocr.layout import Layout, Span
from claimdesk.vocabulary import DocumentKind


def laid(*lines: str) -> Layout:
    tops = [0.05 + 0.03 * place for place in range(len(lines))]
    spans = [Span(line, 0.1, y, 0.1 + 0.015 * len(line), y + 0.02) for line, y in zip(lines, tops, strict=True)]
    return Layout(spans, 0.65)


FORM = ('纳税人识别号:91110105MA01Q7QUXU', '价税合计(大写)肆拾叁圆叁角', '开票日期:2018年03月23日')


@pytest.mark.parametrize(
    'title, kind',
    [
        ('电子发票（增值税专用发票）', DocumentKind.DIGITAL_SPECIAL),
        ('电子发票（普通发票）', DocumentKind.DIGITAL_NORMAL),
        ('湖北增值税电子普通发票', DocumentKind.VAT_ELECTRONIC),
        ('上海增值税专用发票', DocumentKind.VAT_SPECIAL),
        ('浙江增值税电子专用发票', DocumentKind.VAT_SPECIAL),
        ('北京增值税普通发票', DocumentKind.VAT_NORMAL),
    ],
)
def test_the_title_tells(title: str, kind: DocumentKind) -> None:
    assert classify(laid(title, *FORM)) is kind


@pytest.mark.parametrize(
    'lines, kind',
    [
        (('北京增值税专X发票', '抵扣联'), DocumentKind.VAT_SPECIAL),
        (('电子发票（普', '统一社会信用代码/纳税人识别号:', '税率/征收率'), DocumentKind.DIGITAL_NORMAL),
        (('发票代码:042001700112',), DocumentKind.VAT_ELECTRONIC),
        (('发票代码:012002100104',), DocumentKind.VAT_NORMAL),
    ],
)
def test_the_form_tells_where_a_stamp_lies_over_the_title(lines: tuple[str, ...], kind: DocumentKind) -> None:
    assert classify(laid(*lines, *FORM)) is kind


@pytest.mark.parametrize(
    'lines, kind',
    [
        (('北京市医疗门诊收费票据（电子）', '业务流水号:123'), DocumentKind.MEDICAL_OUTPATIENT),
        (('浙江省医疗住院收费票据（电子）',), DocumentKind.MEDICAL_INPATIENT),
        (('限乘当日当次车', '南丰 D6502 南昌'), DocumentKind.TRAIN_TICKET),
        (('CASH BILL', 'TOTAL 12.30'), DocumentKind.RECEIPT),
        (('会议纪要', '出席人员'), None),
        ((), None),
    ],
)
def test_other_papers_are_named_or_left_alone(lines: tuple[str, ...], kind: DocumentKind | None) -> None:
    assert classify(laid(*lines)) is kind


@pytest.mark.parametrize(
    'code, kind',
    [
        ('042001700112', DocumentKind.VAT_ELECTRONIC),
        ('033001900113', DocumentKind.VAT_SPECIAL),
        ('012002100104', DocumentKind.VAT_NORMAL),
        ('1100094140', DocumentKind.VAT_SPECIAL),
        ('1100193320', DocumentKind.VAT_NORMAL),
        ('12345', None),
    ],
)
def test_the_code_itself_tells_a_kind(code: str, kind: DocumentKind | None) -> None:
    assert kind_of_code(code) is kind


def values(layout: Layout, *, digital: bool = False) -> dict[str, str]:
    return {name: found.value for name, found in read_heading(layout, layout.rows, digital).items()}


def test_labels_may_be_spaced_and_damaged() -> None:
    check = '校 验 码：08795 32740 22546 84486'
    read = values(laid('发 票 代 码：042001700112', '发票导码:47502662', '开票日期：2018年03月23日', check))
    assert read == {
        'invoice_code': '042001700112', 'invoice_number': '47502662', 'issue_date': '2018-03-23',
        'check_code': '08795327402254684486',
    }  # fmt: skip


def test_paper_forms_print_number_and_code_without_labels_and_touching() -> None:
    read = values(laid('027191200104广东增值税普通发票No99443693027191200104', '99443693', '机器编号:661533632869'))
    assert (read['invoice_code'], read['invoice_number']) == ('027191200104', '99443693')


def test_the_number_of_the_machine_is_not_the_code() -> None:
    assert 'invoice_code' not in values(laid('机器编号:661533632869', '发票号码:47502662'))


def test_the_cipher_of_an_old_invoice_is_no_number() -> None:
    assert values(laid('03910/5--441/37264539844751', '6++/20509/03>-->2/9->993/81/12345678')) == {}
