"""The call after a payment: opened by itself, answered or given up, followed up when the customer was not content."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.after_payment import DEFAULT_RULES
from claimdesk.services.call_backs import CallBackView
from claimdesk.services.context import SHANGHAI
from claimdesk.vocabulary import CallBackState, Role, Stage
from tests.services.role_office import RoleOffice, role_office

CONTENT = dict.fromkeys(DEFAULT_RULES.questions, 5)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.CLOSING)
    return made


def call(office: RoleOffice) -> CallBackView:
    return office.desk.call_backs.open(office.people[Role.SERVICE])[0]


def test_a_payment_opens_a_call_with_its_limit(office: RoleOffice) -> None:
    (waiting,) = office.desk.call_backs.open(office.people[Role.SERVICE])
    assert (waiting.state, waiting.owner) == (CallBackState.OPEN, office.people[Role.SERVICE].name)
    assert waiting.phone == '13800001234'
    assert waiting.paid_at == office.case.paid_at
    assert waiting.due_at.astimezone(SHANGHAI).date() == dt.date(2026, 3, 23)


def test_a_content_customer_ends_it_and_feeds_the_satisfaction(office: RoleOffice) -> None:
    calls, clerk = office.desk.call_backs, office.people[Role.SERVICE]
    one = call(office)
    with pytest.raises(InvalidInput) as refused:
        calls.finish(clerk, one.id, one.version, {'overall': 5})
    assert set(refused.value.fields) == {'speed', 'explained', 'manner'}
    assert not calls.finish(clerk, one.id, one.version, {**CONTENT, 'overall': 4}, ' 挺快 ')
    assert calls.open(clerk) == []
    assert calls.follow_ups(clerk) == []
    (done,), _follow_ups = calls.of_case(clerk, office.case_id)
    assert (done.score, done.comment, done.attempts, len(done.answers)) == (4, '挺快', 1, 4)
    (satisfaction,) = office.desk.messages.satisfaction(clerk, office.case_id)
    assert (satisfaction.score, satisfaction.comment) == (4, '挺快')
    with pytest.raises((Conflict, InvalidInput)):
        calls.finish(clerk, one.id, one.version, CONTENT)


def test_after_three_attempts_nobody_calls_any_more(office: RoleOffice) -> None:
    calls, clerk = office.desk.call_backs, office.people[Role.SERVICE]
    for number in (1, 2):
        one = call(office)
        calls.not_reached(clerk, one.id, one.version, '无人接听')
        assert call(office).attempts == number
    one = call(office)
    calls.not_reached(clerk, one.id, one.version)
    assert calls.open(clerk) == []
    (done,), _follow_ups = calls.of_case(clerk, office.case_id)
    assert done.state is CallBackState.UNREACHABLE
    assert office.case.messages == 3


def test_a_low_score_is_put_right_before_the_second_call(office: RoleOffice) -> None:
    calls, clerk, coordinator = office.desk.call_backs, office.people[Role.SERVICE], office.people[Role.COORDINATOR]
    one = call(office)
    assert calls.finish(clerk, one.id, one.version, {**CONTENT, 'speed': 2}, '太慢')
    (follow_up,) = calls.follow_ups(coordinator)
    assert (follow_up.score, follow_up.owner, follow_up.comment) == (2, coordinator.name, '太慢')
    with pytest.raises(InvalidInput):
        calls.second_call(coordinator, follow_up.id, follow_up.version, 5)
    with pytest.raises(InvalidInput) as refused:
        calls.work_on(coordinator, follow_up.id, follow_up.version, '', '')
    assert set(refused.value.fields) == {'root_cause', 'fix'}
    calls.work_on(coordinator, follow_up.id, follow_up.version, 'slow', '已说明并致歉')
    (follow_up,) = calls.follow_ups(coordinator)
    with pytest.raises(InvalidInput):
        calls.second_call(coordinator, follow_up.id, follow_up.version, 6)
    calls.second_call(coordinator, follow_up.id, follow_up.version, 4, '满意')
    assert calls.follow_ups(coordinator) == []
    _calls, (done,) = calls.of_case(coordinator, office.case_id)
    assert (done.root_cause, done.second_score, done.closed_at) == ('slow', 4, office.watch())


def test_a_case_that_is_paid_again_is_called_again_but_not_twice_at_once(office: RoleOffice) -> None:
    from claimdesk.models import Case
    from claimdesk.services.call_backs import open_call_back

    clerk = office.people[Role.SERVICE]
    with office.desk.context.write(clerk, 'test') as session:
        open_call_back(session, office.desk.context, session.get_one(Case, office.case_id))
    assert len(office.desk.call_backs.open(clerk)) == 1
    one = call(office)
    office.desk.call_backs.finish(clerk, one.id, one.version, CONTENT)
    with office.desk.context.write(clerk, 'test') as session:
        open_call_back(session, office.desk.context, session.get_one(Case, office.case_id))
    assert len(office.desk.call_backs.open(clerk)) == 1


def test_the_offices_own_questionnaire(office: RoleOffice) -> None:
    calls, clerk = office.desk.call_backs, office.people[Role.SERVICE]
    rules = replace(DEFAULT_RULES, questions=('overall', '是否愿意推荐我们？'), low_from=3)
    calls.save_rules(office.people[Role.ADMINISTRATOR], rules, office.watch().date())
    one = call(office)
    assert one.questions == rules.questions
    assert calls.finish(clerk, one.id, one.version, {'overall': 3, '是否愿意推荐我们？': 5})


def test_who_may_not_call_or_change_the_questions(office: RoleOffice) -> None:
    one = call(office)
    with pytest.raises(NotAllowed):
        office.desk.call_backs.finish(office.people[Role.AUDITOR], one.id, one.version, CONTENT)
    with pytest.raises(NotAllowed):
        office.desk.call_backs.save_rules(office.people[Role.SERVICE], DEFAULT_RULES, office.watch().date())
