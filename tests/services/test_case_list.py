"""The case list: filters, search and sorting equal plain Python over all cases, on both databases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from claimdesk.errors import Cancelled, NotAllowed
from claimdesk.models import SEARCHED, Case, Database
from claimdesk.services import case_list
from claimdesk.services.case_list import COLUMNS, CaseList, CaseQuery
from claimdesk.services.case_list_sql import GLANCE_MS, WALK_MS, Listing, Way
from claimdesk.services.context import Actor
from claimdesk.services.patience import TooLong
from claimdesk.vocabulary import DueState, Line, Outcome, Role, Stage
from tests.services.list_office import (
    SHANGHAI,
    all_cases,
    contains,
    fits,
    list_office,
    names,
    place_of,
    state_of,
)

EVERYTHING = CaseQuery(open_only=False)
DAYS = st.none() | st.dates(dt.date(2025, 12, 20), dt.date(2026, 3, 20))
AMOUNTS = st.none() | st.sampled_from([Decimal(0), Decimal('500.00'), Decimal(2_000), Decimal(8_500)])
TERMS = ('张', '张伟', '伟', 'zw', 'ZW', '苏E8K', '苏e8k', '1234', '88 号', '100%', '_%', '\\', '𠮷', '追尾', '没有')


class Listed:
    """A list over an office, with what plain Python says of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.office, self.actor = list_office(database)
        self.list = CaseList(self.office)
        self.cases = all_cases(database)
        self.people, self.teams = names(database)

    def ids(self, query: CaseQuery) -> list[int]:
        return list(self.list.ids(self.actor, query))

    def fitting(self, query: CaseQuery) -> set[int]:
        return {case.id for case in self.cases if fits(case, query)}


@pytest.fixture
def listed(database: Database) -> Listed:
    return Listed(database)


def queries(owners: list[int], teams: list[int]) -> st.SearchStrategy[CaseQuery]:
    return st.builds(
        CaseQuery,
        text=st.sampled_from(['', '', '', *TERMS, '张 追尾']),
        lines=st.frozensets(st.sampled_from(Line), max_size=2),
        stages=st.frozensets(st.sampled_from(Stage), max_size=3),
        outcomes=st.frozensets(st.sampled_from(Outcome), max_size=2),
        owner_ids=st.frozensets(st.sampled_from(owners), max_size=2),
        team_ids=st.frozensets(st.sampled_from(teams), max_size=1),
        due=st.frozensets(st.sampled_from(DueState), max_size=2),
        amount_from=AMOUNTS,
        amount_to=AMOUNTS,
        reported_from=DAYS,
        reported_to=DAYS,
        missing_documents=st.booleans(),
        open_only=st.booleans(),
        sort=st.sampled_from(COLUMNS),
        descending=st.booleans(),
    )


def test_any_filters_together_equal_a_filter_in_python(listed: Listed) -> None:
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(queries(sorted(listed.people)[:4], sorted(listed.teams)))
    def check(query: CaseQuery) -> None:
        ids = listed.ids(query)
        assert set(ids) == listed.fitting(query)
        assert len(ids) == len(set(ids)) == listed.list.count(listed.actor, query)
        assert [row.id for row in listed.list.first(listed.actor, query, 7)] == ids[:7]
        assert [row.id for row in listed.list.last(listed.actor, query, 7)] == ids[-7:]
        assert CaseQuery.from_json(query.to_json()) == query

    check()


def test_each_way_to_find_the_cases_finds_the_same_list(listed: Listed) -> None:
    narrow = {'stages': frozenset({Stage.SURVEY, Stage.CLOSED}), 'missing_documents': True}
    sorts = ('due', 'owner', 'stage', 'estimate', 'insured_name')
    asked = product(('张', '追尾', '没有'), ({}, narrow), sorts, (False, True))
    with listed.database.read() as session:
        for text, more, sort, falling in asked:
            query = replace(EVERYTHING, text=text, sort=sort, descending=falling, **more)
            listing = Listing(session, query, listed.office.now())
            found = [
                [row.id for piece in listing.pieces(way) for row in session.execute(piece.select(Case.id))]
                for way in Way
            ]
            assert found == [listed.ids(query)] * len(Way)


def test_a_page_is_read_in_another_way_when_a_walk_takes_too_long(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def no_patience(_session: Session, milliseconds: int | None) -> Iterator[None]:
        yield
        if milliseconds is not None:
            given_up.append(milliseconds)
            raise TooLong

    given_up: list[int] = []
    monkeypatch.setattr(case_list, 'at_most', no_patience)
    for query in (CaseQuery(text='张'), CaseQuery(lines=frozenset({Line.MOTOR})), CaseQuery(text='1', sort='owner')):
        assert [row.id for row in listed.list.first(listed.actor, query, 9)] == listed.ids(query)[:9]
    assert given_up == [2 * GLANCE_MS, WALK_MS[listed.database.engine.dialect.name]]


SINGLE_FILTERS = [
    CaseQuery(),
    EVERYTHING,
    *(CaseQuery(open_only=False, due=frozenset({state})) for state in DueState),
    *(CaseQuery(open_only=False, stages=frozenset({stage})) for stage in (Stage.SURVEY, Stage.CLOSED)),
    CaseQuery(open_only=False, outcomes=frozenset({Outcome.OPEN, Outcome.REFUSED})),
    CaseQuery(amount_from=Decimal(500), amount_to=Decimal(2_000)),
    CaseQuery(reported_from=dt.date(2026, 3, 1), reported_to=dt.date(2026, 3, 1)),
    CaseQuery(missing_documents=True),
]


def test_each_filter_by_itself_finds_something(listed: Listed) -> None:
    for query in SINGLE_FILTERS:
        assert set(listed.ids(query)) == listed.fitting(query) != set(), query


@pytest.mark.parametrize('descending', [False, True])
def test_every_sort_is_in_order_with_the_empty_last(listed: Listed, descending: bool) -> None:
    by_id = {case.id: case for case in listed.cases}
    for query, sort in product((EVERYTHING, CaseQuery()), COLUMNS):
        ids = listed.ids(replace(query, sort=sort, descending=descending))
        places = [place_of(by_id[case_id], sort, listed.people, listed.teams) for case_id in ids]
        filled = [place for place in places if place is not None]
        assert places == [*sorted(filled, reverse=descending), *[None] * (len(places) - len(filled))]
        assert set(ids) == listed.fitting(query)


def test_the_overdue_come_first(listed: Listed) -> None:
    states = [row.due_state for row in listed.list.first(listed.actor, CaseQuery(), 500)]
    late = states.count(DueState.OVERDUE)
    assert late
    assert states[:late] == [DueState.OVERDUE] * late


def test_the_state_on_a_row_is_the_state_it_is_filtered_by(listed: Listed) -> None:
    by_id = {case.id: case for case in listed.cases}
    for state in DueState:
        rows = listed.list.first(listed.actor, replace(EVERYTHING, due=frozenset({state})), 500)
        assert {row.due_state for row in rows} == {state}
        assert all(state_of(by_id[row.id]) is state for row in rows)


def test_search_finds_what_like_finds_for_every_piece_of_every_text(listed: Listed) -> None:
    texts = {getattr(case, name) for case in listed.cases for name in SEARCHED}
    lengths = range(1, 21)
    terms = {text[begin : begin + length] for text in texts for begin in range(0, len(text), 4) for length in lengths}
    terms = {term.strip() for term in terms if len(term.split()) == 1}
    for term in sorted(terms)[::11]:
        found = set(listed.ids(replace(EVERYTHING, text=term)))
        assert found == {case.id for case in listed.cases if contains(case, term)}, term


def test_common_and_rare_terms_and_filters_give_the_same_list(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = [
        replace(EVERYTHING, text=text, lines=lines, due=due, sort=sort)
        for text in ('', '张', '追尾')
        for lines in (frozenset(), frozenset({Line.MOTOR}))
        for due in (frozenset(), frozenset({DueState.OVERDUE, DueState.PAUSED}))
        for sort in ('due', 'plate', 'stage', 'missing_documents')
    ]
    few = [listed.ids(query) for query in plan]
    monkeypatch.setattr('claimdesk.services.case_list_sql.COMMON', 0)
    monkeypatch.setattr('claimdesk.services.case_filters.RARE', 0)
    assert [listed.ids(query) for query in plan] == few


def test_rows_come_in_the_order_asked_for_without_those_that_are_gone(listed: Listed) -> None:
    ids = listed.ids(EVERYTHING)[::-2]
    rows = listed.list.rows(listed.actor, [ids[0], 10**9, *ids[1:]])
    assert [row.id for row in rows] == ids
    assert rows == [row for case_id in ids for row in listed.list.rows(listed.actor, [case_id])]


def test_a_row_says_who_where_and_what_comes_next(listed: Listed) -> None:
    by_id = {case.id: case for case in listed.cases}
    for row in listed.list.first(listed.actor, EVERYTHING, 500):
        case = by_id[row.id]
        assert (row.number, row.estimate, row.closed_at) == (case.number, case.estimate, case.closed_at)
        assert (row.owner, row.team) == (listed.people.get(case.owner_id, ''), listed.teams.get(case.team_id, ''))
        assert bool(row.next_step) == (case.stage is not Stage.CLOSED)
    steps = {row.next_step for row in listed.list.first(listed.actor, EVERYTHING, 500) if row.stage is Stage.CLOSING}
    assert steps == {'Close and archive', 'Send the refusal notice and close'}


def test_a_count_stops_where_it_is_told(listed: Listed) -> None:
    assert listed.list.count(listed.actor, EVERYTHING, at_most=5) == 6
    assert listed.list.count(listed.actor, EVERYTHING, at_most=5_000) == len(listed.cases)


def test_quick_search_finds_closed_cases_too_and_nothing_for_nothing(listed: Listed) -> None:
    assert listed.list.quick(listed.actor, '  ') == []
    closed = next(case for case in listed.cases if case.stage is Stage.CLOSED)
    assert [row.id for row in listed.list.quick(listed.actor, closed.number.lower())] == [closed.id]
    assert len(listed.list.quick(listed.actor, '张', limit=3)) == 3


def test_people_and_teams_to_choose_from(listed: Listed) -> None:
    people, teams = listed.list.choices(listed.actor)
    assert dict(people) == listed.people
    assert [name for _id, name in teams] == ['人伤组', '车险组']


def test_reading_the_ids_can_be_cancelled(listed: Listed) -> None:
    def stop(done: int, total: int, sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        listed.list.ids(listed.actor, EVERYTHING, stop)


@pytest.mark.parametrize('query', [CaseQuery(), replace(EVERYTHING, sort='owner', text='张')], ids=['open', 'all'])
def test_the_export_is_what_the_list_shows(listed: Listed, query: CaseQuery, tmp_path: Path) -> None:
    columns = ['number', 'estimate', 'due', 'next_step', 'owner', 'team', 'stage', 'reported_at', 'missing_documents']
    path = tmp_path / '案件.xlsx'
    rows = listed.list.first(listed.actor, query, 500)
    assert listed.list.export(listed.actor, query, columns, path) == len(rows)
    sheet = load_workbook(path).active
    assert sheet is not None
    heading, *lines = sheet.iter_rows(values_only=True)
    assert heading[:3] == ('Case number', 'Estimate', 'Due')
    assert lines == [
        (
            row.number,
            None if row.estimate is None else float(row.estimate),
            row.due_words,
            row.next_step or None,
            row.owner or None,
            row.team or None,
            row.stage.label_source,
            row.reported_at.astimezone(SHANGHAI).replace(tzinfo=None),
            row.missing_documents,
        )
        for row in rows
    ]


def test_only_those_who_may_export_do(listed: Listed, tmp_path: Path) -> None:
    nobody = Actor(1, '无名', 'nobody', 1, None, frozenset[Role]())
    with pytest.raises(NotAllowed):
        listed.list.export(nobody, CaseQuery(), ['number'], tmp_path / 'x.xlsx')
    assert not (tmp_path / 'x.xlsx').exists()


def test_a_kept_query_passes_over_what_it_does_not_know() -> None:
    kept = {'lines': ['motor', 'marine'], 'sort': 'colour', 'amount_from': 'many', 'future': 1, 'due': ['overdue']}
    assert CaseQuery.from_json(kept) == CaseQuery(lines=frozenset({Line.MOTOR}), due=frozenset({DueState.OVERDUE}))
    assert CaseQuery().to_json() == {}
