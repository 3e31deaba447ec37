"""The board: the open cases by stage, and where one of them can be moved, by which move, or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from claimdesk.language import _
from claimdesk.models import Case
from claimdesk.rules.workflow import MOVES
from claimdesk.services.case_rows import ROW_COLUMNS, CaseRow, RowReader
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.workbench import own_cases
from claimdesk.services.workflow import CaseMoves, MoveView, Workflow
from claimdesk.vocabulary import STAGES, Outcome, Stage, label

MOST_CARDS = 40
"""So many cases of a stage are shown, the most urgent on top; the others are counted."""
COLUMNS = tuple(stage for stage in STAGES if stage is not Stage.CLOSED)


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One stage: its first cases by their time limit, and how many there are."""

    stage: Stage
    cards: tuple[CaseRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Target:
    """A stage that a case could be moved to: by `move` if one leads there; `why_not` is '' if it is open now."""

    stage: Stage
    move: MoveView | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Targets:
    """Every stage as it stands for one case at `version`."""

    case_id: int
    version: int
    stages: tuple[Target, ...]

    def at(self, stage: Stage) -> Target:
        """What holds for one stage."""
        return next(target for target in self.stages if target.stage is stage)


class Board:
    """Seeing the open cases by stage, and where each may go."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def columns(self, actor: Actor) -> list[BoardColumn]:
        """The stages with the cases that this person looks after: their own, or for who leads everybody's."""
        now, own = self._office.now(), own_cases(actor)
        mine = [Case.owner_id.in_(own)] if own else []
        with self._office.database.read() as session:
            counted = (
                select(Case.stage, func.count())
                .where(Case.stage != Stage.CLOSED, Case.outcome == Outcome.OPEN, *mine)
                .group_by(Case.stage)
            )
            counts = dict(session.execute(counted).all())
            reader = RowReader(session, now)
            columns = []
            for stage in COLUMNS:
                count = counts.get(stage, 0)
                found: Sequence[Any] = ()
                if count:
                    query = select(*ROW_COLUMNS).where(Case.stage == stage, Case.outcome == Outcome.OPEN, *mine)
                    found = session.execute(query.order_by(Case.due_at, Case.id).limit(MOST_CARDS)).all()
                columns.append(BoardColumn(stage, tuple(reader.read(found)), count))
        return columns

    def targets(self, actor: Actor, case_id: int) -> Targets:
        """Where the case can be moved now. Raises `NotFound`."""
        with self._office.database.read() as session:
            stage = session.scalar(select(Case.stage).where(Case.id == case_id))
        moves = Workflow(self._office).moves(actor, case_id)
        here = stage if stage is not None else Stage.CLOSED
        return Targets(case_id, moves.version, tuple(_target(one, here, moves) for one in STAGES))


def _target(stage: Stage, here: Stage, moves: CaseMoves) -> Target:
    if stage is here:
        return Target(stage, None, _("The case is at this stage."))
    leading = [view for view in (moves.next, *moves.sides) if view is not None and MOVES[view.move].to_stage is stage]
    if stage is Stage.CLOSED and moves.next in leading:
        leading = [view for view in leading if view is moves.next]
    if not leading:
        onward = MOVES[moves.next.move].to_stage if moves.next is not None else None
        if onward is None:
            return Target(stage, None, _("No move leads from here to there."))
        return Target(
            stage,
            None,
            _("From {here} a case goes on to {onward}.").format(here=label(here), onward=label(onward)),
        )
    open_now = next((view for view in leading if view.allowed), None)
    if open_now is not None:
        return Target(stage, open_now, '')
    return Target(stage, leading[0], ' '.join(leading[0].reasons))
