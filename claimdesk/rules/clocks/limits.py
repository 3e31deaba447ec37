"""The time limits: each with its start, its end, how long it is, whom it binds, and the article that says so."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from claimdesk.language import N_
from claimdesk.rules.clocks.events import EventKind
from claimdesk.vocabulary import Complexity, Line, Word

Unit = Literal['minute', 'hour', 'office_hour', 'day', 'workday', 'year']
K = EventKind


class Duty(Word):
    """Who has to keep a time limit."""

    OFFICE = 'office', N_("The office")
    CUSTOMER = 'customer', N_("The customer")
    POLICE = 'police', N_("The police")


@dataclass(frozen=True, slots=True)
class Subject:
    """What time limits must know of a case; `amount` is its estimate in yuan."""

    line: Line
    compulsory: bool = False
    injury: bool = False
    amount: Decimal | None = None
    cause: str = ''


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A time limit. `statutory` says whether the number itself is the law's; else it is the office's own target
    for a duty that the law calls prompt. `mark`: A the text was read, B secondary, C the office's own.

    `counts` says whether a case is late when the limit is broken. `aim` is an earlier number, in the same unit, at
    which the office looks. A limit of working days with `ends_at_close` ends when the office closes, else at 24:00.
    One with `needs_target` runs only where the office has set a target for it.
    """

    id: str
    name: str
    limit: int
    unit: Unit
    start: EventKind
    stops: tuple[EventKind, ...]
    citation: str
    mark: str
    pauses: bool = False
    statutory: bool = True
    compulsory_only: bool = False
    lines: frozenset[Line] = frozenset(Line)
    voluntary_only: bool = False
    causes: frozenset[str] = frozenset()
    duty: Duty = Duty.OFFICE
    counts: bool = True
    aim: int | None = None
    ends_at_close: bool = False
    needs_target: bool = False

    def binds(self, subject: Subject) -> bool:
        """Whether the limit holds for such a case."""
        return (
            subject.line in self.lines
            and (not self.compulsory_only or (subject.compulsory and subject.line is Line.MOTOR))
            and not (self.voluntary_only and subject.compulsory)
            and (not self.causes or subject.cause in self.causes)
        )


_ENDS = (K.REFUSED_DECIDED, K.CLOSED)
_MOTOR = frozenset({Line.MOTOR})
_INSURANCE_LAW = '《保险法》'
_COMPULSORY = '《机动车交通事故责任强制保险条例》'
_MOTOR_CLAUSE = '《机动车综合商业保险示范条款》'
_POLICE = '《道路交通事故处理程序规定》'
_COMPLAINTS = '《银行业保险业消费投诉处理管理办法》'

CLOCK_RULES: tuple[ClockRule, ...] = (
    ClockRule(
        'L1', N_("One-time notice of missing documents"), 1, 'workday', K.CLAIM_RECEIVED,
        (K.NOTICE_ARRIVED, K.DOCUMENTS_COMPLETE, K.DECIDED, *_ENDS), f'{_INSURANCE_LAW}第22条', 'A', statutory=False,
    ),
    ClockRule(
        'L2', N_("Decision on the claim"), 30, 'day', K.CLAIM_RECEIVED, (K.DECIDED, *_ENDS),
        '《保险法》第23条；《保险法》司法解释（二）第15条', 'A', pauses=True,
    ),
    ClockRule(
        'L4', N_("Payment after agreement"), 10, 'day', K.AGREED, (K.PAID, K.CLOSED), f'{_INSURANCE_LAW}第23条', 'A',
    ),
    ClockRule(
        'L5', N_("Refusal notice with reasons"), 3, 'day', K.REFUSED_DECIDED, (K.REFUSAL_SENT,),
        f'{_INSURANCE_LAW}第24条', 'A',
    ),
    ClockRule(
        'L6', N_("Advance payment of what is certain"), 60, 'day', K.CLAIM_RECEIVED, (K.PAID, *_ENDS),
        f'{_INSURANCE_LAW}第25条', 'A',
    ),
    ClockRule(
        'L7', N_("Limitation of the customer's claim"), 2, 'year', K.ACCIDENT, (K.CLAIM_RECEIVED, K.CLOSED),
        f'{_INSURANCE_LAW}第26条', 'A', duty=Duty.CUSTOMER, counts=False,
    ),
    ClockRule(
        'L9', N_("Tell in writing which documents are needed"), 1, 'day', K.CLAIM_RECEIVED,
        (K.DOCUMENTS_TOLD, K.NOTICE_ARRIVED, K.DOCUMENTS_COMPLETE, *_ENDS), f'{_COMPULSORY}第28条', 'A',
        compulsory_only=True,
    ),
    ClockRule(
        'L10', N_("Decision on a compulsory motor claim"), 5, 'day', K.DOCUMENTS_COMPLETE, (K.DECIDED, *_ENDS),
        f'{_COMPULSORY}第29条', 'A', compulsory_only=True,
    ),
    ClockRule(
        'L10P', N_("Payment of a compulsory motor claim"), 10, 'day', K.AGREED, (K.PAID, K.CLOSED),
        f'{_COMPULSORY}第29条', 'A', compulsory_only=True,
    ),
    ClockRule(
        'L11', N_("Answer and explain the procedure"), 2, 'hour', K.REPORTED, (K.ANSWERED, K.CLAIM_RECEIVED, *_ENDS),
        f'{_COMPULSORY}第27条', 'A', statutory=False, compulsory_only=True,
    ),
    ClockRule(
        'L12', N_("Rescue costs of an injured person"), 1, 'workday', K.RESCUE_ASKED, (K.RESCUE_PAID, *_ENDS),
        f'{_COMPULSORY}第31条', 'A', statutory=False, compulsory_only=True,
    ),
    ClockRule(
        'L14', N_("Decision on a personal insurance claim"), 5, 'workday', K.DOCUMENTS_COMPLETE, (K.DECIDED, *_ENDS),
        '《人身保险业务基本服务规定》', 'B', statutory=False, lines=frozenset({Line.MEDICAL}),
    ),
    ClockRule(
        'L16', N_("Call back after the payment"), 15, 'workday', K.PAID, (K.CALLED_BACK,),
        '《机动车辆保险理赔管理指引》第99条', 'B', statutory=False, lines=_MOTOR, counts=False,
    ),
    ClockRule(
        'L17', N_("Registration of the report"), 72, 'hour', K.REPORTED,
        (K.REGISTERED, K.CLAIM_RECEIVED, K.DECIDED, *_ENDS), '《车险理赔服务指标体系》（征求意见稿）', 'B',
        statutory=False, lines=_MOTOR, aim=48,
    ),
    ClockRule(
        'L18', N_("Customer's report to the insurer"), 48, 'hour', K.ACCIDENT, (K.REPORTED,),
        f'{_MOTOR_CLAUSE}第13、30条', 'A', statutory=False, lines=_MOTOR, voluntary_only=True, duty=Duty.CUSTOMER,
        counts=False,
    ),
    ClockRule(
        'L18T', N_("Customer's report of a theft to the police"), 24, 'hour', K.ACCIDENT, (K.POLICE_TOLD,),
        f'{_MOTOR_CLAUSE}第56条', 'A', statutory=False, lines=_MOTOR, voluntary_only=True, causes=frozenset({'盗抢'}),
        duty=Duty.CUSTOMER, counts=False,
    ),
    ClockRule(
        'L19', N_("Police accident certificate"), 10, 'day', K.SCENE_INVESTIGATED, (K.CERTIFIED, K.APPRAISED),
        f'{_POLICE}第62条', 'A', lines=_MOTOR, duty=Duty.POLICE, counts=False,
    ),
    ClockRule(
        'L19A', N_("Police accident certificate after an appraisal"), 5, 'day', K.APPRAISED, (K.CERTIFIED,),
        f'{_POLICE}第62条', 'A', lines=_MOTOR, duty=Duty.POLICE, counts=False,
    ),
)  # fmt: skip
"""The limits of law, clause and supervision that run by the events of a case; L3 is how L2 pauses."""

PROMISE_CITATION = N_("The office's own promise")
PROMISES: tuple[ClockRule, ...] = (
    ClockRule(
        'contact', N_("First contact with the customer"), 0, 'minute', K.REPORTED,
        (K.CONTACTED, K.ANSWERED, K.REGISTERED, K.CLAIM_RECEIVED, K.SURVEYED, K.DECIDED, *_ENDS), '', 'C',
        statutory=False, needs_target=True,
    ),
    ClockRule(
        'visit', N_("Inspection of the loss"), 0, 'hour', K.DISPATCHED, (K.SURVEYED, K.DECIDED, *_ENDS), '', 'C',
        statutory=False, needs_target=True,
    ),
    ClockRule(
        'injured', N_("First contact with the injured person"), 0, 'hour', K.REPORTED,
        (K.INJURED_CONTACTED, K.DECIDED, *_ENDS), '', 'C', statutory=False, needs_target=True,
    ),
    ClockRule(
        'decision', N_("Approval once the documents are complete"), 0, 'workday', K.DOCUMENTS_COMPLETE,
        (K.DECIDED, *_ENDS), '', 'C', statutory=False, needs_target=True, ends_at_close=True,
    ),
    ClockRule(
        'small', N_("Payment of a small clear claim"), 0, 'day', K.DOCUMENTS_COMPLETE, (K.PAID, *_ENDS), '', 'C',
        statutory=False, needs_target=True,
    ),
)  # fmt: skip
"""What an office promises of its own; how much of it, the office's targets say."""

STEP = 'step'
"""The id of the target of the step in which a case stands."""

STEP_RULE = ClockRule(
    STEP, N_("Target of this step"), 0, 'workday', K.REPORTED, (), '', 'C', pauses=True, statutory=False,
    needs_target=True, ends_at_close=True,
)  # fmt: skip

COMPLAINT_RULES: dict[Complexity, ClockRule] = {
    complexity: ClockRule(
        rule_id, N_("Answer to a complaint"), days, 'day', K.COMPLAINED, (K.COMPLAINT_ANSWERED,), _COMPLAINTS, 'B',
        statutory=False, counts=False,
    )
    for complexity, rule_id, days in (
        (Complexity.SIMPLE, 'L15', 15), (Complexity.COMPLEX, 'L15C', 30), (Complexity.SPECIAL, 'L15S', 60),
    )
}  # fmt: skip
"""By how hard a complaint is; the thirty days more of a special one are granted by a second person."""

RECOVERY_RULE = ClockRule(
    'L8', N_("Limitation of the recovery"), 3, 'year', K.RIGHT_ACQUIRED, (K.RECOVERY_ENDED,),
    '《保险法》第60条；《保险法》司法解释（二）第16条；《民法典》第188条', 'B', statutory=False, counts=False,
)  # fmt: skip
"""Its start was read in the law, its length inferred, so it is shown as the office's setting."""

ALL_RULES: tuple[ClockRule, ...] = (*CLOCK_RULES, *PROMISES, STEP_RULE, *COMPLAINT_RULES.values(), RECOVERY_RULE)
CLOCK_NAMES: dict[str, str] = {rule.id: rule.name for rule in ALL_RULES}
"""What each clock is called, as an English source string."""
