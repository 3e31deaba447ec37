"""What is said about a made-up case: calls, texts and notes, complaints with their answers, marks of satisfaction."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from claimdesk.language import N_
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import Channel, Outcome, Role

if TYPE_CHECKING:
    from claimdesk.services.office_generator.staff import Colleague
    from claimdesk.services.office_generator.story import Story

_SCORES, _SCORE_WEIGHTS = (5, 4, 3, 2, 1), (52, 28, 12, 5, 3)


def while_it_runs(story: Story) -> None:
    """Let people talk from the registration on."""
    if not story.world.rich:
        return
    dice, talk, kind = story.dice, stock().talk, story.plan.line.value
    number = story.case['number']
    _say(story, 4, Channel.SMS, talk['sms'][0].format(number=number), incoming=False)
    if dice.chance(0.45):
        days = dice.uniform(2, 9)
        _say(story, days * 1440, Channel.PHONE, dice.among(talk['incoming'][kind]), incoming=True)
    if dice.chance(0.4):
        days = dice.uniform(2, 12)
        _say(story, days * 1440, Channel.PHONE, dice.among(talk['calls'][kind][1:]), incoming=False)
    if dice.chance(0.3):
        _say(story, dice.uniform(1, 6) * 1440, Channel.NOTE, dice.among(talk['notes'][kind]), incoming=None)
    if story.plan.complaint:
        _complain(story)


def first_call(story: Story) -> None:
    """Let the surveyor call the customer as soon as the case is his."""
    if story.world.rich:
        words = stock().talk['calls'][story.plan.line.value][0]
        _say(story, story.dice.uniform(3, 12), Channel.PHONE, words, incoming=False)


def after_the_end(story: Story) -> None:
    """Tell the customer of the payment, and ask some weeks later how it was."""
    if not story.world.rich or story.case['outcome'] is not Outcome.PAID:
        return
    talk, dice = stock().talk, story.dice
    _say(story, 6, Channel.SMS, talk['sms'][1].format(number=story.case['number']), incoming=False)
    if dice.chance(0.42):
        at = story.world.hours.later(story.at, dice.uniform(2, 14) * 24, dice)
        score = dice.choices(_SCORES, _SCORE_WEIGHTS)[0]
        comments = talk['comments']['good' if score >= 4 else 'bad']
        story.happens(at, lambda: _answer(story, at, score, dice.among(comments)))


def _say(story: Story, minutes: float, channel: Channel, body: str, *, incoming: bool | None) -> None:
    at = story.at + dt.timedelta(minutes=minutes)
    if channel is not Channel.SMS:
        at = story.world.hours.later(at, 0, story.dice)
    story.happens(at, lambda: _note(story, at, channel, body, incoming))


def _note(story: Story, at: dt.datetime, channel: Channel, body: str, incoming: bool | None) -> None:
    writer: Colleague = story.owner if Role.FINANCE not in story.owner.roles else story.clerk
    story.save(at, writer, N_("recorded a conversation"))
    story.ledger.insert(
        'message',
        case_id=story.case['id'],
        channel=channel,
        incoming=incoming,
        with_whom='' if channel is Channel.NOTE else story.case['reporter_name'],
        body=body,
        at=at,
        written_by=writer.id,
    )


def _complain(story: Story) -> None:
    dice = story.dice
    at = story.world.hours.later(story.at, dice.uniform(2, 12) * 24, dice)
    answered = story.world.hours.later(at, dice.uniform(1, 9) * 24, dice)
    words = dice.among(stock().talk['complaints'])
    coordinator = story.world.staff.of(Role.COORDINATOR, story.plan.line, dice)

    def take() -> None:
        story.save(at, coordinator, N_("took a complaint"))
        row = story.ledger.insert(
            'complaint',
            case_id=story.case['id'],
            complainant=story.case['reporter_name'],
            content=words['content'],
            received_at=at,
            owner_id=coordinator.id,
        )
        story.happens(answered, lambda: answer(row))

    def answer(row: dict[str, object]) -> None:
        story.save(answered, coordinator, N_("answered a complaint"))
        story.ledger.update('complaint', row, answer=words['answer'], answered_at=answered)

    story.happens(at, take)


def _answer(story: Story, at: dt.datetime, score: int, comment: str) -> None:
    clerk = story.clerk
    story.save(at, clerk, N_("recorded the customer's satisfaction"))
    story.ledger.insert(
        'satisfaction', case_id=story.case['id'], score=score, comment=comment, answered_at=at, asked_by=clerk.id
    )
