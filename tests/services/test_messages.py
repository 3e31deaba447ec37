"""What was said about a case: conversations, complaints, answers on satisfaction."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.workflow import Move
from claimdesk.vocabulary import Channel, Role
from tests.services.role_office import NAME, RoleOffice, role_office


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


def test_a_complaint_is_taken_and_answered_once(office: RoleOffice) -> None:
    messages, coordinator = office.desk.messages, office.people[Role.COORDINATOR]
    messages.complain(coordinator, office.case_id, '', '定损太慢')
    (complaint,) = messages.complaints(coordinator, office.case_id)
    assert (complaint.complainant, complaint.answered_at) == (NAME, None)
    with pytest.raises(InvalidInput):
        messages.answer_complaint(coordinator, complaint.id, complaint.version, ' ')
    messages.answer_complaint(coordinator, complaint.id, complaint.version, '已联系并致歉')
    with pytest.raises(Conflict):
        messages.answer_complaint(coordinator, complaint.id, complaint.version, '再答')
    (answered,) = messages.complaints(coordinator, office.case_id)
    assert (answered.answer, answered.answered_at) == ('已联系并致歉', office.watch())


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
    for role in (Role.SURVEYOR, Role.ADJUSTER, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            messages.complain(office.people[role], office.case_id, '', '慢')
