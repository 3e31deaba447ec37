"""What the file says for a calculation: each cover's inputs filled in, and where each figure comes from."""

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
    Document,
    Invoice,
    LossItem,
    Policy,
)
from claimdesk.models.rows import get
from claimdesk.rules.adjustment import Figures, Formula, Part, Request, clause_for, formula_of
from claimdesk.rules.adjustment.compulsory import ITEMS, Compulsory, Victim, limits
from claimdesk.rules.adjustment.figures import KEY, KNOWN_FROM, Order
from claimdesk.rules.adjustment.inputs import NOTHING, specs
from claimdesk.rules.adjustment.medical import Social
from claimdesk.rules.adjustment.motor import Passenger
from claimdesk.services.calculation_kept import Source, Sources, request_of
from claimdesk.services.context import SHANGHAI
from claimdesk.services.cover_use import scope_of, used
from claimdesk.services.office_rules import rule_at
from claimdesk.vocabulary import (
    CalculationKind,
    ClauseVersion,
    Liability,
    LossKind,
    MedicalClass,
    Party,
    label,
)

OWN = frozenset({LossKind.PARTS, LossKind.LABOUR, LossKind.MATERIALS, LossKind.TOWING, LossKind.OTHER})
OTHERS = frozenset({LossKind.THIRD_PARTY, LossKind.MEDICAL, LossKind.LOST_INCOME, LossKind.NURSING})
INJURY = frozenset({LossKind.LOST_INCOME, LossKind.NURSING})


@dataclass(frozen=True, slots=True)
class CoverChoice:
    """A cover that can be calculated: `taken` says whether it is part of the proposal."""

    coverage_id: int
    name: str
    kind: str
    limit: Decimal
    taken: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The request that the file proposes, the sources of each part's fields, the covers to choose from, and remarks."""

    request: Request
    sources: tuple[Sources, ...]
    covers: tuple[CoverChoice, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    item: LossItem
    source: Source

    @property
    def amount(self) -> Decimal:
        return self.item.confirmed or NOTHING


@dataclass(slots=True)
class _Filled:
    """Values of a part's fields as they are found, each with its sources."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, tuple[Source, ...]] = field(default_factory=dict)

    def put(self, name: str, value: Any, *sources: Source) -> None:
        self.values[name] = value
        self.sources[name] = sources

    def add(self, name: str, lines: Sequence[_Line]) -> None:
        if lines:
            self.put(name, sum((line.amount for line in lines), NOTHING), *(line.source for line in lines))


@dataclass(frozen=True, slots=True)
class _File:
    """What is asked again and again while filling in."""

    session: Session
    case: Case
    accident: Accident
    policy: Policy
    figures: Figures
    lines: tuple[_Line, ...]

    def of(self, kinds: frozenset[LossKind], lines: Sequence[_Line]) -> list[_Line]:
        return [line for line in lines if line.item.kind in kinds]


def figures_at(session: Session, case: Case) -> Figures:
    """The office's figures on the day of the loss."""
    day = case.loss_at.astimezone(SHANGHAI).date()
    return Figures.of(rule_at(session, case.office_id, KEY, day, {}))


def propose(session: Session, case: Case, chosen: Sequence[int] = ()) -> Proposal:
    """The calculation as the file proposes it, of the covers `chosen` (by default those that the loss items speak of).

    Raises `NotFound`.
    """
    policy = get(session, Policy, case.policy_id)
    file = _File(
        session, case, get(session, Accident, case.accident_id), policy, figures_at(session, case),
        _lines(session, case.id),
    )  # fmt: skip
    covers = _covers(policy)
    taken = [cover for cover in covers if cover.id in set(chosen)] or _spoken_of(file, covers)
    parts, sources = [], []
    lines = _routed(file, taken)
    for cover in taken:
        formula = formula_of(policy.clause, cover.code)
        filled = _FILLERS[formula.kind](file, cover, lines[cover.id])
        _earlier(file, cover, formula, filled)
        name = _("Compulsory motor cover") if formula.kind == 'compulsory' else cover.name
        parts.append(Part(formula.kind, name, formula.inputs(**filled.values), cover.id))
        sources.append(filled.sources)
    request = Request(policy.clause, tuple(parts), file.figures, case.paid_amount)
    choices = tuple(
        CoverChoice(
            one.id, one.name, formula_of(policy.clause, one.code).kind, one.sum_insured, one in taken
        )
        for one in covers
    )
    return Proposal(request, tuple(sources), choices, _remarks(file))


def with_sources(request: Request, proposal: Proposal) -> tuple[Sources, ...]:
    """The sources of a request: the proposal's where a value is still the proposed one, else it was entered by hand."""
    proposed = {
        part.coverage_id: (part, found) for part, found in zip(proposal.request.parts, proposal.sources, strict=True)
    }
    given = []
    for part in request.parts:
        known = proposed.get(part.coverage_id)
        sources: dict[str, tuple[Source, ...]] = {}
        for spec in specs(type(part.inputs)):
            value = getattr(part.inputs, spec.name)
            if known is not None and value == getattr(known[0].inputs, spec.name, None):
                sources[spec.name] = tuple(known[1].get(spec.name, ()))
            elif value != _default(part, spec.name):
                sources[spec.name] = (Source('hand'),)
        given.append({name: found for name, found in sources.items() if found})
    return tuple(given)


def _default(part: Part, name: str) -> Any:
    return getattr(part.formula.inputs(), name)


def _covers(policy: Policy) -> list[Coverage]:
    """The covers that a calculation can have; compulsory cover is one sheet over all of its items."""
    covers = list(policy.coverages)
    return covers[:1] if policy.clause is ClauseVersion.MOTOR_COMPULSORY else covers


def _spoken_of(file: _File, covers: Sequence[Coverage]) -> list[Coverage]:
    """The covers that the loss items speak of; the first one where they speak of none."""
    kinds = {line.item.kind for line in file.lines}
    named = []
    for cover in covers:
        kind = formula_of(file.policy.clause, cover.code).kind
        if (kind == 'own_damage' and kinds & OWN) or (kind == 'third_party' and kinds & OTHERS):
            named.append(cover)
        if kind == 'property' and kinds & ({LossKind.BUILDING} if cover.code == 'building' else set(LossKind)):
            named.append(cover)
    if len(named) > 1 and covers[0].code != 'building' and file.policy.clause is ClauseVersion.PROPERTY_BASIC:
        only = kinds - {LossKind.SALVAGE} == {LossKind.BUILDING}
        named = [cover for cover in named if not only or cover.code == 'building']
    return named or list(covers[:1])


def _routed(file: _File, taken: Sequence[Coverage]) -> dict[int, list[_Line]]:
    """Each loss item goes to the first chosen cover that bears its kind, else to the first one chosen."""
    routed: dict[int, list[_Line]] = {cover.id: [] for cover in taken}
    for line in file.lines:
        fits = [cover for cover in taken if _bears(file, cover, line.item.kind)]
        routed[(fits or list(taken))[0].id].append(line)
    return routed


def _bears(file: _File, cover: Coverage, kind: LossKind) -> bool:
    formula = formula_of(file.policy.clause, cover.code).kind
    if formula == 'own_damage':
        return kind in OWN or kind is LossKind.SALVAGE
    if formula == 'third_party':
        return kind in OTHERS
    if formula == 'property':
        return (kind is LossKind.BUILDING) == (cover.code == 'building')
    return True


def _lines(session: Session, case_id: int) -> tuple[_Line, ...]:
    rows = session.execute(
        select(LossItem, Invoice.number, Document.title)
        .outerjoin(Invoice, Invoice.document_id == LossItem.document_id)
        .outerjoin(Document, Document.id == LossItem.document_id)
        .where(LossItem.case_id == case_id, LossItem.confirmed.is_not(None))
        .order_by(LossItem.position)
    )
    lines = []
    for item, number, title in rows:
        paper = number or title or ''
        words = f'{item.name} ({paper})' if paper else item.name
        page = 1 if item.document_id else None
        lines.append(_Line(item, Source('loss', words, item.document_id, page, item.confirmed)))
    return tuple(lines)


def _earlier(file: _File, cover: Coverage, formula: Formula, filled: _Filled) -> None:
    names = {spec.name for spec in specs(formula.inputs)}
    if 'limit_used' not in names:
        return
    scope = scope_of(file.session, file.case, formula, file.figures)
    found = used(file.session, file.case.id, cover.id, scope)
    source = Source('claims', ', '.join(found.cases))
    filled.put('limit_used', found.limit, source)
    if 'deductible_used' in names:
        filled.put('deductible_used', found.deductible, source)


def _policy_source(file: _File, cover: Coverage) -> Source:
    return Source('policy', f'{file.policy.number} · {cover.name}')


def _survey(file: _File) -> Source:
    return Source('survey', label(file.accident.liability))


def _ratio(file: _File, filled: _Filled, *, liability: bool = True) -> None:
    found = file.accident.liability
    if liability:
        filled.put('liability_ratio', file.figures.ratio_for(found), _survey(file))
    if file.policy.clause is ClauseVersion.MOTOR_2014:
        filled.put('fault_rate', file.figures.fault_rate_for(found), _survey(file))


def _own_damage(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled, policy = _Filled(), _policy_source(file, cover)
    towing, salvage = frozenset({LossKind.TOWING}), frozenset({LossKind.SALVAGE})
    filled.add('loss', file.of(frozenset(LossKind) - towing - salvage, lines))
    filled.add('rescue', file.of(towing, lines))
    filled.add('salvage', file.of(salvage, lines))
    filled.put('limit', cover.sum_insured, policy)
    filled.put('deductible', cover.deductible, policy)
    filled.put('absolute_rate', cover.deductible_rate, policy)
    _ratio(file, filled, liability=False)
    return filled


def _third_party(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled, policy = _Filled(), _policy_source(file, cover)
    filled.add('medical', file.of(frozenset({LossKind.MEDICAL}), lines))
    filled.add('death', file.of(INJURY, lines))
    rest = frozenset(LossKind) - INJURY - {LossKind.MEDICAL, LossKind.SALVAGE}
    filled.add('property', file.of(rest, lines))
    for item, (borne, source) in _compulsory_cover(file).items():
        loss = filled.values.get(item, NOTHING)
        if loss:
            filled.put(f'compulsory_{item}', min(loss, borne), source)
    filled.put('limit', cover.sum_insured, policy)
    filled.put('absolute_rate', cover.deductible_rate, policy)
    _ratio(file, filled)
    return filled


def _compulsory_cover(file: _File) -> dict[str, tuple[Decimal, Source]]:
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


def _compulsory(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled = _Filled()
    filled.put('with_fault', file.accident.liability is not Liability.NONE, _survey(file))
    default = _victim_name(file)
    people: dict[str, dict[str, Decimal]] = {}
    for line in lines:
        if line.item.kind is LossKind.SALVAGE:
            continue
        person = people.setdefault(line.item.whose or default, dict.fromkeys(ITEMS, NOTHING))
        person[_item_of(line.item.kind)] += line.amount
    victims = tuple(Victim(name=name, **amounts) for name, amounts in people.items())
    filled.put('victims', victims, *(line.source for line in lines))
    return filled


def _item_of(kind: LossKind) -> str:
    if kind is LossKind.MEDICAL:
        return 'medical'
    return 'death' if kind in INJURY else 'property'


def _victim_name(file: _File) -> str:
    rows = file.session.scalars(
        select(CaseParty)
        .where(CaseParty.case_id == file.case.id, CaseParty.role.in_([Party.VICTIM, Party.THIRD_PARTY]))
        .order_by(CaseParty.id)
    ).all()
    return rows[0].party.name if rows else label(Party.THIRD_PARTY)


def _seats(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled, policy = _Filled(), _policy_source(file, cover)
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


def _theft(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled = _Filled()
    filled.put('limit', cover.sum_insured, _policy_source(file, cover))
    return filled


def _medical(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled, policy = _Filled(), _policy_source(file, cover)
    spent = [line for line in lines if line.item.kind is not LossKind.SALVAGE]
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
    from claimdesk.rules.adjustment.figures import BY_KEY

    return _("mark {mark}").format(mark=BY_KEY[key].mark)


def _allowance(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled = _Filled()
    details = file.session.get(CaseMedical, file.case.id)
    if details is not None and details.admitted_on and details.discharged_on:
        filled.put('days', (details.discharged_on - details.admitted_on).days, Source('case'))
    filled.put('daily', cover.sum_insured, _policy_source(file, cover))
    return filled


def _sum_insured(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled = _Filled()
    filled.put('limit', cover.sum_insured, _policy_source(file, cover))
    return filled


def _property(file: _File, cover: Coverage, lines: Sequence[_Line]) -> _Filled:
    filled, policy = _Filled(), _policy_source(file, cover)
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


_FILLERS: Mapping[str, Callable[[_File, Coverage, Sequence[_Line]], _Filled]] = {
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


def _remarks(file: _File) -> tuple[str, ...]:
    """What the adjuster should know before relying on the sheet."""
    remarks = []
    clause, loss = file.policy.clause, file.case.loss_at.astimezone(SHANGHAI).date()
    start = file.policy.starts_at.astimezone(SHANGHAI).date()
    expected = clause_for(file.policy.line, start)
    if clause in (ClauseVersion.MOTOR_2014, ClauseVersion.MOTOR_2020) and expected is not clause:
        remarks.append(
            _("The policy names the {clause}, though by its first day {day} it would be another one.").format(
                clause=label(clause), day=start.isoformat()
            )
        )
    if clause is ClauseVersion.MOTOR_COMPULSORY and loss < KNOWN_FROM:
        remarks.append(
            _("The program knows no limits of compulsory cover before {day}: enter them in the settings.").format(
                day=KNOWN_FROM.isoformat()
            )
        )
    return tuple(remarks)
