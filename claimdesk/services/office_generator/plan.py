"""What will become of a case, drawn before its story is told: cause, amounts, pace, and how it ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from claimdesk.services.office_generator.customers import Cover, Customer, PolicyHeld
from claimdesk.services.office_generator.dice import Dice
from claimdesk.services.office_generator.ledger import Row
from claimdesk.services.office_generator.stock import Cause, stock
from claimdesk.vocabulary import Liability, Line, Outcome, Stage

if TYPE_CHECKING:
    from claimdesk.services.office_generator.world import World

LINE_SHARES = ((Line.MOTOR, 0.70), (Line.MEDICAL, 0.22), (Line.PROPERTY, 0.08))
ENDINGS = (Outcome.PAID, Outcome.CANCELLED_REPORT, Outcome.REFUSED, Outcome.ZERO, Outcome.CANCELLED_CASE)
_ENDING_SHARES = (0.855, 0.03, 0.04, 0.045, 0.03)
_LIABILITY = (Liability.FULL, Liability.MAIN, Liability.EQUAL, Liability.MINOR, Liability.NONE)


@dataclass(slots=True)
class Plan:
    """The lot of one case.

    `pace` stretches every step, `stall` is the number of the step that takes far too long, and from the stage `halt`
    the case has not gone on yet.
    """

    line: Line
    cause: Cause
    reported_at: dt.datetime
    loss_at: dt.datetime
    customer: Customer
    policy: PolicyHeld
    cover: Cover
    liability: Liability
    target: Decimal
    ending: Outcome
    pace: float
    stall: int
    halt: Stage | None = None
    injury: bool = False
    compulsory: bool = False
    reopened: bool = False
    returned: bool = False
    bank_returns: bool = False
    complaint: bool = False
    first_papers: dt.datetime | None = None
    answers_late: bool = False
    social_share: Decimal = Decimal(0)
    accident: Row | None = None
    words: dict[str, str] = field(default_factory=dict)


def line_for(dice: Dice) -> Line:
    """A line of business by its share of all cases."""
    lot = dice.random()
    for line, share in LINE_SHARES:
        if lot < share:
            return line
        lot -= share
    return Line.MOTOR


def loss_before(line: Line, reported_at: dt.datetime, dice: Dice) -> dt.datetime:
    """When the loss that is reported at `reported_at` happened, to the minute."""
    hours = {Line.MOTOR: 1.2, Line.MEDICAL: 150.0, Line.PROPERTY: 9.0}[line]
    before = reported_at - dt.timedelta(minutes=max(5, int(dice.about(hours, 0.9) * 60)))
    return before.replace(second=0)


def plan_for(world: World, reported_at: dt.datetime, dice: Dice) -> Plan:
    """The lot of the case that is reported at `reported_at`, with the customer whose loss it is."""
    line = line_for(dice)
    cause = stock().lines[line].cause(dice)
    loss_at = loss_before(line, reported_at, dice)
    customer = world.customers.for_loss(line, loss_at, dice)
    return draw(line, cause, reported_at, loss_at, customer, dice)


def draw(
    line: Line, cause: Cause, reported_at: dt.datetime, loss_at: dt.datetime, customer: Customer, dice: Dice
) -> Plan:
    """The lot of a case on the customer's main policy."""
    injury = line is Line.MOTOR and (cause.injury or (cause.third and dice.chance(0.04)))
    theirs = line is Line.MOTOR and (injury or (cause.third and dice.chance(0.18)))
    policy = customer.policy
    code = {Line.MOTOR: 'third_party' if theirs else 'damage', Line.MEDICAL: 'medical'}.get(line, 'contents')
    liability = Liability.FULL if line is Line.MOTOR else Liability.UNKNOWN
    if cause.third and not cause.at_fault:
        liability = dice.choices(_LIABILITY, (52, 18, 14, 12, 4))[0]
        if theirs and liability is Liability.NONE:
            liability = Liability.FULL
    plan = Plan(
        line=line,
        cause=cause,
        reported_at=reported_at,
        loss_at=loss_at,
        customer=customer,
        policy=policy,
        cover=policy.covers[code],
        liability=liability,
        target=_target(cause, policy.covers[code], injury, dice),
        ending=dice.choices(ENDINGS, _ENDING_SHARES)[0],
        pace=dice.about(1.0, 0.35),
        stall=dice.randint(1, 9) if dice.chance(0.07) else 0,
        injury=injury,
        reopened=dice.chance(0.018),
        returned=dice.chance(0.08),
        bank_returns=dice.chance(0.03),
        complaint=dice.chance(0.025),
        social_share=Decimal(dice.randint(35, 65)) / 100 if dice.chance(0.85) else Decimal(0),
    )
    plan.words = _words(plan, dice)
    return plan


def _target(cause: Cause, cover: Cover, injury: bool, dice: Dice) -> Decimal:
    """What the loss comes to, above what others pay and what the insured bears, in yuan."""
    wanted = dice.amount(*cause.estimate)
    if cover.code == 'third_party':
        return wanted + (20_000 if injury else 2_600)
    return wanted + cover.deductible * 3


def sibling(plan: Plan, dice: Dice) -> Plan | None:
    """The case on the compulsory policy that the same accident brings, where there is one."""
    held = plan.customer.compulsory
    if held is None or not plan.cause.third:
        return None
    code = 'compulsory_medical' if plan.injury else 'compulsory_property'
    return Plan(
        line=plan.line,
        cause=plan.cause,
        reported_at=plan.reported_at,
        loss_at=plan.loss_at,
        customer=plan.customer,
        policy=held,
        cover=held.covers[code],
        liability=plan.liability,
        target=dice.amount(4_000, 26_000) if plan.injury else dice.amount(700, 3_600),
        ending=Outcome.PAID if plan.ending is Outcome.ZERO else plan.ending,
        pace=plan.pace * 0.7,
        stall=dice.randint(1, 9) if dice.chance(0.05) else 0,
        injury=plan.injury,
        compulsory=True,
        words=plan.words,
    )


def _words(plan: Plan, dice: Dice) -> dict[str, str]:
    """What the sentences of the cause leave open: places, plates, hospitals."""
    places, customer = stock().places, plan.customer
    city, district = customer.city, customer.district
    roads = district['roads']
    other_city = dice.among(places['cities'])
    near = [name for name in places['hospitals'] if name.startswith(str(city['name'])[:2])] or places['hospitals']
    words: dict[str, str] = {
        'city': str(city['name']),
        'district': str(district['name']),
        'road': dice.among(roads),
        'road2': dice.among(roads),
        'number': str(dice.randint(1, 988)),
        'level': str(dice.randint(1, 3)),
        'side': dice.among('东西'),
        'side2': dice.among('南北'),
        'highway': dice.among(places['highways']),
        'km': str(dice.randint(12, 480)),
        'metres': f'{dice.randrange(100, 1000)}',
        'hospital': dice.among(near),
        'diagnosis': dice.among(plan.cause.diagnoses) if plan.cause.diagnoses else '',
        'occupancy': dice.among(places['occupancies']),
        'address': customer.address,
        'other': f'{other_city["plate"]}{dice.digits(5)}',
    }
    if words['road2'] == words['road']:
        words['road2'] = roads[(roads.index(words['road']) + 1) % len(roads)]
    words['place'] = customer.address
    if plan.line is not Line.PROPERTY:
        words['place'] = dice.among(plan.cause.spots or places['motor_spots']).format(**words)
    return words
