"""What people taught about the papers of an issuer: found again on the next one, never sure by itself."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from claimdesk.ocr import Box, FieldReading, Lesson, PageReading, TextRun, placed, signs_of, taught
from claimdesk.ocr.fusion import fuse
from claimdesk.ocr.kinds import extract
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.pages import pages
from claimdesk.ocr.reading import SURE
from claimdesk.papers import medical, repairs
from claimdesk.papers.form import Form
from claimdesk.papers.made import Paper
from claimdesk.papers.press import as_pdf
from claimdesk.vocabulary import DocumentKind

ODD = {'日期：': '结单于：', '总计（元）：': '客户应交：', '车架号：': '底盘钢印：', '车牌号码：': '报修车：'}
"""What a workshop calls things whose forms the reader does not know."""


def odd_paper(seed: int) -> Paper:
    """A repair list with labels that nobody taught the reader."""
    made = repairs.plain_list(random.Random(seed))
    made.form.texts = [
        (x + 20 if words == made.truth['vin'] else x, y, ODD.get(words, words), *rest)
        for x, y, words, *rest in made.form.texts
    ]  # type: ignore[misc]
    return made


def printed(form: Form, kind: DocumentKind) -> PageReading:
    """The page as its text layer alone is read."""
    first = next(iter(pages(as_pdf([form]), text=True)))
    layout = Layout(first.spans, first.aspect)
    seen = extract(layout, 'text_layer', kind)
    seen.layout = layout
    fields = fuse([seen], None, None).fields
    return PageReading(1, kind, fields=fields, rows=layout.runs(), text_source='text_layer')


def read_odd(seed: int) -> tuple[PageReading, dict[str, str]]:
    made = odd_paper(seed)
    return printed(made.form, DocumentKind.REPAIR_ESTIMATE), dict(made.truth)


def run(text: str, x: float, y: float, width: float = 0.0) -> TextRun:
    return TextRun(text, Box(x, y, width or 0.012 * len(text), 0.02))


def page(*rows: tuple[TextRun, ...], source: str = 'ppocr-v6', **fields: FieldReading) -> PageReading:
    return PageReading(1, DocumentKind.MEDICAL_OUTPATIENT, fields=fields, rows=rows, text_source=source)


def lesson(field: str, label: str = '', side: str = 'left', *, x: float = 0.3, y: float = 0.2, **more: int) -> Lesson:
    return Lesson(field, label, side if label else '', Box(x, y, 0.1, 0.02), **more)


def test_what_one_paper_taught_is_found_on_the_next() -> None:
    first, truth = read_odd(1)
    assert set(first.fields) == {'seller_name'}
    lessons = [found for name, value in truth.items() if (found := taught(first.rows, name, value))]
    assert {one.field: one.label for one in lessons}['total'] == '客户应交'
    after, wanted = read_odd(2)
    known = placed(after, lessons, issuer_sure=True)
    assert {name: field.value for name, field in known.fields.items()} == wanted
    assert [field.name for field in known.fields.values() if field.confidence >= SURE] == ['seller_name']
    assert all(known.fields[name].reason for name in ('total', 'vin', 'plate', 'issue_date'))
    assert placed(after, lessons, issuer_sure=True) == known


def test_a_label_with_its_value_in_one_run_and_in_two() -> None:
    one = page((run('姓名：张三 诊疗流水：A20260318', 0.1, 0.2),))
    two = page((run('诊疗流水', 0.1, 0.2), run('A20260318', 0.3, 0.2)))
    for seen in (one, two):
        found = taught(seen.rows, 'serial_number', 'A20260318')
        assert found is not None
        assert (found.label, found.side) == ('诊疗流水', 'left')
        assert placed(seen, [found], issuer_sure=False).fields['serial_number'].value == 'A20260318'


def test_a_label_above_its_value() -> None:
    seen = page((run('诊疗流水', 0.3, 0.2),), (run('77123', 0.31, 0.24), run('88', 0.6, 0.24)))
    found = taught(seen.rows, 'serial_number', '77123')
    assert found is not None
    assert (found.label, found.side) == ('诊疗流水', 'above')
    other = page((run('诊疗流水', 0.32, 0.3),), (run('99456', 0.33, 0.34),))
    assert placed(other, [found], issuer_sure=False).fields['serial_number'].value == '99456'


def test_a_value_that_stands_twice_teaches_only_where_somebody_pointed() -> None:
    seen = page((run('预交', 0.1, 0.2), run('500.00', 0.3, 0.2)), (run('应付', 0.1, 0.3), run('500.00', 0.3, 0.3)))
    assert taught(seen.rows, 'total', '500.00') is None
    found = taught(seen.rows, 'total', '500.00', Box(0.29, 0.29, 0.1, 0.04))
    assert found is not None
    assert found.label == '应付'


def test_a_value_that_nobody_read_teaches_its_place_where_somebody_pointed() -> None:
    box = Box(0.3, 0.2, 0.1, 0.02)
    assert taught((), 'total', '500.00') is None
    assert taught((), 'total', '500.00', box) == Lesson('total', '', '', box)


def test_a_place_without_a_label_is_found_again_where_one_thing_fits() -> None:
    told = lesson('total')
    assert placed(page((run('88.50', 0.31, 0.205),)), [told], issuer_sure=False).fields['total'].value == '88.50'
    assert not placed(page((run('门诊', 0.31, 0.205),)), [told], issuer_sure=False).fields
    two = page((run('88.50', 0.30, 0.205), run('12.00', 0.345, 0.205)))
    assert not placed(two, [told], issuer_sure=False).fields


def test_what_is_missing_is_filled_and_never_sure() -> None:
    seen = page((run('诊疗流水', 0.1, 0.2), run('77123', 0.3, 0.2)), source='text_layer')
    found = placed(seen, [lesson('serial_number', '诊疗流水', papers=9)], issuer_sure=True).fields['serial_number']
    assert (found.value, found.source) == ('77123', 'text_layer+layout')
    assert not found.sure
    assert found.reason


def test_a_doubtful_value_goes_behind_what_was_taught_and_both_are_shown() -> None:
    doubtful = FieldReading('serial_number', '20260318', 0.8, 'ppocr-v6', None, ('2026031B',), 'One engine only.')
    seen = page((run('诊疗流水', 0.1, 0.2), run('77123', 0.3, 0.2)), serial_number=doubtful)
    found = placed(seen, [lesson('serial_number', '诊疗流水', papers=9)], issuer_sure=True).fields['serial_number']
    assert (found.value, found.alternatives) == ('77123', ('20260318', '2026031B'))
    assert not found.sure
    assert '20260318' in found.reason


def agreeing(source: str, confidence: float, papers: int, *, issuer_sure: bool = True, by_issuer: bool = True) -> bool:
    """Whether a value that a rule found, in a place that so many papers taught, is sure."""
    said = FieldReading('serial_number', '77123', confidence, source, None, (), 'The label was read only in part.')
    seen = page((run('诊疗流水', 0.1, 0.2), run('77123', 0.3, 0.2)), source=source, serial_number=said)
    told = replace(lesson('serial_number', '诊疗流水', papers=papers), by_issuer=by_issuer)
    return placed(seen, [told], issuer_sure=issuer_sure).fields['serial_number'].sure


def test_only_characters_of_the_file_become_sure_and_only_by_two_papers_of_a_sure_issuer() -> None:
    assert agreeing('text_layer', 0.9, 2)
    assert not agreeing('ppocr-v6', 0.9, 9), 'one engine saw both'
    assert not agreeing('text_layer', 0.6, 9), 'something speaks against it'
    assert not agreeing('text_layer', 0.9, 1)
    assert not agreeing('text_layer', 0.9, 9, issuer_sure=False)
    assert not agreeing('text_layer', 0.9, 9, by_issuer=False)


@pytest.mark.parametrize(
    'confidence, source, papers, sure',
    [(0.965, 'ppocr-v6+ppocr-v5', 2, False), (0.965, 'ppocr-v6+ppocr-v5', 1, True), (0.99, 'ppocr-v6+sum', 9, True),
     (0.97, 'qr', 9, True)],
)  # fmt: skip
def test_a_sure_value_elsewhere_is_doubted_unless_it_is_proven(
    confidence: float, source: str, papers: int, sure: bool
) -> None:
    said = FieldReading('serial_number', '20260318', confidence, source)
    seen = page((run('诊疗流水', 0.1, 0.2), run('77123', 0.3, 0.2)), serial_number=said)
    found = placed(seen, [lesson('serial_number', '诊疗流水', papers=papers)], issuer_sure=True).fields['serial_number']
    assert (found.value, found.sure) == ('20260318', sure)
    assert ('77123' in found.alternatives) == (not sure)


def test_two_lessons_that_differ_and_weigh_the_same_say_nothing() -> None:
    rows = (run('诊疗流水', 0.1, 0.2), run('77123', 0.3, 0.2)), (run('结算流水', 0.1, 0.3), run('88456', 0.3, 0.3))
    seen = page(*rows)
    one, other = lesson('serial_number', '诊疗流水'), lesson('serial_number', '结算流水', y=0.3)
    assert not placed(seen, [one, other], issuer_sure=True).fields
    assert placed(seen, [replace(one, papers=2), other], issuer_sure=True).fields['serial_number'].value == '77123'
    form_only = replace(one, papers=9, by_issuer=False)
    assert placed(seen, [form_only, other], issuer_sure=True).fields['serial_number'].value == '88456'


@pytest.mark.parametrize('misread, found', [('诊疗流永', True), ('门诊号码', False), ('总诊疗流水', False)])
def test_a_label_may_have_one_character_misread_and_is_no_part_of_another(misread: str, found: bool) -> None:
    seen = page((run(misread, 0.1, 0.2), run('77123', 0.3, 0.2)))
    known = placed(seen, [lesson('serial_number', '诊疗流水')], issuer_sure=False)
    assert ('serial_number' in known.fields) == found


@pytest.mark.parametrize(
    'field, beside',
    [('total', '住院部'), ('total', '12.00.00'), ('issue_date', '77123'), ('serial_number', '内科'), ('total', '3盒')],
)
def test_what_cannot_be_the_field_is_no_candidate(field: str, beside: str) -> None:
    seen = page((run('诊疗流水', 0.1, 0.2), run(beside, 0.3, 0.2)))
    assert not placed(seen, [lesson(field, '诊疗流水')], issuer_sure=True).fields


def test_the_issuer_is_his_number_or_name_and_a_form_is_its_heading() -> None:
    rows = ((run('No. 12345678', 0.1, 0.05),), (run('江南省医疗门诊收费票据', 0.3, 0.1),))
    signs = signs_of({'seller_name': '甲公司', 'seller_tax_id': '91320500MA1ABCDE9X'}, rows)
    assert (signs.issuer, signs.name, signs.title) == (
        'seller_tax_id:91320500MA1ABCDE9X', '甲公司', '江南省医疗门诊收费票据'
    )
    assert signs_of({}, ()).issuer == ''


@pytest.mark.parametrize(
    'row, field',
    [
        ((run('业务流水号', 0.1, 0.2), run('20190717123456', 0.3, 0.2)), 'issue_date'),
        ((run('业务流水号', 0.1, 0.2), run('性别：', 0.3, 0.2)), 'patient_name'),
        ((run('业务流水号', 0.1, 0.2), run('住院号：778', 0.3, 0.2)), 'patient_name'),
    ],
)
def test_a_part_of_a_number_and_the_next_label_are_no_value(row: tuple[TextRun, ...], field: str) -> None:
    assert not placed(page(row), [lesson(field, '业务流水号')], issuer_sure=True).fields


def test_the_sign_before_a_number_is_not_part_of_it() -> None:
    seen = page((run('No5121102127', 0.31, 0.205),))
    found = placed(seen, [lesson('receipt_number')], issuer_sure=True).fields['receipt_number']
    assert found.value == '5121102127'


def read_receipt(seed: int, kind: DocumentKind, style: str) -> tuple[PageReading, dict[str, str]]:
    """A made-up hospital receipt as read, and what stands on it."""
    made = medical.make(seed, kind, style)
    return printed(medical.forms_of(made)[0], kind), made.truth()


@pytest.mark.parametrize('style', ['electronic jiangsu', 'paper hebei', 'beijing', 'hunan'])
def test_one_paper_of_a_form_teaches_nearly_every_field_and_nothing_wrong(style: str) -> None:
    """Each field is taken out of the reading of two other papers, and found by what the first one taught."""
    kind = next(kind for kind in medical.STYLES[style].kinds if kind is not DocumentKind.MEDICAL_LIST)
    (first, truth), *others = (read_receipt(seed, kind, style) for seed in (1, 2, 3))
    lessons = [found for name, value in truth.items() if value and (found := taught(first.rows, name, value))]
    right = wrong = 0
    for told in lessons:
        for seen, wanted in others:
            without = replace(seen, fields={name: one for name, one in seen.fields.items() if name != told.field})
            found = placed(without, [told], issuer_sure=True).fields.get(told.field)
            assert found is None or not found.sure
            right += found is not None and found.value == wanted.get(told.field)
            wrong += found is not None and found.value != wanted.get(told.field)
    assert len(lessons) >= 6
    assert wrong == 0
    assert right >= 0.8 * 2 * len(lessons)
