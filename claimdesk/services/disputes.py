"""Complaints and disputes: a coordinator's case with its own time limit, talks, an outcome and a root cause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Complaint, Message
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.clocks import due_state
from claimdesk.rules.disputes import KEY, causes_from, check_causes
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.least_busy import least_busy
from claimdesk.services.limits_beside import answer_due
from claimdesk.services.names import names_of
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.vocabulary import Channel, Complexity, DueState, MatterKind, MatterOutcome, Role

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation held about a complaint; `incoming` is None for a note."""

    channel: Channel
    incoming: bool | None
    with_whom: str
    body: str
    at: dt.datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class MatterView:
    """A complaint or a dispute. `answered_at` is None while it is open; `extended` is None until somebody decided.

    `extension_asked` names who asked for more time, '' where nobody did.
    """

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    kind: MatterKind
    complainant: str
    content: str
    received_at: dt.datetime
    complexity: Complexity
    due_at: dt.datetime
    due_state: DueState
    owner_id: int | None
    owner: str
    extension_asked: str
    extension_asked_by: int | None
    extension_reason: str
    extended: bool | None
    answered_at: dt.datetime | None
    outcome: MatterOutcome | None
    root_cause: str
    answer: str
    talks: tuple[Talk, ...] = ()

    @property
    def waits_for_extension(self) -> bool:
        """Whether more time was asked for and nobody has decided."""
        return bool(self.extension_asked_by) and self.extended is None and self.answered_at is None


class Disputes:
    """What customers complain of, and how it is settled."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[MatterView]:
        """The complaints and disputes about the case, the newest first, with the talks about each."""
        with self._office.database.read() as session:
            return self._views(session, Complaint.case_id == case_id, newest=True)

    def count_open(self, actor: Actor, case_id: int) -> int:
        """How many complaints and disputes about the case nobody has answered."""
        with self._office.database.read() as session:
            return open_complaints(session, case_id)

    def open(self, actor: Actor) -> list[MatterView]:
        """Everything that is not answered, the nearest limit first."""
        with self._office.database.read() as session:
            found = self._views(session, Complaint.answered_at.is_(None))
        return sorted(found, key=lambda one: (one.due_at, one.id))

    def answered(self, actor: Actor) -> list[MatterView]:
        """What was answered last, the newest first."""
        with self._office.database.read() as session:
            return self._views(session, Complaint.answered_at.is_not(None), newest=True)

    def take(self, actor: Actor, case_id: int, kind: MatterKind, complainant: str, content: str) -> None:
        """Take a complaint or a dispute; a coordinator gets it. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.COMPLAINT)
        if not content.strip():
            raise InvalidInput(_("Write what the complaint is about."), '', {'content': _("Enter this.")})
        with self._office.write(actor, N_("took a complaint")) as session:
            case = get(session, Case, case_id)
            owner = actor.id
            if Role.COORDINATOR not in actor.roles:
                open_ones = Complaint.answered_at.is_(None)
                owner = (
                    least_busy(
                        session, self._office, case.office_id, (Role.COORDINATOR,), Complaint.owner_id, open_ones
                    )
                    or actor.id
                )
            session.add(
                Complaint(
                    case_id=case_id,
                    kind=kind,
                    complainant=complainant.strip() or case.insured_name,
                    content=content.strip(),
                    received_at=self._office.now(),
                    owner_id=owner,
                )
            )
            touch(session, case, self._office)

    def talk(
        self, actor: Actor, matter_id: int, channel: Channel, body: str, incoming: bool | None, with_whom: str = ''
    ) -> None:
        """Record a conversation about it. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.COMPLAINT)
        if not body.strip():
            raise InvalidInput(_("Write what was said."), '', {'body': _("Write what was said.")})
        with self._office.write(actor, N_("recorded a conversation")) as session:
            row = get(session, Complaint, matter_id)
            session.add(
                Message(
                    case_id=row.case_id,
                    complaint_id=row.id,
                    channel=channel,
                    incoming=None if channel is Channel.NOTE else incoming,
                    with_whom=with_whom.strip() or row.complainant,
                    body=body.strip(),
                    at=self._office.now(),
                    written_by=actor.id,
                )
            )
            touch(session, get(session, Case, row.case_id), self._office)

    def set_complexity(self, actor: Actor, matter_id: int, version: int, complexity: Complexity) -> None:
        """Say how long the answer may take. Special ones go through `ask_extension`. Raises `InvalidInput`."""
        require(actor, Permission.COMPLAINT)
        if complexity is Complexity.SPECIAL:
            raise InvalidInput(_("More time has to be granted by somebody else."), _("Ask for it with a reason."))
        with self._office.write(actor, N_("said how complex a complaint is")) as session:
            row = _open_row(session, matter_id, version)
            row.complexity = complexity
            touch(session, get(session, Case, row.case_id), self._office)

    def ask_extension(self, actor: Actor, matter_id: int, version: int, reason: str) -> None:
        """Ask for more time. Raises `NotAllowed`, `InvalidInput` also where it was asked before, and `Conflict`."""
        require(actor, Permission.COMPLAINT)
        if not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        with self._office.write(actor, N_("asked for more time for a complaint")) as session:
            row = _open_row(session, matter_id, version)
            if row.extension_asked_by is not None:
                raise InvalidInput(_("More time has been asked for already."), _("It can be granted once."))
            row.extension_asked_by, row.extension_reason = actor.id, reason.strip()
            touch(session, get(session, Case, row.case_id), self._office)

    def decide_extension(self, actor: Actor, matter_id: int, version: int, *, granted: bool) -> None:
        """Grant or decline more time, which nobody does for themselves. Raises `NotAllowed`, `InvalidInput`."""
        require(actor, Permission.GRANT_TIME)
        with self._office.write(actor, N_("decided on more time for a complaint")) as session:
            row = _open_row(session, matter_id, version)
            if row.extension_asked_by is None or row.extension_granted is not None:
                raise InvalidInput(_("Nobody waits for a decision on more time."), _("Refresh the list."))
            if row.extension_asked_by == actor.id:
                raise InvalidInput(_("You asked for it yourself, so somebody else must decide."))
            row.extension_by, row.extension_granted = actor.id, granted
            row.complexity = Complexity.SPECIAL if granted else Complexity.COMPLEX
            touch(session, get(session, Case, row.case_id), self._office)

    def hand_over(self, actor: Actor, matter_id: int, version: int, owner_id: int) -> None:
        """Let somebody else take care of it. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.COMPLAINT)
        with self._office.write(actor, N_("handed a complaint over")) as session:
            row = _open_row(session, matter_id, version)
            owner = get(session, Account, owner_id)
            if not owner.active:
                raise InvalidInput(_("{name} no longer works here.").format(name=owner.name))
            row.owner_id = owner.id
            touch(session, get(session, Case, row.case_id), self._office)

    def answer(
        self, actor: Actor, matter_id: int, version: int, outcome: MatterOutcome, root_cause: str, answer: str
    ) -> None:
        """Answer it, which ends it: how it was settled, and what caused it.

        Raises `NotAllowed`, `InvalidInput` by field, `Conflict`.
        """
        require(actor, Permission.COMPLAINT)
        with self._office.write(actor, N_("answered a complaint")) as session:
            wrong = {}
            if root_cause not in root_causes(session, actor.office_id, self._office.today()):
                wrong['root_cause'] = _("Choose a root cause.")
            if not answer.strip():
                wrong['answer'] = _("Write the answer.")
            if wrong:
                raise InvalidInput(_("Some fields need your attention."), '', wrong)
            row = _open_row(session, matter_id, version)
            row.outcome, row.root_cause, row.answer = outcome, root_cause, answer.strip()
            row.answered_at = self._office.now()
            touch(session, get(session, Case, row.case_id), self._office)

    def coordinators(self, actor: Actor) -> list[tuple[int, str]]:
        """Who may take care of a complaint: id and name."""
        from claimdesk.models import AccountRole
        from claimdesk.rules.permissions import PERMISSIONS

        roles = [role for role, allowed in PERMISSIONS.items() if Permission.COMPLAINT in allowed]
        query = (
            select(Account.id, Account.name)
            .join(AccountRole, AccountRole.account_id == Account.id)
            .where(AccountRole.role.in_(roles), Account.active, Account.office_id == actor.office_id)
            .distinct()
            .order_by(Account.name)
        )
        with self._office.database.read() as session:
            return [(person, name) for person, name in session.execute(query)]

    def causes(self, actor: Actor) -> tuple[str, ...]:
        """The root causes in force today."""
        with self._office.database.read() as session:
            return root_causes(session, actor.office_id, self._office.today())

    def save_causes(
        self, actor: Actor, causes: Sequence[str], valid_from: dt.date, version: int | None = None
    ) -> None:
        """Let these causes hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        check_causes(causes)
        with self._office.write(actor, N_("changed the root causes of complaints")) as session:
            set_rule(session, actor.office_id, KEY, valid_from, list(causes), version)

    def _views(self, session: Session, condition: ColumnElement[bool], *, newest: bool = False) -> list[MatterView]:
        order = (Complaint.received_at.desc() if newest else Complaint.received_at, Complaint.id)
        rows = session.execute(
            select(Complaint, Case)
            .join(Case, Case.id == Complaint.case_id)
            .where(condition)
            .order_by(*order)
            .limit(MOST_ROWS)
        ).all()
        found = [row for row, _case in rows]
        names = names_of(session, (person for row in found for person in (row.owner_id, row.extension_asked_by)))
        talks = _talks(session, [row.id for row in found])
        now = self._office.now()
        views = []
        for row, case in rows:
            due = answer_due(case, row.received_at, row.complexity, self._office)
            views.append(
                MatterView(
                    id=row.id,
                    version=row.version,
                    case_id=row.case_id,
                    case_number=case.number,
                    insured_name=case.insured_name,
                    kind=row.kind,
                    complainant=row.complainant,
                    content=row.content,
                    received_at=row.received_at,
                    complexity=row.complexity,
                    due_at=due,
                    due_state=due_state(due, now, done=row.answered_at is not None),
                    owner_id=row.owner_id,
                    owner=names.get(row.owner_id, ''),
                    extension_asked=names.get(row.extension_asked_by, ''),
                    extension_asked_by=row.extension_asked_by,
                    extension_reason=row.extension_reason,
                    extended=row.extension_granted,
                    answered_at=row.answered_at,
                    outcome=row.outcome,
                    root_cause=row.root_cause,
                    answer=row.answer,
                    talks=talks.get(row.id, ()),
                )
            )
        return views


def root_causes(session: Session, office_id: int, day: dt.date) -> tuple[str, ...]:
    """The office's root causes on `day`."""
    return causes_from(rule_at(session, office_id, KEY, day, None))


def open_complaints(session: Session, case_id: int) -> int:
    """How many complaints and disputes about the case nobody has answered."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Complaint)
            .where(Complaint.case_id == case_id, Complaint.answered_at.is_(None))
        )
        or 0
    )


def _open_row(session: Session, matter_id: int, version: int) -> Complaint:
    row = get_for_edit(session, Complaint, matter_id, version)
    if row.answered_at is not None:
        raise InvalidInput(_("This complaint has been answered."), _("Refresh the list."))
    return row


def _talks(session: Session, matters: Sequence[int]) -> dict[int, tuple[Talk, ...]]:
    if not matters:
        return {}
    rows = session.execute(
        select(Message, Account.name)
        .outerjoin(Account, Account.id == Message.written_by)
        .where(Message.complaint_id.in_(matters))
        .order_by(Message.at.desc(), Message.id.desc())
    )
    found: dict[int, tuple[Talk, ...]] = {}
    for row, name in rows:
        talk = Talk(row.channel, row.incoming, row.with_whom, row.body, row.at, name or '')
        found[row.complaint_id or 0] = (*found.get(row.complaint_id or 0, ()), talk)
    return found
