"""What stands around the cases of the demo office, made by the services themselves once its stories are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError
from claimdesk.language import N_, _
from claimdesk.models import Account, AccountRole, Case, Complaint, RiskSignal
from claimdesk.progress import Progress
from claimdesk.rules.after_payment import DEFAULT_RULES
from claimdesk.rules.automatic import AutomaticRule
from claimdesk.rules.workflow import Move
from claimdesk.services.adjustment import Adjustments
from claimdesk.services.call_backs import CallBacks, open_call_back
from claimdesk.services.checklist import ABSENT, Checklist
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.disputes import Disputes
from claimdesk.services.lawsuits import Lawsuits, NewLawsuit
from claimdesk.services.recoveries import Recoveries
from claimdesk.services.risk import Risks, recompute
from claimdesk.services.straight_through import StraightThrough
from claimdesk.services.workflow import Workflow
from claimdesk.vocabulary import (
    ChecklistState,
    Complexity,
    CourtDay,
    Line,
    MatterKind,
    OurSide,
    Outcome,
    RecoveryKind,
    RiskOutcome,
    Role,
    Stage,
)

PAID_WITHIN = dt.timedelta(days=16)
ASKED, LOOKED_INTO, HANDED_IN = 14, 7, 8
_SCORES = ((5, 5, 5, 5), (4, 3, 4, 5), (5, 4, 4, 5), (2, 1, 3, 4), (4, 4, 5, 5), (5, 5, 4, 5), (3, 2, 3, 3))
_COMMENTS = (
    '处理很快，谢谢。', '整体还可以。', '', '等了一个多月才到账，没有人联系我。', '', '很满意。', '材料跑了两趟。',
)  # fmt: skip
_DISPUTES = (
    '对残值作价有异议，认为可修复而不应按全损处理。',
    '对责任比例的认定不认可，要求按交警认定书重新核算。',
)
_WHY = '多项信号同时出现，请核实出险经过。'
_FIX = '已向客户说明延误原因并致歉，当天完成付款核对。'
_BASIS = '对方负主要责任，赔付后取得代位求偿权'
_FINDINGS = (
    (RiskOutcome.CLEARED, '电话核实驾驶人与修理厂，两次事故时间、部位均不相同，情况属实。'),
    (RiskOutcome.CONFIRMED, '调取现场监控，碰撞部位与照片不符，已要求补充说明并移交核赔。'),
    (RiskOutcome.CLEARED, '客户提供了出差证明，晚报案有合理原因。'),
    (RiskOutcome.OPEN_ENDED, '监控已被覆盖，无法核实，建议按现有证据处理。'),
)


def bring_around(office: OfficeContext, progress: Progress) -> None:
    """Look at the latest cases by the risk rules, let the automatic approval look, call back, dispute, recover."""
    progress(0, 1, _("Looking at the latest cases"))
    people = _people(office)
    _risks(office, people)
    _automatic(office, people)
    _calls(office, people)
    _disputes(office, people)


def _people(office: OfficeContext) -> dict[Role, Actor]:
    """Somebody of each role, the first who is there."""
    found: dict[Role, Actor] = {}
    with office.database.read() as session:
        rows = session.execute(
            select(AccountRole.role, Account)
            .join(Account, Account.id == AccountRole.account_id)
            .where(Account.active)
            .order_by(Account.id)
        )
        for role, row in rows:
            roles = frozenset(entry.role for entry in row.roles)
            found.setdefault(role, Actor(row.id, row.name, row.login, row.office_id, row.team_id, roles))
    return found


def _cases(session: Session, *conditions: ColumnElement[bool], limit: int) -> Sequence[int]:
    """The newest cases of which this holds."""
    return session.scalars(select(Case.id).where(*conditions).order_by(Case.id.desc()).limit(limit)).all()


def _risks(office: OfficeContext, people: dict[Role, Actor]) -> None:
    approver = people[Role.APPROVER]
    with office.write(approver, N_("looked at the latest cases")) as session:
        recompute(session, office, _cases(session, Case.outcome == Outcome.OPEN, limit=160))
        points = func.sum(RiskSignal.weight)
        heaviest = session.scalars(
            select(RiskSignal.case_id)
            .where(RiskSignal.case_id.in_(_cases(session, Case.outcome == Outcome.OPEN, limit=160)))
            .group_by(RiskSignal.case_id)
            .order_by(points.desc(), RiskSignal.case_id)
            .limit(LOOKED_INTO)
        ).all()
    risks = Risks(office)
    for case_id in heaviest:
        if risks.of_case(approver, case_id).open_referral is None:
            risks.refer(people[Role.SURVEYOR], case_id, _WHY)
    waiting = risks.open_referrals(approver)
    for referral, (outcome, finding) in zip(waiting, _FINDINGS, strict=False):
        risks.decide(approver, referral.id, referral.version, outcome, finding)


def _automatic(office: OfficeContext, people: dict[Role, Actor]) -> None:
    rule = AutomaticRule(enabled=True, sample_percent=5)
    StraightThrough(office).save_rule(people[Role.ADMINISTRATOR], rule, office.today() - dt.timedelta(days=30))
    adjuster, adjustments, workflow = people[Role.ADJUSTER], Adjustments(office), Workflow(office)
    checklist = Checklist(office)
    with office.database.read() as session:
        small = (Case.line == Line.MOTOR, Case.injury.is_(False), Case.estimate < Decimal(6_000))
        waiting = _cases(session, Case.stage == Stage.ADJUSTMENT, *small, limit=HANDED_IN)
    for case_id in waiting:
        # One that cannot be calculated as it stands waits for its adjuster.
        with suppress(ClaimDeskError):
            for item in checklist.of_case(adjuster, case_id):
                if item.required and item.state in ABSENT:
                    checklist.set_state(people[Role.SERVICE], item.id, item.version, ChecklistState.VERIFIED)
            request = adjustments.proposal(adjuster, case_id).request
            adjustments.save(adjuster, case_id, workflow.moves(adjuster, case_id).version, request)
            version = workflow.moves(adjuster, case_id).version
            workflow.make(adjuster, case_id, version, Move.SUBMIT_CALCULATION)


def _calls(office: OfficeContext, people: dict[Role, Actor]) -> None:
    clerk, coordinator, calls = people[Role.SERVICE], people[Role.COORDINATOR], CallBacks(office)
    with office.write(clerk, N_("listed the customers to call")) as session:
        for case_id in _cases(
            session, Case.outcome == Outcome.PAID, Case.paid_at > office.now() - PAID_WITHIN, limit=40
        ):
            open_call_back(session, office, session.get_one(Case, case_id))
    for place, call in enumerate(calls.open(clerk)[:ASKED]):
        scores = dict(zip(DEFAULT_RULES.questions, _SCORES[place % len(_SCORES)], strict=True))
        if place % 5 == 4:
            calls.not_reached(clerk, call.id, call.version)
        else:
            calls.finish(clerk, call.id, call.version, scores, _COMMENTS[place % len(_COMMENTS)])
    for follow_up in calls.follow_ups(coordinator)[:1]:
        calls.work_on(coordinator, follow_up.id, follow_up.version, 'slow', _FIX)


def _disputes(office: OfficeContext, people: dict[Role, Actor]) -> None:
    coordinator, finance = people[Role.COORDINATOR], people[Role.FINANCE]
    disputes, lawsuits, recoveries = Disputes(office), Lawsuits(office), Recoveries(office)
    with office.database.read() as session:
        assessed = _cases(session, Case.stage.in_([Stage.ASSESSMENT, Stage.ADJUSTMENT]), limit=4)
        motor = Case.line == Line.MOTOR
        paid = _cases(session, Case.outcome == Outcome.PAID, motor, Case.paid_amount > Decimal(3_000), limit=3)
        old = session.scalars(select(Complaint.id).where(Complaint.answered_at.is_(None))).all()
    for case_id, words in zip(assessed, _DISPUTES, strict=False):
        disputes.take(coordinator, case_id, MatterKind.DISPUTE, '', words)
    for matter in disputes.open(coordinator):
        if matter.id in old[:1]:
            disputes.set_complexity(coordinator, matter.id, matter.version, Complexity.COMPLEX)
            disputes.ask_extension(coordinator, matter.id, matter.version + 1, '等待第三方鉴定机构的意见。')
    for case_id in assessed[2:3]:
        new = NewLawsuit('江宁区人民法院', '(2026)苏0115民初4182号', OurSide.DEFENDANT, '', Decimal(32_000))
        lawsuits.enter(coordinator, case_id, new)
        (suit,) = lawsuits.of_case(coordinator, case_id)
        for kind, days, note in ((CourtDay.EVIDENCE, 3, ''), (CourtDay.HEARING, 18, '第三法庭')):
            due = (office.now() + dt.timedelta(days=days)).replace(hour=1, minute=0, second=0, microsecond=0)
            lawsuits.set_day(coordinator, suit.id, suit.version, kind, due, note)
    for place, case_id in enumerate(paid):
        source = RecoveryKind.SALVAGE if place == 2 else RecoveryKind.SUBROGATION
        debtor, basis = ('拆车回收公司', '残值转让') if place == 2 else ('对方车主', _BASIS)
        recoveries.enter(finance, case_id, source, debtor, Decimal(2_600 + place * 1_800), basis)
        (line, *_others) = recoveries.of_case(finance, case_id)
        if place:
            recoveries.receive(finance, line.id, line.version, Decimal(1_200), office.today(), f'ICBC{place:06}')
