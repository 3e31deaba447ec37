"""Carrying a move out: what it writes once it has been found open, on one case or on many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.models import Calculation, Case, SurveyReport
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.workflow import (
    MOVES,
    TWO_PEOPLE,
    Facts,
    Move,
    blockers,
)
from claimdesk.services.archive import archive
from claimdesk.services.call_backs import open_call_back
from claimdesk.services.cases import RowResult
from claimdesk.services.clockwork import has_event, record_event
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.cover_use import check_before_approval
from claimdesk.services.requests import grant_request
from claimdesk.services.stages import enter_stage
from claimdesk.vocabulary import ApprovalState, CalculationKind, Outcome, Stage

_APPROVING = (Move.APPROVE, Move.HEAD_OFFICE)


def refuse_if_blocked(move: Move, facts: Facts, actor: Actor) -> None:
    """Raise `InvalidInput` with everything that speaks against `move`, if anything does."""
    against = blockers(move, facts, actor.roles, actor.id)
    if against:
        raise InvalidInput(against[0], ' '.join(against[1:]))


def each_case(
    office: OfficeContext,
    case_ids: Sequence[int],
    work: Callable[[int, int], object],
    title: str,
    progress: Progress = quiet,
) -> list[RowResult]:
    """Do `work(case_id, version)` on each case from its newest version, and say case by case how it went."""
    with office.database.read() as session:
        known = {
            case_id: (number, version)
            for case_id, number, version in session.execute(
                select(Case.id, Case.number, Case.version).where(Case.id.in_(case_ids))
            )
        }
    results = []
    for done, case_id in enumerate(case_ids):
        progress(done, len(case_ids), title)
        number, version = known.get(case_id, ('', 0))
        sentence = ''
        try:
            work(case_id, version)
        except ClaimDeskError as error:
            sentence = ' '.join(filter(None, (error.sentence, error.advice)))
        results.append(RowResult(case_id, number, sentence))
    return results


def carry_out(
    session: Session, office: OfficeContext, actor: Actor, case: Case, move: Move, reason: str, now: dt.datetime
) -> None:
    """Do what `move` brings about at `now`, in a transaction in which it has been found to be open to `actor`."""
    rule = MOVES[move]
    if move in TWO_PEOPLE:
        grant_request(session, case.id, move, actor, now)
    for kind in rule.events:
        record_event(session, case, kind, now, actor, office, reason)
    if move is Move.REGISTER:
        case.registered_at = now
    if move is Move.FINISH_SURVEY:
        _finish_survey(session, case, actor, office, now)
    if move in (*_APPROVING, Move.RETURN_CALCULATION):
        decide(session, case, actor, approved=move in _APPROVING, reason=reason, now=now)
    if move is Move.REOPEN:
        _reopen(case)
    if rule.reason_needed and move not in (Move.RETURN_CALCULATION, Move.HEAD_OFFICE):
        case.outcome_reason = reason
    if rule.outcome is not None:
        case.outcome = rule.outcome
    enter_stage(session, case, rule.to_stage, actor, office)
    _follow(session, office, actor, case, move)


def _follow(session: Session, office: OfficeContext, actor: Actor, case: Case, move: Move) -> None:
    """What the office's rules do of themselves once `move` is made."""
    if move is Move.PAY:
        open_call_back(session, office, case)
    if MOVES[move].to_stage is Stage.CLOSED:
        archive(session, case, actor, office)


def decide(
    session: Session, case: Case, actor: Actor, *, approved: bool, reason: str, now: dt.datetime
) -> None:
    """Note the approver's decision on the calculation that waits."""
    calculation = pending_calculation(session, case.id)
    if calculation is None:
        raise InvalidInput(_("No calculation waits for approval."), _("Refresh the case."))
    if approved:
        check_before_approval(session, case, calculation)
    calculation.state = ApprovalState.APPROVED if approved else ApprovalState.RETURNED
    calculation.decided_by, calculation.decided_at, calculation.reason = actor.id, now, reason
    case.payable = calculation.payable if approved else None


def pending_calculation(session: Session, case_id: int) -> Calculation | None:
    """The calculation that waits for the approver, if there is one."""
    return session.scalar(
        select(Calculation).where(
            Calculation.case_id == case_id,
            Calculation.state == ApprovalState.PENDING,
            Calculation.kind == CalculationKind.FINAL,
        )
    )


def _finish_survey(session: Session, case: Case, actor: Actor, office: OfficeContext, now: dt.datetime) -> None:
    report = session.scalar(select(SurveyReport).where(SurveyReport.case_id == case.id))
    if report is not None:
        report.finished_at = now
    if not has_event(session, case.id, EventKind.SURVEYED):
        visited = report.visited_at if report is not None else None
        record_event(session, case, EventKind.SURVEYED, min(visited or now, now), actor, office)


def _reopen(case: Case) -> None:
    case.outcome, case.closed_at, case.payable = Outcome.OPEN, None, None
    case.reopened_times += 1
