"""Calculating a case: the proposal of the file, the sheet, what is kept, and what stops it; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Calculation, Coverage, Database, Policy
from claimdesk.rules.adjustment import Inputs
from claimdesk.services.adjustment import CalculationView, canonical
from claimdesk.vocabulary import ApprovalState, LossKind, Role, Stage
from tests.services.role_office import RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.ADJUSTMENT)
    return made


def cover(office: RoleOffice, number: int = 0) -> int:
    return office.case.policy.coverages[number].id


def proposal(office: RoleOffice, number: int = 0) -> Inputs:
    return office.desk.adjustment.proposal(office.people[Role.ADJUSTER], office.case_id, cover(office, number))


def save(office: RoleOffice, inputs: Inputs, version: int | None = None) -> CalculationView:
    return office.desk.adjustment.save(
        office.people[Role.ADJUSTER], office.case_id, version or office.case.version, cover(office), inputs
    )


def kept(office: RoleOffice) -> list[CalculationView]:
    return office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)


def test_the_file_proposes_loss_limit_deductible_and_share(office: RoleOffice) -> None:
    own, others = proposal(office, 0), proposal(office, 1)
    assert (own.confirmed, own.sum_insured, own.deductible, own.liability_ratio) == (
        D(2800), D(180_000), D(500), D(1),
    )  # fmt: skip
    assert (others.sum_insured, others.liability_ratio) == (D(1_000_000), D('0.7'))


def test_salvage_is_proposed_apart_from_the_loss(office: RoleOffice) -> None:
    office.desk.assessment.add(
        office.people[Role.ADJUSTER], office.case_id, LossKind.SALVAGE, '旧件', D(100), D(100)
    )
    assert (proposal(office).confirmed, proposal(office).salvage) == (D(2800), D(100))


def test_a_look_keeps_nothing(office: RoleOffice) -> None:
    sheet = office.desk.adjustment.preview(office.people[Role.AUDITOR], office.case_id, proposal(office))
    assert (sheet.payable, kept(office)) == (D(2300), [])


def test_it_is_kept_with_inputs_steps_and_maker(office: RoleOffice) -> None:
    saved = save(office, replace(proposal(office), paid_by_others=D(300)))
    (view,) = kept(office)
    assert view == saved
    assert (view.number, view.payable, view.state) == (1, D(2000), ApprovalState.PENDING)
    assert view.inputs.paid_by_others == D(300)
    assert view.steps[-1].amount == D(2000)
    assert view.made_by_id == office.people[Role.ADJUSTER].id


def test_until_it_is_handed_in_a_later_one_takes_its_place(office: RoleOffice) -> None:
    save(office, proposal(office))
    save(office, replace(proposal(office), deductible=D(0)))
    (view,) = kept(office)
    assert (view.number, view.payable) == (1, D(2800))


def test_an_old_screen_calculates_nothing(office: RoleOffice) -> None:
    old = office.case.version
    save(office, proposal(office))
    with pytest.raises(Conflict):
        save(office, replace(proposal(office), deductible=D(0)), old)
    assert kept(office)[0].payable == D(2300)


def test_nothing_unconfirmed_enters_a_calculation(office: RoleOffice) -> None:
    office.desk.assessment.add(office.people[Role.ADJUSTER], office.case_id, LossKind.LABOUR, '工时', D(300))
    with pytest.raises(InvalidInput, match='not confirmed yet'):
        save(office, proposal(office))


def test_no_more_than_was_confirmed_enters_a_calculation(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(office, replace(proposal(office), confirmed=D('2800.01')))
    assert set(refused.value.fields) == {'confirmed'}


def test_wrong_inputs_are_named_by_field(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(office, replace(proposal(office), deductible=D(-1), benefit_ratio=D('1.2')))
    assert set(refused.value.fields) == {'deductible', 'benefit_ratio'}


def test_a_cover_of_another_policy_is_refused(office: RoleOffice) -> None:
    with office.desk.context.database.write('test') as session:
        mine = session.get_one(Policy, office.policy_id)
        strange = Policy(
            office_id=mine.office_id, number='OTHER', line=mine.line, clause=mine.clause, holder_id=mine.holder_id,
            insured_id=mine.insured_id, starts_at=mine.starts_at, ends_at=mine.ends_at,
        )  # fmt: skip
        strange.coverages = [Coverage(code='damage', name='别的', sum_insured=D(1))]
        session.add(strange)
        session.flush()
        other = strange.coverages[0].id
    with pytest.raises(InvalidInput, match='does not belong'):
        office.desk.adjustment.save(
            office.people[Role.ADJUSTER], office.case_id, office.case.version, other, proposal(office)
        )


def test_it_is_calculated_at_its_stage_by_the_adjuster_only(office: RoleOffice) -> None:
    for role in (Role.APPROVER, Role.MANAGER, Role.FINANCE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            office.desk.adjustment.save(
                office.people[role], office.case_id, office.case.version, cover(office), proposal(office)
            )
    office.bring_to(Stage.APPROVAL)
    with pytest.raises(InvalidInput, match='not at the adjustment stage'):
        save(office, proposal(office))


def test_the_decision_is_kept_with_the_calculation(office: RoleOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    (view,) = kept(office)
    assert (view.state, view.decided_by) == (ApprovalState.APPROVED, office.people[Role.APPROVER].name)
    assert office.case.payable == view.payable == D(2300)


def test_what_is_signed_is_the_same_for_the_same_content_and_another_for_any_other(office: RoleOffice) -> None:
    saved = save(office, proposal(office))
    with office.desk.context.database.read() as session:
        once, again = (canonical(session.get_one(Calculation, saved.id)) for _time in range(2))
    assert once == again
    office.bring_to(Stage.PAYMENT)
    with office.desk.context.database.write('test') as session:
        row = session.get_one(Calculation, saved.id)
        session.refresh(row)
        decided = canonical(row)
        row.payable = D('2300.01')
        changed = canonical(row)
        session.rollback()
    assert (json.loads(decided)['payable'], json.loads(changed)['payable']) == ('2300.00', '2300.01')
