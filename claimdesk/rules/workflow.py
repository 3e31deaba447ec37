"""The way of a case through its stages: which move leads where, who may make it, and what must hold first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from claimdesk.language import N_, _, ngettext
from claimdesk.rules.authority import Standing
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.close_gate import held_by, missing_documents
from claimdesk.rules.permissions import Permission, may, refusal_sentence
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

_NEXT: Mapping[Stage, Move] = {
    Stage.REPORTED: Move.REGISTER,
    Stage.REGISTERED: Move.DISPATCH_SURVEY,
    Stage.SURVEY: Move.FINISH_SURVEY,
    Stage.ASSESSMENT: Move.FINISH_ASSESSMENT,
    Stage.ADJUSTMENT: Move.SUBMIT_CALCULATION,
    Stage.APPROVAL: Move.APPROVE,
    Stage.PAYMENT: Move.PAY,
    Stage.CLOSING: Move.CLOSE,
}


def next_move(facts: Facts) -> Move | None:
    """The one obvious next move of a case; None once it is closed."""
    if facts.stage is Stage.CLOSING and facts.refused:
        return Move.SEND_REFUSAL
    return _NEXT.get(facts.stage)


def moves_for(
    facts: Facts, roles: Collection[Role], user_id: int
) -> list[tuple[Move, bool, tuple[str, ...]]]:
    """The moves that this stage knows, each with whether it is open to this person and, if not, why not."""
    found = []
    for move, rule in MOVES.items():
        if facts.stage not in rule.from_stages or (not rule.is_side and move is not next_move(facts)):
            continue
        against = blockers(move, facts, roles, user_id)
        found.append((move, not against, against))
    return found


def blockers(move: Move, facts: Facts, roles: Collection[Role], user_id: int) -> tuple[str, ...]:
    """Every sentence that speaks against `move` now, the close gate's last; empty if nothing does."""
    return (*hard_blockers(move, facts, roles, user_id), *held_by(move.value, facts))


def overridable(move: Move, facts: Facts, roles: Collection[Role], user_id: int) -> bool:
    """Whether only the close gate speaks against `move`, and this person may override it with a reason."""
    held = held_by(move.value, facts)
    return bool(held) and may(roles, P.OVERRIDE_GATE) and not hard_blockers(move, facts, roles, user_id)


def hard_blockers(move: Move, facts: Facts, roles: Collection[Role], user_id: int) -> tuple[str, ...]:
    """What speaks against `move` and is never overridden."""
    rule = MOVES[move]
    if facts.stage not in rule.from_stages:
        return (_("The case is no longer at this stage."),)
    if not rule.is_side and move is not next_move(facts):
        return (_("Another step comes first."),)
    if not may(roles, rule.permission):
        return (refusal_sentence(rule.permission),)
    return tuple(_conditions(move, facts, user_id))


def _conditions(move: Move, facts: Facts, user_id: int) -> list[str]:
    against: list[str] = []
    if facts.late_unexplained and not MOVES[move].is_side:
        against.append(_("This step is overdue: say why before you finish it."))
    if move in (Move.REGISTER, Move.FINISH_ASSESSMENT) and not facts.has_estimate:
        against.append(_("Set the estimate first."))
    if move is Move.FINISH_SURVEY and not facts.survey_written:
        against.append(_("Write the survey report first."))
    if move is Move.FINISH_ASSESSMENT:
        against += _assessment(facts)
    if move in (Move.SUBMIT_CALCULATION, Move.APPROVE, Move.PASS_UP, Move.HEAD_OFFICE):
        against += [missing_documents(facts)] if facts.missing_documents else []
    if move is Move.SUBMIT_CALCULATION and facts.calculation is not ApprovalState.PENDING:
        against.append(_("Calculate the payment first."))
    if move in SIGNED or move is Move.RETURN_CALCULATION:
        against += _approval(move, facts, user_id)
    if move in TWO_PEOPLE:
        against += _second_person(move, facts, user_id)
    if move in (Move.PAY, Move.CLOSE, Move.ZERO_CLOSE, Move.CANCEL_CASE, Move.REFUSE):
        against += _money(move, facts)
    return against


def _approval(move: Move, facts: Facts, user_id: int) -> list[str]:
    if facts.calculation is not ApprovalState.PENDING:
        return [_("No calculation waits for approval.")]
    if facts.adjuster_id == user_id:
        return [_("You made this calculation, so somebody else must approve it.")]
    if user_id in facts.handlers:
        return [_("You surveyed, assessed or calculated this case, so somebody else must approve it.")]
    return [] if facts.standing is None or move is Move.RETURN_CALCULATION else _authority(move, facts, facts.standing)


def _authority(move: Move, facts: Facts, standing: Standing) -> list[str]:
    if standing.limit is None and move is not Move.PASS_UP:
        return [_("No level of authority names you on this line: pass it up.")]
    if move is Move.APPROVE and not standing.covers(facts.asked):
        if standing.needs_head_office(facts.asked):
            return [_("This is beyond the office's authority: the head office decides.")]
        return [_("Your authority ends at {limit} yuan: pass it up.").format(limit=f'{standing.limit:,.2f}')]
    if move is Move.PASS_UP and (standing.covers(facts.asked) or standing.needs_head_office(facts.asked)):
        return [_("Nobody in the office stands above you for this amount.")]
    if move is Move.HEAD_OFFICE and not standing.needs_head_office(facts.asked):
        return [_("The office may decide this amount itself.")]
    return []


def _second_person(move: Move, facts: Facts, user_id: int) -> list[str]:
    asked_by = facts.requested_by.get(move)
    if asked_by == user_id:
        return [_("You asked for this, so somebody else must decide.")]
    if user_id in facts.handlers:
        return [_("You worked on this case, so somebody else must decide.")]
    if move is Move.REOPEN and asked_by is None:
        return [_("Somebody must ask for the reopening first, with the reason.")]
    return []


def _money(move: Move, facts: Facts) -> list[str]:
    # A reopened case whose new calculation comes to no more than was paid before owes nothing further.
    paid = facts.payment is PaymentState.PAID or (facts.payable is not None and 0 < facts.payable <= facts.paid)
    if move is Move.PAY:
        return [] if paid else [_("Record the payment first.")]
    if move is Move.CLOSE:
        return [] if paid else [_("The case is not paid yet.")]
    if facts.payment in (PaymentState.PREPARED, PaymentState.PAID) or facts.paid > 0:
        return [_("A payment has been made or is on its way.")]
    refused = facts.refused and move is Move.ZERO_CLOSE
    return [_("The claim is refused: send the refusal notice.")] if refused else []


def _assessment(facts: Facts) -> list[str]:
    if facts.open_loss_items:
        return [
            ngettext(
                "{count} loss item is not confirmed yet.",
                "{count} loss items are not confirmed yet.",
                facts.open_loss_items,
            ).format(count=facts.open_loss_items)
        ]
    if facts.confirmed_loss <= 0:
        return [_("Enter and confirm at least one loss item.")]
    return list(facts.loss_reviews)
