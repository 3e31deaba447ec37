"""Small clear claims approved by the office's rule: only when it is switched on, in nobody's name, never a refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import ClaimDeskError, NotAllowed
from claimdesk.models import Account, Calculation, Case, Database, SignOff
from claimdesk.rules.automatic import AutomaticRule
from claimdesk.services.findings import Health
from claimdesk.services.sign_off_check import check_sign_off
from claimdesk.vocabulary import ApprovalState, MatterKind, Role, Stage
from tests.services.role_office import RoleOffice, role_office

ON = AutomaticRule(enabled=True, sample_percent=0)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def switch_on(office: RoleOffice, rule: AutomaticRule = ON) -> None:
    day = office.watch().date() - dt.timedelta(days=1)
    office.desk.straight_through.save_rule(office.people[Role.ADMINISTRATOR], rule, day)


def hand_in(office: RoleOffice) -> Stage:
    """Bring the case to the hand-in of its calculation; the stage it comes to."""
    from claimdesk.rules.workflow import Move

    office.bring_to(Stage.ADJUSTMENT)
    office.everything_here()
    office.calculate()
    office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    return office.case.stage


def test_without_the_offices_decision_a_person_decides(office: RoleOffice) -> None:
    assert hand_in(office) is Stage.APPROVAL
    assert office.desk.straight_through.of_case(office.people[Role.AUDITOR], office.case_id) == []


def test_the_rule_approves_in_nobodys_name_and_nobody_signs(office: RoleOffice) -> None:
    switch_on(office)
    assert hand_in(office) is Stage.PAYMENT
    (check,) = office.desk.straight_through.of_case(office.people[Role.AUDITOR], office.case_id)
    assert (check.approved, check.sampled, check.held) == (True, False, 11)
    with office.desk.context.database.read() as session:
        calculation = session.scalars(select(Calculation)).one()
        nobody = session.get_one(Account, calculation.decided_by)
        assert calculation.state is ApprovalState.APPROVED
        assert (nobody.active, nobody.roles) == (False, [])
        assert nobody.id not in {person.id for person in office.people.values()}
        assert session.scalars(select(SignOff)).all() == []
        assert office.case.payable == calculation.payable


def test_the_accounts_own_door_stays_shut(office: RoleOffice) -> None:
    switch_on(office)
    hand_in(office)
    with office.desk.context.database.read() as session:
        login = session.scalars(select(Account.login).where(Account.login.like('rule:%'))).one()
    for password in ('', '!'):
        with pytest.raises(ClaimDeskError):
            office.desk.accounts.sign_in(login, password)


@pytest.mark.parametrize('code', ['disputes', 'risk'])
def test_what_speaks_against_it_sends_it_to_a_person(office: RoleOffice, code: str) -> None:
    switch_on(office)
    if code == 'disputes':
        office.desk.disputes.take(
            office.people[Role.COORDINATOR], office.case_id, MatterKind.DISPUTE, '', '对责任认定有异议'
        )
    else:
        office.desk.risk.refer(office.people[Role.SURVEYOR], office.case_id, '请核实')
    assert hand_in(office) is Stage.APPROVAL
    (check,) = office.desk.straight_through.of_case(office.people[Role.AUDITOR], office.case_id)
    assert [one.code for one in check.conditions if not one.holds] == [code]
    assert all(one.words for one in check.conditions)


def test_a_larger_amount_waits_for_a_person(office: RoleOffice) -> None:
    switch_on(office, replace(ON, limits=dict.fromkeys(ON.limits, 100)))
    assert hand_in(office) is Stage.APPROVAL


def test_the_lot_sends_it_to_a_person(office: RoleOffice) -> None:
    switch_on(office, replace(ON, sample_percent=100))
    assert hand_in(office) is Stage.APPROVAL
    (check,) = office.desk.straight_through.of_case(office.people[Role.AUDITOR], office.case_id)
    assert (check.sampled, check.approved, check.held) == (True, False, 11)


def test_verifying_says_that_a_rule_approved_and_finds_a_later_change(office: RoleOffice) -> None:
    switch_on(office)
    hand_in(office)
    with office.desk.context.database.read() as session:
        (finding,) = check_sign_off(session, session.get_one(Case, office.case_id))
    assert finding.health is Health.NOTE
    with office.desk.context.write(office.people[Role.ADJUSTER], 'test') as session:
        calculation = session.scalars(select(Calculation)).one()
        calculation.steps = [*calculation.steps][:-1]
    with office.desk.context.database.read() as session:
        found = check_sign_off(session, session.get_one(Case, office.case_id))
    assert Health.BROKEN in {one.health for one in found}


def test_two_cases_use_one_account(office: RoleOffice) -> None:
    switch_on(office)
    hand_in(office)
    office.case_id = office.register('second')
    hand_in(office)
    with office.desk.context.database.read() as session:
        assert len(session.scalars(select(Account).where(Account.login.like('rule:%'))).all()) == 1


def test_who_switches_it_on(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        office.desk.straight_through.save_rule(office.people[Role.APPROVER], ON, office.watch().date())
    switch_on(office)
    assert office.desk.straight_through.rule(office.people[Role.AUDITOR]) == ON
