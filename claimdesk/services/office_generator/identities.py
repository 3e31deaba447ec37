"""Made-up people and companies with numbers whose check digits hold, from ranges that nobody was given."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from claimdesk.identifiers import (
    CREDIT_ALPHABET,
    credit_check_character,
    id_check_character,
    luhn_check_digit,
    vin_check_character,
)
from claimdesk.identifiers import pinyin_initials as spell_initials
from claimdesk.services.office_generator.dice import Dice
from claimdesk.services.office_generator.stock import stock

NO_DISTRICT = '320599'
"""The district of identity numbers and credit codes: no district of the country has this number."""

NO_BANK = '629999'
"""The first digits of card numbers: no bank was given them."""

_PHONE_STARTS = ('130', '133', '135', '136', '137', '138', '139', '150', '151', '158', '159', '177', '180', '186')
_PLATE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
_PLATE_SIGNS = _PLATE_LETTERS + '0123456789'
_VIN_SIGNS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'

initials = lru_cache(maxsize=100_000)(spell_initials)


def person_name(dice: Dice) -> str:
    """A name of two or three characters, frequent surnames more often, now and then a rare one."""
    names = stock().names
    surname = dice.among(names['rare_surnames']) if dice.chance(0.02) else dice.among(names['surnames'])
    given = names['given_men'] if dice.chance(0.5) else names['given_women']
    first: str = dice.among(given)
    if len(first) == 1 and dice.chance(0.2):
        first += dice.among([name for name in given if len(name) == 1])
    return f'{surname}{first}'


def company_name(dice: Dice) -> str:
    """A company of the region."""
    names, places = stock().names, stock().places
    city = dice.among(places['cities'])['name'].removesuffix('市')
    return f'{city}{dice.among(names["company_words"])}{dice.among(names["company_kinds"])}'


def id_number(dice: Dice) -> str:
    """A citizen identity number of a district that does not exist; its check character holds."""
    born = dt.date(1950, 1, 1) + dt.timedelta(days=dice.randrange(20_000))
    first17 = f'{NO_DISTRICT}{born:%Y%m%d}{dice.digits(3)}'
    return first17 + id_check_character(first17)


def credit_code(dice: Dice) -> str:
    """A unified social credit code of a district that does not exist; its check character holds."""
    first17 = f'91{NO_DISTRICT}MA' + ''.join(dice.among(CREDIT_ALPHABET) for _place in range(7))
    return first17 + credit_check_character(first17)


def phone(dice: Dice) -> str:
    """A mobile number whose middle is 00: such blocks are not handed out to subscribers."""
    return f'{dice.among(_PHONE_STARTS)}00{dice.digits(6)}'


def card_number(dice: Dice) -> str:
    """A bank card of a bank that does not exist; its check digit holds."""
    first18 = NO_BANK + dice.digits(12)
    return first18 + luhn_check_digit(first18)


def plate(dice: Dice, region: str) -> str:
    """A licence plate of `region` (苏E), every seventh one of a new-energy car."""
    if dice.chance(0.15):
        return f'{region}D{dice.among(_PLATE_SIGNS)}{dice.digits(4)}'
    signs = [dice.among('0123456789') for _place in range(5)]
    for place in dice.sample(range(5), dice.choices((0, 1, 2), (3, 4, 3))[0]):
        signs[place] = dice.among(_PLATE_LETTERS)
    return region + ''.join(signs)


def vin(dice: Dice) -> str:
    """A vehicle identification number of a maker that does not exist; its check character holds."""
    signs = list('LZZ' + ''.join(dice.among(_VIN_SIGNS) for _place in range(14)))
    signs[11:] = dice.digits(6)
    signs[8] = vin_check_character(''.join(signs))
    return ''.join(signs)
