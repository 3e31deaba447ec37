"""What the confirmed papers of a case offer to its loss: each as one item, or line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict
from claimdesk.forms import form_of
from claimdesk.language import N_, _
from claimdesk.models import Case, Document, Invoice, LossItem
from claimdesk.models.rows import get
from claimdesk.rules.loss import USUAL_KIND
from claimdesk.rules.loss_lines import PaperLine, loss_lines
from claimdesk.rules.paper_compare import MEDICAL
from claimdesk.rules.permissions import Permission
from claimdesk.services.assessment import LossView, NewLoss, add_lines, new_loss, open_case
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import DocumentKind, DocumentState, Line, LossKind, label


@dataclass(frozen=True, slots=True)
class LossOffer:
    """A paper without a loss item yet: `words` name it, `total` is in yuan, `lines` is empty where there are none."""

    document_id: int
    words: str
    total: Decimal
    whole: NewLoss
    lines: tuple[NewLoss, ...]


class LossOffers:
    """Taking what papers say into the loss, so that nobody types it again."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[LossOffer]:
        """The confirmed papers with an amount that no loss item stands for, the oldest first. Raises `NotFound`."""
        with self._office.database.read() as session:
            return _offers(session, get(session, Case, case_id))

    def take(self, actor: Actor, case_id: int, document_id: int, *, by_line: bool) -> list[LossView]:
        """Take what a paper offers into the loss, as one item or line by line.

        Raises `NotAllowed`, `NotFound`, `InvalidInput`, and `Conflict` where the paper offers that no longer.
        """
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("took a paper into the loss")) as session:
            case = open_case(session, case_id)
            offer = next((one for one in _offers(session, case) if one.document_id == document_id), None)
            wanted = () if offer is None else offer.lines if by_line else (offer.whole,)
            if not wanted:
                raise Conflict(
                    _("Somebody else has just taken this paper into the loss, or changed it."),
                    _("Look at the items of the loss."),
                )
            return add_lines(session, self._office, case, wanted)


def _offers(session: Session, case: Case) -> list[LossOffer]:
    return [*_invoices(session, case), *_lists(session, case)]


def _free(case_id: int) -> tuple[ColumnElement[bool], ...]:
    used = select(LossItem.document_id).where(LossItem.case_id == case_id, LossItem.document_id.is_not(None))
    return (
        Document.case_id == case_id,
        Document.state == DocumentState.CONFIRMED,
        Document.removed_at.is_(None),
        Document.id.not_in(used),
    )


def _invoices(session: Session, case: Case) -> Iterable[LossOffer]:
    rows = session.scalars(
        select(Invoice)
        .join(Document, Document.id == Invoice.document_id)
        .where(*_free(case.id), Invoice.total >= 0)
        .order_by(Invoice.issue_date, Invoice.id)
    )
    for row in rows:
        kind = session.get_one(Document, row.document_id).kind
        lines = [
            PaperLine(
                line.name,
                (line.amount or Decimal(0)) + (line.tax or Decimal(0)),
                line.quantity,
                line.unit,
                '' if line.tax else line.unit_price,
                line.medical_class,
            )
            for line in row.lines
        ]
        name = row.lines[0].name if row.lines else row.seller_name or label(kind)
        words = (row.number, row.seller_name)
        yield _offer(row.document_id, kind, words, name, row.total, lines, case.line)


def _lists(session: Session, case: Case) -> Iterable[LossOffer]:
    """Repair estimates and expense lists: they ask for no money themselves, and say what it is asked for."""
    rows = session.scalars(select(Document).where(*_free(case.id), Document.lines.is_not(None)).order_by(Document.id))
    for row in rows:
        if form_of(row.kind).needed or not row.lines:
            continue
        fields: Mapping[str, str] = row.fields or {}
        lines = [
            PaperLine(
                cells.get('name', ''),
                Decimal(cells.get('amount', '0')) + Decimal(cells.get('tax', '0')),
                cells.get('quantity', ''),
                cells.get('unit', ''),
                cells.get('unit_price', ''),
                cells.get('medical_class', ''),
            )
            for cells in row.lines
        ]
        said = fields.get('total', '').replace(',', '')
        total = Decimal(said) if said else sum((line.amount for line in lines), Decimal(0))
        maker = fields.get('seller_name') or fields.get('hospital_name', '')
        yield _offer(row.id, row.kind, (maker,), label(row.kind), total, lines, case.line)


def _offer(
    document_id: int,
    kind: DocumentKind,
    words: Iterable[str],
    name: str,
    total: Decimal,
    lines: Iterable[PaperLine],
    line: Line,
) -> LossOffer:
    found = loss_lines(tuple(lines), total)
    if kind in MEDICAL:  # what hospitals are paid for is a medical expense, whatever the line
        found, usual = tuple(replace(one, kind=LossKind.MEDICAL) for one in found), LossKind.MEDICAL
    else:
        usual = USUAL_KIND[line]
    return LossOffer(
        document_id=document_id,
        words=' · '.join(filter(None, (label(kind), *words))),
        total=total,
        whole=NewLoss(usual, name[:80], total, document_id=document_id),
        lines=tuple(new_loss(one, line, document_id) for one in found) if len(found) > 1 else (),
    )
