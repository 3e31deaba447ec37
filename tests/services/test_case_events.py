"""Events that people record and correct, and the clocks that follow; why a step was late, asked before it ends."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.clocks import STEP, EventKind
from claimdesk.rules.workflow import Move
from claimdesk.services.clockwork import ClockView
from claimdesk.vocabulary import Channel, DelayCode, DueState, Role, Stage
from tests.services.role_office import RoleOffice, role_office

K = EventKind


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def clocks(office: RoleOffice) -> dict[str, ClockView]:
    return {clock.id: clock for clock in office.desk.clocks.due(office.people[Role.SERVICE], office.case_id)}


def kinds(office: RoleOffice) -> list[tuple[EventKind, bool]]:
    events = office.desk.events.of_case(office.people[Role.AUDITOR], office.case_id)
    return [(event.kind, event.voided) for event in events]


def test_the_first_conversation_is_the_first_contact(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    assert clocks(office)['contact'].stopped_at is None
    office.desk.messages.note(clerk, office.case_id, Channel.NOTE, '待联系')
    assert clocks(office)['contact'].stopped_at is None
    office.desk.messages.note(clerk, office.case_id, Channel.PHONE, '已联系客户', incoming=False)
    office.desk.messages.note(clerk, office.case_id, Channel.PHONE, '再次联系', incoming=False)
    assert clocks(office)['contact'].stopped_at == office.watch()
    assert kinds(office).count((K.CONTACTED, False)) == 1


def test_the_work_itself_records_what_clocks_run_by(office: RoleOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    recorded = {kind for kind, _voided in kinds(office)}
    assert {K.REGISTERED, K.ANSWERED, K.DISPATCHED, K.SURVEYED} <= recorded
    assert clocks(office)['visit'].stopped_at is not None


def test_a_wrong_time_is_corrected_and_kept(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    received = office.watch()
    office.desk.events.record(clerk, office.case_id, K.CLAIM_RECEIVED, received)
    before = clocks(office)['L2'].due
    office.watch.forward(days=1)
    (event,) = [one for one in office.desk.events.of_case(clerk, office.case_id) if one.kind is K.CLAIM_RECEIVED]
    office.desk.events.correct(clerk, event.id, office.watch(), '签收日期录错')
    assert clocks(office)['L2'].due - before >= dt.timedelta(days=1)
    assert [voided for kind, voided in kinds(office) if kind is K.CLAIM_RECEIVED] == [True, False]
    assert office.desk.events.of_case(clerk, office.case_id)[-1].note == '签收日期录错'
    with pytest.raises(InvalidInput, match='corrected this already'):
        office.desk.events.correct(clerk, event.id, received, '再改')


def test_an_event_taken_back_stops_nothing(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    office.desk.events.record(clerk, office.case_id, K.CONTACTED, office.watch())
    (event,) = [one for one in office.desk.events.of_case(clerk, office.case_id) if one.kind is K.CONTACTED]
    office.desk.events.take_back(clerk, event.id, '电话未接通')
    assert clocks(office)['contact'].stopped_at is None
    assert K.CONTACTED in office.desk.events.to_record(clerk, office.case_id)


@pytest.mark.parametrize(
    'kind, shift, words',
    [
        (K.CONTACTED, dt.timedelta(minutes=1), 'not come yet'),
        (K.CONTACTED, dt.timedelta(days=-30), 'before the loss'),
        (K.PAID, dt.timedelta(0), 'by the work itself'),
        (K.SUPPLEMENT_ARRIVED, dt.timedelta(0), 'No notice'),
    ],
)
def test_what_cannot_have_happened_is_refused(
    office: RoleOffice, kind: EventKind, shift: dt.timedelta, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        office.desk.events.record(office.people[Role.SERVICE], office.case_id, kind, office.watch() + shift)


def test_a_payment_is_not_moved_and_a_reason_is_needed(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSING)
    clerk = office.people[Role.SERVICE]
    events = {event.kind: event for event in office.desk.events.of_case(clerk, office.case_id)}
    with pytest.raises(InvalidInput, match='cannot be changed'):
        office.desk.events.correct(clerk, events[K.PAID].id, office.watch(), '改')
    with pytest.raises(InvalidInput, match='reason'):
        office.desk.events.correct(clerk, events[K.SURVEYED].id, office.watch(), ' ')
    with pytest.raises(NotAllowed):
        office.desk.events.correct(office.people[Role.AUDITOR], events[K.SURVEYED].id, office.watch(), '改')


def test_the_estimate_changes_the_target_of_the_step_and_keeps_its_pauses(office: RoleOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    assessor = office.people[Role.ASSESSOR]
    office.desk.events.record(assessor, office.case_id, K.NOTICE_ARRIVED, office.watch())
    assert clocks(office)[STEP].state is DueState.PAUSED
    office.watch.forward(days=2)
    office.desk.events.record(assessor, office.case_id, K.SUPPLEMENT_ARRIVED, office.watch())
    before = clocks(office)[STEP]
    office.desk.cases.set_estimate(assessor, office.case_id, office.case.version, Decimal(200_000), '损失扩大')
    after = clocks(office)[STEP]
    assert after.pauses == before.pauses != ()
    assert after.due > before.due
    assert office.case.step_due_at == after.due


def test_an_overdue_step_is_finished_only_with_a_reason(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    surveyor = office.people[Role.SURVEYOR]
    office.write_survey()
    assert not office.desk.workflow.moves(surveyor, office.case_id).next.needs_delay
    office.watch.forward(days=20)
    view = office.desk.workflow.moves(surveyor, office.case_id).next
    assert view.needs_delay
    assert view.allowed
    with pytest.raises(InvalidInput, match='say why'):
        office.desk.workflow.make(surveyor, office.case_id, office.case.version, Move.FINISH_SURVEY)
    with pytest.raises(InvalidInput, match='in words'):
        office.desk.delays.explain(surveyor, office.case_id, DelayCode.OTHER)
    with pytest.raises(NotAllowed):
        office.desk.delays.explain(office.people[Role.AUDITOR], office.case_id, DelayCode.WEATHER)
    office.desk.delays.explain(surveyor, office.case_id, DelayCode.WEATHER, '台风封路')
    office.desk.workflow.make(surveyor, office.case_id, office.case.version, Move.FINISH_SURVEY)
    given = office.desk.delays.of_case(surveyor, office.case_id)[-1]
    assert (given.stage, given.code, given.note) == (Stage.SURVEY, DelayCode.WEATHER, '台风封路')
    assert not office.desk.workflow.moves(office.people[Role.ASSESSOR], office.case_id).next.needs_delay


def test_an_office_may_do_without_the_reason(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    office.write_survey()
    office.watch.forward(days=20)
    rules = {'soon_hours': 8, 'escalate_hours': 4, 'ask_reason': False}
    office.desk.rules.set(office.people[Role.MANAGER], 'reminders', dt.date(2026, 1, 1), rules)
    assert not office.desk.workflow.moves(office.people[Role.SURVEYOR], office.case_id).next.needs_delay
