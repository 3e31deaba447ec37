"""The counts of a period that the indicators are made of, added up from the sums the database gave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from claimdesk.services.reporting_sql import NEVER, Cell, Cycle
from claimdesk.vocabulary import Outcome

CANCELLED = frozenset({Outcome.CANCELLED_REPORT, Outcome.CANCELLED_CASE})


@dataclass(slots=True)
class Counts:
    """Cases, fen and seconds of one period; `open` means registered and not closed."""

    reported: int = 0
    cancelled_reports: int = 0
    registered_in_time: int = 0
    registered: int = 0
    registered_late: int = 0
    registered_and_closed: int = 0
    registered_and_cancelled: int = 0
    open_before: int = 0
    open_before_closed: int = 0
    open_after: int = 0
    open_after_estimate: int = 0
    closed_paid: int = 0
    refused: int = 0
    zero: int = 0
    cancelled_cases: int = 0
    cancelled_cases_estimate: int = 0
    settled_amount: int = 0
    deviation: int = 0
    deviation_size: int = 0
    reopened: int = 0
    reopened_amount: int = 0
    report_to_closing: int = 0
    closed_with_decision: int = 0
    paid: int = 0
    paid_amount: int = 0
    report_to_payment: int = 0
    small: int = 0
    small_seconds: int = 0
    rolling_registered: int = 0
    rolling_closed: int = 0
    chained: int = 0
    report_to_documents: int = 0
    documents_to_approval: int = 0
    approval_to_payment: int = 0
    chained_report_to_payment: int = 0
    complaints: int = 0
    answers: int = 0
    answer_scores: int = 0

    @property
    def decided(self) -> int:
        """Cases closed in the period that had been registered: a cancelled report never became a case."""
        return self.closed_paid + self.refused + self.zero + self.cancelled_cases

    @property
    def valid_reports(self) -> int:
        """Reports that had not been cancelled by the end of the period."""
        return self.reported - self.cancelled_reports

    @property
    def chain_holds(self) -> bool:
        """Whether the cycles report → documents → approval → payment add up to report → payment, to the second."""
        parts = self.report_to_documents + self.documents_to_approval + self.approval_to_payment
        return parts == self.chained_report_to_payment

    def add(self, other: Counts) -> None:
        """Add the counts of `other`, of the same period and other cases."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def count(cells: Iterable[Cell], first: int, last: int) -> Counts:
    """The counts of the months from number `first` to `last`, both included."""
    total = Counts()
    for cell in cells:
        _count_reports(total, cell, first, last)
        _count_stock(total, cell, first, last)
        if first <= cell.closed <= last:
            _count_closed(total, cell)
        if first <= cell.paid <= last:
            total.paid += cell.count
            total.paid_amount += cell.paid_amount
            total.report_to_payment += cell.report_to_payment
            total.small += cell.small
            total.small_seconds += cell.small_seconds
        if 1 <= cell.registered <= last and cell.outcome not in CANCELLED and cell.outcome is not Outcome.ZERO:
            total.rolling_registered += cell.count
            total.rolling_closed += cell.count if cell.closed <= last else 0
    return total


def add_cycles(total: Counts, cycles: Iterable[Cycle], first: int, last: int) -> None:
    """Add the cycles of the cases paid in the months from `first` to `last`."""
    for cycle in cycles:
        if first <= cycle.paid <= last:
            total.chained += cycle.count
            total.report_to_documents += cycle.report_to_documents
            total.documents_to_approval += cycle.documents_to_approval
            total.approval_to_payment += cycle.approval_to_payment
            total.chained_report_to_payment += cycle.report_to_payment


def _count_reports(total: Counts, cell: Cell, first: int, last: int) -> None:
    if first <= cell.reported <= last:
        total.reported += cell.count
        if cell.outcome is Outcome.CANCELLED_REPORT and cell.closed <= last:
            total.cancelled_reports += cell.count
        if cell.registered <= last:
            total.registered_in_time += cell.timely_registered
    if first <= cell.registered <= last:
        total.registered += cell.count
        total.registered_late += cell.late_registered
        total.reopened += cell.reopened
        total.reopened_amount += cell.reopened_amount
        if cell.closed <= last:
            total.registered_and_closed += cell.count
            if cell.outcome is Outcome.CANCELLED_CASE:
                total.registered_and_cancelled += cell.count


def _count_stock(total: Counts, cell: Cell, first: int, last: int) -> None:
    if cell.registered < first <= cell.closed:
        total.open_before += cell.count
        total.open_before_closed += cell.count if cell.closed <= last else 0
    if cell.registered <= last < cell.closed <= NEVER:
        total.open_after += cell.count
        total.open_after_estimate += cell.estimate


def _count_closed(total: Counts, cell: Cell) -> None:
    if cell.outcome is Outcome.PAID:
        total.closed_paid += cell.count
        total.settled_amount += cell.paid_amount
        total.deviation += cell.deviation
        total.deviation_size += cell.deviation_size
    elif cell.outcome is Outcome.REFUSED:
        total.refused += cell.count
    elif cell.outcome is Outcome.ZERO:
        total.zero += cell.count
    elif cell.outcome is Outcome.CANCELLED_CASE:
        total.cancelled_cases += cell.count
        total.cancelled_cases_estimate += cell.estimate
    if cell.outcome is not Outcome.ZERO and cell.outcome not in CANCELLED:
        total.report_to_closing += cell.report_to_closing
        total.closed_with_decision += cell.count
