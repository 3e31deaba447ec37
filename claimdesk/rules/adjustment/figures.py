"""The office's figures for adjustment: limits, ratios and rates, each with where it comes from and how sure that is.

Marks: A the text of clause or law was read, B a secondary source, C general knowledge. The office may enter its own
from any day on; a calculation keeps the ones it was made with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from claimdesk.language import N_, _
from claimdesk.rules.adjustment.inputs import NOTHING
from claimdesk.vocabulary import Liability, Word

KEY = 'adjustment.figures'
"""The office rule that holds the office's own figures: a JSON object of text by key."""

KNOWN_FROM = dt.date(2020, 9, 19)
"""From this day on the compulsory limits below hold; those of before are the office's to enter."""


class Order(Word):
    """In which order a property clause takes off salvage, the share of under-insurance, and the deductible."""

    SALVAGE_AVERAGE_DEDUCTIBLE = 'salvage_average_deductible', N_("salvage, under-insurance, deductible")
    AVERAGE_SALVAGE_DEDUCTIBLE = 'average_salvage_deductible', N_("under-insurance, salvage, deductible")
    SALVAGE_DEDUCTIBLE_AVERAGE = 'salvage_deductible_average', N_("salvage, deductible, under-insurance")

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps by name, the first one first."""
        return tuple(self.value.split('_'))


class Scope(Word):
    """Over what time the limit of a cover is used up."""

    ACCIDENT = 'accident', N_("each accident")
    YEAR = 'year', N_("the policy year")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its default, what it is, its mark and where it comes from. `kind` is money, share, flag or words."""

    key: str
    group: str
    label: str
    default: str
    mark: str
    source: str
    kind: str = 'share'
    choices: type[Word] | None = None


_LIMITS = N_("Compulsory motor cover: limit of each accident")
_MOTOR = N_("Commercial motor cover")
_MEDICAL = N_("Medical cover")
_GRADES = N_("Disability grades")
_PROPERTY = N_("Property cover")
_MARKET = N_("limits in force from 19 September 2020")
_MODEL = N_("model clause of 2014/15; for the 2020 clause mark C")
_2014 = N_("model clause of 2014/15")
_GENERAL = N_("general practice")
_PRODUCT = N_("the product's terms; 100 % takes nothing off")
_QUOTED = N_("a clause as quoted by a secondary source")


def _figures() -> tuple[Figure, ...]:
    limits = [
        Figure('compulsory.fault.death', _LIMITS, N_("With fault: death and disability"), '180000', 'B', _MARKET,
               'money'),
        Figure('compulsory.fault.medical', _LIMITS, N_("With fault: medical expenses"), '18000', 'B', _MARKET, 'money'),
        Figure('compulsory.fault.property', _LIMITS, N_("With fault: property"), '2000', 'B', _MARKET, 'money'),
        Figure('compulsory.no_fault.death', _LIMITS, N_("Without fault: death and disability"), '18000', 'B', _MARKET,
               'money'),
        Figure('compulsory.no_fault.medical', _LIMITS, N_("Without fault: medical expenses"), '1800', 'B', _MARKET,
               'money'),
        Figure('compulsory.no_fault.property', _LIMITS, N_("Without fault: property"), '100', 'B', _MARKET, 'money'),
    ]  # fmt: skip
    motor = [
        Figure('liability.full', _MOTOR, N_("Share of liability: full"), '1', 'A', _MODEL),
        Figure('liability.main', _MOTOR, N_("Share of liability: main"), '0.7', 'A', _MODEL),
        Figure('liability.equal', _MOTOR, N_("Share of liability: equal"), '0.5', 'A', _MODEL),
        Figure('liability.minor', _MOTOR, N_("Share of liability: minor"), '0.3', 'A', _MODEL),
        Figure('liability.none', _MOTOR, N_("Share of liability: none"), '0', 'A', _MODEL),
        Figure('fault_rate.full', _MOTOR, N_("Deductible rate by fault: full"), '0.2', 'A', _2014),
        Figure('fault_rate.main', _MOTOR, N_("Deductible rate by fault: main"), '0.15', 'A', _2014),
        Figure('fault_rate.equal', _MOTOR, N_("Deductible rate by fault: equal"), '0.1', 'A', _2014),
        Figure('fault_rate.minor', _MOTOR, N_("Deductible rate by fault: minor"), '0.05', 'A', _2014),
        Figure('rate.no_third_party', _MOTOR, N_("Deductible rate: third party cannot be found"), '0.3', 'A', _2014),
        Figure('rate.overloaded', _MOTOR, N_("Deductible rate: loading rules broken"), '0.1', 'A', _2014),
        Figure('theft.base', _MOTOR, N_("Theft: deductible rate"), '0.2', 'A', _2014),
        Figure('theft.document', _MOTOR, N_("Theft: more for each missing document"), '0.01', 'A', _2014),
    ]
    medical = [
        Figure('medical.share_b', _MEDICAL, N_("Class B, own part, counts with"), '1', 'C', _PRODUCT),
        Figure('medical.share_c', _MEDICAL, N_("Class C, own expense, counts with"), '1', 'C', _PRODUCT),
        Figure('medical.unused', _MEDICAL, N_("Benefit ratio where social insurance was not used"), '0.6', 'B',
               _QUOTED),
        Figure('medical.social_counts', _MEDICAL, N_("Social insurance's payment counts towards the deductible"), 'no',
               'B', _QUOTED, 'flag'),
        Figure('medical.others_count', _MEDICAL, N_("Other payments count towards the deductible"), 'yes', 'B', _QUOTED,
               'flag'),
    ]  # fmt: skip
    grades = [
        Figure(f'grade.{grade}', _GRADES, N_("Grade {grade}"), f'{Decimal(11 - grade) / 10:f}', 'C', _GENERAL)
        for grade in range(1, 11)
    ]
    things = [
        Figure('property.order', _PROPERTY, N_("Order of the steps"), Order.SALVAGE_AVERAGE_DEDUCTIBLE.value, 'C',
               _GENERAL, 'words', Order),
        Figure('property.rescue_average', _PROPERTY, N_("Under-insurance also lessens rescue cost"), 'yes', 'C',
               _GENERAL, 'flag'),
        Figure('property.scope', _PROPERTY, N_("The limit is used up over"), Scope.ACCIDENT.value, 'C', _GENERAL,
               'words', Scope),
    ]  # fmt: skip
    return (*limits, *motor, *medical, *grades, *things)


FIGURES = _figures()
BY_KEY = {figure.key: figure for figure in FIGURES}
DEFAULTS: Mapping[str, str] = {figure.key: figure.default for figure in FIGURES}


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a day, as text by key; what the office has not entered is the program's default."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, own: Mapping[str, str] | None = None) -> Figures:
        """The office's own over the defaults; what is no figure, or does not fit it, is passed over."""
        fit = {key: text for key, text in (own or {}).items() if key in BY_KEY and _fits(BY_KEY[key], text)}
        return cls({**DEFAULTS, **fit})

    def number(self, key: str) -> Decimal:
        """An amount or a share."""
        return Decimal(self.values[key])

    def yes(self, key: str) -> bool:
        """A choice between yes and no."""
        return self.values[key] == 'yes'

    def ratio_for(self, liability: Liability) -> Decimal:
        """The insured's share of liability where no authority has fixed one; all of it while it is not determined."""
        return Decimal(1) if liability is Liability.UNKNOWN else self.number(f'liability.{liability.value}')

    def fault_rate_for(self, liability: Liability) -> Decimal:
        """The deductible rate by fault of the 2014 clause."""
        return self.number(f'fault_rate.{liability.value}') if f'fault_rate.{liability.value}' in DEFAULTS else NOTHING

    def own(self, *prefixes: str) -> dict[str, str]:
        """The figures whose keys begin so, to be kept with a calculation."""
        return {key: text for key, text in self.values.items() if key.startswith(prefixes)}


def wrong_figures(values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with the office's own figures, by key."""
    wrong: dict[str, str] = {}
    for key, text in values.items():
        figure = BY_KEY.get(key)
        if figure is None:
            wrong[key] = _("There is no such figure.")
        elif not _fits(figure, text):
            money = figure.kind == 'money'
            wrong[key] = _("Enter an amount of 0 or more.") if money else _("Enter a share between 0 and 100 %.")
    return wrong


def _fits(figure: Figure, text: Any) -> bool:
    if figure.kind == 'flag':
        return text in ('yes', 'no')
    if figure.choices is not None:
        return text in {word.value for word in figure.choices}
    try:
        number = Decimal(text)
    except (ArithmeticError, TypeError, ValueError):
        return False
    return number.is_finite() and number >= 0 and (figure.kind == 'money' or number <= 1)
