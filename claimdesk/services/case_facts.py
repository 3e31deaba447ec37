"""What the rules must know of a case before a move: gathered from its tables, for the person who looks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.models import (
    Calculation,
    Case,
    MoveRequest,
    SurveyReport,
    Task,
)
from claimdesk.rules.authority import LEVELS_KEY, Standing, levels_from, standing
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.moves import NOTHING, Facts, Move
from claimdesk.services.assessment import loss_totals
from claimdesk.services.assigning import handlers_of
from claimdesk.services.clockwork import has_event, refused
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.delays import broken_clock
from claimdesk.services.disputes import open_complaints
from claimdesk.services.loss_reviews import review_problems
from claimdesk.services.office_rules import rule_at
from claimdesk.services.payment import case_payment_state
from claimdesk.vocabulary import ApprovalState, CalculationKind, Line, TaskState


def case_facts(session: Session, case: Case, actor: Actor, office: OfficeContext) -> Facts:
    """The facts of `case` as they stand for `actor` today, by which the office's dated authority is chosen."""
    totals = loss_totals(session, case.id)
    report = session.scalar(select(SurveyReport).where(SurveyReport.case_id == case.id))
    newest = session.scalar(
        select(Calculation)
        .where(Calculation.case_id == case.id, Calculation.kind == CalculationKind.FINAL)
        .order_by(Calculation.number.desc())
        .limit(1)
    )
    waits = newest is not None and newest.state is ApprovalState.PENDING
    return Facts(
        stage=case.stage,
        outcome=case.outcome,
        line=case.line,
        owner_id=case.owner_id,
        has_estimate=case.estimate is not None,
        survey_written=report is not None and bool(report.finding),
        open_loss_items=totals.open_lines,
        loss_reviews=review_problems(session, case),
        confirmed_loss=totals.confirmed,
        calculation=newest.state if newest else None,
        adjuster_id=newest.made_by if newest else None,
        payable=case.payable,
        payment=case_payment_state(session, case),
        paid=case.paid_amount,
        missing_documents=case.missing_documents,
        refused=refused(session, case.id),
        refusal_sent=has_event(session, case.id, EventKind.REFUSAL_SENT),
        asked=newest.payable if newest is not None and waits else NOTHING,
        handlers=handlers_of(session, case.id),
        standing=standing_of(session, actor, case.line, office.today()),
        requested_by=_requests(session, case.id),
        open_tasks=_open_tasks(session, case),
        open_complaints=open_complaints(session, case.id),
        claim_received=has_event(session, case.id, EventKind.CLAIM_RECEIVED),
        notice_sent=has_event(session, case.id, EventKind.NOTICE_ARRIVED),
        late_unexplained=broken_clock(session, case, office) is not None,
    )


def standing_of(session: Session, actor: Actor, line: Line, day: dt.date) -> Standing:
    """How much `actor` may approve on `line` by the office's rule of `day`."""
    levels = levels_from(rule_at(session, actor.office_id, LEVELS_KEY, day, None))
    return standing(levels, actor.roles, actor.login, line)


def _requests(session: Session, case_id: int) -> dict[Move, int]:
    rows = session.execute(
        select(MoveRequest.move, MoveRequest.requested_by).where(
            MoveRequest.case_id == case_id, MoveRequest.decided_by.is_(None)
        )
    )
    return {Move(move): person for move, person in rows}


def _open_tasks(session: Session, case: Case) -> int:
    count = session.scalar(
        select(func.count())
        .select_from(Task)
        .where(Task.case_id == case.id, Task.state == TaskState.OPEN, Task.kind != case.stage.value)
    )
    return count or 0
