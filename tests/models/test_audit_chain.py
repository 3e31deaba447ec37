"""The chains of the audit trail: what is written there cannot be changed, taken out or moved without being found."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from claimdesk.models import AuditEntry, AuditHead, Case, Database, schema
from claimdesk.models.schema import upgrade
from claimdesk.services.audit_check import (
    Checkpoint,
    check_all,
    checkpoint_line,
    read_checkpoints,
    take_checkpoint,
)
from claimdesk.services.findings import Health
from tests.models.rows import BEGIN, a_case
from tests.models.test_schema import empty

__all__ = ['empty']
WRITERS, SAVES = 6, 12


@pytest.fixture
def chained(database: Database) -> Database:
    """An office whose trail has several entries in the chain of one case and others in other chains."""
    with database.write('began') as session:
        cases = [a_case(session) for _number in range(3)]
        session.add_all(cases)
        session.flush()
        first = cases[0].id
    for place in ('甲地', '乙地', '丙地', '丁地'):
        with database.write('moved it', 7, '沈若溪') as session:
            session.get_one(Case, first).place = place
    return database


def problems(database: Database, checkpoints: tuple[Checkpoint, ...] = ()) -> list[str]:
    with database.read() as session:
        findings = check_all(session, checkpoints)
    return [one.sentence for one in findings if one.health is Health.BROKEN]


def unguarded(database: Database, *statements: str) -> None:
    """Do this as somebody would who may do anything: with the guards of the tables taken away first."""
    with database.engine.begin() as connection:
        if database.is_sqlite:
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in triggers.scalars().all():
                connection.exec_driver_sql(f'DROP TRIGGER {name}')
        else:
            for table in ('audit_entry', 'audit_head'):
                connection.exec_driver_sql(f'ALTER TABLE {table} DISABLE TRIGGER USER')
        for statement in statements:
            connection.execute(text(statement))


MIDDLE = "(SELECT id FROM audit_entry WHERE action = 'moved it' ORDER BY id LIMIT 1 OFFSET 1)"
MOVES = select(AuditEntry).where(AuditEntry.action == 'moved it').order_by(AuditEntry.id)
LAST = 'SELECT max(id) FROM audit_entry'
JSON = {True: "'{\"place\": [\"甲地\", \"戊地\"]}'", False: "'{\"place\": [\"甲地\", \"戊地\"]}'::json"}


def test_every_save_is_chained_and_in_order(chained: Database) -> None:
    assert problems(chained) == []
    with chained.read() as session:
        entries = session.scalar(select(func.count()).select_from(AuditEntry))
        assert session.scalar(select(func.sum(AuditHead.entries))) == entries


@pytest.mark.parametrize(
    'statement',
    [
        "UPDATE audit_entry SET actor_name = '别人'",
        'DELETE FROM audit_entry',
        'UPDATE audit_head SET entries = entries - 1 WHERE entries > 0',
        'DELETE FROM audit_head',
    ],
)
def test_the_tables_refuse_to_be_changed(chained: Database, statement: str) -> None:
    with pytest.raises(DatabaseError, match='audit trail'), chained.engine.begin() as connection:
        connection.execute(text(statement))
    assert problems(chained) == []


def test_the_server_refuses_to_empty_them(chained: Database) -> None:
    if chained.is_sqlite:
        pytest.skip('SQLite knows no TRUNCATE')
    with pytest.raises(DatabaseError, match='audit trail'), chained.engine.begin() as connection:
        connection.execute(text('TRUNCATE audit_entry'))


@pytest.mark.parametrize(
    'change',
    [
        'changes = {json}',
        "actor_name = '别人'",
        'actor_id = NULL',
        "action = 'approved the calculation'",
        'case_id = NULL',
        'row_id = row_id + 1',
        "verb = 'delete'",
        "kind = 'payment'",
        "at = '2026-01-01 00:00:00+00'",
    ],
)
def test_an_edit_is_found(chained: Database, change: str) -> None:
    told = change.format(json=JSON[chained.is_sqlite])
    if chained.is_sqlite:
        told = told.replace('+00', '.000000')
    unguarded(chained, f'UPDATE audit_entry SET {told} WHERE id = {MIDDLE}')
    (sentence,) = problems(chained)
    assert 'is not what was written' in sentence


def test_an_edit_with_a_hash_of_another_is_found(chained: Database) -> None:
    unguarded(
        chained,
        "UPDATE audit_entry SET actor_name = '别人', hash = (SELECT hash FROM audit_entry WHERE id = 1)"
        f' WHERE id = {MIDDLE}',
    )
    assert len(problems(chained)) == 2


def test_a_deletion_is_found(chained: Database) -> None:
    unguarded(chained, f'DELETE FROM audit_entry WHERE id = {MIDDLE}')
    (sentence,) = problems(chained)
    assert sentence.startswith('1 entry is missing before entry')


def test_a_deletion_with_the_others_moved_up_is_found(chained: Database) -> None:
    with chained.read() as session:
        entry = session.scalars(MOVES).all()[1]
    later = f'chain = {entry.chain} AND position > {entry.position}'
    unguarded(
        chained,
        f'DELETE FROM audit_entry WHERE id = {entry.id}',
        f'UPDATE audit_entry SET position = -position WHERE {later}',
        f'UPDATE audit_entry SET position = -position - 1 WHERE chain = {entry.chain} AND position < 0',
        f'UPDATE audit_head SET entries = entries - 1 WHERE chain = {entry.chain}',
    )
    assert problems(chained)


def test_two_entries_that_changed_places_are_found(chained: Database) -> None:
    with chained.read() as session:
        one, two = session.scalars(MOVES).all()[:2]
    unguarded(
        chained,
        f'UPDATE audit_entry SET id = -1 WHERE id = {one.id}',
        f'UPDATE audit_entry SET id = {one.id} WHERE id = {two.id}',
        f'UPDATE audit_entry SET id = {two.id} WHERE id = -1',
    )
    assert any('was moved' in sentence for sentence in problems(chained))
    unguarded(
        chained,
        f'UPDATE audit_entry SET position = -1 WHERE position = {one.position} AND chain = {one.chain}',
        f'UPDATE audit_entry SET position = {one.position} WHERE position = {two.position} AND chain = {one.chain}',
        f'UPDATE audit_entry SET position = {two.position} WHERE position = -1',
    )
    assert problems(chained)


def test_an_insertion_is_found(chained: Database) -> None:
    with chained.read() as session:
        row = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert row is not None
    columns = 'at, actor_id, actor_name, action, kind, row_id, case_id, verb, changes, hash'
    unguarded(
        chained,
        f'INSERT INTO audit_entry (id, chain, position, {columns}) SELECT id + 1, chain, position + 1, {columns}'
        f' FROM audit_entry WHERE id = {row.id}',
    )
    found = problems(chained)
    assert any('is not what was written' in sentence for sentence in found)
    assert any('head' in sentence for sentence in found)


def test_a_cut_tail_is_found(chained: Database) -> None:
    unguarded(chained, f'DELETE FROM audit_entry WHERE id > ({LAST}) - 2')
    (sentence,) = problems(chained)
    assert sentence == 'The last 2 entries are missing.'


def test_a_chain_without_its_head_is_found(chained: Database) -> None:
    unguarded(chained, f'DELETE FROM audit_head WHERE chain = (SELECT chain FROM audit_entry WHERE id = {MIDDLE})')
    assert problems(chained) == ['The head of the chain is missing.']


def test_a_tail_cut_along_with_its_head_is_found_by_a_checkpoint(chained: Database, tmp_path: Path) -> None:
    file = tmp_path / 'checkpoints.jsonl'
    with chained.read() as session:
        file.write_text(checkpoint_line(take_checkpoint(session, BEGIN)) + '\n', encoding='utf-8')
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        before = session.scalar(
            select(AuditEntry.hash).where(AuditEntry.chain == last.chain, AuditEntry.position == last.position - 1)
        )
    known = tuple(read_checkpoints(file))
    assert problems(chained, known) == []
    quoted = f"x'{before.hex()}'" if chained.is_sqlite else f"'\\x{before.hex()}'::bytea".replace(':', '\\:')
    unguarded(
        chained,
        f'DELETE FROM audit_entry WHERE id = {last.id}',
        f'UPDATE audit_head SET entries = entries - 1, hash = {quoted} WHERE chain = {last.chain}',
    )
    assert problems(chained) == []
    assert problems(chained, known) == [f'Chain {last.chain} is shorter than it was: its end was cut off.']


def test_a_damaged_checkpoint_is_refused(chained: Database, tmp_path: Path) -> None:
    from claimdesk.errors import InvalidInput

    with chained.read() as session:
        line = checkpoint_line(take_checkpoint(session, BEGIN))
    (tmp_path / 'one').write_text(line.replace('2026', '2025', 1), encoding='utf-8')
    (tmp_path / 'two').write_bytes(b'\xff\xfe')
    for name in ('one', 'two', 'none'):
        with pytest.raises(InvalidInput):
            read_checkpoints(tmp_path / name)


def test_desks_that_save_at_once_never_break_a_chain(chained: Database) -> None:
    with chained.read() as session:
        ids = list(session.scalars(select(Case.id).order_by(Case.id)))
    failed: list[BaseException] = []

    def save(number: int) -> None:
        mine = Database(chained.url.render_as_string(hide_password=False))
        try:
            for step in range(SAVES):
                # Several chains in one transaction, in another order on each desk, and one row of everybody's.
                with mine.write('raced', number, f'writer {number}') as session:
                    for case_id in ids if number % 2 else reversed(ids):
                        session.add(_event(case_id, step))
                        session.flush()
        except BaseException as error:
            failed.append(error)
        finally:
            mine.close()

    threads = [threading.Thread(target=save, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert problems(chained) == []
    with chained.read() as session:
        raced = session.scalar(select(func.count()).where(AuditEntry.action == 'raced'))
    assert raced == WRITERS * SAVES * len(ids)


def _event(case_id: int, step: int) -> object:
    from claimdesk.models import CaseEvent

    return CaseEvent(case_id=case_id, kind='note', happened_at=BEGIN, recorded_at=BEGIN, note=str(step))


def test_what_a_savepoint_took_back_is_not_told(database: Database) -> None:
    with database.write('began') as session:
        case = a_case(session)
        session.add(case)
        session.flush()
        case.place = '甲地'
        savepoint = session.begin_nested()
        case.place = '乙地'
        session.flush()
        savepoint.rollback()
    with database.read() as session:
        told = [entry.changes for entry in session.scalars(select(AuditEntry).where(AuditEntry.kind == 'claim_case'))]
    assert [changes['place'][1] for changes in told if 'place' in changes] == ['朝阳区建国路', '甲地']
    assert problems(database) == []


@pytest.fixture
def before_chains(empty: Database) -> Iterator[Database]:
    """An office as it was before its trail was chained, with entries."""
    upgrade(empty)
    with empty.write('began', 3, '沈若溪') as session:
        session.add_all([a_case(session) for _number in range(5)])
    with empty.write('moved it', 3, '沈若溪') as session:
        for case in session.scalars(select(Case)):
            case.place = '乙地 "引号" 𠮷'
    schema.downgrade(empty, '0007')
    yield empty
    empty.close()


def test_the_upgrade_chains_what_is_there(before_chains: Database) -> None:
    upgrade(before_chains)
    assert problems(before_chains) == []
    with before_chains.write('went on') as session:
        for case in session.scalars(select(Case)):
            case.place = '丙地'
    assert problems(before_chains) == []
    with before_chains.read() as session:
        assert session.scalar(select(func.count()).where(AuditEntry.position > 1))
