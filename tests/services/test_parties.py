"""The people of a case: taken in, corrected, taken out; the policy's own stay who they are. On both databases."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.workflow import Move
from claimdesk.services.parties import PartyEntry, PartyView
from claimdesk.vocabulary import Party, Role
from tests.services.role_office import NAME, RoleOffice, role_office

DRIVER = PartyEntry(Party.DRIVER, '陆知远', '13800001111', '人民路 1 号', '11010519491231002X')


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def add(office: RoleOffice, entry: PartyEntry, role: Role = Role.SERVICE) -> PartyView:
    office.desk.parties.add(office.people[role], office.case_id, entry)
    return next(one for one in office.case.parties if one.role is entry.role)


def change(office: RoleOffice, of: PartyView, entry: PartyEntry) -> None:
    office.desk.parties.change(office.people[Role.SERVICE], of.id, of.version, entry)


def test_somebody_is_taken_in_and_out(office: RoleOffice) -> None:
    driver = add(office, DRIVER)
    assert (driver.name, driver.phone, driver.id_number) == (DRIVER.name, DRIVER.phone, DRIVER.id_number)
    office.desk.parties.remove(office.people[Role.SERVICE], driver.id)
    assert [one.role for one in office.case.parties] == [Party.INSURED]


def test_the_same_number_and_name_is_the_same_person(office: RoleOffice) -> None:
    driver = add(office, DRIVER)
    victim = add(office, PartyEntry(Party.VICTIM, DRIVER.name, '', '', DRIVER.id_number.lower()))
    assert victim.phone == DRIVER.phone
    change(office, victim, PartyEntry(Party.VICTIM, DRIVER.name, '13900002222', '', DRIVER.id_number))
    both = {one.phone for one in office.case.parties if one.role in (Party.DRIVER, Party.VICTIM)}
    assert both == {'13900002222'}
    assert driver.id != victim.id


def test_twice_in_one_role_is_refused(office: RoleOffice) -> None:
    add(office, DRIVER)
    with pytest.raises(InvalidInput) as refused:
        add(office, DRIVER)
    assert 'name' in refused.value.fields
    assert len(office.case.parties) == 2


def test_what_makes_no_sense_is_named_by_field(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(office, PartyEntry(Party.DRIVER, ' ', '12', '', '110105194912310021'))
    assert set(refused.value.fields) == {'name', 'phone', 'id_number'}
    # A company's code has eighteen characters as well, and another check.
    add(office, PartyEntry(Party.PAYEE, '江南汽修有限公司', id_number='91110000600037341L', company=True))


def test_whom_the_policy_names_can_be_reached_elsewhere_but_is_the_same(office: RoleOffice) -> None:
    insured = office.case.parties[0]
    change(office, insured, PartyEntry(Party.INSURED, NAME, '13700003333', '新址'))
    assert office.case.parties[0].phone == '13700003333'
    insured = office.case.parties[0]
    for entry in (PartyEntry(Party.INSURED, '别人'), PartyEntry(Party.DRIVER, NAME)):
        with pytest.raises(InvalidInput):
            change(office, insured, entry)
    with pytest.raises(InvalidInput):
        office.desk.parties.remove(office.people[Role.SERVICE], insured.id)
    with pytest.raises(InvalidInput):
        add(office, PartyEntry(Party.INSURED, '别人'))


def test_a_lost_race_names_both_versions(office: RoleOffice) -> None:
    driver = add(office, DRIVER)
    change(office, driver, PartyEntry(Party.DRIVER, DRIVER.name, '13900002222'))
    with pytest.raises(Conflict) as lost:
        change(office, driver, PartyEntry(Party.DRIVER, DRIVER.name, '13900004444'))
    assert (lost.value.mine['phone'], lost.value.theirs['phone']) == ('13900004444', '13900002222')


def test_it_stands_in_the_timeline(office: RoleOffice) -> None:
    add(office, DRIVER)
    told = office.desk.timeline.of_case(office.people[Role.SERVICE], office.case_id)
    assert any(DRIVER.name in str(entry) or 'took a person' in str(entry) for entry in told)


def test_only_who_edits_cases_and_only_while_it_is_open(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        add(office, DRIVER, Role.FINANCE)
    office.move(Role.SERVICE, Move.CANCEL_REPORT, '撤回')
    with pytest.raises(InvalidInput):
        add(office, DRIVER)


def test_the_identity_number_tells_the_day_of_birth_and_must_agree_with_what_is_typed(office: RoleOffice) -> None:
    driver = add(office, DRIVER)
    assert driver.born_on == dt.date(1949, 12, 31)
    with pytest.raises(InvalidInput) as refused:
        change(office, driver, replace(DRIVER, born_on=dt.date(1949, 12, 30)))
    assert '1949-12-31' in refused.value.fields['born_on']
    passport = add(office, PartyEntry(Party.VICTIM, '陆一', id_number='E12345678', born_on=dt.date(2014, 6, 1)))
    assert passport.born_on == dt.date(2014, 6, 1)
