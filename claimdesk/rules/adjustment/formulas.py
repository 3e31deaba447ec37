"""Which formula a cover is computed by, and the whole calculation: each cover's sheet and what is payable in all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from claimdesk.language import N_, _
from claimdesk.rules.adjustment import compulsory, fixed, injury, medical, motor, property_cover
from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.inputs import NOTHING, Spec, from_json, specs, to_json
from claimdesk.rules.adjustment.sheet import PartSheet
from claimdesk.vocabulary import ClauseVersion, Line

C = ClauseVersion
MOTOR_2020_FROM = dt.date(2020, 9, 19)
"""Policies that begin from this day on are under the commercial motor clause of 2020 (mark C)."""

Compute = Callable[[Any, ClauseVersion, Figures], PartSheet]


@dataclass(frozen=True, slots=True)
class Formula:
    """A way to compute a cover: what it asks for, under which clauses, which covers and office figures it uses."""

    kind: str
    title: str
    inputs: type[Any]
    compute: Compute
    clauses: frozenset[ClauseVersion]
    codes: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    mark: str = 'A'
    yearly: bool = False

    def fields(self, clause: ClauseVersion) -> tuple[Spec, ...]:
        """The fields that matter under `clause`."""
        return tuple(spec for spec in specs(self.inputs) if not spec.clauses or clause.value in spec.clauses)


def _plain(compute: Callable[[Any, Figures], PartSheet]) -> Compute:
    return partial(_without_clause, compute)


def _without_clause(
    compute: Callable[[Any, Figures], PartSheet], inputs: Any, clause: ClauseVersion, figures: Figures
) -> PartSheet:
    return compute(inputs, figures)


_MOTOR = frozenset({C.MOTOR_2014, C.MOTOR_2020})
_PERSONAL = frozenset({C.MEDICAL_INDEMNITY, C.ACCIDENT})
_FAULT = ('fault_rate.', 'liability.', 'rate.')
_ALL = (
    Formula('compulsory', N_("Compulsory motor cover"), compulsory.Compulsory, _plain(compulsory.compute),
            frozenset({C.MOTOR_COMPULSORY}),
            ('compulsory_death', 'compulsory_medical', 'compulsory_property', 'compulsory'), ('compulsory.',)),
    Formula('own_damage', N_("Damage to the vehicle"), motor.OwnDamage, motor.own_damage, _MOTOR, ('damage',), _FAULT),
    Formula('third_party', N_("Liability to third parties"), motor.ThirdParty, motor.third_party, _MOTOR,
            ('third_party',), _FAULT),
    Formula('seats', N_("People in the vehicle"), motor.Seats, motor.seats, _MOTOR, ('driver', 'passenger', 'seats'),
            _FAULT),
    Formula('theft', N_("Theft of the vehicle"), motor.Theft, _plain(motor.theft), frozenset({C.MOTOR_2014}),
            ('theft',), ('theft.',)),
    Formula('medical', N_("Medical expenses"), medical.Medical, _plain(medical.compute), _PERSONAL,
            ('medical', 'outpatient', 'inpatient'), ('medical.',), 'B', True),
    Formula('allowance', N_("Daily allowance"), fixed.Allowance, _plain(fixed.allowance), _PERSONAL,
            ('allowance',), (), 'C', True),
    Formula('lump_sum', N_("Lump sum"), fixed.LumpSum, _plain(fixed.lump_sum), _PERSONAL,
            ('critical_illness', 'death', 'lump_sum'), (), 'C', True),
    Formula('disability', N_("Disability benefit"), fixed.Disability, _plain(fixed.disability), _PERSONAL,
            ('disability',), ('grade.',), 'C', True),
    Formula('property', N_("Property"), property_cover.Property, _plain(property_cover.compute),
            frozenset({C.PROPERTY_BASIC}), ('contents', 'building', 'property'), ('property.',)),
    Formula('injury', N_("Damages for injury"), injury.Injury, _plain(injury.compute), frozenset(), (),
            ('grade.',)),
)  # fmt: skip
FORMULAS: Mapping[str, Formula] = {formula.kind: formula for formula in _ALL}


@dataclass(frozen=True, slots=True)
class Part:
    """One cover of a calculation: its formula, its name as printed, its inputs. `coverage_id` is None off the desk."""

    kind: str
    cover: str
    inputs: Any
    coverage_id: int | None = None

    @property
    def formula(self) -> Formula:
        """How it is computed."""
        return FORMULAS[self.kind]

    @property
    def title(self) -> str:
        """The cover's own name, or the formula's."""
        return self.cover or _(self.formula.title)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be calculated: the clause, the parts, the office's figures, and what was paid in advance, in yuan."""

    clause: ClauseVersion
    parts: tuple[Part, ...]
    figures: Figures = field(default_factory=Figures.of)
    advanced: Decimal = NOTHING

    def figures_used(self) -> dict[str, str]:
        """The office's figures that these formulas use, as they are kept with the calculation."""
        used: dict[str, str] = {}
        for part in self.parts:
            used.update(self.figures.own(*part.formula.figures) if part.formula.figures else {})
        return used


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The sheets in the order of the parts, and what is payable in all, in yuan.

    `due` is what is still to be paid out after the advance; where the advance was larger, `owed_back` is the rest.
    """

    sheets: tuple[PartSheet, ...]
    payable: Decimal
    advanced: Decimal = NOTHING

    @property
    def due(self) -> Decimal:
        """What goes out now."""
        return max(NOTHING, self.payable - self.advanced)

    @property
    def owed_back(self) -> Decimal:
        """What was paid in advance beyond what is payable."""
        return max(NOTHING, self.advanced - self.payable)


def clause_for(line: Line, starts_on: dt.date, *, compulsory_cover: bool = False) -> ClauseVersion:
    """The clause version of a policy by its line and first day."""
    if line is Line.MEDICAL:
        return C.MEDICAL_INDEMNITY
    if line is Line.PROPERTY:
        return C.PROPERTY_BASIC
    if compulsory_cover:
        return C.MOTOR_COMPULSORY
    return C.MOTOR_2020 if starts_on >= MOTOR_2020_FROM else C.MOTOR_2014


def formulas_for(clause: ClauseVersion) -> tuple[Formula, ...]:
    """The formulas that `clause` knows."""
    return tuple(formula for formula in _ALL if clause in formula.clauses)


def formula_of(clause: ClauseVersion, code: str) -> Formula:
    """How the cover `code` is computed under `clause`; one that nobody knows goes by the clause's first formula."""
    known = formulas_for(clause)
    return next((formula for formula in known if code in formula.codes), known[0])


def adjust(request: Request) -> Adjustment:
    """The whole calculation. Pure: the same request gives the same sheets."""
    sheets = tuple(part.formula.compute(part.inputs, request.clause, request.figures) for part in request.parts)
    return Adjustment(sheets, sum((sheet.payable for sheet in sheets), NOTHING), request.advanced)


def problems(request: Request) -> dict[str, str]:
    """What is wrong with the inputs, by path (`parts[0].salvage`); empty if nothing is."""
    wrong: dict[str, str] = {}
    if not request.parts:
        wrong['parts'] = _("Choose at least one cover.")
    for place, part in enumerate(request.parts):
        # Written and read again: what a form hands in is checked by the same reader as a file.
        from_json(part.formula.inputs, to_json(part.inputs), wrong, f'parts[{place}].')
        for name, sentence in _amiss(part.inputs).items():
            wrong.setdefault(f'parts[{place}].{name}', sentence)
    return wrong


def _amiss(inputs: Any) -> dict[str, str]:
    """What fits its field and cannot be all the same."""
    wrong: dict[str, str] = {}
    if isinstance(inputs, medical.Medical) and inputs.class_b + inputs.class_c + inputs.not_covered > inputs.cost:
        wrong['class_b'] = _("The parts add up to more than the whole cost.")
    if isinstance(inputs, property_cover.Property) and inputs.value == 0:
        wrong['value'] = _("Enter the value, or leave it empty.")
    if isinstance(inputs, fixed.Disability) and not 1 <= inputs.grade <= 10:
        wrong['grade'] = _("Enter a grade from 1 to 10.")
    if isinstance(inputs, motor.Seats) and len(inputs.people) > inputs.seats:
        wrong['people'] = _("More people than insured seats.")
    if isinstance(inputs, compulsory.Compulsory):
        wrong.update(_victims_amiss(inputs.victims))
    if isinstance(inputs, injury.Injury):
        for name in injury.needs(inputs):
            wrong[name] = _("Enter the province's figure of the year before; the program brings none.")
    return wrong


def _victims_amiss(victims: Sequence[compulsory.Victim]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for place, victim in enumerate(victims):
        if victim.mental > victim.death:
            wrong[f'victims[{place}].mental'] = _("More than the loss that it is part of.")
    return wrong
