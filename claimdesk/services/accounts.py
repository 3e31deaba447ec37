"""Signing in, and the people of the office: accounts, roles, passwords, absences."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.language import N_, _
from claimdesk.models import Absence, Account, AccountRole, Office, Team, TeamLead
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.passwords import attempt, count_attempt, hash_password, password_fits, waste_time_like_a_check
from claimdesk.services.signing_keys import retire_keys
from claimdesk.vocabulary import Role

SHORTEST_PASSWORD = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the office, as lists and choices show them."""

    id: int
    version: int
    login: str
    name: str
    roles: tuple[Role, ...]
    team_id: int | None
    team: str
    phone: str
    capacity: int
    active: bool


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What an administrator enters for a person."""

    login: str
    name: str
    roles: tuple[Role, ...]
    password: str = ''
    team_id: int | None = None
    phone: str = ''
    capacity: int = 60


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team of the office, how many active people it has, and who leads it ('' for nobody)."""

    id: int
    name: str
    version: int = 1
    people: int = 0
    lead_id: int | None = None
    lead: str = ''


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Days on which a person is away, the last one included; `substitute` is '' where nobody stands in."""

    id: int
    version: int
    person_id: int
    starts_on: dt.date
    ends_on: dt.date
    substitute: str
    reason: str


class Accounts:
    """Who may come in, and as what."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def sign_in(self, login: str, password: str) -> Actor:
        """The person with that login. Raises `NotAllowed`, without telling whether the login exists.

        After five wrong passwords the account is locked for five minutes.
        """
        wanted = select(Account).where(Account.login == login.strip(), Account.active)
        with self._office.database.read() as session:
            account = session.scalar(wanted)
            if account is None:
                waste_time_like_a_check(password)
                raise _wrong_password()
            made = attempt(account, password, self._office.now())
        with self._office.database.write(N_("signed in")) as session:
            account = session.scalar(wanted.with_for_update(of=Account))
            known = account is not None and count_attempt(account, made, self._office.now())
            actor = _actor(account) if account is not None and known else None
        if actor is None:
            raise _wrong_password()
        return actor

    def demo_people(self) -> list[Person]:
        """Everybody of a demo office, for signing in with one click; empty in a real office."""
        with self._office.database.read() as session:
            if not session.scalar(select(Office.demo).limit(1)):
                return []
            return _people(session, only_active=True)

    def sign_in_demo(self, person_id: int) -> Actor:
        """Sign in without a password, in a demo office only. Raises `NotAllowed` elsewhere."""
        with self._office.database.read() as session:
            if not session.scalar(select(Office.demo).limit(1)):
                raise _wrong_password()
            return _actor(get(session, Account, person_id))

    def people(self, actor: Actor, only_active: bool = True) -> list[Person]:
        """Everybody of the office by name; anyone signed in may look."""
        with self._office.database.read() as session:
            return _people(session, only_active)

    def teams(self, actor: Actor) -> list[TeamView]:
        """The teams of the office."""
        members = select(func.count()).where(Account.team_id == Team.id, Account.active).scalar_subquery()
        with self._office.database.read() as session:
            leader = aliased(Account)
            rows = session.execute(
                select(Team, members, leader.id, leader.name)
                .outerjoin(TeamLead, TeamLead.team_id == Team.id)
                .outerjoin(leader, leader.id == TeamLead.account_id)
                .order_by(Team.name)
            )
            return [
                TeamView(team.id, team.name, team.version, people, lead_id, lead or '')
                for team, people, lead_id, lead in rows
            ]

    def save_team(self, actor: Actor, name: str, team_id: int | None = None, version: int = 0) -> TeamView:
        """Add a team, or rename one. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_USERS)
        name = name.strip()
        if not name:
            raise InvalidInput(_("Enter the name."), '', {'name': _("Enter the name.")})
        with self._office.write(actor, N_("changed a team")) as session:
            if session.scalar(select(Team.id).where(Team.name == name, Team.id != (team_id or 0))):
                sentence = _("There is a team of this name already.")
                raise InvalidInput(sentence, _("Choose another one."), {'name': sentence})
            if team_id is None:
                team = Team(office_id=actor.office_id, name=name)
                session.add(team)
            else:
                team = get_for_edit(session, Team, team_id, version, name=name)
                team.name = name
            session.flush()
            return TeamView(team.id, team.name, team.version)

    def set_lead(self, actor: Actor, team_id: int, person_id: int | None) -> None:
        """Let somebody lead a team, or nobody. Whoever leads is told of what is late. Raises `NotAllowed`."""
        require(actor, Permission.MANAGE_USERS)
        with self._office.write(actor, N_("chose the lead of a team")) as session:
            get(session, Team, team_id)
            lead = session.scalar(select(TeamLead).where(TeamLead.team_id == team_id))
            if lead is not None:
                session.delete(lead)
                session.flush()
            if person_id is not None:
                person = get(session, Account, person_id)
                if not person.active:
                    raise InvalidInput(_("{name} no longer works here.").format(name=person.name))
                session.add(TeamLead(team_id=team_id, account_id=person_id))

    def remove_team(self, actor: Actor, team_id: int, version: int) -> None:
        """Remove a team that nobody belongs to. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_USERS)
        try:
            with self._office.write(actor, N_("removed a team")) as session:
                session.delete(get_for_edit(session, Team, team_id, version))
        except IntegrityError as error:
            raise InvalidInput(
                _("This team still has people or cases."), _("Move its people first; a team with cases is kept.")
            ) from error

    def create(self, actor: Actor, person: NewPerson) -> Person:
        """Open an account. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.MANAGE_USERS)
        check_person(person, needs_password=True)
        with self._office.write(actor, N_("opened an account")) as session:
            if session.scalar(select(Account.id).where(Account.login == person.login.strip())):
                raise InvalidInput(
                    _("This login is taken."), _("Choose another one."), {'login': _("This login is taken.")}
                )
            account = Account(
                office_id=actor.office_id,
                team_id=person.team_id,
                login=person.login.strip(),
                name=person.name.strip(),
                phone=person.phone.strip(),
                capacity=person.capacity,
                password_hash=hash_password(person.password),
                created_at=self._office.now(),
                roles=[AccountRole(role=role) for role in person.roles],
            )
            session.add(account)
            session.flush()
            return _person(account, {team.id: team.name for team in session.scalars(select(Team))})

    def edit(self, actor: Actor, person_id: int, version: int, person: NewPerson, active: bool) -> Person:
        """Change a person; an empty password leaves the old one. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_USERS)
        check_person(person, needs_password=False)
        if person_id == actor.id and (not active or Role.ADMINISTRATOR not in person.roles):
            raise InvalidInput(
                _("You cannot take your own administration away."), _("Ask another administrator to do it.")
            )
        with self._office.write(actor, N_("changed an account")) as session:
            account = get_for_edit(session, Account, person_id, version, name=person.name)
            account.name, account.phone = person.name.strip(), person.phone.strip()
            account.team_id, account.capacity, account.active = person.team_id, person.capacity, active
            kept = {entry.role for entry in account.roles}
            account.roles = [entry for entry in account.roles if entry.role in person.roles] + [
                AccountRole(role=role) for role in person.roles if role not in kept
            ]
            if person.password:
                account.password_hash = hash_password(person.password)
                account.failed_attempts, account.locked_until = 0, None
            if person.password or not active:
                retire_keys(session, account.id, self._office.now())
            session.flush()
            return _person(account, {team.id: team.name for team in session.scalars(select(Team))})

    def change_password(self, actor: Actor, old: str, new: str) -> None:
        """Change one's own password. Raises `InvalidInput`."""
        _check_password(new)
        with self._office.write(actor, N_("changed the password")) as session:
            account = get(session, Account, actor.id)
            if not password_fits(account.password_hash, old)[0]:
                raise InvalidInput(
                    _("The old password is wrong."), _("Try again."), {'old': _("The old password is wrong.")}
                )
            account.password_hash = hash_password(new)
            retire_keys(session, account.id, self._office.now())

    def note_absence(
        self,
        actor: Actor,
        person_id: int,
        starts_on: dt.date,
        ends_on: dt.date,
        substitute_id: int | None = None,
        reason: str = '',
    ) -> None:
        """Note that a person is away, the last day included. Raises `NotAllowed` and `InvalidInput`."""
        if person_id != actor.id:
            require(actor, Permission.MANAGE_USERS)
        if ends_on < starts_on:
            raise InvalidInput(_("The last day is before the first."), '', {'ends_on': _("Before the first day.")})
        if substitute_id == person_id:
            sentence = _("Nobody stands in for themselves.")
            raise InvalidInput(sentence, '', {'substitute': sentence})
        with self._office.write(actor, N_("noted an absence")) as session:
            session.add(
                Absence(
                    account_id=person_id,
                    substitute_id=substitute_id,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    reason=reason,
                )
            )


    def absences(self, actor: Actor, person_id: int) -> list[AbsenceView]:
        """When a person is away: what has not ended yet, the nearest first."""
        substitute = aliased(Account)
        with self._office.database.read() as session:
            rows = session.execute(
                select(Absence, substitute.name)
                .outerjoin(substitute, substitute.id == Absence.substitute_id)
                .where(Absence.account_id == person_id, Absence.ends_on >= self._office.today())
                .order_by(Absence.starts_on)
            )
            return [
                AbsenceView(
                    row.id, row.version, row.account_id, row.starts_on, row.ends_on, name or '', row.reason
                )
                for row, name in rows
            ]

    def remove_absence(self, actor: Actor, absence_id: int, version: int) -> None:
        """The person is not away after all. Raises `NotAllowed`, `NotFound`, `Conflict`."""
        with self._office.write(actor, N_("removed an absence")) as session:
            absence = get_for_edit(session, Absence, absence_id, version)
            if absence.account_id != actor.id:
                require(actor, Permission.MANAGE_USERS)
            session.delete(absence)


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        sentence = _("The password needs at least {count} characters.").format(count=SHORTEST_PASSWORD)
        raise InvalidInput(sentence, _("A short sentence is easy to remember."), {'password': sentence})


def check_person(person: NewPerson, needs_password: bool) -> None:
    """Raise `InvalidInput` by field where `person` cannot be kept."""
    wrong: dict[str, str] = {}
    if not re.fullmatch(r'[\w.@-]{2,40}', person.login.strip()):
        wrong['login'] = _("Use 2 to 40 letters, digits, dots or hyphens.")
    if not person.name.strip():
        wrong['name'] = _("Enter the name.")
    if not person.roles:
        wrong['roles'] = _("Choose at least one role.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)
    if needs_password or person.password:
        _check_password(person.password)


def _wrong_password() -> NotAllowed:
    return NotAllowed(_("The user name or password is wrong."), _("Check Caps Lock and try again."))


def _actor(account: Account) -> Actor:
    roles = frozenset(entry.role for entry in account.roles)
    return Actor(account.id, account.name, account.login, account.office_id, account.team_id, roles)


def _people(session: Session, only_active: bool) -> list[Person]:
    teams = {team.id: team.name for team in session.scalars(select(Team))}
    # The account in whose name the office's rule approves is no person.
    query = select(Account).where(Account.login.not_like('rule:%')).order_by(Account.team_id, Account.id)
    if only_active:
        query = query.where(Account.active)
    accounts: Sequence[Account] = session.scalars(query).all()
    return [_person(account, teams) for account in accounts]


def _person(account: Account, teams: dict[int, str]) -> Person:
    return Person(
        id=account.id,
        version=account.version,
        login=account.login,
        name=account.name,
        roles=tuple(sorted((entry.role for entry in account.roles), key=list(Role).index)),
        team_id=account.team_id,
        team=teams.get(account.team_id or 0, ''),
        phone=account.phone,
        capacity=account.capacity,
        active=account.active,
    )
