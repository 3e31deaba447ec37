"""A case through every stage and every side way, through the services, on both databases."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed, NotFound
from claimdesk.models import CaseEvent, Database, Task
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import PERMISSIONS
from claimdesk.rules.workflow import MOVES, Move
from claimdesk.services.clockwork import STEP
from claimdesk.vocabulary import STAGES, ApprovalState, Channel, DueState, Outcome, Role, Stage, TaskState
from tests.services.role_office import PASSWORD, RoleOffice, role_office

MOVE_OF = {
    Stage.REPORTED: Move.REGISTER,
    Stage.REGISTERED: Move.DISPATCH_SURVEY,
    Stage.SURVEY: Move.FINISH_SURVEY,
    Stage.ASSESSMENT: Move.FINISH_ASSESSMENT,
    Stage.ADJUSTMENT: Move.SUBMIT_CALCULATION,
    Stage.APPROVAL: Move.APPROVE,
    Stage.PAYMENT: Move.PAY,
    Stage.CLOSING: Move.CLOSE,
}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def events(office: RoleOffice) -> list[str]:
    with office.desk.context.database.read() as session:
        query = select(CaseEvent.kind).where(CaseEvent.case_id == office.case_id, CaseEvent.voided.is_(False))
        return list(session.scalars(query.order_by(CaseEvent.id)))


def tasks(office: RoleOffice) -> list[tuple[str, TaskState]]:
    with office.desk.context.database.read() as session:
        rows = session.scalars(select(Task).where(Task.case_id == office.case_id).order_by(Task.id))
        return [(row.kind, row.state) for row in rows]


def test_the_straight_way(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    case = office.case
    assert (case.outcome, case.payable, case.paid_amount) == (Outcome.PAID, Decimal(2300), Decimal(2300))
    assert case.registered_at is not None
    assert case.paid_at is not None
    assert case.closed_at is not None
    assert case.paid_at < case.closed_at
    told = events(office)
    for kind in (EventKind.ANSWERED, EventKind.DECIDED, EventKind.AGREED, EventKind.PAID, EventKind.CLOSED):
        assert told.count(kind.value) == 1
    assert [kind for kind, _state in tasks(office)] == [stage.value for stage in STAGES[:-1]]
    assert {state for _kind, state in tasks(office)} == {TaskState.DONE}


def test_every_step_has_an_owner_of_its_role_and_a_due_time(office: RoleOffice) -> None:
    owners = {
        Stage.SURVEY: Role.SURVEYOR, Stage.ASSESSMENT: Role.ASSESSOR, Stage.ADJUSTMENT: Role.ADJUSTER,
        Stage.APPROVAL: Role.APPROVER, Stage.PAYMENT: Role.FINANCE, Stage.CLOSING: Role.SERVICE,
    }  # fmt: skip
    for stage, role in owners.items():
        office.bring_to(stage)
        case = office.case
        assert case.owner_id == office.people[role].id
        assert case.assigned_why
        assert case.step_due_at is not None
        assert STEP in {clock.id for clock in office.desk.clocks.due(office.people[role], office.case_id)}
    office.bring_to(Stage.CLOSED)
    assert office.case.step_due_at is None


def test_the_journey_tells_who_had_it_and_since_when(office: RoleOffice) -> None:
    office.bring_to(Stage.ADJUSTMENT)
    journey = office.desk.workflow.journey(office.people[Role.AUDITOR], office.case_id)
    assert [visit.stage for visit in journey] == list(STAGES[:5])
    survey, now = journey[2], journey[-1]
    assert survey.owner == office.people[Role.SURVEYOR].name
    assert survey.left_by == office.people[Role.SURVEYOR].name
    assert survey.left_at == journey[3].entered_at
    assert (now.left_at, now.owner) == (None, office.people[Role.ADJUSTER].name)
    assert all(visit.due_at is not None for visit in journey[1:])


def test_a_first_estimate_may_come_with_the_move(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    view = office.desk.workflow.moves(clerk, office.case_id).next
    assert view is not None
    assert (view.move, view.allowed, view.needs_estimate, view.reasons) == (Move.REGISTER, True, True, ())
    with pytest.raises(InvalidInput, match='Set the estimate first'):
        office.move(Role.SERVICE, Move.REGISTER)
    office.move(Role.SERVICE, Move.REGISTER, estimate=Decimal('6000'))
    assert office.case.first_estimate == Decimal('6000.00')


@pytest.mark.parametrize('stage', list(MOVE_OF))
def test_who_may_move_and_who_is_told_why_not(office: RoleOffice, stage: Stage) -> None:
    office.bring_to(stage)
    move = MOVE_OF[stage]
    for role, actor in office.people.items():
        permitted = MOVES[move].permission in PERMISSIONS[role]
        view = office.desk.workflow.moves(actor, office.case_id).next
        assert view is not None
        assert (view.move, view.permitted) == (move, permitted)
        if not permitted:
            assert 'Your role may not' in view.reasons[0]
            with pytest.raises(NotAllowed):
                office.move(role, move, 'because')
    assert office.case.stage is stage


def test_what_is_missing_stops_a_move(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    with pytest.raises(InvalidInput, match='survey report'):
        office.move(Role.SURVEYOR, Move.FINISH_SURVEY)
    office.bring_to(Stage.ASSESSMENT)
    with pytest.raises(InvalidInput, match='loss item'):
        office.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    office.bring_to(Stage.ADJUSTMENT)
    with pytest.raises(InvalidInput, match='required documents are missing') as refused:
        office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    assert 'Calculate the payment first.' in refused.value.advice
    office.everything_here()
    office.calculate()
    office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    assert office.case.stage is Stage.APPROVAL


def test_nobody_approves_what_they_calculated(office: RoleOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    both = replace(office.people[Role.ADJUSTER], roles=frozenset({Role.ADJUSTER, Role.APPROVER}))
    with pytest.raises(InvalidInput, match='somebody else must approve'):
        office.desk.sign_off.approve(both, office.case_id, office.case.version, PASSWORD)
    with pytest.raises(InvalidInput, match='signed with your password'):
        office.desk.workflow.make(office.people[Role.APPROVER], office.case_id, office.case.version, Move.APPROVE)
    assert office.case.stage is Stage.APPROVAL


def test_a_returned_calculation_goes_back_and_may_be_made_again(office: RoleOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    with pytest.raises(InvalidInput, match='reason'):
        office.move(Role.APPROVER, Move.RETURN_CALCULATION, '  ')
    office.move(Role.APPROVER, Move.RETURN_CALCULATION, '折旧未扣')
    assert (office.case.stage, office.case.payable) == (Stage.ADJUSTMENT, None)
    with pytest.raises(InvalidInput, match='Calculate the payment first'):
        office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    office.calculate()
    office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    kept = office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)
    assert [(one.number, one.state, one.reason) for one in kept] == [
        (2, ApprovalState.PENDING, ''),
        (1, ApprovalState.RETURNED, '折旧未扣'),
    ]


def test_a_report_is_cancelled_before_it_is_registered_only(office: RoleOffice) -> None:
    office.move(Role.SERVICE, Move.CANCEL_REPORT, '重复报案')
    assert (office.case.stage, office.case.outcome) == (Stage.CLOSED, Outcome.CANCELLED_REPORT)
    assert office.case.outcome_reason == '重复报案'
    assert tasks(office) == [('reported', TaskState.DROPPED)]
    office.case_id = office.register('second')
    office.bring_to(Stage.REGISTERED)
    with pytest.raises(InvalidInput, match='no longer at this stage'):
        office.move(Role.SERVICE, Move.CANCEL_REPORT, '重复报案')


@pytest.mark.parametrize('stage', [stage for stage in STAGES[1:] if stage is not Stage.CLOSED])
def test_a_case_is_cancelled_before_money_only(office: RoleOffice, stage: Stage) -> None:
    office.bring_to(stage)
    if stage in (Stage.PAYMENT, Stage.CLOSING):
        with pytest.raises(InvalidInput, match='no longer at this stage'):
            office.move(Role.APPROVER, Move.CANCEL_CASE, '客户放弃')
    else:
        office.move(Role.APPROVER, Move.CANCEL_CASE, '客户放弃')
        assert (office.case.stage, office.case.outcome) == (Stage.CLOSED, Outcome.CANCELLED_CASE)


def test_a_refused_claim_leaves_by_its_notice(office: RoleOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    with pytest.raises(NotAllowed):
        office.move(Role.ASSESSOR, Move.REFUSE, '酒驾')
    office.move(Role.APPROVER, Move.REFUSE, '酒驾')
    assert (office.case.stage, office.case.outcome) == (Stage.CLOSING, Outcome.OPEN)
    notice = {clock.id: clock for clock in office.desk.clocks.due(office.people[Role.SERVICE], office.case_id)}['L5']
    assert notice.stopped_at is None
    assert notice.statutory
    with pytest.raises(InvalidInput, match='Another step comes first'):
        office.move(Role.SERVICE, Move.CLOSE)
    with pytest.raises(InvalidInput, match='send the refusal notice'):
        office.move(Role.APPROVER, Move.ZERO_CLOSE, '不赔')
    office.move(Role.SERVICE, Move.SEND_REFUSAL)
    assert (office.case.stage, office.case.outcome) == (Stage.CLOSED, Outcome.REFUSED)
    assert {EventKind.REFUSAL_SENT.value, EventKind.NOTIFIED.value, EventKind.CLOSED.value} <= set(events(office))


@pytest.mark.parametrize('stage', list(STAGES[1:7]))
def test_a_case_is_closed_without_payment(office: RoleOffice, stage: Stage) -> None:
    office.bring_to(stage)
    office.move(Role.APPROVER, Move.ZERO_CLOSE, '低于免赔额')
    assert (office.case.stage, office.case.outcome) == (Stage.CLOSED, Outcome.ZERO)


def test_nothing_is_closed_without_payment_once_money_is_on_its_way(office: RoleOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    office.desk.payment.prepare(
        office.people[Role.FINANCE], office.case_id, payee_name='欧阳', bank_name='中国银行',
        account_number='12345678901', request_key='one',
    )  # fmt: skip
    with pytest.raises(InvalidInput, match='on its way'):
        office.move(Role.APPROVER, Move.ZERO_CLOSE, '低于免赔额')


@pytest.mark.parametrize('move', [Move.CANCEL_CASE, Move.ZERO_CLOSE])
def test_a_closed_case_is_reopened_at_the_assessment(office: RoleOffice, move: Move) -> None:
    office.bring_to(Stage.SURVEY)
    office.move(Role.APPROVER, move, '客户放弃')
    with pytest.raises(NotAllowed):
        office.move(Role.SERVICE, Move.REOPEN, '新单证')
    office.watch.forward(days=3)
    office.move(Role.APPROVER, Move.REOPEN, '新单证')
    case = office.case
    assert (case.stage, case.outcome, case.closed_at, case.reopened_times) == (
        Stage.ASSESSMENT, Outcome.OPEN, None, 1,
    )  # fmt: skip
    assert case.owner_id == office.people[Role.ASSESSOR].id
    office.bring_to(Stage.CLOSED)
    assert office.case.outcome is Outcome.PAID


def test_a_paid_case_that_is_reopened_is_paid_the_difference(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    office.move(Role.APPROVER, Move.REOPEN, '补赔拖车费')
    assert office.case.payable is None
    for move in (Move.CANCEL_CASE, Move.ZERO_CLOSE, Move.REFUSE):
        with pytest.raises(InvalidInput, match='payment has been made'):
            office.move(Role.APPROVER, move, '不赔')
    office.enter_loss('400', '400')
    office.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    office.bring_to(Stage.PAYMENT)
    assert office.case.payable == Decimal(2700)
    with pytest.raises(InvalidInput, match='Record the payment first'):
        office.move(Role.FINANCE, Move.PAY)
    finance = office.people[Role.FINANCE]
    book = office.desk.payment.book(finance)
    assert [row.amount for row in book.to_prepare] == [Decimal(400)]
    assert book.sums['to_prepare'].amount == Decimal(400)
    more = office.desk.payment.prepare(
        finance, office.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901',
        request_key='more',
    )  # fmt: skip
    assert more.amount == Decimal(400)
    office.desk.payment.mark_paid(finance, more.id, more.version, 'REF-2')
    office.move(Role.FINANCE, Move.PAY)
    office.move(Role.SERVICE, Move.CLOSE)
    assert (office.case.outcome, office.case.paid_amount) == (Outcome.PAID, Decimal(2700))


def test_a_reopened_case_that_owes_nothing_more_is_closed_again(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    office.move(Role.APPROVER, Move.REOPEN, '客户有异议')
    office.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    office.bring_to(Stage.PAYMENT)
    finance = office.people[Role.FINANCE]
    assert office.desk.payment.book(finance).to_prepare == ()
    with pytest.raises(InvalidInput, match='paid already'):
        office.desk.payment.prepare(
            finance, office.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901',
            request_key='more',
        )  # fmt: skip
    office.move(Role.FINANCE, Move.PAY)
    office.move(Role.SERVICE, Move.CLOSE)
    assert office.case.paid_amount == Decimal(2300)


def test_a_move_from_an_old_screen_is_a_conflict(office: RoleOffice) -> None:
    old = office.case.version
    clerk = office.people[Role.SERVICE]
    office.desk.messages.note(clerk, office.case_id, Channel.NOTE, '已联系')
    with pytest.raises(Conflict):
        office.desk.workflow.make(clerk, office.case_id, old, Move.REGISTER, estimate=Decimal(1))
    assert (office.case.stage, office.case.estimate) == (Stage.REPORTED, None)


def test_a_move_that_fails_changes_nothing(office: RoleOffice) -> None:
    office.bring_to(Stage.ADJUSTMENT)
    before = (office.case, events(office), tasks(office))
    with pytest.raises(InvalidInput):
        office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    assert (office.case, events(office), tasks(office)) == before


def test_the_clocks_of_a_closed_case_are_done(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    clocks = office.desk.clocks.due(office.people[Role.AUDITOR], office.case_id)
    states = {clock.id: clock.state for clock in clocks if clock.counts}
    # The customer has yet to be called back.
    assert [clock.id for clock in clocks if clock.stopped_at is None] == ['L16']
    assert set(states.values()) == {DueState.DONE}
    assert {'L2', 'L4', 'L6'} <= set(states)


def test_a_case_that_is_not_there(office: RoleOffice) -> None:
    for ask in (office.desk.workflow.moves, office.desk.workflow.journey, office.desk.cases.page):
        with pytest.raises(NotFound):
            ask(office.people[Role.AUDITOR], 999_999)
