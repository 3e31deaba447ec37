"""Fourteen months of an office: when cases are reported, and their stories told one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.rules.calendar import Calendar
from claimdesk.services.office_generator.customers import Customers
from claimdesk.services.office_generator.dice import AHEAD, DAY, Dice, OfficeHours
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.office_generator.founding import found
from claimdesk.services.office_generator.ledger import Ledger
from claimdesk.services.office_generator.load import Loader
from claimdesk.services.office_generator.plan import Plan, draw, line_for, loss_before, sibling
from claimdesk.services.office_generator.stock import stock
from claimdesk.services.office_generator.story import Story
from claimdesk.services.office_generator.world import World
from claimdesk.vocabulary import Line, Outcome, Stage

DAYS = 426
"""Fourteen months."""

SEED = 20_260_101
FRESH = (18, 47, 95, 140, 205, 330)
"""Minutes before the present at which the demo office got its latest calls."""

_RECENT = 2.0
"""A demo shows more of its latest weeks, in which cases are open."""

_HOURS = (1, 1, 1, 1, 1, 2, 4, 9, 14, 15, 14, 11, 9, 11, 13, 13, 12, 13, 10, 7, 5, 4, 3, 2)
"""How the reports of a day fall on its hours."""


def write(
    loader: Loader, calendar: Calendar, now: dt.datetime, cases: int, folders: Folders | None, progress: Progress
) -> World:
    """Found the office and tell `cases` stories; the loader gets every row.

    With `folders` it is a demo office with trail and paper, else a lean one. Returns the office as it then is.
    """
    ledger = Ledger(loader.add, trail=folders is not None)
    dice = Dice(SEED)
    office_id, code, staff = found(ledger, now, cases, folders is not None, dice)
    world = World(
        office_id,
        code,
        now,
        calendar,
        OfficeHours(calendar),
        staff,
        ledger,
        Customers(ledger, office_id),
        rich=folders is not None,
        folders=folders,
    )
    stories = _stories(world, cases)
    for done, story in enumerate(stories):
        if done % 500 == 0:
            progress(done, cases, _("Making up cases"))
        story.tell()
        ledger.pass_on()
    if world.folders is not None:
        world.folders.fill_inbox()
    ledger.pass_on_trail()
    for year, last in sorted(world.numbers.items()):
        ledger.insert_part('sequence', office_id=office_id, name='case', year=year, next_value=last + 1)
    ledger.pass_on()
    return world


def _stories(world: World, cases: int) -> Iterator[Story]:
    """The stories in the order of their reports; an accident with two policies brings two in a row."""
    reports = _reports(world, cases)
    number = 0
    follower: Plan | None = None
    for reported_at in reports:
        number += 1
        dice = Dice(SEED + number)
        world.ledger.quietly()
        if follower is not None:
            follower.reported_at = reported_at
            yield Story(world, follower, dice)
            follower = None
            continue
        line = line_for(dice)
        cause = stock().lines[line].cause(dice)
        loss_at = loss_before(line, reported_at, dice)
        customer = world.customers.for_loss(line, loss_at, dice)
        plan = draw(line, cause, reported_at, loss_at, customer, dice)
        if world.rich:
            _liven(world, plan, dice)
        if line is Line.MOTOR and cause.third and number < cases and dice.chance(0.35):
            follower = sibling(plan, dice)
        yield Story(world, plan, dice)


def _liven(world: World, plan: Plan, dice: Dice) -> None:
    """See that the latest cases are at every early stage, and that some got their first papers yesterday."""
    age = world.now - plan.reported_at
    if dt.timedelta(hours=30) < age < dt.timedelta(days=9) and dice.chance(0.5):
        plan.first_papers = world.now - DAY + dt.timedelta(minutes=dice.randint(-300, 30))
    if age < dt.timedelta(days=3):
        plan.ending = Outcome.PAID
    if age < dt.timedelta(hours=7):
        plan.halt = Stage.REPORTED if age < dt.timedelta(hours=2) else Stage.REGISTERED
    elif age < dt.timedelta(days=2) and dice.chance(0.3):
        plan.halt = Stage.SURVEY


def _reports(world: World, cases: int) -> Iterator[dt.datetime]:
    """When cases are reported, to the second and in order: the office grows, and rests at weekends a little."""
    now, dice = world.now, Dice(SEED)
    fresh = [now - dt.timedelta(minutes=minutes) for minutes in reversed(FRESH)] if world.rich else []
    fresh = fresh[max(0, len(fresh) - cases):]
    wanted = cases - len(fresh)
    until = fresh[0] if fresh else now - dt.timedelta(minutes=5)
    today = (now + AHEAD).date()
    days = [today - dt.timedelta(days=back) for back in range(DAYS, -1, -1)]
    recent = _RECENT if world.rich else 1.0
    weights = [
        (0.55 if world.hours.rests(day) else 1.0) * (1.0 + 0.7 * place / DAYS) * (recent if place > DAYS - 45 else 1.0)
        for place, day in enumerate(days)
    ]
    total, given, passed = sum(weights), 0, 0.0
    for day, weight in zip(days, weights, strict=True):
        passed += weight
        count = round(wanted * passed / total) - given
        given += count
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - AHEAD
        room = min(86_399, int((until - midnight).total_seconds()) - 1)
        if room < 0:
            midnight, room = midnight - DAY, 86_399
        hours = dice.choices(range(24), _HOURS, k=count)
        seconds = sorted(min(hour * 3600 + dice.randrange(3600), room) for hour in hours)
        for second in seconds:
            yield midnight + dt.timedelta(seconds=second)
    yield from fresh
