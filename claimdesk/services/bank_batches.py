"""Batches: payments that go to the bank in one file, and the bank's answer put beside what was sent."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, BankAnswer, Case, Office, Payment, PaymentBatch
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.rules.bank_file import (
    FINE,
    TEMPLATE_KEY,
    Answer,
    AnswerLine,
    Field,
    Outcome,
    Template,
    account_fits,
    reference_of,
    template_from,
)
from claimdesk.rules.permissions import Permission
from claimdesk.services.bank_answer_file import read_answer
from claimdesk.services.cases import RowResult
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import rule_at
from claimdesk.services.payee_accounts import note_reveal
from claimdesk.services.payment import lock_case, must_be_cleared, settle, take_back
from claimdesk.services.sequences import next_number
from claimdesk.vocabulary import PaymentState


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch: how many payments of it and how much in yuan; `open` of them still wait for the bank's answer."""

    id: int
    number: str
    template: str
    payments: int
    amount: Decimal
    open: int
    made_by: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class BatchResult:
    """The batch that was made, and how it went for each payment that was to be in it."""

    batch: BatchView
    results: tuple[RowResult, ...]


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """One line of the bank's answer beside our payment; amounts in yuan, None where one side has none.

    `line` is its row in the file, 0 for a payment of ours that the file says nothing of.
    """

    line: int
    reference: str
    outcome: Outcome
    case_number: str = ''
    payee: str = ''
    ours: Decimal | None = None
    theirs: Decimal | None = None
    note: str = ''

    @property
    def fine(self) -> bool:
        """Whether nobody needs to look at it."""
        return self.outcome in FINE


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What became of every line; `earlier` says when the same file was imported before, if it was."""

    file_name: str
    lines: tuple[AnswerResult, ...]
    earlier: dt.datetime | None = None

    @property
    def differences(self) -> tuple[AnswerResult, ...]:
        """The lines that somebody has to look at."""
        return tuple(line for line in self.lines if not line.fine)


class Batches:
    """Sending payments to the bank many at a time. Nothing goes out twice, whoever clicks on how many desks."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def template(self, actor: Actor) -> Template:
        """The columns and words of the office's bank, as they are today."""
        with self._office.database.read() as session:
            return self._template(session, actor)

    def _template(self, session: Session, actor: Actor) -> Template:
        return template_from(rule_at(session, actor.office_id, TEMPLATE_KEY, self._office.today(), None))

    def recent(self, actor: Actor, most: int = 50) -> list[BatchView]:
        """The newest batches first."""
        with self._office.database.read() as session:
            rows = session.scalars(select(PaymentBatch).order_by(PaymentBatch.id.desc()).limit(most)).all()
            return [_view(session, row) for row in rows]

    def make(self, actor: Actor, payment_ids: Sequence[int]) -> BatchResult:
        """Put prepared payments into a batch; one that cannot go says why and does not stop the others.

        Raises `NotAllowed`, and `InvalidInput` where none of them can go.
        """
        require(actor, Permission.PAY)
        with self._office.write(actor, N_("put payments into a batch")) as session:
            taken: list[Payment] = []
            results = []
            for payment_id in sorted(set(payment_ids)):
                case, payment, sentence = self._take(session, payment_id)
                if payment is not None and not sentence:
                    taken.append(payment)
                results.append(RowResult(case.id if case else 0, case.number if case else '', sentence))
            if not taken:
                reasons = ' '.join(dict.fromkeys(one.sentence for one in results))
                raise InvalidInput(_("None of these payments can go to the bank."), reasons)
            now = self._office.now()
            office = session.get_one(Office, actor.office_id)
            number = next_number(session, actor.office_id, 'batch', self._office.today().year)
            batch = PaymentBatch(
                office_id=actor.office_id,
                number=f'{office.code}P{self._office.today().year}-{number:05d}',
                template=self._template(session, actor).name,
                payments=len(taken),
                amount=sum((payment.amount for payment in taken), Decimal(0)),
                made_by=actor.id,
                made_at=now,
            )
            session.add(batch)
            session.flush()
            for payment in taken:
                payment.batch_id = batch.id
                touch(session, get(session, Case, payment.case_id), self._office)
            session.flush()
            return BatchResult(_view(session, batch), tuple(results))

    def _take(self, session: Session, payment_id: int) -> tuple[Case | None, Payment | None, str]:
        known = session.get(Payment, payment_id)
        if known is None:
            return None, None, _("This no longer exists.")
        case = lock_case(session, known.case_id)
        payment = _locked(session, payment_id)
        if payment.state is not PaymentState.PREPARED:
            return case, payment, _("This payment has already been settled.")
        if payment.batch_id is not None:
            return case, payment, _("It is in another batch already.")
        try:
            must_be_cleared(session, payment)
        except InvalidInput as error:
            return case, payment, error.sentence
        return case, payment, ''

    def write(self, actor: Actor, batch_id: int, path: Path, progress: Progress = quiet) -> Path:
        """Write the file of a batch, again if need be; that its account numbers were seen is kept.

        Raises `NotAllowed`, `NotFound`, `Unavailable`.
        """
        from claimdesk.reports.bank_file import write_csv, write_workbook

        require(actor, Permission.PAY)
        with self._office.write(actor, N_("wrote a bank file")) as session:
            get(session, PaymentBatch, batch_id)
            template = self._template(session, actor)
            payer = session.get_one(Office, actor.office_id).name
            payments = session.scalars(select(Payment).where(Payment.batch_id == batch_id).order_by(Payment.id)).all()
            rows = []
            for done, payment in enumerate(payments):
                progress(done, len(payments), _("Writing the bank file"))
                if payment.state is PaymentState.PREPARED:
                    rows.append(_row(session, payment, payer))
                    note_reveal(session, payment, actor, self._office.now())
        if not rows:
            raise InvalidInput(_("Every payment of this batch is settled."), _("There is nothing left to send."))
        headings = [heading for heading, _what in template.columns]
        lines = [[row[what] for _heading, what in template.columns] for row in rows]
        if template.format == 'csv':
            write_csv(path, headings, lines, template.encoding)
        else:
            write_workbook(path, template.name, headings, lines)
        return path

    def import_answer(self, actor: Actor, path: Path, progress: Progress = quiet) -> Reconciliation:
        """Read the bank's answer, record what fits our payments, and list everything that does not.

        Each line is recorded for itself, so that the same file may be imported again after a break: what was recorded
        is only said to be known. Raises `NotAllowed`, `InvalidInput` for a file that is no answer, and `Unreadable`.
        """
        require(actor, Permission.PAY)
        content, template = path.read_bytes(), self.template(actor)
        lines = read_answer(path.name, content, template)
        digest = hashlib.sha256(content).hexdigest()
        with self._office.database.read() as session:
            earlier = session.scalar(select(func.max(BankAnswer.imported_at)).where(BankAnswer.digest == digest))
        results: list[AnswerResult] = []
        for done, line in enumerate(lines):
            progress(done, len(lines), _("Reading the bank's answer"))
            results.append(self._record(actor, line))
        results += self._unanswered({line.payment_id for line in lines if line.payment_id is not None})
        with self._office.write(actor, N_("imported the bank's answer")) as session:
            session.add(
                BankAnswer(
                    office_id=actor.office_id, file_name=path.name[:200], digest=digest,
                    lines=[_plain(one) for one in results], imported_by=actor.id, imported_at=self._office.now(),
                )
            )  # fmt: skip
        return Reconciliation(path.name, tuple(results), earlier)

    def _record(self, actor: Actor, line: AnswerLine) -> AnswerResult:
        result = AnswerResult(line.number, line.reference, Outcome.UNKNOWN, theirs=line.amount)
        if line.payment_id is None:
            return result
        action = N_("recorded the payment") if line.answer is Answer.PAID else N_("recorded a returned payment")
        try:
            with self._office.write(actor, action) as session:
                known = session.get(Payment, line.payment_id)
                if known is None:
                    return result
                case = lock_case(session, known.case_id)
                payment = _locked(session, known.id)
                result = replace(result, case_number=case.number, payee=payment.payee_name, ours=payment.amount)
                outcome = _verdict(payment, line)
                if outcome is Outcome.PAID:
                    settle(session, self._office, payment, actor, line.bank_reference or line.reference)
                elif outcome is Outcome.RETURNED:
                    take_back(session, self._office, payment, actor, line.reason or _("Returned by the bank"))
                return replace(result, outcome=outcome, note=line.reason)
        except ClaimDeskError as error:
            return replace(result, outcome=Outcome.STATE, note=error.sentence)

    def _unanswered(self, answered: set[int]) -> list[AnswerResult]:
        """Payments of the same batches that the file says nothing of."""
        with self._office.database.read() as session:
            batches = select(Payment.batch_id).where(Payment.id.in_(answered), Payment.batch_id.is_not(None))
            rows = session.execute(
                select(Payment, Case.number)
                .join(Case, Case.id == Payment.case_id)
                .where(
                    Payment.batch_id.in_(batches),
                    Payment.state == PaymentState.PREPARED,
                    Payment.id.not_in(answered),
                )
                .order_by(Payment.id)
            )
            return [
                AnswerResult(0, reference_of(row.id), Outcome.UNANSWERED, number, row.payee_name, row.amount)
                for row, number in rows
            ]


def _verdict(payment: Payment, line: AnswerLine) -> Outcome:
    """What a line means for the payment it names."""
    if line.amount != payment.amount:
        return Outcome.AMOUNT
    if not account_fits(payment.account_number, line.account):
        return Outcome.ACCOUNT
    if line.answer is Answer.UNCLEAR:
        return Outcome.UNCLEAR
    if line.answer is Answer.PAID:
        if payment.state is PaymentState.PAID:
            return Outcome.KNOWN
        sent = payment.state is PaymentState.PREPARED and payment.batch_id is not None
        return Outcome.PAID if sent else Outcome.STATE
    if payment.state is PaymentState.RETURNED:
        return Outcome.KNOWN
    sent = payment.batch_id is not None and payment.state in (PaymentState.PREPARED, PaymentState.PAID)
    return Outcome.RETURNED if sent else Outcome.STATE


def _locked(session: Session, payment_id: int) -> Payment:
    return session.scalars(
        select(Payment)
        .where(Payment.id == payment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _row(session: Session, payment: Payment, payer: str) -> dict[Field, str | Decimal]:
    number = get(session, Case, payment.case_id).number
    return {
        Field.REFERENCE: reference_of(payment.id),
        Field.PAYEE: payment.payee_name,
        Field.ACCOUNT: payment.account_number,
        Field.BANK: payment.bank_name,
        Field.AMOUNT: payment.amount,
        Field.PURPOSE: _("Claim payment {number}").format(number=number),
        Field.CASE: number,
        Field.CURRENCY: 'CNY',
        Field.PAYER: payer,
    }


def _view(session: Session, batch: PaymentBatch) -> BatchView:
    still_open = session.scalar(
        select(func.count())
        .select_from(Payment)
        .where(Payment.batch_id == batch.id, Payment.state == PaymentState.PREPARED)
    )
    name = session.scalar(select(Account.name).where(Account.id == batch.made_by))
    return BatchView(
        batch.id, batch.number, batch.template, batch.payments, batch.amount, still_open or 0, name or '', batch.made_at
    )


def _plain(result: AnswerResult) -> dict[str, object]:
    plain = asdict(result)
    for name in ('ours', 'theirs'):
        plain[name] = None if plain[name] is None else str(plain[name])
    plain['outcome'] = result.outcome.value
    return plain
