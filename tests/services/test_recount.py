"""The due times of open cases after the calendar, the office hours or a target has changed, here or on another desk."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from claimdesk.errors import Cancelled
from claimdesk.models import Database
from claimdesk.rules.clocks import DEFAULT_TARGETS, STEP, EventKind, Target
from claimdesk.rules.clocks.targets import TARGETS_KEY, targets_as_json
from claimdesk.rules.office_hours import HOURS_KEY
from claimdesk.services.changes import Changes
from claimdesk.services.context import OfficeContext
from claimdesk.services.office import CalendarYear
from claimdesk.services.recount import recount, stale
from claimdesk.vocabulary import Role, Stage
from tests.services.role_office import RoleOffice, role_office

SHANGHAI = ZoneInfo('Asia/Shanghai')


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    office = role_office(database, tmp_path)
    office.bring_to(Stage.SURVEY)
    return office


def due_day(office: RoleOffice) -> dt.date:
    return office.case.step_due_at.astimezone(SHANGHAI).date()


def day_off(office: RoleOffice, day: dt.date) -> None:
    office.desk.office.set_calendar_year(
        office.people[Role.MANAGER], CalendarYear(day.year, ((day, 'rest', '停电'),))
    )


def test_a_new_day_off_moves_what_is_due(office: RoleOffice) -> None:
    before, version = due_day(office), office.case.version
    assert not stale(office.desk.context)
    day_off(office, before)
    assert stale(office.desk.context)
    assert recount(office.desk.context) == 1
    assert due_day(office) == before + dt.timedelta(days=1)
    assert office.case.version == version
    assert not stale(office.desk.context)
    assert recount(office.desk.context) == 0
    visits = office.desk.workflow.journey(office.people[Role.AUDITOR], office.case_id)
    assert visits[-1].due_at == office.case.step_due_at


def test_a_target_holds_from_its_day_on_and_cases_keep_theirs(office: RoleOffice) -> None:
    before = due_day(office)
    targets = targets_as_json((*DEFAULT_TARGETS, Target('survey', 5, 'workday', office.case.line)))
    manager = office.people[Role.MANAGER]
    office.desk.rules.set(manager, TARGETS_KEY, office.desk.context.today() + dt.timedelta(days=1), targets)
    recount(office.desk.context)
    assert due_day(office) == before
    office.desk.rules.set(manager, TARGETS_KEY, office.desk.context.today(), targets)
    recount(office.desk.context)
    assert due_day(office) > before


def test_office_hours_move_the_end_of_the_day(office: RoleOffice) -> None:
    hours = [['08:30', '12:00'], ['13:30', '17:30']]
    office.desk.rules.set(office.people[Role.MANAGER], HOURS_KEY, dt.date(2026, 1, 1), hours)
    recount(office.desk.context)
    assert office.case.step_due_at.astimezone(SHANGHAI).time() == dt.time(17, 30)


def test_another_desk_counts_by_the_new_rules_once_it_has_heard_of_them(office: RoleOffice) -> None:
    url = office.desk.context.database.url.render_as_string(hide_password=False)
    database = Database(url, now=office.watch)
    other = OfficeContext(database, office.desk.context.files, office.watch)
    changes = Changes(other)
    changes.poll()
    day = due_day(office)
    assert not other.calendar.is_rest(day)
    day_off(office, day)
    changes.poll()
    assert other.calendar.is_rest(day)
    database.close()


def test_what_is_stopped_half_way_is_done_again(office: RoleOffice) -> None:
    day_off(office, due_day(office))

    def stop(done: int, total: int, sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        recount(office.desk.context, stop)
    assert stale(office.desk.context)
    assert office.desk.reminders.recount() == 1


def test_a_year_that_is_loaded_is_no_longer_provisional(office: RoleOffice) -> None:
    office.watch.forward(days=270)
    case_id = office.register('late')
    office.desk.events.record(office.people[Role.SERVICE], case_id, EventKind.CLAIM_RECEIVED, office.watch())

    def clock(name: str) -> bool:
        clocks = {one.id: one for one in office.desk.clocks.due(office.people[Role.SERVICE], case_id)}
        return clocks[name].provisional

    assert clock('L6')
    assert not clock(STEP)
    office.desk.office.set_calendar_year(
        office.people[Role.MANAGER], CalendarYear(2027, ((dt.date(2027, 1, 1), 'rest', '元旦'),))
    )
    assert not clock('L6')
