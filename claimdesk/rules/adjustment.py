"""What is payable: confirmed amounts brought under clause, limit, deductible and ratio, every step shown.

The order of the steps is the clause's. Motor caps the loss at the sum insured before rates and deductible are taken
off (model clause of 2014, articles on the computation of payment); medical cover caps what comes out. Each step says
what was done in words and figures, so that a customer can follow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text, yuan
from claimdesk.language import N_, _
from claimdesk.vocabulary import ClauseVersion, Liability

NOTHING, WHOLE = Decimal('0.00'), Decimal(1)

LIABILITY_RATIO: Mapping[Liability, Decimal] = {
    Liability.FULL: Decimal(1),
    Liability.MAIN: Decimal('0.7'),
    Liability.EQUAL: Decimal('0.5'),
    Liability.MINOR: Decimal('0.3'),
    Liability.NONE: Decimal(0),
    Liability.UNKNOWN: Decimal(1),
}
"""The insured's share where no authority has fixed one (model clause: main 70, equal 50, minor 30 %)."""

FAULT_RATE_2014: Mapping[Liability, Decimal] = {
    Liability.FULL: Decimal('0.20'),
    Liability.MAIN: Decimal('0.15'),
    Liability.EQUAL: Decimal('0.10'),
    Liability.MINOR: Decimal('0.05'),
    Liability.NONE: Decimal(0),
    Liability.UNKNOWN: Decimal(0),
}
"""The deductible rate by fault of the 2014 commercial motor clause; the 2020 clause has none."""

THIRD_PARTY = 'third_party'
"""The code of a cover for the loss of others: only there the share of fault counts."""

_CAP_FIRST = frozenset({ClauseVersion.MOTOR_COMPULSORY, ClauseVersion.MOTOR_2014, ClauseVersion.MOTOR_2020})


@dataclass(frozen=True, slots=True)
class Inputs:
    """What goes into a calculation; money in yuan, rates as shares.

    `paid_by_others` is what compulsory cover, social insurance or a third party has paid already. `insured_value` is
    the value of the thing insured, or None where under-insurance does not matter.
    """

    confirmed: Decimal
    sum_insured: Decimal
    salvage: Decimal = NOTHING
    paid_by_others: Decimal = NOTHING
    insured_value: Decimal | None = None
    liability_ratio: Decimal = WHOLE
    fault_rate: Decimal = Decimal(0)
    deductible: Decimal = NOTHING
    deductible_rate: Decimal = Decimal(0)
    benefit_ratio: Decimal = WHOLE


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sheet: what was done (`name`, an English source string), the figures, what is left in yuan."""

    name: str
    formula: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """The sheet: every step, and what is payable in the end, in yuan."""

    steps: tuple[Step, ...]
    payable: Decimal


def ratio_for(code: str, liability: Liability) -> Decimal:
    """The share of the loss that the insured answers for under the cover `code`."""
    return LIABILITY_RATIO[liability] if code == THIRD_PARTY else WHOLE


def fault_rate_for(clause: ClauseVersion, liability: Liability) -> Decimal:
    """The deductible rate by fault: the 2014 commercial motor clause has one, the others none."""
    return FAULT_RATE_2014[liability] if clause is ClauseVersion.MOTOR_2014 else Decimal(0)


def problems(inputs: Inputs) -> dict[str, str]:
    """What is wrong with the inputs, by field; empty if nothing is."""
    wrong: dict[str, str] = {}
    for name in ('confirmed', 'sum_insured', 'salvage', 'paid_by_others', 'deductible'):
        if getattr(inputs, name) < 0:
            wrong[name] = _("Enter an amount of 0 or more.")
    for name in ('liability_ratio', 'fault_rate', 'deductible_rate', 'benefit_ratio'):
        if not 0 <= getattr(inputs, name) <= 1:
            wrong[name] = _("Enter a share between 0 and 100 %.")
    if inputs.insured_value is not None and inputs.insured_value <= 0:
        wrong['insured_value'] = _("Enter the value, or leave it empty.")
    return wrong


def adjust(clause: ClauseVersion, inputs: Inputs) -> Adjustment:
    """The calculation sheet for `inputs` under `clause`, rounded half-up to the fen after each step.

    Never negative, never above the sum insured, never above the confirmed loss.
    """
    sheet = _Sheet(inputs.confirmed)
    sheet.note(N_("Confirmed loss"), money_text(inputs.confirmed))
    if inputs.paid_by_others:
        sheet.take(N_("Less what others have paid"), inputs.paid_by_others)
    if inputs.salvage:
        sheet.take(N_("Less salvage value"), inputs.salvage)
    if inputs.insured_value is not None and inputs.insured_value > inputs.sum_insured:
        share = inputs.sum_insured / inputs.insured_value
        words = f'{money_text(sheet.left)} × {money_text(inputs.sum_insured)} ÷ {money_text(inputs.insured_value)}'
        sheet.multiply(N_("Under-insurance: sum insured ÷ insured value (Insurance Law, article 55)"), share, words)
    if inputs.liability_ratio != 1:
        sheet.multiply(N_("Share of liability"), inputs.liability_ratio)
    if clause in _CAP_FIRST:
        sheet.cap(N_("Not more than the sum insured"), inputs.sum_insured)
    if inputs.fault_rate:
        sheet.multiply(N_("Less the deductible rate by fault"), 1 - inputs.fault_rate)
    _deductible(sheet, inputs)
    if inputs.benefit_ratio != 1:
        sheet.multiply(N_("Benefit ratio"), inputs.benefit_ratio)
    if clause not in _CAP_FIRST:
        sheet.cap(N_("Not more than the sum insured"), inputs.sum_insured)
    sheet.note(N_("Payable"), money_text(sheet.left))
    return Adjustment(tuple(sheet.steps), sheet.left)


def _deductible(sheet: _Sheet, inputs: Inputs) -> None:
    by_rate = yuan(sheet.left * inputs.deductible_rate)
    if by_rate > inputs.deductible:
        words = f'{money_text(sheet.left)} − {money_text(sheet.left)} × {percent(inputs.deductible_rate)}'
        sheet.take(N_("Less the deductible by rate, the larger of amount and rate"), by_rate, words)
    elif inputs.deductible:
        sheet.take(N_("Less the deductible"), inputs.deductible)


def percent(share: Decimal) -> str:
    """A share as a percentage without needless places: 70%, 12.5%."""
    return f'{(share * 100).normalize():f}%'


class _Sheet:
    """The lines written so far, and what is left."""

    def __init__(self, left: Decimal) -> None:
        self.left = yuan(left)
        self.steps: list[Step] = []

    def note(self, name: str, words: str) -> None:
        self.steps.append(Step(name, words, self.left))

    def take(self, name: str, amount: Decimal, words: str = '') -> None:
        words = words or f'{money_text(self.left)} − {money_text(amount)}'
        self.left = max(NOTHING, yuan(self.left - amount))
        self.note(name, words)

    def multiply(self, name: str, share: Decimal, words: str = '') -> None:
        words = words or f'{money_text(self.left)} × {percent(share)}'
        self.left = yuan(self.left * share)
        self.note(name, words)

    def cap(self, name: str, limit: Decimal) -> None:
        words = f'min({money_text(self.left)}, {money_text(limit)})'
        self.left = min(self.left, yuan(limit))
        self.note(name, words)
