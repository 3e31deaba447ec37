"""How a story begins: the report is taken, and the case opened with what the caller tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimdesk.language import N_
from claimdesk.rules.clocks import EventKind, Subject, step_due
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.intake import LINE_DETAILS
from claimdesk.services.office_generator.dice import AHEAD, DAY
from claimdesk.services.office_generator.identities import initials, person_name, phone
from claimdesk.services.office_generator.ledger import Row
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import Line, Outcome, Party, Stage

if TYPE_CHECKING:
    from claimdesk.services.office_generator.story import Story


def take_report(story: Story) -> None:
    """Take the report: accident, case with its line's own fields, parties, task, first events."""
    plan, at, customer = story.plan, story.at, story.plan.customer
    story.ledger.save(at, story.clerk, N_("took the report"))
    place, cause, words = plan.words['place'], plan.cause, plan.words
    if plan.accident is None:
        plan.accident = story.ledger.insert(
            'accident',
            office_id=story.world.office_id,
            happened_at=plan.loss_at,
            place=place,
            cause=cause.name,
            description=story.dice.among(cause.descriptions).format(**words),
        )
    story.accident = plan.accident
    owner, why = story.world.staff.next_owner(STAGE_ROLE[Stage.REPORTED], plan.line, at, story.dice)
    story.owner = owner
    reporter = customer.party['name']
    if customer.company or story.dice.chance(0.2):
        reporter = person_name(story.dice)
    story.case = story.ledger.insert(
        'claim_case',
        office_id=story.world.office_id,
        accident_id=story.accident['id'],
        policy_id=plan.policy.id,
        number=story.world.case_number(at),
        line=plan.line,
        compulsory=plan.compulsory,
        injury=plan.injury,
        stage=Stage.REPORTED,
        outcome=Outcome.OPEN,
        owner_id=owner.id,
        team_id=owner.team_id,
        assigned_why=why,
        reported_at=at,
        loss_at=plan.loss_at,
        stage_entered_at=at,
        step_due_at=step_due(Stage.REPORTED, at, story.world.calendar, Subject(plan.line, injury=plan.injury)),
        last_activity_at=at,
        insured_name=customer.party['name'],
        plate=customer.plate,
        policy_number=plan.policy.number,
        reporter_name=reporter,
        reporter_phone=customer.party['phone'] if reporter == customer.party['name'] else phone(story.dice),
        place=place,
        cause=cause.name,
        pinyin=initials(customer.party['name']),
    )
    case_id = story.case['id']
    story.open_task()
    story.details = _details(story)
    story.ledger.insert_part(LINE_DETAILS[plan.line].__tablename__, case_id=case_id, **story.details)
    story.ledger.insert('case_party', case_id=case_id, party_id=customer.party['id'], role=Party.INSURED)
    if customer.holder_id != customer.party['id']:
        story.ledger.insert('case_party', case_id=case_id, party_id=customer.holder_id, role=Party.HOLDER)
    story.event(EventKind.ACCIDENT, plan.loss_at, story.clerk)
    story.event(EventKind.REPORTED, at, story.clerk)


def _details(story: Story) -> Row:
    plan, customer, dice, words = story.plan, story.plan.customer, story.dice, story.plan.words
    if plan.line is Line.MOTOR:
        driver = customer.party['name'] if not customer.company and dice.chance(0.7) else person_name(dice)
        return {
            'vehicle_model': customer.vehicle,
            'driver_name': driver,
            'other_plate': words['other'] if plan.cause.third and '电动' not in plan.cause.name else '',
            'drivable': None if dice.chance(0.1) else plan.cause.name not in ('自燃', '暴雨涉水', '盗抢'),
            'garage': dice.among(stock().places['garages']),
        }
    if plan.line is Line.MEDICAL:
        low, high = plan.cause.days
        stay = dice.randint(low, high)
        admitted = (plan.loss_at + AHEAD).date()
        discharged = min(admitted + stay * DAY, (plan.reported_at + AHEAD).date())
        return {
            'patient_name': customer.party['name'],
            'hospital': words['hospital'],
            'diagnosis': words['diagnosis'],
            'admitted_on': admitted if stay else None,
            'discharged_on': discharged if stay else None,
            'social_insurance_used': dice.chance(0.85),
        }
    fire = plan.cause.name == '火灾'
    return {
        'premises': customer.address,
        'occupancy': words['occupancy'],
        'value_at_loss': customer.value,
        'fire_brigade_number': f'消防认字〔{plan.loss_at.year}〕第 {dice.digits(4)} 号' if fire else '',
    }
