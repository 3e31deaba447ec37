"""Sharing money out, exact to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from claimdesk.amounts import from_fen, to_fen


def share_out(total: Decimal, weights: Sequence[Decimal], names: Sequence[str] = ()) -> list[Decimal]:
    """`total` yuan in proportion of `weights`; the parts add up to it to the fen.

    Each gets its whole fen; what is left over goes, fen by fen, to the largest remainders, among equal ones by `names`,
    so that the order in which people were entered does not matter. All get nothing where all weights are nothing.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0:
        return [from_fen(0) for _weight in weights]
    fen = to_fen(total)
    exact = [Fraction(weight) * fen / Fraction(whole) for weight in weights]
    parts = [int(part) for part in exact]
    named = names or [''] * len(weights)
    order = sorted(range(len(weights)), key=lambda place: (parts[place] - exact[place], named[place], place))
    for place in order[: fen - sum(parts)]:
        parts[place] += 1
    return [from_fen(part) for part in parts]


def share_equally(total: Decimal, limits: Sequence[Decimal]) -> list[Decimal]:
    """`total` yuan in equal parts, each at most its limit; what one cannot bear goes to the others.

    Adds up to `total`, or to the sum of the limits where that is less.
    """
    parts = [0] * len(limits)
    most = [to_fen(limit) for limit in limits]
    left = min(to_fen(total), sum(most))
    while left:
        free = [place for place in range(len(parts)) if parts[place] < most[place]]
        each, odd = divmod(left, len(free))
        for number, place in enumerate(free):
            more = min(most[place] - parts[place], each + (number < odd))
            parts[place] += more
            left -= more
    return [from_fen(part) for part in parts]
