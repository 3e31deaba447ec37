"""The money of a story: the calculation handed in, the approver's decision, the payment by the bank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from claimdesk.amounts import yuan
from claimdesk.language import N_
from claimdesk.rules.adjustment import Figures, Part, Request, adjust, formula_of
from claimdesk.rules.adjustment.compulsory import Victim
from claimdesk.rules.adjustment.medical import Social
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.workflow import Move
from claimdesk.services.calculation_kept import Source, Sources, kept_request, kept_sheets
from claimdesk.services.office_generator.identities import card_number
from claimdesk.services.office_generator.ledger import Row
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import ApprovalState, ClauseVersion, Liability, LossKind, PaymentState, Role

if TYPE_CHECKING:
    from claimdesk.services.office_generator.staff import Colleague
    from claimdesk.services.office_generator.story import Story

NOTHING = Decimal('0.00')
FIGURES = Figures.of()


def hand_in(story: Story) -> Decimal:
    """Calculate what is payable and hand it in, unless nothing is due any more; what is still due in yuan."""
    adjuster = story.somebody(Role.ADJUSTER)
    request, sources = _request(story)
    result = adjust(request)
    story.save(story.at, adjuster, N_("calculated the payment"))
    story.calculations.append(
        story.ledger.insert(
            'calculation',
            case_id=story.case['id'],
            number=len(story.calculations) + 1,
            coverage_id=story.plan.cover.id,
            inputs=kept_request(request, [sources]),
            steps=kept_sheets(result.sheets),
            payable=result.payable,
            advanced=result.advanced,
            state=ApprovalState.PENDING,
            made_by=adjuster.id,
            made_at=story.at,
        )
    )
    if story.world.rich and request.parts[0].formula.yearly:
        story.ledger.insert(
            'cover_use',
            calculation_id=story.calculations[-1]['id'],
            coverage_id=story.plan.cover.id,
            scope=_scope(story),
            amount=result.sheets[0].limit_used,
            deductible=result.sheets[0].deductible_used,
        )
    story.use = (result.sheets[0].limit_used, result.sheets[0].deductible_used)
    if result.due > 0:
        story.go_to(story.at + dt.timedelta(minutes=story.dice.randint(2, 40)))
        story.move(Move.SUBMIT_CALCULATION, adjuster)
    return result.due


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
    if approved:
        story.world.cover_uses.setdefault((story.plan.cover.id, _scope(story)), {})[story.case['id']] = story.use
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
            amount=story.calculations[-1]['payable'] - story.calculations[-1]['advanced'],
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


def share_of_liability(code: str, liability: Liability) -> Decimal:
    """The share of the loss that the insured answers for under the cover `code`."""
    return FIGURES.ratio_for(liability) if code == 'third_party' else Decimal(1)


def _request(story: Story) -> tuple[Request, Sources]:
    """What the file says for the cover, as `services.proposal` fills it in, and what others have paid."""
    plan, cover = story.plan, story.plan.cover
    formula = formula_of(plan.policy.clause, cover.code)
    lost = [row for row in story.losses if row['kind'] is not LossKind.SALVAGE]
    left = [row for row in story.losses if row['kind'] is LossKind.SALVAGE]
    values = _FILLERS[formula.kind](story, _sum(lost), _sum(left))
    name = 'victims' if formula.kind == 'compulsory' else 'cost' if formula.kind == 'medical' else 'loss'
    if formula.kind == 'third_party':
        name = next(item for item in ('property', 'medical') if values[item])
    sources: dict[str, tuple[Source, ...]] = {
        field: (Source(kind),) for field, kind in _FROM.items() if field in values and field != name
    }
    sources[name] = tuple(Source('loss', row['name'], None, None, row['confirmed']) for row in lost)
    # The cover's id is in its own column: a calculation that is copied for another customer keeps no other one.
    part = Part(formula.kind, cover.name, formula.inputs(**values))
    return Request(plan.policy.clause, (part,), FIGURES, story.case.get('paid_amount', NOTHING)), sources


_FROM = {
    'limit': 'policy', 'deductible': 'policy', 'deductible_rate': 'policy', 'absolute_rate': 'policy',
    'ratio': 'policy', 'value': 'policy', 'liability_ratio': 'survey', 'fault_rate': 'survey', 'with_fault': 'survey',
    'social': 'case', 'limit_used': 'claims', 'deductible_used': 'claims',
}  # fmt: skip


def _scope(story: Story) -> str:
    return f'year:1:{story.plan.customer.party["name"]}'


def _sum(rows: Sequence[Row]) -> Decimal:
    return sum((row['confirmed'] for row in rows), NOTHING)


def _own_damage(story: Story, lost: Decimal, salvage: Decimal) -> Row:
    plan, cover = story.plan, story.plan.cover
    old = plan.policy.clause is ClauseVersion.MOTOR_2014
    return {
        'loss': lost, 'salvage': salvage, 'limit': cover.sum_insured, 'deductible': cover.deductible,
        'absolute_rate': cover.deductible_rate,
        'fault_rate': FIGURES.fault_rate_for(plan.liability) if old else Decimal(0),
    }  # fmt: skip


def _third_party(story: Story, lost: Decimal, salvage: Decimal) -> Row:
    plan, cover = story.plan, story.plan.cover
    old = plan.policy.clause is ClauseVersion.MOTOR_2014
    item = 'medical' if plan.injury else 'property'
    return {
        'property': NOTHING, 'medical': NOTHING, item: lost,
        f'compulsory_{item}': min(lost, FIGURES.number(f'compulsory.fault.{item}')),
        'limit': cover.sum_insured,
        'liability_ratio': FIGURES.ratio_for(plan.liability),
        'fault_rate': FIGURES.fault_rate_for(plan.liability) if old else Decimal(0),
    }  # fmt: skip


def _compulsory(story: Story, lost: Decimal, salvage: Decimal) -> Row:
    item = 'medical' if story.plan.injury else 'property'
    name = '三者伤者' if story.plan.injury else story.plan.words['other']
    return {
        'with_fault': story.plan.liability is not Liability.NONE,
        'victims': (Victim(name=name, **{item: lost}),),
    }


def _medical(story: Story, lost: Decimal, salvage: Decimal) -> Row:
    plan, cover = story.plan, story.plan.cover
    paid = yuan(lost * plan.social_share) if plan.policy.clause is ClauseVersion.MEDICAL_INDEMNITY else NOTHING
    others = story.world.cover_uses.get((cover.id, _scope(story)), {})
    uses = [use for case_id, use in others.items() if case_id != story.case['id']]
    return {
        'cost': lost, 'social': Social.USED, 'social_paid': paid, 'deductible': cover.deductible,
        'ratio': cover.benefit_ratio, 'limit': cover.sum_insured,
        'limit_used': sum((use[0] for use in uses), NOTHING),
        'deductible_used': sum((use[1] for use in uses), NOTHING),
    }  # fmt: skip


def _property(story: Story, lost: Decimal, salvage: Decimal) -> Row:
    cover = story.plan.cover
    return {
        'loss': lost, 'salvage': salvage, 'limit': cover.sum_insured, 'value': cover.insured_value,
        'deductible': cover.deductible, 'deductible_rate': cover.deductible_rate,
    }  # fmt: skip


_FILLERS = {
    'own_damage': _own_damage, 'third_party': _third_party, 'compulsory': _compulsory, 'medical': _medical,
    'property': _property,
}  # fmt: skip
