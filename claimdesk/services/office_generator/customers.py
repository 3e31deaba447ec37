"""Customers of a made-up office and the policies they hold, with the covers, limits and deductibles of each clause."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claimdesk.rules.adjustment import clause_for
from claimdesk.services.office_generator.dice import AHEAD, DAY, Dice
from claimdesk.services.office_generator.identities import (
    company_name,
    credit_code,
    id_number,
    initials,
    person_name,
    phone,
    plate,
    vin,
)
from claimdesk.services.office_generator.ledger import Ledger, Row
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import ClauseVersion, Line

NOTHING = Decimal(0)
REMEMBERED = 1500
"""How many customers of a line may come again."""

_PREFIX = {
    ClauseVersion.MOTOR_COMPULSORY: 'PDZA',
    ClauseVersion.MOTOR_2014: 'PDAA',
    ClauseVersion.MOTOR_2020: 'PDAT',
    ClauseVersion.MEDICAL_INDEMNITY: 'PEAA',
    ClauseVersion.ACCIDENT: 'PEBA',
    ClauseVersion.PROPERTY_BASIC: 'PQAA',
}


@dataclass(frozen=True, slots=True)
class Cover:
    """One cover of a policy; money in yuan, rates as shares."""

    id: int
    code: str
    name: str
    sum_insured: Decimal
    deductible: Decimal
    deductible_rate: Decimal
    benefit_ratio: Decimal
    insured_value: Decimal | None


@dataclass(frozen=True, slots=True)
class PolicyHeld:
    """A policy with its covers by code."""

    id: int
    number: str
    clause: ClauseVersion
    covers: dict[str, Cover]


@dataclass(frozen=True, slots=True)
class Customer:
    """Who is insured, where and with what. A vehicle has a commercial policy and, as a rule, a compulsory one."""

    party: Row
    holder_id: int
    company: bool
    city: Mapping[str, Any]
    district: Mapping[str, Any]
    address: str
    policy: PolicyHeld
    compulsory: PolicyHeld | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    plate: str
    vehicle: str
    value: Decimal


class Customers:
    """Finds a customer for the next loss: a known one whose policy covers the day, or a new one."""

    def __init__(self, ledger: Ledger, office_id: int) -> None:
        self._ledger = ledger
        self._office_id = office_id
        self._known: dict[Line, deque[Customer]] = {line: deque(maxlen=REMEMBERED) for line in Line}
        self._serial: defaultdict[tuple[str, int], int] = defaultdict(int)

    def for_loss(self, line: Line, loss_at: dt.datetime, dice: Dice) -> Customer:
        """Somebody of that line whose policy covers `loss_at`."""
        known = self._known[line]
        if len(known) > 20 and dice.chance(0.3):
            for _try in range(3):
                one = known[dice.randrange(len(known))]
                if one.starts_at <= loss_at < one.ends_at:
                    return one
        made = self._new(line, loss_at, dice)
        known.append(made)
        return made

    def _new(self, line: Line, loss_at: dt.datetime, dice: Dice) -> Customer:
        places = stock().places
        city = dice.among(places['cities'])
        district = dice.among(city['districts'])
        company = line is Line.PROPERTY or (line is Line.MOTOR and dice.chance(0.12))
        address = f'{city["name"]}{district["name"]}{dice.among(district["roads"])} {dice.randint(1, 988)} 号'
        if not company:
            flat = f'{dice.randint(1, 32)}0{dice.randint(1, 4)}'
            address += f'{dice.among(places["estates"])} {dice.randint(1, 38)} 幢 {flat} 室'
        party = self._party(company, address, dice)
        holder_id = party['id'] if dice.chance(0.92) else self._party(False, address, dice)['id']
        starts_at, ends_at = _period(loss_at, dice)
        vehicle, value, number = '', NOTHING, ''
        if line is Line.MOTOR:
            model, price = dice.among(places['vehicles'] if company else places['vehicles'][:-2])
            vehicle, value = model, (Decimal(price) * Decimal(dice.randint(45, 98)) / 100).quantize(Decimal(100))
            number = plate(dice, city['plate'])
        elif line is Line.PROPERTY:
            value = dice.amount(300_000, 12_000_000)
        base = {
            'holder_id': holder_id,
            'insured_id': party['id'],
            'starts_at': starts_at,
            'ends_at': ends_at,
            'plate': number,
            'vehicle_model': vehicle,
            'vin': vin(dice) if number else '',
            'insured_address': address,
        }
        clause = _clause(line, starts_at, dice)
        main = self._policy(clause, line, value, dice, base)
        compulsory = None
        if line is Line.MOTOR and dice.chance(0.8):
            compulsory = self._policy(ClauseVersion.MOTOR_COMPULSORY, line, value, dice, base)
        return Customer(
            party, holder_id, company, city, district, address, main, compulsory, starts_at, ends_at, number, vehicle,
            value,
        )  # fmt: skip

    def _party(self, company: bool, address: str, dice: Dice) -> Row:
        name = company_name(dice) if company else person_name(dice)
        party = self._ledger.insert(
            'party',
            kind='company' if company else 'person',
            name=name,
            pinyin=initials(name),
            id_number=credit_code(dice) if company else id_number(dice),
            phone=phone(dice),
            address=address,
        )
        if company or dice.chance(0.1):
            self._ledger.insert(
                'contact', party_id=party['id'], kind='phone', value=phone(dice), note='经办人' if company else '家属'
            )
        return party

    def _policy(
        self, clause: ClauseVersion, line: Line, value: Decimal, dice: Dice, base: Row
    ) -> PolicyHeld:
        year = (base['starts_at'] + AHEAD).year
        self._serial[_PREFIX[clause], year] += 1
        number = f'{_PREFIX[clause]}{year}3205{self._serial[_PREFIX[clause], year]:09d}'
        row = self._ledger.insert(
            'policy', office_id=self._office_id, number=number, line=line, clause=clause, **base
        )
        covers = {}
        for code, name, values in covers_of(clause, value, dice):
            cover = self._ledger.insert('coverage', policy_id=row['id'], code=code, name=name, **values)
            covers[code] = Cover(
                cover['id'],
                code,
                name,
                values['sum_insured'],
                values.get('deductible', NOTHING),
                values.get('deductible_rate', NOTHING),
                values.get('benefit_ratio', Decimal(1)),
                values.get('insured_value'),
            )
        return PolicyHeld(row['id'], number, clause, covers)


def _period(loss_at: dt.datetime, dice: Dice) -> tuple[dt.datetime, dt.datetime]:
    """A year of cover around the loss, from midnight to midnight, local."""
    first = (loss_at + AHEAD).date() - dt.timedelta(days=dice.randint(2, 355))
    starts_at = dt.datetime(first.year, first.month, first.day, tzinfo=dt.UTC) - AHEAD
    last = first.replace(year=first.year + 1) if (first.month, first.day) != (2, 29) else first + 366 * DAY
    return starts_at, dt.datetime(last.year, last.month, last.day, tzinfo=dt.UTC) - AHEAD


def _clause(line: Line, starts_at: dt.datetime, dice: Dice) -> ClauseVersion:
    if line is Line.MOTOR:
        return clause_for(line, (starts_at + AHEAD).date())
    if line is Line.MEDICAL:
        return ClauseVersion.MEDICAL_INDEMNITY if dice.chance(0.6) else ClauseVersion.ACCIDENT
    return ClauseVersion.PROPERTY_BASIC


def covers_of(
    clause: ClauseVersion, value: Decimal, dice: Dice
) -> list[tuple[str, str, dict[str, Decimal]]]:
    """The covers sold under `clause` for a thing worth `value`: code, name, and limits, deductibles and shares."""
    if clause is ClauseVersion.MOTOR_COMPULSORY:
        return [
            ('compulsory_death', '交强险死亡伤残赔偿限额', {'sum_insured': Decimal(180_000)}),
            ('compulsory_medical', '交强险医疗费用赔偿限额', {'sum_insured': Decimal(18_000)}),
            ('compulsory_property', '交强险财产损失赔偿限额', {'sum_insured': Decimal(2_000)}),
        ]
    if clause in (ClauseVersion.MOTOR_2014, ClauseVersion.MOTOR_2020):
        newer = clause is ClauseVersion.MOTOR_2020
        limit = dice.among((1_000_000, 2_000_000, 3_000_000) if newer else (300_000, 500_000, 1_000_000))
        damage = {'sum_insured': value, 'deductible': Decimal(dice.among((0, 0, 0, 300, 500)))}
        if newer and dice.chance(0.08):
            damage['deductible_rate'] = _share(dice.among((5, 10)))
        return [
            ('damage', '机动车损失保险' if newer else '机动车损失险', damage),
            ('third_party', '机动车第三者责任保险' if newer else '第三者责任险', {'sum_insured': Decimal(limit)}),
            ('driver', '机动车车上人员责任保险（司机）', {'sum_insured': Decimal(dice.among((10_000, 50_000)))}),
        ]
    if clause is ClauseVersion.MEDICAL_INDEMNITY:
        large = dice.chance(0.4)
        terms = {
            'sum_insured': Decimal(1_000_000 if large else dice.among((20_000, 50_000, 100_000))),
            'deductible': Decimal(10_000 if large and dice.chance(0.35) else dice.among((0, 100, 300))),
            'benefit_ratio': _share(100 if large else dice.among((60, 80, 90))),
        }
        return [
            ('medical', '住院医疗费用保险金', terms),
            ('outpatient', '门诊医疗费用保险金', {'sum_insured': Decimal(5_000), 'benefit_ratio': _share(80)}),
        ]
    if clause is ClauseVersion.ACCIDENT:
        terms = {
            'sum_insured': Decimal(dice.among((10_000, 20_000, 50_000))),
            'deductible': Decimal(dice.among((0, 100))),
            'benefit_ratio': _share(dice.among((80, 90, 100))),
        }
        return [
            ('medical', '意外伤害医疗保险金', terms),
            ('disability', '意外伤残保险金', {'sum_insured': Decimal(dice.among((100_000, 300_000, 500_000)))}),
        ]
    insured = value if dice.chance(0.75) else (value * dice.randint(55, 95) / 100).quantize(Decimal(1000))
    terms = {
        'sum_insured': insured,
        'insured_value': value,
        'deductible': Decimal(dice.among((500, 1_000, 2_000))),
        'deductible_rate': _share(dice.among((0, 5, 10))),
    }
    return [
        ('contents', '存货及机器设备', terms),
        ('building', '房屋建筑物', {'sum_insured': (value * 2).quantize(Decimal(1000)), 'deductible': Decimal(1_000)}),
    ]


def _share(percent: int) -> Decimal:
    return Decimal(percent) / 100
