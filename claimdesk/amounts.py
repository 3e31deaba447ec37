"""Money in yuan and fen, and the Chinese capitals (大写) that stand beside every total on paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal('0.01')
DIGITS = '零壹贰叁肆伍陆柒捌玖'
_PLACES = ('', '拾', '佰', '仟')
_GROUPS = ('', '万', '亿', '万亿')
_VARIANTS = str.maketrans(
    '〇圆貳贰叄叁参肆伍陸陆柒捌玖億萬两一二三四五六七八九十百千',
    '零元贰贰叁叁叁肆伍陆陆柒捌玖亿万贰壹贰叁肆伍陆柒捌玖拾佰仟',
)

EXPENSE = re.compile(r'[\u4e00-\u9fff()（）]{1,10}(?:费|药|饮片|材料)\d?')
"""How hospitals call a kind of expense."""

_CAPITAL = re.compile(
    r'(?:([零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?'
    r'(?:零?([零壹贰叁肆伍陆柒捌玖])角)?'
    r'(?:零?([零壹贰叁肆伍陆柒捌玖])分)?'
    r'[零整正]*'
)


def yuan(value: str | int | Decimal) -> Decimal:
    """`value` in yuan, rounded half-up to the fen. Text may carry separators and a yuan sign.

    Raises `TypeError` for a float, which cannot hold a fen, and `ValueError` for what is not an amount.
    """
    if isinstance(value, float):
        raise TypeError('money is never a float')
    if isinstance(value, str):
        value = re.sub(r'[\s,¥￥元]', '', unicodedata.normalize('NFKC', value))
    try:
        return Decimal(value).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError(f'not an amount: {value!r}') from error


def to_fen(value: Decimal) -> int:
    """An amount in yuan as whole fen, rounded half-up."""
    return int(yuan(value) * 100)


def from_fen(fen: int) -> Decimal:
    """Whole fen as yuan with two places."""
    return Decimal(fen).scaleb(-2)


def money_text(value: Decimal) -> str:
    """`12,600.00`."""
    return f'{yuan(value):,.2f}'


def to_capital(value: Decimal) -> str:
    """`value` in Chinese capitals as banks write it: 壹万贰仟陆佰元整, 壹佰零伍元零叁分, 零元整."""
    fen = abs(to_fen(value))
    whole, (jiao, cents) = fen // 100, divmod(fen % 100, 10)
    words = f'{_whole(whole)}元' if whole else ''
    if not jiao and not cents:
        words = (words or '零元') + '整'
    else:
        if jiao:
            words += f'{"零" if whole and whole % 10 == 0 else ""}{DIGITS[jiao]}角'
        elif whole:
            words += '零'
        words += f'{DIGITS[cents]}分' if cents else '整'
    return f'负{words}' if value < 0 and fen else words


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ''
    gap = False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += '零'
        words += _four(group) + _GROUPS[place]
        gap = False
    return words


def _four(group: int) -> str:
    words = ''
    gap = False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ('零' if gap else '') + DIGITS[digit] + _PLACES[place]
        gap = False
    return words


def from_capital(text: str) -> Decimal | None:
    """The amount in yuan that Chinese capitals say, or None where they say none.

    Reads 元 and 圆, with or without 零, 整, 正 and 人民币, a missing 分, and a leading 负.
    """
    plain = unicodedata.normalize('NFKC', text)
    plain = re.sub(r'[\s⊗ⓧ×○:：()（）]|人民币|大写', '', plain).translate(_VARIANTS)
    sign = 1
    if plain[:1] in '负-':
        sign, plain = -1, plain[1:]
    match = _CAPITAL.fullmatch(plain)
    if not plain or match is None or not any(match.groups()):
        return None
    whole, jiao, cents = match.groups()
    value = _read_whole(whole) if whole else 0
    if value is None:
        return None
    fen = value * 100 + (DIGITS.index(jiao) * 10 if jiao else 0) + (DIGITS.index(cents) if cents else 0)
    return from_fen(sign * fen)


def _read_whole(words: str) -> int | None:
    total = section = digit = 0
    for char in words:
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS.index(char)
        elif char in '拾佰仟':
            section += (digit or (1 if char == '拾' and not section else 0)) * 10 ** ('拾佰仟'.index(char) + 1)
            digit = 0
        elif char == '万':
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        else:
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
    return total + section + digit


def uncounted(lines: Sequence[tuple[str, Decimal]]) -> frozenset[int]:
    """The places of those named amounts that only add up the lines beneath them.

    Hospitals print 西药费 188.21 and, beneath, the medicines that make 188.21.
    """
    sums, place = set(), 0
    while place < len(lines):
        beneath = _beneath(lines, place) if EXPENSE.fullmatch(lines[place][0]) else 0
        if beneath:
            sums.add(place)
        place += 1 + beneath
    return frozenset(sums)


def add_lines(lines: Sequence[tuple[str, Decimal]]) -> Decimal:
    """The sum of named amounts; a kind of expense that only adds up the lines beneath it is not counted again."""
    sums = uncounted(lines)
    return sum((amount for place, (_name, amount) in enumerate(lines) if place not in sums), Decimal(0))


def _beneath(lines: Sequence[tuple[str, Decimal]], head: int) -> int:
    """How many lines right beneath `head` make its amount; 0 where none do."""
    left = lines[head][1]
    for place in range(head + 1, len(lines)):
        left -= lines[place][1]
        if left <= 0:
            return place - head if left == 0 else 0
    return 0
