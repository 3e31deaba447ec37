"""Reading documents and keeping what was read; recorded engine output in most tests, real paper in the last."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from claimdesk.errors import Cancelled, NotAllowed, NotFound
from claimdesk.models import Database
from claimdesk.ocr import Box, Check, FieldReading, FileReading, ItemReading, PageReading
from claimdesk.services.documents import Documents, DocumentView, NewFile, PageEdit
from claimdesk.services.invoices import Invoices
from claimdesk.services.known_companies import MOST
from claimdesk.services.reading import Readings, read_files
from claimdesk.services.reading_view import FieldView, ReadingView
from claimdesk.vocabulary import DocumentKind, DocumentState
from tests.services.paper_office import PaperOffice, paper_office, pdf

PAGE = PageReading(
    page=1,
    kind=DocumentKind.DIGITAL_NORMAL,
    fields={
        'total': FieldReading('total', '1130.00', 0.99, 'text_layer', Box(0.7, 0.6, 0.2, 0.03)),
        'seller_name': FieldReading(
            'seller_name', '测试维修', 0.8, 'rapid', None, ('测试维侈',), 'Two readers differ.'
        ),
        'buyer_name': FieldReading('buyer_name', '陆景行', 0.6, 'rapid', None, (), 'Only one source.'),
        'invoice_number': FieldReading('invoice_number', '26322000000318472913', 1.0, 'qr'),
    },
    items=(ItemReading(name='前保险杠', amount='1000.00'),),
    items_confidence=0.7,
    checks=(Check('amount_tax_total', False, '1000.00 + 130.00 = 1130.00', ('amount', 'tax', 'total')),),
    text='电子发票',
)


class RecordedPool:
    """Answers with what an engine once said, and remembers what it was asked."""

    def __init__(self, answer: FileReading) -> None:
        self.answer = answer
        self.asked: list[bytes] = []
        self.warmed = self.closed = False

    def warm(self) -> None:
        self.warmed = True

    def read(self, source: bytes, **options: Any) -> FileReading:
        options['progress'](0, 1, 'reading')
        self.asked.append(source)
        return replace(self.answer, file=options['name'])

    def reread(self, source: bytes, page: int, box: Any, field: str, *, rotation: int = 0) -> FieldReading:
        self.asked.append(source)
        return FieldReading(field, f'{page}/{rotation}', 0.97, 'reread', Box(*box))

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def add(office: PaperOffice, *pages: str) -> DocumentView:
    return Documents(office.context).add(office.clerk, [NewFile('a.pdf', pdf(*pages))], None, 'key')[0]


def readings(office: PaperOffice, *pages: PageReading, error: str | None = None) -> tuple[Readings, RecordedPool]:
    pool = RecordedPool(FileReading('', pages, error))
    return Readings(office.context, lambda: pool), pool


def test_a_reading_is_kept_and_the_document_waits_to_be_checked(office: PaperOffice) -> None:
    view = add(office, 'one')
    desk, pool = readings(office, PAGE)
    read = desk.read(office.clerk, view.id)
    assert pool.asked == [pdf('one')]
    assert desk.latest(office.clerk, view.id) == read
    assert (read.kind, read.values()['total']) == (DocumentKind.DIGITAL_NORMAL, '1130.00')
    assert read.items == (ItemReading(name='前保险杠', amount='1000.00').to_json(),)
    assert [(check.name, check.ok, check.fields) for check in read.checks] == [
        ('amount_tax_total', False, ('amount', 'tax', 'total'))
    ]
    now = Documents(office.context).get(office.clerk, view.id)
    assert (now.state, now.kind) == (DocumentState.TO_CHECK, DocumentKind.DIGITAL_NORMAL)
    assert read.document_version == now.version


def test_the_least_certain_field_comes_first_and_missing_ones_before_sure_ones(office: PaperOffice) -> None:
    view = add(office, 'one')
    read = readings(office, PAGE)[0].read(office.clerk, view.id)
    order = read.least_certain_first()
    assert [field.name for field in order[:2]] == ['buyer_name', 'seller_name']
    assert [field.status for field in order] == sorted(
        (field.status for field in order), key=['check', 'missing', 'sure'].index
    )
    assert 'invoice_code' not in read.values()
    assert {field.name for field in order if field.status == 'missing'} >= {'amount', 'issue_date'}
    total = next(field for field in order if field.name == 'total')
    assert (total.box, total.label, total.page) == ((0.7, 0.6, 0.2, 0.03), 'Total with tax', 0)


def test_a_document_that_cannot_be_read_says_why(office: PaperOffice) -> None:
    view = add(office, 'one')
    read = readings(office, error='The PDF is damaged.')[0].read(office.clerk, view.id)
    now = Documents(office.context).get(office.clerk, view.id)
    assert (read.problem, now.problem, now.state) == (
        'The PDF is damaged.',
        'The PDF is damaged.',
        DocumentState.UNREADABLE,
    )


def test_a_document_that_lost_one_page_is_checked_with_what_was_read(office: PaperOffice) -> None:
    view = add(office, 'one', 'two')
    read = readings(office, PAGE, error='Page 2: The reader stopped unexpectedly.')[0].read(office.clerk, view.id)
    now = Documents(office.context).get(office.clerk, view.id)
    assert (now.state, now.problem) == (DocumentState.TO_CHECK, 'Page 2: The reader stopped unexpectedly.')
    assert (read.values()['total'], read.problem) == ('1130.00', 'Page 2: The reader stopped unexpectedly.')


def test_a_page_on_its_side_is_turned_upright(office: PaperOffice) -> None:
    view = add(office, 'one')
    desk, _pool = readings(office, replace(PAGE, rotation=90))
    desk.read(office.clerk, view.id)
    assert Documents(office.context).get(office.clerk, view.id).pages[0].rotation == 90
    assert desk.latest(office.clerk, view.id) is not None


def test_changed_pages_are_read_as_they_stand_and_the_old_reading_is_dropped(office: PaperOffice) -> None:
    view = add(office, 'one', 'two')
    desk, pool = readings(office, PAGE)
    desk.read(office.clerk, view.id)
    view = Documents(office.context).get(office.clerk, view.id)
    Documents(office.context).set_pages(
        office.clerk, view.id, view.version, [PageEdit(view.pages[1].sha256, 1, 180)]
    )
    assert desk.latest(office.clerk, view.id) is None
    desk.read(office.clerk, view.id)
    assert pool.asked[1] != pool.asked[0]
    assert pool.asked[1].startswith(b'%PDF')
    assert desk.latest(office.clerk, view.id) is not None


def test_a_place_is_read_again_on_the_page_as_it_stands(office: PaperOffice) -> None:
    view = add(office, 'one', 'two')
    view = Documents(office.context).set_pages(
        office.clerk, view.id, view.version, [PageEdit(view.pages[1].sha256, 1, 180)]
    )
    desk, _pool = readings(office, PAGE)
    again = desk.reread(office.clerk, view.id, 0, (0.1, 0.2, 0.3, 0.4), 'total')
    assert (again.value, again.status, again.box) == ('2/180', 'sure', (0.1, 0.2, 0.3, 0.4))
    with pytest.raises(NotFound):
        desk.reread(office.clerk, view.id, 5, (0, 0, 1, 1), 'total')


def test_cancelled_reading_changes_nothing(office: PaperOffice) -> None:
    view = add(office, 'one')
    desk, _pool = readings(office, PAGE)

    def stop(done: int, total: int, sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        desk.read(office.clerk, view.id, stop)
    assert desk.latest(office.clerk, view.id) is None
    assert Documents(office.context).get(office.clerk, view.id).version == view.version


def test_the_pool_starts_when_wanted_and_is_closed(office: PaperOffice) -> None:
    desk, pool = readings(office, PAGE)
    desk.close()
    assert not pool.closed
    desk.warm()
    desk.close()
    assert (pool.warmed, pool.closed) == (True, True)


def test_an_auditor_reads_nothing_new(office: PaperOffice) -> None:
    view = add(office, 'one')
    desk, _pool = readings(office, PAGE)
    with pytest.raises(NotAllowed):
        desk.read(office.auditor, view.id)
    assert desk.latest(office.auditor, view.id) is None


@pytest.fixture
def torn(tmp_path: Path) -> Path:
    path = tmp_path / 'torn.pdf'
    path.write_bytes(pdf('one')[:150])
    return path


def test_files_are_read_in_order_and_a_torn_one_does_not_stop_the_others(samples: Path, torn: Path) -> None:
    papers = sorted((samples / 'einvoice').glob('*.pdf'))[:2]
    truth = json.loads((samples / 'truth.json').read_text())
    answers = list(read_files([papers[0], torn, papers[1]]))
    assert [answer['file'] for answer in answers] == [str(papers[0]), str(torn), str(papers[1])]
    assert [answer['error'] is None for answer in answers] == [True, False, True]
    for paper, answer in zip(papers, (answers[0], answers[2]), strict=True):
        page = answer['pages'][0]
        assert page['kind'] == truth[f'einvoice/{paper.name}']['kind']
        assert page['fields']['total']['value'] == truth[f'einvoice/{paper.name}']['fields']['total']


# -- several pages -------------------------------------------------------------------------------------------------


def numbered(page: int, number: str, **values: str) -> PageReading:
    """A page of the invoice with that number; each value stands in a box of its own."""
    box = Box(0.1, 0.2, 0.3, 0.04)
    fields = {name: FieldReading(name, value, 0.99, 'text_layer', box) for name, value in values.items()}
    fields['invoice_number'] = FieldReading('invoice_number', number, 0.99, 'qr')
    return replace(PAGE, page=page, fields=fields, items=(ItemReading(name=f'{number} {page}'),), checks=())


def test_an_invoice_of_two_pages_shows_each_field_where_it_stands(office: PaperOffice) -> None:
    view = add(office, 'one', 'two')
    first, last = numbered(1, '26322000000318470001'), numbered(2, '26322000000318470001', total='1130.00')
    first = replace(first, fields=first.fields | {'total': replace(last.fields['total'], box=None)})
    read = readings(office, first, last)[0].read(office.clerk, view.id)
    total = next(field for field in read.fields if field.name == 'total')
    assert (total.page, total.box) == (1, (0.1, 0.2, 0.3, 0.04))
    assert [item['name'] for item in read.items] == ['26322000000318470001 1', '26322000000318470001 2']
    assert read.checks == ()


def test_two_invoices_in_one_document_are_not_mixed_and_it_is_said(office: PaperOffice) -> None:
    view = add(office, 'one', 'two')
    first = numbered(1, '26322000000318470001', total='100.00')
    second = numbered(2, '26322000000318470002', total='900.00', seller_name='别家有限公司')
    read = readings(office, first, second)[0].read(office.clerk, view.id)
    assert (read.values()['total'], read.values()['seller_name']) == ('100.00', '')
    assert [item['name'] for item in read.items] == ['26322000000318470001 1']
    (check,) = read.checks
    assert (check.ok, check.fields) == (False, ('invoice_number',))
    assert '26322000000318470002' in check.detail


# -- what the office remembers --------------------------------------------------------------------------------------

NUMBER, NAME = '91510100MA6B7L2R7L', '苏州垚淼汽车维修有限公司'


def blurred(name: str, number: str = NUMBER) -> PageReading:
    """A page whose seller's number is sure and whose seller's name is not."""
    fields = {
        'seller_name': FieldReading('seller_name', name, 0.7, 'rapid', None, (), 'Only one source.'),
        'seller_tax_id': FieldReading('seller_tax_id', number, 0.97, 'rapid'),
    }
    return replace(PAGE, fields=PAGE.fields | fields)


def confirm_invoice(office: PaperOffice, text: str, number: str, **sides: str) -> DocumentView:
    view = Documents(office.context).add(office.clerk, [NewFile(f'{text}.pdf', pdf(text))], None, text)[0]
    fields = {'invoice_number': number, 'issue_date': '2026-02-27', 'total': '1130.00', 'seller_name': NAME} | sides
    return (
        Invoices(office.context)
        .confirm(office.clerk, view.id, view.version, office.case_id, DocumentKind.DIGITAL_NORMAL, fields, [])
        .document
    )


def seller_name(view: ReadingView) -> FieldView:
    return next(field for field in view.fields if field.name == 'seller_name')


def test_a_company_that_was_confirmed_once_is_known_the_next_time(office: PaperOffice) -> None:
    confirm_invoice(office, 'a', '26322000000318470001', seller_tax_id=NUMBER)
    desk, _pool = readings(office, blurred(NAME))
    name = seller_name(desk.read(office.clerk, add(office, 'one').id))
    assert (name.value, name.status, name.source) == (NAME, 'sure', 'rapid+memory')


def test_a_company_is_known_from_the_other_side_of_an_invoice(office: PaperOffice) -> None:
    sides = {'buyer_name': NAME, 'buyer_tax_id': NUMBER, 'seller_name': '别家有限公司'}
    confirm_invoice(office, 'a', '26322000000318470001', **sides)
    desk, _pool = readings(office, blurred('苏州圭淼汽车维修有限公司'))
    name = seller_name(desk.read(office.clerk, add(office, 'one').id))
    assert (name.value, name.status) == (NAME, 'check')
    assert '苏州圭淼汽车维修有限公司' in name.alternatives


def test_nothing_is_remembered_of_a_company_never_confirmed(office: PaperOffice) -> None:
    confirm_invoice(office, 'a', '26322000000318470001', seller_tax_id='91110105MA01Q7QUXU')
    desk, _pool = readings(office, blurred(NAME))
    assert seller_name(desk.read(office.clerk, add(office, 'one').id)).status == 'check'


def test_a_number_with_a_crowd_of_names_tells_nothing(office: PaperOffice) -> None:
    for place in range(MOST + 1):
        number = f'263220000003184700{place:02d}'
        confirm_invoice(office, f'a{place}', number, seller_tax_id=NUMBER, seller_name=f'苏州{place}号汽车维修有限公司')
    desk, _pool = readings(office, blurred('苏州7号汽车维修有限公司'))
    assert seller_name(desk.read(office.clerk, add(office, 'one').id)).status == 'check'
