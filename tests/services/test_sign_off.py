"""Signing: who may, up to how much, with which key, and that anything changed afterwards shows; on both databases."""

from __future__ import annotations

import datetime as dt
import json
import threading
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, text

from claimdesk.cli import main
from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotAllowed
from claimdesk.models import Account, Database, Office, SigningKey, SignOff
from claimdesk.rules.authority import LEVELS_KEY, Level, levels_plain
from claimdesk.rules.workflow import Move
from claimdesk.services.accounts import NewPerson
from claimdesk.services.documents import NewFile
from claimdesk.services.findings import Health
from claimdesk.services.passwords import ATTEMPTS
from claimdesk.services.sign_off import SignOffs, SignOffView
from claimdesk.vocabulary import ApprovalState, Decision, Line, Role, Stage
from tests.services.paper_office import pdf
from tests.services.role_office import PASSWORD, RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.APPROVAL)
    return made


def approve(office: RoleOffice, role: Role = Role.APPROVER, password: str = PASSWORD) -> None:
    office.desk.sign_off.approve(office.people[role], office.case_id, office.case.version, password)


def signed(office: RoleOffice) -> list[SignOffView]:
    return office.desk.sign_off.of_case(office.people[Role.AUDITOR], office.case_id)


def broken(office: RoleOffice) -> list[str]:
    """What the signatures tell by themselves, without the trail and without comparing the rows with it."""
    findings = office.desk.verify.case(office.people[Role.AUDITOR], office.case.number)
    return [one.sentence for one in findings if one.health is Health.BROKEN and one.part not in ('audit', 'rows')]


def sql(office: RoleOffice, statement: str, **values: object) -> None:
    """Change the database behind the program's back."""
    with office.desk.context.database.engine.begin() as connection:
        connection.execute(text(statement), values)


def levels(office: RoleOffice, *found: Level) -> None:
    office.desk.rules.set(
        office.people[Role.ADMINISTRATOR], LEVELS_KEY, dt.date(2026, 1, 1), levels_plain(found)
    )


def test_an_approval_is_signed_and_holds(office: RoleOffice) -> None:
    approve(office)
    (view,) = signed(office)
    assert (view.decision, view.signed_by, view.amount, view.level, view.problem) == (
        Decision.APPROVED, office.people[Role.APPROVER].name, D(2300), 'Level 1', '',
    )  # fmt: skip
    assert view.signed
    assert office.case.stage is Stage.PAYMENT
    assert broken(office) == []


def test_a_wrong_password_signs_nothing_and_locks_in_the_end(office: RoleOffice) -> None:
    for _try in range(ATTEMPTS):
        with pytest.raises(InvalidInput) as refused:
            approve(office, password='guessed')
        assert set(refused.value.fields) == {'password'}
    with pytest.raises(NotAllowed, match='locked'):
        approve(office)
    assert (office.case.stage, signed(office)) == (Stage.APPROVAL, [])


def test_roles_without_the_permission_do_not_sign(office: RoleOffice) -> None:
    for role in Role:
        if role not in (Role.APPROVER, Role.MANAGER):
            with pytest.raises(NotAllowed):
                approve(office, role)
    assert office.case.stage is Stage.APPROVAL


@pytest.mark.parametrize('role', [Role.SURVEYOR, Role.ASSESSOR])
def test_who_handled_the_case_does_not_approve_it(office: RoleOffice, role: Role) -> None:
    with office.desk.context.database.write('test') as session:
        account = session.get_one(Account, office.people[role].id)
        account.roles = [*account.roles, type(account.roles[0])(role=Role.APPROVER)]
    office.people[role] = replace(office.people[role], roles=frozenset({role, Role.APPROVER}))
    with pytest.raises(InvalidInput, match='surveyed, assessed or calculated'):
        approve(office, role)


def test_beyond_ones_limit_it_goes_up_and_both_signatures_are_kept(office: RoleOffice) -> None:
    levels(
        office,
        Level('一级', Role.APPROVER, {Line.MOTOR: D(1000)}),
        Level('经理', Role.MANAGER, {Line.MOTOR: D(5000)}),
    )
    with pytest.raises(InvalidInput, match=r'ends at 1,000\.00 yuan'):
        approve(office)
    with pytest.raises(InvalidInput, match='reason'):
        office.desk.sign_off.pass_up(office.people[Role.APPROVER], office.case_id, office.case.version, PASSWORD, ' ')
    name = office.desk.sign_off.pass_up(
        office.people[Role.APPROVER], office.case_id, office.case.version, PASSWORD, '超出权限'
    )
    assert name == office.people[Role.MANAGER].name
    assert (office.case.stage, office.case.owner_id) == (Stage.APPROVAL, office.people[Role.MANAGER].id)
    approve(office, Role.MANAGER)
    assert [(one.decision, one.level, one.problem) for one in signed(office)] == [
        (Decision.APPROVED, '经理', ''), (Decision.PASSED_UP, '一级', ''),
    ]  # fmt: skip


def test_it_does_not_go_up_to_somebody_who_is_away(office: RoleOffice) -> None:
    levels(
        office,
        Level('一级', Role.APPROVER, {Line.MOTOR: D(1000)}),
        Level('经理', Role.MANAGER, {Line.MOTOR: D(5000)}),
    )
    today, first = office.desk.context.today(), office.people[Role.MANAGER]
    office.desk.accounts.note_absence(first, first.id, today, today)
    with pytest.raises(InvalidInput, match='can take it now') as raised:
        office.desk.sign_off.pass_up(
            office.people[Role.APPROVER], office.case_id, office.case.version, PASSWORD, '超出权限'
        )
    assert raised.value.advice == f'{first.name}: away'
    second = office.desk.accounts.create(
        office.people[Role.ADMINISTRATOR], NewPerson('second', '第二经理', (Role.MANAGER,), PASSWORD)
    )
    name = office.desk.sign_off.pass_up(
        office.people[Role.APPROVER], office.case_id, office.case.version, PASSWORD, '超出权限'
    )
    assert (name, office.case.owner_id) == ('第二经理', second.id)


def test_nobody_named_on_the_line_may_approve(office: RoleOffice) -> None:
    levels(
        office, Level('一级', Role.APPROVER, {Line.MEDICAL: D(9000)}), Level('经理', Role.MANAGER, {Line.MOTOR: D(1)})
    )
    with pytest.raises(InvalidInput, match='No level of authority names you'):
        approve(office)


def test_beyond_the_office_the_head_office_decides_with_its_letter(office: RoleOffice) -> None:
    levels(
        office, Level('一级', Role.APPROVER, {Line.MOTOR: D(100)}), Level('经理', Role.MANAGER, {Line.MOTOR: D(500)})
    )
    manager, record = office.people[Role.MANAGER], office.desk.sign_off.record_head_office
    with pytest.raises(InvalidInput, match='head office decides'):
        approve(office, Role.MANAGER)
    with pytest.raises(InvalidInput) as refused:
        record(manager, office.case_id, office.case.version, PASSWORD, reference='', document_id=None, note='批复')
    assert set(refused.value.fields) == {'reference', 'document'}
    letter = office.desk.documents.add(
        office.people[Role.SERVICE], [NewFile('批复.pdf', pdf(), 'drop')], office.case_id, 'letter'
    )[0]
    with pytest.raises(InvalidInput, match='may decide this amount itself'):
        record(
            office.people[Role.APPROVER], office.case_id, office.case.version, PASSWORD, reference='总2026-7',
            document_id=letter.id, note='批复',
        )  # fmt: skip
    record(
        manager, office.case_id, office.case.version, PASSWORD, reference='总2026-7', document_id=letter.id, note='批复'
    )
    (view,) = signed(office)
    assert (view.decision, view.reference, view.document_id) == (Decision.HEAD_OFFICE, '总2026-7', letter.id)
    assert (office.case.stage, broken(office)) == (Stage.PAYMENT, [])


def test_a_return_carries_a_code_of_the_office(office: RoleOffice) -> None:
    approver, give_back = office.people[Role.APPROVER], office.desk.sign_off.give_back
    with pytest.raises(InvalidInput) as refused:
        give_back(approver, office.case_id, office.case.version, 'X1', '')
    assert set(refused.value.fields) == {'code'}
    give_back(approver, office.case_id, office.case.version, 'R03', '按2020版')
    assert office.case.stage is Stage.ADJUSTMENT
    (kept, *_older) = office.desk.adjustment.of_case(approver, office.case_id)
    assert kept.state is ApprovalState.RETURNED
    assert kept.reason.startswith('R03 ')
    assert kept.reason.endswith('按2020版')
    (view,) = signed(office)
    assert (view.decision, view.signed, view.problem) == (Decision.RETURNED, False, '')


def test_many_are_approved_with_one_password_and_a_word_on_each(office: RoleOffice) -> None:
    first = office.case_id
    office.case_id = office.register('second')
    office.bring_to(Stage.APPROVAL)
    second = office.case_id
    third = office.register('third')
    results = office.desk.sign_off.approve_many(office.people[Role.APPROVER], [first, third, second], PASSWORD)
    assert [(one.case_id, one.sentence == '') for one in results] == [(first, True), (third, False), (second, True)]
    assert 'no longer at this stage' in results[1].sentence
    assert broken(office) == []


def test_two_desks_approve_once(office: RoleOffice) -> None:
    database = office.desk.context.database
    others = [Database(database.url.render_as_string(hide_password=False), now=office.watch) for _desk in range(2)]
    version, start, told = office.case.version, threading.Barrier(2), []

    def go(other: Database, role: Role) -> None:
        desk = SignOffs(replace(office.desk.context, database=other))
        start.wait()
        try:
            desk.approve(office.people[role], office.case_id, version, PASSWORD)
            told.append('')
        except ClaimDeskError as error:
            told.append(type(error).__name__)

    threads = [
        threading.Thread(target=go, args=pair)
        for pair in zip(others, (Role.APPROVER, Role.MANAGER), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert sorted(told) == ['', Conflict.__name__]
    assert len(signed(office)) == 1


def test_a_changed_password_retires_the_key_and_the_old_signature_still_holds(office: RoleOffice) -> None:
    approve(office)
    office.watch.forward(hours=1)
    office.desk.accounts.change_password(office.people[Role.APPROVER], PASSWORD, 'another horse')
    assert broken(office) == []
    office.case_id = office.register('second')
    office.bring_to(Stage.ADJUSTMENT)
    office.everything_here()
    office.calculate()
    office.move(Role.ADJUSTER, Move.SUBMIT_CALCULATION)
    with pytest.raises(InvalidInput):
        approve(office)
    approve(office, password='another horse')
    with office.desk.context.database.read() as session:
        keys = session.scalars(select(SigningKey).order_by(SigningKey.id)).all()
    assert [key.retired_at is None for key in keys] == [False, True]
    assert broken(office) == []


def test_a_reset_password_makes_a_new_key(office: RoleOffice) -> None:
    approve(office)
    person = next(
        one
        for one in office.desk.accounts.people(office.people[Role.ADMINISTRATOR])
        if one.id == office.people[Role.APPROVER].id
    )
    office.desk.accounts.edit(
        office.people[Role.ADMINISTRATOR], person.id, person.version,
        NewPerson(person.login, person.name, person.roles, password='reset horse'), active=True,
    )  # fmt: skip
    with office.desk.context.database.read() as session:
        assert [key.retired_at is None for key in session.scalars(select(SigningKey))] == [False]
    assert broken(office) == []


def test_neither_key_nor_password_stands_in_the_audit_trail(office: RoleOffice) -> None:
    approve(office)
    with office.desk.context.database.read() as session:
        sealed = session.scalars(select(SigningKey.sealed_private_key)).one()
        trail = ' '.join(str(row) for row in session.execute(text('SELECT changes FROM audit_entry')))
    assert sealed not in trail
    assert PASSWORD not in trail


TAMPERINGS = {
    'the payable amount': 'UPDATE calculation SET payable = payable + 1',
    'a step': "UPDATE calculation SET steps = '[]'",
    'an input': "UPDATE calculation SET inputs = '{}'",
    'who made it': 'UPDATE calculation SET made_by = made_by - 1',
    'the signed amount': 'UPDATE sign_off SET amount = amount + 1',
    'the note': "UPDATE sign_off SET note = 'x'",
    'the signer': 'UPDATE sign_off SET signed_by = signed_by + 1',
    'the decision': "UPDATE sign_off SET decision = 'head_office'",
    'the digest': "UPDATE sign_off SET digest = 'ab'",
    'the signature': "UPDATE sign_off SET signature = 'zz'",
    'the public key': "UPDATE signing_key SET public_key = 'ab'",
    'the approval taken back': "UPDATE calculation SET state = 'returned'",
    'the approval removed': 'DELETE FROM sign_off',
    'the payable of the case': 'UPDATE claim_case SET payable = payable + 1',
}


@pytest.mark.parametrize('what', TAMPERINGS)
def test_whatever_is_changed_after_signing_shows(office: RoleOffice, what: str) -> None:
    approve(office)
    assert broken(office) == []
    sql(office, TAMPERINGS[what])
    assert broken(office)


def test_a_key_put_in_by_another_way_than_signing_is_found(office: RoleOffice) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from claimdesk.services.sign_off import statement

    approve(office)
    forged = Ed25519PrivateKey.generate()
    public = forged.public_key().public_bytes_raw().hex()
    with office.desk.context.database.read() as session:
        row = session.scalars(select(SignOff)).one()
        row.note = 'forged'
        signature = forged.sign(statement(row, public)).hex()
    sql(office, "UPDATE sign_off SET note = 'forged', signature = :it", it=signature)
    sql(office, 'UPDATE signing_key SET public_key = :it', it=public)
    assert broken(office) == ['The key differs from the record of its making.']


def test_an_approval_from_before_signing_says_so(office: RoleOffice) -> None:
    approve(office)
    with office.desk.context.database.write('test') as session:
        session.delete(session.scalars(select(SignOff)).one())
        session.scalars(select(Office)).one().signing_since = office.watch() + dt.timedelta(hours=1)
    findings = office.desk.verify.case(office.people[Role.AUDITOR], office.case.number)
    assert [(one.health, one.sentence) for one in findings if one.part not in ('audit', 'rows')] == [
        (Health.NOTE, 'Approved before signing was introduced; it bears no signature.')
    ]


def test_the_command_line_verifies(
    office: RoleOffice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(office)
    url = office.desk.context.database.url.render_as_string(hide_password=False)
    words = ['--language', 'en', '--database', url, 'verify', office.case.number]
    assert main([*words, '--json'], lambda _args: 0, lambda _args: 0) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one['part']: one['health'] for one in told} == {'signature': 'good', 'audit': 'good', 'rows': 'good'}
    sql(office, 'UPDATE calculation SET payable = payable - 1')
    assert main(words, lambda _args: 0, lambda _args: 0) == 1
    assert 'has been changed since it was signed' in capsys.readouterr().out
