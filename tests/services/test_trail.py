"""The whole trail is verified from the command line, and written to files that say the same as the screen."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from claimdesk.__main__ import main
from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.models.audit_chain import HASHED, beginning
from claimdesk.services.findings import Health
from claimdesk.vocabulary import Role, Stage
from tests.models.test_audit_chain import unguarded
from tests.services.role_office import RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.SURVEY)
    return made


def run(office: RoleOffice, *arguments: str) -> int:
    url = office.desk.context.database.url.render_as_string(hide_password=False)
    return main(['--language', 'en', '--database', url, *arguments])


def test_a_sound_office_is_said_to_be_so(office: RoleOffice, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(office, 'verify', '--all') == 0
    assert 'in 64 chains follow on from the first to the last' in capsys.readouterr().out
    assert run(office, 'verify', office.case.number) == 0
    assert 'of this case' in capsys.readouterr().out


def test_a_changed_entry_is_found_from_the_command_line(
    office: RoleOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    change = f"UPDATE audit_entry SET actor_name = '别人' WHERE case_id = {office.case_id}"
    unguarded(office.desk.context.database, change)
    assert run(office, 'verify', office.case.number, '--json') == 1
    findings = json.loads(capsys.readouterr().out)
    broken = [one for one in findings if one['health'] == 'broken']
    assert broken
    assert {one['part'] for one in broken} == {'audit'}
    assert run(office, 'verify', '--all') == 1


def test_checkpoints_are_added_and_compared(
    office: RoleOffice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / 'away' / 'checkpoints.jsonl'
    assert run(office, 'verify', '--all', '--add-checkpoint', str(file)) == 0
    office.bring_to(Stage.ASSESSMENT)
    assert run(office, 'verify', '--checkpoint', str(file), '--add-checkpoint', str(file)) == 0
    assert len(file.read_text(encoding='utf-8').splitlines()) == 2
    assert 'entries that there were then are still there' in capsys.readouterr().out
    unguarded(office.desk.context.database, 'DELETE FROM audit_entry', "UPDATE audit_head SET entries = 0")
    assert run(office, 'verify', '--checkpoint', str(file), '--add-checkpoint', str(file)) == 1
    assert len(file.read_text(encoding='utf-8').splitlines()) == 2


def test_a_command_names_a_case_or_the_whole_office(office: RoleOffice) -> None:
    assert run(office, 'verify') == 1
    assert run(office, 'verify', office.case.number, '--all') == 1


def test_only_who_may_verifies_everything(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        office.desk.verify.all(office.people[Role.SURVEYOR])


def test_the_lines_prove_themselves(office: RoleOffice, tmp_path: Path) -> None:
    file = tmp_path / 'trail.jsonl'
    assert run(office, 'trail', office.case.number, '--out', str(file)) == 0
    lines = [json.loads(line) for line in file.read_text(encoding='utf-8').splitlines()]
    assert lines
    before = {one['chain']: beginning(one['chain']).hash for one in lines}
    proved = 0
    for one in lines:
        hashed = {name: one[name] for name in HASHED}
        told = json.dumps(hashed, ensure_ascii=False, sort_keys=True, separators=(',', ':'))
        proved += hashlib.sha256(before[one['chain']] + told.encode()).hexdigest() == one['hash']
        before[one['chain']] = bytes.fromhex(one['hash'])
    # All but those that follow an entry of another case in the same chain.
    assert proved >= len(lines) - 1


def test_the_workbook_and_the_csv_say_what_the_screen_says(office: RoleOffice, tmp_path: Path) -> None:
    clerk, timeline = office.people[Role.SERVICE], office.desk.timeline
    book, table = tmp_path / 'trail.xlsx', tmp_path / 'trail.csv'
    count = timeline.export(clerk, book, office.case_id)
    assert timeline.export(clerk, table, office.case_id) == count
    rows = list(load_workbook(book).active.iter_rows(values_only=True))
    with table.open(encoding='utf-8-sig', newline='') as file:
        lines = list(csv.reader(file))
    assert len(rows) == len(lines) == count + 1
    assert any('Case · Stage: Registration → Survey' in (row[5] or '') for row in rows)
    assert [row[5] or '' for row in rows[1:]] == [line[5] for line in lines[1:]]


def test_what_begins_like_a_formula_stays_text(office: RoleOffice, tmp_path: Path) -> None:
    with office.desk.context.write(office.people[Role.SERVICE], '=1+1') as session:
        from claimdesk.models import Case

        session.get_one(Case, office.case_id).place = '甲地'
    office.desk.timeline.export(office.people[Role.SERVICE], tmp_path / 'trail.csv', office.case_id)
    assert "'=1+1" in (tmp_path / 'trail.csv').read_text(encoding='utf-8-sig')


def test_another_format_is_refused(office: RoleOffice, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        office.desk.timeline.export(office.people[Role.AUDITOR], tmp_path / 'trail.docx')
    with pytest.raises(NotAllowed):
        office.desk.timeline.export(office.people[Role.SURVEYOR], tmp_path / 'trail.csv')


def test_findings_are_good_or_broken(office: RoleOffice) -> None:
    findings = office.desk.verify.all(office.people[Role.AUDITOR])
    assert {one.health for one in findings} == {Health.GOOD}
    with office.desk.context.database.read() as session:
        assert session.scalar(text('SELECT count(*) FROM audit_head')) == 64
