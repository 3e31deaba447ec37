"""The rows of the case list: read column by column, not as mapped objects, and shaped for painting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from claimdesk.language import _
from claimdesk.models import NO_DUE, Account, Case, CaseEvent, Complaint, Team
from claimdesk.rules.clocks import EventKind, due_state, due_words
from claimdesk.rules.workflow import Facts, next_move
from claimdesk.vocabulary import DueState, Line, Outcome, Stage, label


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One row of the list, shaped for painting; `next_step` and `due_words` are in the language in use."""

    id: int
    number: str
    insured_name: str
    plate: str
    line: Line
    stage: Stage
    outcome: Outcome
    owner_id: int | None
    owner: str
    team: str
    next_step: str
    due_state: DueState
    due_words: str
    due_at: dt.datetime | None
    estimate: Decimal | None
    paid_amount: Decimal
    missing_documents: int
    policy_number: str
    reporter_name: str
    reporter_phone: str
    place: str
    cause: str
    reported_at: dt.datetime
    loss_at: dt.datetime
    stage_entered_at: dt.datetime
    closed_at: dt.datetime | None


ROW_COLUMNS: tuple[Any, ...] = (
    Case.id, Case.number, Case.insured_name, Case.plate, Case.line, Case.stage, Case.outcome, Case.owner_id,
    Case.team_id, Case.due_at, Case.paused_since, Case.estimate, Case.paid_amount, Case.missing_documents,
    Case.policy_number, Case.reporter_name, Case.reporter_phone, Case.place, Case.cause, Case.reported_at,
    Case.loss_at, Case.stage_entered_at, Case.closed_at,
)  # fmt: skip
"""What is read of a case for one row."""


class RowReader:
    """Turns rows of `ROW_COLUMNS` into `CaseRow`, as of one moment and in the language in use."""

    def __init__(self, session: Session, now: dt.datetime) -> None:
        self._session = session
        self._now = now
        self._steps: dict[tuple[Stage, bool], str] = {}
        self._complained: set[int] = set()

    @cached_property
    def owners(self) -> dict[int, str]:
        """The names of all people, by id."""
        return dict(self._session.execute(select(Account.id, Account.name)).all())

    @cached_property
    def teams(self) -> dict[int, str]:
        """The names of all teams, by id."""
        return dict(self._session.execute(select(Team.id, Team.name)).all())

    def read(self, found: Sequence[Row[Any]]) -> list[CaseRow]:
        """The rows, in the same order."""
        refused = refused_cases(self._session, [row.id for row in found if row.stage is Stage.CLOSING])
        self._complained = complained_cases(self._session, [row.id for row in found])
        wanted = {row.owner_id for row in found}
        owners = dict(self._session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted))).all())
        return [self._row(row, row.id in refused, owners) for row in found]

    def _row(self, row: Row[Any], refused: bool, owners: dict[int, str]) -> CaseRow:
        due_at = None if row.due_at >= NO_DUE else row.due_at
        paused, done = row.paused_since is not None, row.stage is Stage.CLOSED
        state = due_state(due_at, self._now, paused=paused, done=done)
        return CaseRow(
            id=row.id,
            number=row.number,
            insured_name=row.insured_name,
            plate=row.plate,
            line=row.line,
            stage=row.stage,
            outcome=row.outcome,
            owner_id=row.owner_id,
            owner=owners.get(row.owner_id, ''),
            team=self.teams.get(row.team_id, ''),
            next_step=self._beside(row.id, self.next_step(row.stage, refused)),
            due_state=state,
            due_words=due_words(state, due_at, self._now, row.paused_since),
            due_at=due_at,
            estimate=row.estimate,
            paid_amount=row.paid_amount,
            missing_documents=row.missing_documents,
            policy_number=row.policy_number,
            reporter_name=row.reporter_name,
            reporter_phone=row.reporter_phone,
            place=row.place,
            cause=row.cause,
            reported_at=row.reported_at,
            loss_at=row.loss_at,
            stage_entered_at=row.stage_entered_at,
            closed_at=row.closed_at,
        )

    def _beside(self, case_id: int, step: str) -> str:
        """The next step, and that somebody complains and has no answer yet."""
        if case_id not in self._complained:
            return step
        return _("{step} · complaint open").format(step=step) if step else _("complaint open")

    def next_step(self, stage: Stage, refused: bool) -> str:
        """The obvious next move of a case at `stage`, in words; '' once it is closed."""
        words = self._steps.get((stage, refused))
        if words is None:
            move = next_move(Facts(stage, Outcome.OPEN, Line.MOTOR, None, refused=refused))
            words = self._steps[stage, refused] = '' if move is None else label(move)
        return words


def refused_cases(session: Session, case_ids: Iterable[int]) -> set[int]:
    """Which of these cases have been refused and not reopened since."""
    wanted = list(case_ids)
    if not wanted:
        return set()
    decisions = (EventKind.REFUSED_DECIDED.value, EventKind.REOPENED.value)
    rows = session.execute(
        select(CaseEvent.case_id, CaseEvent.kind)
        .where(CaseEvent.case_id.in_(wanted), CaseEvent.kind.in_(decisions), CaseEvent.voided.is_(False))
        .order_by(CaseEvent.happened_at, CaseEvent.id)
    )
    newest = dict(rows.all())
    return {case_id for case_id, kind in newest.items() if kind == EventKind.REFUSED_DECIDED.value}


def complained_cases(session: Session, case_ids: Sequence[int]) -> set[int]:
    """Which of these cases have a complaint or a dispute that nobody has answered."""
    if not case_ids:
        return set()
    return set(
        session.scalars(
            select(Complaint.case_id).where(Complaint.case_id.in_(case_ids), Complaint.answered_at.is_(None))
        )
    )
