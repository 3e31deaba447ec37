"""Damages for injury and death, by the Judicial Interpretation on Damages for Personal Injury (in force 1 May 2022).

What an injured person is owed, item by item; what of it a cover pays is another sheet. The yearly figures of the
province (income, spending, wage) are the office's data: nothing is computed where they are missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text, yuan
from claimdesk.language import N_
from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.inputs import NOTHING, amount, flag, rows, share, whole, words
from claimdesk.rules.adjustment.shares import share_out
from claimdesk.rules.adjustment.sheet import PartSheet, Sheet, percent

_LAW = N_("Judicial Interpretation on Damages for Personal Injury (2022)")
_GRADES = N_("share of the grade as set in the office's figures (mark C)")
LONGEST_CARE = 20 * 365


@dataclass(frozen=True, slots=True)
class Dependant:
    """Somebody whom the injured person had to support, with `supporters` people sharing the duty."""

    name: str = words(N_("Name"))
    age: int = whole(N_("Age"), most=130)
    supporters: int = whole(N_("People who support"), 1, most=50)


@dataclass(frozen=True, slots=True)
class Injury:
    """One injured person. `income`, `spending` and `wage` are of the year before, in the court's province."""

    age: int = whole(N_("Age"), most=130)
    died: bool = flag(N_("Died"))
    grade: int = whole(N_("Disability grade"), most=10, hint=N_("0: no disability"))
    extra_share: bool = flag(N_("Share fixed by hand"), rare=True)
    disability_share: Decimal = share(N_("Share of disability"), Decimal(0), rare=True)
    income: Decimal | None = amount(N_("Disposable income of urban residents"), optional=True)
    spending: Decimal | None = amount(N_("Consumption spending of urban residents"), optional=True)
    monthly_wage: Decimal | None = amount(N_("Average monthly wage of employees"), optional=True)
    dependants: tuple[Dependant, ...] = rows(N_("People who were supported"), Dependant)
    medical: Decimal = amount(N_("Medical expenses by receipts and records"))
    lost_daily: Decimal = amount(N_("Lost income for each day"))
    lost_days: int = whole(N_("Days of lost income"), most=36_500, hint=N_("To the day before disability was fixed"))
    care_daily: Decimal = amount(N_("Nursing for each day"))
    care_days: int = whole(N_("Days of nursing"), most=36_500)
    carers: int = whole(N_("Carers"), 1, most=5, hint=N_("One in principle"))
    transport: Decimal = amount(N_("Travel and lodging"), rare=True)
    meals: Decimal = amount(N_("Meals in hospital"), rare=True)
    nutrition: Decimal = amount(N_("Nutrition"), rare=True)
    aids: Decimal = amount(N_("Aids for the disabled"), rare=True)
    mental: Decimal = amount(N_("Solace for mental harm"), rare=True)


def years_of(age: int) -> int:
    """For how many years disability or death is compensated: 20, one less for each year above 60, 5 from 75 on."""
    if age >= 75:
        return 5
    return 20 - max(0, age - 60)


def compute(inputs: Injury, figures: Figures) -> PartSheet:
    """The sheet of damages: each item by its formula, then their sum."""
    sheet = Sheet()
    total = NOTHING
    part = _share(inputs, figures)
    for item in (_receipts, _lost_income, _nursing, _years, _dependants, _funeral):
        before = len(sheet.steps)
        sheet.left = NOTHING
        item(sheet, inputs, part)
        if len(sheet.steps) > before:
            total += sheet.left
    for value, name in (
        (inputs.meals, N_("Meals in hospital")),
        (inputs.nutrition, N_("Nutrition")),
        (inputs.transport, N_("Travel and lodging")),
        (inputs.aids, N_("Aids for the disabled")),
        (inputs.mental, N_("Solace for mental harm")),
    ):
        if value:
            sheet.begin(name, value)
            total += value
    sheet.begin(N_("Damages together"), total)
    return PartSheet(tuple(sheet.steps), sheet.left, NOTHING)


def needs(inputs: Injury) -> tuple[str, ...]:
    """The names of the province's figures that are asked for and missing."""
    wanted = {
        'income': inputs.died or bool(inputs.grade) or inputs.extra_share,
        'spending': bool(inputs.dependants),
        'monthly_wage': inputs.died,
    }
    return tuple(name for name, asked in wanted.items() if asked and getattr(inputs, name) is None)


def _share(inputs: Injury, figures: Figures) -> Decimal:
    """How far the person can no longer earn."""
    if inputs.died:
        return Decimal(1)
    if inputs.extra_share:
        return inputs.disability_share
    return figures.number(f'grade.{inputs.grade}') if inputs.grade else Decimal(0)


def _receipts(sheet: Sheet, inputs: Injury, part: Decimal) -> None:
    if inputs.medical:
        sheet.begin(N_("Medical expenses by receipts and records"), inputs.medical, basis=_LAW)


def _lost_income(sheet: Sheet, inputs: Injury, part: Decimal) -> None:
    if inputs.lost_daily and inputs.lost_days:
        formula = f'{money_text(inputs.lost_daily)} × {inputs.lost_days}'
        sheet.begin(N_("Lost income"), inputs.lost_daily * inputs.lost_days, formula, basis=_LAW)


def _nursing(sheet: Sheet, inputs: Injury, part: Decimal) -> None:
    days = min(inputs.care_days, LONGEST_CARE)
    if inputs.care_daily and days and inputs.carers:
        formula = f'{money_text(inputs.care_daily)} × {days}' + (f' × {inputs.carers}' if inputs.carers > 1 else '')
        sheet.begin(N_("Nursing"), inputs.care_daily * days * inputs.carers, formula, basis=_LAW)


def _years(sheet: Sheet, inputs: Injury, part: Decimal) -> None:
    if inputs.income is None or not part:
        return
    years = years_of(inputs.age)
    formula = f'{money_text(inputs.income)} × {years}'
    if inputs.died:
        sheet.begin(N_("Compensation for death"), inputs.income * years, formula, basis=_LAW)
    else:
        basis = _LAW if inputs.extra_share else _GRADES
        value = inputs.income * years * part
        sheet.begin(N_("Compensation for disability"), value, f'{formula} × {percent(part)}', basis=basis)


def _funeral(sheet: Sheet, inputs: Injury, part: Decimal) -> None:
    if inputs.died and inputs.monthly_wage is not None:
        formula = f'{money_text(inputs.monthly_wage)} × 6'
        sheet.begin(N_("Funeral expenses"), inputs.monthly_wage * 6, formula, basis=_LAW)


def support_years(age: int) -> int:
    """For how many years somebody is supported: to 18, else as long as `years_of` says."""
    return 18 - age if age < 18 else years_of(age)


def support(spending: Decimal, dependants: Sequence[Dependant], part: Decimal) -> list[tuple[int, list[Decimal]]]:
    """Spans of years with the same people supported: how many years, and what each gets in one of them.

    Together never more in a year than the spending of one resident.
    """
    ends = sorted({support_years(one.age) for one in dependants} - {0})
    spans, begin = [], 0
    for end in ends:
        each = [
            yuan(spending * part / max(1, one.supporters)) if support_years(one.age) >= end else NOTHING
            for one in dependants
        ]
        if sum(each, NOTHING) > spending:
            each = share_out(spending, each, [one.name for one in dependants])
        spans.append((end - begin, each))
        begin = end
    return spans


def _dependants(sheet: Sheet, inputs: Injury, part: Decimal) -> None:
    if inputs.spending is None or not inputs.dependants or not part:
        return
    total = NOTHING
    for years, each in support(inputs.spending, inputs.dependants, part):
        value = yuan(sum(each, NOTHING) * years)
        yearly = ' + '.join(money_text(one) for one in each if one)
        formula = f'({yearly}) × {years}' if sum(map(bool, each)) > 1 else f'{yearly} × {years}'
        sheet.begin(N_("Living expenses of those supported, for {years} years"), value, formula, years=str(years))
        total += value
    sheet.begin(
        N_("Living expenses of those supported, together"), total,
        f'≤ {money_text(inputs.spending)}', basis=_LAW,
    )  # fmt: skip
