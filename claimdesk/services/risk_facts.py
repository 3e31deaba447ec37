"""What the risk rules must know of a case: each fact one look-up by index, however many cases the office has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from claimdesk.models import (
    Account,
    Case,
    CaseMedical,
    CaseMotor,
    Document,
    DocumentPage,
    Invoice,
    PayeeAccount,
    Payment,
    Policy,
    SurveyReport,
)
from claimdesk.models.rows import get
from claimdesk.rules.risk_kinds import RiskFacts
from claimdesk.services.context import SHANGHAI
from claimdesk.services.identity import Numbered, same_paper
from claimdesk.vocabulary import Line, Outcome, PaymentState

HALF_A_YEAR, A_YEAR = dt.timedelta(days=183), dt.timedelta(days=365)
COMPARED_DIAGNOSES, COMPARED_GARAGE = 50, 20
MOST_NAMED = 5
"""So many other cases are named in a reason; one is enough to look."""
_LIVE = (PaymentState.PREPARED, PaymentState.PAID)


def facts_of(session: Session, case: Case) -> RiskFacts:
    """The facts of `case` as they are now."""
    policy = get(session, Policy, case.policy_id)
    report = session.execute(
        select(SurveyReport.surveyor_id, SurveyReport.suspicious, Account.name)
        .outerjoin(Account, Account.id == SurveyReport.surveyor_id)
        .where(SurveyReport.case_id == case.id)
    ).first()
    surveyor_id, suspects, surveyor = report or (None, False, '')
    motor = session.get(CaseMotor, case.id) if case.line is Line.MOTOR else None
    medical = session.get(CaseMedical, case.id) if case.line is Line.MEDICAL else None
    amount = case.payable if case.payable is not None else case.estimate
    return RiskFacts(
        case_number=case.number,
        line=case.line,
        insured=case.insured_name,
        loss_at=case.loss_at,
        reported_at=case.reported_at,
        policy_starts_at=policy.starts_at,
        cause=case.cause,
        amount=amount,
        first_estimate=case.first_estimate,
        estimate=case.estimate,
        plate=case.plate,
        car_losses=_car_losses(session, case),
        same_day_cases=_same_day(session, case),
        driver=motor.driver_name if motor else '',
        driver_cars=_driver_cars(session, case, motor),
        reused_invoices=_reused(session, case),
        buyers=tuple(
            session.scalars(
                select(Invoice.buyer_name).where(Invoice.case_id == case.id, Invoice.buyer_name != '').distinct()
            )
        ),
        patient=medical.patient_name if medical else '',
        overlapping_stays=_stays(session, case, policy, medical),
        diagnosis=medical.diagnosis if medical else '',
        paid_for_diagnosis=_paid_for(session, case, medical),
        garage=motor.garage if motor else '',
        surveyor_id=surveyor_id,
        surveyor=surveyor or '',
        garage_surveyors=_garage_surveyors(session, case, motor),
        surveyor_suspects=bool(suspects),
        shared_pictures=_shared_files(session, case),
        **_payees(session, case),
    )


def _car_losses(session: Session, case: Case) -> int:
    if not case.plate:
        return 0
    # Asked for by the plate alone: with the days in the question a database may walk through all cases of half a year.
    rows = session.execute(
        select(Case.accident_id, Case.loss_at, Case.outcome).where(Case.plate == case.plate)
    )
    # A compulsory and a commercial case of one accident are one loss.
    return len(
        {
            accident_id
            for accident_id, loss_at, outcome in rows
            if case.loss_at - HALF_A_YEAR < loss_at <= case.loss_at and outcome is not Outcome.CANCELLED_REPORT
        }
    )


def _same_day(session: Session, case: Case) -> tuple[str, ...]:
    day = case.loss_at.astimezone(SHANGHAI).date()
    rows = session.execute(
        select(Case.number, Case.loss_at, Case.outcome)
        .where(Case.policy_id == case.policy_id, Case.id != case.id)
        .order_by(Case.id)
    )
    return tuple(
        number
        for number, loss_at, outcome in rows
        if loss_at.astimezone(SHANGHAI).date() == day and outcome is not Outcome.CANCELLED_REPORT
    )[:MOST_NAMED]


def _driver_cars(session: Session, case: Case, motor: CaseMotor | None) -> int:
    # By the licence alone: a name is shared by many, and nobody is to be suspected for a common name.
    if motor is None or not motor.driver_licence:
        return 0
    rows = session.execute(
        select(Case.plate, Case.loss_at)
        .join(CaseMotor, CaseMotor.case_id == Case.id)
        .where(CaseMotor.driver_licence == motor.driver_licence)
    )
    return len({plate for plate, loss_at in rows if plate and case.loss_at - A_YEAR < loss_at <= case.loss_at})


def _reused(session: Session, case: Case) -> tuple[tuple[str, str], ...]:
    columns = (Invoice.code, Invoice.number, Invoice.seller_name, Invoice.issue_date, Invoice.total)
    own = {
        row.number: Numbered(*row)
        for row in session.execute(select(*columns).where(Invoice.case_id == case.id, Invoice.number != ''))
    }
    others = session.execute(
        select(*columns, Case.number.label('case'))
        .join(Case, Case.id == Invoice.case_id)
        .where(Invoice.number.in_(list(own)), Invoice.case_id != case.id)
        .order_by(Invoice.id)
    ).all() if own else []  # fmt: skip
    met = ((row.number, row.case) for row in others if same_paper(own[row.number], Numbered(*row[:-1])))
    return tuple(islice(met, MOST_NAMED))


def _stays(session: Session, case: Case, policy: Policy, medical: CaseMedical | None) -> tuple[str, ...]:
    if medical is None or medical.admitted_on is None or medical.discharged_on is None:
        return ()
    return tuple(
        session.scalars(
            select(Case.number)
            .join(Policy, Policy.id == Case.policy_id)
            .join(CaseMedical, CaseMedical.case_id == Case.id)
            .where(
                Policy.insured_id == policy.insured_id,
                Case.id != case.id,
                CaseMedical.patient_name == medical.patient_name,
                # One stay may end on the day on which the next begins.
                CaseMedical.admitted_on < medical.discharged_on,
                CaseMedical.discharged_on > medical.admitted_on,
                or_(CaseMedical.admitted_on != medical.admitted_on, CaseMedical.hospital != medical.hospital),
            )
            .order_by(Case.id)
            .limit(MOST_NAMED)
        )
    )


def _paid_for(session: Session, case: Case, medical: CaseMedical | None) -> tuple[Decimal, ...]:
    if medical is None or not medical.diagnosis:
        return ()
    latest = (
        select(CaseMedical.case_id)
        .where(CaseMedical.diagnosis == medical.diagnosis, CaseMedical.case_id < case.id)
        .order_by(CaseMedical.case_id.desc())
        .limit(COMPARED_DIAGNOSES)
    )
    rows = session.scalars(select(Case.paid_amount).where(Case.id.in_(latest), Case.outcome == Outcome.PAID))
    return tuple(amount for amount in rows if amount > 0)


def _garage_surveyors(session: Session, case: Case, motor: CaseMotor | None) -> tuple[int, ...]:
    if motor is None or not motor.garage:
        return ()
    latest = (
        select(CaseMotor.case_id)
        .where(CaseMotor.garage == motor.garage, CaseMotor.case_id <= case.id)
        .order_by(CaseMotor.case_id.desc())
        .limit(COMPARED_GARAGE)
    )
    rows = session.scalars(select(SurveyReport.surveyor_id).where(SurveyReport.case_id.in_(latest)))
    return tuple(surveyor for surveyor in rows if surveyor is not None)


def _payees(session: Session, case: Case) -> dict[str, tuple[str, ...]]:
    paid = session.execute(
        select(Payment.payee_name, Payment.account_number).where(
            Payment.case_id == case.id, Payment.state.in_(_LIVE)
        )
    ).all()
    entered = session.execute(
        select(PayeeAccount.name, PayeeAccount.account_number).where(PayeeAccount.case_id == case.id)
    ).all()
    both = [*paid, *entered]
    numbers = {number for _name, number in both}
    return {
        'payees': tuple(dict.fromkeys(name for name, _number in both)),
        'account_users': tuple(_others(session, case, numbers)) if numbers else (),
    }


def _others(session: Session, case: Case, numbers: Iterable[str]) -> list[str]:
    """The other insured of whose cases one of these accounts was paid."""
    return list(
        session.scalars(
            select(Case.insured_name)
            .join(Payment, Payment.case_id == Case.id)
            .where(
                Payment.account_number.in_(list(numbers)),
                Payment.state.in_(_LIVE),
                Case.insured_name != case.insured_name,
            )
            .distinct()
            .limit(MOST_NAMED)
        )
    )


def _shared_files(session: Session, case: Case) -> tuple[str, ...]:
    mine = (
        select(DocumentPage.sha256)
        .join(Document, Document.id == DocumentPage.document_id)
        .where(Document.case_id == case.id, Document.removed_at.is_(None))
        .distinct()
    )
    return tuple(
        session.scalars(
            select(Case.number)
            .join(Document, Document.case_id == Case.id)
            .join(DocumentPage, DocumentPage.document_id == Document.id)
            .where(
                DocumentPage.sha256.in_(mine),
                Document.removed_at.is_(None),
                Case.id != case.id,
                # The two cases of one accident share its papers.
                Case.accident_id != case.accident_id,
            )
            .distinct()
            .limit(MOST_NAMED)
        )
    )
