"""The office's dated rules about money going out: levels of authority, reasons for a return, the bank's file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import select

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import OfficeSetting
from claimdesk.rules.authority import (
    LEVELS_KEY,
    RETURNS_KEY,
    Level,
    ReturnReason,
    level_problems,
    levels_from,
    levels_plain,
    return_problems,
    returns_from,
    returns_plain,
)
from claimdesk.rules.bank_file import (
    TEMPLATE_KEY,
    Template,
    template_from,
    template_plain,
    template_problems,
)
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import set_rule

T = TypeVar('T')


@dataclass(frozen=True, slots=True)
class InForce(Generic[T]):
    """A rule as it holds today: since when (None: what the program brings), and `version` of that very wording."""

    value: T
    since: dt.date | None
    version: int | None


class MoneyRules:
    """Reading and changing them; what makes no sense is refused here, whoever asks."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def levels(self, actor: Actor) -> InForce[tuple[Level, ...]]:
        """Who may approve up to how much, today."""
        return self._today(actor, LEVELS_KEY, levels_from)

    def set_levels(self, actor: Actor, levels: Sequence[Level], valid_from: dt.date, version: int | None) -> None:
        """Let these levels hold from a day on. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        self._set(actor, LEVELS_KEY, level_problems(levels), levels_plain(levels), valid_from, version)

    def returns(self, actor: Actor) -> InForce[tuple[ReturnReason, ...]]:
        """Why a calculation may be returned, today."""
        return self._today(actor, RETURNS_KEY, returns_from)

    def set_returns(
        self, actor: Actor, reasons: Sequence[ReturnReason], valid_from: dt.date, version: int | None
    ) -> None:
        """Let these reasons hold from a day on. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        self._set(actor, RETURNS_KEY, return_problems(reasons), returns_plain(reasons), valid_from, version)

    def template(self, actor: Actor) -> InForce[Template]:
        """The bank's columns and words, today."""
        return self._today(actor, TEMPLATE_KEY, template_from)

    def set_template(self, actor: Actor, template: Template, valid_from: dt.date, version: int | None) -> None:
        """Let this template hold from a day on. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        self._set(
            actor, TEMPLATE_KEY, template_problems(template), template_plain(template), valid_from, version
        )

    def _today(self, actor: Actor, key: str, read: Callable[[Any], T]) -> InForce[T]:
        with self._office.database.read() as session:
            row = session.scalar(
                select(OfficeSetting)
                .where(
                    OfficeSetting.office_id == actor.office_id,
                    OfficeSetting.key == key,
                    OfficeSetting.valid_from <= self._office.today(),
                )
                .order_by(OfficeSetting.valid_from.desc())
                .limit(1)
            )
            if row is None:
                return InForce(read(None), None, None)
            same_day = row.valid_from == self._office.today()
            return InForce(read(row.value), row.valid_from, row.version if same_day else None)

    def _set(
        self, actor: Actor, key: str, wrong: dict[str, str], value: Any, valid_from: dt.date, version: int | None
    ) -> None:
        require(actor, Permission.MANAGE_OFFICE)
        if valid_from < self._office.today():
            wrong = {**wrong, 'valid_from': _("What was decided already is not changed: today or later.")}
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), ' '.join(dict.fromkeys(wrong.values())), wrong)
        with self._office.write(actor, N_("changed a rule of the office")) as session:
            set_rule(session, actor.office_id, key, valid_from, value, version)
