"""Property cover by the Insurance Law, articles 55 to 64: value, under-insurance, double insurance, rescue, salvage.

The order of salvage, under-insurance and deductible is the clause's: an office figure, or chosen in the calculation.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text, yuan
from claimdesk.language import N_
from claimdesk.rules.adjustment.figures import Figures, Order
from claimdesk.rules.adjustment.inputs import NOTHING, WHOLE, amount, choice, flag, share
from claimdesk.rules.adjustment.sheet import PartSheet, Sheet, percent

_55 = N_("Insurance Law, article 55")
_56 = N_("Insurance Law, article 56")
_57 = N_("Insurance Law, article 57")
_59 = N_("Insurance Law, article 59")
_60 = N_("Insurance Law, article 60")
_61 = N_("Insurance Law, article 61")
_64 = N_("Insurance Law, article 64")
_RESCUE = N_("office's figure (mark C)")


@dataclass(frozen=True, slots=True)
class Property:
    """Damage to insured things; `value` is their value at the time of loss, open where the sum is agreed."""

    loss: Decimal = amount(N_("Loss confirmed"))
    limit: Decimal = amount(N_("Sum insured"))
    value: Decimal | None = amount(
        N_("Insured value"), optional=True, hint=N_("Empty where under-insurance does not matter")
    )
    salvage: Decimal = amount(N_("Salvage value"))
    third_party_paid: Decimal = amount(N_("Paid by the third party"))
    deductible: Decimal = amount(N_("Deductible"))
    deductible_rate: Decimal = share(
        N_("Deductible rate"), Decimal(0), hint=N_("The larger of amount and rate is taken off")
    )
    order: Order = choice(N_("Order"), Order.SALVAGE_AVERAGE_DEDUCTIBLE, rare=True)
    other_sums: Decimal = amount(N_("Sums insured with other insurers"), rare=True)
    rescue: Decimal = amount(N_("Rescue cost"), rare=True)
    survey_cost: Decimal = amount(N_("Cost of survey paid by the insured"), rare=True)
    waived: bool = flag(N_("The insured waived the claim against the third party"), rare=True)
    limit_used: Decimal = amount(N_("Limit used by other claims"), rare=True)


def compute(inputs: Property, figures: Figures) -> PartSheet:
    """The loss up to value and sum insured, brought under the steps of the clause; rescue and survey cost beside it."""
    sheet = Sheet()
    sheet.begin(N_("Loss confirmed"), inputs.loss)
    if inputs.waived:
        sheet.multiply(N_("The claim against the third party was waived before payment"), Decimal(0), basis=_61)
        return sheet.done()
    limit = _limit(sheet, inputs)
    if inputs.third_party_paid:
        sheet.take(N_("Less what the third party has paid"), inputs.third_party_paid, basis=_60)
    for step in inputs.order.steps:
        _STEPS[step](sheet, inputs)
    if inputs.other_sums:
        whole = inputs.limit + inputs.other_sums
        part = inputs.limit / whole if whole else Decimal(0)
        words = f'{money_text(inputs.limit)} ÷ {money_text(whole)}'
        sheet.multiply(N_("Double insurance: our sum of all sums insured"), part, words, basis=_56)
    if inputs.limit_used:
        left = max(NOTHING, limit - inputs.limit_used)
        sheet.cap(N_("Not more than what earlier claims left of the sum insured"), left)
    else:
        sheet.cap(N_("Not more than the sum insured"), limit)
    damage = sheet.left
    if inputs.rescue:
        _rescue(sheet, inputs, limit, figures)
    if inputs.survey_cost:
        sheet.add(N_("Cost of survey, borne by the insurer"), inputs.survey_cost, basis=_64)
    _salvage_right(sheet, inputs, damage)
    return sheet.done(damage)


def _limit(sheet: Sheet, inputs: Property) -> Decimal:
    """The sum insured as far as it is valid."""
    if inputs.value is None:
        return inputs.limit
    if inputs.loss > inputs.value:
        sheet.cap(N_("Not more than the insured value"), inputs.value, basis=_55)
    if inputs.limit > inputs.value:
        words = f'{money_text(inputs.limit)} > {money_text(inputs.value)}'
        sheet.remark(N_("Over-insurance: the sum above the value is void, its premium is returned"), words, basis=_55)
        return inputs.value
    return inputs.limit


def covered_part(inputs: Property) -> Decimal:
    """Sum insured ÷ value where the thing is under-insured, else 1."""
    if inputs.value is None or inputs.limit >= inputs.value:
        return WHOLE
    return inputs.limit / inputs.value


def _average(sheet: Sheet, inputs: Property) -> None:
    part = covered_part(inputs)
    if part != 1 and inputs.value is not None:
        words = f'{money_text(inputs.limit)} ÷ {money_text(inputs.value)}'
        sheet.multiply(N_("Under-insurance: sum insured ÷ insured value"), part, words, basis=_55)


def _salvage(sheet: Sheet, inputs: Property) -> None:
    if inputs.salvage:
        sheet.take(N_("Less salvage value"), inputs.salvage)


def _deductible(sheet: Sheet, inputs: Property) -> None:
    by_rate = yuan(sheet.left * inputs.deductible_rate)
    if by_rate > inputs.deductible:
        sheet.less(N_("Less the deductible by rate, the larger of amount and rate"), inputs.deductible_rate)
    elif inputs.deductible:
        sheet.take(N_("Less the deductible"), inputs.deductible)


_STEPS = {'average': _average, 'salvage': _salvage, 'deductible': _deductible}


def _rescue(sheet: Sheet, inputs: Property, limit: Decimal, figures: Figures) -> None:
    damage = sheet.left
    sheet.begin(N_("Rescue cost, beside the damage"), inputs.rescue, basis=_57)
    if figures.yes('property.rescue_average'):
        part = covered_part(inputs)
        if part != 1:
            sheet.multiply(N_("Under-insurance also lessens rescue cost"), part, percent(part), basis=_RESCUE)
    sheet.cap(N_("Not more than one further sum insured"), limit, basis=_57)
    sheet.add(N_("Damage and rescue together"), damage)


def _salvage_right(sheet: Sheet, inputs: Property, damage: Decimal) -> None:
    if inputs.value is None or not damage or damage < min(inputs.limit, inputs.value):
        return
    part = covered_part(inputs)
    if part == 1:
        sheet.remark(N_("The whole sum is paid: what is left of the thing belongs to the insurer"), basis=_59)
    else:
        words = f'{money_text(inputs.limit)} ÷ {money_text(inputs.value)}'
        sheet.remark(N_("The whole sum is paid: the insurer has this share of what is left"), words, basis=_59)
