"""Changing the rules by which clocks run: office hours, targets, reminders, each from a day on and checked first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from claimdesk.language import N_
from claimdesk.rules.clocks.targets import TARGETS_KEY, targets_from
from claimdesk.rules.office_hours import HOURS_KEY, hours_from
from claimdesk.rules.permissions import Permission
from claimdesk.rules.reminding import REMINDERS_KEY, reminders_from
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import set_rule

_CHECKS: Mapping[str, Callable[[Any], object]] = {
    HOURS_KEY: hours_from,
    TARGETS_KEY: targets_from,
    REMINDERS_KEY: reminders_from,
}


class ClockSettings:
    """The rules that clocks run by. Due times follow once `Reminders.recount` has counted them anew."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def save(self, actor: Actor, key: str, value: Any, day: dt.date, version: int | None = None) -> None:
        """Let a rule say `value` from `day` on. Raises `NotAllowed`, `InvalidInput` by field, and `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        _CHECKS[key](value)
        with self._office.write(actor, N_("changed a rule of the office")) as session:
            set_rule(session, actor.office_id, key, day, value, version)
        self._office.forget_rules()
