"""The people of a made-up office: who holds which role, who is away, and who takes the next step."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from claimdesk.rules.assignment import Candidate, choose
from claimdesk.services.office_generator.dice import AHEAD, Dice
from claimdesk.vocabulary import Line, Role

REMEMBERED = 120
"""How many cases of a person count for the load; older ones are closed."""


@dataclass
class Colleague:
    """One person of the office; `held` are the times in which a case was this person's."""

    id: int
    name: str
    login: str
    phone: str
    team_id: int | None
    roles: tuple[Role, ...]
    capacity: int
    away: tuple[dt.date, dt.date] | None = None
    held: deque[tuple[dt.datetime, dt.datetime]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def present(self, day: dt.date) -> bool:
        """Whether the person is at work on `day`."""
        return self.away is None or not self.away[0] <= day <= self.away[1]

    def load(self, at: dt.datetime) -> int:
        """How many cases were this person's at `at`."""
        return len([since for since, until in self.held if since <= at < until])


class Staff:
    """The people by role. `weighs_load` picks the least loaded, with a reason, as the office itself does."""

    def __init__(self, people: Sequence[Colleague], teams: dict[Line, tuple[int, ...]], weighs_load: bool) -> None:
        self.people = people
        self._weighs_load = weighs_load
        self._by_role: dict[tuple[Role, Line], list[Colleague]] = {}
        holders: defaultdict[Role, list[Colleague]] = defaultdict(list)
        for person in people:
            for role in person.roles:
                holders[role].append(person)
        for role, persons in holders.items():
            for line in Line:
                own = [person for person in persons if person.team_id in teams[line]]
                self._by_role[role, line] = own or persons

    def of(self, role: Role, line: Line, dice: Dice) -> Colleague:
        """Somebody of that role, whoever it is."""
        return dice.among(self._by_role[role, line])

    def next_owner(self, role: Role, line: Line, at: dt.datetime, dice: Dice) -> tuple[Colleague, str]:
        """Who takes a step that begins at `at`, and why."""
        persons = self._by_role[role, line]
        if not self._weighs_load:
            return dice.among(persons), ''
        day = (at + AHEAD).date()
        known = {person.id: person for person in persons}
        choice = choose(
            [Candidate(one.id, one.name, one.load(at), one.capacity, not one.present(day)) for one in persons]
        )
        if choice is None:
            return persons[0], ''
        return known[choice.user_id], choice.why
