"""Risk signals: which rules hold on a case, each with its weight and its reason in words, and the level they add up to.

A signal never decides anything: it says where a person should look (Insurance Law, article 24; Personal Information
Protection Law, article 55). The table of rules is the office's own, from a day on; what the program brings comes from
secondary sources (mark B) or is its own suggestion (mark C), never from a statute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.rules.risk_kinds import KINDS, Found, RiskFacts
from claimdesk.vocabulary import RiskLevel

KEY = 'risk'
"""The office rule that holds the table."""

@dataclass(frozen=True, slots=True)
class RiskRule:
    """One line of the office's table. `threshold` is None for a rule without a number; `mark` is B or C."""

    code: str
    weight: int
    threshold: int | None
    mark: str
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class RiskTable:
    """The rules, and from how many points a case is of medium and of high level; high ones are referred if wanted."""

    rules: tuple[RiskRule, ...]
    medium_from: int = 30
    high_from: int = 60
    refer_high: bool = True
    refer_days: int = 3


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that holds: its weight, and the facts of its sentence."""

    code: str
    weight: int
    facts: Found


DEFAULT_TABLE = RiskTable(
    (
        RiskRule('early_loss', 20, 30, 'B'),
        RiskRule('same_day', 15, None, 'B'),
        RiskRule('often', 20, 3, 'B'),
        RiskRule('driver', 25, 3, 'B'),
        RiskRule('amount', 5, 5_000, 'B'),
        RiskRule('underbody', 10, None, 'B'),
        RiskRule('night', 10, None, 'B'),
        RiskRule('dear', 15, 200, 'B'),
        RiskRule('drawn', 30, 1, 'B'),
        RiskRule('reused', 40, None, 'C'),
        RiskRule('buyer', 15, None, 'C'),
        RiskRule('stays', 30, None, 'C'),
        RiskRule('late', 10, 48, 'C'),
        RiskRule('payee', 20, None, 'C'),
        RiskRule('account', 35, None, 'C'),
        RiskRule('estimate', 10, 100, 'C'),
        RiskRule('garage', 10, 80, 'C'),
        RiskRule('pictures', 30, None, 'C'),
        RiskRule('suspects', 30, None, 'C'),
    )
)
"""What the program brings; weights and numbers are suggestions, all of them editable."""


def signals(facts: RiskFacts, table: RiskTable) -> tuple[Signal, ...]:
    """The rules of `table` that hold on `facts`, the heaviest first."""
    found = []
    for rule in table.rules:
        if not rule.enabled or rule.code not in KINDS:
            continue
        reason = KINDS[rule.code].holds(facts, rule.threshold or 0)
        if reason is not None:
            found.append(Signal(rule.code, rule.weight, reason))
    return tuple(sorted(found, key=lambda signal: -signal.weight))


def level_of(score: int, table: RiskTable) -> RiskLevel:
    """The level that `score` points come to."""
    if score >= table.high_from:
        return RiskLevel.HIGH
    if score >= table.medium_from:
        return RiskLevel.MEDIUM
    return RiskLevel.LOW if score > 0 else RiskLevel.NONE


def rule_name(code: str) -> str:
    """What a rule is called, in the language in use."""
    return _(KINDS[code].name) if code in KINDS else code


def threshold_words(code: str) -> str:
    """What the number of a rule means; '' for a rule without one."""
    unit = KINDS[code].unit if code in KINDS else ''
    return _(unit) if unit else ''


def reason(code: str, facts: Found) -> str:
    """Why the rule holds, in the language in use."""
    if code not in KINDS:
        return code
    comma = _(", ")
    words = {name: comma.join(map(str, value)) if isinstance(value, list) else value for name, value in facts.items()}
    return _(KINDS[code].sentence).format(**words)


def as_value(table: RiskTable) -> dict[str, Any]:
    """The table as plain JSON, for the office's rules."""
    return asdict(table) | {'rules': [asdict(rule) for rule in table.rules]}


def table_from(value: Any) -> RiskTable:
    """The table that `as_value` made plain; a rule that the office has not heard of yet is as the program brings it."""
    if not value:
        return DEFAULT_TABLE
    known = {rule['code']: rule for rule in value['rules']}
    rules = tuple(
        replace(
            rule,
            weight=known[rule.code]['weight'],
            threshold=known[rule.code]['threshold'],
            enabled=known[rule.code]['enabled'],
        )
        if rule.code in known
        else rule
        for rule in DEFAULT_TABLE.rules
    )
    return RiskTable(
        rules, value['medium_from'], value['high_from'], bool(value['refer_high']), value['refer_days']
    )


def check_table(table: RiskTable) -> None:
    """Raise `InvalidInput`, by rule or field, where the table makes no sense."""
    wrong: dict[str, str] = {}
    for rule in table.rules:
        if not 0 <= rule.weight <= 100:
            wrong[rule.code] = _("A weight runs from 0 to 100.")
        elif KINDS[rule.code].unit and (rule.threshold is None or rule.threshold < 1):
            wrong[rule.code] = _("This rule needs a number above 0.")
    if not 0 < table.medium_from < table.high_from:
        wrong['high_from'] = _("High must begin above medium, and medium above 0.")
    if not 1 <= table.refer_days <= 60:
        wrong['refer_days'] = _("A referral takes 1 to 60 working days.")
    if wrong:
        raise InvalidInput(next(iter(wrong.values())), '', wrong)


def total(found: Sequence[Signal]) -> int:
    """The points of these signals together."""
    return sum(signal.weight for signal in found)
