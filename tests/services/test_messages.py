"""What was said about a case: conversations, answers on satisfaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.workflow import Move
from claimdesk.vocabulary import Channel, Role
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def test_conversations_are_kept_the_newest_first(office: RoleOffice) -> None:
    messages, clerk = office.desk.messages, office.people[Role.SERVICE]
    messages.note(clerk, office.case_id, Channel.PHONE, ' 已告知流程 ', False, '沈知远')
    office.watch.forward(minutes=5)
    messages.note(clerk, office.case_id, Channel.NOTE, '请核对车架号', True)
    first, second = messages.of_case(clerk, office.case_id)
    assert (first.channel, first.incoming, first.body) == (Channel.NOTE, None, '请核对车架号')
    assert (second.incoming, second.with_whom, second.body) == (False, '沈知远', '已告知流程')
    assert second.written_by == clerk.name
    assert office.case.messages == 2


def test_an_empty_conversation_is_refused(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        office.desk.messages.note(office.people[Role.SERVICE], office.case_id, Channel.SMS, '  ')
    assert set(refused.value.fields) == {'body'}


@pytest.mark.parametrize('score', [0, 6, -1])
def test_a_score_runs_from_one_to_five(office: RoleOffice, score: int) -> None:
    messages, clerk = office.desk.messages, office.people[Role.SERVICE]
    with pytest.raises(InvalidInput):
        messages.note_satisfaction(clerk, office.case_id, score)
    messages.note_satisfaction(clerk, office.case_id, 5, ' 很快 ')
    (answer,) = messages.satisfaction(clerk, office.case_id)
    assert (answer.score, answer.comment) == (5, '很快')


def test_a_customer_is_asked_after_the_case_is_closed(office: RoleOffice) -> None:
    office.move(Role.SERVICE, Move.CANCEL_REPORT, '重复报案')
    clerk = office.people[Role.SERVICE]
    office.desk.messages.note(clerk, office.case_id, Channel.PHONE, '回访', False)
    office.desk.messages.note_satisfaction(clerk, office.case_id, 4)
    assert office.case.messages == 1


def test_who_may_not_speak_for_the_office(office: RoleOffice) -> None:
    messages = office.desk.messages
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotAllowed):
            messages.note(office.people[role], office.case_id, Channel.PHONE, '说')
