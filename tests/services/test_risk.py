"""Risk signals of a case: kept whenever a fact changes, referred to a person, and counted by what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import event, select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import AuditEntry, Case, CaseMotor, Database, RiskReferral, RiskSignal, Satisfaction
from claimdesk.rules.risk import DEFAULT_TABLE
from claimdesk.vocabulary import RiskLevel, RiskOutcome, Role, Stage
from tests.services.role_office import NAME, RoleOffice, role_office


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def kept(office: RoleOffice, case_id: int) -> set[str]:
    with office.desk.context.database.read() as session:
        return set(session.scalars(select(RiskSignal.rule).where(RiskSignal.case_id == case_id)))


def only(office: RoleOffice, *codes: str, **fields: object) -> None:
    """Let only these rules hold, each with weight 60."""
    rules = tuple(replace(rule, enabled=rule.code in codes, weight=60) for rule in DEFAULT_TABLE.rules)
    table = replace(DEFAULT_TABLE, rules=rules, **fields)  # type: ignore[arg-type]
    day = office.watch().date() - dt.timedelta(days=1)
    found = office.desk.rules.versions(office.people[Role.ADMINISTRATOR], 'risk')
    version = next((one.version for one in found if one.valid_from == day), None)
    office.desk.risk.save_table(office.people[Role.ADMINISTRATOR], table, day, version)


def test_a_second_report_of_the_day_is_a_signal_with_its_reason(office: RoleOffice) -> None:
    second = office.register('second')
    (signal,) = [
        one for one in office.desk.risk.of_case(office.people[Role.AUDITOR], second).signals if one.code == 'same_day'
    ]
    assert office.case.number in signal.reason
    assert (signal.weight, signal.mark) == (15, 'B')
    assert 'same_day' in kept(office, second)


def test_signals_follow_the_facts(office: RoleOffice) -> None:
    office.bring_to(Stage.SURVEY)
    office.write_survey()
    assert 'suspects' not in kept(office, office.case_id)
    with office.desk.context.write(office.people[Role.SURVEYOR], 'test') as session:
        from claimdesk.models import SurveyReport

        session.scalars(select(SurveyReport)).one().suspicious = True
    assert 'suspects' in kept(office, office.case_id)
    with office.desk.context.write(office.people[Role.SURVEYOR], 'test') as session:
        session.scalars(select(SurveyReport)).one().suspicious = False
    assert 'suspects' not in kept(office, office.case_id)


def test_a_save_that_changes_no_fact_computes_nothing(office: RoleOffice) -> None:
    engine, asked = office.desk.context.database.engine, []
    event.listen(engine, 'before_cursor_execute', lambda *given: asked.append(given[2]))
    with office.desk.context.write(office.people[Role.SERVICE], 'test') as session:
        session.add(Satisfaction(case_id=office.case_id, score=5, answered_at=office.watch()))
    assert not [statement for statement in asked if 'risk_signal' in statement]


def test_a_case_is_looked_up_in_a_bounded_number_of_questions(office: RoleOffice) -> None:
    engine, asked = office.desk.context.database.engine, []
    event.listen(engine, 'before_cursor_execute', lambda *given: asked.append(given[2]))
    office.desk.risk.of_case(office.people[Role.AUDITOR], office.case_id)
    assert len(asked) < 30


def test_a_high_score_is_referred_once_and_by_nobody(office: RoleOffice) -> None:
    only(office, 'same_day')
    second = office.register('second')
    auditor = office.people[Role.AUDITOR]
    view = office.desk.risk.of_case(auditor, second)
    assert (view.score, view.level) == (60, RiskLevel.HIGH)
    referral = view.open_referral
    assert referral is not None
    assert (referral.raised_by, referral.owner_id) == ('', office.people[Role.APPROVER].id)
    assert referral.rules == ('Several losses of one policy on one day',)
    assert referral.due_at > office.watch()
    with office.desk.context.write(office.people[Role.SERVICE], 'test') as session:
        case = session.get_one(Case, second)
        case.cause = '单方事故'
    assert len(office.desk.risk.of_case(auditor, second).referrals) == 1


def test_no_referral_where_the_table_does_not_want_one(office: RoleOffice) -> None:
    only(office, 'same_day', refer_high=False)
    second = office.register('second')
    assert office.desk.risk.of_case(office.people[Role.AUDITOR], second).referrals == ()


def test_a_decided_referral_comes_back_only_with_something_new(office: RoleOffice) -> None:
    only(office, 'same_day', 'late', 'underbody')
    second = office.register('second')
    risk, approver = office.desk.risk, office.people[Role.APPROVER]
    referral = risk.of_case(approver, second).open_referral
    assert referral is not None
    risk.decide(approver, referral.id, referral.version, RiskOutcome.CLEARED, ' 两次事故均属实 ')
    with office.desk.context.write(approver, 'test') as session:
        session.get_one(Case, second).plate = '苏E00001'
    assert risk.of_case(approver, second).open_referral is None
    with office.desk.context.write(approver, 'test') as session:
        session.get_one(Case, second).cause = '托底'
    assert risk.of_case(approver, second).open_referral is not None


def test_a_finding_is_a_persons_and_needs_words(office: RoleOffice) -> None:
    risk, approver = office.desk.risk, office.people[Role.APPROVER]
    with pytest.raises(InvalidInput):
        risk.refer(office.people[Role.SURVEYOR], office.case_id, ' ')
    with pytest.raises(NotAllowed):
        risk.refer(office.people[Role.AUDITOR], office.case_id, '看一下')
    risk.refer(office.people[Role.SURVEYOR], office.case_id, '损失与描述不符')
    with pytest.raises(InvalidInput):
        risk.refer(office.people[Role.SURVEYOR], office.case_id, '再看')
    (referral,) = risk.open_referrals(approver)
    assert (referral.raised_by, referral.reason) == (office.people[Role.SURVEYOR].name, '损失与描述不符')
    assert (referral.case_number, referral.insured_name) == (office.case.number, NAME)
    with pytest.raises(NotAllowed):
        risk.decide(office.people[Role.SURVEYOR], referral.id, referral.version, RiskOutcome.CLEARED, '无')
    with pytest.raises(InvalidInput):
        risk.decide(approver, referral.id, referral.version, RiskOutcome.CONFIRMED, ' ')
    risk.decide(approver, referral.id, referral.version, RiskOutcome.CONFIRMED, '发票系伪造')
    with pytest.raises(Conflict):
        risk.decide(approver, referral.id, referral.version, RiskOutcome.CLEARED, '又变')
    assert risk.open_referrals(approver) == []
    (done,) = risk.of_case(approver, office.case_id).referrals
    assert (done.outcome, done.finding, done.decided_by) == (RiskOutcome.CONFIRMED, '发票系伪造', approver.name)


def test_each_rule_keeps_how_often_it_was_right(office: RoleOffice) -> None:
    only(office, 'same_day')
    risk, approver = office.desk.risk, office.people[Role.APPROVER]
    for key, outcome in (('b', RiskOutcome.CONFIRMED), ('c', RiskOutcome.CLEARED), ('d', RiskOutcome.OPEN_ENDED)):
        referral = risk.of_case(approver, office.register(key)).open_referral
        assert referral is not None
        risk.decide(approver, referral.id, referral.version, outcome, '查过')
    records = {record.code: record for record in risk.records(approver)}
    record = records['same_day']
    assert (record.holding, record.confirmed, record.cleared, record.open_ended) == (3, 1, 1, 1)
    assert record.hit_rate == 0.5
    assert records['late'].hit_rate is None
    assert list(records) == [rule.code for rule in DEFAULT_TABLE.rules]


def test_who_changes_the_table(office: RoleOffice) -> None:
    day = office.watch().date()
    with pytest.raises(NotAllowed):
        office.desk.risk.save_table(office.people[Role.APPROVER], DEFAULT_TABLE, day)
    with pytest.raises(InvalidInput):
        office.desk.risk.save_table(office.people[Role.ADMINISTRATOR], replace(DEFAULT_TABLE, high_from=3), day)
    office.desk.risk.save_table(office.people[Role.ADMINISTRATOR], replace(DEFAULT_TABLE, high_from=99), day)
    assert office.desk.risk.table(office.people[Role.AUDITOR]).high_from == 99


def test_one_driver_is_known_by_the_licence_and_not_by_the_name(office: RoleOffice) -> None:
    others = [office.register(key) for key in 'bc']
    plates = dict(zip([office.case_id, *others], ('苏E00001', '苏E00002', '苏E00003'), strict=True))
    with office.desk.context.write(office.people[Role.SERVICE], 'test') as session:
        for case_id, plate in plates.items():
            session.get_one(Case, case_id).plate = plate
            session.get_one(CaseMotor, case_id).driver_name = '张伟'
    assert 'driver' not in kept(office, others[-1])
    with office.desk.context.write(office.people[Role.SERVICE], 'test') as session:
        for case_id in plates:
            session.get_one(CaseMotor, case_id).driver_licence = '320501199001010011'
    assert 'driver' in kept(office, others[-1])


def test_an_account_of_another_insured_is_seen(office: RoleOffice) -> None:
    office.bring_to(Stage.CLOSED)
    with office.desk.context.write(office.people[Role.SERVICE], 'test') as session:
        session.get_one(Case, office.case_id).insured_name = '沈知远'
    first = office.case_id
    office.case_id = office.register('second')
    office.bring_to(Stage.PAYMENT)
    office.desk.payment.prepare(
        office.people[Role.FINANCE], office.case_id, payee_name='欧阳', bank_name='中国银行',
        account_number='12345678901', request_key='again',
    )  # fmt: skip
    assert {'account', 'payee'} <= kept(office, office.case_id)
    assert 'account' not in kept(office, first)


def test_two_desks_that_save_at_once_keep_one_set_of_signals(office: RoleOffice) -> None:
    context = office.desk.context
    other = replace(context, database=Database(context.database.engine.url, now=office.watch))
    for place, (desk, amount) in enumerate(((context, 9000), (other, 9500))):
        with desk.write(office.people[Role.ASSESSOR], 'test') as session:
            session.get_one(Case, office.case_id).estimate = Decimal(amount + place)
    other.database.close()
    with context.database.read() as session:
        rows = session.scalars(select(RiskSignal).where(RiskSignal.case_id == office.case_id)).all()
    (amount_signal,) = [row for row in rows if row.rule == 'amount']
    assert amount_signal.facts['amount'] == '9,501.00'


def test_a_referral_and_its_finding_are_in_the_audit_trail(office: RoleOffice) -> None:
    risk, approver = office.desk.risk, office.people[Role.APPROVER]
    risk.refer(office.people[Role.SURVEYOR], office.case_id, '核实')
    (referral,) = risk.open_referrals(approver)
    risk.decide(approver, referral.id, referral.version, RiskOutcome.CLEARED, '属实')
    with office.desk.context.database.read() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == RiskReferral.__tablename__).order_by(AuditEntry.id)
        ).all()
    assert [(entry.verb, entry.case_id) for entry in entries] == [
        ('insert', office.case_id), ('update', office.case_id),
    ]  # fmt: skip


def test_every_fact_is_found_by_an_index(office: RoleOffice) -> None:
    database = office.desk.context.database
    if not database.is_sqlite:
        pytest.skip('SQLite tells its plans in words; the indexes are the same')
    asked: list[tuple[str, object]] = []
    event.listen(database.engine, 'before_cursor_execute', lambda *given: asked.append((given[2], given[3])))
    with office.desk.context.write(office.people[Role.SERVICE], 'test') as session:
        motor = session.get_one(CaseMotor, office.case_id)
        motor.garage, motor.driver_licence = '顺达修理厂', '320501199001010011'
    office.desk.risk.of_case(office.people[Role.AUDITOR], office.case_id)
    looked = [one for one in asked if one[0].startswith('SELECT')]
    with database.engine.connect() as connection:
        plans = ' '.join(
            row[3]
            for statement, values in looked
            for row in connection.exec_driver_sql(f'EXPLAIN QUERY PLAN {statement}', values).all()
        )
    assert 'SCAN claim_case' not in plans
    for index in (
        'ix_case_motor_garage', 'ix_case_motor_driver_licence', 'ix_claim_case_plate', 'ix_claim_case_policy_id',
        'ix_document_page_sha256',
    ):  # fmt: skip
        assert index in plans
