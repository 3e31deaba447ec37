"""What each risk rule looks at: the facts of a case, when a rule holds on them, and the sentence that says why."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from claimdesk.language import N_
from claimdesk.vocabulary import Line

LOCAL = ZoneInfo('Asia/Shanghai')
NIGHT_FROM, NIGHT_TO = dt.time(20), dt.time(6)
UNDERBODY = ('托底', '底盘')
"""Words in the cause of a loss that speak of an impact from below."""

LEAST_COMPARED = 10
"""So many cases of one diagnosis, or of one garage, say something about the next; fewer do not."""

Found = Mapping[str, Any]
"""The facts that a signal's sentence is made of: plain values, so that it can be said in every language."""


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What the rules look at; money in yuan. A fact that is not known yet is None or empty and lets no rule hold.

    `car_losses` counts the losses of this car in the half year before this one, this one included; `driver_cars` the
    cars in which this driver had losses within a year. `paid_for_diagnosis` are the amounts of earlier cases with the
    same diagnosis, `garage_surveyors` those who surveyed the garage's latest cases, this case's surveyor being
    `surveyor_id`. Case numbers stand for the other cases that were met.
    """

    case_number: str
    line: Line
    insured: str
    loss_at: dt.datetime
    reported_at: dt.datetime
    policy_starts_at: dt.datetime
    cause: str = ''
    amount: Decimal | None = None
    first_estimate: Decimal | None = None
    estimate: Decimal | None = None
    plate: str = ''
    car_losses: int = 0
    same_day_cases: tuple[str, ...] = ()
    driver: str = ''
    driver_cars: int = 0
    reused_invoices: tuple[tuple[str, str], ...] = ()
    buyers: tuple[str, ...] = ()
    patient: str = ''
    overlapping_stays: tuple[str, ...] = ()
    diagnosis: str = ''
    paid_for_diagnosis: tuple[Decimal, ...] = ()
    garage: str = ''
    surveyor_id: int | None = None
    surveyor: str = ''
    garage_surveyors: tuple[int, ...] = ()
    payees: tuple[str, ...] = ()
    account_users: tuple[str, ...] = ()
    shared_pictures: tuple[str, ...] = ()
    surveyor_suspects: bool = False


@dataclass(frozen=True, slots=True)
class RiskKind:
    """What a rule is called, what its sentence says, what its number means ('' for none), and when it holds."""

    name: str
    sentence: str
    unit: str
    holds: Callable[[RiskFacts, int], Found | None]


def draw(case_number: str, purpose: str) -> float:
    """A number from 0 up to 1 that is always the same for a case and a purpose, and that nobody can choose."""
    digest = hashlib.sha256(f'{purpose}:{case_number}'.encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def _early(facts: RiskFacts, days: int) -> Found | None:
    after = (facts.loss_at.astimezone(LOCAL).date() - facts.policy_starts_at.astimezone(LOCAL).date()).days
    return {'days': after} if 0 <= after <= days else None


def _same_day(facts: RiskFacts, _threshold: int) -> Found | None:
    return {'cases': list(facts.same_day_cases)} if facts.same_day_cases else None


def _often(facts: RiskFacts, most: int) -> Found | None:
    return {'plate': facts.plate, 'count': facts.car_losses} if facts.car_losses > most else None


def _driver(facts: RiskFacts, least: int) -> Found | None:
    return {'driver': facts.driver, 'count': facts.driver_cars} if facts.driver_cars >= least else None


def _amount(facts: RiskFacts, most: int) -> Found | None:
    if facts.amount is None or facts.amount <= most:
        return None
    return {'amount': f'{facts.amount:,.2f}', 'limit': f'{most:,}'}


def _underbody(facts: RiskFacts, _threshold: int) -> Found | None:
    hit = facts.line is Line.MOTOR and any(word in facts.cause for word in UNDERBODY)
    return {'cause': facts.cause} if hit else None


def _night(facts: RiskFacts, _threshold: int) -> Found | None:
    clock = facts.loss_at.astimezone(LOCAL).time()
    dark = clock >= NIGHT_FROM or clock < NIGHT_TO
    return {'time': f'{clock:%H:%M}'} if dark and facts.line is Line.MOTOR else None


def _dear(facts: RiskFacts, percent: int) -> Found | None:
    if facts.amount is None or len(facts.paid_for_diagnosis) < LEAST_COMPARED:
        return None
    mean = sum(facts.paid_for_diagnosis, Decimal(0)) / len(facts.paid_for_diagnosis)
    if facts.amount * 100 <= mean * percent:
        return None
    return {
        'amount': f'{facts.amount:,.2f}',
        'mean': f'{mean:,.2f}',
        'count': len(facts.paid_for_diagnosis),
        'diagnosis': facts.diagnosis,
    }


def _drawn(facts: RiskFacts, percent: int) -> Found | None:
    return {'percent': percent} if draw(facts.case_number, 'risk') < percent / 100 else None


def _reused(facts: RiskFacts, _threshold: int) -> Found | None:
    if not facts.reused_invoices:
        return None
    return {
        'invoices': [number for number, _case in facts.reused_invoices],
        'cases': sorted({case for _number, case in facts.reused_invoices}),
    }


def _buyer(facts: RiskFacts, _threshold: int) -> Found | None:
    own = {_name(facts.insured), _name(facts.patient)}
    others = [buyer for buyer in facts.buyers if _name(buyer) and _name(buyer) not in own]
    return {'buyers': others, 'insured': facts.insured} if others else None


def _stays(facts: RiskFacts, _threshold: int) -> Found | None:
    return {'cases': list(facts.overlapping_stays)} if facts.overlapping_stays else None


def _late(facts: RiskFacts, hours: int) -> Found | None:
    passed = facts.reported_at - facts.loss_at
    return {'hours': int(passed.total_seconds() // 3600)} if passed > dt.timedelta(hours=hours) else None


def _payee(facts: RiskFacts, _threshold: int) -> Found | None:
    others = [payee for payee in facts.payees if _name(payee) != _name(facts.insured)]
    return {'payees': others, 'insured': facts.insured} if others else None


def _account(facts: RiskFacts, _threshold: int) -> Found | None:
    return {'names': list(facts.account_users)} if facts.account_users else None


def _estimate(facts: RiskFacts, percent: int) -> Found | None:
    first, now = facts.first_estimate, facts.estimate
    if not first or now is None or abs(now - first) * 100 <= first * percent:
        return None
    return {'first': f'{first:,.2f}', 'now': f'{now:,.2f}'}


def _garage(facts: RiskFacts, percent: int) -> Found | None:
    latest = facts.garage_surveyors
    if facts.surveyor_id is None or len(latest) < LEAST_COMPARED:
        return None
    same = sum(one == facts.surveyor_id for one in latest)
    if same * 100 < len(latest) * percent:
        return None
    return {'garage': facts.garage, 'surveyor': facts.surveyor, 'same': same, 'count': len(latest)}


def _pictures(facts: RiskFacts, _threshold: int) -> Found | None:
    return {'cases': list(facts.shared_pictures)} if facts.shared_pictures else None


def _suspects(facts: RiskFacts, _threshold: int) -> Found | None:
    return {} if facts.surveyor_suspects else None


def _name(words: str) -> str:
    return ''.join(words.split()).casefold()


KINDS: Mapping[str, RiskKind] = {
    'early_loss': RiskKind(
        N_("Loss soon after the start of the policy"), N_("The loss came {days} days after the policy began."),
        N_("days at most"), _early,
    ),
    'same_day': RiskKind(
        N_("Several losses of one policy on one day"), N_("The same policy has a loss on the same day: case {cases}."),
        '', _same_day,
    ),
    'often': RiskKind(
        N_("Many losses of one car"), N_("{plate} had {count} losses within half a year."),
        N_("losses in 6 months, more than"), _often,
    ),
    'driver': RiskKind(
        N_("One driver in several cars"), N_("{driver} had losses in {count} different cars within a year."),
        N_("cars in 12 months, at least"), _driver,
    ),
    'amount': RiskKind(
        N_("Large amount"), N_("{amount} yuan is more than {limit} yuan."), N_("yuan, more than"), _amount
    ),
    'underbody': RiskKind(
        N_("Impact from below"), N_("The cause speaks of an impact from below: {cause}."), '', _underbody
    ),
    'night': RiskKind(N_("Accident between 20:00 and 06:00"), N_("The accident happened at {time}."), '', _night),
    'dear': RiskKind(
        N_("Much dearer than others with the diagnosis"),
        N_("{amount} yuan; the latest {count} cases with “{diagnosis}” came to {mean} yuan on average."),
        N_("% of the average, more than"), _dear,
    ),
    'drawn': RiskKind(
        N_("Drawn for a check"), N_("Drawn by lot: {percent} % of all cases are looked at."), N_("% of cases"), _drawn
    ),
    'reused': RiskKind(
        N_("Invoice used in another case"), N_("Invoice {invoices} was already used in case {cases}."), '', _reused
    ),
    'buyer': RiskKind(
        N_("Receipt made out to somebody else"), N_("A receipt is made out to {buyers}, not to {insured}."), '', _buyer
    ),
    'stays': RiskKind(
        N_("Overlapping stays in hospital"), N_("The stay in hospital overlaps with that in case {cases}."), '', _stays
    ),
    'late': RiskKind(
        N_("Reported late"), N_("Reported {hours} hours after the loss."), N_("hours after the loss, more than"), _late
    ),
    'payee': RiskKind(
        N_("Payee is not the insured"), N_("The payee is {payees}, the insured is {insured}."), '', _payee
    ),
    'account': RiskKind(
        N_("Account used by several insured"), N_("The account was also used by {names}."), '', _account
    ),
    'estimate': RiskKind(
        N_("Estimate changed much"), N_("The estimate went from {first} to {now} yuan."), N_("% changed, more than"),
        _estimate,
    ),
    'garage': RiskKind(
        N_("Same garage and same surveyor"),
        N_("{surveyor} surveyed {same} of the latest {count} cases of {garage}."),
        N_("% of the latest cases, at least"), _garage,
    ),
    'pictures': RiskKind(
        N_("Same file in another case"), N_("A file of this case is also in case {cases}."), '', _pictures
    ),
    'suspects': RiskKind(
        N_("The surveyor has doubts"), N_("The surveyor marked the case as doubtful in the report."), '', _suspects
    ),
}  # fmt: skip
