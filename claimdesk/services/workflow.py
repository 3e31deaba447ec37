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
from claimdesk.models import Account, Case, Task
from claimdesk.models.rows import get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind
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
from claimdesk.services.case_facts import case_facts
from claimdesk.services.cases import RowResult
from claimdesk.services.clockwork import record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.moving import carry_out, each_case, refuse_if_blocked
from claimdesk.services.reserves import add_reserve
from claimdesk.services.straight_through import consider
from claimdesk.vocabulary import Stage


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
            if move is Move.SUBMIT_CALCULATION:
                consider(session, self._office, case)
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
