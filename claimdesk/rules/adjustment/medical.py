"""Medical indemnity: what was spent, what others paid, the deductible that is left, the ratio, the limit that is left.

From a clause as quoted by a secondary source (mark B); that all sources together never exceed the actual cost is
Judicial Interpretation (III) on the Insurance Law, articles 18 and 19.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import money_text, yuan
from claimdesk.language import N_
from claimdesk.rules.adjustment.figures import Figures
from claimdesk.rules.adjustment.inputs import NOTHING, WHOLE, amount, choice, share
from claimdesk.rules.adjustment.sheet import PartSheet, Sheet
from claimdesk.vocabulary import Word

_CLAUSE = N_("medical clause (as quoted, mark B)")
_NO_GAIN = N_("Judicial Interpretation (III) on the Insurance Law, articles 18 and 19")


class Social(Word):
    """Whether social insurance was used by somebody who was insured as having it."""

    USED = 'used', N_("used")
    NOT_USED = 'not_used', N_("not used although insured as having it")
    NONE = 'none', N_("insured as having none")


@dataclass(frozen=True, slots=True)
class Medical:
    """Treatment paid for by the insured; money in yuan."""

    cost: Decimal = amount(N_("Medical expenses confirmed"))
    class_b: Decimal = amount(N_("Of which class B, own part"), rare=True)
    share_b: Decimal = share(N_("Class B's own part counts with"), rare=True)
    class_c: Decimal = amount(N_("Of which class C, own expense"), rare=True)
    share_c: Decimal = share(N_("Class C counts with"), rare=True)
    not_covered: Decimal = amount(N_("Of which not covered"), rare=True, hint=N_("Hospital not designated, …"))
    social: Social = choice(N_("Social insurance"), Social.USED)
    social_paid: Decimal = amount(N_("Paid by social insurance"))
    others_paid: Decimal = amount(N_("Paid by employer or other insurers"))
    deductible: Decimal = amount(N_("Deductible of the year"))
    deductible_used: Decimal = amount(N_("Deductible used by earlier claims"))
    ratio: Decimal = share(N_("Benefit ratio"))
    limit: Decimal = amount(N_("Limit of the year"))
    limit_used: Decimal = amount(N_("Limit used by earlier claims"))


def compute(inputs: Medical, figures: Figures) -> PartSheet:
    """max(0, cost − paid by others − deductible left) × ratio, within the limit left and the cost not yet paid."""
    sheet = Sheet()
    sheet.begin(N_("Medical expenses confirmed"), inputs.cost)
    _classes(sheet, inputs)
    if inputs.social_paid:
        sheet.take(N_("Less what social insurance has paid"), inputs.social_paid)
    if inputs.others_paid:
        sheet.take(N_("Less what employer or other insurers have paid"), inputs.others_paid)
    used = _deductible(sheet, inputs, figures)
    ratio = _ratio(inputs, figures)
    if ratio != 1:
        unused = inputs.social is Social.NOT_USED and ratio != inputs.ratio
        name = N_("Benefit ratio, social insurance not having been used") if unused else N_("Benefit ratio")
        sheet.multiply(name, ratio, basis=_CLAUSE)
    if inputs.limit_used:
        left = max(NOTHING, inputs.limit - inputs.limit_used)
        words = f'{money_text(inputs.limit)} − {money_text(inputs.limit_used)} = {money_text(left)}'
        sheet.remark(N_("Limit of the year that is left"), words)
        sheet.cap(N_("Not more than the limit that is left"), left)
    else:
        sheet.cap(N_("Not more than the limit of the year"), inputs.limit)
    open_cost = max(NOTHING, inputs.cost - inputs.social_paid - inputs.others_paid)
    if sheet.left > open_cost:
        sheet.cap(N_("Not more than the cost that nobody has paid yet"), open_cost, basis=_NO_GAIN)
    return sheet.done(deductible_used=used)


def _classes(sheet: Sheet, inputs: Medical) -> None:
    for part, counts, name in (
        (inputs.class_b, inputs.share_b, N_("Less the part of class B that does not count")),
        (inputs.class_c, inputs.share_c, N_("Less the part of class C that does not count")),
        (inputs.not_covered, Decimal(0), N_("Less what is not covered")),
    ):
        off = yuan(part * (1 - counts))
        if off:
            sheet.take(name, off)


def _deductible(sheet: Sheet, inputs: Medical, figures: Figures) -> Decimal:
    """Take the deductible off; how much of it this claim uses."""
    left = max(NOTHING, inputs.deductible - inputs.deductible_used)
    if not inputs.deductible:
        return NOTHING
    counted = NOTHING
    if figures.yes('medical.others_count'):
        counted += inputs.others_paid
    if figures.yes('medical.social_counts'):
        counted += inputs.social_paid
    counted = min(counted, left)
    borne = min(sheet.left, left - counted)
    if inputs.deductible_used or counted:
        parts = [inputs.deductible, *(one for one in (inputs.deductible_used, counted) if one)]
        words = ' − '.join(map(money_text, parts))
        sheet.remark(N_("Deductible that is left"), f'{words} = {money_text(left - counted)}', basis=_CLAUSE)
    if left - counted:
        sheet.take(N_("Less the deductible that is left"), left - counted, basis=_CLAUSE)
    return counted + borne


def _ratio(inputs: Medical, figures: Figures) -> Decimal:
    if inputs.social is Social.NOT_USED:
        return min(inputs.ratio, figures.number('medical.unused'), WHOLE)
    return inputs.ratio
