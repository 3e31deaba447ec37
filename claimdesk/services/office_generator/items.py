"""What was lost: the lines of a loss assessment that add up to about what the case is planned to cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claimdesk.services.office_generator.dice import Dice
from claimdesk.services.office_generator.plan import Plan
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import Line, LossKind, MedicalClass


@dataclass(frozen=True, slots=True)
class Lost:
    """One line: claimed, and what the assessor confirms of it, in yuan."""

    kind: LossKind
    name: str
    claimed: Decimal
    confirmed: Decimal


def losses(plan: Plan, dice: Dice) -> list[Lost]:
    """The lines of the case; their sum lies near the plan's target."""
    lists = stock().lines[plan.line].lists
    offered: Sequence[Sequence[Any]] = plan.cause.items
    if plan.line is Line.MOTOR and plan.injury:
        offered = lists['injury_items']
    elif plan.line is Line.MOTOR and plan.cover.code != 'damage':
        offered = lists['third_items']
    chosen = dice.some(offered, min(6, 1 + int(plan.target).bit_length() // 4 + dice.randint(0, 1)))
    prices = [dice.amount(low, high) for _kind, _name, low, high in chosen]
    # A line keeps some likeness to its own price range, so the sum only comes near the target.
    factor = min(Decimal(4), max(Decimal('0.3'), plan.target / sum(prices, Decimal(0))))
    lines = []
    for (kind, name, _low, _high), price in zip(chosen, prices, strict=True):
        claimed = _rounded(price * factor, plan.line, dice)
        agreed = dice.chance(0.68)
        confirmed = claimed if agreed else _rounded(claimed * dice.randint(70, 97) / 100, plan.line, dice)
        lines.append(Lost(LossKind(kind), name, claimed, min(claimed, confirmed)))
    if plan.line is Line.PROPERTY and dice.chance(0.35):
        kind, name, low, high = lists['salvage']
        value = min(dice.amount(low, high), (lines[0].confirmed / 5).quantize(Decimal(10)))
        lines.append(Lost(LossKind(kind), name, value, value))
    return lines


def _rounded(amount: Decimal, line: Line, dice: Dice) -> Decimal:
    if line is Line.MEDICAL:
        return (amount + Decimal(dice.randrange(100)) / 100).quantize(Decimal('0.01'))
    return max(Decimal(10), (amount / 10).quantize(Decimal(1)) * 10)


def detail_of(lost: Lost, case_number: str, place: int) -> dict[str, Any]:
    """What the amount of a line is made of: pieces or hours at a price, the class of a medical expense."""
    dice = Dice(f'line {case_number} {place}')
    if lost.kind is LossKind.LABOUR:
        hours = next((count for count in (8, 6, 5, 4, 2) if lost.claimed % count == 0), 1)
        return {'quantity': Decimal(hours), 'unit': '小时', 'unit_price': lost.claimed / hours}
    if lost.kind is LossKind.PARTS:
        pieces = 2 if '灯' in lost.name or '胎' in lost.name else 1
        return {'quantity': Decimal(pieces), 'unit': '件', 'unit_price': lost.claimed / pieces}
    if lost.kind is LossKind.MEDICAL:
        kind = dice.choices((MedicalClass.A, MedicalClass.B, MedicalClass.C), (6, 3, 1))[0]
        return {'medical_class': kind, 'own_share': Decimal('0.1') if kind is MedicalClass.B else None}
    return {}
