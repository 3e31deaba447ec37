"""The way of a case: which move leads where, who may make it, and what must hold first."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.permissions import PERMISSIONS
from claimdesk.rules.workflow import (
    MOVES,
    STAGE_ROLE,
    Facts,
    Move,
    blockers,
    moves_for,
    next_move,
)
from claimdesk.vocabulary import STAGES, ApprovalState, Line, Outcome, PaymentState, Role, Stage

ADJUSTER, APPROVER = 7, 9
EVERY_ROLE = tuple(Role)
READY = {
    Stage.REPORTED: {},
    Stage.REGISTERED: {},
    Stage.SURVEY: {'survey_written': True},
    Stage.ASSESSMENT: {'confirmed_loss': Decimal(500)},
    Stage.ADJUSTMENT: {'calculation': ApprovalState.PENDING, 'adjuster_id': ADJUSTER},
    Stage.APPROVAL: {'calculation': ApprovalState.PENDING, 'adjuster_id': ADJUSTER},
    Stage.PAYMENT: {'payment': PaymentState.PAID, 'calculation': ApprovalState.APPROVED},
    Stage.CLOSING: {'payment': PaymentState.PAID, 'calculation': ApprovalState.APPROVED},
    Stage.CLOSED: {},
}


def facts(stage: Stage, **more: object) -> Facts:
    outcome = Outcome.PAID if stage is Stage.CLOSED else Outcome.OPEN
    return Facts(stage, outcome, Line.MOTOR, owner_id=1, **{'has_estimate': True, **READY[stage], **more})


def against(move: Move, given_in: Facts, user_id: int = APPROVER) -> tuple[str, ...]:
    return blockers(move, given_in, EVERY_ROLE, user_id)


def test_the_straight_way_passes_every_stage() -> None:
    stage, seen = Stage.REPORTED, [Stage.REPORTED]
    while (move := next_move(facts(stage))) is not None:
        assert against(move, facts(stage)) == ()
        stage = MOVES[move].to_stage
        seen.append(stage)
    assert tuple(seen) == STAGES


@pytest.mark.parametrize('stage', [stage for stage in STAGES if stage is not Stage.CLOSED])
def test_each_stage_belongs_to_a_role_that_may_end_it(stage: Stage) -> None:
    move = next_move(facts(stage))
    assert move is not None
    assert MOVES[move].permission in PERMISSIONS[STAGE_ROLE[stage]]


@pytest.mark.parametrize(
    'move, stage, more, sentence',
    [
        (Move.REGISTER, Stage.REPORTED, {'has_estimate': False}, 'Set the estimate first.'),
        (Move.FINISH_SURVEY, Stage.SURVEY, {'survey_written': False}, 'Write the survey report first.'),
        (Move.FINISH_ASSESSMENT, Stage.ASSESSMENT, {'open_loss_items': 2}, '2 loss items are not confirmed yet.'),
        (Move.FINISH_ASSESSMENT, Stage.ASSESSMENT, {'open_loss_items': 1}, '1 loss item is not confirmed yet.'),
        (Move.FINISH_ASSESSMENT, Stage.ASSESSMENT, {'confirmed_loss': Decimal(0)},
         'Enter and confirm at least one loss item.'),
        (Move.SUBMIT_CALCULATION, Stage.ADJUSTMENT, {'calculation': None}, 'Calculate the payment first.'),
        (Move.SUBMIT_CALCULATION, Stage.ADJUSTMENT, {'calculation': ApprovalState.RETURNED},
         'Calculate the payment first.'),
        (Move.SUBMIT_CALCULATION, Stage.ADJUSTMENT, {'missing_documents': 1}, '1 required document is missing.'),
        (Move.APPROVE, Stage.APPROVAL, {'missing_documents': 3}, '3 required documents are missing.'),
        (Move.APPROVE, Stage.APPROVAL, {'adjuster_id': APPROVER},
         'You made this calculation, so somebody else must approve it.'),
        (Move.RETURN_CALCULATION, Stage.APPROVAL, {'calculation': ApprovalState.APPROVED},
         'No calculation waits for approval.'),
        (Move.PAY, Stage.PAYMENT, {'payment': PaymentState.PREPARED}, 'Record the payment first.'),
        (Move.CLOSE, Stage.CLOSING, {'payment': None}, 'The case is not paid yet.'),
        (Move.ZERO_CLOSE, Stage.PAYMENT, {'payment': PaymentState.PREPARED},
         'A payment has been made or is on its way.'),
        (Move.ZERO_CLOSE, Stage.CLOSING, {'payment': None, 'refused': True},
         'The claim is refused: send the refusal notice.'),
    ],
)  # fmt: skip
def test_what_speaks_against_a_move(move: Move, stage: Stage, more: dict[str, object], sentence: str) -> None:
    assert against(move, facts(stage, **more)) == (sentence,)
    if move is not Move.ZERO_CLOSE:
        assert against(move, facts(stage)) == ()


def test_every_reason_is_told_at_once() -> None:
    told = against(Move.SUBMIT_CALCULATION, facts(Stage.ADJUSTMENT, missing_documents=2, calculation=None))
    assert len(told) == 2


def test_a_refused_case_leaves_by_the_refusal_notice_only() -> None:
    refused = facts(Stage.CLOSING, refused=True, payment=None)
    assert next_move(refused) is Move.SEND_REFUSAL
    assert against(Move.SEND_REFUSAL, refused) == ()
    assert against(Move.CLOSE, refused) == ('Another step comes first.',)
    assert against(Move.SEND_REFUSAL, facts(Stage.CLOSING)) == ('Another step comes first.',)


@pytest.mark.parametrize('move', list(Move))
def test_nothing_moves_from_a_stage_it_does_not_begin_at(move: Move) -> None:
    for stage in set(STAGES) - MOVES[move].from_stages:
        assert against(move, facts(stage)) == ('The case is no longer at this stage.',)


@pytest.mark.parametrize('move', list(Move))
def test_a_role_without_the_permission_is_told_who_may(move: Move) -> None:
    rule = MOVES[move]
    stage = next(iter(rule.from_stages))
    given_in = facts(stage, refused=move is Move.SEND_REFUSAL)
    for role in Role:
        told = blockers(move, given_in, {role}, APPROVER)
        assert any('Your role may not' in sentence for sentence in told) is (rule.permission not in PERMISSIONS[role])


def test_what_ends_a_case_asks_for_a_reason_and_an_approver() -> None:
    for move, rule in MOVES.items():
        if rule.is_side:
            assert rule.reason_needed, move
        if rule.is_side and move is not Move.CANCEL_REPORT:
            assert rule.permission in PERMISSIONS[Role.APPROVER], move


@given(
    st.sampled_from(STAGES),
    st.booleans(),
    st.sampled_from([None, *ApprovalState]),
    st.sampled_from([None, *PaymentState]),
    st.integers(0, 3),
    st.sets(st.sampled_from(list(Role))),
)
def test_what_is_offered_can_be_made_and_nothing_else(
    stage: Stage, refused: bool, calculation: ApprovalState, payment: PaymentState, missing: int, roles: set[Role]
) -> None:
    given_in = replace(
        facts(stage), refused=refused, calculation=calculation, payment=payment, missing_documents=missing
    )
    offered = {move: (allowed, reasons) for move, allowed, reasons in moves_for(given_in, roles, APPROVER)}
    for move, (allowed, reasons) in offered.items():
        assert stage in MOVES[move].from_stages
        assert allowed is (reasons == ()) is (blockers(move, given_in, roles, APPROVER) == ())
    straight = [move for move in offered if not MOVES[move].is_side]
    assert straight == ([next_move(given_in)] if stage is not Stage.CLOSED else [])
