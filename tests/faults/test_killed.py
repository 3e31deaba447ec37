"""The program is killed in the middle of a save: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select, text

from claimdesk.models import Accident, AuditEntry, Case, CaseEvent, CaseMotor, ChecklistItem, Database, Sequence, Task
from claimdesk.models.search import SEARCHED, as_match, as_numbers, groups_of
from tests.services.paper_office import PaperOffice, paper_office

ROUNDS = 3


def test_nothing_acknowledged_is_lost_and_nothing_is_half_written(database: Database, tmp_path: Path) -> None:
    office = paper_office(database, tmp_path)
    acknowledged: list[str] = []
    chance = random.Random(11)
    for turn in range(ROUNDS):
        acknowledged += _work_until_killed(office, tmp_path, f'turn{turn}', chance.randrange(2, 6), chance.random() / 5)
    assert len(acknowledged) >= 2 * ROUNDS
    with database.read() as session:
        numbers = set(session.scalars(select(Case.number)))
        assert set(acknowledged) <= numbers
        _whole(database, office)
        last = session.scalar(select(Sequence.next_value).where(Sequence.name == 'case'))
        assert last == len(numbers) + 1, 'the numbers have a gap'


def _work_until_killed(office: PaperOffice, folder: Path, key: str, saves: int, seconds: float) -> list[str]:
    """Let a desk make so many saves, and kill it so many seconds into the next ones; what it acknowledged."""
    url = office.context.database.url
    address = url.set(drivername=url.get_backend_name()).render_as_string(hide_password=False)
    arguments = (address, office.policy_id, office.clerk.office_id, office.clerk.id, folder / 'files', key)
    desk = subprocess.Popen(
        [sys.executable, '-m', 'tests.faults.desk_that_dies', *map(str, arguments)],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert desk.stdout is not None
    first = ''.join(desk.stdout.readline() for _ in range(saves))
    time.sleep(seconds)
    desk.kill()
    rest = desk.stdout.read()
    desk.stdout.close()
    desk.wait()
    # The last line may itself have been cut.
    return [line for line in (first + rest).split('\n')[:-1] if line]


def _whole(database: Database, office: PaperOffice) -> None:
    with database.read() as session:
        count = session.scalar(select(func.count()).select_from(Case))
        for table in (Accident, CaseMotor):
            assert session.scalar(select(func.count()).select_from(table)) == count
        for case in session.scalars(select(Case)):
            kinds = set(session.scalars(select(CaseEvent.kind).where(CaseEvent.case_id == case.id)))
            assert {'accident', 'reported'} <= kinds
            assert session.scalar(select(func.count()).where(ChecklistItem.case_id == case.id))
            assert session.scalar(select(func.count()).where(Task.case_id == case.id)) == 1
            assert session.scalar(select(func.count()).where(AuditEntry.case_id == case.id))
            assert session.get_one(Accident, case.accident_id).place == case.place
            assert _findable(database, case), case.number
        if database.is_sqlite:
            assert session.execute(text('PRAGMA integrity_check')).scalar() == 'ok'


def _findable(database: Database, case: Case) -> bool:
    """Whether the search index knows the case by the words it has now."""
    wanted = groups_of([getattr(case, name) or '' for name in SEARCHED])
    with database.read() as session:
        if database.is_sqlite:
            query = text('SELECT 1 FROM case_search WHERE rowid = :id AND case_search MATCH :groups')
            return session.execute(query, {'id': case.id, 'groups': as_match(wanted)}).first() is not None
        query = text('SELECT 1 FROM case_search WHERE case_id = :id AND pieces @> :groups')
        return session.execute(query, {'id': case.id, 'groups': as_numbers(wanted)}).first() is not None
