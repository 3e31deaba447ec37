"""Small charts that a black-and-white laser printer keeps apart: bars in shades, lines by dash and mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from claimdesk import language
from claimdesk.reports.sheet import BLACK, DARK, GREY, PALE, Sheets
from claimdesk.reports.typesetting import cut

Values = Sequence[Decimal | None]
SHADES = (0.25, 0.62, 0.85, 0.45, 0.75, 0.1)
DASHES = ('', '4 2', '1 2')
_TITLE, _SMALL, _TINY = 9.5, 7.5, 6.8


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on a sheet, from its lower left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values; None leaves a gap."""

    name: str
    values: Values


def line_chart(sheets: Sheets, area: Area, title: str, labels: Sequence[str], series: Sequence[Series]) -> None:
    """Lines over `labels`, told apart by dash and by their name at the top."""
    plot, step, scale = _frame(sheets, area, title, labels, series, lines=True)
    for number, one in enumerate(series):
        dash, shade = DASHES[number % len(DASHES)], (BLACK, DARK, GREY)[number % 3]
        for part in _unbroken(one.values):
            points = [(plot.x + step * (place + 0.5), plot.y + float(value) * scale) for place, value in part]
            if len(points) > 1:
                sheets.path(points, 1.2, shade, dash)
            for x, y in points:
                sheets.box(x - 1.4, y - 1.4, 2.8, 2.8, shade)


def bar_chart(sheets: Sheets, area: Area, title: str, labels: Sequence[str], series: Sequence[Series]) -> None:
    """Bars over `labels`, those of several series side by side."""
    plot, step, scale = _frame(sheets, area, title, labels, series)
    wide = step * 0.64 / len(series)
    for number, one in enumerate(series):
        for place, value in enumerate(one.values):
            if value is None:
                continue
            x = plot.x + step * (place + 0.18) + wide * number
            high = float(value) * scale
            sheets.box(x, plot.y, wide * 0.92, high, SHADES[number])
            if len(series) == 1 and len(labels) <= 14:
                sheets.put(x + wide * 0.46, plot.y + high + 2, _short(value), _TINY, align='centre', shade=DARK)


def stacked_bars(sheets: Sheets, area: Area, title: str, labels: Sequence[str], series: Sequence[Series]) -> None:
    """Bars over `labels` with the series on top of each other, and their sum above."""
    plot, step, scale = _frame(sheets, area, title, labels, series, stacked=True)
    for place in range(len(labels)):
        x, y, whole = plot.x + step * (place + 0.2), plot.y, Decimal(0)
        for number, one in enumerate(series):
            value = one.values[place] or Decimal(0)
            high = float(value) * scale
            if high:
                sheets.box(x, y, step * 0.6, high, SHADES[number])
                sheets.frame(x, y, step * 0.6, high, 0.25, DARK)
            y += high
            whole += value
        sheets.put(x + step * 0.3, y + 2, _short(whole), _TINY, align='centre', shade=DARK)


def spark(sheets: Sheets, area: Area, values: Values) -> None:
    """A tiny line without axes; its last point is marked."""
    known = [value for value in values if value is not None]
    if not known:
        return
    low, high = min(known), max(known)
    span, step = float(high - low), area.width / max(len(values) - 1, 1)
    for part in _unbroken(values):
        points = [
            (area.x + step * place, area.y + (float(value - low) / span if span else 0.5) * area.height)
            for place, value in part
        ]
        if len(points) > 1:
            sheets.path(points, 0.8, DARK)
        if part[-1][0] == len(values) - 1:
            x, y = points[-1]
            sheets.box(x - 1.5, y - 1.5, 3, 3, BLACK)


def _frame(
    sheets: Sheets,
    area: Area,
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    stacked: bool = False,
    lines: bool = False,
) -> tuple[Area, float, float]:
    """Draw title, key, axis and grid; the plot's area, the width of a label's place, and points per unit."""
    sheets.put(area.x, area.y + area.height - 10, title, _TITLE, bold=True)
    if len(series) > 1:
        _key(sheets, area, series, filled=not lines)
    if stacked:
        sums = [sum((one.values[place] or Decimal(0) for one in series), Decimal(0)) for place in range(len(labels))]
    else:
        sums = [value for one in series for value in one.values if value is not None]
    top, steps = _scale(max(sums, default=Decimal(0)))
    edge = 34.0
    plot = Area(area.x + edge, area.y + 14, area.width - edge, area.height - 14 - 34)
    scale = plot.height / top
    for number in range(steps + 1):
        value = top * number / steps
        y = plot.y + value * scale
        sheets.rule(plot.x, y, plot.x + plot.width, 0.6 if number == 0 else 0.25, DARK if number == 0 else PALE)
        sheets.put(plot.x - 4, y - 2.5, _short(Decimal(str(value))), _TINY, align='right', shade=GREY)
    step = plot.width / max(len(labels), 1)
    for place, text in enumerate(labels):
        x = plot.x + step * (place + 0.5)
        sheets.put(x, area.y + 4, cut(text, step, _SMALL), _SMALL, align='centre', shade=DARK)
    return plot, step, scale


def _key(sheets: Sheets, area: Area, series: Sequence[Series], *, filled: bool) -> None:
    x = area.x
    for number, one in enumerate(series):
        y = area.y + area.height - 23
        if filled:
            sheets.box(x, y - 0.5, 7, 7, SHADES[number])
            sheets.frame(x, y - 0.5, 7, 7, 0.25, DARK)
        else:
            sheets.path([(x, y + 2.5), (x + 16, y + 2.5)], 1.2, (BLACK, DARK, GREY)[number % 3], DASHES[number % 3])
        start = x + (10 if filled else 20)
        sheets.put(start, y, one.name, _SMALL, shade=DARK)
        x = start + len(one.name) * _SMALL * (0.6 if one.name.isascii() else 1.0) + 12


def _scale(highest: Decimal) -> tuple[float, int]:
    """The top of the axis, a round number at or above `highest`, and how many steps lead to it."""
    if highest <= 0:
        return 1.0, 1
    top = float(highest)
    unit = 10.0 ** floor(log10(top))
    for step in (0.2, 0.25, 0.5, 1.0, 2.0, 2.5):
        lines = ceil(top / (step * unit) - 1e-9)
        if lines <= 5:
            return lines * step * unit, lines
    return 10 * unit, 4


def _short(value: Decimal) -> str:
    """A number for a narrow place: 1,204, 12.6k, 3.2M; in Chinese in ten thousands, as there one counts."""
    size = abs(value)
    if size >= 10_000 and language.current() == 'zh_CN':
        return _trimmed(value / 10_000) + '万'
    if size >= 1_000_000:
        return _trimmed(value / 1_000_000) + 'M'
    if size >= 10_000:
        return _trimmed(value / 1000) + 'k'
    return _trimmed(value)


def _trimmed(value: Decimal) -> str:
    """One place where it says something, none from a hundred on."""
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:,.1f}'.removesuffix('.0')


def _unbroken(values: Values) -> list[list[tuple[int, Decimal]]]:
    parts: list[list[tuple[int, Decimal]]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            parts[-1].append((place, value))
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]
