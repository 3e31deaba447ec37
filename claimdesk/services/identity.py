"""What tells one paper from all others of the office, and how a credit note names the invoice that it takes back."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal

DIGITAL_LENGTH = 20
LONGEST_MAKER = 22
REVERSED = 'reversed_invoice'
"""The field of a credit note that names the invoice it takes back."""

_MARKS = (
    re.compile(r'对应正数发票代码[:：]?(?P<code>\d{10}|\d{12})[,，;；]?(?:发票)?号码[:：]?(?P<number>\d{8})(?!\d)'),
    re.compile(r'被?红冲蓝字(?:数电|全电)?(?:发票|票)?号码[:：]?(?P<code>)(?P<number>\d{20})(?!\d)'),
)
_SPELLED = re.compile(r'\d{20}|(?:\d{10}|\d{12})-\d{8}')


@dataclass(frozen=True, slots=True)
class Numbered:
    """What says whether two papers with the same number are one: code, number, who made it, its day, its total."""

    code: str
    number: str
    maker: str = ''
    day: dt.date | None = None
    total: Decimal | None = None


def identity_of(code: str, number: str, maker: str = '') -> str:
    """Code and number as one key; a digital invoice is known by its number alone, others without a code by `maker`."""
    if len(number) >= DIGITAL_LENGTH:
        return number
    if code:
        return f'{code}-{number}'
    if len(maker) > LONGEST_MAKER:
        maker = f'{maker[:12]}{hashlib.sha256(maker.encode()).hexdigest()[:10]}'
    return f'{maker}-{number}' if maker else number


def unnumbered(document_id: int) -> str:
    """The key of a paper without a number: nothing on it tells it from others, so it is known by its document."""
    return f'#{document_id}'


def same_paper(one: Numbered, other: Numbered) -> bool:
    """Whether two papers that bear a number are one; without codes the maker, or day and total, must agree as well."""
    if not one.number or one.number != other.number:
        return False
    if len(one.number) >= DIGITAL_LENGTH:
        return True
    if one.code and other.code:
        return one.code == other.code
    if one.maker and one.maker == other.maker and one.code == other.code:
        return True
    return one.day is not None and (one.day, one.total) == (other.day, other.total)


def reversed_in(text: str) -> str:
    """The identity of the invoice that a remark in `text` says is taken back, or ''."""
    close = ''.join(text.split())
    found = next((match for mark in _MARKS if (match := mark.search(close))), None)
    return identity_of(found['code'], found['number']) if found else ''


def is_invoice_identity(words: str) -> bool:
    """Whether `words` are the number of a digital invoice, or code and number of another one, as we spell it."""
    return _SPELLED.fullmatch(words) is not None
