"""The timeline of a case names what was changed, and tells one save as one entry."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.models import Database
from claimdesk.services.timeline_entries import TimelineEntry
from claimdesk.vocabulary import ChecklistState, LossKind, Role, Stage
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def newest(office: RoleOffice) -> TimelineEntry:
    return office.desk.timeline.of_case(office.people[Role.AUDITOR], office.case_id)[0]


def test_a_paper_is_called_by_its_name(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    item = next(one for one in office.desk.checklist.of_case(clerk, office.case_id) if one.code == 'driving_licence')
    office.desk.checklist.set_state(clerk, item.id, item.version, ChecklistState.RECEIVED)
    entry = newest(office)
    assert entry.who == clerk.name
    assert 'Checklist · Driving licence · State: Missing → Received' in entry.details
    assert 'Event: Claim and first documents received' in entry.details
    assert not [line for line in entry.details if '– → –' in line]


def test_a_move_is_one_entry_without_its_tasks(office: RoleOffice) -> None:
    office.bring_to(Stage.REGISTERED)
    entry = newest(office)
    assert entry.action == 'registered the case'
    assert 'Case · Stage: First notice of loss → Registration' in entry.details
    assert 'Reserve · Amount: 6,000.00' in entry.details
    assert not [line for line in entry.details if line.startswith('Task')]
    assert {'claim_case', 'task', 'reserve_change'} <= entry.kinds


def test_a_loss_item_is_called_by_its_name(office: RoleOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    assessor = office.people[Role.ASSESSOR]
    line = office.desk.assessment.add(assessor, office.case_id, LossKind.PARTS, '前保险杠', Decimal(100))
    office.watch.forward(minutes=1)
    office.desk.assessment.confirm_all(assessor, office.case_id)
    assert any('前保险杠' in words and '100.00' in words for words in newest(office).details)
    office.watch.forward(minutes=1)
    now = office.desk.assessment.items(assessor, office.case_id)[0]
    office.desk.assessment.remove(assessor, line.id, now.version)
    assert newest(office).details[0] == 'Removed: Loss item'
