"""Sums over the lines of a loss: quantity times price, medical expenses by class, and when a second look is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from claimdesk.amounts import yuan
from claimdesk.language import N_, _
from claimdesk.vocabulary import Line, LossKind, MedicalClass

FEN = Decimal('0.01')
RULE_KEY = 'loss_review'
"""The office's rule: from which amounts a price check or a re-inspection comes before the assessment is finished."""

USUAL_KIND = {Line.MOTOR: LossKind.PARTS, Line.MEDICAL: LossKind.MEDICAL, Line.PROPERTY: LossKind.CONTENTS}
"""What a loss is as long as nobody says otherwise."""

KINDS_OF_LINE: dict[Line, tuple[LossKind, ...]] = {
    Line.MOTOR: (
        LossKind.PARTS, LossKind.LABOUR, LossKind.MATERIALS, LossKind.TOWING, LossKind.THIRD_PARTY, LossKind.SALVAGE,
        LossKind.MEDICAL, LossKind.HOSPITAL_MEALS, LossKind.NUTRITION, LossKind.LOST_INCOME, LossKind.NURSING,
        LossKind.TRAVEL, LossKind.AIDS, LossKind.DISABILITY, LossKind.DEATH, LossKind.FUNERAL, LossKind.DEPENDANTS,
        LossKind.SOLACE, LossKind.APPRAISAL, LossKind.OTHER,
    ),
    Line.MEDICAL: (
        LossKind.MEDICAL, LossKind.HOSPITAL_MEALS, LossKind.NURSING, LossKind.LOST_INCOME, LossKind.DISABILITY,
        LossKind.DEATH, LossKind.TRAVEL, LossKind.APPRAISAL, LossKind.OTHER,
    ),
    Line.PROPERTY: (
        LossKind.BUILDING, LossKind.CONTENTS, LossKind.MACHINERY, LossKind.LABOUR, LossKind.MATERIALS, LossKind.TOWING,
        LossKind.THIRD_PARTY, LossKind.SALVAGE, LossKind.APPRAISAL, LossKind.OTHER,
    ),
}  # fmt: skip
"""What the lines of a loss can be for, the usual ones first."""


@dataclass(frozen=True, slots=True)
class LossLine:
    """A line for the loss, from a paper or a copied table, in yuan.

    `unit_price` only where quantity times price is what is claimed; `kind` as far as its words say.
    """

    name: str
    claimed: Decimal
    kind: LossKind | None = None
    quantity: Decimal = Decimal(1)
    unit: str = ''
    unit_price: Decimal | None = None
    medical_class: MedicalClass | None = None
    note: str = ''


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Quantity times unit price, in yuan, half up to the fen."""
    return (quantity * unit_price).quantize(FEN, ROUND_HALF_UP)


def quantity_words(quantity: Decimal, unit: str = '') -> str:
    """`2`, `1.5 h`: a quantity without needless places."""
    return f'{quantity.normalize():f} {unit}'.strip()


@dataclass(frozen=True, slots=True)
class MedicalSums:
    """Medical expenses by class, in yuan; `b_own` is the patient's share of class B."""

    a: Decimal
    b: Decimal
    b_own: Decimal
    c: Decimal

    @property
    def own(self) -> Decimal:
        """What the patient bears of all of them by their class."""
        return self.b_own + self.c


def by_class(lines: Iterable[tuple[MedicalClass | None, Decimal | None, Decimal]]) -> MedicalSums | None:
    """The sums of (class, own share, amount); None where no line has a class."""
    sums = {kind: Decimal('0.00') for kind in MedicalClass}
    own, classed = Decimal('0.00'), False
    for kind, share, amount in lines:
        if kind is None:
            continue
        classed = True
        sums[kind] += amount
        if kind is MedicalClass.B:
            own += line_amount(share or Decimal(0), amount)
    return MedicalSums(sums[MedicalClass.A], sums[MedicalClass.B], own, sums[MedicalClass.C]) if classed else None


@dataclass(frozen=True, slots=True)
class ReviewRule:
    """From which assessed loss, in yuan, a review comes before the assessment is finished; None for never."""

    price_check_from: Decimal | None
    reinspection_from: Decimal | None


DEFAULT_REVIEW = ReviewRule(None, None)
"""What the program brings: an office says for itself from which amount it wants a second look (mark C)."""

REVIEW_MARK = 'C'
REVIEW_ORIGIN = N_("Common practice, no source read: the amounts are the office's own.")


def review_to_json(rule: ReviewRule) -> dict[str, str | None]:
    """The rule as the office keeps it."""
    return {
        'price_check_from': None if rule.price_check_from is None else str(rule.price_check_from),
        'reinspection_from': None if rule.reinspection_from is None else str(rule.reinspection_from),
    }


def review_from_json(value: Any) -> ReviewRule:
    """The rule that `review_to_json` wrote; the program's for None."""
    if not isinstance(value, dict):
        return DEFAULT_REVIEW
    amounts = [value.get('price_check_from'), value.get('reinspection_from')]
    return ReviewRule(*(None if amount is None else yuan(amount) for amount in amounts))


def review_problem(needed: str, amount: Decimal) -> str:
    """Why the assessment cannot be finished yet: a review is needed from `amount` on."""
    sentence = _("From {amount} yuan on, the loss needs this first: {review}.")
    return sentence.format(amount=f'{amount:,.2f}', review=needed)
