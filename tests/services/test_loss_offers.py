"""What confirmed papers offer to the loss: as one item or line by line, once, on both databases."""

from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.models import Database
from claimdesk.services.assessment import Assessments
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Confirmed, Invoices
from claimdesk.services.loss_offers import LossOffer, LossOffers
from claimdesk.vocabulary import DocumentKind, LossKind
from tests.services.paper_office import PaperOffice, paper_office, pdf

PARTS = [
    {'name': '前保险杠', 'quantity': '1', 'unit_price': '1200.00', 'amount': '1200.00'},
    {'name': '喷漆', 'quantity': '2', 'unit_price': '150.00', 'amount': '300.00'},
]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def estimate(office: PaperOffice, total: str = '1500.00') -> Confirmed:
    view = Documents(office.context).add(office.clerk, [NewFile('a.pdf', pdf('a'))], None, 'a')[0]
    return Invoices(office.context).confirm_other(
        office.clerk, view.id, view.version, office.case_id, DocumentKind.REPAIR_ESTIMATE,
        fields={'seller_name': '沪东汽修', 'total': total}, items=PARTS,
    )  # fmt: skip


def offers(office: PaperOffice) -> list[LossOffer]:
    return LossOffers(office.context).of_case(office.clerk, office.case_id)


def test_the_lines_of_an_estimate_are_kept_and_offered_one_by_one(office: PaperOffice) -> None:
    done = estimate(office)
    assert [dict(line) for line in done.document.lines] == PARTS
    (offer,) = offers(office)
    assert (offer.total, offer.whole.claimed, offer.whole.kind) == (1500, 1500, LossKind.PARTS)
    bumper, paint = offer.lines
    assert (bumper.kind, bumper.claimed, bumper.detail.unit_price) == (LossKind.PARTS, 1200, Decimal('1200.00'))
    assert (paint.kind, paint.claimed, paint.detail.quantity) == (LossKind.LABOUR, 300, 2)
    added = Assessments(office.context).add_many(office.clerk, office.case_id, offer.lines)
    assert {line.document_id for line in added} == {done.document.id}
    assert offers(office) == []


def test_an_estimate_whose_lines_miss_its_total_is_offered_whole(office: PaperOffice) -> None:
    estimate(office, '1800.00')
    (offer,) = offers(office)
    assert (offer.whole.claimed, offer.lines) == (1800, ())


def test_a_confirmation_taken_back_takes_lines_and_offer_along(office: PaperOffice) -> None:
    done = estimate(office)
    view = Invoices(office.context).unconfirm(office.clerk, done.document.id, done.document.version)
    assert view.lines == ()
    assert offers(office) == []


def test_what_a_hospital_lists_is_a_medical_expense_in_a_motor_case_too(office: PaperOffice) -> None:
    view = Documents(office.context).add(office.clerk, [NewFile('a.pdf', pdf('a'))], None, 'list')[0]
    Invoices(office.context).confirm_other(
        office.clerk, view.id, view.version, office.case_id, DocumentKind.MEDICAL_LIST,
        fields={'total': '150.00'},
        items=[{'name': '卫生材料', 'amount': '50.00'}, {'name': 'X线检查', 'amount': '100.00'}],
    )  # fmt: skip
    (offer,) = offers(office)
    assert {one.kind for one in (offer.whole, *offer.lines)} == {LossKind.MEDICAL}
