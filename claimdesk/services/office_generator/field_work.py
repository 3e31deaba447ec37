"""The surveyor's part of a story: sent, on the phone with the customer, at the place, and what the report holds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from claimdesk.language import N_
from claimdesk.services.office_generator.dice import Dice
from claimdesk.services.office_generator.ledger import Row
from claimdesk.services.office_generator.stock import stock
from claimdesk.sketch import Mark, PlacedMark, Sketch, Template, to_json
from claimdesk.vocabulary import DispatchState, Line, Role, SurveyKind

if TYPE_CHECKING:
    from claimdesk.services.office_generator.story import Story

_KINDS = {Line.MOTOR: SurveyKind.MOTOR, Line.MEDICAL: SurveyKind.INJURY, Line.PROPERTY: SurveyKind.PROPERTY}
_CHECKED = {
    Line.MOTOR: (
        'same_vehicle', 'inspection_valid', 'driver_licensed', 'driver_sober', 'use_as_insured', 'damage_fits',
    ),
    Line.MEDICAL: ('identity_seen', 'injury_fits', 'records_seen'),
    Line.PROPERTY: ('same_place', 'cause_fits', 'safety_kept', 'loss_limited', 'inventory'),
}  # fmt: skip
_CROSSINGS = ('追尾', '碰撞', '刮蹭', '剐蹭', '变道')


def send_surveyor(story: Story) -> None:
    """Send the owner of the survey: the save that dispatches the case is open."""
    if not story.world.rich:
        return
    dice = Dice(f'survey {story.case["number"]}')
    hours = 1 + dice.randrange(5) if story.plan.line is Line.MOTOR else 3 + dice.randrange(20)
    story.dispatch = story.ledger.insert(
        'survey_dispatch',
        case_id=story.case['id'],
        kind=_KINDS[story.plan.line],
        state=DispatchState.OFFERED,
        surveyor_id=story.owner.id,
        appointment_at=(story.at + dt.timedelta(hours=hours)).replace(minute=30 * dice.randrange(2), second=0),
        place=story.plan.words['place'],
        dispatched_by=story.clerk.id,
        dispatched_at=story.at,
    )
    called = story.at + dt.timedelta(minutes=4 + dice.randrange(25))
    story.happens(called, lambda: _call(story, called))


def _call(story: Story, at: dt.datetime) -> None:
    dispatch = story.dispatch
    if dispatch is None or dispatch['state'] is not DispatchState.OFFERED:
        return
    surveyor = next(one for one in story.world.staff.people if one.id == dispatch['surveyor_id'])
    story.save(at, surveyor, N_("contacted the customer"))
    story.ledger.update(
        'survey_dispatch', dispatch, state=DispatchState.ACCEPTED, answered_at=at, contacted_at=at,
        contact_note='已与报案人电话确认查勘时间和地点',
    )  # fmt: skip


def write_report(story: Story) -> None:
    """The surveyor was there and writes the report."""
    plan, surveyor = story.plan, story.somebody(Role.SURVEYOR)
    story.save(story.at, surveyor, N_("wrote the survey report"))
    story.report = story.ledger.insert(
        'survey_report',
        case_id=story.case['id'],
        surveyor_id=surveyor.id,
        visited_at=max(plan.loss_at, story.at - dt.timedelta(minutes=story.dice.randint(25, 95))),
        place=plan.words['place'],
        liability=plan.liability,
        finding=plan.cause.finding.format(**plan.words),
        statement=story.dice.among(stock().lines[plan.line].lists['statements']),
        suspicious=story.dice.chance(0.03),
        answers=_answers(story) if story.world.rich else {},
        sketch=_sketch(story) if story.world.rich else {},
    )
    story.ledger.update('accident', story.accident, liability=plan.liability)
    dispatch: Row | None = story.dispatch
    if dispatch is not None:
        story.ledger.update(
            'survey_dispatch',
            dispatch,
            state=DispatchState.DONE,
            answered_at=dispatch.get('answered_at') or story.at,
            finished_at=story.at,
        )


def _answers(story: Story) -> dict[str, str]:
    dice, line = Dice(f'answers {story.case["number"]}'), story.plan.line
    found = dict.fromkeys(_CHECKED[line], 'yes')
    if line is Line.MOTOR:
        found |= {
            'impact': dice.among(('Front', 'Rear', 'Left side', 'Right side')),
            'weather': dice.among(('Clear', 'Clear', 'Rain', 'Night')),
            'drivable': dice.among(('yes', 'yes', 'no')),
            'mileage': f'{dice.randrange(4, 160) * 1000 + dice.randrange(1000):,}',
        }
    if story.report is None and dice.chance(0.04):
        found[dice.among(_CHECKED[line])] = 'no'
    return found


def _sketch(story: Story) -> dict[str, object]:
    dice, plan = Dice(f'sketch {story.case["number"]}'), story.plan
    if plan.line is not Line.MOTOR or not any(word in plan.cause.name for word in _CROSSINGS) or dice.chance(0.3):
        return {}
    template = dice.among((Template.CROSSROAD, Template.ROAD, Template.T_JUNCTION))
    x = 380.0 + dice.randrange(120)
    marks = (
        PlacedMark(Mark.OWN_CAR, x, 345, 0),
        PlacedMark(Mark.OTHER_CAR, x + 112, 345 - 8 * dice.randrange(3), 5.0 * dice.randrange(5)),
        PlacedMark(Mark.IMPACT, x + 58, 340),
        PlacedMark(Mark.DIRECTION, x - 130, 345),
    )
    return to_json(Sketch(template, marks, (), f'{plan.cause.name}，标的车由西向东行驶'))
