"""Skills, areas and shares of the people, as the settings show them, and what makes a case hard."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, WorkProfile
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.assignment import RULE_KEY, Skill, Weights, checked, weights_as_json, weights_from
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import rule_at, set_rule

LEAST_WEIGHT, MOST_WEIGHT = 10, 200
MOST_AREAS = 30
LONGEST_AREA = 20


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What a person may be given; `version` is 0 where nothing was noted yet."""

    person_id: int
    version: int = 0
    skills: frozenset[Skill] = frozenset()
    areas: tuple[str, ...] = ()
    weight: int = 100
    hard_capacity: int | None = None


class WorkProfiles:
    """Noting what each person may be given."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of(self, actor: Actor, person_id: int) -> ProfileView:
        """A person's profile."""
        with self._office.database.read() as session:
            row = session.scalar(select(WorkProfile).where(WorkProfile.account_id == person_id))
            return _view(row) if row is not None else ProfileView(person_id)

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
    ) -> ProfileView:
        """Note a person's skills, areas, share in percent and the most open cases (None: by the office's rule).

        Raises `NotAllowed`, `NotFound`, `InvalidInput` by field, `Conflict`.
        """
        require(actor, Permission.MANAGE_USERS)
        places = list(dict.fromkeys(area.strip() for area in areas if area.strip()))
        _check(places, weight, hard_capacity)
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


def _check(areas: Sequence[str], weight: int, hard_capacity: int | None) -> None:
    wrong: dict[str, str] = {}
    if len(areas) > MOST_AREAS or any(len(area) > LONGEST_AREA for area in areas):
        wrong['areas'] = _("At most {n} areas of {length} characters.").format(n=MOST_AREAS, length=LONGEST_AREA)
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        wrong['weight'] = _("Enter {least} to {most} percent.").format(least=LEAST_WEIGHT, most=MOST_WEIGHT)
    if hard_capacity is not None and hard_capacity < 1:
        wrong['hard_capacity'] = _("Enter at least 1, or leave it empty.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
