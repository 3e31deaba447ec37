"""Fourteen months of an office: when cases are reported, and their stories told one after the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from claimdesk.language import _
from claimdesk.models.audit_chain import Head
from claimdesk.progress import Progress
from claimdesk.rules.calendar import Calendar
from claimdesk.services.office_generator.customers import Customers
from claimdesk.services.office_generator.dice import AHEAD, DAY, Dice, OfficeHours
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.office_generator.founding import found
from claimdesk.services.office_generator.ledger import Ledger
from claimdesk.services.office_generator.load import Loader
from claimdesk.services.office_generator.plan import Plan, plan_for, sibling
from claimdesk.services.office_generator.press import Press
from claimdesk.services.office_generator.story import Story
from claimdesk.services.office_generator.world import World
from claimdesk.vocabulary import Line, Outcome, Stage

DAYS = 426
"""Fourteen months."""

SEED = 20_260_101
PATTERNS = 2_500
"""How many stories are told to be copied."""

FRESH = (18, 47, 95, 140, 205, 330)
"""Minutes before the present at which the demo office got its latest calls."""

_RECENT = 120
"""A demo grows faster in its last days, so many of them, for it is their cases that are open."""

_HOURS = (1, 1, 1, 1, 1, 2, 4, 9, 14, 15, 14, 11, 9, 11, 13, 13, 12, 13, 10, 7, 5, 4, 3, 2)
"""How the reports of a day fall on its hours."""


def write(
    loader: Loader, calendar: Calendar, now: dt.datetime, cases: int, folders: Folders, progress: Progress
) -> Mapping[int, Head]:
    """Found a demo office and tell `cases` stories with their trail and paper; the loader gets every row.

    Returns how far the chains of the trail have come.
    """
    world = _found(loader, calendar, now, cases, folders)
    for done, story in enumerate(_stories(world, cases)):
        if done % 50 == 0:
            progress(done, cases, _("Making up cases"))
        story.tell()
        world.ledger.pass_on()
    folders.fill_inbox()
    world.ledger.pass_on_trail()
    _number_on(world)
    return world.ledger.links.heads


def write_many(loader: Loader, calendar: Calendar, now: dt.datetime, cases: int, progress: Progress) -> None:
    """Found an office of `cases` cases: those that are closed are copied from patterns, the open ones told."""
    world = _found(loader, calendar, now, cases, None)
    press = Press(world, loader)
    _learn(press, world, min(PATTERNS, 40 + cases // 10), progress)
    last = _seconds(now - dt.timedelta(minutes=5))
    done = 0
    for day, count in _days(world, cases):
        dice = Dice(SEED + day.toordinal())
        chosen = [(pattern, press.move(pattern, day, dice)) for pattern in press.choose(day, count, dice)]
        for pattern, moved in sorted(chosen, key=lambda one: one[0].reported + one[1]):
            if done % 1000 == 0:
                progress(done, cases, _("Making up cases"))
            done += 1
            if pattern.closed + moved < last:
                press.copy(pattern, moved, dice)
                continue
            reported = min(pattern.reported + moved, last - dice.randrange(60 * 60))
            story_dice = Dice(SEED + done)
            plan = plan_for(world, dt.datetime.fromtimestamp(reported, dt.UTC), story_dice)
            _liven(world, plan, story_dice)
            Story(world, plan, story_dice).tell()
            world.ledger.pass_on()
    _number_on(world)


def _found(
    loader: Loader, calendar: Calendar, now: dt.datetime, cases: int, folders: Folders | None
) -> World:
    rich = folders is not None
    ledger = Ledger(loader.add, trail=rich)
    office_id, code, staff = found(ledger, now, cases, rich, Dice(SEED))
    ledger.pass_on()
    return World(
        office_id,
        code,
        now,
        calendar,
        OfficeHours(calendar),
        staff,
        ledger,
        Customers(ledger, office_id),
        rich=rich,
        folders=folders,
    )


def _learn(press: Press, world: World, patterns: int, progress: Progress) -> None:
    """Tell stories of all days of the week that are long closed."""
    first = (world.now + AHEAD).date() - dt.timedelta(days=DAYS)
    for number in range(patterns):
        if number % 100 == 0:
            progress(number, patterns, _("Making up patterns"))
        dice = Dice(SEED - number - 1)
        day = first + dt.timedelta(days=number % (DAYS // 2))
        second = dice.choices(range(24), _HOURS)[0] * 3600 + dice.randrange(3600)
        press.learn(_midnight(day) + dt.timedelta(seconds=second), dice)


def _number_on(world: World) -> None:
    """The office's own numbers go on behind the last one."""
    for name, numbers in (('case', world.numbers), ('letter', world.letters)):
        for year, last in sorted(numbers.items()):
            world.ledger.insert_part('sequence', office_id=world.office_id, name=name, year=year, next_value=last + 1)
    world.ledger.pass_on()


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
        plan = plan_for(world, reported_at, dice)
        _liven(world, plan, dice)
        if plan.line is Line.MOTOR and plan.cause.third and number < cases and dice.chance(0.35):
            follower = sibling(plan, dice)
        yield Story(world, plan, dice)


def _liven(world: World, plan: Plan, dice: Dice) -> None:
    """See that the latest cases are at every early stage, and that some got their first papers yesterday."""
    age = world.now - plan.reported_at
    if dt.timedelta(hours=30) < age < dt.timedelta(days=9) and dice.chance(0.5):
        plan.first_papers = world.now - DAY + dt.timedelta(minutes=dice.randint(-300, 30))
    if dt.timedelta(days=9) < age < dt.timedelta(days=32) and dice.chance(0.1):
        plan.ending, plan.answers_late = Outcome.PAID, True
    if age < dt.timedelta(days=3):
        plan.ending = Outcome.PAID
    if age < dt.timedelta(hours=7):
        plan.halt = Stage.REPORTED if age < dt.timedelta(hours=2) else Stage.REGISTERED
    elif age < dt.timedelta(days=2) and dice.chance(0.3):
        plan.halt = Stage.SURVEY


def _reports(world: World, cases: int) -> Iterator[dt.datetime]:
    """When the cases of a demo office are reported, to the second and in order, the latest within the last hours."""
    now, dice = world.now, Dice(SEED)
    fresh = [now - dt.timedelta(minutes=minutes) for minutes in reversed(FRESH)]
    fresh = fresh[max(0, len(fresh) - cases) :]
    for day, count in _days(world, cases - len(fresh)):
        midnight = _midnight(day)
        room = min(86_399, int((fresh[0] - midnight).total_seconds()) - 1)
        if room < 0:
            midnight, room = midnight - DAY, 86_399
        hours = dice.choices(range(24), _HOURS, k=count)
        for second in sorted(min(hour * 3600 + dice.randrange(3600), room) for hour in hours):
            yield midnight + dt.timedelta(seconds=second)
    yield from fresh


def _days(world: World, cases: int) -> Iterator[tuple[dt.date, int]]:
    """How many cases each day brings: the office grows, and at weekends less happens."""
    today = (world.now + AHEAD).date()
    days = [today - dt.timedelta(days=back) for back in range(DAYS, -1, -1)]
    weights = [
        (0.55 if world.hours.rests(day) else 1.0) * (1.0 + 0.7 * place / DAYS)
        + (max(0.0, 1.0 - (DAYS - place) / _RECENT) if world.rich else 0.0)
        for place, day in enumerate(days)
    ]
    total, given, passed = sum(weights), 0, 0.0
    for day, weight in zip(days, weights, strict=True):
        passed += weight
        count = round(cases * passed / total) - given
        given += count
        yield day, count


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - AHEAD


def _seconds(at: dt.datetime) -> int:
    return int(at.timestamp())
