"""The moves of a case: which stage leads where, whose permission a move needs, and what is known when it is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from claimdesk.language import N_
from claimdesk.rules.authority import Standing
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.vocabulary import STAGES, ApprovalState, Line, Outcome, PaymentState, Role, Stage, Word

NOTHING = Decimal('0.00')


class Move(Word):
    """Something that brings a case on, or takes it aside."""

    REGISTER = 'register', N_("Register")
    DISPATCH_SURVEY = 'dispatch_survey', N_("Dispatch the survey")
    FINISH_SURVEY = 'finish_survey', N_("Finish the survey")
    FINISH_ASSESSMENT = 'finish_assessment', N_("Finish the loss assessment")
    SUBMIT_CALCULATION = 'submit_calculation', N_("Submit for approval")
    APPROVE = 'approve', N_("Approve")
    PASS_UP = 'pass_up', N_("Pass up for approval")
    HEAD_OFFICE = 'head_office', N_("Record the head office's decision")
    RETURN_CALCULATION = 'return_calculation', N_("Return to the adjuster")
    PAY = 'pay', N_("Finish the payment")
    CLOSE = 'close', N_("Close and archive")
    SEND_REFUSAL = 'send_refusal', N_("Send the refusal notice and close")
    CANCEL_REPORT = 'cancel_report', N_("Cancel the report")
    CANCEL_CASE = 'cancel_case', N_("Cancel the case")
    REFUSE = 'refuse', N_("Refuse the claim")
    ZERO_CLOSE = 'zero_close', N_("Close without payment")
    REOPEN = 'reopen', N_("Reopen the case")


@dataclass(frozen=True, slots=True)
class MoveRule:
    """Where a move leads. `events` are recorded with it; `done_label` tells it in the timeline."""

    move: Move
    title: str
    done_label: str
    from_stages: frozenset[Stage]
    to_stage: Stage
    permission: Permission
    reason_needed: bool = False
    is_side: bool = False
    outcome: Outcome | None = None
    events: tuple[EventKind, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules must know of a case; money in yuan.

    `asked` is what the calculation that waits comes to. `handlers` surveyed, assessed or calculated the case.
    `standing` is the authority of the person who looks; None where authority is not asked about. `requested_by` says
    who asked an approver for a move. `open_tasks` are those beside the step of the stage. `late_unexplained`: a limit
    was broken at this step, and nobody has said why.
    """

    stage: Stage
    outcome: Outcome
    line: Line
    owner_id: int | None
    has_estimate: bool = False
    survey_written: bool = False
    open_loss_items: int = 0
    loss_reviews: tuple[str, ...] = ()
    confirmed_loss: Decimal = NOTHING
    calculation: ApprovalState | None = None
    adjuster_id: int | None = None
    payable: Decimal | None = None
    payment: PaymentState | None = None
    paid: Decimal = NOTHING
    missing_documents: int = 0
    refused: bool = False
    refusal_sent: bool = False
    asked: Decimal = NOTHING
    handlers: frozenset[int] = frozenset()
    standing: Standing | None = None
    requested_by: Mapping[Move, int] = field(default_factory=dict)
    open_tasks: int = 0
    open_complaints: int = 0
    claim_received: bool = False
    notice_sent: bool = False
    late_unexplained: bool = False


_OPEN = frozenset(STAGES) - {Stage.CLOSED}
_BEFORE_MONEY = _OPEN - {Stage.PAYMENT, Stage.CLOSING}
K, P = EventKind, Permission


def _rule(
    move: Move, done: str, stages: Collection[Stage], to_stage: Stage, permission: Permission, **more: object
) -> tuple[Move, MoveRule]:
    rule = MoveRule(move, move.label_source, done, frozenset(stages), to_stage, permission, **more)  # type: ignore[arg-type]
    return move, rule


MOVES: Mapping[Move, MoveRule] = dict(
    (
        _rule(
            Move.REGISTER,
            N_("registered the case"),
            {Stage.REPORTED},
            Stage.REGISTERED,
            P.OPEN_CASE,
            events=(K.ANSWERED, K.REGISTERED),
        ),
        _rule(
            Move.DISPATCH_SURVEY,
            N_("dispatched the survey"),
            {Stage.REGISTERED},
            Stage.SURVEY,
            P.OPEN_CASE,
            events=(K.DISPATCHED,),
        ),
        _rule(Move.FINISH_SURVEY, N_("finished the survey"), {Stage.SURVEY}, Stage.ASSESSMENT, P.SURVEY),
        _rule(
            Move.FINISH_ASSESSMENT,
            N_("finished the loss assessment"),
            {Stage.ASSESSMENT},
            Stage.ADJUSTMENT,
            P.ASSESS,
        ),
        _rule(
            Move.SUBMIT_CALCULATION,
            N_("submitted the calculation for approval"),
            {Stage.ADJUSTMENT},
            Stage.APPROVAL,
            P.ADJUST,
        ),
        _rule(
            Move.APPROVE,
            N_("approved the calculation"),
            {Stage.APPROVAL},
            Stage.PAYMENT,
            P.APPROVE,
            events=(K.DECIDED, K.AGREED),
        ),
        _rule(
            Move.PASS_UP,
            N_("passed the calculation up"),
            {Stage.APPROVAL},
            Stage.APPROVAL,
            P.APPROVE,
            reason_needed=True,
            is_side=True,
        ),
        _rule(
            Move.HEAD_OFFICE,
            N_("recorded the head office's decision"),
            {Stage.APPROVAL},
            Stage.PAYMENT,
            P.APPROVE,
            reason_needed=True,
            is_side=True,
            events=(K.DECIDED, K.AGREED),
        ),
        _rule(
            Move.RETURN_CALCULATION,
            N_("returned the calculation"),
            {Stage.APPROVAL},
            Stage.ADJUSTMENT,
            P.APPROVE,
            reason_needed=True,
            is_side=True,
        ),
        _rule(Move.PAY, N_("finished the payment"), {Stage.PAYMENT}, Stage.CLOSING, P.PAY),
        _rule(
            Move.CLOSE,
            N_("closed and archived the case"),
            {Stage.CLOSING},
            Stage.CLOSED,
            P.CLOSE,
            outcome=Outcome.PAID,
            events=(K.CLOSED,),
        ),
        _rule(
            Move.SEND_REFUSAL,
            N_("sent the refusal notice and closed the case"),
            {Stage.CLOSING},
            Stage.CLOSED,
            P.SEND_NOTICE,
            outcome=Outcome.REFUSED,
            events=(K.REFUSAL_SENT, K.NOTIFIED, K.CLOSED),
        ),
        _rule(
            Move.CANCEL_REPORT,
            N_("cancelled the report"),
            {Stage.REPORTED},
            Stage.CLOSED,
            P.CANCEL_REPORT,
            reason_needed=True,
            is_side=True,
            outcome=Outcome.CANCELLED_REPORT,
            events=(K.CLOSED,),
        ),
        _rule(
            Move.CANCEL_CASE,
            N_("cancelled the case"),
            _BEFORE_MONEY - {Stage.REPORTED},
            Stage.CLOSED,
            P.CANCEL_CASE,
            reason_needed=True,
            is_side=True,
            outcome=Outcome.CANCELLED_CASE,
            events=(K.CLOSED,),
        ),
        _rule(
            Move.REFUSE,
            N_("refused the claim"),
            _BEFORE_MONEY - {Stage.REPORTED},
            Stage.CLOSING,
            P.REFUSE,
            reason_needed=True,
            is_side=True,
            events=(K.REFUSED_DECIDED,),
        ),
        _rule(
            Move.ZERO_CLOSE,
            N_("closed the case without payment"),
            _OPEN - {Stage.REPORTED},
            Stage.CLOSED,
            P.ZERO_CLOSE,
            reason_needed=True,
            is_side=True,
            outcome=Outcome.ZERO,
            events=(K.CLOSED,),
        ),
        _rule(
            Move.REOPEN,
            N_("reopened the case"),
            {Stage.CLOSED},
            Stage.ASSESSMENT,
            P.REOPEN,
            reason_needed=True,
            is_side=True,
            outcome=Outcome.OPEN,
            events=(K.REOPENED,),
        ),
    )
)

SIGNED = frozenset({Move.APPROVE, Move.PASS_UP, Move.HEAD_OFFICE})
"""The moves that nobody makes without signing them."""

TWO_PEOPLE = frozenset({Move.REOPEN, Move.REFUSE, Move.CANCEL_CASE, Move.ZERO_CLOSE})
"""What anybody may ask an approver for; who worked on the case, or asked, does not decide it."""

STAGE_ROLE: Mapping[Stage, Role] = {
    Stage.REPORTED: Role.SERVICE,
    Stage.REGISTERED: Role.SERVICE,
    Stage.SURVEY: Role.SURVEYOR,
    Stage.ASSESSMENT: Role.ASSESSOR,
    Stage.ADJUSTMENT: Role.ADJUSTER,
    Stage.APPROVAL: Role.APPROVER,
    Stage.PAYMENT: Role.FINANCE,
    Stage.CLOSING: Role.SERVICE,
    Stage.CLOSED: Role.SERVICE,
}
"""Whose work each stage is."""
