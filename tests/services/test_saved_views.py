"""Saved views: those of the program, a person's own, their order and their counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.models import Database
from claimdesk.services.case_list import CaseList, CaseQuery
from claimdesk.services.context import Actor, OfficeContext
from claimdesk.services.saved_views import SavedViews
from claimdesk.vocabulary import DueState, Line, Stage
from tests.services.list_office import all_cases, fits, list_office

BIG = CaseQuery(
    text='追尾',
    lines=frozenset({Line.MOTOR, Line.PROPERTY}),
    stages=frozenset({Stage.SURVEY}),
    due=frozenset({DueState.OVERDUE}),
    amount_from=Decimal('500.50'),
    reported_to=dt.date(2026, 3, 1),
    open_only=False,
    sort='plate',
    descending=True,
)


@pytest.fixture
def office(database: Database) -> tuple[OfficeContext, Actor]:
    return list_office(database, cases=40)


@pytest.fixture
def views(office: tuple[OfficeContext, Actor]) -> SavedViews:
    return SavedViews(office[0])


@pytest.fixture
def actor(office: tuple[OfficeContext, Actor]) -> Actor:
    return office[1]


def own(views: SavedViews, actor: Actor) -> list[str]:
    return [view.name for view in views.views(actor) if view.id is not None]


def test_every_office_begins_with_the_same_views(views: SavedViews, actor: Actor) -> None:
    found = views.views(actor)
    assert [view.key for view in found] == ['mine', 'today', 'overdue', 'waiting', 'open', 'all']
    assert found[0].query.owner_ids == {actor.id}
    assert all(view.id is None and view.name for view in found)


def test_a_view_comes_back_as_it_was_saved(views: SavedViews, actor: Actor) -> None:
    saved = views.save(actor, '  大额  逾期 ', BIG, ('number', 'due'))
    assert (saved.name, saved.query, saved.columns) == ('大额 逾期', BIG, ('number', 'due'))
    assert views.views(actor)[-1] == saved


def test_the_same_name_again_replaces_the_view_in_its_place(views: SavedViews, actor: Actor) -> None:
    first = views.save(actor, '甲', BIG)
    views.save(actor, '乙', BIG)
    assert views.save(actor, '甲', CaseQuery()).id == first.id
    assert own(views, actor) == ['甲', '乙']
    assert views.views(actor)[6].query == CaseQuery()


@pytest.mark.parametrize('name', ['', '   ', '长' * 41])
def test_a_view_needs_a_name_that_fits(views: SavedViews, actor: Actor, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        views.save(actor, name, BIG)
    assert set(caught.value.fields) == {'name'}
    assert own(views, actor) == []


def test_rename_refuses_a_name_that_is_taken(views: SavedViews, actor: Actor) -> None:
    first = views.save(actor, '甲', BIG)
    views.save(actor, '乙', BIG)
    assert first.id is not None
    with pytest.raises(InvalidInput):
        views.rename(actor, first.id, '乙')
    assert views.rename(actor, first.id, '丙').query == BIG
    assert own(views, actor) == ['丙', '乙']


def test_what_was_removed_can_be_saved_again(views: SavedViews, actor: Actor) -> None:
    saved = views.save(actor, '甲', BIG, ('number',))
    assert saved.id is not None
    gone = views.remove(actor, saved.id)
    assert own(views, actor) == []
    again = views.save(actor, gone.name, gone.query, gone.columns)
    assert (again.name, again.query, again.columns) == (saved.name, saved.query, saved.columns)
    with pytest.raises(NotFound):
        views.remove(actor, 10**6)


def test_views_stay_in_the_order_they_were_put_in(views: SavedViews, actor: Actor) -> None:
    ids = {name: views.save(actor, name, BIG).id or 0 for name in '甲乙丙'}
    views.reorder(actor, [ids['丙'], ids['甲']])
    assert own(views, actor) == ['丙', '甲', '乙']
    views.save(actor, '丁', BIG)
    assert own(views, actor) == ['丙', '甲', '乙', '丁']


def test_nobody_touches_the_views_of_another(views: SavedViews, actor: Actor, database: Database) -> None:
    saved = views.save(actor, '甲', BIG)
    assert saved.id is not None
    other_id = min(case.owner_id for case in all_cases(database) if case.owner_id is not None)
    other = Actor(other_id, '王芳', 'wang', actor.office_id, None, actor.roles)
    assert own(views, other) == []
    for change in (lambda: views.rename(other, saved.id or 0, '乙'), lambda: views.remove(other, saved.id or 0)):
        with pytest.raises(NotFound):
            change()
    assert own(views, actor) == ['甲']


def test_counts_are_those_of_the_list(
    views: SavedViews, actor: Actor, office: tuple[OfficeContext, Actor], database: Database
) -> None:
    views.save(actor, '甲', BIG)
    found = views.views(actor)
    counts = views.counts(actor, found)
    cases = all_cases(database)
    assert counts == [sum(fits(case, view.query) for case in cases) for view in found]
    assert counts[-2] == len(cases) == CaseList(office[0]).count(actor, CaseQuery(open_only=False))
