"""Counting the due times of all open cases anew, after the calendar, the office hours or a target has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from claimdesk.language import N_, _
from claimdesk.models import CalendarDay, Case, CaseEvent, OfficeSetting, Task
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import Event, EventKind, Subject, case_clocks
from claimdesk.rules.clocks.targets import TARGETS_KEY
from claimdesk.rules.office_hours import HOURS_KEY
from claimdesk.services.clockwork import nearest_limit
from claimdesk.services.context import OfficeContext
from claimdesk.services.turns import last_result, turn
from claimdesk.vocabulary import Stage, TaskState

TURN = 'recount'
PORTION = 500
"""So many cases are counted in one short transaction, so that nobody who saves waits for long."""

CASE_COLUMNS: tuple[Any, ...] = (
    Case.id,
    Case.line,
    Case.compulsory,
    Case.injury,
    Case.estimate,
    Case.cause,
    Case.stage,
    Case.stage_entered_at,
    Case.due_at,
    Case.due_clock,
    Case.paused_since,
    Case.step_due_at,
)
_CACHE = ('due_at', 'due_clock', 'paused_since', 'step_due_at')


def stale(office: OfficeContext) -> bool:
    """Whether a rule has changed since the due times were last counted through."""
    with office.database.read() as session:
        return last_result(session, TURN) != _fingerprint(session)


def recount(office: OfficeContext, progress: Progress = quiet) -> int:
    """Count every open case by the rules of now, in portions; how many due times changed.

    Does nothing while another program counts. What is stopped or killed half-way is still `stale` and done again.
    """
    changed = 0
    with turn(office, TURN) as held:
        if held is None:
            return 0
        office.forget_rules()
        with office.database.read() as session:
            fingerprint = _fingerprint(session)
            total = session.scalar(select(func.count()).select_from(Case).where(Case.stage != Stage.CLOSED)) or 0
        after, done = 0, 0
        while True:
            progress(done, total, _("Counting time limits"))
            with office.database.write(N_("counted the time limits")) as session:
                rows = session.execute(
                    select(*CASE_COLUMNS)
                    .where(Case.id > after, Case.stage != Stage.CLOSED)
                    .order_by(Case.id)
                    .limit(PORTION)
                    .with_for_update()
                ).all()
                changed += _count(session, office, rows)
            if not rows or not held.renew():
                break
            after, done = rows[-1].id, done + len(rows)
        held.result = fingerprint if not rows else None
        progress(total, total, _("Counting time limits"))
    return changed


def events_by_case(session: Session, case_ids: Sequence[int]) -> dict[int, list[Event]]:
    """What happened on each of these cases."""
    found: dict[int, list[Event]] = {case_id: [] for case_id in case_ids}
    for case_id, kind, at in session.execute(
        select(CaseEvent.case_id, CaseEvent.kind, CaseEvent.happened_at).where(
            CaseEvent.case_id.in_(case_ids), CaseEvent.voided.is_(False)
        )
    ):
        found[case_id].append(Event(EventKind(kind), at))
    return found


def subject_of_row(row: Any) -> Subject:
    """What time limits must know of a row of `CASE_COLUMNS`."""
    return Subject(row.line, row.compulsory, row.injury, row.estimate, row.cause)


def _count(session: Session, office: OfficeContext, rows: Sequence[Any]) -> int:
    events = events_by_case(session, [row.id for row in rows])
    now, changes = office.now(), []
    for row in rows:
        clocks = case_clocks(
            events[row.id], office.calendar, now, subject_of_row(row), office.targets, row.stage, row.stage_entered_at
        )
        cache = nearest_limit(row.stage, clocks)
        if any(getattr(row, name) != getattr(cache, name) for name in _CACHE):
            changes.append({'row': row.id, 'step': row.stage.value, **{name: getattr(cache, name) for name in _CACHE}})
    if changes:
        # The columns are a cache, so no save is counted and nobody's edit is held up.
        connection = session.connection()
        connection.execute(
            update(Case)
            .where(Case.id == bindparam('row'))
            .values({name: bindparam(name) for name in _CACHE}),
            changes,
        )
        connection.execute(
            update(Task)
            .where(
                Task.case_id == bindparam('row'), Task.kind == bindparam('step'), Task.state == TaskState.OPEN
            )
            .values(due_at=bindparam('step_due_at')),
            changes,
        )
    return len(changes)


def _fingerprint(session: Session) -> str:
    """What tells one state of calendar, hours and targets from another; '' where the office has entered nothing."""
    days = session.execute(select(func.count(), func.max(CalendarDay.id)).select_from(CalendarDay)).one()
    rules = session.execute(
        select(func.count(), func.max(OfficeSetting.id), func.sum(OfficeSetting.version)).where(
            OfficeSetting.key.in_([TARGETS_KEY, HOURS_KEY])
        )
    ).one()
    parts = [str(value or 0) for value in (*days, *rules)]
    return '' if set(parts) == {'0'} else '.'.join(parts)
