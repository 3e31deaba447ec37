"""Hospitals' papers as a person confirmed them: counted once in the office, kept with all their fields, taken back."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from claimdesk.errors import InvalidInput
from claimdesk.models import Database, LossItem
from claimdesk.papers import medical, press
from claimdesk.services.documents import Documents, DocumentView, NewFile
from claimdesk.services.filing import Filing
from claimdesk.services.invoices import Confirmed, Invoices
from claimdesk.services.office_generator.morning_post import AtOnce
from claimdesk.services.reading import Readings
from claimdesk.vocabulary import DocumentKind, LossKind
from tests.services.paper_office import PaperOffice, paper_office, pdf

FIELDS = {
    'receipt_code': '33060122', 'receipt_number': '0012345678', 'check_code': 'a1b2c3', 'issue_date': '2026-03-01',
    'patient_name': '张三', 'hospital_name': '云岭市第一人民医院', 'visit_date': '2026-03-01', 'total': '¥100',
    'insurance_fund_paid': '70.00', 'cash_paid': '30.00',
}  # fmt: skip
ITEMS = [{'name': '阿莫西林胶囊', 'quantity': '2', 'unit': '盒', 'amount': '100.00', 'medical_class': '甲'}]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def invoices(office: PaperOffice) -> Invoices:
    return Invoices(office.context)


def paper(office: PaperOffice, text: str) -> DocumentView:
    return Documents(office.context).add(office.clerk, [NewFile(f'{text}.pdf', pdf(text))], None, text)[0]


def confirm(office: PaperOffice, text: str, loss: LossKind | None = None, **changes: str) -> Confirmed:
    view = paper(office, text)
    return Invoices(office.context).confirm(
        office.clerk, view.id, view.version, office.case_id, DocumentKind.MEDICAL_OUTPATIENT, FIELDS | changes, ITEMS,
        loss_kind=loss,
    )  # fmt: skip


def test_a_receipt_is_kept_like_an_invoice_with_all_its_fields(office: PaperOffice, invoices: Invoices) -> None:
    done = confirm(office, 'a', LossKind.MEDICAL)
    (kept,) = invoices.of_case(office.clerk, office.case_id)
    assert (kept.code, kept.number, kept.total) == ('33060122', '0012345678', Decimal('100.00'))
    assert (kept.buyer_name, kept.seller_name) == ('张三', '云岭市第一人民医院')
    assert kept.lines[0].medical_class == '甲'
    assert Documents(office.context).get(office.clerk, done.document.id).fields == FIELDS | {'total': '100.00'}
    with office.context.database.read() as session:
        item = session.scalars(select(LossItem)).one()
        assert (item.kind, item.claimed, item.name) == (LossKind.MEDICAL, Decimal('100.00'), '云岭市第一人民医院')


def test_the_same_receipt_is_refused_a_second_time(office: PaperOffice) -> None:
    confirm(office, 'a')
    with pytest.raises(InvalidInput) as refused:
        confirm(office, 'b')
    assert 'already used' in refused.value.sentence
    confirm(office, 'c', receipt_code='44060122')


def test_paper_receipts_without_a_code_are_told_apart_by_their_hospital(office: PaperOffice) -> None:
    confirm(office, 'a', receipt_code='')
    done = confirm(office, 'b', receipt_code='', receipt_number='0012345679')
    assert done.invoice is not None


@pytest.mark.parametrize(
    ('field', 'value'),
    [('receipt_number', ''), ('receipt_code', '12A'), ('issue_date', '2099-01-01'), ('total', ''), ('total', 'abc'),
     ('cash_paid', '1.005'), ('visit_date', 'yesterday'), ('hospital_name', '长' * 121)],
)  # fmt: skip
def test_a_wrong_field_is_named(office: PaperOffice, invoices: Invoices, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        confirm(office, 'a', **{field: value})
    assert list(refused.value.fields) == [field]
    assert invoices.of_case(office.clerk, office.case_id) == []


def test_taking_it_back_leaves_nothing(office: PaperOffice, invoices: Invoices) -> None:
    done = confirm(office, 'a', LossKind.MEDICAL)
    view = invoices.unconfirm(office.clerk, done.document.id, done.document.version)
    assert view.fields == {}
    assert invoices.of_case(office.clerk, office.case_id) == []
    with office.context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LossItem)) == 0


def test_a_list_keeps_its_fields_without_being_counted(office: PaperOffice, invoices: Invoices) -> None:
    view = paper(office, 'a')
    fields = {'patient_name': '张三', 'total': '100', 'admission_date': '2026-02-01', 'unknown': 'x'}
    done = invoices.confirm_other(
        office.clerk, view.id, view.version, office.case_id, DocumentKind.MEDICAL_LIST, fields=fields
    )
    assert done.document.fields == {'patient_name': '张三', 'total': '100.00', 'admission_date': '2026-02-01'}
    assert invoices.of_case(office.clerk, office.case_id) == []


def test_a_receipt_is_offered_as_a_medical_expense(office: PaperOffice) -> None:
    wanted = Filing(office.context).wanted(office.clerk, office.case_id, DocumentKind.MEDICAL_OUTPATIENT)
    assert wanted.loss is LossKind.MEDICAL
    assert Filing(office.context).wanted(office.clerk, office.case_id, DocumentKind.DIGITAL_NORMAL).loss is None


def test_a_list_that_explains_a_receipt_does_not_double_its_lines(office: PaperOffice) -> None:
    receipt = medical.make(1, DocumentKind.MEDICAL_INPATIENT, 'electronic')
    listed = medical.make(1, DocumentKind.MEDICAL_LIST, 'list')
    content = press.as_pdf([*medical.forms_of(receipt), *medical.forms_of(listed)])
    (view,) = Documents(office.context).add(office.clerk, [NewFile('both.pdf', content)], None, 'both')
    reading = Readings(office.context, AtOnce).read(office.clerk, view.id)
    assert reading.kind is DocumentKind.MEDICAL_INPATIENT
    assert [item['amount'] for item in reading.items] == [f'{line.amount:.2f}' for line in receipt.lines]
    assert reading.values()['receipt_number'] == receipt.number
