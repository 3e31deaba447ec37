"""What each paper behind a loss is worth in a calculation: all of it, what a credit note left, or nothing and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text
from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Document, Invoice
from claimdesk.services.identity import Numbered, same_paper
from claimdesk.services.reversals import what_is_left
from claimdesk.vocabulary import DocumentState

REMOVED, UNCONFIRMED, SECOND_COPY, REVERSED, PARTLY = 'removed', 'unconfirmed', 'second_copy', 'reversed', 'partly'
WHY = {
    REMOVED: N_("“{title}” was removed."),
    UNCONFIRMED: N_("“{title}” is not confirmed."),
    SECOND_COPY: N_("“{title}” is a second copy of a paper in this case: it counts once."),
    REVERSED: N_("“{title}” was taken back by a credit note, so it is not paid."),
    PARTLY: N_("A credit note has left {left} of “{title}”."),
}
SHORT = {
    REMOVED: N_("Removed"),
    UNCONFIRMED: N_("Not confirmed"),
    SECOND_COPY: N_("Second copy"),
    REVERSED: N_("Reversed"),
    PARTLY: N_("Partly reversed"),
}


@dataclass(frozen=True, slots=True)
class Worth:
    """A paper and what stands against it: `problem` is one of `WHY` or ''. `left` is the most that may be counted of
    it in yuan, None where nothing limits it."""

    document_id: int
    title: str
    problem: str = ''
    left: Decimal | None = None

    @property
    def sentence(self) -> str:
        """What stands against it, in words; '' where nothing does."""
        if not self.problem:
            return ''
        return _(WHY[self.problem]).format(title=self.title, left=money_text(self.left or Decimal(0)))

    def counted(self, amount: Decimal) -> Decimal:
        """What may be counted of an amount that rests on this paper, in yuan."""
        return amount if self.left is None else min(amount, self.left)


def worth_of(session: Session, document_ids: Collection[int]) -> dict[int, Worth]:
    """What these documents are worth; one that is not there any more is worth nothing."""
    rows: dict[int, tuple[Document, Invoice | None]] = {}
    wanted = sorted(set(document_ids))
    for begin in range(0, len(wanted), 200):
        for document, invoice in session.execute(
            select(Document, Invoice)
            .outerjoin(Invoice, Invoice.document_id == Document.id)
            .where(Document.id.in_(wanted[begin : begin + 200]))
        ):
            rows[document.id] = (document, invoice)
    invoices = [invoice for _document, invoice in rows.values() if invoice is not None]
    left, copies = what_is_left(session, invoices), _second_copies(session, invoices)
    return {
        document_id: _worth(document_id, rows.get(document_id), left, copies) for document_id in wanted
    }


def refuse_unfit(session: Session, amounts: Mapping[int, Decimal]) -> None:
    """Raise `InvalidInput` where more rests on a paper (by document, in yuan) than it is worth by now."""
    wrong = [
        worth.sentence
        for document_id, worth in worth_of(session, amounts).items()
        if worth.counted(amounts[document_id]) < amounts[document_id]
    ]
    if wrong:
        raise InvalidInput(
            _("Since this was calculated, a paper behind it has lost its worth."),
            ' '.join([*wrong, _("Return it to be calculated again.")]),
        )


def _worth(
    document_id: int,
    row: tuple[Document, Invoice | None] | None,
    left: Mapping[int, Decimal],
    copies: Collection[int],
) -> Worth:
    nothing = Decimal('0.00')
    if row is None:
        return Worth(document_id, _("Document"), REMOVED, nothing)
    document, invoice = row
    title = (invoice.number if invoice is not None else '') or document.title
    if document.removed_at is not None:
        return Worth(document_id, title, REMOVED, nothing)
    if document.state is not DocumentState.CONFIRMED:
        return Worth(document_id, title, UNCONFIRMED, nothing)
    if document_id in copies:
        return Worth(document_id, title, SECOND_COPY, nothing)
    if document_id in left:
        rest = left[document_id]
        return Worth(document_id, title, PARTLY if rest else REVERSED, rest)
    return Worth(document_id, title)


def _second_copies(session: Session, invoices: Collection[Invoice]) -> set[int]:
    """Those of the papers that were kept on purpose beside another copy in the same case."""
    found = set()
    for one in invoices:
        if one.identity is not None:
            continue
        others = session.scalars(
            select(Invoice).where(
                Invoice.case_id == one.case_id, Invoice.number == one.number, Invoice.id < one.id
            )
        )
        if any(same_paper(_numbered(one), _numbered(other)) for other in others):
            found.add(one.document_id)
    return found


def _numbered(row: Invoice) -> Numbered:
    return Numbered(row.code, row.number, row.seller_name, row.issue_date, row.total)
