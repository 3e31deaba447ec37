"""Signing in, and the people of the office; on both databases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotAllowed
from claimdesk.models import Account, Database, Office
from claimdesk.services import passwords
from claimdesk.services.accounts import Accounts, NewPerson
from claimdesk.services.office import OfficeDesk, office_code
from claimdesk.services.passwords import ATTEMPTS, LOCKED_FOR, attempt, count_attempt
from claimdesk.services.signing_keys import open_key
from claimdesk.vocabulary import Role
from tests.services.paper_office import PaperOffice, paper_office

PASSWORD = 'correct horse'


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def accounts(office: PaperOffice) -> Accounts:
    return Accounts(office.context)


def hired(accounts: Accounts, office: PaperOffice, *roles: Role, login: str = 'lin') -> int:
    return accounts.create(office.clerk, NewPerson(login, '林晓', roles or (Role.SERVICE,), PASSWORD)).id


def test_the_right_password_opens_the_desk(accounts: Accounts, office: PaperOffice) -> None:
    person = hired(accounts, office, Role.SURVEYOR, Role.ASSESSOR)
    actor = accounts.sign_in(' lin ', PASSWORD)
    assert (actor.id, actor.name) == (person, '林晓')
    assert actor.roles == {Role.SURVEYOR, Role.ASSESSOR}


def test_a_wrong_password_and_an_unknown_login_are_told_alike(accounts: Accounts, office: PaperOffice) -> None:
    hired(accounts, office)
    told = set()
    for login, password in (('lin', 'wrong horse'), ('nobody', PASSWORD)):
        with pytest.raises(NotAllowed) as caught:
            accounts.sign_in(login, password)
        told.add(str(caught.value))
    assert len(told) == 1


def test_wrong_passwords_lock_for_a_while(accounts: Accounts, office: PaperOffice) -> None:
    hired(accounts, office)
    for _ in range(ATTEMPTS):
        with pytest.raises(NotAllowed):
            accounts.sign_in('lin', 'wrong horse')
    with pytest.raises(NotAllowed, match='locked'):
        accounts.sign_in('lin', PASSWORD)
    office.watch.time += LOCKED_FOR + dt.timedelta(seconds=1)
    assert accounts.sign_in('lin', PASSWORD)


def test_somebody_switched_off_stays_out(accounts: Accounts, office: PaperOffice) -> None:
    person = hired(accounts, office)
    view = next(one for one in accounts.people(office.clerk) if one.id == person)
    accounts.edit(office.clerk, person, view.version, NewPerson('lin', '林晓', (Role.SERVICE,)), active=False)
    with pytest.raises(NotAllowed):
        accounts.sign_in('lin', PASSWORD)
    assert person not in [one.id for one in accounts.people(office.clerk)]
    assert person in [one.id for one in accounts.people(office.clerk, only_active=False)]


def test_the_password_is_kept_only_as_a_hash(accounts: Accounts, office: PaperOffice) -> None:
    person = hired(accounts, office)
    with office.context.database.read() as session:
        assert session.get_one(Account, person).password_hash.startswith('$argon2id$')


def test_one_click_is_for_the_demo_office_alone(accounts: Accounts, office: PaperOffice) -> None:
    person = hired(accounts, office)
    assert accounts.demo_people() == []
    with pytest.raises(NotAllowed):
        accounts.sign_in_demo(person)
    with office.context.database.write('test') as session:
        session.get_one(Office, office.clerk.office_id).demo = True
    assert person in [one.id for one in accounts.demo_people()]
    assert accounts.sign_in_demo(person).id == person


def test_changing_ones_own_password(accounts: Accounts, office: PaperOffice) -> None:
    hired(accounts, office)
    me = accounts.sign_in('lin', PASSWORD)
    with pytest.raises(InvalidInput) as caught:
        accounts.change_password(me, 'wrong horse', 'battery staple')
    assert set(caught.value.fields) == {'old'}
    with pytest.raises(InvalidInput) as caught:
        accounts.change_password(me, PASSWORD, 'short')
    assert set(caught.value.fields) == {'password'}
    accounts.change_password(me, PASSWORD, 'battery staple')
    assert accounts.sign_in('lin', 'battery staple')


@pytest.mark.parametrize(
    'person, field',
    [
        (NewPerson('l', '林晓', (Role.SERVICE,), PASSWORD), 'login'),
        (NewPerson('lin', ' ', (Role.SERVICE,), PASSWORD), 'name'),
        (NewPerson('lin', '林晓', (), PASSWORD), 'roles'),
        (NewPerson('lin', '林晓', (Role.SERVICE,), 'short'), 'password'),
        (NewPerson('shen', '沈二', (Role.SERVICE,), PASSWORD), 'login'),
    ],
)
def test_what_is_wrong_is_told_by_field(
    accounts: Accounts, office: PaperOffice, person: NewPerson, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        accounts.create(office.clerk, person)
    assert set(caught.value.fields) == {field}


def test_only_administrators_manage_accounts(accounts: Accounts, office: PaperOffice) -> None:
    with pytest.raises(NotAllowed, match='Administrator'):
        accounts.create(office.auditor, NewPerson('lin', '林晓', (Role.SERVICE,), PASSWORD))


def test_an_older_version_and_taking_ones_own_rights_are_refused(accounts: Accounts, office: PaperOffice) -> None:
    person = hired(accounts, office)
    with pytest.raises(Conflict):
        accounts.edit(office.clerk, person, 9, NewPerson('lin', '林晓', (Role.SERVICE,)), active=True)
    me = next(one for one in accounts.people(office.clerk) if one.id == office.clerk.id)
    with pytest.raises(ClaimDeskError):
        accounts.edit(office.clerk, me.id, me.version, NewPerson('shen', '沈若溪', (Role.SERVICE,)), active=True)


def test_an_absence_sends_cases_to_others(accounts: Accounts, office: PaperOffice) -> None:
    other = hired(accounts, office, Role.SERVICE)
    today = office.context.today()
    accounts.note_absence(office.clerk, office.clerk.id, today, today, other, '年假')
    case_id, _number = office.register('while away')
    from claimdesk.services.cases import Cases

    assert Cases(office.context).page(office.clerk, case_id).owner_id == other
    with pytest.raises(InvalidInput):
        accounts.note_absence(office.clerk, other, today, today - dt.timedelta(days=1))


def test_an_office_is_founded_once(database: Database, tmp_path: Path) -> None:
    from claimdesk.services.context import OfficeContext
    from claimdesk.services.files import FolderStore

    desk = OfficeDesk(OfficeContext(database, FolderStore(tmp_path)))
    assert not desk.founded()
    with pytest.raises(InvalidInput):
        desk.view()
    desk.found('朝阳理赔中心', '王敏', 'wang', PASSWORD)
    view = desk.view()
    assert (view.name, view.code, view.demo) == ('朝阳理赔中心', 'CY', False)
    with pytest.raises(InvalidInput):
        desk.found('另一个', '王敏', 'wang2', PASSWORD)


def test_the_code_of_an_office_is_two_letters() -> None:
    assert office_code('朝阳理赔中心') == 'CY'
    assert office_code('7') == 'LP'


def test_guesses_made_at_once_count_against_the_lock_too(accounts: Accounts, office: PaperOffice) -> None:
    # All were compared before any of them was counted, as on many desks at once.
    person, now = hired(accounts, office), office.context.now()
    with office.context.database.read() as session:
        account = session.get_one(Account, person)
        wrong = [attempt(account, 'wrong horse', now) for _n in range(ATTEMPTS)]
        right = attempt(account, PASSWORD, now)
    assert right.fits
    for made in wrong:
        with office.context.database.write('') as session:
            assert not count_attempt(session.get_one(Account, person), made, now)
    with office.context.database.write('') as session, pytest.raises(NotAllowed, match='locked'):
        count_attempt(session.get_one(Account, person), right, now)


def test_a_password_is_compared_while_nothing_is_written(
    accounts: Accounts, office: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = hired(accounts, office)
    compared = []

    def fits(_password_hash: str, password: str) -> tuple[bool, None]:
        with office.context.database.write('') as session:  # would wait in vain if the caller was writing
            session.scalars(select(Account.id).where(Account.id == person).with_for_update()).one()
        compared.append(password)
        return True, None

    monkeypatch.setattr(passwords, 'password_fits', fits)
    actor = accounts.sign_in('lin', PASSWORD)
    open_key(office.context, actor, PASSWORD)
    assert compared == [PASSWORD, PASSWORD]
