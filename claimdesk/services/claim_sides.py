"""The case as papers are compared with it: who and which vehicles it names, when it happened, what was found."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.identifiers import normalise_plate, plate_ok, plates_in
from claimdesk.models import (
    Case,
    CaseMedical,
    CaseMotor,
    CaseParty,
    LossItem,
    PartyRecord,
    PayeeAccount,
    Policy,
    SurveyReport,
)
from claimdesk.models.rows import get
from claimdesk.rules.paper_checks import Claim, Office
from claimdesk.rules.paper_rules import CHECKS_KEY, HOSPITALS_KEY, checks_from, hospitals_from
from claimdesk.services.context import SHANGHAI
from claimdesk.services.office_rules import rule_at
from claimdesk.vocabulary import Line, LossKind, Party

REPAIR = frozenset({LossKind.PARTS, LossKind.LABOUR, LossKind.MATERIALS})
_SEPARATORS = re.compile(r'[、,，;；/\s和及]+')


def claim_of(session: Session, case: Case) -> Claim:
    """The case as its papers are compared with it."""
    policy = get(session, Policy, case.policy_id)
    motor = session.get(CaseMotor, case.id) if case.line is Line.MOTOR else None
    medical = session.get(CaseMedical, case.id) if case.line is Line.MEDICAL else None
    answers = session.scalar(select(SurveyReport.answers).where(SurveyReport.case_id == case.id)) or {}
    lines = session.scalars(select(LossItem).where(LossItem.case_id == case.id).order_by(LossItem.position)).all()
    parties = session.execute(
        select(CaseParty.role, PartyRecord.name, PartyRecord.id_number, PartyRecord.born_on)
        .join(PartyRecord, PartyRecord.id == CaseParty.party_id)
        .where(CaseParty.case_id == case.id)
        .order_by(CaseParty.id)
    ).all()
    driver = motor.driver_name if motor else ''
    patient = medical.patient_name if medical else ''
    injured = [
        patient,
        *(name for role, name, *_card in parties if role is Party.VICTIM),
        *(line.whose for line in lines if line.kind is LossKind.MEDICAL and not plate_ok(line.whose)),
    ]
    payees = session.scalars(select(PayeeAccount.name).where(PayeeAccount.case_id == case.id))
    holders = [(one.name, one.id_number, one.born_on) for one in (policy.insured, policy.holder)]
    known = [*holders, *((name, number, born) for _role, name, number, born in parties)]
    return Claim(
        line=case.line,
        insured=case.insured_name,
        loss_on=_day(case.loss_at),
        policy_from=_day(policy.starts_at),
        policy_until=_day(policy.ends_at - dt.timedelta(microseconds=1)) + dt.timedelta(days=1),
        holder=policy.holder.name,
        people=_each([case.insured_name, *(name for name, *_card in known), driver, *injured, case.reporter_name,
                      *payees]),
        injured=_each(injured),
        driver=driver,
        driver_licence=motor.driver_licence if motor else '',
        id_numbers={name: number for name, number, _born in known if number},
        born={name: born for name, _number, born in known if born is not None},
        plates=_plates(case, policy, motor, answers, lines),
        vin=policy.vin,
        engine_number=motor.engine_number if motor else '',
        hospital=medical.hospital if medical else '',
        admitted_on=medical.admitted_on if medical else None,
        discharged_on=medical.discharged_on if medical else None,
        injury=' '.join(filter(None, (medical.diagnosis if medical else '', answers.get('injuries', '')))),
        impact=answers.get('impact', ''),
        damaged_parts=_damaged(answers, lines),
        old_damage=answers.get('old_damage', ''),
        estimate=case.estimate,
        assessed_repair=_assessed(lines, REPAIR),
        assessed_medical=_assessed(lines, frozenset({LossKind.MEDICAL})),
    )  # fmt: skip


def office_of(session: Session, case: Case) -> Office:
    """What the office had decided about checks on the day of the report."""
    day = _day(case.reported_at)
    return Office(
        checks_from(rule_at(session, case.office_id, CHECKS_KEY, day, None)),
        hospitals_from(rule_at(session, case.office_id, HOSPITALS_KEY, day, None)),
    )


def vehicles_of(session: Session, case: Case) -> tuple[str, ...]:
    """The plates of the vehicles of the case, the insured one first."""
    return claim_of(session, case).plates if case.line is Line.MOTOR else ()


def _plates(
    case: Case, policy: Policy, motor: CaseMotor | None, answers: dict[str, str], lines: Sequence[LossItem]
) -> tuple[str, ...]:
    typed = [policy.plate, case.plate, motor.other_plate if motor else '', *(line.whose for line in lines)]
    named = [normalise_plate(plate) for plate in typed if plate and plate_ok(plate)]
    return _each([*named, *plates_in(answers.get('other_party', ''))])


def _damaged(answers: dict[str, str], lines: Sequence[LossItem]) -> tuple[str, ...]:
    """What the surveyor names, and what the assessor entered: not what came from a paper, which is to be checked."""
    told = _SEPARATORS.split(answers.get('damaged_parts', ''))
    return _each([*told, *(line.name for line in lines if line.kind in REPAIR and line.document_id is None)])


def _assessed(lines: Sequence[LossItem], kinds: frozenset[LossKind]) -> Decimal | None:
    """What these lines were settled at together; None where there is none, or one is not settled yet."""
    settled = [line.confirmed for line in lines if line.kind in kinds]
    if not settled or any(amount is None for amount in settled):
        return None
    return sum((amount for amount in settled if amount is not None), Decimal(0))


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()


def _each(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
