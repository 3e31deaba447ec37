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
from claimdesk.services.office_trail import TrailQuery, TrailRow
from claimdesk.services.timeline_entries import _details
from claimdesk.services.timeline_values import Names, differences, in_words
from claimdesk.services.timeline_words import FIELDS, THINGS, UNTOLD
from claimdesk.vocabulary import Role
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def found(office: RoleOffice, **wanted: object) -> list[TrailRow]:
    trail, auditor = office.desk.trail, office.people[Role.AUDITOR]
    return trail.rows(auditor, trail.ids(auditor, TrailQuery(**wanted)))  # type: ignore[arg-type]


def told(office: RoleOffice, group: str) -> list[TrailRow]:
    return found(office, kind=group)


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
    details = [line for row in told(office, 'people') for line in row.details]
    assert f'Role · {person.name} · Role: Approver' in details


def test_the_calendar_is_told_day_by_day(office: RoleOffice) -> None:
    manager, desk = office.people[Role.MANAGER], office.desk
    first, second = dt.date(2027, 1, 1), dt.date(2027, 1, 2)
    desk.office.set_calendar_year(manager, CalendarYear(2027, ((first, 'rest', '元旦'), (second, 'rest', '元旦'))))
    office.watch.forward(minutes=1)
    desk.office.set_calendar_year(manager, CalendarYear(2027, ((first, 'rest', '元旦'), (second, 'work', '调休'))))
    (entry,) = [row for row in told(office, 'rules') if row.at == office.watch()]
    assert any('rest → work' in line for line in entry.details)
    assert not any('2027-01-01' in line for line in entry.details)


def test_only_who_may_sees_the_office(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        office.desk.trail.ids(office.people[Role.SURVEYOR], TrailQuery())
    with pytest.raises(NotAllowed):
        office.desk.trail.rows(office.people[Role.SURVEYOR], [1])


def test_the_trail_is_narrowed_by_person_day_kind_and_words(office: RoleOffice) -> None:
    manager = office.people[Role.MANAGER]
    office.desk.rules.set(manager, 'risk', dt.date(2026, 1, 1), {'a': 1})
    today = office.watch().date()
    assert {row.who for row in found(office, actor_id=manager.id)} == {manager.name}
    assert found(office, first=today, last=today)
    assert found(office, last=today - dt.timedelta(days=400)) == []
    assert {row.thing for row in found(office, kind='claim_case')} == {'Case'}
    assert {row.case_number for row in found(office, text=office.case.number)} == {office.case.number}
    assert found(office, text='追尾')
    assert {row.thing for row in found(office, text='rule office')} == {'Rule of the office'}
    assert found(office, text='100%_没有') == []


def test_the_newest_entry_stands_first_with_before_and_after(office: RoleOffice) -> None:
    manager, rules, day = office.people[Role.MANAGER], office.desk.rules, dt.date(2026, 1, 1)
    rules.set(manager, 'targets', day, {'motor': {'survey': 24}})
    office.watch.forward(minutes=1)
    rules.set(manager, 'targets', day, {'motor': {'survey': 12}})
    newest = found(office)[0]
    (changed,) = newest.changes
    assert (changed.field, changed.before, changed.after) == ('Wording · motor · survey', '24', '12')
    assert [row.id for row in found(office)] == sorted((row.id for row in found(office)), reverse=True)


def test_an_account_number_is_never_told_whole() -> None:
    assert '6222021234567890' not in in_words('payment', 'account_number', '6222021234567890123', Names())
    assert '19900307' not in in_words('party', 'id_number', '110105199003071234', Names())


def test_a_new_row_does_not_name_the_case_that_it_stands_in() -> None:
    changes = {'case_id': [None, 7], 'level': [None, 'Level 1']}
    entry = AuditEntry(kind='sign_off', verb='insert', row_id=1, changes=changes)
    told = _details(entry, Names(), '')
    assert told == ['Signature · Level: Level 1']
