"""Which documents a case needs and which are here, by the office's lists; who verified, rejected or waived each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, CaseEvent, ChecklistItem, Document
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.checklist import (
    DEFAULT_LISTS,
    DOCUMENT_NAMES,
    LONGEST_NAME,
    RULE_KEY,
    Lists,
    NeededDocument,
    document_name,
    from_json,
    list_problems,
    needed_documents,
    to_json,
)
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.vocabulary import ChecklistState, DocumentKind, DocumentState, Stage, label

ABSENT = (ChecklistState.MISSING, ChecklistState.REJECTED)
PRESENT = (ChecklistState.RECEIVED, ChecklistState.VERIFIED)
OWN = 'own_'
"""How the codes of documents begin that a person asked for in one case."""


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document that answers a line of the checklist."""

    id: int
    title: str
    state: DocumentState


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """One needed document of a case and whether it is here; `checked_by` set it so."""

    id: int
    version: int
    code: str
    name: str
    required: bool
    state: ChecklistState
    reason: str
    checked_by: str
    checked_at: dt.datetime | None
    documents: tuple[FiledDocument, ...]


class Checklist:
    """Keeping the list of documents of a case, and the office's lists that it is made from."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[ChecklistView]:
        """The needed documents of a case: missing ones first, then in the order of the list."""
        with self._office.database.read() as session:
            return _views(session, _case(session, case_id))

    def set_state(
        self, actor: Actor, item_id: int, version: int, state: ChecklistState, reason: str = ''
    ) -> ChecklistView:
        """Say whether a needed document is here. Rejecting or waiving one needs a reason (`InvalidInput`).

        One that was absent and is here now has arrived: the first starts the claim, one asked for ends the waiting.
        Raises `NotAllowed`, `NotFound`, `Conflict`.
        """
        require(actor, Permission.VERIFY_DOCUMENTS)
        if state in (ChecklistState.REJECTED, ChecklistState.WAIVED) and not reason.strip():
            raise InvalidInput(
                _("Say why this document is rejected or not needed."), '', {'reason': _("Enter this.")}
            )
        with self._office.write(actor, N_("changed the checklist")) as session:
            item = get_for_edit(session, ChecklistItem, item_id, version, state=state)
            case = _case(session, item.case_id)
            arrived = item.state in ABSENT and state in PRESENT
            _set(item, state, reason, actor, self._office)
            session.flush()
            if arrived:
                papers_arrived(session, case, self._office.now(), actor, self._office)
            else:
                _note_complete(session, case, self._office.now(), actor, self._office)
            touch(session, case, self._office)
            session.flush()
            return next(view for view in _views(session, case) if view.id == item.id)

    def verify_all(self, actor: Actor, case_id: int) -> list[ChecklistView]:
        """Say of every received document that it is in order; returns those that changed. Raises `NotAllowed`."""
        require(actor, Permission.VERIFY_DOCUMENTS)
        with self._office.write(actor, N_("verified the documents that are here")) as session:
            case = _case(session, case_id)
            _refuse_closed(case)
            query = select(ChecklistItem).where(
                ChecklistItem.case_id == case.id, ChecklistItem.state == ChecklistState.RECEIVED
            )
            changed = list(session.scalars(query))
            for item in changed:
                _set(item, ChecklistState.VERIFIED, '', actor, self._office)
            touch(session, case, self._office)
            session.flush()
            ids = {item.id for item in changed}
            return [view for view in checklist_views(session, case) if view.id in ids]

    def add(self, actor: Actor, case_id: int, name: str, *, required: bool = True) -> ChecklistView:
        """Ask in this case for one more document, by a name of its own. Raises `NotAllowed`, `InvalidInput`."""
        require(actor, Permission.VERIFY_DOCUMENTS)
        called = name.strip()[:LONGEST_NAME]
        with self._office.write(actor, N_("asked for one more document")) as session:
            case = _case(session, case_id)
            _refuse_closed(case)
            known = checklist_views(session, case)
            if not called or any(view.name == called for view in known):
                problem = _("The checklist has this document already.") if called else _("Enter this.")
                raise InvalidInput(_("Some fields need your attention."), '', {'name': problem})
            codes = {view.code for view in known}
            code = next(code for number in count(1) if (code := f'{OWN}{number}') not in codes)
            item = ChecklistItem(case_id=case.id, code=code, name=called, required=required)
            session.add(item)
            session.flush()
            if required:
                _void_complete(session, case)
            touch(session, case, self._office)
            session.flush()
            return next(view for view in checklist_views(session, case) if view.id == item.id)

    def remove(self, actor: Actor, item_id: int, version: int) -> None:
        """Take out a document that `add` asked for and nothing answers. Raises `NotAllowed`, `InvalidInput`."""
        require(actor, Permission.VERIFY_DOCUMENTS)
        with self._office.write(actor, N_("took a document off the checklist")) as session:
            item = get_for_edit(session, ChecklistItem, item_id, version)
            case = _case(session, item.case_id)
            _refuse_closed(case)
            filed = session.scalar(
                select(Document.id)
                .where(Document.case_id == case.id, Document.checklist_code == item.code)
                .limit(1)
            )
            if not item.code.startswith(OWN) or filed is not None:
                raise InvalidInput(
                    _("Only a document that was added here, and that nothing answers, can be taken off the list."),
                    _("Say that it is not needed, with a reason."),
                )
            session.delete(item)
            session.flush()
            _note_complete(session, case, self._office.now(), actor, self._office)
            touch(session, case, self._office)

    def renew(self, actor: Actor, case_id: int) -> list[str]:
        """Add what the office's lists say today for this case; returns what the added required ones are called."""
        require(actor, Permission.VERIFY_DOCUMENTS)
        with self._office.write(actor, N_("changed the checklist")) as session:
            case = _case(session, case_id)
            _refuse_closed(case)
            names = create_for(session, case, self._office, day=self._office.today())
            touch(session, case, self._office)
            return names

    def lists(self, actor: Actor, day: dt.date) -> Lists:
        """The office's lists as they hold on `day`."""
        with self._office.database.read() as session:
            return lists_at(session, actor.office_id, day)

    def save_lists(self, actor: Actor, valid_from: dt.date, lists: Lists, version: int | None = None) -> None:
        """Let the office's lists hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        for line, listed in lists.items():
            problems = list_problems(listed)
            if problems:
                raise InvalidInput(f'{label(line)}: {problems[0]}', ' '.join(problems[1:]))
        with self._office.write(actor, N_("changed the office's checklists")) as session:
            set_rule(session, actor.office_id, RULE_KEY, valid_from, to_json(lists), version)


def lists_at(session: Session, office_id: int, day: dt.date) -> Lists:
    """The office's lists as they hold on `day`; the program's where the office is silent."""
    value = rule_at(session, office_id, RULE_KEY, day, None)
    return DEFAULT_LISTS if value is None else from_json(value)


def create_for(session: Session, case: Case, office: OfficeContext, day: dt.date | None = None) -> list[str]:
    """List the documents that `case` needs, for its line and kind of loss; returns what the required ones are called.

    The office's lists of `day` count, those of the day of the report by default. Called again after the kind of loss
    has changed, it adds what is newly needed and takes nothing away.
    """
    names = []
    listed = set(session.scalars(select(ChecklistItem.code).where(ChecklistItem.case_id == case.id)))
    for needed in needed_by(session, case, day):
        if needed.code in listed:
            continue
        own = '' if DOCUMENT_NAMES.get(needed.code) == needed.name else needed.name
        session.add(ChecklistItem(case_id=case.id, code=needed.code, name=own, required=needed.required))
        if needed.required:
            names.append(_(needed.name))
    session.flush()
    if names:
        _void_complete(session, case)
    return names


def needed_by(session: Session, case: Case, day: dt.date | None = None) -> tuple[NeededDocument, ...]:
    """What the office's lists of `day` (by default that of the report) ask of `case`."""
    lists = lists_at(session, case.office_id, day or case.reported_at.astimezone(SHANGHAI).date())
    return needed_documents(case.line, injury=case.injury, cause=case.cause, lists=lists)


def tick(session: Session, case: Case, code: str, actor: Actor, office: OfficeContext) -> None:
    """Note that the needed document `code` is here, unless somebody has judged it already.

    Raises `InvalidInput` when the case has no such line.
    """
    item = session.scalar(select(ChecklistItem).where(ChecklistItem.case_id == case.id, ChecklistItem.code == code))
    if item is None:
        raise InvalidInput(_("The checklist of this case has no such document."), _("Choose one of its lines."))
    if item.state in ABSENT:
        _set(item, ChecklistState.RECEIVED, '', actor, office)
    session.flush()


def untick(session: Session, case: Case, code: str, actor: Actor, office: OfficeContext) -> None:
    """Note that the needed document `code` is no longer here, where no other document answers it."""
    item = session.scalar(select(ChecklistItem).where(ChecklistItem.case_id == case.id, ChecklistItem.code == code))
    if item is None or item.state is not ChecklistState.RECEIVED:
        return
    others = session.scalar(
        select(Document.id)
        .where(
            Document.case_id == case.id,
            Document.checklist_code == code,
            Document.removed_at.is_(None),
        )
        .limit(1)
    )
    if others is None:
        _set(item, ChecklistState.MISSING, '', actor, office)
        session.flush()
        _void_complete(session, case)


def papers_arrived(session: Session, case: Case, at: dt.datetime, actor: Actor, office: OfficeContext) -> None:
    """Record what the arrival of claim papers at `at` means for the clocks.

    The first papers start the claim (Judicial Interpretation II, art. 15); papers after a notice end its pause; and
    when nothing is missing any more the documents are complete.
    """
    received = max(at, case.reported_at)
    if not has_event(session, case.id, EventKind.CLAIM_RECEIVED):
        record_event(session, case, EventKind.CLAIM_RECEIVED, received, actor, office)
    since = open_notice(session, case.id)
    if since is not None:
        arrived = received if received >= since else office.now()
        record_event(session, case, EventKind.SUPPLEMENT_ARRIVED, arrived, actor, office)
    session.flush()
    _note_complete(session, case, received, actor, office)


def code_for_kind(session: Session, case: Case, kind: DocumentKind) -> str:
    """The line of the checklist that a paper of `kind` answers, an absent one first; '' when there is none."""
    answered = {needed.code for needed in needed_by(session, case) if kind in needed.kinds}
    items = session.scalars(
        select(ChecklistItem)
        .where(ChecklistItem.case_id == case.id, ChecklistItem.code.in_(answered))
        .order_by(ChecklistItem.id)
    ).all()
    absent = [item.code for item in items if item.state in ABSENT]
    return absent[0] if absent else items[0].code if items else ''


def open_notice(session: Session, case_id: int) -> dt.datetime | None:
    """When the notice arrived whose answer is still awaited, or None."""
    notices = event_times(session, case_id, EventKind.NOTICE_ARRIVED)
    answers = event_times(session, case_id, EventKind.SUPPLEMENT_ARRIVED)
    if not notices or (answers and answers[-1] >= notices[-1]):
        return None
    return notices[-1]


def checklist_views(session: Session, case: Case) -> list[ChecklistView]:
    """The checklist of `case` shaped for reading, in the order of the list."""
    people = dict(session.execute(select(Account.id, Account.name)).all())
    filed: dict[str, list[FiledDocument]] = {}
    for document in session.scalars(
        select(Document)
        .where(Document.case_id == case.id, Document.checklist_code != '', Document.removed_at.is_(None))
        .order_by(Document.id)
    ):
        filed.setdefault(document.checklist_code, []).append(
            FiledDocument(document.id, document.title, document.state)
        )
    items = session.scalars(select(ChecklistItem).where(ChecklistItem.case_id == case.id).order_by(ChecklistItem.id))
    return [
        ChecklistView(
            id=item.id,
            version=item.version,
            code=item.code,
            name=document_name(item.code, item.name),
            required=item.required,
            state=item.state,
            reason=item.reason,
            checked_by=people.get(item.checked_by, '') if item.checked_by else '',
            checked_at=item.checked_at,
            documents=tuple(filed.get(item.code, ())),
        )
        for item in items
    ]


def _views(session: Session, case: Case) -> list[ChecklistView]:
    return sorted(checklist_views(session, case), key=lambda view: not (view.required and view.state in ABSENT))


def _refuse_closed(case: Case) -> None:
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("Case {number} is closed.").format(number=case.number), _("Reopen it first."))


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    return case


def _set(item: ChecklistItem, state: ChecklistState, reason: str, actor: Actor, office: OfficeContext) -> None:
    item.state, item.reason = state, reason.strip()[:200]
    item.checked_by, item.checked_at = actor.id, office.now()


def _note_complete(session: Session, case: Case, at: dt.datetime, actor: Actor, office: OfficeContext) -> None:
    missing = session.scalar(
        select(ChecklistItem.id)
        .where(ChecklistItem.case_id == case.id, ChecklistItem.required, ChecklistItem.state.in_(ABSENT))
        .limit(1)
    )
    if missing is not None:
        _void_complete(session, case)
    elif not has_event(session, case.id, EventKind.DOCUMENTS_COMPLETE):
        record_event(session, case, EventKind.DOCUMENTS_COMPLETE, at, actor, office)


def _void_complete(session: Session, case: Case) -> None:
    for event in session.scalars(
        select(CaseEvent).where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind == EventKind.DOCUMENTS_COMPLETE.value,
            CaseEvent.voided.is_(False),
        )
    ):
        event.voided = True


def event_times(session: Session, case_id: int, kind: EventKind) -> Sequence[dt.datetime]:
    """When `kind` happened in the case, in order; what was taken back does not count."""
    return session.scalars(
        select(CaseEvent.happened_at)
        .where(CaseEvent.case_id == case_id, CaseEvent.kind == kind.value, CaseEvent.voided.is_(False))
        .order_by(CaseEvent.happened_at)
    ).all()
