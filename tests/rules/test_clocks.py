"""Time limits: the computed examples, each with its article, and what must hold of every clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.calendar import Calendar, chinese_calendar
from claimdesk.rules.clocks import (
    CLOCK_RULES,
    Clock,
    Event,
    EventKind,
    Pause,
    due_state,
    due_words,
    pauses_of,
    run_clocks,
)
from claimdesk.vocabulary import DueState, Line

K = EventKind
SHANGHAI = ZoneInfo('Asia/Shanghai')
CALENDAR = chinese_calendar()


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


NOW = local(2025, 3, 25)


def clocks(
    *events: tuple[EventKind, dt.datetime],
    now: dt.datetime = NOW,
    compulsory: bool = False,
    line: Line = Line.MOTOR,
    calendar: Calendar = CALENDAR,
) -> dict[str, Clock]:
    found = run_clocks(
        CLOCK_RULES, [Event(kind, at) for kind, at in events], calendar, now, line=line, compulsory=compulsory
    )
    return {clock.rule.id: clock for clock in found}


def day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(SHANGHAI).date()


RECEIVED = (K.CLAIM_RECEIVED, local(2025, 3, 3))


def test_thirty_days_from_the_claim() -> None:
    """Insurance Law art. 23; the day of the start is not counted (Civil Code art. 201)."""
    clock = clocks(RECEIVED)['L2']
    assert day(clock.due) == dt.date(2025, 4, 2)
    assert clock.due.astimezone(SHANGHAI).time() == dt.time(23, 59, 59)


def test_waiting_for_documents_is_not_counted_and_a_day_of_rest_moves_the_end() -> None:
    """Judicial Interpretation II art. 15; Civil Code art. 203. The office aims at the day before the rest."""
    clock = clocks(
        RECEIVED, (K.NOTICE_ARRIVED, local(2025, 3, 10)), (K.SUPPLEMENT_ARRIVED, local(2025, 3, 20))
    )['L2']
    assert day(clock.due) == dt.date(2025, 4, 14)
    assert day(clock.internal_due) == dt.date(2025, 4, 11)
    assert '10 days of waiting for documents' in ' '.join(clock.explanation)
    assert 'day of rest' in ' '.join(clock.explanation)


def test_sixty_days_for_the_certain_part_run_through_the_pause() -> None:
    """Insurance Law art. 25; the end falls into the May holiday."""
    clock = clocks(
        RECEIVED, (K.NOTICE_ARRIVED, local(2025, 3, 10)), (K.SUPPLEMENT_ARRIVED, local(2025, 3, 20))
    )['L6']
    assert day(clock.due) == dt.date(2025, 5, 6)
    assert clock.pauses == ()


@pytest.mark.parametrize(
    'rule, compulsory, events, due',
    [
        ('L4', False, [(K.AGREED, local(2025, 3, 3))], dt.date(2025, 3, 13)),
        ('L5', False, [(K.REFUSED_DECIDED, local(2025, 3, 3))], dt.date(2025, 3, 6)),
        ('L5', False, [(K.REFUSED_DECIDED, local(2025, 3, 6))], dt.date(2025, 3, 10)),  # the 9th is a Sunday
        ('L1', False, [RECEIVED], dt.date(2025, 3, 4)),
        ('L9', True, [RECEIVED], dt.date(2025, 3, 4)),
        ('L10', True, [(K.DOCUMENTS_COMPLETE, local(2025, 3, 3))], dt.date(2025, 3, 10)),  # the 8th is a Saturday
        ('L10P', True, [(K.AGREED, local(2025, 3, 3))], dt.date(2025, 3, 13)),
    ],
)
def test_the_other_limits(
    rule: str, compulsory: bool, events: list[tuple[EventKind, dt.datetime]], due: dt.date
) -> None:
    assert day(clocks(*events, compulsory=compulsory)[rule].due) == due


def test_the_answer_to_a_compulsory_report_is_the_offices_own_two_hours() -> None:
    clock = clocks((K.REPORTED, local(2025, 3, 3, 10)), compulsory=True)['L11']
    assert clock.due == local(2025, 3, 3, 12)
    assert not clock.rule.statutory
    assert 'names no number' in clock.explanation[0]


def test_compulsory_limits_bind_only_compulsory_motor_cover() -> None:
    events = [RECEIVED, (K.DOCUMENTS_COMPLETE, local(2025, 3, 4)), (K.AGREED, local(2025, 3, 5))]
    assert not {'L9', 'L10', 'L10P', 'L11'} & set(clocks(*events))
    assert not {'L9', 'L10', 'L10P', 'L11'} & set(clocks(*events, compulsory=True, line=Line.PROPERTY))
    assert {'L9', 'L10', 'L10P'} <= set(clocks(*events, compulsory=True))


def test_a_limit_counts_local_days() -> None:
    """23:30 in Shanghai is the day before in UTC; the local day counts."""
    clock = clocks((K.CLAIM_RECEIVED, local(2025, 3, 3, 23, 30).astimezone(dt.UTC)))['L2']
    assert day(clock.due) == dt.date(2025, 4, 2)


def test_a_decision_stops_the_clock_and_says_whether_it_was_in_time() -> None:
    met = clocks(RECEIVED, (K.DECIDED, local(2025, 4, 2, 20)))['L2']
    late = clocks(RECEIVED, (K.DECIDED, local(2025, 4, 3)))['L2']
    assert met.state is late.state is DueState.DONE
    assert met.explanation[-1].startswith('Met on')
    assert late.explanation[-1].startswith('Ended late')


def test_a_year_that_is_not_published_makes_the_day_provisional() -> None:
    short = Calendar(frozenset(), frozenset(), frozenset({2025}))
    clock = clocks((K.CLAIM_RECEIVED, local(2025, 12, 20)), now=local(2025, 12, 21), calendar=short)['L2']
    assert clock.provisional
    assert 'provisional' in ' '.join(clock.explanation)
    assert not clocks(RECEIVED)['L2'].provisional


def test_a_pause_hides_a_limit_only_while_it_is_not_broken() -> None:
    waiting = clocks(RECEIVED, (K.NOTICE_ARRIVED, local(2025, 3, 10)), now=local(2025, 6, 1))['L2']
    assert waiting.state is DueState.PAUSED
    late = clocks(RECEIVED, (K.NOTICE_ARRIVED, local(2025, 4, 20)), now=local(2025, 4, 25))['L2']
    assert late.due < local(2025, 4, 20)
    assert late.state is not DueState.PAUSED


def test_an_answer_at_the_moment_of_the_next_notice_is_to_the_one_before() -> None:
    first, second, end = local(2025, 3, 10), local(2025, 3, 15), local(2025, 3, 20)
    events = [
        Event(K.NOTICE_ARRIVED, first), Event(K.NOTICE_ARRIVED, second),
        Event(K.SUPPLEMENT_ARRIVED, second), Event(K.SUPPLEMENT_ARRIVED, end),
    ]  # fmt: skip
    assert pauses_of(events, local(2025, 3, 3)) == (Pause(first, second), Pause(second, end))
    assert pauses_of([events[0], Event(K.SUPPLEMENT_ARRIVED, first)], local(2025, 3, 3)) == (Pause(first, first),)


MOMENTS = st.integers(0, 900_000).map(lambda minutes: local(2024, 1, 2) + dt.timedelta(minutes=minutes))
SPANS = st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=40))


@given(MOMENTS, SPANS, SPANS)
def test_a_pause_never_shortens(start: dt.datetime, before: dt.timedelta, length: dt.timedelta) -> None:
    told, answered = start + before, start + before + length
    now = answered + dt.timedelta(days=1)
    plain = clocks((K.CLAIM_RECEIVED, start), now=now)['L2']
    paused = clocks((K.CLAIM_RECEIVED, start), (K.NOTICE_ARRIVED, told), (K.SUPPLEMENT_ARRIVED, answered), now=now)
    assert paused['L2'].due >= plain.due


@given(MOMENTS, SPANS, SPANS, st.floats(0, 1))
def test_splitting_a_pause_changes_nothing(
    start: dt.datetime, before: dt.timedelta, length: dt.timedelta, share: float
) -> None:
    told, answered = start + before, start + before + length
    middle = told + length * share
    now = answered + dt.timedelta(days=1)
    whole = clocks((K.CLAIM_RECEIVED, start), (K.NOTICE_ARRIVED, told), (K.SUPPLEMENT_ARRIVED, answered), now=now)
    split = clocks(
        (K.CLAIM_RECEIVED, start),
        (K.NOTICE_ARRIVED, told),
        (K.SUPPLEMENT_ARRIVED, middle),
        (K.NOTICE_ARRIVED, middle),
        (K.SUPPLEMENT_ARRIVED, answered),
        now=now,
    )
    assert split['L2'].due == whole['L2'].due


@given(st.lists(st.tuples(st.sampled_from(list(K)), MOMENTS), max_size=8), st.randoms())
def test_the_order_of_recording_does_not_matter(events: list[tuple[EventKind, dt.datetime]], chance: object) -> None:
    mixed = list(events)
    chance.shuffle(mixed)
    now = local(2026, 1, 1)
    assert clocks(*mixed, now=now, compulsory=True) == clocks(*events, now=now, compulsory=True)


@given(st.lists(st.tuples(st.sampled_from(list(K)), MOMENTS), max_size=8))
def test_what_holds_of_every_clock(events: list[tuple[EventKind, dt.datetime]]) -> None:
    for clock in clocks(*events, now=local(2026, 1, 1), compulsory=True).values():
        assert clock.internal_due <= clock.due
        assert clock.due >= clock.started_at
        assert clock.explanation
        if clock.rule.unit != 'hour' and not clock.provisional:
            assert not CALENDAR.is_rest(day(clock.due))
        for pause in clock.pauses:
            assert pause.end is None or pause.start <= pause.end


@pytest.mark.parametrize(
    'left, state',
    [
        (dt.timedelta(days=-1), DueState.OVERDUE),
        (dt.timedelta(hours=3), DueState.TODAY),
        (dt.timedelta(days=2), DueState.SOON),
        (dt.timedelta(days=10), DueState.ON_TIME),
    ],
)
def test_how_near_a_limit_is(left: dt.timedelta, state: DueState) -> None:
    assert due_state(NOW + left, NOW) is state
    assert due_state(NOW + left, NOW, done=True) is DueState.DONE
    assert due_state(None, NOW) is DueState.ON_TIME


@pytest.mark.parametrize(
    'state, due, words',
    [
        (DueState.OVERDUE, NOW - dt.timedelta(days=2), '2 d overdue'),
        (DueState.TODAY, local(2025, 3, 25, 17), 'today 17:00'),
        (DueState.SOON, NOW + dt.timedelta(days=1, hours=4), '1 d 4 h left'),
        (DueState.DONE, NOW, 'Done'),
        (DueState.ON_TIME, None, '—'),
    ],
)
def test_a_state_in_words(state: DueState, due: dt.datetime | None, words: str) -> None:
    assert due_words(state, due, NOW) == words


def test_waiting_in_words() -> None:
    assert due_words(DueState.PAUSED, NOW, NOW, NOW - dt.timedelta(days=3)) == 'Waiting, 3 d so far'


def test_every_rule_cites_its_source() -> None:
    for rule in CLOCK_RULES:
        assert rule.citation.startswith('《')
        assert rule.mark in 'ABC'
    assert len({rule.id for rule in CLOCK_RULES}) == len(CLOCK_RULES)
