"""The indicators of the monthly report: what each divides by what, its definition in words, and where that is from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from claimdesk.amounts import from_fen
from claimdesk.language import N_
from claimdesk.services.figures import Counts

Figure = Callable[[Counts], Decimal | None]

VOLUME, SPEED, CONTROL = N_("Volume"), N_("Speed"), N_("Control")
COST, SERVICE = N_("Cost"), N_("Service")

_OWN = N_("Counted by the office itself")
_BASIC = N_("Motor claims basic indicators No. 1 (2015), as practised")
_PROVINCE = N_("Provincial insurance association, published figures")
_COMPANY = N_("A company's assessment of its claims offices")
_OFFICE = N_("The office's own definition")


@dataclass(frozen=True, slots=True)
class IndicatorRule:
    """How an indicator is computed from the counts of a period. Words are English source strings."""

    id: str
    group: str
    name: str
    unit: str
    figure: Figure
    definition: str
    mark: str
    source: str


def count_of(value: int) -> Decimal:
    """A number of cases."""
    return Decimal(value)


def money_of(fen: int) -> Decimal:
    """Fen as yuan."""
    return from_fen(fen)


def share(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` to four places, or None where there is nothing to divide by."""
    return _divided(Decimal(part), whole, '0.0001')


def mean_days(seconds: int, cases: int) -> Decimal | None:
    """Seconds per case in days, with two places."""
    return _divided(Decimal(seconds) / 86_400, cases, '0.01')


def mean_money(fen: int, cases: int) -> Decimal | None:
    """Fen per case in yuan."""
    return _divided(Decimal(fen) / 100, cases, '0.01')


def _divided(part: Decimal, whole: int, places: str) -> Decimal | None:
    return None if whole == 0 else (part / whole).quantize(Decimal(places), ROUND_HALF_UP)


RULES: tuple[IndicatorRule, ...] = (
    IndicatorRule(
        'reported', VOLUME, N_("Losses reported"), 'count', lambda c: count_of(c.reported),
        N_("Losses reported in the period, reports cancelled later included."), 'C', _OWN,
    ),
    IndicatorRule(
        'registered', VOLUME, N_("Cases registered"), 'count', lambda c: count_of(c.registered),
        N_("Cases registered in the period, whenever they were reported."), 'C', _OWN,
    ),
    IndicatorRule(
        'closed', VOLUME, N_("Cases closed"), 'count', lambda c: count_of(c.decided),
        N_("Cases closed in the period: paid, refused, without payment, or cancelled after registration."), 'C', _OWN,
    ),
    IndicatorRule(
        'paid', VOLUME, N_("Cases paid"), 'count', lambda c: count_of(c.paid),
        N_("Cases whose last payment was made in the period."), 'C', _OWN,
    ),
    IndicatorRule(
        'paid_amount', VOLUME, N_("Amount paid"), 'money', lambda c: money_of(c.paid_amount),
        N_("All that was paid on the cases whose last payment was made in the period."), 'C', _OWN,
    ),
    IndicatorRule(
        'open', VOLUME, N_("Open at the end"), 'count', lambda c: count_of(c.open_after),
        N_("Cases registered by the end of the period and not closed by then."), 'C', _OWN,
    ),
    IndicatorRule(
        'open_reserve', VOLUME, N_("Reserve of open cases"), 'money', lambda c: money_of(c.open_after_estimate),
        N_("The reserves, as they stand today, of the cases open at the end of the period."), 'C', _OWN,
    ),
    IndicatorRule(
        'report_to_payment', SPEED, N_("Report to payment"), 'days',
        lambda c: mean_days(c.report_to_payment, c.paid),
        N_("Σ(last payment − report) ÷ cases, over the cases paid in the period; in days."), 'B', _BASIC,
    ),
    IndicatorRule(
        'report_to_documents', SPEED, N_("Report to documents complete"), 'days',
        lambda c: mean_days(c.report_to_documents, c.chained),
        N_("Σ(documents complete − report) ÷ cases, over the paid cases whose four times are all recorded."),
        'B', _BASIC,
    ),
    IndicatorRule(
        'documents_to_approval', SPEED, N_("Documents complete to approval"), 'days',
        lambda c: mean_days(c.documents_to_approval, c.chained),
        N_("Σ(approval − documents complete) ÷ cases, over the paid cases whose four times are all recorded."),
        'B', _BASIC,
    ),
    IndicatorRule(
        'approval_to_payment', SPEED, N_("Approval to payment"), 'days',
        lambda c: mean_days(c.approval_to_payment, c.chained),
        N_("Σ(last payment − approval) ÷ cases, over the paid cases whose four times are all recorded."), 'B', _BASIC,
    ),
    IndicatorRule(
        'report_to_closing', SPEED, N_("Closing cycle"), 'days',
        lambda c: mean_days(c.report_to_closing, c.closed_with_decision),
        N_("Σ(closing − report) ÷ cases closed in the period; without cancelled cases and those without payment."),
        'A', _PROVINCE,
    ),
    IndicatorRule(
        'small_claims', SPEED, N_("Report to payment, small claims"), 'days',
        lambda c: mean_days(c.small_seconds, c.small),
        N_("As report to payment, over the cases of up to 5,000 yuan."), 'C', _OFFICE,
    ),
    IndicatorRule(
        'closing_rate', SPEED, N_("Closing rate of the period"), 'share',
        lambda c: share(c.registered_and_closed, c.registered),
        N_("Registered and closed in the period ÷ registered in the period."), 'B', _BASIC,
    ),
    IndicatorRule(
        'stock_closing_rate', SPEED, N_("Closing rate of the stock"), 'share',
        lambda c: share(c.open_before_closed, c.open_before),
        N_("Open at the beginning and closed in the period ÷ open at the beginning."), 'B', _BASIC,
    ),
    IndicatorRule(
        'amount_closing_rate', SPEED, N_("Closing rate by amount"), 'share',
        lambda c: share(c.settled_amount, c.settled_amount + c.open_after_estimate),
        N_("Paid on the cases closed in the period ÷ (that + reserves open at its end, as they stand today)."),
        'B', _BASIC,
    ),
    IndicatorRule(
        'rolling_closing_rate', SPEED, N_("Closing rate, rolling 12 months"), 'share',
        lambda c: share(c.rolling_closed, c.rolling_registered),
        N_(
            "Registered and closed in the 12 months that end with the month ÷ registered in them; without cases "
            "cancelled or closed without payment."
        ), 'A', _PROVINCE,
    ),
    IndicatorRule(
        'settled_rate', SPEED, N_("Settled rate"), 'share',
        lambda c: share(c.decided, c.decided + c.open_after),
        N_("Closed in the period ÷ (closed in the period + open at its end)."), 'B', _COMPANY,
    ),
    IndicatorRule(
        'timely_registration', SPEED, N_("Timely registration"), 'share',
        lambda c: share(c.registered_in_time, c.valid_reports),
        N_("Reported in the period and registered within 7 days ÷ valid reports of the period."), 'B', _COMPANY,
    ),
    IndicatorRule(
        'registration_rate', CONTROL, N_("Registration rate"), 'share',
        lambda c: share(c.registered, c.valid_reports),
        N_("Registered in the period ÷ reports of the period not cancelled by its end."), 'B', _BASIC,
    ),
    IndicatorRule(
        'late_registration', CONTROL, N_("Registration after 72 hours"), 'share',
        lambda c: share(c.registered_late, c.registered),
        N_(
            "Registered more than 72 hours after the report ÷ registered in the period: where a core system would "
            "have registered by force."
        ), 'B', _BASIC,
    ),
    IndicatorRule(
        'reopening_rate', CONTROL, N_("Reopening rate"), 'share',
        lambda c: share(c.reopened, c.registered),
        N_("Of the cases registered in the period, those reopened since ÷ registered in the period."), 'B', _BASIC,
    ),
    IndicatorRule(
        'reopening_rate_amount', CONTROL, N_("Reopening rate by amount"), 'share',
        lambda c: share(c.reopened_amount, c.settled_amount + c.open_after_estimate),
        N_("Paid on those reopened cases ÷ (paid on the cases closed in the period + reserves open at its end)."),
        'B', _BASIC,
    ),
    IndicatorRule(
        'estimate_deviation', CONTROL, N_("Deviation of estimates"), 'share',
        lambda c: share(c.deviation, c.settled_amount),
        N_("Σ(first estimate − paid) ÷ Σ paid, over the cases closed with payment in the period; overs and unders "
           "cancel out."), 'B', _BASIC,
    ),
    IndicatorRule(
        'estimate_deviation_absolute', CONTROL, N_("Deviation of estimates, absolute"), 'share',
        lambda c: share(c.deviation_size, c.settled_amount),
        N_("Σ|first estimate − paid| ÷ Σ paid, over the cases closed with payment in the period."), 'B', _BASIC,
    ),
    IndicatorRule(
        'zero_rate', CONTROL, N_("Rate closed without payment"), 'share',
        lambda c: share(c.zero, c.decided),
        N_("Closed without payment ÷ all cases closed in the period (paid, refused, without payment, cancelled)."),
        'B', _BASIC,
    ),
    IndicatorRule(
        'report_cancellation', CONTROL, N_("Reports cancelled"), 'share',
        lambda c: share(c.cancelled_reports, c.reported),
        N_("Reported in the period and cancelled by its end ÷ reported in the period."), 'B', _BASIC,
    ),
    IndicatorRule(
        'case_cancellation', CONTROL, N_("Cases cancelled"), 'share',
        lambda c: share(c.cancelled_cases, c.registered),
        N_("Registered cases cancelled in the period ÷ registered in the period."), 'B', _BASIC,
    ),
    IndicatorRule(
        'case_cancellation_amount', CONTROL, N_("Cases cancelled, by amount"), 'share',
        lambda c: share(c.cancelled_cases_estimate, c.settled_amount + c.open_after_estimate),
        N_("Reserves of the cases cancelled in the period ÷ (paid on the cases closed + reserves open at its end)."),
        'B', _BASIC,
    ),
    IndicatorRule(
        'mean_settled', COST, N_("Paid per closed case"), 'money',
        lambda c: mean_money(c.settled_amount, c.closed_paid),
        N_("Paid on the cases closed with payment in the period ÷ their number."), 'B', _BASIC,
    ),
    IndicatorRule(
        'mean_open', COST, N_("Reserve per open case"), 'money',
        lambda c: mean_money(c.open_after_estimate, c.open_after),
        N_("Reserves, as they stand today, of the cases open at the end of the period ÷ their number."), 'B', _BASIC,
    ),
    IndicatorRule(
        'acceptance', SERVICE, N_("Acceptance rate"), 'share',
        lambda c: share(c.closed_paid, c.closed_paid + c.refused),
        N_("Closed with payment ÷ (closed with payment + refused), in the period."), 'C', _OFFICE,
    ),
    IndicatorRule(
        'complaints', SERVICE, N_("Complaints received"), 'count', lambda c: count_of(c.complaints),
        N_("Complaints received in the period."), 'C', _OWN,
    ),
    IndicatorRule(
        'complaint_rate', SERVICE, N_("Complaint rate"), 'share', lambda c: share(c.complaints, c.decided),
        N_("Complaints received in the period ÷ cases closed in the period."), 'C', _OFFICE,
    ),
    IndicatorRule(
        'satisfaction', SERVICE, N_("Satisfaction"), 'score',
        lambda c: _divided(Decimal(c.answer_scores), c.answers, '0.01'),
        N_("Mean of the customers' answers in the period, from 1 (bad) to 5 (good)."), 'C', _OFFICE,
    ),
)  # fmt: skip
"""In the order of the report."""

ROLLING = 'rolling_closing_rate'
"""The one indicator that looks back over the whole window, and so has a value for its last month only."""
