"""How money, times and time limits are written on screens, in the language in use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from claimdesk.language import _, ngettext

OFFICE_ZONE = ZoneInfo('Asia/Shanghai')
DASH = '—'


def money(amount: Decimal | None, *, sign: bool = False) -> str:
    """`12,600.00`, or `¥12,600.00` with `sign`; a dash for nothing."""
    if amount is None:
        return DASH
    return f'{"¥" if sign else ""}{amount:,.2f}'.replace('¥-', '-¥')


def number(value: int | None) -> str:
    """`1,204`."""
    return DASH if value is None else f'{value:,}'


def day(value: date | datetime | None, zone: ZoneInfo = OFFICE_ZONE) -> str:
    """`2026-04-14`; a moment is shown as the office's local day."""
    if value is None:
        return DASH
    if isinstance(value, datetime):
        value = value.astimezone(zone).date()
    return value.isoformat()


def moment(value: datetime | None, zone: ZoneInfo = OFFICE_ZONE) -> str:
    """`2026-04-14 17:00` in the office's zone."""
    return DASH if value is None else value.astimezone(zone).strftime('%Y-%m-%d %H:%M')


def short_moment(value: datetime | None, now: datetime | None = None, zone: ZoneInfo = OFFICE_ZONE) -> str:
    """As short as it can be said: `today 17:00`, `yesterday 09:30`, `14 Apr 17:00`, `2025-04-14`."""
    if value is None:
        return DASH
    local = value.astimezone(zone)
    today = (now or datetime.now(UTC)).astimezone(zone).date()
    clock = f'{local:%H:%M}'
    if local.date() == today:
        return _("today {time}").format(time=clock)
    if local.date() == today - timedelta(days=1):
        return _("yesterday {time}").format(time=clock)
    if local.date() == today + timedelta(days=1):
        return _("tomorrow {time}").format(time=clock)
    if local.year == today.year:
        return f'{local:%m-%d} {clock}'
    return f'{local:%Y-%m-%d}'


def span(length: timedelta, *, fine: bool = True) -> str:
    """A length of time in at most two units: `2 days`, `1 day 4 h`, `45 min`."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        words = ngettext("{n} day", "{n} days", days).format(n=number(days))
        return _("{days} {hours} h").format(days=words, hours=hours) if fine and hours and days < 10 else words
    if hours:
        return _("{n} h").format(n=hours)
    return _("{n} min").format(n=minutes)


def account(number: str) -> str:
    """`6222 0212 0200 0000 005`: an account number in groups of four, as on the card."""
    return ' '.join(number[at : at + 4] for at in range(0, len(number), 4))


def size(octets: int) -> str:
    """`1.4 MB`."""
    value = float(octets)
    for unit in ('B', 'KB', 'MB', 'GB'):
        if value < 1024 or unit == 'GB':
            return f'{value:,.0f} {unit}' if unit == 'B' else f'{value:,.1f} {unit}'
        value /= 1024
    return ''
