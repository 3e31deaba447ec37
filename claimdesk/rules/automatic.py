"""Straight-through: the conditions under which a small clear claim is approved by the office's rule, without a person.

The rule can only pay a claim or pass it on to a person; it never refuses and never lowers an amount. A share of what
it would pay, drawn by lot, goes to a person all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.rules.risk_kinds import draw
from claimdesk.vocabulary import Line, RiskLevel, label

KEY = 'automatic'
"""The office rule that holds the table."""

MOST_LIMIT = 1_000_000
_ORDER = tuple(RiskLevel)


@dataclass(frozen=True, slots=True)
class AutomaticRule:
    """What the office lets the rule approve. `limits` are yuan for each line; 0: nothing of that line.

    `sample_percent` of what the rule would approve goes to a person. The limits come from a public pledge for motor
    claims without injury (mark B); everything else is the office's own decision (mark C).
    """

    enabled: bool = False
    limits: Mapping[Line, int] = field(default_factory=lambda: {Line.MOTOR: 5_000, Line.MEDICAL: 0, Line.PROPERTY: 0})
    highest_risk: RiskLevel = RiskLevel.LOW
    sample_percent: int = 5


OFF = AutomaticRule()
"""What a new office begins with: every calculation goes to a person."""


@dataclass(frozen=True, slots=True)
class AutomaticFacts:
    """What the conditions look at; money in yuan. `wrong_sums` and `duplicates` name the invoices they are about.

    `out_of_date` says why the calculation no longer fits what has happened since, '' where it does. `open_findings`
    counts the warnings of papers against the case that nobody has looked at.
    """

    case_number: str
    calculation: int
    line: Line
    payable: Decimal
    injury: bool
    missing_documents: int
    unconfirmed_documents: int
    invoices: int
    wrong_sums: tuple[str, ...]
    duplicates: tuple[str, ...]
    risk: RiskLevel
    being_looked_into: bool
    open_disputes: int
    handled_before: bool
    out_of_date: str = ''
    open_findings: int = 0


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the answer: whether it holds, and the facts of the sentence that says so."""

    code: str
    holds: bool
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Every condition with its result; `sampled` says that the lot sends a claim that held to a person anyway."""

    conditions: tuple[Condition, ...]
    sampled: bool

    @property
    def clear(self) -> bool:
        """Whether every condition holds."""
        return all(condition.holds for condition in self.conditions)

    @property
    def approved(self) -> bool:
        """Whether the rule approves; otherwise a person decides."""
        return self.clear and not self.sampled


_NAMES: Mapping[str, str] = {
    'amount': N_("Small amount"),
    'injury': N_("Nobody is hurt"),
    'complete': N_("Documents complete"),
    'confirmed': N_("Every paper confirmed by a person"),
    'papers': N_("Papers agree with the case"),
    'sums': N_("Arithmetic of the invoices right"),
    'duplicates': N_("No duplicates"),
    'risk': N_("Low risk"),
    'disputes': N_("No open complaint, dispute or lawsuit"),
    'first': N_("First calculation of a case that was not reopened"),
    'current': N_("Calculation up to date"),
}
CONDITIONS = tuple(_NAMES)
"""The codes of all conditions, in the order in which they are told."""

_HELD: Mapping[str, str] = {
    'amount': N_("{amount} yuan is within the {limit} yuan of the rule."),
    'injury': N_("No injury is reported."),
    'complete': N_("No required document is missing."),
    'confirmed': N_("Nothing waits to be read or checked."),
    'papers': N_("No paper contradicts the case, or a person has looked at it."),
    'sums': N_("The sums of all {count} invoices are right."),
    'duplicates': N_("No invoice was used before."),
    'risk': N_("The risk level is “{level}”."),
    'disputes': N_("Nothing is open."),
    'first': N_("Nothing was returned or reopened before."),
    'current': N_("Nothing has been paid or approved since that changes it."),
}
_NOT_HELD: Mapping[str, str] = {
    'amount': N_("{amount} yuan is more than the {limit} yuan of the rule."),
    'injury': N_("Somebody is hurt, or the claim is about health."),
    'complete': N_("Required documents missing: {count}."),
    'confirmed': N_("Papers waiting to be read or checked: {count}."),
    'papers': N_("Papers contradict the case in places that nobody has looked at: {count}."),
    'sums': N_("Sums that do not add up: invoice {invoices}."),
    'duplicates': N_("Used before: invoice {invoices}."),
    'risk': N_("The risk level is “{level}”, or somebody is looking into the case."),
    'disputes': N_("Open complaints, disputes or lawsuits: {count}."),
    'first': N_("The case was reopened, or a calculation was returned before."),
    'current': N_("It must be made anew: {why}"),
}


def judge(facts: AutomaticFacts, rule: AutomaticRule) -> Answer:
    """What the rule says of a calculation, condition by condition."""
    limit = rule.limits.get(facts.line, 0)
    amount = {'amount': f'{facts.payable:,.2f}', 'limit': f'{limit:,}'}
    calm = _ORDER.index(facts.risk) <= _ORDER.index(rule.highest_risk) and not facts.being_looked_into
    conditions = (
        Condition('amount', 0 < facts.payable <= limit, amount),
        Condition('injury', not facts.injury, {}),
        Condition('complete', facts.missing_documents == 0, {'count': facts.missing_documents}),
        Condition('confirmed', facts.unconfirmed_documents == 0, {'count': facts.unconfirmed_documents}),
        Condition('papers', facts.open_findings == 0, {'count': facts.open_findings}),
        Condition('sums', not facts.wrong_sums, {'count': facts.invoices, 'invoices': list(facts.wrong_sums)}),
        Condition('duplicates', not facts.duplicates, {'invoices': list(facts.duplicates)}),
        Condition('risk', calm, {'level': facts.risk.value}),
        Condition('disputes', facts.open_disputes == 0, {'count': facts.open_disputes}),
        Condition('first', not facts.handled_before, {}),
        Condition('current', not facts.out_of_date, {'why': facts.out_of_date}),
    )
    lot = draw(f'{facts.case_number}/{facts.calculation}', 'audit')
    clear = all(condition.holds for condition in conditions)
    return Answer(conditions, clear and lot < rule.sample_percent / 100)


def condition_name(code: str) -> str:
    """What a condition is called, in the language in use."""
    return _(_NAMES[code]) if code in _NAMES else code


def condition_words(code: str, *, holds: bool, facts: Mapping[str, Any]) -> str:
    """Why a condition holds or does not, in the language in use."""
    sentences = _HELD if holds else _NOT_HELD
    if code not in sentences:
        return code
    if code == 'sums' and holds and not facts['count']:
        return _("No invoice was recorded; a person has verified the papers.")
    comma = _(", ")
    words = {name: comma.join(value) if isinstance(value, list) else value for name, value in facts.items()}
    if 'level' in words:
        words['level'] = label(RiskLevel(words['level']))
    return _(sentences[code]).format(**words)


def sums_right(
    amount: Decimal | None,
    tax: Decimal | None,
    total: Decimal,
    lines: tuple[tuple[Decimal | None, Decimal | None], ...],
    capital: Decimal | None,
) -> bool:
    """Whether an invoice adds up: amount + tax = total, its lines the same, and the words say the same as the figures.

    What an invoice does not print cannot be wrong; a receipt may print its lines with the tax in them.
    """
    if amount is not None and amount + (tax or 0) != total:
        return False
    if capital is not None and capital != total:
        return False
    printed = [net for net, _tax in lines if net is not None]
    if not printed or len(printed) != len(lines):
        return True
    taxes = sum((line_tax or Decimal(0) for _net, line_tax in lines), Decimal(0))
    net = sum(printed, Decimal(0))
    return net in (amount, total) or net + taxes == total


def as_value(rule: AutomaticRule) -> dict[str, Any]:
    """The rule as plain JSON, for the office's rules."""
    return asdict(rule) | {
        'limits': {line.value: limit for line, limit in rule.limits.items()},
        'highest_risk': rule.highest_risk.value,
    }


def rule_from(value: Any) -> AutomaticRule:
    """The rule that `as_value` made plain; switched off where the office has said nothing."""
    if not value:
        return OFF
    return AutomaticRule(
        bool(value['enabled']),
        {line: int(value['limits'].get(line.value, 0)) for line in Line},
        RiskLevel(value['highest_risk']),
        int(value['sample_percent']),
    )


def check_rule(rule: AutomaticRule) -> None:
    """Raise `InvalidInput`, by field, where the rule makes no sense."""
    wrong: dict[str, str] = {}
    for line, limit in rule.limits.items():
        if not 0 <= limit <= MOST_LIMIT:
            wrong[line.value] = _("A limit runs from 0 to {most} yuan.").format(most=f'{MOST_LIMIT:,}')
    if not 0 <= rule.sample_percent <= 100:
        wrong['sample_percent'] = _("A share runs from 0 to 100 %.")
    if rule.highest_risk is RiskLevel.HIGH:
        wrong['highest_risk'] = _("A case of high risk always goes to a person.")
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), '', wrong)
