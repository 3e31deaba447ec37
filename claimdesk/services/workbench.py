"""What one person must do now, by the risk of being late; and for those who lead, who has how much to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from claimdesk.language import N_, _, ngettext
from claimdesk.models import Absence, Account, Case, Payment
from claimdesk.rules.clocks import CLOCK_NAMES
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.case_filters import due_is
from claimdesk.services.case_rows import ROW_COLUMNS, CaseRow, RowReader
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.vocabulary import DueState, Outcome, PaymentState, Role, Stage, Word

MOST_ROWS = 100
"""So many rows of a group are shown; the others are counted."""
NEXT_DAYS = 3
UNTOUCHED_DAYS = 7
_LEADERS = frozenset({Role.MANAGER, Role.COORDINATOR})
_LOOKERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
_NEEDS_PAPERS = frozenset({Stage.ADJUSTMENT, Stage.APPROVAL})
_PARTS = {
    Stage.SURVEY: 'loss',
    Stage.ASSESSMENT: 'loss',
    Stage.ADJUSTMENT: 'money',
    Stage.APPROVAL: 'money',
    Stage.PAYMENT: 'payment',
}
"""The tab of the case's page on which a stage's work is done; 'overview' for the others."""

_COLUMNS: tuple[Any, ...] = (*ROW_COLUMNS, Case.last_activity_at, Case.due_clock)

Condition = ColumnElement[bool]


class Urgency(Word):
    """Why a case is on the workbench; each case stands in the first group that it fits.

    Who leads sees the cases of everybody, so that nothing is late unseen.
    """

    RETURNED = 'returned', N_("Payments returned by the bank")
    UNOWNED = 'unowned', N_("Without a handler")
    OVERDUE = 'overdue', N_("Overdue")
    TODAY = 'today', N_("Due today")
    NEXT_DAYS = 'next_days', N_("Due within 3 days")
    APPROVAL = 'approval', N_("Waiting for my approval")
    UNTOUCHED = 'untouched', N_("Untouched for 7 days")
    WAITING = 'waiting', N_("Waiting for the customer")


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A case and the one thing to do with it: `action` in words, done on the tab `part`; `note` says why it is here."""

    row: CaseRow
    action: str
    part: str
    note: str


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """The first cases of a group, the most urgent on top, and how many there are."""

    urgency: Urgency
    items: tuple[WorkItem, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Load:
    """One person's open cases, of which so many are overdue and due today; `capacity` is a full load."""

    person_id: int
    name: str
    open_cases: int
    overdue: int
    today: int
    capacity: int
    away: bool


@dataclass(frozen=True, slots=True)
class Workday:
    """Everything that the workbench shows; `loads` is empty for those who do not lead."""

    groups: tuple[WorkGroup, ...]
    loads: tuple[Load, ...]

    @property
    def pressing(self) -> int:
        """How many cases cannot wait until tomorrow."""
        now = (Urgency.RETURNED, Urgency.UNOWNED, Urgency.OVERDUE, Urgency.TODAY)
        return sum(group.count for group in self.groups if group.urgency in now)


_ORDER: Mapping[Urgency, Any] = {Urgency.UNTOUCHED: Case.last_activity_at, Urgency.WAITING: Case.paused_since}
"""What the groups are sorted by that are not sorted by the time limit."""


def leads(actor: Actor) -> bool:
    """Whether the person looks after the work of others."""
    return bool(actor.roles & _LEADERS)


def own_cases(actor: Actor) -> frozenset[int]:
    """Whose cases this person's lists begin with: their own, or everybody's (empty) for who leads or only looks."""
    works = actor.roles & frozenset(STAGE_ROLE.values())
    return frozenset() if leads(actor) or not works or actor.roles & _LOOKERS else frozenset({actor.id})


class Workbench:
    """The first page of the day."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def today(self, actor: Actor) -> Workday:
        """What this person must do now. Groups without a case are left out."""
        now = self._office.now()
        with self._office.database.read() as session:
            reader = RowReader(session, now)
            groups = [
                _group(session, reader, urgency, condition, now)
                for urgency, condition in _conditions(session, actor, now)
            ]
            loads = self._loads(session, now) if leads(actor) else ()
        return Workday(tuple(group for group in groups if group.count), loads)

    def due_counts(self, actor: Actor) -> tuple[int, int]:
        """How many of the cases that this person looks after are overdue, and how many are due today."""
        now, own = self._office.now(), own_cases(actor)
        with self._office.database.read() as session:
            overdue, today = (
                session.scalar(
                    select(func.count()).select_from(Case).where(due_is(state, now), *_owned_by(own))
                )
                for state in (DueState.OVERDUE, DueState.TODAY)
            )
        return overdue or 0, today or 0

    def _loads(self, session: Session, now: dt.datetime) -> tuple[Load, ...]:
        today = self._office.today()
        counts = {
            owner: (cases, overdue, due)
            for owner, cases, overdue, due in session.execute(
                select(
                    Case.owner_id,
                    func.count(),
                    func.count().filter(due_is(DueState.OVERDUE, now)),
                    func.count().filter(due_is(DueState.TODAY, now)),
                )
                .where(Case.outcome == Outcome.OPEN)
                .group_by(Case.owner_id)
            )
        }
        away = set(
            session.scalars(select(Absence.account_id).where(Absence.starts_on <= today, Absence.ends_on >= today))
        )
        people = session.execute(
            select(Account.id, Account.name, Account.capacity).where(Account.active).order_by(Account.id)
        )
        loads = [
            Load(person_id, name, *counts.get(person_id, (0, 0, 0)), capacity, person_id in away)
            for person_id, name, capacity in people
        ]
        loads.sort(key=lambda load: (-load.overdue, -load.open_cases, load.person_id))
        return tuple(load for load in loads if load.open_cases)


def _owned_by(own: frozenset[int]) -> Iterator[Condition]:
    if own:
        yield Case.owner_id.in_(own)


def _conditions(session: Session, actor: Actor, now: dt.datetime) -> Iterator[tuple[Urgency, Condition]]:
    running = and_(Case.outcome == Outcome.OPEN, Case.paused_since.is_(None))
    returned: list[int] = []
    if actor.may(Permission.PAY):
        returned = list(session.scalars(_returned_cases()))
        yield Urgency.RETURNED, Case.id.in_(returned)
    mine = and_(Case.outcome == Outcome.OPEN, Case.id.not_in(returned))
    if leads(actor):
        left = select(Account.id).where(~Account.active)
        unowned = or_(Case.owner_id.is_(None), Case.owner_id.in_(left))
        yield Urgency.UNOWNED, and_(mine, unowned)
        mine = and_(mine, ~unowned)
    else:
        mine = and_(mine, Case.owner_id == actor.id)
    overdue, today = due_is(DueState.OVERDUE, now), due_is(DueState.TODAY, now)
    yield Urgency.OVERDUE, and_(mine, overdue)
    yield Urgency.TODAY, and_(mine, today)
    day = now.astimezone(SHANGHAI).date() + dt.timedelta(days=NEXT_DAYS + 1)
    near = dt.datetime.combine(day, dt.time(), SHANGHAI).astimezone(dt.UTC)
    yield Urgency.NEXT_DAYS, and_(mine, running, Case.due_at >= now, Case.due_at < near, ~today)
    far = and_(mine, running, Case.due_at >= near)
    approving = Case.stage == Stage.APPROVAL
    if actor.may(Permission.APPROVE):
        yield Urgency.APPROVAL, and_(far, approving)
        far = and_(far, ~approving)
    yield Urgency.UNTOUCHED, and_(far, Case.last_activity_at < now - dt.timedelta(days=UNTOUCHED_DAYS))
    yield Urgency.WAITING, and_(mine, due_is(DueState.PAUSED, now))


def _returned_cases() -> Select[int]:
    live = select(Payment.case_id).where(Payment.state.in_([PaymentState.PREPARED, PaymentState.PAID]))
    return (
        select(Payment.case_id)
        .join(Case, Case.id == Payment.case_id)
        .where(Payment.state == PaymentState.RETURNED, Case.stage == Stage.PAYMENT, Case.id.not_in(live))
        .distinct()
    )


def _group(
    session: Session, reader: RowReader, urgency: Urgency, condition: Condition, now: dt.datetime
) -> WorkGroup:
    order = _ORDER.get(urgency, Case.due_at)
    query = select(*_COLUMNS).where(condition).order_by(order, Case.id).limit(MOST_ROWS)
    found = session.execute(query).all()
    notes = {row.id: _(CLOCK_NAMES.get(row.due_clock, '')) for row in found}
    if urgency is Urgency.RETURNED:
        notes = _bank_reasons(session, [row.id for row in found])
    elif urgency is Urgency.UNTOUCHED:
        notes = {row.id: _untouched((now - row.last_activity_at).days) for row in found}
    items = tuple(_item(row, urgency, notes.get(row.id, '')) for row in reader.read(found))
    count = len(items)
    if count == MOST_ROWS:
        count = session.scalar(select(func.count()).select_from(Case).where(condition)) or 0
    return WorkGroup(urgency, items, count)


def _bank_reasons(session: Session, case_ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Payment.case_id, Payment.reason)
        .where(Payment.case_id.in_(case_ids), Payment.state == PaymentState.RETURNED)
        .order_by(Payment.id)
    )
    return dict(rows.all())


def _untouched(days: int) -> str:
    return ngettext("nothing done for {n} day", "nothing done for {n} days", days).format(n=days)


def _item(row: CaseRow, urgency: Urgency, note: str) -> WorkItem:
    action, part, absent = row.next_step, _PARTS.get(row.stage, 'overview'), row.missing_documents
    if urgency is Urgency.RETURNED:
        action = _("Prepare the payment again")
    elif urgency is Urgency.UNOWNED:
        action, part = _("Choose a handler"), 'overview'
    elif absent and (urgency is Urgency.WAITING or row.stage in _NEEDS_PAPERS):
        action = ngettext("Get {n} missing document", "Get {n} missing documents", absent).format(n=absent)
        part = 'documents'
    return WorkItem(row, action, part, note)
