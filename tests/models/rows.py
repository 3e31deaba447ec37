"""Valid rows to begin a test with."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from claimdesk.models import Accident, Account, Case, Office, PartyRecord, Policy
from claimdesk.vocabulary import ClauseVersion, Line, Stage

BEGIN = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)


def an_office() -> Office:
    """An office."""
    return Office(name='测试理赔中心', code=uuid4().hex[:6].upper(), created_at=BEGIN)


def an_account(session: Session, office: Office | None = None, **values: Any) -> Account:
    """Somebody of the office."""
    if office is None:
        office = an_office()
        session.add(office)
        session.flush()
    given = {'login': uuid4().hex[:12], 'name': '林晓', 'password_hash': '-', 'created_at': BEGIN, **values}
    account = Account(office_id=office.id, **given)
    session.add(account)
    session.flush()
    return account


def a_policy(session: Session, office: Office, **values: Any) -> Policy:
    """A motor policy of one person."""
    party = PartyRecord(name='张伟', pinyin='zw', phone='13800001234')
    session.add(party)
    session.flush()
    given = {
        'number': f'PDAA{uuid4().int % 10**18}',
        'line': Line.MOTOR,
        'clause': ClauseVersion.MOTOR_2020,
        'starts_at': BEGIN - dt.timedelta(days=100),
        'ends_at': BEGIN + dt.timedelta(days=265),
        'plate': '京A12345',
        **values,
    }
    policy = Policy(office_id=office.id, holder_id=party.id, insured_id=party.id, **given)
    session.add(policy)
    session.flush()
    return policy


def a_case(session: Session, **values: Any) -> Case:
    """A case just reported, not yet added to the session; its office, policy and accident are."""
    office = session.query(Office).first()
    if office is None:
        office = an_office()
        session.add(office)
        session.flush()
    policy = a_policy(session, office)
    accident = Accident(office_id=office.id, happened_at=BEGIN, place='朝阳区建国路', cause='追尾')
    session.add(accident)
    session.flush()
    given = {
        'number': f'CY2026-{uuid4().int % 10**6:06d}',
        'line': Line.MOTOR,
        'stage': Stage.REPORTED,
        'reported_at': BEGIN,
        'loss_at': BEGIN,
        'stage_entered_at': BEGIN,
        'last_activity_at': BEGIN,
        'insured_name': '张伟',
        'plate': '京A12345',
        'policy_number': policy.number,
        'reporter_name': '李娜',
        'reporter_phone': '13912345678',
        'place': '朝阳区建国路',
        'cause': '追尾',
        'pinyin': 'zw',
        **values,
    }
    return Case(office_id=office.id, policy_id=policy.id, accident_id=accident.id, **given)
