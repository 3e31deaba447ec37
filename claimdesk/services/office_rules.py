"""The office's own rules, each from a day on, so that last year's case is computed with last year's rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.language import N_
from claimdesk.models import OfficeSetting
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """One wording of a rule, in force from `valid_from` on (a local day). `value` is plain JSON."""

    id: int
    version: int
    valid_from: dt.date
    value: Any


def rule_at(session: Session, office_id: int, key: str, day: dt.date, default: Any) -> Any:
    """What the rule `key` says on `day`, as plain JSON; `default` (what the program brings) where the office is silent.

    Cases are computed with the rule of the day that the rule's service names, usually the day of the report.
    """
    found = session.scalars(
        select(OfficeSetting.value)
        .where(OfficeSetting.office_id == office_id, OfficeSetting.key == key, OfficeSetting.valid_from <= day)
        .order_by(OfficeSetting.valid_from.desc())
        .limit(1)
    ).all()
    return found[0] if found else default


class OfficeRules:
    """Reading and changing the office's rules. What a value means is checked by the service that owns the key."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def value(self, actor: Actor, key: str, day: dt.date, default: Any = None) -> Any:
        """What the rule says on `day`; see `rule_at`."""
        with self._office.database.read() as session:
            return rule_at(session, actor.office_id, key, day, default)

    def versions(self, actor: Actor, key: str) -> list[RuleVersion]:
        """Every wording that the office entered, the newest day first."""
        with self._office.database.read() as session:
            rows = session.scalars(
                select(OfficeSetting)
                .where(OfficeSetting.office_id == actor.office_id, OfficeSetting.key == key)
                .order_by(OfficeSetting.valid_from.desc())
            )
            return [RuleVersion(row.id, row.version, row.valid_from, row.value) for row in rows]

    def set(self, actor: Actor, key: str, valid_from: dt.date, value: Any, version: int | None = None) -> None:
        """Let the rule say `value` from `valid_from` on; a wording of that same day is replaced.

        `version` is that of the wording on the screen, None where none was shown. Raises `NotAllowed`, `Conflict`.
        """
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.write(actor, N_("changed a rule of the office")) as session:
            set_rule(session, actor.office_id, key, valid_from, value, version)
        self._office.forget_rules()

    def forget(self, actor: Actor, rule_id: int, version: int) -> None:
        """Take a wording back; the one before it holds again. Raises `NotAllowed`, `NotFound`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.write(actor, N_("took back a rule of the office")) as session:
            session.delete(get_for_edit(session, OfficeSetting, rule_id, version))
        self._office.forget_rules()


def set_rule(
    session: Session, office_id: int, key: str, valid_from: dt.date, value: Any, version: int | None = None
) -> None:
    """The same within a transaction that is open already. Raises `Conflict` where `version` is old."""
    row = session.scalar(
        select(OfficeSetting).where(
            OfficeSetting.office_id == office_id, OfficeSetting.key == key, OfficeSetting.valid_from == valid_from
        )
    )
    if row is None:
        session.add(OfficeSetting(office_id=office_id, key=key, valid_from=valid_from, value=value))
        return
    get_for_edit(session, OfficeSetting, row.id, row.version if version is None else version, value=value).value = value
