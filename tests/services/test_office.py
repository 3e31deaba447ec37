"""The office's calendar, teams and absences, and finance's book of payments; on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.calendar import chinese_calendar
from claimdesk.services.office import CalendarYear, published_year, read_calendar
from claimdesk.services.payee_accounts import Payee
from claimdesk.services.payment_book import Sum
from claimdesk.vocabulary import DueState, PaymentState, Role, Stage
from tests.services.role_office import RoleOffice, role_office

NEW_YEAR = dt.date(2031, 1, 1)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


# Calendar


def test_a_year_of_the_office_stands_beside_the_published_ones(office: RoleOffice) -> None:
    desk, manager = office.desk, office.people[Role.MANAGER]
    desk.office.set_calendar_year(manager, CalendarYear(2031, ((NEW_YEAR, 'rest', '元旦'),)))
    calendar = desk.context.calendar
    assert calendar.years == chinese_calendar().years | {2031}
    assert calendar.is_rest(NEW_YEAR)
    # A published holiday of another year is still one.
    assert calendar.is_rest(dt.date(2026, 10, 1))
    years = {year.year: year for year in desk.office.calendar_years(office.people[Role.AUDITOR])}
    assert years[2031] == CalendarYear(2031, ((NEW_YEAR, 'rest', '元旦'),))
    assert years[2026].published


def test_a_year_of_the_office_replaces_the_published_one_and_can_be_forgotten(office: RoleOffice) -> None:
    desk, manager, day = office.desk, office.people[Role.MANAGER], dt.date(2026, 10, 1)
    desk.office.set_calendar_year(manager, CalendarYear(2026, ((dt.date(2026, 1, 1), 'rest', ''),)))
    assert not desk.context.calendar.is_rest(day)
    desk.office.forget_calendar_year(manager, 2026)
    assert desk.context.calendar.is_rest(day)


@pytest.mark.parametrize('days', [(), ((dt.date(2030, 1, 1), 'rest', ''),), ((NEW_YEAR, 'holiday', ''),)])
def test_a_year_that_makes_no_sense_is_refused(office: RoleOffice, days: tuple[tuple[dt.date, str, str], ...]) -> None:
    with pytest.raises(InvalidInput):
        office.desk.office.set_calendar_year(office.people[Role.MANAGER], CalendarYear(2031, days))
    assert 2031 not in office.desk.context.calendar.years


def test_only_who_manages_the_office_changes_its_calendar(office: RoleOffice) -> None:
    with pytest.raises(NotAllowed):
        office.desk.office.forget_calendar_year(office.people[Role.SERVICE], 2026)


def test_the_published_year_leaves_out_what_always_rests() -> None:
    year = published_year(2026)
    assert all(day.weekday() < 5 for day, kind, _name in year.days if kind == 'rest')
    assert all(day.weekday() >= 5 for day, kind, _name in year.days if kind == 'work')


@pytest.mark.parametrize(
    'content',
    [
        '[{"day": "2031-01-01", "kind": "rest", "name": "元旦"}]'.encode(),
        '{"days": [{"day": "2031/1/1", "kind": "休", "name": "元旦"}]}'.encode(),
        '\ufeff日期,类型,名称\n2031-01-01,rest,元旦\n'.encode(),
        '2031年1月1日,休,元旦\n'.encode('gb18030'),
    ],
    ids=['json', 'json with days', 'csv', 'csv of an older Excel'],
)
def test_calendars_are_read_as_they_come(content: bytes) -> None:
    assert read_calendar(content) == [CalendarYear(2031, ((NEW_YEAR, 'rest', '元旦'),))]


@pytest.mark.parametrize(
    'content, said',
    [
        (b'', 'no days'),
        (b'{"a": 1}', 'not a calendar'),
        (b'[1]', 'not a calendar'),
        (b'2031-02-30,rest', 'Entry 1'),
        (b'2031-01-01,rest\n2031-01-02,perhaps', 'Entry 2'),
        (b'2031-01-01', 'Entry 1'),
    ],
)
def test_what_is_no_calendar_is_named(content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        read_calendar(content)


# Teams and absences


def test_a_team_is_added_renamed_and_removed(office: RoleOffice) -> None:
    accounts, actor = office.desk.accounts, office.people[Role.ADMINISTRATOR]
    team = accounts.save_team(actor, ' 车险一组 ')
    assert (team.name, team.people) == ('车险一组', 0)
    with pytest.raises(InvalidInput, match='already'):
        accounts.save_team(actor, '车险一组')
    renamed = accounts.save_team(actor, '车险二组', team.id, team.version)
    with pytest.raises(Conflict):
        accounts.save_team(actor, '车险三组', team.id, team.version)
    accounts.remove_team(actor, renamed.id, renamed.version)
    assert accounts.teams(actor) == []


def test_a_team_with_people_stays(office: RoleOffice) -> None:
    accounts, actor = office.desk.accounts, office.people[Role.ADMINISTRATOR]
    team = accounts.save_team(actor, '车险一组')
    with office.desk.context.database.write('test') as session:
        from claimdesk.models import Account

        session.get_one(Account, office.people[Role.SURVEYOR].id).team_id = team.id
    (seen,) = accounts.teams(actor)
    assert seen.people == 1
    with pytest.raises(InvalidInput, match='still has people'):
        accounts.remove_team(actor, team.id, team.version)


def test_an_absence_is_noted_seen_and_removed(office: RoleOffice) -> None:
    accounts, me, other = office.desk.accounts, office.people[Role.SURVEYOR], office.people[Role.ASSESSOR]
    today = office.desk.context.today()
    accounts.note_absence(me, me.id, today, today + dt.timedelta(days=2), other.id, '年假')
    accounts.note_absence(me, me.id, today - dt.timedelta(days=9), today - dt.timedelta(days=5))
    (absence,) = accounts.absences(other, me.id)
    assert (absence.substitute, absence.reason) == (other.name, '年假')
    with pytest.raises(NotAllowed):
        accounts.remove_absence(other, absence.id, absence.version)
    accounts.remove_absence(me, absence.id, absence.version)
    assert accounts.absences(me, me.id) == []


def test_nobody_stands_in_for_themselves_or_notes_others(office: RoleOffice) -> None:
    accounts, me = office.desk.accounts, office.people[Role.SURVEYOR]
    today = office.desk.context.today()
    problems: list[type[ClaimDeskError]] = []
    for person, substitute in ((me.id, me.id), (office.people[Role.FINANCE].id, None)):
        with pytest.raises(ClaimDeskError) as refused:
            accounts.note_absence(me, person, today, today, substitute)
        problems.append(type(refused.value))
    assert problems == [InvalidInput, NotAllowed]


# Finance's book


def test_the_book_follows_the_case_through_every_state(office: RoleOffice) -> None:
    finance, payment = office.people[Role.FINANCE], office.desk.payment
    nothing, amount = Sum(0, Decimal(0)), Decimal(2300)
    assert set(payment.book(finance).sums.values()) == {nothing}
    office.bring_to(Stage.PAYMENT)
    book = payment.book(finance)
    (payable,) = book.to_prepare
    assert (payable.case_id, payable.amount) == (office.case_id, amount)
    assert payable.due_state in (DueState.ON_TIME, DueState.SOON, DueState.TODAY)
    assert payable.approved_by == office.people[Role.APPROVER].name
    made = payment.prepare(
        finance, office.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901', request_key='k'
    )
    book = payment.book(finance)
    assert ([one.id for one in book.prepared], book.to_prepare) == ([made.id], ())
    payment.mark_returned(finance, made.id, made.version, '户名不符')
    book = payment.book(finance)
    assert ([one.id for one in book.returned], len(book.to_prepare)) == ([made.id], 1)
    again = payment.prepare(
        finance, office.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901', request_key='l'
    )
    assert payment.book(finance).returned == ()
    payment.mark_paid(finance, again.id, again.version, 'REF')
    book = payment.book(finance)
    assert [one.state for one in book.paid] == [PaymentState.PAID]
    assert book.sums == {
        'to_prepare': nothing, 'prepared': nothing, 'in_batch': nothing, 'returned': nothing, 'paid': Sum(1, amount),
    }  # fmt: skip
    office.watch.forward(days=40)
    assert payment.book(finance).sums['paid'] == nothing


def test_whom_to_pay_is_known_from_the_case_or_from_another(office: RoleOffice) -> None:
    finance, payment = office.people[Role.FINANCE], office.desk.payment
    insured = office.case.insured_name
    assert payment.payee(finance, office.case_id) == Payee(insured)
    office.bring_to(Stage.PAYMENT)
    made = payment.prepare(
        finance, office.case_id, payee_name=insured, bank_name='中国银行', account_number='12345678901', request_key='k'
    )
    assert payment.payee(finance, office.case_id) == Payee(insured, '中国银行', '*******8901')
    other = office.register('other')
    # What was never paid is no proof that it is the right account.
    assert payment.payee(finance, other) == Payee(insured)
    payment.mark_paid(finance, made.id, made.version, 'REF')
    assert payment.payee(finance, other) == Payee(insured, '中国银行', '*******8901')
    with pytest.raises(NotAllowed):
        payment.payee(office.people[Role.ADJUSTER], office.case_id)


def test_the_estimate_of_the_caller_is_the_first_reserve(office: RoleOffice) -> None:
    from dataclasses import replace

    from claimdesk.services.intake import NewCase

    new = NewCase(office.policy_id, office.watch() - dt.timedelta(hours=3), '人民路', '追尾', '沈知远', '13800001234')
    clerk = office.people[Role.SERVICE]
    case_id = office.desk.intake.register(clerk, replace(new, estimate=Decimal('800.00')), 'with estimate').case_id
    case = office.desk.cases.page(clerk, case_id)
    assert (case.estimate, case.first_estimate, [one.first for one in case.reserves]) == (
        Decimal(800), Decimal(800), [True],
    )  # fmt: skip


def test_a_plate_is_found_without_its_province(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    for typed in ('苏E8K318', 'E8K318', 'e8k318', '苏E·8K318'):
        assert [one.plate for one in office.desk.intake.find_policies(clerk, typed)] == ['苏E8K318']
    assert office.desk.intake.find_policies(clerk, '8K318') == []
