"""Arithmetic of an invoice: which amount, tax and total belong together, and what the sums prove."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import from_capital
from claimdesk.language import _
from claimdesk.ocr.items import fits
from claimdesk.ocr.reading import Check, ItemReading
from claimdesk.ocr.textlayer import UNKNOWN
from claimdesk.ocr.values import NO_TAX, decimal
from claimdesk.ocr.worth import ALONE, DOUBT, EXACT

FEN = Decimal('0.01')
RATE_TOLERANCE = Decimal('0.06')


@dataclass(frozen=True, slots=True)
class Sums:
    """What is said about the three sums: values of each with the names of those who say so."""

    amount: dict[Decimal, set[str]]
    tax: dict[Decimal, set[str]]
    total: dict[Decimal, set[str]]


@dataclass(frozen=True, slots=True)
class Settled:
    """The three sums that fit best; `support` counts who says each, 0 for one that was only worked out."""

    amount: Decimal
    tax: Decimal
    total: Decimal
    support: tuple[int, int, int]

    @property
    def weight(self) -> int:
        """How many independent statements the three rest on."""
        return sum(self.support)


def capital_value(text: str) -> Decimal | None:
    """The number that an amount in capitals says, or nothing when it is not one."""
    if not text:
        return None
    value = from_capital(re.sub(r'[（）()]|负数?', '', text))
    if value is None:
        return None
    return -abs(value) if '负' in text else value


def bare_capital(text: str) -> str:
    """The words of an amount without sign and ending, with one character for the yuan."""
    return re.sub(r'[（(]?负数?[）)]?', '', text.replace('圆', '元')).rstrip('整正')


def settle(sums: Sums) -> Settled | None:
    """The triple with amount + tax = total that most statements support; one of the three may be worked out."""
    best: Settled | None = None
    amounts = {*sums.amount, *(t - x for t in sums.total for x in sums.tax)}
    for amount in amounts:
        totals = {*sums.total, *(amount + x for x in sums.tax)}
        for total in totals:
            tax = total - amount
            support = (
                len(sums.amount.get(amount, ())),
                len(sums.tax.get(tax, ())),
                len(sums.total.get(total, ())),
            )
            if support.count(0) > 1:
                continue
            trial = Settled(amount, tax, total, support)
            if best is None or (trial.weight, -support.count(0)) > (best.weight, -best.support.count(0)):
                best = trial
    return best


def item_sums(items: Iterable[ItemReading]) -> tuple[Decimal | None, Decimal | None]:
    """Sum of amounts and of taxes over the lines; nothing where a line has none."""
    amount: Decimal | None = Decimal(0)
    tax: Decimal | None = Decimal(0)
    count = 0
    for item in items:
        count += 1
        one = decimal(item.amount) if item.amount else None
        other = decimal(item.tax) if item.tax else (Decimal(0) if item.tax_rate in NO_TAX else None)
        amount = amount + one if amount is not None and one is not None else None
        tax = tax + other if tax is not None and other is not None else None
    return (amount, tax) if count else (None, None)


def whole(item: ItemReading) -> bool:
    """Whether a line shows quantity and unit price together or not at all, and their product is the amount."""
    quantity, amount = decimal(item.quantity), decimal(item.amount)
    if not item.quantity or not item.unit_price:
        return not item.quantity and not item.unit_price
    return quantity is not None and amount is not None and fits(quantity, item.unit_price, amount)


def rate_check(items: Iterable[ItemReading]) -> Check | None:
    """Whether rate × amount gives the tax on every line that shows all three, within six fen."""
    seen = False
    for item in items:
        match = re.fullmatch(r'(\d{1,2}(?:\.\d+)?)%', item.tax_rate)
        amount, tax = decimal(item.amount) if item.amount else None, decimal(item.tax) if item.tax else None
        if not match or amount is None or tax is None or item.tax in NO_TAX:
            continue
        seen = True
        expected = (amount * Decimal(match[1]) / 100).quantize(FEN)
        if abs(expected - tax) > RATE_TOLERANCE:
            detail = _("{amount} × {rate} would be {expected}, but the tax reads {tax}.").format(
                amount=item.amount, rate=item.tax_rate, expected=expected, tax=item.tax
            )
            return Check('rate', False, detail, ('items',))
    return Check('rate', True, _("Rate times amount gives the tax on every line."), ('items',)) if seen else None


def lines_confidence(items: Sequence[ItemReading], source: str, checks: Sequence[Check]) -> float:
    """How sure the lines of an invoice are that `source` gave, once the checks are made."""
    if not items or any(UNKNOWN in item.name for item in items):
        return DOUBT if items else 0.0
    named = {check.name: check.ok for check in checks}
    proven = named.get('lines', False) and named.get('rate', True) and all(whole(item) for item in items)
    if source in EXACT:
        return 0.99 if proven else 0.9
    return ALONE if proven else DOUBT
