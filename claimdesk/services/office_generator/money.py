"""The money of a story: the calculation handed in, the approver's decision, the payment by the bank."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING

from claimdesk.language import N_
from claimdesk.rules.adjustment import Inputs, adjust, fault_rate_for, ratio_for
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.workflow import Move
from claimdesk.services.office_generator.identities import card_number
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import ApprovalState, ClauseVersion, LossKind, PaymentState, Role

if TYPE_CHECKING:
    from claimdesk.services.office_generator.staff import Colleague
    from claimdesk.services.office_generator.story import Story

NOTHING = Decimal(0)


def hand_in(story: Story) -> Decimal:
    """Calculate what is payable and hand it in, unless it is nothing; the payable amount in yuan."""
    adjuster = story.somebody(Role.ADJUSTER)
    inputs = _inputs(story)
    sheet = adjust(story.plan.policy.clause, inputs)
    story.save(story.at, adjuster, N_("calculated the payment"))
    story.calculations.append(
        story.ledger.insert(
            'calculation',
            case_id=story.case['id'],
            number=len(story.calculations) + 1,
            coverage_id=story.plan.cover.id,
            inputs={name: None if value is None else str(value) for name, value in asdict(inputs).items()},
            steps=[[step.name, step.formula, str(step.amount)] for step in sheet.steps],
            payable=sheet.payable,
            state=ApprovalState.PENDING,
            made_by=adjuster.id,
            made_at=story.at,
        )
    )
    if sheet.payable > 0:
        story.go_to(story.at + dt.timedelta(minutes=story.dice.randint(2, 40)))
        story.move(Move.SUBMIT_CALCULATION, adjuster)
    return sheet.payable


def decide(story: Story, approver: Colleague, *, approved: bool, reason: str) -> Decimal | None:
    """The approver's decision on the newest calculation; what is payable from now on."""
    calculation = story.calculations[-1]
    story.ledger.update(
        'calculation',
        calculation,
        state=ApprovalState.APPROVED if approved else ApprovalState.RETURNED,
        decided_by=approver.id,
        decided_at=story.at,
        reason=reason,
    )
    return calculation['payable'] if approved else None


def pay(story: Story) -> None:
    """Prepare the payment and have the bank pay it; sometimes the bank returns the first one."""
    finance, plan, dice = story.somebody(Role.FINANCE), story.plan, story.dice
    places = stock().places
    bank = dice.among(places['banks']).format(city=plan.words['city'], district=plan.words['district'])
    account = card_number(dice)
    for attempt in (0, 1) if plan.bank_returns else (1,):
        story.wait(12)
        story.save(story.at, finance, N_("prepared the payment"))
        payment = story.ledger.insert(
            'payment',
            case_id=story.case['id'],
            calculation_id=story.calculations[-1]['id'],
            request_key=f'made-up-{story.case["id"]}-{len(story.calculations)}-{attempt}',
            payee_name=plan.customer.party['name'],
            bank_name=bank,
            account_number=account if attempt else card_number(dice),
            amount=story.calculations[-1]['payable'],
            state=PaymentState.PREPARED,
            prepared_by=finance.id,
            prepared_at=story.at,
        )
        story.wait(14)
        if attempt:
            story.save(story.at, finance, N_("recorded the payment"))
            reference = f'{story.at:%Y%m%d}{dice.digits(8)}'
            story.ledger.update(
                'payment', payment, state=PaymentState.PAID, paid_at=story.at, bank_reference=reference
            )
            paid = story.case.get('paid_amount', NOTHING) + payment['amount']
            story.ledger.update('claim_case', story.case, paid_amount=paid, paid_at=story.at)
            story.event(EventKind.PAID, story.at, finance)
        else:
            story.save(story.at, finance, N_("recorded a returned payment"))
            story.ledger.update(
                'payment', payment, state=PaymentState.RETURNED, reason=dice.among(stock().talk['bank_returns'])
            )


def _inputs(story: Story) -> Inputs:
    """What the file says for the cover, as `services.adjustment` proposes it, and what others have paid."""
    plan, cover = story.plan, story.plan.cover
    lost = [row for row in story.losses if row['kind'] is not LossKind.SALVAGE]
    confirmed = sum((row['confirmed'] for row in lost), NOTHING)
    salvage = sum((row['confirmed'] for row in story.losses if row['kind'] is LossKind.SALVAGE), NOTHING)
    return Inputs(
        confirmed=confirmed,
        salvage=salvage,
        paid_by_others=story.case.get('paid_amount', NOTHING) + _paid_elsewhere(story, confirmed),
        sum_insured=cover.sum_insured,
        insured_value=cover.insured_value,
        liability_ratio=ratio_for(cover.code, plan.liability),
        fault_rate=fault_rate_for(plan.policy.clause, plan.liability),
        deductible=cover.deductible,
        deductible_rate=cover.deductible_rate,
        benefit_ratio=cover.benefit_ratio,
    )


def _paid_elsewhere(story: Story, confirmed: Decimal) -> Decimal:
    plan = story.plan
    if plan.cover.code == 'third_party':
        return min(confirmed, Decimal(18_000 if plan.injury else 2_000))
    if plan.policy.clause is ClauseVersion.MEDICAL_INDEMNITY:
        return (confirmed * plan.social_share).quantize(Decimal('0.01'))
    return NOTHING
