"""Verifying the signatures of a case, and that its money follows from what was signed."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.language import _
from claimdesk.models import (
    Account,
    AuditEntry,
    AutomaticCheck,
    Calculation,
    Case,
    Office,
    Payment,
    SigningKey,
    SignOff,
)
from claimdesk.models.types import Money
from claimdesk.services.findings import Finding, Health
from claimdesk.services.sign_off import digest, problem_of
from claimdesk.services.straight_through import approved_by_rule
from claimdesk.vocabulary import ApprovalState, CalculationKind, Decision, PaymentState, label

_APPROVING = (Decision.APPROVED, Decision.HEAD_OFFICE)
_LIVE = (PaymentState.PREPARED, PaymentState.PAID)


def check_sign_off(session: Session, case: Case) -> list[Finding]:
    """One finding for each signature, each approved calculation, and each amount that rests on one."""
    signed = session.scalars(
        select(SignOff)
        .where(SignOff.case_id == case.id, SignOff.decision != Decision.RETURNED)
        .order_by(SignOff.id)
    )
    found = [_signature(session, row) for row in signed]
    calculations = session.scalars(
        select(Calculation).where(Calculation.case_id == case.id).order_by(Calculation.number)
    ).all()
    for calculation in calculations:
        found += _approval(session, case, calculation)
        found += _payments(session, calculation)
    found += _payable(case, [one for one in calculations if one.kind is CalculationKind.FINAL])
    return found


def signature_words(session: Session, case: Case, calculation: Calculation) -> str:
    """What a print says of the approval: how it is signed, or that this is broken; '' for what is not approved."""
    if calculation.state is not ApprovalState.APPROVED:
        return ''
    rows = session.scalars(
        select(SignOff)
        .where(SignOff.calculation_id == calculation.id, SignOff.decision != Decision.RETURNED)
        .order_by(SignOff.id)
    ).all()
    findings = [*(_signature(session, row) for row in rows), *_approval(session, case, calculation)]
    broken = [one.sentence for one in findings if one.health is Health.BROKEN]
    if broken:
        return _("Attention, the signature is broken: {reasons}").format(reasons=' '.join(dict.fromkeys(broken)))
    notes = [one.sentence for one in findings if one.part == 'approval']
    signed = [_signed_words(session, row) for row in rows]
    return ' '.join((*signed, *notes))


def _signed_words(session: Session, row: SignOff) -> str:
    name = session.scalar(select(Account.name).where(Account.id == row.signed_by)) or ''
    key = session.get(SigningKey, row.key_id) if row.key_id else None
    level = f' ({_(row.level)})' if row.level else ''
    words = _("{decision}: signed electronically by {name}{level}, key {key}; the signature holds.").format(
        decision=label(row.decision), name=name, level=level, key=key.public_key[:16] if key else ''
    )
    letter = _("Head office's letter {number}").format(number=row.reference) if row.reference else ''
    return ' '.join(filter(None, (words, letter)))


def _signature(session: Session, row: SignOff) -> Finding:
    calculation = session.get(Calculation, row.calculation_id)
    signer = session.scalar(select(Account.name).where(Account.id == row.signed_by)) or str(row.signed_by)
    subject = _("Calculation no. {number}: {decision}").format(
        number=calculation.number if calculation else '?', decision=label(row.decision)
    )
    problem = problem_of(session, row) or _key_problem(session, row.key_id)
    if problem:
        return Finding('signature', subject, Health.BROKEN, problem)
    return Finding('signature', subject, Health.GOOD, _("Signed by {name}; the signature holds.").format(name=signer))


def _key_problem(session: Session, key_id: int | None) -> str:
    """A key that was put into the table by another way than signing has no record of its making, or another one."""
    key = session.get(SigningKey, key_id) if key_id else None
    if key is None:
        return ''
    made = session.scalars(
        select(AuditEntry.changes).where(
            AuditEntry.case_id.is_(None),
            AuditEntry.kind == 'signing_key',
            AuditEntry.row_id == key.id,
            AuditEntry.verb == 'insert',
        )
    ).all()
    fits = any(changes.get('public_key', [None, None])[1] == key.public_key for changes in made)
    return '' if fits else _("The key differs from the record of its making.")


def _approval(session: Session, case: Case, calculation: Calculation) -> list[Finding]:
    subject = _("Calculation no. {number}").format(number=calculation.number)
    signed = session.scalars(
        select(SignOff)
        .where(SignOff.calculation_id == calculation.id, SignOff.decision.in_(_APPROVING))
        .order_by(SignOff.id.desc())
    ).first()
    if calculation.state is not ApprovalState.APPROVED:
        if signed is None:
            return []
        sentence = _("It was approved and signed, and is kept as not approved now.")
        return [Finding('approval', subject, Health.BROKEN, sentence)]
    if signed is None:
        by_rule = approved_by_rule(session, calculation.id)
        if by_rule is not None:
            return [_by_rule(subject, calculation, by_rule)]
        since = session.scalar(select(Office.signing_since).where(Office.id == case.office_id))
        if since is not None and calculation.decided_at is not None and calculation.decided_at < since:
            sentence = _("Approved before signing was introduced; it bears no signature.")
            return [Finding('approval', subject, Health.NOTE, sentence)]
        return [Finding('approval', subject, Health.BROKEN, _("Approved without a signature."))]
    if signed.signed_by != calculation.decided_by or signed.signed_at != calculation.decided_at:
        sentence = _("Who decided and when differs from the signature.")
        return [Finding('approval', subject, Health.BROKEN, sentence)]
    if signed.signed_by == calculation.made_by:
        return [Finding('approval', subject, Health.BROKEN, _("It was approved by the person who made it."))]
    return []


def _by_rule(subject: str, calculation: Calculation, check: AutomaticCheck) -> Finding:
    """The office's rule approved it: no person signed, so what it saw must be what is kept now."""
    if check.digest != digest(calculation):
        sentence = _("The calculation has been changed since the office's rule approved it.")
        return Finding('approval', subject, Health.BROKEN, sentence)
    if not all(holds for _code, holds, _facts in check.conditions):
        return Finding('approval', subject, Health.BROKEN, _("The rule's own record says that a condition failed."))
    return Finding('approval', subject, Health.NOTE, _("Approved by the office's rule; no person signed it."))


def _payments(session: Session, calculation: Calculation) -> list[Finding]:
    total = session.scalar(
        select(func.sum(Payment.amount, type_=Money)).where(
            Payment.calculation_id == calculation.id, Payment.state.in_(_LIVE)
        )
    )
    live = Decimal(total or 0)
    allowed = calculation.payable if calculation.state is ApprovalState.APPROVED else Decimal(0)
    if live <= allowed:
        return []
    subject = _("Payments of calculation no. {number}").format(number=calculation.number)
    sentence = _("{paid} yuan is paid or on its way, and {allowed} yuan is approved.").format(
        paid=f'{live:,.2f}', allowed=f'{allowed:,.2f}'
    )
    return [Finding('payment', subject, Health.BROKEN, sentence)]


def _payable(case: Case, finals: list[Calculation]) -> list[Finding]:
    approved = [one for one in finals if one.state is ApprovalState.APPROVED]
    if case.payable is None or (approved and approved[-1].payable == case.payable):
        return []
    sentence = _("The case says {kept} yuan is payable; that is not what was approved.").format(
        kept=f'{case.payable:,.2f}'
    )
    return [Finding('payment', case.number, Health.BROKEN, sentence)]
