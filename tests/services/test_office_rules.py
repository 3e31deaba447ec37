"""The office's dated rules: which wording holds on a day, who may change one, and two desks at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, NotAllowed
from claimdesk.models import Database
from claimdesk.vocabulary import Role
from tests.services.role_office import RoleOffice, role_office

KEY = 'small_claim'
MARCH, JUNE = dt.date(2026, 3, 1), dt.date(2026, 6, 1)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def test_each_day_has_the_wording_that_held_then(office: RoleOffice) -> None:
    rules, manager = office.desk.rules, office.people[Role.MANAGER]
    rules.set(manager, KEY, MARCH, {'amount': '5000.00'})
    rules.set(manager, KEY, JUNE, {'amount': '8000.00'})
    said = {day: rules.value(manager, KEY, day, 'default') for day in (MARCH - dt.timedelta(1), MARCH, JUNE)}
    assert list(said.values()) == ['default', {'amount': '5000.00'}, {'amount': '8000.00'}]
    assert [one.valid_from for one in rules.versions(manager, KEY)] == [JUNE, MARCH]


def test_a_wording_taken_back_lets_the_one_before_hold_again(office: RoleOffice) -> None:
    rules, manager = office.desk.rules, office.people[Role.MANAGER]
    rules.set(manager, KEY, MARCH, 1)
    rules.set(manager, KEY, JUNE, 2)
    newest = rules.versions(manager, KEY)[0]
    rules.forget(manager, newest.id, newest.version)
    assert rules.value(manager, KEY, JUNE) == 1


def test_the_same_day_is_replaced_only_from_the_version_that_was_shown(office: RoleOffice) -> None:
    rules, manager = office.desk.rules, office.people[Role.MANAGER]
    rules.set(manager, KEY, MARCH, 1)
    shown = rules.versions(manager, KEY)[0].version
    rules.set(manager, KEY, MARCH, 2, shown)
    with pytest.raises(Conflict):
        rules.set(manager, KEY, MARCH, 3, shown)
    assert rules.value(manager, KEY, MARCH) == 2


def test_only_who_manages_the_office_changes_a_rule(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        office.desk.rules.set(office.people[Role.SERVICE], KEY, MARCH, 1)
    assert not office.desk.rules.versions(office.people[Role.MANAGER], KEY)
