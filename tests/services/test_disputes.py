"""Complaints with their limits, lawsuits with their days, and the ledger of money that comes back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.services.context import SHANGHAI
from claimdesk.services.disputes import MatterView, open_complaints
from claimdesk.services.lawsuits import NewLawsuit
from claimdesk.vocabulary import (
    Channel,
    Complexity,
    CourtDay,
    DueState,
    MatterKind,
    MatterOutcome,
    OurSide,
    RecoveryKind,
    RecoveryOutcome,
    Role,
    Stage,
)
from tests.services.role_office import NAME, RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def taken(office: RoleOffice, kind: MatterKind = MatterKind.COMPLAINT) -> MatterView:
    office.desk.disputes.take(office.people[Role.COORDINATOR], office.case_id, kind, '', ' 定损太慢 ')
    return newest(office)


def newest(office: RoleOffice) -> MatterView:
    return office.desk.disputes.of_case(office.people[Role.AUDITOR], office.case_id)[0]


def waiting(office: RoleOffice) -> int:
    with office.desk.context.database.read() as session:
        return open_complaints(session, office.case_id)


def test_a_complaint_goes_its_way_to_an_answer(office: RoleOffice) -> None:
    disputes, coordinator = office.desk.disputes, office.people[Role.COORDINATOR]
    matter = taken(office)
    assert (matter.complainant, matter.content, matter.owner) == (NAME, '定损太慢', coordinator.name)
    assert matter.due_at.astimezone(SHANGHAI).date() == dt.date(2026, 3, 17)
    assert waiting(office) == 1
    disputes.talk(coordinator, matter.id, Channel.PHONE, '已致歉', False)
    office.watch.forward(minutes=5)
    disputes.talk(coordinator, matter.id, Channel.NOTE, '催定损员', True)
    note, call = newest(office).talks
    assert (call.body, call.with_whom, note.incoming) == ('已致歉', NAME, None)
    assert office.case.messages == 2
    with pytest.raises(InvalidInput) as refused:
        disputes.answer(coordinator, matter.id, matter.version, MatterOutcome.UPHELD, 'unheard', ' ')
    assert set(refused.value.fields) == {'root_cause', 'answer'}
    disputes.answer(coordinator, matter.id, matter.version, MatterOutcome.UPHELD, 'slow', '已补偿')
    with pytest.raises((InvalidInput, Conflict)):
        disputes.answer(coordinator, matter.id, matter.version + 1, MatterOutcome.SETTLED, 'slow', '再答')
    done = newest(office)
    assert (done.outcome, done.root_cause, done.answer, done.due_state) == (
        MatterOutcome.UPHELD, 'slow', '已补偿', DueState.DONE,
    )  # fmt: skip
    assert waiting(office) == 0
    assert disputes.open(coordinator) == []
    assert [one.id for one in disputes.answered(coordinator)] == [matter.id]


def test_a_complaint_taken_by_somebody_else_goes_to_a_coordinator(office: RoleOffice) -> None:
    office.desk.disputes.take(office.people[Role.SERVICE], office.case_id, MatterKind.DISPUTE, '沈', '金额争议')
    assert newest(office).owner_id == office.people[Role.COORDINATOR].id


def test_more_time_is_granted_by_a_second_person_and_once(office: RoleOffice) -> None:
    disputes, coordinator, manager = office.desk.disputes, office.people[Role.COORDINATOR], office.people[Role.MANAGER]
    matter = taken(office)
    disputes.set_complexity(coordinator, matter.id, matter.version, Complexity.COMPLEX)
    matter = newest(office)
    assert matter.due_at.astimezone(SHANGHAI).date() == dt.date(2026, 4, 1)
    with pytest.raises(InvalidInput):
        disputes.set_complexity(coordinator, matter.id, matter.version, Complexity.SPECIAL)
    with pytest.raises(InvalidInput):
        disputes.ask_extension(coordinator, matter.id, matter.version, ' ')
    disputes.ask_extension(coordinator, matter.id, matter.version, '等待鉴定')
    matter = newest(office)
    assert matter.waits_for_extension
    with pytest.raises(NotAllowed):
        disputes.decide_extension(coordinator, matter.id, matter.version, granted=True)
    disputes.decide_extension(manager, matter.id, matter.version, granted=True)
    matter = newest(office)
    assert (matter.complexity, matter.extended) == (Complexity.SPECIAL, True)
    assert matter.due_at.astimezone(SHANGHAI).date() == dt.date(2026, 5, 6)
    with pytest.raises(InvalidInput):
        disputes.ask_extension(coordinator, matter.id, matter.version, '再等')


def test_nobody_grants_time_to_themselves(office: RoleOffice) -> None:
    disputes, manager = office.desk.disputes, office.people[Role.MANAGER]
    matter = taken(office)
    disputes.ask_extension(manager, matter.id, matter.version, '等待鉴定')
    matter = newest(office)
    with pytest.raises(InvalidInput):
        disputes.decide_extension(manager, matter.id, matter.version, granted=True)


def test_the_nearest_limit_comes_first_and_a_missed_one_is_overdue(office: RoleOffice) -> None:
    disputes, coordinator = office.desk.disputes, office.people[Role.COORDINATOR]
    first = taken(office)
    disputes.set_complexity(coordinator, first.id, first.version, Complexity.COMPLEX)
    office.watch.forward(days=3)
    second = taken(office)
    assert [one.id for one in disputes.open(coordinator)] == [second.id, first.id]
    office.watch.forward(days=20)
    assert [one.due_state for one in disputes.open(coordinator)] == [DueState.OVERDUE, DueState.ON_TIME]


def test_a_complaint_is_handed_over_and_stays_open_when_the_version_is_old(office: RoleOffice) -> None:
    disputes, coordinator = office.desk.disputes, office.people[Role.COORDINATOR]
    matter = taken(office)
    people = dict(disputes.coordinators(coordinator))
    service = office.people[Role.SERVICE].id
    assert {service, coordinator.id, office.people[Role.MANAGER].id} <= set(people)
    disputes.hand_over(coordinator, matter.id, matter.version, service)
    with pytest.raises(Conflict):
        disputes.hand_over(coordinator, matter.id, matter.version, coordinator.id)
    assert newest(office).owner_id == service


@pytest.mark.parametrize('role', [Role.SURVEYOR, Role.ADJUSTER, Role.AUDITOR])
def test_who_may_not_handle_complaints(office: RoleOffice, role: Role) -> None:
    with pytest.raises(NotAllowed):
        office.desk.disputes.take(office.people[role], office.case_id, MatterKind.COMPLAINT, '', '慢')
    with pytest.raises(NotAllowed):
        office.desk.lawsuits.enter(office.people[role], office.case_id, NewLawsuit('法院', '', OurSide.DEFENDANT))


def test_a_lawsuit_ends_only_when_its_days_are_done(office: RoleOffice) -> None:
    lawsuits, coordinator = office.desk.lawsuits, office.people[Role.COORDINATOR]
    with pytest.raises(InvalidInput):
        lawsuits.enter(coordinator, office.case_id, NewLawsuit(' ', '', OurSide.DEFENDANT))
    new = NewLawsuit('姑苏区人民法院', '(2026)苏0508民初318号', OurSide.DEFENDANT, '沈知远', Decimal('32000.00'))
    lawsuits.enter(coordinator, office.case_id, new)
    (suit,) = lawsuits.open(coordinator)
    assert (suit.number, suit.claimed, suit.next_day) == (new.number, Decimal('32000.00'), None)
    later, sooner = office.watch() + dt.timedelta(days=20), office.watch() + dt.timedelta(days=2)
    lawsuits.set_day(coordinator, suit.id, suit.version, CourtDay.HEARING, later, '第三法庭')
    lawsuits.set_day(coordinator, suit.id, suit.version, CourtDay.EVIDENCE, sooner)
    (suit,) = lawsuits.of_case(coordinator, office.case_id)
    assert [day.kind for day in suit.days] == [CourtDay.EVIDENCE, CourtDay.HEARING]
    assert suit.next_day is not None
    assert (suit.next_day.due_state, suit.days[1].note) == (DueState.SOON, '第三法庭')
    with pytest.raises(InvalidInput):
        lawsuits.close(coordinator, suit.id, suit.version, '驳回')
    for day in suit.days:
        lawsuits.day_done(coordinator, day.id, day.version)
    (suit,) = lawsuits.open(coordinator)
    assert suit.next_day is None
    lawsuits.day_done(coordinator, suit.days[0].id, suit.days[0].version, done=False)
    (suit,) = lawsuits.open(coordinator)
    assert suit.next_day is not None
    lawsuits.day_done(coordinator, suit.next_day.id, suit.next_day.version)
    lawsuits.close(coordinator, suit.id, suit.version, '驳回原告请求', Decimal(0))
    assert lawsuits.open(coordinator) == []
    (suit,) = lawsuits.of_case(coordinator, office.case_id)
    assert (suit.outcome, suit.awarded, suit.closed_at) == ('驳回原告请求', Decimal('0.00'), office.watch())


def test_the_ledger_knows_what_is_outstanding(office: RoleOffice) -> None:
    recoveries, finance = office.desk.recoveries, office.people[Role.FINANCE]
    office.bring_to(Stage.CLOSED)
    with pytest.raises(InvalidInput) as refused:
        recoveries.enter(finance, office.case_id, RecoveryKind.SUBROGATION, ' ', Decimal(0))
    assert set(refused.value.fields) == {'debtor', 'expected'}
    recoveries.enter(finance, office.case_id, RecoveryKind.SUBROGATION, '王强', Decimal('1000.00'), '对方全责')
    (line,) = recoveries.open(finance)
    paid = office.case.paid_at
    assert paid is not None
    assert line.acquired_on == paid.astimezone(SHANGHAI).date()
    assert line.limitation is not None
    assert line.limitation.year == line.acquired_on.year + 3
    recoveries.receive(finance, line.id, line.version, Decimal('400.50'), office.watch().date(), 'R1')
    recoveries.receive(finance, line.id, line.version, Decimal('99.50'), office.watch().date())
    with pytest.raises(InvalidInput):
        recoveries.receive(finance, line.id, line.version, Decimal(1), office.watch().date() + dt.timedelta(days=2))
    (line,) = recoveries.open(finance)
    assert (line.received, line.outstanding) == (Decimal('500.00'), Decimal('500.00'))
    sums = recoveries.sums(finance)
    assert (sums.expected, sums.received) == (Decimal('1000.00'), Decimal('500.00'))
    receipt = line.receipts[0]
    recoveries.void_receipt(finance, receipt.id, receipt.version)
    (line,) = recoveries.open(finance)
    assert (line.received, line.receipts[0].voided) == (Decimal('99.50'), True)
    with pytest.raises(InvalidInput):
        recoveries.close(finance, line.id, line.version)
    recoveries.close(finance, line.id, line.version, '对方无财产')
    (line,) = recoveries.of_case(finance, office.case_id)
    assert (line.outcome, line.outstanding) == (RecoveryOutcome.PARTLY, Decimal('0.00'))
    assert recoveries.sums(finance).expected == 0


@pytest.mark.parametrize(
    ('received', 'outcome'), [('1000', RecoveryOutcome.RECEIVED), ('', RecoveryOutcome.GIVEN_UP)]
)
def test_how_a_recovery_ends_follows_from_what_came_in(
    office: RoleOffice, received: str, outcome: RecoveryOutcome
) -> None:
    recoveries, finance = office.desk.recoveries, office.people[Role.FINANCE]
    recoveries.enter(finance, office.case_id, RecoveryKind.SALVAGE, '拆车厂', Decimal(1000))
    (line,) = recoveries.open(finance)
    assert (line.acquired_on, line.limitation) == (None, None)
    if received:
        recoveries.receive(finance, line.id, line.version, Decimal(received), office.watch().date())
    recoveries.close(
        finance, line.id, line.version, '' if received else '残值过低'
    )
    assert recoveries.of_case(finance, office.case_id)[0].outcome is outcome


def test_who_keeps_the_ledger(office: RoleOffice) -> None:
    for role in (Role.SERVICE, Role.SURVEYOR, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            office.desk.recoveries.enter(
                office.people[role], office.case_id, RecoveryKind.SALVAGE, '拆车厂', Decimal(1000)
            )


def test_the_case_list_says_that_a_complaint_is_open(office: RoleOffice) -> None:
    def next_step() -> str:
        (row,) = office.desk.case_list.rows(office.people[Role.AUDITOR], [office.case_id])
        return row.next_step

    before = next_step()
    matter = taken(office)
    assert next_step() == f'{before} · complaint open'
    office.desk.disputes.answer(
        office.people[Role.COORDINATOR], matter.id, matter.version, MatterOutcome.SETTLED, 'slow', '已处理'
    )
    assert next_step() == before
