"""The list of needed documents, by the program's and the office's own lists; on both databases."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Case, CaseEvent, Database
from claimdesk.rules.checklist import DEFAULT_LISTS, NeededDocument
from claimdesk.rules.clocks import EventKind
from claimdesk.services.checklist import Checklist, ChecklistView
from claimdesk.vocabulary import ChecklistState, Line
from tests.services.paper_office import PaperOffice, paper_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def checklist(office: PaperOffice) -> Checklist:
    return Checklist(office.context)


def required(office: PaperOffice) -> list[ChecklistView]:
    return [item for item in Checklist(office.context).of_case(office.clerk, office.case_id) if item.required]


def version(office: PaperOffice) -> int:
    return case(office).version


def case(office: PaperOffice) -> Case:
    with office.context.database.read() as session:
        return session.get_one(Case, office.case_id)


def times(office: PaperOffice, kind: EventKind) -> list[dt.datetime]:
    with office.context.database.read() as session:
        return list(
            session.scalars(
                select(CaseEvent.happened_at).where(
                    CaseEvent.case_id == office.case_id, CaseEvent.kind == kind.value, CaseEvent.voided.is_(False)
                )
            )
        )


def test_a_new_case_lists_what_its_line_needs(office: PaperOffice, checklist: Checklist) -> None:
    items = checklist.of_case(office.clerk, office.case_id)
    assert len({item.code for item in items}) == len(items) > 5
    assert all(item.name and item.name != item.code for item in items)
    assert case(office).missing_documents == len(required(office)) > 0


def test_received_documents_leave_the_missing_ones_first(office: PaperOffice, checklist: Checklist) -> None:
    first = required(office)[0]
    office.watch.forward(hours=1)
    view = checklist.set_state(office.clerk, first.id, first.version, ChecklistState.VERIFIED)
    assert (view.state, view.checked_by, view.checked_at) == (
        ChecklistState.VERIFIED,
        office.clerk.name,
        office.watch(),
    )
    assert checklist.of_case(office.clerk, office.case_id)[0].code != first.code
    assert case(office).missing_documents == len(required(office)) - 1
    with pytest.raises(Conflict):
        checklist.set_state(office.clerk, first.id, first.version, ChecklistState.MISSING)


@pytest.mark.parametrize('state', [ChecklistState.REJECTED, ChecklistState.WAIVED])
def test_rejecting_and_waiving_need_a_reason(
    office: PaperOffice, checklist: Checklist, state: ChecklistState
) -> None:
    item = required(office)[0]
    with pytest.raises(InvalidInput) as caught:
        checklist.set_state(office.clerk, item.id, item.version, state, ' ')
    assert set(caught.value.fields) == {'reason'}
    assert checklist.set_state(office.clerk, item.id, item.version, state, '复印件不清').reason == '复印件不清'


def test_when_nothing_is_missing_the_documents_are_complete_until_something_is(
    office: PaperOffice, checklist: Checklist
) -> None:
    office.watch.forward(days=1)
    for item in required(office):
        checklist.set_state(office.clerk, item.id, item.version, ChecklistState.RECEIVED)
    assert times(office, EventKind.DOCUMENTS_COMPLETE) == [office.watch()]
    assert case(office).missing_documents == 0
    item = required(office)[0]
    checklist.set_state(office.clerk, item.id, item.version, ChecklistState.REJECTED, '过期')
    assert times(office, EventKind.DOCUMENTS_COMPLETE) == []


def test_an_auditor_changes_nothing(office: PaperOffice, checklist: Checklist) -> None:
    item = required(office)[0]
    with pytest.raises(NotAllowed):
        checklist.set_state(office.auditor, item.id, item.version, ChecklistState.RECEIVED)
    with pytest.raises(NotAllowed):
        checklist.add(office.auditor, office.case_id, '公证书')


def test_a_document_of_its_own_is_asked_for_and_taken_off_again(office: PaperOffice, checklist: Checklist) -> None:
    before = case(office).missing_documents
    added = checklist.add(office.clerk, office.case_id, '道路救援记录')
    assert (added.name, added.required, added.state) == ('道路救援记录', True, ChecklistState.MISSING)
    assert case(office).missing_documents == before + 1
    with pytest.raises(InvalidInput) as caught:
        checklist.add(office.clerk, office.case_id, ' 道路救援记录 ')
    assert set(caught.value.fields) == {'name'}
    standard = required(office)[0]
    with pytest.raises(InvalidInput, match='Only a document that was added here'):
        checklist.remove(office.clerk, standard.id, standard.version)
    checklist.remove(office.clerk, added.id, added.version)
    assert case(office).missing_documents == before


def test_the_offices_own_lists_hold_from_their_day_on(office: PaperOffice, checklist: Checklist) -> None:
    today = office.context.today()
    tomorrow = today + dt.timedelta(days=1)
    own = NeededDocument('own_video', '行车记录仪视频', mark='')
    lists = {**DEFAULT_LISTS, Line.MOTOR: (*DEFAULT_LISTS[Line.MOTOR], own)}
    checklist.save_lists(office.clerk, tomorrow, lists)
    assert checklist.lists(office.clerk, today) == DEFAULT_LISTS
    assert checklist.lists(office.clerk, tomorrow)[Line.MOTOR][-1] == own
    assert own.name not in [item.name for item in required(office)]
    office.watch.forward(days=1)
    case_id, _number = office.register('after the rule')
    assert own.name in [item.name for item in checklist.of_case(office.clerk, case_id)]
    assert checklist.renew(office.clerk, office.case_id) == [own.name]
    assert checklist.renew(office.clerk, office.case_id) == []


def test_lists_that_make_no_sense_and_strangers_are_refused(office: PaperOffice, checklist: Checklist) -> None:
    today = office.context.today()
    with pytest.raises(InvalidInput, match='At least one'):
        checklist.save_lists(office.clerk, today, {**DEFAULT_LISTS, Line.MEDICAL: ()})
    twice = (*DEFAULT_LISTS[Line.PROPERTY], NeededDocument('own_1', 'Claim application'))
    with pytest.raises(InvalidInput, match='listed twice'):
        checklist.save_lists(office.clerk, today, {**DEFAULT_LISTS, Line.PROPERTY: twice})
    with pytest.raises(NotAllowed):
        checklist.save_lists(office.auditor, today, DEFAULT_LISTS)
