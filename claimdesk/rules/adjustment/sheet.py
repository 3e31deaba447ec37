"""The calculation sheet: what was done, in words and figures, line by line, and what is left in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from claimdesk.amounts import money_text, yuan
from claimdesk.language import N_, _
from claimdesk.rules.adjustment.inputs import NOTHING


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sheet.

    `name` is an English source string with places for `about`, `formula` the figures, `amount` what is left in yuan
    (None for a remark), `basis` the clause or article (an English source string) it rests on.
    """

    name: str
    formula: str = ''
    amount: Decimal | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    basis: str = ''

    @property
    def title(self) -> str:
        """What was done, in the language in use."""
        return _(self.name).format(**self.about) if self.about else _(self.name)

    @property
    def cited(self) -> str:
        """The clause or article, in the language in use, or ''."""
        return _(self.basis)


@dataclass(frozen=True, slots=True)
class PartSheet:
    """The sheet of one cover.

    `limit_used` and `deductible_used` are what this calculation takes of them, for the next claim on the same cover.
    """

    steps: tuple[Step, ...]
    payable: Decimal
    limit_used: Decimal = NOTHING
    deductible_used: Decimal = NOTHING


class Sheet:
    """The lines written so far, and what is left in yuan, rounded half-up to the fen after each."""

    def __init__(self, left: Decimal = NOTHING) -> None:
        self.left = yuan(left)
        self.steps: list[Step] = []

    def note(self, name: str, formula: str = '', /, *, basis: str = '', **about: str) -> None:
        """Write what is left."""
        self.steps.append(Step(name, formula, self.left, about, basis))

    def remark(self, name: str, formula: str = '', /, *, basis: str = '', **about: str) -> None:
        """Write something without an amount."""
        self.steps.append(Step(name, formula, None, about, basis))

    def begin(self, name: str, amount: Decimal, formula: str = '', /, *, basis: str = '', **about: str) -> None:
        """Begin anew with `amount`."""
        self.left = yuan(amount)
        self.note(name, formula, basis=basis, **about)

    def take(self, name: str, amount: Decimal, /, *, basis: str = '', **about: str) -> None:
        """Take `amount` off, down to nothing."""
        formula = f'{money_text(self.left)} − {money_text(amount)}'
        self.left = max(NOTHING, yuan(self.left - amount))
        self.note(name, formula, basis=basis, **about)

    def add(self, name: str, amount: Decimal, /, *, basis: str = '', **about: str) -> None:
        """Add `amount`."""
        formula = f'{money_text(self.left)} + {money_text(amount)}'
        self.left = yuan(self.left + amount)
        self.note(name, formula, basis=basis, **about)

    def multiply(self, name: str, by: Decimal, formula: str = '', /, *, basis: str = '', **about: str) -> None:
        """Take a share of what is left."""
        formula = f'{money_text(self.left)} × {formula or percent(by)}'
        self.left = yuan(self.left * by)
        self.note(name, formula, basis=basis, **about)

    def less(self, name: str, rate: Decimal, /, *, basis: str = '', **about: str) -> None:
        """Take a rate off."""
        self.multiply(name, 1 - rate, f'(1 − {percent(rate)})', basis=basis, **about)

    def cap(self, name: str, limit: Decimal, /, *, basis: str = '', **about: str) -> None:
        """Let no more be left than `limit`."""
        sign = '>' if self.left > limit else '≤'
        formula = f'{money_text(self.left)} {sign} {money_text(limit)}'
        self.left = min(self.left, yuan(limit))
        self.note(name, formula, basis=basis, **about)

    def done(self, limit_used: Decimal | None = None, deductible_used: Decimal = NOTHING) -> PartSheet:
        """The finished sheet; what is left is payable, and it is what is used of the limit unless said otherwise."""
        self.note(N_("Payable"))
        used = self.left if limit_used is None else limit_used
        return PartSheet(tuple(self.steps), self.left, used, deductible_used)


def percent(share: Decimal) -> str:
    """A share as a percentage without needless places: 70%, 12.5%."""
    return f'{(share * 100).normalize():f}%'
