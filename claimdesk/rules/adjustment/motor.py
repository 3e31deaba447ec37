"""Commercial motor cover under the clauses of 2014/15 and of 2020: own damage, third party, seats, theft.

The 2014/15 formulas follow the text of the association's model clause; those of 2020 general knowledge of its changes
(mark C): the deductible rates by fault and for a third party that cannot be found are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text
from claimdesk.language import N_
from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.inputs import NOTHING, WHOLE, amount, flag, rows, share, whole, words
from claimdesk.rules.adjustment.sheet import PartSheet, Sheet
from claimdesk.vocabulary import ClauseVersion

OLD = frozenset({ClauseVersion.MOTOR_2014.value})
_CLAUSE = N_("computation of payment in the clause")
_LAW_57 = N_("Insurance Law, article 57")


@dataclass(frozen=True, slots=True)
class OwnDamage:
    """Damage to the insured vehicle; towing and rescue are paid beside it."""

    loss: Decimal = amount(N_("Repair cost confirmed"))
    total_loss: bool = flag(N_("Total loss"))
    limit: Decimal = amount(N_("Sum insured"))
    third_party_paid: Decimal = amount(N_("Paid by the third party"))
    salvage: Decimal = amount(N_("Salvage value kept by the insured"))
    fault_rate: Decimal = share(N_("Deductible rate by fault"), Decimal(0), clauses=OLD)
    deductible: Decimal = amount(N_("Deductible"))
    absolute_rate: Decimal = share(N_("Absolute deductible rate (rider)"), Decimal(0))
    no_third_party: bool = flag(N_("Third party cannot be found"), rare=True, clauses=OLD)
    overloaded: bool = flag(N_("Loading rules broken"), rare=True, clauses=OLD)
    rescue: Decimal = amount(N_("Towing and rescue cost"), rare=True)
    rescue_share: Decimal = share(
        N_("The vehicle's share of rescue cost"),
        rare=True,
        hint=N_("By value, where goods not insured were rescued too"),
    )


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """What the insured owes to others, item by item, and what compulsory cover bears of it."""

    death: Decimal = amount(N_("Loss: death and disability"))
    medical: Decimal = amount(N_("Loss: medical expenses"))
    property: Decimal = amount(N_("Loss: property"))
    compulsory_death: Decimal = amount(N_("Compulsory cover: death and disability"))
    compulsory_medical: Decimal = amount(N_("Compulsory cover: medical expenses"))
    compulsory_property: Decimal = amount(N_("Compulsory cover: property"))
    not_covered: Decimal = amount(N_("Of the rest not covered"), rare=True, hint=N_("Mental damage without rider, …"))
    liability_ratio: Decimal = share(N_("Share of liability"), hint=N_("A court's or arbitrator's ruling goes first"))
    limit: Decimal = amount(N_("Limit of each accident"))
    limit_used: Decimal = amount(N_("Limit used by other claims"), rare=True)
    fault_rate: Decimal = share(N_("Deductible rate by fault"), Decimal(0), clauses=OLD)
    absolute_rate: Decimal = share(N_("Absolute deductible rate (rider)"), Decimal(0))
    overloaded: bool = flag(N_("Loading rules broken"), rare=True, clauses=OLD)


@dataclass(frozen=True, slots=True)
class Passenger:
    """Somebody hurt in the insured vehicle."""

    name: str = words(N_("Name"))
    loss: Decimal = amount(N_("Loss"))
    paid_by_others: Decimal = amount(N_("Paid by others"))


@dataclass(frozen=True, slots=True)
class Seats:
    """People in the insured vehicle; the limit is for one seat."""

    people: tuple[Passenger, ...] = rows(N_("People in the vehicle"), Passenger)
    liability_ratio: Decimal = share(N_("Share of liability"))
    limit: Decimal = amount(N_("Limit of each seat"))
    seats: int = whole(N_("Insured seats"), 1, most=200)
    fault_rate: Decimal = share(N_("Deductible rate by fault"), Decimal(0), clauses=OLD)


@dataclass(frozen=True, slots=True)
class Theft:
    """Theft of the whole vehicle."""

    limit: Decimal = amount(N_("Sum insured"))
    missing_documents: int = whole(N_("Missing documents"), most=20, hint=N_("Registration, proof of purchase, …"))


def own_damage(inputs: OwnDamage, clause: ClauseVersion, figures: Figures) -> PartSheet:
    """(sum insured or repair cost within it − paid by others) × (1 − fault) × (1 − absolute rates) − deductible."""
    sheet = Sheet()
    if inputs.total_loss:
        sheet.begin(N_("Total loss: the sum insured"), inputs.limit, basis=_CLAUSE)
    else:
        sheet.begin(N_("Repair cost confirmed"), inputs.loss)
        sheet.cap(N_("Not more than the sum insured"), inputs.limit)
    if inputs.third_party_paid:
        sheet.take(N_("Less what the third party has paid"), inputs.third_party_paid)
    if inputs.salvage:
        sheet.take(N_("Less salvage value kept by the insured"), inputs.salvage)
    old = clause is ClauseVersion.MOTOR_2014
    rates = _rates(inputs.absolute_rate, old and inputs.no_third_party, old and inputs.overloaded, figures)
    _rate_steps(sheet, inputs.fault_rate if old else NOTHING, rates)
    if inputs.deductible:
        sheet.take(N_("Less the deductible"), inputs.deductible)
    damage = sheet.left
    if inputs.rescue:
        _rescue(sheet, inputs, damage, inputs.fault_rate if old else NOTHING, rates)
    return sheet.done(damage)


def _rescue(sheet: Sheet, inputs: OwnDamage, damage: Decimal, fault: Decimal, rates: list[Decimal]) -> None:
    sheet.begin(N_("Towing and rescue cost, beside the damage"), inputs.rescue, basis=_LAW_57)
    if inputs.rescue_share != 1:
        sheet.multiply(N_("The vehicle's share of what was rescued"), inputs.rescue_share)
    sheet.cap(N_("Not more than one further sum insured"), inputs.limit, basis=_LAW_57)
    _rate_steps(sheet, fault, rates)
    sheet.add(N_("Damage and rescue together"), damage)


def third_party(inputs: ThirdParty, clause: ClauseVersion, figures: Figures) -> PartSheet:
    """min((loss − compulsory cover) × liability, limit) × (1 − fault) × (1 − absolute rates)."""
    sheet = Sheet()
    rest = []
    for loss, borne, name in (
        (inputs.death, inputs.compulsory_death, N_("Death and disability above compulsory cover")),
        (inputs.medical, inputs.compulsory_medical, N_("Medical expenses above compulsory cover")),
        (inputs.property, inputs.compulsory_property, N_("Property damage above compulsory cover")),
    ):
        if loss:
            rest.append(max(NOTHING, loss - borne))
            sheet.begin(name, rest[-1], f'{money_text(loss)} − {money_text(borne)}')
    together = sum(rest, NOTHING)
    if len(rest) != 1:
        sheet.begin(N_("Together"), together, ' + '.join(map(money_text, rest)))
    if inputs.not_covered:
        sheet.take(N_("Less what the cover does not bear"), inputs.not_covered)
    sheet.multiply(N_("Share of liability"), inputs.liability_ratio)
    sheet.cap(N_("Not more than the limit"), inputs.limit)
    old = clause is ClauseVersion.MOTOR_2014
    rates = _rates(inputs.absolute_rate, False, old and inputs.overloaded, figures)
    _rate_steps(sheet, inputs.fault_rate if old else NOTHING, rates)
    if inputs.limit_used:
        left = max(NOTHING, inputs.limit - inputs.limit_used)
        sheet.cap(N_("Not more than what other claims of this accident left of the limit"), left)
    return sheet.done()


def seats(inputs: Seats, clause: ClauseVersion, figures: Figures) -> PartSheet:
    """For each person min((loss − paid by others) × liability, limit of the seat) × (1 − fault)."""
    sheet = Sheet()
    total = NOTHING
    for person in inputs.people:
        sheet.begin(N_("Loss of {name}"), person.loss, name=person.name)
        if person.paid_by_others:
            sheet.take(N_("Less what others have paid"), person.paid_by_others)
        sheet.multiply(N_("Share of liability"), inputs.liability_ratio)
        sheet.cap(N_("Not more than the limit of a seat"), inputs.limit)
        if clause is ClauseVersion.MOTOR_2014 and inputs.fault_rate:
            sheet.less(N_("Less the deductible rate by fault"), inputs.fault_rate)
        total += sheet.left
    sheet.left = total
    return sheet.done()


def theft(inputs: Theft, figures: Figures) -> PartSheet:
    """Sum insured × (1 − (base rate + rate of each missing document))."""
    base, each = figures.number('theft.base'), figures.number('theft.document')
    rate = min(WHOLE, base + each * inputs.missing_documents)
    sheet = Sheet()
    sheet.begin(N_("Stolen as a whole: the sum insured"), inputs.limit)
    sheet.less(N_("Less the absolute deductible rates"), rate, basis=_CLAUSE)
    return sheet.done()


def _rates(absolute: Decimal, no_third_party: bool, overloaded: bool, figures: Figures) -> list[Decimal]:
    rates = [absolute]
    if no_third_party:
        rates.append(figures.number('rate.no_third_party'))
    if overloaded:
        rates.append(figures.number('rate.overloaded'))
    return [rate for rate in rates if rate]


def _rate_steps(sheet: Sheet, fault: Decimal, rates: list[Decimal]) -> None:
    if fault:
        sheet.less(N_("Less the deductible rate by fault"), fault)
    if rates:
        sheet.less(N_("Less the absolute deductible rates"), min(WHOLE, sum(rates, Decimal(0))))
