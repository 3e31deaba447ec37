"""Makes offices that never were: the demo office, and an office of N cases for benchmarks."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from claimdesk.errors import ClaimDeskError
from claimdesk.identifiers import pinyin_initials
from claimdesk.models import (
    Account,
    AccountRole,
    Case,
    ChecklistItem,
    Coverage,
    Office,
    PartyRecord,
    Policy,
    Team,
)
from claimdesk.progress import Progress, quiet
from claimdesk.rules.workflow import Move
from claimdesk.services.adjustment import Adjustments
from claimdesk.services.assessment import Assessments
from claimdesk.services.checklist import Checklist, papers_arrived, tick
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.intake import Intake, NewCase
from claimdesk.services.messages import Messages
from claimdesk.services.passwords import hash_password
from claimdesk.services.payment import Payments
from claimdesk.services.survey import Surveys
from claimdesk.services.workflow import Workflow
from claimdesk.vocabulary import Channel, ChecklistState, ClauseVersion, Liability, Line, LossKind, Role, Stage

PEOPLE = (
    ('沈若溪', 'shen.rx', Role.SERVICE, 0), ('陆景行', 'lu.jx', Role.SERVICE, 1), ('顾清和', 'gu.qh', Role.SURVEYOR, 0),
    ('程远舟', 'cheng.yz', Role.SURVEYOR, 1), ('方知夏', 'fang.zx', Role.ASSESSOR, 0), ('韩暮云', 'han.my', Role.ASSESSOR, 2),
    ('苏砚秋', 'su.yq', Role.ADJUSTER, 0), ('林见微', 'lin.jw', Role.ADJUSTER, 2), ('周以宁', 'zhou.yn', Role.APPROVER, 0),
    ('许怀瑾', 'xu.hj', Role.FINANCE, 2), ('宋星河', 'song.xh', Role.COORDINATOR, 1), ('江望舒', 'jiang.ws', Role.MANAGER, 0),
    ('唐子墨', 'tang.zm', Role.ADMINISTRATOR, 2), ('白鹤鸣', 'bai.hm', Role.AUDITOR, 2),
)  # fmt: skip
COVERS = {
    ClauseVersion.MOTOR_COMPULSORY: ('third_party', '交强险财产损失', 2000, 0),
    ClauseVersion.MOTOR_2020: ('damage', '机动车损失保险', 180_000, 500),
    ClauseVersion.MOTOR_2014: ('damage', '机动车损失险', 150_000, 500),
    ClauseVersion.MEDICAL_INDEMNITY: ('medical', '住院医疗费用', 200_000, 0),
    ClauseVersion.ACCIDENT: ('accident', '意外伤害医疗', 50_000, 100),
    ClauseVersion.PROPERTY_BASIC: ('property', '企业财产基本险', 800_000, 1000),
}
LINES = {
    ClauseVersion.MEDICAL_INDEMNITY: Line.MEDICAL,
    ClauseVersion.ACCIDENT: Line.MEDICAL,
    ClauseVersion.PROPERTY_BASIC: Line.PROPERTY,
}
CAUSES = {Line.MOTOR: ('追尾', '变道剐蹭', '倒车碰撞'), Line.MEDICAL: ('疾病住院', '意外摔伤'), Line.PROPERTY: ('火灾', '暴雨')}
SURNAMES, GIVEN = '王李张刘陈杨赵黄周吴徐孙', ('志远', '晓梅', '建国', '雨桐', '思源', '丽华', '浩然', '秀英')


class _Turned:
    def __init__(self, time: dt.datetime) -> None:
        self.time = time

    def __call__(self) -> dt.datetime:
        return self.time


def fill_demo_office(office: OfficeContext, progress: Progress = quiet) -> None:
    """Fill an empty database with the demo office: fourteen months of every kind of case, the same each time."""
    present, keep = office.now(), office.database.now
    watch = _Turned(present - dt.timedelta(days=100))
    office.database.now = watch
    try:
        _Builder(OfficeContext(office.database, office.files, watch), watch, present).build(progress)
    finally:
        office.database.now = keep


class _Builder:
    def __init__(self, office: OfficeContext, watch: _Turned, present: dt.datetime) -> None:
        self.office, self.watch, self.present = office, watch, present
        self.dice = random.Random(20261)
        self.people: dict[Role, Actor] = {}

    def build(self, progress: Progress) -> None:
        policies = self._found()
        order = [*Stage, Stage.CLOSED, Stage.CLOSED, Stage.ASSESSMENT]
        for number in range(60):
            progress(number, 60, '')
            self._case(policies[number % len(policies)], order[number % len(order)], number)
        progress(60, 60, '')

    def _found(self) -> list[int]:
        now = self.watch()
        with self.office.database.write('') as session:
            office = Office(name='江南理赔中心', code='JN', demo=True, created_at=now)
            session.add(office)
            session.flush()
            teams = [Team(office_id=office.id, name=name) for name in ('车险一组', '车险二组', '非车险组')]
            session.add_all(teams)
            session.flush()
            password = hash_password('claimdesk')
            for name, login, role, team in PEOPLE:
                account = Account(
                    office_id=office.id, team_id=teams[team].id, login=login, name=name, phone='13800001234',
                    password_hash=password, created_at=now, roles=[AccountRole(role=role)],
                )  # fmt: skip
                session.add(account)
                session.flush()
                self.people[role] = Actor(account.id, name, login, office.id, account.team_id, frozenset({role}))
            policies = []
            for number, clause in enumerate(list(ClauseVersion) * 5):
                name = self.dice.choice(SURNAMES) + self.dice.choice(GIVEN)
                party = PartyRecord(name=name, pinyin=pinyin_initials(name), phone=f'1390000{1000 + number}')
                session.add(party)
                session.flush()
                line = LINES.get(clause, Line.MOTOR)
                policy = Policy(
                    office_id=office.id, number=f'P{clause.name[:2]}20263205{number:06d}', line=line, clause=clause,
                    holder_id=party.id, insured_id=party.id, starts_at=now - dt.timedelta(days=120),
                    ends_at=now + dt.timedelta(days=245), plate=f'苏E{60000 + number * 137}' if line is Line.MOTOR else '',
                    vehicle_model='比亚迪秦PLUS' if line is Line.MOTOR else '', insured_address='苏州市姑苏区人民路 318 号',
                )  # fmt: skip
                code, title, limit, deductible = COVERS[clause]
                policy.coverages = [
                    Coverage(code=code, name=title, sum_insured=Decimal(limit), deductible=Decimal(deductible))
                ]
                session.add(policy)
                session.flush()
                policies.append(policy.id)
        return policies

    def _case(self, policy_id: int, until: Stage, number: int) -> None:
        back = dt.timedelta(hours=2) if until is Stage.REPORTED else dt.timedelta(days=self.dice.randint(2, 40))
        if until is Stage.CLOSED:
            back += dt.timedelta(days=30)
        self.watch.time = self.present - back
        service = self.people[Role.SERVICE]
        intake = Intake(self.office)
        policy = intake.policy(service, policy_id)
        report = NewCase(
            policy_id=policy_id, loss_at=self.watch() - dt.timedelta(hours=5), place='苏州市姑苏区人民路 318 号',
            cause=self.dice.choice(CAUSES[policy.line]), reporter_name=policy.insured, reporter_phone='13900001234',
        )  # fmt: skip
        opened = intake.register(service, report, f'demo-{number}')
        step = (self.present - self.watch()) / 14
        try:
            for stage, act in self._steps(opened.case_id, policy.coverages[0].id):
                if stage is until and until is not Stage.CLOSED:
                    break
                self.watch.time += step
                act()
        except ClaimDeskError:
            return

    def _steps(self, case_id: int, coverage_id: int):  # type: ignore[no-untyped-def]
        roles, office = self.people, self.office
        amount = Decimal(self.dice.randint(1_500, 60_000))
        move = lambda role, what, **more: lambda: Workflow(office).make(  # noqa: E731
            roles[role], case_id, self._version(case_id), what, **more
        )
        yield Stage.REPORTED, move(Role.SERVICE, Move.REGISTER, estimate=amount)
        yield Stage.REGISTERED, move(Role.SERVICE, Move.DISPATCH_SURVEY)
        yield Stage.SURVEY, lambda: self._survey(case_id)
        yield Stage.SURVEY, move(Role.SURVEYOR, Move.FINISH_SURVEY)
        yield Stage.ASSESSMENT, lambda: self._assess(case_id, amount)
        yield Stage.ASSESSMENT, move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
        yield Stage.ADJUSTMENT, lambda: self._papers(case_id)
        yield Stage.ADJUSTMENT, lambda: self._calculate(case_id, coverage_id)
        yield Stage.ADJUSTMENT, move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
        yield Stage.APPROVAL, move(Role.APPROVER, Move.APPROVE)
        yield Stage.PAYMENT, lambda: self._pay(case_id)
        yield Stage.PAYMENT, move(Role.FINANCE, Move.PAY)
        yield Stage.CLOSING, move(Role.SERVICE, Move.CLOSE)

    def _version(self, case_id: int) -> int:
        with self.office.database.read() as session:
            return session.get_one(Case, case_id).version

    def _survey(self, case_id: int) -> None:
        Surveys(self.office).save(
            self.people[Role.SURVEYOR], case_id, 0, visited_at=self.watch(), place='苏州市姑苏区人民路 318 号',
            liability=Liability.FULL, finding='现场查勘：前保险杠、右前大灯受损，痕迹相符。',
        )  # fmt: skip

    def _assess(self, case_id: int, amount: Decimal) -> None:
        assessments = Assessments(self.office)
        assessor = self.people[Role.ASSESSOR]
        assessments.add(assessor, case_id, LossKind.PARTS, '前保险杠总成', amount / 2, amount / 2)
        assessments.add(assessor, case_id, LossKind.LABOUR, '钣金喷漆工时', amount / 2, amount / 2)
        Messages(self.office).note(assessor, case_id, Channel.PHONE, '已与客户核对损失项目，客户无异议。', False, '客户')
        if case_id % 2:
            Documents(self.office).add(assessor, [NewFile(f'照片{case_id}.png', _picture())], case_id, f'demo-{case_id}')
        else:
            Checklist(self.office).send_notice(assessor, case_id, self._version(case_id), self.watch())

    def _papers(self, case_id: int) -> None:
        adjuster = self.people[Role.ADJUSTER]
        with self.office.write(adjuster, '') as session:
            case = session.get_one(Case, case_id)
            for item in session.query(ChecklistItem).filter_by(case_id=case_id, state=ChecklistState.MISSING):
                tick(session, case, item.code, adjuster, self.office)
            papers_arrived(session, case, self.watch(), adjuster, self.office)
            touch(session, case, self.office)

    def _calculate(self, case_id: int, coverage_id: int) -> None:
        adjuster, adjustments = self.people[Role.ADJUSTER], Adjustments(self.office)
        inputs = adjustments.proposal(adjuster, case_id, coverage_id)
        adjustments.save(adjuster, case_id, self._version(case_id), coverage_id, inputs)

    def _pay(self, case_id: int) -> None:
        finance, payments = self.people[Role.FINANCE], Payments(self.office)
        payment = payments.prepare(
            finance, case_id, payee_name='客户', bank_name='工商银行苏州分行', account_number='6222020000000000000',
            request_key=f'demo-{case_id}',
        )  # fmt: skip
        payments.mark_paid(finance, payment.id, payment.version, f'BK{case_id:08d}')


def _picture() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new('RGB', (800, 600), '#8fa3b0').save(out, 'PNG')
    return out.getvalue()


def generate(office: OfficeContext, cases: int, progress: Progress = quiet) -> None:
    """Fill an empty database with an office of that many cases, loaded in bulk."""
