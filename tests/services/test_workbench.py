"""The workbench: each case once, in the most urgent group that it fits; money for finance, everybody for who leads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from claimdesk.models import Account, Case, Database
from claimdesk.services.workbench import Urgency, Workday, own_cases
from claimdesk.vocabulary import Role, Stage
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path / 'files')


def set_case(office: RoleOffice, case_id: int, **values: object) -> None:
    """Put values into the row of a case, as the bulk loader would."""
    with office.desk.context.database.write('test') as session:
        case = session.get_one(Case, case_id)
        for name, value in values.items():
            setattr(case, name, value)


def day(office: RoleOffice, role: Role) -> Workday:
    return office.desk.workbench.today(office.people[role])


def where(found: Workday, case_id: int) -> list[Urgency]:
    return [group.urgency for group in found.groups if case_id in [item.row.id for item in group.items]]


@pytest.mark.parametrize(
    'hours, urgency',
    [
        (-1, Urgency.OVERDUE),
        (2, Urgency.TODAY),
        (24, Urgency.NEXT_DAYS),
        (72, Urgency.NEXT_DAYS),
        (24 * 30, None),
    ],
)
def test_a_case_stands_where_its_time_limit_puts_it(
    office: RoleOffice, hours: int, urgency: Urgency | None
) -> None:
    due = office.watch() + dt.timedelta(hours=hours)
    set_case(office, office.case_id, due_at=due, owner_id=office.people[Role.SERVICE].id)
    found = where(day(office, Role.SERVICE), office.case_id)
    assert found == ([] if urgency is None else [urgency])
    assert where(day(office, Role.SURVEYOR), office.case_id) == []


def test_a_case_left_alone_for_a_week_comes_up(office: RoleOffice) -> None:
    now = office.watch()
    far = now + dt.timedelta(days=40)
    set_case(office, office.case_id, due_at=far, last_activity_at=now - dt.timedelta(days=6, hours=23))
    assert where(day(office, Role.SERVICE), office.case_id) == []
    set_case(office, office.case_id, last_activity_at=now - dt.timedelta(days=9, hours=1))
    found = day(office, Role.SERVICE)
    assert where(found, office.case_id) == [Urgency.UNTOUCHED]
    assert found.groups[0].items[0].note == 'nothing done for 9 days'


def test_a_case_that_waits_for_documents_asks_for_them(office: RoleOffice) -> None:
    now = office.watch()
    far = now + dt.timedelta(days=9)
    set_case(office, office.case_id, due_at=far, paused_since=now - dt.timedelta(days=2), missing_documents=3)
    item = day(office, Role.SERVICE).groups[0].items[0]
    assert where(day(office, Role.SERVICE), office.case_id) == [Urgency.WAITING]
    assert (item.action, item.part) == ('Get 3 missing documents', 'documents')


def test_the_next_step_is_named_and_leads_to_its_tab(office: RoleOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    set_case(office, office.case_id, due_at=office.watch() - dt.timedelta(hours=1))
    item = day(office, Role.ASSESSOR).groups[0].items[0]
    assert (item.action, item.part) == ('Finish the loss assessment', 'loss')


def test_an_approver_sees_what_waits_for_approval_though_it_is_not_urgent(office: RoleOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    set_case(office, office.case_id, due_at=office.watch() + dt.timedelta(days=20))
    assert where(day(office, Role.APPROVER), office.case_id) == [Urgency.APPROVAL]


def test_finance_sees_a_returned_payment_until_it_is_prepared_again(office: RoleOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    finance, payments = office.people[Role.FINANCE], office.desk.payment
    given = {'payee_name': '欧阳', 'bank_name': '中国银行', 'account_number': '12345678901'}
    payment = payments.prepare(finance, office.case_id, request_key='one', **given)
    assert where(day(office, Role.FINANCE), office.case_id) != [Urgency.RETURNED]
    payments.mark_returned(finance, payment.id, payment.version, '户名不符')
    found = day(office, Role.FINANCE)
    assert where(found, office.case_id) == [Urgency.RETURNED]
    item = next(group for group in found.groups if group.urgency is Urgency.RETURNED).items[0]
    assert (item.note, item.part) == ('户名不符', 'payment')
    payments.prepare(finance, office.case_id, request_key='two', **given)
    assert Urgency.RETURNED not in where(day(office, Role.FINANCE), office.case_id)


def test_who_leads_sees_everybody_and_cases_without_a_handler(office: RoleOffice) -> None:
    second = office.register('second')
    late = office.watch() - dt.timedelta(hours=1)
    set_case(office, office.case_id, due_at=late)
    set_case(office, second, owner_id=None, due_at=late)
    found = day(office, Role.MANAGER)
    assert where(found, office.case_id) == [Urgency.OVERDUE]
    assert where(found, second) == [Urgency.UNOWNED]
    load = next(load for load in found.loads if load.person_id == office.people[Role.SERVICE].id)
    assert (load.open_cases, load.overdue, load.today) == (1, 1, 0)
    assert found.pressing == 2
    assert day(office, Role.SERVICE).loads == ()


def test_a_person_who_is_away_is_marked(office: RoleOffice) -> None:
    service = office.people[Role.SERVICE]
    today = office.desk.context.today()
    office.desk.accounts.note_absence(service, service.id, today, today)
    loads = {load.person_id: load.away for load in day(office, Role.MANAGER).loads}
    assert loads == {service.id: True}


def test_counters_are_one_s_own_for_who_handles_cases_and_the_office_s_for_who_leads(office: RoleOffice) -> None:
    set_case(office, office.case_id, due_at=office.watch() - dt.timedelta(hours=1))
    counts = office.desk.workbench.due_counts
    assert counts(office.people[Role.SERVICE]) == (1, 0)
    assert counts(office.people[Role.SURVEYOR]) == (0, 0)
    assert counts(office.people[Role.MANAGER]) == (1, 0)
    assert own_cases(office.people[Role.SERVICE]) == {office.people[Role.SERVICE].id}
    assert own_cases(office.people[Role.AUDITOR]) == frozenset()


def test_closed_cases_never_come_up(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    set_case(office, office.case_id, due_at=office.watch() - dt.timedelta(days=9))
    assert day(office, Role.SERVICE).groups == ()
    assert day(office, Role.MANAGER).groups == ()


def test_somebody_with_a_full_desk_sees_the_most_urgent_and_how_many_more(
    office: RoleOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr('claimdesk.services.workbench.MOST_ROWS', 2)
    cases = [office.case_id, office.register('second'), office.register('third')]
    for hours, case_id in enumerate(cases, start=1):
        set_case(office, case_id, due_at=office.watch() - dt.timedelta(hours=hours),
                 owner_id=office.people[Role.SERVICE].id)  # fmt: skip
    group = day(office, Role.SERVICE).groups[0]
    assert [item.row.id for item in group.items] == [cases[2], cases[1]]
    assert group.count == 3


def test_the_cases_of_who_left_want_another_handler(office: RoleOffice) -> None:
    with office.desk.context.database.write('test') as session:
        session.get_one(Account, office.people[Role.SERVICE].id).active = False
    found = day(office, Role.MANAGER)
    assert where(found, office.case_id) == [Urgency.UNOWNED]
    assert found.loads == ()
