"""A case of the demo from the call to the archive, each step done by the person whose work it is, through services."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from claimdesk.errors import Unavailable
from claimdesk.language import _
from claimdesk.rules.workflow import Move
from claimdesk.services.case_list import CaseQuery
from claimdesk.services.context import Actor
from claimdesk.services.intake import CoverageView, NewCase, PolicyView
from claimdesk.services.office_generator.founding import DEMO_PASSWORD
from claimdesk.vocabulary import ChecklistState, Liability, Line, LossKind, Role

if TYPE_CHECKING:
    from claimdesk.app import Desk

DAMAGE = 'damage'
ESTIMATE = Decimal(8000)
_SEARCHED = 400


@dataclass
class Walk:
    """One case on its way. Each step takes the next person of the office who may do it."""

    desk: Desk
    case_id: int = 0
    number: str = ''

    def person(self, role: Role) -> Actor:
        """Somebody of the demo office with that role."""
        people = self.desk.accounts.demo_people()
        return self.desk.accounts.sign_in_demo(next(person.id for person in people if role in person.roles))

    def register(self, read: Mapping[str, str]) -> None:
        """Take the report on a motor policy, the buyer's own if the office has one."""
        actor = self.person(Role.SERVICE)
        policy = self._policy(actor, read.get('buyer_name', ''))
        now = self.desk.context.now()
        opened = self.desk.intake.register(
            actor,
            NewCase(
                policy_id=policy.id,
                loss_at=max(policy.starts_at, now - dt.timedelta(hours=3)),
                place='苏州市姑苏区人民路与干将东路交叉口',
                cause='追尾',
                reporter_name=policy.insured,
                reporter_phone=policy.insured_phone or '13800001234',
                description='路口起步时未注意前车,追尾前车,本车前部受损,无人员受伤,已报警。',
                estimate=ESTIMATE,
                details={'driver_name': policy.insured},
            ),
            uuid.uuid4().hex,
        )
        self.case_id, self.number = opened.case_id, opened.number
        self._move(Role.SERVICE, Move.REGISTER)
        self._move(Role.SERVICE, Move.DISPATCH_SURVEY)

    def survey(self) -> None:
        """Look at the damage and write it down."""
        actor = self.person(Role.SURVEYOR)
        self.desk.survey.save(
            actor,
            self.case_id,
            self.desk.survey.report(actor, self.case_id).version,
            visited_at=self.desk.context.now(),
            place='苏州市姑苏区人民路与干将东路交叉口',
            liability=Liability.FULL,
            finding='前保险杠、右前大灯、右前翼子板受损,痕迹与报案所述相符。',
            statement='起步时未注意前车,碰撞前车尾部。',
        )
        self._move(Role.SURVEYOR, Move.FINISH_SURVEY)

    def assess(self) -> None:
        """Settle what the invoice claims."""
        actor = self.person(Role.ASSESSOR)
        items = self.desk.assessment.items(actor, self.case_id)
        if not items:
            (invoice,) = self.desk.invoices.of_case(actor, self.case_id)[:1]
            self.desk.assessment.add(
                actor, self.case_id, LossKind.PARTS, invoice.number, invoice.total, document_id=invoice.document_id
            )
        self.desk.assessment.confirm_all(actor, self.case_id)
        totals = self.desk.assessment.totals(actor, self.case_id)
        if totals.confirmed <= self._cover().deductible:
            # A paper below the deductible alone would leave nothing to pay, and the last steps could not be shown.
            amount = self._cover().deductible + Decimal(600)
            self.desk.assessment.add(actor, self.case_id, LossKind.TOWING, '现场施救拖车费', amount, amount)
        self._move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)

    def adjust(self) -> None:
        """The remaining papers are here; calculate and hand in."""
        clerk = self.person(Role.SERVICE)
        for item in self.desk.checklist.of_case(clerk, self.case_id):
            if item.required and item.state in (ChecklistState.MISSING, ChecklistState.REJECTED):
                self.desk.checklist.set_state(clerk, item.id, item.version, ChecklistState.RECEIVED)
        actor, cover = self.person(Role.ADJUSTER), self._cover()
        version = self.desk.cases.page(actor, self.case_id).version
        request = self.desk.adjustment.proposal(actor, self.case_id, [cover.id]).request
        self.desk.adjustment.save(actor, self.case_id, version, request)
        self._move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)

    def approve(self) -> None:
        """A second pair of eyes, and its signature."""
        actor = self.person(Role.APPROVER)
        version = self.desk.cases.page(actor, self.case_id).version
        self.desk.sign_off.approve(actor, self.case_id, version, DEMO_PASSWORD)

    def pay(self) -> None:
        """Prepare the payment, record it, and finish."""
        actor, payment = self.person(Role.FINANCE), self.desk.payment
        case = self.desk.cases.page(actor, self.case_id)
        prepared = payment.prepare(
            actor,
            self.case_id,
            payee_name=case.insured_name,
            bank_name='中国工商银行苏州分行',
            account_number='6222021234567890128',
            request_key=uuid.uuid4().hex,
        )
        payment.mark_paid(actor, prepared.id, prepared.version, f'DEMO{self.case_id:08d}')
        self._move(Role.FINANCE, Move.PAY)

    def close(self) -> None:
        """Close and archive."""
        self._move(Role.FINANCE, Move.CLOSE)

    def _move(self, role: Role, move: Move) -> None:
        actor = self.person(role)
        self.desk.workflow.make(actor, self.case_id, self.desk.cases.page(actor, self.case_id).version, move)

    def _cover(self) -> CoverageView:
        policy = self.desk.cases.page(self.person(Role.ADJUSTER), self.case_id).policy
        return next(cover for cover in policy.coverages if cover.code == DAMAGE)

    def _policy(self, actor: Actor, buyer: str) -> PolicyView:
        intake = self.desk.intake
        found = self._suitable(intake.find_policies(actor, buyer)) if buyer else None
        if found is not None:
            return found
        rows = self.desk.case_list.first(actor, CaseQuery(lines=frozenset({Line.MOTOR}), open_only=False), _SEARCHED)
        for number in dict.fromkeys(row.policy_number for row in rows):
            found = self._suitable(intake.find_policies(actor, number, 1))
            if found is not None:
                return found
        raise Unavailable(_("The demo office has no motor policy in force."))

    def _suitable(self, policies: Sequence[PolicyView]) -> PolicyView | None:
        now = self.desk.context.now()
        return next(
            (
                policy
                for policy in policies
                if policy.line is Line.MOTOR
                and policy.starts_at + dt.timedelta(days=1) < now < policy.ends_at
                and not policy.open_cases
                and any(cover.code == DAMAGE for cover in policy.coverages)
            ),
            None,
        )
