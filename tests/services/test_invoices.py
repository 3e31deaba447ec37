"""Confirming invoices: one save with all that follows, and no invoice used twice; on both databases."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotAllowed
from claimdesk.models import Case, CaseEvent, Database, Invoice, LossItem
from claimdesk.rules.clocks import EventKind
from claimdesk.services.checklist import Checklist
from claimdesk.services.documents import Documents, DocumentView, NewFile
from claimdesk.services.findings import Health
from claimdesk.services.invoices import Confirmed, Invoices
from claimdesk.services.notices import Notices
from claimdesk.services.rows_check import check_all_rows
from claimdesk.services.timeline import Timelines
from claimdesk.vocabulary import ChecklistState, DocumentKind, DocumentState, LossKind
from tests.services.paper_office import PaperOffice, paper_office, pdf

FIELDS = {
    'invoice_number': '26322000000318472913',
    'issue_date': '2026-02-27',
    'buyer_name': '陆景行',
    'seller_name': '苏州测试汽车维修有限公司',
    'amount': '1,000.00',
    'tax': '130.00',
    'total': '¥1130.00',
}
ITEMS = [
    {'name': '前保险杠', 'quantity': '1', 'unit_price': '1000', 'amount': '1000.00', 'tax_rate': '13%', 'tax': '130.00'}
]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def invoices(office: PaperOffice) -> Invoices:
    return Invoices(office.context)


def paper(office: PaperOffice, text: str, case_id: int | None = None) -> DocumentView:
    return Documents(office.context).add(office.clerk, [NewFile(f'{text}.pdf', pdf(text))], case_id, text)[0]


def confirm(office: PaperOffice, view: DocumentView, case_id: int | None = None, **changes: object) -> Confirmed:
    fields = FIELDS | {name: value for name, value in changes.items() if name in FIELDS or name == 'invoice_code'}
    options = {name: value for name, value in changes.items() if name not in fields}
    kind = options.pop('kind', DocumentKind.DIGITAL_NORMAL)
    return Invoices(office.context).confirm(
        office.clerk, view.id, view.version, case_id or office.case_id, kind, fields, ITEMS, **options
    )


def events(office: PaperOffice) -> list[tuple[str, dt.datetime]]:
    with office.context.database.read() as session:
        rows = session.execute(
            select(CaseEvent.kind, CaseEvent.happened_at)
            .where(CaseEvent.case_id == office.case_id, CaseEvent.voided.is_(False))
            .order_by(CaseEvent.id)
        )
        return [(kind, at) for kind, at in rows]


def test_an_invoice_is_kept_with_its_lines_and_money(office: PaperOffice, invoices: Invoices) -> None:
    done = confirm(office, paper(office, 'a'), loss_kind=LossKind.PARTS)
    (kept,) = invoices.of_case(office.clerk, office.case_id)
    assert kept == done.invoice == invoices.of_document(office.clerk, done.document.id)
    assert (kept.amount, kept.tax, kept.total) == (Decimal('1000.00'), Decimal('130.00'), Decimal('1130.00'))
    assert kept.issue_date == dt.date(2026, 2, 27)
    assert [(line.name, line.amount, line.tax_rate) for line in kept.lines] == [('前保险杠', Decimal('1000.00'), '13%')]
    assert (done.document.state, done.document.case_number) == (DocumentState.CONFIRMED, office.case_number)
    with office.context.database.read() as session:
        item = session.get_one(LossItem, done.loss_item_id)
        assert (item.claimed, item.document_id, item.confirmed) == (Decimal('1130.00'), done.document.id, None)


def test_confirming_ticks_the_checklist_and_starts_the_claim_when_the_paper_came(
    office: PaperOffice, invoices: Invoices
) -> None:
    came = office.watch.forward(days=1)
    view = paper(office, 'a')
    office.watch.forward(days=2)
    done = confirm(office, view)
    assert done.ticked
    ticked = next(
        item for item in Checklist(office.context).of_case(office.clerk, office.case_id) if item.code == done.ticked
    )
    assert ticked.state is ChecklistState.RECEIVED
    assert (EventKind.CLAIM_RECEIVED.value, came) in events(office)
    with office.context.database.read() as session:
        case = session.get_one(Case, office.case_id)
        assert case.last_activity_at == office.watch()


@pytest.mark.parametrize(
    ('field', 'value'),
    [
        ('invoice_number', '123'),
        ('invoice_number', ''),
        ('issue_date', '2026-02-30'),
        ('issue_date', '2027-01-01'),
        ('issue_date', '1980-01-01'),
        ('total', 'abc'),
        ('total', ''),
        ('total', '1.005'),
        ('total', 'NaN'),
        ('seller_name', '长' * 121),
        ('invoice_code', '12'),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_kept(
    office: PaperOffice, invoices: Invoices, field: str, value: str
) -> None:
    view = paper(office, 'a')
    with pytest.raises(InvalidInput) as caught:
        confirm(office, view, **{field: value})
    assert set(caught.value.fields) == {field}
    assert invoices.of_case(office.clerk, office.case_id) == []
    assert Documents(office.context).get(office.clerk, view.id).state is DocumentState.WAITING


def test_an_old_invoice_needs_its_code(office: PaperOffice) -> None:
    view = paper(office, 'a')
    with pytest.raises(InvalidInput) as caught:
        confirm(office, view, kind=DocumentKind.VAT_NORMAL, invoice_number='12345678')
    assert set(caught.value.fields) == {'invoice_code'}
    done = confirm(
        office, view, kind=DocumentKind.VAT_NORMAL, invoice_number='12345678', invoice_code='032001900211'
    )
    assert done.invoice is not None
    assert done.invoice.code == '032001900211'


def test_the_same_number_in_another_case_is_refused_with_its_place(office: PaperOffice, invoices: Invoices) -> None:
    confirm(office, paper(office, 'a'))
    other_id, _number = office.register('second')
    again = paper(office, 'b')
    with pytest.raises(InvalidInput) as caught:
        confirm(office, again, other_id)
    assert office.case_number in caught.value.fields['invoice_number']
    found = invoices.duplicates(office.clerk, FIELDS, (), again.id)
    assert [(one.kind, one.blocking, one.case_number) for one in found] == [('number', True, office.case_number)]


def test_a_second_copy_is_kept_with_a_reason_and_the_right(office: PaperOffice, invoices: Invoices) -> None:
    confirm(office, paper(office, 'a'))
    view = paper(office, 'b')
    done = confirm(office, view, duplicate_reason='原件与存根联都要留存')
    assert done.invoice is not None
    assert done.invoice.duplicate_reason == '原件与存根联都要留存'
    third = paper(office, 'c')
    with pytest.raises(InvalidInput):
        confirm(office, third)


def test_the_same_file_in_another_case_is_refused(office: PaperOffice) -> None:
    confirm(office, paper(office, 'a'))
    other_id, _number = office.register('second')
    again = Documents(office.context).add(office.clerk, [NewFile('copy.pdf', pdf('a'))], other_id, 'again')[0]
    with pytest.raises(InvalidInput, match='same file'):
        confirm(office, again, other_id, invoice_number='26322000000318470000')


def test_same_seller_date_and_total_only_warns(office: PaperOffice) -> None:
    confirm(office, paper(office, 'a'))
    done = confirm(office, paper(office, 'b'), invoice_number='26322000000318470000')
    assert [(one.kind, one.blocking) for one in done.warnings] == [('similar', False)]


def test_two_desks_confirming_the_same_invoice_at_once_keep_it_once(office: PaperOffice) -> None:
    papers = [paper(office, name) for name in ('a', 'b')]

    def attempt(view: DocumentView) -> str:
        try:
            confirm(office, view)
        except ClaimDeskError as error:
            return type(error).__name__ if error.sentence else 'silent'
        return 'kept'

    for _round in range(4):
        with ThreadPoolExecutor(2) as desks:
            outcomes = sorted(desks.map(attempt, papers))
        assert outcomes in (['InvalidInput', 'kept'], ['Conflict', 'kept'])
        with office.context.database.read() as session:
            assert session.scalar(select(func.count()).select_from(Invoice)) == 1
        now = [Documents(office.context).get(office.clerk, view.id) for view in papers]
        kept = next(view for view in now if view.state is DocumentState.CONFIRMED)
        Invoices(office.context).unconfirm(office.clerk, kept.id, kept.version)
        papers = [Documents(office.context).get(office.clerk, view.id) for view in papers]


def test_taking_a_confirmation_back_undoes_all_of_it(office: PaperOffice, invoices: Invoices) -> None:
    before = missing(office)
    done = confirm(office, paper(office, 'a'), loss_kind=LossKind.PARTS)
    view = invoices.unconfirm(office.clerk, done.document.id, done.document.version)
    assert view.state is DocumentState.TO_CHECK
    assert invoices.of_case(office.clerk, office.case_id) == []
    assert missing(office) == before
    with office.context.database.read() as session:
        assert session.scalar(select(func.count()).select_from(LossItem)) == 0
    confirm(office, view)


def test_lines_of_an_invoice_are_told_on_its_case(office: PaperOffice, invoices: Invoices) -> None:
    timelines = Timelines(office.context)

    def told() -> list[str]:
        return [line for entry in timelines.of_case(office.clerk, office.case_id) for line in entry.details]

    done = confirm(office, paper(office, 'a'))
    assert 'Line of an invoice: 前保险杠, 1, 1,000.00' in told()
    invoices.unconfirm(office.clerk, done.document.id, done.document.version)
    assert 'Removed: Line of an invoice · 前保险杠, 1, 1,000.00' in told()
    with office.context.database.read() as session:
        assert not [one for one in check_all_rows(session) if one.health is Health.BROKEN]


def missing(office: PaperOffice) -> int:
    with office.context.database.read() as session:
        return session.get_one(Case, office.case_id).missing_documents


def test_a_settled_loss_item_holds_its_invoice(office: PaperOffice, invoices: Invoices) -> None:
    done = confirm(office, paper(office, 'a'), loss_kind=LossKind.PARTS)
    with office.context.database.write('test') as session:
        session.get_one(LossItem, done.loss_item_id).confirmed = Decimal(900)
    with pytest.raises(InvalidInput, match='settled'):
        invoices.unconfirm(office.clerk, done.document.id, done.document.version)
    assert len(invoices.of_case(office.clerk, office.case_id)) == 1


def test_papers_after_a_notice_end_its_pause(office: PaperOffice) -> None:
    with office.context.database.read() as session:
        version = session.get_one(Case, office.case_id).version
    Notices(office.context).send(office.clerk, office.case_id, version, office.watch.forward(hours=2))
    came = office.watch.forward(days=3)
    confirm(office, paper(office, 'a'))
    assert (EventKind.SUPPLEMENT_ARRIVED.value, came) in events(office)


def test_another_paper_is_confirmed_under_its_own_name(office: PaperOffice, invoices: Invoices) -> None:
    view = paper(office, 'a')
    done = invoices.confirm_other(
        office.clerk, view.id, view.version, office.case_id, DocumentKind.PHOTO, '现场照片'
    )
    assert (done.document.title, done.document.state, done.invoice) == ('现场照片', DocumentState.CONFIRMED, None)
    with pytest.raises(InvalidInput, match='already'):
        invoices.confirm_other(
            office.clerk, view.id, done.document.version, office.case_id, DocumentKind.PHOTO
        )


def test_older_versions_and_missing_rights_are_refused(office: PaperOffice, invoices: Invoices) -> None:
    view = paper(office, 'a')
    renamed = Documents(office.context).set_title(office.clerk, view.id, view.version, '新名')
    with pytest.raises(Conflict):
        confirm(office, view)
    with pytest.raises(NotAllowed):
        invoices.confirm(
            office.auditor, renamed.id, renamed.version, office.case_id, DocumentKind.DIGITAL_NORMAL, FIELDS
        )
