"""The office itself: founding it, its name, its working calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from claimdesk.errors import InvalidInput
from claimdesk.identifiers import pinyin_initials
from claimdesk.language import N_, _
from claimdesk.models import Account, AccountRole, CalendarDay, Office, Team
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.accounts import NewPerson, check_person
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.passwords import hash_password
from claimdesk.vocabulary import Role

FOUNDER_ROLES = (Role.ADMINISTRATOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class OfficeView:
    """The office as the status bar and the settings show it. `server` is '' for a local file."""

    id: int
    version: int
    name: str
    code: str
    demo: bool
    server: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The special days of a year: day, whether it is rest or work, and what it is called."""

    year: int
    days: tuple[tuple[dt.date, str, str], ...]


class OfficeDesk:
    """Founding and describing the office."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def founded(self) -> bool:
        """Whether there is an office in this database yet."""
        with self._office.database.read() as session:
            return session.scalar(select(Office.id).limit(1)) is not None

    def view(self) -> OfficeView:
        """The office. Raises `InvalidInput` in a database without one."""
        url = self._office.database.url
        with self._office.database.read() as session:
            office = session.scalar(select(Office).order_by(Office.id).limit(1))
            if office is None:
                raise InvalidInput(_("There is no office in this database yet."), _("Found one first."))
            server = '' if self._office.database.is_sqlite else f'{url.host or "localhost"}/{url.database}'
            return OfficeView(office.id, office.version, office.name, office.code, office.demo, server)

    def found(self, name: str, administrator: str, login: str, password: str) -> None:
        """Found the office with its first administrator. Raises `InvalidInput`, also where there is one already."""
        check_person(NewPerson(login, administrator, FOUNDER_ROLES, password), needs_password=True)
        if not name.strip():
            raise InvalidInput(_("Some fields need your attention."), '', {'office': _("Enter this.")})
        with self._office.database.write(N_("founded the office")) as session:
            if session.scalar(select(func.count()).select_from(Office)):
                raise InvalidInput(
                    _("There is already an office in this database."), _("Join it instead of founding a new one.")
                )
            now = self._office.now()
            office = Office(name=name.strip(), code=office_code(name), created_at=now)
            session.add(office)
            session.flush()
            team = Team(office_id=office.id, name=_("Claims"))
            session.add(team)
            session.flush()
            session.add(
                Account(
                    office_id=office.id,
                    team_id=team.id,
                    login=login.strip(),
                    name=administrator.strip(),
                    password_hash=hash_password(password),
                    created_at=now,
                    roles=[AccountRole(role=role) for role in FOUNDER_ROLES],
                )
            )

    def rename(self, actor: Actor, version: int, name: str) -> OfficeView:
        """Change the office's name. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        if not name.strip():
            raise InvalidInput(_("Some fields need your attention."), '', {'name': _("Enter this.")})
        with self._office.write(actor, N_("renamed the office")) as session:
            get_for_edit(session, Office, actor.office_id, version, name=name).name = name.strip()
        return self.view()

    def calendar_years(self, actor: Actor) -> list[CalendarYear]:
        """The special days that the office has entered, by year."""
        with self._office.database.read() as session:
            days = list(session.scalars(select(CalendarDay).order_by(CalendarDay.day)))
        years = sorted({day.day.year for day in days})
        return [
            CalendarYear(year, tuple((day.day, day.kind, day.name) for day in days if day.day.year == year))
            for year in years
        ]

    def set_calendar_year(self, actor: Actor, year: CalendarYear) -> None:
        """Replace the special days of a year. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.MANAGE_OFFICE)
        if any(day.year != year.year or kind not in ('rest', 'work') for day, kind, _name in year.days):
            raise InvalidInput(_("Every day must lie in the year {year}.").format(year=year.year))
        with self._office.write(actor, N_("changed the calendar")) as session:
            first, last = dt.date(year.year, 1, 1), dt.date(year.year, 12, 31)
            session.execute(delete(CalendarDay).where(CalendarDay.day.between(first, last)))
            session.add_all(CalendarDay(day=day, kind=kind, name=name) for day, kind, name in year.days)
        self._office.__dict__.pop('calendar', None)


def office_code(name: str) -> str:
    """The letters that begin the office's case numbers: the initials of its name, two to four of them."""
    letters = ''.join(char for char in pinyin_initials(name).upper() if char.isalpha())
    return (letters + 'LP')[:2] if len(letters) < 2 else letters[:2]
