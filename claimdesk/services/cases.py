"""One case as its page shows it: overview, edits with version check, reserve, owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotFound
from claimdesk.identifiers import normalise_plate, phone_ok, plate_ok
from claimdesk.language import N_, _
from claimdesk.models import Accident, Account, Case, Policy, ReserveChange, Task
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.permissions import Permission
from claimdesk.services.checklist import create_for
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.intake import LINE_DETAILS, PolicyView, policy_view
from claimdesk.services.parties import PartyView, parties_of
from claimdesk.services.reserves import add_reserve
from claimdesk.vocabulary import Liability, Line, Outcome, Stage, TaskState

CASE_FIELDS = frozenset({'reporter_name', 'reporter_phone', 'injury'})
ACCIDENT_FIELDS = frozenset({'place', 'cause', 'description', 'liability', 'police_number'})


@dataclass(frozen=True, slots=True)
class Reserve:
    """One estimate of the case, in yuan, and why it was made."""

    amount: Decimal
    previous: Decimal | None
    first: bool
    reason: str
    made_by: str
    made_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the head and the overview of a case's page show. `details` are the line's own fields."""

    id: int
    version: int
    number: str
    line: Line
    stage: Stage
    outcome: Outcome
    compulsory: bool
    injury: bool
    owner_id: int | None
    owner: str
    assigned_why: str
    reported_at: dt.datetime
    loss_at: dt.datetime
    registered_at: dt.datetime | None
    stage_entered_at: dt.datetime
    step_due_at: dt.datetime | None
    paid_at: dt.datetime | None
    closed_at: dt.datetime | None
    due_at: dt.datetime
    due_clock: str
    paused_since: dt.datetime | None
    estimate: Decimal | None
    first_estimate: Decimal | None
    payable: Decimal | None
    paid_amount: Decimal
    missing_documents: int
    reopened_times: int
    outcome_reason: str
    insured_name: str
    plate: str
    reporter_name: str
    reporter_phone: str
    place: str
    cause: str
    description: str
    liability: Liability
    police_number: str
    details: Mapping[str, Any]
    policy: PolicyView
    reserves: tuple[Reserve, ...]
    documents: int
    messages: int
    parties: tuple[PartyView, ...] = ()


@dataclass(frozen=True, slots=True)
class RowResult:
    """How a change of many went for one of them: `sentence` is '' where it went well."""

    case_id: int
    number: str
    sentence: str


class Cases:
    """Looking at one case, and editing it."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def page(self, actor: Actor, case_id: int) -> CasePage:
        """The case as it is now. Raises `NotFound`."""
        with self._office.database.read() as session:
            return _page(session, _case(session, case_id))

    def find(self, actor: Actor, number: str) -> int:
        """The id of the case with that number. Raises `NotFound`."""
        from claimdesk.services.clockwork import case_by_number

        with self._office.database.read() as session:
            return case_by_number(session, number).id

    def edit(self, actor: Actor, case_id: int, version: int, changes: Mapping[str, Any]) -> CasePage:
        """Save changed fields of the case, its accident or its line's details, all or none.

        Raises `NotAllowed`, `InvalidInput` by field, and `Conflict` with both versions.
        """
        require(actor, Permission.EDIT_CASE)
        _check(changes)
        with self._office.write(actor, N_("edited the case")) as session:
            case = _case(session, case_id)
            accident = get(session, Accident, case.accident_id)
            details = get(session, LINE_DETAILS[case.line], case.id)
            homes = {name: _home(name, case, accident, details) for name in changes}
            if case.version != version:
                theirs = {name: getattr(home, name) for name, home in homes.items()}
                raise Conflict(
                    _("Somebody else has changed this since you opened it."),
                    _("Compare both versions, then keep yours or take theirs."),
                    mine=changes,
                    theirs=theirs,
                )
            _check_lengths(homes, changes)
            for name, value in changes.items():
                setattr(homes[name], name, value.strip() if type(value) is str else value)
            case.place, case.cause = accident.place, accident.cause
            if case.stage is Stage.CLOSED:
                raise InvalidInput(_("The case is closed."), _("Reopen it before changing it."))
            create_for(session, case, self._office)
            touch(session, case, self._office)
            _count_as_save(case)
            session.flush()
            return _page(session, case)

    def set_estimate(self, actor: Actor, case_id: int, version: int, amount: Decimal, reason: str) -> CasePage:
        """Set the reserve. The first one is frozen; a later one needs a reason. Raises `InvalidInput`, `Conflict`."""
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("changed the reserve")) as session:
            case = get_for_edit(session, Case, case_id, version, estimate=amount)
            if case.stage is Stage.CLOSED:
                raise InvalidInput(_("The case is closed."), _("Reopen it before changing it."))
            add_reserve(session, case, amount, reason, actor, self._office.now())
            touch(session, case, self._office)
            session.flush()
            return _page(session, case)

    def assign(self, actor: Actor, case_id: int, owner_id: int, version: int | None = None) -> None:
        """Hand the case to somebody. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.ASSIGN)
        with self._office.write(actor, N_("assigned the case")) as session:
            if version is None:
                case = _case(session, case_id)
            else:
                case = get_for_edit(session, Case, case_id, version, owner_id=owner_id)
            if case.stage is Stage.CLOSED:
                raise InvalidInput(_("A closed case has no owner to change."), _("Reopen it first."))
            owner = get(session, Account, owner_id)
            if not owner.active:
                raise InvalidInput(_("{name} no longer works here.").format(name=owner.name))
            case.owner_id, case.team_id = owner.id, owner.team_id
            case.assigned_why = _("Assigned by {name}.").format(name=actor.name)
            for task in session.scalars(select(Task).where(Task.case_id == case.id, Task.state == TaskState.OPEN)):
                task.owner_id = owner.id
            touch(session, case, self._office)

    def assign_many(
        self, actor: Actor, case_ids: Sequence[int], owner_id: int, progress: Progress = quiet
    ) -> list[RowResult]:
        """Hand many cases to somebody, each for itself: one that fails does not stop the others."""
        require(actor, Permission.ASSIGN)
        results = []
        for done, case_id in enumerate(case_ids):
            progress(done, len(case_ids), _("Assigning cases"))
            sentence = ''
            try:
                self.assign(actor, case_id, owner_id)
            except ClaimDeskError as error:
                sentence = str(error)
            results.append((case_id, sentence))
        with self._office.database.read() as session:
            numbers = dict(
                session.execute(select(Case.id, Case.number).where(Case.id.in_([row[0] for row in results]))).all()
            )
        return [RowResult(case_id, numbers.get(case_id, ''), sentence) for case_id, sentence in results]


def _home(name: str, case: Case, accident: Accident, details: Any) -> Any:
    home = case if name in CASE_FIELDS else accident if name in ACCIDENT_FIELDS else details
    if name == 'case_id' or name not in home.__table__.columns:
        raise InvalidInput(_("The field {name} does not exist.").format(name=name))
    return home


def _count_as_save(case: Case) -> None:
    # Details and accident have no counter of their own: the case's version counts for the whole page.
    from sqlalchemy.orm.attributes import flag_modified

    flag_modified(case, 'last_activity_at')


def _check(changes: Mapping[str, Any]) -> None:
    wrong: dict[str, str] = {}
    for name in ('place', 'cause', 'reporter_name'):
        if name in changes and not str(changes[name]).strip():
            wrong[name] = _("Enter this.")
    if 'reporter_phone' in changes and not phone_ok(changes['reporter_phone']):
        wrong['reporter_phone'] = _("This is not a phone number.")
    other = changes.get('other_plate')
    if other and not plate_ok(normalise_plate(other)):
        wrong['other_plate'] = _("This is not a licence plate.")
    admitted, discharged = changes.get('admitted_on'), changes.get('discharged_on')
    if admitted and discharged and discharged < admitted:
        wrong['discharged_on'] = _("The discharge is before the admission.")
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _check_lengths(homes: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """PostgreSQL refuses what does not fit its column, and SQLite would keep it."""
    wrong = {
        name: _("This is too long.")
        for name, value in changes.items()
        if type(value) is str
        and (most := getattr(homes[name].__table__.columns[name].type, 'length', None)) is not None
        and len(value.strip()) > most
    }
    if wrong:
        raise InvalidInput(_("Some fields need your attention."), '', wrong)


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    return case


def _page(session: Session, case: Case) -> CasePage:
    from sqlalchemy import func

    from claimdesk.models import Document, Message

    accident = get(session, Accident, case.accident_id)
    owner = session.get(Account, case.owner_id) if case.owner_id else None
    details = get(session, LINE_DETAILS[case.line], case.id)
    names = dict(session.execute(select(Account.id, Account.name)).all())
    reserves = session.scalars(
        select(ReserveChange).where(ReserveChange.case_id == case.id).order_by(ReserveChange.id)
    )
    shared = {name: getattr(case, name) for name in CasePage.__slots__ if name in _CASE_COLUMNS}
    return CasePage(
        **shared,
        owner=owner.name if owner else '',
        description=accident.description,
        liability=accident.liability,
        police_number=accident.police_number,
        details={column.key: getattr(details, column.key) for column in details.__table__.columns},
        policy=policy_view(session, get(session, Policy, case.policy_id)),
        reserves=tuple(
            Reserve(row.amount, row.previous, row.first, row.reason, names.get(row.made_by, ''), row.made_at)
            for row in reserves
        ),
        documents=session.scalar(
            select(func.count())
            .select_from(Document)
            .where(Document.case_id == case.id, Document.removed_at.is_(None))
        )
        or 0,
        messages=session.scalar(select(func.count()).select_from(Message).where(Message.case_id == case.id)) or 0,
        parties=parties_of(session, case.id),
    )


_CASE_COLUMNS = frozenset(column.key for column in Case.__table__.columns)
