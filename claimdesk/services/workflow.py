"""Moving a case on: which moves are open to whom, and what each one does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, InvalidInput, NotFound
from claimdesk.language import _
from claimdesk.models import Account, Calculation, Case, SurveyReport, Task
from claimdesk.models.rows import get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind, step_due
from claimdesk.rules.close_gate import held_by
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import (
    MOVES,
    SIGNED,
    TWO_PEOPLE,
    Facts,
    Move,
    blockers,
    moves_for,
    next_move,
    overridable,
)
from claimdesk.services.archive import archive
from claimdesk.services.assigning import owner_of_next_step
from claimdesk.services.call_backs import open_call_back
from claimdesk.services.case_facts import case_facts
from claimdesk.services.cases import RowResult
from claimdesk.services.clockwork import has_event, record_event, subject_of, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.cover_use import check_before_approval
from claimdesk.services.requests import grant_request
from claimdesk.services.reserves import add_reserve
from claimdesk.services.steps import open_step_task
from claimdesk.vocabulary import ApprovalState, CalculationKind, Outcome, Stage, TaskState


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move as a button: whether it may be made now, and if not, why not; `title` is an English source string.

    `permitted` says whether the person's roles may make it at all. With `needs_estimate` the first estimate has to be
    given along with the move; it is then no reason against it. With `needs_delay` somebody has to say first why the
    step is late (`services.delays`); that too is then no reason against it. With `overridable` only the close gate
    stands against it, and this person may override that with a reason. With `signed` it is made by signing
    (`services.sign_off`). With `askable` this person cannot make it and may ask an approver for it
    (`services.requests`).
    """

    move: Move
    title: str
    allowed: bool
    reasons: tuple[str, ...]
    needs_reason: bool
    permitted: bool = True
    needs_estimate: bool = False
    needs_delay: bool = False
    overridable: bool = False
    signed: bool = False
    askable: bool = False


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
            facts = case_facts(session, case, actor, self._office)
            version = case.version
        wanted = next_move(facts)
        views = {
            move: _move_view(move, facts, actor) for move, _allowed, _reasons in moves_for(facts, actor.roles, actor.id)
        }
        main = _main(views, wanted)
        sides = tuple(view for move, view in views.items() if MOVES[move].is_side and view is not main)
        return CaseMoves(version, main, sides)

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
        override: str = '',
    ) -> None:
        """Make `move`; with `override`, a reason, also past the close gate, which needs a permission of its own.

        Raises `NotAllowed`, `InvalidInput` with every reason against it, and `Conflict`.
        """
        rule = MOVES[move]
        require(actor, rule.permission)
        if move in SIGNED:
            raise InvalidInput(
                _("This decision is signed with your password."), _("Open the case and sign it there.")
            )
        if rule.reason_needed and not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        with self._office.write(actor, rule.done_label) as session:
            case = get_for_edit(session, Case, case_id, version, stage=rule.to_stage)
            now = self._office.now()
            if estimate is not None:
                add_reserve(session, case, estimate, reason, actor, now)
            facts = case_facts(session, case, actor, self._office)
            if override.strip() and overridable(move, facts, actor.roles, actor.id):
                left = ' '.join(held_by(move.value, facts))
                note = f'{override.strip()} ({left})'[:400]
                record_event(session, case, EventKind.GATE_OVERRIDDEN, now, actor, self._office, note)
            else:
                refuse_if_blocked(move, facts, actor)
            carry_out(session, self._office, actor, case, move, reason.strip(), now)
            touch(session, case, self._office)

    def make_many(
        self, actor: Actor, case_ids: Sequence[int], move: Move, reason: str = '', progress: Progress = quiet
    ) -> list[RowResult]:
        """Make `move` on many cases, each for itself: one that is held back does not stop the others."""
        require(actor, MOVES[move].permission)
        return each_case(
            self._office,
            case_ids,
            lambda case_id, version: self.make(actor, case_id, version, move, reason),
            _(MOVES[move].title),
            progress,
        )


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
    if move is Move.SUBMIT_CALCULATION:
        from claimdesk.services.straight_through import consider

        consider(session, office, case)
    if move is Move.PAY:
        open_call_back(session, office, case)
    if MOVES[move].to_stage is Stage.CLOSED:
        archive(session, case, actor, office)


def enter_stage(session: Session, case: Case, stage: Stage, actor: Actor, office: OfficeContext) -> None:
    """Bring `case` to `stage`: the old step's task ends, the new step gets an owner and a due time."""
    now = office.now()
    # Stage, outcome and closing time hold together, so they are set before a query sends them to the database.
    case.stage, case.stage_entered_at = stage, now
    case.closed_at = now if stage is Stage.CLOSED else None
    case.step_due_at = (
        None if stage is Stage.CLOSED else step_due(stage, now, office.calendar, subject_of(case), office.targets)
    )
    cut_short = case.outcome in CUT_SHORT
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)):
        step = task.kind in _STEPS
        if step or stage is Stage.CLOSED:
            task.state = TaskState.DONE if step and not cut_short else TaskState.DROPPED
            task.finished_at, task.finished_by = now, actor.id or None
    if stage is Stage.CLOSED:
        session.flush()
        return
    choice = owner_of_next_step(session, office, case, stage, fallback=actor)
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


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    return case


def _move_view(move: Move, facts: Facts, actor: Actor) -> MoveView:
    rule = MOVES[move]
    late = facts.late_unexplained and not rule.is_side
    facts = replace(facts, late_unexplained=False)
    bare = blockers(move, facts, actor.roles, actor.id)
    known = replace(facts, has_estimate=True) if move in (Move.REGISTER, Move.FINISH_ASSESSMENT) else facts
    reasons = blockers(move, known, actor.roles, actor.id)
    return MoveView(
        move=move,
        title=rule.title,
        allowed=not reasons,
        reasons=reasons,
        needs_reason=rule.reason_needed,
        permitted=actor.may(rule.permission),
        needs_estimate=bare != reasons,
        needs_delay=late,
        overridable=overridable(move, facts, actor.roles, actor.id),
        signed=move in SIGNED,
        askable=_askable(move, facts, actor, reasons),
    )


def _main(views: Mapping[Move, MoveView], wanted: Move | None) -> MoveView | None:
    """The obvious next move; where one's authority ends before it, the way up takes its place."""
    main = views.get(wanted) if wanted else None
    if main is not None and main.move is Move.APPROVE and not main.allowed:
        ways_up = (views.get(move) for move in (Move.PASS_UP, Move.HEAD_OFFICE))
        return next((view for view in ways_up if view is not None and view.allowed), main)
    return main


def _askable(move: Move, facts: Facts, actor: Actor, reasons: Sequence[str]) -> bool:
    wanted = move in TWO_PEOPLE and move not in facts.requested_by and actor.may(Permission.EDIT_CASE)
    return wanted and (not actor.may(MOVES[move].permission) or (bool(reasons) and move is Move.REOPEN))


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


_STEPS = frozenset(stage.value for stage in Stage)
_APPROVING = (Move.APPROVE, Move.HEAD_OFFICE)

CUT_SHORT = frozenset({Outcome.CANCELLED_REPORT, Outcome.CANCELLED_CASE, Outcome.REFUSED, Outcome.ZERO})
"""The outcomes that leave the open step undone."""
