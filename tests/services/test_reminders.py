"""Reminders reach the right person once and at a decent hour; urging is recorded with its answer."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2 as pdfium
import pytest
from sqlalchemy import func, select, update

from claimdesk.errors import InvalidInput, NotAllowed, NotFound
from claimdesk.models import Absence, Account, Case, Database, Reminder, Team, TeamLead, Turn
from claimdesk.services.context import Actor
from claimdesk.services.lawsuits import NewLawsuit
from claimdesk.services.reminder_round import remind
from claimdesk.services.turns import HOLD, turn
from claimdesk.vocabulary import CourtDay, MatterKind, OurSide, RemindedAs, ReminderKind, RiskOutcome, Role, Stage
from tests.services.role_office import RoleOffice, role_office

SHANGHAI = ZoneInfo('Asia/Shanghai')


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    """The case waits for its survey, due at 18:00 of the next working day."""
    office = role_office(database, tmp_path)
    office.bring_to(Stage.SURVEY)
    return office


def at(office: RoleOffice, moment: dt.datetime) -> None:
    """Turn the office's clock to a moment."""
    office.watch.forward(seconds=(moment - office.watch()).total_seconds())


def due(office: RoleOffice) -> dt.datetime:
    return office.case.step_due_at.astimezone(SHANGHAI)


def step_reminders(office: RoleOffice) -> list[tuple[ReminderKind, RemindedAs, int]]:
    with office.desk.context.database.read() as session:
        rows = session.execute(
            select(Reminder.kind, Reminder.told_as, Reminder.account_id)
            .where(Reminder.clock == 'step', Reminder.case_id == office.case_id)
            .order_by(Reminder.id)
        )
        return [tuple(row) for row in rows]


def surveyor(office: RoleOffice) -> Actor:
    return office.people[Role.SURVEYOR]


def manager(office: RoleOffice) -> Actor:
    return office.people[Role.MANAGER]


def test_soon_due_and_overdue_reach_the_handler_once_each_then_the_lead(office: RoleOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    told = office.people[Role.ASSESSOR].id
    at(office, due(office) - dt.timedelta(hours=27))
    for _round in range(2):
        office.desk.reminders.round()
    assert step_reminders(office) == [(ReminderKind.SOON, RemindedAs.HANDLER, told)]
    at(office, due(office) - dt.timedelta(hours=3))
    office.desk.reminders.round()
    assert step_reminders(office)[1:] == [(ReminderKind.DUE, RemindedAs.HANDLER, told)]
    at(office, due(office) + dt.timedelta(hours=17))
    office.desk.reminders.round()
    office.desk.reminders.round()
    assert step_reminders(office)[2:] == [(ReminderKind.OVERDUE, RemindedAs.HANDLER, told)]
    at(office, due(office) + dt.timedelta(hours=20))
    office.desk.reminders.round()
    assert step_reminders(office)[3:] == [(ReminderKind.OVERDUE, RemindedAs.LEAD, manager(office).id)]
    waiting = office.desk.reminders.waiting(office.people[Role.ASSESSOR])
    assert [one.kind for one in waiting.reminders if one.words == 'Target of this step'] == [ReminderKind.OVERDUE]


@pytest.mark.parametrize('moment', [dt.time(3), dt.time(22), dt.time(8, 59)])
def test_nothing_is_said_at_night(office: RoleOffice, moment: dt.time) -> None:
    at(office, dt.datetime.combine(due(office).date() + dt.timedelta(days=1), moment, SHANGHAI))
    assert office.desk.reminders.round() == 0


def test_nothing_is_said_on_a_day_of_rest(office: RoleOffice) -> None:
    at(office, dt.datetime(2026, 3, 14, 10, tzinfo=SHANGHAI))
    assert office.desk.reminders.round() == 0
    at(office, dt.datetime(2026, 3, 16, 10, tzinfo=SHANGHAI))
    assert office.desk.reminders.round() > 0


def test_the_substitute_is_told_while_the_handler_is_away(office: RoleOffice) -> None:
    day = due(office).date()
    stands_in = office.people[Role.ASSESSOR].id
    with office.desk.context.database.write('test') as session:
        session.add(Absence(account_id=surveyor(office).id, substitute_id=stands_in, starts_on=day, ends_on=day))
    at(office, due(office) - dt.timedelta(hours=3))
    office.desk.reminders.round()
    assert step_reminders(office) == [(ReminderKind.DUE, RemindedAs.SUBSTITUTE, stands_in)]


def test_the_lead_of_the_team_comes_before_the_managers(office: RoleOffice) -> None:
    lead = office.people[Role.APPROVER].id
    with office.desk.context.database.write('test') as session:
        team = Team(office_id=manager(office).office_id, name='一组')
        session.add(team)
        session.flush()
        session.add(TeamLead(team_id=team.id, account_id=lead))
        session.execute(update(Case).where(Case.id == office.case_id).values(team_id=team.id))
    at(office, due(office) + dt.timedelta(days=6, hours=21))
    office.desk.reminders.round()
    assert (ReminderKind.OVERDUE, RemindedAs.LEAD, lead) in step_reminders(office)


def test_what_has_become_needless_leaves_the_list(office: RoleOffice) -> None:
    at(office, due(office) - dt.timedelta(hours=3))
    office.desk.reminders.round()
    assert office.desk.reminders.waiting(surveyor(office)).count
    office.bring_to(Stage.ASSESSMENT)
    office.desk.reminders.round()
    left = office.desk.reminders.waiting(surveyor(office)).reminders
    assert 'Target of this step' not in [one.words for one in left]


def test_a_list_stays_until_seen_and_seeing_is_undone(office: RoleOffice) -> None:
    at(office, due(office) - dt.timedelta(hours=3))
    office.desk.reminders.round()
    reminders = office.desk.reminders
    count = reminders.waiting(surveyor(office)).count
    assert reminders.see(office.people[Role.ASSESSOR]) == []
    seen = reminders.see(surveyor(office))
    assert len(seen) == count > 0
    assert reminders.waiting(surveyor(office)).count == 0
    reminders.round()
    assert reminders.waiting(surveyor(office)).count == 0
    reminders.put_back(surveyor(office), seen)
    assert reminders.waiting(surveyor(office)).count == count


def test_urging_is_recorded_with_its_answer(office: RoleOffice) -> None:
    reminders, boss = office.desk.reminders, manager(office)
    assert reminders.urge(boss, office.case_id, '客户来电催问').to == surveyor(office).name
    with pytest.raises(InvalidInput, match='today'):
        reminders.urge(boss, office.case_id, '再催')
    (urged,) = reminders.waiting(surveyor(office)).reminders
    assert (urged.kind, urged.words, urged.sent_by) == (ReminderKind.URGED, '客户来电催问', boss.name)
    with pytest.raises(InvalidInput, match='not yours'):
        reminders.answer(boss, urged.id, urged.version, '好')
    reminders.answer(surveyor(office), urged.id, urged.version, '今天下午去现场')
    (kept,) = reminders.of_case(boss, office.case_id)
    assert (kept.answer, kept.to) == ('今天下午去现场', surveyor(office).name)
    assert reminders.waiting(surveyor(office)).count == 0


def test_urging_at_night_is_shown_in_the_morning(office: RoleOffice) -> None:
    at(office, dt.datetime(2026, 3, 13, 22, tzinfo=SHANGHAI))
    office.desk.reminders.urge(manager(office), office.case_id)
    assert office.desk.reminders.waiting(surveyor(office)).count == 0
    at(office, dt.datetime(2026, 3, 15, 10, tzinfo=SHANGHAI))
    assert office.desk.reminders.waiting(surveyor(office)).count == 0
    at(office, dt.datetime(2026, 3, 16, 9, tzinfo=SHANGHAI))
    assert office.desk.reminders.waiting(surveyor(office)).count == 1


def test_many_are_urged_each_for_itself(office: RoleOffice) -> None:
    second = office.register('second')
    office.desk.reminders.urge(manager(office), office.case_id)
    results = office.desk.reminders.urge_many(manager(office), [office.case_id, second])
    assert [bool(row.sentence) for row in results] == [True, False]
    with pytest.raises(NotAllowed):
        office.desk.reminders.urge(office.people[Role.AUDITOR], second)


def test_two_programs_at_once_say_nothing_twice(office: RoleOffice) -> None:
    at(office, due(office) - dt.timedelta(hours=3))
    url = office.desk.context.database.url.render_as_string(hide_password=False)
    others = [Database(url, now=office.watch) for _number in range(2)]
    gate, sent = threading.Barrier(2), []

    def act(database: Database) -> None:
        context = type(office.desk.context)(database, office.desk.context.files, office.watch)
        gate.wait()
        sent.append(remind(context))

    threads = [threading.Thread(target=act, args=(database,)) for database in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in others:
        database.close()
    with office.desk.context.database.read() as session:
        keys = session.scalars(select(Reminder.key)).all()
    assert len(keys) == len(set(keys)) == sum(sent) > 0


def test_only_one_holds_a_turn_and_a_killed_holder_keeps_nobody_waiting(office: RoleOffice) -> None:
    context = office.desk.context
    with turn(context, 'job') as first:
        assert first is not None
        with turn(context, 'job') as second:
            assert second is None
        assert first.renew()
    with turn(context, 'job') as again:
        assert again is not None
        office.watch.forward(seconds=HOLD.total_seconds() + 1)
        with turn(context, 'job') as other:
            assert other is not None
            assert not again.renew()
    with context.database.write('test') as session:
        session.execute(update(Turn).values(held_until=office.watch() + dt.timedelta(days=365), holder='wrong clock'))
    with turn(context, 'job') as after:
        assert after is not None


def test_a_round_that_fails_gives_its_turn_back(office: RoleOffice) -> None:
    with pytest.raises(RuntimeError), turn(office.desk.context, 'job') as held:
        assert held is not None
        held.result = 'half'
        raise RuntimeError
    with office.desk.context.database.read() as session:
        row = session.get(Turn, 'job')
        assert (row.held_until, row.finished_at, row.result) == (None, None, '')


def test_a_reminder_of_somebody_who_left_goes_to_the_lead(office: RoleOffice) -> None:
    with office.desk.context.database.write('test') as session:
        session.execute(update(Account).where(Account.id == surveyor(office).id).values(active=False))
    at(office, due(office) - dt.timedelta(hours=3))
    office.desk.reminders.round()
    assert step_reminders(office) == [(ReminderKind.DUE, RemindedAs.LEAD, manager(office).id)]
    with office.desk.context.database.read() as session:
        assert session.scalar(select(func.count()).where(Reminder.account_id == surveyor(office).id)) == 0


def test_the_coordinator_is_reminded_of_a_complaint_even_when_the_case_is_closed(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    coordinator = office.people[Role.COORDINATOR]
    office.desk.disputes.take(coordinator, office.case_id, MatterKind.COMPLAINT, '', '定损金额有异议')
    at(office, dt.datetime(2026, 3, 17, 10, tzinfo=SHANGHAI))
    office.desk.reminders.round()
    (told,) = office.desk.reminders.waiting(coordinator).reminders
    assert (told.kind, told.words) == (ReminderKind.DUE, 'Answer to a complaint')
    calls = [one.words for one in office.desk.reminders.waiting(office.people[Role.SERVICE]).reminders]
    assert 'Call back after the payment' not in calls
    at(office, dt.datetime(2026, 3, 23, 16, tzinfo=SHANGHAI))
    office.desk.reminders.round()
    calls = [one.words for one in office.desk.reminders.waiting(office.people[Role.SERVICE]).reminders]
    assert calls == ['Call back after the payment']


def test_a_day_in_court_is_told_of_once_also_by_substitute_and_lead_and_never_at_night(office: RoleOffice) -> None:
    coordinator, stand_in = office.people[Role.COORDINATOR], office.people[Role.SERVICE]
    lawsuits = office.desk.lawsuits
    lawsuits.enter(coordinator, office.case_id, NewLawsuit('姑苏区人民法院', '(2026)苏0508民初1号', OurSide.DEFENDANT))
    hearing = dt.datetime(2026, 3, 17, 14, tzinfo=SHANGHAI)
    (lawsuit,) = lawsuits.of_case(coordinator, office.case_id)
    lawsuits.set_day(coordinator, lawsuit.id, lawsuit.version, CourtDay.HEARING, hearing)
    at(office, dt.datetime(2026, 3, 17, 3, tzinfo=SHANGHAI))
    office.desk.reminders.round()
    assert court_reminders(office) == []
    at(office, dt.datetime(2026, 3, 17, 9, tzinfo=SHANGHAI))
    for _round in range(2):
        office.desk.reminders.round()
    assert court_reminders(office) == [(ReminderKind.DUE, RemindedAs.HANDLER, coordinator.id)]
    words = [one.words for one in office.desk.reminders.waiting(coordinator).reminders]
    assert 'Hearing' in words
    today = office.desk.context.today()
    office.desk.accounts.note_absence(coordinator, coordinator.id, today, today, substitute_id=stand_in.id)
    at(office, dt.datetime(2026, 3, 17, 15, tzinfo=SHANGHAI))
    office.desk.reminders.round()
    assert court_reminders(office)[1:] == [(ReminderKind.OVERDUE, RemindedAs.SUBSTITUTE, stand_in.id)]
    at(office, dt.datetime(2026, 3, 19, 11, tzinfo=SHANGHAI))
    office.desk.reminders.round()
    assert (ReminderKind.OVERDUE, RemindedAs.LEAD, manager(office).id) in court_reminders(office)
    before = court_reminders(office)
    (lawsuit,) = lawsuits.of_case(coordinator, office.case_id)
    lawsuits.day_done(coordinator, lawsuit.days[0].id, lawsuit.days[0].version)
    at(office, dt.datetime(2026, 3, 20, 11, tzinfo=SHANGHAI))
    office.desk.reminders.round()
    assert court_reminders(office) == before
    assert 'Hearing' not in [one.words for one in office.desk.reminders.waiting(manager(office)).reminders]


def court_reminders(office: RoleOffice) -> list[tuple[ReminderKind, RemindedAs, int]]:
    with office.desk.context.database.read() as session:
        rows = session.execute(
            select(Reminder.kind, Reminder.told_as, Reminder.account_id)
            .where(Reminder.clock == 'court_hearing')
            .order_by(Reminder.id)
        )
        return [tuple(row) for row in rows]


def test_whoever_looks_into_a_case_is_reminded_of_it_until_something_is_found(office: RoleOffice) -> None:
    office.desk.risk.refer(office.people[Role.SERVICE], office.case_id, '两次事故相隔太近')
    (referral,) = office.desk.risk.open_referrals(manager(office))
    looker = next(one for one in office.people.values() if one.id == referral.owner_id)
    at(office, referral.due_at + dt.timedelta(hours=16))
    office.desk.reminders.round()

    def told() -> list[str]:
        return [one.words for one in office.desk.reminders.waiting(looker).reminders]

    assert 'Look into the risk signals' in told()
    office.desk.risk.decide(looker, referral.id, referral.version, RiskOutcome.CLEARED, '两车无关')
    at(office, office.watch() + dt.timedelta(minutes=5))
    office.desk.reminders.round()
    assert 'Look into the risk signals' not in told()


def test_the_slip_tells_of_exactly_that_urging(office: RoleOffice) -> None:
    boss, reminders = manager(office), office.desk.reminders
    urged = reminders.urge(boss, office.case_id, '客户来电催问')
    words = paper(reminders.slips(boss, [urged.reminder_id]))
    limit = office.case.due_at.astimezone(SHANGHAI)
    for part in (office.case.number, surveyor(office).name, boss.name, '客户来电催问', f'{limit:%Y-%m-%d %H:%M}'):
        assert part in words
    # What becomes of the case afterwards changes nothing: it is the urging of then.
    office.desk.cases.assign(boss, office.case_id, office.people[Role.ASSESSOR].id)
    (told,) = [one for one in reminders.waiting(surveyor(office)).reminders if one.sent_by]
    reminders.answer(surveyor(office), told.id, told.version, '今日下午到现场')
    again = paper(reminders.slips(boss, [urged.reminder_id]))
    assert surveyor(office).name in again
    assert office.people[Role.ASSESSOR].name not in again
    assert '今日下午到现场' in again


def test_the_slips_of_many_are_one_print_with_a_page_for_each(office: RoleOffice) -> None:
    second = office.register('second')
    boss, reminders = manager(office), office.desk.reminders
    results = reminders.urge_many(boss, [office.case_id, second], '请今天完成')
    ids = [one.reminder_id for one in results]
    pdf = reminders.slips(boss, ids)
    with pdfium.PdfDocument(pdf) as document:
        assert len(document) == 2
        pages = [document[at].get_textpage().get_text_bounded() for at in range(2)]
    for page, result in zip(pages, results, strict=True):
        assert result.number in page
    with pytest.raises(NotFound):
        reminders.slips(boss, [0])


def paper(content: bytes) -> str:
    """The words of a PDF."""
    with pdfium.PdfDocument(content) as document:
        return ' '.join(document[at].get_textpage().get_text_bounded() for at in range(len(document)))
