"""Paying: once, whoever clicks how often on how many desks; masked accounts; returns; on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotAllowed
from claimdesk.models import AuditEntry, Database
from claimdesk.rules.workflow import Move
from claimdesk.services.payment import Payments, PaymentView
from claimdesk.vocabulary import PaymentState, Role, Stage
from tests.services.role_office import RoleOffice, role_office

PAYEE = {'payee_name': '欧阳', 'bank_name': '中国银行', 'account_number': '1234 5678 901'}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.PAYMENT)
    return made


def prepare(office: RoleOffice, key: str = 'one', **more: Any) -> PaymentView:
    return office.desk.payment.prepare(
        office.people[Role.FINANCE], office.case_id, **{**PAYEE, **more}, request_key=key
    )


def of_case(office: RoleOffice, role: Role = Role.FINANCE) -> list[PaymentView]:
    return office.desk.payment.of_case(office.people[role], office.case_id)


def test_the_approved_amount_is_prepared_and_paid(office: RoleOffice) -> None:
    payment = prepare(office)
    assert (payment.amount, payment.state, payment.account_number) == (
        Decimal(2300), PaymentState.PREPARED, '*******8901',
    )  # fmt: skip
    paid = office.desk.payment.mark_paid(office.people[Role.FINANCE], payment.id, payment.version, ' REF-9 ')
    assert (paid.state, paid.bank_reference, paid.paid_at) == (PaymentState.PAID, 'REF-9', office.watch())
    assert (office.case.paid_amount, office.case.paid_at) == (Decimal(2300), office.watch())


def test_the_same_click_twice_is_one_payment(office: RoleOffice) -> None:
    assert prepare(office, 'one').id == prepare(office, 'one').id
    assert len(of_case(office)) == 1


def test_another_click_is_refused_while_one_is_on_its_way(office: RoleOffice) -> None:
    prepare(office, 'one')
    with pytest.raises(InvalidInput, match='already on its way'):
        prepare(office, 'two')
    assert len(of_case(office)) == 1


@pytest.mark.parametrize('keys', [('same', 'same'), ('mine', 'yours')])
def test_two_desks_at_the_same_moment_make_one_payment(office: RoleOffice, keys: tuple[str, str]) -> None:
    database = office.desk.context.database
    others = [Database(database.url.render_as_string(hide_password=False), now=office.watch) for _key in keys]
    start, told = threading.Barrier(len(keys)), []

    def go(other: Database, key: str) -> None:
        desk = Payments(replace(office.desk.context, database=other))
        start.wait()
        try:
            told.append(desk.prepare(office.people[Role.FINANCE], office.case_id, **PAYEE, request_key=key).id)
        except ClaimDeskError as error:
            told.append(error)

    threads = [threading.Thread(target=go, args=pair) for pair in zip(others, keys, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    (payment,) = of_case(office)
    refused = [one for one in told if isinstance(one, ClaimDeskError)]
    assert told.count(payment.id) == 2 - len(refused)
    assert len(refused) == (0 if keys[0] == keys[1] else 1)
    assert all(isinstance(error, InvalidInput) for error in refused)


def test_two_desks_record_one_payment_once(office: RoleOffice) -> None:
    payment, finance = prepare(office), office.people[Role.FINANCE]
    office.desk.payment.mark_paid(finance, payment.id, payment.version, 'REF-1')
    with pytest.raises(Conflict):
        office.desk.payment.mark_paid(finance, payment.id, payment.version, 'REF-2')
    with pytest.raises(InvalidInput, match='already been settled'):
        office.desk.payment.mark_paid(finance, payment.id, payment.version + 1, 'REF-2')
    assert office.case.paid_amount == Decimal(2300)


def test_what_the_bank_returned_is_prepared_again(office: RoleOffice) -> None:
    first, finance = prepare(office), office.people[Role.FINANCE]
    with pytest.raises(InvalidInput, match='why'):
        office.desk.payment.mark_returned(finance, first.id, first.version, ' ')
    office.desk.payment.mark_returned(finance, first.id, first.version, '户名不符')
    second = prepare(office, 'two', account_number='98765432109', reason='户名不符')
    assert [(one.id, one.state, one.reason) for one in sorted(of_case(office), key=lambda one: one.id)] == [
        (first.id, PaymentState.RETURNED, '户名不符'),
        (second.id, PaymentState.PREPARED, ''),
    ]
    assert office.case.paid_amount == 0


def test_a_prepared_payment_is_taken_back(office: RoleOffice) -> None:
    first = prepare(office)
    gone = office.desk.payment.cancel(office.people[Role.FINANCE], first.id, first.version)
    assert gone.state is PaymentState.CANCELLED
    assert prepare(office, 'two').state is PaymentState.PREPARED


def test_accounts_are_masked_and_looking_at_one_is_kept(office: RoleOffice) -> None:
    payment, accounts = prepare(office), office.desk.accounts_of_payees
    for role in Role:
        assert of_case(office, role)[0].account_number == '*******8901', role
        if role in (Role.FINANCE, Role.APPROVER, Role.MANAGER):
            assert accounts.reveal(office.people[role], payment.id) == '12345678901'
        else:
            with pytest.raises(NotAllowed):
                accounts.reveal(office.people[role], payment.id)
    with office.desk.context.database.read() as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.kind == 'account_reveal')).all()
    assert {entry.actor_id for entry in seen} == {
        office.people[role].id for role in (Role.FINANCE, Role.APPROVER, Role.MANAGER)
    }
    assert {entry.case_id for entry in seen} == {office.case_id}


def test_a_masked_account_that_was_suggested_is_taken_as_it_is(office: RoleOffice) -> None:
    first, finance = prepare(office), office.people[Role.FINANCE]
    office.desk.payment.mark_returned(finance, first.id, first.version, '退票')
    known = office.desk.payment.payee(finance, office.case_id)
    assert known.account_number == '*******8901'
    again = prepare(office, 'two', payee_name=known.name, account_number=known.account_number)
    assert (again.cleared, office.desk.accounts_of_payees.reveal(finance, again.id)) == (True, '12345678901')
    with pytest.raises(InvalidInput) as refused:
        prepare(office, 'three', account_number='*******0000')
    assert set(refused.value.fields) == {'account_number'} or 'already on its way' in refused.value.sentence


def test_a_changed_account_needs_a_second_person(office: RoleOffice) -> None:
    first, finance, accounts = prepare(office), office.people[Role.FINANCE], office.desk.accounts_of_payees
    assert first.cleared
    office.desk.payment.mark_returned(finance, first.id, first.version, '户名不符')
    second = prepare(office, 'two', account_number='98765432109')
    assert not second.cleared
    for act in (
        lambda: office.desk.payment.mark_paid(finance, second.id, second.version, 'REF'),
        lambda: office.desk.batches.make(finance, [second.id]),
    ):
        with pytest.raises(InvalidInput, match=r'nobody has checked it|None of these'):
            act()
    with pytest.raises(InvalidInput, match='somebody else must check'):
        accounts.check(finance, second.account_id, second.account_version)
    with pytest.raises(NotAllowed):
        accounts.check(office.people[Role.ADJUSTER], second.account_id, second.account_version)
    accounts.check(office.people[Role.APPROVER], second.account_id, second.account_version)
    (now, _first) = of_case(office)
    assert (now.cleared, now.account_checked_by) == (True, office.people[Role.APPROVER].name)
    assert office.desk.payment.mark_paid(finance, now.id, now.version, 'REF').state is PaymentState.PAID


def test_several_payees_and_parts_never_exceed_what_is_approved(office: RoleOffice) -> None:
    finance = office.people[Role.FINANCE]
    one = prepare(office, 'one', amount=Decimal(1000))
    with pytest.raises(InvalidInput) as refused:
        prepare(office, 'two', payee_name='修理厂', account_number='55566677788', amount=Decimal('1300.01'))
    assert set(refused.value.fields) == {'amount'}
    two = prepare(office, 'two', payee_name='修理厂', account_number='55566677788', amount=Decimal(1300))
    with pytest.raises(InvalidInput, match='on its way'):
        prepare(office, 'three')
    office.desk.payment.mark_paid(finance, one.id, one.version, 'A')
    with pytest.raises(InvalidInput, match='Record the payment first'):
        office.move(Role.FINANCE, Move.PAY)
    office.desk.accounts_of_payees.check(office.people[Role.MANAGER], two.account_id, two.account_version)
    two = of_case(office)[0]
    office.desk.payment.mark_paid(finance, two.id, two.version, 'B')
    office.move(Role.FINANCE, Move.PAY)
    assert (office.case.stage, office.case.paid_amount) == (Stage.CLOSING, Decimal(2300))


def test_a_payment_that_came_back_later_brings_the_case_back(office: RoleOffice) -> None:
    finance, payment = office.people[Role.FINANCE], prepare(office)
    office.desk.payment.mark_paid(finance, payment.id, payment.version, 'A')
    office.move(Role.FINANCE, Move.PAY)
    (paid,) = of_case(office)
    office.desk.payment.mark_returned(finance, paid.id, paid.version, '退票')
    assert (office.case.stage, office.case.paid_amount) == (Stage.PAYMENT, Decimal(0))
    assert [row.amount for row in office.desk.payment.book(finance).to_prepare] == [Decimal(2300)]
    with pytest.raises(InvalidInput, match='Record the payment first'):
        office.move(Role.FINANCE, Move.PAY)


@pytest.mark.parametrize(
    'field, value',
    [
        ('payee_name', '  '),
        ('bank_name', ''),
        ('account_number', '1234567'),
        ('account_number', '12345678x'),
        ('account_number', '6222021234567890'),  # a card whose check digit is wrong
    ],
)
def test_a_wrong_payee_is_named_by_field(office: RoleOffice, field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        prepare(office, **{field: value})
    assert set(refused.value.fields) == {field}
    assert of_case(office) == []


def test_nothing_is_paid_before_the_approval(office: RoleOffice) -> None:
    office.case_id = office.register('second')
    office.bring_to(Stage.APPROVAL)
    with pytest.raises(InvalidInput, match='no approved amount'):
        prepare(office)


def test_only_finance_pays(office: RoleOffice) -> None:
    for role, actor in office.people.items():
        if role is not Role.FINANCE:
            with pytest.raises(NotAllowed):
                office.desk.payment.prepare(actor, office.case_id, **PAYEE, request_key='x')
    payment = prepare(office)
    for act in (office.desk.payment.mark_paid, office.desk.payment.mark_returned):
        with pytest.raises(NotAllowed):
            act(office.people[Role.APPROVER], payment.id, payment.version, 'words')
