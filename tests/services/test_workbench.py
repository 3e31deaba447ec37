"""The workbench: each case once, in the most urgent group that it fits; money for finance, everybody for who leads."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.models import Account, Case, Database, SurveyReport
from claimdesk.rules.workflow import Move
from claimdesk.services.accounts import NewPerson
from claimdesk.services.context import SHANGHAI, Actor
from claimdesk.services.lawsuits import NewLawsuit
from claimdesk.services.work_items import Deed, Urgency, WorkItem
from claimdesk.services.workbench import Workday, own_cases
from claimdesk.vocabulary import CourtDay, DueState, Liability, MatterKind, OurSide, Role, Stage, SurveyKind
from tests.services.role_office import PASSWORD, RoleOffice, role_office


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
    return [group.urgency for group in found.groups if f'case:{case_id}' in [item.key for item in group.items]]


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
    assert where(day(office, Role.APPROVER), office.case_id) == [Urgency.DECISION]


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
    for role in (Role.SERVICE, Role.MANAGER):
        assert where(day(office, role), office.case_id) == []


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


def items(found: Workday, urgency: Urgency) -> list[WorkItem]:
    """What stands in one group."""
    return [item for group in found.groups if group.urgency is urgency for item in group.items]


def test_an_approver_sees_every_calculation_of_theirs_however_near_its_limit(office: RoleOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    set_case(office, office.case_id, due_at=office.watch() - dt.timedelta(days=1))
    found = day(office, Role.APPROVER)
    assert where(found, office.case_id) == [Urgency.DECISION]
    assert (found.pressing, items(found, Urgency.DECISION)[0].deed) == (1, Deed.MOVE)
    assert where(day(office, Role.MANAGER), office.case_id) == [Urgency.OVERDUE]


def test_who_may_decide_sees_what_others_ask_for_and_who_asked_does_not(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    office.desk.requests.ask(office.people[Role.SERVICE], office.case_id, Move.REOPEN, '客户补交了发票')
    (item,) = items(day(office, Role.MANAGER), Urgency.DECISION)
    assert item.case_id == office.case_id
    assert item.action == 'Decide: Reopen the case'
    assert '客户补交了发票' in item.note
    assert items(day(office, Role.SERVICE), Urgency.DECISION) == []
    # Whoever surveyed, assessed or calculated the case does not decide.
    second = office.register('second')
    set_case(office, second, stage=Stage.REGISTERED)
    office.desk.requests.ask(office.people[Role.SERVICE], second, Move.ZERO_CLOSE, '重复报案')
    assert [one.case_id for one in items(day(office, Role.APPROVER), Urgency.DECISION)] == [office.case_id, second]
    with office.desk.context.database.write('test') as session:
        session.add(SurveyReport(case_id=second, surveyor_id=office.people[Role.APPROVER].id, finding='',
                                 place='', liability=Liability.MAIN, visited_at=office.watch()))  # fmt: skip
    assert [one.case_id for one in items(day(office, Role.APPROVER), Urgency.DECISION)] == [office.case_id]


def test_a_surveyor_accepts_a_dispatch_and_sees_the_visits_of_today(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    surveyor, dispatches = office.people[Role.SURVEYOR], office.desk.dispatches
    sent = dispatches.send(office.people[Role.SERVICE], office.case_id, SurveyKind.MOTOR, surveyor.id, place='人民路')
    (item,) = items(day(office, Role.SURVEYOR), Urgency.VISITS)
    assert (item.deed, item.beside_id, item.part) == (Deed.ACCEPT, sent.id, 'loss')
    assert '人民路' in item.note
    assert items(day(office, Role.ASSESSOR), Urgency.VISITS) == []
    sent = dispatches.accept(surveyor, item.beside_id, item.version)
    assert [one.action for one in items(day(office, Role.SURVEYOR), Urgency.VISITS)] == ['Agree on a time']
    soon = office.watch() + dt.timedelta(hours=2)
    sent = dispatches.appoint(surveyor, sent.id, sent.version, soon + dt.timedelta(days=1), '人民路')
    assert items(day(office, Role.SURVEYOR), Urgency.VISITS) == []
    sent = dispatches.appoint(surveyor, sent.id, sent.version, soon, '人民路')
    (item,) = items(day(office, Role.SURVEYOR), Urgency.VISITS)
    assert (item.due_at, item.due_state) == (soon, DueState.TODAY)
    dispatches.finish(surveyor, sent.id, sent.version)
    assert items(day(office, Role.SURVEYOR), Urgency.VISITS) == []


def test_finance_sees_what_is_on_its_way_and_a_second_person_the_changed_account(office: RoleOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    finance, given = office.people[Role.FINANCE], {'bank_name': '中国银行', 'account_number': '12345678901'}
    payments = office.desk.payment
    first = payments.prepare(finance, office.case_id, payee_name='欧阳', request_key='one', **given)
    (item,) = items(day(office, Role.FINANCE), Urgency.BANK)
    assert (item.page, item.arguments) == ('payments', 'prepared')
    assert item.note.startswith('1 payment, ')
    batch = office.desk.batches.make(finance, [first.id]).batch
    (item,) = items(day(office, Role.FINANCE), Urgency.BANK)
    assert (item.number, item.arguments, item.row) == (batch.number, 'in_batch', None)
    current = payments.of_case(finance, office.case_id)[0]
    payments.mark_returned(finance, current.id, current.version, '户名不符')
    assert items(day(office, Role.FINANCE), Urgency.BANK) == []
    changed = {**given, 'account_number': '98765432109'}
    payments.prepare(
        finance, office.case_id, payee_name='欧阳', request_key='two', reason='客户更正', **changed
    )
    assert items(day(office, Role.FINANCE), Urgency.DECISION) == []
    (item,) = items(day(office, Role.APPROVER), Urgency.DECISION)
    assert (item.action, item.page) == ('Check the changed account', 'payments')


def test_coordinators_see_complaints_calls_low_scores_and_courts_with_their_limits(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    coordinator, desk = office.people[Role.COORDINATOR], office.desk
    desk.disputes.take(coordinator, office.case_id, MatterKind.COMPLAINT, '', '定损金额有异议')
    desk.lawsuits.enter(coordinator, office.case_id, NewLawsuit('姑苏区人民法院', '1号', OurSide.DEFENDANT))
    (lawsuit,) = desk.lawsuits.of_case(coordinator, office.case_id)
    hearing = office.watch() + dt.timedelta(days=3)
    desk.lawsuits.set_day(coordinator, lawsuit.id, lawsuit.version, CourtDay.HEARING, hearing)
    found = items(day(office, Role.COORDINATOR), Urgency.CUSTOMERS)
    assert [item.action for item in found] == ['Hearing', 'Answer the complaint', 'Call the customer']
    assert found == sorted(found, key=lambda item: item.due_at)
    assert {item.page for item in found} == {'liaison'}
    (call,) = items(day(office, Role.SERVICE), Urgency.CUSTOMERS)
    assert call.action == 'Call the customer'
    (view,) = desk.call_backs.open(coordinator)
    scores = dict.fromkeys(view.questions, 1)
    desk.call_backs.finish(office.people[Role.SERVICE], view.id, view.version, scores)
    low = items(day(office, Role.COORDINATOR), Urgency.CUSTOMERS)
    assert 'Put right what was wrong' in [item.action for item in low]


def test_a_substitute_sees_the_cases_from_the_first_hour_takes_one_and_they_vanish(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    surveyor, clerk = office.people[Role.SURVEYOR], office.people[Role.SERVICE]
    stand_in = office.desk.accounts.create(
        office.people[Role.ADMINISTRATOR], NewPerson('two', '第二查勘', (Role.SURVEYOR,), PASSWORD)
    )
    other = Actor(stand_in.id, '第二查勘', 'two', clerk.office_id, None, frozenset({Role.SURVEYOR}))
    today = office.desk.context.today()
    office.desk.accounts.note_absence(
        surveyor, surveyor.id, today + dt.timedelta(days=1), today + dt.timedelta(days=2), stand_in.id
    )
    look = office.desk.workbench.today
    assert items(look(other), Urgency.STANDING_IN) == []
    midnight = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(0, 1), SHANGHAI)
    office.watch.forward(seconds=(midnight - office.watch()).total_seconds())
    (item,) = items(look(other), Urgency.STANDING_IN)
    assert (item.case_id, item.deed) == (office.case_id, Deed.TAKE)
    assert item.note.startswith(f'{surveyor.name} is away until ')
    office.desk.hand_overs.take(other, office.case_id, office.case.version)
    found = look(other)
    assert items(found, Urgency.STANDING_IN) == []
    assert len(where(found, office.case_id)) == 1
    office.desk.cases.assign(office.people[Role.MANAGER], office.case_id, surveyor.id)
    assert len(items(look(other), Urgency.STANDING_IN)) == 1
    office.watch.forward(days=2)
    assert items(look(other), Urgency.STANDING_IN) == []


def test_a_customer_nobody_has_asked_for_a_week_comes_up_and_the_note_says_so_elsewhere(office: RoleOffice) -> None:
    now = office.watch()
    long_ago = now - dt.timedelta(days=8, hours=1)
    set_case(office, office.case_id, due_at=now + dt.timedelta(days=9), paused_since=now - dt.timedelta(days=9),
             last_activity_at=long_ago, missing_documents=2)  # fmt: skip
    (item,) = items(day(office, Role.SERVICE), Urgency.UNTOUCHED)
    assert item.note == 'waiting for the customer · nothing done for 8 days'
    assert item.action == 'Get 2 missing documents'
    set_case(office, office.case_id, due_at=now - dt.timedelta(hours=1))
    (item,) = items(day(office, Role.SERVICE), Urgency.OVERDUE)
    assert item.note.endswith('nothing done for 8 days')


def test_an_approver_sees_an_advance_that_waits_within_their_authority(office: RoleOffice) -> None:
    office.bring_to(Stage.ADJUSTMENT)
    adjuster = office.people[Role.ADJUSTER]
    most = office.desk.advance.most(adjuster, office.case_id)
    office.desk.advance.propose(adjuster, office.case_id, office.case.version, min(most, Decimal(500)), '伤者住院')
    (item,) = items(day(office, Role.APPROVER), Urgency.DECISION)
    assert (item.action, item.note, item.part) == ('Approve the advance', '500.00 yuan', 'money')
    assert items(day(office, Role.ADJUSTER), Urgency.DECISION) == []
    office.desk.sign_off.approve_advance(office.people[Role.APPROVER], item.beside_id, item.version, PASSWORD)
    assert items(day(office, Role.APPROVER), Urgency.DECISION) == []
