"""How the figures of a report are written: each unit in its own way, a dash where there was nothing to divide."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from claimdesk import language
from claimdesk.language import _
from claimdesk.services.reporting import Indicator
from claimdesk.ui import text
from claimdesk.vocabulary import Word, label

NUMBERS = frozenset({'count', 'money', 'days', 'share', 'score'})


def figure(value: Decimal | None, unit: str) -> str:
    """A figure with its unit: `1,204`, `¥12,600.00`, `3.25 days`, `87.5 %`, `4.60`."""
    if value is None:
        return text.DASH
    if unit == 'money':
        return text.money(value, sign=True)
    if unit == 'days':
        return _("{days} days").format(days=f'{value:,.2f}')
    if unit == 'share':
        return f'{(value * 100).quantize(Decimal("0.1"), ROUND_HALF_UP):,} %'
    if unit == 'score':
        return f'{value:,.2f}'
    return f'{value:,.0f}'


def short_figure(value: Decimal | None, unit: str) -> str:
    """A figure for a small place: large amounts in millions, or in ten thousands (万) where these are counted."""
    if value is not None and unit == 'money' and abs(value) >= 1_000_000:
        if language.current() == 'zh_CN':
            return f'¥{value / 10_000:,.2f} 万'
        return f'¥{value / 1_000_000:,.2f} M'
    return figure(value, unit)


def change(indicator: Indicator) -> str:
    """How it moved since the month before: an arrow and by how much, '' where that cannot be said."""
    value, before = indicator.value, indicator.previous
    if value is None or before is None:
        return ''
    if value == before:
        return '→ 0'
    arrow = '↑' if value > before else '↓'
    if indicator.unit in ('count', 'money'):
        return f'{arrow} {abs(value - before) / abs(before):.0%}' if before else arrow
    return f'{arrow} {figure(abs(value - before), indicator.unit)}'


def cell(value: object, unit: str) -> str:
    """A cell of a table."""
    if value is None:
        return text.DASH
    if isinstance(value, Word):
        return label(value)
    if isinstance(value, datetime):
        return text.moment(value)
    if isinstance(value, date):
        return text.day(value)
    if isinstance(value, int | Decimal) and unit in NUMBERS:
        return figure(Decimal(value), unit).removeprefix('¥') if unit == 'money' else figure(Decimal(value), unit)
    return str(value)


def month(value: date) -> str:
    """`2026-11`, or in Chinese `2026年11月`."""
    return _("{year}-{month}").format(year=value.year, month=f'{value.month:02d}')
