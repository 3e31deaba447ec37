"""What somebody changes with another tool than the program is found by comparing rows and trail; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import Cancelled
from claimdesk.models import Database, LossItem
from claimdesk.services import rows_check
from claimdesk.services.context import OfficeContext
from claimdesk.services.files import DatabaseStore
from claimdesk.services.findings import Finding, Health
from claimdesk.services.office_generator import generate
from claimdesk.vocabulary import Role, Stage
from tests.models.test_audit_chain import unguarded
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.ADJUSTMENT)
    return made


def all_rows(office: RoleOffice) -> list[Finding]:
    with office.desk.context.database.read() as session:
        return rows_check.check_all_rows(session)


def rows_of_case(office: RoleOffice) -> list[Finding]:
    found = office.desk.verify.case(office.people[Role.AUDITOR], office.case.number)
    return [one for one in found if one.part == 'rows']


LOOKS = (all_rows, rows_of_case)


def broken(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if one.health is Health.BROKEN]


def test_an_office_that_was_worked_in_differs_in_nothing(office: RoleOffice) -> None:
    for look in LOOKS:
        (found,) = look(office)
        assert found.health is Health.GOOD
        assert 'kept as the trail says' in found.sentence


@pytest.mark.parametrize(
    ('statement', 'thing', 'words'),
    [
        ('UPDATE loss_item SET confirmed = 990000', 'Loss item', 'Confirmed amount 2,800.00 → 9,900.00'),
        ("UPDATE claim_case SET place = '别处'", 'Case', '→ 别处'),
        ("UPDATE claim_case SET loss_at = '2026-01-01 08:00:00'", 'Case', 'Time of loss 2026-03-02'),
        ('UPDATE claim_case SET injury = NOT injury', 'Case', 'no → yes'),
        ("UPDATE claim_case SET outcome_reason = '无'", 'Case', 'Reason – → 无'),
        ("UPDATE survey_report SET liability = 'none'", 'Survey report', 'Liability'),
        ("UPDATE task SET kind = 'x'", 'Task', 'Kind'),
    ],
)
def test_an_edit_is_found_with_what_it_was(
    office: RoleOffice, statement: str, thing: str, words: str
) -> None:
    unguarded(office.desk.context.database, statement)
    for look in LOOKS:
        found = broken(look(office))
        assert found
        assert all(thing in one.subject and office.case.number in one.subject for one in found)
        assert all(one.case_id == office.case_id for one in found)
        assert any(words in one.sentence for one in found), [one.sentence for one in found]


def test_a_deletion_is_found(office: RoleOffice) -> None:
    unguarded(office.desk.context.database, 'DELETE FROM loss_item')
    for look in LOOKS:
        (found,) = broken(look(office))
        assert 'Loss item' in found.subject
        assert 'taken out' in found.sentence


def test_a_row_that_was_put_in_is_found(office: RoleOffice) -> None:
    unguarded(
        office.desk.context.database,
        "INSERT INTO message (case_id, channel, incoming, with_whom, body, at, written_by)"
        f" VALUES ({office.case_id}, 'phone', TRUE, '甲', '乙', '2026-03-03 08:00:00', 1)",
    )
    for look in LOOKS:
        (found,) = broken(look(office))
        assert 'Message' in found.subject
        assert 'put in' in found.sentence
        assert found.case_id == office.case_id


def test_a_role_that_was_given_behind_the_back_is_found(office: RoleOffice) -> None:
    surveyor = office.people[Role.SURVEYOR].id
    unguarded(
        office.desk.context.database, f"INSERT INTO account_role (account_id, role) VALUES ({surveyor}, 'manager')"
    )
    (found,) = broken(all_rows(office))
    assert 'Role' in found.subject


def test_what_the_program_removes_is_not_missed(office: RoleOffice) -> None:
    with office.desk.context.database.read() as session:
        item = session.scalars(select(LossItem)).first()
        assert item is not None
        version, item_id = item.version, item.id
    office.desk.assessment.remove(office.people[Role.ASSESSOR], item_id, version)
    assert not broken(all_rows(office))


def test_only_the_first_differences_are_told_one_by_one(
    office: RoleOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_check, 'MOST_TOLD', 2)
    monkeypatch.setattr(rows_check, 'PORTION', 3)
    unguarded(office.desk.context.database, "UPDATE checklist_item SET code = 'x' || code")
    found = broken(all_rows(office))
    assert len(found) == 3
    assert 'more row' in found[-1].sentence


def test_comparing_can_be_cancelled(office: RoleOffice) -> None:
    def stop(_done: int, _total: int, _sentence: str) -> None:
        raise Cancelled

    with office.desk.context.database.read() as session, pytest.raises(Cancelled):
        rows_check.check_all_rows(session, stop)


def test_an_office_that_was_filled_in_bulk_says_that_it_has_no_trail(database: Database) -> None:
    generate(OfficeContext(database, DatabaseStore()), 40)
    with database.read() as session:
        found = rows_check.check_all_rows(session)
    assert not broken(found)
    assert 'have no trail' in found[-1].sentence
    unguarded(database, 'DELETE FROM loss_item WHERE id = 1')
    with database.read() as session:
        (gone,) = broken(rows_check.check_all_rows(session))
    assert 'first filling' in gone.sentence
