"""The same paper in another form, in another case, at the same moment; credit notes and their invoices."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.models import Database, Invoice, PageLook
from claimdesk.ocr import FieldReading, FileReading, PageReading
from claimdesk.services.documents import Documents, DocumentView, NewFile
from claimdesk.services.duplicates import Duplicate
from claimdesk.services.identity import Numbered, identity_of, reversed_in, same_paper
from claimdesk.services.invoices import Confirmed, Invoices
from claimdesk.services.office_generator import printing
from claimdesk.services.page_looks import PageLooks
from claimdesk.services.reading import Readings
from claimdesk.vocabulary import DocumentKind, LossKind
from tests.ocr.conditions import CLEAN_DPI, CONDITIONS
from tests.ocr.paper import Invoice as Printed
from tests.ocr.paper import as_pdf, make, printed
from tests.services.paper_office import PaperOffice, paper_office, pdf

BLUE = {
    'invoice_number': '26322000000318472913', 'issue_date': '2026-02-20', 'buyer_name': '陆景行',
    'seller_name': '苏州测试汽车维修有限公司', 'amount': '1000.00', 'tax': '130.00', 'total': '1130.00',
}  # fmt: skip
RED = BLUE | {
    'invoice_number': '26322000000318479999', 'issue_date': '2026-02-25', 'amount': '-1000.00', 'tax': '-130.00',
    'total': '-1130.00', 'reversed_invoice': BLUE['invoice_number'],
}  # fmt: skip
TAXI = {'invoice_code': '132001912345', 'invoice_number': '00318472', 'issue_date': '2026-02-20', 'total': '36.50'}
TICKET = {'ticket_number': 'Z012345678', 'departure': '2026-02-20 08:15', 'total': '139.50', 'from_station': '苏州'}
RECEIPT = {'seller_name': '姑苏区便民药店', 'issue_date': '2026-02-20', 'total': '45.00'}
HOSPITAL = {
    'receipt_number': '0012345678', 'issue_date': '2026-02-20', 'patient_name': '陆景行',
    'hospital_name': '云岭市第一人民医院', 'total': '100.00',
}  # fmt: skip


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def take_in(office: PaperOffice, name: str, content: bytes | None = None) -> DocumentView:
    file = NewFile(f'{name}.pdf', content or pdf(name))
    return Documents(office.context).add(office.clerk, [file], None, name)[0]


def confirm(
    office: PaperOffice, name: str, kind: DocumentKind, fields: dict[str, str], case_id: int = 0, reason: str = '',
    loss: LossKind | None = None,
) -> Confirmed:  # fmt: skip
    view = take_in(office, name)
    return Invoices(office.context).confirm(
        office.clerk, view.id, view.version, case_id or office.case_id, kind, fields, (), reason, loss_kind=loss
    )


class Reads:
    """A reader that reads what it is told."""

    def __init__(self, *pages: PageReading) -> None:
        self._pages = pages

    def read(self, _content: bytes, name: str, **_options: object) -> FileReading:
        return FileReading(name, self._pages)

    def close(self) -> None:
        """Nothing to end."""


def read(office: PaperOffice, view: DocumentView, invoice: Printed, *, without: tuple[str, ...] = ()) -> None:
    """Read the document as the invoice says, sure of everything but what is left out."""
    fields = {
        name: FieldReading(name, value, 0.99, 'text') for name, value in invoice.truth().items() if name not in without
    }
    text = ' '.join(one.value for one in fields.values())
    page = PageReading(1, DocumentKind(invoice.kind), fields=fields, text=text)
    Readings(office.context, lambda: Reads(page)).read(office.clerk, view.id)


@pytest.mark.parametrize(
    ('kind', 'fields', 'changes'),
    [
        (DocumentKind.TAXI_RECEIPT, TAXI, {'invoice_number': '00318473'}),
        (DocumentKind.TRAIN_TICKET, TICKET, {'departure': '2026-02-21 08:15', 'total': '140.00'}),
        (DocumentKind.MEDICAL_OUTPATIENT, HOSPITAL, {'hospital_name': '云岭市中医院', 'total': '80.00'}),
    ],
)
def test_every_numbered_paper_is_counted_once(
    office: PaperOffice, kind: DocumentKind, fields: dict[str, str], changes: dict[str, str]
) -> None:
    confirm(office, 'a', kind, fields)
    other, _number = office.register('second')
    with pytest.raises(InvalidInput, match=office.case_number):
        confirm(office, 'b', kind, fields, other)
    assert confirm(office, 'c', kind, fields | changes, other).warnings == ()
    kept = confirm(office, 'd', kind, fields, other, 'shared between two cases').invoice
    assert kept is not None
    assert kept.duplicate_reason == 'shared between two cases'


def test_a_receipt_without_a_number_is_kept_and_remarked(office: PaperOffice) -> None:
    confirm(office, 'a', DocumentKind.RECEIPT, RECEIPT)
    done = confirm(office, 'b', DocumentKind.RECEIPT, RECEIPT)
    assert [(one.kind, one.blocking) for one in done.warnings] == [('similar', False)]
    with office.context.database.read() as session:
        identities = session.scalars(select(Invoice.identity).order_by(Invoice.id)).all()
    assert len(set(identities)) == 2


def test_another_patient_on_the_same_day_is_no_duplicate(office: PaperOffice) -> None:
    confirm(office, 'a', DocumentKind.MEDICAL_OUTPATIENT, HOSPITAL)
    other = HOSPITAL | {'receipt_number': '0012345679', 'patient_name': '沈知远'}
    assert confirm(office, 'b', DocumentKind.MEDICAL_OUTPATIENT, other).warnings == ()
    same = HOSPITAL | {'receipt_number': '0012345680'}
    assert [one.kind for one in confirm(office, 'c', DocumentKind.MEDICAL_OUTPATIENT, same).warnings] == ['similar']


@pytest.mark.parametrize(
    ('kind', 'fields'),
    [(DocumentKind.TAXI_RECEIPT, TAXI), (DocumentKind.TRAIN_TICKET, TICKET),
     (DocumentKind.MEDICAL_OUTPATIENT, HOSPITAL), (DocumentKind.DIGITAL_NORMAL, BLUE)],
)  # fmt: skip
def test_the_database_itself_refuses_a_second_one(
    office: PaperOffice, kind: DocumentKind, fields: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two desks with two cases have both looked and found nothing before either has saved."""
    views = [take_in(office, name) for name in ('a', 'b')]
    cases = [office.case_id, office.register('second')[0]]
    both_looked = threading.Barrier(2, timeout=20)
    sqlite = office.context.database.is_sqlite

    def nothing_found(*_arguments: object) -> list[object]:
        # On SQLite the second write begins when the first has ended; on PostgreSQL both are open here.
        if not sqlite:
            both_looked.wait()
        return []

    monkeypatch.setattr('claimdesk.services.invoices.find_duplicates', nothing_found)
    monkeypatch.setattr(Invoices, '_lost_race', lambda *_arguments: InvalidInput('the database refused it'))

    def attempt(view: DocumentView, case_id: int) -> str:
        try:
            Invoices(office.context).confirm(office.clerk, view.id, view.version, case_id, kind, fields)
        except ClaimDeskError as error:
            return error.sentence
        return 'kept'

    with ThreadPoolExecutor(2) as desks:
        outcomes = sorted(desks.map(attempt, views, cases))
    assert outcomes == ['kept', 'the database refused it']
    with office.context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Invoice)) == 1


def test_a_paper_that_asks_for_money_is_not_confirmed_uncounted(office: PaperOffice) -> None:
    view = take_in(office, 'a')
    with pytest.raises(InvalidInput, match='counted once'):
        Invoices(office.context).confirm_other(
            office.clerk, view.id, view.version, office.case_id, DocumentKind.TAXI_RECEIPT, fields=TAXI
        )


def test_a_scan_and_the_pdf_of_one_invoice_are_one_though_no_number_was_read(office: PaperOffice) -> None:
    invoice = make(5, 'digital_normal')
    first, scan = take_in(office, 'pdf', as_pdf(invoice)), take_in(office, 'scan', worn(invoice))
    read(office, first, invoice)
    read(office, scan, invoice, without=('invoice_number', 'check_code'))
    found = duplicates(office, scan)
    assert [(one.kind, one.document_id, one.blocking) for one in found] == [('page', first.id, False)]
    assert 'inbox' in found[0].sentence


def test_a_number_that_was_only_read_is_met_too_and_no_longer_when_it_is_read_otherwise(office: PaperOffice) -> None:
    invoice = make(5, 'vat_normal')
    first, second = take_in(office, 'pdf', as_pdf(invoice)), take_in(office, 'data', pdf('data'))
    for view in (first, second):
        read(office, view, invoice)
    (found,) = duplicates(office, second)
    assert (found.kind, found.blocking, found.document_id) == ('number', False, first.id)
    read(office, first, replace(invoice, number='00000001'))
    assert duplicates(office, second) == []


def test_another_invoice_on_the_same_form_is_none(office: PaperOffice) -> None:
    invoice = make(5, 'digital_normal')
    following = replace(invoice, number=str(int(invoice.number) + 1))
    first, scan = take_in(office, 'pdf', as_pdf(invoice)), take_in(office, 'scan', worn(following))
    read(office, first, invoice)
    read(office, scan, following)
    assert duplicates(office, scan) == []
    # What a person types counts as well: with the number cleared the page may be the same again.
    cleared = following.truth() | {'invoice_number': ''}
    assert [one.kind for one in duplicates(office, scan, cleared)] == ['page']


def test_pages_that_were_never_looked_at_are_looked_at_later(office: PaperOffice) -> None:
    invoice = make(5, 'vat_normal')
    first, second = take_in(office, 'pdf', as_pdf(invoice)), take_in(office, 'scan', worn(invoice))
    torn = take_in(office, 'torn', b'%PDF-1.7 torn')
    looks = PageLooks(office.context)
    assert (duplicates(office, second), looks.missing(office.clerk)) == ([], 3)
    assert looks.fill(office.clerk) == 3
    assert looks.missing(office.clerk) == 0
    assert looks.fill(office.clerk) == 0
    with office.context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PageLook).where(PageLook.bits.is_(None))) == 1
    assert duplicates(office, torn) == []
    # Nothing was read from either: the pages are too far apart to be the same by their looks alone.
    assert [one.document_id for one in duplicates(office, second)] in ([], [first.id])


def test_a_credit_note_is_tied_to_its_invoice_both_ways(office: PaperOffice) -> None:
    blue = confirm(office, 'blue', DocumentKind.DIGITAL_NORMAL, BLUE)
    other, number = office.register('second')
    red = confirm(office, 'red', DocumentKind.DIGITAL_NORMAL, RED, other)
    assert [one.kind for one in red.warnings] == ['reversal']
    assert office.case_number in red.warnings[0].sentence
    assert red.warnings[0].document_id == blue.document.id
    seen = duplicates(office, blue.document, BLUE)
    assert [(one.kind, one.document_id) for one in seen] == [('reversal', red.document.id)]
    assert number in seen[0].sentence
    assert '1,130.00' in seen[0].sentence


def test_a_credit_note_that_came_first_is_met_by_its_invoice(office: PaperOffice) -> None:
    red = confirm(office, 'red', DocumentKind.DIGITAL_NORMAL, RED)
    assert 'has not seen' in red.warnings[0].sentence
    blue = confirm(office, 'blue', DocumentKind.DIGITAL_NORMAL, BLUE)
    assert [(one.kind, one.document_id) for one in blue.warnings] == [('reversal', red.document.id)]


@pytest.mark.parametrize('wrong', ['123', '26322000000318472913-1', 'abc'])
def test_what_a_credit_note_names_is_checked(office: PaperOffice, wrong: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        confirm(office, 'red', DocumentKind.DIGITAL_NORMAL, RED | {'reversed_invoice': wrong})
    assert set(refused.value.fields) == {'reversed_invoice'}
    with pytest.raises(InvalidInput) as refused:
        confirm(office, 'blue', DocumentKind.DIGITAL_NORMAL, BLUE | {'reversed_invoice': RED['invoice_number']})
    assert set(refused.value.fields) == {'reversed_invoice'}


@pytest.mark.parametrize(
    ('remark', 'identity'),
    [
        ('对应正数发票代码:011001900211号码:12345678', '011001900211-12345678'),
        ('备注 对应正数发票代码：3200191130 号码：\n 12345678 开具红字', '3200191130-12345678'),
        ('被红冲蓝字数电票号码：24952000000110705036 红字发票信息确认单编号：', '24952000000110705036'),
        ('被红冲蓝字数电发票号码：24952000000110705036', '24952000000110705036'),
        ('红字发票信息表编号1100192000000', ''),
        ('订单号:65047079890', ''),
    ],
)
def test_remarks_of_credit_notes(remark: str, identity: str) -> None:
    assert reversed_in(remark) == identity


def test_the_reader_names_what_a_credit_note_takes_back(office: PaperOffice) -> None:
    view = take_in(office, 'red')
    page = PageReading(
        1, DocumentKind.DIGITAL_NORMAL, fields={'total': FieldReading('total', '-1130.00', 0.99, 'text')},
        text=f'备注 被红冲蓝字数电票号码：{BLUE["invoice_number"]}',
    )  # fmt: skip
    reading = Readings(office.context, lambda: Reads(page)).read(office.clerk, view.id)
    field = next(one for one in reading.fields if one.name == 'reversed_invoice')
    assert (field.value, field.status) == (BLUE['invoice_number'], 'check')


def test_when_two_numbers_are_one_paper() -> None:
    one = Numbered('', '123456', '甲医院', None, Decimal(5))
    assert identity_of('', '1' * 20, '甲') == '1' * 20
    assert len(identity_of('', '123456', '长' * 120)) <= 48
    assert identity_of('', '123456', '长' * 119 + '甲') != identity_of('', '123456', '长' * 119 + '乙')
    assert same_paper(one, replace(one, total=Decimal(6)))
    assert not same_paper(one, replace(one, maker='乙医院'))
    assert not same_paper(replace(one, code='1'), replace(one, code='2'))
    assert not same_paper(replace(one, number=''), replace(one, number=''))


def duplicates(office: PaperOffice, view: DocumentView, fields: dict[str, str] | None = None) -> list[Duplicate]:
    if fields is None:
        reading = Readings(office.context).latest(office.clerk, view.id)
        fields = reading.values() if reading else {}
    hashes = [page.sha256 for page in view.pages]
    return Invoices(office.context).duplicates(office.clerk, fields, hashes, view.id)


def worn(invoice: Printed) -> bytes:
    """The invoice as a scan at 150 dpi, pressed hard."""
    return CONDITIONS['150 dpi, q40'](printing.as_picture(printed(invoice), CLEAN_DPI), 3)
