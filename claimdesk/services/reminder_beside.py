"""What is beside a case and has somebody of its own to be reminded: calls after a payment, complaints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.models import CallBack, Case, Complaint
from claimdesk.rules.clocks import COMPLAINT_RULES
from claimdesk.services.context import OfficeContext
from claimdesk.services.limits_beside import CALL_RULE, answer_due
from claimdesk.vocabulary import CallBackState


@dataclass(frozen=True, slots=True)
class Beside:
    """Something open beside a case: whose it is, which limit it has, since when and until when. `key` names it."""

    key: str
    case_id: int
    owner_id: int | None
    team_id: int | None
    clock: str
    started_at: dt.datetime
    due: dt.datetime


def cases_beside(session: Session) -> set[int]:
    """The cases, closed ones too, with something open beside them."""
    calls = session.scalars(select(CallBack.case_id).where(CallBack.state == CallBackState.OPEN))
    complaints = session.scalars(select(Complaint.case_id).where(Complaint.answered_at.is_(None)))
    return {*calls, *complaints}


def beside(session: Session, office: OfficeContext, case_ids: Sequence[int]) -> list[Beside]:
    """What is open beside these cases."""
    calls = session.execute(
        select(CallBack, Case)
        .join(Case, Case.id == CallBack.case_id)
        .where(CallBack.case_id.in_(case_ids), CallBack.state == CallBackState.OPEN)
    )
    found = [
        Beside(f'call{call.id}', case.id, call.owner_id, case.team_id, CALL_RULE.id, call.paid_at, call.due_at)
        for call, case in calls
    ]
    complaints = session.execute(
        select(Complaint, Case)
        .join(Case, Case.id == Complaint.case_id)
        .where(Complaint.case_id.in_(case_ids), Complaint.answered_at.is_(None))
    )
    found += [
        Beside(
            key=f'complaint{complaint.id}',
            case_id=case.id,
            owner_id=complaint.owner_id,
            team_id=case.team_id,
            clock=COMPLAINT_RULES[complaint.complexity].id,
            started_at=complaint.received_at,
            due=answer_due(case, complaint.received_at, complaint.complexity, office),
        )
        for complaint, case in complaints
    ]
    return found
