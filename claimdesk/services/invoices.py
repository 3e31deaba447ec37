"""Paper confirmed by a person: invoices kept once in the whole office, their lines, and what follows for the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotFound
from claimdesk.forms import form_of, invoice_values
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, Invoice, InvoiceLine, LossItem
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.checklist import code_for_kind, papers_arrived, tick, untick
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.document_views import DocumentView, document_view
from claimdesk.services.duplicates import Duplicate, find_duplicates
from claimdesk.services.holds import refuse_held
from claimdesk.services.identity import unnumbered
from claimdesk.services.invoice_fields import InvoiceValues, check_fields, check_items, line_cells
from claimdesk.services.invoice_views import InvoiceView, invoice_view
from claimdesk.services.learned import learn, unlearn
from claimdesk.services.paper_fields import check_paper, receipt_values
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, DocumentState, LossKind, Stage

CALCULATED = (Stage.APPROVAL, Stage.PAYMENT, Stage.CLOSING, Stage.CLOSED)
"""From here on the calculation rests on the confirmed papers."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What confirming a document did. `ticked` is the checklist code it answers, `loss_item_id` the line it opened."""

    document: DocumentView
    invoice: InvoiceView | None
    ticked: str
    loss_item_id: int | None
    warnings: tuple[Duplicate, ...] = ()


class Invoices:
    """Confirming what was read, and finding paper that was used before."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[InvoiceView]:
        """The confirmed invoices of a case in the order of their issue."""
        with self._office.database.read() as session:
            rows = session.execute(
                select(Invoice, Document)
                .join(Document, Document.id == Invoice.document_id)
                .where(Invoice.case_id == case_id)
                .order_by(Invoice.issue_date, Invoice.id)
            ).all()
            return [invoice_view(invoice, document) for invoice, document in rows]

    def of_document(self, actor: Actor, document_id: int) -> InvoiceView | None:
        """The invoice confirmed from a document, or None."""
        with self._office.database.read() as session:
            row = session.execute(
                select(Invoice, Document)
                .join(Document, Document.id == Invoice.document_id)
                .where(Invoice.document_id == document_id)
            ).first()
            return invoice_view(*row) if row else None

    def duplicates(
        self, actor: Actor, fields: Mapping[str, str], sha256s: Sequence[str], exclude_document: int | None = None
    ) -> list[Duplicate]:
        """Where this invoice or this file was used before; `blocking` ones need a reason to be kept twice."""
        with self._office.database.read() as session:
            return find_duplicates(session, fields, sha256s, exclude_document)

    def confirm(
        self,
        actor: Actor,
        document_id: int,
        version: int,
        case_id: int,
        kind: DocumentKind,
        fields: Mapping[str, str],
        items: Sequence[Mapping[str, str]] = (),
        duplicate_reason: str = '',
        checklist_code: str = '',
        loss_kind: LossKind | None = None,
    ) -> Confirmed:
        """Keep an invoice or a hospital's receipt as confirmed: the paper, checklist, events and clocks in one save.

        `fields` and `items` have the names that the reader uses, values as text (dates ISO, money decimal). With
        `loss_kind` a loss item of that kind is opened, claimed with the invoice's total.

        Raises `NotAllowed`; `InvalidInput` by field, also for an invoice used before unless `duplicate_reason` says
        why it is kept; `Conflict` when somebody else changed the document or confirmed the same invoice just now.
        """
        require(actor, Permission.CONFIRM_READING)
        kept: dict[str, str] | None = None
        if kind in INVOICE_KINDS:
            values = check_fields(fields, self._office.today(), kind)
        elif form_of(kind).needed:
            kept = check_paper(fields, self._office.today(), kind)
            values, fields = receipt_values(kept, kind), invoice_values(kind, kept)
        else:
            raise InvalidInput(_("This kind of paper is not an invoice."), _("Confirm it as another document."))
        lines = check_items(items)
        if duplicate_reason.strip():
            require(actor, Permission.ACCEPT_DUPLICATE)
        try:
            with self._office.write(actor, N_("confirmed an invoice")) as session:
                document = _to_confirm(session, document_id, version)
                refuse_held(session, document_id, actor, self._office.now())
                case = _case_at_work(session, case_id)
                found = find_duplicates(session, fields, [page.sha256 for page in document.pages], document.id)
                _refuse_duplicate(found, duplicate_reason)
                _file(document, case, kind, actor, self._office.now())
                document.fields = kept
                invoice = _invoice(document, case, values, lines, duplicate_reason, found)
                session.add(invoice)
                ticked = self._arrived(session, case, document, checklist_code, actor)
                item = _loss_item(session, case, document, values, loss_kind)
                touch(session, case, self._office)
                session.flush()
                learn(session, self._office, actor, document)
                return Confirmed(
                    document=document_view(session, document),
                    invoice=invoice_view(invoice, document),
                    ticked=ticked,
                    loss_item_id=item.id if item else None,
                    warnings=tuple(one for one in found if not one.blocking),
                )
        except IntegrityError as error:
            raise self._lost_race(fields, document_id) from error

    def confirm_other(
        self,
        actor: Actor,
        document_id: int,
        version: int,
        case_id: int,
        kind: DocumentKind,
        title: str = '',
        checklist_code: str = '',
        fields: Mapping[str, str] | None = None,
        items: Sequence[Mapping[str, str]] = (),
    ) -> Confirmed:
        """Keep a paper that asks for no money, its `fields` and `items` as a person saw them. Raises as `confirm`."""
        require(actor, Permission.CONFIRM_READING)
        if kind in INVOICE_KINDS or form_of(kind).needed:
            raise InvalidInput(
                _("This paper asks for money, so it is counted once in the whole office."),
                _("Confirm it with its number and its total."),
            )
        kept = check_paper(fields or {}, self._office.today(), kind)
        lines = check_items(items)
        with self._office.write(actor, N_("confirmed a document")) as session:
            document = _to_confirm(session, document_id, version)
            refuse_held(session, document_id, actor, self._office.now())
            case = _case_at_work(session, case_id)
            _file(document, case, kind, actor, self._office.now())
            document.fields = kept or None
            document.lines = [line_cells(line) for line in lines] or None
            if title.strip():
                document.title = title.strip()[:200]
            ticked = self._arrived(session, case, document, checklist_code, actor)
            touch(session, case, self._office)
            session.flush()
            learn(session, self._office, actor, document)
            return Confirmed(document_view(session, document), None, ticked, None)

    def unconfirm(self, actor: Actor, document_id: int, version: int) -> DocumentView:
        """Take a confirmation back, with the invoice, the tick and the unsettled loss item that came from it.

        Raises `InvalidInput` once a calculation rests on it, `NotAllowed`, `Conflict`.
        """
        require(actor, Permission.CONFIRM_READING)
        with self._office.write(actor, N_("took a confirmation back")) as session:
            document = get_for_edit(session, Document, document_id, version)
            if document.state is not DocumentState.CONFIRMED or document.case_id is None:
                raise InvalidInput(_("This document has not been confirmed."))
            case = _case_at_work(session, document.case_id)
            if case.stage in CALCULATED:
                raise InvalidInput(
                    _("The calculation of this case rests on this document."), _("Have the case returned first.")
                )
            _drop_what_came_of_it(session, document)
            unlearn(session, document.id)
            document.state, document.confirmed_at, document.confirmed_by = DocumentState.TO_CHECK, None, None
            document.fields = document.lines = None
            answered, document.checklist_code = document.checklist_code, ''
            session.flush()
            untick(session, case, answered, actor, self._office)
            touch(session, case, self._office)
            session.flush()
            return document_view(session, document)

    def _arrived(self, session: Session, case: Case, document: Document, chosen: str, actor: Actor) -> str:
        code = chosen or document.checklist_code or code_for_kind(session, case, document.kind)
        document.checklist_code = code
        session.flush()
        if code:
            tick(session, case, code, actor, self._office)
        papers_arrived(session, case, document.added_at, actor, self._office)
        return code

    def _lost_race(self, fields: Mapping[str, str], document_id: int) -> ClaimDeskError:
        with self._office.database.read() as session:
            found = [one for one in find_duplicates(session, fields, (), document_id) if one.blocking]
        if found:
            return InvalidInput(
                found[0].sentence,
                _("If both copies shall be kept, say why."),
                {'invoice_number': found[0].sentence},
            )
        return Conflict(_("Somebody else saved this at the same moment."), _("Look at the new state, then save again."))


def _to_confirm(session: Session, document_id: int, version: int) -> Document:
    document = get_for_edit(session, Document, document_id, version)
    if document.removed_at is not None:
        raise InvalidInput(_("This document has been removed."), _("Restore it first."))
    if document.state is DocumentState.CONFIRMED:
        raise InvalidInput(_("This document has been confirmed already."), _("Take its confirmation back first."))
    return document


def _case_at_work(session: Session, case_id: int) -> Case:
    """The case, held until the transaction ends: another paper of it waits, and is not refused."""
    case = session.get(Case, case_id, with_for_update=True)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    if case.stage is Stage.CLOSED:
        raise InvalidInput(
            _("Case {number} is closed; nothing is filed in it.").format(number=case.number), _("Reopen it first.")
        )
    return case


def _refuse_duplicate(found: Sequence[Duplicate], reason: str) -> None:
    blocking = [one for one in found if one.blocking]
    if blocking and not reason.strip():
        raise InvalidInput(
            blocking[0].sentence,
            _("If both copies shall be kept, say why."),
            {'invoice_number': ' '.join(one.sentence for one in blocking)},
        )


def _file(document: Document, case: Case, kind: DocumentKind, actor: Actor, now: dt.datetime) -> None:
    document.case_id, document.kind = case.id, kind
    document.state, document.problem = DocumentState.CONFIRMED, ''
    document.confirmed_by, document.confirmed_at = actor.id, now


def _invoice(
    document: Document,
    case: Case,
    values: InvoiceValues,
    lines: Sequence[InvoiceLine],
    reason: str,
    found: Sequence[Duplicate],
) -> Invoice:
    second_copy = any(one.kind == 'number' and one.blocking for one in found)
    invoice = Invoice(
        document_id=document.id,
        case_id=case.id,
        identity=None if second_copy else values.identity or unnumbered(document.id),
        duplicate_reason=reason.strip()[:200] if any(one.blocking for one in found) else '',
        code=values.code,
        number=values.number,
        issue_date=values.issue_date,
        check_code=values.check_code,
        buyer_name=values.buyer_name,
        buyer_tax_id=values.buyer_tax_id,
        seller_name=values.seller_name,
        seller_tax_id=values.seller_tax_id,
        amount=values.amount,
        tax=values.tax,
        total=values.total,
        total_capital=values.total_capital,
        reverses=values.reverses,
    )
    invoice.lines = list(lines)
    return invoice


def _loss_item(
    session: Session, case: Case, document: Document, values: InvoiceValues, kind: LossKind | None
) -> LossItem | None:
    if kind is None:
        return None
    if values.total < 0:
        raise InvalidInput(
            _("A credit note opens no loss item."), '', {'total': _("The total of a loss item is not negative.")}
        )
    last = session.scalar(select(func.max(LossItem.position)).where(LossItem.case_id == case.id))
    item = LossItem(
        case_id=case.id,
        position=0 if last is None else last + 1,
        kind=kind,
        name=(values.seller_name or document.title)[:120],
        claimed=values.total,
        document_id=document.id,
    )
    session.add(item)
    session.flush()
    return item


def _drop_what_came_of_it(session: Session, document: Document) -> None:
    invoice = session.scalar(select(Invoice).where(Invoice.document_id == document.id))
    if invoice is not None:
        session.delete(invoice)
    for item in session.scalars(select(LossItem).where(LossItem.document_id == document.id)):
        if item.confirmed is not None:
            raise InvalidInput(
                _("The loss assessor has settled the amount of this document."),
                _("Have the loss item reopened first."),
            )
        session.delete(item)
