"""One round of reminders: who is to be told of which limit now, written once, needless ones ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from claimdesk.language import N_, _
from claimdesk.models import Case, Office, Reminder
from claimdesk.models.rows import insert_new
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import Clock, case_clocks
from claimdesk.rules.reminding import (
    REMINDERS_KEY,
    ReminderRules,
    escalates,
    horizon,
    kind_of,
    reminder_of,
    reminders_from,
)
from claimdesk.services.context import OfficeContext
from claimdesk.services.office_rules import rule_at
from claimdesk.services.recount import CASE_COLUMNS, events_by_case, subject_of_row
from claimdesk.services.reminder_beside import beside, cases_beside
from claimdesk.services.reminder_targets import Standins
from claimdesk.services.turns import turn
from claimdesk.vocabulary import RemindedAs, ReminderKind, Stage

TURN = 'remind'
PORTION = 500
_COLUMNS = (*CASE_COLUMNS, Case.office_id, Case.owner_id, Case.team_id)


@dataclass(frozen=True)
class _Round:
    """What is the same for every case of one round."""

    office: OfficeContext
    now: dt.datetime
    rules: ReminderRules
    standins: Standins


def remind(office: OfficeContext, progress: Progress = quiet) -> int:
    """Send what is due to be said now; how many reminders were new. Nothing at night or on a day of rest."""
    now = office.now()
    if not office.calendar.awake(now):
        return 0
    sent = 0
    with turn(office, TURN) as held:
        if held is None:
            return 0
        with office.database.read() as session:
            office_id = session.scalar(select(Office.id).order_by(Office.id).limit(1))
            if office_id is None:
                return 0
            rules = reminders_from(rule_at(session, office_id, REMINDERS_KEY, office.today(), None))
            here = _Round(office, now, rules, Standins(session, office_id, office.today()))
            case_ids = _concerned(session, here)
        for done in range(0, len(case_ids), PORTION):
            progress(done, len(case_ids), _("Reminding"))
            with office.database.write(N_("sent reminders")) as session:
                sent += _tell(session, here, case_ids[done : done + PORTION])
            if not held.renew():
                break
        held.result = str(sent)
    return sent


def _concerned(session: Session, here: _Round) -> list[int]:
    """The open cases with a limit near enough, and those with a reminder that may have become needless."""
    near = session.scalars(
        select(Case.id).where(
            Case.stage != Stage.CLOSED, Case.due_at <= horizon(here.office.calendar, here.now, here.rules)
        )
    )
    told = session.scalars(select(Reminder.case_id).where(*_LIVE).distinct())
    return sorted({*near, *told, *cases_beside(session)})


def _tell(session: Session, here: _Round, case_ids: Sequence[int]) -> int:
    rows = session.execute(select(*_COLUMNS).where(Case.id.in_(case_ids))).all()
    events = events_by_case(session, [row.id for row in rows])
    wanted: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row.stage is not Stage.CLOSED:
            clocks = case_clocks(
                events[row.id], here.office.calendar, here.now, subject_of_row(row), here.office.targets, row.stage,
                row.stage_entered_at,
            )  # fmt: skip
            wanted.update((reminder['key'], reminder) for reminder in _of_clocks(row, clocks, here))
    for one in beside(session, here.office, case_ids):
        kind = kind_of(one.started_at, one.due, here.office.calendar, here.now, here.rules)
        if kind is not None:
            told = _told(one.case_id, one.key, one.clock, kind, one.due, one.owner_id, one.team_id, here)
            wanted.update((reminder['key'], reminder) for reminder in told)
    _end_needless(session, here.now, case_ids, wanted)
    known = dict(session.execute(select(Reminder.key, Reminder.id).where(Reminder.case_id.in_(case_ids))).all())
    again = [known[key] for key in wanted.keys() & known.keys()]
    session.execute(
        update(Reminder).where(Reminder.id.in_(again), Reminder.ended_at.is_not(None)).values(ended_at=None)
    )
    fresh = [reminder for key, reminder in wanted.items() if key not in known]
    if fresh:
        session.execute(insert_new(session, Reminder), fresh)
    return len(fresh)


def _of_clocks(row: Any, clocks: Sequence[Clock], here: _Round) -> Iterator[dict[str, Any]]:
    for clock in clocks:
        kind = reminder_of(clock, here.office.calendar, here.now, here.rules)
        if kind is not None:
            name = clock.rule.id
            yield from _told(row.id, name, name, kind, clock.due, row.owner_id, row.team_id, here)


def _told(
    case_id: int, what: str, clock: str, kind: ReminderKind, due: dt.datetime, owner_id: int | None,
    team_id: int | None, here: _Round,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    for person, told_as in _people(owner_id, team_id, due, here):
        yield {
            'case_id': case_id,
            'account_id': person,
            'key': f'{case_id}:{what}:{kind}:{due:%Y%m%d%H%M}:{told_as}:{person}',
            'kind': kind,
            'told_as': told_as,
            'clock': clock,
            'due_at': due,
            'created_at': here.now,
            'deliver_at': here.now,
            'words': '',
            'answer': '',
            'version': 1,
        }


def _people(
    owner_id: int | None, team_id: int | None, due: dt.datetime, here: _Round
) -> Iterator[tuple[int, RemindedAs]]:
    """The handler, whoever stands in while the handler is away, and the lead once it has been late for too long."""
    told = here.standins.for_person(owner_id) if owner_id is not None else None
    if told is not None:
        yield told, RemindedAs.HANDLER if told == owner_id else RemindedAs.SUBSTITUTE
    if told is None or escalates(due, here.office.calendar, here.now, here.rules):
        lead = here.standins.lead_of(team_id, but=told)
        if lead is not None:
            yield lead, RemindedAs.LEAD


def _end_needless(session: Session, now: dt.datetime, case_ids: Sequence[int], wanted: dict[str, Any]) -> None:
    """End what nobody has seen and what no longer holds: the step is done, the limit moved, the handler changed."""
    live = session.execute(
        select(Reminder.id, Reminder.key).where(Reminder.case_id.in_(case_ids), *_LIVE)
    ).all()
    needless = [reminder_id for reminder_id, key in live if key not in wanted]
    if needless:
        session.execute(update(Reminder).where(Reminder.id.in_(needless)).values(ended_at=now))


_LIVE = (Reminder.kind != ReminderKind.URGED, Reminder.seen_at.is_(None), Reminder.ended_at.is_(None))
