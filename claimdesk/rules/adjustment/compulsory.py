"""Compulsory motor cover (交强险): item limits, several vehicles, several injured, and what is left for other covers.

Sources: Regulations on Compulsory Motor Insurance, article 23 (limits by item); Judicial Interpretation on Road Traffic
Accidents, articles 13 (mental damage first), 18 (several vehicles) and 19 (several injured).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text
from claimdesk.language import N_
from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.inputs import NOTHING, amount, flag, rows, words
from claimdesk.rules.adjustment.shares import share_equally, share_out
from claimdesk.rules.adjustment.sheet import PartSheet, Sheet

ITEMS = ('death', 'medical', 'property')
_NAMES = {
    'death': N_("Death and disability"),
    'medical': N_("Medical expenses"),
    'property': N_("Property damage"),
}
_REGULATION = N_("Regulations on Compulsory Motor Insurance, article 23")
_VEHICLES = N_("Judicial Interpretation on Road Traffic Accidents, article 18")
_INJURED = N_("Judicial Interpretation on Road Traffic Accidents, article 19")
_MENTAL = N_("Judicial Interpretation on Road Traffic Accidents, article 13")


@dataclass(frozen=True, slots=True)
class Victim:
    """Somebody who suffered a loss. `mental` is the part of `death` that is compensation for mental damage."""

    name: str = words(N_("Name"))
    death: Decimal = amount(N_("Death and disability"))
    medical: Decimal = amount(N_("Medical expenses"))
    property: Decimal = amount(N_("Property damage"))
    mental: Decimal = amount(N_("Of which mental damage"))


@dataclass(frozen=True, slots=True)
class Vehicle:
    """Another vehicle that answers for the same losses; `coupled` with ours as tractor and trailer."""

    name: str = words(N_("Plate"))
    with_fault: bool = flag(N_("At fault"), True)
    insured: bool = flag(N_("Has compulsory cover"), True)
    coupled: bool = flag(N_("Coupled with ours"))


@dataclass(frozen=True, slots=True)
class Compulsory:
    """What the compulsory cover of our vehicle is asked for."""

    with_fault: bool = flag(N_("Our vehicle is at fault"), True)
    mental_first: bool = flag(N_("Mental damage is asked for first"), rare=True)
    victims: tuple[Victim, ...] = rows(N_("People and their losses"), Victim)
    vehicles: tuple[Vehicle, ...] = rows(
        N_("Other vehicles that answer for them"), Vehicle, hint=N_("Leave empty if ours is the only one")
    )


def limits(figures: Figures, with_fault: bool) -> dict[str, Decimal]:
    """The limit of each item for one vehicle."""
    kind = 'fault' if with_fault else 'no_fault'
    return {item: figures.number(f'compulsory.{kind}.{item}') for item in ITEMS}


def compute(inputs: Compulsory, figures: Figures) -> PartSheet:
    """The sheet: item by item our share of the losses, and of it each injured person's."""
    sheet = Sheet()
    total = NOTHING
    for item in ITEMS:
        if sum(loss_of(victim, item) for victim in inputs.victims):
            total += _item(sheet, item, inputs, figures)
    if any(not vehicle.insured for vehicle in inputs.vehicles):
        sheet.remark(
            N_("A vehicle without compulsory cover answers too: recover its share after payment"), basis=_VEHICLES
        )
    sheet.left = total
    return sheet.done()


def our_share(loss: Decimal, item: str, inputs: Compulsory, figures: Figures) -> Decimal:
    """What our vehicle bears of all people's loss in one item."""
    own = limits(figures, inputs.with_fault)[item]
    others = [one for one in inputs.vehicles if one.insured]
    pair = [own, *(limits(figures, one.with_fault)[item] for one in others if one.coupled)]
    units = [sum(pair, NOTHING), *(limits(figures, one.with_fault)[item] for one in others if not one.coupled)]
    whole = sum(units, NOTHING)
    if loss >= whole:
        return own
    return share_equally(share_out(loss, units)[0], pair)[0]


def _item(sheet: Sheet, item: str, inputs: Compulsory, figures: Figures) -> Decimal:
    losses = [loss_of(victim, item) for victim in inputs.victims]
    loss = sum(losses, NOTHING)
    own = limits(figures, inputs.with_fault)[item]
    formula = ' + '.join(money_text(one) for one in losses if one) if len(losses) > 1 else ''
    sheet.begin(_NAMES[item], loss, formula)
    others = [one for one in inputs.vehicles if one.insured]
    ours = our_share(loss, item, inputs, figures)
    if others:
        _among_vehicles(sheet, item, loss, ours, inputs, figures)
    else:
        sheet.cap(N_("Not more than the limit of the item"), own, basis=_REGULATION)
    paid = _among_people(sheet, inputs.victims, losses, ours)
    if item == 'death' and any(victim.mental for victim in inputs.victims):
        _mental(sheet, inputs, paid)
    return ours


def _among_vehicles(
    sheet: Sheet, item: str, loss: Decimal, ours: Decimal, inputs: Compulsory, figures: Figures
) -> None:
    others = [one for one in inputs.vehicles if one.insured]
    own = limits(figures, inputs.with_fault)[item]
    each = [own, *(limits(figures, one.with_fault)[item] for one in others)]
    whole = sum(each, NOTHING)
    added = ' + '.join(money_text(one) for one in each)
    if loss >= whole:
        sheet.begin(
            N_("The loss reaches the sum of all vehicles' limits: each pays its limit"),
            ours, f'{money_text(loss)} ≥ {added}', basis=_VEHICLES,
        )  # fmt: skip
        return
    pair = own + sum((limits(figures, one.with_fault)[item] for one in others if one.coupled), NOTHING)
    formula = f'{money_text(loss)} × {money_text(pair)} ÷ ({added})'
    if pair == own:
        sheet.begin(N_("Our share in proportion of the vehicles' limits"), ours, formula, basis=_VEHICLES)
        return
    number = 1 + sum(one.coupled for one in others)
    sheet.begin(
        N_("Our share: tractor and trailer together in proportion of the limits, then equally"),
        ours, f'{formula} ÷ {number}' if pair != whole else f'{money_text(loss)} ÷ {number}', basis=_VEHICLES,
    )  # fmt: skip


def _among_people(
    sheet: Sheet, victims: Sequence[Victim], losses: Sequence[Decimal], ours: Decimal
) -> list[Decimal]:
    paid = share_out(ours, losses, [victim.name for victim in victims])
    loss = sum(losses, NOTHING)
    if sum(bool(one) for one in losses) > 1:
        for victim, part, share in zip(victims, losses, paid, strict=True):
            if part:
                sheet.begin(
                    N_("To {name}, in proportion of the losses"), share,
                    f'{money_text(ours)} × {money_text(part)} ÷ {money_text(loss)}', basis=_INJURED, name=victim.name,
                )  # fmt: skip
    return paid


def _mental(sheet: Sheet, inputs: Compulsory, paid: Sequence[Decimal]) -> None:
    for victim, share in zip(inputs.victims, paid, strict=True):
        if not victim.mental:
            continue
        others = victim.death - min(victim.mental, victim.death)
        if inputs.mental_first:
            mental = min(share, victim.mental)
            name = N_("Of this for mental damage of {name}, asked for first")
            formula = f'{money_text(victim.mental)} {"≤" if victim.mental <= share else ">"} {money_text(share)}'
        else:
            mental = max(NOTHING, share - others)
            name = N_("Of this for mental damage of {name}, after the other losses")
            formula = f'{money_text(share)} − {money_text(others)}'
        sheet.begin(name, mental, formula, basis=_MENTAL, name=victim.name)


def loss_of(victim: Victim, item: str) -> Decimal:
    """The loss of a person in one item."""
    loss: Decimal = getattr(victim, item)
    return loss
