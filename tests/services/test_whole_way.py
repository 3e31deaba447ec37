"""Cases of each line from the call to the archive through every hand, and the side ways; on both databases.

What is due in yuan is worked out by hand from the clause, and in the end everything that was signed and written must
still hold.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.models import Coverage, Database, Policy
from claimdesk.rules.workflow import Move
from claimdesk.services.findings import Health
from claimdesk.services.intake import NewCase
from claimdesk.vocabulary import ClauseVersion, Liability, Line, LossKind, Outcome, PaymentState, Role, Stage
from tests.services.paper_office import START
from tests.services.role_office import PASSWORD, RoleOffice, role_office

D = Decimal
YEAR = dt.timedelta(days=365)
POLICIES = {
    Line.MEDICAL: (
        ClauseVersion.MEDICAL_INDEMNITY,
        Coverage(code='medical', name='医疗费用保险', sum_insured=D(2_000_000), deductible=D(10_000)),
    ),
    Line.PROPERTY: (
        ClauseVersion.PROPERTY_BASIC,
        Coverage(code='contents', name='存货', sum_insured=D(400), insured_value=D(600)),
    ),
}
LOSSES = {
    # line: (kind, claimed, confirmed, inputs changed by hand, payable worked out by hand)
    Line.MOTOR: (LossKind.PARTS, '21000', '20000', {}, '19500.00'),  # 20,000 − 500
    Line.MEDICAL: (LossKind.MEDICAL, '30000', '30000', {'social_paid': D(10_000)}, '10000.00'),
    Line.PROPERTY: (LossKind.CONTENTS, '300', '300', {}, '200.00'),  # 300 × 400 ÷ 600
}


class Way(RoleOffice):
    """The office of roles with a case of any line, and the steps of its way."""

    def take(self, line: Line, key: str = 'way') -> None:
        """Report a new case of `line` and go on with it."""
        policy_id = self.policy_id if line is Line.MOTOR else self._policy(line)
        new = NewCase(
            policy_id, self.watch() - dt.timedelta(hours=3), '人民路 318 号', '意外', '沈知远', '13800001234'
        )
        self.case_id = self.desk.intake.register(self.people[Role.SERVICE], new, key).case_id
        self.watch.forward(hours=1)

    def _policy(self, line: Line) -> int:
        clause, cover = POLICIES[line]
        with self.desk.context.database.write('test') as session:
            known = session.get_one(Policy, self.policy_id)
            policy = Policy(
                office_id=known.office_id, number=f'P{line.value}', line=line, clause=clause,
                holder_id=known.holder_id, insured_id=known.insured_id, starts_at=START - YEAR / 4,
                ends_at=START + YEAR * 3 / 4,
            )  # fmt: skip
            policy.coverages = [Coverage(**{
                name: getattr(cover, name)
                for name in ('code', 'name', 'sum_insured', 'deductible', 'insured_value')
                if getattr(cover, name) is not None
            })]  # fmt: skip
            session.add(policy)
            session.flush()
            return policy.id

    def to_adjustment(self) -> Line:
        """Registered, surveyed and assessed, every document verified; the line of the case."""
        line = self.case.line
        kind, claimed, confirmed, _changed, _payable = LOSSES[line]
        self.move(Role.SERVICE, Move.REGISTER, estimate=D(claimed))
        self.move(Role.SERVICE, Move.DISPATCH_SURVEY)
        self.desk.survey.save(
            self.people[Role.SURVEYOR], self.case_id, 0, visited_at=self.watch(), place='现场',
            liability=Liability.FULL, finding='属实',
        )  # fmt: skip
        self.move(Role.SURVEYOR, Move.FINISH_SURVEY)
        self.desk.assessment.add(
            self.people[Role.ASSESSOR], self.case_id, kind, '核定项目', D(claimed), D(confirmed)
        )
        self.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
        self.everything_here()
        return line

    def calculate_by_hand(self, **changed: Any) -> Decimal:
        """The adjuster's calculation with some inputs entered by hand; what it comes to."""
        adjuster = self.people[Role.ADJUSTER]
        request = self.desk.adjustment.proposal(adjuster, self.case_id).request
        part = request.parts[0]
        request = replace(request, parts=(replace(part, inputs=replace(part.inputs, **changed)), *request.parts[1:]))
        return self.desk.adjustment.save(adjuster, self.case_id, self.case.version, request).payable

    def pay_all(self, key: str = 'pay') -> Decimal:
        """Prepare what is owed and record it as paid; how much."""
        finance = self.people[Role.FINANCE]
        payment = self.desk.payment.prepare(
            finance, self.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901',
            request_key=f'{key} {self.case_id}',
        )  # fmt: skip
        self.desk.payment.mark_paid(finance, payment.id, payment.version, f'REF {key}')
        return payment.amount

    def nothing_broken(self) -> None:
        """Signatures, what rests on them and the trail hold."""
        found = self.desk.verify.case(self.people[Role.AUDITOR], self.case.number)
        assert found
        assert not [one for one in found if one.health is Health.BROKEN]


@pytest.fixture
def way(database: Database, tmp_path: Path) -> Way:
    made = role_office(database, tmp_path)
    return Way(**{field.name: getattr(made, field.name) for field in fields(made)})


@pytest.mark.parametrize('line', Line)
def test_the_straight_way(way: Way, line: Line) -> None:
    way.take(line)
    way.to_adjustment()
    _kind, _claimed, _confirmed, changed, payable = LOSSES[line]
    assert way.calculate_by_hand(**changed) == D(payable)
    way.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    way.move(Role.APPROVER, Move.APPROVE)
    assert way.pay_all() == D(payable)
    way.move(Role.FINANCE, Move.PAY)
    way.move(Role.SERVICE, Move.CLOSE)
    case = way.case
    assert (case.stage, case.outcome, case.paid_amount) == (Stage.CLOSED, Outcome.PAID, D(payable))
    assert way.desk.archive.of_case(way.people[Role.SERVICE], way.case_id) is not None
    way.nothing_broken()


@pytest.mark.parametrize('line', Line)
def test_a_return_then_another_calculation(way: Way, line: Line) -> None:
    way.take(line)
    way.to_adjustment()
    changed, payable = LOSSES[line][3:]
    way.calculate_by_hand(**changed)
    way.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    approver = way.people[Role.APPROVER]
    code = way.desk.sign_off.return_reasons(approver)[0].code
    way.desk.sign_off.give_back(approver, way.case_id, way.case.version, code, '请核对')
    assert way.case.stage is Stage.ADJUSTMENT
    assert way.calculate_by_hand(**changed) == D(payable)
    way.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    way.move(Role.APPROVER, Move.APPROVE)
    assert way.case.payable == D(payable)
    way.nothing_broken()


@pytest.mark.parametrize('line', Line)
def test_a_refusal_ends_with_its_notice(way: Way, line: Line) -> None:
    way.take(line)
    way.to_adjustment()
    way.move(Role.APPROVER, Move.REFUSE, '不属于保险责任')
    offered = way.desk.workflow.moves(way.people[Role.SERVICE], way.case_id).next
    assert offered is not None
    assert offered.move is Move.SEND_REFUSAL
    way.move(Role.SERVICE, Move.SEND_REFUSAL)
    assert way.case.outcome is Outcome.REFUSED
    with pytest.raises(ClaimDeskError):
        way.pay_all()
    way.nothing_broken()


@pytest.mark.parametrize('line', Line)
def test_reopened_and_paid_the_difference(way: Way, line: Line) -> None:
    test_the_straight_way(way, line)
    kind, _claimed, _confirmed, changed, payable = LOSSES[line]
    number = way.case.number
    way.move(Role.APPROVER, Move.REOPEN, '漏项')
    assert (way.case.number, way.case.stage, way.case.outcome) == (number, Stage.ASSESSMENT, Outcome.OPEN)
    way.desk.assessment.add(way.people[Role.ASSESSOR], way.case_id, kind, '补充项目', D(30), D(30))
    way.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    more = D(20) if line is Line.PROPERTY else D(30)
    assert way.calculate_by_hand(**changed) == D(payable) + more
    way.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    way.move(Role.APPROVER, Move.APPROVE)
    assert way.pay_all('again') == more
    way.move(Role.FINANCE, Move.PAY)
    way.move(Role.SERVICE, Move.CLOSE)
    paid = way.desk.payment.of_case(way.people[Role.FINANCE], way.case_id)
    assert [one.state for one in paid] == [PaymentState.PAID, PaymentState.PAID]
    assert way.case.paid_amount == D(payable) + more
    way.nothing_broken()


@pytest.mark.parametrize(
    ('move', 'role', 'outcome'),
    [
        (Move.CANCEL_REPORT, Role.SERVICE, Outcome.CANCELLED_REPORT),
        (Move.CANCEL_CASE, Role.APPROVER, Outcome.CANCELLED_CASE),
        (Move.ZERO_CLOSE, Role.APPROVER, Outcome.ZERO),
    ],
)
def test_a_case_that_ends_early(way: Way, move: Move, role: Role, outcome: Outcome) -> None:
    for line in Line:
        way.take(line, f'{line} {move}')
        if move is not Move.CANCEL_REPORT:
            way.move(Role.SERVICE, Move.REGISTER, estimate=D(5000))
        if role is Role.APPROVER:
            way.desk.requests.ask(way.people[Role.SERVICE], way.case_id, move, '客户撤回')
        way.move(role, move, '客户撤回')
        assert (way.case.stage, way.case.outcome) == (Stage.CLOSED, outcome)
        way.nothing_broken()


def test_nothing_is_closed_with_something_open(way: Way) -> None:
    way.take(Line.MOTOR)
    way.to_adjustment()
    way.calculate_by_hand()
    way.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    way.move(Role.APPROVER, Move.APPROVE)
    with pytest.raises(InvalidInput):
        way.desk.workflow.make(way.people[Role.FINANCE], way.case_id, way.case.version, Move.PAY)
    with pytest.raises(InvalidInput):
        way.desk.workflow.make(way.people[Role.SERVICE], way.case_id, way.case.version, Move.CLOSE)
    assert way.case.stage is Stage.PAYMENT


def test_nobody_approves_their_own_work_even_with_every_role(way: Way) -> None:
    way.take(Line.MOTOR)
    way.to_adjustment()
    adjuster = way.people[Role.ADJUSTER]
    everything = replace(adjuster, roles=frozenset(Role))
    way.calculate_by_hand()
    way.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    with pytest.raises(InvalidInput):
        way.desk.sign_off.approve(everything, way.case_id, way.case.version, PASSWORD)
    assert way.case.stage is Stage.APPROVAL
