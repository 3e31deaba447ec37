"""The close gate: what holds a case back, who may override it, and what is never overridden; and the retention."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from claimdesk.rules.archive import keep_until, years_later
from claimdesk.rules.authority import Standing
from claimdesk.rules.close_gate import GATES
from claimdesk.rules.workflow import MOVES, TWO_PEOPLE, Facts, Move, blockers, hard_blockers, overridable
from claimdesk.vocabulary import ApprovalState, Line, Outcome, PaymentState, Role, Stage

ME, OTHER = 5, 6
EVERY_ROLE = tuple(Role)
D = Decimal


def closing(**more: object) -> Facts:
    given = {'has_estimate': True, 'payment': PaymentState.PAID, 'payable': D(100), 'paid': D(100), **more}
    return Facts(Stage.CLOSING, Outcome.OPEN, Line.MOTOR, owner_id=ME, **given)


@pytest.mark.parametrize(
    'more, sentence',
    [
        ({'open_tasks': 1}, '1 task is still open.'),
        ({'open_complaints': 2}, '2 complaints are not answered.'),
        ({'missing_documents': 1}, '1 required document is missing.'),
        ({'has_estimate': False}, 'The estimate was never set.'),
    ],
)
def test_what_is_open_holds_the_case_until_a_manager_overrides(more: dict[str, object], sentence: str) -> None:
    assert blockers(Move.CLOSE, closing(), EVERY_ROLE, ME) == ()
    assert blockers(Move.CLOSE, closing(**more), EVERY_ROLE, ME) == (sentence,)
    for role in Role:
        assert overridable(Move.CLOSE, closing(**more), {role}, ME) is (role is Role.MANAGER)


@pytest.mark.parametrize('more', [{'payment': None, 'paid': D(0)}, {'payment': PaymentState.PREPARED, 'paid': D(0)}])
def test_an_unpaid_case_is_closed_by_nobody(more: dict[str, object]) -> None:
    for facts in (closing(**more), closing(**more, open_tasks=1)):
        assert hard_blockers(Move.CLOSE, facts, EVERY_ROLE, ME)
        assert not overridable(Move.CLOSE, facts, EVERY_ROLE, ME)


def test_closing_without_payment_first_tells_the_claimant_what_is_missing() -> None:
    def at(**more: object) -> Facts:
        return Facts(Stage.ASSESSMENT, Outcome.OPEN, Line.MOTOR, owner_id=ME, has_estimate=True, **more)

    told = blockers(Move.ZERO_CLOSE, at(missing_documents=1, claim_received=True), EVERY_ROLE, ME)
    assert told == ('The claimant has not been told which documents are missing.',)
    assert blockers(Move.ZERO_CLOSE, at(missing_documents=1), EVERY_ROLE, ME) == ()
    sent = at(missing_documents=1, claim_received=True, notice_sent=True)
    assert blockers(Move.ZERO_CLOSE, sent, EVERY_ROLE, ME) == ()


def test_every_move_that_ends_a_case_has_a_gate() -> None:
    ends = {move.value for move, rule in MOVES.items() if rule.to_stage is Stage.CLOSED}
    assert ends == set(GATES)


@pytest.mark.parametrize('move', sorted(TWO_PEOPLE))
def test_who_asked_or_worked_on_the_case_does_not_decide(move: Move) -> None:
    stage = next(iter(MOVES[move].from_stages - {Stage.CLOSING}))
    outcome = Outcome.PAID if stage is Stage.CLOSED else Outcome.OPEN

    def at(**more: object) -> tuple[str, ...]:
        facts = Facts(stage, outcome, Line.MOTOR, owner_id=ME, has_estimate=True, **more)
        return blockers(move, facts, {Role.APPROVER}, ME)

    assert at(requested_by={move: OTHER}) == ()
    assert at(requested_by={move: ME}) == ('You asked for this, so somebody else must decide.',)
    assert at(requested_by={move: OTHER}, handlers=frozenset({ME})) == (
        'You worked on this case, so somebody else must decide.',
    )
    assert bool(at()) is (move is Move.REOPEN)


@pytest.mark.parametrize(
    'standing, open_to',
    [
        (Standing('a', D(100), D(900)), {Move.APPROVE}),
        (Standing('a', D(50), D(900)), {Move.PASS_UP}),
        (Standing('', None, D(900)), {Move.PASS_UP}),
        (Standing('b', D(90), D(90)), {Move.HEAD_OFFICE}),
        (Standing('a', D(50), D(90)), {Move.PASS_UP}),
    ],
)
def test_exactly_one_way_is_open_for_every_standing(standing: Standing, open_to: set[Move]) -> None:
    facts = Facts(
        Stage.APPROVAL, Outcome.OPEN, Line.MOTOR, owner_id=ME, calculation=ApprovalState.PENDING, adjuster_id=OTHER,
        asked=D(100), standing=standing,
    )  # fmt: skip
    ways = (Move.APPROVE, Move.PASS_UP, Move.HEAD_OFFICE)
    assert {move for move in ways if not blockers(move, facts, {Role.APPROVER}, ME)} == open_to


@pytest.mark.parametrize(
    'starts, ends, kept',
    [
        (dt.date(2026, 1, 1), dt.date(2027, 1, 1), dt.date(2032, 1, 1)),
        (dt.date(2026, 1, 1), dt.date(2027, 1, 2), dt.date(2037, 1, 2)),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), dt.date(2030, 2, 28)),
        (dt.date(2020, 1, 1), dt.date(2040, 1, 1), dt.date(2050, 1, 1)),
    ],
)
def test_papers_are_kept_from_the_contracts_end(starts: dt.date, ends: dt.date, kept: dt.date) -> None:
    assert keep_until(starts, ends) == kept


def test_a_leap_day_has_a_day_in_every_year() -> None:
    assert years_later(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert years_later(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 29)
