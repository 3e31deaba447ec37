"""Moving open cases from those who have too much to those who have room: a plan, before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimdesk.rules.assignment import Candidate, Job, Weights, refusal


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that could be handed on. `slack` is how long its time limit still is, in hours; below zero: overdue."""

    case_id: int
    owner_id: int
    slack: float
    job: Job


@dataclass(frozen=True, slots=True)
class Handing:
    """One case from one person to another; `to_id` is None where nobody can take it, `problem` then says why."""

    case_id: int
    from_id: int
    to_id: int | None
    problem: str = ''


def balance(people: Sequence[Candidate], cases: Sequence[OpenCase], weights: Weights) -> list[Handing]:
    """The fewest hand-overs after which nobody present has a whole case more of their load than another could take.

    The cases with the most time left go first, so that urgent work stays with whoever knows it.
    """
    load = {one.user_id: one for one in people}
    waiting = {
        one.user_id: sorted(
            (case for case in cases if case.owner_id == one.user_id), key=lambda case: (-case.slack, case.case_id)
        )
        for one in people
    }
    plan: list[Handing] = []
    for _round in range(len(cases)):
        step = _next_step(load, waiting, weights)
        if step is None:
            break
        giver, taker, case = step
        waiting[giver.user_id].remove(case)
        load[giver.user_id] = replace(giver, open_cases=giver.open_cases - 1)
        load[taker.user_id] = replace(taker, open_cases=taker.open_cases + 1)
        plan.append(Handing(case.case_id, giver.user_id, taker.user_id))
    return plan


def _next_step(
    load: dict[int, Candidate], waiting: dict[int, list[OpenCase]], weights: Weights
) -> tuple[Candidate, Candidate, OpenCase] | None:
    by_load = sorted(load.values(), key=lambda one: (one.load, one.user_id))
    for giver in reversed(by_load):
        for taker in by_load:
            after = (taker.open_cases + 1) / max(1, taker.capacity)
            if after >= giver.load:
                break
            for case in waiting[giver.user_id]:
                if not refusal(taker, case.job, weights):
                    return giver, taker, case
    return None


def hand_over(
    people: Sequence[Candidate], cases: Sequence[OpenCase], weights: Weights, to_id: int | None = None
) -> list[Handing]:
    """Where all of `cases` go: to `to_id` where that person can take them, else to whoever has the lightest load."""
    load = {one.user_id: one for one in people}
    plan: list[Handing] = []
    for case in sorted(cases, key=lambda case: (case.slack, case.case_id)):
        able = [
            one for one in load.values() if one.user_id != case.owner_id and not refusal(one, case.job, weights)
        ]
        if not able:
            others = [one for one in load.values() if one.user_id != case.owner_id]
            why = refusal(others[0], case.job, weights) if len(others) == 1 else ''
            plan.append(Handing(case.case_id, case.owner_id, None, why))
            continue
        taker = min(able, key=lambda one: (one.user_id != to_id, one.load, one.user_id))
        load[taker.user_id] = replace(taker, open_cases=taker.open_cases + 1)
        plan.append(Handing(case.case_id, case.owner_id, taker.user_id))
    return plan
