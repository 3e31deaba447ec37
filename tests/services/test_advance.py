"""Paying part of a claim in advance: who asks, who signs, what is taken off in the end, and the way back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.workflow import Move
from claimdesk.services.calculation_view import CalculationView
from claimdesk.services.findings import Health
from claimdesk.vocabulary import ApprovalState, CalculationKind, Role, Stage
from tests.services.role_office import PASSWORD, RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.ADJUSTMENT)
    return made


def ask(office: RoleOffice, amount: str = '1000', role: Role = Role.ADJUSTER) -> CalculationView:
    return office.desk.advance.propose(
        office.people[role], office.case_id, office.case.version, D(amount), '车主等钱修车'
    )


def newest(office: RoleOffice) -> CalculationView:
    return office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)[0]


def approve(office: RoleOffice) -> CalculationView:
    view = newest(office)
    office.desk.sign_off.approve_advance(office.people[Role.APPROVER], view.id, view.version, PASSWORD)
    return newest(office)


def pay(office: RoleOffice, key: str = 'advance') -> Decimal:
    finance = office.people[Role.FINANCE]
    payment = office.desk.payment.prepare(
        finance, office.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901',
        request_key=key,
    )  # fmt: skip
    office.desk.payment.mark_paid(finance, payment.id, payment.version, f'REF-{key}')
    return payment.amount


def test_an_advance_is_asked_for_approved_paid_and_taken_off_in_the_end(office: RoleOffice) -> None:
    assert office.desk.advance.most(office.people[Role.AUDITOR], office.case_id) == D(2300)
    asked = ask(office)
    assert (asked.kind, asked.payable, asked.state) == (CalculationKind.ADVANCE, D(1000), ApprovalState.PENDING)
    assert approve(office).state is ApprovalState.APPROVED
    assert (pay(office), office.case.stage, office.case.paid_amount) == (D(1000), Stage.ADJUSTMENT, D(1000))
    office.bring_to(Stage.PAYMENT)
    final = newest(office)
    assert (final.payable, final.result.advanced, final.result.due) == (D(2300), D(1000), D(1300))
    assert pay(office, 'rest') == D(1300)
    assert office.case.paid_amount == D(2300)
    findings = office.desk.verify.case(office.people[Role.AUDITOR], office.case.number)
    assert [one.sentence for one in findings if one.health is Health.BROKEN] == []


def test_no_more_than_can_be_determined_less_what_is_paid(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        ask(office, '2300.01')
    assert set(refused.value.fields) == {'amount'}
    ask(office, '2000')
    approve(office)
    pay(office)
    assert office.desk.advance.most(office.people[Role.AUDITOR], office.case_id) == D(300)
    with pytest.raises(InvalidInput):
        ask(office, '300.01')


def test_before_anything_is_confirmed_the_reserve_is_the_bound(database: Database, tmp_path: Path) -> None:
    office = role_office(database, tmp_path)
    office.bring_to(Stage.SURVEY)
    assert office.desk.advance.most(office.people[Role.AUDITOR], office.case_id) == D(6000)
    assert ask(office, '6000').payable == D(6000)


def test_who_may_ask_and_who_may_approve(office: RoleOffice) -> None:
    for role in (Role.APPROVER, Role.FINANCE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            ask(office, role=role)
    view = ask(office)
    for role in (Role.ADJUSTER, Role.FINANCE):
        with pytest.raises(NotAllowed):
            office.desk.sign_off.approve_advance(office.people[role], view.id, view.version, PASSWORD)
    with pytest.raises(InvalidInput):
        office.desk.sign_off.approve_advance(office.people[Role.APPROVER], view.id, view.version, 'wrong')
    assert newest(office).state is ApprovalState.PENDING


def test_amount_and_reason_are_needed(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        office.desk.advance.propose(office.people[Role.ADJUSTER], office.case_id, office.case.version, D(0), ' ')
    assert set(refused.value.fields) == {'amount', 'reason'}


def test_the_claim_is_not_settled_over_an_advance_that_is_still_open(office: RoleOffice) -> None:
    ask(office)
    office.everything_here()
    with pytest.raises(InvalidInput, match='not paid yet'):
        office.calculate()
    with pytest.raises(InvalidInput, match='Another advance'):
        ask(office)


def test_a_returned_advance_stands_in_nobodys_way(office: RoleOffice) -> None:
    view = ask(office)
    office.desk.advance.give_back(office.people[Role.APPROVER], view.id, view.version, '先补发票')
    assert (newest(office).state, newest(office).reason) == (ApprovalState.RETURNED, '先补发票')
    office.everything_here()
    office.calculate()
    with pytest.raises(InvalidInput, match='nothing to reverse'):
        view = office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)[1]
        office.desk.advance.reverse(office.people[Role.ADJUSTER], view.id, view.version, '重复')


def test_it_is_reversed_before_payment_by_the_adjuster_and_then_not_paid(office: RoleOffice) -> None:
    ask(office)
    view = approve(office)
    reversed_one = office.desk.advance.reverse(office.people[Role.ADJUSTER], view.id, view.version, '客户不要了')
    assert reversed_one.reversed_at is not None
    with pytest.raises(InvalidInput, match='no approved amount'):
        pay(office)
    office.everything_here()
    office.calculate()
    assert newest(office).result.due == D(2300)


def test_it_is_reversed_after_payment_by_finance_when_the_money_came_back(office: RoleOffice) -> None:
    ask(office)
    approve(office)
    pay(office)
    view = newest(office)
    with pytest.raises(NotAllowed):
        office.desk.advance.reverse(office.people[Role.ADJUSTER], view.id, view.version, '退回')
    office.desk.advance.reverse(office.people[Role.FINANCE], view.id, view.version, '客户已退回')
    assert office.case.paid_amount == 0
    office.bring_to(Stage.PAYMENT)
    assert pay(office, 'whole') == D(2300)


def test_a_settled_claim_keeps_its_advance(office: RoleOffice) -> None:
    ask(office)
    approve(office)
    pay(office)
    view = newest(office)
    office.bring_to(Stage.APPROVAL)
    with pytest.raises(InvalidInput, match='settled with this advance'):
        office.desk.advance.reverse(office.people[Role.FINANCE], view.id, view.version, '退回')


def test_an_advance_larger_than_the_claim_is_owed_back(office: RoleOffice) -> None:
    ask(office, '2300')
    approve(office)
    pay(office)
    adjuster = office.people[Role.ADJUSTER]
    request = office.desk.adjustment.proposal(adjuster, office.case_id).request
    part = request.parts[0]
    less = replace(request, parts=(replace(part, inputs=replace(part.inputs, third_party_paid=D(500))),))
    saved = office.desk.adjustment.save(adjuster, office.case_id, office.case.version, less)
    assert (saved.payable, saved.result.due, saved.result.owed_back) == (D(1800), D(0), D(500))
    office.everything_here()
    office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    assert office.case.stage is Stage.APPROVAL


def test_both_sheets_print(office: RoleOffice) -> None:
    ask(office)
    approve(office)
    pay(office)
    office.bring_to(Stage.APPROVAL)
    for view in office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id):
        paper = office.desk.calculation_papers.paper(office.people[Role.AUDITOR], view.id)
        assert paper.part.payable == view.payable
        content = office.desk.calculation_papers.pdf(office.people[Role.AUDITOR], view.id)
        assert content.startswith(b'%PDF-')
