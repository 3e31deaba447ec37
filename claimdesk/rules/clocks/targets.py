"""The office's own numbers: targets of each step and promise by line, injury and amount, each wording from a day on.

The numbers that a supervisor's text or common practice names (marks B and C) are kept here too, so that the office
may change them; those of the law (mark A) are not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, get_args

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.rules.clocks.limits import ALL_RULES, CLOCK_NAMES, PROMISES, ClockRule, Duty, Subject, Unit
from claimdesk.vocabulary import STAGES, Line, Stage, label

TARGETS_KEY = 'targets'
LONGEST = 3650

UNIT_NAMES: dict[str, str] = {
    'minute': N_("Minutes"),
    'hour': N_("Hours"),
    'office_hour': N_("Hours within office time"),
    'day': N_("Days"),
    'workday': N_("Working days"),
    'year': N_("Years"),
}


OWN_RULES: tuple[ClockRule, ...] = tuple(
    rule for rule in ALL_RULES if not rule.statutory and not rule.needs_target and rule.duty is Duty.OFFICE
)
"""The rules of law and supervision whose number the office sets: the law says promptly, or the text was not read."""
OWN_NUMBER = frozenset(rule.id for rule in OWN_RULES)


@dataclass(frozen=True, slots=True)
class Target:
    """One number of the office. `what` is a stage or the id of a rule; `up_to` bounds the estimate, in yuan.

    Where a condition is None, the target holds for all. `off`: kept, but not in use.
    """

    what: str
    limit: int
    unit: Unit
    line: Line | None = None
    injury: bool | None = None
    up_to: Decimal | None = None
    mark: str = 'C'
    aim: int | None = None
    off: bool = False

    def fits(self, subject: Subject) -> bool:
        """Whether the target is for such a case. Without an estimate a bounded target does not fit."""
        return (
            not self.off
            and self.line in (None, subject.line)
            and self.injury in (None, subject.injury)
            and (self.up_to is None or (subject.amount is not None and subject.amount <= self.up_to))
        )

    @property
    def rank(self) -> tuple[bool, bool, Decimal]:
        """The most particular target sorts first."""
        return self.line is None, self.injury is None, Decimal('Infinity') if self.up_to is None else self.up_to


def _mark_of(rule: ClockRule) -> str:
    return 'C' if rule.mark == 'A' else rule.mark


def _steps(stage: Stage, unit: Unit, mark: str, *numbers: tuple[int, Line | None]) -> tuple[Target, ...]:
    return tuple(Target(stage.value, limit, unit, line, mark=mark) for limit, line in numbers)


def _by_amount(what: str, unit: Unit, *numbers: tuple[int, int | None], off: bool = False) -> tuple[Target, ...]:
    return tuple(
        Target(what, limit, unit, Line.MOTOR, False, Decimal(up_to) if up_to else None, 'B', off=off)
        for limit, up_to in numbers
    )


DEFAULT_TARGETS: tuple[Target, ...] = (
    *(Target(rule.id, rule.limit, rule.unit, mark=_mark_of(rule), aim=rule.aim) for rule in OWN_RULES),
    Target('contact', 10, 'minute', Line.MOTOR, mark='B'),
    Target('visit', 24, 'hour', Line.MOTOR, mark='B'),
    Target('visit', 24, 'hour', Line.PROPERTY, mark='B'),
    Target('injured', 48, 'hour', Line.MOTOR, True, mark='B'),
    Target('small', 3, 'day', Line.MOTOR, False, Decimal(5000), 'B'),
    Target('small', 10, 'day', Line.MEDICAL, None, Decimal(5000), 'B'),
    Target('small', 10, 'day', Line.PROPERTY, None, Decimal(5000), 'B'),
    *_by_amount('decision', 'workday', (1, 10_000), (3, 30_000), (5, 50_000), (7, None), off=True),
    Target('decision', 7, 'workday', Line.MOTOR, True, mark='B', off=True),
    *_steps(Stage.REPORTED, 'office_hour', 'C', (4, None)),
    *_steps(Stage.REGISTERED, 'office_hour', 'C', (4, None)),
    *_steps(Stage.SURVEY, 'workday', 'B', (1, None)),
    *_steps(Stage.SURVEY, 'workday', 'C', (3, Line.MEDICAL)),
    *_by_amount(Stage.ASSESSMENT, 'workday', (1, 5000), (3, 30_000), (5, 50_000), (10, 100_000), (15, None)),
    *_steps(Stage.ASSESSMENT, 'workday', 'C', (3, Line.MEDICAL), (10, Line.PROPERTY), (10, None)),
    *_steps(Stage.ADJUSTMENT, 'workday', 'C', (2, None), (3, Line.PROPERTY)),
    *_steps(Stage.APPROVAL, 'workday', 'C', (1, None)),
    *_steps(Stage.PAYMENT, 'workday', 'C', (2, None)),
    *_steps(Stage.CLOSING, 'workday', 'C', (2, None)),
)
"""What the program brings: figures of published benchmarks (B) and common practice (C), none of them law."""


class Wording:
    """The targets in force from a day on, ready to be asked for each case."""

    def __init__(self, targets: tuple[Target, ...]) -> None:
        found: dict[str, list[Target]] = {}
        for target in targets:
            found.setdefault(target.what, []).append(target)
        self._ranked = {what: sorted(some, key=lambda one: one.rank) for what, some in found.items()}
        self._applied: dict[tuple[str, int], ClockRule] = {}

    def target_for(self, what: str, subject: Subject) -> Target | None:
        """The most particular target for `what` that fits, or None."""
        return next((target for target in self._ranked.get(what, ()) if target.fits(subject)), None)

    def numbered(self, rule: ClockRule, what: str, subject: Subject) -> ClockRule | None:
        """`rule` with the office's number for such a case in it; None where the office does not run it."""
        target = self.target_for(what, subject)
        if target is None:
            return None if rule.needs_target else rule
        key = (rule.id, id(target))
        if key not in self._applied:
            self._applied[key] = _applied(rule, target)
        return self._applied[key]


_PROGRAMS_OWN = Wording(DEFAULT_TARGETS)


@dataclass(frozen=True)
class Book:
    """Every wording of the targets, the newest day first: a limit runs by the wording of the day on which it began."""

    versions: tuple[tuple[dt.date, tuple[Target, ...]], ...] = ()

    @cached_property
    def _wordings(self) -> tuple[tuple[dt.date, Wording], ...]:
        return tuple((since, Wording(targets)) for since, targets in self.versions)

    def on(self, day: dt.date) -> Wording:
        """The targets in force on `day`."""
        return next((wording for since, wording in self._wordings if since <= day), _PROGRAMS_OWN)


DEFAULT_BOOK = Book()

WHATS: tuple[str, ...] = (
    *(stage.value for stage in STAGES if stage is not Stage.CLOSED),
    *(rule.id for rule in PROMISES),
    *(rule.id for rule in OWN_RULES),
)
"""What a target may be for, in the order of a settings page."""


def what_in_words(what: str) -> str:
    """What a target is for, in the language in use."""
    if what in CLOCK_NAMES:
        return _(CLOCK_NAMES[what])
    return _("Step: {stage}").format(stage=label(Stage(what)))


def _applied(rule: ClockRule, target: Target) -> ClockRule:
    return replace(
        rule, limit=target.limit, unit=target.unit, mark=_mark(rule, target), aim=target.aim
    )


def _mark(rule: ClockRule, target: Target) -> str:
    # A prompt duty keeps the mark of the article that was read; only its number is the office's.
    return rule.mark if rule.mark == 'A' else target.mark


def targets_from(value: Any) -> tuple[Target, ...]:
    """The targets in a list of JSON objects, as `targets_as_json` writes them. Raises `InvalidInput`."""
    try:
        return tuple(checked(_target(one)) for one in value)
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise InvalidInput(_("These are no targets."), _("Each needs what it is for, a number and a unit.")) from error


def targets_as_json(targets: Sequence[Target]) -> list[dict[str, Any]]:
    """What `targets_from` reads; money as text in yuan."""
    return [
        {name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(target).items()}
        for target in targets
    ]


def checked(target: Target) -> Target:
    """`target`, if it is one. Raises `InvalidInput`."""
    if target.what not in WHATS:
        raise InvalidInput(_("There is no step or promise called {name}.").format(name=target.what))
    if target.off and target.what in OWN_NUMBER:
        raise InvalidInput(_("A limit of law or supervision is not switched off: change its number."))
    if not 1 <= target.limit <= LONGEST:
        raise InvalidInput(_("The number must lie between 1 and {most}.").format(most=LONGEST))
    if target.unit not in get_args(Unit) or target.mark not in ('B', 'C'):
        raise InvalidInput(_("Each needs what it is for, a number and a unit."))
    if target.aim is not None and not 1 <= target.aim <= target.limit:
        raise InvalidInput(_("The office looks before the time limit ends, not after it."))
    if target.up_to is not None and target.up_to <= 0:
        raise InvalidInput(_("The amount must be more than nothing."))
    return target


def _target(one: dict[str, Any]) -> Target:
    return Target(
        what=str(one['what']),
        limit=int(one['limit']),
        unit=one['unit'],
        line=Line(one['line']) if one.get('line') else None,
        injury=one.get('injury'),
        up_to=Decimal(one['up_to']) if one.get('up_to') else None,
        mark=one.get('mark', 'C'),
        aim=one.get('aim'),
        off=bool(one.get('off', False)),
    )
