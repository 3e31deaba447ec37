"""The survey report: who writes it, when, and what it changes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.workflow import Move
from claimdesk.services.survey import SurveyView
from claimdesk.vocabulary import Liability, Role, Stage
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.SURVEY)
    return made


def save(office: RoleOffice, version: int, role: Role = Role.SURVEYOR, **more: Any) -> SurveyView:
    fields = {'visited_at': office.watch(), 'place': ' 现场 ', 'liability': Liability.MAIN, 'finding': ' 前部受损 '}
    return office.desk.survey.save(office.people[role], office.case_id, version, **{**fields, **more})


def report(office: RoleOffice) -> SurveyView:
    return office.desk.survey.report(office.people[Role.AUDITOR], office.case_id)


def test_before_it_is_begun_it_is_empty(office: RoleOffice) -> None:
    blank = report(office)
    assert (blank.version, blank.finding, blank.liability) == (0, '', Liability.UNKNOWN)


def test_it_is_kept_and_its_share_of_fault_is_the_accidents(office: RoleOffice) -> None:
    saved = save(office, 0, statement='前车急刹', suspicious=True)
    assert saved == report(office)
    assert (saved.place, saved.finding, saved.statement, saved.suspicious) == ('现场', '前部受损', '前车急刹', True)
    assert saved.surveyor == office.people[Role.SURVEYOR].name
    assert office.case.liability is Liability.MAIN


def test_the_end_of_the_survey_is_noted_in_it(office: RoleOffice) -> None:
    save(office, 0)
    office.move(Role.SURVEYOR, Move.FINISH_SURVEY)
    assert report(office).finished_at == office.watch()


def test_two_surveyors_do_not_overwrite_each_other(office: RoleOffice) -> None:
    first = save(office, 0)
    with pytest.raises(Conflict) as lost:
        save(office, 0, finding='后部受损')
    assert lost.value.mine['finding'] == '后部受损'
    assert lost.value.theirs['finding'] == '前部受损'
    assert save(office, first.version, finding='后部受损').finding == '后部受损'


@pytest.mark.parametrize(
    'late, sentence', [(dt.timedelta(hours=1), 'future'), (-dt.timedelta(days=30), 'before the loss')]
)
def test_the_visit_lies_between_loss_and_now(office: RoleOffice, late: dt.timedelta, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refused:
        save(office, 0, visited_at=office.watch() + late)
    assert set(refused.value.fields) == {'visited_at'}
    assert report(office).version == 0


def test_only_those_who_survey_write_it(office: RoleOffice) -> None:
    for role in Role:
        if role in (Role.SURVEYOR, Role.ASSESSOR, Role.MANAGER):
            continue
        with pytest.raises(NotAllowed):
            save(office, 0, role)
    assert report(office).version == 0


def test_a_closed_case_keeps_its_survey(office: RoleOffice) -> None:
    save(office, 0)
    office.move(Role.APPROVER, Move.CANCEL_CASE, '客户放弃')
    with pytest.raises(InvalidInput, match='closed'):
        save(office, report(office).version, finding='别的')
