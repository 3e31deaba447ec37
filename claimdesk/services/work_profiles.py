"""Skills, areas and shares of the people, as the settings show them, and what makes a case hard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from claimdesk.amounts import money_text
from claimdesk.errors import Conflict, InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Absence, Account, Team, WorkProfile
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.assignment import (
    RULE_KEY,
    THOUSANDTHS,
    Job,
    Skill,
    Weights,
    checked,
    choose,
    difficulty,
    refusal,
    weights_as_json,
    weights_from,
)
from claimdesk.rules.authority import LEVELS_KEY, Level, levels_from, standing
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.assigning import candidates_for, needed, open_counts
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.vocabulary import Line, Role, Stage, label

LEAST_WEIGHT, MOST_WEIGHT = 10, 200
MOST_AREAS = 30
LONGEST_AREA = 20
GIVEN = frozenset(STAGE_ROLE.values())
"""The roles that cases are given to."""


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What a person may be given; `version` is 0 where nothing was noted yet."""

    person_id: int
    version: int = 0
    skills: frozenset[Skill] = frozenset()
    areas: tuple[str, ...] = ()
    weight: int = 100
    hard_capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody's share of the work: the profile, the account's full load, and what stands already.

    `limits` says in words up to which amount they decide, by line; '' where they approve nothing.
    """

    profile: ProfileView
    name: str
    roles: tuple[Role, ...]
    team: str
    account_version: int
    capacity: int
    open_cases: int
    limits: str
    away: bool


@dataclass(frozen=True, slots=True)
class Imagined:
    """A case that might come, to see who would get it; `parties` counts people beside the insured."""

    stage: Stage = Stage.SURVEY
    line: Line = Line.MOTOR
    amount: Decimal | None = None
    injury: bool = False
    litigation: bool = False
    parties: int = 0
    place: str = ''


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would get a case: `chosen` is '' where nobody can. `others` are the rest, each with a reason in words."""

    points: int
    parts: str
    chosen: str
    why: str
    others: tuple[tuple[str, str], ...]


class WorkProfiles:
    """Noting what each person may be given."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of(self, actor: Actor, person_id: int) -> ProfileView:
        """A person's profile."""
        with self._office.database.read() as session:
            row = session.scalar(select(WorkProfile).where(WorkProfile.account_id == person_id))
            return _view(row) if row is not None else ProfileView(person_id)

    def shares(self, actor: Actor) -> list[Share]:
        """Everybody of the office who may be given cases, by name."""
        today = self._office.today()
        with self._office.database.read() as session:
            people = session.scalars(
                select(Account).where(Account.office_id == actor.office_id, Account.active).order_by(Account.name)
            ).all()
            ids = [person.id for person in people]
            noted = session.scalars(select(WorkProfile).where(WorkProfile.account_id.in_(ids)))
            profiles = {row.account_id: _view(row) for row in noted}
            teams = dict(session.execute(select(Team.id, Team.name)).all())
            counts = open_counts(session, ids)
            away = set(
                session.scalars(
                    select(Absence.account_id).where(Absence.starts_on <= today, Absence.ends_on >= today)
                )
            )
            levels = levels_from(rule_at(session, actor.office_id, LEVELS_KEY, today, None))
            return [
                Share(
                    profile=profiles.get(person.id, ProfileView(person.id)),
                    name=person.name,
                    roles=tuple(one.role for one in person.roles),
                    team=teams.get(person.team_id, '') if person.team_id is not None else '',
                    account_version=person.version,
                    capacity=person.capacity,
                    open_cases=counts.get(person.id, 0),
                    limits=_limits(levels, person),
                    away=person.id in away,
                )
                for person in people
                if any(one.role in GIVEN for one in person.roles)
            ]

    def preview(self, actor: Actor, case: Imagined, weights: Weights) -> Preview:
        """Who would get `case` now if cases weighed so, and why nobody else would. Raises `InvalidInput` by field."""
        weights = checked(weights)
        points, parts = difficulty(
            case.line, injury=case.injury, amount=case.amount, parties=case.parties, litigation=case.litigation,
            weights=weights,
        )  # fmt: skip
        needs = needed(case.line, case.injury, litigation=case.litigation)
        job = Job(points=points, why_hard=parts, needs=needs, place=case.place)
        asked = case.amount if case.stage is Stage.APPROVAL else None
        with self._office.database.read() as session:
            people = candidates_for(
                session, self._office, actor.office_id, STAGE_ROLE[case.stage], line=case.line, asked=asked
            )
        choice = choose(people, job, weights)
        owed = choice.credits if choice is not None else {}
        chosen = next((one.name for one in people if choice is not None and one.user_id == choice.user_id), '')
        others = []
        for one in people:
            if choice is not None and one.user_id == choice.user_id:
                continue
            why = refusal(one, job, weights)
            if not why and one.user_id in owed:
                why = _("could take it, is owed {points} points").format(
                    points=f'{owed[one.user_id] / THOUSANDTHS:.1f}'
                )
            others.append((one.name, why or _("could take it, but others are nearer or have more room")))
        return Preview(points, parts, chosen, choice.why if choice is not None else '', tuple(others))

    def save(
        self,
        actor: Actor,
        person_id: int,
        version: int,
        *,
        skills: Sequence[Skill],
        areas: Sequence[str],
        weight: int,
        hard_capacity: int | None,
        capacity: tuple[int, int] | None = None,
    ) -> ProfileView:
        """Note a person's skills, areas, share in percent and the most open cases (None: by the office's rule).

        `capacity` is how many open cases are a full load, with the version of the account that it was drawn from.
        Raises `NotAllowed`, `NotFound`, `InvalidInput` by field, `Conflict`.
        """
        require(actor, Permission.MANAGE_USERS)
        places = list(dict.fromkeys(area.strip() for area in areas if area.strip()))
        _check(places, weight, hard_capacity, None if capacity is None else capacity[0])
        with self._office.write(actor, N_("changed what a person is given")) as session:
            get(session, Account, person_id)
            row = session.scalar(select(WorkProfile).where(WorkProfile.account_id == person_id))
            if row is None:
                row = WorkProfile(account_id=person_id)
                session.add(row)
            elif version == 0:
                raise Conflict(
                    _("Somebody else has changed this since you opened it."), _("Open it again and compare.")
                )
            else:
                row = get_for_edit(session, WorkProfile, row.id, version)
            row.skills = sorted(skill.value for skill in skills)
            row.areas, row.weight, row.hard_capacity = places, weight, hard_capacity
            if capacity is not None:
                account = get_for_edit(session, Account, person_id, capacity[1])
                if account.capacity != capacity[0]:
                    account.capacity = capacity[0]
            session.flush()
            return _view(row)

    def weights(self, actor: Actor, day: dt.date | None = None) -> Weights:
        """What makes a case hard, by the office's rule of `day` (today)."""
        with self._office.database.read() as session:
            return weights_from(rule_at(session, actor.office_id, RULE_KEY, day or self._office.today(), None))

    def set_weights(self, actor: Actor, valid_from: dt.date, weights: Weights, version: int | None = None) -> None:
        """Let cases weigh so from `valid_from` on. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        plain = weights_as_json(checked(weights))
        with self._office.write(actor, N_("changed a rule of the office")) as session:
            set_rule(session, actor.office_id, RULE_KEY, valid_from, plain, version)


def _view(row: WorkProfile) -> ProfileView:
    return ProfileView(
        row.account_id, row.version, frozenset(map(Skill, row.skills)), tuple(row.areas), row.weight, row.hard_capacity
    )


def _limits(levels: Sequence[Level], person: Account) -> str:
    roles = {one.role for one in person.roles}
    stands = ((line, standing(levels, roles, person.login, line)) for line in Line)
    told = [f'{label(line)} {money_text(one.limit)}' for line, one in stands if one.limit is not None]
    return _(", ").join(told)


def _check(areas: Sequence[str], weight: int, hard_capacity: int | None, capacity: int | None) -> None:
    wrong: dict[str, str] = {}
    if len(areas) > MOST_AREAS or any(len(area) > LONGEST_AREA for area in areas):
        wrong['areas'] = _("At most {n} areas of {length} characters.").format(n=MOST_AREAS, length=LONGEST_AREA)
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        wrong['weight'] = _("Enter {least} to {most} percent.").format(least=LEAST_WEIGHT, most=MOST_WEIGHT)
    if capacity is not None and hard_capacity is not None and hard_capacity < capacity:
        wrong['hard_capacity'] = _("The most cannot be less than a full load.")
    if hard_capacity is not None and hard_capacity < 1:
        wrong['hard_capacity'] = _("Enter at least 1, or leave it empty.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
