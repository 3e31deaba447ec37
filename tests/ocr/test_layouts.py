"""Invoices of every layout, as programs write them into PDF files: turned, cut, hidden, several in a file."""

import io
from collections.abc import Sequence

import pikepdf
import pytest

from claimdesk.ocr import PageReading, read
from claimdesk.ocr.candidate import Extract
from claimdesk.papers import invoices
from claimdesk.papers.form import Form
from claimdesk.papers.invoices import InvoiceSheet
from claimdesk.papers.press import as_pdf
from claimdesk.vocabulary import DocumentKind
from tests.ocr.test_samples import same

RADICALS = str.maketrans('金车方', '⾦⻋⽅')
READ_WHOLE = [name for name in invoices.MAKERS if name not in ('roll', 'air')]


@pytest.fixture
def without_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr('claimdesk.ocr.sight.look_at', lambda *_a, **_k: (Extract('rapid'), None, 0))


def wrong(sheet: InvoiceSheet, page: PageReading) -> list[str]:
    return [
        f'{name}: {page.fields.get(name)} for {value}'
        for name, value in sheet.truth.items()
        if name not in page.fields or not same(name, value, page.fields[name].value)
    ]


@pytest.mark.parametrize('name', READ_WHOLE)
@pytest.mark.parametrize('seed', range(3))
def test_every_layout_is_read_from_its_text(name: str, seed: int) -> None:
    sheet = invoices.make(seed, name)
    page = read(as_pdf(sheet.forms)).pages[0]
    assert page.kind is sheet.kind
    assert wrong(sheet, page) == []
    assert all(page.fields[field].sure for field in sheet.truth)
    assert tuple(item.amount for item in page.items) == sheet.amounts
    assert page.items_confidence >= 0.95


@pytest.mark.parametrize('name', ['roll', 'air'])
def test_narrow_and_celled_forms_are_read(name: str, without_engines: None) -> None:
    sheet = invoices.make(2, name)
    page = read(as_pdf(sheet.forms)).pages[0]
    assert page.kind is sheet.kind
    assert wrong(sheet, page) == []
    assert [field for field in page.fields.values() if field.sure and field.name not in sheet.truth] == []


def test_buyer_and_seller_are_not_exchanged_on_a_roll(without_engines: None) -> None:
    sheet = invoices.make(1, 'roll')
    page = read(as_pdf(sheet.forms)).pages[0]
    assert page.fields['seller_name'].value == sheet.truth['seller_name']
    assert page.fields['buyer_tax_id'].value == sheet.truth['buyer_tax_id']


def test_the_list_that_belongs_to_an_older_invoice_is_read_line_by_line(without_engines: None) -> None:
    form = Form(high=400)
    form.label(305, 60, '销售货物或者提供应税劳务、服务清单', 15, 'c')
    form.label(30, 106, '销售方名称：云州市顺达汽车维修有限公司')
    form.label(30, 122, '所属增值税电子普通发票代码：017462200111 号码：14538401')
    heads = ('序号', '货物（劳务）名称', '规格型号', '单位', '数量', '单价', '金额', '税率', '税额')
    places = (40, 120, 220, 270, 310, 370, 440, 490, 550)
    for x, head in zip(places, heads, strict=True):
        form.label(x, 142, head, align='c')
    for line in range(3):
        cells = (f'{line + 1}', '*汽车零部件*灯', '', '件', '2', '5.00', '10.00', '13%', '1.30')
        for x, cell in zip(places, cells, strict=True):
            form.write(x, 160 + 16 * line, cell, 8, align='c')
    for x, words in ((40, '小计'), (440, '￥30.00'), (550, '￥3.90')):
        form.write(x, 212, words, 8, align='c')
    page = read(as_pdf([form])).pages[0]
    assert [(item.name, item.quantity, item.amount, item.tax) for item in page.items] == 3 * [
        ('*汽车零部件*灯', '2', '10.00', '1.30')
    ]
    assert page.fields['invoice_number'].value == '14538401'


def rewritten(forms: Sequence[Form], change: str) -> bytes:
    pdf = pikepdf.open(io.BytesIO(as_pdf(forms)))
    if change == 'within a form':
        outer = pikepdf.new()
        for page in pdf.pages:
            outer.add_blank_page(page_size=(float(page.mediabox[2]), float(page.mediabox[3])))
            outer.pages[-1].add_overlay(page)
        pdf = outer
    elif change.startswith('turned'):
        for page in pdf.pages:
            page.rotate(int(change.split()[1]), relative=False)
    elif change == 'printed on end':
        for page in pdf.pages:
            wide, high = (float(side) for side in page.mediabox[2:])
            page.contents_add(f'q 0 1 -1 0 {high} 0 cm'.encode(), prepend=True)
            page.contents_add(b'Q')
            page.mediabox = [0, 0, high, wide]
    elif change == 'cut out':
        for page in pdf.pages:
            box = [float(side) for side in page.mediabox]
            page.cropbox = box
            page.mediabox = [-50, -70, box[2] + 50, box[3] + 30]
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


CHANGES = {
    'within a form': 0, 'cut out': 0, 'turned 90': 270, 'turned 180': 180, 'turned 270': 90, 'printed on end': 90,
}  # fmt: skip
"""What is done to the file → how far the page must be turned then."""


@pytest.mark.parametrize('change', CHANGES)
def test_the_way_of_writing_changes_nothing(change: str) -> None:
    sheet = invoices.make(4, 'discounts')
    page = read(rewritten(sheet.forms, change)).pages[0]
    assert wrong(sheet, page) == []
    assert all(page.fields[field].sure for field in sheet.truth)
    assert page.rotation == CHANGES[change]
    box = page.fields['invoice_number'].box
    assert box is not None
    assert box.x > 0.6
    assert box.y < 0.2


def test_who_sells_is_known_though_every_character_stands_alone() -> None:
    sheet = invoices.make(3, 'farm purchase')
    for form in sheet.forms:
        form.texts = [
            (place * 1.7 * size + (40 if words.startswith('农') else x), y, char, size, colour, 'l')
            for x, y, words, size, colour, align in form.texts if align == 'l'
            for place, char in enumerate(words if words.startswith('农') else [words])
        ] + [text for text in form.texts if text[5] != 'l']  # fmt: skip
    page = read(as_pdf(sheet.forms)).pages[0]
    assert wrong(sheet, page) == []


def test_each_invoice_of_a_file_is_one() -> None:
    sheets = [invoices.make(seed, 'freight') for seed in range(3)]
    pages = read(as_pdf([form for sheet in sheets for form in sheet.forms])).pages
    assert [wrong(sheet, page) for sheet, page in zip(sheets, pages, strict=True)] == [[], [], []]


def test_a_text_layer_that_hides_its_characters_is_no_text(without_engines: None) -> None:
    sheet = invoices.make(1, 'long')
    pdf = pikepdf.open(io.BytesIO(as_pdf(sheet.forms)))
    for part in pdf.objects:
        if isinstance(part, pikepdf.Dictionary) and '/ToUnicode' in part:
            del part['/ToUnicode']
    out = io.BytesIO()
    pdf.save(out)
    page = read(out.getvalue()).pages[0]
    assert page.text == ''
    assert set(page.fields) <= {'invoice_number', 'issue_date', 'total'}  # the code says them
    assert page.kind is DocumentKind.DIGITAL_SPECIAL


def test_a_name_with_a_character_that_the_file_does_not_tell_is_not_believed(without_engines: None) -> None:
    sheet = invoices.make(1, 'freight')
    name = sheet.truth['buyer_name']
    for form in sheet.forms:
        form.texts = [(x, y, words.replace(name, '云州市\ue123安有限公司'), *rest) for x, y, words, *rest in form.texts]
    page = read(as_pdf(sheet.forms)).pages[0]
    assert 'buyer_name' not in page.fields or not page.fields['buyer_name'].sure
    assert page.fields['seller_name'].sure


def test_radicals_become_the_characters_that_they_look_like() -> None:
    sheet = invoices.make(1, 'freight')
    for form in sheet.forms:
        form.texts = [(x, y, words.translate(RADICALS), *rest) for x, y, words, *rest in form.texts]
    page = read(as_pdf(sheet.forms)).pages[0]
    assert wrong(sheet, page) == []
