"""A paper that nobody issued with what stands on it, and the people, plates and numbers that papers need."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass

from claimdesk.identifiers import id_check_character, vin_check_character
from claimdesk.papers.form import Form
from claimdesk.papers.medical_goods import FAMILY_NAMES, GIVEN_NAMES
from claimdesk.vocabulary import DocumentKind

NO_DISTRICT = '320599'
"""The district of the identity numbers: no district of the country has this number."""
BLUE, RED = (30, 60, 140), (200, 40, 40)
_VIN_SIGNS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'
_STREETS = ('解放路', '人民路', '学士街', '桃花坞大街', '中山北路')
_CITIES = ('江南省云州市', '江北省青川市', '海东省平湖市')


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to draw, its fields, and the amounts of its lines."""

    kind: DocumentKind
    form: Form
    truth: Mapping[str, str]
    amounts: tuple[str, ...] = ()


def digits(dice: random.Random, count: int) -> str:
    return ''.join(dice.choice('0123456789') for _ in range(count))


def day(dice: random.Random, first: int, last: int) -> dt.date:
    start = dt.date(first, 1, 1)
    return start + dt.timedelta(days=dice.randrange((dt.date(last, 12, 31) - start).days))


def person(dice: random.Random) -> dict[str, str]:
    born = day(dice, 1950, 2003)
    first17 = f'{NO_DISTRICT}{born:%Y%m%d}{digits(dice, 3)}'
    return {
        'name': dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES),
        'sex': '男' if int(first17[16]) % 2 else '女',
        'birth_date': born.isoformat(),
        'address': f'{dice.choice(_CITIES)}{dice.choice(_STREETS)}{dice.randint(2, 300)}号{dice.randint(1, 30)}幢',
        'id_number': first17 + id_check_character(first17),
    }


def plate(dice: random.Random) -> str:
    return f'{dice.choice("苏浙皖沪")}{dice.choice("ABCDE")}{digits(dice, 4)}{dice.choice("ABCDEFGHJK0123456789")}'


def vin(dice: random.Random) -> str:
    number = 'LZZ' + ''.join(dice.choice(_VIN_SIGNS) for _ in range(8)) + digits(dice, 6)
    return number[:8] + vin_check_character(number) + number[9:]
