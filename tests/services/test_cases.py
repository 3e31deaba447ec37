"""One case: edits all or none, lost races named field by field, the frozen first reserve, and who has it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.workflow import Move
from claimdesk.services.cases import CasePage
from claimdesk.services.clockwork import has_event
from claimdesk.vocabulary import ChecklistState, Liability, Party, Role, Stage
from tests.services.role_office import NAME, RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def edit(office: RoleOffice, version: int | None = None, role: Role = Role.SERVICE, **changes: object) -> CasePage:
    return office.desk.cases.edit(office.people[role], office.case_id, version or office.case.version, changes)


def set_estimate(office: RoleOffice, amount: str, reason: str = '') -> CasePage:
    return office.desk.cases.set_estimate(
        office.people[Role.ASSESSOR], office.case_id, office.case.version, D(amount), reason
    )


def test_the_page_tells_who_is_who(office: RoleOffice) -> None:
    case = office.case
    assert [(party.role, party.name, party.phone) for party in case.parties] == [
        (Party.INSURED, NAME, '13900005678')
    ]
    assert (case.insured_name, case.plate, case.details['vehicle_model']) == (NAME, '苏E8K318', '测试轿车')


def test_case_accident_and_details_are_saved_together(office: RoleOffice) -> None:
    before = office.case
    saved = edit(office, place=' 中山路 1 号 ', reporter_name='陆', driver_name='王', liability=Liability.EQUAL)
    assert saved == office.case
    assert (saved.place, saved.reporter_name, saved.details['driver_name'], saved.liability) == (
        '中山路 1 号', '陆', '王', Liability.EQUAL,
    )  # fmt: skip
    assert saved.version > before.version


def test_one_wrong_field_keeps_all_others_out(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        edit(office, place='中山路', reporter_phone='12', cause=' ')
    assert set(refused.value.fields) == {'reporter_phone', 'cause'}
    assert office.case.place == '人民路 318 号'


@pytest.mark.parametrize('name', ['stage', 'estimate', 'owner_id', 'case_id', 'no_such_field', '__class__'])
def test_what_is_not_edited_here_is_refused(office: RoleOffice, name: str) -> None:
    with pytest.raises(InvalidInput, match='does not exist'):
        edit(office, **{name: 1})


def test_a_lost_race_says_mine_and_theirs(office: RoleOffice) -> None:
    old = office.case.version
    edit(office, cause='冰雹', garage='东风修理厂')
    with pytest.raises(Conflict) as lost:
        edit(office, old, cause='暴雨', garage='西风修理厂')
    assert lost.value.mine == {'cause': '暴雨', 'garage': '西风修理厂'}
    assert lost.value.theirs == {'cause': '冰雹', 'garage': '东风修理厂'}
    assert office.case.cause == '冰雹'


def test_details_alone_count_as_a_save(office: RoleOffice) -> None:
    old = office.case.version
    edit(office, garage='东风修理厂')
    with pytest.raises(Conflict):
        edit(office, old, garage='西风修理厂')


def test_days_in_hospital_are_in_order() -> None:
    from claimdesk.services.cases import _check

    with pytest.raises(InvalidInput) as refused:
        _check({'admitted_on': dt.date(2026, 3, 5), 'discharged_on': dt.date(2026, 3, 4)})
    assert set(refused.value.fields) == {'discharged_on'}


def test_an_injury_brings_the_documents_it_needs(office: RoleOffice) -> None:
    office.everything_here()
    with office.desk.context.database.read() as session:
        assert has_event(session, office.case_id, EventKind.DOCUMENTS_COMPLETE)
    edit(office, injury=True)
    clerk = office.people[Role.SERVICE]
    items = {item.code: item for item in office.desk.checklist.of_case(clerk, office.case_id)}
    assert items['medical_receipts'].state is ChecklistState.MISSING
    assert items['application'].state is ChecklistState.VERIFIED
    assert office.case.missing_documents == 3
    with office.desk.context.database.read() as session:
        assert not has_event(session, office.case_id, EventKind.DOCUMENTS_COMPLETE)
    edit(office, injury=False)
    assert 'medical_receipts' in {item.code for item in office.desk.checklist.of_case(clerk, office.case_id)}


def test_a_document_of_another_kind_of_loss_keeps_its_name(office: RoleOffice) -> None:
    edit(office, cause='自燃起火')
    edit(office, cause='追尾')
    items = office.desk.checklist.of_case(office.people[Role.SERVICE], office.case_id)
    names = {item.code: item.name for item in items}
    assert names['fire_certificate'] == 'Fire brigade certificate'


def test_the_first_reserve_is_frozen_and_a_later_one_has_its_reason(office: RoleOffice) -> None:
    set_estimate(office, '6000')
    with pytest.raises(InvalidInput) as refused:
        set_estimate(office, '9000', ' ')
    assert set(refused.value.fields) == {'reason'}
    case = set_estimate(office, '9000', '拆检后增加')
    assert (case.estimate, case.first_estimate) == (D(9000), D(6000))
    assert [(one.amount, one.previous, one.first, one.reason) for one in case.reserves] == [
        (D(6000), None, True, ''),
        (D(9000), D(6000), False, '拆检后增加'),
    ]
    with pytest.raises(InvalidInput, match='not negative'):
        set_estimate(office, '-1', '错')


def test_a_closed_case_is_not_edited(office: RoleOffice) -> None:
    office.move(Role.SERVICE, Move.CANCEL_REPORT, '重复报案')
    with pytest.raises(InvalidInput, match='closed'):
        edit(office, cause='冰雹')
    with pytest.raises(InvalidInput, match='closed'):
        set_estimate(office, '1')
    with pytest.raises(InvalidInput, match='closed'):
        office.desk.cases.assign(
            office.people[Role.COORDINATOR], office.case_id, office.people[Role.SERVICE].id
        )


def test_a_case_is_handed_over_with_its_open_task(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    other = office.people[Role.ASSESSOR]
    office.desk.cases.assign(office.people[Role.COORDINATOR], office.case_id, other.id, office.case.version)
    assert office.case.owner_id == other.id
    assert office.people[Role.COORDINATOR].name in office.case.assigned_why
    journey = office.desk.workflow.journey(other, office.case_id)
    assert journey[-1].owner == other.name
    with pytest.raises(Conflict):
        office.desk.cases.assign(office.people[Role.COORDINATOR], office.case_id, other.id, 1)


def test_one_of_many_that_fails_does_not_stop_the_others(office: RoleOffice) -> None:
    second = office.register('second')
    office.move(Role.SERVICE, Move.CANCEL_REPORT, '重复报案')
    results = office.desk.cases.assign_many(
        office.people[Role.COORDINATOR], [office.case_id, second, 999], office.people[Role.SURVEYOR].id
    )
    assert [bool(row.sentence) for row in results] == [True, False, True]
    office.case_id = second
    assert office.case.owner_id == office.people[Role.SURVEYOR].id


def test_who_may_not_edit(office: RoleOffice) -> None:
    for role in (Role.AUDITOR, Role.FINANCE, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            edit(office, role=role, cause='冰雹')
    for role in (Role.SERVICE, Role.APPROVER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            office.desk.cases.set_estimate(office.people[role], office.case_id, office.case.version, D(1), '')


def test_what_does_not_fit_its_column_is_told_by_field(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        edit(office, engine_number='E' * 25, driver_licence=' ' + '3' * 24)
    assert set(refused.value.fields) == {'engine_number'}
