"""The office itself: its teams, its people of every role with passwords, absences and calendar of numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from claimdesk.services.office_generator.dice import AHEAD, DAY, Dice
from claimdesk.services.office_generator.identities import person_name, phone
from claimdesk.services.office_generator.ledger import Ledger
from claimdesk.services.office_generator.staff import Colleague, Staff
from claimdesk.services.office_generator.stock import stock
from claimdesk.services.passwords import hash_password
from claimdesk.vocabulary import Line, Role

DEMO_PASSWORD = 'claimdesk'
"""Everybody's password in a made-up office; in a demo office one click signs in without it."""

CASES_PER_CREW = 12_000
"""A larger office has one more crew of handlers for so many cases."""

_HANDLERS = (Role.SERVICE, Role.SURVEYOR, Role.ASSESSOR, Role.ADJUSTER, Role.APPROVER, Role.FINANCE)


def found(ledger: Ledger, now: dt.datetime, cases: int, demo: bool, dice: Dice) -> tuple[int, str, Staff]:
    """Found the office fifteen months before `now`; its id, the letters of its case numbers, and its people."""
    names = stock().names
    created_at = now - dt.timedelta(days=460)
    # What is made up was approved before signing was introduced; from today on the office signs.
    office = ledger.insert(
        'office', name=names['office'], code=names['code'], demo=demo, created_at=created_at, signing_since=now
    )
    teams = [ledger.insert('team', office_id=office['id'], name=name)['id'] for name in names['teams']]
    password = hash_password(DEMO_PASSWORD)
    people = []
    for one in names['staff']:
        roles = tuple(Role(role) for role in one['roles'])
        team = None if one['team'] is None else teams[one['team']]
        people.append(_hire(ledger, office['id'], one['name'], one['login'], team, roles, one['capacity'], password,
                            created_at, dice))  # fmt: skip
    if not demo:
        for number in range(cases // CASES_PER_CREW * len(_HANDLERS)):
            role = _HANDLERS[number % len(_HANDLERS)]
            team = teams[number // len(_HANDLERS) % len(teams)]
            login = f'{role.value}.{number // len(_HANDLERS) + 1:03d}'
            people.append(_hire(ledger, office['id'], person_name(dice), login, team, (role,), 600, password,
                                created_at, dice))  # fmt: skip
    _absences(ledger, people, (now + AHEAD).date())
    lines = {Line.MOTOR: tuple(teams[:2]), Line.MEDICAL: tuple(teams[2:]), Line.PROPERTY: tuple(teams[2:])}
    return office['id'], names['code'], Staff(people, lines, weighs_load=demo)


def _hire(
    ledger: Ledger, office_id: int, name: str, login: str, team: int | None, roles: tuple[Role, ...], capacity: int,
    password: str, created_at: dt.datetime, dice: Dice,
) -> Colleague:  # fmt: skip
    number = phone(dice)
    row = ledger.insert(
        'account',
        office_id=office_id,
        team_id=team,
        login=login,
        name=name,
        phone=number,
        email=f'{login}@example.com',
        password_hash=password,
        capacity=capacity,
        created_at=created_at,
    )
    for role in roles:
        ledger.insert_part('account_role', account_id=row['id'], role=role)
    return Colleague(row['id'], name, login, number, team, roles, capacity)


def _absences(ledger: Ledger, people: Sequence[Colleague], today: dt.date) -> None:
    """One person is away this week with a substitute, one was last month, one will be."""
    spans = ((-2, 3), (-40, -36), (12, 16))
    reasons = stock().talk['absences']
    by_role: dict[Role, list[Colleague]] = {}
    for person in people:
        by_role.setdefault(person.roles[0], []).append(person)
    # Not the first of a role: that is whom a newcomer signs in as, and should find work to do.
    pairs = [(persons[-1], persons[0]) for role, persons in by_role.items() if len(persons) > 1 and role in _HANDLERS]
    for (person, substitute), (first, last), reason in zip(pairs, spans, reasons, strict=False):
        person.away = (today + first * DAY, today + last * DAY)
        ledger.insert(
            'absence',
            account_id=person.id,
            substitute_id=substitute.id,
            starts_on=person.away[0],
            ends_on=person.away[1],
            reason=reason,
        )
