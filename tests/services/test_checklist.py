"""The list of needed documents, the one-time notice and the supplement; on both databases."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Case, CaseEvent, Database, Message
from claimdesk.rules.clocks import EventKind
from claimdesk.services.checklist import Checklist, ChecklistView
from claimdesk.vocabulary import ChecklistState
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


def test_the_notice_names_everything_missing_once_and_is_kept_as_a_message(
    office: PaperOffice, checklist: Checklist
) -> None:
    arrived = office.watch.forward(days=1)
    notice = checklist.send_notice(office.clerk, office.case_id, version(office), arrived)
    assert notice.missing == tuple(item.name for item in required(office))
    assert all(notice.text.count(name) >= 1 for name in notice.missing)
    assert office.case_number in notice.text
    assert not notice.second
    assert times(office, EventKind.NOTICE_ARRIVED) == [arrived]
    with office.context.database.read() as session:
        message = session.scalars(select(Message).where(Message.case_id == office.case_id)).one()
        assert (message.body, message.incoming, message.at) == (notice.text, False, arrived)


def test_a_second_notice_demands_a_reason_and_is_counted(office: PaperOffice, checklist: Checklist) -> None:
    checklist.send_notice(office.clerk, office.case_id, version(office), office.watch.forward(days=1))
    later = office.watch.forward(days=1)
    with pytest.raises(InvalidInput) as caught:
        checklist.send_notice(office.clerk, office.case_id, version(office), later)
    assert set(caught.value.fields) == {'reason'}
    assert checklist.send_notice(office.clerk, office.case_id, version(office), later, '新发现伤情').second
    assert checklist.notices_sent(office.clerk, office.case_id) == 2


def test_the_supplement_ends_the_pause_and_cannot_come_before_the_notice(
    office: PaperOffice, checklist: Checklist
) -> None:
    with pytest.raises(InvalidInput, match='No notice'):
        checklist.supplement_arrived(office.clerk, office.case_id, version(office), office.watch())
    office.watch.forward(days=2)
    checklist.send_notice(office.clerk, office.case_id, version(office), office.watch())
    with pytest.raises(InvalidInput):
        checklist.supplement_arrived(
            office.clerk, office.case_id, version(office), office.watch() - dt.timedelta(hours=1)
        )
    arrived = office.watch.forward(days=3)
    checklist.supplement_arrived(office.clerk, office.case_id, version(office), arrived)
    assert times(office, EventKind.SUPPLEMENT_ARRIVED) == [arrived]
    with pytest.raises(InvalidInput, match='No notice'):
        checklist.supplement_arrived(office.clerk, office.case_id, version(office), arrived)


def test_times_in_the_future_or_before_the_report_are_refused(office: PaperOffice, checklist: Checklist) -> None:
    for wrong in (office.watch() + dt.timedelta(hours=1), office.watch() - dt.timedelta(days=9)):
        with pytest.raises(InvalidInput) as caught:
            checklist.send_notice(office.clerk, office.case_id, version(office), wrong)
        assert set(caught.value.fields) == {'arrived_at'}


def test_an_auditor_changes_nothing(office: PaperOffice, checklist: Checklist) -> None:
    item = required(office)[0]
    with pytest.raises(NotAllowed):
        checklist.set_state(office.auditor, item.id, item.version, ChecklistState.RECEIVED)
    with pytest.raises(NotAllowed):
        checklist.send_notice(office.auditor, office.case_id, version(office), office.watch())
