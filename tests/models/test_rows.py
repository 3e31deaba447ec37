"""What the tables keep and refuse, on both databases: money, time, versions, constraints, the audit of each save."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict, NotFound
from claimdesk.models import AuditEntry, Calculation, Case, Database, Document, Invoice, Payment, ReserveChange, Task
from claimdesk.models.rows import get, get_for_edit
from claimdesk.vocabulary import ApprovalState, DocumentState, Outcome, PaymentState, Stage, TaskState
from tests.models.rows import BEGIN, a_case, an_account

Spoil = Callable[[Session, Case, int], Any]


def kept(database: Database, **values: Any) -> int:
    """A case in the database; returns its id."""
    with database.write('test') as session:
        case = a_case(session, **values)
        session.add(case)
        session.flush()
        return case.id


def test_money_is_kept_in_fen_and_comes_back_in_yuan(database: Database) -> None:
    case_id = kept(database, estimate=Decimal('12600.005'), first_estimate=Decimal(1))
    with database.read() as session:
        assert session.get_one(Case, case_id).estimate == Decimal('12600.01')
        assert session.execute(text('SELECT estimate FROM claim_case')).scalar() == 1_260_001


def test_a_float_and_a_naive_time_are_refused(database: Database) -> None:
    with pytest.raises(StatementError, match='never a float'):
        kept(database, estimate=0.1)
    with pytest.raises(StatementError, match='naive'):
        kept(database, reported_at=dt.datetime(2026, 3, 2))  # noqa: DTZ001


def test_time_comes_back_aware_in_utc(database: Database) -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    case_id = kept(database, reported_at=dt.datetime(2026, 3, 2, 9, 30, tzinfo=shanghai))
    with database.read() as session:
        at = session.get_one(Case, case_id).reported_at
    assert at == BEGIN
    assert at.utcoffset() == dt.timedelta(0)


def _payment(session: Session, case: Case, person: int, **values: Any) -> Payment:
    calculation = session.scalar(select(Calculation).where(Calculation.case_id == case.id))
    if calculation is None:
        calculation = Calculation(
            case_id=case.id, number=1, inputs={}, steps=[], payable=Decimal(10), made_by=person, made_at=BEGIN
        )
        session.add(calculation)
        session.flush()
    given = {
        'request_key': f'key{values.get("state", "")}',
        'payee_name': '张伟',
        'bank_name': '工商银行',
        'account_number': '12345678',
        'amount': Decimal(10),
        'prepared_by': person,
        'prepared_at': BEGIN,
        **values,
    }
    return Payment(case_id=case.id, calculation_id=calculation.id, **given)


def _two_payments(session: Session, case: Case, person: int) -> Payment:
    session.add(_payment(session, case, person))
    session.flush()
    return _payment(session, case, person, state=PaymentState.PAID, paid_at=BEGIN, request_key='other')


def _two_first_reserves(session: Session, case: Case, person: int) -> ReserveChange:
    rows = [
        ReserveChange(case_id=case.id, amount=Decimal(1), first=True, made_by=person, made_at=BEGIN) for _ in range(2)
    ]
    session.add(rows[0])
    session.flush()
    return rows[1]


def _own_approval(session: Session, case: Case, person: int) -> Calculation:
    return Calculation(
        case_id=case.id, number=1, inputs={}, steps=[], payable=Decimal(10), made_by=person, made_at=BEGIN,
        state=ApprovalState.APPROVED, decided_by=person, decided_at=BEGIN,
    )  # fmt: skip


def _second_invoice(session: Session, case: Case, person: int) -> Invoice:
    def one() -> Invoice:
        document = Document(
            office_id=case.office_id, case_id=case.id, title='发票', state=DocumentState.CONFIRMED,
            added_by=person, added_at=BEGIN, confirmed_at=BEGIN,
        )  # fmt: skip
        session.add(document)
        session.flush()
        return Invoice(
            document_id=document.id, case_id=case.id, identity='24952000000110705036',
            number='24952000000110705036', total=Decimal(1),
        )  # fmt: skip

    session.add(one())
    session.flush()
    return one()


SPOILT: dict[str, Spoil] = {
    'a closed case without an outcome': lambda _s, case, _p: setattr(case, 'stage', Stage.CLOSED),
    'an outcome without closing': lambda _s, case, _p: setattr(case, 'outcome', Outcome.PAID),
    'a negative estimate': lambda _s, case, _p: setattr(case, 'estimate', Decimal(-1))
    or setattr(case, 'first_estimate', Decimal(-1)),
    'two live payments of one calculation': _two_payments,
    'a payment of nothing': lambda s, case, p: _payment(s, case, p, amount=Decimal(0)),
    'a paid payment without a time': lambda s, case, p: _payment(s, case, p, state=PaymentState.PAID),
    'two first estimates': _two_first_reserves,
    'an approval of own work': _own_approval,
    'one invoice twice': _second_invoice,
    'a finished task without a time': lambda _s, case, _p: Task(
        case_id=case.id, kind='survey', created_at=BEGIN, state=TaskState.DONE
    ),
    'a confirmed document without a time': lambda _s, case, p: Document(
        office_id=case.office_id, title='x', state=DocumentState.CONFIRMED, added_by=p, added_at=BEGIN
    ),
}


@pytest.mark.parametrize('spoil', SPOILT.values(), ids=SPOILT.keys())
def test_the_database_itself_refuses(database: Database, spoil: Spoil) -> None:
    case_id = kept(database)
    with pytest.raises(IntegrityError), database.write('test') as session:
        case = session.get_one(Case, case_id)
        person = an_account(session)
        row = spoil(session, case, person.id)
        if row is not None:
            session.add(row)
        session.flush()


def test_an_unknown_word_is_refused_even_in_raw_sql(database: Database) -> None:
    kept(database)
    with pytest.raises(IntegrityError), database.write('test') as session:
        session.execute(text("UPDATE claim_case SET stage = 'limbo'"))


def test_the_version_that_the_screen_showed_is_compared(database: Database) -> None:
    case_id = kept(database)
    with database.write('test') as session:
        get_for_edit(session, Case, case_id, 1).place = '建国门外大街'
    with pytest.raises(Conflict) as caught, database.write('test') as session:
        get_for_edit(session, Case, case_id, 1, place='别处')
    assert caught.value.mine == {'place': '别处'}
    assert caught.value.theirs == {'place': '建国门外大街'}
    with pytest.raises(NotFound), database.read() as session:
        get(session, Case, 10**6)


def test_two_sessions_that_edit_one_row_lose_no_edit(database_url: str) -> None:
    if database_url.startswith('sqlite'):
        # There a write transaction shuts the others out: the second would only begin after the first.
        return
    database = Database(database_url)
    case_id = kept(database)
    with pytest.raises(Conflict), database.write('one') as mine:
        case = mine.get_one(Case, case_id)
        with database.write('two') as theirs:
            theirs.get_one(Case, case_id).place = '甲地'
        case.place = '乙地'
    with database.read() as session:
        assert session.get_one(Case, case_id).place == '甲地'
    database.close()


def test_every_save_is_audited_with_before_and_after(database: Database) -> None:
    database.now = lambda: BEGIN
    case_id = kept(database)
    with database.write('moved it', 7, '沈若溪') as session:
        case = session.get_one(Case, case_id)
        case.place, case.estimate, case.first_estimate = '甲地', Decimal('10.50'), Decimal('10.50')
    with database.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.actor_name, entry.action, entry.at) == (7, '沈若溪', 'moved it', BEGIN)
    assert (entry.kind, entry.row_id, entry.case_id, entry.verb) == ('claim_case', case_id, case_id, 'update')
    assert entry.changes['place'] == ['朝阳区建国路', '甲地']
    assert entry.changes['estimate'] == [None, '10.50']
    assert 'version' not in entry.changes


def test_a_password_never_reaches_the_audit(database: Database) -> None:
    with database.write('test') as session:
        an_account(session, password_hash='secret-hash')
    with database.read() as session:
        told = str([entry.changes for entry in session.scalars(select(AuditEntry))])
    assert 'secret-hash' not in told


def test_what_fails_leaves_no_audit(database: Database) -> None:
    case_id = kept(database)
    with database.read() as session:
        before = len(session.scalars(select(AuditEntry.id)).all())
    with pytest.raises(ZeroDivisionError), database.write('test') as session:
        session.get_one(Case, case_id).place = '甲地'
        session.flush()
        raise ZeroDivisionError
    with database.read() as session:
        assert len(session.scalars(select(AuditEntry.id)).all()) == before
        assert session.get_one(Case, case_id).place == '朝阳区建国路'
