"""The accounts of a case's payees: entered by one, a later one checked by another, shown whole only on record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.identifiers import mask_account
from claimdesk.language import N_, _
from claimdesk.models import AccountReveal, Case, CaseParty, PartyRecord, PayeeAccount, Payment
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.bank_file import account_problem
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import PaymentState


@dataclass(frozen=True, slots=True)
class Payee:
    """To whom and where a payment goes; the account number is masked, and may be handed back as it is."""

    name: str
    bank_name: str = ''
    account_number: str = ''


class PayeeAccounts:
    """Looking at accounts, and the second person's check of a changed one."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def suggest(self, actor: Actor, case_id: int) -> Payee:
        """Whom to pay: where the case was paid to last, else the insured with the account known from another case, else
        the account that was entered on this one.

        Raises `NotAllowed` and `NotFound`.
        """
        require(actor, Permission.PAY)
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            last = _known(session, case)
            if last is None:
                entered = _entered(session, case)
                if entered is None:
                    return Payee(case.insured_name)
                return Payee(entered.name, entered.bank_name, mask_account(entered.account_number))
            return Payee(last.payee_name, last.bank_name, mask_account(last.account_number))

    def reveal(self, actor: Actor, payment_id: int) -> str:
        """The whole account number of a payment; that it was shown, and to whom, is kept in the audit trail.

        Raises `NotAllowed` and `NotFound`.
        """
        if not actor.may(Permission.PAY):
            require(actor, Permission.CHECK_ACCOUNT)
        with self._office.write(actor, N_("looked at an account number")) as session:
            payment = get(session, Payment, payment_id)
            note_reveal(session, payment, actor, self._office.now())
            return payment.account_number

    def check(self, actor: Actor, account_id: int, version: int) -> None:
        """Confirm, as the second person, an account that came after the first one of its case.

        Raises `NotAllowed`, `InvalidInput` for whoever entered it, and `Conflict`.
        """
        require(actor, Permission.CHECK_ACCOUNT)
        with self._office.write(actor, N_("checked a changed account")) as session:
            account = get_for_edit(session, PayeeAccount, account_id, version)
            if account.entered_by == actor.id:
                raise InvalidInput(
                    _("You entered this account, so somebody else must check it."),
                    _("Ask a colleague of finance or an approver."),
                )
            if account.checked_by is None:
                account.checked_by, account.checked_at = actor.id, self._office.now()
                touch(session, get(session, Case, account.case_id), self._office)


def note_reveal(session: Session, payment: Payment, actor: Actor, now: dt.datetime) -> None:
    """Keep that `actor` has seen the whole number."""
    session.add(AccountReveal(case_id=payment.case_id, payment_id=payment.id, seen_by=actor.id, seen_at=now))


def account_of(
    session: Session, case: Case, payee: Payee, actor: Actor, now: dt.datetime, reason: str = ''
) -> PayeeAccount:
    """The row of this account on the case, made the first time.

    A masked number stands for the known account that was suggested. Whatever comes after the first account of a case
    needs a second person. Raises `InvalidInput` by field.
    """
    number = ''.join(payee.account_number.split())
    if '*' in number:
        known = _known(session, case) or _entered(session, case)
        if known is None or mask_account(known.account_number) != number:
            sentence = _("Enter the whole number.")
            raise InvalidInput(sentence, '', {'account_number': sentence})
        number = known.account_number
    _check(payee, number)
    name, bank = payee.name.strip(), payee.bank_name.strip()
    rows = session.scalars(select(PayeeAccount).where(PayeeAccount.case_id == case.id)).all()
    for row in rows:
        if (row.name, row.bank_name, row.account_number) == (name, bank, number):
            return row
    paid_before = session.execute(
        select(Payment.payee_name, Payment.bank_name, Payment.account_number).where(Payment.case_id == case.id)
    ).all()
    earlier = bool(rows or paid_before) and (name, bank, number) not in {tuple(one) for one in paid_before}
    made = PayeeAccount(
        case_id=case.id,
        name=name,
        bank_name=bank,
        account_number=number,
        needs_check=earlier,
        reason=reason.strip(),
        entered_by=actor.id,
        entered_at=now,
    )
    session.add(made)
    session.flush()
    return made


def is_cleared(account: PayeeAccount | None) -> bool:
    """Whether money may go to the account: it needs no second person, or has had one."""
    return account is None or not account.needs_check or account.checked_by is not None


def is_stranger(session: Session, case: Case, name: str) -> bool:
    """Whether the payee is neither the insured nor anybody else known on the case."""
    if name.strip() == case.insured_name:
        return False
    known = session.scalars(
        select(PartyRecord.name)
        .join(CaseParty, CaseParty.party_id == PartyRecord.id)
        .where(CaseParty.case_id == case.id)
    )
    return name.strip() not in set(known)


def _known(session: Session, case: Case) -> Payment | None:
    return session.scalar(
        select(Payment)
        .join(Case, Case.id == Payment.case_id)
        .where(
            or_(
                Payment.case_id == case.id,
                and_(Payment.state == PaymentState.PAID, Payment.payee_name == case.insured_name,
                     Case.insured_name == case.insured_name),
            )
        )
        .order_by((Payment.case_id == case.id).desc(), Payment.id.desc())
        .limit(1)
    )  # fmt: skip


def _entered(session: Session, case: Case) -> PayeeAccount | None:
    """The account that was entered on the case last and not paid to yet: taken over from a bank card."""
    return session.scalar(
        select(PayeeAccount).where(PayeeAccount.case_id == case.id).order_by(PayeeAccount.id.desc()).limit(1)
    )


def _check(payee: Payee, number: str) -> None:
    wrong: dict[str, str] = {}
    if not payee.name.strip():
        wrong['payee_name'] = _("Enter this.")
    if not payee.bank_name.strip():
        wrong['bank_name'] = _("Enter this.")
    if problem := account_problem(number):
        wrong['account_number'] = problem
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
