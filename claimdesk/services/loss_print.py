"""The assessed loss as a letter lists it: by whose loss it is, with quantities, classes of expense, and sums."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text, to_capital
from claimdesk.language import _
from claimdesk.models import Account, Case, LossItem, LossReview
from claimdesk.rules.loss import by_class, quantity_words
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import LossKind, LossReviewState, label

if TYPE_CHECKING:
    from claimdesk.reports.letters import Part

NOTHING = Decimal('0.00')


def loss_parts(session: Session, case: Case) -> tuple[Part, ...]:
    """The parts of the printed loss list: a table for each whose loss it is, the sums, and the reviews."""
    from claimdesk.reports.letters import Part
    from claimdesk.reports.paper import Fact

    rows = session.scalars(select(LossItem).where(LossItem.case_id == case.id).order_by(LossItem.position)).all()
    groups: dict[str, list[LossItem]] = {}
    for row in rows:
        groups.setdefault(row.whose, []).append(row)
    parts = [
        _table(whose or (_("Loss items") if len(groups) == 1 else _("Own loss")), items)
        for whose, items in groups.items()
    ]
    losses = [row for row in rows if row.kind is not LossKind.SALVAGE]
    salvage = sum((row.confirmed or NOTHING for row in rows if row.kind is LossKind.SALVAGE), NOTHING)
    confirmed = sum((row.confirmed or NOTHING for row in losses), NOTHING)
    facts = [
        Fact(_("Claimed"), money_text(sum((row.claimed for row in losses), NOTHING))),
        Fact(_("Assessed loss"), money_text(confirmed), strong=True),
        Fact(_("Salvage value, not deducted above"), money_text(salvage)),
        Fact(_("Assessed loss in capitals"), to_capital(confirmed), span=3),
    ]
    parts.append(Part(_("Sums"), tuple(facts)))
    medical = by_class((row.medical_class, row.own_share, row.confirmed or NOTHING) for row in losses)
    if medical is not None:
        parts.append(
            Part(
                _("Medical expenses by class"),
                (
                    Fact(_("Class A"), money_text(medical.a)),
                    Fact(_("Class B, of which borne by the patient"),
                         f'{money_text(medical.b)} ({money_text(medical.b_own)})'),
                    Fact(_("Class C, borne by the patient"), money_text(medical.c)),
                ),
            )
        )  # fmt: skip
    parts += _reviews(session, case)
    return tuple(parts)


def _table(title: str, items: list[LossItem]) -> Part:
    from claimdesk.reports.letters import Part, Table, columns

    medical = any(item.medical_class is not None for item in items)
    titles = [_("No."), _("Kind"), _("Item"), _("Quantity"), _("Unit price"), _("Claimed"), _("Assessed"), _("Note")]
    shares = [6.0, 11.0, 25.0, 9.0, 12.0, 13.0, 13.0, 16.0]
    if medical:
        titles.insert(3, _("Class"))
        shares.insert(3, 8.0)
    rows = []
    for number, item in enumerate(items, start=1):
        amount = '–' if item.confirmed is None else money_text(item.confirmed)
        price = '' if item.unit_price is None else money_text(item.unit_price)
        row = [
            str(number), label(item.kind), item.name, quantity_words(item.quantity, item.unit), price,
            money_text(item.claimed), amount, item.note,
        ]  # fmt: skip
        if medical:
            row.insert(3, class_words(item))
        rows.append(tuple(row))
    losses = [item for item in items if item.kind is not LossKind.SALVAGE]
    total = ['', '', _("Total"), '', '', money_text(sum((item.claimed for item in losses), NOTHING)),
             money_text(sum((item.confirmed or NOTHING for item in losses), NOTHING)), '']  # fmt: skip
    if medical:
        total.insert(3, '')
    right = tuple(place + medical for place in (3, 4, 5, 6))
    note = ''
    if any(item.confirmed is None for item in items):
        note = _("A dash means that the line is not settled yet; it counts as nothing in the sum.")
    return Part(title, table=Table(columns(titles, shares, right), tuple(rows), tuple(total)), note=note)


def class_words(item: LossItem) -> str:
    """The medical class of a line, with the patient's share of class B."""
    if item.medical_class is None:
        return ''
    words = label(item.medical_class)
    return f'{words} {(item.own_share * 100).normalize():f}%' if item.own_share else words


def _reviews(session: Session, case: Case) -> list[Part]:
    from claimdesk.reports.letters import Part, Table, columns

    people = dict(session.execute(select(Account.id, Account.name)).all())
    reviews = session.scalars(
        select(LossReview)
        .where(LossReview.case_id == case.id, LossReview.state != LossReviewState.WITHDRAWN)
        .order_by(LossReview.asked_at, LossReview.id)
    ).all()
    if not reviews:
        return []
    rows = [
        (
            label(review.kind),
            people.get(review.asked_by, ''),
            people.get(review.reviewed_by or 0, '–'),
            f'{review.reviewed_at.astimezone(SHANGHAI):%Y-%m-%d}' if review.reviewed_at else '–',
            label(review.state),
            review.answer,
        )
        for review in reviews
    ]
    titles = (_("Review"), _("Asked by"), _("Reviewed by"), _("On"), _("Result"), _("Remark"))
    return [Part(_("Reviews"), table=Table(columns(titles, (14, 12, 12, 12, 16, 34)), tuple(rows)))]
