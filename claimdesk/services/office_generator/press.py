"""Prints closed cases in great numbers: a few thousand stories are told in full and copied with other people and days.

A copy is moved by whole weeks, so that its steps still fall into office hours, and by some minutes. Of a closed case it
has what lists, clocks and reports need: accident, policy with the cover it was paid from, events, required papers,
estimates, the decided calculation without its steps, the payment. Open cases are always told for themselves.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Date, Table

from claimdesk.models import NO_DUE, SEARCHED, Base
from claimdesk.models.types import UtcTime
from claimdesk.services.office_generator.customers import Customers
from claimdesk.services.office_generator.dice import AHEAD, Dice
from claimdesk.services.office_generator.identities import (
    card_number,
    company_name,
    credit_code,
    id_number,
    initials,
    person_name,
    phone,
    plate,
)
from claimdesk.services.office_generator.ledger import Ledger, Row
from claimdesk.services.office_generator.load import Loader
from claimdesk.services.office_generator.plan import plan_for, sibling
from claimdesk.services.office_generator.stock import stock
from claimdesk.services.office_generator.story import Story
from claimdesk.services.office_generator.world import World
from claimdesk.vocabulary import Line, PaymentState, Stage

DAY_SECONDS = 86_400
JITTER = 900
_PRINTED_FROM = 500_000_000
"""Where the serial numbers of copied policies begin."""

KNOWN_PEOPLE = 4_000
COPIED = (
    'party', 'policy', 'coverage', 'accident', 'claim_case', 'case_motor', 'case_medical', 'case_property',
    'case_party', 'reserve_change', 'case_event', 'checklist_item', 'calculation', 'payment',
)  # fmt: skip
_EPOCH = dt.date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = 365 * 20, 365 * 130
_AHEAD_SECONDS = int(AHEAD.total_seconds())
_SEARCHED_FRESH = tuple(name for name in SEARCHED if name != 'cause')
_PRINTED = {
    'party': {'name', 'pinyin', 'id_number', 'phone', 'address'},
    'policy': {'number', 'plate', 'insured_address'},
    'accident': {'place', 'description'},
    'claim_case': {
        'number', 'insured_name', 'plate', 'policy_number', 'reporter_name', 'reporter_phone', 'place', 'pinyin',
    },
    'case_motor': {'driver_name'},
    'case_medical': {'patient_name'},
    'case_property': {'premises'},
    'payment': {'request_key', 'payee_name', 'account_number'},
}  # fmt: skip
"""The columns whose words each copy has for itself."""


@dataclass(slots=True)
class _RowPattern:
    """A row to copy: which of its table it is, who keeps the copy, and where ids, moments, days and words are in it."""

    table: str
    local: int
    keep: Callable[[tuple[Any, ...]], None]
    values: list[Any]
    ids: tuple[tuple[int, str, int], ...]
    moments: tuple[tuple[int, int, bool], ...]
    days: tuple[tuple[int, int], ...]
    words: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Pattern:
    """A closed case to copy. `reported` and `closed` are seconds since 1970; `counts` how many rows of each table."""

    rows: list[_RowPattern]
    counts: Counter[str]
    reported: int
    closed: int
    line: Line
    company: bool
    place: str
    description: str
    cause: str
    prefix: str


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    pinyin: str
    phone: str


class Press:
    """Copies patterns into the loader, with ids from the ledger of the office."""

    def __init__(self, world: World, loader: Loader) -> None:
        self._world, self._loader = world, loader
        self._patterns: dict[int, list[Pattern]] = {day: [] for day in range(7)}
        self._known: dict[bool, deque[_Person]] = {
            kind: deque(maxlen=KNOWN_PEOPLE) for kind in (False, True)
        }
        self._hours = [
            f' {second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{loader.fraction}'
            for second in range(DAY_SECONDS)
        ]
        self._dates = [(_EPOCH + dt.timedelta(days=day)).isoformat() for day in range(_FIRST_DAY, _LAST_DAY)]
        self._policies = 0

    def learn(self, reported_at: dt.datetime, dice: Dice) -> None:
        """Tell a story that was reported at `reported_at` and keep it as a pattern, if it has come to its end."""
        world = self._world
        rows: list[tuple[str, Row]] = []
        ledger = Ledger(lambda table, row: rows.append((table, row)), trail=False)
        apart = replace(world, ledger=ledger, customers=Customers(ledger, world.office_id), numbers=Counter())
        plan = plan_for(apart, reported_at, dice)
        if dice.chance(0.2):
            plan = sibling(plan, dice) or plan
        story = Story(apart, plan, dice)
        story.tell()
        ledger.pass_on()
        if story.case['stage'] is Stage.CLOSED:
            self._patterns[_weekday(_seconds(reported_at))].append(self._pattern(story, rows))

    def choose(self, day: dt.date, count: int, dice: Dice) -> list[Pattern]:
        """So many patterns that were reported on the same day of the week as `day`."""
        return dice.choices(self._patterns[day.weekday()], k=count)

    def move(self, pattern: Pattern, day: dt.date, dice: Dice) -> int:
        """By how many seconds the pattern has to be moved to be reported on `day`, some minutes later or not."""
        weeks = (day - _EPOCH).days - (pattern.reported + _AHEAD_SECONDS) // DAY_SECONDS
        return weeks * DAY_SECONDS + dice.randrange(JITTER)

    def copy(self, pattern: Pattern, moved: int, dice: Dice) -> None:
        """Print one case."""
        days = moved // DAY_SECONDS
        whole = days * DAY_SECONDS
        first = {table: self._world.ledger.next_ids(table, count) for table, count in pattern.counts.items()}
        words, known = self._words(pattern, moved, first, dice)
        dates, hours = self._dates, self._hours
        for row in pattern.rows:
            if known and row.table == 'party':
                continue
            values = row.values.copy()
            for place, table, local in row.ids:
                values[place] = first[table] + local
            for place, seconds, jitter in row.moments:
                at = seconds + (moved if jitter else whole)
                values[place] = dates[at // DAY_SECONDS - _FIRST_DAY] + hours[at % DAY_SECONDS]
            for place, number in row.days:
                values[place] = dates[number + days - _FIRST_DAY]
            if row.table == 'payment':
                words['payment.request_key'] = f'made-up-{first["payment"] + row.local}'
            for place, name in row.words:
                values[place] = words[name]
            row.keep(tuple(values))
        searched = [words[f'claim_case.{name}'] for name in _SEARCHED_FRESH]
        self._loader.index(first['claim_case'], [*searched, pattern.cause])
        self._loader.count(len(pattern.rows))

    # Words

    def _words(
        self, pattern: Pattern, moved: int, first: dict[str, int], dice: Dice
    ) -> tuple[dict[str, str], bool]:
        """The words of one copy, and whether it is about a person who is known already."""
        known = self._known[pattern.company]
        city = dice.among(stock().places['cities'])
        district = dice.among(city['districts'])
        roads = district['roads']
        address = f'{city["name"]}{district["name"]}{dice.among(roads)} {dice.randrange(1, 989)} 号'
        where = f'{city["name"]}{district["name"]}{dice.among(roads)}与{dice.among(roads)}交叉口'
        if pattern.line is not Line.MOTOR or dice.random() < 0.5:
            where = address
        reused = len(known) > 50 and dice.random() < 0.35
        if reused:
            person = dice.among(known)
            first['party'] = person.id
        else:
            name = company_name(dice) if pattern.company else person_name(dice)
            person = _Person(first['party'], name, initials(name), phone(dice))
            known.append(person)
        year = dt.datetime.fromtimestamp(pattern.reported + moved + _AHEAD_SECONDS, dt.UTC).year
        self._policies += 1
        caller = person.name if not pattern.company and dice.random() < 0.8 else person_name(dice)
        registration = plate(dice, city['plate']) if pattern.line is Line.MOTOR else ''
        policy = f'{pattern.prefix}{year}3205{_PRINTED_FROM + self._policies:09d}'
        words = {
            'party.name': person.name,
            'party.pinyin': person.pinyin,
            'party.id_number': '' if reused else credit_code(dice) if pattern.company else id_number(dice),
            'party.phone': person.phone,
            'party.address': address,
            'policy.number': policy,
            'policy.plate': registration,
            'policy.insured_address': address,
            'accident.place': where,
            'accident.description': pattern.description.replace(pattern.place, where),
            'claim_case.number': self._world.numbered(year),
            'claim_case.insured_name': person.name,
            'claim_case.plate': registration,
            'claim_case.policy_number': policy,
            'claim_case.reporter_name': caller,
            'claim_case.reporter_phone': person.phone if caller == person.name else phone(dice),
            'claim_case.place': where,
            'claim_case.pinyin': person.pinyin,
            'case_motor.driver_name': caller,
            'case_medical.patient_name': person.name,
            'case_property.premises': address,
            'payment.payee_name': person.name,
            'payment.account_number': card_number(dice),
        }
        return words, reused

    # Patterns

    def _pattern(self, story: Story, rows: Iterable[tuple[str, Row]]) -> Pattern:
        case, plan = story.case, story.plan
        own = {
            'policy': {plan.policy.id},
            'coverage': {plan.cover.id},
            'party': {plan.customer.party['id']},
            'payment': {row['id'] for table, row in rows if table == 'payment' and row['state'] is PaymentState.PAID},
        }
        kept: dict[str, list[Row]] = {table: [] for table in COPIED}
        for table, row in rows:
            if table not in kept or (table in own and row['id'] not in own[table]):
                continue
            if table == 'case_party' and row['party_id'] not in own['party']:
                continue
            if table == 'checklist_item' and not row['required']:
                continue
            if table == 'policy':
                row = {**row, 'holder_id': plan.customer.party['id']}
            if table == 'calculation':
                row = {**row, 'steps': []}
            kept[table].append(row)
        local = {
            table: {row['id']: place for place, row in enumerate(found)}
            for table, found in kept.items()
            if found and 'id' in found[0]
        }
        return Pattern(
            rows=[self._row(table, row, local) for table, found in kept.items() for row in found],
            counts=Counter({table: len(places) for table, places in local.items()}),
            reported=_seconds(case['reported_at']),
            closed=_seconds(case['last_activity_at']),
            line=plan.line,
            company=plan.customer.company,
            place=case['place'],
            description=story.accident['description'],
            cause=case['cause'],
            prefix=plan.policy.number[:4],
        )

    def _row(self, name: str, row: Row, local: dict[str, dict[int, int]]) -> _RowPattern:
        table: Table = Base.metadata.tables[name]
        stored = list(self._loader.stored(name, row))
        ids, moments, days, words = [], [], [], []
        for place, column in enumerate(table.columns):
            value = row.get(column.name)
            owner = name if column.name == 'id' else next((key.column.table.name for key in column.foreign_keys), '')
            if value is None:
                continue
            if owner in local:
                ids.append((place, owner, local[owner][value]))
            elif column.name in _PRINTED.get(name, ()):
                words.append((place, f'{name}.{column.name}'))
            elif isinstance(column.type, UtcTime) and value != NO_DUE:
                moments.append((place, _seconds(value), name != 'policy'))
            elif isinstance(column.type, Date):
                days.append((place, (value - _EPOCH).days))
        own = local[name][row['id']] if name in local else 0
        keep = self._loader.keeper(name)
        return _RowPattern(name, own, keep, stored, tuple(ids), tuple(moments), tuple(days), tuple(words))


def _seconds(at: dt.datetime) -> int:
    return int(at.timestamp())


def _weekday(seconds: int) -> int:
    return (_EPOCH + dt.timedelta(days=(seconds + _AHEAD_SECONDS) // DAY_SECONDS)).weekday()
