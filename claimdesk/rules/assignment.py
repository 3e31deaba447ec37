"""Who takes the next case: somebody present, with room, and with the lightest load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimdesk.language import _


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take the case. `capacity` is how many open cases are a full load."""

    user_id: int
    name: str
    open_cases: int
    capacity: int = 60
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """Who takes it, and why, in words."""

    user_id: int
    why: str


def choose(candidates: Sequence[Candidate]) -> Choice | None:
    """The present candidate with the smallest share of a full load, on a tie the lower id. None if all are away."""
    present = [candidate for candidate in candidates if not candidate.absent]
    if not present:
        return None
    best = min(present, key=lambda one: (one.open_cases / max(1, one.capacity), one.user_id))
    why = _("{name} has {count} open cases of {capacity}, the lightest load of {present} present.").format(
        name=best.name, count=best.open_cases, capacity=best.capacity, present=len(present)
    )
    return Choice(best.user_id, why)
