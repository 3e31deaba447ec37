"""Papers of a claim that are none of the kinds that are read: kept whole, mistaken for nothing, read in an instant."""

import pytest

from claimdesk.ocr import kinds, sight
from claimdesk.ocr.fusion import fuse
from claimdesk.ocr.reader import read
from claimdesk.papers import others, press
from claimdesk.vocabulary import DocumentKind as K
from tests.ocr.test_medical import laid


@pytest.mark.parametrize('title', others.TEXTS)
def test_other_papers_are_mistaken_for_nothing(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_at(*_page: object, **_known: object) -> None:
        raise AssertionError('a text layer that says what it is needs no picture')

    monkeypatch.setattr(sight, 'look_at', look_at)
    (page,) = read(press.as_pdf([others.draw(title)]), name=title).pages
    assert page.kind is K.OTHER
    assert not any(field.sure for field in page.fields.values())
    last = others.TEXTS[title][-1].split('  ')[0]
    assert last.replace(' ', '') in page.text.replace(' ', '')


@pytest.mark.parametrize('title', others.TEXTS)
def test_their_words_alone_make_no_kind(title: str) -> None:
    rows = [tuple(part for part in row.split('  ') if part) for row in others.TEXTS[title]]
    assert kinds.classify(laid(*rows)) is None


def test_of_a_page_that_nobody_recognises_nothing_is_sure() -> None:
    layout = laid(('名称：云州市顺达贸易有限公司', '金额：100.00'), '项目名称', ('单价', '100.00'))
    fused = fuse([kinds.extract(layout, 'text_layer')], None, None)
    assert kinds.classify(layout) is None
    assert not any(field.sure for field in fused.fields.values())


@pytest.mark.parametrize('row', ['病历卡号：0012', '处方编号：12 科室：骨科', '病案号：00123'])
def test_numbers_of_other_papers_make_a_receipt_no_other_paper(row: str) -> None:
    assert kinds.classify(laid('湖南省医疗门诊收费收据', row, '合计 ¥12.00')) is K.MEDICAL_OUTPATIENT
