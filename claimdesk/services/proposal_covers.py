"""Filling in the inputs of each cover from the file: policy, survey, loss items, the accident's compulsory case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import yuan
from claimdesk.language import _
from claimdesk.models import (
    Accident,
    Calculation,
    Case,
    CaseMedical,
    CaseParty,
    CaseProperty,
    Coverage,
    LossItem,
    Policy,
)
from claimdesk.rules.adjustment import Figures
from claimdesk.rules.adjustment.compulsory import ITEMS, Compulsory, Victim, limits
from claimdesk.rules.adjustment.figures import BY_KEY, Order
from claimdesk.rules.adjustment.inputs import NOTHING
from claimdesk.rules.adjustment.medical import Social
from claimdesk.rules.adjustment.motor import Passenger
from claimdesk.services.calculation_kept import Source, request_of
from claimdesk.vocabulary import CalculationKind, ClauseVersion, Liability, LossKind, MedicalClass, Party, label

CARE = frozenset({LossKind.MEDICAL, LossKind.HOSPITAL_MEALS, LossKind.NUTRITION})
"""What compulsory cover counts as medical expenses."""

BODILY = frozenset(
    {
        LossKind.LOST_INCOME, LossKind.NURSING, LossKind.TRAVEL, LossKind.AIDS, LossKind.DISABILITY, LossKind.DEATH,
        LossKind.FUNERAL, LossKind.DEPENDANTS, LossKind.SOLACE,
    }
)  # fmt: skip
"""What compulsory cover counts as death and disability."""

OWN = frozenset({LossKind.PARTS, LossKind.LABOUR, LossKind.MATERIALS, LossKind.TOWING, LossKind.OTHER})
OTHERS = CARE | BODILY | {LossKind.THIRD_PARTY, LossKind.APPRAISAL}
NO_EXPENSE = BODILY - {LossKind.NURSING, LossKind.TRAVEL, LossKind.AIDS} | {LossKind.SALVAGE}
"""What a medical cover does not pay as an expense."""


@dataclass(frozen=True, slots=True)
class Line:
    """A confirmed loss item, what counts of it in yuan, and what the sheet says of it."""

    item: LossItem
    amount: Decimal
    source: Source


@dataclass(slots=True)
class Filled:
    """Values of a part's fields as they are found, each with its sources."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)

    def put(self, name: str, value: Any, *sources: Source) -> None:
        """A value and where it comes from."""
        self.values[name] = value
        self.sources[name] = sources

    def add(self, name: str, lines: Sequence[Line]) -> None:
        """The sum of `lines`, unless there are none."""
        if lines:
            self.put(name, sum((line.amount for line in lines), NOTHING), *(line.source for line in lines))


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is asked again and again while filling in."""

    session: Session
    case: Case
    accident: Accident
    policy: Policy
    figures: Figures
    lines: tuple[Line, ...]
    uncounted: tuple[str, ...] = ()
    """What of the confirmed loss items does not count, each in a sentence."""

    @staticmethod
    def of(kinds: frozenset[LossKind], lines: Sequence[Line]) -> list[Line]:
        """Those of `lines` that are of these kinds."""
        return [line for line in lines if line.item.kind in kinds]


def _policy_source(file: FileFacts, cover: Coverage) -> Source:
    return Source('policy', cover.name if len(file.policy.coverages) > 1 else '')


def _survey(file: FileFacts) -> Source:
    return Source('survey', label(file.accident.liability))


def _ratio(file: FileFacts, filled: Filled, *, liability: bool = True) -> None:
    found = file.accident.liability
    if liability:
        filled.put('liability_ratio', file.figures.ratio_for(found), _survey(file))
    if file.policy.clause is ClauseVersion.MOTOR_2014:
        filled.put('fault_rate', file.figures.fault_rate_for(found), _survey(file))


def _own_damage(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled, policy = Filled(), _policy_source(file, cover)
    towing, salvage = frozenset({LossKind.TOWING}), frozenset({LossKind.SALVAGE})
    filled.add('loss', file.of(frozenset(LossKind) - towing - salvage, lines))
    filled.add('rescue', file.of(towing, lines))
    filled.add('salvage', file.of(salvage, lines))
    filled.put('limit', cover.sum_insured, policy)
    filled.put('deductible', cover.deductible, policy)
    filled.put('absolute_rate', cover.deductible_rate, policy)
    _ratio(file, filled, liability=False)
    return filled


def _third_party(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled, policy = Filled(), _policy_source(file, cover)
    filled.add('medical', file.of(CARE, lines))
    filled.add('death', file.of(BODILY, lines))
    rest = frozenset(LossKind) - BODILY - CARE - {LossKind.SALVAGE}
    filled.add('property', file.of(rest, lines))
    for item, (borne, source) in _compulsory_cover(file).items():
        loss = filled.values.get(item, NOTHING)
        if loss:
            filled.put(f'compulsory_{item}', min(loss, borne), source)
    filled.put('limit', cover.sum_insured, policy)
    filled.put('absolute_rate', cover.deductible_rate, policy)
    _ratio(file, filled)
    return filled


def _compulsory_cover(file: FileFacts) -> dict[str, tuple[Decimal, Source]]:
    """What compulsory cover bears of each item: all vehicles' limits by its calculation, else one vehicle's limits."""
    row = file.session.execute(
        select(Calculation, Case.number)
        .join(Case, Case.id == Calculation.case_id)
        .join(Policy, Policy.id == Case.policy_id)
        .where(
            Case.accident_id == file.case.accident_id,
            Policy.clause == ClauseVersion.MOTOR_COMPULSORY,
            Calculation.kind == CalculationKind.FINAL,
        )
        .order_by(Calculation.id.desc())
        .limit(1)
    ).first()
    with_fault = file.accident.liability is not Liability.NONE
    if row is None:
        one = limits(file.figures, with_fault)
        return {item: (one[item], Source('figure', _("limit of compulsory cover"))) for item in ITEMS}
    calculation, number = row
    request, _sources = request_of(calculation)
    inputs: Compulsory = request.parts[0].inputs
    source = Source('calculation', f'{number} / {calculation.number}')
    vehicles = [inputs.with_fault, *(one.with_fault for one in inputs.vehicles if one.insured)]
    return {
        item: (sum((limits(request.figures, fault)[item] for fault in vehicles), NOTHING), source) for item in ITEMS
    }


def _compulsory(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled = Filled()
    filled.put('with_fault', file.accident.liability is not Liability.NONE, _survey(file))
    default = _victim_name(file)
    people: dict[str, dict[str, Decimal]] = {}
    for line in lines:
        if line.item.kind is LossKind.SALVAGE:
            continue
        person = people.setdefault(line.item.whose or default, dict.fromkeys((*ITEMS, 'mental'), NOTHING))
        person[_item_of(line.item.kind)] += line.amount
        if line.item.kind is LossKind.SOLACE:
            person['mental'] += line.amount
    victims = tuple(Victim(name=name, **amounts) for name, amounts in people.items())
    filled.put('victims', victims, *(line.source for line in lines))
    return filled


def _item_of(kind: LossKind) -> str:
    if kind in CARE:
        return 'medical'
    return 'death' if kind in BODILY else 'property'


def _victim_name(file: FileFacts) -> str:
    rows = file.session.scalars(
        select(CaseParty)
        .where(CaseParty.case_id == file.case.id, CaseParty.role.in_([Party.VICTIM, Party.THIRD_PARTY]))
        .order_by(CaseParty.id)
    ).all()
    return rows[0].party.name if rows else label(Party.THIRD_PARTY)


def _seats(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled, policy = Filled(), _policy_source(file, cover)
    people: dict[str, Decimal] = {}
    for line in lines:
        if line.item.kind is not LossKind.SALVAGE:
            name = line.item.whose or file.case.insured_name
            people[name] = people.get(name, NOTHING) + line.amount
    filled.put(
        'people', tuple(Passenger(name, loss) for name, loss in people.items()), *(line.source for line in lines)
    )
    filled.put('limit', cover.sum_insured, policy)
    filled.put('seats', max(1, len(people)), policy)
    _ratio(file, filled)
    return filled


def _theft(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled = Filled()
    filled.put('limit', cover.sum_insured, _policy_source(file, cover))
    return filled


def _medical(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled, policy = Filled(), _policy_source(file, cover)
    spent = [line for line in lines if line.item.kind not in NO_EXPENSE]
    filled.add('cost', spent)
    own = [line for line in spent if line.item.medical_class is MedicalClass.B and line.item.own_share]
    if own:
        part = sum((yuan(line.amount * (line.item.own_share or 0)) for line in own), NOTHING)
        filled.put('class_b', part, *(line.source for line in own))
    filled.add('class_c', [line for line in spent if line.item.medical_class is MedicalClass.C])
    for name in ('share_b', 'share_c'):
        filled.put(name, file.figures.number(f'medical.{name}'), Source('figure', _mark(f'medical.{name}')))
    details = file.session.get(CaseMedical, file.case.id)
    if details is not None:
        social = Social.USED if details.social_insurance_used else Social.NOT_USED
        filled.put('social', social, Source('case'))
    filled.put('deductible', cover.deductible, policy)
    filled.put('ratio', cover.benefit_ratio, policy)
    filled.put('limit', cover.sum_insured, policy)
    return filled


def _mark(key: str) -> str:
    return _("mark {mark}").format(mark=BY_KEY[key].mark)


def _allowance(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled = Filled()
    details = file.session.get(CaseMedical, file.case.id)
    if details is not None and details.admitted_on and details.discharged_on:
        filled.put('days', (details.discharged_on - details.admitted_on).days, Source('case'))
    filled.put('daily', cover.sum_insured, _policy_source(file, cover))
    return filled


def _sum_insured(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled = Filled()
    filled.put('limit', cover.sum_insured, _policy_source(file, cover))
    return filled


def _property(file: FileFacts, cover: Coverage, lines: Sequence[Line]) -> Filled:
    filled, policy = Filled(), _policy_source(file, cover)
    apart = frozenset({LossKind.SALVAGE, LossKind.TOWING})
    filled.add('loss', file.of(frozenset(LossKind) - apart, lines))
    filled.add('salvage', file.of(frozenset({LossKind.SALVAGE}), lines))
    filled.add('rescue', file.of(frozenset({LossKind.TOWING}), lines))
    filled.put('limit', cover.sum_insured, policy)
    details = file.session.get(CaseProperty, file.case.id)
    if details is not None and details.value_at_loss:
        filled.put('value', details.value_at_loss, Source('case'))
    elif cover.insured_value:
        filled.put('value', cover.insured_value, policy)
    filled.put('deductible', cover.deductible, policy)
    filled.put('deductible_rate', cover.deductible_rate, policy)
    filled.put('order', Order(file.figures.values['property.order']), Source('figure', _mark('property.order')))
    return filled


FILLERS: Mapping[str, Callable[[FileFacts, Coverage, Sequence[Line]], Filled]] = {
    'compulsory': _compulsory,
    'own_damage': _own_damage,
    'third_party': _third_party,
    'seats': _seats,
    'theft': _theft,
    'medical': _medical,
    'allowance': _allowance,
    'lump_sum': _sum_insured,
    'disability': _sum_insured,
    'property': _property,
}
