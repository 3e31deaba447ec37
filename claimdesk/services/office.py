"""The office itself: founding it, its name, its working calendar."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.identifiers import pinyin_initials
from claimdesk.language import N_, _
from claimdesk.models import Account, AccountRole, CalendarDay, Office, Team
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.calendar import chinese_calendar
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
    """The special days of a year: day, 'rest' or 'work', and its name. `published`: as the program brings it."""

    year: int
    days: tuple[tuple[dt.date, str, str], ...]
    published: bool = False


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
        """The special days by year: the published years, each replaced by the office's own where it entered any."""
        with self._office.database.read() as session:
            days = list(session.scalars(select(CalendarDay).order_by(CalendarDay.day)))
        own = sorted({day.day.year for day in days})
        known = [
            CalendarYear(year, tuple((day.day, day.kind, day.name) for day in days if day.day.year == year))
            for year in own
        ]
        known += [published_year(year) for year in chinese_calendar().years if year not in own]
        return sorted(known, key=lambda year: year.year)

    def forget_calendar_year(self, actor: Actor, year: int) -> None:
        """Go back to the published days of a year, where there are any. Raises `NotAllowed`."""
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.write(actor, N_("changed the calendar")) as session:
            _keep_days(session, CalendarYear(year, ()))
        self._office.forget_rules()

    def set_calendar_year(self, actor: Actor, year: CalendarYear) -> None:
        """Replace the special days of a year. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.MANAGE_OFFICE)
        if any(day.year != year.year or kind not in ('rest', 'work') for day, kind, _name in year.days):
            raise InvalidInput(_("Every day must lie in the year {year}.").format(year=year.year))
        if not year.days:
            raise InvalidInput(_("A year without any holiday cannot be kept."), _("Enter its holidays first."))
        with self._office.write(actor, N_("changed the calendar")) as session:
            _keep_days(session, year)
        self._office.forget_rules()


def published_year(year: int) -> CalendarYear:
    """The special days of a year as the State Council published them; weekends that rest as always are left out."""
    calendar = chinese_calendar()
    days = [(day, 'rest', '') for day in calendar.rest_days if day.year == year and day.weekday() < 5]
    days += [(day, 'work', '') for day in calendar.work_days if day.year == year]
    return CalendarYear(year, tuple(sorted(days)), published=True)


def read_calendar(content: bytes) -> list[CalendarYear]:
    """The years in a JSON or CSV file: for each day its date, 'rest' or 'work' (or 休, 班), and its name.

    JSON is a list of `{"day", "kind", "name"}`, or such a list under "days"; CSV has these three columns. Raises
    `InvalidInput` that names the line.
    """
    try:
        text = content.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = content.decode('gb18030', errors='replace')
    rows = _rows_of_json(text) if text.lstrip()[:1] in ('[', '{') else _rows_of_csv(text)
    days: dict[dt.date, tuple[str, str]] = {}
    for number, (day, kind, name) in enumerate(rows, start=1):
        try:
            date = dt.date(*(int(part) for part in re.split('[-/.年月]', day.strip().rstrip('日'))))
            days[date] = (_KINDS[kind.strip().casefold()], name.strip())
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput(
                _("Entry {number} of the file is not a day: {words}.").format(
                    number=number, words=' '.join((day, kind, name)).strip()
                ),
                _("Each needs a date such as 2027-01-01, rest or work, and a name."),
            ) from error
    if not days:
        raise InvalidInput(_("There are no days in this file."), _("Choose another file."))
    years = sorted({day.year for day in days})
    return [CalendarYear(year, tuple((d, *days[d]) for d in sorted(days) if d.year == year)) for year in years]


_KINDS = {'rest': 'rest', '休': 'rest', '休息': 'rest', 'work': 'work', '班': 'work', '上班': 'work'}


def _rows_of_json(text: str) -> list[tuple[str, str, str]]:
    try:
        content = json.loads(text)
        entries = content['days'] if isinstance(content, dict) else content
        return [(str(one['day']), str(one['kind']), str(one.get('name', ''))) for one in entries]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidInput(
            _("This file is not a calendar."), _('It should be a list of {"day", "kind", "name"}.')
        ) from error


def _rows_of_csv(text: str) -> list[tuple[str, str, str]]:
    rows = [row for row in csv.reader(io.StringIO(text)) if any(cell.strip() for cell in row)]
    if rows and not rows[0][0][:1].isdigit():
        rows = rows[1:]
    padded = ([*row, '', ''] for row in rows)
    return [(row[0], row[1], row[2]) for row in padded]


def _keep_days(session: Session, year: CalendarYear) -> None:
    """Make these the special days of the year; what stays the same is left alone."""
    wanted = {day: (kind, name) for day, kind, name in year.days}
    for row in session.scalars(select(CalendarDay).where(_in_year(year.year))):
        if row.day not in wanted:
            session.delete(row)
            continue
        row.kind, row.name = wanted.pop(row.day)
    session.add_all(CalendarDay(day=day, kind=kind, name=name) for day, (kind, name) in wanted.items())


def _in_year(year: int) -> ColumnElement[bool]:
    return CalendarDay.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def office_code(name: str) -> str:
    """The letters that begin the office's case numbers: the initials of its name, two to four of them."""
    letters = ''.join(char for char in pinyin_initials(name).upper() if char.isalpha())
    return (letters + 'LP')[:2] if len(letters) < 2 else letters[:2]
