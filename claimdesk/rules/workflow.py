"""The way of a case through its stages: which move comes next, and what must hold before it may be made."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from claimdesk.language import _, ngettext
from claimdesk.rules.authority import Standing
from claimdesk.rules.close_gate import held_by, missing_documents
from claimdesk.rules.moves import MOVES, SIGNED, STAGE_ROLE, TWO_PEOPLE, Facts, Move, MoveRule
from claimdesk.rules.permissions import Permission, may, refusal_sentence
from claimdesk.vocabulary import ApprovalState, PaymentState, Role, Stage

__all__ = [
    'MOVES',
    'SIGNED',
    'STAGE_ROLE',
    'TWO_PEOPLE',
    'Facts',
    'Move',
    'MoveRule',
    'blockers',
    'hard_blockers',
    'moves_for',
    'next_move',
    'overridable',
]

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
    return bool(held) and may(roles, Permission.OVERRIDE_GATE) and not hard_blockers(move, facts, roles, user_id)


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
