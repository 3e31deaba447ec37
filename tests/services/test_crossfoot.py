"""Papers summed by kind beside the loss, and what of them counts in a calculation; on both databases."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput
from claimdesk.models import Database
from claimdesk.services.assessment import Assessments
from claimdesk.services.crossfoot import CrossFoot, CrossFoots
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Confirmed, Invoices
from claimdesk.services.paper_worth import PARTLY, REMOVED, REVERSED, SECOND_COPY, UNCONFIRMED, refuse_unfit, worth_of
from claimdesk.vocabulary import DocumentKind, LossKind
from tests.services.paper_office import PaperOffice, paper_office, pdf
from tests.services.test_duplicates import BLUE, HOSPITAL, RED, TAXI

D = Decimal
SPLIT = {'insurance_fund_paid': '70.00', 'cash_paid': '30.00', 'own_expense': '12.00'}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def confirm(
    office: PaperOffice, name: str, kind: DocumentKind, fields: dict[str, str], loss: LossKind | None = None,
    reason: str = '', case_id: int = 0,
) -> Confirmed:  # fmt: skip
    (view,) = Documents(office.context).add(office.clerk, [NewFile(f'{name}.pdf', pdf(name))], None, name)
    return Invoices(office.context).confirm(
        office.clerk, view.id, view.version, case_id or office.case_id, kind, fields, (), reason, loss_kind=loss
    )


def sums(office: PaperOffice) -> CrossFoot:
    return CrossFoots(office.context).of_case(office.clerk, office.case_id)


def problems(office: PaperOffice, *documents: int) -> list[str]:
    with office.context.database.read() as session:
        return [one.problem for one in worth_of(session, documents).values()]


def test_papers_are_summed_by_kind_with_what_the_fund_bore(office: PaperOffice) -> None:
    first = confirm(office, 'a', DocumentKind.MEDICAL_OUTPATIENT, HOSPITAL | SPLIT, LossKind.MEDICAL)
    confirm(office, 'b', DocumentKind.MEDICAL_OUTPATIENT, HOSPITAL | {'receipt_number': '0012345699', 'total': '50'})
    confirm(office, 'c', DocumentKind.TAXI_RECEIPT, TAXI, LossKind.TRAVEL)
    assessment = Assessments(office.context)
    assessment.add(office.clerk, office.case_id, LossKind.NUTRITION, '营养费', D(300))
    assessment.add(office.clerk, office.case_id, LossKind.SALVAGE, '残值', D(80), D(80))
    found = sums(office)
    medical, taxi = found.kinds
    assert (medical.kind, medical.count, medical.counts, medical.claimed) == (
        DocumentKind.MEDICAL_OUTPATIENT, 2, D('150.00'), D('100.00'),
    )  # fmt: skip
    assert (medical.fund, medical.own_expense) == (D('70.00'), D('12.00'))
    assert (taxi.fund, taxi.counts, taxi.claimed, taxi.confirmed) == (None, D('36.50'), D('36.50'), D(0))
    assert (found.counts, found.claimed, found.unclaimed) == (D('186.50'), D('136.50'), D('50.00'))
    assert (found.loose_items, found.loose_claimed) == (1, D('300.00'))
    line = medical.papers[0]
    assert (line.document_id, line.items, line.page, line.field) == (first.document.id, 1, 1, 'total')


def test_what_is_not_confirmed_is_shown_and_does_not_count(office: PaperOffice) -> None:
    done = confirm(office, 'a', DocumentKind.TAXI_RECEIPT, TAXI)
    back = Invoices(office.context).unconfirm(office.clerk, done.document.id, done.document.version)
    (kind,) = sums(office).kinds
    assert (kind.count, kind.counts, kind.papers[0].worth.problem) == (0, D(0), UNCONFIRMED)
    Assessments(office.context).add(office.clerk, office.case_id, LossKind.TRAVEL, '出租车', D(30), D(30), back.id)
    Documents(office.context).remove(office.clerk, back.id, back.version)
    (kind,) = sums(office).kinds
    assert (kind.papers[0].worth.problem, kind.confirmed, kind.counts) == (REMOVED, D(30), D(0))


def test_a_second_copy_in_the_same_case_counts_once_in_another_case_on_its_own(office: PaperOffice) -> None:
    first = confirm(office, 'a', DocumentKind.DIGITAL_NORMAL, BLUE)
    second = confirm(office, 'b', DocumentKind.DIGITAL_NORMAL, BLUE, reason='both forms are kept')
    other, _number = office.register('second')
    third = confirm(office, 'c', DocumentKind.DIGITAL_NORMAL, BLUE, reason='shared', case_id=other)
    documents = [one.document.id for one in (first, second, third)]
    assert problems(office, *documents) == ['', SECOND_COPY, '']
    assert sums(office).counts == D('1130.00')


def test_an_invoice_that_was_taken_back_is_not_paid(office: PaperOffice) -> None:
    blue = confirm(office, 'blue', DocumentKind.DIGITAL_NORMAL, BLUE, LossKind.PARTS)
    other, _number = office.register('second')
    part = RED | {'amount': '-100.00', 'tax': '-13.00', 'total': '-113.00'}
    red = confirm(office, 'red', DocumentKind.DIGITAL_NORMAL, part, case_id=other)
    assert problems(office, blue.document.id) == [PARTLY]
    assert sums(office).counts == D('1017.00')
    with office.context.database.read() as session:
        refuse_unfit(session, {blue.document.id: D('1017.00')})
        with pytest.raises(InvalidInput, match='lost its worth'):
            refuse_unfit(session, {blue.document.id: D('1017.01')})
    Invoices(office.context).unconfirm(office.clerk, red.document.id, red.document.version)
    confirm(office, 'red again', DocumentKind.DIGITAL_NORMAL, RED, case_id=other)
    assert problems(office, blue.document.id) == [REVERSED]
    assert (sums(office).counts, sums(office).unclaimed) == (D(0), D('-1130.00'))


def test_a_case_without_paper_has_nothing_to_add(office: PaperOffice) -> None:
    assert sums(office) == CrossFoot(())
