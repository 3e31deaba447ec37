"""The claim summary: everything that matters of one case on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from claimdesk.amounts import money_text
from claimdesk.errors import NotFound, Unavailable, Unreadable
from claimdesk.identifiers import mask_account, mask_id
from claimdesk.language import N_, _
from claimdesk.models import Calculation, Case, Office
from claimdesk.models.rows import get
from claimdesk.progress import Progress, quiet
from claimdesk.reports import claim_file as file
from claimdesk.rules.adjustment import Step
from claimdesk.services.adjustment import Adjustments
from claimdesk.services.assessment import Assessments
from claimdesk.services.calculation_view import CalculationView
from claimdesk.services.cases import CasePage, Cases
from claimdesk.services.checklist import Checklist
from claimdesk.services.clockwork import ClockView, Clockwork
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.disputes import Disputes
from claimdesk.services.documents import Documents, DocumentView
from claimdesk.services.invoice_views import InvoiceView
from claimdesk.services.invoices import Invoices
from claimdesk.services.messages import Messages
from claimdesk.services.payment import Payments
from claimdesk.services.printing import write_pdf
from claimdesk.services.sign_off_check import signature_words
from claimdesk.services.survey import Surveys
from claimdesk.services.timeline import Timelines
from claimdesk.services.timeline_entries import TimelineEntry
from claimdesk.services.timeline_words import THINGS
from claimdesk.vocabulary import Line, Outcome, Word, label

MOST_TALKS, MOST_EVENTS, MOST_THUMBNAILS = 8, 12, 16
THUMBNAIL_WIDTH = 420
"""Pixels: about 250 to the inch at the size a page is printed at."""

DETAILS: dict[str, str] = {
    'driver_name': N_("Driver"),
    'driver_licence': N_("Driving licence number"),
    'vehicle_owner': N_("Owner of the vehicle"),
    'engine_number': N_("Engine number"),
    'other_plate': N_("Other vehicle's plate"),
    'drivable': N_("Drivable"),
    'garage': N_("Garage"),
    'patient_name': N_("Patient"),
    'hospital': N_("Hospital"),
    'diagnosis': N_("Diagnosis"),
    'admitted_on': N_("Admitted"),
    'discharged_on': N_("Discharged"),
    'social_insurance_used': N_("Social insurance used"),
    'premises': N_("Damaged premises"),
    'occupancy': N_("Use of the premises"),
    'value_at_loss': N_("Value at the time of the loss"),
    'fire_brigade_number': N_("Fire brigade number"),
}
"""The line's own fields that are printed, and what they are called."""

_MASKED = frozenset({'driver_licence'})


class Summaries:
    """Printing the claim summary."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._cases, self._clocks, self._checklist = Cases(office), Clockwork(office), Checklist(office)
        self._documents, self._invoices, self._surveys = Documents(office), Invoices(office), Surveys(office)
        self._assessments, self._adjustments = Assessments(office), Adjustments(office)
        self._disputes = Disputes(office)
        self._payments, self._messages, self._timelines = Payments(office), Messages(office), Timelines(office)

    def _calculations(self, actor: Actor, case_id: int) -> tuple[file.CalculationPart, ...]:
        views = reversed(self._adjustments.of_case(actor, case_id))
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            return tuple(
                calculation_part(view, signature_words(session, case, get(session, Calculation, view.id)))
                for view in views
            )

    def pdf(self, actor: Actor, case_id: int, progress: Progress = quiet) -> bytes:
        """The claim summary as PDF. Raises `NotFound`."""
        from claimdesk.reports.claim_summary import claim_summary

        return claim_summary(self.claim(actor, case_id, progress), progress)

    def write(self, actor: Actor, case_id: int, path: Path, progress: Progress = quiet) -> None:
        """Write the claim summary to `path`, whole or not at all. Raises `NotFound`, `Unavailable`."""
        write_pdf(path, self.pdf(actor, case_id, progress))

    def claim(self, actor: Actor, case_id: int, progress: Progress = quiet) -> file.ClaimFile:
        """What the summary says, as plain values. Raises `NotFound`."""
        progress(0, 0, _("Gathering the file"))
        case = self._cases.page(actor, case_id)
        clocks = self._clocks.due(actor, case_id)
        documents = self._documents.of_case(actor, case_id)
        talks = self._talks(actor, case_id)
        events = [
            file.EventLine(_local(one.at), one.who, one.action, _told(one))
            for one in self._timelines.of_case(actor, case_id)
        ]
        with self._office.database.read() as session:
            office = session.scalar(select(Office.name).order_by(Office.id).limit(1)) or ''
        return file.ClaimFile(
            office=office,
            printed_by=actor.name,
            printed_at=_local(self._office.now()),
            **_head(case),
            due_words=_due_words(case, clocks),
            policy=_policy(case),
            people=tuple(
                file.PersonLine(one.role, one.name, one.phone, one.address, one.born_on) for one in case.parties
            ),
            clocks=tuple(map(_clock, clocks)),
            survey=self._survey(actor, case_id),
            checklist=tuple(
                file.NeededLine(one.name, one.required, one.state, one.reason, one.checked_by)
                for one in self._checklist.of_case(actor, case_id)
            ),
            documents=tuple(map(_document, documents)),
            invoices=tuple(map(_invoice, self._invoices.of_case(actor, case_id))),
            losses=tuple(
                file.LossLine(one.kind, one.name, one.claimed, one.confirmed, one.document, one.note)
                for one in self._assessments.items(actor, case_id)
            ),
            calculations=self._calculations(actor, case_id),
            payments=self._paid(actor, case_id),
            reserves=tuple(
                file.ReserveLine(one.amount, one.first, one.reason, one.made_by, _local(one.made_at))
                for one in case.reserves
            ),
            talks=tuple(talks[:MOST_TALKS]),
            talk_count=len(talks),
            events=tuple(events[:MOST_EVENTS]),
            event_count=len(events),
            thumbnails=tuple(self._thumbnails(actor, documents, progress)),
            page_count=sum(len(document.pages) for document in documents),
        )

    def _survey(self, actor: Actor, case_id: int) -> file.SurveyPart | None:
        report = self._surveys.report(actor, case_id)
        if report.version == 0:
            return None
        return file.SurveyPart(
            report.surveyor,
            _maybe_local(report.visited_at),
            report.place,
            report.liability,
            report.finding,
            report.statement,
            report.suspicious,
            _maybe_local(report.finished_at),
        )

    def _paid(self, actor: Actor, case_id: int) -> tuple[file.PaymentLine, ...]:
        return tuple(
            file.PaymentLine(
                one.payee_name,
                one.bank_name,
                mask_account(one.account_number),
                one.amount,
                one.state,
                one.prepared_by,
                _maybe_local(one.paid_at),
                one.bank_reference,
            )
            for one in reversed(self._payments.of_case(actor, case_id))
        )

    def _talks(self, actor: Actor, case_id: int) -> list[file.TalkLine]:
        """Conversations and complaints, the newest first."""
        found = [
            file.TalkLine(
                _local(one.at), one.channel, _direction(one.incoming, one.with_whom), one.body, one.written_by
            )
            for one in self._messages.of_case(actor, case_id)
        ]
        for complaint in self._disputes.of_case(actor, case_id):
            text = complaint.content
            if complaint.answered_at is not None:
                text = _("{complaint} Answer: {answer}").format(complaint=text, answer=complaint.answer)
            found.append(
                file.TalkLine(_local(complaint.received_at), None, complaint.complainant, text, complaint.owner)
            )
        return sorted(found, key=lambda one: one.at, reverse=True)

    def _thumbnails(self, actor: Actor, documents: Sequence[DocumentView], progress: Progress) -> list[file.Thumbnail]:
        """The first pages of the file as small pictures; a page that cannot be shown is left out, it is in the list."""
        wanted = [(document, page.position) for document in documents for page in document.pages][:MOST_THUMBNAILS]
        made = []
        for done, (document, position) in enumerate(wanted):
            progress(done, len(wanted), _("Drawing the pages of the file"))
            try:
                image = self._documents.page_image(actor, document.id, position, THUMBNAIL_WIDTH)
            except (NotFound, Unreadable, Unavailable):
                continue
            name = document.title
            if len(document.pages) > 1:
                name = _("{title}, page {page}").format(title=name, page=position + 1)
            made.append(file.Thumbnail(image, name))
        return made


def _head(case: CasePage) -> dict[str, Any]:
    return {
        'number': case.number,
        'line': case.line,
        'compulsory': case.compulsory,
        'injury': case.injury,
        'stage': case.stage,
        'outcome': case.outcome,
        'outcome_reason': case.outcome_reason,
        'owner': case.owner,
        'reported_at': _local(case.reported_at),
        'registered_at': _maybe_local(case.registered_at),
        'closed_at': _maybe_local(case.closed_at),
        'reopened_times': case.reopened_times,
        'estimate': case.estimate,
        'payable': case.payable,
        'paid_amount': case.paid_amount,
        'reporter': case.reporter_name,
        'reporter_phone': case.reporter_phone,
        'loss_at': _local(case.loss_at),
        'place': case.place,
        'cause': case.cause,
        'liability': case.liability,
        'police_number': case.police_number,
        'description': case.description,
        'details': _details(case),
    }


def _details(case: CasePage) -> tuple[tuple[str, str], ...]:
    found = []
    for name, title in DETAILS.items():
        value = case.details.get(name)
        if value is None or value == '':
            continue
        found.append((_(title), mask_id(str(value)) if name in _MASKED else _in_words(value)))
    return tuple(found)


def _in_words(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return money_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return label(value) if isinstance(value, Word) else str(value)


def _policy(case: CasePage) -> file.PolicyPart:
    policy = case.policy
    thing = ' '.join(filter(None, (policy.plate, policy.vehicle_model))) or policy.insured_address
    return file.PolicyPart(
        number=policy.number,
        clause=policy.clause,
        holder=policy.holder,
        insured=policy.insured,
        id_number=mask_id(policy.insured_id_number) if policy.insured_id_number else '',
        thing=thing if case.line is not Line.MEDICAL else '',
        starts_at=_local(policy.starts_at),
        ends_at=_local(policy.ends_at),
        covers=tuple(
            file.CoverLine(
                cover.name,
                cover.sum_insured,
                cover.deductible,
                cover.deductible_rate,
                cover.benefit_ratio,
                cover.insured_value,
            )
            for cover in policy.coverages
        ),
    )


def _due_words(case: CasePage, clocks: Sequence[ClockView]) -> str:
    if case.outcome is not Outcome.OPEN:
        return ''
    return next((clock.words for clock in clocks if clock.stopped_at is None), '')


def _clock(clock: ClockView) -> file.ClockLine:
    pauses = [
        _("waited {start} to {end}").format(
            start=f'{_local(start):%m-%d}', end=f'{_local(end):%m-%d}' if end else _("today")
        )
        for start, end in clock.pauses
    ]
    return file.ClockLine(
        clock.name,
        _local(clock.started_at),
        _maybe_local(clock.due),
        clock.state,
        clock.words,
        clock.citation,
        clock.mark,
        '; '.join(pauses),
    )


def _document(document: DocumentView) -> file.DocumentLine:
    return file.DocumentLine(
        document.title,
        document.kind,
        document.state,
        len(document.pages),
        _local(document.added_at),
        document.confirmed_by,
    )


def _invoice(invoice: InvoiceView) -> file.InvoicePart:
    return file.InvoicePart(
        kind=invoice.kind,
        code=invoice.code,
        number=invoice.number,
        issue_date=invoice.issue_date,
        seller=invoice.seller_name,
        buyer=invoice.buyer_name,
        amount=invoice.amount,
        tax=invoice.tax,
        total=invoice.total,
        duplicate_reason=invoice.duplicate_reason,
        lines=tuple(
            file.InvoiceLine(
                ' '.join(filter(None, (line.name, line.specification))),
                ' '.join(filter(None, (line.quantity, line.unit))),
                line.unit_price,
                line.amount,
                line.tax_rate,
                line.tax,
            )
            for line in invoice.lines
        ),
    )


def calculation_part(view: CalculationView, signature: str = '') -> file.CalculationPart:
    """A calculation as it is printed, with what is said of its signature."""
    return file.CalculationPart(
        number=view.number,
        cover=view.coverage,
        parts=tuple(
            file.CoverSteps(part.title, tuple(map(_step, sheet.steps)))
            for part, sheet in zip(view.request.parts, view.sheets, strict=True)
        ),
        kind=view.kind,
        payable=view.payable,
        advanced=view.result.advanced,
        state=view.state,
        made_by=view.made_by,
        made_at=_local(view.made_at),
        decided_by=view.decided_by,
        decided_at=_maybe_local(view.decided_at),
        reason=view.reason,
        signature=signature,
    )


def _step(step: Step) -> file.StepLine:
    return file.StepLine(step.title, step.formula, step.amount, step.cited)


def _told(entry: TimelineEntry) -> str:
    """The changes of a save, those of tasks last: they follow from the others."""
    task = _(THINGS['task'])
    return '; '.join(sorted(entry.details, key=lambda words: words.startswith(task)))


def _direction(incoming: bool | None, with_whom: str) -> str:
    if incoming is None:
        return with_whom
    return (_("from {name}") if incoming else _("to {name}")).format(name=with_whom or _("the customer"))


def _local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(SHANGHAI)


def _maybe_local(at: dt.datetime | None) -> dt.datetime | None:
    return None if at is None else _local(at)
