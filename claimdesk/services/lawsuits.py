"""Lawsuits and arbitrations about cases: the days that are set in them, and how they ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, Lawsuit, LawsuitDay
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.clocks import due_state
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.names import names_of
from claimdesk.vocabulary import CourtDay, DueState, OurSide

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class CourtDayView:
    """A day that was set, and whether what was due has been done."""

    id: int
    version: int
    kind: CourtDay
    due_at: dt.datetime
    due_state: DueState
    note: str
    done_at: dt.datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class LawsuitView:
    """A lawsuit; money in yuan. `closed_at` is None while it is open."""

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    court: str
    number: str
    side: OurSide
    opponent: str
    claimed: Decimal | None
    owner: str
    opened_at: dt.datetime
    outcome: str
    awarded: Decimal | None
    closed_at: dt.datetime | None
    days: tuple[CourtDayView, ...]

    @property
    def next_day(self) -> CourtDayView | None:
        """The nearest day on which something is still to be done."""
        return next((day for day in self.days if day.done_at is None), None)


@dataclass(frozen=True, slots=True)
class NewLawsuit:
    """What is entered about a lawsuit; money in yuan."""

    court: str
    number: str
    side: OurSide
    opponent: str = ''
    claimed: Decimal | None = None


class Lawsuits:
    """Cases that went to court."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[LawsuitView]:
        """The lawsuits about the case, the open ones first."""
        with self._office.database.read() as session:
            return self._views(session, Lawsuit.case_id == case_id)

    def open(self, actor: Actor) -> list[LawsuitView]:
        """Every open lawsuit, the nearest day first; those without a day at the end."""
        with self._office.database.read() as session:
            found = self._views(session, Lawsuit.closed_at.is_(None))
        far = dt.datetime.max.replace(tzinfo=dt.UTC)
        return sorted(found, key=lambda one: (one.next_day.due_at if one.next_day else far, one.id))

    def enter(self, actor: Actor, case_id: int, new: NewLawsuit) -> None:
        """Enter a lawsuit. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.COMPLAINT)
        if not new.court.strip():
            raise InvalidInput(_("Name the court."), '', {'court': _("Enter this.")})
        with self._office.write(actor, N_("entered a lawsuit")) as session:
            case = get(session, Case, case_id)
            session.add(
                Lawsuit(
                    case_id=case_id,
                    court=new.court.strip(),
                    number=new.number.strip(),
                    side=new.side,
                    opponent=new.opponent.strip(),
                    claimed=new.claimed,
                    owner_id=actor.id,
                    opened_at=self._office.now(),
                )
            )
            touch(session, case, self._office)

    def set_day(
        self, actor: Actor, lawsuit_id: int, version: int, kind: CourtDay, due_at: dt.datetime, note: str = ''
    ) -> None:
        """Note a day that the court or the law has set. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.COMPLAINT)
        with self._office.write(actor, N_("noted a day in court")) as session:
            row = _open_row(session, lawsuit_id, version)
            session.add(
                LawsuitDay(lawsuit_id=row.id, case_id=row.case_id, kind=kind, due_at=due_at, note=note.strip())
            )
            touch(session, get(session, Case, row.case_id), self._office)

    def day_done(self, actor: Actor, day_id: int, version: int, *, done: bool = True) -> None:
        """What was due on the day is done, or is not after all. Raises `NotAllowed` and `Conflict`."""
        require(actor, Permission.COMPLAINT)
        with self._office.write(actor, N_("ticked a day in court off")) as session:
            row = get_for_edit(session, LawsuitDay, day_id, version)
            row.done_at, row.done_by = (self._office.now(), actor.id) if done else (None, None)
            touch(session, get(session, Case, row.case_id), self._office)

    def close(
        self, actor: Actor, lawsuit_id: int, version: int, outcome: str, awarded: Decimal | None = None
    ) -> None:
        """The lawsuit has ended. Raises `NotAllowed`, `InvalidInput` also where a day is still open, `Conflict`."""
        require(actor, Permission.COMPLAINT)
        if not outcome.strip():
            raise InvalidInput(_("Write how the lawsuit ended."), '', {'outcome': _("Enter this.")})
        with self._office.write(actor, N_("closed a lawsuit")) as session:
            row = _open_row(session, lawsuit_id, version)
            open_day = session.scalar(
                select(LawsuitDay.id).where(LawsuitDay.lawsuit_id == row.id, LawsuitDay.done_at.is_(None)).limit(1)
            )
            if open_day is not None:
                raise InvalidInput(_("A day in court is still open."), _("Tick it off first."))
            row.outcome, row.awarded, row.closed_at = outcome.strip(), awarded, self._office.now()
            touch(session, get(session, Case, row.case_id), self._office)

    def _views(self, session: Session, condition: ColumnElement[bool]) -> list[LawsuitView]:
        rows = session.execute(
            select(Lawsuit, Case.number, Case.insured_name)
            .join(Case, Case.id == Lawsuit.case_id)
            .where(condition)
            .order_by(Lawsuit.closed_at.is_not(None), Lawsuit.id.desc())
            .limit(MOST_ROWS)
        ).all()
        days = _days(session, [row.id for row, *_case in rows])
        names = names_of(
            session,
            [row.owner_id for row, *_case in rows] + [day.done_by for found in days.values() for day in found],
        )
        now = self._office.now()
        return [
            LawsuitView(
                id=row.id,
                version=row.version,
                case_id=row.case_id,
                case_number=number,
                insured_name=insured,
                court=row.court,
                number=row.number,
                side=row.side,
                opponent=row.opponent,
                claimed=row.claimed,
                owner=names.get(row.owner_id, ''),
                opened_at=row.opened_at,
                outcome=row.outcome,
                awarded=row.awarded,
                closed_at=row.closed_at,
                days=tuple(_day_view(day, names, now) for day in days.get(row.id, ())),
            )
            for row, number, insured in rows
        ]


def _open_row(session: Session, lawsuit_id: int, version: int) -> Lawsuit:
    row = get_for_edit(session, Lawsuit, lawsuit_id, version)
    if row.closed_at is not None:
        raise InvalidInput(_("This lawsuit has been closed."), _("Refresh the list."))
    return row


def _days(session: Session, lawsuits: Sequence[int]) -> dict[int, list[LawsuitDay]]:
    found: dict[int, list[LawsuitDay]] = {}
    if lawsuits:
        rows = session.scalars(
            select(LawsuitDay).where(LawsuitDay.lawsuit_id.in_(lawsuits)).order_by(LawsuitDay.due_at, LawsuitDay.id)
        )
        for row in rows:
            found.setdefault(row.lawsuit_id, []).append(row)
    return found


def _day_view(row: LawsuitDay, names: Mapping[int | None, str], now: dt.datetime) -> CourtDayView:
    return CourtDayView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        due_at=row.due_at,
        due_state=due_state(row.due_at, now, done=row.done_at is not None),
        note=row.note,
        done_at=row.done_at,
        done_by=names.get(row.done_by, ''),
    )
