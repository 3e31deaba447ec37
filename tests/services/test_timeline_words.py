"""Everything that is audited is told in words: every table has a name, every column is told or left out on purpose."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from claimdesk.errors import NotAllowed
from claimdesk.models import AuditEntry, Base, Database
from claimdesk.models.audit import QUIET, SECRET
from claimdesk.services.accounts import NewPerson
from claimdesk.services.office import CalendarYear
from claimdesk.services.timeline import TimelineEntry, _details
from claimdesk.services.timeline_values import Names, differences
from claimdesk.services.timeline_words import FIELDS, THINGS, UNTOLD
from claimdesk.vocabulary import Role
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def told(office: RoleOffice, group: str = '') -> list[TimelineEntry]:
    return office.desk.timeline.of_office(office.people[Role.AUDITOR], group)


def test_every_audited_table_and_column_has_a_word() -> None:
    audited = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.audited]
    assert {one.__tablename__ for one in audited} <= set(THINGS)
    silent = QUIET | SECRET | UNTOLD | {'id'}
    columns = {(one.__tablename__, column.name) for one in audited for column in one.__table__.columns}
    assert [column for column in sorted(columns) if column[1] not in silent and column[1] not in FIELDS] == []


def test_a_word_is_either_told_or_left_out() -> None:
    assert not UNTOLD & set(FIELDS)


@pytest.mark.parametrize(
    ('before', 'after', 'expected'),
    [
        ({'a': {'b': 1}}, {'a': {'b': 2}}, ['a · b: 1 → 2']),
        ({'a': 1}, {'a': 1, 'c': True}, ['c: – → yes']),
        ([{'code': 'x', 'limit': '5'}], [{'code': 'x', 'limit': '6'}], ['x · limit: 5 → 6']),
        ([{'code': 'x'}], [], ['x: code x → –']),
        (None, 3, ['– → 3']),
        ({'a': 1}, {'a': 1}, []),
    ],
)
def test_two_wordings_are_compared_part_by_part(before: object, after: object, expected: list[str]) -> None:
    assert differences(before, after) == expected


def test_a_rule_is_told_before_and_after(office: RoleOffice) -> None:
    manager, rules = office.people[Role.MANAGER], office.desk.rules
    day = dt.date(2026, 1, 1)
    rules.set(manager, 'targets', day, {'motor': {'survey': 24, 'assessment': 72}})
    office.watch.forward(minutes=1)
    rules.set(manager, 'targets', day, {'motor': {'survey': 12, 'assessment': 72}})
    changed, made = told(office, 'rules')[:2]
    assert (changed.who, changed.action) == (manager.name, 'changed a rule of the office')
    assert changed.details == ("Rule of the office · The office's targets · Wording: motor · survey: 24 → 12",)
    assert "Rule of the office · The office's targets · Valid from: 2026-01-01" in made.details


def test_a_new_role_is_told(office: RoleOffice) -> None:
    administrator, accounts = office.people[Role.ADMINISTRATOR], office.desk.accounts
    person = next(one for one in accounts.people(administrator) if one.id == office.people[Role.SURVEYOR].id)
    entered = NewPerson(
        person.login, person.name, (Role.SURVEYOR, Role.APPROVER), '', person.team_id, person.phone, person.capacity
    )
    accounts.edit(administrator, person.id, person.version, entered, active=True)
    assert f'Role · {person.name} · Role: Approver' in told(office, 'people')[0].details


def test_the_calendar_is_told_day_by_day(office: RoleOffice) -> None:
    manager, desk = office.people[Role.MANAGER], office.desk
    first, second = dt.date(2027, 1, 1), dt.date(2027, 1, 2)
    desk.office.set_calendar_year(manager, CalendarYear(2027, ((first, 'rest', '元旦'), (second, 'rest', '元旦'))))
    office.watch.forward(minutes=1)
    desk.office.set_calendar_year(manager, CalendarYear(2027, ((first, 'rest', '元旦'), (second, 'work', '调休'))))
    entry = told(office, 'rules')[0]
    assert any('rest → work' in line for line in entry.details)
    assert not any('2027-01-01' in line for line in entry.details)


def test_only_who_may_sees_the_office(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        office.desk.timeline.of_office(office.people[Role.SURVEYOR])


def test_the_office_is_narrowed_by_person_and_day(office: RoleOffice) -> None:
    auditor, manager = office.people[Role.AUDITOR], office.people[Role.MANAGER]
    office.desk.rules.set(manager, 'risk', dt.date(2026, 1, 1), {'a': 1})
    today = office.watch().date()
    timeline = office.desk.timeline
    assert {entry.who for entry in timeline.of_office(auditor, actor_id=manager.id)} == {manager.name}
    assert timeline.of_office(auditor, first=today, last=today + dt.timedelta(days=1))
    assert timeline.of_office(auditor, last=today - dt.timedelta(days=400)) == []


def test_a_new_row_does_not_name_the_case_that_it_stands_in() -> None:
    changes = {'case_id': [None, 7], 'level': [None, 'Level 1']}
    entry = AuditEntry(kind='sign_off', verb='insert', row_id=1, changes=changes)
    told = _details(entry, Names(), '')
    assert told == ['Signature · Level: Level 1']
