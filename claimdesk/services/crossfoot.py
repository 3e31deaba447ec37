"""The papers of a case that ask for money, summed by kind, beside what is claimed and confirmed of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.forms import form_of
from claimdesk.models import Document, Invoice, LossItem
from claimdesk.models.rows import get
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.invoice_fields import money_of
from claimdesk.services.paper_worth import PARTLY, UNCONFIRMED, Worth, worth_of
from claimdesk.services.reading_view import Box, latest_view, place_of_total
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, LossKind

NOTHING = Decimal('0.00')
FUND = ('insurance_fund_paid', 'other_paid')
OWN_EXPENSE = 'own_expense'


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper, in yuan. `counts` is what goes into the sum: its total, what a credit note left, or nothing.

    `fund` was borne by the insurance fund and other payers, `own_expense` is what no catalogue covers; None where the
    paper does not say. `claimed` and `confirmed` are those of the loss items that rest on it, `items` how many.
    `page` (from 1), `box` and `field` are where the total stands.
    """

    document_id: int
    kind: DocumentKind
    title: str
    issue_date: dt.date | None
    total: Decimal | None
    counts: Decimal
    fund: Decimal | None
    own_expense: Decimal | None
    claimed: Decimal
    confirmed: Decimal
    items: int
    worth: Worth
    page: int | None
    box: Box | None
    field: str


@dataclass(frozen=True, slots=True)
class KindSum:
    """The papers of one kind and their sums in yuan; `count` is how many of them count."""

    kind: DocumentKind
    papers: tuple[PaperLine, ...]

    @property
    def count(self) -> int:
        """How many papers count."""
        return sum(1 for one in self.papers if one.counts or not one.worth.problem)

    @property
    def counts(self) -> Decimal:
        """The sum of what counts."""
        return _sum(one.counts for one in self.papers)

    @property
    def fund(self) -> Decimal | None:
        """What the insurance fund bore of those that count; None where no paper says."""
        return _known(one.fund for one in self.papers if not one.worth.problem)

    @property
    def own_expense(self) -> Decimal | None:
        """What no catalogue covers of those that count; None where no paper says."""
        return _known(one.own_expense for one in self.papers if not one.worth.problem)

    @property
    def claimed(self) -> Decimal:
        """What is claimed on these papers."""
        return _sum(one.claimed for one in self.papers)

    @property
    def confirmed(self) -> Decimal:
        """What the assessor has confirmed on them."""
        return _sum(one.confirmed for one in self.papers)


@dataclass(frozen=True, slots=True)
class CrossFoot:
    """All papers of a case that ask for money, by kind; `loose_claimed` and `loose_confirmed` rest on no paper."""

    kinds: tuple[KindSum, ...]
    loose_claimed: Decimal = NOTHING
    loose_confirmed: Decimal = NOTHING
    loose_items: int = 0

    @property
    def counts(self) -> Decimal:
        """The sum of all papers that count, less what credit notes took back."""
        return _sum(one.counts for one in self.kinds)

    @property
    def claimed(self) -> Decimal:
        """What is claimed on papers."""
        return _sum(one.claimed for one in self.kinds)

    @property
    def confirmed(self) -> Decimal:
        """What is confirmed on papers."""
        return _sum(one.confirmed for one in self.kinds)

    @property
    def unclaimed(self) -> Decimal:
        """What stands on papers that count and is not claimed; below zero where more is claimed than they say."""
        return self.counts - self.claimed


class CrossFoots:
    """Adding the papers of a case up."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> CrossFoot:
        """The papers of the case that ask for money, and what is claimed on them."""
        with self._office.database.read() as session:
            return cross_foot(session, case_id)


def cross_foot(session: Session, case_id: int) -> CrossFoot:
    """The papers of a case by kind, in the order of the first of each; salvage is no claim and is left out."""
    items: dict[int | None, list[LossItem]] = {}
    for item in session.scalars(
        select(LossItem).where(LossItem.case_id == case_id, LossItem.kind != LossKind.SALVAGE)
    ):
        items.setdefault(item.document_id, []).append(item)
    rows = session.execute(
        select(Document, Invoice)
        .outerjoin(Invoice, Invoice.document_id == Document.id)
        .where(Document.case_id == case_id, Document.removed_at.is_(None))
        .order_by(Document.added_at, Document.id)
    ).all()
    papers: dict[int, tuple[Document, Invoice | None]] = {
        document.id: (document, invoice)
        for document, invoice in rows
        if _asks_for_money(document.kind) or document.id in items
    }
    for document_id in sorted({one for one in items if one is not None} - papers.keys()):
        papers[document_id] = (get(session, Document, document_id), None)
    worth = worth_of(session, papers)
    lines = [
        _line(session, document, invoice, worth[document.id], items.get(document.id, ()))
        for document, invoice in papers.values()
    ]
    kinds = dict.fromkeys(line.kind for line in lines)
    loose = items.get(None, [])
    return CrossFoot(
        kinds=tuple(KindSum(kind, tuple(one for one in lines if one.kind is kind)) for kind in kinds),
        loose_claimed=_sum(item.claimed for item in loose),
        loose_confirmed=_sum(item.confirmed or NOTHING for item in loose),
        loose_items=len(loose),
    )


def _asks_for_money(kind: DocumentKind) -> bool:
    return kind in INVOICE_KINDS or bool(form_of(kind).needed)


def _line(
    session: Session, document: Document, invoice: Invoice | None, worth: Worth, items: Sequence[LossItem]
) -> PaperLine:
    place = place_of_total(session, document)
    said: Mapping[str, str] = document.fields or {}
    if worth.problem == UNCONFIRMED and (view := latest_view(session, document)) is not None:
        said = view.values()
    total = invoice.total if invoice is not None else _amount(said.get('total', ''))
    fund = _known(_amount(said.get(name, '')) for name in FUND)
    return PaperLine(
        document_id=document.id,
        kind=document.kind,
        title=(invoice.number if invoice is not None else '') or document.title,
        issue_date=invoice.issue_date if invoice is not None else None,
        total=total,
        counts=_counts(total, worth),
        fund=fund,
        own_expense=_amount(said.get(OWN_EXPENSE, '')),
        claimed=_sum(item.claimed for item in items),
        confirmed=_sum(item.confirmed or NOTHING for item in items),
        items=len(items),
        worth=worth,
        page=place.page,
        box=place.box,
        field=place.field,
    )


def _counts(total: Decimal | None, worth: Worth) -> Decimal:
    """What goes into the sum. A credit note is no loss of its own: it lessens its invoice, wherever that is."""
    if total is None or total < 0 or (worth.problem and worth.problem != PARTLY):
        return NOTHING
    return worth.counted(total)


def _amount(words: str) -> Decimal | None:
    try:
        return money_of(words)
    except InvalidInput:
        return None


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return _sum(known) if known else None


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
