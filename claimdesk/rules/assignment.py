"""Who takes the next case: deficit round-robin by weight and difficulty, among those who may and can.

Each case weighs points by what makes it hard. Everybody who could take it earns a part of those points by their weight;
who is owed most takes it and pays all of them. What each is owed is kept, so that over time everybody gets the share
that their weight says, however large the cases are and whoever was away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _, ngettext
from claimdesk.vocabulary import Line, Word, label

RULE_KEY = 'assignment'
THOUSANDTHS = 1000


class Skill(Word):
    """What a person can be given; who has none noted takes everything."""

    MOTOR = 'motor', N_("Motor")
    MEDICAL = 'medical', N_("Medical and accident")
    PROPERTY = 'property', N_("Property")
    INJURY = 'injury', N_("Injured people")
    LITIGATION = 'litigation', N_("Lawsuits")


@dataclass(frozen=True, slots=True)
class Weights:
    """How many points make a case hard (mark C: the office's own estimate), and how loads are judged.

    A case gets `amount` points once for each of `amount_steps` (yuan) that its estimate reaches. With `keep` a case
    that comes back to a step goes to whoever did it before. `hard_share` is the most open cases in percent of a
    full load, where a person has no limit of their own.
    """

    motor: int = 2
    medical: int = 2
    property: int = 4
    injury: int = 3
    party: int = 1
    litigation: int = 4
    amount: int = 1
    amount_steps: tuple[int, ...] = (10_000, 50_000, 200_000)
    hard_share: int = 150
    keep: bool = True


DEFAULT_WEIGHTS = Weights()
LARGEST = 1_000_000_000


def weights_from(value: Any) -> Weights:
    """The weights in plain JSON as `weights_as_json` writes it; what is missing is as the program brings it.

    Raises `InvalidInput` by field.
    """
    if not isinstance(value, dict):
        return DEFAULT_WEIGHTS
    known = {one.name for one in fields(Weights)}
    given = {name: part for name, part in value.items() if name in known}
    if 'amount_steps' in given:
        given['amount_steps'] = tuple(given['amount_steps'])
    return checked(Weights(**given))


def weights_as_json(weights: Weights) -> dict[str, Any]:
    """What `weights_from` reads."""
    plain = {one.name: getattr(weights, one.name) for one in fields(Weights)}
    return {**plain, 'amount_steps': list(weights.amount_steps)}


def checked(weights: Weights) -> Weights:
    """`weights`, if an office can work with them. Raises `InvalidInput` by field."""
    wrong: dict[str, str] = {}
    for line in Line:
        if not _between(getattr(weights, line.value), 1, 100):
            wrong[line.value] = _("Enter 1 to 100 points.")
    for name in ('injury', 'party', 'litigation', 'amount'):
        if not _between(getattr(weights, name), 0, 100):
            wrong[name] = _("Enter 0 to 100 points.")
    steps = weights.amount_steps
    if not all(_between(step, 1, LARGEST) for step in steps) or list(steps) != sorted(set(steps)):
        wrong['amount_steps'] = _("Enter amounts that rise from one to the next.")
    if not _between(weights.hard_share, 100, 500):
        wrong['hard_share'] = _("Enter 100 to 500 percent.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
    return weights


def _between(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


@dataclass(frozen=True, slots=True)
class Job:
    """What has to be done. `before` did this step of the case already; `names` and `phones` are the case's people.

    `points` and `why_hard` come from `difficulty`. `worked` surveyed, assessed or calculated the case.
    """

    points: int = 1
    why_hard: str = ''
    needs: frozenset[Skill] = frozenset()
    place: str = ''
    before: int | None = None
    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    worked: frozenset[int] = frozenset()


PLAIN_JOB = Job()
"""A case that is like any other."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the role that takes the case. `capacity` is how many open cases are a full load.

    `credit` is what the person is owed, in thousandths of a point. `authority` says whether they may decide on it.
    """

    user_id: int
    name: str
    open_cases: int
    capacity: int = 60
    absent: bool = False
    phone: str = ''
    substitute: int | None = None
    hard_capacity: int | None = None
    weight: int = 100
    credit: int = 0
    skills: frozenset[Skill] = frozenset()
    areas: tuple[str, ...] = ()
    authority: bool = True

    @property
    def load(self) -> float:
        """The share of a full load."""
        return self.open_cases / max(1, self.capacity)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who takes it, and why, in words; `credits` are what the candidates are owed from now on, where it changed."""

    user_id: int
    why: str
    credits: Mapping[int, int] = field(default_factory=dict)


def difficulty(
    line: Line, *, injury: bool, amount: Decimal | None, parties: int, litigation: bool, weights: Weights
) -> tuple[int, str]:
    """How many points a case weighs, and what they are for, in words. `parties` counts those beside the insured."""
    reached = sum(amount is not None and amount >= step for step in weights.amount_steps)
    parts = (
        (label(line), getattr(weights, line.value)),
        (_("injury"), weights.injury if injury else 0),
        (_("amount"), weights.amount * reached),
        (_("other people"), weights.party * parties),
        (_("lawsuit"), weights.litigation if litigation else 0),
    )
    told = [f'{words} {points}' for words, points in parts if points]
    return sum(points for _words, points in parts), _(", ").join(told)


def choose(
    candidates: Sequence[Candidate], job: Job = PLAIN_JOB, weights: Weights = DEFAULT_WEIGHTS
) -> Choice | None:
    """Who takes `job`: of those who may and can, whoever is owed most; on a tie the lighter load, then the lower id.

    None if nobody may or can. The order of `candidates` changes nothing.
    """
    able = [one for one in candidates if not refusal(one, job, weights)]
    if not able:
        return None
    kept = _kept(candidates, able, job, weights)
    pool = _near(able, job.place)
    with_room = [one for one in pool if one.open_cases < one.capacity] or pool
    if kept is not None and kept not in with_room:
        with_room = [*with_room, kept]
    owed = shared(with_room, job.points)
    best = kept or min(with_room, key=lambda one: (-owed[one.user_id], one.load, one.user_id))
    why = _why(best, owed[best.user_id], job, len(with_room), kept is not None, candidates, weights)
    owed[best.user_id] -= job.points * THOUSANDTHS
    return Choice(best.user_id, why, owed)


def shared(pool: Sequence[Candidate], points: int) -> dict[int, int]:
    """What each of `pool` is owed once the points of a case are shared out by weight; not a thousandth is lost."""
    total = sum(one.weight for one in pool)
    amount = points * THOUSANDTHS
    owed: dict[int, int] = {}
    given = weighed = 0
    for one in sorted(pool, key=lambda one: one.user_id):
        weighed += one.weight
        part = amount * weighed // total - given
        given += part
        owed[one.user_id] = one.credit + part
    return owed


def refusal(one: Candidate, job: Job, weights: Weights = DEFAULT_WEIGHTS) -> str:
    """Why this person cannot take `job`, in words; '' if they can."""
    if one.absent:
        return _("away")
    if one.name in job.names or (one.phone and one.phone in job.phones):
        return _("is one of the people of the case")
    if one.user_id in job.worked:
        return _("worked on it before")
    if not one.authority:
        return _("not enough authority")
    if one.skills and not job.needs <= one.skills:
        missing = sorted(label(skill) for skill in job.needs - one.skills)
        return _("not for {skills}").format(skills=_(", ").join(missing))
    if one.open_cases >= (one.hard_capacity or one.capacity * weights.hard_share // 100):
        return _("full")
    return ''


def _kept(
    candidates: Sequence[Candidate], able: Sequence[Candidate], job: Job, weights: Weights
) -> Candidate | None:
    """Who did this step before, or while they are away their substitute."""
    if job.before is None or not weights.keep:
        return None
    wanted = job.before
    before = next((one for one in candidates if one.user_id == wanted), None)
    if before is not None and before.absent and before.substitute is not None:
        wanted = before.substitute
    return next((one for one in able if one.user_id == wanted), None)


def _near(able: Sequence[Candidate], place: str) -> list[Candidate]:
    """Those of the area; where it is nobody's, those who work everywhere; else all."""
    near = [one for one in able if any(area and area in place for area in one.areas)]
    return near or [one for one in able if not one.areas] or list(able)


def _why(
    best: Candidate, owed: int, job: Job, among: int, kept: bool, candidates: Sequence[Candidate], weights: Weights
) -> str:
    load = _("{count} open cases of {capacity}").format(count=best.open_cases, capacity=best.capacity)
    if kept and best.user_id == job.before:
        first = _("{name} did this step before ({load}).").format(name=best.name, load=load)
    elif kept:
        first = _("{name} stands in for whoever did this step before ({load}).").format(name=best.name, load=load)
    elif among == 1:
        first = _("Only {name} can take it ({load}).").format(name=best.name, load=load)
    else:
        first = _("{name} is owed the most work of {among}: {owed} points ({load}).").format(
            name=best.name, among=among, owed=f'{owed / THOUSANDTHS:.1f}', load=load
        )
    parts = [first]
    if job.why_hard:
        weighs = ngettext("The case weighs {n} point: {parts}.", "The case weighs {n} points: {parts}.", job.points)
        parts.append(weighs.format(n=job.points, parts=job.why_hard))
    passed = [f'{one.name} {why}' for one in candidates if (why := refusal(one, job, weights))]
    if passed:
        parts.append(_("Passed over: {names}.").format(names=_(", ").join(passed)))
    return ' '.join(parts)
