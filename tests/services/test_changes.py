"""The feed of changes between desks, and the timeline that tells them; on both databases."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk import language
from claimdesk.models import Database
from claimdesk.services.cases import Cases
from claimdesk.services.changes import Changes
from claimdesk.services.messages import Messages
from claimdesk.services.timeline import Timelines
from claimdesk.vocabulary import Channel
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def test_each_desk_hears_of_every_save_once(office: PaperOffice) -> None:
    mine, theirs = Changes(office.context), Changes(office.context)
    assert mine.poll().case_ids == theirs.poll().case_ids == frozenset()
    case_id, _number = office.register('second')
    for desk in (mine, theirs):
        heard = desk.poll()
        assert heard.case_ids == {case_id}
        assert {'claim_case', 'accident', 'task'} <= heard.kinds
        assert not desk.poll().kinds


def test_a_commit_that_comes_late_is_heard_too(database_url: str, tmp_path: Path) -> None:
    if database_url.startswith('sqlite'):
        return  # one writer at a time: entries appear in the order of their ids
    database = Database(database_url)
    office = paper_office(database, tmp_path)
    feed = Changes(office.context)
    feed.poll()
    messages = Messages(office.context)
    other, _number = office.register('second')
    with database.write('slow') as slow:
        from claimdesk.models import Case

        slow.get_one(Case, office.case_id).plate = '苏E00001'
        slow.flush()
        messages.note(office.clerk, other, Channel.NOTE, '先到')
        assert feed.poll().case_ids == {other}
    assert feed.poll().case_ids == {office.case_id}
    database.close()


def test_the_timeline_tells_who_changed_what(office: PaperOffice) -> None:
    cases = Cases(office.context)
    office.watch.forward(hours=1)
    page = cases.page(office.clerk, office.case_id)
    page = cases.edit(office.clerk, office.case_id, page.version, {'place': '新的地点', 'injury': True})
    office.watch.forward(hours=1)
    cases.set_estimate(office.clerk, office.case_id, page.version, Decimal('12600.5'), '')
    told = Timelines(office.context).of_case(office.clerk, office.case_id)
    assert [entry.action for entry in told] == ['changed the reserve', 'edited the case', 'took the report']
    assert {entry.who for entry in told} == {office.clerk.name}
    assert any('新的地点' in line and '→' in line for line in told[1].details)
    assert any('12,600.50' in line for line in told[0].details)
    language.use('zh_CN')
    told = Timelines(office.context).of_case(office.clerk, office.case_id)
    assert told[0].action == '调整估损'
    assert any(line.startswith('案件 · 估损') for line in told[0].details)
