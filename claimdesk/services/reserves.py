"""The reserve of a case: what the office expects to pay, with its history; the first estimate is frozen."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy.orm import Session

from claimdesk.amounts import yuan
from claimdesk.errors import InvalidInput
from claimdesk.language import _
from claimdesk.models import Case, ReserveChange
from claimdesk.services.context import Actor


def add_reserve(session: Session, case: Case, amount: Decimal, reason: str, actor: Actor, now: dt.datetime) -> None:
    """Set the reserve of `case` and keep the history; the first estimate stays as it was. Raises `InvalidInput`."""
    amount = yuan(amount)
    if amount < 0:
        raise InvalidInput(_("A reserve is not negative."), '', {'estimate': _("Enter an amount of 0 or more.")})
    first = case.first_estimate is None
    if not first and not reason.strip():
        raise InvalidInput(
            _("A changed reserve needs a reason."), '', {'reason': _("Say why the estimate changes.")}
        )
    session.add(
        ReserveChange(
            case_id=case.id,
            amount=amount,
            previous=case.estimate,
            first=first,
            reason=reason.strip(),
            made_by=actor.id,
            made_at=now,
        )
    )
    case.estimate = amount
    if first:
        case.first_estimate = amount
