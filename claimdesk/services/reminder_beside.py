"""What is beside a case and has somebody of its own to be reminded: calls, complaints, days in court, referrals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from claimdesk.language import N_
from claimdesk.models import CallBack, Case, Complaint, Lawsuit, LawsuitDay, RiskReferral
from claimdesk.rules.clocks import CLOCK_NAMES, COMPLAINT_RULES
from claimdesk.services.context import OfficeContext
from claimdesk.services.limits_beside import CALL_RULE, answer_due
from claimdesk.vocabulary import CallBackState, CourtDay

_COURT = 'court_'
_REFERRAL = 'referral'
CLOCKS_BESIDE: Mapping[str, str] = {
    **CLOCK_NAMES,
    **{_COURT + day: day.label_source for day in CourtDay},
    _REFERRAL: N_("Look into the risk signals"),
}
"""What each limit that somebody is reminded of is called, as an English source string."""


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
    days = session.scalars(_open_days(LawsuitDay.case_id))
    referrals = session.scalars(select(RiskReferral.case_id).where(RiskReferral.outcome.is_(None)))
    return {*calls, *complaints, *days, *referrals}


def beside(session: Session, office: OfficeContext, case_ids: Sequence[int]) -> list[Beside]:
    """What is open beside these cases."""
    return [
        *_calls(session, case_ids),
        *_complaints(session, office, case_ids),
        *_court_days(session, case_ids),
        *_referrals(session, case_ids),
    ]


def _calls(session: Session, case_ids: Sequence[int]) -> list[Beside]:
    calls = session.execute(
        select(CallBack, Case)
        .join(Case, Case.id == CallBack.case_id)
        .where(CallBack.case_id.in_(case_ids), CallBack.state == CallBackState.OPEN)
    )
    return [
        Beside(f'call{call.id}', case.id, call.owner_id, case.team_id, CALL_RULE.id, call.paid_at, call.due_at)
        for call, case in calls
    ]


def _complaints(session: Session, office: OfficeContext, case_ids: Sequence[int]) -> list[Beside]:
    complaints = session.execute(
        select(Complaint, Case)
        .join(Case, Case.id == Complaint.case_id)
        .where(Complaint.case_id.in_(case_ids), Complaint.answered_at.is_(None))
    )
    return [
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


def _court_days(session: Session, case_ids: Sequence[int]) -> list[Beside]:
    days = session.execute(
        _open_days(LawsuitDay, Lawsuit, Case.team_id)
        .join(Case, Case.id == LawsuitDay.case_id)
        .where(LawsuitDay.case_id.in_(case_ids))
    )
    return [
        Beside(
            f'court{day.id}', day.case_id, lawsuit.owner_id, team_id, _COURT + day.kind, lawsuit.opened_at, day.due_at
        )
        for day, lawsuit, team_id in days
    ]


def _open_days(*what: Any) -> Select[Any]:
    """The days of open lawsuits on which something is still to be done."""
    return (
        select(*what)
        .join(Lawsuit, Lawsuit.id == LawsuitDay.lawsuit_id)
        .where(LawsuitDay.done_at.is_(None), Lawsuit.closed_at.is_(None))
    )


def _referrals(session: Session, case_ids: Sequence[int]) -> list[Beside]:
    rows = session.execute(
        select(RiskReferral, Case.team_id)
        .join(Case, Case.id == RiskReferral.case_id)
        .where(RiskReferral.case_id.in_(case_ids), RiskReferral.outcome.is_(None))
    )
    return [
        Beside(f'referral{row.id}', row.case_id, row.owner_id, team_id, _REFERRAL, row.raised_at, row.due_at)
        for row, team_id in rows
    ]
