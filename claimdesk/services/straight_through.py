"""Straight-through: a calculation that was handed in is approved by the office's rule, or waits for a person.

The approval is the rule's and is recorded as such, in the name of an account that nobody can sign in with; no person's
key signs it. The rule never refuses, and who calculated is still not who approved.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.amounts import from_capital
from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import (
    Account,
    AutomaticCheck,
    Calculation,
    Case,
    Document,
    Invoice,
    Lawsuit,
    Office,
    RiskReferral,
)
from claimdesk.rules.automatic import (
    KEY,
    AutomaticFacts,
    AutomaticRule,
    as_value,
    check_rule,
    condition_name,
    condition_words,
    judge,
    rule_from,
    sums_right,
)
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import Move
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.cover_use import check_before_approval
from claimdesk.services.disputes import open_complaints
from claimdesk.services.moving import carry_out, pending_calculation
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.services.paper_checks import open_findings
from claimdesk.services.risk import level_now
from claimdesk.services.risk_facts import facts_of
from claimdesk.services.sign_off import digest
from claimdesk.vocabulary import ApprovalState, CalculationKind, DocumentState, Line

LOGIN = 'rule:automatic'
"""The login of the account in whose name the rule approves: no person's, for a colon is in none."""

NO_PASSWORD = '!'
"""No password fits it, for no hash of a password looks like this; and the account is switched off."""

_TO_READ = (DocumentState.WAITING, DocumentState.TO_CHECK, DocumentState.UNREADABLE)


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition, whether it held, and why."""

    code: str
    name: str
    holds: bool
    words: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """What the rule said of a calculation. `sampled`: everything held, and the lot sent it to a person."""

    calculation: int
    checked_at: dt.datetime
    conditions: tuple[ConditionView, ...]
    sampled: bool
    approved: bool

    @property
    def held(self) -> int:
        """How many conditions held."""
        return sum(condition.holds for condition in self.conditions)


class StraightThrough:
    """What the rule said, and the rule itself."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[CheckView]:
        """What the rule said of each calculation of the case, the newest first."""
        query = (
            select(AutomaticCheck, Calculation.number)
            .join(Calculation, Calculation.id == AutomaticCheck.calculation_id)
            .where(AutomaticCheck.case_id == case_id)
            .order_by(AutomaticCheck.id.desc())
        )
        with self._office.database.read() as session:
            return [_view(row, number) for row, number in session.execute(query)]

    def rule(self, actor: Actor) -> AutomaticRule:
        """The rule in force today."""
        with self._office.database.read() as session:
            return _in_force(session, actor.office_id, self._office.today())

    def save_rule(self, actor: Actor, rule: AutomaticRule, valid_from: dt.date, version: int | None = None) -> None:
        """Let this rule hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        check_rule(rule)
        with self._office.write(actor, N_("changed the rule of automatic approval")) as session:
            set_rule(session, actor.office_id, KEY, valid_from, as_value(rule), version)


def consider(session: Session, office: OfficeContext, case: Case) -> bool:
    """Let the rule look at the calculation that waits; whether it was approved. Part of the hand-in's transaction."""
    rule = _in_force(session, case.office_id, office.today())
    calculation = pending_calculation(session, case.id)
    if not rule.enabled or calculation is None:
        return False
    session.flush()
    answer = judge(_facts(session, office, case, calculation), rule)
    session.add(
        AutomaticCheck(
            case_id=case.id,
            calculation_id=calculation.id,
            checked_at=office.now(),
            conditions=[[one.code, one.holds, dict(one.facts)] for one in answer.conditions],
            sampled=answer.sampled,
            approved=answer.approved,
            digest=digest(calculation),
        )
    )
    if answer.approved:
        actor = _nobody(session, office, case.office_id)
        carry_out(session, office, actor, case, Move.APPROVE, _("Approved by the office's rule."), office.now())
    return answer.approved


def approved_by_rule(session: Session, calculation_id: int) -> AutomaticCheck | None:
    """The check by which the rule approved a calculation; None where a person decided."""
    return session.scalar(
        select(AutomaticCheck).where(
            AutomaticCheck.calculation_id == calculation_id, AutomaticCheck.approved.is_(True)
        )
    )


def _in_force(session: Session, office_id: int, day: dt.date) -> AutomaticRule:
    return rule_from(rule_at(session, office_id, KEY, day, None))


def _facts(session: Session, office: OfficeContext, case: Case, calculation: Calculation) -> AutomaticFacts:
    invoices = session.scalars(select(Invoice).where(Invoice.case_id == case.id)).all()
    reused = {number for number, _case in facts_of(session, case).reused_invoices}
    return AutomaticFacts(
        case_number=case.number,
        calculation=calculation.number,
        line=case.line,
        payable=calculation.payable,
        injury=case.injury or case.line is Line.MEDICAL,
        missing_documents=case.missing_documents,
        unconfirmed_documents=_count(
            session, Document, Document.case_id == case.id, Document.removed_at.is_(None), Document.state.in_(_TO_READ)
        ),
        open_findings=open_findings(session, case, warnings_only=True),
        invoices=len(invoices),
        wrong_sums=tuple(invoice.number for invoice in invoices if not _adds_up(invoice)),
        duplicates=tuple(
            invoice.number for invoice in invoices if invoice.duplicate_reason or invoice.number in reused
        ),
        risk=level_now(session, office, case),
        being_looked_into=bool(
            _count(session, RiskReferral, RiskReferral.case_id == case.id, RiskReferral.outcome.is_(None))
        ),
        open_disputes=open_complaints(session, case.id)
        + _count(session, Lawsuit, Lawsuit.case_id == case.id, Lawsuit.closed_at.is_(None)),
        handled_before=case.reopened_times > 0
        or bool(
            _count(
                session, Calculation, Calculation.case_id == case.id, Calculation.state == ApprovalState.RETURNED,
                Calculation.kind == CalculationKind.FINAL,
            )
        ),
        out_of_date=_out_of_date(session, case, calculation),
    )  # fmt: skip


def _out_of_date(session: Session, case: Case, calculation: Calculation) -> str:
    try:
        check_before_approval(session, case, calculation)
    except InvalidInput as error:
        return error.sentence
    return ''


def _count(session: Session, table: type, *conditions: object) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0  # type: ignore[arg-type]


def _adds_up(invoice: Invoice) -> bool:
    capital = from_capital(invoice.total_capital) if invoice.total_capital else None
    lines = tuple((line.amount, line.tax) for line in invoice.lines)
    return sums_right(invoice.amount, invoice.tax, invoice.total, lines, capital)


def _nobody(session: Session, office: OfficeContext, office_id: int) -> Actor:
    """The account in whose name the rule approves; made when it is first needed."""
    row = session.scalar(select(Account).where(Account.login == f'{LOGIN}:{office_id}'))
    if row is None:
        # Two desks may need it at the same moment: who holds the office's row makes it.
        session.execute(select(Office.id).where(Office.id == office_id).with_for_update(key_share=True))
        row = session.scalar(select(Account).where(Account.login == f'{LOGIN}:{office_id}'))
    if row is None:
        row = Account(
            office_id=office_id, login=f'{LOGIN}:{office_id}', name=_("Automatic approval"),
            password_hash=NO_PASSWORD, active=False, created_at=office.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
    return Actor(row.id, row.name, row.login, office_id, None, frozenset())


def _view(row: AutomaticCheck, number: int) -> CheckView:
    conditions = (
        ConditionView(code, condition_name(code), holds, condition_words(code, holds=holds, facts=facts))
        for code, holds, facts in row.conditions
    )
    return CheckView(number, row.checked_at, tuple(conditions), row.sampled, row.approved)
