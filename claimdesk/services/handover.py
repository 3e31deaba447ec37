"""Handing cases on: taking one, giving away all of a person's, and evening out a role's load, each planned first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, InvalidInput, NotAllowed
from claimdesk.language import N_, _
from claimdesk.models import Absence, Account, Case, Task
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.assignment import Candidate, Weights
from claimdesk.rules.permissions import Permission
from claimdesk.rules.rebalance import Handing, OpenCase, balance, hand_over
from claimdesk.rules.workflow import STAGE_ROLE
from claimdesk.services.assigning import candidates_for, jobs_of, weights_of
from claimdesk.services.cases import RowResult
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import Role, Stage, TaskState

MOST_CASES = 2_000
"""So many cases of a person or a role are planned at once; the most urgent of a person's, the least of a role's."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One case of a plan: `to_id` is None where nobody can take it, and `problem` says why, as far as it is one thing.

    `version` is that of the case as it was planned: carried out only if nobody changed it since.
    """

    case_id: int
    version: int
    number: str
    insured: str
    stage: Stage
    due_at: dt.datetime
    from_id: int
    from_name: str
    to_id: int | None
    to_name: str
    problem: str = ''


@dataclass(frozen=True, slots=True)
class LoadChange:
    """A person's open cases before and after a plan."""

    person_id: int
    name: str
    before: int
    after: int
    capacity: int
    away: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be handed on, and what becomes of the loads; nothing is done yet."""

    proposals: tuple[Proposal, ...]
    loads: tuple[LoadChange, ...]


class HandOvers:
    """Bringing cases from one person to another."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def may_take(self, actor: Actor, case_id: int) -> str:
        """Why `actor` cannot take the case for themselves; '' if they can. Raises `NotFound`."""
        with self._office.database.read() as session:
            return self._against_taking(session, actor, get(session, Case, case_id))

    def take(self, actor: Actor, case_id: int, version: int) -> None:
        """Take a case whose handler has left or is away, or that has none. Of two who try, one gets a `Conflict`.

        Raises `NotAllowed`, `NotFound`, `Conflict`.
        """
        with self._office.write(actor, N_("took the case over")) as session:
            case = get_for_edit(session, Case, case_id, version, owner_id=actor.id)
            against = self._against_taking(session, actor, case)
            if against:
                raise NotAllowed(against)
            _give(session, case, actor.id, _("{name} took it over.").format(name=actor.name))
            touch(session, case, self._office)

    def _against_taking(self, session: Session, actor: Actor, case: Case) -> str:
        if case.stage is Stage.CLOSED:
            return _("The case is closed.")
        if case.owner_id == actor.id:
            return _("You have this case already.")
        role = STAGE_ROLE[case.stage]
        if role not in actor.roles:
            return _("The work of this stage is not yours.")
        owner = session.get(Account, case.owner_id) if case.owner_id else None
        if owner is None or not owner.active or owner.id in self._away(session):
            return ''
        if role not in {one.role for one in owner.roles}:
            return ''
        return _("{name} is working on it.").format(name=owner.name)

    def _away(self, session: Session) -> set[int]:
        today = self._office.today()
        query = select(Absence.account_id).where(Absence.starts_on <= today, Absence.ends_on >= today)
        return set(session.scalars(query))

    def plan_person(self, actor: Actor, person_id: int, to_id: int | None = None) -> Plan:
        """Where a person's open cases would go: to `to_id`, else to whoever stands in, else to the lightest loads.

        Each stays with the role of its stage. Raises `NotAllowed`, `NotFound`.
        """
        require(actor, Permission.ASSIGN)
        with self._office.database.read() as session:
            get(session, Account, person_id)
            cases = _cases(session, [person_id], urgent_first=True)
            wanted = to_id if to_id is not None else self._substitute(session, person_id)
            weights = weights_of(session, self._office, actor.office_id)
            plan: list[Handing] = []
            people: dict[int, Candidate] = {}
            for role in dict.fromkeys(STAGE_ROLE[case.stage] for case in cases):
                able = candidates_for(session, self._office, actor.office_id, role)
                able = [people.get(one.user_id, one) for one in able]
                own = [case for case in cases if STAGE_ROLE[case.stage] is role]
                open_cases = self._open_cases(session, own, weights)
                plan += hand_over(able, open_cases, weights, wanted)
                people.update((one.user_id, one) for one in able)
            return _plan(session, cases, plan, people.values())

    def plan_balance(self, actor: Actor, role: Role) -> Plan:
        """How the open cases of a role's stages would be evened out among those present. Raises `NotAllowed`."""
        require(actor, Permission.ASSIGN)
        stages = [stage for stage, one in STAGE_ROLE.items() if one is role and stage is not Stage.CLOSED]
        with self._office.database.read() as session:
            weights = weights_of(session, self._office, actor.office_id)
            people = candidates_for(session, self._office, actor.office_id, role)
            cases = _cases(session, [one.user_id for one in people], urgent_first=False, stages=stages)
            plan = balance(people, self._open_cases(session, cases, weights), weights)
            return _plan(session, cases, plan, people)

    def _open_cases(self, session: Session, cases: Sequence[Case], weights: Weights) -> list[OpenCase]:
        now = self._office.now()
        jobs = jobs_of(session, cases, weights)
        return [
            OpenCase(case.id, case.owner_id or 0, (case.due_at - now).total_seconds() / 3600, jobs[case.id])
            for case in cases
        ]

    def _substitute(self, session: Session, person_id: int) -> int | None:
        today = self._office.today()
        return session.scalar(
            select(Absence.substitute_id).where(
                Absence.account_id == person_id, Absence.starts_on <= today, Absence.ends_on >= today
            )
        )

    def carry_out(
        self,
        actor: Actor,
        proposals: Sequence[Proposal],
        progress: Progress = quiet,
        stopped: Callable[[], bool] = lambda: False,
    ) -> list[RowResult]:
        """Hand over what was planned, each case for itself: one that was changed meanwhile does not stop the others.

        Once `stopped` says so, the rest stays where it is, and each row tells. Raises `NotAllowed`.
        """
        require(actor, Permission.ASSIGN)
        results: list[RowResult] = []
        for done, one in enumerate(proposals):
            progress(done, len(proposals), _("Handing cases over"))
            if stopped():
                rest = proposals[done:]
                return results + [RowResult(left.case_id, left.number, _("Stopped before this one.")) for left in rest]
            sentence = ''
            try:
                self._hand(actor, one)
            except ClaimDeskError as error:
                sentence = ' '.join(filter(None, (error.sentence, error.advice)))
            results.append(RowResult(one.case_id, one.number, sentence))
        return results

    def undo(self, actor: Actor, proposals: Sequence[Proposal], progress: Progress = quiet) -> list[RowResult]:
        """Give back what `carry_out` handed over, as far as it is still with whoever got it."""
        require(actor, Permission.ASSIGN)
        with self._office.database.read() as session:
            ids = [one.case_id for one in proposals]
            known = {
                row.id: row
                for row in session.execute(select(Case.id, Case.version, Case.owner_id).where(Case.id.in_(ids)))
            }
        back = [
            Proposal(
                one.case_id, known[one.case_id].version, one.number, one.insured, one.stage, one.due_at,
                one.to_id, one.to_name, one.from_id, one.from_name,
            )
            for one in proposals
            if one.to_id is not None and one.case_id in known and known[one.case_id].owner_id == one.to_id
        ]  # fmt: skip
        return self.carry_out(actor, back, progress)

    def _hand(self, actor: Actor, one: Proposal) -> None:
        with self._office.write(actor, N_("handed the case over")) as session:
            case = get_for_edit(session, Case, one.case_id, one.version, owner_id=one.to_id)
            if one.to_id is None:
                raise InvalidInput(_("Nobody can take this case."), one.problem)
            if case.stage is Stage.CLOSED:
                raise InvalidInput(_("A closed case has no owner to change."), _("Reopen it first."))
            taker = get(session, Account, one.to_id)
            if not taker.active:
                raise InvalidInput(_("{name} no longer works here.").format(name=taker.name))
            why = _("Handed over by {name}, from {owner}.").format(name=actor.name, owner=one.from_name)
            _give(session, case, taker.id, why)
            touch(session, case, self._office)


def _give(session: Session, case: Case, person_id: int, why: str) -> None:
    owner = get(session, Account, person_id)
    case.owner_id, case.team_id, case.assigned_why = owner.id, owner.team_id, why
    step = case.stage.value
    for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)):
        if task.kind == step:
            task.owner_id = owner.id


def _cases(
    session: Session, people: Sequence[int], *, urgent_first: bool, stages: Sequence[Stage] = ()
) -> Sequence[Case]:
    query = select(Case).where(Case.owner_id.in_(people), Case.stage != Stage.CLOSED)
    if stages:
        query = query.where(Case.stage.in_(stages))
    order = (Case.due_at, Case.id) if urgent_first else (Case.due_at.desc(), Case.id)
    return session.scalars(query.order_by(*order).limit(MOST_CASES)).all()


def _plan(session: Session, cases: Sequence[Case], plan: Sequence[Handing], people: Iterable[Candidate]) -> Plan:
    names = dict(session.execute(select(Account.id, Account.name)).all())
    known = {case.id: case for case in cases}
    proposals = []
    for one in plan:
        case = known[one.case_id]
        proposals.append(
            Proposal(
                case_id=case.id,
                version=case.version,
                number=case.number,
                insured=case.insured_name,
                stage=case.stage,
                due_at=case.due_at,
                from_id=one.from_id,
                from_name=names.get(one.from_id, ''),
                to_id=one.to_id,
                to_name=names.get(one.to_id, '') if one.to_id is not None else '',
                problem=one.problem or ('' if one.to_id is not None else _("Nobody can take this case.")),
            )
        )
    return Plan(tuple(proposals), load_changes(people, proposals))


def load_changes(people: Iterable[Candidate], proposals: Sequence[Proposal]) -> tuple[LoadChange, ...]:
    """What becomes of the loads, the heaviest first."""
    changes = []
    for one in people:
        lost = sum(row.from_id == one.user_id and row.to_id is not None for row in proposals)
        won = sum(row.to_id == one.user_id for row in proposals)
        after = one.open_cases - lost + won
        changes.append(LoadChange(one.user_id, one.name, one.open_cases, after, one.capacity, one.absent))
    changes.sort(key=lambda one: (-one.before / max(1, one.capacity), one.person_id))
    return tuple(changes)
