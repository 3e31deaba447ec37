"""What a case puts into its letters: the values of the placeholders, and the lists, tables and pictures below them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text, to_capital
from claimdesk.errors import InvalidInput
from claimdesk.identifiers import mask_account, mask_id
from claimdesk.language import _
from claimdesk.models import (
    Accident,
    Account,
    ArchiveRecord,
    Calculation,
    Case,
    CaseParty,
    Document,
    LossItem,
    Office,
    Payment,
    Policy,
    SurveyReport,
)
from claimdesk.rules.clocks import due_state, due_words
from claimdesk.services.checklist import ABSENT, checklist_views
from claimdesk.services.clockwork import refused
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.loss_print import loss_parts
from claimdesk.services.survey_print import survey_parts
from claimdesk.vocabulary import (
    ApprovalState,
    CalculationKind,
    ChecklistState,
    LetterKind,
    Party,
    PaymentState,
    Stage,
    label,
)

if TYPE_CHECKING:
    from claimdesk.reports.letters import Part

_LIVE = (PaymentState.PREPARED, PaymentState.PAID)


@dataclass(frozen=True, slots=True)
class Material:
    """What a letter is made of. `details` is kept with the letter, as plain JSON.

    An `internal` one is from whoever makes it, any other from the handler of the case.
    """

    values: Mapping[str, str]
    parts: tuple[Part, ...]
    addressee: str = ''
    address: str = ''
    signers: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    internal: bool = False


def why_not_yet(session: Session, case: Case, kind: LetterKind) -> str:
    """Why this letter cannot be made of the case now, or ''."""
    if kind is LetterKind.SURVEY_REPORT:
        report = session.scalar(select(SurveyReport.id).where(SurveyReport.case_id == case.id))
        return '' if report is not None else _("Write the survey report first.")
    if kind is LetterKind.LOSS_LIST:
        line = session.scalar(select(LossItem.id).where(LossItem.case_id == case.id).limit(1))
        return '' if line is not None else _("Enter the loss first.")
    if kind is LetterKind.SUPPLEMENT:
        return '' if _absent(session, case, required=True) else _("Nothing is missing in this case.")
    if kind is LetterKind.PAYMENT_NOTICE:
        return '' if _approved(session, case) is not None else _("The payment is not approved yet.")
    if kind is LetterKind.REFUSAL:
        return '' if refused(session, case.id) else _("The claim is not refused.")
    if kind is LetterKind.URGING:
        return '' if case.stage is not Stage.CLOSED else _("The case is closed: nothing waits.")
    return ''


def gather(
    session: Session, office: OfficeContext, actor: Actor, case: Case, kind: LetterKind, note: str = ''
) -> Material:
    """What the case puts into this letter; `note` is what the person adds. Raises `InvalidInput` if it is too early."""
    problem = why_not_yet(session, case, kind)
    if problem:
        raise InvalidInput(problem)
    common = common_values(session, office, case)
    made = _MAKERS[kind](session, office, case, note)
    return Material(
        {**common, **made.values}, made.parts, made.addressee, made.address, made.signers, made.details, made.internal
    )


def common_values(session: Session, office: OfficeContext, case: Case) -> dict[str, str]:
    """The values of the placeholders that every letter knows."""
    accident = session.get_one(Accident, case.accident_id)
    handler = session.get(Account, case.owner_id) if case.owner_id else None
    return {
        'insured': case.insured_name,
        'case': case.number,
        'policy': case.policy_number,
        'plate': case.plate,
        'cause': case.cause,
        'loss_day': day_words(case.loss_at),
        'place': accident.place,
        'office': session.get_one(Office, case.office_id).name,
        'handler': handler.name if handler is not None else '',
        'today': office.today().isoformat(),
    }


def _customer(session: Session, case: Case) -> tuple[str, str]:
    """The insured and where letters reach them."""
    place = session.scalar(
        select(CaseParty).where(CaseParty.case_id == case.id, CaseParty.role == Party.INSURED).limit(1)
    )
    return case.insured_name, place.party.address if place is not None else ''


def _absent(session: Session, case: Case, *, required: bool) -> list[tuple[str, str]]:
    """Documents that are not here: name, and why one was rejected."""
    return [
        (view.name, view.reason if view.state is ChecklistState.REJECTED else '')
        for view in checklist_views(session, case)
        if view.required is required and view.state in ABSENT
    ]


def _supplement(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    missing, maybe = _absent(session, case, required=True), _absent(session, case, required=False)
    name, address = _customer(session, case)
    values = {
        'documents': missing_words(missing, [words for words, _reason in maybe]),
        'pause': '' if case.compulsory else pause_words(),
    }
    details = {'missing': [words for words, _reason in missing], 'maybe': [words for words, _reason in maybe]}
    return Material(values, (), name, address, details=details)


def missing_words(missing: Sequence[tuple[str, str]], maybe: Sequence[str]) -> str:
    """The documents as the claimant reads them: numbered, with why one was rejected, then those that may not exist."""
    lines = [
        _("{number}. {name} (rejected: {reason})").format(number=number, name=name, reason=reason)
        if reason
        else _("{number}. {name}").format(number=number, name=name)
        for number, (name, reason) in enumerate(missing, start=1)
    ]
    if maybe:
        lines.append(_("Please also hand in, if you have them: {names}.").format(names=_(", ").join(maybe)))
    return '\n'.join(lines)


def pause_words() -> str:
    """That the time of waiting does not count towards the thirty days."""
    return ' ' + _("The time until your documents reach us does not count towards the thirty days for our decision.")


def _approved(session: Session, case: Case) -> Calculation | None:
    return session.scalar(
        select(Calculation)
        .where(
            Calculation.case_id == case.id,
            Calculation.kind == CalculationKind.FINAL,
            Calculation.state == ApprovalState.APPROVED,
        )
        .order_by(Calculation.number.desc())
        .limit(1)
    )


def _payment_notice(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    calculation = _approved(session, case)
    amount = calculation.payable if calculation is not None else Decimal(0)
    payments = session.scalars(
        select(Payment)
        .where(Payment.case_id == case.id, Payment.state.in_(_LIVE))
        .order_by(Payment.prepared_at, Payment.id)
    ).all()
    lines = [
        _("{number}. {amount} yuan to {name}, {bank}, account {account}").format(
            number=number,
            amount=money_text(payment.amount),
            name=payment.payee_name,
            bank=payment.bank_name,
            account=mask_account(payment.account_number),
        )
        for number, payment in enumerate(payments, start=1)
    ]
    name, address = _customer(session, case)
    values = {'amount': money_text(amount), 'capitals': to_capital(amount), 'payees': '\n'.join(lines)}
    return Material(values, (), name, address, details={'amount': str(amount)})


def _refusal(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    reason = case.outcome_reason.strip()
    if not reason:
        raise InvalidInput(_("A refusal states its reasons (Insurance Law, article 24)."), _("Enter the reason first."))
    name, address = _customer(session, case)
    return Material({'reason': reason}, (), name, address, details={'reason': reason})


def _urging(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    owner = session.get(Account, case.owner_id) if case.owner_id else None
    return urging_of(case, owner.name if owner is not None else '', case.step_due_at, note, office.now())


def urging_of(case: Case, to: str, due: dt.datetime | None, note: str, now: dt.datetime) -> Material:
    """What urging `to` at `now` puts into its slip; `due` is the limit that it is about."""
    values = {
        'step': label(case.stage),
        'owner': to or _("nobody"),
        'since': day_words(case.stage_entered_at),
        'due': f'{moment_words(due)} ({due_words(due_state(due, now), due, now, None)})' if due else '–',
        'words': note.strip(),
    }
    return Material(values, (), to, details={'words': note.strip()}, internal=True)


def _report_record(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    from claimdesk.reports.letters import Part
    from claimdesk.reports.paper import Fact

    accident = session.get_one(Accident, case.accident_id)
    policy = session.get_one(Policy, case.policy_id)
    parties = session.scalars(select(CaseParty).where(CaseParty.case_id == case.id).order_by(CaseParty.id))
    people = [
        ' '.join(
            filter(None, (label(one.role), one.party.name, one.party.phone, mask_id(one.party.id_number),
                          str(one.party.born_on or '')))
        )
        for one in parties
    ]
    reported = Part(
        _("The report"),
        (
            Fact(_("Reported on"), moment_words(case.reported_at)),
            Fact(_("Reporter"), ' '.join(filter(None, (case.reporter_name, case.reporter_phone)))),
            Fact(_("Line"), label(case.line)),
            Fact(_("Policy number"), case.policy_number),
            Fact(_("In force"), f'{day_words(policy.starts_at)} – {day_words(policy.ends_at)}'),
            Fact(_("Plate"), case.plate),
        ),
    )
    happened = Part(
        _("What happened"),
        (
            Fact(_("Time of the loss"), moment_words(case.loss_at)),
            Fact(_("Cause"), case.cause),
            Fact(_("Injury"), _("yes") if case.injury else _("no")),
            Fact(_("Place"), accident.place, span=3),
            Fact(_("Police report number"), accident.police_number),
        ),
        accident.description,
    )
    who = Part(_("People"), text='\n'.join(people))
    signers = (_("Reporter"), _("Taken by"))
    return Material({}, (reported, happened, who), signers=signers)


def _survey_report(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    return Material({}, survey_parts(session, office, case), signers=(_("Surveyor"), _("Insured or driver")))


def _loss_list(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    return Material({}, loss_parts(session, case), signers=(_("Loss assessor"), _("Price checker"), _("Insured")))


def _archive_index(session: Session, office: OfficeContext, case: Case, note: str) -> Material:
    from claimdesk.reports.letters import Part, Table, columns

    names = {view.code: view.name for view in checklist_views(session, case)}
    record = session.scalar(
        select(ArchiveRecord).where(ArchiveRecord.case_id == case.id).order_by(ArchiveRecord.id.desc()).limit(1)
    )
    documents = session.scalars(
        select(Document)
        .where(Document.case_id == case.id, Document.removed_at.is_(None))
        .order_by(Document.added_at, Document.id)
    ).all()
    rows, page = [], 1
    for number, document in enumerate(documents, start=1):
        count = len(document.pages)
        span = str(page) if count == 1 else f'{page}–{page + count - 1}'
        page += count
        kind = names.get(document.checklist_code, '') or label(document.kind)
        rows.append((str(number), document.title, kind, span, str(count), day_words(document.added_at)))
    table = Table(
        columns(
            (_("No."), _("Document"), _("Kind"), _("Sheets"), _("Number of sheets"), _("Filed on")),
            (6, 32, 24, 10, 14, 14),
            right=(3, 4),
        ),
        tuple(rows),
        ('', _("Total"), '', '', str(page - 1), ''),
    )
    keep_until = record.keep_until.isoformat() if record is not None else '–'
    signers = (_("Filed by"), _("Received in the archive by"))
    return Material({'keep_until': keep_until}, (Part(table=table),), signers=signers)


_MAKERS: Mapping[LetterKind, Callable[[Session, OfficeContext, Case, str], Material]] = {
    LetterKind.REPORT_RECORD: _report_record,
    LetterKind.SURVEY_REPORT: _survey_report,
    LetterKind.LOSS_LIST: _loss_list,
    LetterKind.SUPPLEMENT: _supplement,
    LetterKind.PAYMENT_NOTICE: _payment_notice,
    LetterKind.REFUSAL: _refusal,
    LetterKind.URGING: _urging,
    LetterKind.ARCHIVE_INDEX: _archive_index,
}


def day_words(at: dt.datetime | None) -> str:
    """`2026-11-25`, in the office's own time; '–' for none."""
    return f'{at.astimezone(SHANGHAI):%Y-%m-%d}' if at is not None else '–'


def moment_words(at: dt.datetime | None) -> str:
    """`2026-11-25 15:20`, in the office's own time; '–' for none."""
    return f'{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}' if at is not None else '–'
