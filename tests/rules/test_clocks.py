"""Time limits: the computed examples, each with its article, and what must hold of every clock."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.errors import InvalidInput
from claimdesk.rules.calendar import Calendar, chinese_calendar
from claimdesk.rules.clocks import (
    CLOCK_RULES,
    COMPLAINT_RULES,
    DEFAULT_BOOK,
    DEFAULT_TARGETS,
    PROMISES,
    RECOVERY_RULE,
    Book,
    Clock,
    Duty,
    Event,
    EventKind,
    Pause,
    Subject,
    Target,
    due_state,
    due_words,
    explain,
    pauses_of,
    run_clocks,
    step_clock,
    step_due,
)
from claimdesk.rules.clocks.targets import targets_as_json, targets_from
from claimdesk.vocabulary import Complexity, DueState, Line, Stage

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
    injury: bool = False,
    amount: Decimal | None = None,
    cause: str = '',
    book: Book = DEFAULT_BOOK,
) -> dict[str, Clock]:
    subject = Subject(line, compulsory, injury, amount, cause)
    past = [Event(kind, at) for kind, at in events]
    found = run_clocks((*CLOCK_RULES, *PROMISES), past, calendar, now, subject, book)
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
    assert '10 days of waiting for documents' in ' '.join(explain(clock))
    assert 'day of rest' in ' '.join(explain(clock))


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
    assert 'names no number' in explain(clock)[0]


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
    assert explain(met)[-1].startswith('Met on')
    assert explain(late)[-1].startswith('Ended late')


def test_a_year_that_is_not_published_makes_the_day_provisional() -> None:
    short = Calendar(frozenset(), frozenset(), frozenset({2025}))
    clock = clocks((K.CLAIM_RECEIVED, local(2025, 12, 20)), now=local(2025, 12, 21), calendar=short)['L2']
    assert clock.provisional
    assert 'provisional' in ' '.join(explain(clock))
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
        assert explain(clock)
        if clock.rule.unit in ('day', 'workday', 'year') and not clock.provisional:
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


# The office's own numbers

FRIDAY = dt.datetime(2025, 3, 7, 8, 0, tzinfo=dt.UTC)
SMALL = Decimal(4000)


@pytest.mark.parametrize(
    'stage, line, amount, due',
    [
        (Stage.REPORTED, Line.MOTOR, None, local(2025, 3, 10, 11)),  # Friday 16:00, two hours, then two on Monday
        (Stage.SURVEY, Line.MOTOR, None, local(2025, 3, 10, 18)),
        (Stage.SURVEY, Line.MEDICAL, None, local(2025, 3, 12, 18)),
        (Stage.ASSESSMENT, Line.PROPERTY, None, local(2025, 3, 21, 18)),
        (Stage.ASSESSMENT, Line.MOTOR, SMALL, local(2025, 3, 10, 18)),
        (Stage.ASSESSMENT, Line.MOTOR, Decimal(5000), local(2025, 3, 10, 18)),
        (Stage.ASSESSMENT, Line.MOTOR, Decimal('5000.01'), local(2025, 3, 12, 18)),
        (Stage.ASSESSMENT, Line.MOTOR, Decimal(100_001), local(2025, 3, 28, 18)),
    ],
)
def test_the_offices_target_for_a_step(stage: Stage, line: Line, amount: Decimal | None, due: dt.datetime) -> None:
    assert step_due(stage, FRIDAY, CALENDAR, Subject(line, amount=amount)) == due


@pytest.mark.parametrize('line', list(Line))
@pytest.mark.parametrize('injury', [True, False])
@pytest.mark.parametrize('amount', [None, Decimal(1), Decimal(10**9)])
def test_every_open_stage_has_a_target(line: Line, injury: bool, amount: Decimal | None) -> None:
    for stage in Stage:
        due = step_due(stage, FRIDAY, CALENDAR, Subject(line, injury=injury, amount=amount))
        assert (due is None) is (stage is Stage.CLOSED)


@pytest.mark.parametrize(
    'rule, more, events, due',
    [
        ('contact', {}, [(K.REPORTED, local(2025, 3, 3))], local(2025, 3, 3, 10, 10)),
        ('visit', {}, [(K.DISPATCHED, local(2025, 3, 3))], local(2025, 3, 4)),
        ('injured', {'injury': True}, [(K.REPORTED, local(2025, 3, 3))], local(2025, 3, 5)),
        ('small', {'amount': SMALL}, [(K.DOCUMENTS_COMPLETE, local(2025, 3, 3))], local(2025, 3, 6, 23, 59)),
        (
            'small', {'amount': SMALL, 'line': Line.PROPERTY}, [(K.DOCUMENTS_COMPLETE, local(2025, 3, 3))],
            local(2025, 3, 13, 23, 59),
        ),
        ('L12', {'compulsory': True}, [(K.RESCUE_ASKED, local(2025, 3, 7))], local(2025, 3, 10, 23, 59)),
        ('L14', {'line': Line.MEDICAL}, [(K.DOCUMENTS_COMPLETE, local(2025, 3, 3))], local(2025, 3, 10, 23, 59)),
        ('L16', {}, [(K.PAID, local(2025, 3, 3))], local(2025, 3, 24, 23, 59)),
        ('L17', {}, [(K.REPORTED, local(2025, 3, 3))], local(2025, 3, 6)),
        ('L18', {}, [(K.ACCIDENT, local(2025, 3, 3))], local(2025, 3, 5)),
        ('L18T', {'cause': '盗抢'}, [(K.ACCIDENT, local(2025, 3, 3))], local(2025, 3, 4)),
        ('L19', {}, [(K.SCENE_INVESTIGATED, local(2025, 3, 3))], local(2025, 3, 13, 23, 59)),
        ('L19A', {}, [(K.APPRAISED, local(2025, 3, 3))], local(2025, 3, 10, 23, 59)),  # the 8th is a Saturday
        ('L7', {}, [(K.ACCIDENT, local(2024, 2, 29))], local(2026, 2, 28, 23, 59)),  # a Saturday that is worked
    ],
)  # fmt: skip
def test_promises_supervision_and_the_duties_of_others(
    rule: str, more: dict[str, object], events: list[tuple[EventKind, dt.datetime]], due: dt.datetime
) -> None:
    assert clocks(*events, **more)[rule].due.replace(second=0) == due


def test_an_office_looks_at_the_registration_before_the_limit_is_broken() -> None:
    clock = clocks((K.REPORTED, local(2025, 3, 3)))['L17']
    assert clock.internal_due == local(2025, 3, 5)
    assert '2025-03-05 10:00' in ' '.join(explain(clock))


def test_what_customers_and_the_police_owe_makes_no_case_late() -> None:
    events = [(K.ACCIDENT, local(2025, 3, 3)), (K.SCENE_INVESTIGATED, local(2025, 3, 3)), (K.PAID, local(2025, 3, 4))]
    found = clocks(*events, cause='盗抢')
    assert {name for name, clock in found.items() if not clock.rule.counts} == {'L7', 'L16', 'L18', 'L18T', 'L19'}
    assert found['L18'].rule.duty is found['L7'].rule.duty is Duty.CUSTOMER
    assert found['L19'].rule.duty is Duty.POLICE


def test_only_what_was_read_in_the_law_is_shown_as_law() -> None:
    for rule in (*CLOCK_RULES, *PROMISES, *COMPLAINT_RULES.values(), RECOVERY_RULE):
        assert rule.mark == 'A' or not rule.statutory


@pytest.mark.parametrize(
    'complexity, due',
    [
        (Complexity.SIMPLE, dt.date(2025, 3, 18)),
        (Complexity.COMPLEX, dt.date(2025, 4, 2)),
        (Complexity.SPECIAL, dt.date(2025, 5, 6)),
    ],
)
def test_complaints_by_how_hard_they_are(complexity: Complexity, due: dt.date) -> None:
    event = Event(K.COMPLAINED, local(2025, 3, 3))
    (clock,) = run_clocks([COMPLAINT_RULES[complexity]], [event], CALENDAR, NOW, Subject(Line.MOTOR))
    assert day(clock.due) == due


def test_a_recovery_lapses_three_years_after_the_right_was_acquired() -> None:
    event = Event(K.RIGHT_ACQUIRED, local(2022, 3, 5))
    (clock,) = run_clocks([RECOVERY_RULE], [event], CALENDAR, NOW, Subject(Line.MOTOR))
    assert day(clock.due) == dt.date(2025, 3, 5)


def test_the_most_particular_target_is_used_whatever_their_order() -> None:
    targets = (
        Target('survey', 9, 'workday'),
        Target('survey', 8, 'workday', Line.MOTOR),
        Target('survey', 7, 'workday', Line.MOTOR, True),
        Target('survey', 6, 'workday', Line.MOTOR, True, Decimal(5000)),
        Target('survey', 1, 'workday', Line.MOTOR, True, Decimal(500), off=True),
    )
    for order in (targets, targets[::-1]):
        book = Book(((dt.date.min, order),))
        limits = [
            step_clock(Stage.SURVEY, FRIDAY, (), CALENDAR, NOW, subject, book).rule.limit
            for subject in (
                Subject(Line.PROPERTY), Subject(Line.MOTOR), Subject(Line.MOTOR, injury=True),
                Subject(Line.MOTOR, injury=True, amount=Decimal(400)),
            )
        ]  # fmt: skip
        assert limits == [9, 8, 7, 6]


def test_a_clock_runs_by_the_wording_of_the_day_on_which_it_began() -> None:
    book = Book(((dt.date(2025, 3, 3), (Target('contact', 30, 'minute'),)),))
    before, after = (local(2025, 3, 2, 23), local(2025, 3, 3, 0))
    assert clocks((K.REPORTED, before), book=book)['contact'].due == before + dt.timedelta(minutes=10)
    assert clocks((K.REPORTED, after), book=book)['contact'].due == after + dt.timedelta(minutes=30)


def test_the_law_cannot_be_changed_by_a_target() -> None:
    book = Book(((dt.date.min, (Target('L2', 90, 'day'), Target('L17', 24, 'hour'))),))
    found = clocks(RECEIVED, (K.REPORTED, local(2025, 3, 3)), book=book)
    assert found['L2'].rule.limit == 30
    assert found['L17'].rule.limit == 24


def test_changing_line_or_amount_keeps_the_pauses() -> None:
    events = [
        Event(K.CLAIM_RECEIVED, local(2025, 3, 3)), Event(K.NOTICE_ARRIVED, local(2025, 3, 4)),
        Event(K.SUPPLEMENT_ARRIVED, local(2025, 3, 6)),
    ]  # fmt: skip
    found = [
        step_clock(Stage.ASSESSMENT, local(2025, 3, 3), events, CALENDAR, NOW, subject)
        for subject in (Subject(Line.MOTOR, amount=SMALL), Subject(Line.PROPERTY))
    ]
    assert found[0].pauses == found[1].pauses == (Pause(local(2025, 3, 4), local(2025, 3, 6)),)
    assert [day(clock.due) for clock in found] == [dt.date(2025, 3, 6), dt.date(2025, 3, 19)]


def test_waiting_that_began_after_the_limit_was_broken_holds_nothing_up() -> None:
    events = [RECEIVED, (K.NOTICE_ARRIVED, local(2025, 4, 20)), (K.SUPPLEMENT_ARRIVED, local(2025, 4, 25))]
    clock = clocks(*events, now=local(2025, 5, 8))['L2']
    assert day(clock.due) == dt.date(2025, 4, 2)
    assert clock.counted == ()


UNITS = st.sampled_from(['minute', 'hour', 'office_hour', 'day', 'workday'])


@given(MOMENTS, SPANS, SPANS, st.floats(0, 1), UNITS, st.integers(1, 60))
def test_the_pauses_of_a_step_whatever_its_unit(
    start: dt.datetime, before: dt.timedelta, length: dt.timedelta, share: float, unit: str, limit: int
) -> None:
    """A pause never shortens, and splitting it changes nothing."""
    told, answered = start + before, start + before + length
    middle, now = told + length * share, answered + dt.timedelta(days=1)
    book = Book(((dt.date.min, (Target('survey', limit, unit),)),))

    def due(*events: Event) -> dt.datetime:
        return step_clock(Stage.SURVEY, start, events, CALENDAR, now, Subject(Line.MOTOR), book).due

    whole = (Event(K.NOTICE_ARRIVED, told), Event(K.SUPPLEMENT_ARRIVED, answered))
    split = (Event(K.SUPPLEMENT_ARRIVED, middle), Event(K.NOTICE_ARRIVED, middle))
    assert due(*whole) >= due()
    assert due(*whole, *split) == due(*whole)


def test_targets_are_read_as_they_are_written() -> None:
    assert targets_from(targets_as_json(DEFAULT_TARGETS)) == DEFAULT_TARGETS


@pytest.mark.parametrize(
    'value',
    [
        None,
        [{'what': 'survey'}],
        [{'what': 'L2', 'limit': 90, 'unit': 'day'}],
        [{'what': 'survey', 'limit': 0, 'unit': 'day'}],
        [{'what': 'survey', 'limit': 1, 'unit': 'week'}],
        [{'what': 'survey', 'limit': 1, 'unit': 'day', 'mark': 'A'}],
        [{'what': 'L17', 'limit': 48, 'unit': 'hour', 'aim': 72}],
        [{'what': 'L17', 'limit': 48, 'unit': 'hour', 'off': True}],
        [{'what': 'survey', 'limit': 1, 'unit': 'day', 'up_to': '-1'}],
    ],
)
def test_targets_that_are_none_are_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        targets_from(value)


def test_a_switched_off_promise_does_not_run_and_a_limit_keeps_the_programs_number() -> None:
    book = Book(((dt.date.min, (Target('contact', 10, 'minute', off=True), Target('L17', 1, 'hour', off=True))),))
    found = clocks((K.REPORTED, local(2025, 3, 3)), book=book)
    assert 'contact' not in found
    assert found['L17'].rule.limit == 72
