"""What one person must do now, by the risk of being late; and for those who lead, who has how much to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from claimdesk.language import _, ngettext
from claimdesk.models import Absence, Account, Case, Payment
from claimdesk.rules.clocks import CLOCK_NAMES
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.case_filters import Unindexed, due_is, midnight
from claimdesk.services.case_rows import ROW_COLUMNS, CaseRow, RowReader
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.reminder_targets import absent_for
from claimdesk.services.work_items import MOST_ROWS, Deed, Urgency, WorkGroup, WorkItem, by_limit
from claimdesk.vocabulary import DueState, Outcome, PaymentState, Role, Stage

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

_COLUMNS: tuple[Any, ...] = (*ROW_COLUMNS, Case.last_activity_at, Case.due_clock, Case.version)

Condition = ColumnElement[bool]


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
        """How much cannot wait until tomorrow."""
        return sum(group.pressing for group in self.groups)


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
        """What this person must do now. Groups without anything in them are left out."""
        from claimdesk.services.work_beside import Looker, beside_groups

        now, day = self._office.now(), self._office.today()
        with self._office.database.read() as session:
            reader = RowReader(session, now)
            absent = absent_for(session, actor, day)
            look = _Look(session, reader, actor, now, absent, _until(session, absent, day))
            found = {urgency: _read(look, urgency, condition) for urgency, condition in _conditions(look)}
            own = (actor.id, *absent)
            beside = Looker(session, self._office, reader, actor, own, () if leads(actor) else own, now)
            for urgency, (items, count) in beside_groups(beside):
                cases, how_many = found.get(urgency, ((), 0))
                found[urgency] = by_limit((*cases, *items)), how_many + count
            loads = self._loads(session, now) if leads(actor) else ()
        groups = (WorkGroup(urgency, tuple(items), count) for urgency, (items, count) in found.items() if count)
        return Workday(tuple(sorted(groups, key=_place)), loads)

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


@dataclass(frozen=True)
class _Look:
    """Who looks and when; `absent` are those for whom the person stands in, `until` says how long for each."""

    session: Session
    reader: RowReader
    actor: Actor
    now: dt.datetime
    absent: frozenset[int]
    until: Mapping[int, str]

    @property
    def forgotten(self) -> dt.datetime:
        """What was touched last before this has been left alone."""
        return self.now - dt.timedelta(days=UNTOUCHED_DAYS)


def _until(session: Session, absent: frozenset[int], day: dt.date) -> dict[int, str]:
    if not absent:
        return {}
    rows = session.execute(
        select(Absence.account_id, Account.name, func.max(Absence.ends_on))
        .join(Account, Account.id == Absence.account_id)
        .where(Absence.account_id.in_(absent), Absence.starts_on <= day, Absence.ends_on >= day)
        .group_by(Absence.account_id, Account.name)
    )
    words = _("{name} is away until {day}")
    return {person: words.format(name=name, day=f'{ends_on:%m-%d}') for person, name, ends_on in rows}


def _conditions(look: _Look) -> Iterator[tuple[Urgency, Condition]]:
    actor, now, is_open = look.actor, look.now, Case.outcome == Outcome.OPEN
    returned: list[int] = []
    if actor.may(Permission.PAY):
        returned = list(look.session.scalars(_returned_cases()))
        yield Urgency.RETURNED, Case.id.in_(returned)
    mine = and_(is_open, Case.id.not_in(returned)) if returned else is_open
    if look.absent:
        yield Urgency.STANDING_IN, and_(is_open, Case.owner_id.in_(look.absent))
    if leads(actor):
        left = look.session.scalars(select(Account.id).where(~Account.active)).all()
        nobody = Case.owner_id.is_(None)
        # Few, if any: to be found by the owner and not by a walk along all open cases.
        still_open = and_(Unindexed(Case.outcome) == Outcome.OPEN, Case.id.not_in(returned))
        yield Urgency.UNOWNED, and_(still_open, or_(nobody, Case.owner_id.in_(left)) if left else nobody)
        others = {*left, *look.absent}
        mine = and_(mine, ~nobody, Case.owner_id.not_in(others)) if others else and_(mine, ~nobody)
    else:
        mine = and_(mine, Case.owner_id == actor.id)
    if actor.may(Permission.APPROVE):
        deciding = and_(Case.owner_id == actor.id, Case.stage == Stage.APPROVAL)
        if look.session.scalar(select(Case.id).where(is_open, deciding).limit(1)) is not None:
            yield Urgency.DECISION, and_(is_open, deciding)
            mine = and_(mine, ~deciding)
    yield from _by_time(mine, now, look.forgotten)


def _by_time(mine: Condition, now: dt.datetime, forgotten: dt.datetime) -> Iterator[tuple[Urgency, Condition]]:
    """By the time limit; what has none near, and who waits for a customer, by how long nobody has touched it."""
    overdue, today = due_is(DueState.OVERDUE, now), due_is(DueState.TODAY, now)
    running = Case.paused_since.is_(None)
    yield Urgency.OVERDUE, and_(mine, overdue)
    yield Urgency.TODAY, and_(mine, today)
    near = midnight(now.astimezone(SHANGHAI).date() + dt.timedelta(days=NEXT_DAYS + 1))
    yield Urgency.NEXT_DAYS, and_(mine, running, Case.due_at >= now, Case.due_at < near, ~today)
    quiet = and_(Case.due_at >= now, or_(~running, Case.due_at >= near))
    yield Urgency.UNTOUCHED, and_(mine, quiet, Case.last_activity_at < forgotten)
    yield Urgency.WAITING, and_(mine, due_is(DueState.PAUSED, now), Case.last_activity_at >= forgotten)


def _place(group: WorkGroup) -> float:
    """Where a group stands: a decision that can wait stands below what is due today."""
    can_wait = group.urgency is Urgency.DECISION and not group.pressing
    return list(Urgency).index(Urgency.TODAY) + 0.5 if can_wait else list(Urgency).index(group.urgency)


def _returned_cases() -> Select[int]:
    other = aliased(Payment)
    live = select(other.id).where(
        other.case_id == Payment.case_id, other.state.in_([PaymentState.PREPARED, PaymentState.PAID])
    )
    return (
        select(Payment.case_id)
        .join(Case, Case.id == Payment.case_id)
        .where(Payment.state == PaymentState.RETURNED, Case.stage == Stage.PAYMENT, ~live.exists())
        .distinct()
    )


def _read(look: _Look, urgency: Urgency, condition: Condition) -> tuple[Sequence[WorkItem], int]:
    """The first cases of a group, and how many there are."""
    order = _ORDER.get(urgency, Case.due_at)
    query = select(*_COLUMNS).where(condition).order_by(order, Case.id).limit(MOST_ROWS)
    found = look.session.execute(query).all()
    if not found:
        return (), 0
    reasons = _bank_reasons(look.session, [row.id for row in found]) if urgency is Urgency.RETURNED else {}
    items = [
        _item(row, urgency, reasons.get(row.id) or _note(look, urgency, raw), look.actor, raw.version)
        for raw, row in zip(found, look.reader.read(found), strict=True)
    ]
    count = len(items)
    if count == MOST_ROWS:
        count = look.session.scalar(select(func.count()).select_from(Case).where(condition)) or 0
    return items, count


def _note(look: _Look, urgency: Urgency, row: Any) -> str:
    """Why the case is here: its nearest limit or who is away, and that nobody has touched it for long."""
    days = (look.now - row.last_activity_at).days
    left_alone = ngettext("nothing done for {n} day", "nothing done for {n} days", days).format(n=days)
    why = _(CLOCK_NAMES.get(row.due_clock, ''))
    if urgency is Urgency.STANDING_IN:
        why = look.until.get(row.owner_id, '')
    elif urgency is Urgency.UNTOUCHED:
        why = _("waiting for the customer") if row.paused_since is not None else ''
    return ' · '.join(filter(None, (why, left_alone if row.last_activity_at < look.forgotten else '')))


def _bank_reasons(session: Session, case_ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Payment.case_id, Payment.reason)
        .where(Payment.case_id.in_(case_ids), Payment.state == PaymentState.RETURNED)
        .order_by(Payment.id)
    )
    return dict(rows.all())


def _item(row: CaseRow, urgency: Urgency, note: str, actor: Actor, version: int) -> WorkItem:
    action, part, absent = row.next_step, _PARTS.get(row.stage, 'overview'), row.missing_documents
    deed = Deed.MOVE
    takes = STAGE_ROLE[row.stage] in actor.roles
    if urgency is Urgency.RETURNED:
        action, deed = _("Prepare the payment again"), Deed.OPEN
    elif urgency is Urgency.UNOWNED:
        action, part, deed = _("Choose a handler"), 'overview', Deed.TAKE if takes else Deed.OPEN
    elif urgency is Urgency.STANDING_IN and takes:
        action, deed = _("Take it: {step}").format(step=row.next_step), Deed.TAKE
    elif absent and (row.due_state is DueState.PAUSED or row.stage in _NEEDS_PAPERS):
        action = ngettext("Get {n} missing document", "Get {n} missing documents", absent).format(n=absent)
        part, deed = 'documents', Deed.OPEN
    return WorkItem(
        f'case:{row.id}', row, row.number, action, part, note, row.due_state, row.due_words, row.due_at, deed,
        version=version,
    )  # fmt: skip
