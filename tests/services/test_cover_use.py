"""Limits and deductibles over several claims: read in the transaction, so that no two desks exceed one together."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.models import Case, Coverage, Database, LossItem, PartyRecord, Policy
from claimdesk.services.calculation_view import CalculationView
from claimdesk.services.context import OfficeContext
from claimdesk.services.cover_use import used
from claimdesk.services.moving import decide
from claimdesk.vocabulary import ClauseVersion, Line, LossKind, Role, Stage
from tests.services.paper_office import START
from tests.services.role_office import RoleOffice, role_office

D = Decimal


@dataclass
class MedicalOffice:
    """Two medical cases of one insured person in one policy year, both at the adjustment."""

    office: RoleOffice
    cases: tuple[int, int]
    cover: int

    def save(self, number: int, **inputs: Decimal) -> CalculationView:
        adjuster, desk = self.office.people[Role.ADJUSTER], self.office.desk
        request = desk.adjustment.proposal(adjuster, self.cases[number]).request
        part = request.parts[0]
        request = replace(request, parts=(replace(part, inputs=replace(part.inputs, **inputs)),))
        with desk.context.database.read() as session:
            version = session.get_one(Case, self.cases[number]).version
        return desk.adjustment.save(adjuster, self.cases[number], version, request)

    def approve(self, number: int) -> None:
        context: OfficeContext = self.office.desk.context
        approver = self.office.people[Role.APPROVER]
        with context.write(approver, 'approved') as session:
            case = session.get_one(Case, self.cases[number])
            decide(session, case, approver, approved=True, reason='', now=context.now())


@pytest.fixture
def medical(database: Database, tmp_path: Path) -> MedicalOffice:
    office = role_office(database, tmp_path)
    with database.write('test') as session:
        model = session.get_one(Case, office.case_id)
        patient = PartyRecord(name='林晓', pinyin='lx', phone='13900000000')
        session.add(patient)
        session.flush()
        policy = Policy(
            office_id=model.office_id, number='PEAA1', line=Line.MEDICAL, clause=ClauseVersion.MEDICAL_INDEMNITY,
            holder_id=patient.id, insured_id=patient.id, starts_at=START - dt.timedelta(days=90),
            ends_at=START + dt.timedelta(days=275),
        )  # fmt: skip
        policy.coverages = [
            Coverage(code='medical', name='住院医疗', sum_insured=D(50_000), deductible=D(10_000)),
        ]
        session.add(policy)
        session.flush()
        ids = []
        for number in range(2):
            values = {
                column.key: getattr(model, column.key)
                for column in Case.__table__.columns
                if column.key not in ('id', 'version', 'number', 'request_key', 'policy_id', 'line', 'stage')
            }
            values['insured_name'] = '林晓'
            case = Case(
                **values, number=f'MEDICAL-{number}', policy_id=policy.id, line=Line.MEDICAL, stage=Stage.ADJUSTMENT
            )
            session.add(case)
            session.flush()
            session.add(
                LossItem(
                    case_id=case.id, position=1, kind=LossKind.MEDICAL, name='住院费', claimed=D(40_000),
                    confirmed=D(40_000),
                )
            )  # fmt: skip
            ids.append(case.id)
        return MedicalOffice(office, (ids[0], ids[1]), policy.coverages[0].id)


def test_the_second_claim_of_the_year_sees_what_the_first_has_used(medical: MedicalOffice) -> None:
    first = medical.save(0)
    assert first.payable == D(30_000)
    assert medical.save(1).payable == D(30_000)
    medical.approve(0)
    second = medical.save(1)
    inputs = second.request.parts[0].inputs
    assert (inputs.deductible_used, inputs.limit_used) == (D(10_000), D(30_000))
    # No deductible any more, and 20,000 of the limit are left.
    assert second.payable == D(20_000)


def test_what_was_calculated_before_the_other_was_approved_cannot_be_approved(medical: MedicalOffice) -> None:
    medical.save(0)
    medical.save(1)
    medical.approve(0)
    with pytest.raises(InvalidInput, match='used part of the limit'):
        medical.approve(1)
    medical.save(1)
    medical.approve(1)
    with medical.office.desk.context.database.read() as session:
        together = used(session, 0, medical.cover, 'year:1:林晓')
    assert together.limit == D(50_000)


def test_less_than_the_office_knows_of_is_not_entered_by_hand(medical: MedicalOffice) -> None:
    medical.save(0)
    medical.approve(0)
    with pytest.raises(InvalidInput) as refused:
        medical.save(1, limit_used=D(0))
    assert set(refused.value.fields) == {'parts[0].limit_used'}
    # A claim settled elsewhere may have used more than the office knows of.
    assert medical.save(1, limit_used=D(45_000)).payable == D(5_000)


def test_a_case_that_was_refused_in_the_end_has_used_nothing(medical: MedicalOffice) -> None:
    from claimdesk.vocabulary import Outcome

    medical.save(0)
    medical.approve(0)
    with medical.office.desk.context.database.write('test') as session:
        case = session.get_one(Case, medical.cases[0])
        case.stage, case.outcome, case.closed_at = Stage.CLOSED, Outcome.REFUSED, START
    assert medical.save(1).payable == D(30_000)


def test_another_person_has_a_deductible_and_a_limit_of_their_own(medical: MedicalOffice) -> None:
    medical.save(0)
    medical.approve(0)
    with medical.office.desk.context.database.write('test') as session:
        session.get_one(Case, medical.cases[1]).insured_name = '周宁'
    assert medical.save(1).payable == D(30_000)


def test_two_desks_that_approve_at_once_do_not_exceed_the_limit(medical: MedicalOffice) -> None:
    medical.save(0)
    medical.save(1)
    ready = threading.Barrier(2)
    said: list[str] = []

    def approve(number: int) -> None:
        ready.wait()
        try:
            medical.approve(number)
            said.append('approved')
        except ClaimDeskError as error:
            said.append(type(error).__name__)

    desks = [threading.Thread(target=approve, args=(number,)) for number in range(2)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()
    assert sorted(said) == ['InvalidInput', 'approved']
    with medical.office.desk.context.database.read() as session:
        assert used(session, 0, medical.cover, 'year:1:林晓').limit == D(30_000)
