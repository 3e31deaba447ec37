"""The parts of a claim summary that are about money: invoices, loss items, calculation sheet, payments, reserves."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from claimdesk.language import _
from claimdesk.reports.claim_file import CalculationPart, InvoicePart, LossLine, PaymentLine, ReserveLine
from claimdesk.reports.grid import Column
from claimdesk.reports.paper import BODY, SMALL, Fact, Paper
from claimdesk.reports.sheet import DARK
from claimdesk.reports.words import DASH, day, in_capitals, moment, money
from claimdesk.vocabulary import ApprovalState, LossKind, label

NOTHING = Decimal('0.00')


def invoices(paper: Paper, parts: Sequence[InvoicePart]) -> None:
    """Each confirmed invoice with its lines and its total in capitals, then their sum."""
    if not parts:
        return
    paper.section(_("Confirmed invoices"), _("{count} in all").format(count=len(parts)), keep=110)
    for place, part in enumerate(parts):
        if place:
            paper.gap(10)
        paper.need(90)
        paper.facts(
            [
                Fact(label(part.kind), ' '.join(filter(None, (part.code, part.number))), span=2),
                Fact(_("Date of issue"), day(part.issue_date)),
                Fact(_("Seller"), part.seller, span=2),
                Fact(_("Buyer"), part.buyer),
            ]
        )
        columns = (
            Column(_("Item"), 40), Column(_("Quantity"), 11, 'right'), Column(_("Unit price"), 14, 'right'),
            Column(_("Amount"), 15, 'right'), Column(_("Tax rate"), 9, 'right'), Column(_("Tax"), 13, 'right'),
        )  # fmt: skip
        rows = [
            (line.name, line.quantity, line.unit_price, money(line.amount), line.tax_rate or DASH, money(line.tax))
            for line in part.lines
        ]
        if rows:
            paper.gap(2)
            paper.table(columns, rows, (_("Sum"), '', '', money(part.amount), '', money(part.tax)))
        total_line(paper, _("Total with tax"), part.total)
        if part.duplicate_reason:
            reason = _("Kept as a second copy of an invoice: {reason}").format(reason=part.duplicate_reason)
            paper.text(reason, size=SMALL, shade=DARK)
    if len(parts) > 1:
        paper.gap(4)
        total_line(paper, _("All invoices"), sum((part.total for part in parts), NOTHING))


def losses(paper: Paper, lines: Sequence[LossLine]) -> None:
    """The loss items, claimed and confirmed, with their sums; salvage value is not in them."""
    if not lines:
        return
    paper.section(_("Loss items"))
    columns = (
        Column(_("Kind"), 18), Column(_("Item"), 30), Column(_("Document"), 23), Column(_("Claimed"), 14, 'right'),
        Column(_("Confirmed amount"), 15, 'right'),
    )  # fmt: skip
    rows = [
        (
            label(line.kind),
            line.name + (f'\n{line.note}' if line.note else ''),
            line.document or DASH,
            money(line.claimed),
            money(line.confirmed) if line.confirmed is not None else _("not settled"),
        )
        for line in lines
    ]
    counted = [line for line in lines if line.kind is not LossKind.SALVAGE]
    claimed = sum((line.claimed for line in counted), NOTHING)
    confirmed = sum((line.confirmed or NOTHING for line in counted), NOTHING)
    paper.table(columns, rows, ('', _("Total without salvage value"), '', money(claimed), money(confirmed)))
    total_line(paper, _("Confirmed loss"), confirmed)


def calculations(paper: Paper, parts: Sequence[CalculationPart]) -> None:
    """Each calculation with every step, the payable amount in capitals, and the decision on it."""
    for part in parts:
        title = f'{label(part.kind)} {part.number}'
        paper.section(f'{title} · {part.cover}' if part.cover else title, label(part.state), keep=120)
        steps(paper, part)
        total_line(paper, _("Payable"), part.payable)
        if part.advanced:
            total_line(paper, _("Paid already"), part.advanced)
        paper.text(decision(part), size=SMALL, shade=DARK)
        if part.signature:
            paper.text(part.signature, size=SMALL, shade=DARK)
        if part.reason:
            paper.text(_("Reason: {reason}").format(reason=part.reason), size=SMALL, shade=DARK)


def steps(paper: Paper, part: CalculationPart) -> None:
    """The sheet of each cover: what was done, by which clause, the figures, what is left."""
    columns = (
        Column('', 4, 'right'), Column(_("Step"), 46), Column(_("Formula"), 34), Column(_("Amount"), 16, 'right'),
    )  # fmt: skip
    for cover in part.parts:
        if not cover.steps:
            continue
        if len(part.parts) > 1:
            paper.gap(4)
            paper.text(cover.cover, bold=True)
        rows = [
            (
                str(number),
                step.name + (f'\n{step.basis}' if step.basis else ''),
                step.formula,
                '' if step.amount is None else money(step.amount),
            )
            for number, step in enumerate(cover.steps, 1)
        ]
        paper.table(columns, rows)


def payments(paper: Paper, lines: Sequence[PaymentLine]) -> None:
    """The payments with masked account numbers."""
    if not lines:
        return
    paper.section(_("Payments"))
    columns = (
        Column(_("Payee"), 16), Column(_("Bank and account"), 27), Column(_("State"), 11), Column(_("Paid on"), 19),
        Column(_("Bank reference"), 22), Column(_("Amount"), 15, 'right'),
    )  # fmt: skip
    rows = [
        (
            line.payee, f'{line.bank}\n{line.account}', label(line.state), moment(line.paid_at), line.reference or DASH,
            money(line.amount),
        )
        for line in lines
    ]  # fmt: skip
    paper.table(columns, rows)
    paid = sum((line.amount for line in lines if line.paid_at is not None), NOTHING)
    if paid:
        total_line(paper, _("Paid in all"), paid)


def reserves(paper: Paper, lines: Sequence[ReserveLine]) -> None:
    """How the estimate changed, the first one marked."""
    if not lines:
        return
    paper.section(_("Reserves"))
    columns = (
        Column(_("Time"), 19), Column(_("By"), 14), Column(_("Reason"), 48), Column(_("Reserve"), 16, 'right'),
    )  # fmt: skip
    rows = [
        (
            moment(line.made_at),
            line.made_by,
            line.reason or (_("First estimate") if line.first else DASH),
            money(line.amount),
        )
        for line in lines
    ]
    paper.table(columns, rows)


def total_line(paper: Paper, name: str, amount: Decimal) -> None:
    """A total on one line: what it is, in capitals, in figures."""
    paper.need(20)
    paper.gap(16)
    paper.sheets.put(paper.left, paper.y, name, BODY - 0.5, bold=True)
    paper.sheets.put(paper.right - 100, paper.y, in_capitals(amount), BODY - 0.5, align='right')
    paper.sheets.put(paper.right, paper.y, f'¥{money(amount)}', BODY, bold=True, align='right')
    paper.gap(5)


def decision(part: CalculationPart) -> str:
    """Who calculated, and who decided what, in a sentence."""
    made = _("Calculated by {name}, {time}").format(name=part.made_by, time=moment(part.made_at))
    if part.decided_at is None:
        return made
    approved = part.state is ApprovalState.APPROVED
    sentence = _("approved by {name}, {time}") if approved else _("returned by {name}, {time}")
    return f'{made}; {sentence.format(name=part.decided_by, time=moment(part.decided_at))}'
