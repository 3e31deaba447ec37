"""Moving a case on: which moves are open to whom, and what each one does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import _
from claimdesk.models import Account, Calculation, Case, SurveyReport, Task
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.workflow import MOVES, Facts, Move, blockers, moves_for, next_move, step_due
from claimdesk.services.assessment import loss_totals
from claimdesk.services.clockwork import has_event, record_event, refused, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.payment import live_payment
from claimdesk.services.reserves import add_reserve
from claimdesk.services.steps import choose_owner, open_step_task
from claimdesk.vocabulary import ApprovalState, CalculationKind, Outcome, Stage, TaskState


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move as a button: whether it may be made now, and if not, why not; `title` is an English source string.

    `permitted` says whether the person's roles may make it at all. With `needs_estimate` the first estimate has to be
    given along with the move; it is then no reason against it.
    """

    move: Move
    title: str
    allowed: bool
    reasons: tuple[str, ...]
    needs_reason: bool
    permitted: bool = True
    needs_estimate: bool = False


@dataclass(frozen=True, slots=True)
class CaseMoves:
    """What can be done with a case: the one obvious next move, and the side ways."""

    version: int
    next: MoveView | None
    sides: tuple[MoveView, ...]


@dataclass(frozen=True, slots=True)
class StageVisit:
    """A time that a case spent in a stage; `left_at` is None for the one it is in, `due_at` the office's target."""

    stage: Stage
    owner: str
    entered_at: dt.datetime
    due_at: dt.datetime | None
    left_at: dt.datetime | None
    left_by: str


class Workflow:
    """The way of a case from the report to the archive."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def moves(self, actor: Actor, case_id: int) -> CaseMoves:
        """The moves of the case as they stand for `actor`. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = _case(session, case_id)
            facts = case_facts(session, case)
            version = case.version
        wanted = next_move(facts)
        views = {
            move: _move_view(move, facts, actor) for move, _allowed, _reasons in moves_for(facts, actor.roles, actor.id)
        }
        sides = tuple(view for move, view in views.items() if MOVES[move].is_side)
        return CaseMoves(version, views.get(wanted) if wanted else None, sides)

    def journey(self, actor: Actor, case_id: int) -> list[StageVisit]:
        """The stages that the case has been in, in their order: who had it, since when, due when. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = _case(session, case_id)
            tasks = session.scalars(select(Task).where(Task.case_id == case_id).order_by(Task.created_at, Task.id))
            names = dict(session.execute(select(Account.id, Account.name)).all())
            return _visits(case, tasks.all(), names)

    def make(
        self,
        actor: Actor,
        case_id: int,
        version: int,
        move: Move,
        reason: str = '',
        estimate: Decimal | None = None,
    ) -> None:
        """Make `move`. Raises `NotAllowed`, `InvalidInput` with every reason against it, and `Conflict`."""
        rule = MOVES[move]
        require(actor, rule.permission)
        if rule.reason_needed and not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        with self._office.write(actor, rule.done_label) as session:
            case = get_for_edit(session, Case, case_id, version, stage=rule.to_stage)
            now = self._office.now()
            if estimate is not None:
                add_reserve(session, case, estimate, reason, actor, now)
            against = blockers(move, case_facts(session, case), actor.roles, actor.id)
            if against:
                raise InvalidInput(against[0], ' '.join(against[1:]))
            self._carry_out(session, actor, case, move, reason.strip(), now)
            touch(session, case, self._office)

    def _carry_out(
        self, session: Session, actor: Actor, case: Case, move: Move, reason: str, now: dt.datetime
    ) -> None:
        rule = MOVES[move]
        for kind in rule.events:
            record_event(session, case, kind, now, actor, self._office, reason)
        if move is Move.REGISTER:
            case.registered_at = now
        if move is Move.FINISH_SURVEY:
            report = session.scalar(select(SurveyReport).where(SurveyReport.case_id == case.id))
            if report is not None:
                report.finished_at = now
        if move in (Move.APPROVE, Move.RETURN_CALCULATION):
            decide(session, case, actor, approved=move is Move.APPROVE, reason=reason, now=now)
        if move is Move.REOPEN:
            _reopen(case)
        if rule.reason_needed and move is not Move.RETURN_CALCULATION:
            case.outcome_reason = reason
        outcome = rule.outcome
        if outcome is not None:
            case.outcome = outcome
        if rule.to_stage is not None:
            enter_stage(session, case, rule.to_stage, actor, self._office)


def enter_stage(session: Session, case: Case, stage: Stage, actor: Actor, office: OfficeContext) -> None:
    """Bring `case` to `stage`: the old step's task ends, the new step gets an owner and a due time."""
    now = office.now()
    # Stage, outcome and closing time hold together, so they are set before a query sends them to the database.
    case.stage, case.stage_entered_at = stage, now
    case.closed_at = now if stage is Stage.CLOSED else None
    case.step_due_at = step_due(case.line, stage, now, office.calendar)
    state = TaskState.DROPPED if case.outcome in CUT_SHORT else TaskState.DONE
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)):
        task.state, task.finished_at, task.finished_by = state, now, actor.id or None
    if stage is Stage.CLOSED:
        session.flush()
        return
    choice = choose_owner(session, office, stage, case.line, fallback=actor)
    case.owner_id, case.assigned_why = choice.user_id, choice.why
    owner = session.get(Account, choice.user_id)
    case.team_id = owner.team_id if owner else None
    open_step_task(session, case, now)
    session.flush()


def decide(
    session: Session, case: Case, actor: Actor, *, approved: bool, reason: str, now: dt.datetime
) -> None:
    """Note the approver's decision on the calculation that waits."""
    calculation = pending_calculation(session, case.id)
    if calculation is None:
        raise InvalidInput(_("No calculation waits for approval."), _("Refresh the case."))
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


def case_facts(session: Session, case: Case) -> Facts:
    """What the rules must know of `case` to say which moves are open."""
    totals = loss_totals(session, case.id)
    report = session.scalar(select(SurveyReport).where(SurveyReport.case_id == case.id))
    newest = session.scalar(
        select(Calculation)
        .where(Calculation.case_id == case.id, Calculation.kind == CalculationKind.FINAL)
        .order_by(Calculation.number.desc())
        .limit(1)
    )
    payment = live_payment(session, case.id)
    return Facts(
        stage=case.stage,
        outcome=case.outcome,
        line=case.line,
        owner_id=case.owner_id,
        has_estimate=case.estimate is not None,
        survey_written=report is not None and bool(report.finding),
        open_loss_items=totals.open_lines,
        confirmed_loss=totals.confirmed,
        calculation=newest.state if newest else None,
        adjuster_id=newest.made_by if newest else None,
        payable=case.payable,
        payment=payment.state if payment else None,
        paid=case.paid_amount,
        missing_documents=case.missing_documents,
        refused=refused(session, case.id),
        refusal_sent=has_event(session, case.id, EventKind.REFUSAL_SENT),
    )


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    return case


def _move_view(move: Move, facts: Facts, actor: Actor) -> MoveView:
    rule = MOVES[move]
    bare = blockers(move, facts, actor.roles, actor.id)
    reasons = blockers(move, replace(facts, has_estimate=True), actor.roles, actor.id)
    return MoveView(
        move, rule.title, not reasons, reasons, rule.reason_needed, actor.may(rule.permission), bare != reasons
    )


def _visits(case: Case, tasks: Sequence[Task], names: Mapping[int, str]) -> list[StageVisit]:
    steps = [task for task in tasks if task.kind in set(Stage)]
    visits = [
        StageVisit(
            stage=Stage(task.kind),
            owner=names.get(task.owner_id or 0, ''),
            entered_at=task.created_at,
            due_at=task.due_at,
            left_at=task.finished_at,
            left_by=names.get(task.finished_by or 0, ''),
        )
        for task in steps
    ]
    if not steps or steps[0].kind != Stage.REPORTED:
        # The report itself is no task: it was taken on the phone.
        first = visits[0].entered_at if visits else case.closed_at
        visits.insert(0, StageVisit(Stage.REPORTED, '', case.reported_at, None, first, ''))
    current = StageVisit(
        case.stage, names.get(case.owner_id or 0, ''), case.stage_entered_at, case.step_due_at, None, ''
    )
    if case.stage is Stage.CLOSED:
        return [*visits, current]
    return [visit for visit in visits if visit.left_at is not None] + [current]


def _reopen(case: Case) -> None:
    case.outcome, case.closed_at, case.payable = Outcome.OPEN, None, None
    case.reopened_times += 1


CUT_SHORT = frozenset({Outcome.CANCELLED_REPORT, Outcome.CANCELLED_CASE, Outcome.REFUSED, Outcome.ZERO})
"""The outcomes that leave the open step undone."""
