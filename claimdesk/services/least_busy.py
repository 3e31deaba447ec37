"""Who takes work beside the stages of a case: present, of a role, with the least of that work open."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from claimdesk.models import Absence, Account, AccountRole
from claimdesk.services.context import OfficeContext
from claimdesk.vocabulary import Role


def least_busy(
    session: Session,
    office: OfficeContext,
    office_id: int,
    roles: Iterable[Role],
    owner: InstrumentedAttribute[int | None],
    is_open: ColumnElement[bool],
    but: int | None = None,
) -> int | None:
    """Somebody of the first of `roles` that has anybody present, with the fewest open rows of `owner`'s table.

    `but` is who may not take it; None where nobody is there.
    """
    today = office.today()
    away = select(Absence.account_id).where(Absence.starts_on <= today, Absence.ends_on >= today)
    waiting = select(owner.label('owner'), func.count().label('count')).where(is_open).group_by(owner).subquery()
    for role in roles:
        chosen = session.scalar(
            select(Account.id)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .outerjoin(waiting, waiting.c.owner == Account.id)
            .where(
                AccountRole.role == role,
                Account.active,
                Account.office_id == office_id,
                Account.id.not_in(away),
                Account.id != (but or 0),
            )
            .order_by(func.coalesce(waiting.c.count, 0), Account.id)
            .limit(1)
        )
        if chosen is not None:
            return chosen
    return None
