"""Cases go to who is owed most, are handed over by plan, and two people never get the same one."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotAllowed
from claimdesk.models import Absence, Account, AccountRole, Case, Database, Task, WorkCredit
from claimdesk.rules.assignment import DEFAULT_WEIGHTS, Skill
from claimdesk.services.context import Actor
from claimdesk.services.handover import HandOvers
from claimdesk.services.intake import NewCase
from claimdesk.services.work_profiles import Imagined, WorkProfiles
from claimdesk.vocabulary import Line, Role, Stage, TaskState
from tests.services.paper_office import START
from tests.services.role_office import PASSWORD_HASH, RoleOffice, role_office

DESKS, EACH = 4, 6


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    return role_office(database, tmp_path)


def hire(office: RoleOffice, name: str, role: Role, capacity: int = 60) -> Actor:
    with office.desk.context.database.write('test') as session:
        account = Account(
            office_id=office.people[role].office_id, login=name, name=name, password_hash=PASSWORD_HASH,
            created_at=START, capacity=capacity, roles=[AccountRole(role=role)],
        )  # fmt: skip
        session.add(account)
        session.flush()
        return Actor(account.id, name, name, account.office_id, None, frozenset({role}))


def send_away(office: RoleOffice, person: Actor, substitute: Actor | None = None) -> None:
    today = office.watch().date()
    with office.desk.context.database.write('test') as session:
        session.add(
            Absence(account_id=person.id, substitute_id=substitute.id if substitute else None,
                    starts_on=today - dt.timedelta(days=1), ends_on=today + dt.timedelta(days=3))
        )  # fmt: skip


def owner(office: RoleOffice, case_id: int) -> int | None:
    with office.desk.context.database.read() as session:
        return session.get_one(Case, case_id).owner_id


def owed(office: RoleOffice, role: Role) -> dict[int, int]:
    with office.desk.context.database.read() as session:
        rows = session.execute(select(WorkCredit.account_id, WorkCredit.credit).where(WorkCredit.role == role))
        return dict(rows.all())


def raced(count: int, work: Callable[[int], object]) -> list[BaseException | None]:
    ends: list[BaseException | None] = [None] * count
    ready = threading.Barrier(count)

    def one(place: int) -> None:
        ready.wait()
        try:
            work(place)
        except BaseException as error:
            ends[place] = error

    threads = [threading.Thread(target=one, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def test_reports_are_shared_out_by_turns_and_what_is_owed_is_kept(office: RoleOffice) -> None:
    second = hire(office, '林晓', Role.SERVICE)
    owners = [owner(office, office.register(str(number))) for number in range(6)]
    assert Counter(owners) == {office.people[Role.SERVICE].id: 3, second.id: 3}
    assert set(owed(office, Role.SERVICE)) == {office.people[Role.SERVICE].id, second.id}
    assert 'is owed the most work of 2' in office.desk.cases.page(second, office.register('seventh')).assigned_why


def test_a_person_of_the_case_does_not_get_it(office: RoleOffice) -> None:
    cousin = hire(office, '沈知远', Role.SERVICE)  # bears the reporter's name
    for number in range(3):
        assert owner(office, office.register(str(number))) != cousin.id


def test_skills_decide(office: RoleOffice) -> None:
    second = hire(office, '林晓', Role.SERVICE)
    administrator, profiles = office.people[Role.ADMINISTRATOR], WorkProfiles(office.desk.context)
    profiles.save(
        administrator, office.people[Role.SERVICE].id, 0, skills=[Skill.MEDICAL], areas=[' 杭州 ', ''], weight=100,
        hard_capacity=None,
    )  # fmt: skip
    assert {owner(office, office.register(str(number))) for number in range(3)} == {second.id}
    view = profiles.of(administrator, office.people[Role.SERVICE].id)
    assert (view.skills, view.areas, view.version) == (frozenset({Skill.MEDICAL}), ('杭州',), 1)


def test_profiles_are_checked(office: RoleOffice) -> None:
    administrator, profiles = office.people[Role.ADMINISTRATOR], WorkProfiles(office.desk.context)
    person = office.people[Role.SERVICE].id
    with pytest.raises(InvalidInput) as caught:
        profiles.save(administrator, person, 0, skills=[], areas=['长' * 21], weight=5, hard_capacity=0)
    assert set(caught.value.fields) == {'areas', 'weight', 'hard_capacity'}
    profiles.save(administrator, person, 0, skills=[], areas=[], weight=50, hard_capacity=10)
    with pytest.raises(Conflict):
        profiles.save(administrator, person, 0, skills=[], areas=[], weight=60, hard_capacity=10)
    with pytest.raises(NotAllowed):
        profiles.save(office.people[Role.SURVEYOR], person, 1, skills=[], areas=[], weight=60, hard_capacity=10)


def test_the_weights_are_a_dated_rule(office: RoleOffice) -> None:
    manager, profiles = office.people[Role.MANAGER], WorkProfiles(office.desk.context)
    from dataclasses import replace

    profiles.set_weights(manager, office.watch().date(), replace(DEFAULT_WEIGHTS, motor=9))
    hire(office, '林晓', Role.SERVICE)
    assert 'Motor 9' in office.desk.cases.page(manager, office.register('hard')).assigned_why
    with pytest.raises(InvalidInput):
        profiles.set_weights(manager, office.watch().date(), replace(DEFAULT_WEIGHTS, motor=0))


def test_who_worked_on_it_does_not_approve_it(office: RoleOffice) -> None:
    with office.desk.context.database.write('test') as session:
        session.add(AccountRole(account_id=office.people[Role.ASSESSOR].id, role=Role.APPROVER))
    office.bring_to(Stage.APPROVAL)
    assert owner(office, office.case_id) == office.people[Role.APPROVER].id


def test_desks_that_register_at_once_share_out_every_point(office: RoleOffice) -> None:
    hire(office, '林晓', Role.SERVICE)
    hire(office, '何静', Role.SERVICE)
    clerk, desk = office.people[Role.SERVICE], office.desk

    def register(place: int) -> None:
        for number in range(EACH):
            new = NewCase(
                office.policy_id, office.watch() - dt.timedelta(hours=3), '人民路', '追尾', '王某', '13800001234'
            )
            desk.intake.register(clerk, new, f'{place}-{number}')

    assert raced(DESKS, register) == [None] * DESKS
    with desk.context.database.read() as session:
        per_person = Counter(session.scalars(select(Case.owner_id).where(Case.id != office.case_id)))
    assert sum(per_person.values()) == DESKS * EACH
    assert max(per_person.values()) - min(per_person.values()) <= 1
    assert sum(owed(office, Role.SERVICE).values()) == 0


def test_only_one_takes_a_case_of_somebody_away(office: RoleOffice) -> None:
    others = [hire(office, f'客服{number}', Role.SERVICE) for number in range(DESKS)]
    send_away(office, office.people[Role.SERVICE])
    version, takers = office.case.version, HandOvers(office.desk.context)
    ends = raced(DESKS, lambda place: takers.take(others[place], office.case_id, version))
    won = [place for place, end in enumerate(ends) if end is None]
    assert len(won) == 1
    assert all(isinstance(end, Conflict) for place, end in enumerate(ends) if place not in won)
    assert owner(office, office.case_id) == others[won[0]].id
    with office.desk.context.database.read() as session:
        (task,) = session.scalars(
            select(Task).where(Task.case_id == office.case_id, Task.state == TaskState.OPEN)
        ).all()
        assert task.owner_id == others[won[0]].id


def test_a_case_in_good_hands_is_not_taken(office: RoleOffice) -> None:
    other = hire(office, '林晓', Role.SERVICE)
    takers = HandOvers(office.desk.context)
    with pytest.raises(NotAllowed, match='is working on it'):
        takers.take(other, office.case_id, office.case.version)
    with pytest.raises(NotAllowed, match='not yours'):
        takers.take(office.people[Role.FINANCE], office.case_id, office.case.version)


def test_all_of_a_person_goes_to_the_substitute_after_a_preview(office: RoleOffice) -> None:
    clerk = office.people[Role.SERVICE]
    for number in range(3):
        office.register(str(number))
    stands_in, other = hire(office, '林晓', Role.SERVICE), hire(office, '何静', Role.SERVICE)
    send_away(office, clerk, stands_in)
    manager, hand = office.people[Role.MANAGER], HandOvers(office.desk.context)
    plan = hand.plan_person(manager, clerk.id)
    assert [one.to_name for one in plan.proposals] == ['林晓'] * 4
    assert {one.name: (one.before, one.after) for one in plan.loads if one.before or one.after} == {
        clerk.name: (4, 0), '林晓': (0, 4),
    }  # fmt: skip
    assert owner(office, office.case_id) == clerk.id
    assert [one.to_name for one in hand.plan_person(manager, clerk.id, other.id).proposals] == ['何静'] * 4
    results = hand.carry_out(manager, plan.proposals)
    assert [one.sentence for one in results] == [''] * 4
    assert owner(office, office.case_id) == stands_in.id
    hand.undo(manager, plan.proposals)
    assert owner(office, office.case_id) == clerk.id


def test_a_case_that_changed_since_the_preview_stays(office: RoleOffice) -> None:
    clerk, manager = office.people[Role.SERVICE], office.people[Role.MANAGER]
    hire(office, '林晓', Role.SERVICE)
    hand = HandOvers(office.desk.context)
    plan = hand.plan_person(manager, clerk.id)
    office.desk.cases.set_estimate(office.people[Role.ASSESSOR], office.case_id, office.case.version, Decimal(500), '')
    (result,) = hand.carry_out(manager, plan.proposals)
    assert 'Somebody else has changed this' in result.sentence
    assert owner(office, office.case_id) == clerk.id


def test_a_role_is_evened_out(office: RoleOffice) -> None:
    clerk, manager = office.people[Role.SERVICE], office.people[Role.MANAGER]
    for number in range(5):
        office.register(str(number))
    fresh = hire(office, '林晓', Role.SERVICE)
    hand = HandOvers(office.desk.context)
    plan = hand.plan_balance(manager, Role.SERVICE)
    assert {one.name: (one.before, one.after) for one in plan.loads} == {clerk.name: (6, 3), '林晓': (0, 3)}
    hand.carry_out(manager, plan.proposals)
    assert hand.plan_balance(manager, Role.SERVICE).proposals == ()
    with pytest.raises(ClaimDeskError):
        hand.plan_balance(fresh, Role.SERVICE)


def test_a_preview_says_who_would_get_a_case_and_changes_nothing(office: RoleOffice) -> None:
    manager, profiles = office.people[Role.MANAGER], WorkProfiles(office.desk.context)
    hire(office, '林晓', Role.SURVEYOR)
    case = Imagined(Stage.SURVEY, Line.MOTOR, injury=True)
    first = profiles.preview(manager, case, DEFAULT_WEIGHTS)
    assert first.points == 5
    assert first.chosen in first.why
    assert [why for _name, why in first.others] == ['could take it, is owed 2.5 points']
    assert profiles.preview(manager, case, DEFAULT_WEIGHTS) == first
    profiles.save(
        office.people[Role.ADMINISTRATOR], office.people[Role.SURVEYOR].id, 0, skills=[Skill.MOTOR], areas=[],
        weight=100, hard_capacity=None,
    )  # fmt: skip
    assert profiles.preview(manager, case, DEFAULT_WEIGHTS).chosen == '林晓'


def test_a_preview_of_an_approval_asks_for_authority(office: RoleOffice) -> None:
    profiles = WorkProfiles(office.desk.context)
    large = Imagined(Stage.APPROVAL, Line.MOTOR, amount=Decimal(99_000_000))
    found = profiles.preview(office.people[Role.MANAGER], large, DEFAULT_WEIGHTS)
    assert all(why for _name, why in found.others)
    assert profiles.preview(office.people[Role.MANAGER], Imagined(Stage.APPROVAL), DEFAULT_WEIGHTS).chosen


def test_shares_show_load_and_authority_and_keep_a_full_load(office: RoleOffice) -> None:
    administrator, profiles = office.people[Role.ADMINISTRATOR], WorkProfiles(office.desk.context)
    shares = {one.profile.person_id: one for one in profiles.shares(administrator)}
    assert office.people[Role.AUDITOR].id not in shares
    assert 'Motor' in shares[office.people[Role.APPROVER].id].limits
    one = shares[office.people[Role.SURVEYOR].id]
    kept = {'skills': [], 'areas': [], 'weight': 80, 'hard_capacity': 30}
    profiles.save(administrator, one.profile.person_id, 0, **kept, capacity=(25, one.account_version))
    now = next(two for two in profiles.shares(administrator) if two.name == one.name)
    assert (now.capacity, now.profile.weight, now.profile.hard_capacity) == (25, 80, 30)
    with pytest.raises(Conflict):
        profiles.save(administrator, one.profile.person_id, 1, **kept, capacity=(26, one.account_version))
    with pytest.raises(InvalidInput):
        profiles.save(administrator, one.profile.person_id, 1, **kept, capacity=(31, now.account_version))
