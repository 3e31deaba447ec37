"""How values stand on paper: each unit in its own way, a dash where there is nothing."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from claimdesk.amounts import money_text, to_capital
from claimdesk.language import _

NUMBERS = frozenset({'count', 'money', 'days', 'share', 'score'})
DASH = '–'


def figure(value: object, unit: str) -> str:
    """A value of a table or an indicator; the unit of days stands in the heading."""
    if value is None:
        return DASH
    if isinstance(value, dt.datetime):
        return f'{value:%Y-%m-%d %H:%M}'
    if isinstance(value, dt.date):
        return f'{value:%Y-%m-%d}'
    if unit not in NUMBERS or not isinstance(value, int | Decimal):
        return str(value)
    number = Decimal(value)
    if unit == 'money':
        return money_text(number)
    if unit == 'share':
        return f'{(number * 100).quantize(Decimal("0.1"), ROUND_HALF_UP):,}%'
    if unit in ('days', 'score'):
        return f'{number:,.2f}'
    return f'{number:,.0f}'


def unit_word(unit: str) -> str:
    """What a figure of that unit counts, for a heading."""
    words = {'count': _("cases"), 'money': _("yuan"), 'days': _("days"), 'share': '%', 'score': _("1 to 5")}
    return words.get(unit, '')


def money(value: Decimal | None) -> str:
    """`12,600.00`, or a dash."""
    return DASH if value is None else money_text(value)


def moment(value: dt.datetime | None) -> str:
    """`2026-11-25 15:20`, or a dash."""
    return DASH if value is None else f'{value:%Y-%m-%d %H:%M}'


def day(value: dt.date | None) -> str:
    """`2026-11-25`, or a dash."""
    return DASH if value is None else f'{value:%Y-%m-%d}'


def percent(share: Decimal) -> str:
    """A share without needless places: 70%, 12.5%."""
    return f'{(share * 100).normalize():f}%'


def in_capitals(value: Decimal) -> str:
    """The amount in Chinese capitals, named as such."""
    return _("In capitals: {capital}").format(capital=to_capital(value))


def month_name(month: dt.date) -> str:
    """`2026-11`, or in Chinese `2026年11月`."""
    return _("{year}-{month}").format(year=month.year, month=f'{month.month:02d}')
