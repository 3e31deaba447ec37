"""Authority: up to which amount a person may approve, by level, line and amount; and the codes of a return.

The levels are the office's own rule (mark C): no law sets them. A person whom no level names has no authority, so
somebody above approves; what no level in the office covers is decided by the head office.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from claimdesk.language import N_, _
from claimdesk.vocabulary import Line, Role

LEVELS_KEY = 'authority'
RETURNS_KEY = 'return_reasons'
NOTHING = Decimal('0.00')


@dataclass(frozen=True, slots=True)
class Level:
    """One level of approval: everybody of `role`, or only the people whose logins are named, up to an amount by line.

    A line without a limit is not this level's to approve. Amounts in yuan, the limit included.
    """

    name: str
    role: Role
    limits: Mapping[Line, Decimal]
    people: tuple[str, ...] = ()

    def holds(self, roles: Collection[Role], login: str) -> bool:
        """Whether a person with these roles and this login is on this level."""
        return self.role in roles and (not self.people or login in self.people)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands on a line: `limit` is None without a level; `highest` is what the office itself may."""

    level: str
    limit: Decimal | None
    highest: Decimal

    def covers(self, amount: Decimal) -> bool:
        """Whether the person may approve `amount` yuan."""
        return self.limit is not None and amount <= self.limit

    def needs_head_office(self, amount: Decimal) -> bool:
        """Whether nobody in the office may approve `amount`, and this person stands highest."""
        return amount > self.highest and self.limit is not None and self.limit == self.highest


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """Why a calculation goes back; the code is counted, the words are shown."""

    code: str
    words: str


DEFAULT_LEVELS: tuple[Level, ...] = (
    Level(N_("Level 1"), Role.APPROVER, dict.fromkeys(Line, Decimal(50_000))),
    Level(N_("Manager"), Role.MANAGER, dict.fromkeys(Line, Decimal(500_000))),
)
DEFAULT_RETURNS: tuple[ReturnReason, ...] = (
    ReturnReason('R01', N_("The amount does not fit the documents")),
    ReturnReason('R02', N_("A document is missing or unclear")),
    ReturnReason('R03', N_("The wrong clause or cover was used")),
    ReturnReason('R04', N_("Liability or loss is not proven")),
    ReturnReason('R05', N_("Salvage or another insurer's share was left out")),
    ReturnReason('R99', N_("Another reason")),
)


def levels_from(value: Any) -> tuple[Level, ...]:
    """The levels as the office keeps them (plain JSON), the lowest first; the program's own where it keeps none."""
    if value is None:
        return DEFAULT_LEVELS
    return tuple(
        Level(
            name=str(one['name']),
            role=Role(one['role']),
            limits={Line(line): Decimal(amount) for line, amount in one['limits'].items()},
            people=tuple(one.get('people', ())),
        )
        for one in value
    )


def levels_plain(levels: Collection[Level]) -> list[dict[str, Any]]:
    """The levels as plain JSON."""
    return [
        {
            'name': level.name,
            'role': level.role.value,
            'limits': {line.value: str(amount) for line, amount in level.limits.items()},
            'people': list(level.people),
        }
        for level in levels
    ]


def returns_from(value: Any) -> tuple[ReturnReason, ...]:
    """The codes of a return as the office keeps them; the program's own where it keeps none."""
    if value is None:
        return DEFAULT_RETURNS
    return tuple(ReturnReason(str(one['code']), str(one['words'])) for one in value)


def returns_plain(reasons: Collection[ReturnReason]) -> list[dict[str, str]]:
    """The codes as plain JSON."""
    return [{'code': one.code, 'words': one.words} for one in reasons]


def level_problems(levels: Collection[Level]) -> dict[str, str]:
    """What is wrong with these levels, by field (`name 0`, `limits 1`, …); empty if nothing is."""
    wrong: dict[str, str] = {}
    if not levels:
        wrong['levels'] = _("At least one level must remain, or nothing can be approved.")
    seen: set[str] = set()
    for place, level in enumerate(levels):
        name = level.name.strip()
        if not name or name in seen:
            wrong[f'name {place}'] = _("Give each level a name of its own.")
        seen.add(name)
        if not level.limits:
            wrong[f'limits {place}'] = _("Enter a limit for at least one line.")
        if any(amount <= 0 for amount in level.limits.values()):
            wrong[f'limits {place}'] = _("A limit is an amount above zero.")
    return wrong


def return_problems(reasons: Collection[ReturnReason]) -> dict[str, str]:
    """What is wrong with these codes, by field; empty if nothing is."""
    wrong: dict[str, str] = {}
    if not reasons:
        wrong['reasons'] = _("At least one reason must remain.")
    seen: set[str] = set()
    for place, one in enumerate(reasons):
        if not one.code.strip() or one.code in seen:
            wrong[f'code {place}'] = _("Give each reason a code of its own.")
        if not one.words.strip():
            wrong[f'words {place}'] = _("Say the reason in words.")
        seen.add(one.code)
    return wrong


def limit_from(text: str) -> Decimal | None:
    """The limit that was typed, in yuan; None for an empty field. Raises `ValueError` for what is no amount."""
    plain = text.replace(',', '').replace('，', '').strip()
    if not plain:
        return None
    try:
        amount = Decimal(plain).quantize(Decimal('0.01'))
    except InvalidOperation:
        raise ValueError(text) from None
    if not amount.is_finite() or amount <= 0:
        raise ValueError(text)
    return amount


def standing(levels: Collection[Level], roles: Collection[Role], login: str, line: Line) -> Standing:
    """Where a person stands on `line`: the level with the highest limit that names them."""
    highest = max((level.limits[line] for level in levels if line in level.limits), default=NOTHING)
    own = [level for level in levels if line in level.limits and level.holds(roles, login)]
    if not own:
        return Standing('', None, highest)
    best = max(own, key=lambda level: level.limits[line])
    return Standing(best.name, best.limits[line], highest)
