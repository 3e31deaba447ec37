"""What every use case needs: who acts, the office's database, clock, files, calendar, and the check of permission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import NotAllowed
from claimdesk.language import _
from claimdesk.models import CalendarDay, Database, OfficeSetting
from claimdesk.models.database import utc_now
from claimdesk.rules.calendar import Calendar, chinese_calendar
from claimdesk.rules.clocks.targets import TARGETS_KEY, Book, targets_from
from claimdesk.rules.office_hours import HOURS_KEY, hours_from
from claimdesk.rules.permissions import Permission, may, refusal_sentence
from claimdesk.vocabulary import Role

if TYPE_CHECKING:
    from claimdesk.services.files import FileStore
    from claimdesk.services.thumbnails import Thumbnails

SHANGHAI = ZoneInfo('Asia/Shanghai')


@dataclass(frozen=True, slots=True)
class Actor:
    """The person who acts, as signed in."""

    id: int
    name: str
    login: str
    office_id: int
    team_id: int | None
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether the person's roles allow `permission`."""
        return may(self.roles, permission)


def require(actor: Actor, permission: Permission) -> None:
    """Raise `NotAllowed`, naming who may, unless `actor` has `permission`."""
    if not may(actor.roles, permission):
        raise NotAllowed(refusal_sentence(permission))


Draw = Callable[[bytes, int, int, int], bytes]


def _draw_here(content: bytes, page: int, width: int, rotation: int) -> bytes:
    """Draw in this process, which a hostile PDF may hang."""
    from claimdesk.ocr import render

    return render(content, page, width=width, rotation=rotation)


Pointed = tuple[int, tuple[float, float, float, float], str]
"""The page (from 0), the box on the upright page, and what was read in it."""
Along = Callable[[Session, 'OfficeContext', Collection[int]], object]


@dataclass(frozen=True)
class OfficeContext:
    """The office that the services work in. `now` is the clock; tests turn it.

    `along` is called in each transaction that changed facts of cases that the risk rules look at, with their ids.
    `draw` draws the page of a file (content, page from 1, width, rotation) as PNG. `cache` is a folder of this
    workstation for what can be made again; None keeps that in memory only.
    """

    database: Database
    files: FileStore
    now: Callable[[], dt.datetime] = field(default=utc_now)
    along: Along | None = None
    draw: Draw = field(default=_draw_here)
    cache: Path | None = None

    @contextmanager
    def write(self, actor: Actor, action: str) -> Iterator[Session]:
        """One transaction of `actor`; `action` is kept with each audit entry.

        What follows from the facts of cases that it has changed is kept along with it.
        """
        from claimdesk.services.risk_watch import changed_cases

        with self.database.write(action, actor.id, actor.name) as session:
            yield session
            changed = changed_cases(session)
            if changed and self.along is not None:
                self.along(session, self, changed)

    def today(self) -> dt.date:
        """The office's local day."""
        return self.now().astimezone(SHANGHAI).date()

    @cached_property
    def pointed(self) -> dict[tuple[int, str], Pointed]:
        """Where people here pointed to have a field read again: by document and field, until it is confirmed."""
        return {}

    @cached_property
    def thumbnails(self) -> Thumbnails:
        """Small pictures of pages, kept by this workstation."""
        from claimdesk.services.thumbnails import Thumbnails

        return Thumbnails(self.drawn_page, self.cache / 'thumbnails' if self.cache is not None else None)

    def drawn_page(self, sha256: str, page_index: int, rotation: int, width: int) -> bytes:
        """The page (from 0) of a kept file as PNG. Raises `NotFound`, `Unavailable`, `Unreadable`."""
        with self.database.read() as session:
            content = self.files.get(session, sha256)
        return self.draw(content, page_index + 1, width, rotation)

    @cached_property
    def calendar(self) -> Calendar:
        """The working calendar: the published years, each replaced by the office's own days where it entered any."""
        published = chinese_calendar()
        with self.database.read() as session:
            days = session.execute(select(CalendarDay.day, CalendarDay.kind)).all()
            hours = _wordings(session, HOURS_KEY)
        own = {day.year for day, _kind in days}
        return Calendar(
            rest_days=frozenset(day for day in published.rest_days if day.year not in own)
            | {day for day, kind in days if kind == 'rest'},
            work_days=frozenset(day for day in published.work_days if day.year not in own)
            | {day for day, kind in days if kind == 'work'},
            years=published.years | own,
            hours=tuple((since, hours_from(value)) for since, value in hours),
        )

    @cached_property
    def targets(self) -> Book:
        """The office's own targets, each wording from a day on."""
        with self.database.read() as session:
            wordings = _wordings(session, TARGETS_KEY)
        return Book(tuple((since, targets_from(value)) for since, value in wordings))

    def forget_rules(self) -> None:
        """Read calendar, office hours and targets anew when they are next asked for: somebody has changed them."""
        for name in ('calendar', 'targets'):
            self.__dict__.pop(name, None)


def _wordings(session: Session, key: str) -> list[tuple[dt.date, Any]]:
    rows = session.execute(
        select(OfficeSetting.valid_from, OfficeSetting.value)
        .where(OfficeSetting.key == key)
        .order_by(OfficeSetting.valid_from.desc())
    )
    return [(since, value) for since, value in rows]


def command_line_actor(office_id: int) -> Actor:
    """Whoever runs a command on the office's machine: may look and print, and changes nothing."""
    return Actor(0, _("Command line"), '', office_id, None, frozenset({Role.AUDITOR}))
