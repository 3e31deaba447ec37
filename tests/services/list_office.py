"""An office of many small cases, drawn by dice, for tests of the case list; and the list worked out in plain Python."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from claimdesk.models import NO_DUE, SEARCHED, Account, Case, CaseEvent, Database, Team
from claimdesk.rules.clocks import EventKind, due_state
from claimdesk.services.case_list import CaseQuery
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.files import DatabaseStore
from claimdesk.vocabulary import STAGES, DueState, Line, Outcome, Role, Stage
from tests.models.rows import a_case, an_account

NOW = dt.datetime(2026, 3, 16, 3, 0, tzinfo=dt.UTC)
SHANGHAI = ZoneInfo('Asia/Shanghai')
CLOSED = tuple(outcome for outcome in Outcome if outcome is not Outcome.OPEN)
NAMES = ('张伟', '张伟明', '李娜', '欧阳修远', '𠮷田㐂', '伟', 'Smith_%')
PLACES = ('朝阳区建国路 88 号', '濠滨路 7 号', '100% 大厦', 'A座\\B座', '', '南通市濠滨医院急诊楼前的停车场')
CAUSES = ('追尾', '火灾', '单方碰撞', '意外摔伤')
PHONES = ('13800001234', '13912345678', '15100010002')


def list_office(database: Database, cases: int = 90, seed: int = 5) -> tuple[OfficeContext, Actor]:
    """Fill an empty database with `cases` cases in every state around `NOW`; the office, and its manager."""
    dice = random.Random(seed)
    database.now = lambda: NOW
    with database.write('test') as session:
        first = a_case(session)
        session.add(first)
        session.flush()
        teams = [Team(office_id=first.office_id, name=name) for name in ('人伤组', '车险组')]
        session.add_all(teams)
        session.flush()
        people = [an_account(session, name=name) for name in ('王芳', '陈晨', '阿依古丽')]
        for number in range(cases):
            drawn = _drawn(dice, [one.id for one in people], [one.id for one in teams])
            case = a_case(session, number=f'CS2026-{number:06d}', **drawn)
            session.add(case)
            session.flush()
            if case.stage is Stage.CLOSING and dice.random() < 0.5:
                session.add(_refusal(case))
        manager = an_account(session, name='孙经理')
        actor = Actor(manager.id, manager.name, manager.login, first.office_id, None, frozenset({Role.MANAGER}))
    return OfficeContext(database, DatabaseStore(), lambda: NOW), actor


def _drawn(dice: random.Random, people: Sequence[int], teams: Sequence[int]) -> dict[str, Any]:
    stage = dice.choice(STAGES)
    closed = stage is Stage.CLOSED
    reported = NOW - dt.timedelta(hours=dice.randrange(2_000))
    due = NO_DUE if closed or dice.random() < 0.1 else NOW + dt.timedelta(hours=dice.randrange(-80, 160))
    return {
        'line': dice.choice(tuple(Line)),
        'stage': stage,
        'outcome': dice.choice(CLOSED) if closed else Outcome.OPEN,
        'closed_at': NOW - dt.timedelta(hours=dice.randrange(500)) if closed else None,
        'owner_id': dice.choice([None, *people]),
        'team_id': dice.choice([None, *teams]),
        'reported_at': reported,
        'loss_at': reported - dt.timedelta(hours=dice.randrange(50)),
        'stage_entered_at': reported + dt.timedelta(hours=dice.randrange(50)),
        'due_at': due,
        'paused_since': None if closed or dice.random() < 0.7 else NOW - dt.timedelta(days=dice.randrange(9)),
        'estimate': None if dice.random() < 0.2 else Decimal(dice.randrange(0, 9_000, 500)),
        'paid_amount': Decimal(dice.randrange(0, 3) * 1_000),
        'missing_documents': dice.randrange(3),
        'insured_name': dice.choice(NAMES),
        'pinyin': dice.choice(('zw', 'ln', 'oyxy', '')),
        'plate': dice.choice(('苏E8K318', '京A12345', '')),
        'policy_number': f'PDAA{dice.randrange(10**6):015d}',
        'reporter_name': dice.choice(NAMES),
        'reporter_phone': dice.choice(PHONES),
        'place': dice.choice(PLACES),
        'cause': dice.choice(CAUSES),
    }


def _refusal(case: Case) -> CaseEvent:
    return CaseEvent(case_id=case.id, kind=EventKind.REFUSED_DECIDED.value, happened_at=NOW, recorded_at=NOW)


def all_cases(database: Database) -> list[Case]:
    """Every case, as the tables hold it."""
    with database.read() as session:
        return list(session.scalars(select(Case).order_by(Case.id)))


def names(database: Database) -> tuple[dict[int | None, str], dict[int | None, str]]:
    """The names of the people and of the teams."""
    with database.read() as session:
        return (
            {row.id: row.name for row in session.scalars(select(Account))},
            {row.id: row.name for row in session.scalars(select(Team))},
        )


def state_of(case: Case) -> DueState:
    """How near the next limit of `case` is at `NOW`."""
    due = None if case.due_at == NO_DUE else case.due_at
    return due_state(due, NOW, paused=case.paused_since is not None, done=case.stage is Stage.CLOSED)


def fits(case: Case, query: CaseQuery) -> bool:
    """Whether `case` is in the list that `query` asks for."""
    day = case.reported_at.astimezone(SHANGHAI).date()
    amount = case.estimate
    return (
        (not query.lines or case.line in query.lines)
        and (not query.stages or case.stage in query.stages)
        and (not query.outcomes or case.outcome in query.outcomes)
        and (bool(query.outcomes) or not query.open_only or case.outcome is Outcome.OPEN)
        and (not query.owner_ids or case.owner_id in query.owner_ids)
        and (not query.team_ids or case.team_id in query.team_ids)
        and (not query.due or state_of(case) in query.due)
        and (query.amount_from is None or (amount is not None and amount >= query.amount_from))
        and (query.amount_to is None or (amount is not None and amount <= query.amount_to))
        and (query.reported_from is None or day >= query.reported_from)
        and (query.reported_to is None or day <= query.reported_to)
        and (not query.missing_documents or case.missing_documents > 0)
        and all(contains(case, word) for word in query.text.split())
    )


def contains(case: Case, word: str) -> bool:
    """Whether one of the searched columns holds `word`, whatever the case of its ASCII letters."""
    return any(_small(word) in _small(getattr(case, name) or '') for name in SEARCHED)


def _small(words: str) -> str:
    return ''.join(char.lower() if char.isascii() else char for char in words)


def place_of(case: Case, sort: str, people: dict[int | None, str], teams: dict[int | None, str]) -> Any:
    """What the list sorts `case` by; None where it has nothing, which comes last in either direction."""
    if sort == 'due':
        return None if case.due_at == NO_DUE else case.due_at
    if sort in ('stage', 'next_step'):
        return STAGES.index(case.stage)
    if sort == 'line':
        return list(Line).index(case.line)
    if sort == 'outcome':
        return list(Outcome).index(case.outcome)
    if sort == 'owner':
        return people.get(case.owner_id)
    if sort == 'team':
        return teams.get(case.team_id)
    if sort == 'insured_name':
        return case.pinyin, case.insured_name
    return getattr(case, sort)
