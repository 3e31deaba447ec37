"""How evenly assignment spreads the work, beside "fewest open wins" and chance, under bursts and absences.

A simulated quarter of an office: cases of unequal difficulty come in bursts, people work off points at their own pace
and are away for a week now and then. Measured is how far the points that people were given lie apart, per day at work
and by their share (the standard deviation in percent of the mean), the largest overload, and the latest work.
"""

from __future__ import annotations

import random
import statistics
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.measured import Measured, beside
from benchmarks.run import Run
from claimdesk.rules.assignment import DEFAULT_WEIGHTS, Candidate, Job, choose

PEOPLE = 12
DAYS = 65
PER_DAY = 30
POINTS_PER_DAY = 14
ROUNDS = 20
AWAY_CHANCE, AWAY_DAYS = 0.012, 5
BURST_CHANCE, BURST = 0.08, 3


@dataclass
class Desk:
    """One simulated person: what waits, in points with the day it came, and what was given."""

    person: Candidate
    waiting: deque[list[int]] = field(default_factory=deque)
    away_until: int = -1
    days_present: int = 0
    given: int = 0
    late: list[int] = field(default_factory=list)


Way = Callable[[Sequence[Desk], Job, random.Random], Desk]


def by_turns(desks: Sequence[Desk], job: Job, dice: random.Random) -> Desk:
    """As ClaimDesk does it."""
    choice = choose([desk.person for desk in desks], job, DEFAULT_WEIGHTS)
    assert choice is not None
    for desk in desks:
        if desk.person.user_id in choice.credits:
            desk.person = replace(desk.person, credit=choice.credits[desk.person.user_id])
    return next(desk for desk in desks if desk.person.user_id == choice.user_id)


def fewest_open(desks: Sequence[Desk], job: Job, dice: random.Random) -> Desk:
    """Whoever has the fewest open cases, however hard they are."""
    return min(desks, key=lambda desk: (len(desk.waiting), desk.person.user_id))


def by_chance(desks: Sequence[Desk], job: Job, dice: random.Random) -> Desk:
    """Anybody."""
    return dice.choice(list(desks))


def simulate(way: Way, seed: int) -> tuple[float, float, float]:
    """The spread of what was given in percent, the largest of a mean share, and the 95th percentile of days waited."""
    world, dice = random.Random(seed), random.Random(seed + 1)
    desks = [
        Desk(Candidate(number, f'P{number}', 0, capacity=10_000, weight=50 if number % 6 == 5 else 100))
        for number in range(PEOPLE)
    ]
    for day in range(DAYS):
        present = _present(desks, day, world)
        count = PER_DAY * (BURST if world.random() < BURST_CHANCE else 1)
        for _case in range(round(world.gauss(count, count**0.5))):
            # Most cases are small; every tenth is many times harder, as injuries and lawsuits are.
            points = world.choices((2, 3, 5, 12), (55, 25, 12, 8))[0]
            taker = way(present, Job(points=points), dice)
            taker.waiting.append([points, day])
            taker.given += points
            taker.person = replace(taker.person, open_cases=len(taker.waiting))
        for desk in present:
            _work(desk, day)
    fair = [desk.given / desk.days_present / desk.person.weight for desk in desks]
    mean = statistics.fmean(fair)
    late = sorted(days for desk in desks for days in desk.late)
    return statistics.pstdev(fair) / mean * 100, max(fair) / mean * 100, late[int(len(late) * 0.95)]


def _present(desks: Sequence[Desk], day: int, world: random.Random) -> list[Desk]:
    for desk in desks:
        if desk.away_until < day and world.random() < AWAY_CHANCE:
            desk.away_until = day + AWAY_DAYS
    present = [desk for desk in desks if desk.away_until < day] or [desks[0]]
    for desk in present:
        desk.days_present += 1
    return present


def _work(desk: Desk, day: int) -> None:
    left = POINTS_PER_DAY * desk.person.weight // 100
    while left and desk.waiting:
        done = min(left, desk.waiting[0][0])
        desk.waiting[0][0] -= done
        left -= done
        if not desk.waiting[0][0]:
            desk.late.append(day - desk.waiting.popleft()[1])
    desk.person = replace(desk.person, open_cases=len(desk.waiting))


PEERS = ((fewest_open, 'fewest open wins', (0.7, 1.0, None)), (by_chance, 'by chance', (0.5, 1.0, 1.0)))
"""What is compared with, and the largest ratio wanted of each figure."""


def suite(run: Run) -> Iterator[Measured]:
    """The three ways beside each other, over the same cases, bursts and absences."""
    rounds = 4 if run.quick else ROUNDS
    found = {
        way: [statistics.fmean(values) for values in zip(*(simulate(way, seed) for seed in range(rounds)), strict=True)]
        for way in (by_turns, fewest_open, by_chance)
    }
    names = ('spread of points by share and day', 'most loaded person, of the mean', 'days until done, 95th percentile')
    for place, (name, unit) in enumerate(zip(names, ('%', '%', 'd'), strict=True)):
        ours = found[by_turns][place]
        for other, words, goals in PEERS:
            peer = found[other][place]
            yield beside(f'assignment: {name}, against {words}', ours, unit, words, peer, goals[place], rounds)
