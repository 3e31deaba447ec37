"""An office with one person for each role, a motor policy with two covers, and a case just reported; by services."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from claimdesk.app import Desk, build
from claimdesk.models import Account, AccountRole, Coverage, Database, Office, PartyRecord, Policy
from claimdesk.rules.workflow import Move
from claimdesk.services.cases import CasePage
from claimdesk.services.context import Actor
from claimdesk.services.intake import NewCase
from claimdesk.services.passwords import hash_password
from claimdesk.settings import Settings
from claimdesk.vocabulary import (
    STAGES,
    ChecklistState,
    ClauseVersion,
    DelayCode,
    Liability,
    Line,
    LossKind,
    Role,
    Stage,
)
from tests.services.paper_office import START, Watch

PASSWORD = 'correct horse'
PASSWORD_HASH = hash_password(PASSWORD)
NAME = '<img src=file:///etc/passwd>欧阳'


@dataclass
class RoleOffice:
    """The desk of a test, its people by role, and its one case."""

    desk: Desk
    people: dict[Role, Actor]
    case_id: int
    policy_id: int
    watch: Watch

    @property
    def case(self) -> CasePage:
        """The case as it is now."""
        return self.desk.cases.page(self.people[Role.AUDITOR], self.case_id)

    def register(self, key: str) -> int:
        """One more case on the same policy."""
        new = NewCase(
            self.policy_id, self.watch() - dt.timedelta(hours=3), '人民路 318 号', '追尾', '沈知远', '13800001234'
        )
        return self.desk.intake.register(self.people[Role.SERVICE], new, key).case_id

    def move(self, role: Role, move: Move, reason: str = '', estimate: Decimal | None = None) -> None:
        """Make a move as somebody of `role`, from the newest version; signed, asked for, or its delay explained."""
        offered = self.desk.workflow.moves(self.people[role], self.case_id).next
        if offered is not None and offered.move is move and offered.needs_delay:
            self.desk.delays.explain(self.people[role], self.case_id, DelayCode.WORKLOAD)
        if move is Move.APPROVE:
            self.desk.sign_off.approve(self.people[role], self.case_id, self.case.version, PASSWORD)
            return
        if move is Move.REOPEN and role is not Role.SERVICE:
            self.desk.requests.ask(self.people[Role.SERVICE], self.case_id, move, reason)
        self.desk.workflow.make(self.people[role], self.case_id, self.case.version, move, reason, estimate)

    def write_survey(self) -> None:
        """The surveyor's report."""
        self.desk.survey.save(
            self.people[Role.SURVEYOR], self.case_id, 0, visited_at=self.watch(), place='现场',
            liability=Liability.MAIN, finding='前部受损',
        )  # fmt: skip

    def enter_loss(self, claimed: str = '3000', confirmed: str = '2800') -> None:
        """One confirmed loss item."""
        self.desk.assessment.add(
            self.people[Role.ASSESSOR], self.case_id, LossKind.PARTS, '前保险杠', Decimal(claimed), Decimal(confirmed)
        )

    def everything_here(self) -> None:
        """Every required document is verified."""
        clerk = self.people[Role.SERVICE]
        for item in self.desk.checklist.of_case(clerk, self.case_id):
            if item.required and item.state is not ChecklistState.VERIFIED:
                self.desk.checklist.set_state(clerk, item.id, item.version, ChecklistState.VERIFIED)

    def calculate(self) -> None:
        """The adjuster's calculation as the file proposes it."""
        adjuster = self.people[Role.ADJUSTER]
        request = self.desk.adjustment.proposal(adjuster, self.case_id).request
        self.desk.adjustment.save(adjuster, self.case_id, self.case.version, request)

    def pay(self) -> None:
        """Prepare the payment and record it as paid."""
        finance = self.people[Role.FINANCE]
        payment = self.desk.payment.prepare(
            finance, self.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901',
            request_key='pay',
        )  # fmt: skip
        self.desk.payment.mark_paid(finance, payment.id, payment.version, 'REF-1')

    def bring_to(self, wanted: Stage) -> None:
        """Bring the case to a stage, as the people of each stage would."""
        steps = (
            (Stage.REGISTERED, lambda: self.move(Role.SERVICE, Move.REGISTER, estimate=Decimal(6000))),
            (Stage.SURVEY, lambda: self.move(Role.SERVICE, Move.DISPATCH_SURVEY)),
            (Stage.ASSESSMENT, lambda: (self.write_survey(), self.move(Role.SURVEYOR, Move.FINISH_SURVEY))),
            (Stage.ADJUSTMENT, lambda: (self.enter_loss(), self.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT))),
            (
                Stage.APPROVAL,
                lambda: (
                    self.everything_here(),
                    self.calculate(),
                    self.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION),
                ),
            ),
            (Stage.PAYMENT, lambda: self.move(Role.APPROVER, Move.APPROVE)),
            (Stage.CLOSING, lambda: (self.pay(), self.move(Role.FINANCE, Move.PAY))),
            (Stage.CLOSED, lambda: self.move(Role.SERVICE, Move.CLOSE)),
        )
        for stage, go in steps:
            if self.case.stage is wanted:
                return
            if STAGES.index(stage) <= STAGES.index(self.case.stage):
                continue
            go()
            self.watch.forward(hours=1)
            assert self.case.stage is stage


def role_office(database: Database, folder: Path) -> RoleOffice:
    """Found the office in an empty, migrated database."""
    watch = Watch()
    database.now = watch
    people: dict[Role, Actor] = {}
    with database.write('test') as session:
        office = Office(name='长三角理赔中心', code='CY', created_at=START)
        session.add(office)
        session.flush()
        for number, role in enumerate(Role):
            account = Account(
                office_id=office.id, login=role.value, name=f'经办{number}', password_hash=PASSWORD_HASH,
                created_at=START, roles=[AccountRole(role=role)],
            )  # fmt: skip
            session.add(account)
            session.flush()
            people[role] = Actor(account.id, account.name, account.login, office.id, None, frozenset({role}))
        insured = PartyRecord(name=NAME, pinyin='oy', phone='13900005678')
        session.add(insured)
        session.flush()
        policy = Policy(
            office_id=office.id, number='PDAA202632050000001', line=Line.MOTOR, clause=ClauseVersion.MOTOR_2020,
            holder_id=insured.id, insured_id=insured.id, starts_at=START - dt.timedelta(days=90),
            ends_at=START + dt.timedelta(days=275), plate='苏E8K318', vehicle_model='测试轿车',
        )  # fmt: skip
        policy.coverages = [
            Coverage(code='damage', name='机动车损失保险', sum_insured=Decimal(180_000), deductible=Decimal(500)),
            Coverage(code='third_party', name='第三者责任保险', sum_insured=Decimal(1_000_000)),
        ]
        session.add(policy)
        session.flush()
        policy_id = policy.id
    desk = build(Settings(files_folder=str(folder / 'files')), database)
    made = RoleOffice(desk, people, 0, policy_id, watch)
    made.case_id = made.register('first')
    watch.forward(hours=1)
    return made
