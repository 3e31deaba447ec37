"""Benefits of a fixed amount: so much a day, a sum once, a share of it by disability grade."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text
from claimdesk.language import N_
from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.inputs import NOTHING, amount, share, whole
from claimdesk.rules.adjustment.sheet import PartSheet, Sheet, percent

_GRADES = N_("share of the grade as set in the office's figures (mark C)")


@dataclass(frozen=True, slots=True)
class Allowance:
    """So much for each day in hospital."""

    daily: Decimal = amount(N_("Amount for each day"))
    days: int = whole(N_("Days"), most=36_500)
    free_days: int = whole(N_("Days without benefit"), most=365, rare=True)
    most_days: int = whole(N_("Most days"), 180, most=36_500)
    days_used: int = whole(N_("Days used by earlier claims"), most=36_500, rare=True)
    limit: Decimal = amount(N_("Sum insured"), optional=True, rare=True)
    limit_used: Decimal = amount(N_("Limit used by earlier claims"), rare=True)


@dataclass(frozen=True, slots=True)
class LumpSum:
    """A sum paid once, whole or in part: critical illness, death."""

    limit: Decimal = amount(N_("Sum insured"))
    part: Decimal = share(N_("Share that is due"), hint=N_("Less than 100 % for example for a mild illness"))
    limit_used: Decimal = amount(N_("Limit used by earlier claims"), rare=True)


@dataclass(frozen=True, slots=True)
class Disability:
    """A share of the sum insured by the grade of disability, from 1 (the worst) to 10."""

    limit: Decimal = amount(N_("Sum insured"))
    grade: int = whole(N_("Disability grade"), 10, most=10)
    limit_used: Decimal = amount(N_("Limit used by earlier claims"), rare=True)


def allowance(inputs: Allowance, figures: Figures) -> PartSheet:
    """Amount × (days − days without benefit), within the days and the limit that are left."""
    paid = max(0, inputs.days - inputs.free_days)
    left = max(0, inputs.most_days - inputs.days_used)
    sheet = Sheet()
    if inputs.free_days:
        sheet.remark(N_("Days with benefit"), f'{inputs.days} − {inputs.free_days} = {paid}')
    if paid > left:
        sheet.remark(N_("Not more than the days that are left"), f'{paid} > {left}')
        paid = left
    sheet.begin(N_("Amount for each day × days"), inputs.daily * paid, f'{money_text(inputs.daily)} × {paid}')
    if inputs.limit is not None:
        _within(sheet, inputs.limit, inputs.limit_used)
    return sheet.done()


def lump_sum(inputs: LumpSum, figures: Figures) -> PartSheet:
    """Sum insured × share, within what is left of it."""
    sheet = Sheet()
    sheet.begin(N_("Sum insured"), inputs.limit)
    if inputs.part != 1:
        sheet.multiply(N_("Share that is due"), inputs.part)
    _within(sheet, inputs.limit, inputs.limit_used)
    return sheet.done()


def disability(inputs: Disability, figures: Figures) -> PartSheet:
    """Sum insured × share of the grade, within what is left of it."""
    part = figures.number(f'grade.{inputs.grade}') if inputs.grade else Decimal(0)
    sheet = Sheet()
    sheet.begin(N_("Sum insured"), inputs.limit)
    sheet.multiply(N_("Share of disability grade {grade}"), part, percent(part), basis=_GRADES, grade=str(inputs.grade))
    _within(sheet, inputs.limit, inputs.limit_used)
    return sheet.done()


def _within(sheet: Sheet, limit: Decimal, used: Decimal) -> None:
    if used:
        sheet.cap(N_("Not more than what earlier claims left of the limit"), max(NOTHING, limit - used))
